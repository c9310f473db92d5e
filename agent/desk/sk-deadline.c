// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-deadline.h"

static void
mark_now (SkDeadline *self, SkClock *clock)
{
  self->mark_wall = sk_clock_wall (clock);
  self->mark_boot = sk_clock_boot (clock);
  g_free (self->boot_id);
  self->boot_id = g_strdup (sk_clock_boot_id (clock));
}

void
sk_deadline_start (SkDeadline *self, SkClock *clock, gint64 seconds)
{
  self->seconds = seconds;
  self->passed = 0;
  mark_now (self, clock);
}

/* A wall clock that went back between two boots lets no time pass, and takes none back. */
static gint64
since_mark (const SkDeadline *self, SkClock *clock)
{
  if (g_strcmp0 (self->boot_id, sk_clock_boot_id (clock)) == 0)
    return MAX (sk_clock_boot (clock) - self->mark_boot, 0);
  return MAX (sk_clock_wall (clock) - self->mark_wall, 0);
}

void
sk_deadline_settle (SkDeadline *self, SkClock *clock)
{
  self->passed = sk_deadline_passed (self, clock);
  mark_now (self, clock);
}

gint64
sk_deadline_passed (const SkDeadline *self, SkClock *clock)
{
  return self->passed + since_mark (self, clock);
}

gint64
sk_deadline_left (const SkDeadline *self, SkClock *clock)
{
  if (self->seconds < 0)
    return G_MAXINT64;
  return self->seconds * G_USEC_PER_SEC - sk_deadline_passed (self, clock);
}

gboolean
sk_deadline_is_over (const SkDeadline *self, SkClock *clock)
{
  return sk_deadline_left (self, clock) <= 0;
}

gint64
sk_deadline_wall (const SkDeadline *self, SkClock *clock)
{
  if (self->seconds < 0)
    return 0;
  return sk_clock_wall (clock) + sk_deadline_left (self, clock);
}
