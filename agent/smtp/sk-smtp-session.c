// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-session.h"

#include "sk-error.h"
#include "sk-smtp-session-private.h"
#include "sk-smtp-spool.h"

#include <string.h>

#define DESCRIBED_BYTES 16
#define SWALLOWED_BYTES (G_GINT64_CONSTANT (4) << 30) /* a refused text that never ends does end here */

void
sk_smtp_session_set_state (SkSmtpSession *self, SkSmtpState state)
{
  if (self->state != SK_SMTP_CLOSED)
    self->state = state;
}

static void
append_reply (SkSmtpSession *self, guint code, const char *enhanced, const char *text)
{
  g_string_append_printf (self->output, "%u ", code);
  if (enhanced != NULL)
    {
      g_string_append (self->output, enhanced);
      g_string_append_c (self->output, ' ');
    }
  g_string_append (self->output, text);
  g_string_append (self->output, "\r\n");
}

void
sk_smtp_session_end (SkSmtpSession *self, const char *enhanced, const char *text)
{
  if (self->state == SK_SMTP_CLOSED)
    return;
  append_reply (self, 421, enhanced, text);
  sk_smtp_session_reset (self);
  sk_smtp_session_set_state (self, SK_SMTP_CLOSED);
}

void
sk_smtp_session_reply (SkSmtpSession *self, guint code, const char *enhanced, const char *text)
{
  if (self->state == SK_SMTP_CLOSED)
    return;
  if (code >= 500 && ++self->errors >= self->setup->limits->errors)
    sk_smtp_session_end (self, "4.7.0", "Too many errors");
  else
    append_reply (self, code, enhanced, text);
}

void
sk_smtp_session_reset (SkSmtpSession *self)
{
  g_hash_table_remove_all (self->addresses);
  g_clear_pointer (&self->envelope, sk_envelope_free);
  self->refused = 0;
  self->announced = 0;
  if (self->state != SK_SMTP_STRANGER)
    sk_smtp_session_set_state (self, SK_SMTP_READY);
}

gint64
sk_smtp_session_size_limit (const SkSmtpSession *self)
{
  gint64 own = self->setup->limits->message_bytes;

  return self->offered.size > 0 ? MIN (own, self->offered.size) : own;
}

SkSmtpSession *
sk_smtp_session_new (const SkSmtpSetup *setup)
{
  SkSmtpSession *self = g_new0 (SkSmtpSession, 1);

  self->setup = setup;
  self->state = SK_SMTP_STRANGER;
  self->under_tls = setup->under_tls;
  self->output = g_string_new ("220 localhost ESMTP Sekisho\r\n");
  self->addresses = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
sk_smtp_session_free (SkSmtpSession *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->addresses);
  sk_envelope_free (self->envelope);
  sk_smtp_auth_free (self->auth);
  g_string_free (self->output, TRUE);
  g_free (self);
}

GString *
sk_smtp_session_output (SkSmtpSession *self)
{
  return self->output;
}

gboolean
sk_smtp_session_in_message (const SkSmtpSession *self)
{
  return self->state == SK_SMTP_TEXT;
}

gboolean
sk_smtp_session_is_idle (const SkSmtpSession *self)
{
  return self->state == SK_SMTP_STRANGER || self->state == SK_SMTP_READY;
}

gboolean
sk_smtp_session_has_ended (const SkSmtpSession *self)
{
  return self->state == SK_SMTP_CLOSED;
}

gboolean
sk_smtp_session_has_quit (const SkSmtpSession *self)
{
  return self->has_quit;
}

SkEnvelope *
sk_smtp_session_steal_envelope (SkSmtpSession *self)
{
  g_hash_table_remove_all (self->addresses);
  return g_steal_pointer (&self->envelope);
}

void
sk_smtp_session_answer (SkSmtpSession *self, const SkReply *reply)
{
  g_autofree char *wire = sk_reply_to_wire (reply);

  g_return_if_fail (self->state == SK_SMTP_ANSWERING);
  g_string_append (self->output, wire);
  sk_smtp_session_reset (self);
  if (sk_reply_is_positive (reply))
    self->errors = 0;
  if (reply->code == 421)
    sk_smtp_session_set_state (self, SK_SMTP_CLOSED);
}

gboolean
sk_smtp_session_start_tls (SkSmtpSession *self, gboolean behind)
{
  g_return_val_if_fail (self->state == SK_SMTP_STARTING_TLS, FALSE);
  if (!behind)
    {
      append_reply (self, 220, "2.0.0", "Ready for TLS");
      return TRUE;
    }
  append_reply (self, 554, "5.5.1", "Nothing may follow STARTTLS");
  sk_smtp_session_set_state (self, SK_SMTP_CLOSED);
  return FALSE;
}

void
sk_smtp_session_under_tls (SkSmtpSession *self)
{
  sk_smtp_session_reset (self);
  g_clear_pointer (&self->auth, sk_smtp_auth_free);
  self->logged_in = FALSE;
  self->under_tls = TRUE;
  self->offered = (SkSmtpMirror) { 0 };
  sk_smtp_session_set_state (self, SK_SMTP_STRANGER);
}

static void
turn_away (SkSmtpSession *self, const char *text, const char *how)
{
  sk_smtp_session_end (self, "4.7.0", text);
  if (self->setup->questions->no_mail_program != NULL)
    self->setup->questions->no_mail_program (how, self->setup->user_data);
}

void
sk_smtp_session_spoken_early (SkSmtpSession *self)
{
  g_string_truncate (self->output, 0);
  turn_away (self, "This is a mail server: wait for its greeting", "it spoke before the greeting");
}

/* Where a line ends, or why it can't be one. */
typedef enum { LINE_WHOLE, LINE_OPEN, LINE_BAD, LINE_LONG } Line;

static gboolean
says (const char *bytes, gsize length, const char *word)
{
  gsize n = strlen (word);

  return length >= n && g_ascii_strncasecmp (bytes, word, n) == 0;
}

static gsize
line_limit (SkSmtpSession *self, const char *bytes, gsize length)
{
  if (self->state == SK_SMTP_LOGGING_IN || says (bytes, length, "AUTH "))
    return self->setup->limits->auth_bytes;
  return self->setup->limits->command_bytes;
}

/* `end`: the octets before the line's CRLF, or before what is wrong. */
static Line
find_line (SkSmtpSession *self, const char *bytes, gsize length, gsize *end)
{
  gsize limit = line_limit (self, bytes, length);

  for (gsize i = 0; i < length; i++)
    {
      *end = i;
      if (i + 2 > limit)
        return LINE_LONG;
      if (bytes[i] == '\n' || bytes[i] == '\0')
        return LINE_BAD;
      if (bytes[i] != '\r')
        continue;
      if (i + 1 == length)
        return LINE_OPEN;
      return bytes[i + 1] == '\n' ? LINE_WHOLE : LINE_BAD;
    }
  *end = length;
  return LINE_OPEN;
}

/* Web pages can make a browser connect to a port of this machine and send, but not begin with one of
 * these words. */
static gboolean
may_come_first (const char *bytes, gsize length)
{
  static const char *const verbs[] = { "EHLO", "HELO", "QUIT", "NOOP" };

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (says (bytes, length, verbs[i])
        && (length == 4 || bytes[4] == ' ' || bytes[4] == '\t'))
      return TRUE;
  return FALSE;
}

static gboolean
is_header_line (const char *bytes, gsize length)
{
  gsize i = 0;

  while (i < length && (g_ascii_isalnum (bytes[i]) || bytes[i] == '-' || bytes[i] == '_'))
    i++;
  return i > 0 && i < length && bytes[i] == ':';
}

static gboolean
is_http (const char *bytes, gsize length)
{
  static const char *const methods[] = { "GET ",     "HEAD ",  "POST ",  "PUT ", "DELETE ",
                                         "OPTIONS ", "TRACE ", "PATCH ", "PRI ", "CONNECT " };

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (says (bytes, length, methods[i]))
      return TRUE;
  return is_header_line (bytes, length);
}

/* The first word alone: what follows it may be a password. */
static char *
describe (const char *bytes, gsize length)
{
  gsize n = 0;

  while (n < MIN (length, DESCRIBED_BYTES) && (g_ascii_isalnum (bytes[n]) || bytes[n] == '-'))
    n++;
  if (n == 0)
    return g_strdup ("it began with what is no command");
  return g_strdup_printf ("it said %.*s", (int) n, bytes);
}

/* FALSE: this is no mail program, and the session has ended. */
static gboolean
admit (SkSmtpSession *self, const char *bytes, gsize length)
{
  gboolean first = !self->has_spoken;
  g_autofree char *how = NULL;

  self->has_spoken = TRUE;
  if (!is_http (bytes, length) && (!first || may_come_first (bytes, length)))
    return TRUE;
  how = describe (bytes, length);
  turn_away (self, "This is a mail server; mail programs begin with EHLO", how);
  return FALSE;
}

/* Up to and with the CRLF that ends the refused line. */
static gsize
skip_line (SkSmtpSession *self, const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (bytes[i] == '\n' && self->skipped_cr)
        {
          self->skipping = self->skipped_cr = FALSE;
          return i + 1;
        }
      self->skipped_cr = bytes[i] == '\r';
    }
  return length;
}

/* Answered at once, not at the line's end: who sends bare LFs would wait for ever. */
static gsize
refuse_line (SkSmtpSession *self, Line line, const char *bytes, gsize end)
{
  if (!admit (self, bytes, end))
    return end;
  if (self->state == SK_SMTP_LOGGING_IN)
    {
      g_clear_pointer (&self->auth, sk_smtp_auth_free);
      sk_smtp_session_set_state (self, SK_SMTP_READY);
    }
  self->skipping = TRUE;
  self->skipped_cr = FALSE;
  if (line == LINE_LONG)
    sk_smtp_session_reply (self, 500, "5.5.2", "Line too long");
  else
    sk_smtp_session_reply (self, 550, "5.6.0", "Lines end with CR LF; no bare CR or LF, no NUL");
  return end;
}

/* A client that begins with anything but a letter (a TLS handshake, say) may never end its line. */
static gboolean
is_no_command (SkSmtpSession *self, const char *bytes)
{
  return !self->has_spoken && !g_ascii_isalpha (*bytes);
}

static gsize
take_line (SkSmtpSession *self, char *bytes, gsize length)
{
  gsize end = 0;
  Line line;

  if (self->skipping)
    return skip_line (self, bytes, length);
  line = find_line (self, bytes, length, &end);
  if (line == LINE_BAD || line == LINE_LONG)
    return refuse_line (self, line, bytes, end);
  if (is_no_command (self, bytes))
    {
      admit (self, bytes, 0);
      return 0;
    }
  if (line == LINE_OPEN)
    return 0;
  bytes[end] = '\0';
  if (admit (self, bytes, end))
    sk_smtp_session_run (self, bytes);
  return end + 2;
}

static void
spoil (SkSmtpSession *self, SkSmtpSpoilt why)
{
  if (self->spoilt == SK_SMTP_SOUND)
    sk_smtp_spool_drop (self->envelope);
  self->spoilt = MIN (self->spoilt, why);
}

static void
keep_text (SkSmtpSession *self, const char *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  if (self->spoilt != SK_SMTP_SOUND)
    return;
  if (self->envelope->size + (gint64) length > sk_smtp_session_size_limit (self))
    spoil (self, SK_SMTP_SPOILT_LARGE);
  else if (!sk_smtp_spool_append (self->envelope, bytes, length, &error))
    {
      g_message ("receiving mail=%s: %s", self->envelope->id, error->message);
      spoil (self, sk_error_is_full (error) ? SK_SMTP_SPOILT_FULL : SK_SMTP_SPOILT_DISK);
    }
}

static gsize
take_text (SkSmtpSession *self, char *bytes, gsize length)
{
  gsize kept, taken = sk_smtp_data_feed (&self->data, bytes, length, &kept);

  if (self->data.bad)
    spoil (self, SK_SMTP_SPOILT_BAD);
  keep_text (self, bytes, kept);
  if (self->spoilt != SK_SMTP_SOUND)
    self->swallowed += taken;
  if (self->data.ended)
    sk_smtp_session_finish (self);
  else if (self->swallowed > SWALLOWED_BYTES)
    sk_smtp_session_end (self, "4.7.0", "A refused message that does not end");
  return taken;
}

static SkSmtpNext
next (SkSmtpSession *self)
{
  switch (self->state)
    {
    case SK_SMTP_ANSWERING:
      return SK_SMTP_HAS_MESSAGE;
    case SK_SMTP_STARTING_TLS:
      return SK_SMTP_WANTS_TLS;
    case SK_SMTP_CLOSED:
      return SK_SMTP_ENDED;
    default:
      return SK_SMTP_WANTS_INPUT;
    }
}

SkSmtpNext
sk_smtp_session_feed (SkSmtpSession *self, char *bytes, gsize length, gsize *taken)
{
  *taken = 0;
  while (*taken < length && next (self) == SK_SMTP_WANTS_INPUT)
    {
      gsize n = self->state == SK_SMTP_TEXT ? take_text (self, bytes + *taken, length - *taken)
                                            : take_line (self, bytes + *taken, length - *taken);

      *taken += n;
      if (n == 0 && !self->skipping)
        break;
    }
  return next (self);
}
