/* 法人番号: thirteen digits, the first of which checks the others; with a T before it, the number
 * of a taxable person in the invoice system. Without a label it must also be built as such numbers
 * are, or the text be about them. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector.h"
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

/* What follows the check digit. Companies: the twelve digits of the register (商業登記規則, article
 * 1-2): an office, 0100 to 5000, then what they are (01 to 05), then a running number. State
 * 000012, municipalities 000020; those without registration 700150 (国税庁, 法人番号公表サイト). */
static gboolean
has_structure (const char *digits)
{
  const char *base = digits + 1;

  if (memcmp (base, "000012", 6) == 0 || memcmp (base, "000020", 6) == 0
      || memcmp (base, "700150", 6) == 0)
    return TRUE;
  return memcmp (base, "0100", 4) >= 0 && memcmp (base, "5000", 4) <= 0 && base[4] == '0'
         && base[5] >= '1' && base[5] <= '5' && base[5] != '4'
         && memcmp (base + 6, "000000", 6) != 0;
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

/* Milliseconds since 1970, of the years 2017 to 2033. */
static gboolean
is_time (const char *digits)
{
  return memcmp (digits, "15", 2) >= 0 && memcmp (digits, "20", 2) < 0;
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

/* 法人番号を照合しました, and a list of them below. */
static const char *const subjects[] = { "法人番号", "インボイス", "適格請求書", NULL };

#define REACH_ON 200 /* bytes from one of a list to the next */

/* `last`: where the last find ends, or 0. */
static gboolean
is_spoken_of (const SkScan *scan, gsize start, gsize last)
{
  return (last > 0 && start - last <= REACH_ON) || sk_topic_before (scan, start, subjects);
}

static gboolean
is_of_another (SkLabel label)
{
  return label == SK_LABEL_OTHER || label == SK_LABEL_PHONE || label == SK_LABEL_CARD;
}

static gboolean
is_corporate (SkScan *scan, gsize start, gsize length, const char *digits, gsize last)
{
  SkLabel label;

  if (!is_valid (digits) || strspn (digits, "9") == DIGITS
      || !sk_digits_stand_alone (scan, start, length))
    return FALSE;
  if (has_t (scan, start))
    return TRUE;
  label = sk_label_of (scan, start);
  if (label == SK_LABEL_CORPORATE || label == SK_LABEL_PERSON_OR_CORPORATE)
    return TRUE;
  return !is_of_another (label) && !is_article (digits)
         && !sk_digits_have_unit (scan, start + length)
         && (has_structure (digits)
             || (label != SK_LABEL_MEMBER && !is_time (digits) && is_spoken_of (scan, start, last)));
}

static void
find (SkScan *scan, SkFinds *finds)
{
  gsize n_runs, used, last = 0;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i += used)
    {
      char digits[DIGITS + 1];
      gsize length = DIGITS;

      used = 1;
      if (runs[i].length != DIGITS
          && ((runs[i].length != 1 && runs[i].length != 4)
              || !sk_digits_may_be_group (scan, &runs[i])))
        continue;
      if (runs[i].length != DIGITS
          && (used = sk_digits_match_layout (scan, i, layouts, &length)) == 0)
        {
          used = 1;
          continue;
        }
      sk_digits_copy (scan, runs[i].start, length, digits);
      if (!is_corporate (scan, runs[i].start, length, digits, last))
        {
          used = 1;
          continue;
        }
      sk_finds_add (finds, runs[i].start, length, digits);
      last = runs[i].start + length;
    }
}

const SkFinder sk_corporate_number_finder = { .find = find };
