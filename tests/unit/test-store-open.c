// SPDX-License-Identifier: GPL-3.0-or-later
/* Opening: locks, foreign and damaged files; what a run finds of the one before: attempts,
 * leftovers, untold clients. */
#include "sk-error.h"
#include "sk-store-fixture.h"

#include <sys/stat.h>

static void
set_file (Fixture *f, const char *name, const char *contents, gssize length)
{
  g_autofree char *path = g_build_filename (f->directory, name, NULL);

  g_assert_true (g_file_set_contents (path, contents, length, NULL));
}

static char *
get_file (Fixture *f, const char *name, gsize *length)
{
  g_autofree char *path = g_build_filename (f->directory, name, NULL);
  char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, length, NULL));
  return contents;
}

static void
execute (Fixture *f, const char *file, const char *sql)
{
  g_autofree char *path = g_build_filename (f->directory, file, NULL);
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  if (sqlite3_exec (database, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (database));
  sqlite3_close (database);
}

/* The store can't be opened, and the message has all of `words` (separated by '|'). */
static void
assert_no_open (Fixture *f, gint code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) list = g_strsplit (words, "|", -1);

  g_assert_null (sk_store_open (f->directory, f->clock, &error));
  g_assert_error (error, SK_ERROR, code);
  for (guint i = 0; list[i] != NULL; i++)
    if (strstr (error->message, list[i]) == NULL)
      g_error ("\"%s\" is not in: %s", list[i], error->message);
}

/* --- who may open it ------------------------------------------------------------------------ */

static void
test_modes (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *name;
    mode_t mode;
  } cases[] = {
    { ".", 0700 },        { "spool", 0700 },       { "mail", 0700 },         { "lock", 0600 },
    { "store.db", 0600 }, { "attempts.db", 0600 }, { "store.db-wal", 0600 },
  };

  fixture_close (f);
  g_assert_cmpint (chmod (f->directory, 0755), ==, 0);
  fixture_open (f);
  g_assert_true (sk_store_note_set (f->store, "a", "b", NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (f->directory, cases[i].name, NULL);
      struct stat status;

      g_assert_cmpint (stat (path, &status), ==, 0);
      g_assert_cmpint (status.st_mode & 0777, ==, cases[i].mode);
    }
}

static void
test_one_agent (Fixture *f, gconstpointer data)
{
  g_autofree char *process = g_strdup_printf ("%s|process %d", f->directory, getpid ());

  assert_no_open (f, SK_ERROR_NOT_ALLOWED, process);
  fixture_close (f);
  fixture_open (f);
}

static void
test_missing_parent (Fixture *f, gconstpointer data)
{
  fixture_close (f);
  g_free (f->directory);
  f->directory = g_strdup ("/proc/nonexistent/store");
  assert_no_open (f, SK_ERROR_NOT_FOUND, "/proc/nonexistent/store");
  g_free (f->directory);
  f->directory = fixture_directory_new ();
  set_file (f, "spool", "a file", -1);
  assert_no_open (f, SK_ERROR_IO, "spool");
}

static void
test_foreign_owner (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "store.db", NULL);

  if (geteuid () != 0) /* only root can give files away: others meet files that are root's own */
    {
      fixture_close (f);
      g_free (f->directory);
      f->directory = g_strdup ("/etc");
      assert_no_open (f, SK_ERROR_NOT_ALLOWED, "/etc|another user|uid 0");
      g_free (f->directory);
      f->directory = fixture_directory_new ();
      return;
    }
  fixture_close (f);
  g_assert_cmpint (chown (path, 65534, 65534), ==, 0);
  assert_no_open (f, SK_ERROR_NOT_ALLOWED, "store.db|another user|uid 65534");
  g_assert_cmpint (chown (path, 0, 0), ==, 0);
  g_assert_cmpint (chown (f->directory, 65534, 65534), ==, 0);
  assert_no_open (f, SK_ERROR_NOT_ALLOWED, "another user|uid 65534");
  g_assert_cmpint (chown (f->directory, 0, 0), ==, 0);
  fixture_open (f);
}

/* --- what the file is ----------------------------------------------------------------------- */

static void
test_garbage (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autofree char *garbage = g_strnfill (8192, 'x');
  g_autofree char *after = NULL;
  gsize length;

  fixture_keep (f, mail);
  fixture_close (f);
  set_file (f, "store.db", garbage, 8192);
  assert_no_open (f, SK_ERROR_INVALID, "store.db|damaged|move the whole store directory away|.eml");
  after = get_file (f, "store.db", &length);
  g_assert_cmpuint (length, ==, 8192);
  g_assert_cmpint (memcmp (after, garbage, 8192), ==, 0);
  g_assert_true (fixture_exists (f, "mail/a.eml"));
}

/* A page in the middle is gone. After a crash of the machine that is looked for at open. */
static void
test_damage_after_power_cut (Fixture *f, gconstpointer data)
{
  g_autofree char *contents = NULL;
  gsize length;

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *id = g_strdup_printf ("mail-%u", i);
      g_autoptr (SkMail) mail = fixture_full_mail (id);

      fixture_keep (f, mail);
    }
  fixture_close (f);
  contents = get_file (f, "store.db", &length);
  g_assert_cmpuint (length, >, (gsize) 20 * 4096);
  memset (contents + length / 8192 * 4096, 0xa5, (gsize) 3 * 4096);
  set_file (f, "store.db", contents, (gssize) length);
  set_file (f, "lock", "4711 another-boot\n", -1);
  assert_no_open (f, SK_ERROR_INVALID, "store.db|damaged");
  assert_no_open (f, SK_ERROR_INVALID, "store.db|damaged"); /* not just once */
}

static void
test_newer_version (Fixture *f, gconstpointer data)
{
  fixture_close (f);
  execute (f, "store.db", "PRAGMA user_version = 99");
  assert_no_open (f, SK_ERROR_NOT_ALLOWED, "store.db|newer version|99");
  fixture_assert_query (f, "store.db", "PRAGMA user_version", "99");
}

static void
test_other_program (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "store.db", NULL);

  fixture_close (f);
  g_unlink (path);
  execute (f, "store.db", "CREATE TABLE bookmarks (url)");
  assert_no_open (f, SK_ERROR_NOT_ALLOWED, "store.db|another program");
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM sqlite_schema", "1");
}

/* Without the database all messages would look like leftovers. */
static void
test_lost_database (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autofree char *path = g_build_filename (f->directory, "store.db", NULL);

  fixture_keep (f, mail);
  fixture_close (f);
  g_unlink (path);
  assert_no_open (f, SK_ERROR_NOT_FOUND, "store.db|missing|/mail");
  g_assert_true (fixture_exists (f, "mail/a.eml"));
  g_assert_false (fixture_exists (f, "store.db"));
}

/* A database as version 1 of the schema wrote it. */
static void
test_version_1 (Fixture *f, gconstpointer data)
{
  g_autofree char *dump = g_build_filename (g_getenv ("SK_FIXTURES"), "store", "v1.sql", NULL);
  g_autofree char *path = g_build_filename (f->directory, "store.db", NULL);
  g_autofree char *sql = NULL, *note = NULL;
  g_autoptr (SkMail) mail = fixture_full_mail ("018bcfe5-6800-7000-8000-000000000001");
  json_t *events;

  fixture_close (f);
  g_unlink (path);
  g_assert_true (g_file_get_contents (dump, &sql, NULL, NULL));
  execute (f, "store.db", sql);
  execute (f, "store.db",
           "INSERT INTO mails (id, revision, state, submitted, size, body_8bit, smtputf8, client_told, silent)"
           " VALUES ('done-in-v1', 1, 'done', 1700000000000000, 1, 0, 0, 1, 0)");
  fixture_open (f);
  fixture_assert_loads (f, mail);
  g_assert_cmpint (sk_store_history_known (f->store, "hana@example.co.jp", "to@example.com"), ==,
                   1);
  note = sk_store_note_get (f->store, "ehlo");
  g_assert_cmpstr (note, ==, "SIZE 100");
  events = sk_store_events (f->store, 0, 10, NULL);
  g_assert_cmpuint (json_array_size (events), ==, 1);
  json_decref (events);
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM mails WHERE (state = 'done') <> (ended IS NOT NULL)",
                        "0");
  fixture_assert_query (f, "store.db",
                        "SELECT group_concat(id) FROM mails WHERE abs(ended / 1000000"
                        " - strftime('%s', 'now')) < 600",
                        "done-in-v1");
}

/* The same for attempts: nothing of what a client may not know is forgotten by an update. */
static void
test_attempts_version_1 (Fixture *f, gconstpointer data)
{
  g_autofree char *dump
      = g_build_filename (g_getenv ("SK_FIXTURES"), "store", "attempts-v1.sql", NULL);
  g_autofree char *path = g_build_filename (f->directory, "attempts.db", NULL), *sql = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  SkMail *mail;

  fixture_close (f);
  g_unlink (path);
  g_assert_true (g_file_get_contents (dump, &sql, NULL, NULL));
  execute (f, "attempts.db", sql);
  fixture_open (f);
  attempts = sk_store_attempts (f->store, NULL, NULL);
  g_assert_cmpuint (attempts->len, ==, 1);
  mail = attempts->pdata[0];
  g_assert_cmpstr (mail->subject, ==, "v1");
  g_assert_true (sk_store_attempt_end (f->store, mail->id, NULL));
  fixture_close (f);
  fixture_assert_query (f, "attempts.db", "SELECT count(*) FROM attempts", "0");
  fixture_assert_query (f, "attempts.db", "SELECT key || id || reply_code FROM untold", "ka250");
}

/* --- attempts ------------------------------------------------------------------------------- */

static void
begin (Fixture *f, const SkMail *mail, const char *spool_path)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sk_store_attempt_begin (f->store, mail, spool_path, "print-1", &error));
  g_assert_no_error (error);
}

static void
assert_attempts (Fixture *f, guint count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) attempts = sk_store_attempts (f->store, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (attempts->len, ==, count);
}

static void
test_attempts (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) a = fixture_full_mail ("a"), b = fixture_plain_mail ("b");
  g_autofree char *spool_a = fixture_spool (f->store, "a", 1);
  g_autofree char *spool_b = fixture_spool (f->store, "b", 1);
  g_autoptr (GPtrArray) attempts = NULL, paths = NULL;
  g_autofree char *print = NULL;
  g_autoptr (GError) error = NULL;

  begin (f, a, spool_a);
  sk_clock_advance (f->clock, 1);
  begin (f, b, spool_b);
  g_unlink (spool_b);
  fixture_close (f);
  fixture_open (f);
  attempts = sk_store_attempts (f->store, &paths, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (attempts->len, ==, 2);
  assert_same_mail (attempts->pdata[0], a);
  assert_same_mail (attempts->pdata[1], b);
  g_assert_cmpstr (paths->pdata[0], ==, spool_a);
  g_assert_null (paths->pdata[1]);
  print = sk_store_attempt_fingerprint (f->store, "a");
  g_assert_cmpstr (print, ==, "print-1");
  g_assert_null (sk_store_attempt_fingerprint (f->store, "c"));
  g_assert_true (sk_store_attempt_end (f->store, "a", &error));
  g_assert_true (sk_store_attempt_end (f->store, "a", &error));
  assert_attempts (f, 1);
}

/* The agent ended between the keep's commit and the end of the attempt. */
static void
test_attempt_of_kept_mail (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autofree char *spool = fixture_spool (f->store, "a", 3);

  begin (f, mail, spool);
  fixture_keep (f, mail);
  fixture_close (f);
  fixture_open (f);
  assert_attempts (f, 0);
  fixture_assert_loads (f, mail);
  sk_store_sweep (f->store);
  g_assert_true (fixture_exists (f, "mail/a.eml"));
}

/* The agent ended between the keep's rename and its commit. */
static void
test_attempt_of_half_kept_mail (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autofree char *spool = fixture_spool (f->store, "a", 3);
  g_autofree char *message = sk_store_message_path (f->store, "a");
  g_autofree char *expected = fixture_message ("a", 3), *contents = NULL;
  g_autoptr (GPtrArray) attempts = NULL, paths = NULL;

  begin (f, mail, spool);
  fixture_close (f);
  g_assert_cmpint (g_rename (spool, message), ==, 0);
  fixture_open (f);
  sk_store_sweep (f->store);
  attempts = sk_store_attempts (f->store, &paths, NULL);
  g_assert_cmpuint (attempts->len, ==, 1);
  g_assert_cmpstr (paths->pdata[0], ==, spool);
  g_assert_true (g_file_get_contents (spool, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, expected);
  g_assert_false (fixture_exists (f, "mail/a.eml"));
}

static void
test_moved_store (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autofree char *spool = fixture_spool (f->store, "a", 1);
  g_autofree char *moved = g_strconcat (f->directory, "-moved", NULL);
  g_autoptr (GPtrArray) attempts = NULL, paths = NULL;

  begin (f, mail, spool);
  fixture_close (f);
  g_assert_cmpint (g_rename (f->directory, moved), ==, 0);
  g_free (f->directory);
  f->directory = g_steal_pointer (&moved);
  fixture_open (f);
  attempts = sk_store_attempts (f->store, &paths, NULL);
  g_assert_cmpuint (attempts->len, ==, 1);
  g_assert_true (g_str_has_prefix (paths->pdata[0], f->directory));
}

/* A torn attempts.db: within one boot it is an error, after a power cut it can't be helped. */
static void
test_torn_attempts (Fixture *f, gconstpointer data)
{
  g_autofree char *garbage = g_strnfill (8192, 'x');

  fixture_close (f);
  set_file (f, "attempts.db", garbage, 8192);
  assert_no_open (f, SK_ERROR_INVALID, "attempts.db|damaged");
  set_file (f, "lock", "4711 another-boot\n", -1);
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*attempts.db*moved away*");
  fixture_open (f);
  g_test_assert_expected_messages ();
  assert_attempts (f, 0);
  g_assert_true (fixture_exists (f, "attempts.db.damaged-1700000000"));
}

static void
test_unreadable_attempt (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autoptr (GError) error = NULL;

  begin (f, mail, "/nonexistent/file");
  fixture_close (f);
  execute (f, "attempts.db", "UPDATE attempts SET document = '{\"id\": 1}'");
  fixture_open (f);
  g_assert_null (sk_store_attempts (f->store, NULL, &error));
  g_assert_error (error, SK_ERROR, SK_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "mail a"));
}

/* --- sweeping ------------------------------------------------------------------------------- */

static void
test_sweep (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *name;
    gboolean stays;
  } cases[] = {
    { "spool/attempted", TRUE }, { "spool/torn", FALSE },      { "spool/torn.tmp", FALSE },
    { "mail/kept.eml", TRUE },   { "mail/orphan.eml", FALSE }, { "mail/README", TRUE },
  };
  g_autoptr (SkMail) kept = fixture_plain_mail ("kept"),
                     attempted = fixture_plain_mail ("attempted");
  g_autofree char *spool = fixture_spool (f->store, "attempted", 1);

  fixture_keep (f, kept);
  begin (f, attempted, spool);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (!fixture_exists (f, cases[i].name))
      set_file (f, cases[i].name, "half a mess", -1);
  fixture_close (f);
  fixture_open (f);
  sk_store_sweep (f->store);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (fixture_exists (f, cases[i].name) != cases[i].stays)
      g_error ("%s", cases[i].name);
}

/* --- untold clients ------------------------------------------------------------------------- */

#define MINUTES(n) ((n) *G_TIME_SPAN_MINUTE)

static void
add_untold (Fixture *f, const char *key, const char *id, const SkReply *reply)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sk_store_untold_add (f->store, key, id, reply, &error));
  g_assert_no_error (error);
}

static void
assert_untold (Fixture *f, const char *key, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkReply) reply = NULL;
  g_autofree char *id = sk_store_untold_find (f->store, key, NULL, &reply, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, expected);
}

static void
test_untold (Fixture *f, gconstpointer data)
{
  g_autoptr (SkReply) reply = sk_reply_new (550, "5.7.1", "refused\nwhy"), found = NULL;
  g_autofree char *id = NULL, *running = NULL;

  g_assert_false (sk_store_has_untold (f->store));
  assert_untold (f, "k", NULL);
  add_untold (f, "k", "a", NULL);
  g_assert_true (sk_store_has_untold (f->store));
  running = sk_store_untold_find (f->store, "k", NULL, &found, NULL);
  g_assert_cmpstr (running, ==, "a");
  g_assert_null (found);
  add_untold (f, "k", "a", reply);
  fixture_close (f);
  fixture_open (f);
  id = sk_store_untold_find (f->store, "k", NULL, &found, NULL);
  g_assert_cmpstr (id, ==, "a");
  g_assert_cmpuint (found->code, ==, 550);
  g_assert_cmpstr (found->enhanced, ==, "5.7.1");
  g_assert_cmpstr (found->text, ==, "refused\nwhy");
  assert_untold (f, "other", NULL);
  g_assert_true (sk_store_untold_remove (f->store, "k", "b", NULL));
  assert_untold (f, "k", "a");
  g_assert_true (sk_store_untold_remove (f->store, "k", "a", NULL));
  assert_untold (f, "k", NULL);
  g_assert_false (sk_store_has_untold (f->store));
}

/* Two mails that look the same, whose clients were both not told. */
static void
test_untold_twins (Fixture *f, gconstpointer data)
{
  g_autoptr (GHashTable) except = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (SkReply) reply = NULL;
  g_autofree char *id = NULL, *none = NULL;

  add_untold (f, "k", "a", NULL);
  add_untold (f, "k", "b", NULL);
  g_hash_table_add (except, (gpointer) "a");
  id = sk_store_untold_find (f->store, "k", except, &reply, NULL);
  g_assert_cmpstr (id, ==, "b");
  g_hash_table_add (except, (gpointer) "b");
  none = sk_store_untold_find (f->store, "k", except, &reply, NULL);
  g_assert_null (none);
  g_assert_true (sk_store_untold_remove (f->store, "k", "b", NULL));
  assert_untold (f, "k", "a");
}

static void
test_untold_ends (Fixture *f, gconstpointer data)
{
  add_untold (f, "k", "a", NULL);
  sk_clock_advance (f->clock, MINUTES (30) - 1);
  assert_untold (f, "k", "a");
  /* Somebody sets the clock: nothing changes within one boot. */
  sk_clock_set_wall (f->clock, FIXTURE_WALL + MINUTES (6000));
  assert_untold (f, "k", "a");
  sk_clock_set_wall (f->clock, FIXTURE_WALL - MINUTES (6000));
  assert_untold (f, "k", "a");
  sk_clock_advance (f->clock, 1);
  assert_untold (f, "k", NULL);
  g_assert_false (sk_store_has_untold (f->store)); /* though its row is still there */
  /* The next one takes the ended ones away. */
  add_untold (f, "l", "b", NULL);
  fixture_close (f);
  fixture_assert_query (f, "attempts.db", "SELECT group_concat(key) FROM untold", "l");
}

/* Another boot: the wall clock counts. */
static void
test_untold_across_boots (Fixture *f, gconstpointer data)
{
  static const struct {
    gint64 later;
    const char *expected;
  } cases[] = {
    { MINUTES (30) - 1, "a" },
    { MINUTES (30), NULL },
    { -MINUTES (29), "a" },
    { -MINUTES (31), NULL },
  };

  add_untold (f, "k", "a", NULL);
  fixture_close (f);
  execute (f, "attempts.db", "UPDATE untold SET boot_id = 'another', boot = 77");
  fixture_open (f);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      sk_clock_set_wall (f->clock, FIXTURE_WALL + cases[i].later);
      assert_untold (f, "k", cases[i].expected);
      g_assert_cmpint (sk_store_has_untold (f->store), ==, cases[i].expected != NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/store-open/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("modes", test_modes);
  ADD ("one-agent", test_one_agent);
  ADD ("missing-parent", test_missing_parent);
  ADD ("foreign-owner", test_foreign_owner);
  ADD ("garbage", test_garbage);
  ADD ("damage-after-power-cut", test_damage_after_power_cut);
  ADD ("newer-version", test_newer_version);
  ADD ("other-program", test_other_program);
  ADD ("lost-database", test_lost_database);
  ADD ("version-1", test_version_1);
  ADD ("attempts", test_attempts);
  ADD ("attempt-of-kept-mail", test_attempt_of_kept_mail);
  ADD ("attempt-of-half-kept-mail", test_attempt_of_half_kept_mail);
  ADD ("moved-store", test_moved_store);
  ADD ("torn-attempts", test_torn_attempts);
  ADD ("unreadable-attempt", test_unreadable_attempt);
  ADD ("sweep", test_sweep);
  ADD ("untold", test_untold);
  ADD ("attempts-version-1", test_attempts_version_1);
  ADD ("untold-twins", test_untold_twins);
  ADD ("untold-ends", test_untold_ends);
  ADD ("untold-across-boots", test_untold_across_boots);
  return g_test_run ();
}
