// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-cells.h"

#include <string.h>

#define MAX_CELLS 256
#define MAX_HEAD 40 /* bytes of a head that is worth looking up */

/* In lower case and without blanks; the first that fits. A "*" at either end stands for anything. */
static const struct {
  const char *word;
  SkHead head;
} heads[] = {
  { "姓", SK_HEAD_SURNAME },
  { "苗字", SK_HEAD_SURNAME },
  { "名字", SK_HEAD_SURNAME },
  { "姓(漢字)", SK_HEAD_SURNAME },
  { "姓漢字", SK_HEAD_SURNAME },
  { "氏", SK_HEAD_SURNAME },
  { "セイ", SK_HEAD_SURNAME },
  { "せい", SK_HEAD_SURNAME },
  { "姓カナ", SK_HEAD_SURNAME },
  { "姓(カナ)", SK_HEAD_SURNAME },
  { "名", SK_HEAD_GIVEN },
  { "名(漢字)", SK_HEAD_GIVEN },
  { "名漢字", SK_HEAD_GIVEN },
  { "メイ", SK_HEAD_GIVEN },
  { "めい", SK_HEAD_GIVEN },
  { "名カナ", SK_HEAD_GIVEN },
  { "名(カナ)", SK_HEAD_GIVEN },
  { "*会社*", SK_HEAD_COMPANY },
  { "*企業*", SK_HEAD_COMPANY },
  { "*法人*", SK_HEAD_COMPANY },
  { "*組織*", SK_HEAD_COMPANY },
  { "*団体*", SK_HEAD_COMPANY },
  { "*社名", SK_HEAD_COMPANY },
  { "貴社", SK_HEAD_COMPANY },
  { "所属*", SK_HEAD_COMPANY },
  { "勤務先*", SK_HEAD_COMPANY },
  { "取引先*", SK_HEAD_COMPANY },
  { "仕入先*", SK_HEAD_COMPANY },
  { "得意先*", SK_HEAD_COMPANY },
  { "*店名", SK_HEAD_COMPANY },
  { "*店舗*", SK_HEAD_COMPANY },
  { "*施設*", SK_HEAD_COMPANY },
  { "*部署*", SK_HEAD_COMPANY },
  { "*部門*", SK_HEAD_COMPANY },
  { "*部", SK_HEAD_COMPANY },
  { "学校*", SK_HEAD_COMPANY },
  { "company*", SK_HEAD_COMPANY },
  { "organization", SK_HEAD_COMPANY },
  { "*メール*", SK_HEAD_MAIL },
  { "*mail*", SK_HEAD_MAIL },
  { "*電話*", SK_HEAD_PHONE },
  { "*携帯*", SK_HEAD_PHONE },
  { "*tel*", SK_HEAD_PHONE },
  { "*phone*", SK_HEAD_PHONE },
  { "*mobile*", SK_HEAD_PHONE },
  { "*fax*", SK_HEAD_PHONE },
  { "連絡先", SK_HEAD_PHONE },
  { "緊急連絡先", SK_HEAD_PHONE },
  { "*住所*", SK_HEAD_ADDRESS },
  { "*address*", SK_HEAD_ADDRESS },
  { "所在地*", SK_HEAD_ADDRESS },
  { "現住所", SK_HEAD_ADDRESS },
  { "居住地", SK_HEAD_ADDRESS },
  { "都道府県", SK_HEAD_ADDRESS },
  { "市区町村", SK_HEAD_ADDRESS },
  { "町域*", SK_HEAD_ADDRESS },
  { "番地*", SK_HEAD_ADDRESS },
  { "郵便番号", SK_HEAD_ADDRESS },
  { "〒", SK_HEAD_ADDRESS },
  { "品名", SK_HEAD_OTHER },
  { "商品*", SK_HEAD_OTHER },
  { "製品*", SK_HEAD_OTHER },
  { "*項目*", SK_HEAD_OTHER },
  { "件名", SK_HEAD_OTHER },
  { "案件*", SK_HEAD_OTHER },
  { "品目", SK_HEAD_OTHER },
  { "*駅*", SK_HEAD_OTHER },
  { "地名", SK_HEAD_OTHER },
  { "地域", SK_HEAD_OTHER },
  { "支店*", SK_HEAD_OTHER },
  { "*銀行*", SK_HEAD_OTHER },
  { "*口座名義*", SK_HEAD_NAME },
  { "*名義人*", SK_HEAD_NAME },
  { "*番号*", SK_HEAD_NUMBER },
  { "*no", SK_HEAD_NUMBER },
  { "no.", SK_HEAD_NUMBER },
  { "*id", SK_HEAD_NUMBER },
  { "*コード", SK_HEAD_NUMBER },
  { "*マイナンバー*", SK_HEAD_NUMBER },
  { "生年月日*", SK_HEAD_NUMBER },
  { "誕生日", SK_HEAD_NUMBER },
  { "*氏名*", SK_HEAD_NAME },
  { "*名前*", SK_HEAD_NAME },
  { "*姓名*", SK_HEAD_NAME },
  { "*フリガナ*", SK_HEAD_NAME },
  { "*ふりがな*", SK_HEAD_NAME },
  { "カナ", SK_HEAD_NAME },
  { "かな", SK_HEAD_NAME },
  { "ヨミガナ", SK_HEAD_NAME },
  { "よみがな", SK_HEAD_NAME },
  { "読み仮名", SK_HEAD_NAME },
  { "読み", SK_HEAD_NAME },
  { "*担当者", SK_HEAD_NAME },
  { "*担当者名", SK_HEAD_NAME },
  { "*担当者様", SK_HEAD_NAME },
  { "担当", SK_HEAD_NAME },
  { "*会員名", SK_HEAD_NAME },
  { "会員", SK_HEAD_NAME },
  { "*顧客名", SK_HEAD_NAME },
  { "*お客様名", SK_HEAD_NAME },
  { "お客様", SK_HEAD_NAME },
  { "*契約者*", SK_HEAD_NAME },
  { "*利用者*", SK_HEAD_NAME },
  { "*参加者*", SK_HEAD_NAME },
  { "*出席者*", SK_HEAD_NAME },
  { "*欠席者*", SK_HEAD_NAME },
  { "*受講者*", SK_HEAD_NAME },
  { "*受験者*", SK_HEAD_NAME },
  { "*来場者*", SK_HEAD_NAME },
  { "*当選者*", SK_HEAD_NAME },
  { "*社員*", SK_HEAD_NAME },
  { "*職員名", SK_HEAD_NAME },
  { "*従業員*", SK_HEAD_NAME },
  { "*患者*", SK_HEAD_NAME },
  { "*生徒*", SK_HEAD_NAME },
  { "*児童*", SK_HEAD_NAME },
  { "*学生*", SK_HEAD_NAME },
  { "*保護者*", SK_HEAD_NAME },
  { "*申込者*", SK_HEAD_NAME },
  { "*応募者*", SK_HEAD_NAME },
  { "*購入者*", SK_HEAD_NAME },
  { "*注文者*", SK_HEAD_NAME },
  { "*登録者*", SK_HEAD_NAME },
  { "*依頼者*", SK_HEAD_NAME },
  { "*依頼主*", SK_HEAD_NAME },
  { "*宛名*", SK_HEAD_NAME },
  { "*受取人*", SK_HEAD_NAME },
  { "*届け先名", SK_HEAD_NAME },
  { "*代表者*", SK_HEAD_NAME },
  { "*責任者*", SK_HEAD_NAME },
  { "*世帯主*", SK_HEAD_NAME },
  { "*家族*", SK_HEAD_NAME },
  { "*講師*", SK_HEAD_NAME },
  { "メンバー", SK_HEAD_NAME },
  { "名簿", SK_HEAD_NAME },
  { "*名簿", SK_HEAD_NAME },
  { "name", SK_HEAD_NAME },
  { "fullname", SK_HEAD_NAME },
  { "*personname", SK_HEAD_NAME },
  { "name(kana)", SK_HEAD_NAME },
  { "customername", SK_HEAD_NAME },
  { "lastname", SK_HEAD_SURNAME },
  { "familyname", SK_HEAD_SURNAME },
  { "firstname", SK_HEAD_GIVEN },
  { "givenname", SK_HEAD_GIVEN },
  { "年齢", SK_HEAD_OTHER },
  { "性別", SK_HEAD_OTHER },
  { "備考", SK_HEAD_OTHER },
  { "役職", SK_HEAD_OTHER },
  { "金額", SK_HEAD_OTHER },
  { "日付", SK_HEAD_OTHER },
  { "*日", SK_HEAD_OTHER },
  { "数量", SK_HEAD_OTHER },
  { "単価", SK_HEAD_OTHER },
  { "職業", SK_HEAD_OTHER },
  { "*種別", SK_HEAD_OTHER },
  { "*区分", SK_HEAD_OTHER },
};

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
  if (cells->len < MAX_CELLS)
    g_array_append_val (cells, cell);
}

static void
split_at (const char *text, gsize start, gsize end, char separator, GArray *cells)
{
  gboolean is_quoted = FALSE;
  gsize from = start;

  for (gsize i = start; i < end; i++)
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

  for (gsize i = start; i + 1 < end; i++)
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

static gboolean
fits (const char *pattern, const char *word)
{
  gsize length = strlen (pattern);
  gboolean may_begin = pattern[0] == '*', may_end = pattern[length - 1] == '*';
  char bare[MAX_HEAD];
  const char *found;

  length -= (gsize) may_begin + (gsize) may_end;
  memcpy (bare, pattern + may_begin, length);
  bare[length] = '\0';
  if (may_begin && !may_end)
    return g_str_has_suffix (word, bare);
  found = strstr (word, bare);
  return found != NULL && (may_begin || found == word) && (may_end || found[length] == '\0');
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

SkHead
sk_head_of (const char *text, gsize length)
{
  char word[MAX_HEAD];

  if (length > 2 * MAX_HEAD || !simplified (text, length, word))
    return SK_HEAD_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    if (fits (heads[i].word, word))
      return heads[i].head;
  return SK_HEAD_NONE;
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
sk_cells_label (const char *text, gsize start, gsize end, gsize *value)
{
  gsize stop;

  while (start < end && (is_blank (text[start]) || text[start] == '-' || text[start] == '*'))
    start++;
  stop = label_end (text, start, end, value);
  return stop > 0 ? sk_head_of (text + start, stop - start) : SK_HEAD_NONE;
}
