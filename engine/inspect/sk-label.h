/* What the words around a number say it is.
 *
 * A label is a word like 口座番号 or "Tel"; it names what follows it in the same cell, the same row
 * or at the end of the line above, or, as the head of a column of comma- or tab-separated lines,
 * what stands below it. Of several, the one whose end is nearest to the number counts, and of those
 * that end there the longest: 電話番号, not 番号. The key of a record or setting (sk-key.h) says more than
 * what else is near. Detectors ask in the order of the text; each
 * question looks at a bounded number of bytes.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-scan.h"

typedef enum {
  SK_LABEL_NONE,
  SK_LABEL_UNKNOWN,   /* the column has a head, or the value a key, which says nothing we know */
  SK_LABEL_CARD,
  SK_LABEL_MY_NUMBER,
  SK_LABEL_CORPORATE, /* 法人番号, and 登録番号 of the invoice system */
  SK_LABEL_EITHER,    /* 個人番号又は法人番号: of a person or of a corporation */
  SK_LABEL_PHONE,
  SK_LABEL_POSTAL,
  SK_LABEL_ACCOUNT,
  SK_LABEL_DEPOSIT,   /* 普通, 当座, 貯蓄: what kind of account */
  SK_LABEL_SYMBOL,    /* 記号 of Japan Post Bank */
  SK_LABEL_BIRTH,
  SK_LABEL_DATE,      /* of anything else */
  SK_LABEL_OTHER,     /* a number of another kind: of an order, a parcel, a part; an amount */
  SK_LABEL_VAGUE,     /* 番号, コード: a number of some kind */
  SK_LABEL_MEMBER,    /* 会員番号, ID, Ref: of a customer, an order or the like, in what form ever */
  SK_LABEL_HEAD,      /* 氏名, 住所: heads of columns that hold no numbers */
} SkLabel;

/* What the number at `start` is said to be. */
SkLabel sk_label_of (SkScan *scan, gsize start);

/* The same without heads of columns, for what has no ASCII digits: those tell heads. */
SkLabel sk_label_beside (SkScan *scan, gsize start);

/* The same, of the words in the same cell or line before it alone. `gap`: the bytes between label
 * and number. */
SkLabel sk_label_before (SkScan *scan, gsize start, gsize *gap);

/* The head of the column of the first digits at `start` or behind it. */
SkLabel sk_label_column (SkScan *scan, gsize start);

/* Where the words end of what ends at `end`: before 】 and the like, and a remark in parentheses. Not before `low`. */
gsize sk_label_trim (const char *text, gsize low, gsize end);

/* Whether [start, start + length) is all there is in its cell or line. */
gboolean sk_label_fills_cell (const SkScan *scan, gsize start, gsize length);
