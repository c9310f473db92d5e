/* What the files of the session share: its state, and the only ways to change it, to reply, to end.
 * sk-smtp-session.c: input, lines, message text. sk-smtp-command.c: the table of commands.
 * sk-smtp-transaction.c: MAIL, RCPT, DATA.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-smtp-auth.h"
#include "sk-smtp-data.h"
#include "sk-smtp-session.h"

typedef enum {
  SK_SMTP_STRANGER, /* no EHLO or HELO yet */
  SK_SMTP_READY,
  SK_SMTP_MAIL,      /* MAIL was said */
  SK_SMTP_TEXT,      /* after 354 */
  SK_SMTP_ANSWERING, /* the message waits for its answer */
  SK_SMTP_LOGGING_IN,
  SK_SMTP_STARTING_TLS,
  SK_SMTP_CLOSED,
} SkSmtpState;

/* Why a message is swallowed to its end instead of being kept. The smaller, the graver: it is told. */
typedef enum {
  SK_SMTP_SPOILT_BAD, /* bare CR, bare LF, NUL */
  SK_SMTP_SPOILT_LARGE,
  SK_SMTP_SPOILT_FULL,
  SK_SMTP_SPOILT_DISK,
  SK_SMTP_SOUND,
} SkSmtpSpoilt;

struct _SkSmtpSession {
  const SkSmtpSetup *setup;
  SkSmtpState state;
  GString *output;
  gboolean under_tls, logged_in, has_spoken, has_quit;
  guint errors;
  gboolean skipping, skipped_cr; /* the rest of a line that was refused */
  SkSmtpMirror offered;          /* as it was at EHLO */
  SkSmtpAuth *auth;

  /* one mail */
  SkEnvelope *envelope;
  GHashTable *addresses; /* of the recipients, borrowed from the envelope */
  guint refused;         /* recipients */
  gint64 announced;      /* SIZE= */
  SkSmtpData data;
  SkSmtpSpoilt spoilt;
  gint64 began, swallowed;
};

void sk_smtp_session_set_state (SkSmtpSession *self, SkSmtpState state);
/* One reply of one line. A 5xx counts as an error; one too many ends the session with 421. */
void sk_smtp_session_reply (SkSmtpSession *self, guint code, const char *enhanced,
                            const char *text);
/* Forgets the mail that has begun. */
void sk_smtp_session_reset (SkSmtpSession *self);
gint64 sk_smtp_session_size_limit (const SkSmtpSession *self);

void sk_smtp_session_run (SkSmtpSession *self, char *line);

void sk_smtp_session_mail (SkSmtpSession *self, const char *argument);
void sk_smtp_session_rcpt (SkSmtpSession *self, const char *argument);
void sk_smtp_session_data (SkSmtpSession *self, const char *argument);
/* The text has ended: refuses it, or hands it over. */
void sk_smtp_session_finish (SkSmtpSession *self);
