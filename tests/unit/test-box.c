/* The box as its callers see it, over the real program: what a subverted process does (sk-mischief.c) must end as an
 * attachment that could not be read, in time, and the next attachment is read. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-box.h"
#include "sk-extract.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT "お見積り\n"

/* Small limits, so that what meets them does so soon. */
static SkBoxSettings
settings (void)
{
  SkBoxSettings small = sk_box_default_settings;

  small.memory_bytes = 512 * 1024 * 1024;
  small.seconds = 2;
  return small;
}

static SkBoxPool *
new_pool (void)
{
  g_autoptr (GError) error = NULL;
  SkBoxSettings small = settings ();
  SkBoxPool *pool = sk_box_pool_new (&small, &error);

  g_assert_no_error (error);
  g_assert_nonnull (pool);
  return pool;
}

static int
new_document (const char *content)
{
  int fd = memfd_create ("document", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, content, strlen (content)), ==, (gssize) strlen (content));
  return fd;
}

static SkExtraction *
read_text (SkBox *box, const char *content, GCancellable *cancellable)
{
  int fd = new_document (content);
  SkExtraction *extraction = sk_box_read (box, fd, "a.txt", cancellable);

  g_assert_nonnull (extraction);
  g_assert_nonnull (extraction->text);
  g_assert_nonnull (extraction->sections);
  close (fd);
  return extraction;
}

static void
assert_answers (SkBox *box)
{
  g_autoptr (SkExtraction) extraction = read_text (box, TEXT, NULL);

  g_assert_cmpstr (extraction->reason, ==, NULL);
  g_assert_cmpstr (extraction->type, ==, "text/plain");
  g_assert_cmpstr (extraction->text, ==, TEXT);
}

/* --- nothing is left behind ------------------------------------------------------------------- */

static guint
count_descriptors (void)
{
  DIR *directory = opendir ("/proc/self/fd");
  guint count = 0;

  while (readdir (directory) != NULL)
    count++;
  closedir (directory);
  return count;
}

static void
assert_no_children (void)
{
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void
test_text (void)
{
  g_autoptr (SkBoxPool) pool = new_pool ();
  g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);

  assert_answers (box);
  assert_answers (box);
}

static const struct {
  const char *act;
  const char *reason; /* a pattern; NULL: it is answered as if nothing had been */
  gboolean only_bare; /* not under the address sanitizer, which knows no limit of memory */
} mischiefs[] = {
  { "crash", "the reader ended with signal 11" },
  { "abort", "the reader ended with signal 6" },
  { "leave", "the reader ended with status 3" },
  { "turn", "limit: it takes more than 2 s" },
  { "sleep", "limit: it takes more than 2 s" },
  { "slowly", "limit: it takes more than 2 s" },
  { "memory", "limit: it needs more than 512 MiB of memory", TRUE },
  { "memory-at-once", "limit: it needs more than 512 MiB of memory", TRUE },
  { "memory-unchecked", "limit: it needs more than 512 MiB of memory", TRUE },
  { "trace", "the reader tried what it may not, and was ended (signal 31)" },
  { "kill", "the reader tried what it may not, and was ended (signal 31)" },
  { "module", "the reader tried what it may not, and was ended (signal 31)" },
  { "rubbish", "the reader's answer can't be trusted: *" },
  { "too-large", "the reader's answer can't be received: *" },
  { "text-for-ever", "the reader's answer can't be trusted: *" },
  { "announce", "the reader's answer can't be trusted: *" },
  { "descriptor", "the reader's answer can't be trusted: *" },
  { "close", "the reader ended with signal 9" },
  { "calls", "the reader ended with status 40" }, /* all of them were refused */
  { "warn", NULL },
};

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED TRUE
#elif defined(__has_feature)
#define IS_SANITIZED __has_feature (address_sanitizer)
#else
#define IS_SANITIZED FALSE
#endif

static void
test_mischief (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autofree char *content = g_strdup_printf ("SEKISHO-MISCHIEF: %s", mischiefs[row].act);
  g_autoptr (SkBoxPool) pool = new_pool ();
  g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);
  g_autoptr (SkExtraction) extraction = NULL;
  gint64 start = g_get_monotonic_time ();

  extraction = read_text (box, content, NULL);
  g_test_message ("%s", extraction->reason);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 4 * G_USEC_PER_SEC);
  if (mischiefs[row].reason == NULL)
    g_assert_nonnull (extraction->type);
  else
    {
      g_assert_cmpint (extraction->readable, ==, SK_NO);
      g_assert_cmpint (extraction->encrypted, ==, SK_UNKNOWN);
      g_assert_null (extraction->type);
      g_assert_cmpstr (extraction->text, ==, "");
      g_assert_true (g_pattern_match_simple (mischiefs[row].reason, extraction->reason));
    }
  assert_answers (box);
}

static void
test_many_ends (void)
{
  g_autoptr (SkBoxPool) pool = new_pool ();
  g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL), next = sk_box_pool_take (pool, NULL);

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (SkExtraction) extraction = read_text (box, "SEKISHO-MISCHIEF: leave", NULL);

      g_assert_cmpstr (extraction->reason, ==,
                       i < 16 ? "the reader ended with status 3"
                              : "limit: too many attachments of this mail ended their reader");
    }
  assert_answers (next);
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (200 * 1000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancelled (void)
{
  g_autoptr (SkBoxPool) pool = new_pool ();
  g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (SkExtraction) extraction = read_text (box, "SEKISHO-MISCHIEF: turn", cancellable);

  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
  g_assert_cmpint (extraction->readable, ==, SK_NO);
  g_thread_join (thread);
  assert_answers (box);
}

static void
test_no_file (void)
{
  g_autoptr (SkBoxPool) pool = new_pool ();
  g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);
  g_autoptr (SkExtraction) pipe_end = NULL, closed = NULL;
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  pipe_end = sk_box_read (box, ends[0], NULL, NULL);
  g_assert_cmpstr (pipe_end->reason, ==, "it is no file");
  close (ends[0]);
  close (ends[1]);
  closed = sk_box_read (box, ends[0], NULL, NULL);
  g_assert_cmpstr (closed->reason, ==, "it is no file");
  assert_answers (box);
}

/* A name can't stop its file from being read. */
static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (100000, 'x');
  const char *const names[] = { "", "a\nb\x7f", "\xff\xfe", longest, "見積.txt" };
  g_autoptr (SkBoxPool) pool = new_pool ();
  g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);
  int fd = new_document (TEXT);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (SkExtraction) extraction = sk_box_read (box, fd, names[i], NULL);

      g_assert_cmpstr (extraction->text, ==, TEXT);
    }
  close (fd);
}

static void
test_empty_document (void)
{
  g_autoptr (SkBoxPool) pool = new_pool ();
  g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);
  g_autoptr (SkExtraction) extraction = read_text (box, "", NULL);

  g_assert_nonnull (extraction->type);
  g_assert_cmpint (extraction->length, ==, 0);
}

/* --- the sandbox takes nothing away ------------------------------------------------------------ */

static void
assert_same (const SkExtraction *inside, const SkExtraction *outside)
{
  g_assert_cmpstr (inside->type, ==, outside->type);
  g_assert_cmpint (inside->readable, ==, outside->readable);
  g_assert_cmpint (inside->encrypted, ==, outside->encrypted);
  g_assert_true ((inside->reason == NULL) == (outside->reason == NULL));
  g_assert_cmpstr (inside->text, ==, outside->text);
  g_assert_cmpuint (inside->sections->len, ==, outside->sections->len);
}

static void
compare (SkBox *box, const char *path)
{
  g_autofree char *bytes = NULL, *name = g_path_get_basename (path);
  g_autoptr (SkExtraction) inside = NULL, outside = NULL;
  SkContent content = { .name = name };
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  g_test_message ("%s", path);
  g_assert_true (g_file_get_contents (path, &bytes, &content.length, NULL));
  content.bytes = (const guint8 *) bytes;
  outside = sk_extract (&content, &sk_extract_default_limits);
  inside = sk_box_read (box, fd, name, NULL);
  close (fd);
  assert_same (inside, outside);
}

/* The number of files that were compared. */
static guint
compare_all (SkBox *box, const char *path)
{
  GDir *directory = g_dir_open (path, 0, NULL);
  const char *name;
  guint count = 0;

  if (directory == NULL)
    {
      compare (box, path);
      return 1;
    }
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      count += compare_all (box, inner);
    }
  g_dir_close (directory);
  return count;
}

/* A library that can't load what it needs often says nothing, and text is missing. */
static void
test_same_as_outside (void)
{
  static const char *const folders[] = { "documents", "mail" };
  g_autoptr (GError) error = NULL;
  g_autoptr (SkBoxPool) pool = sk_box_pool_new (&sk_box_default_settings, &error);
  g_autoptr (SkBox) box = NULL;
  guint count = 0;

  g_assert_no_error (error);
  box = sk_box_pool_take (pool, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("SK_FIXTURES"), folders[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        count += compare_all (box, path);
    }
  g_assert_cmpuint (count, >, 10);
}

/* Programs that are not there, or not sekisho-extract. */
static void
test_no_pool (void)
{
  static const struct {
    const char *program, *message;
  } cases[] = {
    { "/nonexistent/sekisho-extract", "*can't be started*" },
    { "/bin/true", "*ended with status 0*" },
    { "/bin/sh", "*ended with status*" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      SkBoxSettings other = settings ();

      other.program = cases[i].program;
      g_assert_null (sk_box_pool_new (&other, &error));
      g_test_message ("%s", error->message);
      g_assert_true (g_pattern_match_simple (cases[i].message, error->message));
    }
}

/* --- a pool that is not proved yet ------------------------------------------------------------- */

/* A program that takes a second before it is sekisho-extract, or ends. */
static char *
slow_program (const char *then)
{
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\n/bin/sleep 1\n%s \"$@\"\n", then);
  char *path = g_build_filename (g_get_tmp_dir (), "sk-slow-XXXXXX", NULL);
  int fd = g_mkstemp (path);

  g_assert_cmpint (write (fd, script, strlen (script)), ==, (gssize) strlen (script));
  fchmod (fd, 0700);
  close (fd);
  return path;
}

static void
proved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static SkBoxPool *
begin (const char *program, GCancellable *cancellable, GAsyncResult **result)
{
  SkBoxSettings slow = settings ();
  gint64 start = g_get_monotonic_time ();
  SkBoxPool *pool;

  slow.program = program;
  pool = sk_box_pool_begin (&slow, cancellable, proved_cb, result);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 500000);
  g_assert_false (sk_box_pool_is_proved (pool));
  return pool;
}

static gboolean
end (GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) found = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  found = g_steal_pointer (result);
  return sk_box_pool_begin_finish (found, error);
}

/* Who reads meanwhile waits for the proof. */
static void
test_proved_later (void)
{
  g_autofree char *exec = g_strconcat ("exec ", g_getenv ("SEKISHO_EXTRACT"), NULL);
  g_autofree char *program = slow_program (exec);
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr (SkBoxPool) pool = begin (program, cancellable, &result);
  g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);

  assert_answers (box);
  g_assert_true (sk_box_pool_is_proved (pool));
  g_assert_true (end (&result, &error));
  g_assert_no_error (error);
  unlink (program);
}

static void
test_unfit_later (void)
{
  g_autofree char *program = slow_program ("exit 7");
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  g_autoptr (SkBoxPool) pool = begin (program, NULL, &result);
  g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);
  g_autoptr (SkExtraction) extraction = read_text (box, TEXT, NULL);

  g_assert_cmpint (extraction->readable, ==, SK_NO);
  g_assert_cmpint (extraction->encrypted, ==, SK_UNKNOWN);
  g_assert_cmpstr (extraction->reason, ==, "attachments can't be read safely: the reader ended with status 7");
  g_assert_false (end (&result, &error));
  g_assert_cmpstr (error->message, ==, extraction->reason);
  g_assert_false (sk_box_pool_is_proved (pool));
  unlink (program);
}

static void
test_cancelled_before_proof (void)
{
  g_autofree char *program = slow_program ("exit 7");
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr (SkBoxPool) pool = begin (program, cancellable, &result);
  g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (SkExtraction) extraction = read_text (box, TEXT, cancellable);

  g_assert_cmpint (g_get_monotonic_time () - start, <, 900000);
  g_assert_cmpint (extraction->readable, ==, SK_NO);
  g_thread_join (thread);
  g_assert_false (end (&result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  unlink (program);
}

/* The next one waits for a place. */
static gpointer
free_soon (gpointer box)
{
  g_usleep (300000);
  sk_box_free (box);
  return NULL;
}

static void
test_places (void)
{
  g_autoptr (SkBoxPool) pool = new_pool ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  SkBox *boxes[SK_BOXES_MOST];
  GThread *thread;

  for (guint i = 0; i < SK_BOXES_MOST; i++)
    boxes[i] = sk_box_pool_take (pool, NULL);
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_null (sk_box_pool_take (pool, cancellable));
  g_thread_join (thread);
  thread = g_thread_new ("free", free_soon, boxes[0]);
  boxes[0] = sk_box_pool_take (pool, NULL);
  g_thread_join (thread);
  assert_answers (boxes[0]);
  for (guint i = 0; i < SK_BOXES_MOST; i++)
    sk_box_free (boxes[i]);
}

/* --- kernels that lack something --------------------------------------------------------------- */

static const struct {
  const char *path;
  int call, answer;
  const char *message;
} lacks[] = {
  { "/box/lacks/landlock", SCMP_SYS (landlock_create_ruleset), ENOSYS, "*no Landlock*Linux 5.13*" },
  { "/box/lacks/landlock-off", SCMP_SYS (landlock_create_ruleset), EOPNOTSUPP, "*no Landlock*lsm=*" },
  { "/box/lacks/landlock-forbidden", SCMP_SYS (landlock_create_ruleset), EPERM, "*Landlock can't be set up*" },
  { "/box/lacks/landlock-broken", SCMP_SYS (landlock_restrict_self), EPERM, "*Landlock can't be set up*" },
  { "/box/lacks/capset", SCMP_SYS (capset), EPERM, "*can't give up capabilities*" },
};

static void
take_away (gsize row)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);

  g_assert_cmpint (
      seccomp_rule_add (filter, SCMP_ACT_ERRNO ((guint) lacks[row].answer), lacks[row].call, 0), ==, 0);
  g_assert_cmpint (seccomp_load (filter), ==, 0);
  seccomp_release (filter);
}

/* What the test takes from itself it does not get back, so it is another process that does. */
static void
test_lacks (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  SkBoxSettings small = settings ();

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      return;
    }
  take_away (row);
  g_assert_null (sk_box_pool_new (&small, &error));
  g_test_message ("%s", error->message);
  g_assert_true (g_pattern_match_simple (lacks[row].message, error->message));
}

/* --- many at once ------------------------------------------------------------------------------ */

enum { THREADS = 4, MAILS = 50 };

static gint mails_left;

static gpointer
read_mails (gpointer pool)
{
  while (g_atomic_int_add (&mails_left, -1) > 0)
    {
      g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);
      g_autoptr (SkExtraction) crashed = NULL;

      assert_answers (box);
      crashed = read_text (box, "SEKISHO-MISCHIEF: crash", NULL);
      g_assert_cmpstr (crashed->reason, ==, "the reader ended with signal 11");
      assert_answers (box);
    }
  return NULL;
}

static void
test_many (void)
{
  GThread *threads[THREADS];
  guint before = count_descriptors ();
  SkBoxPool *pool = new_pool ();

  mails_left = MAILS;
  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("mail", read_mails, pool);
  for (guint i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
  sk_box_pool_unref (pool);
  g_assert_cmpuint (count_descriptors (), ==, before);
  assert_no_children ();
}

/* What the agent's main loop watches is none of the box's business, nor the other way round. */
static void
count_end_cb (GPid pid, gint status, gpointer user_data)
{
  g_assert_cmpint (status, ==, 0);
  (*(guint *) user_data)++;
}

static void
test_other_children (void)
{
  g_autoptr (SkBoxPool) pool = new_pool ();
  g_autoptr (GError) error = NULL;
  char *arguments[] = { (char *) "true", NULL };
  guint ended = 0;
  GPid pid;

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (SkBox) box = sk_box_pool_take (pool, NULL);

      g_spawn_async (NULL, arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                     &pid, &error);
      g_assert_no_error (error);
      g_child_watch_add (pid, count_end_cb, &ended);
      assert_answers (box);
      while (ended <= i)
        g_main_context_iteration (NULL, TRUE);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/box/text", test_text);
  for (gsize i = 0; i < G_N_ELEMENTS (mischiefs); i++)
    {
      g_autofree char *path = g_strconcat ("/box/mischief/", mischiefs[i].act, NULL);

      if (!mischiefs[i].only_bare || !IS_SANITIZED)
        g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_mischief);
    }
  g_test_add_func ("/box/many-ends", test_many_ends);
  g_test_add_func ("/box/cancelled", test_cancelled);
  g_test_add_func ("/box/no-file", test_no_file);
  g_test_add_func ("/box/names", test_names);
  g_test_add_func ("/box/empty-document", test_empty_document);
  g_test_add_func ("/box/same-as-outside", test_same_as_outside);
  g_test_add_func ("/box/no-pool", test_no_pool);
  g_test_add_func ("/box/proved-later", test_proved_later);
  g_test_add_func ("/box/unfit-later", test_unfit_later);
  g_test_add_func ("/box/cancelled-before-proof", test_cancelled_before_proof);
  g_test_add_func ("/box/places", test_places);
  for (gsize i = 0; i < G_N_ELEMENTS (lacks); i++)
    g_test_add_data_func (lacks[i].path, GSIZE_TO_POINTER (i), test_lacks);
  g_test_add_func ("/box/many", test_many);
  g_test_add_func ("/box/other-children", test_other_children);
  return g_test_run ();
}
