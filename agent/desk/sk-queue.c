// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-desk-private.h"

#include "sk-error.h"
#include "sk-text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HOUR (60 * 60 * (gint64) G_USEC_PER_SEC)
#define ASK_WHEN_LATE (12 * HOUR)   /* a delivery that could have gone so long ago asks first */
#define GIVE_UP_AFTER (24 * HOUR)   /* of trying while online */

static const char opened_by_time[] = "time";
static const char late_reason[]
    = N_ ("it was due while this computer was off for more than 12 hours; release it if it should "
          "still go");

/* --- gates -------------------------------------------------------------------------------------- */

static void
open_gate (SkDesk *desk, SkGate *gate, const char *by)
{
  gate->open = TRUE;
  g_free (gate->opened_by);
  gate->opened_by = g_strdup (by);
  gate->opened_at = sk_clock_wall (desk->clock);
}

void
sk_kept_return (SkDesk *desk, SkKept *kept, SkDelivery *delivery, const char *why)
{
  delivery->state = SK_DELIVERY_RETURNED;
  g_free (delivery->problem);
  delivery->problem = g_strdup (why);
  sk_kept_save (desk, kept, "returned", delivery->number);
  sk_desk_emit_attention (desk, kept->mail->id, "failure");
}

static const char *
expiry_reason (const SkGate *gate)
{
  if (gate->kind == SK_GATE_APPROVAL)
    return N_ ("nobody approved it in time");
  return gate->timed ? N_ ("its time was over") : N_ ("nobody released it in time");
}

/* A timed hold that ends opens; everything else that ends goes back to its sender. */
static void
gate_is_due (SkDesk *desk, SkKept *kept, SkDelivery *delivery, SkGate *gate)
{
  gboolean opens = gate->kind == SK_GATE_HOLD && gate->timed
                   && g_strcmp0 (gate->afterwards, "send") == 0;

  if (gate->open || !sk_deadline_is_over (&gate->deadline, desk->clock))
    return;
  if (opens)
    open_gate (desk, gate, opened_by_time);
  else
    sk_kept_return (desk, kept, delivery, expiry_reason (gate));
}

static gint64
open_since (SkDesk *desk, const SkGate *gate)
{
  if (g_strcmp0 (gate->opened_by, opened_by_time) == 0)
    return -sk_deadline_left (&gate->deadline, desk->clock);
  return sk_clock_wall (desk->clock) - gate->opened_at;
}

/* For how long a delivery whose gates are open could have gone, microseconds. */
static gint64
lateness (SkDesk *desk, const SkMail *mail, const SkDelivery *delivery)
{
  gint64 late = sk_clock_wall (desk->clock) - mail->submitted;

  for (guint i = 0; i < delivery->gates->len; i++)
    late = MIN (late, open_since (desk, delivery->gates->pdata[i]));
  return late;
}

static void
ask_sender_first (SkDesk *desk, SkDelivery *delivery)
{
  sk_desk_hold_delivery (delivery, desk->clock, GIVE_UP_AFTER / G_USEC_PER_SEC, "wait", "sender",
                        late_reason);
}

static void
open_due_gates (SkDesk *desk, SkKept *kept, SkDelivery *delivery)
{
  SkGate *question = sk_delivery_question (delivery);
  gboolean closed = FALSE;

  for (guint i = 0; i < delivery->gates->len && delivery->state == SK_DELIVERY_WAITING; i++)
    if (question == NULL || question == delivery->gates->pdata[i])
      gate_is_due (desk, kept, delivery, delivery->gates->pdata[i]);
  for (guint i = 0; i < delivery->gates->len; i++)
    closed |= !((SkGate *) delivery->gates->pdata[i])->open;
  if (delivery->state != SK_DELIVERY_WAITING || closed)
    return;
  if (lateness (desk, kept->mail, delivery) >= ASK_WHEN_LATE)
    ask_sender_first (desk, delivery);
  else
    delivery->state = SK_DELIVERY_READY;
  sk_kept_save (desk, kept, delivery->state == SK_DELIVERY_READY ? NULL : "delayed",
                delivery->number);
}

/* What was ready before the agent went away, and couldn't go for half a day. */
void
sk_kept_ask_when_late (SkDesk *desk, SkKept *kept)
{
  for (guint i = 0; i < kept->mail->deliveries->len; i++)
    {
      SkDelivery *delivery = kept->mail->deliveries->pdata[i];

      if (delivery->state == SK_DELIVERY_READY && delivery->tries == 0
          && lateness (desk, kept->mail, delivery) >= ASK_WHEN_LATE)
        ask_sender_first (desk, delivery);
    }
}

void
sk_kept_settle (SkDesk *desk, SkKept *kept)
{
  for (guint i = 0; i < kept->mail->deliveries->len; i++)
    {
      SkDelivery *delivery = kept->mail->deliveries->pdata[i];

      sk_deadline_settle (&delivery->next_try, desk->clock);
      for (guint j = 0; j < delivery->gates->len; j++)
        sk_deadline_settle (&((SkGate *) delivery->gates->pdata[j])->deadline, desk->clock);
    }
}

/* --- one attempt -------------------------------------------------------------------------------- */

typedef struct {
  SkDesk *desk;
  char *id;
  guint number;
  int fd;
  SkSplice *splice;
  GPtrArray *recipients; /* SkEnvelopeRecipient*: those the provider has not taken yet */
  SkRelayMail handed;    /* what the relay reads until its answer */
  GArray *indexes;       /* guint: their places in the delivery */
  SkRelayJob *job;
  char *abandoned;       /* why the dot could not be written down, for people */
} SkAttempt;

static void
attempt_free (SkAttempt *self)
{
  if (self->fd >= 0)
    close (self->fd);
  sk_splice_free (self->splice);
  g_ptr_array_unref (self->recipients);
  g_array_unref (self->indexes);
  g_free (self->abandoned);
  g_free (self->id);
  g_object_unref (self->desk);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkAttempt, attempt_free)

static void
dot_recorded_cb (const GError *error, gpointer user_data)
{
  SkAttempt *self = user_data;

  if (error == NULL && !self->desk->stopping)
    {
      sk_relay_job_proceed (self->job);
      return;
    }
  if (error != NULL)
    {
      g_warning ("mail=%s is not sent now: %s", self->id, error->message);
      self->abandoned = g_strdup_printf ("it is not sent before that can be written down: %s",
                                         error->message);
    }
  sk_relay_job_abandon (self->job);
}

/* The dot goes out only after the fact is durable: a crash in between shows "may have been sent". */
static void
before_dot (SkRelayJob *job, gpointer user_data)
{
  SkAttempt *self = user_data;
  SkKept *kept = g_hash_table_lookup (self->desk->kept, self->id);
  SkDelivery *delivery = sk_mail_delivery (kept->mail, self->number);

  self->job = job;
  delivery->dot_sent = TRUE;
  for (guint i = 0; i < self->indexes->len; i++) /* what was said in an earlier try */
    {
      SkDeliveryRecipient *recipient
          = delivery->recipients->pdata[g_array_index (self->indexes, guint, i)];

      g_clear_pointer (&recipient->reply, sk_reply_free);
    }
  kept->mail->revision++;
  sk_store_save (self->desk->store, kept->mail, NULL, dot_recorded_cb, self);
}

static gboolean
is_refused_for_good (const SkDeliveryRecipient *recipient)
{
  return !recipient->accepted && recipient->reply != NULL
         && sk_reply_is_permanent (recipient->reply)
         && !sk_relay_reply_is_temporary (recipient->reply, NULL);
}

/* Whoever was refused for good got nothing. */
void
sk_desk_count_sent (SkDesk *desk, const GPtrArray *recipients)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  for (guint i = 0; i < recipients->len; i++)
    {
      const SkDeliveryRecipient *recipient = recipients->pdata[i];
      SkAddress *address
          = is_refused_for_good (recipient) ? NULL : sk_address_new (recipient->address, NULL);

      if (address == NULL)
        continue;
      g_ptr_array_add (addresses, address);
      g_ptr_array_add (keys, address->key);
    }
  g_ptr_array_add (keys, NULL);
  sk_store_history_add (desk->store, sk_desk_person (desk), (const char *const *) keys->pdata,
                        sk_clock_wall (desk->clock), NULL, NULL);
}

static void
fail (SkDesk *desk, SkKept *kept, SkDelivery *delivery)
{
  delivery->state = SK_DELIVERY_FAILED;
  sk_kept_save (desk, kept, "failed", delivery->number);
  sk_desk_emit_attention (desk, kept->mail->id, "failure");
}

static void
schedule_retry (SkDesk *desk, SkKept *kept, SkDelivery *delivery)
{
  if (delivery->online_us >= GIVE_UP_AFTER)
    {
      fail (desk, kept, delivery);
      return;
    }
  delivery->state = SK_DELIVERY_READY;
  delivery->tries++;
  sk_deadline_start (&delivery->next_try, desk->clock, sk_relay_retry_delay (delivery->tries - 1));
  sk_kept_save (desk, kept, delivery->tries == 1 ? "delayed" : NULL, delivery->number);
}

/* The content was taken for all to whom the provider hasn't said no; into the history with those. */
static void
note_taken (SkDesk *desk, SkDelivery *delivery)
{
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();

  for (guint i = 0; i < delivery->recipients->len; i++)
    {
      SkDeliveryRecipient *recipient = delivery->recipients->pdata[i];

      if (recipient->accepted || (recipient->reply != NULL && !sk_reply_is_positive (recipient->reply)))
        continue;
      recipient->accepted = TRUE;
      g_ptr_array_add (taken, recipient);
    }
  sk_desk_count_sent (desk, taken);
}

/* What is left: those who were refused for good make it "failed", so that somebody looks; those who were only put off
 * are tried again. */
static SkDeliveryState
state_after_sent (const SkDelivery *delivery)
{
  gboolean refused = FALSE;

  for (guint i = 0; i < delivery->recipients->len; i++)
    {
      const SkDeliveryRecipient *recipient = delivery->recipients->pdata[i];

      if (!recipient->accepted && !is_refused_for_good (recipient))
        return SK_DELIVERY_READY;
      refused |= !recipient->accepted;
    }
  return refused ? SK_DELIVERY_FAILED : SK_DELIVERY_SENT;
}

void
sk_delivery_note_sent (SkDesk *desk, SkDelivery *delivery)
{
  note_taken (desk, delivery);
  delivery->state = state_after_sent (delivery);
}

static void
accepted (SkDesk *desk, SkKept *kept, SkDelivery *delivery)
{
  sk_delivery_note_sent (desk, delivery);
  if (delivery->state == SK_DELIVERY_READY)
    schedule_retry (desk, kept, delivery);
  else if (delivery->state == SK_DELIVERY_FAILED)
    fail (desk, kept, delivery);
  else
    sk_kept_save (desk, kept, "sent", delivery->number);
}

static void
uncertain (SkDesk *desk, SkKept *kept, SkDelivery *delivery)
{
  delivery->state = SK_DELIVERY_MAY_HAVE_BEEN_SENT;
  sk_kept_save (desk, kept, "may-have-been-sent", delivery->number);
  sk_desk_emit_attention (desk, kept->mail->id, "uncertain");
}

typedef void (*Ending) (SkDesk *desk, SkKept *kept, SkDelivery *delivery);

static const Ending endings[] = {
  [SK_RELAY_ACCEPTED] = accepted,
  [SK_RELAY_REJECTED] = fail,
  [SK_RELAY_DEFERRED] = schedule_retry,
  [SK_RELAY_UNKNOWN] = uncertain,
};

static void
note_recipient_replies (SkAttempt *self, SkDelivery *delivery, const SkRelayResult *result)
{
  for (guint i = 0; i < self->indexes->len && i < result->recipient_replies->len; i++)
    {
      SkDeliveryRecipient *recipient
          = delivery->recipients->pdata[g_array_index (self->indexes, guint, i)];
      const SkReply *reply = result->recipient_replies->pdata[i];

      if (reply == NULL)
        continue;
      sk_reply_free (recipient->reply);
      recipient->reply = sk_reply_copy (reply);
    }
}

static void
attempt_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (SkAttempt) self = user_data;
  SkDesk *desk = self->desk;
  g_autoptr (SkRelayResult) result = sk_relay_send_finish (desk->relay, async_result);
  SkKept *kept = g_hash_table_lookup (desk->kept, self->id);
  SkDelivery *delivery = sk_mail_delivery (kept->mail, self->number);

  note_recipient_replies (self, delivery, result);
  delivery->dot_sent = FALSE;
  sk_reply_free (delivery->reply);
  delivery->reply = sk_reply_copy (result->reply);
  g_free (delivery->problem);
  delivery->problem = g_strdup (self->abandoned != NULL ? self->abandoned : result->problem);
  endings[result->outcome](desk, kept, delivery);
  sk_kept_advance (desk, kept);
  sk_desk_give_room (desk);
}

/* A try that is late was kept from its time by sleep or a computer that was off: that doesn't count as trying. */
static gint64
waited_for_try (const SkDelivery *delivery, SkClock *clock)
{
  return MIN (sk_deadline_passed (&delivery->next_try, clock),
              delivery->next_try.seconds * G_USEC_PER_SEC);
}

static SkAttempt *
attempt_new (SkDesk *desk, SkMail *mail, SkDelivery *delivery, GError **error)
{
  g_autoptr (SkAttempt) self = g_new0 (SkAttempt, 1);
  g_autofree char *path = sk_store_message_path (desk->store, mail->id);
  g_autofree char *header = NULL;

  self->desk = g_object_ref (desk);
  self->id = g_strdup (mail->id);
  self->number = delivery->number;
  self->recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_envelope_recipient_free);
  self->indexes = g_array_new (FALSE, FALSE, sizeof (guint));
  self->fd = open (path, O_RDONLY | O_CLOEXEC);
  if (self->fd < 0)
    {
      sk_error_set_errno (error, errno, "%s: can't open the kept mail", path);
      return NULL;
    }
  for (guint i = 0; i < delivery->recipients->len; i++)
    {
      const SkDeliveryRecipient *to = delivery->recipients->pdata[i];

      if (to->accepted || (delivery->tries > 0 && is_refused_for_good (to)))
        continue;
      g_ptr_array_add (self->recipients,
                       sk_envelope_recipient_new (to->address, to->notify, to->orcpt));
      g_array_append_val (self->indexes, i);
    }
  if (self->recipients->len == 0)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED, "every recipient was refused");
      return NULL;
    }
  if (delivery->token != NULL)
    header = g_strdup_printf ("X-Sekisho-Delivery: %s\r\n", delivery->token);
  self->splice = sk_splice_new (self->fd, header, error);
  return self->splice != NULL ? g_steal_pointer (&self) : NULL;
}

/* A disk that can't be read, or too many open files, may be better soon. */
static gboolean
is_over_for_good (const GError *error)
{
  return sk_error_is_not_found (error) || sk_error_is_not_allowed (error);
}

static void
start_attempt (SkDesk *desk, SkKept *kept, SkDelivery *delivery)
{
  g_autoptr (GError) error = NULL;
  SkMail *mail = kept->mail;
  SkAttempt *self = attempt_new (desk, mail, delivery, &error);

  if (self == NULL)
    {
      g_free (delivery->problem);
      delivery->problem = g_strdup (error->message);
      (is_over_for_good (error) ? fail : schedule_retry) (desk, kept, delivery);
      sk_desk_give_room (desk);
      return;
    }
  if (delivery->tries > 0)
    delivery->online_us += waited_for_try (delivery, desk->clock);
  delivery->state = SK_DELIVERY_SENDING;
  delivery->dot_sent = FALSE;
  kept->mail->revision++;
  self->handed = (SkRelayMail){ .id = mail->id,
                                .fd = self->fd,
                                .segments = (const SkSegment *) self->splice->segments->data,
                                .segment_count = self->splice->segments->len,
                                .size = self->splice->size,
                                .mail_from = mail->mail_from,
                                .recipients = self->recipients,
                                .body_8bit = mail->body_8bit,
                                .smtputf8 = mail->smtputf8,
                                .ret = mail->ret,
                                .envid = mail->envid };
  sk_relay_send (desk->relay, &self->handed, NULL, before_dot, self, attempt_cb, self);
}

/* --- going on ----------------------------------------------------------------------------------- */

static gboolean
may_start (SkDesk *desk, const SkDelivery *delivery)
{
  return delivery->state == SK_DELIVERY_READY && desk->online && !desk->stopping
         && (delivery->tries == 0 || sk_deadline_is_over (&delivery->next_try, desk->clock));
}

static void
wake_for (SkDesk *desk, SkKept *kept, const SkDelivery *delivery)
{
  const SkGate *question = sk_delivery_question (delivery);

  if (delivery->state == SK_DELIVERY_READY && desk->online && !desk->stopping && !kept->in_line)
    sk_kept_wake_after (desk, kept, sk_deadline_left (&delivery->next_try, desk->clock));
  for (guint i = 0; delivery->state == SK_DELIVERY_WAITING && i < delivery->gates->len; i++)
    {
      const SkGate *gate = delivery->gates->pdata[i];

      if (!gate->open && (question == NULL || gate == question))
        sk_kept_wake_after (desk, kept, sk_deadline_left (&gate->deadline, desk->clock));
    }
}

/* A silent refusal waits for its forwarding: to its sender it is done. */
static gboolean
is_over (const SkMail *mail)
{
  if (mail->silent || mail->state == SK_MAIL_INSPECTING)
    return FALSE;
  for (guint i = 0; i < mail->deliveries->len; i++)
    if (!sk_delivery_state_is_final (((SkDelivery *) mail->deliveries->pdata[i])->state))
      return FALSE;
  return TRUE;
}

static void
close_mail (SkDesk *desk, SkKept *kept)
{
  kept->mail->state = SK_MAIL_DONE;
  sk_kept_save (desk, kept, NULL, 0);
}

void
sk_kept_advance (SkDesk *desk, SkKept *kept)
{
  GPtrArray *deliveries = kept->mail->deliveries;

  sk_kept_save_again (desk, kept);
  if (kept->mail->state != SK_MAIL_ACCEPTED)
    return;
  for (guint i = 0; i < deliveries->len; i++)
    {
      SkDelivery *delivery = deliveries->pdata[i];

      if (delivery->state == SK_DELIVERY_WAITING)
        open_due_gates (desk, kept, delivery);
      if (may_start (desk, delivery) && sk_kept_take_room (desk, kept))
        start_attempt (desk, kept, delivery);
      wake_for (desk, kept, delivery);
    }
  if (kept->commands == 0 && is_over (kept->mail))
    close_mail (desk, kept);
}

/* --- the network -------------------------------------------------------------------------------- */

/* Time offline doesn't count against the mail: what passed until now is taken over, then the count rests. */
static void
pause_retry (SkDesk *desk, SkDelivery *delivery)
{
  if (delivery->state != SK_DELIVERY_READY || delivery->tries == 0)
    return;
  delivery->online_us += waited_for_try (delivery, desk->clock);
  sk_deadline_start (&delivery->next_try, desk->clock, 0);
}

static void
resume_retry (SkDesk *desk, SkDelivery *delivery)
{
  if (delivery->state == SK_DELIVERY_READY && delivery->tries > 0)
    sk_deadline_start (&delivery->next_try, desk->clock, 0);
}

void
sk_desk_set_online (SkDesk *self, gboolean online)
{
  g_autoptr (GPtrArray) all = sk_desk_all_kept (self);

  if (online == self->online)
    return;
  self->online = online;
  for (guint i = 0; i < all->len; i++)
    {
      SkKept *kept = all->pdata[i];

      for (guint j = 0; j < kept->mail->deliveries->len; j++)
        (online ? resume_retry : pause_retry) (self, kept->mail->deliveries->pdata[j]);
      sk_kept_advance (self, kept);
    }
}
