/* Whether a content is text in any charset, and how it begins. For the formats that are text.
 *
 * All but a few of its characters can be decoded and are no control characters but those that lay
 * out lines (and the escapes of terminals and of ISO-2022-JP). What hosts and DOS put behind a text,
 * NULs and 0x1a, does not count, and NULs with which they fill up fields are blanks. Whoever calls
 * owns what is returned.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

gboolean sk_content_is_text (const SkContent *content);

/* The same bytes without the NULs and 0x1a behind them, and, unless they are in UTF-16 or UTF-32,
 * with blanks for NULs; these are in `copy`, NULL when none was needed. */
SkContent sk_content_without_nuls (const SkContent *content, guint8 **copy);

/* The first 2 KiB as UTF-8, without leading blanks. */
char *sk_content_head (const SkContent *content);

/* All of it in its charset, or that of the label (NULL: guessed), as UTF-8. */
char *sk_content_decode (const SkContent *content, const char *charset, gsize *length);
