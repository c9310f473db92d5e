/* Numbers of payment cards: issuer, length and check digit (Luhn) are right. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector-list.h"
#include "sk-digits.h"
#include "sk-label.h"

#define SHORTEST 13
#define LONGEST 19
#define LONGEST_WRITTEN (LONGEST + 4) /* with what parts the groups */

/* Whose numbers begin with `low` to `high`. ISO/IEC 7812-1 says how they are built; the ranges are
 * those that the networks publish: Visa 4; Mastercard 51-55 and 2221-2720 ("Mastercard BIN ranges",
 * 2017), Maestro 5018, 5020, 5038, 5893, 6304, 6759-6763; American Express 34, 37; JCB 3528-3589;
 * Diners Club 300-305, 3095, 36, 38, 39; Discover 6011, 644-649, 65; UnionPay 62, 8100-8171. */
static const struct {
  guint low, high, digits; /* how many digits `low` and `high` have */
  guint shortest, longest;
  gboolean needs_label; /* other numbers look like these too often */
} issuers[] = {
  { 4, 4, 1, 16, 16, FALSE },       { 4, 4, 1, 13, 13, TRUE },
  { 4, 4, 1, 19, 19, TRUE },        { 51, 55, 2, 16, 16, FALSE },
  { 2221, 2720, 4, 16, 16, FALSE }, { 34, 34, 2, 15, 15, FALSE },
  { 37, 37, 2, 15, 15, FALSE },     { 3528, 3589, 4, 16, 19, FALSE },
  { 300, 305, 3, 14, 19, FALSE },   { 3095, 3095, 4, 14, 19, FALSE },
  { 36, 36, 2, 14, 19, FALSE },     { 38, 39, 2, 14, 19, FALSE },
  { 6011, 6011, 4, 16, 19, FALSE }, { 644, 649, 3, 16, 19, FALSE },
  { 65, 65, 2, 16, 19, FALSE },     { 62, 62, 2, 16, 19, FALSE },
  { 8100, 8171, 4, 16, 19, TRUE },  { 5018, 5018, 4, 13, 19, TRUE },
  { 5020, 5020, 4, 13, 19, TRUE },  { 5038, 5038, 4, 13, 19, TRUE },
  { 5893, 5893, 4, 13, 19, TRUE },  { 6304, 6304, 4, 13, 19, TRUE },
  { 6759, 6763, 4, 13, 19, TRUE },
};

/* How cards print their numbers, and how people write them. */
static const char *const layouts[]
    = { "4444", "465", "464", "44443", "4445", "4441", "88", "613", NULL };

static guint
leading (const char *digits, guint count)
{
  guint value = 0;

  while (count-- > 0)
    value = value * 10 + (guint) (*digits++ - '0');
  return value;
}

/* ISO/IEC 7812-1, annex B. */
static gboolean
is_luhn (const char *digits, gsize length)
{
  guint sum = 0;

  for (gsize i = 0; i < length; i++)
    {
      guint digit = (guint) (digits[length - 1 - i] - '0') << (i & 1);

      sum += digit > 9 ? digit - 9 : digit;
    }
  return sum % 10 == 0;
}

static gboolean
has_issuer (const char *digits, gsize length, gboolean has_label)
{
  for (gsize i = 0; i < G_N_ELEMENTS (issuers); i++)
    {
      guint start = leading (digits, issuers[i].digits);

      if (start >= issuers[i].low && start <= issuers[i].high && length >= issuers[i].shortest
          && length <= issuers[i].longest && (has_label || !issuers[i].needs_label))
        return TRUE;
    }
  return FALSE;
}

typedef enum { REFUSED, ACCEPTED, LONE } Standing;

/* In groups, numbers are written as cards are printed. Digits in a row without a label may be any
 * number. */
static Standing
standing_of (SkScan *scan, gsize start, gsize length, const char *digits, gsize n_digits)
{
  SkLabel label;

  if (digits[0] < '2' || !has_issuer (digits, n_digits, TRUE)
      || !sk_digits_stand_alone (scan, start, length))
    return REFUSED;
  label = sk_label_of (scan, start);
  if (label == SK_LABEL_OTHER || label == SK_LABEL_PHONE || label == SK_LABEL_CORPORATE
      || !has_issuer (digits, n_digits, label == SK_LABEL_CARD))
    return REFUSED;
  return label == SK_LABEL_CARD || length > n_digits ? ACCEPTED : LONE;
}

typedef struct {
  gsize start, length;
  Standing standing;
} Candidate;

/* The candidates that pass Luhn's check; and how many lone ones there are, and fail. */
typedef struct {
  GArray *candidates;
  gsize lone, failed;
} Candidates;

static gboolean
consider (Candidates *self, SkScan *scan, gsize start, gsize length)
{
  Candidate candidate = { start, length, REFUSED };
  char digits[LONGEST + 1];
  gsize n_digits = sk_digits_copy (scan, start, length, digits);
  gboolean is_right = is_luhn (digits, n_digits);

  candidate.standing = standing_of (scan, start, length, digits, n_digits);
  if (candidate.standing == REFUSED)
    return FALSE;
  self->lone += candidate.standing == LONE;
  self->failed += candidate.standing == LONE && !is_right;
  if (is_right)
    g_array_append_val (self->candidates, candidate);
  return is_right;
}

static void
gather (Candidates *self, SkScan *scan)
{
  gsize n_runs, used;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i += used)
    {
      gsize length = runs[i].length;

      used = 1;
      if (length > LONGEST)
        continue;
      if (length >= 4 && length <= 8 && sk_digits_may_be_group (scan, &runs[i]))
        used = sk_digits_match_layout (scan, i, layouts, &length);
      if (length < SHORTEST || length > LONGEST_WRITTEN || used == 0
          || !consider (self, scan, runs[i].start, length))
        used = 1;
    }
}

/* Of ten numbers that are no cards, nine fail the check. */
static void
find (SkScan *scan, SkFinds *finds)
{
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (Candidate));
  Candidates candidates = { array, 0, 0 };
  gboolean are_lone_ones_accepted;

  gather (&candidates, scan);
  are_lone_ones_accepted = candidates.failed * 4 <= candidates.lone * 3;
  for (guint i = 0; i < array->len; i++)
    {
      const Candidate *candidate = &g_array_index (array, Candidate, i);
      char digits[LONGEST + 1];

      if (candidate->standing == LONE && !are_lone_ones_accepted)
        continue;
      sk_digits_copy (scan, candidate->start, candidate->length, digits);
      sk_finds_add (finds, candidate->start, candidate->length, digits);
    }
}

const SkDetector sk_credit_card_detector = { "credit-card", find, FALSE };
