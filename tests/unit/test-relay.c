// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-content.h"
#include "agent/relay/sk-envelope-lines.h"
#include "agent/relay/sk-refusal.h"
#include "agent/relay/sk-relay.h"
#include "agent/relay/sk-reply-reader.h"
#include "agent/relay/sk-upstream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- replies --- */

static const struct {
  const char *wire;
  SkReplyStatus status;
  guint code;
  const char *enhanced, *text;
} replies[] = {
  { "250 ok\r\n", SK_REPLY_COMPLETE, 250, NULL, "ok" },
  { "250 2.1.0 ok\r\n", SK_REPLY_COMPLETE, 250, "2.1.0", "ok" },
  { "250-a\r\n250-b\r\n250 c\r\n", SK_REPLY_COMPLETE, 250, NULL, "a\nb\nc" },
  { "250-2.0.0 a\r\n250 2.0.0 b\r\n", SK_REPLY_COMPLETE, 250, "2.0.0", "a\nb" },
  { "354\r\n", SK_REPLY_COMPLETE, 354, NULL, "" },
  { "550 5.1.1\r\n", SK_REPLY_COMPLETE, 550, "5.1.1", "" },
  { "550 4.1.1 x\r\n", SK_REPLY_COMPLETE, 550, NULL, "4.1.1 x" },
  { "550 5.1 x\r\n", SK_REPLY_COMPLETE, 550, NULL, "5.1 x" },
  { "550 5.1.1x\r\n", SK_REPLY_COMPLETE, 550, NULL, "5.1.1x" },
  { "550 5.999.999 x\r\n", SK_REPLY_COMPLETE, 550, "5.999.999", "x" },
  { "550 5..1 x\r\n", SK_REPLY_COMPLETE, 550, NULL, "5..1 x" },
  { "250 a\n", SK_REPLY_COMPLETE, 250, NULL, "a" },
  { "250-a\r\n", SK_REPLY_INCOMPLETE, 0, NULL, NULL },
  { "250 a\r", SK_REPLY_INCOMPLETE, 0, NULL, NULL },
  { "", SK_REPLY_INCOMPLETE, 0, NULL, NULL },
  { "\r\n", SK_REPLY_MALFORMED, 0, NULL, NULL },
  { "25 a\r\n", SK_REPLY_MALFORMED, 0, NULL, NULL },
  { "150 a\r\n", SK_REPLY_MALFORMED, 0, NULL, NULL },
  { "600 a\r\n", SK_REPLY_MALFORMED, 0, NULL, NULL },
  { "250+a\r\n", SK_REPLY_MALFORMED, 0, NULL, NULL },
  { "250-a\r\n251 b\r\n", SK_REPLY_MALFORMED, 0, NULL, NULL },
  { "250-a\r\nb\r\n", SK_REPLY_MALFORMED, 0, NULL, NULL },
};

/* In pieces of `size` octets. */
static SkReplyStatus
read_in_pieces (const char *wire, gsize size, SkReply **reply)
{
  g_autoptr (SkReplyReader) reader = sk_reply_reader_new ();
  SkReplyStatus status = SK_REPLY_INCOMPLETE;
  gsize left = strlen (wire);

  while (left > 0 && status == SK_REPLY_INCOMPLETE)
    {
      gsize piece = MIN (size, left), rest = piece;

      status = sk_reply_reader_take (reader, &wire, &rest, reply);
      left -= piece - rest;
    }
  return status;
}

static void
test_replies (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    for (gsize size = 1; size < 40; size++)
      {
        g_autoptr (SkReply) reply = NULL;

        g_assert_cmpint (read_in_pieces (replies[i].wire, size, &reply), ==, replies[i].status);
        g_assert_true ((reply != NULL) == (replies[i].status == SK_REPLY_COMPLETE));
        if (reply == NULL)
          continue;
        g_assert_cmpuint (reply->code, ==, replies[i].code);
        g_assert_cmpstr (reply->enhanced, ==, replies[i].enhanced);
        g_assert_cmpstr (reply->text, ==, replies[i].text);
      }
}

static void
test_replies_one_after_the_other (void)
{
  g_autoptr (SkReplyReader) reader = sk_reply_reader_new ();
  const char *at = "250-2.1.0 a\r\n250 2.1.0 b\r\n550 c\r\n354 d\r\n4";
  gsize length = strlen (at);
  static const guint codes[] = { 250, 550, 354 };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (SkReply) reply = NULL;

      g_assert_cmpint (sk_reply_reader_take (reader, &at, &length, &reply), ==, SK_REPLY_COMPLETE);
      g_assert_cmpuint (reply->code, ==, codes[i]);
      g_assert_true (sk_reply_reader_is_empty (reader));
      g_assert_cmpstr (reply->enhanced, ==, i == 0 ? "2.1.0" : NULL);
    }
  g_assert_cmpuint (length, ==, 1);
}

/* --- content --- */

static char *
random_content (GRand *random, gsize length)
{
  static const char *const atoms[] = { ".", "\r\n", "\r", "\n", "\r\n.", "ab", ".\r\n." };
  GString *text = g_string_new (NULL);

  while (text->len < length)
    g_string_append (text, atoms[g_rand_int_range (random, 0, G_N_ELEMENTS (atoms))]);
  g_string_truncate (text, length);
  return g_string_free (text, FALSE);
}

/* What RFC 5321 4.5.2 says, octet by octet. */
static char *
stuff_simply (const char *text, gsize length)
{
  GString *stuffed = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      gboolean line_start = i == 0 || (i >= 2 && text[i - 1] == '\n' && text[i - 2] == '\r');

      if (line_start && text[i] == '.')
        g_string_append_c (stuffed, '.');
      g_string_append_c (stuffed, text[i]);
    }
  if (length > 0 && (length < 2 || memcmp (text + length - 2, "\r\n", 2) != 0))
    g_string_append (stuffed, "\r\n");
  return g_string_free (stuffed, FALSE);
}

static int
file_of (const char *text, gsize length)
{
  int fd = memfd_create ("content", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, text, length), ==, length);
  return fd;
}

static char *
read_content (const SkRelayMail *mail)
{
  g_autoptr (SkContent) content = sk_content_new (mail);
  GString *all = g_string_new (NULL);

  while (!sk_content_is_at_end (content))
    {
      gsize length;
      g_autoptr (GError) error = NULL;
      char *piece = sk_content_next (content, &length, &error);

      g_assert_no_error (error);
      memset (piece + length, 'X', SK_CONTENT_ROOM); /* the room is ours */
      g_string_append_len (all, piece, (gssize)length);
    }
  return g_string_free (all, FALSE);
}

static void
test_content_in_segments (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (int round = 0; round < 300; round++)
    {
      gsize length = (gsize)g_rand_int_range (random, 0, round % 10 == 0 ? 600000 : 50), at = 0;
      g_autofree char *text = random_content (random, length);
      g_autofree char *expected = stuff_simply (text, length), *got = NULL;
      g_autoptr (GArray) segments = g_array_new (FALSE, TRUE, sizeof (SkSegment));
      SkRelayMail mail = { .id = "test", .fd = file_of (text, length), .size = (gint64)length };

      while (at < length || g_rand_int_range (random, 0, 3) == 0)
        {
          gsize part = (gsize)g_rand_int_range (random, 0, (gint32)(length - at) + 1);
          SkSegment segment = { .offset = (gint64)at, .length = (gint64)part };

          if (g_rand_boolean (random))
            segment = (SkSegment){ .literal = text + at, .length = (gint64)part };
          g_array_append_val (segments, segment);
          at += part;
        }
      mail.segments = (const SkSegment *)(gpointer)segments->data;
      mail.segment_count = segments->len;
      got = read_content (&mail);
      g_assert_cmpstr (got, ==, expected);
      close (mail.fd);
    }
}

static void
test_content_that_is_missing (void)
{
  static const SkSegment segments[] = { { .literal = "a", .length = 1 }, { .length = 100 } };
  SkRelayMail mail
      = { .id = "test", .fd = file_of ("short", 5), .segments = segments, .segment_count = 2 };
  g_autoptr (SkContent) content = sk_content_new (&mail);
  g_autoptr (GError) error = NULL;
  gsize length;

  g_assert_null (sk_content_next (content, &length, &error));
  g_assert_cmpuint (length, ==, 0);
  g_assert_nonnull (strstr (error->message, "ends too early"));
  close (mail.fd);
}

/* --- refusals --- */

static void
test_refusals (void)
{
  static const struct {
    guint code;
    const char *enhanced, *text;
    gboolean of_mail, of_recipient, has_remedy;
  } cases[] = {
    { 450, "4.2.1", "later", TRUE, TRUE, FALSE },
    { 550, "5.1.1", "no such user", FALSE, FALSE, FALSE },
    { 550, "5.4.5", "Daily user sending limit exceeded", TRUE, TRUE, TRUE },
    { 552, "5.4.5", "not that code", FALSE, FALSE, FALSE },
    { 554, "5.2.0", "STOREDRV.Submission.Exception:submissionquotaexceededException", TRUE, TRUE,
      TRUE },
    { 554, "5.2.0", "SendAsDenied", FALSE, FALSE, FALSE },
    { 554, "5.2.2", "mailbox full", TRUE, FALSE, TRUE },
    { 550, "5.7.1", "Daily SMTP\nrelay limit exceeded", TRUE, TRUE, TRUE },
    { 550, "5.7.1", "policy", FALSE, FALSE, FALSE },
    { 552, "5.5.3", "too many recipients", TRUE, TRUE, FALSE },
    { 552, "5.3.4", "too big", FALSE, FALSE, FALSE },
    { 535, "5.7.8", "bad", TRUE, TRUE, TRUE },
    { 550, "5.7.705", "tenant", TRUE, TRUE, TRUE },
    { 250, "2.0.0", "relay limit", FALSE, FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SkReply) reply = sk_reply_new (cases[i].code, cases[i].enhanced, cases[i].text);
      const char *remedy = "x";

      g_assert_cmpint (sk_refusal_is_temporary (reply, SK_REFUSAL_OF_MAIL, &remedy), ==,
                       cases[i].of_mail);
      g_assert_true ((remedy != NULL) == cases[i].has_remedy);
      g_assert_cmpint (sk_relay_reply_is_temporary (reply, NULL), ==, cases[i].of_recipient);
    }
}

/* --- settings --- */

static void
test_upstream (void)
{
  static const struct {
    const char *url;
    SkUpstreamTls tls;
    const char *user, *curl_url; /* NULL: refused */
    SkUpstreamTls used;
  } cases[] = {
    { "smtp://mail.example.com", SK_UPSTREAM_TLS_REQUIRED, NULL,
      "smtp://mail.example.com:587/%5B127.0.0.1%5D", SK_UPSTREAM_TLS_REQUIRED },
    { "smtps://mail.example.com", SK_UPSTREAM_TLS_REQUIRED, "u",
      "smtps://mail.example.com:465/%5B127.0.0.1%5D", SK_UPSTREAM_TLS_REQUIRED },
    { "smtp://mail.example.com:25/ignored", SK_UPSTREAM_TLS_OPPORTUNISTIC, NULL,
      "smtp://mail.example.com:25/%5B127.0.0.1%5D", SK_UPSTREAM_TLS_OPPORTUNISTIC },
    { "smtp://mail.example.com:25", SK_UPSTREAM_TLS_OPPORTUNISTIC, "u",
      "smtp://mail.example.com:25/%5B127.0.0.1%5D", SK_UPSTREAM_TLS_REQUIRED },
    { "smtp://127.0.0.1:25", SK_UPSTREAM_TLS_OPPORTUNISTIC, "u",
      "smtp://127.0.0.1:25/%5B127.0.0.1%5D", SK_UPSTREAM_TLS_OPPORTUNISTIC },
    { "smtp://[::1]:25", SK_UPSTREAM_TLS_NONE, NULL, "smtp://[::1]:25/%5B127.0.0.1%5D",
      SK_UPSTREAM_TLS_NONE },
    { "smtp://LOCALHOST:25", SK_UPSTREAM_TLS_NONE, NULL, "smtp://LOCALHOST:25/%5B127.0.0.1%5D",
      SK_UPSTREAM_TLS_NONE },
    { "smtp://[2001:db8::1]:25", SK_UPSTREAM_TLS_NONE, NULL, NULL, 0 },
    { "smtp://128.0.0.1:25", SK_UPSTREAM_TLS_NONE, NULL, NULL, 0 },
    { "smtp://127.0.0.1.example.com", SK_UPSTREAM_TLS_NONE, NULL, NULL, 0 },
    { "smtps://127.0.0.1", SK_UPSTREAM_TLS_NONE, NULL, NULL, 0 },
    { "smtp://mail.example.com", SK_UPSTREAM_TLS_NONE, NULL, NULL, 0 },
    { "smtp://u:p@mail.example.com", SK_UPSTREAM_TLS_REQUIRED, NULL, NULL, 0 },
    { "imap://mail.example.com", SK_UPSTREAM_TLS_REQUIRED, NULL, NULL, 0 },
    { "smtp://", SK_UPSTREAM_TLS_REQUIRED, NULL, NULL, 0 },
    { "mail.example.com", SK_UPSTREAM_TLS_REQUIRED, NULL, NULL, 0 },
    { NULL, SK_UPSTREAM_TLS_REQUIRED, NULL, NULL, 0 },
    { "smtp://mail.example.com", SK_UPSTREAM_TLS_REQUIRED, "", NULL, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SkSettings settings
          = { .upstream_url = (char *)cases[i].url,
              .upstream_tls = cases[i].tls,
              .upstream_user = (char *)cases[i].user,
              .upstream_auth = cases[i].user != NULL ? SK_AUTH_PASSWORD : SK_AUTH_NONE };
      g_autoptr (GError) error = NULL;
      g_autoptr (SkUpstream) upstream = sk_upstream_new (&settings, &error);

      g_assert_cmpstr (upstream != NULL ? upstream->url : NULL, ==, cases[i].curl_url);
      g_assert_true ((error == NULL) == (upstream != NULL));
      if (upstream != NULL)
        g_assert_cmpint (upstream->tls, ==, cases[i].used);
      else
        g_assert_true (g_str_has_prefix (error->message, "[upstream] "));
    }
}

static void
test_retry_delays (void)
{
  static const guint expected[] = { 10, 30, 60, 120, 300, 600, 900, 900, 900 };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (sk_relay_retry_delay (i), ==, expected[i]);
  g_assert_cmpuint (sk_relay_retry_delay (G_MAXUINT), ==, 900);
}

/* --- deadlines, on a clock that is moved --- */

/* A server that answers so many commands, then is silent. */
typedef struct {
  int listener, connection;
  guint16 port;
  int answers;
  GString *seen;
  GThread *thread;
} Server;

static gpointer
serve (gpointer user_data)
{
  static const char *const answers[]
      = { "220 hi\r\n", "250 mx\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "250 ok\r\n" };
  Server *self = user_data;
  char octet;
  int answered = 0;
  gboolean content = FALSE;

  self->connection = accept (self->listener, NULL, NULL);
  if (self->answers > 0)
    g_assert_cmpint (send (self->connection, answers[0], strlen (answers[0]), MSG_NOSIGNAL), >, 0);
  answered = 1;
  while (recv (self->connection, &octet, 1, 0) == 1)
    {
      gboolean ended;

      g_string_append_c (self->seen, octet);
      ended = g_str_has_suffix (self->seen->str, content ? "\r\n.\r\n" : "\r\n");
      if (!ended || answered >= self->answers)
        continue;
      if (send (self->connection, answers[answered], strlen (answers[answered]), MSG_NOSIGNAL) < 0)
        break;
      content = answers[answered][0] == '3';
      answered++;
    }
  close (self->connection);
  return NULL;
}

static Server *
server_new (int answers)
{
  Server *self = g_new0 (Server, 1);
  struct sockaddr_in address
      = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;

  self->answers = answers;
  self->seen = g_string_new (NULL);
  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (self->listener, 8), ==, 0);
  getsockname (self->listener, (struct sockaddr *)&address, &length);
  self->port = ntohs (address.sin_port);
  self->thread = g_thread_new ("server", serve, self);
  return self;
}

/* Waits until the relay has closed its end. */
static void
server_free (Server *self)
{
  g_thread_join (self->thread);
  close (self->listener);
  g_string_free (self->seen, TRUE);
  g_free (self);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SkRelayResult **sent = user_data;

  *sent = sk_relay_send_finish (NULL, result);
}

static void
turn_for (gint64 microseconds, SkRelayResult **sent)
{
  gint64 until = g_get_monotonic_time () + microseconds;

  while (*sent == NULL && g_get_monotonic_time () < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
}

typedef struct {
  SkClock *clock;
  SkRelay *relay;
  Server *server;
  SkRelayMail mail;
  SkRelayResult *sent;
  char *url;
} Attempt;

static void
attempt_prepare (Attempt *self, int answers)
{
  static const SkSegment segment = { .literal = "Subject: x\r\n\r\nx\r\n", .length = 17 };
  SkSettings settings = { .upstream_tls = SK_UPSTREAM_TLS_NONE, .limits.upstream_connections = 2 };
  GPtrArray *recipients
      = g_ptr_array_new_with_free_func ((GDestroyNotify)sk_envelope_recipient_free);

  *self = (Attempt){ .clock = sk_clock_new_manual (0), .server = server_new (answers) };
  self->url = g_strdup_printf ("smtp://127.0.0.1:%u", self->server->port);
  settings.upstream_url = self->url;
  self->relay = sk_relay_new (&settings, self->clock, NULL);
  g_ptr_array_add (recipients, sk_envelope_recipient_new ("b@example.com", NULL, NULL));
  self->mail = (SkRelayMail){ .id = "test",
                              .fd = -1,
                              .segments = &segment,
                              .segment_count = 1,
                              .size = segment.length,
                              .mail_from = "a@example.co.jp",
                              .recipients = recipients };
}

static void
attempt_begin (Attempt *self, int answers)
{
  attempt_prepare (self, answers);
  sk_relay_send (self->relay, &self->mail, NULL, NULL, NULL, sent_cb, &self->sent);
  turn_for (300 * 1000, &self->sent);
}

static void
attempt_end (Attempt *self)
{
  g_clear_pointer (&self->relay, sk_relay_free);
  g_ptr_array_unref ((GPtrArray *)self->mail.recipients);
  sk_relay_result_free (self->sent);
  server_free (self->server);
  sk_clock_unref (self->clock);
  g_free (self->url);
}

static void
test_deadlines (void)
{
  static const struct {
    int answers; /* until the server falls silent */
    int seconds;
    SkRelayOutcome outcome;
    SkRelayPhase phase;
  } cases[] = {
    { 0, 30, SK_RELAY_DEFERRED, SK_RELAY_CONNECTING }, /* no greeting */
    { 1, 30, SK_RELAY_DEFERRED, SK_RELAY_CONNECTING }, /* no reply to EHLO */
    { 2, 300, SK_RELAY_DEFERRED, SK_RELAY_ENVELOPE },
    { 3, 300, SK_RELAY_DEFERRED, SK_RELAY_ENVELOPE },
    { 4, 300, SK_RELAY_DEFERRED, SK_RELAY_ENVELOPE },
    { 5, 600, SK_RELAY_UNKNOWN, SK_RELAY_DOT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Attempt attempt;

      attempt_begin (&attempt, cases[i].answers);
      g_assert_null (attempt.sent);
      sk_clock_advance (attempt.clock, (cases[i].seconds - 1) * G_USEC_PER_SEC);
      turn_for (30 * 1000, &attempt.sent);
      g_assert_null (attempt.sent);
      sk_clock_advance (attempt.clock, G_USEC_PER_SEC + 1);
      turn_for (2 * G_USEC_PER_SEC, &attempt.sent);
      g_assert_nonnull (attempt.sent);
      g_assert_cmpint (attempt.sent->outcome, ==, cases[i].outcome);
      g_assert_cmpint (attempt.sent->phase, ==, cases[i].phase);
      g_assert_nonnull (attempt.sent->problem);
      attempt_end (&attempt);
    }
}

static void
test_idle_connection_is_kept_five_seconds (void)
{
  Attempt attempt;
  SkRelayResult *never = NULL;

  attempt_begin (&attempt, 6);
  turn_for (2 * G_USEC_PER_SEC, &attempt.sent);
  g_assert_cmpint (attempt.sent->outcome, ==, SK_RELAY_ACCEPTED);
  sk_clock_advance (attempt.clock, 4900 * 1000);
  turn_for (100 * 1000, &never);
  g_assert_true (g_str_has_suffix (attempt.server->seen->str, "\r\n.\r\n"));
  sk_clock_advance (attempt.clock, 200 * 1000);
  turn_for (100 * 1000, &never);
  g_thread_join (attempt.server->thread);
  attempt.server->thread = g_thread_new ("none", (GThreadFunc)g_strdup, NULL);
  g_assert_true (g_str_has_suffix (attempt.server->seen->str, "\r\n.\r\nQUIT\r\n"));
  attempt_end (&attempt);
}

/* A callback may free the relay at once. */
static void
sent_and_free_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Attempt *attempt = user_data;

  attempt->sent = sk_relay_send_finish (attempt->relay, result);
  g_clear_pointer (&attempt->relay, sk_relay_free);
}

static void
test_free_in_callback (void)
{
  static const int answers[] = { 1, 3, 6 }; /* fails while opening, in the envelope; goes well */

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      Attempt attempt;

      attempt_prepare (&attempt, answers[i]);
      sk_relay_send (attempt.relay, &attempt.mail, NULL, NULL, NULL, sent_and_free_cb, &attempt);
      turn_for (300 * 1000, &attempt.sent);
      sk_clock_advance (attempt.clock, 301 * G_USEC_PER_SEC);
      turn_for (2 * G_USEC_PER_SEC, &attempt.sent);
      g_assert_nonnull (attempt.sent);
      g_assert_null (attempt.relay);
      g_assert_cmpint (attempt.sent->outcome, ==,
                       answers[i] == 6 ? SK_RELAY_ACCEPTED : SK_RELAY_DEFERRED);
      attempt_end (&attempt);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/reply/table", test_replies);
  g_test_add_func ("/relay/reply/several", test_replies_one_after_the_other);
  g_test_add_func ("/relay/content/segments", test_content_in_segments);
  g_test_add_func ("/relay/content/missing", test_content_that_is_missing);
  g_test_add_func ("/relay/refusal", test_refusals);
  g_test_add_func ("/relay/upstream", test_upstream);
  g_test_add_func ("/relay/retry-delay", test_retry_delays);
  g_test_add_func ("/relay/deadlines", test_deadlines);
  g_test_add_func ("/relay/idle", test_idle_connection_is_kept_five_seconds);
  g_test_add_func ("/relay/free-in-callback", test_free_in_callback);
  return g_test_run ();
}
