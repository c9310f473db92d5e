// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-desk-private.h"

static SkDelivery *
only_delivery (const SkSubmitted *self)
{
  return self->mail->deliveries->pdata[0];
}

/* --- how it ended ------------------------------------------------------------------------------- */

void
sk_submitted_end_attempt (SkSubmitted *self)
{
  g_autoptr (GError) error = NULL;

  if (self->attempt_recorded
      && !sk_store_attempt_end (self->desk->store, self->mail->id, &error))
    g_warning ("%s", error->message);
  self->attempt_recorded = FALSE;
}

static void
note_sent (SkSubmitted *self, const SkRelayResult *result)
{
  SkDelivery *delivery = only_delivery (self);

  self->mail->state = SK_MAIL_DONE;
  delivery->state = SK_DELIVERY_SENT;
  delivery->reply = sk_reply_copy (result->reply);
  for (guint i = 0; i < delivery->recipients->len && i < result->recipient_replies->len; i++)
    {
      SkDeliveryRecipient *recipient = delivery->recipients->pdata[i];

      recipient->accepted = TRUE;
      recipient->reply = sk_reply_copy (result->recipient_replies->pdata[i]);
    }
}

/* What went straight through is shown like all else. Nobody waits for this row: it is written with the next. */
void
sk_desk_record_sent (SkDesk *self, const SkMail *mail, SkStoreFunc recorded, gpointer user_data)
{
  const SkDelivery *delivery = mail->deliveries->pdata[0];
  g_autoptr (json_t) events = json_array ();

  json_array_append_new (events, sk_mail_event (self, mail, "submitted", 0));
  json_array_append_new (events, sk_mail_event (self, mail, "judged", 0));
  json_array_append_new (events, sk_mail_event (self, mail, "sent", delivery->number));
  sk_store_save_later (self->store, mail, events, recorded, user_data);
  sk_desk_count_sent (self, delivery->recipients);
}

/* The attempt's row goes when the client has its answer and the mail's row is durable. Should we end before, the
 * next start knows that the mail was taken, and the client that submits it again gets the same answer. */
static void
note_answer_in_attempt (SkSubmitted *self)
{
  g_autoptr (GError) error = NULL;

  if (!sk_store_attempt_begin (self->desk->store, self->mail, self->envelope->path, self->key,
                               &error))
    g_warning ("mail=%s: %s", self->mail->id, error->message);
}

static void
recorded_cb (const GError *error, gpointer user_data)
{
  SkSubmitted *self = user_data;

  self->recording = FALSE;
  if (error != NULL)
    g_warning ("mail=%s was sent, which can't be noted now: %s (it is noted at the next start)",
               self->mail->id, error->message);
  else
    sk_desk_emit_changed (self->desk, self->mail);
  if (error == NULL && self->told)
    sk_submitted_end_attempt (self);
  sk_submitted_unref (self);
}

static void
accepted (SkSubmitted *self, const SkRelayResult *result)
{
  note_sent (self, result);
  note_answer_in_attempt (self);
  sk_submitted_finish (self, result->reply);
  self->recording = TRUE;
  sk_desk_record_sent (self->desk, self->mail, recorded_cb, sk_submitted_ref (self));
}

static void
rejected (SkSubmitted *self, const SkRelayResult *result)
{
  g_autoptr (SkReply) unsaid = NULL;

  sk_submitted_end_attempt (self);
  if (result->reply == NULL)
    unsaid = sk_reply_new (554, "5.0.0", result->problem);
  sk_submitted_record_refused (self, result->reply != NULL ? result->reply : unsaid);
  sk_submitted_finish (self, result->reply != NULL ? result->reply : unsaid);
}

static void
deferred (SkSubmitted *self, const SkRelayResult *result)
{
  SkDelivery *delivery = only_delivery (self);

  delivery->reply = sk_reply_copy (result->reply);
  delivery->problem = g_strdup (result->problem);
  delivery->tries = 1;
  sk_deadline_start (&delivery->next_try, self->desk->clock, sk_relay_retry_delay (0));
  sk_submitted_keep (self);
}

static void
unknown (SkSubmitted *self, const SkRelayResult *result)
{
  SkDelivery *delivery = only_delivery (self);

  delivery->state = SK_DELIVERY_MAY_HAVE_BEEN_SENT;
  delivery->problem = g_strdup (result->problem);
  sk_desk_emit_attention (self->desk, self->mail->id, "uncertain");
  sk_submitted_keep (self);
}

typedef void (*Ending) (SkSubmitted *self, const SkRelayResult *result);

static const Ending endings[] = {
  [SK_RELAY_ACCEPTED] = accepted,
  [SK_RELAY_REJECTED] = rejected,
  [SK_RELAY_DEFERRED] = deferred,
  [SK_RELAY_UNKNOWN] = unknown,
};

static void
sent_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  SkSubmitted *self = user_data;
  g_autoptr (SkRelayResult) result = sk_relay_send_finish (self->desk->relay, async_result);

  self->desk->stages.relay_us
      += result->connect_us + result->envelope_us + result->content_us + result->answer_us;
  endings[result->outcome](self, result);
  sk_submitted_unref (self);
}

/* --- the attempt -------------------------------------------------------------------------------- */

/* What can't be noted doesn't leave. */
static void
before_dot (SkRelayJob *job, gpointer user_data)
{
  SkSubmitted *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->desk->stopping)
    {
      sk_relay_job_abandon (job);
      return;
    }
  self->attempt_recorded = sk_store_attempt_begin (self->desk->store, self->mail,
                                                   self->envelope->path, self->key, &error);
  if (self->attempt_recorded)
    {
      sk_relay_job_proceed (job);
      return;
    }
  g_warning ("mail=%s is not sent now: %s", self->mail->id, error->message);
  sk_relay_job_abandon (job);
}

void
sk_submitted_go_straight (SkSubmitted *self)
{
  g_autoptr (GError) error = NULL;
  SkRelayMail *mail = &self->handed;

  self->splice = sk_splice_new (self->envelope->fd, NULL, &error);
  if (self->splice == NULL)
    {
      g_warning ("mail=%s: %s", self->mail->id, error->message);
      sk_submitted_keep (self);
      return;
    }
  *mail = (SkRelayMail){
    .id = self->mail->id,
    .fd = self->envelope->fd,
    .mail_from = self->envelope->mail_from,
    .recipients = self->envelope->recipients,
    .body_8bit = self->envelope->body_8bit,
    .smtputf8 = self->envelope->smtputf8,
    .ret = self->envelope->ret,
    .envid = self->envelope->envid,
    .all_or_nothing = TRUE,
  };
  mail->segments = (const SkSegment *) self->splice->segments->data;
  mail->segment_count = self->splice->segments->len;
  mail->size = self->splice->size;
  sk_relay_send (self->desk->relay, mail, NULL, before_dot, self, sent_cb,
                 sk_submitted_ref (self));
}
