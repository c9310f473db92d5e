/* Shows what the parser of policies knows and says, for tests: without arguments the keys of every block as JSON, with a
 * folder the problems of the policy in it (exit status 2 when it can't be loaded). */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-policy.h"

#include <stdio.h>
#include <stdlib.h>

static int
check_folder (const char *folder)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_problem_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (SkPolicy) policy = sk_policy_load (folder, NULL, problems, &error);

  for (guint i = 0; i < problems->len; i++)
    {
      g_autofree char *line = sk_problem_to_string (problems->pdata[i]);

      printf ("%s\n", line);
    }
  return policy != NULL ? 0 : 2;
}

int
main (int argc, char **argv)
{
  char *keys;

  if (argc == 2)
    return check_folder (argv[1]);
  keys = sk_language_to_json ();
  printf ("%s\n", keys);
  free (keys);
  return 0;
}
