/* Numbers of payment cards: issuer, length and check digit (Luhn) are right. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-candidates.h"
#include "sk-digits.h"
#include "sk-label.h"

#include <string.h>

#define SHORTEST 13
#define LONGEST 19
#define GROUP 4  /* digits of the groups that most cards have, */
#define GROUPS 4 /* and how many of them */

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

/* How cards print their numbers, and how people write them, besides four groups of four. */
static const char *const layouts[]
    = { "465", "464", "44443", "4445", "4441", "88", "613", NULL };

/* What stands between groups of four, the same one between all. In sheets and in columns set with blanks each may have
 * a cell. */
static const struct {
  const char *text;
  gboolean is_cell;
} separators[] = { { "-", FALSE },  { " ", FALSE },   { ".", FALSE }, { "  ", TRUE },
                   { " - ", FALSE }, { "\t", TRUE }, { ",", TRUE } };

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

static gsize
run_end (const SkRun *run)
{
  return (gsize) run->start + run->length;
}

static guint
two (const SkScan *scan, gsize at)
{
  char tens = sk_scan_byte (scan, at), ones = sk_scan_byte (scan, at + 1);

  return sk_is_digit (tens) && sk_is_digit (ones) ? (guint) (tens - '0') * 10 + (guint) (ones - '0')
                                                  : 0;
}

static gboolean
is_expiry_sign (char c)
{
  return c == '/' || c == '-' || c == ':';
}

/* Behind "/1227", "-12/27" or "/12/2027": until when a card is valid. `end` when there is none. */
static gsize
skip_expiry (const SkScan *scan, gsize end)
{
  gsize at = end + 3;

  if (!is_expiry_sign (sk_scan_byte (scan, end)) || two (scan, end + 1) < 1
      || two (scan, end + 1) > 12)
    return end;
  at += is_expiry_sign (sk_scan_byte (scan, at));
  if (two (scan, at) == 20 && two (scan, at + 2) > 0)
    at += 2;
  return two (scan, at) > 0 && !sk_is_digit (sk_scan_byte (scan, at + 2)) ? at + 2 : end;
}

/* "DE12 " before groups of four: an account number (ISO 13616). */
static gboolean
is_iban (const SkScan *scan, gsize start)
{
  return start >= 5 && !sk_is_digit (scan->text[start - 1]) && sk_is_digit (scan->text[start - 2])
         && sk_is_digit (scan->text[start - 3]) && g_ascii_isupper (scan->text[start - 4])
         && g_ascii_isupper (scan->text[start - 5]);
}

static gboolean
stands_alone (const SkScan *scan, gsize start, gsize end)
{
  return sk_digits_stand_alone (scan, start, skip_expiry (scan, end) - start);
}

static gboolean
is_label_of_others (SkLabel label)
{
  return label == SK_LABEL_OTHER || label == SK_LABEL_PHONE || label == SK_LABEL_CORPORATE
         || label == SK_LABEL_EITHER;
}

/* LONE: nothing speaks for it. CELLS: the same, and each group has a cell of its own. NAMED: it is called something else; but
 * where several are, and all of them pass, it is its name that is wrong. */
typedef enum { REFUSED, ACCEPTED, LONE, CELLS, NAMED } Standing;

#define NAMED_LEAST 2

/* In groups, numbers are written as cards are printed. Digits in a row without a label may be any
 * number. */
static Standing
standing_of (SkScan *scan, gsize start, gsize length, const char *digits, gsize n_digits)
{
  SkLabel label;

  if (digits[0] < '2' || !has_issuer (digits, n_digits, TRUE)
      || !stands_alone (scan, start, start + length))
    return REFUSED;
  label = sk_label_of (scan, start);
  if (label == SK_LABEL_OTHER && n_digits == GROUP * GROUPS && has_issuer (digits, n_digits, FALSE))
    return NAMED;
  if (is_label_of_others (label) || !has_issuer (digits, n_digits, label == SK_LABEL_CARD))
    return REFUSED;
  return label == SK_LABEL_CARD || length > n_digits ? ACCEPTED : LONE;
}

static gboolean
consider (SkCandidates *self, SkScan *scan, gsize start, gsize length)
{
  char digits[LONGEST + 1];
  gsize n_digits = sk_digits_copy (scan, start, length, digits);
  gboolean is_right = is_luhn (digits, n_digits);
  Standing standing = standing_of (scan, start, length, digits, n_digits);

  if (standing == REFUSED)
    return FALSE;
  sk_candidates_count (self, standing, is_right);
  if (is_right)
    sk_candidates_keep (self, start, length, standing);
  return is_right;
}

/* Groups of four digits with the same between all of them. */
typedef struct {
  const SkRun *runs;
  gsize n_groups;
  gboolean are_cells;
} Chain;

static gboolean
is_joined_by (const SkScan *scan, const SkRun *run, const char *separator)
{
  gsize length = strlen (separator);

  return run[0].length == GROUP && run[1].length == GROUP && run[1].start == run_end (run) + length
         && memcmp (scan->text + run_end (run), separator, length) == 0;
}

static Chain
read_chain (const SkScan *scan, const SkRun *runs, gsize n_runs)
{
  Chain chain = { runs, 1, FALSE };

  for (gsize i = 0; i < G_N_ELEMENTS (separators) && chain.n_groups == 1; i++)
    {
      while (chain.n_groups < n_runs
             && is_joined_by (scan, &runs[chain.n_groups - 1], separators[i].text))
        chain.n_groups++;
      chain.are_cells = separators[i].is_cell;
    }
  return chain;
}

static gsize
chain_length (const SkRun *runs, gsize n_groups)
{
  return run_end (&runs[n_groups - 1]) - runs[0].start;
}

static gboolean
is_card_at (const SkScan *scan, const Chain *chain, gsize i, gboolean has_label)
{
  char digits[GROUP * GROUPS + 1];

  if (i + GROUPS > chain->n_groups)
    return FALSE;
  for (gsize n = 0; n < GROUPS; n++)
    memcpy (digits + n * GROUP, scan->text + chain->runs[i + n].start, GROUP);
  return digits[0] >= '2' && has_issuer (digits, GROUP * GROUPS, has_label)
         && is_luhn (digits, GROUP * GROUPS);
}

static Standing
standing_of_chain (SkScan *scan, const Chain *chain, SkLabel label)
{
  gsize start = chain->runs[0].start;

  if ((is_label_of_others (label) && label != SK_LABEL_OTHER) || is_iban (scan, start)
      || !stands_alone (scan, start, run_end (&chain->runs[chain->n_groups - 1])))
    return REFUSED;
  if (label == SK_LABEL_OTHER)
    return chain->n_groups == GROUPS && !chain->are_cells ? NAMED : REFUSED;
  if (label == SK_LABEL_CARD || !chain->are_cells)
    return ACCEPTED;
  return label == SK_LABEL_NONE && chain->n_groups == GROUPS ? CELLS : REFUSED;
}

/* Takes all cards of a chain. Beside each may be one more group (until when it is valid, an amount); where there are
 * more, the chain is a key or the like, and passes by chance. */
static gboolean
consider_chain (SkCandidates *self, SkScan *scan, const Chain *chain)
{
  guint before = self->passed->len;
  SkLabel label = sk_label_of (scan, chain->runs[0].start);
  Standing standing = standing_of_chain (scan, chain, label);
  gsize n_others = 0, n_cards;

  if (standing == REFUSED)
    return FALSE;
  for (gsize i = 0, used; i < chain->n_groups; i += used)
    {
      gboolean is_card = is_card_at (scan, chain, i, label == SK_LABEL_CARD);

      used = is_card ? GROUPS : 1;
      n_others += !is_card;
      if (is_card)
        sk_candidates_keep (self, chain->runs[i].start, chain_length (chain->runs + i, GROUPS), standing);
    }
  n_cards = self->passed->len - before;
  sk_candidates_count (self, standing, n_cards > 0);
  if (n_others > n_cards)
    g_array_set_size (self->passed, before);
  return n_cards > 0;
}

/* A number whose first digits are runs[0]; the count of runs that are done with, or 0. */
static gsize
consider_groups (SkCandidates *self, SkScan *scan, const SkRun *runs, gsize n_runs, gsize i)
{
  Chain chain = read_chain (scan, runs + i, n_runs - i);
  gsize length, used;

  if (chain.n_groups >= GROUPS && consider_chain (self, scan, &chain))
    return chain.n_groups;
  if (chain.n_groups > GROUPS)
    return chain.n_groups - 1;
  used = sk_digits_match_layout (scan, i, layouts, &length);
  return used > 0 && consider (self, scan, runs[i].start, length) ? used : 0;
}

static void
gather (SkCandidates *self, SkScan *scan)
{
  gsize n_runs, used;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i += MAX (used, 1))
    {
      used = 0;
      if (runs[i].length >= SHORTEST && runs[i].length <= LONGEST)
        consider (self, scan, runs[i].start, runs[i].length);
      else if (runs[i].length >= GROUP && runs[i].length <= 8)
        used = consider_groups (self, scan, runs, n_runs, i);
    }
}

static void
find (SkScan *scan, SkFinds *finds)
{
  /* Of ten numbers that are no cards, nine fail the check. A few that fail prove nothing, but for figures in four
   * cells: those are everywhere. */
  static const gsize failed_least[SK_STANDINGS] = { [LONE] = 8, [CELLS] = 2 };
  g_auto (SkCandidates) candidates;

  sk_candidates_init (&candidates);
  gather (&candidates, scan);
  if (candidates.failed[NAMED] > 0 || candidates.all[NAMED] < NAMED_LEAST)
    sk_candidates_drop (&candidates, NAMED);
  sk_candidates_report (&candidates, scan, failed_least, finds);
}

const SkFinder sk_credit_card_finder = { .find = find };
