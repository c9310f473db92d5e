// SPDX-License-Identifier: GPL-3.0-or-later
/* What is written and read, and when its callbacks come. */
#include "sk-error.h"
#include "sk-store-fixture.h"

#include <stdlib.h>

static void
test_keep_and_load (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("m1");
  g_autofree char *path = sk_store_message_path (f->store, "m1");
  g_autofree char *expected = fixture_message ("m1", 3);
  g_autofree char *contents = NULL;

  fixture_keep (f, mail);
  g_assert_true (g_str_has_suffix (path, "/mail/m1.eml"));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, expected);
  g_assert_false (fixture_exists (f, "spool/m1"));
  fixture_assert_loads (f, mail);
  fixture_close (f);
  fixture_open (f);
  fixture_assert_loads (f, mail);
  g_assert_null (sk_store_load (f->store, "m2", NULL));
}

/* Every column under its name, read by plain SQL. */
static void
test_columns (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *sql, *expected;
  } cases[] = {
    { "SELECT subject || '/' || \"from\" FROM mails",
      "件名 \"quoted\" \\ and ' too/hana@example.co.jp" },
    { "SELECT state || revision || size || silent FROM mails",
      "accepted350000000001" },
    { "SELECT json_extract(verdict, '$.list[0]') FROM mails", "1" },
    { "SELECT state || dot_sent || tries || '/' || online_us FROM deliveries WHERE number = 2",
      "may-have-been-sent17/86400000000" },
    { "SELECT next_try_seconds || next_try_passed || next_try_wall || next_try_boot || "
      "next_try_boot_id"
      " FROM deliveries WHERE number = 1",
      "900123boot-2" },
    { "SELECT json_extract(rules, '$[1]') FROM deliveries WHERE number = 1", "規則" },
    { "SELECT reply_code || reply_enhanced || reply_text FROM deliveries WHERE number = 1",
      "4514.3.0later" },
    { "SELECT address || accepted || reply_code FROM recipients WHERE delivery = 2 AND position = "
      "0",
      "first@example.com1550" },
    { "SELECT reply_code IS NULL FROM recipients WHERE delivery = 2 AND position = 1", "1" },
    { "SELECT kind || deadline_seconds || deadline_boot_id || timed FROM gates"
      " WHERE delivery = 1 AND position = 0",
      "hold3600boot-11" },
    { "SELECT kind || open || count || json_array_length(votes) || json_extract(\"by\", '$[0]')"
      " FROM gates WHERE delivery = 1 AND position = 1",
      "approval121manager@example.co.jp" },
    { "SELECT count(*) FROM recipients", "4" },
    { "SELECT count(*) FROM gates", "4" },
    { "PRAGMA integrity_check", "ok" },
    { "PRAGMA journal_mode", "wal" },
  };
  g_autoptr (SkMail) mail = fixture_full_mail ("m1");

  fixture_keep (f, mail);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    fixture_assert_query (f, "store.db", cases[i].sql, cases[i].expected);
}

static void
test_save_replaces (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("m1");
  g_auto (Outcome) outcome = { 0 };

  fixture_keep (f, mail);
  g_ptr_array_set_size (mail->deliveries, 1);
  g_ptr_array_set_size (sk_mail_delivery (mail, 1)->gates, 1);
  sk_mail_delivery (mail, 1)->state = SK_DELIVERY_SENT;
  g_clear_pointer (&sk_mail_delivery (mail, 1)->reply, sk_reply_free);
  g_clear_pointer (&mail->verdict, json_decref);
  mail->revision = 4;
  sk_store_save (f->store, mail, NULL, outcome_cb, &outcome);
  outcome_wait (&outcome);
  g_assert_no_error (outcome.error);
  fixture_assert_loads (f, mail);
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM gates", "1");
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM recipients", "2");
}

/* What the caller does to its mail after the call is not saved. */
static void
test_snapshot (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("m1");
  g_autoptr (SkMail) before = sk_mail_copy (mail);
  g_autofree char *spool = fixture_spool (f->store, "m1", 1);
  g_auto (Outcome) outcome = { 0 };

  sk_store_keep (f->store, mail, spool, NULL, outcome_cb, &outcome);
  mail->revision = 99;
  json_object_clear (mail->verdict);
  g_ptr_array_set_size (mail->deliveries, 0);
  outcome_wait (&outcome);
  fixture_assert_loads (f, before);
}

/* --- order ---------------------------------------------------------------------------------- */

static void
test_callback_order (Fixture *f, gconstpointer data)
{
  static const char *const keys[] = { "to@example.com", NULL };
  g_autoptr (GString) order = g_string_new (NULL);
  Outcome outcomes[7] = { 0 };
  g_autoptr (SkMail) a = fixture_plain_mail ("a"), b = fixture_plain_mail ("b");
  g_autofree char *spool_a = fixture_spool (f->store, "a", 1);
  g_autofree char *spool_b = fixture_spool (f->store, "b", 1);
  json_auto_t *events = json_pack ("[{s:s}]", "kind", "enrolled");

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      outcomes[i].order = order;
      outcomes[i].name = (char) ('0' + i);
    }
  sk_store_keep (f->store, a, spool_a, NULL, outcome_cb, &outcomes[0]);
  sk_store_save (f->store, a, NULL, outcome_cb, &outcomes[1]);
  sk_store_keep (f->store, b, "/nonexistent/spool", NULL, outcome_cb, &outcomes[2]);
  sk_store_history_add (f->store, "p", keys, 1, outcome_cb, &outcomes[3]);
  sk_store_keep (f->store, b, spool_b, NULL, outcome_cb, &outcomes[4]);
  sk_store_record (f->store, events, outcome_cb, &outcomes[5]);
  sk_store_forget (f->store, "never-was", outcome_cb, &outcomes[6]);
  sk_store_flush (f->store);
  g_assert_cmpstr (order->str, ==, ""); /* only from the main loop */
  outcome_wait (&outcomes[6]);
  g_assert_cmpstr (order->str, ==, "0123456");
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      if (i == 2)
        g_assert_error (outcomes[i].error, SK_ERROR, SK_ERROR_NOT_FOUND);
      else
        g_assert_no_error (outcomes[i].error);
      outcome_clear (&outcomes[i]);
    }
}

static void
nested_cb (const GError *error, gpointer user_data)
{
  Outcome *outcome = user_data;

  while (outcome->order->len < 2)
    g_main_context_iteration (NULL, TRUE);
  outcome_cb (error, outcome);
}

/* The first callback runs a main loop until the two others have come. */
static void
test_callback_with_loop (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) order = g_string_new (NULL);
  Outcome outcomes[3] = { { .order = order, .name = '0' },
                          { .order = order, .name = '1' },
                          { .order = order, .name = '2' } };
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");

  fixture_keep (f, mail);
  sk_store_save (f->store, mail, NULL, nested_cb, &outcomes[0]);
  sk_store_save (f->store, mail, NULL, outcome_cb, &outcomes[1]);
  sk_store_save (f->store, mail, NULL, outcome_cb, &outcomes[2]);
  outcome_wait (&outcomes[0]);
  g_assert_cmpstr (order->str, ==, "120");
}

typedef struct {
  SkStore *store;
  SkMail *mail;
  guint left;
  GThread *thread;
} Chain;

static void
chain_cb (const GError *error, gpointer user_data)
{
  Chain *chain = user_data;

  g_assert_no_error (error);
  g_assert_true (g_thread_self () == chain->thread);
  chain->mail->revision++;
  if (chain->left-- > 1)
    sk_store_save (chain->store, chain->mail, NULL, chain_cb, chain);
}

/* The owner is not in its loop: callbacks must not come on the writer's thread. Closing runs them,
 * and what they write. */
static void
test_close_finishes (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  Chain chain = { f->store, mail, 5, g_thread_self () };

  fixture_keep (f, mail);
  sk_store_save (f->store, mail, NULL, chain_cb, &chain);
  g_usleep (100000);
  g_assert_cmpuint (chain.left, ==, 5);
  fixture_close (f);
  g_assert_cmpuint (chain.left, ==, 0);
  fixture_assert_query (f, "store.db", "SELECT revision FROM mails", "4");
}

static void
test_other_context (Fixture *f, gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_auto (Outcome) outcome = { 0 };

  fixture_close (f);
  g_main_context_push_thread_default (context);
  fixture_open (f);
  g_main_context_pop_thread_default (context);
  mail->state = SK_MAIL_DONE;
  sk_store_save (f->store, mail, NULL, outcome_cb, &outcome);
  sk_store_flush (f->store);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (outcome.calls, ==, 0);
  while (outcome.calls == 0)
    g_main_context_iteration (context, TRUE);
  g_assert_no_error (outcome.error);
  fixture_close (f);
}

/* Flushing while the thread is at its batch, or has nothing to do, doesn't end it. */
static void
test_flush (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");

  fixture_keep (f, mail);
  for (guint i = 0; i < 200; i++)
    {
      mail->revision = i;
      sk_store_save (f->store, mail, NULL, NULL, NULL);
      if (i % 3 == 0)
        g_usleep (i * 5);
      sk_store_flush (f->store);
      fixture_assert_loads (f, mail);
      sk_store_flush (f->store);
    }
}

/* Many states of a mail in one go: all callbacks, all events, the last state. */
static void
test_coalescing (Fixture *f, gconstpointer data)
{
  enum { SAVES = 50 };
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  Outcome outcomes[SAVES] = { 0 };
  json_t *events;

  fixture_keep (f, mail);
  for (guint i = 0; i < SAVES; i++)
    {
      json_auto_t *event = json_pack ("[{s:s, s:i}]", "kind", "changed", "n", (int) i);

      mail->revision = i + 1;
      sk_store_save (f->store, mail, event, outcome_cb, &outcomes[i]);
    }
  outcome_wait (&outcomes[SAVES - 1]);
  for (guint i = 0; i < SAVES; i++)
    g_assert_cmpuint (outcomes[i].calls, ==, 1);
  fixture_assert_loads (f, mail);
  events = sk_store_events (f->store, 0, 1000, NULL);
  g_assert_cmpuint (json_array_size (events), ==, SAVES);
  for (guint i = 0; i < SAVES; i++)
    {
      const json_t *body = json_object_get (json_array_get (events, i), "body");

      g_assert_cmpint (json_integer_value (json_object_get (body, "n")), ==, i);
    }
  json_decref (events);
}

/* --- one failure doesn't spoil the others --------------------------------------------------- */

enum { BATCH = 8, BAD = 3 };

/* Keeps BATCH mails at once, of which BAD has `spool` and `mail` of its own. */
static void
keep_batch (Fixture *f, SkMail *bad_mail, const char *bad_spool, Outcome outcomes[BATCH])
{
  for (guint i = 0; i < BATCH; i++)
    {
      g_autofree char *id = g_strdup_printf ("mail-%u", i);
      g_autoptr (SkMail) mail = fixture_plain_mail (id);
      g_autofree char *spool = fixture_spool (f->store, id, 2);

      sk_store_keep (f->store, i == BAD && bad_mail != NULL ? bad_mail : mail,
                     i == BAD && bad_spool != NULL ? bad_spool : spool, NULL, outcome_cb,
                     &outcomes[i]);
    }
  outcome_wait (&outcomes[BATCH - 1]);
}

static void
assert_only_one_failed (Fixture *f, Outcome outcomes[BATCH])
{
  for (guint i = 0; i < BATCH; i++)
    {
      g_autofree char *id = g_strdup_printf ("mail-%u", i);
      g_autoptr (SkMail) loaded = sk_store_load (f->store, id, NULL);
      g_autofree char *spool = g_strdup_printf ("spool/%s", id);
      g_autofree char *message = g_strdup_printf ("mail/%s.eml", id);

      g_assert_cmpuint (outcomes[i].calls, ==, 1);
      g_assert_true ((outcomes[i].error == NULL) == (i != BAD));
      g_assert_true ((loaded != NULL) == (i != BAD));
      g_assert_true (fixture_exists (f, spool) == (i == BAD));
      g_assert_true (fixture_exists (f, message) == (i != BAD));
    }
}

static void
test_missing_spool_file (Fixture *f, gconstpointer data)
{
  Outcome outcomes[BATCH] = { 0 };

  keep_batch (f, NULL, "/nonexistent/file", outcomes);
  assert_only_one_failed (f, outcomes);
  g_assert_error (outcomes[BAD].error, SK_ERROR, SK_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (outcomes[BAD].error->message, "/nonexistent/file"));
  outcome_clear (&outcomes[BAD]);
}

/* Rows that the database refuses: two deliveries of one number. */
static void
test_refused_rows (Fixture *f, gconstpointer data)
{
  Outcome outcomes[BATCH] = { 0 };
  g_autoptr (SkMail) bad = fixture_plain_mail ("mail-3");

  g_ptr_array_add (bad->deliveries, sk_delivery_new (1));
  keep_batch (f, bad, NULL, outcomes);
  assert_only_one_failed (f, outcomes);
  g_assert_error (outcomes[BAD].error, SK_ERROR, SK_ERROR_IO);
  outcome_clear (&outcomes[BAD]);
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM deliveries", "7");
}

static void
test_keep_twice (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autofree char *spool = NULL, *expected = fixture_message ("a", 3), *contents = NULL;
  g_autofree char *path = sk_store_message_path (f->store, "a");
  g_auto (Outcome) again = { 0 };
  g_auto (Outcome) in_place = { 0 };

  fixture_keep (f, mail);
  spool = fixture_spool (f->store, "a", 9);
  sk_store_keep (f->store, mail, spool, NULL, outcome_cb, &again);
  outcome_wait (&again);
  g_assert_error (again.error, SK_ERROR, SK_ERROR_INVALID);
  g_assert_true (fixture_exists (f, "spool/a"));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, expected);
  mail->revision = 8;
  sk_store_keep (f->store, mail, NULL, NULL, outcome_cb, &in_place);
  outcome_wait (&in_place);
  g_assert_no_error (in_place.error);
  fixture_assert_loads (f, mail);
}

static void
test_leftover_is_replaced (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autofree char *path = sk_store_message_path (f->store, "a");
  g_autofree char *expected = fixture_message ("a", 3), *contents = NULL;

  g_assert_true (g_file_set_contents (path, "left over", -1, NULL));
  fixture_keep (f, mail);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, expected);
}

static void
test_save_needs_message (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a"), done = fixture_plain_mail ("b");
  g_auto (Outcome) kept = { 0 };
  g_auto (Outcome) saved = { 0 };
  g_auto (Outcome) finished = { 0 };

  done->state = SK_MAIL_DONE;
  sk_store_keep (f->store, mail, "/nonexistent/file", NULL, outcome_cb, &kept);
  sk_store_save (f->store, mail, NULL, outcome_cb, &saved);
  sk_store_save (f->store, done, NULL, outcome_cb, &finished);
  outcome_wait (&finished);
  g_assert_error (kept.error, SK_ERROR, SK_ERROR_NOT_FOUND);
  g_assert_error (saved.error, SK_ERROR, SK_ERROR_NOT_FOUND);
  g_assert_no_error (finished.error);
  fixture_assert_query (f, "store.db", "SELECT group_concat(id) FROM mails", "b");
}

/* --- forgetting ----------------------------------------------------------------------------- */

static void
test_forget (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_full_mail ("a");
  json_auto_t *events = json_pack ("[{s:s}]", "kind", "sent");
  Outcome outcomes[3] = { 0 };

  fixture_keep (f, mail);
  sk_store_forget (f->store, "a", outcome_cb, &outcomes[0]);
  outcome_wait (&outcomes[0]);
  g_assert_error (outcomes[0].error, SK_ERROR, SK_ERROR_NOT_ALLOWED);
  outcome_clear (&outcomes[0]);
  fixture_assert_loads (f, mail);
  g_assert_true (fixture_exists (f, "mail/a.eml"));
  mail->state = SK_MAIL_DONE;
  sk_store_save (f->store, mail, events, outcome_cb, &outcomes[1]);
  sk_store_forget (f->store, "a", outcome_cb, &outcomes[2]);
  outcome_wait (&outcomes[2]);
  g_assert_no_error (outcomes[2].error);
  g_assert_null (sk_store_load (f->store, "a", NULL));
  g_assert_false (fixture_exists (f, "mail/a.eml"));
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM recipients", "0");
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM events", "1");
}

static void
assert_ended (Fixture *f, gint64 before, guint limit, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = sk_store_ended (f->store, before, limit, &error);
  g_autoptr (GString) joined = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < ids->len; i++)
    g_string_append (joined, ids->pdata[i]);
  g_assert_cmpstr (joined->str, ==, expected);
}

static void
save_done (Fixture *f, SkMail *mail)
{
  g_auto (Outcome) outcome = { 0 };

  mail->state = SK_MAIL_DONE;
  sk_store_save (f->store, mail, NULL, outcome_cb, &outcome);
  outcome_wait (&outcome);
  g_assert_no_error (outcome.error);
}

/* From when it was done, not from when it came; what is written again later ended no later. */
static void
test_ended (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) a = fixture_plain_mail ("a"), b = fixture_plain_mail ("b"),
                     open = fixture_plain_mail ("o"), straight = fixture_plain_mail ("s");

  fixture_keep (f, a);
  fixture_keep (f, b);
  fixture_keep (f, open);
  sk_clock_advance (f->clock, 10);
  save_done (f, a);
  save_done (f, straight);
  sk_clock_advance (f->clock, 10);
  save_done (f, a);
  save_done (f, b);
  assert_ended (f, FIXTURE_WALL + 10, 9, "");
  assert_ended (f, FIXTURE_WALL + 11, 9, "as");
  assert_ended (f, FIXTURE_WALL + 20, 9, "as");
  assert_ended (f, FIXTURE_WALL + 21, 9, "abs");
  assert_ended (f, G_MAXINT64, 2, "ab");
  fixture_assert_loads (f, a);
}

/* --- events --------------------------------------------------------------------------------- */

static void
test_events (Fixture *f, gconstpointer data)
{
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autofree char *spool = fixture_spool (f->store, "a", 1);
  json_auto_t *first = json_pack ("[{s:s, s:s}, {s:s}]", "kind", "submitted", "id",
                                  "018bcfe5-6800-7000-8000-000000000001", "kind", "judged");
  json_auto_t *lost = json_pack ("[{s:s}]", "kind", "lost");
  Outcome outcomes[3] = { 0 };
  json_t *events;
  const char *id;

  sk_store_keep (f->store, mail, spool, first, outcome_cb, &outcomes[0]);
  sk_store_keep (f->store, mail, "/nonexistent/file", lost, outcome_cb, &outcomes[1]);
  outcome_wait (&outcomes[1]);
  outcome_clear (&outcomes[1]);
  events = sk_store_events (f->store, 0, 10, NULL);
  g_assert_cmpuint (json_array_size (events), ==, 2);
  id = json_string_value (json_object_get (json_array_get (events, 0), "id"));
  g_assert_cmpstr (id, ==, "018bcfe5-6800-7000-8000-000000000001");
  id = json_string_value (json_object_get (json_array_get (events, 1), "id"));
  g_assert_true (g_str_has_prefix (id, "018bcfe5-6800-7")); /* 1,700,000,000,000 ms */
  g_assert_cmpint (json_integer_value (json_object_get (json_array_get (events, 1), "at")), ==,
                   FIXTURE_WALL);
  json_decref (events);
  /* A number that was given once is not given again, also when its row is gone. */
  fixture_close (f);
  fixture_assert_query (f, "store.db", "DELETE FROM events RETURNING 'gone'", "gone");
  fixture_open (f);
  sk_store_record (f->store, lost, outcome_cb, &outcomes[2]);
  outcome_wait (&outcomes[2]);
  events = sk_store_events (f->store, 0, 10, NULL);
  g_assert_cmpint (json_integer_value (json_object_get (json_array_get (events, 0), "number")), ==,
                   3);
  json_decref (events);
  events = sk_store_events (f->store, 3, 10, NULL);
  g_assert_cmpuint (json_array_size (events), ==, 0);
  json_decref (events);
}

/* --- lists ---------------------------------------------------------------------------------- */

static void
assert_ids (GPtrArray *mails, const char *expected)
{
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < mails->len; i++)
    g_string_append (ids, ((SkMail *) mails->pdata[i])->id);
  g_assert_cmpstr (ids->str, ==, expected);
}

static void
test_lists (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *id;
    gint64 submitted;
    SkMailState state;
  } mails[] = {
    { "d", 40, SK_MAIL_ACCEPTED },   { "a", 10, SK_MAIL_CONFIRMING }, { "c", 30, SK_MAIL_DONE },
    { "b", 20, SK_MAIL_INSPECTING }, { "e", 40, SK_MAIL_RECEIVING },
  };
  g_autoptr (GPtrArray) open = NULL, recent = NULL, all = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (mails); i++)
    {
      g_autoptr (SkMail) mail = fixture_full_mail (mails[i].id);

      mail->submitted = mails[i].submitted;
      mail->state = mails[i].state;
      fixture_keep (f, mail);
    }
  open = sk_store_load_open (f->store, NULL);
  assert_ids (open, "abde");
  g_assert_cmpuint (((SkMail *) open->pdata[3])->deliveries->len, ==, 2);
  recent = sk_store_load_recent (f->store, 3, NULL);
  assert_ids (recent, "edc");
  all = sk_store_load_recent (f->store, 100, NULL);
  assert_ids (all, "edcba");
}

/* --- history, notes ------------------------------------------------------------------------- */

static void
test_history (Fixture *f, gconstpointer data)
{
  static const char *const one[] = { "a@example.com", NULL };
  static const char *const two[] = { "a@example.com", "b@example.org", NULL };
  g_auto (Outcome) outcome = { 0 };
  json_t *list;
  char *text;

  g_assert_cmpint (sk_store_history_known (f->store, "p", "a@example.com"), ==, 0);
  sk_store_history_add (f->store, "p", one, 500, NULL, NULL);
  g_assert_cmpint (sk_store_history_known (f->store, "p", "a@example.com"), ==, 1);
  g_assert_cmpint (sk_store_history_known (f->store, "q", "a@example.com"), ==, 0);
  sk_store_history_add (f->store, "p", two, 100, outcome_cb, &outcome);
  outcome_wait (&outcome);
  g_assert_cmpint (sk_store_history_known (f->store, "p", "b@example.org"), ==, 1);
  fixture_close (f);
  fixture_open (f);
  g_assert_cmpint (sk_store_history_known (f->store, "p", "a@example.com"), ==, 1);
  g_assert_cmpint (sk_store_history_known (f->store, "p", "c@example.org"), ==, 0);
  list = sk_store_history_list (f->store, 10, NULL);
  text = json_dumps (list, JSON_SORT_KEYS | JSON_COMPACT);
  g_assert_cmpstr (text, ==,
                   "[{\"address\":\"a@example.com\",\"count\":2,\"last\":500,\"person\":\"p\"},"
                   "{\"address\":\"b@example.org\",\"count\":1,\"last\":100,\"person\":\"p\"}]");
  free (text);
  json_decref (list);
  list = sk_store_history_list (f->store, 1, NULL);
  g_assert_cmpuint (json_array_size (list), ==, 1);
  json_decref (list);
}

/* Of what is committed and of what is on its way, each domain once; of some persons, not of others. */
static void
test_history_domains (Fixture *f, gconstpointer data)
{
  const char *const first[] = { "a@example.com", "b@example.com", "\"x@y\"@example.org", NULL };
  const char *const second[] = { "c@example.net", NULL }, *const other[] = { "d@other.example", NULL };
  const char *const persons[] = { "p", "p-alias", NULL }, *const nobody[] = { "n", NULL };
  static const char *const expected[] = { "example.com", "example.net", "example.org" };
  g_autoptr (GPtrArray) domains = NULL, none = NULL;
  g_auto (Outcome) outcome = { 0 };

  sk_store_history_add (f->store, "q", other, 1, NULL, NULL);
  sk_store_history_add (f->store, "p", first, 1, outcome_cb, &outcome);
  outcome_wait (&outcome);
  sk_store_history_add (f->store, "p-alias", second, 1, NULL, NULL);
  domains = sk_store_history_domains (f->store, persons, NULL);
  none = sk_store_history_domains (f->store, nobody, NULL);
  g_assert_nonnull (domains);
  g_assert_cmpuint (domains->len, ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_true (g_ptr_array_find_with_equal_func (domains, expected[i], g_str_equal, NULL));
  g_assert_cmpuint (none->len, ==, 0);
}

/* Nobody waits for it, but it doesn't wait for ever either. */
static void
test_lazy_history (Fixture *f, gconstpointer data)
{
  static const char *const keys[] = { "a@example.com", NULL };
  gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;
  g_autofree char *count = NULL;

  sk_store_history_add (f->store, "p", keys, 500, NULL, NULL);
  do
    {
      g_free (count);
      g_usleep (50000);
      count = fixture_query (f, "store.db", "SELECT count(*) FROM history");
  } while (g_str_equal (count, "0") && g_get_monotonic_time () < end);
  g_assert_cmpstr (count, ==, "1");
}

static void
test_many_history_keys (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_auto (Outcome) outcome = { 0 };

  for (guint i = 0; i < 20000; i++)
    g_ptr_array_add (keys, g_strdup_printf ("somebody-%u@example.com", i));
  g_ptr_array_add (keys, NULL);
  sk_store_history_add (f->store, "p", (const char *const *) keys->pdata, 1, outcome_cb, &outcome);
  outcome_wait (&outcome);
  g_assert_no_error (outcome.error);
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM history", "20000");
  g_assert_cmpint (sk_store_history_known (f->store, "p", "somebody-19999@example.com"), ==, 1);
}

static void
test_notes (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL;

  g_assert_null (sk_store_note_get (f->store, "ehlo"));
  g_assert_true (sk_store_note_set (f->store, "ehlo", "SIZE 100", &error));
  first = sk_store_note_get (f->store, "ehlo");
  g_assert_cmpstr (first, ==, "SIZE 100");
  g_assert_true (sk_store_note_set (f->store, "ehlo", "SIZE 200\nDSN", &error));
  fixture_close (f);
  fixture_open (f);
  second = sk_store_note_get (f->store, "ehlo");
  g_assert_cmpstr (second, ==, "SIZE 200\nDSN");
}

/* --- no space ------------------------------------------------------------------------------- */

static void
test_has_space (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sk_store_has_space (f->store, 1000, &error));
  g_assert_no_error (error);
  g_assert_false (sk_store_has_space (f->store, G_MAXINT64 / 2, &error));
  g_assert_error (error, SK_ERROR, SK_ERROR_FULL);
  g_assert_nonnull (strstr (error->message, f->directory));
}

#ifdef SK_TESTING
static void
test_full_by_file (Fixture *f, gconstpointer data)
{
  g_autofree char *flag = g_build_filename (f->directory, "full", NULL);
  g_autoptr (SkMail) mail = fixture_plain_mail ("a");
  g_autofree char *spool = fixture_spool (f->store, "a", 1);
  g_auto (Outcome) outcome = { 0 };

  g_assert_true (g_file_set_contents (flag, "", 0, NULL));
  setenv ("SEKISHO_DISK_FULL_FILE", flag, TRUE);
  g_assert_false (sk_store_has_space (f->store, 0, NULL));
  sk_store_keep (f->store, mail, spool, NULL, outcome_cb, &outcome);
  outcome_wait (&outcome);
  g_assert_error (outcome.error, SK_ERROR, SK_ERROR_FULL);
  g_assert_true (fixture_exists (f, "spool/a"));
  g_unlink (flag);
  g_assert_true (sk_store_has_space (f->store, 0, NULL));
  fixture_keep (f, mail);
  unsetenv ("SEKISHO_DISK_FULL_FILE");
}
#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/store/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("keep-and-load", test_keep_and_load);
  ADD ("columns", test_columns);
  ADD ("save-replaces", test_save_replaces);
  ADD ("snapshot", test_snapshot);
  ADD ("callback-order", test_callback_order);
  ADD ("callback-with-loop", test_callback_with_loop);
  ADD ("close-finishes", test_close_finishes);
  ADD ("other-context", test_other_context);
  ADD ("flush", test_flush);
  ADD ("coalescing", test_coalescing);
  ADD ("missing-spool-file", test_missing_spool_file);
  ADD ("refused-rows", test_refused_rows);
  ADD ("keep-twice", test_keep_twice);
  ADD ("leftover-is-replaced", test_leftover_is_replaced);
  ADD ("save-needs-message", test_save_needs_message);
  ADD ("forget", test_forget);
  ADD ("ended", test_ended);
  ADD ("events", test_events);
  ADD ("lists", test_lists);
  ADD ("history", test_history);
  ADD ("history-domains", test_history_domains);
  ADD ("lazy-history", test_lazy_history);
  ADD ("many-history-keys", test_many_history_keys);
  ADD ("notes", test_notes);
  ADD ("has-space", test_has_space);
#ifdef SK_TESTING
  ADD ("full-by-file", test_full_by_file);
#endif
  return g_test_run ();
}
