/* The sockets around sk-smtp-session: 127.0.0.1 and ::1, TLS, the peer's uid, timeouts, the spool file.
 *
 * Runs on the main loop, never blocks. A finished message is handed to the handler as an
 * SkSmtpTransaction, which the handler must answer exactly once, now or later; the client's connection
 * waits meanwhile, and further commands of the client wait behind it. The listener owns the
 * transaction and frees it after `told`.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/sk-envelope.h"
#include "agent/sk-reply.h"
#include "agent/sk-settings.h"
#include "sk-clock.h"

#include <glib.h>

typedef struct _SkSmtpListener SkSmtpListener;
typedef struct _SkSmtpTransaction SkSmtpTransaction;

typedef struct {
  /* MAIL FROM: is this an address of the user? A refusal is 550 5.7.60. Never asked for <>. */
  gboolean (*sender_allowed) (const char *mail_from, gpointer user_data);
  /* Before DATA: NULL to go on, or the reply that ends the transaction (disk full: 452 4.3.1). May be NULL. */
  SkReply *(*may_begin) (gint64 announced_size, gpointer user_data);
  /* A whole message is here. Answer with sk_smtp_transaction_reply(), now or later. */
  void (*submitted) (SkSmtpTransaction *transaction, gpointer user_data);
  /* The client went away before it was answered. The transaction must still be answered. */
  void (*gone) (SkSmtpTransaction *transaction, gpointer user_data);
  /* After the answer: `delivered` when the client showed that it has it (its next command or a clean
   * end), not when writing failed, the connection was reset, or the client had gone before. The
   * transaction is freed when this returns. */
  void (*told) (SkSmtpTransaction *transaction, gboolean delivered, gpointer user_data);
} SkSmtpHandler;

/* What the provider offers and the listener mirrors; may change while it runs. */
typedef struct {
  gint64 size;       /* 0: no limit known, the setting's is offered */
  gboolean smtputf8, dsn;
} SkSmtpMirror;

/* `spool_directory` must exist, on the file system where mail is kept. Certificates are made and
 * kept in `tls_directory` on the first start with TLS. Settings, handler and clock are borrowed. */
SkSmtpListener *sk_smtp_listener_new (const SkSettings *settings, const char *spool_directory,
                                      const char *tls_directory, SkClock *clock,
                                      const SkSmtpHandler *handler, gpointer user_data,
                                      GError **error);
guint16 sk_smtp_listener_port (const SkSmtpListener *self);
void sk_smtp_listener_set_mirror (SkSmtpListener *self, const SkSmtpMirror *mirror);
guint sk_smtp_listener_connections (const SkSmtpListener *self);
/* Takes no new connections; those open get 421 when they are idle. */
void sk_smtp_listener_close (SkSmtpListener *self);
void sk_smtp_listener_free (SkSmtpListener *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkSmtpListener, sk_smtp_listener_free)

SkEnvelope *sk_smtp_transaction_envelope (SkSmtpTransaction *self);       /* borrowed */
SkEnvelope *sk_smtp_transaction_steal_envelope (SkSmtpTransaction *self); /* yours; once */
gboolean sk_smtp_transaction_is_gone (const SkSmtpTransaction *self);
/* Answers; `reply` is copied. Written in one write(). Calls `told` later, never from within. */
void sk_smtp_transaction_reply (SkSmtpTransaction *self, const SkReply *reply);
/* The handler's own data on a transaction. */
void sk_smtp_transaction_set_data (SkSmtpTransaction *self, gpointer data);
gpointer sk_smtp_transaction_get_data (const SkSmtpTransaction *self);
