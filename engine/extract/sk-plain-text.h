/* Whether a content is text in any charset, and how it begins. For the formats that are text.
 *
 * Text has no control characters but those that lay out lines (and the escapes of terminals and of
 * ISO-2022-JP), and all but a few of its characters can be decoded. Whoever calls owns what is
 * returned.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

gboolean sk_content_is_text (const SkContent *content);

/* The first 2 KiB as UTF-8, without leading blanks. */
char *sk_content_head (const SkContent *content);

/* All of it in its charset, or that of the label (NULL: guessed), as UTF-8. */
char *sk_content_decode (const SkContent *content, const char *charset, gsize *length);
