/* The parameters of a structured field, one after the other, as spans of its raw bytes. Only for
 * this room.
 *
 * Lenient: comments are skipped, unquoted values end at ';', a quote that never ends is an ordinary
 * character, and inside raw Shift_JIS and ISO-2022-JP no byte of a character is taken for a quote or
 * a backslash.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  const char *raw, *end, *next;
  gboolean pairs;           /* raw Shift_JIS: a lead byte takes the next one along */
  gboolean quotes_unending, comments_unending; /* nothing closes one from here on */
  const char *name;         /* of the present parameter */
  gsize name_length;
  const char *value; /* raw bytes, without the quotes around them */
  gsize value_length;
  gboolean quoted;
} SkParameterScan;

void sk_parameter_scan_init (SkParameterScan *self, const char *raw, gsize length);
/* FALSE when there are no more. */
gboolean sk_parameter_scan_next (SkParameterScan *self);

/* Whether one parameter is there twice and says different things: programs take the first or the last. */
gboolean sk_parameters_contradict (const char *raw, gsize length);

/* Where the quoted string or comment that begins at `p` ends: just behind its last character, or NULL
 * when it never does. `pairs` as above. */
const char *sk_quoted_end (const char *p, const char *end, gboolean pairs);
const char *sk_comment_end (const char *p, const char *end, gboolean pairs);
/* Whether 8-bit bytes are to be stepped over in pairs, as Shift_JIS has it. */
gboolean sk_raw_has_pairs (const char *raw, gsize length);
/* Steps over one character, an ISO-2022-JP sequence being one. */
const char *sk_raw_step (const char *p, const char *end, gboolean pairs);
