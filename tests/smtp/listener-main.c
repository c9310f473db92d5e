/* The listener alone, for the tests in tests/integration/test_smtp_listener.py and for measuring.
 *
 * Prints one JSON line for each thing that happens: ready, sender, submitted, gone, told. Kept messages
 * are moved to DIR/kept/ID.eml. It answers at once with --reply, unless --wait is given: then the line
 * "CODE ENHANCED TEXT" on its standard input answers the oldest unanswered message; "close" closes the
 * listener, the end of the input ends the program.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/smtp/sk-smtp-listener.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  SkSmtpListener *listener;
  GMainLoop *loop;
  char *kept;
  GQueue unanswered; /* SkSmtpTransaction* */
} Desk;

static char *option_directory, *option_tls = "none", *option_password_file, *option_reply
                                              = "250 2.0.0 Kept";
static int option_port, option_idle = 300, option_connections = 1000, option_recipients = 2000,
                        option_errors = 20;
static gint64 option_size = 104857600, option_mirror_size;
static gboolean option_wait, option_quiet, option_smtputf8, option_dsn;

static const GOptionEntry entries[] = {
  { "dir", 0, 0, G_OPTION_ARG_FILENAME, &option_directory, "where all is kept", "DIR" },
  { "port", 0, 0, G_OPTION_ARG_INT, &option_port, "0: a free one", "PORT" },
  { "tls", 0, 0, G_OPTION_ARG_STRING, &option_tls, "none, starttls, implicit", "TLS" },
  { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &option_password_file, "ask for it", "FILE" },
  { "reply", 0, 0, G_OPTION_ARG_STRING, &option_reply, "the answer", "REPLY" },
  { "wait", 0, 0, G_OPTION_ARG_NONE, &option_wait, "answer when told to", NULL },
  { "quiet", 0, 0, G_OPTION_ARG_NONE, &option_quiet, "keep and print nothing", NULL },
  { "idle", 0, 0, G_OPTION_ARG_INT, &option_idle, "seconds", "N" },
  { "connections", 0, 0, G_OPTION_ARG_INT, &option_connections, "at once", "N" },
  { "recipients", 0, 0, G_OPTION_ARG_INT, &option_recipients, "a mail", "N" },
  { "errors", 0, 0, G_OPTION_ARG_INT, &option_errors, "a connection", "N" },
  { "size", 0, 0, G_OPTION_ARG_INT64, &option_size, "of a message", "BYTES" },
  { "mirror-size", 0, 0, G_OPTION_ARG_INT64, &option_mirror_size, "the provider's", "BYTES" },
  { "smtputf8", 0, 0, G_OPTION_ARG_NONE, &option_smtputf8, "the provider has it", NULL },
  { "dsn", 0, 0, G_OPTION_ARG_NONE, &option_dsn, "the provider has it", NULL },
  { NULL },
};

static void
append_string (GString *json, const char *key, const char *value)
{
  g_string_append_printf (json, ", \"%s\": ", key);
  if (value == NULL)
    {
      g_string_append (json, "null");
      return;
    }
  g_string_append_c (json, '"');
  for (; *value != '\0'; value++)
    if (*value == '"' || *value == '\\')
      g_string_append_printf (json, "\\%c", *value);
    else
      g_string_append_c (json, *value);
  g_string_append_c (json, '"');
}

static void
print (GString *json)
{
  g_string_append (json, "}\n");
  fputs (json->str, stdout);
  fflush (stdout);
  g_string_free (json, TRUE);
}

static GString *
event (const char *name)
{
  GString *json = g_string_new (NULL);

  g_string_printf (json, "{\"event\": \"%s\"", name);
  return json;
}

static SkReply *
parse_reply (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 3);

  g_assert (g_strv_length (words) == 3);
  return sk_reply_new ((guint) atoi (words[0]), words[1], words[2]);
}

static gboolean
sender_allowed (const char *mail_from, gpointer user_data)
{
  if (!option_quiet)
    {
      GString *json = event ("sender");

      append_string (json, "address", mail_from);
      print (json);
    }
  return g_str_has_suffix (mail_from, "@example.co.jp") || strstr (mail_from, "mine") != NULL;
}

static void
print_envelope (const SkEnvelope *envelope, const char *kept)
{
  GString *json = event ("submitted");

  append_string (json, "id", envelope->id);
  append_string (json, "from", envelope->mail_from);
  append_string (json, "ret", envelope->ret);
  append_string (json, "envid", envelope->envid);
  append_string (json, "kept", kept);
  g_string_append_printf (json, ", \"size\": %" G_GINT64_FORMAT ", \"8bit\": %d, \"utf8\": %d",
                          envelope->size, envelope->body_8bit, envelope->smtputf8);
  g_string_append (json, ", \"to\": [");
  for (guint i = 0; i < envelope->recipients->len; i++)
    {
      const SkEnvelopeRecipient *recipient = g_ptr_array_index (envelope->recipients, i);

      g_string_append_printf (json, "%s{\"n\": %u", i > 0 ? ", " : "", i);
      append_string (json, "address", recipient->address);
      append_string (json, "notify", recipient->notify);
      append_string (json, "orcpt", recipient->orcpt);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
  print (json);
}

static void
keep (Desk *desk, SkEnvelope *envelope)
{
  g_autofree char *kept = g_strdup_printf ("%s/%s.eml", desk->kept, envelope->id);
  struct stat file;

  g_assert (fstat (envelope->fd, &file) == 0 && file.st_size == envelope->size);
  g_assert ((file.st_mode & 0777) == 0600);
  g_assert (rename (envelope->path, kept) == 0);
  g_clear_pointer (&envelope->path, g_free);
  print_envelope (envelope, kept);
}

static void
submitted (SkSmtpTransaction *transaction, gpointer user_data)
{
  Desk *desk = user_data;
  g_autoptr (SkReply) reply = NULL;

  if (!option_quiet)
    keep (desk, sk_smtp_transaction_envelope (transaction));
  if (option_wait)
    {
      g_queue_push_tail (&desk->unanswered, transaction);
      return;
    }
  reply = parse_reply (option_reply);
  sk_smtp_transaction_reply (transaction, reply);
}

static void
gone (SkSmtpTransaction *transaction, gpointer user_data)
{
  GString *json = event ("gone");

  append_string (json, "id", sk_smtp_transaction_envelope (transaction)->id);
  print (json);
}

static void
told (SkSmtpTransaction *transaction, gboolean delivered, gpointer user_data)
{
  Desk *desk = user_data;
  GString *json;

  g_queue_remove (&desk->unanswered, transaction);
  if (option_quiet)
    return;
  json = event ("told");
  append_string (json, "id", sk_smtp_transaction_envelope (transaction)->id);
  g_string_append_printf (json, ", \"delivered\": %s", delivered ? "true" : "false");
  print (json);
}

static const SkSmtpHandler handler = {
  .sender_allowed = sender_allowed, .submitted = submitted, .gone = gone, .told = told
};

static void
obey (Desk *desk, const char *line)
{
  SkSmtpTransaction *transaction;

  if (strcmp (line, "close") == 0)
    {
      sk_smtp_listener_close (desk->listener);
      return;
    }
  transaction = g_queue_pop_head (&desk->unanswered);
  if (transaction != NULL)
    {
      g_autoptr (SkReply) reply = parse_reply (line);

      sk_smtp_transaction_reply (transaction, reply);
    }
}

static gboolean
input_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Desk *desk = user_data;
  char bytes[4096];
  g_auto (GStrv) lines = NULL;
  gssize n = read (fd, bytes, sizeof bytes - 1);

  if (n <= 0)
    {
      g_main_loop_quit (desk->loop);
      return G_SOURCE_REMOVE;
    }
  bytes[n] = '\0';
  lines = g_strsplit (bytes, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      obey (desk, lines[i]);
  return G_SOURCE_CONTINUE;
}

static SkListenTls
parse_tls (void)
{
  if (strcmp (option_tls, "starttls") == 0)
    return SK_TLS_STARTTLS;
  return strcmp (option_tls, "implicit") == 0 ? SK_TLS_IMPLICIT : SK_TLS_NONE;
}

static SkSettings
make_settings (void)
{
  return (SkSettings) {
    .port = (guint16) option_port,
    .listen_tls = parse_tls (),
    .clients = option_password_file != NULL ? SK_CLIENTS_PASSWORD : SK_CLIENTS_SAME_USER,
    .client_password_file = option_password_file,
    .limits = { .message_bytes = option_size,
                .command_bytes = 2048,
                .auth_bytes = 12288,
                .recipients = (guint) option_recipients,
                .connections = (guint) option_connections,
                .errors = (guint) option_errors,
                .idle_seconds = (guint) option_idle },
  };
}

static void
run (Desk *desk, SkClock *clock)
{
  SkSettings settings = make_settings ();
  SkSmtpMirror mirror
      = { .size = option_mirror_size, .smtputf8 = option_smtputf8, .dsn = option_dsn };
  g_autofree char *spool = g_build_filename (option_directory, "spool", NULL);
  g_autofree char *tls = g_build_filename (option_directory, "tls", NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (spool, 0700);
  desk->listener
      = sk_smtp_listener_new (&settings, spool, tls, clock, &handler, desk, &error);
  if (desk->listener == NULL)
    g_error ("%s", error->message);
  sk_smtp_listener_set_mirror (desk->listener, &mirror);
  printf ("{\"event\": \"ready\", \"port\": %u}\n", sk_smtp_listener_port (desk->listener));
  fflush (stdout);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, input_cb, desk);
  g_main_loop_run (desk->loop);
  sk_smtp_listener_free (desk->listener);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SkClock) clock = NULL;
  Desk desk = { .unanswered = G_QUEUE_INIT };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || option_directory == NULL)
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "--dir is needed");
      return 2;
    }
  clock = sk_clock_new_system ();
  desk.loop = g_main_loop_new (NULL, FALSE);
  desk.kept = g_build_filename (option_directory, "kept", NULL);
  g_mkdir_with_parents (desk.kept, 0700);
  run (&desk, clock);
  g_main_loop_unref (desk.loop);
  g_free (desk.kept);
  return 0;
}
