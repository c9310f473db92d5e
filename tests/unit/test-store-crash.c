// SPDX-License-Identifier: GPL-3.0-or-later
/* The agent ends at the worst moments: at every crash point, and at any moment. A child works on a
 * store and tells through a pipe what it was told is durable; then it is killed, and the parent
 * looks at what is left. */
#include "sk-error.h"
#include "sk-store-fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#define LINES 20

typedef struct {
  char *directory;
  SkStore *store;
  int pipe;
  guint started, ended, total;
} Child;

typedef void (*ChildFunc) (Child *child);

/* --- the child ------------------------------------------------------------------------------ */

static void G_GNUC_PRINTF (2, 3)
tell (Child *child, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  vdprintf (child->pipe, format, arguments);
  va_end (arguments);
}

static void
settle (Child *child)
{
  while (child->ended < child->total)
    g_main_context_iteration (NULL, TRUE);
}

typedef struct {
  Child *child;
  char *id;
} Keep;

static void keep_next (Child *child);

static void
kept_cb (const GError *error, gpointer user_data)
{
  Keep *keep = user_data;
  Child *child = keep->child;

  if (error != NULL)
    _exit (3);
  tell (child, "%s\n", keep->id);
  g_free (keep->id);
  g_free (keep);
  child->ended++;
  if (child->started < child->total)
    keep_next (child);
}

static void
keep_next (Child *child)
{
  Keep *keep = g_new0 (Keep, 1);
  g_autofree char *spool = NULL;
  g_autoptr (SkMail) mail = NULL;
  json_auto_t *events = NULL;

  keep->child = child;
  keep->id = g_strdup_printf ("mail-%d-%u", getpid (), child->started++);
  spool = fixture_spool (child->store, keep->id, LINES);
  mail = fixture_full_mail (keep->id);
  events = json_pack ("[{s:s, s:s}]", "kind", "submitted", "mail", keep->id);
  sk_store_keep (child->store, mail, spool, events, kept_cb, keep);
}

/* Always four under way, so that batches have company. */
static void
keep_many (Child *child)
{
  child->total = 24;
  for (guint i = 0; i < 4; i++)
    keep_next (child);
  settle (child);
}

static void
keep_without_end (Child *child)
{
  child->total = 100000;
  for (guint i = 0; i < 16; i++)
    keep_next (child);
  settle (child);
}

static void
saved_cb (const GError *error, gpointer user_data)
{
  Child *child = user_data;

  if (error != NULL)
    _exit (3);
  tell (child, "%u\n", ++child->ended);
}

/* Revisions 1 to 12 of one mail, each with an event, in bursts of three. */
static void
save_often (Child *child)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("mail-0");
  g_autofree char *spool = fixture_spool (child->store, "mail-0", LINES);

  sk_store_keep (child->store, mail, spool, NULL, NULL, NULL);
  while (child->total < 12)
    {
      for (guint i = 0; i < 3; i++)
        {
          json_auto_t *events = json_pack ("[{s:s}]", "kind", "changed");

          mail->revision = ++child->total;
          sk_store_save (child->store, mail, events, saved_cb, child);
        }
      settle (child);
    }
}

static void
forget_one (Child *child)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("mail-0");
  g_autofree char *spool = fixture_spool (child->store, "mail-0", LINES);

  mail->state = SK_MAIL_DONE;
  sk_store_keep (child->store, mail, spool, NULL, NULL, NULL);
  sk_store_flush (child->store);
  child->total = 1;
  sk_store_forget (child->store, "mail-0", saved_cb, child);
  settle (child);
}

static void
attempt_one (Child *child)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("mail-0");
  g_autofree char *spool = fixture_spool (child->store, "mail-0", LINES);

  if (sk_store_attempt_begin (child->store, mail, spool, "print", NULL))
    tell (child, "begun\n");
  if (sk_store_attempt_end (child->store, "mail-0", NULL))
    tell (child, "ended\n");
}

static void
attempt_kept_cb (const GError *error, gpointer user_data)
{
  Child *child = user_data;

  if (error != NULL || !sk_store_attempt_end (child->store, "mail-0", NULL))
    _exit (3);
  child->ended++;
}

/* The outcome of the attempt is unknown, or a 4xx: its mail is kept. */
static void
attempt_and_keep (Child *child)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("mail-0");
  g_autofree char *spool = fixture_spool (child->store, "mail-0", LINES);

  if (sk_store_attempt_begin (child->store, mail, spool, "print", NULL))
    tell (child, "begun\n");
  child->total = 1;
  sk_store_keep (child->store, mail, spool, NULL, attempt_kept_cb, child);
  settle (child);
}

static G_NORETURN void
be_child (const char *directory, int pipe, const char *point, ChildFunc work)
{
  SkClock *clock = sk_clock_new_manual (FIXTURE_WALL);
  Child child = { .pipe = pipe };

  if (point != NULL)
    setenv ("SEKISHO_CRASH_AT", point, TRUE);
  child.store = sk_store_open (directory, clock, NULL);
  if (child.store == NULL)
    _exit (2);
  work (&child);
  _exit (0);
}

/* --- the parent ----------------------------------------------------------------------------- */

/* What the child has told until its end, by lines. */
static char **
read_pipe (int fd)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, n);
  close (fd);
  if (text->len > 0 && text->str[text->len - 1] == '\n')
    g_string_truncate (text, text->len - 1);
  return g_strsplit (text->str, "\n", -1);
}

/* Lets a child work until it kills itself at `point`, or until `microseconds` have passed. */
static char **
crash (const char *directory, const char *point, guint microseconds, ChildFunc work)
{
  int ends[2], status = 0;
  pid_t child;
  char **told;

  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  if (child == 0)
    be_child (directory, ends[1], point, work);
  close (ends[1]);
  if (point == NULL)
    {
      g_usleep (microseconds);
      kill (child, SIGKILL);
    }
  told = read_pipe (ends[0]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (!WIFSIGNALED (status) || WTERMSIG (status) != SIGKILL)
    g_error ("%s: the child wasn't killed (status %x)", point, status);
  return told;
}

static void
assert_message (Fixture *f, const char *id)
{
  g_autofree char *path = sk_store_message_path (f->store, id);
  g_autofree char *expected = fixture_message (id, LINES);
  g_autofree char *contents = NULL;

  if (!g_file_get_contents (path, &contents, NULL, NULL))
    g_error ("%s has a row but no message", id);
  g_assert_cmpstr (contents, ==, expected);
}

static guint
count_files (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->directory, name, NULL);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (directory) != NULL)
    count++;
  return count;
}

/* Every row has its whole message and its one event; after sweeping nothing else is left. */
static void
assert_whole (Fixture *f, guint *rows)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) mails = sk_store_load_open (f->store, &error);
  g_autofree char *events = g_strdup_printf ("%u", mails->len);

  g_assert_no_error (error);
  for (guint i = 0; i < mails->len; i++)
    {
      const SkMail *mail = mails->pdata[i];
      g_autoptr (SkMail) expected = fixture_full_mail (mail->id);

      assert_same_mail (mail, expected);
      assert_message (f, mail->id);
    }
  fixture_assert_query (f, "store.db", "PRAGMA integrity_check", "ok");
  fixture_assert_query (f, "store.db",
                        "SELECT count(*) FROM events WHERE json_extract(body, '$.mail')"
                        " IN (SELECT id FROM mails)",
                        events);
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM events", events);
  sk_store_sweep (f->store);
  g_assert_cmpuint (count_files (f, "mail"), ==, mails->len);
  g_assert_cmpuint (count_files (f, "spool"), ==, 0);
  *rows = mails->len;
}

static void
assert_told_are_there (Fixture *f, char **told)
{
  for (guint i = 0; told[i] != NULL; i++)
    {
      g_autoptr (SkMail) mail = sk_store_load (f->store, told[i], NULL);

      if (mail == NULL)
        g_error ("%s was durable and is gone", told[i]);
    }
}

/* After a crash the store goes on as ever. */
static void
assert_works (Fixture *f)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("after");

  fixture_keep (f, mail);
  fixture_assert_loads (f, mail);
}

static void
test_keep_points (void)
{
  static const struct {
    const char *point;
    guint least; /* rows that must be there when the first batch is hit */
  } points[] = {
    { "keep-before-sync", 0 },          { "keep-after-sync", 0 },    { "keep-after-rename", 0 },
    { "keep-after-directory-sync", 0 }, { "keep-before-commit", 0 }, { "keep-after-commit", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    for (guint time = 1; time <= 5; time += 2)
      {
        Fixture f = { .directory = fixture_directory_new (),
                      .clock = sk_clock_new_manual (FIXTURE_WALL) };
        g_autofree char *point = g_strdup_printf ("%s:%u", points[i].point, time);
        g_auto (GStrv) told = crash (f.directory, point, 0, keep_many);
        guint rows;

        fixture_open (&f);
        assert_told_are_there (&f, told);
        assert_whole (&f, &rows);
        if (time == 1)
          {
            g_assert_cmpuint (g_strv_length (told), ==, 0);
            g_assert_true (points[i].least == 0 ? rows == 0 : rows >= points[i].least);
          }
        assert_works (&f);
        fixture_tear_down (&f, NULL);
      }
}

static void
test_any_moment (void)
{
  for (guint round = 0; round < 12; round++)
    {
      Fixture f
          = { .directory = fixture_directory_new (), .clock = sk_clock_new_manual (FIXTURE_WALL) };
      g_auto (GStrv) told = crash (
          f.directory, NULL, 20000 + (guint) g_test_rand_int_range (0, 80000), keep_without_end);
      guint rows;

      fixture_open (&f);
      assert_told_are_there (&f, told);
      assert_whole (&f, &rows);
      assert_works (&f);
      fixture_tear_down (&f, NULL);
    }
}

/* One store survives one crash after the other. */
static void
test_again_and_again (void)
{
  static const char *const points[] = { "keep-after-rename", "keep-before-commit",
                                        "keep-after-commit", "keep-after-directory-sync" };
  Fixture f
      = { .directory = fixture_directory_new (), .clock = sk_clock_new_manual (FIXTURE_WALL) };

  guint rows;

  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    g_strfreev (crash (f.directory, points[i], 0, keep_many));
  fixture_open (&f);
  assert_whole (&f, &rows);
  g_assert_cmpuint (rows, >=, 1); /* what keep-after-commit left */
  g_assert_cmpuint (rows, <, 24);
  assert_works (&f);
  fixture_tear_down (&f, NULL);
}

/* The state and the events that tell of it come together. */
static void
test_save_points (void)
{
  static const char *const points[] = { "save-before-commit", "save-after-commit" };

  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    for (guint time = 1; time <= 12; time += 3)
      {
        Fixture f = { .directory = fixture_directory_new (),
                      .clock = sk_clock_new_manual (FIXTURE_WALL) };
        g_autofree char *point = g_strdup_printf ("%s:%u", points[i], time);
        g_auto (GStrv) told = crash (f.directory, point, 0, save_often);
        g_autoptr (SkMail) mail = NULL;
        g_autofree char *revision = NULL;
        guint last = g_strv_length (told);

        fixture_open (&f);
        mail = sk_store_load (f.store, "mail-0", NULL);
        if (mail != NULL)
          {
            revision = g_strdup_printf ("%u", mail->revision);
            g_assert_cmpuint (mail->revision, >=, last);
            fixture_assert_query (&f, "store.db", "SELECT count(*) FROM events", revision);
          }
        else
          g_assert_cmpuint (last, ==, 0);
        if (i == 1)
          g_assert_cmpuint (mail->revision, >=, time);
        fixture_tear_down (&f, NULL);
      }
}

static void
test_forget_points (void)
{
  static const struct {
    const char *point;
    gboolean row;
  } cases[] = { { "forget-before-commit", TRUE }, { "forget-after-commit", FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f
          = { .directory = fixture_directory_new (), .clock = sk_clock_new_manual (FIXTURE_WALL) };
      g_autoptr (SkMail) mail = NULL;

      g_strfreev (crash (f.directory, cases[i].point, 0, forget_one));
      fixture_open (&f);
      mail = sk_store_load (f.store, "mail-0", NULL);
      g_assert_true ((mail != NULL) == cases[i].row);
      sk_store_sweep (f.store);
      g_assert_true (fixture_exists (&f, "mail/mail-0.eml") == cases[i].row);
      fixture_tear_down (&f, NULL);
    }
}

static void
test_attempt_points (void)
{
  static const struct {
    const char *point, *told;
    guint rows;
  } cases[] = {
    { "attempt-after-begin", "", 1 },
    { "attempt-before-end", "begun", 1 },
    { "attempt-after-end", "begun", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f
          = { .directory = fixture_directory_new (), .clock = sk_clock_new_manual (FIXTURE_WALL) };
      g_auto (GStrv) told = crash (f.directory, cases[i].point, 0, attempt_one);
      g_autofree char *text = g_strjoinv (",", told);
      g_autoptr (GPtrArray) attempts = NULL, paths = NULL;
      g_autoptr (SkMail) expected = fixture_full_mail ("mail-0");

      g_assert_cmpstr (text, ==, cases[i].told);
      fixture_open (&f);
      attempts = sk_store_attempts (f.store, &paths, NULL);
      g_assert_cmpuint (attempts->len, ==, cases[i].rows);
      sk_store_sweep (f.store);
      g_assert_true (fixture_exists (&f, "spool/mail-0") == (cases[i].rows == 1));
      if (cases[i].rows == 1)
        {
          assert_same_mail (attempts->pdata[0], expected);
          g_assert_true (g_str_has_suffix (paths->pdata[0], "/spool/mail-0"));
        }
      fixture_tear_down (&f, NULL);
    }
}

/* However far a keep had come, its mail is there once: as an attempt with its file, or kept. */
static void
test_attempt_becomes_kept (void)
{
  static const struct {
    const char *point;
    gboolean kept;
  } cases[] = {
    { "keep-before-sync", FALSE },   { "keep-after-sync", FALSE },
    { "keep-after-rename", FALSE },  { "keep-after-directory-sync", FALSE },
    { "keep-before-commit", FALSE }, { "keep-after-commit", TRUE },
    { "attempt-before-end", TRUE },  { "attempt-after-end", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f
          = { .directory = fixture_directory_new (), .clock = sk_clock_new_manual (FIXTURE_WALL) };
      g_autoptr (GPtrArray) attempts = NULL, paths = NULL;
      g_autoptr (SkMail) mail = NULL;

      g_strfreev (crash (f.directory, cases[i].point, 0, attempt_and_keep));
      fixture_open (&f);
      sk_store_sweep (f.store);
      attempts = sk_store_attempts (f.store, &paths, NULL);
      mail = sk_store_load (f.store, "mail-0", NULL);
      g_assert_true ((mail != NULL) == cases[i].kept);
      g_assert_cmpuint (attempts->len, ==, cases[i].kept ? 0 : 1);
      if (cases[i].kept)
        assert_message (&f, "mail-0");
      else
        g_assert_true (g_file_test (paths->pdata[0], G_FILE_TEST_EXISTS));
      fixture_tear_down (&f, NULL);
    }
}

/* A crash leaves a WAL; what its tail holds of an unfinished transaction is nothing. */
static void
test_torn_wal (void)
{
  Fixture f
      = { .directory = fixture_directory_new (), .clock = sk_clock_new_manual (FIXTURE_WALL) };
  g_auto (GStrv) told = crash (f.directory, "keep-after-commit:20", 0, keep_many);
  g_autofree char *path = g_build_filename (f.directory, "store.db-wal", NULL);
  g_autofree char *wal = NULL;
  g_autoptr (GString) torn = NULL;
  gsize length;
  guint rows;

  g_assert_cmpuint (g_strv_length (told), >, 8);
  g_assert_true (g_file_get_contents (path, &wal, &length, NULL));
  g_assert_cmpuint (length, >, 4096);
  /* Half a frame more, as a power cut in the next transaction would leave it. */
  torn = g_string_new_len (wal, (gssize) length);
  g_string_append_len (torn, wal + 32, 2000);
  g_assert_true (g_file_set_contents (path, torn->str, (gssize) torn->len, NULL));
  fixture_open (&f);
  assert_told_are_there (&f, told);
  assert_whole (&f, &rows);
  g_assert_cmpuint (rows, >=, g_strv_length (told));
  fixture_tear_down (&f, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-crash/keep-points", test_keep_points);
  g_test_add_func ("/store-crash/any-moment", test_any_moment);
  g_test_add_func ("/store-crash/again-and-again", test_again_and_again);
  g_test_add_func ("/store-crash/save-points", test_save_points);
  g_test_add_func ("/store-crash/forget-points", test_forget_points);
  g_test_add_func ("/store-crash/attempt-points", test_attempt_points);
  g_test_add_func ("/store-crash/attempt-becomes-kept", test_attempt_becomes_kept);
  g_test_add_func ("/store-crash/torn-wal", test_torn_wal);
  return g_test_run ();
}
