// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-patience.h"

struct _SkSmtpPatience {
  SkClock *clock;
  gint64 timeout;
  SkSmtpPatienceFunc callback;
  gpointer user_data;
  GQueue queue; /* by `since`, since all wait equally long */
  SkAlarm *alarm;
};

static void alarm_cb (gpointer user_data);

SkSmtpPatience *
sk_smtp_patience_new (SkClock *clock, gint64 timeout, SkSmtpPatienceFunc callback,
                      gpointer user_data)
{
  SkSmtpPatience *self = g_new0 (SkSmtpPatience, 1);

  self->clock = sk_clock_ref (clock);
  self->timeout = timeout;
  self->callback = callback;
  self->user_data = user_data;
  g_queue_init (&self->queue);
  return self;
}

void
sk_smtp_patience_free (SkSmtpPatience *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->alarm, sk_alarm_free);
  sk_clock_unref (self->clock);
  g_free (self);
}

static SkSmtpWait *
first_wait (SkSmtpPatience *self)
{
  GList *link = g_queue_peek_head_link (&self->queue);

  return link != NULL ? (SkSmtpWait *) ((char *) link - G_STRUCT_OFFSET (SkSmtpWait, link)) : NULL;
}

/* The alarm stays as it is when the first one moves: it then finds nobody, and is set anew. */
static void
arm (SkSmtpPatience *self)
{
  SkSmtpWait *first = first_wait (self);

  if (self->alarm == NULL && first != NULL)
    self->alarm = sk_clock_alarm (self->clock, first->since + self->timeout, alarm_cb, self);
}

static void
alarm_cb (gpointer user_data)
{
  SkSmtpPatience *self = user_data;
  gint64 now = sk_clock_boot (self->clock);
  SkSmtpWait *wait;

  g_clear_pointer (&self->alarm, sk_alarm_free);
  while ((wait = first_wait (self)) != NULL && wait->since + self->timeout <= now)
    {
      gpointer owner = wait->link.data;

      sk_smtp_wait_in (wait, NULL, NULL);
      self->callback (owner, self->user_data);
    }
  arm (self);
}

void
sk_smtp_wait_in (SkSmtpWait *wait, SkSmtpPatience *self, gpointer owner)
{
  if (wait->patience != NULL)
    g_queue_unlink (&wait->patience->queue, &wait->link);
  wait->patience = self;
  if (self == NULL)
    return;
  wait->since = sk_clock_boot (self->clock);
  wait->link.data = owner;
  g_queue_push_tail_link (&self->queue, &wait->link);
  arm (self);
}

GList *
sk_smtp_patience_first (SkSmtpPatience *self)
{
  return g_queue_peek_head_link (&self->queue);
}
