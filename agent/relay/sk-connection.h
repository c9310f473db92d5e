/* One connection to the provider: opened and signed in by libcurl, then a pipe of octets of ours.
 *
 * Its owner gets one function called from the main loop: when opening has ended (once), then
 * whenever octets can be read, or written if that was asked for, or the deadline has passed. The
 * owner may free the connection in that function. Nothing here blocks, and freeing never waits for
 * the server.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/relay/sk-curl-loop.h"
#include "agent/relay/sk-relay.h"
#include "agent/relay/sk-upstream.h"
#include "sk-clock.h"

typedef struct _SkConnection SkConnection;

typedef enum {
  SK_CONNECTION_OPENED,
  SK_CONNECTION_FAILED, /* opening; see sk_connection_failure() */
  SK_CONNECTION_READY,
  SK_CONNECTION_LATE, /* the deadline has passed while it was open */
} SkConnectionEvent;
typedef void (*SkConnectionFunc) (SkConnection *self, SkConnectionEvent event, gpointer user_data);

typedef enum { SK_IO_DONE, SK_IO_AGAIN, SK_IO_CLOSED } SkIo;

/* Why there is no connection. */
typedef struct {
  gboolean unreachable;
  SkReply *reply; /* what the server said last, if it was a no */
  char *problem;
} SkConnectionFailure;

/* `password` may be NULL. `timeout` in microseconds, for opening as a whole. Never calls `function`
 * at once. */
SkConnection *sk_connection_open (SkCurlLoop *loop, SkClock *clock, const SkUpstream *upstream,
                                  const char *password, gint64 timeout, SkConnectionFunc function,
                                  gpointer user_data);
void sk_connection_free (SkConnection *self);
/* Says QUIT without waiting for what comes of it, then frees. */
void sk_connection_close (SkConnection *self);

const SkConnectionFailure *sk_connection_failure (const SkConnection *self);
const SkRelayCapabilities *sk_connection_capabilities (const SkConnection *self);

void sk_connection_set_owner (SkConnection *self, SkConnectionFunc function, gpointer user_data);
/* Microseconds from now; 0: none. */
void sk_connection_set_timeout (SkConnection *self, gint64 timeout);
/* No events of the socket any more; it can only be freed. */
void sk_connection_mute (SkConnection *self);
void sk_connection_want_write (SkConnection *self, gboolean want);
/* After SK_IO_AGAIN the same octets at the same place must be given again (OpenSSL asks that). */
SkIo sk_connection_write (SkConnection *self, const char *data, gsize length, gsize *written);
/* Read until SK_IO_AGAIN: libcurl and OpenSSL hold octets that the socket doesn't tell of. */
SkIo sk_connection_read (SkConnection *self, char *buffer, gsize size, gsize *length);
