// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-date.h"
#include "sk-digits.h"
#include "sk-kanji-number.h"

#include <string.h>

#define FIRST_YEAR 1868
#define LAST_YEAR 2100
#define LONGEST_AGAIN 16 /* bytes of "年(昭和" */

#define ERA(name, before, years) { name, sizeof (name) - 1, before, years }

/* First year less one, and how many years there were (令和 goes on). */
static const struct {
  const char *name;
  gsize length;
  guint before, years;
} eras[] = {
  ERA ("明治", 1867, 45), ERA ("大正", 1911, 15), ERA ("昭和", 1925, 64), ERA ("平成", 1988, 31),
  ERA ("令和", 2018, 80), ERA ("明", 1867, 45),   ERA ("大", 1911, 15),   ERA ("昭", 1925, 64),
  ERA ("平", 1988, 31),   ERA ("令", 2018, 80),   ERA ("M", 1867, 45),    ERA ("T", 1911, 15),
  ERA ("S", 1925, 64),    ERA ("H", 1988, 31),    ERA ("R", 2018, 80),
};

static const char *const months[]
    = { "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december" };

static gsize
run_end (const SkRun *run)
{
  return (gsize) run->start + run->length;
}

static guint
number (const SkScan *scan, gsize start, gsize length)
{
  guint value = 0;

  for (gsize i = start; i < start + length; i++)
    value = value * 10 + (guint) (scan->text[i] - '0');
  return value;
}

static gboolean
is_day (const SkDate *date)
{
  static const guint days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean is_leap = (date->year % 4 == 0 && date->year % 100 != 0) || date->year % 400 == 0;

  if (date->year < FIRST_YEAR || date->year > LAST_YEAR || date->month < 1 || date->month > 12
      || date->day < 1)
    return FALSE;
  return date->day <= days[date->month - 1] && (date->month != 2 || date->day < 29 || is_leap);
}

static gboolean
ends_with (const SkScan *scan, gsize end, const char *word)
{
  gsize length = strlen (word);

  return end >= length && memcmp (scan->text + end - length, word, length) == 0;
}

/* The era whose name ends at `end`; Latin letters only where no word ends with them. -1: none. */
static int
era_before (const SkScan *scan, gsize end)
{
  char last = sk_scan_byte_before (scan, end);

  if (!sk_is_letter (last) && (guchar) last < 0x80)
    return -1;
  for (guint i = 0; i < G_N_ELEMENTS (eras); i++)
    if (eras[i].name[eras[i].length - 1] == last && ends_with (scan, end, eras[i].name)
        && (eras[i].length > 1 || !sk_is_letter (sk_scan_byte_before (scan, end - 1))))
      return (int) i;
  return -1;
}

static gsize
skip_spaces_back (const SkScan *scan, gsize at)
{
  return at > 0 && scan->text[at - 1] == ' ' ? at - 1 : at;
}

/* Whether [start, end) is `word`, with a space before or behind it at most. */
static gboolean
is_between (const SkScan *scan, gsize start, gsize end, const char *word)
{
  gsize length = strlen (word);

  start += start < end && scan->text[start] == ' ';
  end -= end > start + length && scan->text[end - 1] == ' ';
  return end - start == length && memcmp (scan->text + start, word, length) == 0;
}

/* Month and day in runs[0] and runs[1]. */
static gboolean
take_month_and_day (const SkScan *scan, const SkRun *runs, SkDate *date)
{
  date->month = number (scan, runs[0].start, runs[0].length);
  date->day = number (scan, runs[1].start, runs[1].length);
  date->end = run_end (&runs[1]);
  if (date->end + 3 <= scan->length && memcmp (scan->text + date->end, "日", 3) == 0)
    date->end += 3;
  return is_day (date);
}

/* Month and day in runs[0] and runs[1], behind a year that ends at `end`; "年" and "月", or twice
 * the same sign. */
static gboolean
read_month_and_day (const SkScan *scan, gsize end, const SkRun *runs, SkDate *date)
{
  static const char *const signs[] = { "/", "-", "." };
  gboolean is_right;

  if (runs[0].length > 2 || runs[1].length > 2)
    return FALSE;
  is_right = is_between (scan, end, runs[0].start, "年")
             && is_between (scan, run_end (&runs[0]), runs[1].start, "月");
  for (gsize i = 0; !is_right && i < G_N_ELEMENTS (signs); i++)
    is_right = is_between (scan, end, runs[0].start, signs[i])
               && is_between (scan, run_end (&runs[0]), runs[1].start, signs[i]);
  return is_right && take_month_and_day (scan, runs, date);
}

/* 1984年(昭和59年)7月21日, 昭和59(1984)年7月21日: whether runs[0] tells the year that ends at `end` again, in the other
 * calendar, and runs[1] follows. */
static gboolean
is_told_again (const SkScan *scan, gsize end, const SkRun *runs)
{
  static const struct {
    const char *opening, *closing;
  } forms[] = { { "年(", "年)" }, { "年(", ")" }, { "(", ")年" }, { "(", "年)年" } };

  if (runs[0].start - end > LONGEST_AGAIN)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (runs[0].start - end >= strlen (forms[i].opening)
        && memcmp (scan->text + end, forms[i].opening, strlen (forms[i].opening)) == 0
        && is_between (scan, run_end (&runs[0]), runs[1].start, forms[i].closing))
      return TRUE;
  return FALSE;
}

static gboolean
read_behind_two_years (const SkScan *scan, gsize end, const SkRun *runs, gsize n_runs, SkDate *date)
{
  return n_runs >= 3 && is_told_again (scan, end, runs) && runs[1].length <= 2 && runs[2].length <= 2
         && is_between (scan, run_end (&runs[1]), runs[2].start, "月")
         && take_month_and_day (scan, runs + 1, date);
}

static gboolean
read_behind_year (const SkScan *scan, const SkRun *runs, gsize n_runs, SkDate *date)
{
  gsize end = run_end (&runs[0]);

  return read_month_and_day (scan, end, runs + 1, date)
         || read_behind_two_years (scan, end, runs + 1, n_runs - 1, date);
}

static gboolean
read_common (const SkScan *scan, const SkRun *runs, gsize n_runs, SkDate *date)
{
  if (n_runs < 3 || runs[0].length != 4)
    return FALSE;
  date->start = runs[0].start;
  date->year = number (scan, runs[0].start, 4);
  return read_behind_year (scan, runs, n_runs, date);
}

static gboolean
take_era (const SkScan *scan, gsize name_end, guint year, SkDate *date)
{
  int era = era_before (scan, name_end);

  if (era < 0 || year < 1 || year > eras[era].years)
    return FALSE;
  date->start = name_end - eras[era].length;
  date->year = eras[era].before + year;
  return TRUE;
}

/* Before "S " or "昭.", where the name of the era ends. */
static gsize
era_end (const SkScan *scan, gsize at)
{
  at = skip_spaces_back (scan, at);
  return at > 0 && scan->text[at - 1] == '.' ? at - 1 : at;
}

/* 昭和55年3月4日, S55.3.4, 昭.55.3.4 */
static gboolean
read_era (const SkScan *scan, const SkRun *runs, gsize n_runs, SkDate *date)
{
  return n_runs >= 3 && runs[0].length <= 2
         && take_era (scan, era_end (scan, runs[0].start),
                      number (scan, runs[0].start, runs[0].length), date)
         && read_behind_year (scan, runs, n_runs, date);
}

/* 平成元年1月8日, H元.1.8: the run is the month. */
static gboolean
read_first_year (const SkScan *scan, const SkRun *runs, gsize n_runs, SkDate *date)
{
  static const char first[] = "元";
  gsize end = skip_spaces_back (scan, runs[0].start);

  if (n_runs < 2 || runs[0].length > 2 || end == 0)
    return FALSE;
  end -= ends_with (scan, end, "年") ? strlen ("年") : strchr ("./-", scan->text[end - 1]) != NULL ? 1 : 0;
  return ends_with (scan, end, first) && take_era (scan, end - strlen (first), 1, date)
         && read_month_and_day (scan, end, runs, date);
}

/* 19800304 */
static gboolean
read_packed (const SkScan *scan, const SkRun *runs, SkDate *date)
{
  if (runs[0].length != 8 || !sk_digits_stand_alone (scan, runs[0].start, 8))
    return FALSE;
  *date = (SkDate) { runs[0].start, run_end (&runs[0]), number (scan, runs[0].start, 4),
                     number (scan, runs[0].start + 4, 2), number (scan, runs[0].start + 6, 2) };
  return is_day (date);
}

/* S550304 */
static gboolean
read_packed_era (const SkScan *scan, const SkRun *runs, SkDate *date)
{
  gsize start = runs[0].start;

  if (!take_era (scan, start, number (scan, start, 2), date))
    return FALSE;
  date->end = run_end (&runs[0]);
  date->month = number (scan, start + 2, 2);
  date->day = number (scan, start + 4, 2);
  return is_day (date);
}

/* 03/04/1980: the month first, or the day where it can't be a month. */
static gboolean
read_year_last (const SkScan *scan, const SkRun *runs, gsize n_runs, SkDate *date)
{
  guint first, second;
  char sign;

  if (n_runs < 3 || runs[0].length > 2 || runs[1].length > 2 || runs[2].length != 4)
    return FALSE;
  sign = scan->text[run_end (&runs[0])];
  if ((sign != '/' && sign != '-' && sign != '.') || runs[1].start != run_end (&runs[0]) + 1
      || runs[2].start != run_end (&runs[1]) + 1 || scan->text[run_end (&runs[1])] != sign)
    return FALSE;
  first = number (scan, runs[0].start, runs[0].length);
  second = number (scan, runs[1].start, runs[1].length);
  *date = (SkDate){ runs[0].start, run_end (&runs[2]), number (scan, runs[2].start, 4),
                    first > 12 ? second : first, first > 12 ? first : second };
  return is_day (date);
}

/* The month whose name, or three letters or more of it, is the word [start, end); 0: none. */
static guint
month_named (const SkScan *scan, gsize start, gsize end)
{
  gsize length = end - start;

  for (guint i = 0; i < G_N_ELEMENTS (months); i++)
    if (length >= 3 && length <= strlen (months[i])
        && g_ascii_strncasecmp (scan->text + start, months[i], length) == 0)
      return i + 1;
  return 0;
}

/* The letters that end at `end`, no more than a month has. */
static gsize
word_start (const SkScan *scan, gsize end)
{
  gsize start = end;

  while (start > 0 && end - start < 10 && sk_is_letter (scan->text[start - 1]))
    start--;
  return start;
}

static gsize
skip_ordinal (const SkScan *scan, gsize at)
{
  static const char *const endings[] = { "st", "nd", "rd", "th" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (at + 2 <= scan->length && g_ascii_strncasecmp (scan->text + at, endings[i], 2) == 0)
      return at + 2;
  return at;
}

/* March 4, 1980 */
static gboolean
read_month_first (const SkScan *scan, const SkRun *runs, SkDate *date)
{
  gsize end = runs[0].start, gap = skip_ordinal (scan, run_end (&runs[0]));

  while (end > 0 && runs[0].start - end < 2 && strchr (" .", scan->text[end - 1]) != NULL)
    end--;
  if (gap + 3 < runs[1].start || gap >= runs[1].start
      || strspn (scan->text + gap, " ,.") < runs[1].start - gap)
    return FALSE;
  *date = (SkDate) { word_start (scan, end), run_end (&runs[1]), number (scan, runs[1].start, 4), 0,
                     number (scan, runs[0].start, runs[0].length) };
  date->month = month_named (scan, date->start, end);
  return is_day (date);
}

/* 4 March 1980, 4-Mar-1980 */
static gboolean
read_day_first (const SkScan *scan, const SkRun *runs, SkDate *date)
{
  gsize start = skip_ordinal (scan, run_end (&runs[0])), end = runs[1].start;

  while (start < end && strchr (" -", scan->text[start]) != NULL)
    start++;
  while (end > start && strchr (" -.,", scan->text[end - 1]) != NULL)
    end--;
  *date = (SkDate){ runs[0].start, run_end (&runs[1]), number (scan, runs[1].start, 4),
                    month_named (scan, start, end), number (scan, runs[0].start, runs[0].length) };
  return is_day (date);
}

static gboolean
read_english (const SkScan *scan, const SkRun *runs, gsize n_runs, SkDate *date)
{
  if (n_runs < 2 || runs[1].length != 4 || runs[1].start - run_end (&runs[0]) > 16)
    return FALSE;
  return read_month_first (scan, runs, date) || read_day_first (scan, runs, date);
}

gboolean
sk_date_read (const SkScan *scan, const SkRun *runs, gsize n_runs, SkDate *date)
{
  if (!sk_date_may_begin (scan, &runs[0]))
    return FALSE;
  if (runs[0].length == 8)
    return read_packed (scan, runs, date);
  if (runs[0].length == 6)
    return read_packed_era (scan, runs, date);
  if (runs[0].length == 4)
    return read_common (scan, runs, n_runs, date);
  return read_era (scan, runs, n_runs, date) || read_first_year (scan, runs, n_runs, date)
         || read_year_last (scan, runs, n_runs, date) || read_english (scan, runs, n_runs, date);
}

static gboolean
is_kanji_figure (gunichar c)
{
  return sk_kanji_digit (c) >= 0 || c == 0x5341 || c == 0x767e || c == 0x5343; /* 十 百 千 */
}

#define LONGEST_KANJI_YEAR 7 /* 千九百八十五 and one more */

static gsize
kanji_figures_before (const SkScan *scan, gsize end)
{
  gsize start = end;

  for (guint i = 0; i < LONGEST_KANJI_YEAR && start > 0; i++)
    {
      const char *before = g_utf8_prev_char (scan->text + start);

      if (!is_kanji_figure (g_utf8_get_char (before)))
        break;
      start = (gsize) (before - scan->text);
    }
  return start;
}

/* The year that ends at `end`: 昭和五十五, 平成元, 一九八〇. */
static gboolean
read_kanji_year (const SkScan *scan, gsize end, SkDate *date)
{
  const char *at;
  guint year;
  gboolean is_kanji;

  if (ends_with (scan, end, "元"))
    return take_era (scan, end - strlen ("元"), 1, date);
  date->start = kanji_figures_before (scan, end);
  at = scan->text + date->start;
  if (!sk_kanji_number_parse (&at, scan->text + end, &year, &is_kanji) || at != scan->text + end)
    return FALSE;
  if (take_era (scan, date->start, year, date))
    return TRUE;
  date->year = year;
  return year >= FIRST_YEAR;
}

/* A number and then `sign`, from date->end on. */
static gboolean
read_kanji_part (const SkScan *scan, SkDate *date, const char *sign, guint *value)
{
  const char *at = scan->text + date->end, *end = scan->text + scan->length;
  gboolean is_kanji;

  at += at < end && *at == ' ';
  if (!sk_kanji_number_parse (&at, end, value, &is_kanji) || !is_kanji
      || (gsize) (end - at) < strlen (sign) || memcmp (at, sign, strlen (sign)) != 0)
    return FALSE;
  date->end = (gsize) (at - scan->text) + strlen (sign);
  return TRUE;
}

gboolean
sk_date_read_kanji (const SkScan *scan, gsize year_sign, SkDate *date)
{
  if (!read_kanji_year (scan, year_sign, date))
    return FALSE;
  date->end = year_sign + strlen ("年");
  return read_kanji_part (scan, date, "月", &date->month)
         && read_kanji_part (scan, date, "日", &date->day) && is_day (date);
}
