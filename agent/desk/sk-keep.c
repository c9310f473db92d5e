// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-desk-private.h"

#include "sk-error.h"
#include "sk-text.h"

#define DAY (24 * 60 * 60)

/* --- a mail from its envelope ------------------------------------------------------------------- */

static char *
first_from (const SkMessage *message)
{
  if (message == NULL || message->from->len == 0)
    return NULL;
  return g_strdup (((SkAddress *) message->from->pdata[0])->text);
}

SkMail *
sk_mail_of_submission (SkDesk *desk, const SkEnvelope *envelope, const SkJudgement *judgement)
{
  SkMail *mail = sk_mail_new (envelope->id);

  mail->revision = 1; /* 0 stands for "whatever it is now" */
  mail->state = SK_MAIL_ACCEPTED;
  mail->subject = g_strdup (judgement->message != NULL ? judgement->message->subject : "");
  mail->from = first_from (judgement->message);
  if (mail->from == NULL)
    mail->from = g_strdup (envelope->mail_from);
  mail->person = g_strdup (sk_desk_person (desk));
  mail->mail_from = g_strdup (envelope->mail_from);
  mail->submitted = judgement->submission.at;
  mail->size = envelope->size;
  mail->body_8bit = envelope->body_8bit;
  mail->smtputf8 = envelope->smtputf8;
  mail->ret = g_strdup (envelope->ret);
  mail->envid = g_strdup (envelope->envid);
  return mail;
}

static void
add_recipient (SkDelivery *delivery, const SkEnvelopeRecipient *from)
{
  SkDeliveryRecipient *recipient = sk_delivery_recipient_new (from->address);

  recipient->notify = g_strdup (from->notify);
  recipient->orcpt = g_strdup (from->orcpt);
  g_ptr_array_add (delivery->recipients, recipient);
}

static SkDelivery *
add_delivery (SkMail *mail)
{
  SkDelivery *delivery = sk_delivery_new (mail->deliveries->len + 1);

  g_ptr_array_add (mail->deliveries, delivery);
  return delivery;
}

SkDelivery *
sk_mail_add_plain_delivery (SkMail *mail, const GPtrArray *recipients)
{
  SkDelivery *delivery = add_delivery (mail);

  delivery->state = SK_DELIVERY_READY;
  for (guint i = 0; i < recipients->len; i++)
    add_recipient (delivery, recipients->pdata[i]);
  return delivery;
}

/* --- gates -------------------------------------------------------------------------------------- */

SkGate *
sk_desk_hold_delivery (SkDelivery *delivery, SkClock *clock, gint64 seconds, const char *afterwards,
                      const char *release, const char *reason)
{
  SkGate *gate = sk_gate_new (SK_GATE_HOLD);

  gate->timed = g_str_equal (afterwards, "send");
  gate->afterwards = g_strdup (afterwards);
  gate->release = g_strdup (release);
  gate->reason = g_strdup (reason);
  sk_deadline_start (&gate->deadline, clock, seconds);
  g_ptr_array_add (delivery->gates, gate);
  delivery->state = SK_DELIVERY_WAITING;
  return gate;
}

/* A hold without a time, or one that waits on after its time, waits for its release, and goes back to the sender
 * when nobody comes. */
static void
add_policy_hold (SkDelivery *delivery, SkClock *clock, const SkVerdictDelivery *from)
{
  gboolean timed = from->hold_seconds >= 0 && from->afterwards != SK_AFTERWARDS_WAIT;
  gint64 expiry = from->hold_expiry > 0 ? from->hold_expiry : DAY;
  gint64 seconds = MAX (from->hold_seconds, 0) + (timed ? 0 : expiry);
  SkGate *gate;

  gate = sk_desk_hold_delivery (delivery, clock, seconds,
                               sk_afterwards_name (from->afterwards),
                               sk_release_name (from->release), from->hold_reason);
  gate->timed = timed;
}

static void
add_approval (SkDelivery *delivery, SkClock *clock, const SkApproval *from)
{
  SkGate *gate = sk_gate_new (SK_GATE_APPROVAL);

  gate->by = g_strdupv (from->by);
  gate->count = from->count;
  sk_deadline_start (&gate->deadline, clock, from->expires > 0 ? from->expires : DAY);
  g_ptr_array_add (delivery->gates, gate);
  delivery->state = SK_DELIVERY_WAITING;
}

/* --- changes that this version can't make -------------------------------------------------------- */

typedef struct {
  const char *name;
  gboolean (*is_asked) (const SkVerdict *verdict, const SkVerdictDelivery *delivery);
} Change;

static gboolean
asks_protection (const SkVerdict *verdict, const SkVerdictDelivery *delivery)
{
  return delivery->protections->len > 0;
}

static gboolean
asks_bcc (const SkVerdict *verdict, const SkVerdictDelivery *delivery)
{
  return verdict->bcc->len > 0;
}

static gboolean
asks_addition (const SkVerdict *verdict, const SkVerdictDelivery *delivery)
{
  return delivery->additions->len > 0;
}

static gboolean
asks_insertion (const SkVerdict *verdict, const SkVerdictDelivery *delivery)
{
  return delivery->insertions->len > 0;
}

static gboolean
asks_header (const SkVerdict *verdict, const SkVerdictDelivery *delivery)
{
  return delivery->headers->len > 0;
}

static gboolean
asks_stamp (const SkVerdict *verdict, const SkVerdictDelivery *delivery)
{
  return delivery->stamp;
}

static gboolean
asks_copy (const SkVerdict *verdict, const SkVerdictDelivery *delivery)
{
  return verdict->copies->len > 0;
}

/* A delivery that needs one of these is held; a row goes when its change can be made. */
static const Change changes_not_made[] = {
  { "protect", asks_protection }, { "bcc", asks_bcc },       { "add", asks_addition },
  { "insert", asks_insertion },   { "header", asks_header }, { "stamp", asks_stamp },
  { "copy", asks_copy },
};

static char *
missing_changes (const SkVerdict *verdict, const SkVerdictDelivery *delivery)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (changes_not_made); i++)
    if (changes_not_made[i].is_asked (verdict, delivery))
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", changes_not_made[i].name);
  return names->len > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

static void
hold_for_missing_changes (SkDesk *desk, SkDelivery *delivery, const SkVerdict *verdict,
                          const SkVerdictDelivery *from)
{
  g_autofree char *names = missing_changes (verdict, from);
  g_autofree char *reason = NULL;

  if (names == NULL)
    return;
  reason = g_strdup_printf ("the policy asks for a change that this version can't make (%s); "
                            "cancel the mail, or ask for another rule",
                            names);
  sk_desk_hold_delivery (delivery, desk->clock, DAY, "return", "nobody", reason);
}

/* --- the verdict -------------------------------------------------------------------------------- */

gboolean
sk_verdict_is_straight (const SkVerdict *verdict)
{
  const SkVerdictDelivery *only;

  if (verdict->outcome != SK_OUTCOME_SEND || verdict->deliveries->len != 1
      || verdict->refused_recipients->len > 0 || verdict->forwards->len > 0)
    return FALSE;
  only = verdict->deliveries->pdata[0];
  if (only->has_hold || only->approvals->len > 0)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (changes_not_made); i++)
    if (changes_not_made[i].is_asked (verdict, only))
      return FALSE;
  return TRUE;
}

static json_t *
delivery_json (const json_t *verdict, guint id)
{
  json_t *deliveries = json_object_get (verdict, "deliveries"), *delivery;
  gsize index;

  json_array_foreach (deliveries, index, delivery)
    if (json_integer_value (json_object_get (delivery, "id")) == (json_int_t) id)
      return json_incref (delivery);
  return NULL;
}

static void
add_verdict_delivery (SkDesk *desk, SkMail *mail, const SkVerdict *verdict,
                      const SkVerdictDelivery *from, const GPtrArray *recipients)
{
  SkDelivery *delivery = add_delivery (mail);

  delivery->number = from->id;
  delivery->state = SK_DELIVERY_READY;
  delivery->rules = g_strdupv (from->rules);
  delivery->changes = delivery_json (mail->verdict, from->id);
  for (guint i = 0; i < from->recipients->len; i++)
    add_recipient (delivery, recipients->pdata[g_array_index (from->recipients, guint, i)]);
  if (from->has_hold)
    add_policy_hold (delivery, desk->clock, from);
  for (guint i = 0; i < from->approvals->len; i++)
    add_approval (delivery, desk->clock, from->approvals->pdata[i]);
  hold_for_missing_changes (desk, delivery, verdict, from);
  if (verdict->confirm.asked)
    sk_desk_hold_delivery (delivery, desk->clock, from->hold_expiry, "wait", "sender",
                          N_ ("the policy asks for a confirmation, and no desktop is there to ask on; "
                              "check the recipients and attachments, then release it"));
}

static gboolean
is_in_a_delivery (const SkMail *mail, const char *address)
{
  for (guint i = 0; i < mail->deliveries->len; i++)
    {
      const SkDelivery *delivery = mail->deliveries->pdata[i];

      for (guint j = 0; j < delivery->recipients->len; j++)
        if (g_str_equal (((SkDeliveryRecipient *) delivery->recipients->pdata[j])->address, address))
          return TRUE;
    }
  return FALSE;
}

/* Who is in none of the verdict's deliveries stands in one of its own, so that it can be seen. */
static void
add_refused_delivery (SkDesk *desk, SkMail *mail, const SkVerdict *verdict, const GPtrArray *recipients)
{
  const SkVerdictReply *said = &verdict->reply;
  SkDelivery *refused = NULL;
  guint number = 0;

  for (guint i = 0; i < mail->deliveries->len; i++)
    number = MAX (number, ((SkDelivery *) mail->deliveries->pdata[i])->number);
  for (guint i = 0; i < recipients->len; i++)
    {
      SkEnvelopeRecipient *recipient = recipients->pdata[i];

      if (is_in_a_delivery (mail, recipient->address))
        continue;
      if (refused == NULL)
        {
          refused = add_delivery (mail);
          refused->number = number + 1;
          refused->state = SK_DELIVERY_REFUSED;
          refused->problem = g_strdup (said->text != NULL ? said->text : "refused by the policy");
          if (said->text != NULL)
            refused->reply = sk_desk_reply (desk, 550, "5.7.1", said->text, said->text_ja);
        }
      add_recipient (refused, recipient);
    }
}

/* Several deliveries of one mail look alike to the provider; a random mark lets a lost reply be looked up. */
static void
mark_deliveries (SkMail *mail)
{
  guint leaving = 0;

  for (guint i = 0; i < mail->deliveries->len; i++)
    leaving += ((SkDelivery *) mail->deliveries->pdata[i])->state != SK_DELIVERY_REFUSED;
  for (guint i = 0; leaving > 1 && i < mail->deliveries->len; i++)
    {
      SkDelivery *delivery = mail->deliveries->pdata[i];

      delivery->token = g_uuid_string_random ();
    }
}

void
sk_mail_apply_verdict (SkDesk *desk, SkMail *mail, const SkJudgement *judgement,
                       const GPtrArray *recipients)
{
  const SkVerdict *verdict = judgement->verdict;

  json_decref (mail->verdict);
  mail->verdict = sk_verdict_to_json (verdict, &judgement->submission);
  if (judgement->evidence != NULL)
    json_object_set (mail->verdict, "evidence", judgement->evidence);
  g_free (mail->policy_sha256);
  mail->policy_sha256 = g_strdup (verdict->policy_sha256);
  mail->silent = verdict->silent;
  mail->state = SK_MAIL_ACCEPTED;
  for (guint i = 0; i < verdict->deliveries->len; i++)
    add_verdict_delivery (desk, mail, verdict, verdict->deliveries->pdata[i], recipients);
  add_refused_delivery (desk, mail, verdict, recipients);
  mark_deliveries (mail);
}

/* --- keeping ------------------------------------------------------------------------------------ */

/* An attempt that may have reached the provider keeps its row when it can't be kept otherwise: the next start takes it up. */
static void
keep_failed (SkSubmitted *self, const GError *error)
{
  const SkDelivery *first
      = self->mail->deliveries->len > 0 ? self->mail->deliveries->pdata[0] : NULL;
  g_autoptr (SkReply) reply = NULL;

  g_warning ("mail=%s can't be kept: %s", self->mail->id, error->message);
  sk_submitted_forget_untold (self);
  if (first != NULL && first->state == SK_DELIVERY_MAY_HAVE_BEEN_SENT)
    {
      g_clear_pointer (&self->envelope->path, g_free);
      reply = sk_reply_new (250, "2.0.0", "Accepted; it may have been sent, see the outbox");
      sk_submitted_finish (self, reply);
      return;
    }
  sk_submitted_end_attempt (self);
  reply = sk_error_is_full (error)
              ? sk_desk_reply (self->desk, 452, "4.3.1",
                               "The disk is full; free some space and send again",
                               "ディスクの空きがありません。空きを作ってから、もう一度送信してください")
              : sk_desk_reply (self->desk, 451, "4.3.0",
                               "The mail can't be stored; see the log and send again",
                               "メールを保存できませんでした。ログを確認し、もう一度送信してください");
  sk_submitted_finish (self, reply);
}

void
sk_desk_call_sender (SkDesk *desk, const SkMail *mail)
{
  gboolean asked = FALSE, refused = FALSE;

  for (guint i = 0; i < mail->deliveries->len; i++)
    {
      const SkDelivery *delivery = mail->deliveries->pdata[i];

      asked |= sk_delivery_question (delivery) != NULL;
      refused |= delivery->state == SK_DELIVERY_REFUSED && !sk_mail_disguises (mail, delivery);
    }
  if (asked)
    sk_desk_emit_attention (desk, mail->id, "confirmation");
  if (refused)
    sk_desk_emit_attention (desk, mail->id, "failure");
}

static void
go_on (SkDesk *desk, SkKept *kept)
{
  if (kept->mail->state == SK_MAIL_INSPECTING)
    sk_desk_judge_late (desk);
  else
    sk_kept_advance (desk, kept);
}

static void
kept_cb (const GError *error, gpointer user_data)
{
  SkSubmitted *self = user_data;
  SkDesk *desk = self->desk;
  g_autoptr (SkReply) reply = NULL;
  SkKept *kept;

  if (error != NULL)
    {
      keep_failed (self, error);
      sk_submitted_unref (self);
      return;
    }
  g_clear_pointer (&self->envelope->path, g_free);
  sk_submitted_end_attempt (self);
  kept = sk_desk_take_up (desk, g_steal_pointer (&self->mail));
  kept->judging = self->judging;
  reply = sk_kept_reply (desk, kept->mail);
  sk_submitted_finish (self, reply);
  sk_submitted_unref (self);
  sk_desk_emit_changed (desk, kept->mail);
  sk_desk_call_sender (desk, kept->mail);
  go_on (desk, kept);
}

json_t *
sk_mail_first_events (SkDesk *desk, const SkMail *mail)
{
  json_t *events = json_array ();

  json_array_append_new (events, sk_mail_event (desk, mail, "judged", 0));
  for (guint i = 0; i < mail->deliveries->len; i++)
    {
      const SkDelivery *delivery = mail->deliveries->pdata[i];
      const char *kind = delivery->state == SK_DELIVERY_WAITING   ? "held"
                         : delivery->state == SK_DELIVERY_REFUSED ? "refused"
                                                                  : NULL;

      if (kind != NULL)
        json_array_append_new (events, sk_mail_event (desk, mail, kind, delivery->number));
    }
  return events;
}

/* Should we end between the commit and the answer, the client will submit again: the row is there first. */
void
sk_submitted_keep (SkSubmitted *self)
{
  g_autoptr (json_t) events = json_array ();

  json_array_append_new (events, sk_mail_event (self->desk, self->mail, "submitted", 0));
  if (self->mail->verdict != NULL)
    {
      g_autoptr (json_t) first = sk_mail_first_events (self->desk, self->mail);

      json_array_extend (events, first);
    }
  sk_submitted_note_untold (self, NULL);
  sk_store_keep (self->desk->store, self->mail, self->envelope->path, events, kept_cb,
                 sk_submitted_ref (self));
}
