/* Durations that nobody ends by setting a clock.
 *
 * Within one boot a deadline passes in boot time (sleep included), across boots by the wall clock.
 * sk_deadline_settle() moves the mark to now: when the boot is a new one, before the wall clock
 * is believed again, and with every save, so that a jump of the wall clock is never counted later.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/store/sk-mail.h"
#include "sk-clock.h"

void sk_deadline_start (SkDeadline *self, SkClock *clock, gint64 seconds); /* -1: no end */
void sk_deadline_settle (SkDeadline *self, SkClock *clock);

/* Microseconds that have passed since the start. */
gint64 sk_deadline_passed (const SkDeadline *self, SkClock *clock);
/* Microseconds until the end; 0 or less when it is over; G_MAXINT64 without an end. Less than 0 tells how late it is. */
gint64 sk_deadline_left (const SkDeadline *self, SkClock *clock);
gboolean sk_deadline_is_over (const SkDeadline *self, SkClock *clock);
/* When it ends by today's wall clock, microseconds since 1970; 0 without an end. For people. */
gint64 sk_deadline_wall (const SkDeadline *self, SkClock *clock);
