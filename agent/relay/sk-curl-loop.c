// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-curl-loop.h"

#include <glib-unix.h>
#include <signal.h>

struct _SkCurlLoop {
  CURLM *multi;
  CURLSH *share; /* TLS sessions: the next connection resumes, for a third less time */
  GMainContext *context;
  GSource *timer; /* kept, with its ready time moved */
  guint depth;    /* of drive(); what is freed within goes at its end */
  gboolean doomed;
};

static void
report_done (SkCurlLoop *self)
{
  CURLMsg *message;
  int left;

  while ((message = curl_multi_info_read (self->multi, &left)) != NULL)
    {
      CURLcode code = message->data.result;
      SkCurlSlot *slot = NULL;

      curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, (char **)&slot);
      slot->done (code, slot->user_data);
    }
}

static void
drive (SkCurlLoop *self, curl_socket_t socket, int events)
{
  int running;

  self->depth++;
  curl_multi_socket_action (self->multi, socket, events, &running);
  report_done (self);
  self->depth--;
  if (self->doomed && self->depth == 0)
    sk_curl_loop_free (self);
}

static gboolean
timer_cb (gpointer user_data)
{
  SkCurlLoop *self = user_data;

  g_source_set_ready_time (self->timer, -1);
  drive (self, CURL_SOCKET_TIMEOUT, 0);
  return G_SOURCE_CONTINUE;
}

static int
set_timer (CURLM *multi, long milliseconds, void *user_data)
{
  SkCurlLoop *self = user_data;

  g_source_set_ready_time (self->timer, milliseconds < 0 ? -1
                                        : milliseconds == 0
                                            ? 0
                                            : g_get_monotonic_time () + milliseconds * 1000);
  return 0;
}

static gboolean
socket_cb (int fd, GIOCondition condition, gpointer user_data)
{
  int events = 0;

  if (condition & (G_IO_IN | G_IO_HUP))
    events |= CURL_CSELECT_IN;
  if (condition & G_IO_OUT)
    events |= CURL_CSELECT_OUT;
  if (condition & G_IO_ERR)
    events |= CURL_CSELECT_ERR;
  drive (user_data, fd, events);
  return G_SOURCE_CONTINUE;
}

static void
unwatch (GSource *source)
{
  if (source == NULL)
    return;
  g_source_destroy (source);
  g_source_unref (source);
}

static int
watch_socket (CURL *easy, curl_socket_t socket, int what, void *user_data, void *old)
{
  SkCurlLoop *self = user_data;
  GSource *source;
  GIOCondition condition = 0;

  unwatch (old);
  if (what == CURL_POLL_REMOVE)
    return 0;
  if (what & CURL_POLL_IN)
    condition |= G_IO_IN;
  if (what & CURL_POLL_OUT)
    condition |= G_IO_OUT;
  source = g_unix_fd_source_new (socket, condition);
  g_source_set_callback (source, G_SOURCE_FUNC (socket_cb), self, NULL);
  g_source_attach (source, self->context);
  curl_multi_assign (self->multi, socket, source);
  return 0;
}

static gboolean
dispatch_timer (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs timer_functions = { .dispatch = dispatch_timer };

SkCurlLoop *
sk_curl_loop_new (void)
{
  static gsize initialized = 0;
  SkCurlLoop *self = g_new0 (SkCurlLoop, 1);

  if (g_once_init_enter (&initialized))
    {
      curl_global_init (CURL_GLOBAL_DEFAULT);
      signal (SIGPIPE, SIG_IGN); /* as GSocket does; spares libcurl four system calls a write */
      g_once_init_leave (&initialized, 1);
    }
  self->context = g_main_context_ref_thread_default ();
  self->timer = g_source_new (&timer_functions, sizeof (GSource));
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, self->context);
  self->share = curl_share_init ();
  curl_share_setopt (self->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  self->multi = curl_multi_init ();
  curl_multi_setopt (self->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
  curl_multi_setopt (self->multi, CURLMOPT_SOCKETDATA, self);
  curl_multi_setopt (self->multi, CURLMOPT_TIMERFUNCTION, set_timer);
  curl_multi_setopt (self->multi, CURLMOPT_TIMERDATA, self);
  return self;
}

void
sk_curl_loop_free (SkCurlLoop *self)
{
  if (self == NULL)
    return;
  self->doomed = TRUE;
  if (self->depth > 0)
    return;
  curl_multi_cleanup (self->multi);
  curl_share_cleanup (self->share);
  unwatch (self->timer);
  g_main_context_unref (self->context);
  g_free (self);
}

void
sk_curl_loop_add (SkCurlLoop *self, CURL *easy, SkCurlSlot *slot)
{
  curl_easy_setopt (easy, CURLOPT_PRIVATE, slot);
  curl_easy_setopt (easy, CURLOPT_SHARE, self->share);
  curl_multi_add_handle (self->multi, easy);
}

void
sk_curl_loop_remove (SkCurlLoop *self, CURL *easy)
{
  curl_multi_remove_handle (self->multi, easy);
  curl_easy_setopt (easy, CURLOPT_SHARE, NULL);
}
