/* One client's connection: its socket on the main loop, its session, and the mail that waits for an
 * answer. Ends and frees itself when the client leaves; the listener only makes, ends and counts them.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-smtp-listener.h"
#include "sk-smtp-password.h"
#include "sk-smtp-patience.h"

#include <openssl/ssl.h>

#define SK_SMTP_SCRATCH_BYTES 262144

typedef struct _SkSmtpConnection SkSmtpConnection;

/* What all connections of a listener share; the listener's. */
typedef struct {
  const SkSettings *settings;
  SkClock *clock;
  const SkSmtpHandler *handler;
  gpointer handler_data;
  GMainContext *context;
  char *spool_directory;
  SkSmtpPasswords *passwords; /* with clients=password */
  SSL_CTX *tls;               /* with TLS */
  SkSmtpMirror mirror;
  gboolean closing;
  gint64 warned_at;           /* of a program that is no mail program */
  char *scratch;              /* what is read stands here first; one buffer for all */
  GQueue connections;         /* SkSmtpConnection* */
  GQueue orphans;             /* SkSmtpTransaction* whose client has gone */
  SkSmtpPatience *idle, *lingering;
} SkSmtpShared;

/* Takes the socket, of which `uid` holds the other end, and greets. */
SkSmtpConnection *sk_smtp_connection_new (SkSmtpShared *shared, int fd, uid_t uid,
                                          gboolean same_user);
void sk_smtp_connection_free (SkSmtpConnection *self);

/* 421 and the end. */
void sk_smtp_connection_end (SkSmtpConnection *self, const char *enhanced, const char *text);
/* It was silent for too long. */
void sk_smtp_connection_expire (SkSmtpConnection *self);
/* The listener is closing: ends when it is idle. */
void sk_smtp_connection_close_soon (SkSmtpConnection *self);
gboolean sk_smtp_connection_in_message (const SkSmtpConnection *self);

/* Told that it was not delivered, and freed. */
void sk_smtp_transaction_abandon (SkSmtpTransaction *self);
