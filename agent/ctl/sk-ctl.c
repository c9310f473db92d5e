// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl.h"

#include "agent/bus/sk-agent1.h"
#include "agent/bus/sk-bus-socket.h"
#include "agent/bus/sk-json-variant.h"
#include "agent/ctl/sk-ctl-print.h"
#include "agent/sk-settings.h"
#include "sk-autoptr.h"
#include "sk-names.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_NOT_ALLOWED = 1, EXIT_WRONG_CALL = 2, EXIT_NO_AGENT = 3 };

static char *option_config;
static gboolean option_socket, option_json, option_all, option_force;
static gboolean option_sent, option_again, option_drop, option_version;
static char **arguments;

static const GOptionEntry options[] = {
  { "config", 0, 0, G_OPTION_ARG_FILENAME, &option_config, "the agent's settings, with --socket",
    "FILE" },
  { "socket", 0, 0, G_OPTION_ARG_NONE, &option_socket,
    "talk to the private socket in the store directory of those settings", NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &option_json, "print JSON", NULL },
  { "all", 0, 0, G_OPTION_ARG_NONE, &option_all, "list: finished mails too", NULL },
  { "sent", 0, 0, G_OPTION_ARG_NONE, &option_sent, "resolve: it has been sent", NULL },
  { "again", 0, 0, G_OPTION_ARG_NONE, &option_again, "resolve: send it again", NULL },
  { "drop", 0, 0, G_OPTION_ARG_NONE, &option_drop, "resolve: don't send it", NULL },
  { "force", 0, 0, G_OPTION_ARG_NONE, &option_force, "save: replace the file", NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &option_version, "print the version", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments, NULL, NULL },
  { NULL },
};

static int
wrong_call (const char *what)
{
  fprintf (stderr, "sekishoctl: %s (see sekishoctl --help)\n", what);
  return EXIT_WRONG_CALL;
}

/* --- errors ------------------------------------------------------------------------------------- */

static const struct {
  const char *name;
  int status;
} error_statuses[] = {
  { "org.sekisho.Error.NotAllowed", EXIT_NOT_ALLOWED },
  { "org.sekisho.Error.NotFound", EXIT_WRONG_CALL },
  { "org.sekisho.Error.Invalid", EXIT_WRONG_CALL },
  { "org.sekisho.Error.Failed", EXIT_NOT_ALLOWED },
};

static int
fail (GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);
  int status = EXIT_NO_AGENT;

  for (gsize i = 0; i < G_N_ELEMENTS (error_statuses); i++)
    if (g_strcmp0 (name, error_statuses[i].name) == 0)
      status = error_statuses[i].status;
  g_dbus_error_strip_remote_error (error);
  if (status == EXIT_NO_AGENT)
    fprintf (stderr, "sekishoctl: no agent answers: %s (start it with sekisho-agent)\n",
             error->message);
  else
    fprintf (stderr, "sekishoctl: %s\n", error->message);
  return status;
}

/* --- the agent ---------------------------------------------------------------------------------- */

static GDBusConnection *
connect_to_socket (int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkSettings) settings = sk_settings_load (option_config, SK_SYSTEM_SETTINGS, &error);
  g_autofree char *path = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *address = NULL;
  GDBusConnection *connection;

  if (settings != NULL)
    path = sk_bus_socket_path (settings->store_directory, &error);
  if (path == NULL)
    {
      fprintf (stderr, "sekishoctl: %s\n", error->message);
      *status = EXIT_WRONG_CALL;
      return NULL;
    }
  escaped = g_dbus_address_escape_value (path);
  address = g_strdup_printf ("unix:path=%s", escaped);
  connection = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, &error);
  if (connection == NULL)
    *status = fail (error);
  return connection;
}

static SkAgent1 *
connect_to_agent (int *status)
{
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  SkAgent1 *agent;

  if (option_socket)
    {
      connection = connect_to_socket (status);
      if (connection == NULL)
        return NULL;
      agent = sk_agent1_proxy_new_sync (connection, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, NULL,
                                        SK_OBJECT_PATH, NULL, &error);
    }
  else
    agent = sk_agent1_proxy_new_for_bus_sync (G_BUS_TYPE_SESSION,
                                              G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, SK_BUS_NAME,
                                              SK_OBJECT_PATH, NULL, &error);
  if (agent == NULL)
    *status = fail (error);
  return agent;
}

/* --- commands ----------------------------------------------------------------------------------- */

typedef void (*Printer) (const json_t *json);

static int
show_variant (GVariant *variant, Printer printer)
{
  g_autoptr (json_t) json = sk_json_of_variant (variant);

  if (option_json)
    sk_ctl_print_json (json);
  else
    printer (json);
  g_variant_unref (variant);
  return EXIT_DONE;
}

static int
run_status (SkAgent1 *agent, char **words)
{
  g_autoptr (GError) error = NULL;
  GVariant *status = NULL;

  if (!sk_agent1_call_status_sync (agent, &status, NULL, &error))
    return fail (error);
  return show_variant (status, sk_ctl_print_status);
}

static int
run_list (SkAgent1 *agent, char **words)
{
  g_autoptr (GError) error = NULL;
  GVariantDict filter;
  GVariant *mails = NULL;

  g_variant_dict_init (&filter, NULL);
  g_variant_dict_insert (&filter, "all", "b", option_all);
  if (!sk_agent1_call_list_mails_sync (agent, g_variant_dict_end (&filter), &mails, NULL, &error))
    return fail (error);
  return show_variant (mails, sk_ctl_print_list);
}

static int
run_show (SkAgent1 *agent, char **words)
{
  g_autoptr (GError) error = NULL;
  GVariant *mail = NULL;

  if (!sk_agent1_call_get_mail_sync (agent, words[0], &mail, NULL, &error))
    return fail (error);
  return show_variant (mail, sk_ctl_print_mail);
}

static int
give_command (SkAgent1 *agent, const char *id, const char *command, const char *how)
{
  g_autoptr (GError) error = NULL;
  GVariantDict details;

  g_variant_dict_init (&details, NULL);
  if (how != NULL)
    g_variant_dict_insert (&details, "how", "s", how);
  if (!sk_agent1_call_command_sync (agent, id, 0, command, g_variant_dict_end (&details), NULL,
                                    &error))
    return fail (error);
  if (option_json)
    printf ("{\"done\": true}\n");
  else
    printf ("%s: %s\n", command, id);
  return EXIT_DONE;
}

static int
run_release (SkAgent1 *agent, char **words)
{
  return give_command (agent, words[0], "release", NULL);
}

static int
run_cancel (SkAgent1 *agent, char **words)
{
  return give_command (agent, words[0], "cancel", NULL);
}

static int
run_retry (SkAgent1 *agent, char **words)
{
  return give_command (agent, words[0], "retry", NULL);
}

static int
run_resolve (SkAgent1 *agent, char **words)
{
  if (option_sent + option_again + option_drop != 1)
    return wrong_call ("resolve needs one of --sent, --again, --drop");
  return give_command (agent, words[0], "resolve",
                       option_sent    ? "sent"
                       : option_again ? "again"
                                      : "drop");
}

static gboolean
copy_descriptor (int from, int to)
{
  char buffer[65536];
  gssize n;

  while ((n = read (from, buffer, sizeof buffer)) > 0)
    for (gssize done = 0, written; done < n; done += written)
      if ((written = write (to, buffer + done, (gsize) (n - done))) < 0)
        return FALSE;
  return n == 0;
}

/* Written beside and renamed, so that no half file bears the name. */
static int
save_to_file (int from, const char *path)
{
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", path);
  int to;
  gboolean saved;

  if (!option_force && g_file_test (path, G_FILE_TEST_EXISTS))
    {
      fprintf (stderr, "sekishoctl: %s is there already (--force replaces it)\n", path);
      return EXIT_WRONG_CALL;
    }
  to = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  saved = to >= 0 && copy_descriptor (from, to);
  if (to >= 0)
    saved &= close (to) == 0;
  if (saved && rename (temporary, path) == 0)
    return EXIT_DONE;
  fprintf (stderr, "sekishoctl: %s can't be written: %s\n", path, g_strerror (errno));
  unlink (temporary);
  return EXIT_WRONG_CALL;
}

static int
run_save (SkAgent1 *agent, char **words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GVariant) handle = NULL;
  int fd, status;

  if (!sk_agent1_call_open_message_sync (agent, words[0], NULL, &handle, &list, NULL, &error))
    return fail (error);
  fd = g_unix_fd_list_get (list, g_variant_get_handle (handle), &error);
  if (fd < 0)
    return fail (error);
  if (g_str_equal (words[1], "-"))
    status = copy_descriptor (fd, STDOUT_FILENO) ? EXIT_DONE : EXIT_WRONG_CALL;
  else
    status = save_to_file (fd, words[1]);
  close (fd);
  return status;
}

static int
run_update (SkAgent1 *agent, char **words)
{
  g_autoptr (GError) error = NULL;
  GVariant *status = NULL;

  if (!sk_agent1_call_update_sync (agent, &status, NULL, &error))
    return fail (error);
  return show_variant (status, sk_ctl_print_status);
}

static int
import_history (SkAgent1 *agent, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) list = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gint64 count;

  if (fd < 0)
    {
      fprintf (stderr, "sekishoctl: %s: %s\n", path, g_strerror (errno));
      return EXIT_WRONG_CALL;
    }
  list = g_unix_fd_list_new_from_array (&fd, 1);
  if (!sk_agent1_call_import_history_sync (agent, g_variant_new_handle (0), list, &count, NULL, NULL,
                                           &error))
    return fail (error);
  if (option_json)
    printf ("{\"count\": %" G_GINT64_FORMAT "}\n", count);
  else
    printf ("%" G_GINT64_FORMAT " addresses taken from %s\n", count, path);
  return EXIT_DONE;
}

static int
run_history (SkAgent1 *agent, char **words)
{
  g_autoptr (GError) error = NULL;
  GVariant *rows = NULL;

  if (words[0] != NULL && g_str_equal (words[0], "import") && words[1] != NULL)
    return import_history (agent, words[1]);
  if (words[0] != NULL)
    return wrong_call ("history takes nothing, or import FILE");
  if (!sk_agent1_call_history_sync (agent, &rows, NULL, &error))
    return fail (error);
  return show_variant (rows, sk_ctl_print_history);
}

typedef struct {
  const char *name;
  guint least, most; /* words after the name */
  int (*run) (SkAgent1 *agent, char **words);
  const char *usage;
} Command;

static const Command commands[] = {
  { "status", 0, 0, run_status, "status                              what is in force, and what waits" },
  { "list", 0, 0, run_list, "list [--all]                        the mails that wait; --all: done ones too" },
  { "show", 1, 1, run_show, "show ID                             one mail in full" },
  { "release", 1, 1, run_release, "release ID                          let a held mail go" },
  { "cancel", 1, 1, run_cancel, "cancel ID                           don't send it" },
  { "retry", 1, 1, run_retry, "retry ID                            try again now" },
  { "resolve", 1, 1, run_resolve, "resolve ID --sent|--again|--drop    a mail that may have been sent" },
  { "save", 2, 2, run_save, "save ID FILE                        the mail as .eml; - is the output" },
  { "history", 0, 2, run_history, "history [import FILE]               to whom mail was sent; CSV or mbox" },
  { "update", 0, 0, run_update, "update                              read the policy anew" },
};

static char *
describe_commands (void)
{
  GString *text = g_string_new ("Commands:\n");

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "  %s\n", commands[i].usage);
  g_string_append (text, "\nExit status: 0 done, 1 not allowed now, 2 wrong call, 3 no agent\n");
  return g_string_free (text, FALSE);
}

static int
run_words (void)
{
  guint count = arguments != NULL ? g_strv_length (arguments) : 0;
  g_autoptr (SkAgent1) agent = NULL;
  int status = EXIT_NO_AGENT;

  if (count == 0)
    return wrong_call ("which command?");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (!g_str_equal (arguments[0], commands[i].name))
        continue;
      if (count - 1 < commands[i].least || count - 1 > commands[i].most)
        return wrong_call (commands[i].usage);
      agent = connect_to_agent (&status);
      return agent != NULL ? commands[i].run (agent, arguments + 1) : status;
    }
  return wrong_call ("there is no such command");
}

int
sk_ctl_run (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND");
  g_autofree char *description = describe_commands ();
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_set_description (context, description);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return wrong_call (error->message);
  if (option_version)
    {
      puts ("sekishoctl " SK_VERSION);
      return EXIT_DONE;
    }
  return run_words ();
}
