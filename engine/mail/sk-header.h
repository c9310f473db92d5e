/* Header fields: RFC 2047 words and RFC 2231 parameters, decoded by our own code over ICU.
 *
 * Adjacent encoded words of one charset are joined as bytes before conversion (many mailers cut
 * inside a character). Raw 8-bit and raw ISO-2022-JP text in a header is guessed like a body
 * without a label. Nothing here fails; limits are the caller's.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Unfolds and decodes an unstructured value (Subject). Returns UTF-8 without control characters. */
char *sk_header_decode_text (const char *raw, gsize length);

/* What should be ASCII and may be anything (a field's name, a media type): UTF-8 without control
 * characters, no words decoded. */
char *sk_header_plain_text (const char *raw, gsize length);

/* The value of parameter `name` ("filename", "name", "charset", "boundary") of a structured field
 * (Content-Type, Content-Disposition): RFC 2231 with charset and continuations first, then RFC 2047
 * inside quotes, then raw 8-bit; no control characters. NULL when it is not there. */
char *sk_header_parameter (const char *raw, gsize length, const char *name);
