/* Numbers that may be of a kind by their check digit, and how many others like them fail it.
 *
 * For detectors of numbers of which one in ten or so passes the check by chance. Each candidate has a standing: what
 * speaks for it, of the detector's own kinds, from 0. Where nearly all of a standing fail in a text, they are numbers
 * of another kind, and those that pass do so by chance. A struct on the stack: init, then clear.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-detector.h"

#define SK_STANDINGS 8 /* at most */

typedef struct {
  gsize start, length;
  guint standing;
} SkCandidate;

typedef struct {
  GArray *passed; /* SkCandidate, in the order of the text */
  gsize all[SK_STANDINGS], failed[SK_STANDINGS];
} SkCandidates;

void sk_candidates_init (SkCandidates *self);
void sk_candidates_clear (SkCandidates *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkCandidates, sk_candidates_clear)

/* Counts one more of a standing, that passes the check or not; doesn't keep it. */
void sk_candidates_count (SkCandidates *self, guint standing, gboolean passes);
/* Keeps one that passes. */
void sk_candidates_keep (SkCandidates *self, gsize start, gsize length, guint standing);
/* Those of a standing are not kept after all. */
void sk_candidates_drop (SkCandidates *self, guint standing);
/* The last one that was kept; NULL: none was. */
const SkCandidate *sk_candidates_last (const SkCandidates *self);

/* Reports those that were kept with their digits as values, except of standings where more than three of four fail
 * the check, and as many as `failed_least` says of each; 0: a standing that is believed whatever fails. */
void sk_candidates_report (const SkCandidates *self, const SkScan *scan,
                           const gsize failed_least[SK_STANDINGS], SkFinds *finds);
