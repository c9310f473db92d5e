/* A submitted mail between the listener and the desk: its envelope and the spooled file.
 *
 * Whoever holds the struct owns it and the file: sk_envelope_free() closes the descriptor and
 * removes the file if it is still under `path`; who keeps the file moves it and sets path to NULL.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  char *address; /* as the client wrote it, without <> */
  char *notify;  /* DSN NOTIFY= value, or NULL */
  char *orcpt;   /* DSN ORCPT= value (xtext as received), or NULL */
} SkEnvelopeRecipient;

typedef struct {
  char *id;              /* the mail's id: UUIDv7 in its usual form */
  char *mail_from;       /* "" for <> */
  GPtrArray *recipients; /* SkEnvelopeRecipient*, in the order of RCPT, duplicates (same text) once */
  gboolean body_8bit;    /* BODY=8BITMIME was said */
  gboolean smtputf8;     /* SMTPUTF8 was said */
  char *ret;             /* DSN RET=, or NULL */
  char *envid;           /* DSN ENVID= (xtext as received), or NULL */
  int fd;                /* the message, whole, without dot-stuffing, CRLF line endings */
  char *path;            /* where it lies; NULL when it was moved away */
  gint64 size;           /* bytes */
  gint64 received_us;    /* how long receiving took, for the stage report */
} SkEnvelope;

SkEnvelope *sk_envelope_new (void); /* a fresh id, empty lists, fd -1 */
void sk_envelope_free (SkEnvelope *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkEnvelope, sk_envelope_free)

SkEnvelopeRecipient *sk_envelope_recipient_new (const char *address, const char *notify,
                                                const char *orcpt);
void sk_envelope_recipient_free (SkEnvelopeRecipient *self);

/* A UUIDv7 (RFC 9562) from the system's generator and the wall clock. */
char *sk_uuid7_new (gint64 wall_us);
