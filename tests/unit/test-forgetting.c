// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-forgetting.h"
#include "sk-store-fixture.h"

#define MANY 200

static void
run_for_a_while (Fixture *f)
{
  for (int i = 0; i < 20; i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      sk_store_flush (f->store);
    }
}

static void
save_straight (Fixture *f, guint number)
{
  g_autofree char *id = g_strdup_printf ("straight-%03u", number);
  g_autoptr (SkMail) mail = fixture_plain_mail (id);

  mail->state = SK_MAIL_DONE;
  sk_store_save (f->store, mail, NULL, NULL, NULL);
}

static void
finish (Fixture *f, SkMail *mail)
{
  mail->state = SK_MAIL_DONE;
  sk_store_save (f->store, mail, NULL, NULL, NULL);
  sk_store_flush (f->store);
}

static void
assert_left (Fixture *f, const char *expected)
{
  fixture_assert_query (f, "store.db", "SELECT count(*) FROM mails", expected);
}

/* Many at once, only those whose days are over, and nothing that is open, however old. */
static void
test_daily (Fixture *f, gconstpointer data)
{
  SkSettings settings = { .keep_days = 3 };
  g_autoptr (SkMail) open = fixture_plain_mail ("open"), kept = fixture_plain_mail ("kept"),
                     silent = fixture_plain_mail ("silent");
  g_autoptr (SkForgetting) forgetting = NULL;

  silent->silent = TRUE;
  ((SkDelivery *) silent->deliveries->pdata[0])->state = SK_DELIVERY_REFUSED;
  fixture_keep (f, open);
  fixture_keep (f, kept);
  fixture_keep (f, silent);
  finish (f, kept);
  for (guint i = 0; i < MANY; i++)
    save_straight (f, i);
  sk_store_flush (f->store);
  forgetting = sk_forgetting_new (f->store, f->clock, &settings);
  run_for_a_while (f);
  assert_left (f, "203");
  for (int day = 1; day <= 3; day++)
    {
      sk_clock_advance (f->clock, G_TIME_SPAN_DAY);
      run_for_a_while (f);
      assert_left (f, "203");
    }
  sk_clock_advance (f->clock, G_TIME_SPAN_DAY);
  run_for_a_while (f);
  assert_left (f, "2");
  g_assert_false (fixture_exists (f, "mail/kept.eml"));
  g_assert_true (fixture_exists (f, "mail/open.eml") && fixture_exists (f, "mail/silent.eml"));
  finish (f, open);
  sk_clock_advance (f->clock, 5 * G_TIME_SPAN_DAY);
  run_for_a_while (f);
  assert_left (f, "1");
  g_assert_false (fixture_exists (f, "mail/open.eml"));
}

/* Other writes come between the batches: not all is asked of the store at once. */
static void
test_at_the_start (Fixture *f, gconstpointer data)
{
  SkSettings settings = { .keep_days = 1 };
  g_autoptr (SkForgetting) forgetting = NULL;
  Outcome outcome = { 0 };
  g_autoptr (SkMail) mail = fixture_plain_mail ("new");
  g_autofree char *spool = fixture_spool (f->store, "new", 3), *left = NULL;

  for (guint i = 0; i < MANY; i++)
    save_straight (f, i);
  sk_store_flush (f->store);
  sk_clock_advance (f->clock, 2 * G_TIME_SPAN_DAY);
  forgetting = sk_forgetting_new (f->store, f->clock, &settings);
  sk_forgetting_begin (forgetting); /* before the mail comes */
  sk_store_keep (f->store, mail, spool, NULL, outcome_cb, &outcome);
  while (outcome.calls == 0)
    g_main_context_iteration (NULL, TRUE);
  left = fixture_query (f, "store.db", "SELECT count(*) FROM mails");
  g_assert_cmpint (atoi (left), >, 1);
  run_for_a_while (f);
  assert_left (f, "1");
}

static void
test_settings_change (Fixture *f, gconstpointer data)
{
  SkSettings settings = { .keep_days = 30 };
  g_autoptr (SkForgetting) forgetting = sk_forgetting_new (f->store, f->clock, &settings);

  save_straight (f, 1);
  sk_clock_advance (f->clock, 10 * G_TIME_SPAN_DAY);
  run_for_a_while (f);
  assert_left (f, "1");
  settings.keep_days = 9;
  sk_forgetting_begin (forgetting);
  run_for_a_while (f);
  assert_left (f, "0");
}

/* Freed with writes under way: the store ends later. */
static void
test_ends_in_between (Fixture *f, gconstpointer data)
{
  SkSettings settings = { .keep_days = 1 };
  SkForgetting *forgetting = sk_forgetting_new (f->store, f->clock, &settings);

  for (guint i = 0; i < MANY; i++)
    save_straight (f, i);
  sk_store_flush (f->store);
  sk_clock_advance (f->clock, 2 * G_TIME_SPAN_DAY);
  g_main_context_iteration (NULL, TRUE);
  sk_forgetting_begin (forgetting);
  sk_forgetting_free (forgetting);
  fixture_close (f);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/forgetting/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("daily", test_daily);
  ADD ("at-the-start", test_at_the_start);
  ADD ("settings-change", test_settings_change);
  ADD ("ends-in-between", test_ends_in_between);
  return g_test_run ();
}
