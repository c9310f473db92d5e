/* What a first quick pass over a mail file finds: where its header ends, and the long stretches in
 * which no boundary can stand. Only for this room.
 *
 * A boundary line begins with "--". Between two such lines there is at most a chain of headers and
 * then one body, so that all but the first kilobytes of a long stretch can be left out when the
 * structure is read, as long as those kilobytes hold the headers. Who reads the structure checks that.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-mail-source.h"

/* Bytes that are left out. */
typedef struct {
  gint64 stretch; /* where the stretch begins */
  gint64 start, end;
} SkMailGap;

typedef struct {
  gint64 start;        /* behind a "From " line of an mbox */
  gint64 header_end;   /* the empty line that ends the top header; the file's size when there is none */
  guint64 types;       /* lines that may be Content-Type fields */
  GArray *gaps;        /* SkMailGap */
} SkMailOutline;

void sk_mail_outline_read (SkMailOutline *self, SkMailSource *source);
void sk_mail_outline_clear (SkMailOutline *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkMailOutline, sk_mail_outline_clear)

/* Shows more of the stretch whose gap this is; the gap is gone when nothing of it is left. */
void sk_mail_outline_widen (SkMailOutline *self, guint gap, gint64 shown);
