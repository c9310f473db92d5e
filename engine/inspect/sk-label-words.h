/* The words of sk-head-words.h that are labels, by their ends.
 *
 * For sk-label.c and sk-label-column.c. Safe from any thread.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-label.h"

/* The longest label that ends at `end` and begins at `low` or later, with its length in bytes;
 * SK_LABEL_NONE: there is none. A compound of 番号 and other words that are vague alone is SK_LABEL_MEMBER;
 * 個人番号 beside 法人番号, joined by 又は and the like or in parentheses behind, is SK_LABEL_EITHER. `limit` is where the
 * text ends; `low` < `end` <= `limit`. */
SkLabel sk_label_ending (const char *text, gsize low, gsize end, gsize limit, gsize *length);

/* Whether a word that begins at `at`, and not before `low`, goes on with one before it: 引換|番号, Meeting |number; not
 * お手元の|番号, the |number. */
gboolean sk_label_is_compound (const char *text, gsize low, gsize at);
