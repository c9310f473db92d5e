/* Variant kanji and their common form: 髙 and 高, 﨑 and 崎, 邊 and 辺.
 *
 * A table of single characters, for those that Unicode normalisation keeps apart. Variants that only a
 * selector tells apart (葛 and what stands on a sign) are not its matter. Pure, usable from any thread.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* The common form; any other character is its own. It is in the BMP, and in the dictionaries. */
gunichar sk_kanji_common (gunichar kanji);
/* Also joins what people take for one another in names: 斎藤 and 斉藤. For comparing, not for reading. */
gunichar sk_kanji_loose (gunichar kanji);
