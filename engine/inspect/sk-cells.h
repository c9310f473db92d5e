/* The cells of a line of text, and what a head or label says that stands in them.
 *
 * For the detectors that read tables: CSV, tab-separated rows, "|" rows, columns with blanks between, and
 * labelled lines ("氏名: 見本 太郎"). Pure functions over valid UTF-8 that look at one line.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  gsize start, length; /* bytes of the text, without blanks and quotes around; may be empty */
} SkCell;

typedef enum {
  SK_HEAD_NONE, /* no head that is known */
  SK_HEAD_NAME,
  SK_HEAD_SURNAME, /* of two columns, 姓 and 名 */
  SK_HEAD_GIVEN,
  SK_HEAD_COMPANY,
  SK_HEAD_ADDRESS,
  SK_HEAD_PHONE,
  SK_HEAD_MAIL,
  SK_HEAD_NUMBER, /* of an account, a member, a card */
  SK_HEAD_OTHER,  /* known, and nothing about persons: 備考, 金額 */
} SkHead;

/* What separates the cells of [start, end): '\t', ',', '|', ' ' (two or more blanks), or 0: the line is one
 * cell. Fills `cells` (SkCell), at most 256; the last one
 * then has all the rest. */
char sk_cells_split (const char *text, gsize start, gsize end, GArray *cells);

SkHead sk_head_of (const char *text, gsize length);

/* Whether a line is a heading over names, and nothing else: 参加者一覧, 【出席者】, 参加者は以下の通りです。 */
gboolean sk_head_is_over_names (const char *text, gsize length);

/* The label at the beginning of [start, end), "・氏名: "; `value` is where what it labels begins. Before a mere
 * blank only 氏名 and the like are labels. */
SkHead sk_cell_label (const char *text, gsize start, gsize end, gsize *value);
