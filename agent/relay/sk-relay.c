// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-relay.h"
#include "agent/relay/sk-envelope-lines.h"
#include "agent/relay/sk-link.h"
#include "agent/relay/sk-refusal.h"

#include "sk-error.h"

/* Jobs wait in order for one of a few links (connections). A link that is idle again goes to the
 * end of `idle`, and the next job takes the last: so those that aren't needed run out of time. */
struct _SkRelay {
  gatomicrefcount references; /* the owner's, and one for each function that calls out */
  gboolean closed;
  SkUpstream *upstream;
  SkClock *clock;
  SkCurlLoop *loop;
  SkRelayDeadlines deadlines;
  SkRelayCapabilities capabilities;
  SkRelaySeenFunc seen; /* may be NULL */
  gpointer seen_data;
  guint most_links;
  GPtrArray *links; /* SkLink*, all */
  GQueue idle;      /* SkLink* */
  GQueue waiting;   /* SkRelayJob* */
  GQueue jobs;      /* SkRelayJob*: mails and probes under way */
};

struct _SkRelayJob {
  SkRelay *relay;
  GList place; /* in the relay's jobs */
  gboolean cut_off;
  const SkRelayMail *mail; /* NULL: only a connection is wanted (probe) */
  GTask *task;
  GSource *cancelled;
  SkRelayBeforeDotFunc before_dot;
  gpointer before_dot_data;
  SkRelayResult *result;
  SkLink *link; /* NULL while waiting */
  SkTransaction *transaction;
  gboolean on_kept_link, retried;
  gint64 began;
};

static const SkRelayDeadlines usual_deadlines = {
  .connect = 30 * G_USEC_PER_SEC,
  .reply = 300 * G_USEC_PER_SEC,
  .final = 600 * G_USEC_PER_SEC,
  .idle = 5 * G_USEC_PER_SEC,
};

static void serve (SkRelay *self);

/* --- results --- */

static SkRelayResult *
result_new (guint recipients)
{
  SkRelayResult *self = g_new0 (SkRelayResult, 1);

  self->outcome = SK_RELAY_DEFERRED;
  self->recipient_replies
      = g_ptr_array_new_full (MAX (recipients, 1), (GDestroyNotify)sk_reply_free);
  g_ptr_array_set_size (self->recipient_replies, (gint)recipients);
  return self;
}

void
sk_relay_result_free (SkRelayResult *self)
{
  if (self == NULL)
    return;
  sk_reply_free (self->reply);
  g_ptr_array_unref (self->recipient_replies);
  g_free (self->problem);
  g_free (self);
}

gboolean
sk_relay_reply_is_temporary (const SkReply *reply, const char **remedy)
{
  return sk_refusal_is_temporary (reply, SK_REFUSAL_OF_RECIPIENT, remedy);
}

guint
sk_relay_retry_delay (guint tries)
{
  static const guint seconds[] = { 10, 30, 60, 120, 300, 600, 900 };

  return seconds[MIN (tries, G_N_ELEMENTS (seconds) - 1)];
}

/* --- jobs --- */

static void
unref (SkRelay *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_ptr_array_unref (self->links);
  sk_upstream_free (self->upstream);
  sk_curl_loop_free (self->loop);
  sk_clock_unref (self->clock);
  g_free (self);
}

static void
job_drop_transaction (SkRelayJob *job)
{
  g_clear_pointer (&job->transaction, sk_transaction_free);
  job->link = NULL;
}

/* The last thing to be done in any function: the task's callback may free the relay. */
static void
job_finish (SkRelayJob *job)
{
  g_autoptr (GTask) task = g_steal_pointer (&job->task);
  SkRelayResult *result = g_steal_pointer (&job->result);

  if (job->cancelled != NULL)
    {
      g_source_destroy (job->cancelled);
      g_source_unref (job->cancelled);
    }
  g_queue_unlink (&job->relay->jobs, &job->place);
  g_free (job);
  g_task_return_pointer (task, result, (GDestroyNotify)sk_relay_result_free);
}

/* A slot may be free, a job is over: others go on first, since after that `self` may be gone. */
static void
job_finish_and_serve (SkRelayJob *job)
{
  SkRelay *self = job->relay;

  g_atomic_ref_count_inc (&self->references);
  serve (self);
  job_finish (job);
  unref (self);
}

static void
link_gone (SkRelay *self, SkLink *link)
{
  g_queue_remove (&self->idle, link);
  g_ptr_array_remove_fast (self->links, link);
}

static void
before_dot_cb (gpointer user_data)
{
  SkRelayJob *job = user_data;

  if (job->before_dot != NULL)
    job->before_dot (job, job->before_dot_data);
  else
    sk_transaction_answer (job->transaction, TRUE);
}

static void link_job (SkRelay *self, SkRelayJob *job, SkLink *link);

/* The server of a kept connection may have gone while nobody looked; that is told to nobody. */
static gboolean
retry_if_stale (SkRelayJob *job)
{
  SkRelay *self = job->relay;

  if (!job->on_kept_link || job->retried || !sk_transaction_was_stale (job->transaction))
    return FALSE;
  link_gone (self, job->link);
  job_drop_transaction (job);
  sk_relay_result_free (job->result);
  job->result = result_new (job->mail->recipients->len);
  job->retried = TRUE;
  link_job (self, job, NULL);
  return TRUE;
}

static void
finished_cb (gpointer user_data)
{
  SkRelayJob *job = user_data;
  SkRelay *self = job->relay;
  SkLink *link = job->link;
  SkTransactionRest rest = sk_transaction_rest (job->transaction);

  if (retry_if_stale (job))
    return;
  job_drop_transaction (job);
  if (rest == SK_REST_CLOSE)
    link_gone (self, link);
  else
    sk_link_rest (link, rest);
  job_finish_and_serve (job);
}

static const SkTransactionEvents transaction_events = { before_dot_cb, finished_cb };

static void
job_start (SkRelayJob *job)
{
  SkRelay *self = job->relay;

  job->result->connect_us = g_get_monotonic_time () - job->began;
  job->transaction = sk_transaction_new (sk_link_use (job->link), job->mail, &self->deadlines,
                                         job->result, &transaction_events, job);
  sk_transaction_start (job->transaction);
}

/* --- links --- */

static void
note_capabilities (SkRelay *self, const SkRelayCapabilities *now)
{
  const SkRelayCapabilities *before = &self->capabilities;
  gboolean same = before->known == now->known && before->size_offered == now->size_offered
                  && before->size == now->size && before->pipelining == now->pipelining
                  && before->eightbitmime == now->eightbitmime && before->smtputf8 == now->smtputf8
                  && before->dsn == now->dsn && before->enhanced == now->enhanced;

  self->capabilities = *now;
  if (!same && self->seen != NULL)
    self->seen (self->seen_data);
}

static void
opened_cb (SkLink *link, gpointer user_data)
{
  SkRelayJob *job = user_data;

  note_capabilities (job->relay, sk_connection_capabilities (sk_link_connection (link)));
  if (job->mail != NULL)
    {
      job_start (job);
      return;
    }
  job->result->outcome = SK_RELAY_ACCEPTED;
  sk_link_rest (link, SK_REST_KEEP);
  job_finish_and_serve (job);
}

static void
failed_cb (SkLink *link, const SkConnectionFailure *failure, gpointer user_data)
{
  SkRelayJob *job = user_data;

  job->result->unreachable = failure->unreachable;
  job->result->reply = sk_reply_copy (failure->reply);
  job->result->problem = g_strdup (failure->problem);
  job->result->connect_us = g_get_monotonic_time () - job->began;
  link_gone (job->relay, link);
  job_finish_and_serve (job);
}

static void
idle_cb (SkLink *link, gpointer user_data)
{
  SkRelay *self = user_data;

  g_queue_push_tail (&self->idle, link);
  serve (self);
}

static void
gone_cb (SkLink *link, gpointer user_data)
{
  SkRelay *self = user_data;

  link_gone (self, link);
  serve (self);
}

static const SkLinkEvents link_events = { opened_cb, failed_cb, idle_cb, gone_cb };

/* On `link`, or a new one. A probe that had to wait asks nothing of a link that is at hand: the server answers. */
static void
link_job (SkRelay *self, SkRelayJob *job, SkLink *link)
{
  if (link != NULL && job->mail == NULL)
    {
      g_queue_push_tail (&self->idle, link);
      job->result->outcome = SK_RELAY_ACCEPTED;
      job_finish (job);
      return;
    }
  job->on_kept_link = link != NULL;
  if (link != NULL)
    {
      job->link = link;
      job_start (job);
      return;
    }
  job->link
      = sk_link_new (self->loop, self->clock, self->upstream, &self->deadlines, &link_events, self);
  g_ptr_array_add (self->links, job->link);
  sk_link_open (job->link, job);
}

static void
serve (SkRelay *self)
{
  g_atomic_ref_count_inc (&self->references);
  while (!self->closed && !g_queue_is_empty (&self->waiting)
         && (!g_queue_is_empty (&self->idle) || self->links->len < self->most_links))
    link_job (self, g_queue_pop_head (&self->waiting), g_queue_pop_tail (&self->idle));
  unref (self);
}

/* --- the faces --- */

SkRelay *
sk_relay_new (const SkSettings *settings, SkClock *clock, GError **error)
{
  g_autoptr (SkUpstream) upstream = sk_upstream_new (settings, error);
  SkRelay *self;

  if (upstream == NULL)
    return NULL;
  self = g_new0 (SkRelay, 1);
  g_atomic_ref_count_init (&self->references);
  self->upstream = g_steal_pointer (&upstream);
  self->clock = sk_clock_ref (clock);
  self->loop = sk_curl_loop_new ();
  self->deadlines = usual_deadlines;
  self->most_links = MAX (settings->limits.upstream_connections, 1);
  self->links = g_ptr_array_new_with_free_func ((GDestroyNotify)sk_link_free);
  g_queue_init (&self->idle);
  g_queue_init (&self->waiting);
  g_queue_init (&self->jobs);
  return self;
}

void
sk_relay_free (SkRelay *self)
{
  if (self == NULL)
    return;
  self->closed = TRUE;
  g_queue_clear (&self->idle);
  g_ptr_array_set_size (self->links, 0);
  unref (self);
}

static void
cancel_now (SkRelayJob *job)
{
  static const char cancelled[] = "the attempt was cancelled";

  if (job->transaction != NULL)
    {
      sk_transaction_abandon (job->transaction, cancelled);
      return;
    }
  if (job->link != NULL)
    link_gone (job->relay, job->link);
  g_queue_remove (&job->relay->waiting, job);
  job->result->problem = g_strdup_printf ("%s before there was a connection", cancelled);
  job_finish_and_serve (job);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  cancel_now (user_data);
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (SkRelayJob *job, GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;
  job->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (job->cancelled, G_SOURCE_FUNC (cancelled_cb), job, NULL);
  g_source_attach (job->cancelled, g_main_context_get_thread_default ());
}

static SkRelayJob *
job_new (SkRelay *self, const SkRelayMail *mail, GAsyncReadyCallback callback, gpointer user_data)
{
  SkRelayJob *job = g_new0 (SkRelayJob, 1);

  job->relay = self;
  job->place.data = job;
  g_queue_push_tail_link (&self->jobs, &job->place);
  job->mail = mail;
  job->result = result_new (mail != NULL ? mail->recipients->len : 0);
  job->task = g_task_new (NULL, NULL, callback, user_data);
  job->began = g_get_monotonic_time ();
  return job;
}

/* What no server could be told is refused without a connection. */
static gboolean
refuse_unspeakable (SkRelayJob *job)
{
  static const SkRelayCapabilities all = { .smtputf8 = TRUE };
  int recipient;
  SkReply *refusal = sk_envelope_lines_check (job->mail, &all, &recipient);

  if (refusal == NULL)
    return FALSE;
  if (recipient >= 0)
    job->result->recipient_replies->pdata[recipient] = sk_reply_copy (refusal);
  job->result->outcome = SK_RELAY_REJECTED;
  job->result->reply = refusal;
  return TRUE;
}

static void
enqueue (SkRelayJob *job)
{
  SkRelay *self = job->relay;

  g_queue_push_tail (&self->waiting, job);
  serve (self);
}

void
sk_relay_send (SkRelay *self, const SkRelayMail *mail, GCancellable *cancellable,
               SkRelayBeforeDotFunc before_dot, gpointer before_dot_data,
               GAsyncReadyCallback callback, gpointer user_data)
{
  SkRelayJob *job = job_new (self, mail, callback, user_data);

  job->before_dot = before_dot;
  job->before_dot_data = before_dot_data;
  if (refuse_unspeakable (job))
    job_finish (job);
  else if (g_cancellable_is_cancelled (cancellable))
    cancel_now (job);
  else
    {
      watch_cancellable (job, cancellable);
      enqueue (job);
    }
}

SkRelayResult *
sk_relay_send_finish (SkRelay *self, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

void
sk_relay_job_proceed (SkRelayJob *job)
{
  sk_transaction_answer (job->transaction, TRUE);
}

void
sk_relay_job_abandon (SkRelayJob *job)
{
  sk_transaction_answer (job->transaction, FALSE);
}

guint
sk_relay_running (const SkRelay *self)
{
  return self->jobs.length;
}

static SkRelayJob *
next_to_cut_off (SkRelay *self)
{
  for (GList *i = self->jobs.head; i != NULL; i = i->next)
    if (!((SkRelayJob *) i->data)->cut_off)
      return i->data;
  return NULL;
}

void
sk_relay_cut_off (SkRelay *self)
{
  SkRelayJob *job;

  g_atomic_ref_count_inc (&self->references);
  self->closed = TRUE;
  while ((job = next_to_cut_off (self)) != NULL)
    {
      job->cut_off = TRUE;
      if (job->transaction != NULL)
        sk_transaction_cut_off (job->transaction, "the checkpoint ended");
      else
        cancel_now (job);
    }
  unref (self);
}

const SkRelayCapabilities *
sk_relay_capabilities (const SkRelay *self)
{
  return &self->capabilities;
}

void
sk_relay_set_seen_func (SkRelay *self, SkRelaySeenFunc seen, gpointer user_data)
{
  self->seen = seen;
  self->seen_data = user_data;
}

void
sk_relay_set_capabilities (SkRelay *self, const SkRelayCapabilities *capabilities)
{
  self->capabilities = *capabilities;
}

void
sk_relay_set_deadlines (SkRelay *self, const SkRelayDeadlines *deadlines)
{
  self->deadlines = *deadlines;
}

/* With a connection at hand there is nothing to find out. */
void
sk_relay_probe (SkRelay *self, GAsyncReadyCallback callback, gpointer user_data)
{
  SkRelayJob *job = job_new (self, NULL, callback, user_data);

  if (g_queue_is_empty (&self->idle))
    {
      enqueue (job);
      return;
    }
  job->result->outcome = SK_RELAY_ACCEPTED;
  job_finish (job);
}

gboolean
sk_relay_probe_finish (SkRelay *self, GAsyncResult *result, GError **error)
{
  g_autoptr (SkRelayResult) found = g_task_propagate_pointer (G_TASK (result), NULL);

  if (found->outcome == SK_RELAY_ACCEPTED)
    return TRUE;
  g_set_error_literal (error, SK_ERROR, SK_ERROR_UNAVAILABLE, found->problem);
  return FALSE;
}
