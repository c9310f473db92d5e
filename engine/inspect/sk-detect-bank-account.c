/* Accounts at Japanese banks: seven digits that 口座番号, 普通 or 当座 stand before, and 記号 and
 * 番号 of Japan Post Bank. The value is the digits, of 記号 and 番号 one after the other. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector.h"
#include "sk-digits.h"
#include "sk-label.h"

#include <string.h>

#define DIGITS 7
#define POST_SYMBOL 5
#define POST_LONGEST 8
#define POST_GAP 40      /* bytes between 記号 and 番号 */
#define NEAR 24          /* bytes between a label and its number */

static gboolean
is_blank_or_sign (const SkScan *scan, gsize at)
{
  char c = scan->text[at];

  return c < '<' && !sk_is_digit (c) && c != '\0' && strchr (" :.()\"\t,-/;*", c) != NULL;
}

static gboolean
ends_with (const SkScan *scan, gsize end, const char *word)
{
  gsize length = strlen (word);

  return end >= length && memcmp (scan->text + end - length, word, length) == 0;
}

/* What may stand between "普通" and the digits, besides signs; the longest first. */
static const char *const between[]
    = { "口座番号", "口座", "預金", "番号", "No", "NO", "no", "№", "・", "「", "【" };
static const char *const deposits[] = { "普通", "当座", "貯蓄", "(普",  "(当", "(貯", "普)",
                                        "当)",  "貯)",  "\t普", "\t当", ",普", ",当" };

static gsize
skip_back (const SkScan *scan, gsize at)
{
  gsize low = at > 4 * NEAR ? at - 4 * NEAR : 0;

  for (gboolean has_moved = TRUE; has_moved && at > low;)
    {
      has_moved = is_blank_or_sign (scan, at - 1);
      at -= has_moved;
      for (gsize i = 0;
           !has_moved && !sk_is_digit (scan->text[at - 1]) && i < G_N_ELEMENTS (between); i++)
        if (ends_with (scan, at, between[i]))
          {
            at -= strlen (between[i]);
            has_moved = TRUE;
          }
    }
  return at;
}

/* 普通 1234567, 普通預金 口座番号:1234567, (普)1234567 */
static gboolean
has_deposit (const SkScan *scan, gsize start)
{
  gsize at = skip_back (scan, start), closed = at;

  if ((guchar) sk_scan_byte_before (scan, at) < 0x80)
    return FALSE;
  while (closed < start && scan->text[closed] == ' ')
    closed++;
  closed += closed < start && scan->text[closed] == ')';
  for (gsize i = 0; i < G_N_ELEMENTS (deposits); i++)
    if (ends_with (scan, at, deposits[i]) || ends_with (scan, closed, deposits[i]))
      return TRUE;
  return FALSE;
}

#define BANK_REACH 96 /* bytes of the line before the account, in which its bank is named */

static gboolean
names_bank (const SkScan *scan, gsize end)
{
  static const char *const banks[] = { "銀行", "信用金庫", "信金", "信用組合", "信組", "労働金庫", "労金", "農協", "漁協" };
  gsize back = MIN (end, BANK_REACH);
  const char *text = scan->text + end - back, *line = memrchr (text, '\n', back);

  if (line != NULL)
    {
      back -= (gsize) (line - text);
      text = line;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (banks); i++)
    if (memmem (text, back, banks[i], strlen (banks[i])) != NULL)
      return TRUE;
  return FALSE;
}

/* 例示銀行 新宿支店 1234567 */
static gboolean
has_branch (const SkScan *scan, gsize start)
{
  static const char *const branches[] = { "支店", "本店", "出張所", "営業部", "支所" };
  gsize at = skip_back (scan, start);

  if ((guchar) sk_scan_byte_before (scan, at) < 0x80)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (branches); i++)
    if (ends_with (scan, at, branches[i]))
      return names_bank (scan, at);
  return FALSE;
}

static gboolean
has_account_label (SkScan *scan, gsize start)
{
  gsize gap;
  SkLabel label = sk_label_before (scan, start, &gap);

  if (label == SK_LABEL_ACCOUNT)
    return gap <= NEAR;
  return label == SK_LABEL_NONE && sk_label_of (scan, start) == SK_LABEL_ACCOUNT;
}

/* Amounts and counts. */
static gboolean
is_counted (const SkScan *scan, gsize end)
{
  static const char *const units[]
      = { "円", "件", "個", "名", "人", "株", "本", "枚", "台", "年", "万", "千", "点" };

  if ((guchar) sk_scan_byte (scan, end) < 0x80)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (end + 3 <= scan->length && memcmp (scan->text + end, units[i], 3) == 0)
      return TRUE;
  return FALSE;
}

/* Parcels and mail are 普通 too. */
static gboolean
is_other_column (SkLabel label)
{
  return label == SK_LABEL_OTHER || label == SK_LABEL_DATE || label == SK_LABEL_PHONE
         || label == SK_LABEL_POSTAL;
}

static gboolean
is_account (SkScan *scan, const SkRun *run)
{
  gsize start = run->start;

  if (!sk_digits_stand_alone (scan, start, run->length) || is_counted (scan, start + run->length))
    return FALSE;
  if (run->length == DIGITS && (has_deposit (scan, start) || has_branch (scan, start)))
    return !is_other_column (sk_label_column (scan, start));
  return has_account_label (scan, start);
}

/* 1xxx0 of a savings account, 0xxxx of a transfer account; people make up other ends in samples. */
static gboolean
is_post_symbol (const SkScan *scan, const SkRun *run)
{
  return run->length == POST_SYMBOL && scan->text[run->start] <= '1';
}

static gboolean
is_post_gap (const SkScan *scan, gsize start, gsize end)
{
  if (end - start > POST_GAP)
    return FALSE;
  while (start < end)
    {
      if (is_blank_or_sign (scan, start) || scan->text[start] == '\n' || scan->text[start] == '\r')
        start++;
      else if (end - start >= 6 && memcmp (scan->text + start, "番号", 6) == 0)
        start += 6;
      else if (end - start >= 3
               && (memcmp (scan->text + start, "の", 3) == 0
                   || memcmp (scan->text + start, "・", 3) == 0))
        start += 3;
      else
        return FALSE;
    }
  return TRUE;
}

/* Whether "ゆうちょ" or "郵便振替" stands in the line before. */
static gboolean
names_post (const SkScan *scan, gsize start)
{
  gsize back = MIN (start, 64);
  const char *text = scan->text + start - back;
  const char *line = memrchr (text, '\n', back);

  if (line != NULL)
    back = (gsize) (scan->text + start - line);
  text = scan->text + start - back;
  return memmem (text, back, "ゆうちょ", 12) != NULL || memmem (text, back, "振替", 6) != NULL;
}

/* 記号 10120 番号 12345671. `runs[1]` is there. */
static gboolean
is_post_account (SkScan *scan, const SkRun *runs)
{
  gsize end = (gsize) runs[0].start + runs[0].length, gap;

  if (!is_post_symbol (scan, &runs[0]) || runs[1].length > POST_LONGEST || runs[1].length < 2
      || !is_post_gap (scan, end, runs[1].start))
    return FALSE;
  if (sk_label_before (scan, runs[0].start, &gap) == SK_LABEL_SYMBOL)
    return TRUE;
  return sk_label_of (scan, runs[0].start) == SK_LABEL_SYMBOL
         || (runs[1].length >= 7 && scan->text[end - 1] == '0' && names_post (scan, runs[0].start));
}

/* 00100-0-123456, an account for transfers; or a digit between 記号 and 番号. `runs[2]` is there. */
static gboolean
is_post_transfer (SkScan *scan, const SkRun *runs)
{
  gsize first = (gsize) runs[0].start + runs[0].length,
        second = (gsize) runs[1].start + runs[1].length;
  SkLabel label;

  if (!is_post_symbol (scan, &runs[0]) || runs[1].length != 1 || runs[2].length < 2
      || runs[2].length > POST_LONGEST || runs[1].start != first + 1 || runs[2].start != second + 1
      || scan->text[first] != '-' || scan->text[second] != '-')
    return FALSE;
  label = sk_label_of (scan, runs[0].start);
  return label == SK_LABEL_SYMBOL || label == SK_LABEL_ACCOUNT || names_post (scan, runs[0].start);
}

static void
add (SkScan *scan, SkFinds *finds, gsize start, gsize end)
{
  char value[POST_SYMBOL + POST_GAP + POST_LONGEST + 1];

  sk_digits_copy (scan, start, end - start, value);
  sk_finds_add (finds, start, end - start, value);
}

static void
find (SkScan *scan, SkFinds *finds)
{
  gsize n_runs;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i++)
    {
      gsize end = (gsize) runs[i].start + runs[i].length;

      if (runs[i].length == POST_SYMBOL && i + 2 < n_runs && is_post_transfer (scan, &runs[i]))
        {
          i += 2;
          add (scan, finds, runs[i - 2].start, (gsize) runs[i].start + runs[i].length);
        }
      else if (runs[i].length == POST_SYMBOL && i + 1 < n_runs && is_post_account (scan, &runs[i]))
        {
          i++;
          add (scan, finds, runs[i - 1].start, (gsize) runs[i].start + runs[i].length);
        }
      else if (runs[i].length >= DIGITS - 1 && runs[i].length <= POST_LONGEST
               && is_account (scan, &runs[i]))
        add (scan, finds, runs[i].start, end);
    }
}

const SkFinder sk_bank_account_finder = { .find = find };
