// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-policy-tool.h"

#include "sk-error.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *name, *usage, *summary;
  int (*run) (int argc, char **argv);
} commands[] = {
  { "check", "DIR", "say everything that is wrong with a policy", sk_command_check },
  { "explain", "DIR MAIL --from ADDRESS", "what would become of a mail, as JSON; nothing is sent",
    sk_command_explain },
  { "inspect", "[--json] FILE…", "what is in mails and documents: text, facts and findings",
    sk_command_inspect },
  { "test", "DIR [CASES]", "run the policy's own cases", sk_command_test },
};

static void
print_help (FILE *to)
{
  fprintf (to, "Usage: sekisho-policy COMMAND …\n\nCommands:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *call = g_strdup_printf ("%s %s", commands[i].name, commands[i].usage);

      fprintf (to, "  %-34s%s\n", call, commands[i].summary);
    }
  fprintf (
      to,
      "\nA policy is a folder with policy.yaml, people.csv, lists/, templates/ and cases/.\n"
      "\"sekisho-policy COMMAND --help\" tells a command's options; see also sekisho-policy(1).\n");
}

static int
unknown_command (const char *name)
{
  fprintf (stderr, "sekisho-policy: there is no command '%s'\n\n", name);
  print_help (stderr);
  return SK_EXIT_INVALID;
}

int
sk_policy_tool_run (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  if (argc < 2)
    {
      print_help (stderr);
      return SK_EXIT_INVALID;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0
      || strcmp (argv[1], "help") == 0)
    {
      print_help (stdout);
      return SK_EXIT_DONE;
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      printf ("sekisho-policy %s\n", SK_VERSION);
      return SK_EXIT_DONE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      return commands[i].run (argc - 1, argv + 1);
  return unknown_command (argv[1]);
}

int
sk_command_fail (const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fprintf (stderr, "sekisho-policy: %s\n", message);
  return SK_EXIT_INVALID;
}

static void
print_command_help (GOptionContext *context)
{
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

  fputs (help, stdout);
}

gboolean
sk_command_parse (int *argc, char ***argv, const char *usage, const char *summary,
                  const GOptionEntry *entries, int least, int most, int *status)
{
  g_autofree char *name = g_strdup_printf ("sekisho-policy %s", (*argv)[0]);
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;
  gboolean help = FALSE;
  const GOptionEntry help_entry[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this", NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_set_prgname (name);
  g_option_context_set_summary (context, summary);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, help_entry, NULL);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  *status = SK_EXIT_INVALID;
  if (!g_option_context_parse (context, argc, argv, &error))
    sk_command_fail ("%s; see \"%s --help\"", error->message, name);
  else if (help)
    {
      print_command_help (context);
      *status = SK_EXIT_DONE;
    }
  else if (*argc - 1 < least || *argc - 1 > most)
    sk_command_fail ("usage: %s %s", name, usage);
  else
    return TRUE;
  return FALSE;
}

SkPolicy *
sk_command_load (const char *folder, const char *personal, guint *warnings)
{
  g_autoptr (GPtrArray) problems
      = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_problem_free);
  g_autoptr (GError) error = NULL;
  SkPolicy *policy = sk_policy_load (folder, personal, problems, &error);

  *warnings = 0;
  for (guint i = 0; i < problems->len; i++)
    {
      const SkProblem *problem = g_ptr_array_index (problems, i);
      g_autofree char *text = sk_problem_to_string (problem);

      *warnings += problem->warning ? 1 : 0;
      fprintf (stderr, "%s\n", text);
    }
  if (policy == NULL && problems->len == *warnings)
    sk_command_fail ("%s", error->message);
  return policy;
}

SkBoxPool *
sk_command_open_boxes (const SkPolicy *policy)
{
  g_autoptr (GError) error = NULL;
  SkBoxPool *pool;

  if (policy != NULL && !sk_policy_asks_inspection (policy))
    return NULL;
  pool = sk_box_pool_new (&sk_box_default_settings, &error);
  if (pool == NULL)
    sk_command_fail ("attachments can't be read, what is asked of them is unknown: %s",
                     error->message);
  return pool;
}
