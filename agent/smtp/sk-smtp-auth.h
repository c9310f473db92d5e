/* One AUTH exchange: PLAIN (RFC 4616) or LOGIN, as mail programs speak it. Knows no passwords: it
 * collects what the client says. What was collected is wiped when it is freed.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkSmtpAuth SkSmtpAuth;

typedef enum {
  SK_SMTP_AUTH_ASKS,   /* the challenge is to be sent */
  SK_SMTP_AUTH_HAS,    /* user and password are there */
  SK_SMTP_AUTH_BROKEN, /* not base64, or not of the mechanism's form */
  SK_SMTP_AUTH_CANCELLED,
} SkSmtpAuthStep;

/* NULL: the mechanism is unknown. */
SkSmtpAuth *sk_smtp_auth_new (const char *mechanism);
void sk_smtp_auth_free (SkSmtpAuth *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkSmtpAuth, sk_smtp_auth_free)

/* Takes the initial response (NULL for none) or the next line. */
SkSmtpAuthStep sk_smtp_auth_take (SkSmtpAuth *self, const char *line);

/* What follows "334 ": borrowed, base64. */
const char *sk_smtp_auth_challenge (const SkSmtpAuth *self);
const char *sk_smtp_auth_user (const SkSmtpAuth *self);
const char *sk_smtp_auth_password (const SkSmtpAuth *self);
