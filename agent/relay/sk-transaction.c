// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-transaction.h"
#include "agent/relay/sk-content.h"
#include "agent/relay/sk-envelope-lines.h"
#include "agent/relay/sk-refusal.h"
#include "agent/relay/sk-reply-reader.h"

#include <string.h>

#define READ_OCTETS (16 * 1024)
#define TURN_OCTETS (1024 * 1024) /* written before other sources of the loop get their turn */

/* Where the client stands. The commands of the envelope are numbered: 0 is MAIL, 1 to n are the
 * recipients' RCPT, n + 1 is DATA. */
typedef enum {
  IN_ENVELOPE,
  IN_CONTENT, /* 354 has come */
  AT_DOT,     /* all but the dot is sent, or in `out`; before_dot was called */
  AFTER_DOT,
  FINISHED,
} Step;

struct _SkTransaction {
  SkConnection *connection;
  const SkRelayMail *mail;
  const SkRelayDeadlines *deadlines;
  SkRelayResult *result;
  const SkTransactionEvents *events;
  gpointer user_data;

  Step step;
  guint next_command, next_reply;
  guint accepted; /* recipients */
  SkReply *mail_refusal;
  gboolean data_open; /* the server waits for content */
  SkReplyReader *reader;

  GString *lines; /* holds what `out` points to while in the envelope */
  SkContent *content;
  const char *out; /* to be written; stays where it is until it is */
  gsize out_length, out_written;
  gboolean out_has_dot;

  gboolean asking; /* within before_dot() */
  gboolean asked, answered;
  char *given_up; /* why; acted on once before_dot has been answered */
  gboolean stale;
  SkTransactionRest rest;
  gint64 step_began;
};

static void pump (SkTransaction *self);

/* --- the end --- */

static gint64
lap (SkTransaction *self)
{
  gint64 now = g_get_monotonic_time (), took = now - self->step_began;

  self->step_began = now;
  return took;
}

static void
finish (SkTransaction *self, SkRelayOutcome outcome, SkTransactionRest rest)
{
  if (self->result->phase == SK_RELAY_ENVELOPE)
    self->result->envelope_us = lap (self);
  else if (self->result->phase == SK_RELAY_CONTENT)
    self->result->content_us = lap (self);
  else
    self->result->answer_us = lap (self);
  self->step = FINISHED;
  self->result->outcome = outcome;
  self->rest = rest;
  sk_connection_set_timeout (self->connection, 0);
}

/* `place` says whose refusal `reply` is; it decides about the whole mail. */
static void
finish_refused (SkTransaction *self, const SkReply *reply, SkRefusalPlace place,
                SkTransactionRest rest)
{
  const char *remedy;
  gboolean temporary = sk_refusal_is_temporary (reply, place, &remedy);

  self->result->reply = sk_reply_copy (reply);
  self->result->problem = g_strdup (remedy);
  if (reply->code == 421 || self->data_open)
    rest = SK_REST_CLOSE;
  finish (self, temporary ? SK_RELAY_DEFERRED : SK_RELAY_REJECTED, rest);
}

static void
finish_mail_refused (SkTransaction *self, SkTransactionRest rest)
{
  GPtrArray *replies = self->result->recipient_replies;

  for (guint i = 0; i < replies->len; i++) /* "MAIL first" says nothing about them */
    g_clear_pointer ((SkReply **)&replies->pdata[i], sk_reply_free);
  finish_refused (self, self->mail_refusal, SK_REFUSAL_OF_MAIL, rest);
}

/* Ends the mail now, or once before_dot is answered. */
static void
give_up (SkTransaction *self, const char *problem)
{
  if (self->given_up != NULL)
    return;
  self->given_up = g_strdup (problem);
  if (self->asked && !self->answered)
    sk_connection_mute (self->connection);
}

/* The connection is of no use any more, and the server has not said what becomes of the mail. */
static void
finish_lost (SkTransaction *self, const char *problem)
{
  gboolean dot_is_out = self->step == AFTER_DOT;

  if (self->asked && !self->answered)
    give_up (self, problem);
  else if (self->mail_refusal != NULL)
    finish_mail_refused (self, SK_REST_CLOSE);
  else
    {
      self->result->problem = g_strdup_printf (
          dot_is_out ? "%s after the whole mail was handed over: it may have been sent (look for "
                       "it in the provider's "
                       "sent mail before sending it again)"
                     : "%s before the mail was handed over; it will be tried again",
          problem);
      finish (self, dot_is_out ? SK_RELAY_UNKNOWN : SK_RELAY_DEFERRED, SK_REST_CLOSE);
    }
}

static void
finish_disconnected (SkTransaction *self)
{
  self->stale = self->step == IN_ENVELOPE && self->next_reply == 0
                && sk_reply_reader_is_empty (self->reader);
  finish_lost (self, "the connection to the provider was lost");
}

/* --- the envelope --- */

static guint
data_command (const SkTransaction *self)
{
  return self->mail->recipients->len + 1;
}

/* A DATA that went out before the recipients are answered can't be taken back without closing the
 * connection: not when a refused recipient among several is to stop the mail. */
static gboolean
may_pipeline_data (const SkTransaction *self)
{
  return self->mail->recipients->len == 1 || !self->mail->all_or_nothing;
}

static guint
commands_in_one_write (const SkTransaction *self)
{
  if (!sk_connection_capabilities (self->connection)->pipelining
      || self->next_command == data_command (self))
    return 1;
  return data_command (self) + (may_pipeline_data (self) ? 1 : 0) - self->next_command;
}

static void
append_command (SkTransaction *self, guint command)
{
  const SkRelayCapabilities *capabilities = sk_connection_capabilities (self->connection);
  const GPtrArray *recipients = self->mail->recipients;

  if (command == 0)
    sk_envelope_lines_append_mail (self->lines, self->mail, capabilities);
  else if (command < data_command (self))
    sk_envelope_lines_append_rcpt (self->lines, g_ptr_array_index (recipients, command - 1),
                                   capabilities);
  else
    g_string_append (self->lines, "DATA\r\n");
}

static void
write_commands (SkTransaction *self)
{
  guint end = self->next_command + commands_in_one_write (self);

  g_string_truncate (self->lines, 0);
  while (self->next_command < end)
    append_command (self, self->next_command++);
  self->out = self->lines->str;
  self->out_length = self->lines->len;
  self->out_written = 0;
  sk_connection_set_timeout (self->connection, self->deadlines->reply);
}

static const SkReply *
recipient_reply (const SkTransaction *self, guint recipient)
{
  return g_ptr_array_index (self->result->recipient_replies, recipient);
}

/* The first recipient's refusal that is temporary, or is not. */
static const SkReply *
find_refusal (const SkTransaction *self, gboolean temporary)
{
  for (guint i = 0; i < self->mail->recipients->len; i++)
    {
      const SkReply *reply = recipient_reply (self, i);

      if (reply != NULL && !sk_reply_is_positive (reply)
          && sk_refusal_is_temporary (reply, SK_REFUSAL_OF_RECIPIENT, NULL) == temporary)
        return reply;
    }
  return NULL;
}

/* Without all_or_nothing this is asked only when all are refused: then one that may be accepted
 * later keeps the mail. With it, one that never will be refuses the mail. */
static const SkReply *
deciding_refusal (const SkTransaction *self)
{
  const SkReply *first = find_refusal (self, !self->mail->all_or_nothing);

  return first != NULL ? first : find_refusal (self, self->mail->all_or_nothing);
}

static gboolean
recipients_stop_mail (const SkTransaction *self)
{
  return self->accepted == 0
         || (self->mail->all_or_nothing && self->accepted < self->mail->recipients->len);
}

/* All commands that went out are answered: what now? */
static void
conclude_envelope (SkTransaction *self, const SkReply *data_reply)
{
  if (self->mail_refusal != NULL)
    finish_mail_refused (self, SK_REST_RESET);
  else if (recipients_stop_mail (self))
    finish_refused (self, deciding_refusal (self), SK_REFUSAL_OF_RECIPIENT, SK_REST_RESET);
  else if (data_reply == NULL)
    write_commands (self);
  else if (!self->data_open)
    finish_refused (self, data_reply, SK_REFUSAL_OF_MAIL, SK_REST_RESET);
  else
    {
      self->step = IN_CONTENT;
      self->result->phase = SK_RELAY_CONTENT;
      self->result->envelope_us = lap (self);
      self->content = sk_content_new (self->mail);
    }
}

/* After a refused MAIL nothing more is asked one by one; what was pipelined is still answered. */
static void
go_on_with_envelope (SkTransaction *self, const SkReply *reply)
{
  gboolean all_answered = self->next_reply == self->next_command;
  gboolean recipients_left = self->next_command < data_command (self);

  if (!all_answered)
    return;
  if (recipients_left && self->mail_refusal == NULL)
    write_commands (self);
  else
    conclude_envelope (self, self->next_reply > data_command (self) ? reply : NULL);
}

static gboolean
is_expected (const SkReply *reply, gboolean is_data)
{
  guint digit = reply->code / 100;

  return digit == 4 || digit == 5 || (is_data ? reply->code == 354 : digit == 2);
}

static void
take_envelope_reply (SkTransaction *self, SkReply *reply)
{
  guint command = self->next_reply;
  gboolean is_data = command == data_command (self);

  if (reply->code == 421 && self->mail_refusal == NULL)
    {
      self->stale = command == 0;
      finish_refused (self, reply, SK_REFUSAL_OF_MAIL, SK_REST_CLOSE);
      return;
    }
  if (reply->code == 421 || !is_expected (reply, is_data) || command == self->next_command)
    {
      finish_lost (self, "the provider's server gave an answer that makes no sense");
      return;
    }
  self->next_reply++;
  self->data_open = is_data && reply->code == 354;
  if (command == 0 && !sk_reply_is_positive (reply))
    self->mail_refusal = sk_reply_copy (reply);
  else if (command > 0 && !is_data)
    {
      self->accepted += sk_reply_is_positive (reply);
      self->result->recipient_replies->pdata[command - 1] = sk_reply_copy (reply);
    }
  sk_connection_set_timeout (self->connection, self->deadlines->reply);
  go_on_with_envelope (self, reply);
}

/* --- what the server says --- */

static void
take_final_reply (SkTransaction *self, const SkReply *reply)
{
  if (sk_reply_is_positive (reply))
    {
      self->result->reply = sk_reply_copy (reply);
      finish (self, SK_RELAY_ACCEPTED, SK_REST_KEEP);
    }
  else if (sk_reply_is_temporary (reply) || sk_reply_is_permanent (reply))
    {
      self->data_open = FALSE;
      finish_refused (self, reply, SK_REFUSAL_OF_MAIL, SK_REST_KEEP);
    }
  else
    finish_lost (self, "the provider's server gave an answer that makes no sense");
}

/* A no before the dot means that nothing was sent, and the connection has to go, since the server
 * is still in the middle of the content. */
static void
take_early_reply (SkTransaction *self, const SkReply *reply)
{
  gboolean waits = self->step == AT_DOT && !self->answered;

  if (!waits && (sk_reply_is_temporary (reply) || sk_reply_is_permanent (reply)))
    finish_refused (self, reply, SK_REFUSAL_OF_MAIL, SK_REST_CLOSE);
  else
    finish_lost (self, "the provider's server spoke out of turn");
}

static void
take_reply (SkTransaction *self, SkReply *reply)
{
  if (self->step == IN_ENVELOPE)
    take_envelope_reply (self, reply);
  else if (self->step == AFTER_DOT)
    take_final_reply (self, reply);
  else
    take_early_reply (self, reply);
}

static void
take_malformed (SkTransaction *self)
{
  g_autofree char *excerpt = sk_reply_reader_excerpt (self->reader);
  g_autofree char *problem
      = g_strdup_printf ("the provider's server said \"%s\", which is no answer in SMTP,", excerpt);

  finish_lost (self, problem);
}

static gboolean
is_over (const SkTransaction *self)
{
  return self->step == FINISHED || self->given_up != NULL;
}

static void
take_octets (SkTransaction *self, const char *data, gsize length)
{
  while (length > 0 && !is_over (self))
    {
      g_autoptr (SkReply) reply = NULL;
      SkReplyStatus status = sk_reply_reader_take (self->reader, &data, &length, &reply);

      if (status == SK_REPLY_MALFORMED)
        take_malformed (self);
      else if (status == SK_REPLY_COMPLETE)
        take_reply (self, reply);
    }
  if (length > 0 || !sk_reply_reader_is_empty (self->reader))
    if (self->step == FINISHED)
      self->rest = SK_REST_CLOSE; /* it says more than it was asked */
}

static void
read_replies (SkTransaction *self)
{
  char buffer[READ_OCTETS];

  while (!is_over (self))
    {
      gsize length;
      SkIo io = sk_connection_read (self->connection, buffer, sizeof buffer, &length);

      if (io == SK_IO_AGAIN)
        return;
      if (io == SK_IO_CLOSED)
        finish_disconnected (self);
      else
        take_octets (self, buffer, length);
    }
}

/* --- what we say --- */

static void
ask_before_dot (SkTransaction *self)
{
  self->step = AT_DOT;
  self->asked = TRUE;
  sk_connection_set_timeout (self->connection, 0);
  if (self->events->before_dot == NULL)
    {
      self->answered = TRUE;
      return;
    }
  self->asking = TRUE;
  self->events->before_dot (self->user_data);
  self->asking = FALSE;
}

/* The dot goes with the last piece when it may go already; there is room for it behind. */
static void
append_dot (SkTransaction *self, char *piece)
{
  static const char dot[] = ".\r\n";

  if (piece != NULL)
    memcpy (piece + self->out_length, dot, 3);
  else
    {
      self->out = dot;
      self->out_length = self->out_written = 0;
    }
  self->out_length += 3;
  self->out_has_dot = TRUE;
}

static void
next_piece (SkTransaction *self)
{
  g_autoptr (GError) error = NULL;
  char *piece = sk_content_next (self->content, &self->out_length, &error);

  self->out = piece;
  self->out_written = 0;
  if (error != NULL)
    {
      finish_lost (self, error->message);
      return;
    }
  if (!sk_content_is_at_end (self->content))
    return;
  ask_before_dot (self);
  if (self->answered && self->given_up == NULL)
    append_dot (self, piece);
}

static gboolean
has_more_to_write (const SkTransaction *self)
{
  return self->out_written < self->out_length || self->step == IN_CONTENT
         || (self->step == AT_DOT && self->answered && !self->out_has_dot);
}

/* Puts something new into `out` when all of it has been written. */
static void
find_more_to_write (SkTransaction *self)
{
  if (self->out_written < self->out_length)
    return;
  if (self->step == IN_CONTENT)
    next_piece (self);
  else
    append_dot (self, NULL);
}

static void
dot_is_out (SkTransaction *self)
{
  self->step = AFTER_DOT;
  self->result->phase = SK_RELAY_DOT;
  self->result->content_us = lap (self);
  g_clear_pointer (&self->content, sk_content_free);
  sk_connection_set_timeout (self->connection, self->deadlines->final);
}

/* FALSE when the rest must wait until the socket takes more. */
static gboolean
write_out (SkTransaction *self)
{
  gsize written = 0;
  SkIo io = sk_connection_write (self->connection, self->out + self->out_written,
                                 self->out_length - self->out_written, &written);

  if (io == SK_IO_CLOSED)
    {
      read_replies (self); /* a server that hung up may have said why */
      if (!is_over (self))
        finish_disconnected (self);
      return FALSE;
    }
  if (io == SK_IO_AGAIN)
    return FALSE;
  self->out_written += written;
  if (self->out_written == self->out_length && self->out_has_dot)
    dot_is_out (self);
  else if (self->step == IN_CONTENT || (self->step == AT_DOT && self->answered))
    sk_connection_set_timeout (self->connection, self->deadlines->reply);
  return TRUE;
}

static void
write_all (SkTransaction *self)
{
  gsize turn = 0;

  while (!is_over (self) && has_more_to_write (self) && turn < TURN_OCTETS)
    {
      gsize before;

      find_more_to_write (self);
      before = self->out_written;
      if (is_over (self) || (before < self->out_length && !write_out (self)))
        return;
      turn += self->out_written - before;
    }
}

/* --- events --- */

/* What was given up while before_dot was not answered yet ends now. */
static void
act_on_given_up (SkTransaction *self)
{
  if (self->step != FINISHED && self->given_up != NULL && (!self->asked || self->answered))
    finish_lost (self, self->given_up);
}

/* Calls `finished` as its last act. */
static void
pump (SkTransaction *self)
{
  write_all (self);
  act_on_given_up (self);
  if (self->step == FINISHED)
    {
      sk_connection_want_write (self->connection, FALSE);
      self->events->finished (self->user_data);
    }
  else
    sk_connection_want_write (self->connection, !is_over (self) && has_more_to_write (self));
}

static void
event_cb (SkConnection *connection, SkConnectionEvent event, gpointer user_data)
{
  SkTransaction *self = user_data;

  if (event == SK_CONNECTION_LATE)
    finish_lost (self, "the provider's server was silent for too long");
  else
    read_replies (self);
  pump (self);
}

void
sk_transaction_start (SkTransaction *self)
{
  int recipient;
  g_autoptr (SkReply) refusal = sk_envelope_lines_check (
      self->mail, sk_connection_capabilities (self->connection), &recipient);

  self->result->phase = SK_RELAY_ENVELOPE;
  self->step_began = g_get_monotonic_time ();
  if (refusal != NULL)
    {
      if (recipient >= 0)
        self->result->recipient_replies->pdata[recipient] = sk_reply_copy (refusal);
      self->result->reply = g_steal_pointer (&refusal);
      finish (self, SK_RELAY_REJECTED, SK_REST_KEEP);
    }
  else
    write_commands (self);
  pump (self);
}

void
sk_transaction_answer (SkTransaction *self, gboolean go)
{
  g_return_if_fail (self->asked && !self->answered);
  if (!go)
    give_up (self, "the attempt was abandoned");
  self->answered = TRUE;
  if (self->asking)
    return;
  sk_connection_set_timeout (self->connection, self->deadlines->reply);
  pump (self);
}

void
sk_transaction_abandon (SkTransaction *self, const char *problem)
{
  if (self->step >= AFTER_DOT)
    return;
  give_up (self, problem);
  if (!self->asking)
    pump (self);
}

void
sk_transaction_cut_off (SkTransaction *self, const char *problem)
{
  give_up (self, problem);
  if (!self->asking)
    pump (self);
}

SkTransactionRest
sk_transaction_rest (const SkTransaction *self)
{
  return self->rest;
}

gboolean
sk_transaction_was_stale (const SkTransaction *self)
{
  return self->stale;
}

SkTransaction *
sk_transaction_new (SkConnection *connection, const SkRelayMail *mail,
                    const SkRelayDeadlines *deadlines, SkRelayResult *result,
                    const SkTransactionEvents *events, gpointer user_data)
{
  SkTransaction *self = g_new0 (SkTransaction, 1);

  self->connection = connection;
  self->mail = mail;
  self->deadlines = deadlines;
  self->result = result;
  self->events = events;
  self->user_data = user_data;
  self->reader = sk_reply_reader_new ();
  self->lines = g_string_sized_new (256);
  sk_connection_set_owner (connection, event_cb, self);
  return self;
}

void
sk_transaction_free (SkTransaction *self)
{
  if (self == NULL)
    return;
  sk_reply_reader_free (self->reader);
  sk_content_free (self->content);
  g_string_free (self->lines, TRUE);
  sk_reply_free (self->mail_refusal);
  g_free (self->given_up);
  g_free (self);
}
