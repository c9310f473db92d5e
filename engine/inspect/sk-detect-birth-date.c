/* Dates of birth: dates that a label, the head of their column, or "生まれ" behind them says are.
 * The value is the date as ISO 8601 writes it. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-date.h"
#include "sk-detector.h"
#include "sk-digits.h"
#include "sk-label.h"

#include <string.h>

/* What may follow the date at once, or behind a space or "(": 1980年3月4日生まれ, 1980/3/4(生),
 * 1980-03-04 生. */
#define REACH_ON 12 /* bytes from one date to the next */

static const char *const births[] = { "生れ", "うまれ", "出生", "誕生" };

static gboolean
starts_with (const SkScan *scan, gsize at, const char *word)
{
  gsize length = strlen (word);

  return at + length <= scan->length && memcmp (scan->text + at, word, length) == 0;
}

/* "生" alone must end there: 生産 and 生徒 begin with it. */
static gboolean
is_birth_alone (const SkScan *scan, gsize at)
{
  gsize end = at + strlen ("生");

  return starts_with (scan, at, "生")
         && (end >= scan->length || (guchar) scan->text[end] < 0x80 || starts_with (scan, end, "、")
             || starts_with (scan, end, "。"));
}

#define PLACE_REACH 30 /* bytes */

/* 1980年3月4日東京都生まれ, 1980年3月4日、東京都に生まれる: Han characters, and then the word. */
static gboolean
is_born_at (const SkScan *scan, gsize at)
{
  gsize limit = MIN (at + PLACE_REACH, scan->length);

  at += starts_with (scan, at, "、") ? 3 : 0;
  while (at + 3 <= limit && (guchar) scan->text[at] >= 0xe4 && (guchar) scan->text[at] <= 0xe9
         && !starts_with (scan, at, "生"))
    at += 3;
  at += starts_with (scan, at, "に") || starts_with (scan, at, "で") ? 3 : 0;
  return starts_with (scan, at, "生まれ") && !starts_with (scan, at, "生まれ変");
}

#define REMARK_REACH 26 /* bytes */

/* Behind "(火)" or "(東京都)"; `at` when there is no such remark. */
static gsize
skip_remark (const SkScan *scan, gsize at)
{
  gsize limit = MIN (at + REMARK_REACH, scan->length);
  const char *closing = sk_scan_byte (scan, at) == '(' ? memchr (scan->text + at, ')', limit - at) : NULL;

  return closing != NULL ? (gsize) (closing + 1 - scan->text) : at;
}

static gboolean
is_birth_at (const SkScan *scan, gsize at)
{
  for (gsize i = 0; i < G_N_ELEMENTS (births); i++)
    if (starts_with (scan, at, births[i]))
      return TRUE;
  return is_birth_alone (scan, at) || is_born_at (scan, at);
}

static gboolean
is_said_behind (const SkScan *scan, gsize end)
{
  while (end < scan->length && scan->text[end] == ' ')
    end++;
  if (is_birth_at (scan, end + (sk_scan_byte (scan, end) == '(')))
    return TRUE;
  end = skip_remark (scan, end);
  return is_birth_at (scan, end + (starts_with (scan, end, "の") ? strlen ("の") : 0));
}

/* Han characters and katakana are parts of compounds. */
static gboolean
is_compound_character (const SkScan *scan, gsize at)
{
  gunichar c = at < scan->length ? g_utf8_get_char (scan->text + at) : 0;

  return (c >= 0x30a1 && c <= 0x30fa) || (c >= 0x4e00 && c <= 0x9fff);
}

/* 誕生日会は…, 生年月日確認日…, 生年月日の訂正届は…: the word is part of the name of something else, whose date it is. */
static gboolean
is_of_something_else (SkScan *scan, gsize start)
{
  static const char *const goes_on[] = { "西暦", "和暦", "年齢", "性別", "欄", "等", "明", "大", "昭", "平", "令", "元号" };
  gsize gap, end;

  if (sk_label_before (scan, start, &gap) != SK_LABEL_BIRTH)
    return FALSE;
  end = start - gap;
  for (gsize i = 0; i < G_N_ELEMENTS (goes_on); i++)
    if (starts_with (scan, end, goes_on[i]))
      return FALSE;
  return end < start && (starts_with (scan, end, "の") || is_compound_character (scan, end));
}

static gboolean
is_labelled (SkScan *scan, gsize start)
{
  return sk_label_of (scan, start) == SK_LABEL_BIRTH && !is_of_something_else (scan, start);
}

static gboolean
is_birth (SkScan *scan, const SkDate *date)
{
  char before = sk_scan_byte_before (scan, date->start);

  if (sk_is_digit (before) || sk_is_digit (sk_scan_byte (scan, date->end)))
    return FALSE;
  return is_said_behind (scan, date->end) || is_labelled (scan, date->start);
}

/* 生年月日 1970-03-02 / 昭和46年10月6日: what follows one, in the same cell, is one more. */
static gboolean
goes_on (const SkScan *scan, gsize last, gsize start)
{
  const char *text = scan->text;

  if (last == 0 || start - last > REACH_ON)
    return FALSE;
  while (last < start && text[last] == ' ')
    last++;
  if (last == start || strchr ("/(", text[last++]) == NULL)
    return FALSE;
  while (last < start && text[last] == ' ')
    last++;
  return last == start;
}

static char *
write_number (char *at, guint value, guint n_digits)
{
  for (guint i = n_digits; i-- > 0; value /= 10)
    at[i] = (char) ('0' + value % 10);
  return at + n_digits;
}

static void
write_date (char *at, const SkDate *date)
{
  at = write_number (at, date->year, 4);
  *at++ = '-';
  at = write_number (at, date->month, 2);
  *at++ = '-';
  *write_number (at, date->day, 2) = '\0';
}

static void
add_date (SkFinds *finds, const SkDate *date)
{
  char value[sizeof "1980-03-04"];

  write_date (value, date);
  sk_finds_add (finds, date->start, date->end - date->start, value);
}

/* Columns are told by their ASCII digits; here the words beside it must say it. */
static gboolean
is_kanji_birth (SkScan *scan, const SkDate *date)
{
  return is_said_behind (scan, date->end)
         || (sk_label_beside (scan, date->start) == SK_LABEL_BIRTH
             && !is_of_something_else (scan, date->start));
}

/* Adds those in kanji of [*from, to). */
static void
add_kanji_dates (SkScan *scan, SkFinds *finds, gsize *from, gsize to)
{
  static const char sign[] = "年";
  gsize year_sign;
  SkDate date;

  while (*from < to && (year_sign = sk_scan_next (scan, *from, to, sign)) < to)
    {
      *from = year_sign + strlen (sign);
      if (!sk_date_read_kanji (scan, year_sign, &date) || !is_kanji_birth (scan, &date))
        continue;
      add_date (finds, &date);
      *from = date.end;
    }
  *from = MAX (*from, to);
}

static void
find (SkScan *scan, SkFinds *finds)
{
  gsize n_runs, end = 0, kanji_from = 0;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i++)
    {
      SkDate date;

      if (!sk_date_may_begin (scan, &runs[i]) || runs[i].start < end
          || !sk_date_read (scan, &runs[i], n_runs - i, &date) || date.start < end
          || !(is_birth (scan, &date) || goes_on (scan, end, date.start)))
        continue;
      add_kanji_dates (scan, finds, &kanji_from, date.start);
      add_date (finds, &date);
      end = date.end;
      kanji_from = MAX (kanji_from, end);
    }
  add_kanji_dates (scan, finds, &kanji_from, scan->length);
}

const SkFinder sk_birth_date_finder = { .find = find };
