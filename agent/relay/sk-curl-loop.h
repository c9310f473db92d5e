/* libcurl's multi interface on a GLib main loop.
 *
 * A transfer that was added ends with one call of its function, from the main loop and outside of
 * libcurl's own callbacks, so that anything may be done there. The easy handle stays added (and its
 * connection alive, with CURLOPT_CONNECT_ONLY) until it is removed. libcurl's short timers run by
 * the loop's own clock; what people wait for goes through SkClock, elsewhere.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <curl/curl.h>
#include <glib.h>

typedef struct _SkCurlLoop SkCurlLoop;
typedef void (*SkCurlDoneFunc) (CURLcode code, gpointer user_data);

SkCurlLoop *sk_curl_loop_new (void);       /* on the thread-default main context */
void sk_curl_loop_free (SkCurlLoop *self); /* when nothing is added any more */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkCurlLoop, sk_curl_loop_free)

/* CURLOPT_PRIVATE of the handle is taken. `done` and `user_data` live in `slot`, which the caller
 * owns. */
typedef struct {
  SkCurlDoneFunc done;
  gpointer user_data;
} SkCurlSlot;

void sk_curl_loop_add (SkCurlLoop *self, CURL *easy, SkCurlSlot *slot);
void sk_curl_loop_remove (SkCurlLoop *self, CURL *easy);
