/* What stands between the tags of XML that need not be well-formed: pieces of it, or what begins
 * with a document type, which sk-xml.h doesn't read. For what people are shown; nothing fails.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Appends the text of [xml, end), its references resolved. What is in elements of the names
 * `silent` (NULL-terminated) is left out; a line ends at the ends of elements of the names `lines`,
 * or, when that is NULL, at every tag. Names are with their prefix, as they stand there. */
void sk_between_tags_append (GString *into, const char *xml, const char *end,
                             const char *const *silent, const char *const *lines);
