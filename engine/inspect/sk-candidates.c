// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-candidates.h"

#include "sk-digits.h"

#define MOST_DIGITS 32

void
sk_candidates_init (SkCandidates *self)
{
  *self = (SkCandidates) { .passed = g_array_new (FALSE, FALSE, sizeof (SkCandidate)) };
}

void
sk_candidates_clear (SkCandidates *self)
{
  g_clear_pointer (&self->passed, g_array_unref);
}

void
sk_candidates_count (SkCandidates *self, guint standing, gboolean passes)
{
  g_assert (standing < SK_STANDINGS);
  self->all[standing]++;
  self->failed[standing] += !passes;
}

void
sk_candidates_keep (SkCandidates *self, gsize start, gsize length, guint standing)
{
  SkCandidate candidate = { start, length, standing };

  g_array_append_val (self->passed, candidate);
}

const SkCandidate *
sk_candidates_last (const SkCandidates *self)
{
  guint count = self->passed->len;

  return count > 0 ? &g_array_index (self->passed, SkCandidate, count - 1) : NULL;
}

void
sk_candidates_drop (SkCandidates *self, guint standing)
{
  for (guint i = self->passed->len; i-- > 0;)
    if (g_array_index (self->passed, SkCandidate, i).standing == standing)
      g_array_remove_index (self->passed, i);
}

/* Nearly all numbers that are of another kind fail the check; a few that fail prove nothing. */
static gboolean
is_believed (const SkCandidates *self, guint standing, gsize failed_least)
{
  return failed_least == 0 || self->failed[standing] < failed_least
         || self->failed[standing] * 4 <= self->all[standing] * 3;
}

void
sk_candidates_report (const SkCandidates *self, const SkScan *scan,
                      const gsize failed_least[SK_STANDINGS], SkFinds *finds)
{
  for (guint i = 0; i < self->passed->len; i++)
    {
      const SkCandidate *candidate = &g_array_index (self->passed, SkCandidate, i);
      char digits[MOST_DIGITS + 1];

      if (!is_believed (self, candidate->standing, failed_least[candidate->standing]))
        continue;
      g_assert (candidate->length <= MOST_DIGITS);
      sk_digits_copy (scan, candidate->start, candidate->length, digits);
      sk_finds_add (finds, candidate->start, candidate->length, digits);
    }
}
