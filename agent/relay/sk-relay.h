/* The provider: one account, its connections, and one mail's way through SMTP.
 *
 * TCP, TLS, EHLO and AUTH are libcurl's (CONNECT_ONLY); MAIL, RCPT, DATA are ours. A connection is
 * kept a few seconds for the next mail. sk_relay_send() runs on the main loop and never blocks;
 * what the mail points to must stay alive until the callback.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/sk-envelope.h"
#include "agent/sk-reply.h"
#include "agent/sk-settings.h"
#include "sk-clock.h"

#include <gio/gio.h>

typedef struct _SkRelay SkRelay;
typedef struct _SkRelayJob SkRelayJob;

/* A run of bytes: from the file, or `literal` when that isn't NULL. */
typedef struct {
  const char *literal;
  gint64 offset; /* in the file; ignored for a literal */
  gint64 length;
} SkSegment;

typedef struct {
  const char *id;            /* for logs */
  int fd;                    /* the message file; read with pread */
  const SkSegment *segments; /* what leaves, in order; CRLF lines, not dot-stuffed */
  guint segment_count;
  gint64 size; /* of all segments together */
  const char *mail_from;
  const GPtrArray *recipients; /* SkEnvelopeRecipient* */
  gboolean body_8bit, smtputf8;
  const char *ret, *envid; /* passed on when the provider offers DSN */
  gboolean all_or_nothing; /* one refused recipient: nothing is sent (RSET) */
} SkRelayMail;

typedef enum {
  SK_RELAY_ACCEPTED, /* 250 after the dot; recipients may have been refused one by one */
  SK_RELAY_REJECTED, /* a permanent no; nothing was sent */
  SK_RELAY_DEFERRED, /* a temporary no, or the connection failed before our dot; nothing was sent */
  SK_RELAY_UNKNOWN,  /* our dot went out and no answer came: it may have been sent */
} SkRelayOutcome;

typedef enum {
  SK_RELAY_CONNECTING,
  SK_RELAY_ENVELOPE,
  SK_RELAY_CONTENT,
  SK_RELAY_DOT,
} SkRelayPhase;

typedef struct {
  SkRelayOutcome outcome;
  SkRelayPhase phase;   /* how far it came */
  gboolean unreachable; /* no connection could be had (retry when the network returns) */
  SkReply *reply; /* the one that decided; NULL when none came. REJECTED before anything was written
                     (a bad address, no SMTPUTF8): our own */
  GPtrArray *recipient_replies; /* SkReply* or NULL, in the order of the mail's recipients */
  char *problem; /* English, for people: what failed and the remedy. Without a reply always; beside
                    one when no connection could be had, or when a limit of the provider's was met
                    (DEFERRED by a 5xx) */
  gint64 connect_us, envelope_us, content_us, answer_us; /* for the stage report */
} SkRelayResult;

void sk_relay_result_free (SkRelayResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkRelayResult, sk_relay_result_free)

typedef struct {
  gboolean known; /* FALSE until a first EHLO was seen */
  gboolean size_offered;
  gint64 size; /* 0: none said */
  gboolean pipelining, eightbitmime, smtputf8, dsn, enhanced;
} SkRelayCapabilities;

/* Everything is sent but the final dot (and maybe the last piece before it, which then goes with
 * it). Whoever gets this must call sk_relay_job_proceed() once the fact that the dot goes out is
 * recorded, now or later; or sk_relay_job_abandon(), which closes the connection (the outcome is
 * then DEFERRED). Called once a mail at most. The job stays alive until one of the two was called:
 * a connection lost in between, or a cancellation, ends the mail (DEFERRED) only then. NULL: the
 * dot goes out at once. */
typedef void (*SkRelayBeforeDotFunc) (SkRelayJob *job, gpointer user_data);

SkRelay *sk_relay_new (const SkSettings *settings, SkClock *clock, GError **error);
void sk_relay_free (SkRelay *self); /* closes idle connections; running jobs must be over */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkRelay, sk_relay_free)

void sk_relay_send (SkRelay *self, const SkRelayMail *mail, GCancellable *cancellable,
                    SkRelayBeforeDotFunc before_dot, gpointer before_dot_data,
                    GAsyncReadyCallback callback, gpointer user_data);
/* Never NULL: failures are results. `source_object` of the callback is NULL. */
SkRelayResult *sk_relay_send_finish (SkRelay *self, GAsyncResult *result);
void sk_relay_job_proceed (SkRelayJob *job);
void sk_relay_job_abandon (SkRelayJob *job);

/* Mails and probes under way. Of the last one the callback may still wait for its turn of the main loop. */
guint sk_relay_running (const SkRelay *self);

/* For the end: no other mail begins, and those that are under way are over: UNKNOWN when their dot is out, else DEFERRED
 * (once before_dot is answered). */
void sk_relay_cut_off (SkRelay *self);

/* What the last EHLO said. */
const SkRelayCapabilities *sk_relay_capabilities (const SkRelay *self);
/* Is called after every EHLO that says something else than the one before. */
typedef void (*SkRelaySeenFunc) (gpointer user_data);
void sk_relay_set_seen_func (SkRelay *self, SkRelaySeenFunc seen, gpointer user_data);
/* Restores what an earlier run saw, so that the listener can offer it before the first connection.
 */
void sk_relay_set_capabilities (SkRelay *self, const SkRelayCapabilities *capabilities);
/* Connects, reads EHLO (and signs in), keeps the connection for a moment. */
void sk_relay_probe (SkRelay *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean sk_relay_probe_finish (SkRelay *self, GAsyncResult *result, GError **error);

/* How long the server may be silent, in microseconds. */
typedef struct {
  gint64 connect; /* until signed in: 30 s */
  gint64 reply;   /* to a command, or while it takes no octets: 300 s */
  gint64 final;   /* to the final dot: 600 s (RFC 5321 4.5.3.2.6) */
  gint64 idle;    /* a connection is kept for the next mail: 5 s */
} SkRelayDeadlines;

/* Other than those above; for tests, and for who must wait less. From the next connection or mail
 * on. */
void sk_relay_set_deadlines (SkRelay *self, const SkRelayDeadlines *deadlines);

/* TRUE for a recipient's reply that may be another one later: a 4xx, and those 5xx by which
 * providers tell of limits and lapsed sign-ins. `*remedy` (may be NULL): what to tell people, or
 * NULL. */
gboolean sk_relay_reply_is_temporary (const SkReply *reply, const char **remedy);

/* Seconds to wait after the first try has failed (`tries` 0), the second (1), …: 10, 30, 60, 120, 300, 600, then 900. */
guint sk_relay_retry_delay (guint tries);
