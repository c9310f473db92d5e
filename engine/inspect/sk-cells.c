// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-cells.h"

#include "sk-word-set.h"

#include <string.h>

#define MAX_CELLS 256
#define MAX_HEAD 40 /* bytes of a head that is worth looking up */

enum {
  ALONE = 0,
  BEFORE = 1, /* more may stand before it */
  BEHIND = 2,
};

/* In lower case, without blanks; the first that fits counts. */
#define HEADS(H) \
  H ("氏名", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("姓", ALONE, SK_HEAD_SURNAME) \
  H ("苗字", ALONE, SK_HEAD_SURNAME) \
  H ("名字", ALONE, SK_HEAD_SURNAME) \
  H ("姓(漢字)", ALONE, SK_HEAD_SURNAME) \
  H ("姓漢字", ALONE, SK_HEAD_SURNAME) \
  H ("氏", ALONE, SK_HEAD_SURNAME) \
  H ("セイ", ALONE, SK_HEAD_SURNAME) \
  H ("せい", ALONE, SK_HEAD_SURNAME) \
  H ("姓カナ", ALONE, SK_HEAD_SURNAME) \
  H ("姓(カナ)", ALONE, SK_HEAD_SURNAME) \
  H ("名", ALONE, SK_HEAD_GIVEN) \
  H ("名(漢字)", ALONE, SK_HEAD_GIVEN) \
  H ("名漢字", ALONE, SK_HEAD_GIVEN) \
  H ("メイ", ALONE, SK_HEAD_GIVEN) \
  H ("めい", ALONE, SK_HEAD_GIVEN) \
  H ("名カナ", ALONE, SK_HEAD_GIVEN) \
  H ("名(カナ)", ALONE, SK_HEAD_GIVEN) \
  H ("会社", BEFORE | BEHIND, SK_HEAD_COMPANY) \
  H ("企業", BEFORE | BEHIND, SK_HEAD_COMPANY) \
  H ("法人", BEFORE | BEHIND, SK_HEAD_COMPANY) \
  H ("組織", BEFORE | BEHIND, SK_HEAD_COMPANY) \
  H ("団体", BEFORE | BEHIND, SK_HEAD_COMPANY) \
  H ("社名", BEFORE, SK_HEAD_COMPANY) \
  H ("貴社", ALONE, SK_HEAD_COMPANY) \
  H ("所属", BEHIND, SK_HEAD_COMPANY) \
  H ("勤務先", BEHIND, SK_HEAD_COMPANY) \
  H ("取引先", BEHIND, SK_HEAD_COMPANY) \
  H ("仕入先", BEHIND, SK_HEAD_COMPANY) \
  H ("得意先", BEHIND, SK_HEAD_COMPANY) \
  H ("店名", BEFORE, SK_HEAD_COMPANY) \
  H ("店舗", BEFORE | BEHIND, SK_HEAD_COMPANY) \
  H ("施設", BEFORE | BEHIND, SK_HEAD_COMPANY) \
  H ("部署", BEFORE | BEHIND, SK_HEAD_COMPANY) \
  H ("部門", BEFORE | BEHIND, SK_HEAD_COMPANY) \
  H ("部", ALONE, SK_HEAD_COMPANY) \
  H ("部課", ALONE, SK_HEAD_COMPANY) \
  H ("学校", BEHIND, SK_HEAD_COMPANY) \
  H ("company", BEHIND, SK_HEAD_COMPANY) \
  H ("organization", ALONE, SK_HEAD_COMPANY) \
  H ("メール", BEFORE | BEHIND, SK_HEAD_MAIL) \
  H ("mail", BEFORE | BEHIND, SK_HEAD_MAIL) \
  H ("電話", BEFORE | BEHIND, SK_HEAD_PHONE) \
  H ("携帯", BEFORE | BEHIND, SK_HEAD_PHONE) \
  H ("tel", BEFORE | BEHIND, SK_HEAD_PHONE) \
  H ("phone", BEFORE | BEHIND, SK_HEAD_PHONE) \
  H ("mobile", BEFORE | BEHIND, SK_HEAD_PHONE) \
  H ("fax", BEFORE | BEHIND, SK_HEAD_PHONE) \
  H ("連絡先", ALONE, SK_HEAD_PHONE) \
  H ("緊急連絡先", ALONE, SK_HEAD_PHONE) \
  H ("住所", BEFORE | BEHIND, SK_HEAD_ADDRESS) \
  H ("address", BEFORE | BEHIND, SK_HEAD_ADDRESS) \
  H ("所在地", BEHIND, SK_HEAD_ADDRESS) \
  H ("現住所", ALONE, SK_HEAD_ADDRESS) \
  H ("居住地", ALONE, SK_HEAD_ADDRESS) \
  H ("都道府県", ALONE, SK_HEAD_ADDRESS) \
  H ("市区町村", ALONE, SK_HEAD_ADDRESS) \
  H ("町域", BEHIND, SK_HEAD_ADDRESS) \
  H ("番地", BEHIND, SK_HEAD_ADDRESS) \
  H ("郵便番号", ALONE, SK_HEAD_ADDRESS) \
  H ("〒", ALONE, SK_HEAD_ADDRESS) \
  H ("品名", ALONE, SK_HEAD_OTHER) \
  H ("商品", BEHIND, SK_HEAD_OTHER) \
  H ("製品", BEHIND, SK_HEAD_OTHER) \
  H ("項目", BEFORE | BEHIND, SK_HEAD_OTHER) \
  H ("件名", ALONE, SK_HEAD_OTHER) \
  H ("案件", BEHIND, SK_HEAD_OTHER) \
  H ("品目", ALONE, SK_HEAD_OTHER) \
  H ("駅", BEFORE | BEHIND, SK_HEAD_OTHER) \
  H ("地名", ALONE, SK_HEAD_OTHER) \
  H ("地域", ALONE, SK_HEAD_OTHER) \
  H ("支店", BEHIND, SK_HEAD_OTHER) \
  H ("銀行", BEFORE | BEHIND, SK_HEAD_OTHER) \
  H ("口座名義", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("名義人", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("番号", BEFORE | BEHIND, SK_HEAD_NUMBER) \
  H ("no", ALONE, SK_HEAD_NUMBER) \
  H ("員no", BEFORE, SK_HEAD_NUMBER) \
  H ("客no", BEFORE, SK_HEAD_NUMBER) \
  H ("者no", BEFORE, SK_HEAD_NUMBER) \
  H ("管理no", ALONE, SK_HEAD_NUMBER) \
  H ("no.", ALONE, SK_HEAD_NUMBER) \
  H ("id", ALONE, SK_HEAD_NUMBER) \
  H ("員id", BEFORE, SK_HEAD_NUMBER) \
  H ("客id", BEFORE, SK_HEAD_NUMBER) \
  H ("者id", BEFORE, SK_HEAD_NUMBER) \
  H ("ユーザーid", ALONE, SK_HEAD_NUMBER) \
  H ("userid", ALONE, SK_HEAD_NUMBER) \
  H ("memberid", ALONE, SK_HEAD_NUMBER) \
  H ("customerid", ALONE, SK_HEAD_NUMBER) \
  H ("コード", BEFORE, SK_HEAD_NUMBER) \
  H ("マイナンバー", BEFORE | BEHIND, SK_HEAD_NUMBER) \
  H ("生年月日", BEHIND, SK_HEAD_NUMBER) \
  H ("誕生日", ALONE, SK_HEAD_NUMBER) \
  H ("氏名", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("名前", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("姓名", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("フリガナ", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("ふりがな", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("カナ", ALONE, SK_HEAD_NAME) \
  H ("かな", ALONE, SK_HEAD_NAME) \
  H ("ヨミガナ", ALONE, SK_HEAD_NAME) \
  H ("よみがな", ALONE, SK_HEAD_NAME) \
  H ("読み仮名", ALONE, SK_HEAD_NAME) \
  H ("読み", ALONE, SK_HEAD_NAME) \
  H ("担当者", BEFORE, SK_HEAD_NAME) \
  H ("担当者名", BEFORE, SK_HEAD_NAME) \
  H ("担当者様", BEFORE, SK_HEAD_NAME) \
  H ("担当", ALONE, SK_HEAD_NAME) \
  H ("者名", BEFORE, SK_HEAD_NAME) \
  H ("対象者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("候補者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("合格者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("入社者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("退職者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("異動者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("未納者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("滞納者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("訪問者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("来訪者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("宿泊者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("メンバー", BEFORE, SK_HEAD_NAME) \
  H ("会員名", BEFORE, SK_HEAD_NAME) \
  H ("会員", ALONE, SK_HEAD_NAME) \
  H ("顧客名", BEFORE, SK_HEAD_NAME) \
  H ("お客様名", BEFORE, SK_HEAD_NAME) \
  H ("お客様", ALONE, SK_HEAD_NAME) \
  H ("契約者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("利用者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("参加者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("出席者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("欠席者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("受講者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("受験者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("来場者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("当選者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("社員", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("職員名", BEFORE, SK_HEAD_NAME) \
  H ("従業員", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("患者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("生徒", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("児童", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("学生", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("保護者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("申込者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("応募者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("購入者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("注文者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("登録者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("依頼者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("依頼主", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("宛名", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("受取人", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("届け先名", BEFORE, SK_HEAD_NAME) \
  H ("代表者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("責任者", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("世帯主", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("家族", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("講師", BEFORE | BEHIND, SK_HEAD_NAME) \
  H ("メンバー", ALONE, SK_HEAD_NAME) \
  H ("名簿", ALONE, SK_HEAD_NAME) \
  H ("名簿", BEFORE, SK_HEAD_NAME) \
  H ("name", ALONE, SK_HEAD_NAME) \
  H ("fullname", ALONE, SK_HEAD_NAME) \
  H ("personname", BEFORE, SK_HEAD_NAME) \
  H ("name(kana)", ALONE, SK_HEAD_NAME) \
  H ("customername", ALONE, SK_HEAD_NAME) \
  H ("lastname", ALONE, SK_HEAD_SURNAME) \
  H ("familyname", ALONE, SK_HEAD_SURNAME) \
  H ("firstname", ALONE, SK_HEAD_GIVEN) \
  H ("givenname", ALONE, SK_HEAD_GIVEN) \
  H ("年齢", ALONE, SK_HEAD_OTHER) \
  H ("性別", ALONE, SK_HEAD_OTHER) \
  H ("備考", ALONE, SK_HEAD_OTHER) \
  H ("役職", ALONE, SK_HEAD_OTHER) \
  H ("金額", ALONE, SK_HEAD_OTHER) \
  H ("日付", ALONE, SK_HEAD_OTHER) \
  H ("日", ALONE, SK_HEAD_OTHER) \
  H ("月日", BEFORE, SK_HEAD_OTHER) \
  H ("登録日", ALONE, SK_HEAD_OTHER) \
  H ("入社日", ALONE, SK_HEAD_OTHER) \
  H ("数量", ALONE, SK_HEAD_OTHER) \
  H ("単価", ALONE, SK_HEAD_OTHER) \
  H ("職業", ALONE, SK_HEAD_OTHER) \
  H ("種別", BEFORE, SK_HEAD_OTHER) \
  H ("区分", BEFORE, SK_HEAD_OTHER)

#define WORD(word, more, head) word,
SK_WORD_SET (head_words, HEADS (WORD) NULL);

#define MEANING(word, more, head) { more, head },
static const struct {
  guint more;
  SkHead head;
} meanings[] = { HEADS (MEANING) };

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

static void
add_cell (GArray *cells, const char *text, gsize start, gsize end)
{
  SkCell cell;

  while (start < end && is_blank (text[start]))
    start++;
  while (end > start && is_blank (text[end - 1]))
    end--;
  if (end - start >= 2 && text[start] == '"' && text[end - 1] == '"')
    {
      start++;
      end--;
    }
  while (start < end && is_blank (text[start]))
    start++;
  while (end > start && is_blank (text[end - 1]))
    end--;
  cell = (SkCell) { start, end - start };
  g_array_append_val (cells, cell);
}

static void
split_at (const char *text, gsize start, gsize end, char separator, GArray *cells)
{
  gboolean is_quoted = FALSE;
  gsize from = start;

  for (gsize i = start; i < end && cells->len < MAX_CELLS - 1; i++)
    {
      is_quoted ^= separator == ',' && text[i] == '"';
      if (text[i] != separator || is_quoted)
        continue;
      add_cell (cells, text, from, i);
      from = i + 1;
    }
  add_cell (cells, text, from, end);
}

static void
split_at_blanks (const char *text, gsize start, gsize end, GArray *cells)
{
  gsize from = start;

  for (gsize i = start; i + 1 < end && cells->len < MAX_CELLS - 1; i++)
    {
      if (text[i] != ' ' || text[i + 1] != ' ')
        continue;
      add_cell (cells, text, from, i);
      while (i < end && text[i] == ' ')
        i++;
      from = i;
    }
  add_cell (cells, text, from, end);
}

static gboolean
has_two_blanks (const char *text, gsize start, gsize end)
{
  for (gsize i = start; i + 1 < end; i++)
    if (text[i] == ' ' && text[i + 1] == ' ')
      return TRUE;
  return FALSE;
}

char
sk_cells_split (const char *text, gsize start, gsize end, GArray *cells)
{
  static const char separators[] = { '\t', ',', '|' };

  g_array_set_size (cells, 0);
  while (start < end && is_blank (text[start]))
    start++;
  while (end > start && is_blank (text[end - 1]))
    end--;
  for (guint i = 0; i < G_N_ELEMENTS (separators); i++)
    if (memchr (text + start, separators[i], end - start) != NULL)
      {
        split_at (text, start, end, separators[i], cells);
        return separators[i];
      }
  if (has_two_blanks (text, start, end))
    {
      split_at_blanks (text, start, end, cells);
      return ' ';
    }
  add_cell (cells, text, start, end);
  return 0;
}

/* 【 and the like around a head, blanks in it (氏 名), case. FALSE: it is too long for a head. */
static gboolean
simplified (const char *text, gsize length, char word[MAX_HEAD])
{
  static const char *const ornaments[] = { "【", "】", "[", "]", "■", "●", "◆", "○", "◎", "□", "◇", "・",
                                           "*",  "※",  "<", ">", "「", "」", ":", "▼", "★", "☆", "ご" };
  const char *end = text + length;
  gsize n = 0;

  while (text < end)
    {
      gsize size = (gsize) (g_utf8_next_char (text) - text);
      gboolean is_ornament = *text == ' ';

      for (guint i = 0; i < G_N_ELEMENTS (ornaments) && !is_ornament; i++)
        is_ornament = strlen (ornaments[i]) == size && memcmp (text, ornaments[i], size) == 0;
      if (!is_ornament && n + size >= MAX_HEAD)
        return FALSE;
      for (gsize i = 0; i < size && !is_ornament; i++)
        word[n++] = g_ascii_tolower (text[i]);
      text += size;
    }
  word[n] = '\0';
  return n > 0;
}

/* What may follow a head that stands alone on a line, or before a blank. */
static gboolean
is_tail (const char *p)
{
  SK_WORD_SET (tails, "名", "一覧", "リスト", "表", "様", "欄", "カナ", "かな", "フリガナ", "ふりがな", "(カナ)", "(漢字)",
               "(敬称略)", "(順不同)", "は以下", "は次の", "は下記", "を以下", "を下記", "を次の");
  const char *end = p + strlen (p);
  gsize length = sk_word_set_at (&tails, p, end);

  return p == end || (length > 0 && (p + length == end || g_str_has_prefix (p, "は")
                                     || g_str_has_prefix (p, "を") || is_tail (p + length)));
}

/* The number of the first head that stands at p, a place in a cell that ends at `end`; G_MAXUINT: none. */
static guint
first_that_fits (const char *p, gboolean is_start, gboolean is_strict, const char *end)
{
  for (int i = sk_word_set_next_at (&head_words, p, end, 0); i >= 0;
       i = sk_word_set_next_at (&head_words, p, end, i + 1))
    {
      const char *behind = p + strlen (head_words.words[i]);
      gboolean may_go_on = (meanings[i].more & BEHIND) != 0;

      if (!is_start && (meanings[i].more & BEFORE) == 0)
        continue;
      if (behind == end || (is_strict ? is_tail (behind) : may_go_on))
        return (guint) i;
    }
  return G_MAXUINT;
}

static SkHead
head_of (const char *text, gsize length, gboolean is_strict)
{
  char word[MAX_HEAD];
  guint best = G_MAXUINT;

  if (length > 2 * MAX_HEAD || !simplified (text, length, word))
    return SK_HEAD_NONE;
  for (const char *p = word, *end = word + strlen (word); p < end; p = g_utf8_next_char (p))
    best = MIN (best, first_that_fits (p, p == word, is_strict, end));
  return best < G_N_ELEMENTS (meanings) ? meanings[best].head : SK_HEAD_NONE;
}

SkHead
sk_head_of (const char *text, gsize length)
{
  return head_of (text, length, FALSE);
}

gboolean
sk_head_is_over_names (const char *text, gsize length)
{
  return head_of (text, length, TRUE) == SK_HEAD_NAME;
}

/* Where the label ends that begins at start: before ":", "】" or a blank. 0: there is none. */
static gsize
label_end (const char *text, gsize start, gsize end, gsize *value)
{
  for (gsize i = start; i < end && i < start + 2 * MAX_HEAD; i++)
    {
      gsize n = text[i] == ':' || text[i] == '=' || is_blank (text[i]) ? 1 : 0;

      if (n == 0 && (strncmp (text + i, "】", MIN (3, end - i)) == 0 && end - i >= 3))
        n = 3;
      if (n == 0 || i == start)
        continue;
      if (is_blank (text[i]) && i - start < 6) /* "氏 名:" */
        continue;
      *value = i + n;
      while (*value < end && (is_blank (text[*value]) || text[*value] == ':'))
        (*value)++;
      return i;
    }
  return 0;
}

SkHead
sk_cell_label (const char *text, gsize start, gsize end, gsize *value)
{
  gsize stop;

  while (start < end && (is_blank (text[start]) || text[start] == '-' || text[start] == '*'))
    start++;
  stop = label_end (text, start, end, value);
  if (stop == 0)
    return SK_HEAD_NONE;
  if (is_blank (text[stop]) && *value < end && text[*value - 1] != ':')
    return sk_head_is_over_names (text + start, stop - start) ? SK_HEAD_NAME : SK_HEAD_NONE;
  return sk_head_of (text + start, stop - start);
}
