// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-desk-private.h"

#include "sk-text.h"

#include <string.h>

/* What real clients bear at least after their final dot, less a margin. */
#define PATIENCE_SECONDS 20

/* --- lifetime ----------------------------------------------------------------------------------- */

static void
submitted_clear (gpointer data)
{
  SkSubmitted *self = data;

  sk_submitted_hide (self);
  g_clear_pointer (&self->patience, sk_alarm_free);
  g_clear_pointer (&self->forgetting, sk_alarm_free);
  g_clear_object (&self->cancellable);
  sk_envelope_free (self->envelope);
  sk_judgement_free (self->judgement);
  sk_mail_free (self->mail);
  sk_splice_free (self->splice);
  g_ptr_array_unref (self->followers);
  sk_reply_free (self->reply);
  g_free (self->untold_id);
  g_free (self->key);
  g_object_unref (self->desk);
}

SkSubmitted *
sk_submitted_ref (SkSubmitted *self)
{
  return g_rc_box_acquire (self);
}

void
sk_submitted_unref (SkSubmitted *self)
{
  g_rc_box_release_full (self, submitted_clear);
}

/* --- a client's second try ---------------------------------------------------------------------- */

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Recipients in any order are the same recipients. */
char *
sk_submission_key (int fd, const char *mail_from, const char *const *addresses,
                   const char *policy_sha256)
{
  g_autofree char *fingerprint = sk_message_fingerprint (fd, NULL);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  g_autoptr (GChecksum) sum = NULL;

  if (fingerprint == NULL)
    return NULL;
  for (; *addresses != NULL; addresses++)
    g_ptr_array_add (sorted, (gpointer) *addresses);
  g_ptr_array_sort (sorted, compare_strings);
  sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (sum, (const guchar *) fingerprint, -1);
  g_checksum_update (sum, (const guchar *) (policy_sha256 != NULL ? policy_sha256 : ""), -1);
  g_checksum_update (sum, (const guchar *) mail_from, (gssize) strlen (mail_from) + 1);
  for (guint i = 0; i < sorted->len; i++)
    g_checksum_update (sum, sorted->pdata[i], (gssize) strlen (sorted->pdata[i]) + 1);
  return g_strdup (g_checksum_get_string (sum));
}

static GPtrArray *
addresses_of (const SkEnvelope *envelope)
{
  GPtrArray *addresses = g_ptr_array_new ();

  for (guint i = 0; i < envelope->recipients->len; i++)
    g_ptr_array_add (addresses, ((SkEnvelopeRecipient *) envelope->recipients->pdata[i])->address);
  g_ptr_array_add (addresses, NULL);
  return addresses;
}

const char *
sk_submitted_key (SkSubmitted *self)
{
  g_autoptr (GPtrArray) addresses = NULL;
  const SkPolicy *policy = self->desk->policy;

  if (self->key != NULL)
    return self->key;
  addresses = addresses_of (self->envelope);
  self->key = sk_submission_key (self->envelope->fd, self->envelope->mail_from,
                                 (const char *const *) addresses->pdata,
                                 policy != NULL ? sk_policy_sha256 (policy) : NULL);
  return self->key;
}

/* From now on the row is this client's: as long as it is there, nobody else is taken for its second try. */
static void
claim_untold (SkSubmitted *self, const char *id)
{
  g_free (self->untold_id);
  self->untold_id = g_strdup (id);
  self->claims_untold = !self->gave_up;
  if (self->claims_untold)
    g_hash_table_add (self->desk->undecided, g_strdup (id));
}

static void
unclaim_untold (SkSubmitted *self)
{
  if (self->claims_untold)
    g_hash_table_remove (self->desk->undecided, self->untold_id);
  self->claims_untold = FALSE;
}

void
sk_submitted_note_untold (SkSubmitted *self, const SkReply *reply)
{
  const char *key = sk_submitted_key (self);
  g_autoptr (GError) error = NULL;

  if (key == NULL)
    return;
  if (sk_store_untold_add (self->desk->store, key, self->envelope->id, reply, &error))
    claim_untold (self, self->envelope->id);
  else
    g_warning ("mail=%s: %s", self->envelope->id, error->message);
}

void
sk_submitted_forget_untold (SkSubmitted *self)
{
  g_autoptr (GError) error = NULL;

  unclaim_untold (self);
  if (self->untold_id != NULL
      && !sk_store_untold_remove (self->desk->store, self->key, self->untold_id, &error))
    g_warning ("mail=%s: %s", self->untold_id, error->message);
  g_clear_pointer (&self->untold_id, g_free);
}

static const SkDelivery *
told_refusal (const SkMail *mail)
{
  for (guint i = 0; i < mail->deliveries->len; i++)
    {
      const SkDelivery *delivery = mail->deliveries->pdata[i];

      if (delivery->state == SK_DELIVERY_REFUSED && !sk_mail_disguises (mail, delivery))
        return delivery;
    }
  return NULL;
}

static char *
addresses_text (const SkDelivery *delivery)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < delivery->recipients->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            ((SkDeliveryRecipient *) delivery->recipients->pdata[i])->address);
  return g_string_free (text, FALSE);
}

SkReply *
sk_kept_reply (const SkDesk *desk, const SkMail *mail)
{
  const SkDelivery *refused = told_refusal (mail);
  g_autofree char *addresses = refused != NULL ? addresses_text (refused) : NULL;
  g_autofree char *printable = refused != NULL ? g_str_to_ascii (addresses, "C") : NULL;
  g_autofree char *english = NULL, *japanese = NULL;

  if (refused == NULL)
    {
      english = g_strdup_printf ("Accepted by the checkpoint as %s", mail->id);
      return sk_reply_new (250, "2.0.0", english);
    }
  english = g_strdup_printf ("Accepted by the checkpoint as %s, but not sent to %s: %s", mail->id,
                             printable, refused->problem);
  japanese = g_strdup_printf ("次の宛先には送信しません: %s", addresses);
  return sk_desk_reply (desk, 250, "2.0.0", english, japanese);
}

/* Has it left, or will it by itself? Who sends again what was cancelled, returned or has failed, wants it to leave. */
static gboolean
leaves (const SkMail *mail)
{
  for (guint i = 0; i < mail->deliveries->len; i++)
    {
      const SkDelivery *delivery = mail->deliveries->pdata[i];

      if (sk_mail_disguises (mail, delivery)
          || (delivery->state != SK_DELIVERY_CANCELLED && delivery->state != SK_DELIVERY_RETURNED
              && delivery->state != SK_DELIVERY_FAILED && delivery->state != SK_DELIVERY_REFUSED))
        return TRUE;
    }
  return FALSE;
}

/* NULL when there is no such mail, or it will not leave. */
static SkReply *
reply_of_kept (const SkDesk *desk, const char *id)
{
  SkKept *kept = g_hash_table_lookup (desk->kept, id);
  g_autoptr (SkMail) done = kept == NULL ? sk_store_load (desk->store, id, NULL) : NULL;
  const SkMail *mail = kept != NULL ? kept->mail : done;

  return mail != NULL && leaves (mail) ? sk_kept_reply (desk, mail) : NULL;
}

/* A row without an answer is that of a kept mail, written before the mail was: it counts only when the mail is there. */
static SkReply *
answer_of_first_try (SkSubmitted *self)
{
  g_autoptr (SkReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  if (!sk_store_has_untold (self->desk->store) || sk_submitted_key (self) == NULL)
    return NULL;
  id = sk_store_untold_find (self->desk->store, self->key, self->desk->undecided, &reply, &error);
  if (error != NULL)
    g_warning ("%s", error->message);
  if (id == NULL)
    return NULL;
  claim_untold (self, id);
  if (reply == NULL)
    reply = reply_of_kept (self->desk, id);
  if (reply != NULL)
    g_message ("mail=%s is mail=%s again, whose client was not told", self->envelope->id, id);
  else
    sk_submitted_forget_untold (self);
  return g_steal_pointer (&reply);
}

static gboolean
is_second_try (SkSubmitted *self)
{
  g_autoptr (SkReply) reply = NULL;

  if (sk_submitted_join (self))
    return TRUE;
  reply = answer_of_first_try (self);
  if (reply == NULL)
    return FALSE;
  sk_submitted_finish (self, reply);
  return TRUE;
}

/* --- the answer --------------------------------------------------------------------------------- */

static gboolean
somebody_gave_up (const SkSubmitted *self)
{
  gboolean gave_up = self->gave_up;

  for (guint i = 0; i < self->followers->len; i++)
    gave_up |= ((SkSubmitted *) self->followers->pdata[i])->gave_up;
  return gave_up;
}

/* All clients of the same mail share its row: when one of them has the answer, it is gone. */
void
sk_submitted_finish (SkSubmitted *self, const SkReply *reply)
{
  g_return_if_fail (self->reply == NULL);
  g_clear_pointer (&self->patience, sk_alarm_free);
  sk_submitted_hide (self);
  self->first = NULL;
  self->reply = sk_reply_copy (reply);
  if (somebody_gave_up (self) && self->untold_id == NULL && sk_reply_is_positive (reply))
    sk_submitted_note_untold (self, reply);
  for (guint i = 0; i < self->followers->len; i++)
    {
      SkSubmitted *follower = self->followers->pdata[i];

      if (self->untold_id != NULL)
        claim_untold (follower, self->untold_id);
      sk_submitted_finish (follower, reply);
    }
  g_clear_pointer (&self->judgement, sk_judgement_free);
  if (self->transaction != NULL) /* the listener may have ended before us */
    sk_smtp_transaction_reply (self->transaction, reply);
}

/* Without a reply the agent ends while the provider still thinks: the attempt's row stays, and tells the next run. */
static void
handle_told (SkSmtpTransaction *transaction, gboolean delivered, gpointer user_data)
{
  SkSubmitted *self = sk_smtp_transaction_get_data (transaction);

  unclaim_untold (self);
  self->gave_up |= !delivered;
  if (delivered)
    sk_submitted_forget_untold (self);
  else if (self->reply != NULL && self->untold_id == NULL && sk_reply_is_positive (self->reply))
    sk_submitted_note_untold (self, self->reply);
  self->told = self->reply != NULL;
  if (self->told && !self->recording)
    sk_submitted_end_attempt (self);
  else if (self->told) /* with its file gone, the attempt that stands a moment longer is no untold one */
    g_clear_pointer (&self->envelope, sk_envelope_free);
  self->transaction = NULL;
  sk_submitted_unref (self);
}

static void
handle_gone (SkSmtpTransaction *transaction, gpointer user_data)
{
  SkSubmitted *self = sk_smtp_transaction_get_data (transaction);

  self->gave_up = TRUE;
  unclaim_untold (self);
  if (self->reply == NULL && sk_submitted_key (self) != NULL
      && !g_hash_table_contains (self->desk->abandoned, self->key))
    g_hash_table_insert (self->desk->abandoned, self->key, self);
  sk_submitted_note_left (self->first != NULL ? self->first : self);
}

/* --- identity ----------------------------------------------------------------------------------- */

static gboolean
is_own_address (const char *address, gpointer user_data)
{
  return sk_desk_is_own_address (user_data, address);
}

SkIdentity
sk_desk_identify (const SkDesk *self, int fd, const char *mail_from, char **which)
{
  return sk_identity_check (fd, mail_from, is_own_address, (gpointer) self, which);
}

static SkReply *
refuse_identity (const SkDesk *desk, SkIdentity identity, const char *which)
{
  g_autofree char *printable = which != NULL ? g_str_to_ascii (which, "C") : g_strdup ("");
  g_autofree char *english = NULL, *japanese = NULL;

  if (identity == SK_IDENTITY_FOREIGN)
    {
      english = g_strdup_printf (
          "From <%s> is not one of your addresses; choose the right sender", printable);
      japanese = g_strdup_printf (
          "差出人 %s はあなたのアドレスではありません。差出人を選び直してください", which);
    }
  else if (identity == SK_IDENTITY_NONE)
    {
      english = g_strdup ("There is no From; set your address in the mail program");
      japanese = g_strdup ("差出人(From)がありません。メールソフトで差出人を設定してください");
    }
  else
    {
      english = g_strdup_printf ("The From field can't be read as an address: %.200s", printable);
      japanese = g_strdup ("差出人(From)をアドレスとして読み取れません。差出人を設定し直してください");
    }
  return sk_desk_reply (desk, 550, "5.7.60", english, japanese);
}

/* --- the way out -------------------------------------------------------------------------------- */

SkReply *
sk_desk_refusal (const SkDesk *self, const SkVerdict *verdict)
{
  if (verdict->outcome == SK_OUTCOME_REJECT && !verdict->silent)
    return sk_desk_reply (self, verdict->reply.code, verdict->reply.enhanced, verdict->reply.text,
                          verdict->reply.text_ja);
  if (verdict->confirm.asked && self->settings->without_desktop == SK_DESKTOP_REJECT)
    return sk_desk_reply (self, 554, "5.7.1",
                          "This mail must be confirmed, and no desktop is there to ask on",
                          "このメールは送信前の確認が必要ですが、確認画面を表示できません");
  return NULL;
}

/* Nothing is kept of a mail that its client still has, but that it was refused. */
void
sk_submitted_record_refused (SkSubmitted *self, const SkReply *reply)
{
  SkMail *mail = self->mail;
  g_autoptr (json_t) events = json_array ();
  g_autofree char *said = sk_reply_to_string (reply);
  json_t *event;

  if (mail->verdict == NULL)
    mail->verdict
        = sk_verdict_to_json (self->judgement->verdict, &self->judgement->submission);
  event = sk_mail_event (self->desk, mail, "refused", 0);
  json_object_set_new (event, "reply", json_string (said));
  json_array_append_new (events, event);
  sk_store_record (self->desk->store, events, NULL, NULL);
}

static void
keep_unjudged (SkSubmitted *self)
{
  SkDelivery *delivery;

  self->mail->state = SK_MAIL_INSPECTING;
  delivery = sk_mail_add_plain_delivery (self->mail, self->envelope->recipients);
  delivery->state = SK_DELIVERY_WAITING;
  delivery->problem
      = g_strdup (self->desk->policy == NULL
                      ? N_ ("no policy is in force, so all mail is held; it goes on by itself when there is one")
                      : N_ ("it is still being inspected; it goes on by itself"));
  sk_submitted_keep (self);
}

static void
choose_way_out (SkSubmitted *self)
{
  SkDesk *desk = self->desk;
  const SkVerdict *verdict = self->judgement->verdict;
  g_autoptr (SkReply) reply = verdict != NULL ? sk_desk_refusal (desk, verdict) : NULL;

  self->mail = sk_mail_of_submission (desk, self->envelope, self->judgement);
  if (reply != NULL)
    {
      sk_submitted_record_refused (self, reply);
      sk_submitted_finish (self, reply);
      return;
    }
  if (verdict == NULL)
    {
      keep_unjudged (self);
      return;
    }
  sk_mail_apply_verdict (desk, self->mail, self->judgement, self->envelope->recipients);
  if (sk_verdict_is_straight (verdict) && desk->online && !desk->stopping)
    sk_submitted_go_straight (self);
  else
    sk_submitted_keep (self);
}

static void
count_stages (SkSubmitted *self)
{
  SkStages *stages = &self->desk->stages;

  stages->mails++;
  stages->receive_us += self->envelope->received_us;
  stages->parse_us += self->judgement->parse_us;
  stages->inspect_us += self->judgement->inspect_us;
  stages->evaluate_us += self->judgement->evaluate_us;
}

static void
judged (SkSubmitted *self)
{
  g_autofree char *which = NULL;
  SkIdentity identity = sk_desk_identify (self->desk, self->envelope->fd, self->envelope->mail_from,
                                          &which);
  g_autoptr (SkReply) reply = NULL;

  count_stages (self);
  if (identity != SK_IDENTITY_OWN)
    {
      reply = refuse_identity (self->desk, identity, which);
      sk_submitted_finish (self, reply);
    }
  else if (!is_second_try (self))
    choose_way_out (self);
}

void
sk_submitted_go_on (SkSubmitted *self)
{
  judged (self);
}

static void
judging_ended (SkSubmitted *self, SkJudgement *judgement, const GError *error)
{
  g_autoptr (SkReply) reply = NULL;

  if (judgement != NULL)
    {
      self->judgement = judgement;
      (sk_submitted_is_awaited (self) ? judged : sk_submitted_wait_for_client) (self);
      return;
    }
  if (!g_cancellable_is_cancelled (self->cancellable))
    g_warning ("mail=%s: %s", self->envelope->id, error->message);
  reply = sk_desk_reply (self->desk, 451, "4.3.0", "The mail can't be read back; send again",
                         "メールを読み込めませんでした。もう一度送信してください");
  sk_submitted_finish (self, reply);
}

/* Neither answered, nor kept, nor left to another that is judged. */
static gboolean
is_undecided (const SkSubmitted *self)
{
  return self->reply == NULL && self->mail == NULL && self->first == NULL;
}

/* The client was answered already when inspecting took too long: the verdict is the kept mail's. */
static void
judged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SkSubmitted *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SkJudgement) judgement = sk_judge_finish (result, &error);

  g_clear_pointer (&self->patience, sk_alarm_free);
  self->judging = FALSE;
  if (is_undecided (self))
    judging_ended (self, g_steal_pointer (&judgement), error);
  else
    sk_desk_judged_meanwhile (self->desk, self->envelope->id, judgement);
  sk_submitted_unref (self);
}

/* Nothing is known of the mail yet but its envelope and header: it is kept, and judged before anything leaves. */
static void
keep_before_judging (SkSubmitted *self)
{
  g_autoptr (SkJudgement) nothing = g_new0 (SkJudgement, 1);
  g_autoptr (GError) error = NULL;

  nothing->message
      = sk_message_open_header_fd (self->envelope->fd, &self->desk->message_limits, &error);
  if (error != NULL)
    g_warning ("mail=%s: %s", self->envelope->id, error->message);
  nothing->recipients = g_ptr_array_new ();
  nothing->submission.at = sk_clock_wall (self->desk->clock);
  self->mail = sk_mail_of_submission (self->desk, self->envelope, nothing);
  keep_unjudged (self);
}

static void
out_of_patience_cb (gpointer user_data)
{
  SkSubmitted *self = user_data;

  g_clear_pointer (&self->patience, sk_alarm_free);
  if (sk_submitted_is_awaited (self) && !is_second_try (self))
    keep_before_judging (self);
}

void
sk_submitted_begin_patience (SkSubmitted *self)
{
  SkClock *clock = self->desk->clock;

  self->patience
      = sk_clock_alarm (clock, sk_clock_boot (clock) + PATIENCE_SECONDS * G_USEC_PER_SEC,
                        out_of_patience_cb, self);
}

static void
start_judging (SkSubmitted *self)
{
  SkDesk *desk = self->desk;
  g_autoptr (GPtrArray) addresses = addresses_of (self->envelope);
  SkJudgeRequest request = {
    .fd = self->envelope->fd,
    .size = self->envelope->size,
    .mail_from = self->envelope->mail_from,
    .person = sk_desk_person (desk),
    .addresses = (const char *const *) addresses->pdata,
    .at = sk_clock_wall (desk->clock),
    .limits = &desk->message_limits,
    .policy = desk->policy,
    .store = desk->store,
    .pool = desk->pool,
    .cancellable = self->cancellable,
  };

  self->judged_with = desk->policies;
  if (sk_judge_is_quick (&request))
    {
      g_autoptr (GError) error = NULL;
      SkJudgement *judgement = sk_judge_now (&request, &error);

      if (judgement != NULL || error != NULL)
        {
          judging_ended (self, judgement, error);
          return;
        }
    }
  sk_submitted_begin_patience (self);
  self->judging = TRUE;
  sk_judge (&request, judged_cb, sk_submitted_ref (self));
}

static void
handle_submitted (SkSmtpTransaction *transaction, gpointer user_data)
{
  SkSubmitted *self = g_rc_box_new0 (SkSubmitted);

  self->desk = g_object_ref (user_data);
  self->transaction = transaction;
  self->envelope = sk_smtp_transaction_steal_envelope (transaction);
  self->followers = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_submitted_unref);
  self->cancellable = g_cancellable_new ();
  sk_smtp_transaction_set_data (transaction, self);
  if (!sk_submitted_join (self))
    start_judging (self);
}

static SkReply *
may_begin (gint64 announced_size, gpointer user_data)
{
  SkDesk *desk = user_data;
  g_autoptr (GError) error = NULL;

  if (sk_store_has_space (desk->store, announced_size, &error))
    return NULL;
  g_warning ("%s", error->message);
  return sk_desk_reply (desk, 452, "4.3.1", "The disk is full; free some space and send again",
                        "ディスクの空きがありません。空きを作ってから、もう一度送信してください");
}

const SkSmtpHandler sk_desk_smtp_handler = {
  .sender_allowed = is_own_address,
  .may_begin = may_begin,
  .submitted = handle_submitted,
  .gone = handle_gone,
  .told = handle_told,
};
