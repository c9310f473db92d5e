// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-forgetting.h"

#define AT_ONCE 64

/* Writes that are under way keep it alive: the store ends after us. */
struct _SkForgetting {
  SkStore *store; /* NULL: it is over */
  SkClock *clock;
  const SkSettings *settings;
  SkAlarm *alarm;
  guint running; /* forgets that are under way */
  guint forgotten;
  gboolean failed;
};

static void go_on (SkForgetting *self);

static void
say_what_happened (SkForgetting *self)
{
  if (self->forgotten > 0)
    g_message ("forgotten: %u mails that were done more than %u days ago ([store] keep-days)",
               self->forgotten, self->settings->keep_days);
  self->forgotten = 0;
}

static void
forgotten_cb (const GError *error, gpointer user_data)
{
  SkForgetting *self = user_data;

  if (error != NULL && !self->failed)
    g_warning ("a mail that is done can't be forgotten now: %s", error->message);
  self->failed |= error != NULL;
  self->forgotten += error == NULL;
  if (--self->running == 0 && self->store != NULL)
    go_on (self);
  g_rc_box_release (self);
}

/* What failed once would be found again and again. */
static void
go_on (SkForgetting *self)
{
  gint64 before = sk_clock_wall (self->clock) - self->settings->keep_days * G_TIME_SPAN_DAY;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids
      = self->failed ? NULL : sk_store_ended (self->store, before, AT_ONCE, &error);

  if (error != NULL)
    g_warning ("what is done is not forgotten now: %s", error->message);
  if (ids == NULL || ids->len == 0)
    {
      say_what_happened (self);
      return;
    }
  self->running = ids->len;
  for (guint i = 0; i < ids->len; i++)
    sk_store_forget (self->store, ids->pdata[i], forgotten_cb, g_rc_box_acquire (self));
}

static void
tomorrow_cb (gpointer user_data)
{
  sk_forgetting_begin (user_data);
}

static void
set_alarm (SkForgetting *self, gint64 after)
{
  g_clear_pointer (&self->alarm, sk_alarm_free);
  self->alarm
      = sk_clock_alarm (self->clock, sk_clock_boot (self->clock) + after, tomorrow_cb, self);
}

void
sk_forgetting_begin (SkForgetting *self)
{
  set_alarm (self, G_TIME_SPAN_DAY);
  if (self->running > 0)
    return;
  self->failed = FALSE;
  go_on (self);
}

SkForgetting *
sk_forgetting_new (SkStore *store, SkClock *clock, const SkSettings *settings)
{
  SkForgetting *self = g_rc_box_new0 (SkForgetting);

  self->store = store;
  self->clock = clock;
  self->settings = settings;
  set_alarm (self, 0);
  return self;
}

void
sk_forgetting_free (SkForgetting *self)
{
  g_clear_pointer (&self->alarm, sk_alarm_free);
  self->store = NULL;
  g_rc_box_release (self);
}
