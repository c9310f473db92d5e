/* The server's side of one SMTP connection, without the socket (RFC 5321).
 *
 * The listener feeds it what came in and sends what stands in its output; golden transcripts and the
 * fuzzer drive it in the same way. One table of commands drives it (sk-smtp-session.c). It never
 * blocks, but for writing the message to the spool file, and never looks at what a message says.
 * A finished message is the caller's (sk_smtp_session_steal_envelope) and must be answered with
 * sk_smtp_session_answer() before the session takes more input.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/smtp/sk-smtp-listener.h"

typedef struct _SkSmtpSession SkSmtpSession;

typedef enum {
  SK_SMTP_WANTS_INPUT, /* all was taken, or what is left is the beginning of a line */
  SK_SMTP_HAS_MESSAGE, /* takes nothing until it is answered */
  SK_SMTP_WANTS_TLS,   /* STARTTLS was said: sk_smtp_session_start_tls() */
  SK_SMTP_ENDED,       /* send the output, then end the connection */
} SkSmtpNext;

typedef enum { SK_SMTP_LOGIN_RIGHT, SK_SMTP_LOGIN_WRONG, SK_SMTP_LOGIN_LOCKED } SkSmtpLogin;

typedef struct {
  gboolean (*sender_allowed) (const char *mail_from, gpointer user_data);
  SkReply *(*may_begin) (gint64 announced_size, gpointer user_data); /* may be NULL */
  SkSmtpLogin (*login) (const char *user, const char *password, gpointer user_data);
  /* The session has ended because no mail program speaks like this; `how` is for the log. May be NULL. */
  void (*no_mail_program) (const char *how, gpointer user_data);
} SkSmtpQuestions;

/* All is borrowed, and must live as long as the session. */
typedef struct {
  const SkLimits *limits;
  const SkSmtpMirror *mirror; /* read at EHLO and HELO */
  const char *spool_directory;
  SkClock *clock;
  gboolean offers_tls;     /* STARTTLS */
  gboolean under_tls;      /* from the first byte on */
  gboolean needs_password; /* AUTH before MAIL */
  gboolean same_user;      /* may say a password in the clear */
  const SkSmtpQuestions *questions;
  gpointer user_data;
} SkSmtpSetup;

/* The output begins with the greeting. */
SkSmtpSession *sk_smtp_session_new (const SkSmtpSetup *setup);
void sk_smtp_session_free (SkSmtpSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkSmtpSession, sk_smtp_session_free)

/* Takes what it can of `bytes` (which it may change); what it did not take is to be given again, with
 * what came behind it. It is never longer than the longest line while input is wanted. */
SkSmtpNext sk_smtp_session_feed (SkSmtpSession *self, char *bytes, gsize length, gsize *taken);

/* What is to be sent; the caller takes away what it has sent. */
GString *sk_smtp_session_output (SkSmtpSession *self);

gboolean sk_smtp_session_in_message (const SkSmtpSession *self); /* between 354 and the dot */
gboolean sk_smtp_session_is_idle (const SkSmtpSession *self);    /* no mail has begun */
gboolean sk_smtp_session_has_ended (const SkSmtpSession *self);
gboolean sk_smtp_session_has_quit (const SkSmtpSession *self); /* by the client's QUIT */

SkEnvelope *sk_smtp_session_steal_envelope (SkSmtpSession *self);
void sk_smtp_session_answer (SkSmtpSession *self, const SkReply *reply);

/* After SK_SMTP_WANTS_TLS: TRUE and 220 in the output, or, when bytes are `behind` the command,
 * FALSE and the end of the session. */
gboolean sk_smtp_session_start_tls (SkSmtpSession *self, gboolean behind);
/* TLS stands: all the client said before is forgotten. */
void sk_smtp_session_under_tls (SkSmtpSession *self);

/* The client has spoken before the greeting: no mail program does, browsers do. */
void sk_smtp_session_spoken_early (SkSmtpSession *self);
/* Ends the session with 421 and these words. */
void sk_smtp_session_end (SkSmtpSession *self, const char *enhanced, const char *text);
