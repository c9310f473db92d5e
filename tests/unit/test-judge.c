// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-judge.h"

#include "sk-error.h"
#include "tests/unit/policy-case.h"
#include "tests/unit/sk-store-fixture.h"

/* A mail on disk that is gone with its descriptor. */
static int
open_mail (void)
{
  static const char mail[] = "From: hana@example.co.jp\r\n\r\nx";
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("sk-judge-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  unlink (path);
  g_assert_cmpint (write (fd, mail, strlen (mail)), ==, (gssize) strlen (mail));
  return fd;
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/judge/unreadable-recipient", test_unreadable_recipient);
  g_test_add_func ("/judge/recipients", test_recipients);
  g_test_add ("/judge/lookalike", Fixture, NULL, fixture_set_up, test_lookalike, fixture_tear_down);
  return g_test_run ();
}
