/* Rules that tell a person's name in a sentence.
 *
 * For the detector of personal names. A sentence needs a surname and a given name, or a surname and 様, さん,
 * 氏 …; what stands around decides against companies (鈴木自動車) and places (千葉県). Not
 * thread-safe: it uses the reader it is given.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-morpheme.h"

/* Tells of a name at [start, start + length) of the text, whose spelling without blanks is `value`. */
typedef void (*SkNameFunc) (gsize start, gsize length, const char *value, gpointer user_data);

/* The names in a sentence or a line, at most SK_MORPHEME_MAX_PIECE long. */
void sk_name_find_in_prose (SkMorphemeReader *reader, const char *text, gsize length,
                            SkNameFunc callback, gpointer user_data);
