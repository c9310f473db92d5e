/* One client's words to the protocol. The first octet sets the session up, the second one says how
 * what follows is cut. However it is cut, the same is said and handed over; replies are whole lines
 * with legal codes; and each message handed over is what stands between DATA and the first
 * <CR><LF>.<CR><LF>, as a reader of its own finds it in what was sent. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-input.h"

#include "agent/smtp/sk-smtp-session.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define LINE_OCTETS 512 /* RFC 5321 4.5.3.1.5 */

enum { OFFERS_TLS = 1, UNDER_TLS = 2, PASSWORD = 4, OTHER_USER = 8, MIRROR = 16, FULL = 32, HOLDS = 64 };

typedef struct {
  SkSmtpMirror mirror;
  SkSmtpSetup setup;
  guint8 options;
  SkSmtpSession *session;
  GByteArray *have; /* came in, but was not taken */
  gsize taken;      /* of the whole input */
  gsize text;       /* where the text behind DATA begins; only when it comes octet by octet */
  const char *input;
  GString *log;
} Client;

static const SkLimits limits = {
  .message_bytes = 400, .command_bytes = 600, .auth_bytes = 700, .recipients = 3, .errors = 8,
};

static char *folder;

static void
remove_folder (void)
{
  g_assert_cmpint (g_rmdir (folder), ==, 0); /* and no file is left in it */
  g_free (folder);
}

static gboolean
sender_allowed (const char *mail_from, gpointer user_data)
{
  g_assert_true (*mail_from != '\0' && fuzz_is_clean (mail_from));
  return g_str_has_suffix (mail_from, "@a.jp");
}

static SkReply *
may_begin (gint64 announced, gpointer user_data)
{
  const Client *client = user_data;

  g_assert_true (announced >= 0 && announced <= limits.message_bytes);
  return client->options & FULL ? sk_reply_new (452, "4.3.1", "満杯") : NULL;
}

static SkSmtpLogin
login (const char *user, const char *password, gpointer user_data)
{
  if (strcmp (password, "lock") == 0)
    return SK_SMTP_LOGIN_LOCKED;
  return strcmp (user, "a") == 0 ? SK_SMTP_LOGIN_RIGHT : SK_SMTP_LOGIN_WRONG;
}

static const SkSmtpQuestions questions = { sender_allowed, may_begin, login };

static void
check_reply_line (const char *line)
{
  static const char legal[] = "214 220 221 235 250 252 334 354 421 451 452 500 501 502 503 504 530 535 "
                              "538 550 552 553 554 555 ";
  char code[5] = { 0 };

  g_assert_cmpuint (strlen (line), >=, 4);
  memcpy (code, line, 3);
  code[3] = ' ';
  g_assert_true (strspn (code, "0123456789") == 3 && strstr (legal, code) != NULL);
  g_assert_true (line[3] == ' ' || line[3] == '-');
  g_assert_true (fuzz_is_clean (line));
  g_assert_cmpuint (strlen (line) + 2, <=, LINE_OCTETS);
}

/* Whole replies only: of several lines all but the last have a '-', and one code. */
static void
log_output (Client *client)
{
  GString *output = sk_smtp_session_output (client->session);
  g_auto (GStrv) lines = NULL;

  if (output->len == 0)
    return;
  g_assert_cmpuint (strlen (output->str), ==, output->len);
  g_assert_true (g_str_has_suffix (output->str, "\r\n"));
  g_string_append (client->log, output->str);
  g_string_truncate (output, output->len - 2);
  lines = g_strsplit (output->str, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      check_reply_line (lines[i]);
      if (lines[i][3] == '-')
        g_assert_true (lines[i + 1] != NULL && memcmp (lines[i], lines[i + 1], 3) == 0);
    }
  g_string_truncate (output, 0);
}

static void
check_line_ends (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      g_assert_true (text[i] != '\0');
      g_assert_true (text[i] != '\n' || (i > 0 && text[i - 1] == '\r'));
      g_assert_true (text[i] != '\r' || (i + 1 < length && text[i + 1] == '\n'));
    }
}

/* RFC 5321 4.5.2, from what the client sent: `sent` ends with the dot's line. */
static void
check_against_sent (const char *sent, gsize length, const char *text, gsize text_length)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  gsize at = 0;

  while (TRUE)
    {
      const char *end = memmem (sent + at, length - at, "\r\n", 2);

      g_assert_nonnull (end);
      if (strncmp (sent + at, ".\r\n", 3) == 0)
        break;
      at += sent[at] == '.';
      g_string_append_len (expected, sent + at, end + 2 - (sent + at));
      at = (gsize) (end + 2 - sent);
    }
  g_assert_cmpuint (at + 3, ==, length);
  g_assert_cmpuint (text_length, ==, expected->len);
  g_assert_true (memcmp (text, expected->str, text_length) == 0);
}

static char *
read_message (const SkEnvelope *envelope)
{
  char *text = g_malloc0 ((gsize) envelope->size + 1);

  g_assert_cmpint (envelope->size, <=, limits.message_bytes);
  g_assert_cmpint (pread (envelope->fd, text, (gsize) envelope->size + 1, 0), ==, envelope->size);
  return text;
}

static void
log_recipients (Client *client, const SkEnvelope *envelope)
{
  g_assert_true (envelope->recipients->len > 0 && envelope->recipients->len <= limits.recipients);
  for (guint i = 0; i < envelope->recipients->len; i++)
    {
      const SkEnvelopeRecipient *recipient = envelope->recipients->pdata[i];

      g_assert_true (fuzz_is_clean (recipient->address) && *recipient->address != '\0');
      g_string_append_printf (client->log, "to %s %s %s\n", recipient->address, recipient->notify,
                              recipient->orcpt);
    }
}

static void
take_message (Client *client)
{
  g_autoptr (SkEnvelope) envelope = sk_smtp_session_steal_envelope (client->session);
  g_autofree char *text = read_message (envelope);
  gboolean holds = (client->options & HOLDS) != 0;
  g_autoptr (SkReply) reply
      = holds ? sk_reply_new (550, "5.7.1", "だめ\nです") : sk_reply_new (250, "2.0.0", "Kept");

  log_output (client);
  g_assert_cmpuint (client->taken, >=, 5);
  g_assert_cmpmem (client->input + client->taken - 5, 5, "\r\n.\r\n", 5);
  check_line_ends (text, (gsize) envelope->size);
  if (client->text > 0)
    check_against_sent (client->input + client->text, client->taken - client->text, text,
                        (gsize) envelope->size);
  g_assert_true (fuzz_is_clean (envelope->mail_from));
  g_string_append_printf (client->log, "from %s %d %d %s %s\n", envelope->mail_from,
                          envelope->body_8bit, envelope->smtputf8, envelope->ret, envelope->envid);
  log_recipients (client, envelope);
  g_string_append_len (client->log, text, (gssize) envelope->size);
  sk_smtp_session_answer (client->session, reply);
}

static void
start_tls (Client *client, gboolean behind)
{
  if (!sk_smtp_session_start_tls (client->session, behind))
    return;
  log_output (client);
  g_string_append (client->log, "TLS\n");
  sk_smtp_session_under_tls (client->session);
}

/* `more` will come behind what is there. */
static SkSmtpNext
feed_once (Client *client, gboolean more)
{
  char *bytes = fuzz_copy (client->have->data, client->have->len);
  gsize taken;
  SkSmtpNext next = sk_smtp_session_feed (client->session, bytes, client->have->len, &taken);

  free (bytes);
  g_assert_cmpuint (taken, <=, client->have->len);
  g_byte_array_remove_range (client->have, 0, (guint) taken);
  client->taken += taken;
  if (next == SK_SMTP_HAS_MESSAGE)
    take_message (client);
  else if (next == SK_SMTP_WANTS_TLS)
    start_tls (client, client->have->len > 0 || more);
  else if (next == SK_SMTP_WANTS_INPUT)
    g_assert_cmpuint (client->have->len, <, limits.auth_bytes);
  return next;
}

static void
note_text (Client *client, gboolean octets)
{
  gboolean inside = sk_smtp_session_in_message (client->session);

  if (!octets || !inside)
    client->text = 0;
  else if (client->text == 0)
    client->text = client->taken;
}

/* `piece` octets at a time, until the session ends. */
static void
send_all (Client *client, gsize length, gsize piece)
{
  for (gsize from = 0; from < length && !sk_smtp_session_has_ended (client->session); from += piece)
    {
      gsize end = MIN (from + piece, length);
      SkSmtpNext next;

      g_byte_array_append (client->have, (const guint8 *) client->input + from, (guint) (end - from));
      do
        next = feed_once (client, end < length);
      while (next == SK_SMTP_HAS_MESSAGE || next == SK_SMTP_WANTS_TLS);
      note_text (client, piece == 1);
    }
}

static void
set_up (Client *client, SkClock *clock)
{
  guint8 options = client->options;

  if (options & MIRROR)
    client->mirror = (SkSmtpMirror) { .size = 300, .smtputf8 = TRUE, .dsn = TRUE };
  client->setup = (SkSmtpSetup) { .limits = &limits,
                                  .mirror = &client->mirror,
                                  .spool_directory = folder,
                                  .clock = clock,
                                  .offers_tls = (options & OFFERS_TLS) != 0,
                                  .under_tls = (options & UNDER_TLS) != 0,
                                  .needs_password = (options & PASSWORD) != 0,
                                  .same_user = (options & OTHER_USER) == 0,
                                  .questions = &questions,
                                  .user_data = client };
}

/* All that was said and handed over. */
static char *
play (guint8 options, const char *input, gsize length, gsize piece)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (0);
  Client client = { .options = options, .input = input, .log = g_string_new (NULL),
                    .have = g_byte_array_new () };

  set_up (&client, clock);
  client.session = sk_smtp_session_new (&client.setup);
  log_output (&client);
  send_all (&client, length, piece);
  log_output (&client);
  if (sk_smtp_session_has_ended (client.session))
    g_string_append (client.log, "the end\n");
  sk_smtp_session_free (client.session);
  g_byte_array_free (client.have, TRUE);
  return g_string_free (client.log, FALSE);
}

static void
make_folder (void)
{
  folder = g_dir_make_tmp ("fuzz-smtp-XXXXXX", NULL);
  g_assert_nonnull (folder);
  atexit (remove_folder);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *whole = NULL, *octets = NULL, *cut = NULL;

  if (size < 3)
    return 0;
  if (folder == NULL)
    make_folder ();
  whole = play (data[0], (const char *) data + 2, size - 2, size - 2);
  octets = play (data[0], (const char *) data + 2, size - 2, 1);
  cut = play (data[0], (const char *) data + 2, size - 2, 2 + data[1] % 61);
  g_assert_cmpstr (whole, ==, octets);
  g_assert_cmpstr (whole, ==, cut);
  return 0;
}
