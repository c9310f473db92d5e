// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-clock.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#ifdef SK_TESTING
#include <sys/inotify.h>
#endif

/* Alarms stand in one sorted list; a system clock arms one timerfd for the earliest. */
struct _SkClock {
  gatomicrefcount references;
  gboolean manual;
  gint64 wall_offset, boot_offset; /* what tests have added; the whole time of a manual clock */
  char *boot_id;
  GSequence *alarms; /* SkAlarm*, by deadline */
  guint64 next_number;
  GMainContext *context;
  int timer_fd, wall_fd;
  GSource *timer_source, *wall_source;
  guint pending_source; /* a manual clock's idle, or due alarms of the system's */
  SkAlarmFunc wall_callback;
  gpointer wall_data;
#ifdef SK_TESTING
  int inotify_fd;
  GSource *inotify_source;
  char *offset_file;
#endif
};

struct _SkAlarm {
  SkClock *clock;
  gint64 deadline;
  guint64 number; /* in the order of setting */
  SkAlarmFunc callback;
  gpointer user_data;
  GSequenceIter *position; /* NULL once it has fired */
};

static gint64
read_clock (clockid_t id)
{
  struct timespec now;

  clock_gettime (id, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

gint64
sk_clock_wall (SkClock *self)
{
  return self->manual ? self->wall_offset : read_clock (CLOCK_REALTIME) + self->wall_offset;
}

gint64
sk_clock_boot (SkClock *self)
{
  return self->manual ? self->boot_offset : read_clock (CLOCK_BOOTTIME) + self->boot_offset;
}

const char *
sk_clock_boot_id (SkClock *self)
{
  return self->boot_id;
}

static int
compare_alarms (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gint64 x = ((const SkAlarm *) a)->deadline, y = ((const SkAlarm *) b)->deadline;

  return x < y ? -1 : x > y;
}

static SkAlarm *
first_alarm (SkClock *self)
{
  GSequenceIter *begin = g_sequence_get_begin_iter (self->alarms);

  return g_sequence_iter_is_end (begin) ? NULL : g_sequence_get (begin);
}

/* A deadline in the past arms for the next nanosecond, since 0 would disarm. */
static void
arm (SkClock *self)
{
  SkAlarm *first = first_alarm (self);
  struct itimerspec when = { 0 };

  if (self->manual)
    return;
  if (first != NULL)
    {
      gint64 at = MAX (first->deadline - self->boot_offset, 0);

      when.it_value.tv_sec = at / G_USEC_PER_SEC;
      when.it_value.tv_nsec = MAX (at % G_USEC_PER_SEC * 1000, 1);
    }
  timerfd_settime (self->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static SkAlarm *
first_due (SkClock *self, gint64 now, guint64 before)
{
  for (GSequenceIter *at = g_sequence_get_begin_iter (self->alarms); !g_sequence_iter_is_end (at);
       at = g_sequence_iter_next (at))
    {
      SkAlarm *alarm = g_sequence_get (at);

      if (alarm->deadline > now)
        return NULL;
      if (alarm->number < before)
        return alarm;
    }
  return NULL;
}

/* A callback may free alarms and set new ones; new ones that are due at once wait for the next turn of the loop. */
static void
fire_due (SkClock *self)
{
  gint64 now = sk_clock_boot (self);
  guint64 before = self->next_number;
  SkAlarm *alarm;

  sk_clock_ref (self);
  while ((alarm = first_due (self, now, before)) != NULL)
    {
      g_sequence_remove (g_steal_pointer (&alarm->position));
      alarm->callback (alarm->user_data);
    }
  arm (self);
  sk_clock_unref (self);
}

static gboolean
timer_cb (int fd, GIOCondition condition, gpointer user_data)
{
  guint64 expirations;

  if (read (fd, &expirations, sizeof expirations) < 0 && errno != EAGAIN)
    g_warning ("clock timer: %s", g_strerror (errno));
  fire_due (user_data);
  return G_SOURCE_CONTINUE;
}

static void
arm_wall_watch (SkClock *self)
{
  struct itimerspec never = { .it_value = { .tv_sec = G_MAXINT32 } };

  timerfd_settime (self->wall_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

/* The read fails with ECANCELED when the wall clock was set. */
static gboolean
wall_cb (int fd, GIOCondition condition, gpointer user_data)
{
  SkClock *self = user_data;
  guint64 expirations;
  gboolean was_set = read (fd, &expirations, sizeof expirations) < 0 && errno == ECANCELED;

  arm_wall_watch (self);
  if (was_set && self->wall_callback != NULL)
    self->wall_callback (self->wall_data);
  return G_SOURCE_CONTINUE;
}

static GSource *
watch (SkClock *self, int fd, GUnixFDSourceFunc callback)
{
  GSource *source = g_unix_fd_source_new (fd, G_IO_IN);

  g_source_set_callback (source, G_SOURCE_FUNC (callback), self, NULL);
  g_source_attach (source, self->context);
  return source;
}

static void
unwatch (GSource *source, int fd)
{
  if (source != NULL)
    {
      g_source_destroy (source);
      g_source_unref (source);
    }
  if (fd >= 0)
    close (fd);
}

#ifdef SK_TESTING
static void
read_offsets (SkClock *self)
{
  g_autofree char *text = NULL;
  double wall, boot;
  gint64 old_wall = self->wall_offset - self->boot_offset;

  if (!g_file_get_contents (self->offset_file, &text, NULL, NULL)
      || sscanf (text, "%lf %lf", &wall, &boot) != 2)
    return;
  self->wall_offset = (gint64) (wall * G_USEC_PER_SEC);
  self->boot_offset = (gint64) (boot * G_USEC_PER_SEC);
  if (self->wall_offset - self->boot_offset != old_wall && self->wall_callback != NULL)
    self->wall_callback (self->wall_data);
  fire_due (self);
}

static gboolean
inotify_cb (int fd, GIOCondition condition, gpointer user_data)
{
  char events[4096];

  while (read (fd, events, sizeof events) > 0)
    continue;
  read_offsets (user_data);
  return G_SOURCE_CONTINUE;
}

static void
watch_offset_file (SkClock *self)
{
  g_autofree char *directory = NULL;

  self->offset_file = g_strdup (g_getenv ("SEKISHO_TEST_CLOCK"));
  if (self->offset_file == NULL)
    return;
  directory = g_path_get_dirname (self->offset_file);
  self->inotify_fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  inotify_add_watch (self->inotify_fd, directory, IN_CLOSE_WRITE | IN_MOVED_TO);
  self->inotify_source = watch (self, self->inotify_fd, inotify_cb);
  read_offsets (self);
}
#endif

static SkClock *
clock_new (gboolean manual)
{
  SkClock *self = g_new0 (SkClock, 1);

  g_atomic_ref_count_init (&self->references);
  self->manual = manual;
  self->alarms = g_sequence_new (NULL);
  self->context = g_main_context_ref_thread_default ();
  self->timer_fd = self->wall_fd = -1;
#ifdef SK_TESTING
  self->inotify_fd = -1;
#endif
  return self;
}

SkClock *
sk_clock_new_system (void)
{
  SkClock *self = clock_new (FALSE);

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &self->boot_id, NULL, NULL))
    self->boot_id = g_strdup ("unknown");
  g_strstrip (self->boot_id);
  self->timer_fd = timerfd_create (CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  self->wall_fd = timerfd_create (CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (self->timer_fd < 0 || self->wall_fd < 0)
    g_error ("timerfd_create: %s", g_strerror (errno));
  self->timer_source = watch (self, self->timer_fd, timer_cb);
  self->wall_source = watch (self, self->wall_fd, wall_cb);
  arm_wall_watch (self);
#ifdef SK_TESTING
  watch_offset_file (self);
#endif
  return self;
}

SkClock *
sk_clock_new_manual (gint64 wall)
{
  SkClock *self = clock_new (TRUE);

  self->wall_offset = wall;
  self->boot_offset = G_USEC_PER_SEC;
  self->boot_id = g_strdup ("manual");
  return self;
}

SkClock *
sk_clock_ref (SkClock *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sk_clock_unref (SkClock *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_handle_id (&self->pending_source, g_source_remove);
  unwatch (self->timer_source, self->timer_fd);
  unwatch (self->wall_source, self->wall_fd);
#ifdef SK_TESTING
  unwatch (self->inotify_source, self->inotify_fd);
  g_free (self->offset_file);
#endif
  g_sequence_free (self->alarms);
  g_main_context_unref (self->context);
  g_free (self->boot_id);
  g_free (self);
}

void
sk_clock_watch_wall (SkClock *self, SkAlarmFunc callback, gpointer user_data)
{
  self->wall_callback = callback;
  self->wall_data = user_data;
}

static gboolean
pending_cb (gpointer user_data)
{
  SkClock *self = user_data;

  self->pending_source = 0;
  fire_due (self);
  return G_SOURCE_REMOVE;
}

void
sk_clock_advance (SkClock *self, gint64 microseconds)
{
  g_return_if_fail (self->manual);
  self->wall_offset += microseconds;
  self->boot_offset += microseconds;
  if (self->pending_source == 0)
    self->pending_source = g_idle_add (pending_cb, self);
}

void
sk_clock_set_wall (SkClock *self, gint64 wall)
{
  g_return_if_fail (self->manual);
  self->wall_offset = wall;
  if (self->wall_callback != NULL)
    self->wall_callback (self->wall_data);
}

SkAlarm *
sk_clock_alarm (SkClock *self, gint64 boot_deadline, SkAlarmFunc callback, gpointer user_data)
{
  SkAlarm *alarm = g_new0 (SkAlarm, 1);

  alarm->clock = sk_clock_ref (self);
  alarm->deadline = boot_deadline;
  alarm->number = self->next_number++;
  alarm->callback = callback;
  alarm->user_data = user_data;
  alarm->position = g_sequence_insert_sorted (self->alarms, alarm, compare_alarms, NULL);
  if (self->manual && boot_deadline <= sk_clock_boot (self) && self->pending_source == 0)
    self->pending_source = g_idle_add (pending_cb, self);
  if (first_alarm (self) == alarm)
    arm (self);
  return alarm;
}

void
sk_alarm_free (SkAlarm *self)
{
  SkClock *clock = self->clock;

  if (self->position != NULL)
    g_sequence_remove (self->position);
  g_free (self);
  arm (clock);
  sk_clock_unref (clock);
}
