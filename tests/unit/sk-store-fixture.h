/* What the store's tests share: a store in a directory of its own, mails that use every field, and
 * callbacks that can be waited for. For test-store and test-store-crash. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/store/sk-store.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

/* A directory below /var/tmp (a real disk: fsync means something) that is removed with all in it.
 */
static inline char *
fixture_directory_new (void)
{
  char *path = g_strdup ("/var/tmp/sekisho-store-XXXXXX");

  g_assert_nonnull (g_mkdtemp (path));
  return path;
}

static inline void
fixture_remove (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        fixture_remove (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static inline void
fixture_directory_free (char *path)
{
  fixture_remove (path);
  g_free (path);
}

/* "Mail number N, N, N…": another content for every mail. */
static inline char *
fixture_message (const char *id, gsize lines)
{
  GString *text = g_string_new ("Subject: test\r\n\r\n");

  for (gsize i = 0; i < lines; i++)
    g_string_append_printf (text, "%s line %" G_GSIZE_FORMAT "\r\n", id, i);
  return g_string_free (text, FALSE);
}

/* A spooled message; its path. */
static inline char *
fixture_spool (SkStore *store, const char *id, gsize lines)
{
  g_autofree char *message = fixture_message (id, lines);
  char *path = g_build_filename (sk_store_spool_directory (store), id, NULL);

  g_assert_true (
      g_file_set_contents_full (path, message, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  return path;
}

static inline SkDeliveryRecipient *
fixture_recipient (const char *address)
{
  SkDeliveryRecipient *recipient = sk_delivery_recipient_new (address);

  recipient->notify = g_strdup ("SUCCESS,DELAY");
  recipient->orcpt = g_strdup ("rfc822;a+2Bb@example.com");
  recipient->reply = sk_reply_new (550, "5.1.1", "no such user\nsecond line");
  recipient->accepted = TRUE;
  return recipient;
}

static inline SkGate *
fixture_hold (void)
{
  SkGate *gate = sk_gate_new (SK_GATE_HOLD);

  gate->timed = TRUE;
  gate->deadline = (SkDeadline){ 3600, 5, 1700000000000001, 123456789, g_strdup ("boot-1") };
  gate->afterwards = g_strdup ("send");
  gate->release = g_strdup ("sender");
  gate->reason = g_strdup ("the policy could not be loaded");
  return gate;
}

static inline SkGate *
fixture_approval (void)
{
  SkGate *gate = sk_gate_new (SK_GATE_APPROVAL);

  gate->open = TRUE;
  gate->opened_by = g_strdup ("approver@example.co.jp");
  gate->opened_at = 1700000000000002;
  gate->by = g_strsplit ("manager@example.co.jp,group:board", ",", -1);
  gate->count = 2;
  gate->votes = json_loads ("[{\"by\": \"x\", \"approve\": true, \"comment\": \"良い\"}]", 0, NULL);
  return gate;
}

static inline SkDelivery *
fixture_delivery (guint number)
{
  SkDelivery *delivery = sk_delivery_new (number);

  delivery->state = SK_DELIVERY_MAY_HAVE_BEEN_SENT;
  g_ptr_array_add (delivery->recipients, fixture_recipient ("first@example.com"));
  g_ptr_array_add (delivery->recipients, sk_delivery_recipient_new ("二@例え.jp"));
  g_ptr_array_add (delivery->gates, fixture_hold ());
  g_ptr_array_add (delivery->gates, fixture_approval ());
  delivery->rules = g_strsplit ("rule-a,規則", ",", -1);
  delivery->changes = json_loads ("{\"zip\": {\"n\": 12345678901234, \"f\": 0.1}}", 0, NULL);
  delivery->token = g_strdup ("t0ken");
  delivery->dot_sent = TRUE;
  delivery->tries = 7;
  delivery->online_us = G_GINT64_CONSTANT (86400000000);
  delivery->next_try = (SkDeadline){ 900, 1, 2, 3, g_strdup ("boot-2") };
  delivery->reply = sk_reply_new (451, "4.3.0", "later");
  delivery->problem = g_strdup ("no connection");
  return delivery;
}

/* Every field has a value that isn't zero. */
static inline SkMail *
fixture_full_mail (const char *id)
{
  SkMail *mail = sk_mail_new (id);

  mail->revision = 3;
  mail->state = SK_MAIL_ACCEPTED;
  mail->subject = g_strdup ("件名 \"quoted\" \\ and ' too");
  mail->from = g_strdup ("hana@example.co.jp");
  mail->person = g_strdup ("hana@example.co.jp");
  mail->mail_from = g_strdup ("bounces@example.co.jp");
  mail->submitted = 1700000000123456;
  mail->size = G_GINT64_CONSTANT (5000000000);
  mail->body_8bit = TRUE;
  mail->smtputf8 = TRUE;
  mail->ret = g_strdup ("HDRS");
  mail->envid = g_strdup ("env+2Bid");
  mail->silent = TRUE;
  mail->policy_sha256 = g_strdup ("e3b0c442");
  mail->verdict
      = json_loads ("{\"action\": \"hold\", \"list\": [1, null, {}], \"nul\": \"a\\u0000b\"}",
                    JSON_ALLOW_NUL, NULL);
  g_ptr_array_add (mail->deliveries, fixture_delivery (1));
  g_ptr_array_add (mail->deliveries, fixture_delivery (2));
  return mail;
}

/* --- every field of a mail as text, written out by hand ----------------------------------------
 */

static inline void
describe_reply (GString *out, const SkReply *reply)
{
  if (reply == NULL)
    g_string_append (out, "(none)");
  else
    g_string_append_printf (out, "%u/%s/%s", reply->code, reply->enhanced, reply->text);
}

static inline void
describe_deadline (GString *out, const SkDeadline *deadline)
{
  g_string_append_printf (
      out, "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%s",
      deadline->seconds, deadline->passed, deadline->mark_wall, deadline->mark_boot,
      deadline->boot_id);
}

static inline void
describe_words (GString *out, char **words)
{
  g_autofree char *joined = words != NULL ? g_strjoinv ("|", words) : g_strdup ("(none)");

  g_string_append_printf (out, " [%s]", joined);
}

static inline void
describe_json (GString *out, const json_t *json)
{
  char *text = json != NULL ? json_dumps (json, JSON_SORT_KEYS | JSON_ENCODE_ANY) : g_strdup ("-");

  g_string_append_printf (out, " <%s>", text);
  free (text);
}

static inline void
describe_gate (GString *out, const SkGate *gate)
{
  g_string_append_printf (out, "  gate %d %d %s %" G_GINT64_FORMAT " ", gate->kind, gate->open,
                          gate->opened_by, gate->opened_at);
  describe_deadline (out, &gate->deadline);
  g_string_append_printf (out, " %d %s %s %s %u", gate->timed, gate->afterwards, gate->release,
                          gate->reason, gate->count);
  describe_words (out, gate->by);
  describe_json (out, gate->votes);
  g_string_append_c (out, '\n');
}

static inline void
describe_recipient (GString *out, const SkDeliveryRecipient *recipient)
{
  g_string_append_printf (out, "  to %s %s %s %d ", recipient->address, recipient->notify,
                          recipient->orcpt, recipient->accepted);
  describe_reply (out, recipient->reply);
  g_string_append_c (out, '\n');
}

static inline void
describe_delivery (GString *out, const SkDelivery *delivery)
{
  g_string_append_printf (out, " delivery %u %d %s %d %u %" G_GINT64_FORMAT " %s ",
                          delivery->number, delivery->state, delivery->token, delivery->dot_sent,
                          delivery->tries, delivery->online_us, delivery->problem);
  describe_deadline (out, &delivery->next_try);
  describe_reply (out, delivery->reply);
  describe_words (out, delivery->rules);
  describe_json (out, delivery->changes);
  g_string_append_c (out, '\n');
  for (guint i = 0; i < delivery->recipients->len; i++)
    describe_recipient (out, delivery->recipients->pdata[i]);
  for (guint i = 0; i < delivery->gates->len; i++)
    describe_gate (out, delivery->gates->pdata[i]);
}

static inline char *
describe_mail (const SkMail *mail)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (
      out, "%s %u %d %s %s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %d %s %s %d %s",
      mail->id, mail->revision, mail->state, mail->subject, mail->from, mail->person,
      mail->mail_from, mail->submitted, mail->size, mail->body_8bit, mail->smtputf8, mail->ret,
      mail->envid, mail->silent, mail->policy_sha256);
  describe_json (out, mail->verdict);
  g_string_append_c (out, '\n');
  for (guint i = 0; i < mail->deliveries->len; i++)
    describe_delivery (out, mail->deliveries->pdata[i]);
  return g_string_free (out, FALSE);
}

static inline void
assert_same_mail (const SkMail *a, const SkMail *b)
{
  g_autofree char *left = describe_mail (a);
  g_autofree char *right = describe_mail (b);

  g_assert_cmpstr (left, ==, right);
}

/* As the desk makes them: one delivery, one recipient, nothing else. */
static inline SkMail *
fixture_plain_mail (const char *id)
{
  SkMail *mail = sk_mail_new (id);
  SkDelivery *delivery = sk_delivery_new (1);

  mail->state = SK_MAIL_ACCEPTED;
  mail->submitted = 1700000000000000;
  g_ptr_array_add (delivery->recipients, sk_delivery_recipient_new ("to@example.com"));
  g_ptr_array_add (mail->deliveries, delivery);
  return mail;
}

/* The end of one write. */
typedef struct {
  guint calls;
  GError *error;
  GString *order; /* NULL, or where `name` is added */
  char name;
} Outcome;

static inline void
outcome_cb (const GError *error, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->calls++;
  g_clear_error (&outcome->error);
  outcome->error = error != NULL ? g_error_copy (error) : NULL;
  if (outcome->order != NULL)
    g_string_append_c (outcome->order, outcome->name);
}

static inline void
outcome_clear (Outcome *outcome)
{
  g_clear_error (&outcome->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* Runs the main loop until the write has ended; at most ten seconds. */
static inline void
outcome_wait (Outcome *outcome)
{
  gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  while (outcome->calls == 0 && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
  g_assert_cmpuint (outcome->calls, ==, 1);
}

/* --- a store that is opened for each test -------------------------------------------------------
 */

#define FIXTURE_WALL G_GINT64_CONSTANT (1700000000000000)

typedef struct {
  char *directory;
  SkClock *clock;
  SkStore *store; /* NULL while closed */
} Fixture;

static inline void
fixture_open (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->store = sk_store_open (f->directory, f->clock, &error);
  g_assert_no_error (error);
}

static inline void
fixture_close (Fixture *f)
{
  g_clear_pointer (&f->store, sk_store_close);
}

static inline void
fixture_set_up (Fixture *f, gconstpointer data)
{
  f->directory = fixture_directory_new ();
  f->clock = sk_clock_new_manual (FIXTURE_WALL);
  fixture_open (f);
}

static inline void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  fixture_close (f);
  sk_clock_unref (f->clock);
  fixture_directory_free (f->directory);
}

static inline void
fixture_keep (Fixture *f, const SkMail *mail)
{
  g_auto (Outcome) outcome = { 0 };
  g_autofree char *spool = fixture_spool (f->store, mail->id, 3);

  sk_store_keep (f->store, mail, spool, NULL, outcome_cb, &outcome);
  outcome_wait (&outcome);
  g_assert_no_error (outcome.error);
}

static inline gboolean
fixture_exists (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->directory, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static inline void
fixture_assert_loads (Fixture *f, const SkMail *mail)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkMail) loaded = sk_store_load (f->store, mail->id, &error);

  g_assert_no_error (error);
  g_assert_nonnull (loaded);
  assert_same_mail (loaded, mail);
}

/* The database as another program sees it: the first column of the first row, NULL when there is
 * none. */
static inline char *
fixture_query (Fixture *f, const char *file, const char *sql)
{
  g_autofree char *path = g_build_filename (f->directory, file, NULL);
  sqlite3 *database = NULL;
  sqlite3_stmt *statement = NULL;
  char *text = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  sqlite3_busy_timeout (database, 5000);
  if (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (database));
  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (database);
  return text;
}

static inline void
fixture_assert_query (Fixture *f, const char *file, const char *sql, const char *expected)
{
  g_autofree char *text = fixture_query (f, file, sql);

  g_assert_cmpstr (text, ==, expected);
}
