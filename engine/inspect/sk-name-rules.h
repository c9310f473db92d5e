/* Rules that tell a person's name: in a sentence, and in a cell of a table or list.
 *
 * For the detector of personal names. A sentence needs a surname and a given name, or a surname and 様, さん,
 * 氏 …; what stands around decides against companies (鈴木自動車) and places (千葉県). In a cell under a head like
 * 氏名 the shape is enough. Not thread-safe: it uses the reader it is given.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-morpheme.h"

/* Tells of a name at [start, start + length) of the text, whose spelling without blanks is `value`. */
typedef void (*SkNameFunc) (gsize start, gsize length, const char *value, gpointer user_data);

/* The names in a sentence or a line, at most SK_MORPHEME_MAX_PIECE long. */
void sk_name_find_in_prose (SkMorphemeReader *reader, const char *text, gsize length,
                            SkNameFunc callback, gpointer user_data);

typedef enum {
  SK_NAME_NO,
  SK_NAME_SHAPED,  /* looks like one; nothing is known of it: 小鳥遊 蓮 */
  SK_NAME_SURNAME, /* is a surname alone */
  SK_NAME_FULL,    /* begins with a known surname, and the rest may be a given name */
} SkNameLikeness;

/* Whether a whole cell is one name, and where in it (without 様 and remarks in parentheses); `is_headed`: a head
 * says that there are names, so "Taro Yamada" is one, too. */
SkNameLikeness sk_name_judge_cell (SkMorphemeReader *reader, const char *text, gsize length,
                                   gboolean is_headed, gsize *name_start, gsize *name_length);

/* [text, text + length) without blanks and quotes. */
char *sk_name_value (const char *text, gsize length);
