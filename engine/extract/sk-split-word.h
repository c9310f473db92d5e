/* Words that a control character stands inside of: nobody who sees the text sees it.
 *
 * Called by the sink for every section. What parts words of different kinds (a name and a number)
 * is taken for a separator. Nothing fails.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* These words without the control characters, a line each; NULL: there are none. `text` is UTF-8.
 */
char *sk_split_words (const char *text, gsize length);
