// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-network.h"

#include "sk-host.h"

#include <gio/gio.h>

#define ANSWER_TIME (10 * G_TIME_SPAN_SECOND)
#define ASK_AGAIN G_TIME_SPAN_MINUTE

/* Outlives the network's state when that is freed, or asks anew, before the answer. */
typedef struct {
  SkNetwork *network; /* NULL: nobody is interested any more */
  GCancellable *cancellable;
} Question;

struct _SkNetwork {
  GSocketConnectable *provider; /* NULL: always within reach */
  SkClock *clock;
  SkNetworkFunc changed;
  gpointer user_data;
  gboolean online;
  gulong handler;
  Question *question; /* that is not answered */
  SkAlarm *alarm;     /* the answer's end, or when to ask again */
};

static void ask (SkNetwork *self);

static void
tell (SkNetwork *self, gboolean online)
{
  if (self->online == online)
    return;
  self->online = online;
  g_message ("the provider is %s", online ? "within reach" : "out of reach");
  self->changed (online, self->user_data);
}

static void
question_free (Question *question)
{
  g_object_unref (question->cancellable);
  g_free (question);
}

static void
drop_question (SkNetwork *self)
{
  Question *question = g_steal_pointer (&self->question);

  g_clear_pointer (&self->alarm, sk_alarm_free);
  if (question == NULL)
    return;
  question->network = NULL;
  g_cancellable_cancel (question->cancellable);
}

static void
ask_again_cb (gpointer user_data)
{
  ask (user_data);
}

static void
set_alarm (SkNetwork *self, gint64 after, SkAlarmFunc callback)
{
  g_clear_pointer (&self->alarm, sk_alarm_free);
  self->alarm = sk_clock_alarm (self->clock, sk_clock_boot (self->clock) + after, callback, self);
}

static void
late_cb (gpointer user_data)
{
  SkNetwork *self = user_data;

  drop_question (self);
  tell (self, FALSE);
  set_alarm (self, ASK_AGAIN, ask_again_cb);
}

/* Where there is no network at all, only a change of it can help; a name may be known later. */
static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  SkNetwork *self = question->network;
  g_autoptr (GError) error = NULL;
  gboolean reached
      = g_network_monitor_can_reach_finish (G_NETWORK_MONITOR (source), result, &error);

  question_free (question);
  if (self == NULL)
    return;
  self->question = NULL;
  g_clear_pointer (&self->alarm, sk_alarm_free);
  if (!reached && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    set_alarm (self, ASK_AGAIN, ask_again_cb);
  tell (self, reached);
}

static void
ask (SkNetwork *self)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  drop_question (self);
  if (g_network_monitor_get_network_available (monitor))
    {
      tell (self, TRUE);
      return;
    }
  self->question = g_new0 (Question, 1);
  self->question->network = self;
  self->question->cancellable = g_cancellable_new ();
  set_alarm (self, ANSWER_TIME, late_cb);
  g_network_monitor_can_reach_async (monitor, self->provider, self->question->cancellable,
                                     answered_cb, self->question);
}

static void
routes_changed_cb (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  ask (user_data);
}

/* Until there is an answer, what waits for the network waits: nothing is tried in vain. */
static void
start (SkNetwork *self)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  self->handler
      = g_signal_connect (monitor, "network-changed", G_CALLBACK (routes_changed_cb), self);
  self->online = g_network_monitor_get_network_available (monitor);
  self->changed (self->online, self->user_data);
  if (!self->online)
    ask (self);
}

SkNetwork *
sk_network_new (const char *url, SkClock *clock, SkNetworkFunc changed, gpointer user_data)
{
  SkNetwork *self = g_new0 (SkNetwork, 1);
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  self->clock = sk_clock_ref (clock);
  self->changed = changed;
  self->user_data = user_data;
  if (uri != NULL && !sk_host_is_loopback (g_uri_get_host (uri)))
    self->provider = g_network_address_new (g_uri_get_host (uri), (guint16) g_uri_get_port (uri));
  if (self->provider != NULL)
    start (self);
  else
    changed (TRUE, user_data);
  return self;
}

void
sk_network_free (SkNetwork *self)
{
  if (self->handler != 0)
    g_signal_handler_disconnect (g_network_monitor_get_default (), self->handler);
  drop_question (self);
  g_clear_object (&self->provider);
  sk_clock_unref (self->clock);
  g_free (self);
}
