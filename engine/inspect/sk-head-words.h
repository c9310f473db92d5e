/* The words that name what stands beside or below them: heads of columns, and labels before a value.
 *
 * One table of them for all who ask: sk-label-words.c, of the label that ends before a number, and sk-cells.c, of what a
 * cell or line is over. A new word goes there and nowhere else. Static.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-cells.h"
#include "sk-label.h"

/* In a cell that is a head. */
enum {
  SK_HEAD_MAY_BE_LED = 1, /* more may stand before the word */
  SK_HEAD_MAY_GO_ON = 2,  /* behind it */
};

typedef struct {
  SkLabel label; /* SK_LABEL_NONE: it says nothing of a number */
  SkHead head;   /* SK_HEAD_NONE: it is a label alone */
  guint more;
  const char *words; /* between commas, as they are after folding, ASCII in lower case; for heads without blanks */
} SkHeadWords;

typedef void (*SkHeadWordFunc) (const SkHeadWords *row, const char *word, gsize length, gpointer user_data);

/* All of them, in order: of heads that fit a cell the first one counts. A word with a label is in one row, but may
 * be in another without. */
void sk_head_words_each (SkHeadWordFunc callback, gpointer user_data);
