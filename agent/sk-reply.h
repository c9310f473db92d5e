/* An SMTP reply: a code, an enhanced code, and one or more lines of text. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  guint code;     /* 250, 550, …; 0 means "none yet" */
  char *enhanced; /* "5.7.1", or NULL */
  char *text;     /* lines separated by '\n', without codes, UTF-8 */
} SkReply;

SkReply *sk_reply_new (guint code, const char *enhanced, const char *text);
SkReply *sk_reply_copy (const SkReply *self);
void sk_reply_free (SkReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkReply, sk_reply_free)

gboolean sk_reply_is_positive (const SkReply *self);  /* 2xx */
gboolean sk_reply_is_temporary (const SkReply *self); /* 4xx */
gboolean sk_reply_is_permanent (const SkReply *self); /* 5xx */

/* The wire form: "550-5.7.1 line\r\n550 5.7.1 last\r\n". Each line is cut to 512 octets at a character; control
 * characters become '?'; a '+' before two hex digits gets a space behind it (Evolution decodes "+HH"). */
char *sk_reply_to_wire (const SkReply *self);

/* "550 5.7.1 text; more text": for people and logs. */
char *sk_reply_to_string (const SkReply *self);
