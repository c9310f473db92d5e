// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/smtp/sk-smtp-listener.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define DEADLINE (10 * G_USEC_PER_SEC)

/* The listener and its clients run in one thread: a client waits by letting the main loop turn. */
typedef struct {
  SkSettings settings;
  SkClock *clock;
  char *directory;
  SkSmtpListener *listener;
  GQueue submitted; /* SkSmtpTransaction* unanswered */
  guint gone, told, delivered;
  gboolean answers_at_once;
  gint64 last_size;
} Fixture;

typedef struct {
  int fd;
  GString *heard;
  gboolean ended, reset;
} Client;

static void
answer (SkSmtpTransaction *transaction, guint code, const char *enhanced, const char *text)
{
  g_autoptr (SkReply) reply = sk_reply_new (code, enhanced, text);

  sk_smtp_transaction_reply (transaction, reply);
}

static gboolean
sender_allowed (const char *mail_from, gpointer user_data)
{
  return TRUE;
}

static void
submitted (SkSmtpTransaction *transaction, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->last_size = sk_smtp_transaction_envelope (transaction)->size;
  if (fixture->answers_at_once)
    answer (transaction, 250, "2.0.0", "Kept");
  else
    g_queue_push_tail (&fixture->submitted, transaction);
}

static void
gone (SkSmtpTransaction *transaction, gpointer user_data)
{
  g_assert_true (sk_smtp_transaction_is_gone (transaction));
  ((Fixture *) user_data)->gone++;
}

static void
told (SkSmtpTransaction *transaction, gboolean delivered, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_queue_remove (&fixture->submitted, transaction);
  fixture->told++;
  fixture->delivered += delivered ? 1 : 0;
}

static const SkSmtpHandler handler = {
  .sender_allowed = sender_allowed, .submitted = submitted, .gone = gone, .told = told
};

static void
start (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->listener
      = sk_smtp_listener_new (&fixture->settings, fixture->directory, fixture->directory,
                              fixture->clock, &handler, fixture, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->settings.limits = (SkLimits) { .message_bytes = 1048576,
                                          .command_bytes = 2048,
                                          .auth_bytes = 12288,
                                          .recipients = 10,
                                          .connections = 3,
                                          .errors = 20,
                                          .idle_seconds = 300 };
  fixture->clock = sk_clock_new_manual (g_get_real_time ());
  fixture->directory = g_dir_make_tmp ("sekisho-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->listener, sk_smtp_listener_free);
  sk_clock_unref (fixture->clock);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0); /* so no spool file was left */
  g_free (fixture->directory);
}

/* --- the client --- */

static int
connect_to (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

static Client
client_new (Fixture *fixture)
{
  return (Client) { .fd = connect_to (sk_smtp_listener_port (fixture->listener)),
                    .heard = g_string_new (NULL) };
}

static void
client_listen (Client *client)
{
  char bytes[4096];
  gssize n = recv (client->fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n > 0)
    g_string_append_len (client->heard, bytes, n);
  client->ended |= n == 0 || (n < 0 && errno != EAGAIN);
  client->reset |= n < 0 && errno == ECONNRESET;
}

static void
turn (Client *client)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  if (client != NULL)
    client_listen (client);
  g_usleep (200);
}

#define wait_until(client, condition)                                                              \
  for (gint64 end_ = g_get_monotonic_time () + DEADLINE; !(condition);)                            \
    {                                                                                              \
      g_assert_cmpint (g_get_monotonic_time (), <, end_);                                          \
      turn (client);                                                                               \
    }

/* Until a line that begins with `reply` has come. */
static void
hear (Client *client, const char *reply)
{
  wait_until (client, g_str_has_prefix (client->heard->str, reply)
                          || strstr (client->heard->str, reply) != NULL || client->ended);
  g_assert_nonnull (strstr (client->heard->str, reply));
  g_string_truncate (client->heard, 0);
}

static void
say (Client *client, const char *text)
{
  g_assert_cmpint (send (client->fd, text, strlen (text), MSG_NOSIGNAL), ==, strlen (text));
}

static void
client_close (Client *client)
{
  close (client->fd);
  client->fd = -1;
}

static void
client_reset (Client *client)
{
  struct linger now = { .l_onoff = 1 };

  setsockopt (client->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  client_close (client);
}

static void
client_free (Client *client)
{
  if (client->fd >= 0)
    close (client->fd);
  g_string_free (client->heard, TRUE);
}

static Client
client_greeted (Fixture *fixture)
{
  Client client = client_new (fixture);

  hear (&client, "220 ");
  say (&client, "EHLO c\r\n");
  hear (&client, "250 ENH");
  return client;
}

/* All up to the dot; `behind` is pipelined. */
static void
send_mail (Fixture *fixture, Client *client, const char *behind)
{
  g_autofree char *text = g_strdup_printf ("From: a\r\n\r\nx\r\n.\r\n%s", behind);
  guint before = fixture->submitted.length;

  say (client, "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n");
  hear (client, "354 ");
  say (client, text);
  wait_until (client, fixture->submitted.length == before + 1);
}

static SkSmtpTransaction *
oldest (Fixture *fixture)
{
  return g_queue_pop_head (&fixture->submitted);
}

/* --- what the answer's way is seen to be --- */

static void
told_by_next_command (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "");
  answer (oldest (fixture), 250, "2.0.0", "Kept");
  hear (client, "250 2.0.0 Kept");
  turn (client);
  g_assert_cmpuint (fixture->told, ==, 0);
  say (client, "N"); /* even its first octet */
}

static void
told_by_end (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "");
  answer (oldest (fixture), 550, "5.7.1", "No");
  hear (client, "550 5.7.1 No");
  client_close (client);
}

static void
told_by_pipelined_quit (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "QUIT\r\n");
  answer (oldest (fixture), 250, "2.0.0", "Kept");
  hear (client, "221 ");
  client_close (client);
}

/* It has read the answer to its mail, but not that to QUIT, when it closes: that makes a reset. */
static void
told_to_the_hasty (Fixture *fixture, Client *client)
{
  char bytes[16];

  send_mail (fixture, client, "QUIT\r\n");
  answer (oldest (fixture), 250, "2.0.0", "Kept");
  turn (NULL);
  turn (NULL);
  g_assert_cmpint (recv (client->fd, bytes, sizeof "250 2.0.0 Kept\r\n" - 1, 0), ==, 16);
  client_close (client);
}

static void
told_by_half_close (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "QUIT\r\n");
  shutdown (client->fd, SHUT_WR);
  turn (NULL);
  turn (NULL);
  g_assert_cmpuint (fixture->gone, ==, 0);
  answer (oldest (fixture), 250, "2.0.0", "Kept");
  hear (client, "221 ");
  client_close (client);
}

static void
told_by_patience (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "");
  answer (oldest (fixture), 250, "2.0.0", "Kept");
  hear (client, "250 2.0.0 Kept");
  sk_clock_advance (fixture->clock, 301 * G_USEC_PER_SEC);
}

static void
untold_by_reset (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "");
  answer (oldest (fixture), 250, "2.0.0", "Kept");
  turn (NULL);
  client_reset (client);
}

/* The answer lies unread in the client's kernel when it closes. */
static void
untold_by_unread (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "");
  answer (oldest (fixture), 250, "2.0.0", "Kept");
  turn (NULL);
  turn (NULL);
  client_close (client);
}

static void
untold_gone (Fixture *fixture, Client *client)
{
  SkSmtpTransaction *transaction;

  send_mail (fixture, client, "");
  client_close (client);
  wait_until (NULL, fixture->gone == 1);
  transaction = oldest (fixture);
  g_assert_true (sk_smtp_transaction_is_gone (transaction));
  answer (transaction, 250, "2.0.0", "Kept");
  g_assert_cmpuint (fixture->told, ==, 0);
}

static void
untold_gone_by_reset (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "NOOP\r\n");
  client_reset (client);
  wait_until (NULL, fixture->gone == 1);
  answer (oldest (fixture), 250, "2.0.0", "Kept");
}

/* What was pipelined does not hide that it left. */
static void
untold_gone_pipelined (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "MAIL FROM:<a@example.com>\r\n");
  shutdown (client->fd, SHUT_WR);
  wait_until (NULL, fixture->gone == 1);
  answer (oldest (fixture), 250, "2.0.0", "Kept");
}

/* It said QUIT and was gone all the same: found out when the answer is written. */
static void
untold_quit_and_away (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "QUIT\r\n");
  client_close (client);
  turn (NULL);
  answer (oldest (fixture), 250, "2.0.0", "Kept");
}

static void
untold_by_end_of_listener (Fixture *fixture, Client *client)
{
  send_mail (fixture, client, "");
  g_clear_pointer (&fixture->listener, sk_smtp_listener_free);
  g_assert_cmpuint (fixture->gone, ==, 1);
}

typedef struct {
  const char *name;
  void (*play) (Fixture *fixture, Client *client);
  guint gone, delivered;
} Telling;

static const Telling tellings[] = {
  { "next-command", told_by_next_command, 0, 1 },
  { "end", told_by_end, 0, 1 },
  { "pipelined-quit", told_by_pipelined_quit, 0, 1 },
  { "hasty", told_to_the_hasty, 0, 1 },
  { "half-close", told_by_half_close, 0, 1 },
  { "patience", told_by_patience, 0, 1 },
  { "reset", untold_by_reset, 0, 0 },
  { "unread", untold_by_unread, 0, 0 },
  { "gone", untold_gone, 1, 0 },
  { "gone-by-reset", untold_gone_by_reset, 1, 0 },
  { "gone-pipelined", untold_gone_pipelined, 1, 0 },
  { "quit-and-away", untold_quit_and_away, 0, 0 },
  { "end-of-listener", untold_by_end_of_listener, 1, 0 },
};

static void
test_telling (Fixture *fixture, gconstpointer data)
{
  const Telling *telling = data;
  Client client;

  start (fixture);
  client = client_greeted (fixture);
  telling->play (fixture, &client);
  wait_until (NULL, fixture->told == 1);
  g_assert_cmpuint (fixture->gone, ==, telling->gone);
  g_assert_cmpuint (fixture->delivered, ==, telling->delivered);
  client_free (&client);
}

/* Everything at once, with an answer from within: one after the other, in order. */
static void
test_pipelined_mails (Fixture *fixture, gconstpointer data)
{
  Client client;

  fixture->answers_at_once = TRUE;
  start (fixture);
  client = client_greeted (fixture);
  say (&client, "MAIL FROM:<>\r\nRCPT TO:<b@example.com>\r\nDATA\r\none\r\n.\r\n"
                "MAIL FROM:<>\r\nRCPT TO:<b@example.com>\r\nDATA\r\ntwo..\r\n.\r\nQUIT\r\n");
  wait_until (&client, client.ended);
  g_assert_cmpstr (client.heard->str, ==,
                   "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go on; end with <CR><LF>.<CR><LF>\r\n"
                   "250 2.0.0 Kept\r\n"
                   "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go on; end with <CR><LF>.<CR><LF>\r\n"
                   "250 2.0.0 Kept\r\n221 2.0.0 Bye\r\n");
  client_close (&client);
  wait_until (NULL, fixture->told == 2);
  g_assert_cmpuint (fixture->delivered, ==, 2);
  client_free (&client);
}

/* While a mail waits, nothing behind it is worked off. */
static void
test_commands_wait (Fixture *fixture, gconstpointer data)
{
  Client client;

  start (fixture);
  client = client_greeted (fixture);
  send_mail (fixture, &client, "NOOP 1\r\n");
  say (&client, "VRFY x\r\n");
  for (int i = 0; i < 20; i++)
    turn (&client);
  g_assert_cmpstr (client.heard->str, ==, "");
  answer (oldest (fixture), 250, "2.0.0", "Kept");
  wait_until (&client, strstr (client.heard->str, "252 ") != NULL);
  g_assert_true (g_str_has_prefix (client.heard->str, "250 2.0.0 Kept\r\n250 2.0.0 Ok\r\n252 "));
  g_assert_cmpuint (fixture->gone, ==, 0);
  client_free (&client);
}

/* --- the port --- */

static void
test_port_taken (Fixture *fixture, gconstpointer data)
{
  Fixture other = { 0 };
  guint16 port;

  set_up (&other, NULL);
  start (&other);
  port = sk_smtp_listener_port (other.listener);
  g_assert_cmpuint (port, !=, 0);
  fixture->settings.port = port;
  start (fixture);
  g_assert_cmpuint (sk_smtp_listener_port (fixture->listener), !=, port);
  g_assert_cmpuint ((guint16) (sk_smtp_listener_port (fixture->listener) - port), <, 64);
  tear_down (&other, NULL);
}

/* The same port answers on both addresses, and nowhere else. */
static void
test_addresses (Fixture *fixture, gconstpointer data)
{
  struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
  struct sockaddr_in other = { .sin_family = AF_INET };
  Client client = { .heard = g_string_new (NULL) };
  int fd;

  start (fixture);
  six.sin6_port = other.sin_port = htons (sk_smtp_listener_port (fixture->listener));
  client.fd = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (client.fd, (struct sockaddr *) &six, sizeof six), ==, 0);
  hear (&client, "220 ");
  other.sin_addr.s_addr = htonl (0x7f000002);
  fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &other, sizeof other), <, 0);
  g_assert_cmpint (errno, ==, ECONNREFUSED);
  close (fd);
  client_free (&client);
}

/* --- limits --- */

static void
test_idle (Fixture *fixture, gconstpointer data)
{
  Client quiet, lively;

  start (fixture);
  quiet = client_greeted (fixture);
  lively = client_greeted (fixture);
  sk_clock_advance (fixture->clock, 299 * G_USEC_PER_SEC);
  say (&lively, "NOOP\r\n");
  hear (&lively, "250 ");
  turn (&quiet);
  g_assert_cmpstr (quiet.heard->str, ==, "");
  sk_clock_advance (fixture->clock, 2 * G_USEC_PER_SEC);
  hear (&quiet, "421 4.4.2");
  say (&lively, "NOOP\r\n");
  hear (&lively, "250 ");
  sk_clock_advance (fixture->clock, 3 * G_USEC_PER_SEC);
  wait_until (&quiet, quiet.ended);
  wait_until (NULL, sk_smtp_listener_connections (fixture->listener) == 1);
  client_free (&quiet);
  client_free (&lively);
}

/* A mail that waits for its answer is not idle, however long. */
static void
test_waiting_is_not_idle (Fixture *fixture, gconstpointer data)
{
  Client client;

  start (fixture);
  client = client_greeted (fixture);
  send_mail (fixture, &client, "");
  sk_clock_advance (fixture->clock, 2000 * G_USEC_PER_SEC);
  turn (&client);
  turn (&client);
  g_assert_cmpstr (client.heard->str, ==, "");
  answer (oldest (fixture), 250, "2.0.0", "Kept");
  hear (&client, "250 2.0.0 Kept");
  client_free (&client);
}

static void
test_longest_idle_gives_way (Fixture *fixture, gconstpointer data)
{
  Client clients[3], fourth;

  start (fixture);
  for (int i = 0; i < 3; i++)
    clients[i] = client_greeted (fixture);
  say (&clients[0], "MAIL FROM:<>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n");
  hear (&clients[0], "354 ");
  say (&clients[1], "NOOP\r\n");
  hear (&clients[1], "250 ");
  fourth = client_greeted (fixture); /* in place of the third, which said nothing since */
  hear (&clients[2], "421 4.3.2");
  say (&clients[0], "x\r\n.\r\n");
  wait_until (NULL, fixture->submitted.length == 1);
  for (int i = 0; i < 3; i++)
    client_free (&clients[i]);
  client_free (&fourth);
}

static void
test_all_busy (Fixture *fixture, gconstpointer data)
{
  Client clients[3], fourth;

  start (fixture);
  for (int i = 0; i < 3; i++)
    {
      clients[i] = client_greeted (fixture);
      send_mail (fixture, &clients[i], "");
    }
  fourth = client_new (fixture);
  hear (&fourth, "421 4.3.2");
  wait_until (&fourth, fourth.ended);
  g_assert_cmpuint (sk_smtp_listener_connections (fixture->listener), ==, 3);
  for (int i = 0; i < 3; i++)
    client_free (&clients[i]);
  client_free (&fourth);
}

/* A client that sends commands without end and reads nothing: others are served, little is kept. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  g_autofree char *flood = g_malloc (1 << 20);
  Client rude, polite;
  gsize sent = 0;

  start (fixture);
  rude = client_greeted (fixture);
  for (gsize i = 0; i < 1 << 20; i++)
    flood[i] = "HELP\r\nHELP x\r\n"[i % 14];
  for (int i = 0; i < 300; i++)
    {
      gssize n = send (rude.fd, flood, 1 << 20, MSG_DONTWAIT | MSG_NOSIGNAL);

      sent += n > 0 ? (gsize) n / 14 * 14 : 0;
      turn (NULL);
    }
  polite = client_greeted (fixture);
  say (&polite, "NOOP\r\n");
  hear (&polite, "250 ");
  /* the kernel's buffers are full, and so it stopped reading */
  g_assert_cmpuint (sent, <, 32 << 20);
  client_reset (&rude);
  client_free (&rude);
  client_free (&polite);
}

/* --- trouble --- */

static guint
files_in (const char *directory)
{
  g_autoptr (GDir) open = g_dir_open (directory, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (open) != NULL)
    count++;
  return count;
}

static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  struct rlimit before, small;
  g_autofree char *text = g_strnfill (100000, 'x');
  Client client;

  start (fixture);
  client = client_greeted (fixture);
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  small = before;
  small.rlim_cur = 50000;
  setrlimit (RLIMIT_FSIZE, &small);
  say (&client, "MAIL FROM:<>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n");
  hear (&client, "354 ");
  say (&client, text);
  say (&client, "\r\nQUIT\r\n.\r\n");
  hear (&client, "452 4.3.1");
  setrlimit (RLIMIT_FSIZE, &before);
  g_assert_cmpuint (files_in (fixture->directory), ==, 0);
  g_assert_cmpuint (fixture->submitted.length, ==, 0);
  /* and there is room again */
  send_mail (fixture, &client, "");
  client_free (&client);
}

static void
test_leaves_in_the_text (Fixture *fixture, gconstpointer data)
{
  Client client;

  start (fixture);
  client = client_greeted (fixture);
  say (&client, "MAIL FROM:<>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n");
  hear (&client, "354 ");
  say (&client, "half a mess");
  wait_until (NULL, files_in (fixture->directory) == 1);
  client_close (&client);
  wait_until (NULL, sk_smtp_listener_connections (fixture->listener) == 0);
  g_assert_cmpuint (files_in (fixture->directory), ==, 0);
  g_assert_cmpuint (fixture->submitted.length, ==, 0);
  client_free (&client);
}

/* Spoken before the greeting: connected and sent before the listener has had its turn. */
static void
test_early_talker (Fixture *fixture, gconstpointer data)
{
  Client client;

  start (fixture);
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*no mail program*before the greeting*");
  client = client_new (fixture);
  say (&client, "EHLO c\r\nMAIL FROM:<a@example.com>\r\n");
  wait_until (&client, client.ended);
  g_test_assert_expected_messages ();
  g_assert_true (g_str_has_prefix (client.heard->str, "421 4.7.0"));
  g_assert_cmpstr (strchr (client.heard->str, '\n'), ==, "\n");
  client_free (&client);
}

static void
test_closing (Fixture *fixture, gconstpointer data)
{
  Client idle, busy;
  guint16 port;

  start (fixture);
  port = sk_smtp_listener_port (fixture->listener);
  idle = client_greeted (fixture);
  busy = client_greeted (fixture);
  send_mail (fixture, &busy, "");
  sk_smtp_listener_close (fixture->listener);
  hear (&idle, "421 4.3.2");
  wait_until (&idle, idle.ended);
  answer (oldest (fixture), 250, "2.0.0", "Kept");
  wait_until (&busy, strstr (busy.heard->str, "421 ") != NULL);
  g_assert_true (g_str_has_prefix (busy.heard->str, "250 2.0.0 Kept\r\n421 4.3.2"));
  client_close (&busy);
  client_close (&idle);
  wait_until (NULL, sk_smtp_listener_connections (fixture->listener) == 0);
  g_assert_cmpuint (fixture->delivered, ==, 1);
  fixture->settings.port = port;
  sk_smtp_listener_free (g_steal_pointer (&fixture->listener));
  start (fixture);
  g_assert_cmpuint (sk_smtp_listener_port (fixture->listener), ==, port);
  client_free (&idle);
  client_free (&busy);
}

/* The mail is the handler's, and stays when the listener goes. */
static void
test_steal (Fixture *fixture, gconstpointer data)
{
  SkSmtpTransaction *transaction;
  SkEnvelope *envelope;
  Client client;
  int mark;

  start (fixture);
  client = client_greeted (fixture);
  send_mail (fixture, &client, "");
  transaction = oldest (fixture);
  sk_smtp_transaction_set_data (transaction, &mark);
  g_assert_true (sk_smtp_transaction_get_data (transaction) == &mark);
  envelope = sk_smtp_transaction_steal_envelope (transaction);
  g_assert_null (sk_smtp_transaction_envelope (transaction));
  answer (transaction, 250, "2.0.0", "Kept");
  hear (&client, "250 2.0.0 Kept");
  client_close (&client);
  wait_until (NULL, fixture->told == 1);
  g_assert_true (g_file_test (envelope->path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (envelope->size, ==, 14); /* "From: a", empty line, "x" */
  sk_envelope_free (envelope);
  client_free (&client);
}

static void
test_mirror (Fixture *fixture, gconstpointer data)
{
  const SkSmtpMirror mirror = { .size = 5000, .dsn = TRUE, .smtputf8 = TRUE };
  Client client;

  start (fixture);
  client = client_greeted (fixture);
  sk_smtp_listener_set_mirror (fixture->listener, &mirror);
  say (&client, "MAIL FROM:<> RET=FULL\r\n"); /* it was not offered at its EHLO */
  hear (&client, "555 5.5.4");
  say (&client, "EHLO c\r\n");
  wait_until (&client, strstr (client.heard->str, "250 ENH") != NULL);
  g_assert_nonnull (strstr (client.heard->str, "250-SIZE 5000\r\n"));
  g_assert_nonnull (strstr (client.heard->str, "250-SMTPUTF8\r\n"));
  g_assert_nonnull (strstr (client.heard->str, "250-DSN\r\n"));
  client_free (&client);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = { { "pipelined-mails", test_pipelined_mails },
                { "commands-wait", test_commands_wait },
                { "port-taken", test_port_taken },
                { "addresses", test_addresses },
                { "idle", test_idle },
                { "waiting-is-not-idle", test_waiting_is_not_idle },
                { "longest-idle-gives-way", test_longest_idle_gives_way },
                { "all-busy", test_all_busy },
                { "flood", test_flood },
                { "disk-full", test_disk_full },
                { "leaves-in-the-text", test_leaves_in_the_text },
                { "early-talker", test_early_talker },
                { "closing", test_closing },
                { "steal", test_steal },
                { "mirror", test_mirror } };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tellings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/smtp-listener/told/%s", tellings[i].name);

      g_test_add (path, Fixture, &tellings[i], set_up, test_telling, tear_down);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/smtp-listener/%s", tests[i].name);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  return g_test_run ();
}
