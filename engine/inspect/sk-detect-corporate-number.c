/* 法人番号: thirteen digits, the first of which checks the others; with a T before it, the number
 * of a taxable person in the invoice system. Without a label it must also be built as such numbers
 * are; or the text before it is about such numbers, it may be one, and not nearly all like it in this text fail the
 * check. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-candidates.h"
#include "sk-digits.h"
#include "sk-label.h"
#include "sk-topic.h"

#include <string.h>

#define DIGITS 13

static const char *const layouts[] = { "1444", "445", "454", NULL };

/* 法人番号の指定等に関する省令 (平成26年財務省令第70号), article 2. */
static gboolean
is_valid (const char *digits)
{
  guint sum = 0;

  for (guint n = 1; n < DIGITS; n++)
    sum += (guint) (digits[DIGITS - n] - '0') * (n % 2 == 1 ? 1 : 2);
  return (guint) (digits[0] - '0') == 9 - sum % 9;
}

/* What follows the check digit. State 000012, municipalities 000020; those without registration 700150 (国税庁,
 * 法人番号公表サイト). */
static gboolean
is_public (const char *digits)
{
  return memcmp (digits + 1, "000012", 6) == 0 || memcmp (digits + 1, "000020", 6) == 0
         || memcmp (digits + 1, "700150", 6) == 0;
}

/* Companies: the twelve digits of the register (商業登記規則, article 1-2), which begin with an office, 0100 to 5000; */
static gboolean
has_office (const char *digits)
{
  return memcmp (digits + 1, "0100", 4) >= 0 && memcmp (digits + 1, "5000", 4) <= 0;
}

static gboolean
may_be_registered (const char *digits)
{
  return has_office (digits) || is_public (digits);
}

/* then what they are (01 to 05), then a running number. */
static gboolean
has_structure (const char *digits)
{
  const char *kind = digits + 5;

  return is_public (digits)
         || (has_office (digits) && kind[0] == '0' && kind[1] >= '1' && kind[1] <= '5' && kind[1] != '4'
             && memcmp (kind + 2, "000000", 6) != 0);
}

/* Article numbers of Japan (45, 49) and of books (978, 979) with their check digit (JIS X 0507). */
static gboolean
is_article (const char *digits)
{
  guint sum = 0;

  if (memcmp (digits, "45", 2) != 0 && memcmp (digits, "49", 2) != 0
      && memcmp (digits, "978", 3) != 0 && memcmp (digits, "979", 3) != 0)
    return FALSE;
  for (guint i = 0; i < DIGITS; i++)
    sum += (guint) (digits[i] - '0') * (i % 2 == 1 ? 3 : 1);
  return sum % 10 == 0;
}

/* "T7000…", "T-7000…" */
static gboolean
has_t (const SkScan *scan, gsize start)
{
  if (sk_scan_byte_before (scan, start) == '-')
    start--;
  return start > 0 && (scan->text[start - 1] | 0x20) == 't'
         && (start == 1 || !sk_is_letter (scan->text[start - 2]));
}

static const SkTopicWord subjects[]
    = { { "法人番号" }, { "登録番号", TRUE }, { "インボイス" }, { "適格請求書" }, { "事業者登録" },
        { "Corporate Number" }, { "corporate number" }, { NULL } };

/* SURE: by a T, a label or how it is built. SPOKEN: the text before it is about such numbers. */
typedef enum { REFUSED, SURE, SPOKEN } Standing;

/* Without a label, and of those that may be in a register. */
static gboolean
is_spoken_of (const SkScan *scan, gsize start, SkLabel label, const char *digits)
{
  return (label == SK_LABEL_NONE || label == SK_LABEL_VAGUE) && may_be_registered (digits)
         && sk_topic_is_before (scan, start, subjects);
}

static Standing
standing_of (SkScan *scan, gsize start, gsize length, const char *digits)
{
  SkLabel label;

  if (strspn (digits, "9") == DIGITS || !sk_digits_stand_alone (scan, start, length))
    return REFUSED;
  if (has_t (scan, start))
    return SURE;
  label = sk_label_of (scan, start);
  if (label == SK_LABEL_CORPORATE || label == SK_LABEL_EITHER)
    return SURE;
  if (label == SK_LABEL_OTHER || label == SK_LABEL_PHONE || label == SK_LABEL_CARD
      || is_article (digits) || sk_digits_have_unit (scan, start + length))
    return REFUSED;
  if (has_structure (digits))
    return SURE;
  return is_spoken_of (scan, start, label, digits) ? SPOKEN : REFUSED;
}

static gboolean
consider (SkCandidates *self, SkScan *scan, gsize start, gsize length)
{
  char digits[DIGITS + 1];
  gboolean is_right;
  Standing standing;

  sk_digits_copy (scan, start, length, digits);
  is_right = is_valid (digits);
  if (!is_right && !may_be_registered (digits))
    return FALSE;
  standing = standing_of (scan, start, length, digits);
  is_right = is_right && standing != REFUSED;
  sk_candidates_count (self, standing, is_right);
  if (is_right)
    sk_candidates_keep (self, start, length, standing);
  return is_right;
}

static void
gather (SkCandidates *self, SkScan *scan)
{
  gsize n_runs, used;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i += used)
    {
      gsize length = DIGITS, n_groups = 1;

      used = 1;
      if (runs[i].length != DIGITS
          && ((runs[i].length != 1 && runs[i].length != 4)
              || !sk_digits_may_be_group (scan, &runs[i])
              || (n_groups = sk_digits_match_layout (scan, i, layouts, &length)) == 0))
        continue;
      if (consider (self, scan, runs[i].start, length))
        used = n_groups;
    }
}

static void
find (SkScan *scan, SkFinds *finds)
{
  static const gsize failed_least[SK_STANDINGS] = { [SPOKEN] = 4 };
  g_auto (SkCandidates) candidates;

  sk_candidates_init (&candidates);
  gather (&candidates, scan);
  sk_candidates_report (&candidates, scan, failed_least, finds);
}

const SkFinder sk_corporate_number_finder = { .find = find };
