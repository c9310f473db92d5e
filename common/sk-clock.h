/* The one clock: all waiting in the product goes through it, so that tests can move it.
 *
 * Wall time is what people read; boot time (CLOCK_BOOTTIME) counts while the machine sleeps and is
 * not moved by anybody setting the clock. Alarms fire on the thread-default main context in which
 * they were set, when the boot time reaches their deadline. In builds with -Dtesting=true a file
 * named by SEKISHO_TEST_CLOCK holds "wall-offset boot-offset" in seconds and is watched: writing it
 * moves the clock of a running program.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkClock SkClock;
typedef struct _SkAlarm SkAlarm;
typedef void (*SkAlarmFunc) (gpointer user_data);

SkClock *sk_clock_new_system (void);
/* A clock that stands still until it is moved. `wall` in microseconds since 1970; boot time starts at 1 s. */
SkClock *sk_clock_new_manual (gint64 wall);
SkClock *sk_clock_ref (SkClock *self);
void sk_clock_unref (SkClock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkClock, sk_clock_unref)

gint64 sk_clock_wall (SkClock *self);         /* microseconds since 1970-01-01T00:00Z */
gint64 sk_clock_boot (SkClock *self);         /* microseconds since boot, sleep included */
const char *sk_clock_boot_id (SkClock *self); /* changes with every boot; borrowed */

/* Calls `callback` (from the main loop) whenever somebody has set the wall clock. One watcher a clock. */
void sk_clock_watch_wall (SkClock *self, SkAlarmFunc callback, gpointer user_data);

/* Only for manual clocks: both times go on, alarms that fall due fire from the main loop. */
void sk_clock_advance (SkClock *self, gint64 microseconds);
/* Only for manual clocks: somebody set the wall clock. */
void sk_clock_set_wall (SkClock *self, gint64 wall);

/* Calls `callback` once when boot time is at `boot_deadline` (microseconds) or later; never from
 * within this call. The caller owns the alarm; freeing it before it fires cancels it. An alarm that
 * has fired must still be freed. */
SkAlarm *sk_clock_alarm (SkClock *self, gint64 boot_deadline, SkAlarmFunc callback,
                         gpointer user_data);
void sk_alarm_free (SkAlarm *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkAlarm, sk_alarm_free)
