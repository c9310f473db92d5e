// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl.h"

#include "agent/ctl/sk-ctl-call.h"
#include "agent/ctl/sk-ctl-commands.h"
#include "agent/ctl/sk-ctl-doctor.h"
#include "agent/ctl/sk-ctl-print.h"
#include "agent/ctl/sk-ctl-text.h"

#include <stdio.h>
#include <string.h>

#define EVERYWHERE (SK_CTL_JSON | SK_CTL_SOCKET | SK_CTL_CONFIG | SK_CTL_HELP | SK_CTL_VERSION)
#define HOW (SK_CTL_SENT | SK_CTL_AGAIN | SK_CTL_DROP)

typedef struct {
  const char *name, *second; /* one word, or two */
  const char *takes[2];      /* the words after the name */
  SkCtlFlags flags;          /* beside those that go everywhere */
  SkCtlFlags one_of;         /* exactly one of these must be given */
  gboolean by_itself;        /* makes its own connection */
  int (*run) (SkCtl *self);
  const char *summary;
} Command;

static const Command commands[] = {
  { "status", .run = sk_ctl_status, .summary = N_ ("what is in force, and what waits") },
  { "list", .run = sk_ctl_list, .flags = SK_CTL_ALL,
    .summary = N_ ("the mails that wait; with --all the finished ones too") },
  { "show", .takes = { "ID" }, .run = sk_ctl_show,
    .summary = N_ ("one mail, its deliveries and why") },
  { "release", .takes = { "ID" }, .run = sk_ctl_release, .summary = N_ ("let a held mail go now") },
  { "cancel", .takes = { "ID" }, .run = sk_ctl_cancel, .summary = N_ ("don't send it") },
  { "retry", .takes = { "ID" }, .run = sk_ctl_retry, .summary = N_ ("try to send it again now") },
  { "resolve", .takes = { "ID" }, .flags = HOW, .one_of = HOW, .run = sk_ctl_resolve,
    .summary = N_ ("what became of a mail that may have been sent") },
  { "save", .takes = { "ID", "FILE" }, .flags = SK_CTL_FORCE, .run = sk_ctl_save_mail,
    .summary = N_ ("the mail as it was submitted; - is standard output") },
  { "history", .run = sk_ctl_history, .summary = N_ ("to whom mail was sent") },
  { "history",
    "import",
    { "FILE" },
    .run = sk_ctl_import_history,
    .summary = N_ ("take earlier addresses from a CSV or mbox file") },
  { "update", .run = sk_ctl_update, .summary = N_ ("read the policy anew now") },
  { "doctor", .by_itself = TRUE, .run = sk_ctl_doctor,
    .summary = N_ ("what is wrong, and what to do about it") },
};

static const struct {
  const char *name;
  SkCtlFlags flag;
  const char *value; /* what follows it, or NULL */
  const char *summary;
} options[] = {
  { "--json", SK_CTL_JSON, NULL, N_ ("answer in JSON") },
  { "--config", SK_CTL_CONFIG, "FILE", N_ ("the settings of the agent, for --socket and doctor") },
  { "--socket", SK_CTL_SOCKET, NULL, N_ ("talk to an agent that was started with --socket") },
  { "--all", SK_CTL_ALL, NULL, N_ ("list: finished mails too") },
  { "--sent", SK_CTL_SENT, NULL, N_ ("resolve: it was sent") },
  { "--again", SK_CTL_AGAIN, NULL, N_ ("resolve: it was not, send it again") },
  { "--drop", SK_CTL_DROP, NULL, N_ ("resolve: it was not, and shall not be") },
  { "--force", SK_CTL_FORCE, NULL, N_ ("save: replace the file") },
  { "--help", SK_CTL_HELP, NULL, N_ ("print this") },
  { "--version", SK_CTL_VERSION, NULL, N_ ("print the version") },
};

/* --- the words of the call ----------------------------------------------------------------------
 */

/* The index of the option `word`, or -1; `value` is what follows "=". */
static int
find_option (const char *word, const char **value)
{
  const char *equals = strchr (word, '=');
  const gsize length = equals != NULL ? (gsize)(equals - word) : strlen (word);

  *value = equals != NULL ? equals + 1 : NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (strlen (options[i].name) == length && strncmp (options[i].name, word, length) == 0)
      return (int)i;
  return -1;
}

/* Takes an option and, where it has one, its value; the number of words used up, 0 on an error. */
static int
take_option (SkCtl *self, char **words)
{
  const char *value;
  const int index = find_option (words[0], &value);
  const gboolean wants_value = index >= 0 && options[index].value != NULL;

  if (index < 0)
    sk_ctl_refuse (self, SK_CTL_WRONG_CALL, _ ("there is no option %s (see sekishoctl --help)"),
                   words[0]);
  else if (!wants_value && value != NULL)
    sk_ctl_refuse (self, SK_CTL_WRONG_CALL, _ ("%s takes no value"), options[index].name);
  else if (wants_value && value == NULL && words[1] == NULL)
    sk_ctl_refuse (self, SK_CTL_WRONG_CALL, _ ("%s needs a value"), options[index].name);
  else
    {
      self->flags |= options[index].flag;
      if (wants_value)
        self->config = value != NULL ? value : words[1];
      return wants_value && value == NULL ? 2 : 1;
    }
  return 0;
}

/* Options may stand anywhere before "--"; the other words become self->words. */
static gboolean
take_words (SkCtl *self, char **argv)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  gboolean options_end = FALSE;
  int used;

  for (char **at = argv + 1; *at != NULL; at += used)
    {
      used = 1;
      if (!options_end && g_str_equal (*at, "--"))
        options_end = TRUE;
      else if (options_end || (*at)[0] != '-' || (*at)[1] == '\0')
        g_strv_builder_add (words, *at);
      else if ((used = take_option (self, at)) == 0)
        return FALSE;
    }
  self->words = g_strv_builder_end (words);
  return TRUE;
}

/* --- commands -----------------------------------------------------------------------------------
 */

static guint
count_taken (const Command *command)
{
  return (command->takes[0] != NULL) + (command->takes[1] != NULL);
}

static const Command *
find_command (char **words)
{
  const Command *found = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, words[0])
        && (commands[i].second == NULL || g_strcmp0 (commands[i].second, words[1]) == 0))
      found = &commands[i];
  return found;
}

static char *
synopsis (const Command *command)
{
  GString *text = g_string_new (command->name);

  if (command->second != NULL)
    g_string_append_printf (text, " %s", command->second);
  for (guint i = 0; i < count_taken (command); i++)
    g_string_append_printf (text, " %s", command->takes[i]);
  for (gsize i = 0, shown = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].flag & command->one_of)
      g_string_append_printf (text, "%s%s", shown++ > 0 ? "|" : " ", options[i].name);
    else if (options[i].flag & command->flags)
      g_string_append_printf (text, " [%s]", options[i].name);
  return g_string_free (text, FALSE);
}

/* Of all commands of that name: "history | sekishoctl history import FILE"; g_free. */
static char *
synopses (const char *name)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      {
        g_autofree char *usage = synopsis (&commands[i]);

        g_string_append_printf (text, "%s%s", text->len > 0 ? " | sekishoctl " : "", usage);
      }
  return g_string_free (text, FALSE);
}

static gboolean
is_single (guint bits)
{
  return bits != 0 && (bits & (bits - 1)) == 0;
}

static gboolean
check_call (const SkCtl *self, const Command *command, guint words)
{
  g_autofree char *usage
      = command->second != NULL ? synopsis (command) : synopses (command->name);
  const SkCtlFlags foreign = self->flags & ~(EVERYWHERE | command->flags);

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].flag & foreign)
      {
        sk_ctl_refuse (self, SK_CTL_WRONG_CALL, _ ("%s has no meaning here; write: sekishoctl %s"),
                       options[i].name, usage);
        return FALSE;
      }
  if (words == count_taken (command)
      && (command->one_of == 0 || is_single (self->flags & command->one_of)))
    return TRUE;
  sk_ctl_refuse (self, SK_CTL_WRONG_CALL, _ ("write: sekishoctl %s"), usage);
  return FALSE;
}

static int
refuse_without_agent (const SkCtl *self, const char *why)
{
  g_autofree char *remedy = sk_ctl_start_remedy (self);

  return sk_ctl_refuse (self, SK_CTL_NO_AGENT, _("no agent answers: %s (start it: %s)"), why, remedy);
}

static int
run_command (SkCtl *self)
{
  const Command *command = self->words[0] != NULL ? find_command (self->words) : NULL;
  g_autofree char *why = NULL;
  int status = SK_CTL_DONE;

  if (self->words[0] == NULL)
    return sk_ctl_refuse (self, SK_CTL_WRONG_CALL, _ ("say what to do (see sekishoctl --help)"));
  if (command == NULL)
    return sk_ctl_refuse (self, SK_CTL_WRONG_CALL,
                          _ ("there is no command %s (see sekishoctl --help)"), self->words[0]);
  const guint name_words = command->second != NULL ? 2 : 1;

  if (!check_call (self, command, g_strv_length (self->words) - name_words))
    return SK_CTL_WRONG_CALL;
  if (!command->by_itself)
    status = sk_ctl_connect (self, &why);
  if (status == SK_CTL_NO_AGENT)
    return refuse_without_agent (self, why);
  if (status != SK_CTL_DONE)
    return sk_ctl_refuse (self, status, "%s", why);
  SkCtl call = *self;

  call.words += name_words;
  status = command->run (&call);
  self->agent = call.agent;
  return status;
}

/* --- help ---------------------------------------------------------------------------------------
 */

static void
add_commands (SkCtlTable *table)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *usage = synopsis (&commands[i]);

      sk_ctl_table_add (table, (const char *[]){ " ", usage, _ (commands[i].summary) });
    }
}

static void
add_options (SkCtlTable *table)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *value = options[i].value;
      g_autofree char *usage = g_strconcat (options[i].name, value != NULL ? " " : "", value, NULL);

      sk_ctl_table_add (table, (const char *[]){ " ", usage, _ (options[i].summary) });
    }
}

static int
print_help (void)
{
  g_autoptr (SkCtlTable) command_table = sk_ctl_table_new (3);
  g_autoptr (SkCtlTable) option_table = sk_ctl_table_new (3);
  g_autofree char *command_lines = NULL;
  g_autofree char *option_lines = NULL;

  add_commands (command_table);
  add_options (option_table);
  command_lines = sk_ctl_table_to_string (command_table);
  option_lines = sk_ctl_table_to_string (option_table);
  printf ("%s\n%s\n%s\n%s\n%s\n",
          _ ("sekishoctl COMMAND: the mail checkpoint on the command line\n"), command_lines,
          _ ("Options:"), option_lines,
          _ ("ID: as list shows it, or a beginning of it that fits no other.\n"
             "Exit status: 0 done, 1 not allowed now, 2 wrong call, 3 no agent."));
  return SK_CTL_DONE;
}

static int
run_call (SkCtl *self, char **argv)
{
  if (!take_words (self, argv))
    return SK_CTL_WRONG_CALL;
  if (self->flags & SK_CTL_HELP)
    return print_help ();
  if (self->flags & SK_CTL_VERSION)
    {
      puts ("sekishoctl " SK_VERSION);
      return SK_CTL_DONE;
    }
  return run_command (self);
}

int
sk_ctl_run (int argc, char **argv)
{
  SkCtl self = { 0 };
  int status = run_call (&self, argv);

  if (fflush (stdout) != 0 && status == SK_CTL_DONE)
    status = sk_ctl_refuse (&self, SK_CTL_NOT_ALLOWED, _ ("the output can't be written"));
  g_clear_object (&self.agent);
  g_strfreev (self.words);
  return status;
}
