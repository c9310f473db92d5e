/* Text of strangers on a terminal: what would move the cursor, change colours or turn the direction of the text
 * becomes "?". Invalid UTF-8 is replaced. The caller frees the result.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

char *sk_terminal_text (const char *text);
/* The same, but lines stay lines. */
char *sk_terminal_lines (const char *text);
