/* The pool's lock guards the process that waits; a box belongs to one thread at a time, and so do
 * its processes. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-box-process.h"

#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Processes that one mail may use up. A mail whose attachments end each of them is not read to its
 * end. */
enum { PROCESSES = 16 };

const SkBoxSettings sk_box_default_settings = {
  .limits = SK_EXTRACT_DEFAULT_LIMITS,
  .memory_bytes = 1024 * 1024 * 1024,
  .seconds = 20,
};

/* What is waited for under the lock may be cancelled, which nobody signals there. */
enum { LOOK_MILLISECONDS = 100 };

typedef enum { UNPROVED, PROVED, UNFIT } Fitness;

struct _SkBoxPool {
  gatomicrefcount references;
  SkBoxSettings settings;
  char *program;
  GMutex lock;
  GCond changed;
  Fitness fitness;
  GError *unfit;         /* why */
  guint taken;           /* boxes */
  SkBoxProcess *waiting; /* or NULL */
};

struct _SkBox {
  SkBoxPool *pool;
  SkBoxProcess *process; /* or NULL */
  guint processes;
  guint seconds;         /* a document, at most */
};

/* --- the pool -------------------------------------------------------------------------------- */

static SkBoxPool *
pool_new (const SkBoxSettings *settings)
{
  SkBoxPool *self = g_new0 (SkBoxPool, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->settings = *settings;
  self->settings.program = self->program = g_strdup (settings->program);
  return self;
}

/* Takes the process, or the error that says why there is none. */
static void
tell_fitness (SkBoxPool *self, SkBoxProcess *process, GError *unfit)
{
  g_mutex_lock (&self->lock);
  self->waiting = process;
  self->unfit = unfit;
  self->fitness = unfit == NULL ? PROVED : UNFIT;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gboolean
prove (SkBoxPool *self, GError **error)
{
  GError *unfit = NULL;
  g_autoptr (SkBoxProcess) process = sk_box_process_start (&self->settings, &unfit);

  if (process == NULL || !sk_box_process_greet (process, NULL, &unfit))
    {
      g_prefix_error (&unfit, "attachments can't be read safely: ");
      g_propagate_error (error, g_error_copy (unfit));
      tell_fitness (self, NULL, unfit);
      return FALSE;
    }
  tell_fitness (self, g_steal_pointer (&process), NULL);
  return TRUE;
}

SkBoxPool *
sk_box_pool_new (const SkBoxSettings *settings, GError **error)
{
  g_autoptr (SkBoxPool) self = pool_new (settings);

  return prove (self, error) ? g_steal_pointer (&self) : NULL;
}

static void
prove_thread (GTask *task, gpointer source, gpointer pool, GCancellable *cancellable)
{
  GError *error = NULL;

  if (prove (pool, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

SkBoxPool *
sk_box_pool_begin (const SkBoxSettings *settings, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  SkBoxPool *self = pool_new (settings);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, sk_box_pool_begin);
  g_task_set_task_data (task, sk_box_pool_ref (self), (GDestroyNotify) sk_box_pool_unref);
  g_task_run_in_thread (task, prove_thread);
  return self;
}

gboolean
sk_box_pool_begin_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
sk_box_pool_is_proved (SkBoxPool *self)
{
  gboolean proved;

  g_mutex_lock (&self->lock);
  proved = self->fitness == PROVED;
  g_mutex_unlock (&self->lock);
  return proved;
}

SkBoxPool *
sk_box_pool_ref (SkBoxPool *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sk_box_pool_unref (SkBoxPool *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  sk_box_process_end (self->waiting);
  g_clear_error (&self->unfit);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self->program);
  g_free (self);
}

/* Under the lock. FALSE: cancelled. */
static gboolean
wait_for_change (SkBoxPool *self, GCancellable *cancellable)
{
  if (g_cancellable_is_cancelled (cancellable))
    return FALSE;
  g_cond_wait_until (&self->changed, &self->lock,
                     g_get_monotonic_time () + LOOK_MILLISECONDS * G_TIME_SPAN_MILLISECOND);
  return TRUE;
}

/* Under the lock. */
static gboolean
wait_for_proof (SkBoxPool *self, GCancellable *cancellable, GError **error)
{
  while (self->fitness == UNPROVED)
    if (!wait_for_change (self, cancellable))
      return !g_cancellable_set_error_if_cancelled (cancellable, error);
  if (self->fitness == UNFIT)
    g_propagate_error (error, g_error_copy (self->unfit));
  return self->fitness == PROVED;
}

/* The one that waits, and another is started in its place. */
static SkBoxProcess *
take_process (SkBoxPool *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (SkBoxProcess) process = NULL;
  gboolean proved;

  g_mutex_lock (&self->lock);
  proved = wait_for_proof (self, cancellable, error);
  if (proved)
    {
      process = g_steal_pointer (&self->waiting);
      self->waiting = sk_box_process_start (&self->settings, NULL);
    }
  g_mutex_unlock (&self->lock);
  if (proved && (process == NULL || sk_box_process_is_gone (process)))
    {
      g_clear_pointer (&process, sk_box_process_end);
      process = sk_box_process_start (&self->settings, error);
    }
  return g_steal_pointer (&process);
}

static gboolean
take_place (SkBoxPool *self, GCancellable *cancellable)
{
  gboolean may = TRUE;

  g_mutex_lock (&self->lock);
  while (may && self->taken >= SK_BOXES_MOST)
    may = wait_for_change (self, cancellable);
  self->taken += may;
  g_mutex_unlock (&self->lock);
  return may;
}

static void
give_place (SkBoxPool *self)
{
  g_mutex_lock (&self->lock);
  self->taken--;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

SkBox *
sk_box_pool_take (SkBoxPool *self, GCancellable *cancellable)
{
  SkBox *box;

  if (!take_place (self, cancellable))
    return NULL;
  box = g_new0 (SkBox, 1);
  box->pool = sk_box_pool_ref (self);
  box->seconds = self->settings.seconds;
  return box;
}

void
sk_box_free (SkBox *self)
{
  if (self == NULL)
    return;
  sk_box_process_end (self->process);
  give_place (self->pool);
  sk_box_pool_unref (self->pool);
  g_free (self);
}

void
sk_box_hurry (SkBox *self, guint seconds)
{
  self->seconds = seconds;
}

/* --- reading --------------------------------------------------------------------------------- */

static SkExtraction *
unreadable (const char *reason)
{
  SkExtraction *extraction = g_new0 (SkExtraction, 1);

  extraction->readable = SK_NO;
  extraction->encrypted = SK_UNKNOWN;
  extraction->reason = g_strdup (reason);
  extraction->text = g_strdup ("");
  extraction->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_section_free);
  return extraction;
}

/* Opened anew, since what may be done with a descriptor goes along with it. */
static int
reopen (int fd, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  struct stat status;
  int document;

  if (fstat (fd, &status) < 0 || !S_ISREG (status.st_mode))
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "it is no file");
      return -1;
    }
  document = open (path, O_RDONLY | O_CLOEXEC);
  if (document < 0)
    sk_error_set_errno (error, errno, "it can't be opened");
  return document;
}

static gboolean
prepare (SkBox *self, GCancellable *cancellable, GError **error)
{
  if (self->process != NULL && sk_box_process_is_gone (self->process))
    g_clear_pointer (&self->process, sk_box_process_end);
  if (self->process == NULL)
    {
      if (self->processes++ >= PROCESSES)
        {
          g_set_error (error, SK_ERROR, SK_ERROR_LIMIT,
                       "limit: too many attachments of this mail ended their reader");
          return FALSE;
        }
      self->process = take_process (self->pool, cancellable, error);
    }
  return self->process != NULL && sk_box_process_greet (self->process, cancellable, error);
}

static SkExtraction *
read_document (SkBox *self, int document, const char *name, GCancellable *cancellable,
               GError **error)
{
  SkExtraction *extraction = NULL;

  if (prepare (self, cancellable, error))
    extraction = sk_box_process_ask (self->process, document, name, self->seconds, cancellable,
                                     error);
  if (extraction == NULL)
    g_clear_pointer (&self->process, sk_box_process_end);
  return extraction;
}

SkExtraction *
sk_box_read (SkBox *self, int fd, const char *name, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  SkExtraction *extraction = NULL;
  int document = reopen (fd, &error);

  if (document >= 0)
    {
      extraction = read_document (self, document, name, cancellable, &error);
      close (document);
    }
  return extraction != NULL ? extraction : unreadable (error->message);
}
