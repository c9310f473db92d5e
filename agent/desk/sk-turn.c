// SPDX-License-Identifier: GPL-3.0-or-later
/* When a kept mail has its turn: at its time, by one alarm for all; and for sending when there is room, in the order
 * in which they came to be ready. */
#include "agent/desk/sk-desk-private.h"

/* --- at its time -------------------------------------------------------------------------------- */

static int
compare_wakes (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const SkKept *x = a, *y = b;

  return (x->wake_at > y->wake_at) - (x->wake_at < y->wake_at);
}

static SkKept *
first_to_wake (SkDesk *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->wakes);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

void
sk_kept_dont_wake (SkKept *kept)
{
  if (kept->wake != NULL)
    g_sequence_remove (kept->wake);
  kept->wake = NULL;
}

static void alarm_cb (gpointer user_data);
static void call_next (SkDesk *self);

static void
set_alarm (SkDesk *self)
{
  const SkKept *first = first_to_wake (self);

  if (first == NULL || (self->alarm != NULL && self->alarm_at <= first->wake_at))
    return;
  g_clear_pointer (&self->alarm, sk_alarm_free);
  self->alarm_at = first->wake_at;
  self->alarm = sk_clock_alarm (self->clock, first->wake_at, alarm_cb, self);
}

/* Those that are due by now, once each: what wants to be woken again at once has its turn in the next round. */
static void
alarm_cb (gpointer user_data)
{
  SkDesk *self = user_data;
  gint64 now = sk_clock_boot (self->clock);
  guint due = 0;
  SkKept *first;

  g_clear_pointer (&self->alarm, sk_alarm_free);
  for (GSequenceIter *i = g_sequence_get_begin_iter (self->wakes);
       !g_sequence_iter_is_end (i) && ((SkKept *) g_sequence_get (i))->wake_at <= now;
       i = g_sequence_iter_next (i))
    due++;
  while (due-- > 0 && (first = first_to_wake (self)) != NULL && first->wake_at <= now)
    {
      sk_kept_dont_wake (first);
      sk_kept_advance (self, first);
    }
  call_next (self);
  set_alarm (self);
}

void
sk_kept_wake_after (SkDesk *self, SkKept *kept, gint64 microseconds)
{
  gint64 at;

  if (microseconds >= G_MAXINT64 / 2)
    return;
  at = sk_clock_boot (self->clock) + MAX (microseconds, 0);
  if (kept->wake != NULL && kept->wake_at <= at)
    return;
  sk_kept_dont_wake (kept);
  kept->wake_at = at;
  kept->wake = g_sequence_insert_sorted (self->wakes, kept, compare_wakes, NULL);
  set_alarm (self);
}

/* --- when there is room ------------------------------------------------------------------------- */

static gboolean
has_room (const SkDesk *self)
{
  return self->attempts < MAX (self->settings->limits.upstream_connections, 1);
}

/* Who stands in line may be gone, or wait for something else by now: then the next round calls another. */
static void
call_next (SkDesk *self)
{
  gboolean called = FALSE;

  while (has_room (self) && !called && !g_queue_is_empty (&self->line))
    {
      g_autofree char *id = g_queue_pop_head (&self->line);
      SkKept *kept = g_hash_table_lookup (self->kept, id);

      called = kept != NULL;
      if (!called)
        continue;
      kept->in_line = FALSE;
      sk_kept_wake_after (self, kept, 0);
    }
}

gboolean
sk_kept_take_room (SkDesk *self, SkKept *kept)
{
  if (has_room (self))
    {
      self->attempts++;
      return TRUE;
    }
  if (!kept->in_line)
    g_queue_push_tail (&self->line, g_strdup (kept->mail->id));
  kept->in_line = TRUE;
  return FALSE;
}

void
sk_desk_give_room (SkDesk *self)
{
  self->attempts--;
  call_next (self);
}
