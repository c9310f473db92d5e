// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-key.h"

#include "sk-digits.h"
#include "sk-label-words.h"

#include <string.h>

#define LONGEST_KEY 40
#define MOST_SIGNS 8       /* blanks, quotes and the like between a key and its value */
#define LONGEST_HEADING 40 /* bytes of the line above that may name what stands alone in the next */

static gboolean
is_identifier (char c)
{
  return sk_is_letter (c) || sk_is_digit (c) || c == '_' || c == '-' || c == '.';
}

static inline gboolean
is_one_of (char c, const char *signs)
{
  while (*signs != '\0' && *signs != c)
    signs++;
  return *signs != '\0';
}

/* Back over those of `signs`, a few at most. */
static inline gsize
skip_back (const SkScan *scan, gsize at, const char *signs)
{
  for (guint i = 0; i < MOST_SIGNS && at > 0 && is_one_of (scan->text[at - 1], signs); i++)
    at--;
  return at;
}

static gboolean
read_identifier (const SkScan *scan, gsize end, SkKey *key)
{
  gboolean has_letter = FALSE;

  key->start = key->end = end;
  while (key->start > 0 && end - key->start < LONGEST_KEY && is_identifier (scan->text[key->start - 1]))
    has_letter |= sk_is_letter (scan->text[--key->start]);
  while (key->start < end && !sk_is_letter (scan->text[key->start]))
    key->start++;
  return has_letter && (guchar) sk_scan_byte_before (scan, key->start) < 0x80;
}

/* deviceId, device_id: words joined as no sentence joins them. */
static gboolean
is_joined (const SkScan *scan, const SkKey *key)
{
  for (gsize i = key->start + 1; i < key->end; i++)
    if (scan->text[i] == '_'
        || (g_ascii_isupper (scan->text[i]) && g_ascii_islower (scan->text[i - 1])))
      return TRUE;
  return FALSE;
}

/* At the beginning of a line, an item or a record. */
static gboolean
begins_item (const SkScan *scan, gsize start)
{
  gsize at = skip_back (scan, start, " \t-*");

  return at == 0 || is_one_of (scan->text[at - 1], "\n{,<\"'([&?;|");
}

gboolean
sk_key_before (const SkScan *scan, gsize start, SkKey *key)
{
  gsize value = skip_back (scan, start, " \t\"'`["), sign = value, end;
  gboolean is_quoted = value < start && is_one_of (scan->text[start - 1], "\"'`");
  char last = sk_scan_byte_before (scan, value);

  if (last == '>' || (last == '(' && is_quoted))
    sign = value - 1;
  else if (last == ':' || last == '=')
    sign = skip_back (scan, value, ":=!<>");
  else if (!is_quoted)
    return FALSE;
  end = skip_back (scan, sign, sign < value ? " \t\"'`]" : "");
  if (!read_identifier (scan, end, key))
    return FALSE;
  if (last == '>')
    return key->is_sure = sk_scan_byte_before (scan, key->start) == '<';
  key->is_sure = (end < sign && is_one_of (scan->text[end], "\"'`")) || is_joined (scan, key)
                 || (sign < value && begins_item (scan, key->start));
  return sign < value || begins_item (scan, key->start);
}

SkLabel
sk_key_label (const SkScan *scan, const SkKey *key)
{
  char words[2 * LONGEST_KEY + 1];
  gsize n = 0, length;
  SkLabel label;

  for (gsize i = key->start; i < key->end; i++)
    {
      char c = scan->text[i];

      if (g_ascii_isupper (c) && i > key->start && g_ascii_islower (scan->text[i - 1]))
        words[n++] = ' ';
      words[n++] = c == '_' || c == '-' ? ' ' : g_ascii_tolower (c);
    }
  while (n > 0 && (words[n - 1] == ' ' || words[n - 1] == '.' || sk_is_digit (words[n - 1])))
    n--;
  label = n > 0 ? sk_label_ending (words, 0, n, n, &length) : SK_LABEL_NONE;
  return label != SK_LABEL_NONE ? label : SK_LABEL_UNKNOWN;
}

/* --- what names a kind ---------------------------------------------------------------------- */

/* Name no kind by themselves. */
static const char *const plain_keys[]
    = { "value", "val", "number", "no", "num", "text", "data", "digits", "self", "spouse", "wife", "husband", "child" };

static gboolean
is_word_of (const SkScan *scan, gsize start, gsize end, const char *const *words, gsize n_words)
{
  for (gsize i = 0; i < n_words; i++)
    if (strlen (words[i]) == end - start
        && g_ascii_strncasecmp (scan->text + start, words[i], end - start) == 0)
      return TRUE;
  return FALSE;
}

/* <ProductKey value=…, Meeting number: of a plain word the one before it decides. */
static gboolean
is_of_kind (const SkScan *scan, const SkKey *key)
{
  return !is_word_of (scan, key->start, key->end, plain_keys, G_N_ELEMENTS (plain_keys))
         || sk_label_is_compound (scan->text, 0, key->start);
}

static gboolean
ends_with (const SkScan *scan, gsize end, const char *word)
{
  gsize length = strlen (word);

  return end >= length && g_ascii_strncasecmp (scan->text + end - length, word, length) == 0;
}

static gsize
without_one_of (const SkScan *scan, gsize end, const char *const *words, gsize n_words)
{
  for (gsize i = 0; i < n_words; i++)
    if (ends_with (scan, end, words[i]))
      return end - strlen (words[i]);
  return end;
}

/* The end of the short line above, when nothing stands before the number in its own. */
static gsize
heading_above (const SkScan *scan, gsize at)
{
  gsize low = at > LONGEST_HEADING + 2 ? at - LONGEST_HEADING - 2 : 0, end;

  if (at == 0 || scan->text[at - 1] != '\n')
    return at;
  end = skip_back (scan, at - 1, " \r");
  return low > 0 && memrchr (scan->text + low, '\n', end - MIN (low, end)) == NULL ? at : end;
}

/* Where the noun ends that the number at `start` follows: 引換番号は「1234…」. */
static gsize
noun_end (const SkScan *scan, gsize start)
{
  static const char *const marks[] = { "第", "「", "『", "→", "⇒", "・" };
  static const char *const particles[] = { "の分は", "は", "が", "の分" };
  gsize at = heading_above (scan, skip_back (scan, start, " \t\"'([:=#>"));

  at = skip_back (scan, without_one_of (scan, at, marks, G_N_ELEMENTS (marks)), " \t:\"");
  return without_one_of (scan, sk_label_trim (scan->text, 0, at), particles, G_N_ELEMENTS (particles));
}

/* device 1234-5678-9012: a word in small letters is no name of a person; but "is" names nothing. */
static gboolean
is_of_small_word (const SkScan *scan, gsize start)
{
  static const char *const others[] = { "is", "are", "was", "be", "as", "for", "to", "of", "and", "or", "with", "from", "by" };
  SkKey word;

  if (start == 0 || scan->text[start - 1] != ' ' || !read_identifier (scan, start - 1, &word)
      || !g_ascii_islower (scan->text[word.start]))
    return FALSE;
  return is_of_kind (scan, &word)
         && !is_word_of (scan, word.start, word.end, others, G_N_ELEMENTS (others));
}

/* A noun of papers, parcels, devices and keys, whose numbers they are. */
static gboolean
is_of_thing (const SkScan *scan, gsize end)
{
  static const char *const things[]
      = { "書", "票", "券", "証", "状", "製番", "機番", "器", "機", "値", "便", "鍵", "キー", "トークン", "シリアル",
          "チケット", "ケース", "クロネコ", "ヤマト", "佐川", "西濃", "宅配", "荷物", "小包", "書留", "再配達", "着払い" };

  return without_one_of (scan, end, things, G_N_ELEMENTS (things)) < end;
}

gboolean
sk_key_names_kind (const SkScan *scan, gsize start)
{
  static const char *const counters[] = { "番号", "コード", "ナンバー", "no.", "no", "id" };
  SkKey key;
  gsize end, noun;

  if (sk_key_before (scan, start, &key))
    return is_of_kind (scan, &key);
  if (is_of_small_word (scan, start))
    return TRUE;
  end = noun_end (scan, start);
  if (is_of_thing (scan, end))
    return TRUE;
  noun = without_one_of (scan, end, counters, G_N_ELEMENTS (counters));
  if (noun == end)
    return FALSE;
  if (ends_with (scan, noun, "の"))
    return is_of_thing (scan, noun - strlen ("の"));
  return sk_label_is_compound (scan->text, 0, noun);
}
