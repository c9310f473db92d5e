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

struct _SkBoxPool {
  gatomicrefcount references;
  SkBoxSettings settings;
  char *program;
  GMutex lock;
  SkBoxProcess *waiting; /* or NULL */
};

struct _SkBox {
  SkBoxPool *pool;
  SkBoxProcess *process; /* or NULL */
  guint processes;
  guint seconds;         /* a document, at most */
};

/* --- the pool -------------------------------------------------------------------------------- */

SkBoxPool *
sk_box_pool_new (const SkBoxSettings *settings, GError **error)
{
  g_autoptr (SkBoxPool) self = g_new0 (SkBoxPool, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->settings = *settings;
  self->settings.program = self->program = g_strdup (settings->program);
  self->waiting = sk_box_process_start (&self->settings, error);
  if (self->waiting == NULL || !sk_box_process_greet (self->waiting, NULL, error))
    {
      g_prefix_error (error, "attachments can't be read safely: ");
      return NULL;
    }
  return g_steal_pointer (&self);
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
  g_mutex_clear (&self->lock);
  g_free (self->program);
  g_free (self);
}

/* The one that waits, and another is started in its place. */
static SkBoxProcess *
take_process (SkBoxPool *self, GError **error)
{
  g_autoptr (SkBoxProcess) process = NULL;

  g_mutex_lock (&self->lock);
  process = g_steal_pointer (&self->waiting);
  self->waiting = sk_box_process_start (&self->settings, NULL);
  g_mutex_unlock (&self->lock);
  if (process == NULL || sk_box_process_is_gone (process))
    {
      g_clear_pointer (&process, sk_box_process_end);
      process = sk_box_process_start (&self->settings, error);
    }
  return g_steal_pointer (&process);
}

SkBox *
sk_box_pool_take (SkBoxPool *self)
{
  SkBox *box = g_new0 (SkBox, 1);

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
      self->process = take_process (self->pool, error);
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
