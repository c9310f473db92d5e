// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-judge.h"

#include "sk-error.h"

#include <string.h>

/* Below this a hand-over to a thread costs more than the parsing. */
#define INLINE_BYTES (128 * 1024)

void
sk_judgement_free (SkJudgement *self)
{
  if (self == NULL)
    return;
  sk_verdict_free (self->verdict);
  sk_message_free (self->message);
  g_ptr_array_unref (self->recipients);
  if (self->policy != NULL)
    sk_policy_unref (self->policy);
  g_free (self->person);
  g_free (self->mail_from);
  g_free (self);
}

static SkTruth
is_known (SkStore *store, const char *person, const char *key)
{
  switch (sk_store_history_known (store, person, key))
    {
    case 0:
      return SK_NO;
    case 1:
      return SK_YES;
    default:
      return SK_UNKNOWN;
    }
}

static SkJudgement *
judgement_new (const SkJudgeRequest *request)
{
  SkJudgement *self = g_new0 (SkJudgement, 1);
  gboolean asks_history
      = request->policy != NULL && (sk_policy_needs (request->policy) & SK_NEED_HISTORY) != 0;

  self->fd = request->fd;
  self->limits = *request->limits;
  self->person = g_strdup (request->person);
  self->mail_from = g_strdup (request->mail_from);
  self->policy = request->policy != NULL ? sk_policy_ref (request->policy) : NULL;
  self->recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_recipient_free);
  for (const char *const *address = request->addresses; *address != NULL; address++)
    {
      SkRecipient *recipient = sk_recipient_new (*address);

      self->unreadable |= recipient == NULL;
      if (recipient == NULL)
        break;
      if (asks_history)
        recipient->known = is_known (request->store, request->person, recipient->address->key);
      g_ptr_array_add (self->recipients, recipient);
    }
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

static gboolean
judge (SkJudgement *self, GError **error)
{
  gint64 start = g_get_monotonic_time (), parsed;

  if (self->unreadable)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "A recipient's address can't be read");
      return FALSE;
    }
  self->message = sk_message_open_fd (self->fd, &self->limits, wanted (self->policy), error);
  if (self->message == NULL)
    return FALSE;
  parsed = g_get_monotonic_time ();
  self->parse_us = parsed - start;
  sk_recipients_set_fields (self->recipients, self->message);
  self->submission.message = self->message;
  if (self->policy != NULL)
    self->verdict = sk_policy_evaluate (self->policy, &self->submission);
  self->evaluate_us = g_get_monotonic_time () - parsed;
  return TRUE;
}

gboolean
sk_judge_is_quick (const SkJudgeRequest *request)
{
  return request->size <= INLINE_BYTES
         && (request->policy == NULL || !sk_policy_may_take_long (request->policy));
}

SkJudgement *
sk_judge_now (const SkJudgeRequest *request, GError **error)
{
  g_autoptr (SkJudgement) judgement = judgement_new (request);

  return judge (judgement, error) ? g_steal_pointer (&judgement) : NULL;
}

static void
judge_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (SkJudgement) judgement = g_task_get_task_data (task);
  GError *error = NULL;

  g_task_set_task_data (task, NULL, NULL);
  if (judge (judgement, &error))
    g_task_return_pointer (task, g_steal_pointer (&judgement), (GDestroyNotify) sk_judgement_free);
  else
    g_task_return_error (task, error);
}

void
sk_judge (const SkJudgeRequest *request, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, sk_judge);
  g_task_set_task_data (task, judgement_new (request), NULL);
  g_task_run_in_thread (task, judge_thread);
}

SkJudgement *
sk_judge_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
