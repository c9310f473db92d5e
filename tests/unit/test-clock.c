// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-clock.h"

#include <sys/time.h>

static void
count_cb (gpointer user_data)
{
  ++*(int *) user_data;
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
test_manual_alarms (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (1000 * G_USEC_PER_SEC);
  int early = 0, late = 0, freed = 0;
  gint64 boot = sk_clock_boot (clock);
  g_autoptr (SkAlarm) a = sk_clock_alarm (clock, boot + 60 * G_USEC_PER_SEC, count_cb, &early);
  g_autoptr (SkAlarm) b = sk_clock_alarm (clock, boot + 61 * G_USEC_PER_SEC, count_cb, &late);
  SkAlarm *c = sk_clock_alarm (clock, boot + 1, count_cb, &freed);

  g_assert_nonnull (a);
  g_assert_nonnull (b);
  sk_alarm_free (c);
  sk_clock_advance (clock, 60 * G_USEC_PER_SEC - 1);
  settle ();
  g_assert_cmpint (early, ==, 0);
  sk_clock_advance (clock, 1);
  settle ();
  g_assert_cmpint (early, ==, 1);
  g_assert_cmpint (late, ==, 0);
  sk_clock_advance (clock, 10 * G_USEC_PER_SEC);
  settle ();
  g_assert_cmpint (early, ==, 1);
  g_assert_cmpint (late, ==, 1);
  g_assert_cmpint (freed, ==, 0);
}

static void
test_wall_does_not_fire (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (1000 * G_USEC_PER_SEC);
  int fired = 0, set = 0;
  g_autoptr (SkAlarm) alarm
      = sk_clock_alarm (clock, sk_clock_boot (clock) + G_USEC_PER_SEC, count_cb, &fired);

  g_assert_nonnull (alarm);
  sk_clock_watch_wall (clock, count_cb, &set);
  sk_clock_set_wall (clock, G_GINT64_CONSTANT (9000000) * G_USEC_PER_SEC);
  settle ();
  g_assert_cmpint (fired, ==, 0);
  g_assert_cmpint (set, ==, 1);
}

static gboolean
stop_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
test_system_alarm (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_system ();
  int fired = 0;
  gboolean late = FALSE;
  struct timeval now;
  g_autoptr (SkAlarm) alarm = sk_clock_alarm (clock, sk_clock_boot (clock) + 20000, count_cb, &fired);
  guint guard = g_timeout_add_seconds (5, stop_cb, &late);

  g_assert_nonnull (alarm);
  gettimeofday (&now, NULL);
  g_assert_cmpint (ABS (sk_clock_wall (clock) / G_USEC_PER_SEC - now.tv_sec), <=, 1);
  while (fired == 0 && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (fired, ==, 1);
  g_assert_false (late);
  g_source_remove (guard);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/manual-alarms", test_manual_alarms);
  g_test_add_func ("/clock/wall-does-not-fire", test_wall_does_not_fire);
  g_test_add_func ("/clock/system-alarm", test_system_alarm);
  return g_test_run ();
}
