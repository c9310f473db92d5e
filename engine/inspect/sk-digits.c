// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-digits.h"

#include <string.h>

/* What may touch a number from the left though it is made of letters, in lower case. */
static const char *const prefixes[]
    = { "tel", "fax", "phone", "mobile", "no", "card", "visa", "jcb", "t", "m", "f", "id", "zip" };

#define LONGEST_PREFIX 6

static gboolean
is_joiner (char c)
{
  return c == '-' || c == '_' || c == '.' || c == '/' || c == ':' || c == ',';
}

/* The letters that end at `end`: how many, looking no further than a prefix may be long. */
static gsize
letters_before (const SkScan *scan, gsize end)
{
  gsize count = 0;

  while (count <= LONGEST_PREFIX && count < end && sk_is_letter (scan->text[end - count - 1]))
    count++;
  return count;
}

gboolean
sk_digits_touch_label (const SkScan *scan, gsize end)
{
  gsize length = letters_before (scan, end);
  char before = sk_scan_byte_before (scan, end - length);

  if (length == 0 || sk_is_digit (before) || before == '-' || before == '_')
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (strlen (prefixes[i]) == length
        && g_ascii_strncasecmp (scan->text + end - length, prefixes[i], length) == 0)
      return TRUE;
  return FALSE;
}

#define LONGEST_PARAMETER 24

gboolean
sk_digits_are_parameter (const SkScan *scan, gsize start)
{
  gsize at = start - 1, low = start > LONGEST_PARAMETER ? start - LONGEST_PARAMETER : 0;

  if (start == 0 || scan->text[at] != '=')
    return FALSE;
  while (at > low
         && (sk_is_letter (scan->text[at - 1]) || sk_is_digit (scan->text[at - 1])
             || scan->text[at - 1] == '_'))
    at--;
  return at > low && (scan->text[at - 1] == '?' || scan->text[at - 1] == '&');
}

/* "#4111…" and "ID_4111…"; but no "page#4111…", whose # goes on with what stands before. */
static gboolean
is_after_sign (const SkScan *scan, gsize sign)
{
  char before = sk_scan_byte_before (scan, sign);

  if (scan->text[sign] == '_')
    return sk_digits_touch_label (scan, sign);
  return !sk_is_letter (before) && !sk_is_digit (before) && strchr ("/_-.#&?=", before) == NULL;
}

static gboolean
is_free_before (const SkScan *scan, gsize start)
{
  char before = sk_scan_byte_before (scan, start), further;

  if (sk_is_letter (before))
    return sk_digits_touch_label (scan, start);
  if (before == '_' || before == '#')
    return is_after_sign (scan, start - 1);
  if (sk_is_digit (before) || before == '%' || before == '\\'
      || (before == '=' && sk_digits_are_parameter (scan, start)))
    return FALSE;
  if (start < 2 || !is_joiner (before))
    return TRUE;
  further = scan->text[start - 2];
  if (before == ':' || before == ',')
    return !sk_is_digit (further) || before == ',';
  if (before == '-' && (further == 'T' || further == 't'))
    return start == 2
           || !(sk_is_letter (scan->text[start - 3]) || sk_is_digit (scan->text[start - 3]));
  return !sk_is_digit (further)
         && (!sk_is_letter (further) || (before != '-' && sk_digits_touch_label (scan, start - 1)));
}

static gboolean
is_free_after (const SkScan *scan, gsize end)
{
  char after = sk_scan_byte (scan, end), further = sk_scan_byte (scan, end + 1);

  if (sk_is_letter (after) || sk_is_digit (after) || after == '_' || after == '%' || after == '@')
    return FALSE;
  if (after == '-' || after == '.' || after == '/')
    return !sk_is_digit (further) && !sk_is_letter (further);
  return after != ':' || !sk_is_digit (further);
}

gboolean
sk_digits_stand_alone (const SkScan *scan, gsize start, gsize length)
{
  return is_free_before (scan, start) && is_free_after (scan, start + length);
}

#define MOST_BLANKS 2

gboolean
sk_digits_have_unit (const SkScan *scan, gsize end)
{
  static const char *const units[] = { "円", "個", "件", "台",   "本",     "枚",    "点",
                                       "回", "元", "株", "ドル", "ユーロ", "ウォン", "バイト", "byte" };

  for (guint i = 0; i < MOST_BLANKS && sk_scan_byte (scan, end) == ' '; i++)
    end++;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (end + strlen (units[i]) <= scan->length
        && memcmp (scan->text + end, units[i], strlen (units[i])) == 0)
      return TRUE;
  return FALSE;
}

gsize
sk_digits_copy (const SkScan *scan, gsize start, gsize length, char *value)
{
  gsize count = 0;

  for (gsize i = start; i < start + length; i++)
    if (sk_is_digit (scan->text[i]))
      value[count++] = scan->text[i];
  value[count] = '\0';
  return count;
}

static gsize
run_end (const SkRun *run)
{
  return (gsize) run->start + run->length;
}

/* Whether a run and the next have nothing but `separator` between them. */
static gboolean
are_joined (const SkScan *scan, const SkRun *run, char separator)
{
  return run[1].start == run_end (run) + 1 && scan->text[run_end (run)] == separator;
}

/* Behind a space only a group as long as the one beside it goes on with the number. */
static gboolean
goes_on (const SkScan *scan, const SkRun *run, char separator)
{
  return are_joined (scan, run, separator) && (separator == '-' || run[0].length == run[1].length);
}

static gsize
match_one (const SkScan *scan, const SkRun *runs, gsize n_runs, const char *layout, char separator)
{
  gsize count = 0;

  for (; layout[count] != '\0'; count++)
    {
      if (count >= n_runs || runs[count].length != (guint32) (layout[count] - '0'))
        return 0;
      if (layout[count + 1] != '\0'
          && (count + 1 >= n_runs || !are_joined (scan, &runs[count], separator)))
        return 0;
    }
  return count < n_runs && goes_on (scan, &runs[count - 1], separator) ? 0 : count;
}

gsize
sk_digits_match_layout (SkScan *scan, gsize first, const char *const *layouts, gsize *length)
{
  gsize n_runs, count;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);
  char separator = sk_scan_byte (scan, run_end (&runs[first]));

  if ((separator != '-' && separator != ' ')
      || (first > 0 && goes_on (scan, &runs[first - 1], separator)))
    return 0;
  for (; *layouts != NULL; layouts++)
    {
      count = match_one (scan, runs + first, n_runs - first, *layouts, separator);
      if (count > 0)
        {
          *length = run_end (&runs[first + count - 1]) - runs[first].start;
          return count;
        }
    }
  return 0;
}
