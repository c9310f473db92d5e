// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-policy-tool.h"

int
main (int argc, char **argv)
{
  return sk_policy_tool_run (argc, argv);
}
