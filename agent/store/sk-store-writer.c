// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/store/sk-store-writer.h"

#include "sk-crash.h"
#include "sk-error.h"
#include "sk-file.h"

#include <malloc.h>
#include <unistd.h>

/* More at once would keep the first of a flood waiting for the last. */
#define BATCH_WRITES 256
#define LAZY_WAIT G_TIME_SPAN_SECOND
#define LARGE_IMPORT 1000

struct _SkStoreWriter {
  SkDatabase *database; /* the thread's */
  char *mail_directory;
  GThread *thread;
  GSource *source; /* on the owner's context: made ready when callbacks wait */

  GMutex mutex; /* guards what stands below */
  GCond wake, finished;
  GQueue waiting, done; /* SkWrite* */
  gint64 due;           /* monotonic: when the next batch starts, if something waits */
  guint64 pushed, written;
  gboolean stopping;
};

SkWrite *
sk_write_new (const SkWriteKind *kind, SkStoreFunc callback, gpointer user_data)
{
  SkWrite *self = g_new0 (SkWrite, 1);

  self->kind = kind;
  self->callback = callback;
  self->user_data = user_data;
  self->fd = -1;
  return self;
}

/* An import of history is rare and large: without asking, the memory would stay with the process. */
static void
free_keys (char **keys)
{
  gboolean large = keys != NULL && g_strv_length (keys) > LARGE_IMPORT;

  g_strfreev (keys);
  if (large)
    malloc_trim (0);
}

void
sk_write_free (SkWrite *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->id);
  sk_mail_free (self->mail);
  g_free (self->spool_path);
  g_free (self->message_path);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_free (self->person);
  free_keys (self->keys);
  g_free (self->ats);
  g_free (self->name);
  g_free (self->value);
  g_clear_error (&self->error);
  g_free (self);
}

/* --- one batch, on the writer's thread ------------------------------------------------------ */

/* The disk starts on all of them before the first is waited for: a third quicker than one after the
 * other, and quicker than a thread each. */
static void
sync_files (GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    {
      SkWrite *write = batch->pdata[i];

      if (write->kind->start != NULL)
        write->kind->start (write, &write->error);
    }
  for (guint i = 0; i < batch->len; i++)
    {
      SkWrite *write = batch->pdata[i];

      if (write->error == NULL && write->kind->sync != NULL)
        write->kind->sync (write, &write->error);
    }
}

/* One fsync for all names of the batch. */
static void
place_files (SkStoreWriter *self, GPtrArray *batch)
{
  gboolean any = FALSE;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < batch->len; i++)
    {
      SkWrite *write = batch->pdata[i];

      if (write->error == NULL && write->kind->place != NULL)
        write->kind->place (write, self->database, &write->error);
      any |= write->placed;
    }
  if (!any)
    return;
  sk_file_sync_directory (self->mail_directory, &error);
  for (guint i = 0; error != NULL && i < batch->len; i++)
    {
      SkWrite *write = batch->pdata[i];

      if (write->placed && write->error == NULL)
        write->error = g_error_copy (error);
    }
  sk_crash_point ("keep-after-directory-sync");
}

/* Only the last state of a mail needs writing; a forget in between needs the one before it. */
static void
mark_superseded (GPtrArray *batch)
{
  g_autoptr (GHashTable) later = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = batch->len; i-- > 0;)
    {
      SkWrite *write = batch->pdata[i];

      if (write->id == NULL)
        continue;
      write->superseded = write->kind->whole_mail && g_hash_table_contains (later, write->id);
      if (write->kind->whole_mail)
        g_hash_table_add (later, write->id);
      else
        g_hash_table_remove (later, write->id);
    }
}

static gboolean
write_rows (SkStoreWriter *self, GPtrArray *batch, GError **error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      SkWrite *write = batch->pdata[i];

      if (write->kind->rows != NULL && !write->kind->rows (write, self->database, error))
        return FALSE;
    }
  return TRUE;
}

static void
pass_crash_points (GPtrArray *batch, gboolean before)
{
  for (guint i = 0; i < batch->len; i++)
    {
      const SkWriteKind *kind = ((SkWrite *) batch->pdata[i])->kind;
      const char *name = before ? kind->before_commit : kind->after_commit;

      if (name != NULL)
        sk_crash_point (name);
    }
}

static gboolean
commit_together (SkStoreWriter *self, GPtrArray *batch, GError **error)
{
  gboolean good;

  mark_superseded (batch);
  good = sk_store_check_space_hook (error)
         && sk_database_run (self->database, "BEGIN IMMEDIATE", error)
         && write_rows (self, batch, error);
  if (good)
    {
      pass_crash_points (batch, TRUE);
      good = sk_database_run (self->database, "COMMIT", error);
    }
  if (!good)
    sk_database_roll_back (self->database);
  else
    pass_crash_points (batch, FALSE);
  return good;
}

/* When the batch as a whole can't be committed, each has its own try, so that one doesn't spoil the
 * others. */
static void
commit (SkStoreWriter *self, GPtrArray *batch)
{
  g_autoptr (GPtrArray) ready = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < batch->len; i++)
    if (((SkWrite *) batch->pdata[i])->error == NULL)
      g_ptr_array_add (ready, batch->pdata[i]);
  if (ready->len == 0 || commit_together (self, ready, &error))
    return;
  for (guint i = 0; i < ready->len; i++)
    {
      SkWrite *write = ready->pdata[i];
      g_autoptr (GPtrArray) alone = g_ptr_array_new ();

      g_ptr_array_add (alone, write);
      if (ready->len == 1)
        write->error = g_steal_pointer (&error);
      else
        commit_together (self, alone, &write->error);
    }
}

static void
settle (GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    {
      SkWrite *write = batch->pdata[i];

      if (write->error != NULL && write->kind->failed != NULL)
        write->kind->failed (write);
      if (write->error == NULL && write->kind->committed != NULL)
        write->kind->committed (write);
    }
}

static void
run_batch (SkStoreWriter *self, GPtrArray *batch)
{
  sync_files (batch);
  place_files (self, batch);
  sk_store_slow_hook ();
  commit (self, batch);
  settle (batch);
}

/* --- the thread ----------------------------------------------------------------------------- */

/* Returns with the mutex held, when there is something to do or the end has come. */
static void
wait_until_due (SkStoreWriter *self)
{
  g_mutex_lock (&self->mutex);
  while (!self->stopping && g_queue_is_empty (&self->waiting))
    g_cond_wait (&self->wake, &self->mutex);
  while (!self->stopping && g_get_monotonic_time () < self->due)
    g_cond_wait_until (&self->wake, &self->mutex, self->due);
}

/* NULL: all is written, and no more will come. */
static GPtrArray *
take_batch (SkStoreWriter *self)
{
  g_autoptr (GPtrArray) batch = g_ptr_array_new ();

  wait_until_due (self);
  while (batch->len < BATCH_WRITES && !g_queue_is_empty (&self->waiting))
    g_ptr_array_add (batch, g_queue_pop_head (&self->waiting));
  self->due = 0; /* what is left over has waited */
  g_mutex_unlock (&self->mutex);
  return batch->len > 0 ? g_steal_pointer (&batch) : NULL;
}

static void
hand_back (SkStoreWriter *self, GPtrArray *batch)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < batch->len; i++)
    {
      SkWrite *write = batch->pdata[i];

      write->finished = TRUE;
      if (!write->waited)
        g_queue_push_tail (&self->done, write);
    }
  self->written += batch->len;
  g_cond_broadcast (&self->finished);
  if (!g_queue_is_empty (&self->done))
    g_source_set_ready_time (self->source, 0);
  g_mutex_unlock (&self->mutex);
}

static gpointer
writer_thread (gpointer user_data)
{
  SkStoreWriter *self = user_data;
  GPtrArray *batch;

  while ((batch = take_batch (self)) != NULL)
    {
      run_batch (self, batch);
      hand_back (self, batch);
      g_ptr_array_unref (batch);
      sk_database_trim (self->database);
    }
  return NULL;
}

/* --- back on the main context --------------------------------------------------------------- */

/* The source stays ready while there are more, for a callback that runs a main loop of its own. */
static SkWrite *
take_done (SkStoreWriter *self)
{
  SkWrite *write;

  g_mutex_lock (&self->mutex);
  write = g_queue_pop_head (&self->done);
  g_source_set_ready_time (self->source, g_queue_is_empty (&self->done) ? -1 : 0);
  g_mutex_unlock (&self->mutex);
  return write;
}

/* One by one from the shared queue: the order holds in such a loop too. */
static void
run_callbacks (SkStoreWriter *self)
{
  SkWrite *write;

  while ((write = take_done (self)) != NULL)
    {
      if (write->settled != NULL)
        write->settled (write, write->settled_data);
      if (write->callback != NULL)
        write->callback (write->error, write->user_data);
      sk_write_free (write);
    }
}

static gboolean
callbacks_cb (gpointer user_data)
{
  run_callbacks (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_source (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs source_functions = { NULL, NULL, dispatch_source, NULL, NULL, NULL };

/* Never g_main_context_invoke(): it would run the callback on the writer's thread while the owner
 * is not in its loop. */
static GSource *
make_source (SkStoreWriter *self)
{
  GSource *source = g_source_new (&source_functions, sizeof (GSource));
  GMainContext *context = g_main_context_ref_thread_default ();

  g_source_set_callback (source, callbacks_cb, self, NULL);
  g_source_set_can_recurse (source, TRUE);
  g_source_set_static_name (source, "store callbacks");
  g_source_attach (source, context);
  g_main_context_unref (context);
  return source;
}

/* --- the caller's side ---------------------------------------------------------------------- */

SkStoreWriter *
sk_store_writer_new (SkDatabase *database, const char *mail_directory)
{
  SkStoreWriter *self = g_new0 (SkStoreWriter, 1);

  self->database = database;
  self->mail_directory = g_strdup (mail_directory);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->wake);
  g_cond_init (&self->finished);
  self->source = make_source (self);
  self->thread = g_thread_new ("store", writer_thread, self);
  return self;
}

static void
push (SkStoreWriter *self, SkWrite *write)
{
  gint64 due = write->lazy ? g_get_monotonic_time () + LAZY_WAIT : 0;

  if (g_queue_is_empty (&self->waiting) || due < self->due)
    {
      self->due = due;
      g_cond_signal (&self->wake);
    }
  g_queue_push_tail (&self->waiting, write);
  self->pushed++;
}

void
sk_store_writer_push (SkStoreWriter *self, SkWrite *write)
{
  g_mutex_lock (&self->mutex);
  push (self, write);
  g_mutex_unlock (&self->mutex);
}

gboolean
sk_store_writer_run (SkStoreWriter *self, SkWrite *write, GError **error)
{
  gboolean good;

  write->waited = TRUE;
  g_mutex_lock (&self->mutex);
  push (self, write);
  while (!write->finished)
    g_cond_wait (&self->finished, &self->mutex);
  g_mutex_unlock (&self->mutex);
  good = write->error == NULL;
  if (!good)
    g_propagate_error (error, g_steal_pointer (&write->error));
  sk_write_free (write);
  return good;
}

void
sk_store_writer_flush (SkStoreWriter *self)
{
  guint64 until;

  g_mutex_lock (&self->mutex);
  until = self->pushed;
  if (!g_queue_is_empty (&self->waiting))
    {
      self->due = 0;
      g_cond_signal (&self->wake);
    }
  while (self->written < until)
    g_cond_wait (&self->finished, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

gboolean
sk_store_writer_is_busy (SkStoreWriter *self)
{
  gboolean work;

  g_mutex_lock (&self->mutex);
  work = self->written < self->pushed || !g_queue_is_empty (&self->done);
  g_mutex_unlock (&self->mutex);
  return work;
}

void
sk_store_writer_free (SkStoreWriter *self)
{
  if (self == NULL)
    return;
  while (sk_store_writer_is_busy (self))
    {
      sk_store_writer_flush (self);
      run_callbacks (self);
    }
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  sk_database_close (self->database);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->wake);
  g_cond_clear (&self->finished);
  g_free (self->mail_directory);
  g_free (self);
}
