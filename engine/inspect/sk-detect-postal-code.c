/* Japanese postal codes: 〒123-4567, 〒1234567, and 123-4567 where an address follows, a label
 * says so or the sentence or line is about such codes. The value is the seven digits. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector.h"
#include "sk-digits.h"
#include "sk-key.h"
#include "sk-label.h"
#include "sk-topic.h"

#include <string.h>

#define MARK_REACH 16   /* bytes before the code in which 〒 stands */
#define ADDRESS_GAP 8   /* between the code and its address */
#define TOWN_REACH 60   /* in which 市 or 区 stand, and then digits */
#define LATIN_REACH 24
#define TOPIC_REACH 120 /* before the code, in its line, in which 郵便番号 stands */
#define CARD_REACH 400  /* to the beginning of an address in a card of contacts */

static const char *const prefectures[] = {
  "北海道", "青森", "岩手", "宮城", "秋田", "山形", "福島", "茨城", "栃木", "群馬", "埼玉", "千葉",
  "東京",   "神奈川", "新潟", "富山", "石川", "福井", "山梨", "長野", "岐阜", "静岡", "愛知", "三重",
  "滋賀",   "京都", "大阪", "兵庫", "奈良", "和歌山", "鳥取", "島根", "岡山", "広島", "山口", "徳島",
  "香川",   "愛媛", "高知", "福岡", "佐賀", "長崎", "熊本", "大分", "宮崎", "鹿児島", "沖縄",
};

#define HOKKAIDO 0 /* its number: 道 is part of its name */

static const char *const latin_prefectures[] = {
  "hokkaido",  "aomori",   "iwate",    "miyagi",    "akita",     "yamagata",  "fukushima",
  "ibaraki",   "tochigi",  "gunma",    "saitama",   "chiba",     "tokyo",     "kanagawa",
  "niigata",   "toyama",   "ishikawa", "fukui",     "yamanashi", "nagano",    "gifu",
  "shizuoka",  "aichi",    "mie",      "shiga",     "kyoto",     "osaka",     "hyogo",
  "nara",      "wakayama", "tottori",  "shimane",   "okayama",   "hiroshima", "yamaguchi",
  "tokushima", "kagawa",   "ehime",    "kochi",     "fukuoka",   "saga",      "nagasaki",
  "kumamoto",  "oita",     "miyazaki", "kagoshima", "okinawa",   "japan",     "yokohama",
  "nagoya",    "sapporo",  "kobe",     "sendai",    "kawasaki",
};

static gboolean
starts_with (const SkScan *scan, gsize at, const char *word)
{
  gsize length = strlen (word);

  return at + length <= scan->length && memcmp (scan->text + at, word, length) == 0;
}

/* 〒 (or 〠), with nothing but spaces, a colon or quotes behind it. */
static gboolean
has_mark (const SkScan *scan, gsize start)
{
  gsize at = start, low = start > MARK_REACH ? start - MARK_REACH : 0;

  while (at > low && (strchr (" :(\"\t", scan->text[at - 1]) != NULL && scan->text[at - 1] != '\0'))
    at--;
  return at >= 3
         && (memcmp (scan->text + at - 3, "〒", 3) == 0
             || memcmp (scan->text + at - 3, "〠", 3) == 0);
}

/* Han, katakana and hiragana are three bytes from U+3040 to U+9FFF: names of places. */
static gboolean
is_name_character (const char *text)
{
  guchar first = (guchar) text[0], second = (guchar) text[1];

  return (first == 0xe3 && second >= 0x81) || (first >= 0xe4 && first <= 0xe9);
}

/* The signs 市, 区, 郡, 町 and 村 in the name at `at`, up to `limit`, each with a name of its own before it (横浜市西区, not
 * 市区町村). `end`: where the name ends. */
static guint
count_units (const SkScan *scan, gsize at, gsize limit, gsize *end)
{
  static const char *const units[] = { "市", "区", "郡", "町", "村" };
  gboolean has_name = FALSE;
  guint n_units = 0;

  for (; at + 3 <= limit && is_name_character (scan->text + at); at += 3)
    {
      gboolean is_unit = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
        is_unit |= memcmp (scan->text + at, units[i], 3) == 0;
      n_units += is_unit && has_name;
      has_name = !is_unit;
    }
  *end = at;
  return n_units;
}

/* A name with such a sign, and then a number of a house, or with two of them: a town without its prefecture. */
static gboolean
has_town (const SkScan *scan, gsize at)
{
  gsize limit = MIN (at + TOWN_REACH, scan->length), end;
  guint n_units = count_units (scan, at, limit, &end);

  return n_units >= 2 || (n_units == 1 && end < limit && sk_is_digit (scan->text[end]));
}

static gboolean
ends_cell (const SkScan *scan, gsize at)
{
  return at >= scan->length || strchr ("\t,\"|\r\n", scan->text[at]) != NULL;
}

/* Behind the name of a prefecture, its 都, 府 or 県. */
static gsize
skip_prefecture_sign (const SkScan *scan, gsize at, gsize prefecture)
{
  static const char *const signs[] = { "都", "府", "県" };

  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (prefecture != HOKKAIDO && starts_with (scan, at, signs[i]))
      return at + strlen (signs[i]);
  return at;
}

/* 東京都千代田区, or 東京 as all there is in a cell; not 東京会場, 大阪工場, nor 新潟県産. */
static gboolean
has_prefecture (const SkScan *scan, gsize at)
{
  for (gsize i = 0; i < G_N_ELEMENTS (prefectures); i++)
    if (starts_with (scan, at, prefectures[i]))
      {
        gsize name_end = at + strlen (prefectures[i]), end = skip_prefecture_sign (scan, name_end, i);
        gsize town = end + (sk_scan_byte (scan, end) == ' ');

        if (ends_cell (scan, end))
          return TRUE;
        return (end > name_end || i == HOKKAIDO) && !starts_with (scan, town, "産")
               && count_units (scan, town, MIN (town + TOWN_REACH, scan->length), &end) > 0;
      }
  return FALSE;
}

/* Where the next thing behind the code begins; `is_near`: in the same line. */
static gsize
skip_gap (const SkScan *scan, gsize at, gboolean *is_near)
{
  gsize limit = MIN (at + ADDRESS_GAP, scan->length);

  *is_near = TRUE;
  for (; at < limit && strchr (" \t,\"|)\r\n:;", scan->text[at]) != NULL && scan->text[at] != '\0';
       at++)
    *is_near &= scan->text[at] != '\n';
  return at;
}

static gboolean
has_address_behind (const SkScan *scan, gsize start, gsize end)
{
  gboolean is_near;
  gsize at = skip_gap (scan, end, &is_near);

  return has_prefecture (scan, at)
         || ((is_near || sk_label_fills_cell (scan, start, end - start)) && has_town (scan, at))
         || (at + 5 <= scan->length && g_ascii_strncasecmp (scan->text + at, "japan", 5) == 0);
}

static gboolean
is_one_of (const char *word, gsize length, const char *const *words, gsize n_words)
{
  for (gsize i = 0; i < n_words; i++)
    if (strlen (words[i]) == length && g_ascii_strncasecmp (word, words[i], length) == 0)
      return TRUE;
  return FALSE;
}

/* Minato|-ku: what [begin, end) says a name before its hyphen is of. */
static gboolean
is_latin_unit (const char *text, gsize begin, gsize end)
{
  static const char *const units[]
      = { "to", "do", "fu", "ken", "shi", "ku", "gun", "cho", "machi", "mura", "son" };

  return begin >= 2 && text[begin - 1] == '-' && sk_is_letter (text[begin - 2])
         && is_one_of (text + begin, end - begin, units, G_N_ELEMENTS (units));
}

/* "…, Chiyoda-ku, Tokyo 100-0001", "…, Chiyoda-ku 100-0001". */
static gboolean
has_latin_place (const SkScan *scan, gsize start)
{
  gsize end = start, begin;

  while (end > 0 && start - end < 4 && (scan->text[end - 1] == ' ' || scan->text[end - 1] == ','))
    end--;
  begin = end;
  while (begin > 0 && end - begin < LATIN_REACH && sk_is_letter (scan->text[begin - 1]))
    begin--;
  return is_one_of (scan->text + begin, end - begin, latin_prefectures, G_N_ELEMENTS (latin_prefectures))
         || (end < start && is_latin_unit (scan->text, begin, end));
}

/* Where the line that `at` is in begins, or `reach` bytes before `at`. */
static gsize
line_start (const SkScan *scan, gsize at, gsize reach)
{
  gsize low = at > reach ? at - reach : 0;
  const char *newline = memrchr (scan->text + low, '\n', at - low);

  return newline != NULL ? (gsize) (newline - scan->text) + 1 : low;
}

/* The sixth part of what a vCard's ADR holds (RFC 6350, 6.3.1), which begins behind the first colon. */
#define CODE_PART 5 /* semicolons before it */

static gboolean
is_part_of_card (const SkScan *scan, gsize start, gsize end)
{
  static const SkTopicWord words[] = { { "ADR;" }, { "ADR:" }, { NULL } };
  char after = sk_scan_byte (scan, end);
  gsize at = line_start (scan, start, CARD_REACH), n_parts = 0;
  const char *colon;

  if (sk_scan_byte_before (scan, start) != ';' || strchr (";\r\n ", after) == NULL)
    return FALSE;
  colon = memchr (scan->text + at, ':', start - at);
  if (colon == NULL || !sk_topic_is_in (scan, at, (gsize) (colon - scan->text) + 1, words))
    return FALSE;
  for (at = (gsize) (colon - scan->text); at < start; at++)
    n_parts += scan->text[at] == ';' && scan->text[at - 1] != '\\';
  return n_parts == CODE_PART;
}

/* 郵便番号が抜けています。100-0001 でしょうか: the line is about such codes. */
static gboolean
is_spoken_of (const SkScan *scan, gsize start, gsize end, SkLabel label)
{
  static const SkTopicWord words[] = { { "郵便番号" }, { "postal code" }, { "Postal code" }, { NULL } };

  return (label == SK_LABEL_NONE || label == SK_LABEL_VAGUE)
         && sk_topic_is_in (scan, line_start (scan, start, TOPIC_REACH), start, words)
         && (label == SK_LABEL_VAGUE || !sk_key_names_kind (scan, start)) && !sk_digits_have_unit (scan, end);
}

/* Neither a longer number nor a name goes on before or behind. */
static gboolean
is_apart (const SkScan *scan, gsize start, gsize end)
{
  char before = sk_scan_byte_before (scan, start), after = sk_scan_byte (scan, end);
  char further = sk_scan_byte (scan, end + 1);

  if (sk_is_letter (before) || before == '_' || before == '-' || before == '.' || before == '#'
      || before == '+')
    return FALSE;
  if ((before == ')' || before == '(') && start > 1 && sk_is_digit (scan->text[start - 2]))
    return FALSE;
  if (sk_is_letter (after) || after == '_' || after == '%' || after == '-')
    return FALSE;
  return after != '.' || !sk_is_digit (further);
}

/* Of a part or a member even what stands before an address is no postal code. */
static gboolean
is_label_of_others (SkLabel label)
{
  return label == SK_LABEL_OTHER || label == SK_LABEL_PHONE || label == SK_LABEL_MEMBER;
}

static gboolean
is_dummy (const char *digits)
{
  return strspn (digits, "0") == strlen (digits);
}

static gboolean
is_postal_code (SkScan *scan, gsize start, gsize end)
{
  SkLabel label;

  if (!is_apart (scan, start, end))
    return FALSE;
  if (has_mark (scan, start))
    return TRUE;
  label = sk_label_of (scan, start);
  if (label == SK_LABEL_POSTAL)
    return !sk_digits_have_unit (scan, end);
  if (is_part_of_card (scan, start, end))
    return TRUE;
  if (end - start == 7 || is_label_of_others (label))
    return FALSE;
  return has_address_behind (scan, start, end) || has_latin_place (scan, start)
         || is_spoken_of (scan, start, end, label);
}

/* NNN-NNNN or NNNNNNN that begins with run `i`; the count of runs, or 0. */
static guint
match (const SkScan *scan, const SkRun *runs, gsize n_runs, gsize i)
{
  gsize end = (gsize) runs[i].start + runs[i].length;

  if (runs[i].length == 7)
    return 1;
  return runs[i].length == 3 && i + 1 < n_runs && runs[i + 1].length == 4
                 && runs[i + 1].start == end + 1 && scan->text[end] == '-'
             ? 2
             : 0;
}

static void
find (SkScan *scan, SkFinds *finds)
{
  gsize n_runs;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize i = 0; i < n_runs; i++)
    {
      gsize start = runs[i].start, end;
      guint count = match (scan, runs, n_runs, i);
      char value[8];

      if (count == 0)
        continue;
      end = (gsize) runs[i + count - 1].start + runs[i + count - 1].length;
      sk_digits_copy (scan, start, end - start, value);
      if (is_dummy (value) || !is_postal_code (scan, start, end))
        continue;
      sk_finds_add (finds, start, end - start, value);
      i += count - 1;
    }
}

const SkFinder sk_postal_code_finder = { .find = find };
