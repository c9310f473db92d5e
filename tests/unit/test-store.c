// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-error.h"
#include "sk-store-fixture.h"

#include <sys/stat.h>

#define WALL G_GINT64_CONSTANT (1700000000000000)

typedef struct {
  char *directory;
  SkClock *clock;
  SkStore *store;
} Fixture;

static void
open_store (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->store = sk_store_open (f->directory, f->clock, &error);
  g_assert_no_error (error);
}

static void
reopen (Fixture *f)
{
  sk_store_close (f->store);
  open_store (f);
}

static void
setup (Fixture *f, gconstpointer data)
{
  f->directory = fixture_directory_new ();
  f->clock = sk_clock_new_manual (WALL);
  open_store (f);
}

static void
teardown (Fixture *f, gconstpointer data)
{
  sk_store_close (f->store);
  sk_clock_unref (f->clock);
  fixture_directory_free (f->directory);
}

static void
keep (Fixture *f, const SkMail *mail)
{
  g_auto (Outcome) outcome = { 0 };
  g_autofree char *spool = fixture_spool (f->store, mail->id, 3);

  sk_store_keep (f->store, mail, spool, NULL, outcome_cb, &outcome);
  outcome_wait (&outcome);
  g_assert_no_error (outcome.error);
}

static void
assert_loads (Fixture *f, const SkMail *mail)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkMail) loaded = sk_store_load (f->store, mail->id, &error);

  g_assert_no_error (error);
  g_assert_nonnull (loaded);
  assert_same_mail (loaded, mail);
}

static void
test_keep_and_load (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("m1");
  g_autofree char *path = sk_store_message_path (f->store, "m1");
  g_autofree char *expected = fixture_message ("m1", 3);
  g_autofree char *contents = NULL;
  g_autofree char *spool = g_build_filename (sk_store_spool_directory (f->store), "m1", NULL);

  keep (f, mail);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, expected);
  g_assert_false (g_file_test (spool, G_FILE_TEST_EXISTS));
  assert_loads (f, mail);
  reopen (f);
  assert_loads (f, mail);
  g_assert_null (sk_store_load (f->store, "m2", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/store/" name, Fixture, NULL, setup, function, teardown)
  ADD ("keep-and-load", test_keep_and_load);
  return g_test_run ();
}
