// SPDX-License-Identifier: GPL-3.0-or-later
/* Disks that fail and disks that are full. fdatasync(), fsync() and renameat2() of this program
 * (also SQLite's) go through the functions below, which note their order and fail when a test says
 * so. */
#include "sk-error.h"
#include "sk-store-fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static GMutex mutex;
static GString
    *journal; /* "sync NAME", "rename NAME", "call NAME": one a line; NULL while nothing is noted */
static const char *failing; /* the end of the path whose syncs fail, or NULL */
static int failing_errno;

int fdatasync (int fd);
int fsync (int fd);
int renameat2 (int old_directory, const char *old_path, int new_directory, const char *new_path,
               unsigned int flags);

static void
note (const char *what, const char *path)
{
  g_mutex_lock (&mutex);
  if (journal != NULL)
    g_string_append_printf (journal, "%s %s\n", what, strrchr (path, '/') + 1);
  g_mutex_unlock (&mutex);
}

static int
sync_or_fail (long call, int fd)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  char path[4096] = "";
  gssize length = readlink (link, path, sizeof path - 1);

  path[MAX (length, 0)] = '\0';
  if (failing != NULL && g_str_has_suffix (path, failing))
    {
      errno = failing_errno;
      return -1;
    }
  note ("sync", path);
  return (int) syscall (call, fd);
}

int
fdatasync (int fd)
{
  return sync_or_fail (SYS_fdatasync, fd);
}

int
fsync (int fd)
{
  return sync_or_fail (SYS_fsync, fd);
}

int
renameat2 (int old_directory, const char *old_path, int new_directory, const char *new_path,
           unsigned int flags)
{
  int result
      = (int) syscall (SYS_renameat2, old_directory, old_path, new_directory, new_path, flags);

  if (result == 0)
    note ("rename", new_path);
  return result;
}

static void
fail_syncs_of (const char *path, int error)
{
  failing_errno = error;
  failing = path;
}

/* --- order ---------------------------------------------------------------------------------- */

static void
noting_cb (const GError *error, gpointer user_data)
{
  note ("call", "/back");
  outcome_cb (error, user_data);
}

/* What a power cut may take: message, name, row, answer, in this order. */
static void
test_order (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autofree char *spool = fixture_spool (f->store, "a", 100);
  g_auto (Outcome) outcome = { 0 };

  journal = g_string_new (NULL);
  sk_store_keep (f->store, mail, spool, NULL, noting_cb, &outcome);
  outcome_wait (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (journal->str, ==,
                   "sync a\nrename a.eml\nsync mail\nsync store.db-wal\ncall back\n");
  g_string_truncate (journal, 0);
  outcome.calls = 0;
  sk_store_save (f->store, mail, NULL, noting_cb, &outcome);
  outcome_wait (&outcome);
  g_assert_cmpstr (journal->str, ==, "sync store.db-wal\ncall back\n");
  g_string_free (g_steal_pointer (&journal), TRUE);
}

/* An attempt must not wait for the disk. */
static void
test_attempts_do_not_sync (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("a");

  journal = g_string_new (NULL);
  for (guint i = 0; i < 1000; i++)
    {
      g_assert_true (sk_store_attempt_begin (f->store, mail, "/nonexistent/a", "print", NULL));
      g_assert_true (sk_store_attempt_end (f->store, "a", NULL));
    }
  g_assert_true (sk_store_untold_add (f->store, "k", "a", NULL, NULL));
  g_assert_cmpstr (journal->str, ==, "");
  g_string_free (g_steal_pointer (&journal), TRUE);
}

/* --- failing syncs -------------------------------------------------------------------------- */

enum { BATCH = 6 };

/* Keeps mail-0 to mail-5 at once. */
static void
keep_batch (Fixture *f, Outcome outcomes[BATCH])
{
  memset (outcomes, 0, BATCH * sizeof *outcomes);
  for (guint i = 0; i < BATCH; i++)
    {
      g_autofree char *id = g_strdup_printf ("mail-%u", i);
      g_autoptr (SkMail) mail = fixture_full_mail (id);
      g_autofree char *spool = g_build_filename (sk_store_spool_directory (f->store), id, NULL);

      sk_store_keep (f->store, mail, spool, NULL, outcome_cb, &outcomes[i]);
    }
  outcome_wait (&outcomes[BATCH - 1]);
}

static void
spool_batch (Fixture *f)
{
  for (guint i = 0; i < BATCH; i++)
    {
      g_autofree char *id = g_strdup_printf ("mail-%u", i);

      g_free (fixture_spool (f->store, id, 50));
    }
}

/* Each mail is either wholly kept, or wholly in the spool with an error of `code`. Gives back how
 * many are kept. */
static guint
assert_batch (Fixture *f, Outcome outcomes[BATCH], gint code)
{
  guint kept = 0;

  for (guint i = 0; i < BATCH; i++)
    {
      g_autofree char *id = g_strdup_printf ("mail-%u", i);
      g_autofree char *spool = g_strdup_printf ("spool/%s", id);
      g_autofree char *message = g_strdup_printf ("mail/%s.eml", id);
      g_autoptr (SkMail) loaded = sk_store_load (f->store, id, NULL);
      gboolean good = outcomes[i].error == NULL;

      g_assert_cmpuint (outcomes[i].calls, ==, 1);
      g_assert_true ((loaded != NULL) == good);
      g_assert_true (fixture_exists (f, message) == good);
      g_assert_true (fixture_exists (f, spool) == !good);
      if (!good)
        g_assert_error (outcomes[i].error, SK_ERROR, code);
      kept += good;
      outcome_clear (&outcomes[i]);
    }
  return kept;
}

static void
test_failing_syncs (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *path;
    int error;
    guint kept; /* of BATCH */
    gint code;
  } cases[] = {
    { "/spool/mail-2", ENOSPC, BATCH - 1, SK_ERROR_FULL },
    { "/spool/mail-5", EDQUOT, BATCH - 1, SK_ERROR_FULL },
    { "/spool/mail-0", EIO, BATCH - 1, SK_ERROR_IO },
    { "/mail", EIO, 0, SK_ERROR_IO },
    { "/store.db-wal", EIO, 0, SK_ERROR_IO },
    { "/store.db-wal", ENOSPC, 0, SK_ERROR_FULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Outcome outcomes[BATCH];

      spool_batch (f);
      fail_syncs_of (cases[i].path, cases[i].error);
      keep_batch (f, outcomes);
      fail_syncs_of (NULL, 0);
      g_assert_cmpuint (assert_batch (f, outcomes, cases[i].code), ==, cases[i].kept);
      fixture_close (f);
      fixture_directory_free (f->directory);
      f->directory = fixture_directory_new ();
      fixture_open (f);
    }
}

/* After a failed commit all is well again, in the same run and the next. */
static void
test_goes_on (Fixture *f, gconstpointer data)
{
  Outcome outcomes[BATCH];

  spool_batch (f);
  fail_syncs_of ("/store.db-wal", EIO);
  keep_batch (f, outcomes);
  fail_syncs_of (NULL, 0);
  g_assert_cmpuint (assert_batch (f, outcomes, SK_ERROR_IO), ==, 0);
  keep_batch (f, outcomes);
  g_assert_cmpuint (assert_batch (f, outcomes, SK_ERROR_IO), ==, BATCH);
  fixture_close (f);
  fixture_open (f);
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM mails", "6");
  fixture_assert_query (f, "store.db", "PRAGMA integrity_check", "ok");
}

/* --- no space ------------------------------------------------------------------------------- */

/* Files may not grow beyond what the database and its log have: every commit that needs more fails.
 */
static void
test_limited_files (Fixture *f, gconstpointer data)
{
  struct rlimit old, small;
  Outcome outcomes[BATCH];

  spool_batch (f);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = old;
  small.rlim_cur = 4096;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  keep_batch (f, outcomes);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_cmpuint (assert_batch (f, outcomes, SK_ERROR_FULL), ==, 0);
  keep_batch (f, outcomes);
  g_assert_cmpuint (assert_batch (f, outcomes, SK_ERROR_FULL), ==, BATCH);
}

/* Fills the disk until only `left` bytes are free. */
static void
fill (const char *path, gsize left)
{
  g_autofree char *block = g_malloc0 (4096);
  int fd = open (path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  struct stat status;

  while (write (fd, block, 4096) == 4096)
    continue;
  g_assert_cmpint (errno, ==, ENOSPC);
  g_assert_cmpint (fstat (fd, &status), ==, 0);
  g_assert_cmpint (ftruncate (fd, status.st_size - (off_t) left), ==, 0);
  close (fd);
}

/* On a disk of 2 MB of its own, with less and less room left. */
static void
keep_on_full_disk (const char *mount_point)
{
  g_autofree char *filler = g_build_filename (mount_point, "filler", NULL);
  Fixture f = { .directory = g_build_filename (mount_point, "store", NULL),
                .clock = sk_clock_new_manual (FIXTURE_WALL) };
  guint refused = 0, kept = 0;

  for (gsize left = 0; left <= 160 * 1024; left += 16 * 1024)
    {
      Outcome outcomes[BATCH];
      guint good;

      fixture_open (&f);
      spool_batch (&f);
      fill (filler, left);
      keep_batch (&f, outcomes);
      good = assert_batch (&f, outcomes, SK_ERROR_FULL);
      kept += good;
      refused += BATCH - good;
      g_assert_false (sk_store_has_space (f.store, 0, NULL));
      fixture_assert_query (&f, "store.db", "PRAGMA integrity_check", "ok");
      g_unlink (filler);
      if (good == 0)
        {
          keep_batch (&f, outcomes);
          g_assert_cmpuint (assert_batch (&f, outcomes, SK_ERROR_FULL), ==, BATCH);
        }
      fixture_close (&f);
      fixture_remove (f.directory);
    }
  g_assert_cmpuint (refused, >, 0);
  g_assert_cmpuint (kept, >, 0);
}

/* A mount of our own needs a namespace of our own, which a child can have: root, or a user that is
 * root in it. */
static gboolean
mount_small_disk (const char *mount_point)
{
  int kind = geteuid () == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER;

  return unshare (kind) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
         && mount ("none", mount_point, "tmpfs", 0, "size=2m") == 0;
}

enum { CANNOT_MOUNT = 2 };

static void
test_full_disk (void)
{
  g_autofree char *mount_point = fixture_directory_new ();
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    {
      if (!mount_small_disk (mount_point))
        _exit (CANNOT_MOUNT);
      keep_on_full_disk (mount_point);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  fixture_remove (mount_point);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == CANNOT_MOUNT)
    g_test_message ("this machine lets nobody mount: limited-files alone has judged");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/store-faults/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  g_test_add_func ("/store-faults/full-disk", test_full_disk);
  ADD ("order", test_order);
  ADD ("attempts-do-not-sync", test_attempts_do_not_sync);
  ADD ("failing-syncs", test_failing_syncs);
  ADD ("goes-on", test_goes_on);
  ADD ("limited-files", test_limited_files);
  return g_test_run ();
}
