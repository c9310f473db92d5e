/* Telephone numbers of the Japanese numbering plan, as they are written at home (03-1234-5678,
 * 03(1234)5678, 0312345678) and abroad (+81 3-1234-5678). The value is the number at home, digits
 * only. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector.h"
#include "sk-digits.h"
#include "sk-kanji-number.h"
#include "sk-label.h"
#include "sk-phone-plan.h"

#include <string.h>

#define MOST_DIGITS 14
#define MOST_GROUPS 5

typedef struct {
  gsize start, end;
  char digits[MOST_DIGITS + 2];
  guint n_digits;
  char groups[MOST_GROUPS + 1]; /* digits of each, as a digit: "244" */
  guint n_groups;
  guint n_runs;
  char separator;               /* the first one */
  gboolean is_open;             /* a parenthesis is */
  gboolean is_abroad;
  const SkPhonePlan *plan;
} Phone;

static gsize
run_end (const SkRun *run)
{
  return (gsize) run->start + run->length;
}

/* What may stand between two groups, in short: '-', ' ', '.', '(' or ')'; '\0' for all else. */
static char
separator_between (const SkScan *scan, gsize start, gsize end)
{
  static const struct {
    const char *text;
    char separator;
  } separators[] = {
    { ")-", ')' }, { ") ", ')' },
    { " (", '(' }, { "-(", '(' }, { " - ", '-' }, { "- ", '-' }, { " -", '-' }, { ") - ", ')' },
  };
  gsize length = end - start;

  if (length == 1)
    return scan->text[start] != '\0' && strchr ("-. ()", scan->text[start]) != NULL
               ? scan->text[start]
               : '\0';
  for (gsize i = 0; length <= 3 && i < G_N_ELEMENTS (separators); i++)
    if (strlen (separators[i].text) == length
        && memcmp (scan->text + start, separators[i].text, length) == 0)
      return separators[i].separator;
  return '\0';
}

/* Parentheses must close what they open; dots stand everywhere or nowhere. */
static gboolean
take_separator (Phone *self, char separator)
{
  if (separator == '\0' || self->is_open != (separator == ')'))
    return FALSE;
  if (self->separator != '\0' && (separator == '.') != (self->separator == '.'))
    return FALSE;
  self->is_open = separator == '(';
  if (self->separator == '\0')
    self->separator = separator;
  return TRUE;
}

static gboolean
take_group (Phone *self, const SkScan *scan, const SkRun *run, gsize skip)
{
  gsize length = run->length - skip;

  if (self->n_groups >= MOST_GROUPS || self->n_digits + length > MOST_DIGITS)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    self->digits[self->n_digits + i] = scan->text[run->start + skip + i];
  self->n_digits += (guint) length;
  self->digits[self->n_digits] = '\0';
  self->groups[self->n_groups++] = (char) ('0' + MIN (length, 9));
  self->groups[self->n_groups] = '\0';
  self->end = run_end (run);
  if (self->plan == NULL && self->n_digits >= 4)
    self->plan = sk_phone_plan_find (self->digits, self->n_digits);
  return self->n_digits < 4 || (self->plan != NULL && self->n_digits <= self->plan->n_digits);
}

static gboolean
is_whole (const Phone *self)
{
  return self->plan != NULL && self->n_digits == self->plan->n_digits;
}

/* Takes groups from `runs[0]` on, whose first `skip` digits are not the number's, until it is
 * whole. */
static gboolean
take_groups (Phone *self, const SkScan *scan, const SkRun *runs, gsize n_runs, gsize skip)
{
  for (gsize i = 0; i < n_runs; i++)
    {
      if (i > 0
          && !take_separator (self,
                              separator_between (scan, run_end (&runs[i - 1]), runs[i].start)))
        return FALSE;
      if (!take_group (self, scan, &runs[i], i == 0 ? skip : 0))
        return FALSE;
      self->n_runs++;
      if (is_whole (self))
        return !self->is_open && sk_phone_plan_has (self->plan, self->digits);
    }
  return FALSE;
}

/* Whether digits with nothing behind them could be a phone's, or groups may follow. */
static gboolean
may_begin (const SkScan *scan, const SkRun *run)
{
  char after = sk_scan_byte (scan, run_end (run));

  return run->length >= 10 || after == '-' || after == ' ' || after == '(' || after == ')'
         || after == '.';
}

/* 03-…, (03)… */
static gboolean
read_at_home (Phone *self, const SkScan *scan, const SkRun *runs, gsize n_runs)
{
  if (scan->text[runs[0].start] != '0' || !may_begin (scan, &runs[0]))
    return FALSE;
  *self = (Phone) { .start = runs[0].start };
  if (sk_scan_byte_before (scan, self->start) == '('
      && sk_scan_byte (scan, run_end (&runs[0])) == ')')
    {
      self->start--;
      self->is_open = TRUE;
    }
  return take_groups (self, scan, runs, n_runs, 0);
}

/* Whether "81" at `start` is the country's: "+81", "(+81)", or "81-" where a label says it is a
 * phone. */
static gboolean
is_country (SkScan *scan, gsize start)
{
  return sk_scan_byte_before (scan, start) == '+'
         || (sk_scan_byte (scan, start + 2) == '-'
             && !sk_is_digit (sk_scan_byte_before (scan, start))
             && sk_label_of (scan, start) == SK_LABEL_PHONE);
}

/* "(0)" between the country and the area is no group. */
static gsize
skip_zero (const SkScan *scan, const SkRun *runs, gsize n_runs)
{
  return n_runs > 1 && runs[1].length == 1 && scan->text[runs[1].start] == '0'
                 && sk_scan_byte_before (scan, runs[1].start) == '('
             ? 1
             : 0;
}

/* From the country's code to the rest at most this: "-(0)", ") (0) ". */
#define COUNTRY_GAP 4

static gboolean
is_country_gap (const SkScan *scan, gsize start, gsize end)
{
  if (end - start > COUNTRY_GAP)
    return FALSE;
  for (; start < end; start++)
    if (strchr ("-. ()0", scan->text[start]) == NULL)
      return FALSE;
  return TRUE;
}

/* 0081-3-…: what is dialled instead of the + (ITU-T E.123 and E.164). */
static gboolean
read_dialled (Phone *self, SkScan *scan, const SkRun *runs, gsize n_runs)
{
  gsize first = 1 + skip_zero (scan, runs, n_runs), start = runs[0].start;

  if (runs[0].length != 4 || memcmp (scan->text + start, "0081", 4) != 0 || first >= n_runs
      || !is_country_gap (scan, run_end (&runs[0]), runs[first].start))
    return FALSE;
  *self = (Phone) { .start = start, .is_abroad = TRUE, .n_runs = (guint) first };
  if (scan->text[runs[first].start] != '0')
    self->digits[self->n_digits++] = '0';
  return take_groups (self, scan, runs + first, n_runs - first, 0);
}

/* +81 3-…, +81-(0)3-…, +81312345678 */
static gboolean
read_abroad (Phone *self, SkScan *scan, const SkRun *runs, gsize n_runs)
{
  gsize start = runs[0].start, first, skip = 0;

  if (memcmp (scan->text + start, "81", 2) != 0 || !is_country (scan, start))
    return FALSE;
  *self = (Phone) { .start = start, .is_abroad = TRUE };
  if (sk_scan_byte_before (scan, start) == '+')
    self->start--;
  first = runs[0].length == 2 ? 1 + skip_zero (scan, runs, n_runs) : 0;
  if (first >= n_runs
      || !is_country_gap (scan, start + 2, first > 0 ? runs[first].start : start + 2))
    return FALSE;
  skip = first == 0 ? 2 : 0;
  if (scan->text[runs[first].start + skip] != '0')
    self->digits[self->n_digits++] = '0';
  self->n_runs = (guint) first;
  return take_groups (self, scan, runs + first, n_runs - first, skip);
}

/* Behind it no number, name or word goes on. */
static gboolean
ends_here (const SkScan *scan, gsize end)
{
  char after = sk_scan_byte (scan, end), further = sk_scan_byte (scan, end + 1);

  if (sk_is_digit (after) || sk_is_letter (after)
      || (after != '\0' && strchr ("_%@#", after) != NULL))
    return FALSE;
  return (after != '-' && after != '.') || !(sk_is_digit (further) || sk_is_letter (further));
}

/* 16:05:06 2012 -0800 */
static gboolean
are_seconds (const SkScan *scan, gsize start)
{
  const char *before = scan->text + start;

  return start >= 4 && before[-1] == ':' && sk_is_digit (before[-2]) && sk_is_digit (before[-3])
         && before[-4] == ':';
}

static gboolean
begins_here (const SkScan *scan, const Phone *phone)
{
  gsize start = phone->start;
  char before = sk_scan_byte_before (scan, start),
       further = start > 1 ? scan->text[start - 2] : ' ';

  if (sk_is_letter (before))
    return sk_digits_touch_label (scan, start);
  if (before == '_')
    return sk_digits_touch_label (scan, start - 1);
  if (sk_is_digit (before) || strchr ("%#+$\\", before) != NULL
      || sk_digits_are_parameter (scan, start) || are_seconds (scan, start))
    return FALSE;
  if (before == '-' || before == '.')
    return !sk_is_digit (further)
           && (!sk_is_letter (further) || sk_digits_touch_label (scan, start - 1));
  return before != ' ' || phone->separator != ' ' || !sk_is_digit (further);
}

/* The word right before it says that it is the number of a part or a paper: 部品 011-222-3333. */
static gboolean
is_of_part (const SkScan *scan, gsize start)
{
  static const char *const words[]
      = { "部品", "仕様書", "図番", "図面", "型番", "品番", "型式", "規格" };

  while (start > 0 && strchr (" :", scan->text[start - 1]) != NULL)
    start--;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) <= start
        && memcmp (scan->text + start - strlen (words[i]), words[i], strlen (words[i])) == 0)
      return TRUE;
  return FALSE;
}

/* 0120444444 フリーダイヤル */
static gboolean
is_said_behind (const SkScan *scan, gsize end)
{
  static const char *const words[] = { "フリーダイヤル", "フリーコール", "ナビダイヤル",
                                       "通話無料", "通話料無料", "代表", "電話", "携帯" };

  while (end < scan->length && strchr (" (", scan->text[end]) != NULL && scan->text[end] != '\0')
    end++;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (end + strlen (words[i]) <= scan->length
        && memcmp (scan->text + end, words[i], strlen (words[i])) == 0)
      return TRUE;
  return FALSE;
}

/* Digits without groups: mobile phones anywhere, others where a label or their cell speaks for
 * them. */
static gboolean
is_bare_phone (SkScan *scan, const Phone *phone, SkLabel label)
{
  if (label == SK_LABEL_PHONE)
    return TRUE;
  if (label == SK_LABEL_OTHER
      || !sk_digits_stand_alone (scan, phone->start, phone->end - phone->start))
    return FALSE;
  if (phone->plan->is_mobile && phone->digits[3] != '0')
    return TRUE;
  return (label == SK_LABEL_NONE || label == SK_LABEL_UNKNOWN)
         && (sk_label_fills_cell (scan, phone->start, phone->end - phone->start)
             || is_said_behind (scan, phone->end));
}

static gboolean
is_phone (SkScan *scan, const Phone *phone)
{
  SkLabel label;

  if (!begins_here (scan, phone) || !ends_here (scan, phone->end))
    return FALSE;
  if (phone->is_abroad)
    return TRUE;
  label = sk_label_of (scan, phone->start);
  if (phone->n_groups == 1)
    return is_bare_phone (scan, phone, label);
  if (phone->separator == ' ' && (label == SK_LABEL_VAGUE || label == SK_LABEL_MEMBER))
    return FALSE; /* "ID 090 1234 5678" */
  if (sk_phone_plan_splits (phone->plan, phone->digits, phone->groups))
    return phone->plan->is_mobile
           || (label != SK_LABEL_OTHER && !is_of_part (scan, phone->start));
  return label == SK_LABEL_PHONE;
}

/* Spreadsheets take the first 0 away. Only in a column of phones. */
static gboolean
read_without_zero (Phone *self, SkScan *scan, const SkRun *run)
{
  if ((run->length != 9 && run->length != 10) || scan->text[run->start] == '0'
      || sk_label_column (scan, run->start) != SK_LABEL_PHONE
      || !sk_label_fills_cell (scan, run->start, run->length))
    return FALSE;
  *self = (Phone) { .start = run->start, .digits = "0", .n_digits = 1 };
  return take_groups (self, scan, run, 1, 0) && self->n_digits == run->length + 1;
}

/* Kanji digits and what parts them, as ASCII; and where each ends in the text. */
#define LONGEST_KANJI 24

typedef struct {
  char ascii[LONGEST_KANJI];
  gsize ends[LONGEST_KANJI];
  gsize length;
} Kanji;

static const char zero[] = "〇";

/* The ASCII that stands for `c` in a number of kanji digits; '\0': it is no part of one. */
static char
ascii_for (gunichar c)
{
  static const char parts[] = "-‐–—―−ー─() ";
  int digit = sk_kanji_digit (c);

  if (digit >= 0)
    return (char) ('0' + digit);
  if (c == 0 || g_utf8_strchr (parts, -1, c) == NULL)
    return '\0';
  return c < 0x80 ? (char) c : '-';
}

static void
read_kanji (Kanji *self, const SkScan *scan, gsize start)
{
  self->length = 0;
  while (start < scan->length && self->length < LONGEST_KANJI)
    {
      char c = ascii_for (g_utf8_get_char (scan->text + start));

      if (c == '\0')
        return;
      start += g_utf8_skip[(guchar) scan->text[start]];
      self->ascii[self->length] = c;
      self->ends[self->length++] = start;
    }
}

static gsize
find_kanji_runs (const Kanji *self, SkRun *runs)
{
  gsize n_runs = 0;

  for (gsize i = 0; i < self->length; i++)
    {
      if (!sk_is_digit (self->ascii[i]))
        continue;
      if (i == 0 || !sk_is_digit (self->ascii[i - 1]))
        runs[n_runs++] = (SkRun) { (guint32) i, 0 };
      runs[n_runs - 1].length++;
    }
  return n_runs;
}

static gboolean
is_kanji_begun_before (const SkScan *scan, gsize start)
{
  const char *before = start > 0 ? g_utf8_prev_char (scan->text + start) : " ";
  gunichar c = g_utf8_get_char (before);

  return c < 0x80 ? g_ascii_isalnum ((char) c) || c == '-' : ascii_for (c) != '\0';
}

/* 〇三―三五八一―四一一一, 〇三(三五八一)四一一一, (〇三)三五八一―四一一一 at a 〇. */
static gboolean
read_kanji_phone (Phone *phone, SkScan *scan, gsize start)
{
  Kanji kanji;
  SkRun runs[LONGEST_KANJI];
  SkScan ascii = { kanji.ascii, 0, NULL };
  gsize n_runs;

  if (is_kanji_begun_before (scan, start))
    return FALSE;
  read_kanji (&kanji, scan, start);
  ascii.length = kanji.length;
  n_runs = find_kanji_runs (&kanji, runs);
  *phone = (Phone) { 0 };
  phone->is_open = sk_scan_byte_before (scan, start) == '('
                   && sk_scan_byte (&ascii, runs[0].length) == ')';
  phone->start = start - phone->is_open;
  if (!take_groups (phone, &ascii, runs, n_runs, 0) || !ends_here (&ascii, phone->end))
    return FALSE;
  phone->end = kanji.ends[phone->end - 1];
  return !sk_is_digit (sk_scan_byte (scan, phone->end))
         && (phone->n_groups == 1 ? phone->plan->is_mobile
                                  : sk_phone_plan_splits (phone->plan, phone->digits, phone->groups));
}

/* Adds those in kanji digits of [*from, to). */
static void
add_kanji_phones (SkScan *scan, SkFinds *finds, gsize *from, gsize to)
{
  gsize start;
  Phone phone;

  while (*from < to && (start = sk_scan_next (scan, *from, to, zero)) < to)
    {
      *from = start + strlen (zero);
      if (!read_kanji_phone (&phone, scan, start))
        continue;
      sk_finds_add (finds, phone.start, phone.end - phone.start, phone.digits);
      *from = phone.end;
    }
  *from = MAX (*from, to);
}

static void
find (SkScan *scan, SkFinds *finds)
{
  gsize n_runs, used, kanji_from = 0;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i += used)
    {
      char first = scan->text[runs[i].start];
      Phone phone;

      used = 1;
      if (first != '0' && first != '8' && runs[i].length != 9 && runs[i].length != 10)
        continue;
      if (((read_at_home (&phone, scan, runs + i, n_runs - i)
            || read_dialled (&phone, scan, runs + i, n_runs - i)
            || (runs[i].length > 1 && read_abroad (&phone, scan, runs + i, n_runs - i)))
           && is_phone (scan, &phone))
          || read_without_zero (&phone, scan, &runs[i]))
        {
          add_kanji_phones (scan, finds, &kanji_from, phone.start);
          sk_finds_add (finds, phone.start, phone.end - phone.start, phone.digits);
          used = MAX (phone.n_runs, 1);
        }
    }
  add_kanji_phones (scan, finds, &kanji_from, scan->length);
}

const SkFinder sk_phone_number_finder = { .find = find };
