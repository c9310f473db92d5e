/* What a text is about, by the words in it: 個人番号の届出, and some lines below it a number without a label.
 *
 * Weaker than a label (sk-label.h); for detectors whose numbers check themselves. Words are as they are after folding;
 * lists of them end with NULL. Static.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-scan.h"

/* Whether one of the words stands in the text from `from` to `to`. */
gboolean sk_topic_is_named (const SkScan *scan, gsize from, gsize to, const char *const *words);

/* The same of the lines before `start`, of about two hundred characters of them. */
gboolean sk_topic_before (const SkScan *scan, gsize start, const char *const *words);

/* The same of what stands before `start` in its line, and no further away than about forty characters. */
gboolean sk_topic_in_line (const SkScan *scan, gsize start, const char *const *words);
