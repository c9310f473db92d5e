// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-deadline.h"

#define SECOND G_USEC_PER_SEC

static void
test_wall_jump_counts_nothing (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (1000 * SECOND);
  SkDeadline deadline = { 0 };

  sk_deadline_start (&deadline, clock, 60);
  sk_clock_advance (clock, 30 * SECOND);
  sk_clock_set_wall (clock, G_GINT64_CONSTANT (900000) * SECOND);
  g_assert_false (sk_deadline_is_over (&deadline, clock));
  g_assert_cmpint (sk_deadline_left (&deadline, clock), ==, 30 * SECOND);
  sk_deadline_settle (&deadline, clock);
  g_assert_cmpint (sk_deadline_left (&deadline, clock), ==, 30 * SECOND);
  sk_clock_advance (clock, 30 * SECOND);
  g_assert_true (sk_deadline_is_over (&deadline, clock));
  g_free (deadline.boot_id);
}

/* Another boot: only the wall clock tells, and one that went back takes nothing back. */
static void
test_across_boots (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (1000 * SECOND);
  SkDeadline deadline = { 0 };

  sk_deadline_start (&deadline, clock, 60);
  g_free (deadline.boot_id);
  deadline.boot_id = g_strdup ("the boot before");
  sk_clock_set_wall (clock, 1045 * SECOND);
  g_assert_cmpint (sk_deadline_left (&deadline, clock), ==, 15 * SECOND);
  sk_clock_set_wall (clock, 10 * SECOND);
  g_assert_cmpint (sk_deadline_left (&deadline, clock), ==, 60 * SECOND);
  g_free (deadline.boot_id);
}

static void
test_without_end (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (1000 * SECOND);
  SkDeadline deadline = { 0 };

  sk_deadline_start (&deadline, clock, -1);
  sk_clock_advance (clock, G_GINT64_CONSTANT (400) * 24 * 3600 * SECOND);
  g_assert_false (sk_deadline_is_over (&deadline, clock));
  g_assert_cmpint (sk_deadline_wall (&deadline, clock), ==, 0);
  g_free (deadline.boot_id);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deadline/wall-jump", test_wall_jump_counts_nothing);
  g_test_add_func ("/deadline/across-boots", test_across_boots);
  g_test_add_func ("/deadline/without-end", test_without_end);
  return g_test_run ();
}
