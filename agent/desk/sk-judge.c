// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-judge.h"

#include "sk-error.h"

#include <string.h>

/* Below this a hand-over to a thread costs more than the parsing. */
#define INLINE_BYTES (128 * 1024)
#define MONITOR_SECONDS 5

void
sk_judgement_free (SkJudgement *self)
{
  if (self == NULL)
    return;
  sk_verdict_free (self->verdict);
  g_clear_pointer (&self->inspection, sk_inspection_free);
  g_clear_pointer (&self->pool, sk_box_pool_unref);
  g_clear_object (&self->cancellable);
  json_decref (self->evidence);
  sk_message_free (self->message);
  g_ptr_array_unref (self->recipients);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  g_clear_pointer (&self->submission.known_domains, g_ptr_array_unref);
  if (self->policy != NULL)
    sk_policy_unref (self->policy);
  g_free (self->person);
  g_free (self->mail_from);
  g_free (self);
}

/* By whichever of their addresses; an unreadable history leaves it open. */
static SkTruth
is_known_to (const SkJudgement *self, const char *person, char **keys)
{
  int found = 0;

  for (char **key = keys; found == 0 && *key != NULL; key++)
    found = sk_store_history_known (self->store, person, *key);
  return found > 0 ? SK_YES : found < 0 ? SK_UNKNOWN : SK_NO;
}

/* The history names a person as the settings did when the mail left: that name first. */
static char **
names_of_person (const SkJudgement *self)
{
  g_autoptr (SkAddress) person = sk_address_new (self->person, NULL);
  g_auto (GStrv) addresses
      = person != NULL ? sk_policy_addresses (self->policy, person->key) : g_new0 (char *, 1);
  GStrvBuilder *names = g_strv_builder_new ();
  char **result;

  g_strv_builder_add (names, self->person);
  for (char **address = addresses; *address != NULL; address++)
    if (strcmp (*address, self->person) != 0)
      g_strv_builder_add (names, *address);
  result = g_strv_builder_end (names);
  g_strv_builder_unref (names);
  return result;
}

static gboolean
asks_lookalike (const SkJudgement *self)
{
  SkNeeds needs = sk_policy_needs (self->policy) | sk_policy_monitor_needs (self->policy);

  return (needs & SK_NEED_LOOKALIKE) != 0;
}

/* Once a mail, and only where somebody is new: a known address has a known domain. */
static void
look_up_domains (SkJudgement *self, const char *const *names)
{
  SkSubmission *submission = &self->submission;
  g_autoptr (GError) error = NULL;

  if (submission->known_domains != NULL || submission->domains_unread)
    return;
  submission->known_domains = sk_store_history_domains (self->store, names, &error);
  submission->domains_unread = submission->known_domains == NULL;
  if (error != NULL)
    g_warning ("sending history: %s", error->message);
}

static void
look_up (SkJudgement *self, GPtrArray *recipients)
{
  g_auto (GStrv) names = names_of_person (self);
  gboolean all_known = TRUE;

  for (guint i = 0; i < recipients->len; i++)
    {
      SkRecipient *recipient = recipients->pdata[i];
      g_auto (GStrv) keys = sk_policy_addresses (self->policy, recipient->address->key);

      recipient->known = is_known_to (self, *names, keys);
      for (char **name = names + 1; recipient->known == SK_NO && *name != NULL; name++)
        recipient->known = is_known_to (self, *name, keys);
      all_known &= recipient->known == SK_YES;
    }
  if (!all_known && asks_lookalike (self))
    look_up_domains (self, (const char *const *) names);
}

static gboolean
asks_history (const SkJudgement *self)
{
  return self->policy != NULL
         && ((sk_policy_needs (self->policy) & SK_NEED_HISTORY) != 0 || asks_lookalike (self));
}

static SkJudgement *
judgement_new (const SkJudgeRequest *request)
{
  SkJudgement *self = g_new0 (SkJudgement, 1);

  self->fd = request->fd;
  self->limits = *request->limits;
  self->person = g_strdup (request->person);
  self->mail_from = g_strdup (request->mail_from);
  self->store = request->store;
  self->policy = request->policy != NULL ? sk_policy_ref (request->policy) : NULL;
  self->pool = request->pool != NULL ? sk_box_pool_ref (request->pool) : NULL;
  g_set_object (&self->cancellable, request->cancellable);
  self->recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_recipient_free);
  for (const char *const *address = request->addresses; *address != NULL; address++)
    {
      SkRecipient *recipient = sk_recipient_new (*address);

      self->unreadable |= recipient == NULL;
      if (recipient != NULL)
        g_ptr_array_add (self->recipients, recipient);
    }
  if (asks_history (self))
    look_up (self, self->recipients);
  self->submission.person = self->person;
  self->submission.mail_from = self->mail_from;
  self->submission.recipients = self->recipients;
  self->submission.at = request->at;
  return self;
}

static SkMessageWant
wanted (const SkPolicy *policy)
{
  SkNeeds needs = policy != NULL ? sk_policy_needs (policy) : 0;
  SkMessageWant want = 0;

  if ((needs & SK_NEED_TEXTS) != 0)
    want |= SK_MESSAGE_WANT_TEXTS;
  if ((needs & SK_NEED_SIZES) != 0)
    want |= SK_MESSAGE_WANT_SIZES;
  return want;
}

/* What only observes keeps nobody waiting for long. */
static void
inspect (SkJudgement *self)
{
  gboolean enforced = (sk_policy_needs (self->policy) & SK_NEED_INSPECTION) != 0;
  const SkInspectRequest request = {
    .detectors = sk_policy_detectors (self->policy),
    .documents = sk_policy_asks_inspection (self->policy),
    .pool = self->pool,
    .seconds = enforced ? SK_INSPECT_SECONDS : MONITOR_SECONDS,
    .cancellable = self->cancellable,
  };

  if (!request.documents && *request.detectors == NULL)
    return;
  self->inspection = sk_inspect (self->fd, self->message, &request);
  self->submission.inspection = self->inspection;
}

static gboolean
read_message (SkJudgement *self, GError **error)
{
  gint64 start = g_get_monotonic_time ();

  if (self->unreadable)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "A recipient's address can't be read");
      return FALSE;
    }
  self->message = sk_message_open_fd (self->fd, &self->limits, wanted (self->policy), error);
  if (self->message == NULL)
    return FALSE;
  sk_recipients_set_fields (self->recipients, self->message);
  self->submission.message = self->message;
  if (asks_history (self))
    self->others = sk_recipients_of_headers (self->recipients, self->message);
  self->parse_us = g_get_monotonic_time () - start;
  return TRUE;
}

/* On the main loop: the store is not for other threads. */
static void
look_up_others (SkJudgement *self)
{
  if (self->others != NULL)
    look_up (self, self->others);
}

static void
evaluate (SkJudgement *self)
{
  gint64 start = g_get_monotonic_time ();

  self->submission.others = self->others;
  if (self->policy == NULL)
    return;
  inspect (self);
  self->inspect_us = g_get_monotonic_time () - start;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->verdict = sk_policy_evaluate (self->policy, &self->submission);
  self->evidence = sk_policy_evidence_json (self->policy, self->verdict, &self->submission);
  if (self->inspection != NULL)
    sk_inspection_forget_texts (self->inspection);
  self->evaluate_us = g_get_monotonic_time () - start - self->inspect_us;
}

gboolean
sk_judge_is_quick (const SkJudgeRequest *request)
{
  return request->size <= INLINE_BYTES
         && (request->policy == NULL || !sk_policy_may_take_long (request->policy));
}

static gboolean
must_open_documents (const SkJudgement *self)
{
  return self->policy != NULL && self->message->attachments->len > 0
         && sk_policy_asks_inspection (self->policy);
}

SkJudgement *
sk_judge_now (const SkJudgeRequest *request, GError **error)
{
  g_autoptr (SkJudgement) judgement = judgement_new (request);

  if (!read_message (judgement, error) || must_open_documents (judgement))
    return NULL;
  look_up_others (judgement);
  evaluate (judgement);
  return g_steal_pointer (&judgement);
}

static void
return_judgement (GTask *task)
{
  g_task_return_pointer (task, g_task_get_task_data (task), (GDestroyNotify) sk_judgement_free);
}

static void
evaluate_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  evaluate (task_data);
  return_judgement (task);
}

/* Goes on in the same thread when there is nobody to look up. */
static void
read_thread (GTask *reading, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  SkJudgement *judgement = task_data;
  GError *error = NULL;

  if (!read_message (judgement, &error))
    {
      g_task_return_error (reading, error);
      return;
    }
  if (judgement->others == NULL || judgement->others->len == 0)
    evaluate (judgement);
  g_task_return_boolean (reading, TRUE);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SkJudgement *judgement = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      sk_judgement_free (judgement);
      g_task_return_error (task, error);
    }
  else if (judgement->others == NULL || judgement->others->len == 0)
    return_judgement (task);
  else
    {
      look_up_others (judgement);
      g_task_run_in_thread (task, evaluate_thread);
    }
}

/* The judgement belongs to the task until it is returned. */
void
sk_judge (const SkJudgeRequest *request, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, request->cancellable, callback, user_data);
  g_autoptr (GTask) reading = g_task_new (NULL, request->cancellable, read_cb, task);
  SkJudgement *judgement = judgement_new (request);

  g_task_set_source_tag (task, sk_judge);
  g_task_set_task_data (task, judgement, NULL);
  g_task_set_source_tag (reading, sk_judge);
  g_task_set_task_data (reading, judgement, NULL);
  g_task_run_in_thread (reading, read_thread);
}

SkJudgement *
sk_judge_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
