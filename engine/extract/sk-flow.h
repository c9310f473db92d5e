/* Running text as office documents have it, put together from the pieces between their tags, for a
 * sink.
 *
 * A paragraph is a line. A table's row is a line of cells parted by tabs; a cell's own lines are
 * joined by blanks, unless it is the only one with text (tables that lay out pages). A box (text
 * box, footnote, comment, reading of a word) comes after the paragraph in which it is anchored, so
 * that it doesn't tear it. A paragraph with tracked changes comes as it is now, and after it as it
 * was. Of alternatives for different programs only those come that say something else. What is held
 * back (a row, a box, an alternative) has a limit.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-sink.h"

typedef struct _SkFlow SkFlow;

SkFlow *sk_flow_new (SkSink *sink);
void sk_flow_free (SkFlow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkFlow, sk_flow_free)

void sk_flow_text (SkFlow *self, const char *text, gsize length);
void sk_flow_paragraph (SkFlow *self); /* it ends */
/* A line of its own after the paragraph: what a picture shows, a field's instruction. */
void sk_flow_aside (SkFlow *self, const char *text);

/* Each begin has its end. A change may be inside another, and stand around anything. */
void sk_flow_begin_row (SkFlow *self);
void sk_flow_end_row (SkFlow *self);
void sk_flow_begin_cell (SkFlow *self);
void sk_flow_end_cell (SkFlow *self);
void sk_flow_begin_box (SkFlow *self);
void sk_flow_end_box (SkFlow *self);
void sk_flow_begin_deletion (SkFlow *self);
void sk_flow_end_deletion (SkFlow *self);
void sk_flow_begin_insertion (SkFlow *self);
void sk_flow_end_insertion (SkFlow *self);
void sk_flow_begin_alternatives (SkFlow *self);
void sk_flow_begin_alternative (SkFlow *self);
void sk_flow_end_alternative (SkFlow *self);
void sk_flow_end_alternatives (SkFlow *self);

/* Writes what is left. FALSE: a limit was met, here or before. */
gboolean sk_flow_finish (SkFlow *self);
/* A limit was met; nothing more is taken. */
gboolean sk_flow_is_full (const SkFlow *self);
