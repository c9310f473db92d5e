/* Where formats put what they find: text with its places, members, and what could not be read.
 *
 * One sink a document; it keeps count of every limit (sk-extraction.h) over the document and all that is in it.
 * Calls that return FALSE have met a limit, which the sink has noted: the format then stops and returns what it
 * has. Text comes in pieces of whole characters; what is no UTF-8 in it becomes U+FFFD, and in a sheet tabs and line
 * ends inside a cell become blanks.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"
#include "sk-extraction.h"

typedef struct _SkSink SkSink;

/* What follows stands in a new section. `label` may be NULL, `number` 0. */
gboolean sk_sink_section (SkSink *self, SkSectionKind kind, const char *label, guint number);
/* Of a sheet: the next cell stands at this row and column (from 1). Writes the line ends and tabs that are
 * missing, or begins a new section of the same sheet where that would be too many. */
gboolean sk_sink_cell (SkSink *self, guint row, guint column);
gboolean sk_sink_text (SkSink *self, const char *text, gssize length);
/* A line end, unless a line begins here already. */
gboolean sk_sink_line (SkSink *self);
/* Bytes in the charset of that label (NULL: guessed); where two readings are close, both are written, the
 * second in a section of its own. */
gboolean sk_sink_encoded (SkSink *self, const guint8 *bytes, gsize length, const char *charset);

/* A file in the file: written in sections that bear its name, and read by its own format. FALSE: a limit
 * was met. The member's text goes before whatever the format writes next. */
gboolean sk_sink_member (SkSink *self, const SkContent *content);
/* A member that is there, but encrypted: counts for "all its members are". */
gboolean sk_sink_encrypted_member (SkSink *self, const char *name);

/* How many bytes a member with so many packed (0: not known) may be unpacked to. Unpack one more at most, to see that
 * there is more. */
guint64 sk_sink_may_unpack (const SkSink *self, guint64 packed);
/* Counts what a member was unpacked to, once a member, before it is read. FALSE: it is more than may be. */
gboolean sk_sink_unpack (SkSink *self, guint64 packed, guint64 unpacked);

/* Something could not be read; the document is not readable, `reason` (English, short: "damaged: …") says why. The
 * first reason stays. */
void sk_sink_doubt (SkSink *self, const char *reason);
