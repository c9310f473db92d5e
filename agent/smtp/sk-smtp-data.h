/* The text behind DATA: finds its end, takes the dots away, sees what may not stand in it.
 *
 * Only <CR><LF>.<CR><LF> ends the text (RFC 5321 4.1.1.4); a bare CR, a bare LF or a NUL makes it
 * `bad`, and the text then still goes on to its real end, so that nothing in it is ever taken for a
 * command. Works on the caller's buffer in place; allocates nothing; any cut of the input gives the
 * same result.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  guint8 place; /* where in a line the next byte stands */
  gboolean bad; /* a bare CR, a bare LF or a NUL was seen */
  gboolean ended;
} SkSmtpData;

/* A new text begins. */
void sk_smtp_data_begin (SkSmtpData *self);

/* Takes bytes up to the end of the text, if it is among them, and returns how many it took. The
 * message's bytes among them now stand at the front of `bytes`; `kept` says how many (their content
 * means nothing once the text is bad). */
gsize sk_smtp_data_feed (SkSmtpData *self, char *bytes, gsize length, gsize *kept);
