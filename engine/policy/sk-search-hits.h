/* Where the words and matches stand that made a rule apply, for people to see.
 *
 * Searched for anew, since deciding only counts. A few of each search; what stands under `not` or in `unless` is left
 * out, and so is what counts attachments. Private to this room.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-compiled.h"
#include "sk-submission.h"
#include "sk-verdict.h"

/* SkFinding* of the kinds "words" and "regex", at most `most` a search: places in the texts as they are, not as they
 * compare. `effort` is what regular expressions may spend, and is taken off. */
GPtrArray *sk_search_hits (const SkPolicy *policy, const SkRule *rule, const SkRuleHit *hit,
                           const SkSubmission *submission, guint most, gint64 *effort);
