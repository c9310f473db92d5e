/* 個人番号 ("My Number"): twelve digits, the last of which checks the others.
 *
 * One in ten numbers of twelve digits passes the check, and parcels have such numbers too. So a
 * label, the head of a column or groups of four must speak for it, or the text before it is about
 * such numbers; or it stands alone in its cell or line, and not nearly all numbers that do so in
 * this text fail the check. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-candidates.h"
#include "sk-digits.h"
#include "sk-key.h"
#include "sk-label.h"
#include "sk-topic.h"

#include <string.h>

#define DIGITS 12

static const char *const layouts[] = { "444", NULL };

/* 平成26年総務省令第85号 (番号法総務省令), article 5. */
static gboolean
is_valid (const char *digits)
{
  guint sum = 0, rest;

  for (guint n = 1; n < DIGITS; n++)
    sum += (guint) (digits[DIGITS - 1 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
  rest = sum % 11;
  return (guint) (digits[DIGITS - 1] - '0') == (rest <= 1 ? 0 : 11 - rest);
}

/* 0000 0000 0000 and the like are placeholders. */
static gboolean
is_one_digit (const char *digits)
{
  for (guint i = 1; i < DIGITS; i++)
    if (digits[i] != digits[0])
      return FALSE;
  return TRUE;
}

static guint
two (const char *digits)
{
  return (guint) (digits[0] - '0') * 10 + (guint) (digits[1] - '0');
}

/* 202411241030: a day and a time. */
static gboolean
is_time (const char *digits)
{
  guint month = two (digits + 4), day = two (digits + 6);

  return (two (digits) == 19 || two (digits) == 20) && month >= 1 && month <= 12 && day >= 1
         && day <= 31 && two (digits + 8) < 24 && two (digits + 10) < 60;
}

/* DOUBTED: what stands before it may mean something else. BARE: nothing speaks for it or against it.
 * LONE: alone in its cell. GROUPED: in three groups of four. */
typedef enum { REFUSED, ACCEPTED, DOUBTED, BARE, LONE, GROUPED } Standing;

/* 入力値 1234…: what is counted, measured or entered; or what is set right, of whatever kind it is
 * (整理番号は 2264… ではなく 1234…). */
static const char *const quantities[] = { "ではなく", "値", "数", "額", "量", "高", "率", "費", "金", "コード", "キー" };

static gboolean
ends_with_quantity (const char *text, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (quantities); i++)
    {
      gsize n = strlen (quantities[i]);

      if (length >= n && memcmp (text + length - n, quantities[i], n) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_quantity (const SkScan *scan, gsize start, gsize end)
{
  while (start > 0 && strchr (" :", scan->text[start - 1]) != NULL)
    start--;
  return ends_with_quantity (scan->text, start) || sk_digits_have_unit (scan, end);
}

/* 個人番号の届出, 本人 1234…: a text that is about such numbers, or about what they are for. */
static const SkTopicWord names[]
    = { { "マイナンバー" }, { "個人番号" }, { "My Number" }, { "my number" }, { "MY NUMBER" }, { "MyNumber" }, { "mynumber" }, { NULL } };
static const SkTopicWord purposes[] = { { "年末調整" }, { "扶養控除" }, { "源泉徴収" }, { NULL } };

static gboolean
is_spoken_of (const SkScan *scan, gsize start)
{
  return sk_topic_is_before (scan, start, names) || sk_topic_is_before (scan, start, purposes);
}

#define REACH_NAME 120

static gboolean
is_border (const SkScan *scan, gsize at)
{
  return strchr ("\n\t,;|", scan->text[at]) != NULL;
}

/* A remark behind it: 受付ID 1234… (マイナンバー). */
static gboolean
is_named_behind (const SkScan *scan, gsize end)
{
  gsize from = end, to, limit = MIN (end + REACH_NAME, scan->length);

  while (from < limit && scan->text[from] == ' ')
    from++;
  for (to = from; to < limit && scan->text[to] != ')' && !is_border (scan, to);)
    to++;
  return sk_scan_byte (scan, from) == '(' && sk_topic_is_in (scan, from, to, names);
}

/* 会員番号 1234… is a member's, though in the form of cards; but not 会員番号(マイナンバー) 1234…, nor 個人番号又は
 * 法人番号 1234…. In another cell the name names another number. */
static gboolean
is_named_beside (const SkScan *scan, gsize start, gsize end)
{
  gsize low = start > REACH_NAME ? start - REACH_NAME : 0, from = start;

  while (from > low && !is_border (scan, from - 1))
    from--;
  return sk_topic_is_in (scan, from, start, names) || is_named_behind (scan, end);
}

/* Whether the words beside it say that it is something else. */
static gboolean
is_another (const SkScan *scan, gsize start, gsize end, SkLabel label)
{
  switch (label)
    {
    case SK_LABEL_NONE:
    case SK_LABEL_UNKNOWN:
    case SK_LABEL_HEAD:
    case SK_LABEL_VAGUE:
      return sk_key_names_kind (scan, start) && !is_named_beside (scan, start, end);
    case SK_LABEL_MEMBER:
    case SK_LABEL_CORPORATE:
      return !is_named_beside (scan, start, end);
    default:
      return TRUE;
    }
}

/* `is_grouped`: it stands in three groups of four. */
static Standing
standing_of (SkScan *scan, gsize start, gsize length, gboolean is_grouped)
{
  SkLabel label;

  if (!sk_digits_stand_alone (scan, start, length))
    return REFUSED;
  label = sk_label_of (scan, start);
  if (label == SK_LABEL_MY_NUMBER || label == SK_LABEL_EITHER)
    return ACCEPTED;
  if (is_another (scan, start, start + length, label))
    return REFUSED;
  if (is_grouped)
    return GROUPED;
  if (is_time (scan->text + start))
    return REFUSED;
  if (label == SK_LABEL_NONE && sk_label_fills_cell (scan, start, length))
    return LONE;
  return label == SK_LABEL_NONE && !is_quantity (scan, start, start + length) ? BARE : DOUBTED;
}

/* マイナンバー(本人) 1234…, (配偶者) 9832…: what the label of one number says, it says of the next
 * in the line. */
#define REACH_ON 40

static gboolean
goes_on (const SkScan *scan, const SkCandidate *last, gsize start)
{
  gsize end = last->start + last->length;

  return last->standing == ACCEPTED && start - end <= REACH_ON
         && memchr (scan->text + end, '\n', start - end) == NULL
         && memmem (scan->text + end, start - end, "。", 3) == NULL;
}

/* Whether the last candidate's label speaks of this number too. */
static gboolean
is_told_before (const SkCandidates *self, SkScan *scan, gsize start, gsize length)
{
  const SkCandidate *last = sk_candidates_last (self);

  return last != NULL && sk_digits_stand_alone (scan, start, length)
         && sk_label_of (scan, start) == SK_LABEL_NONE && !sk_key_names_kind (scan, start)
         && goes_on (scan, last, start);
}

static void
consider (SkCandidates *self, SkScan *scan, gsize start, gsize length)
{
  Standing standing = standing_of (scan, start, length, length > DIGITS);
  char digits[DIGITS + 1];
  gboolean is_right;

  if (standing != ACCEPTED && is_told_before (self, scan, start, length))
    standing = ACCEPTED;
  if (standing == REFUSED)
    return;
  sk_digits_copy (scan, start, length, digits);
  is_right = is_valid (digits) && !is_one_digit (digits);
  if (is_right && (standing == DOUBTED || standing == BARE) && is_spoken_of (scan, start))
    standing = ACCEPTED;
  sk_candidates_count (self, standing, is_right);
  if (is_right && standing != DOUBTED)
    sk_candidates_keep (self, start, length, standing);
}

static void
gather (SkCandidates *self, SkScan *scan)
{
  gsize n_runs, used;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i += used)
    {
      gsize length;

      used = 1;
      if (runs[i].length == DIGITS)
        consider (self, scan, runs[i].start, DIGITS);
      else if (runs[i].length == 4 && sk_digits_may_be_group (scan, &runs[i])
               && (used = sk_digits_match_layout (scan, i, layouts, &length)) > 0)
        consider (self, scan, runs[i].start, length);
      used = MAX (used, 1);
    }
}

static void
find (SkScan *scan, SkFinds *finds)
{
  static const gsize failed_least[SK_STANDINGS] = { [DOUBTED] = 4, [BARE] = 4, [LONE] = 4, [GROUPED] = 4 };
  g_auto (SkCandidates) candidates;

  sk_candidates_init (&candidates);
  gather (&candidates, scan);
  sk_candidates_report (&candidates, scan, failed_least, finds);
}

const SkFinder sk_my_number_finder = { .find = find };
