// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-judge.h"

#include "sk-error.h"
#include "tests/unit/policy-case.h"
#include "tests/unit/sk-store-fixture.h"

/* A mail on disk that is gone with its descriptor. */
static int
open_text (const char *mail)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("sk-judge-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  unlink (path);
  g_assert_cmpint (write (fd, mail, strlen (mail)), ==, (gssize) strlen (mail));
  return fd;
}

static int
open_mail (void)
{
  return open_text ("From: hana@example.co.jp\r\n\r\nx");
}

static SkJudgement *
judge (const char *recipient, GError **error)
{
  const char *const addresses[] = { "taro@example.com", recipient, NULL };
  SkJudgeRequest request = { .fd = open_mail (), .size = 30, .mail_from = "hana@example.co.jp",
                             .person = "hana@example.co.jp", .addresses = addresses,
                             .limits = &sk_message_default_limits };
  SkJudgement *judgement = sk_judge_now (&request, error);

  close (request.fd);
  return judgement;
}

/* What can't be read as an address is judged as no other one: nothing is judged. */
static void
test_unreadable_recipient (void)
{
  static const char *const unreadable[] = { "a\u2028b@gmail.com", "a\x01@gmail.com", "nobody", "" };

  for (guint i = 0; i < G_N_ELEMENTS (unreadable); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (judge (unreadable[i], &error));
      g_assert_true (sk_error_is_invalid (error));
    }
}

static void
test_recipients (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkJudgement) judgement = judge ("\"a b\"@gmail.com", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (judgement->recipients->len, ==, 2);
  g_assert_cmpstr (((SkRecipient *) judgement->recipients->pdata[1])->address->text, ==,
                   "\"a b\"@gmail.com");
}

/* The domains that the person has sent to, by any of their addresses, reach the policy. */
static void
test_lookalike (Fixture *f, gconstpointer data)
{
  static const char *const sent[] = { "x@customer.example", NULL };
  static const struct {
    const char *person, *recipient;
    SkOutcome outcome;
  } rows[] = {
    { "hana@example.co.jp", "y@custmer.example", SK_OUTCOME_HOLD },
    { "h@example-group.jp", "y@custmer.example", SK_OUTCOME_HOLD },
    { "hana@example.co.jp", "y@customer.example", SK_OUTCOME_SEND },
    { "hana@example.co.jp", "x@customer.example", SK_OUTCOME_SEND },
    { "peer@example.co.jp", "y@custmer.example", SK_OUTCOME_SEND },
    { "peer@example.co.jp", "y@exmaple.co.jp", SK_OUTCOME_HOLD },
  };
  g_autoptr (SkPolicy) policy
      = case_load ("rules:\n  - id: r\n    if: {to: {lookalike: yes}}\n    then: {hold: true}\n", NULL, NULL);

  sk_store_history_add (f->store, "h@example-group.jp", sent, 1, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *const addresses[] = { rows[i].recipient, NULL };
      SkJudgeRequest request = { .fd = open_mail (), .size = 30, .mail_from = rows[i].person, .person = rows[i].person,
                                 .addresses = addresses, .limits = &sk_message_default_limits, .policy = policy, .store = f->store };
      g_autoptr (GError) error = NULL;
      g_autoptr (SkJudgement) judgement = sk_judge_now (&request, &error);

      g_test_message ("%s to %s", rows[i].person, rows[i].recipient);
      g_assert_no_error (error);
      g_assert_cmpint (judgement->verdict->outcome, ==, rows[i].outcome);
      close (request.fd);
    }
}

/* --- in a worker thread ------------------------------------------------------------------------ */

static void
judged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* What comes in the end; `cancel_after` milliseconds, or -1: nobody cancels. */
static SkJudgement *
judge_in_thread (SkJudgeRequest *request, int cancel_after, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) found = NULL;
  GAsyncResult *result = NULL;

  request->cancellable = cancellable;
  sk_judge (request, judged_cb, &result);
  request->cancellable = NULL;
  g_assert_null (result); /* never from within */
  if (cancel_after >= 0)
    {
      g_usleep ((gulong) cancel_after * 1000);
      g_cancellable_cancel (cancellable);
    }
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  found = result;
  return sk_judge_finish (found, error);
}

#define ATTACHED(to, text)                                                                          \
  "From: hana@example.co.jp\r\nTo: " to "\r\nSubject: papers\r\nMIME-Version: 1.0\r\n"                \
  "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n"                     \
  "Content-Disposition: attachment; filename=a.txt\r\n\r\n" text "\r\n--b--\r\n"

#define CARDS "rules:\n  - id: r\n    if: {attachment: {find: credit-card}}\n    then: {hold: true}\n"
#define NEWCOMERS                                                                                   \
  "rules:\n  - id: r\n    if: {recipients: {where: {history: new}, count: \">= 2\"}, attachment: {size: \">= 1\"}}\n"       \
  "    then: {hold: true}\n"

typedef struct {
  const char *name, *rules, *mail;
  gboolean box;
  SkOutcome outcome;
} Threaded;

/* Who stands in the headers alone is looked up between two stays in the thread. */
static const Threaded threaded[] = {
  { "card", CARDS, ATTACHED ("a@example.com", "4111 1111 1111 1111"), TRUE, SK_OUTCOME_HOLD },
  { "no card", CARDS, ATTACHED ("a@example.com", "4111 1111 1111 1112"), TRUE, SK_OUTCOME_SEND },
  { "no sandbox", CARDS, ATTACHED ("a@example.com", "hello"), FALSE, SK_OUTCOME_HOLD },
  { "card, others", CARDS, ATTACHED ("b@example.com", "4111 1111 1111 1111"), TRUE, SK_OUTCOME_HOLD },
  { "two are new", NEWCOMERS, ATTACHED ("a@example.com, b@example.com", "x"), FALSE, SK_OUTCOME_HOLD },
  { "one is known", NEWCOMERS, ATTACHED ("a@example.com, x@customer.example", "x"), FALSE, SK_OUTCOME_SEND },
  { "one is new", NEWCOMERS, ATTACHED ("a@example.com", "x"), FALSE, SK_OUTCOME_SEND },
};

static SkJudgeRequest
request_of (Fixture *f, const SkPolicy *policy, const char *mail, SkBoxPool *pool)
{
  static const char *const addresses[] = { "a@example.com", NULL };

  return (SkJudgeRequest){ .fd = open_text (mail), .size = (gint64) strlen (mail), .mail_from = "hana@example.co.jp",
                           .person = "hana@example.co.jp", .addresses = addresses,
                           .limits = &sk_message_default_limits, .policy = (SkPolicy *) policy,
                           .store = f->store, .pool = pool };
}

static void
test_threaded (Fixture *f, gconstpointer data)
{
  static const char *const sent[] = { "x@customer.example", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (SkBoxPool) pool = sk_box_pool_new (&sk_box_default_settings, &error);

  g_assert_no_error (error);
  sk_store_history_add (f->store, "hana@example.co.jp", sent, 1, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threaded); i++)
    {
      const Threaded *row = &threaded[i];
      g_autoptr (SkPolicy) policy = case_load (row->rules, NULL, NULL);
      SkJudgeRequest request = request_of (f, policy, row->mail, row->box ? pool : NULL);
      g_autoptr (SkJudgement) judgement = judge_in_thread (&request, -1, &error);

      g_test_message ("%s", row->name);
      close (request.fd);
      g_assert_no_error (error);
      g_assert_cmpstr (judgement->message->subject, ==, "papers");
      g_assert_cmpint (judgement->verdict->outcome, ==, row->outcome);
    }
}

static void
test_threaded_failures (Fixture *f, gconstpointer data)
{
  g_autoptr (SkPolicy) policy = case_load (CARDS, NULL, NULL);
  const char *const unreadable[] = { "a\x01@gmail.com", NULL };
  SkJudgeRequest request = request_of (f, policy, ATTACHED ("a@example.com", "x"), NULL);
  g_autoptr (GError) invalid = NULL, closed = NULL;
  const char *const *readable = request.addresses;

  request.addresses = unreadable;
  g_assert_null (judge_in_thread (&request, -1, &invalid));
  g_assert_true (sk_error_is_invalid (invalid));
  close (request.fd);
  request.addresses = readable;
  request.fd = -1;
  g_assert_null (judge_in_thread (&request, -1, &closed));
  g_assert_nonnull (closed);
}

/* In the middle of a document that would take two minutes; the reader's process ends with it. */
static void
test_threaded_cancelled (Fixture *f, gconstpointer data)
{
  static const int moments[] = { 0, 300 };
  g_autoptr (SkPolicy) policy = case_load (CARDS, NULL, NULL);
  SkBoxSettings patient = sk_box_default_settings;
  g_autoptr (SkBoxPool) pool = NULL;

  patient.seconds = 120;
  pool = sk_box_pool_new (&patient, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      SkJudgeRequest request = request_of (f, policy, ATTACHED ("a@example.com", "SEKISHO-MISCHIEF: turn"), pool);
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;

      g_assert_null (judge_in_thread (&request, moments[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
      close (request.fd);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/judge/unreadable-recipient", test_unreadable_recipient);
  g_test_add_func ("/judge/recipients", test_recipients);
  g_test_add ("/judge/lookalike", Fixture, NULL, fixture_set_up, test_lookalike, fixture_tear_down);
  g_test_add ("/judge/threaded", Fixture, NULL, fixture_set_up, test_threaded, fixture_tear_down);
  g_test_add ("/judge/threaded-failures", Fixture, NULL, fixture_set_up, test_threaded_failures,
              fixture_tear_down);
  g_test_add ("/judge/threaded-cancelled", Fixture, NULL, fixture_set_up, test_threaded_cancelled,
              fixture_tear_down);
  return g_test_run ();
}
