/* Where a finding stands, in words that people look for: the page, the cell, the line, and the text around it.
 *
 * For dialogs, approvers and those who tune rules; evidence holds what was found and is never written to events.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-inspection.h"
#include "sk-message.h"

typedef struct {
  const SkSection *section; /* of an attachment: borrowed from its facts; NULL: running text */
  guint line;               /* in the section, the body or the subject, from 1 */
  char cell[16];            /* of a sheet: "B12"; else "" */
  char *before, *hit, *after; /* white space as single blanks; at most 40, 200 and 40 characters */
} SkEvidence;

SkEvidence *sk_evidence_new (const SkFinding *finding, const SkMessage *message,
                             const SkInspection *inspection);
void sk_evidence_free (SkEvidence *self);
/* "line 3", "page 2, line 3", "data.zip/名簿.xlsx: 会員, B12"; g_free. */
char *sk_evidence_at (const SkEvidence *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkEvidence, sk_evidence_free)
