/* Whether a cell of a table, or an item of a list, is a person's name.
 *
 * For the detector of personal names: in a cell under a head like 氏名 the shape is enough; otherwise a surname that
 * is known must begin it. Not thread-safe: it uses the reader it is given.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-morpheme.h"

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
