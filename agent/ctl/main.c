// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl.h"

#include <locale.h>

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  return sk_ctl_run (argc, argv);
}
