/* The <path> of MAIL and RCPT and the parameters behind it (RFC 5321 4.1.2, 4.1.1.11).
 *
 * Strict about what could be read in two ways, lenient about what real addresses look like: quoted
 * local parts, and the `..` and `.@` that old Japanese mobile addresses have, are taken. What sk_address_new()
 * doesn't take (control characters and Unicode's own line ends among it) is no address here either.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  char *address;      /* without <>, without a source route; "" for <> */
  gboolean non_ascii; /* UTF-8 stands in it */
  const char *rest;   /* behind the '>', in the text that was parsed */
} SkSmtpPath;

/* Parses "<…>" and what may precede it (blanks). FALSE: not an address; nothing is to be cleared. */
gboolean sk_smtp_path_parse (const char *text, SkSmtpPath *path);
void sk_smtp_path_clear (SkSmtpPath *path);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkSmtpPath, sk_smtp_path_clear)

/* " KEY=value KEY …" → pairs in order, keys in capitals, values NULL without '='. NULL: not a list of
 * parameters, or one stands twice. */
typedef struct {
  char *key, *value;
} SkSmtpParameter;
GArray *sk_smtp_parameters_parse (const char *text);

/* RFC 3461 4: xtext, of at most `limit` octets; with `utf8`, UTF-8 may stand in it (RFC 6533 3). */
gboolean sk_smtp_is_xtext (const char *text, gsize limit, gboolean utf8);
