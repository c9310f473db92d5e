// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-policy-tool.h"

#include <stdio.h>

int
sk_command_check (int argc, char **argv)
{
  int status;
  guint warnings;
  g_autoptr (SkPolicy) policy = NULL;

  if (!sk_command_parse (&argc, &argv, "DIR",
                         "Says everything that is wrong with the policy in the folder DIR.", NULL,
                         1, 1, &status))
    return status;
  policy = sk_command_load (argv[1], NULL, &warnings);
  if (policy == NULL)
    return SK_EXIT_INVALID;
  printf ("%s: %u rules, %u warnings\n", argv[1], sk_policy_rule_count (policy), warnings);
  return SK_EXIT_DONE;
}
