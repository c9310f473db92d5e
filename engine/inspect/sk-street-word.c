// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-street-word.h"

#include "sk-word-set.h"

#include <string.h>

static gunichar
character_at (const char *p, const char *end)
{
  return p < end ? g_utf8_get_char (p) : 0;
}

static gboolean
is_kanji (gunichar c)
{
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF)
         || (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3005 || c == 0x3006 || c == 0x3007;
}

static gboolean
is_hiragana (gunichar c)
{
  return c >= 0x3041 && c <= 0x309F;
}

static gboolean
is_katakana (gunichar c)
{
  return c >= 0x30A1 && c <= 0x30FF && c != 0x30FB;
}

gboolean
sk_street_word_is_town_character (gunichar c)
{
  return is_kanji (c) || is_hiragana (c) || is_katakana (c);
}

gboolean
sk_street_word_is_unit (const char *p, const char *end)
{
  SK_WORD_SET (units, "丁目", "番地", "番戸", "地割", "条", "号", "番");
  gsize length = sk_word_set_at (&units, p, end);

  return length > 3 || (length == 3 && (memcmp (p, "番", 3) != 0 || !sk_street_word_is_no_lot (p + 3, end)));
}

gsize
sk_street_word_open_unit (const char *p, const char *end)
{
  SK_WORD_SET (units, "地割", "条", "線", "丁", "区", "番町", "番丁", "番館", "街区", "通", "坪");

  return sk_word_set_at (&units, p, end);
}

gboolean
sk_street_word_takes_ordinal (const char *p, const char *end)
{
  SK_WORD_SET (units, "地割", "号", "区", "丁目");

  return sk_word_set_at (&units, p, end) > 0 && !sk_street_word_is_room (p, end);
}

gboolean
sk_street_word_is_no_lot (const char *p, const char *end)
{
  SK_WORD_SET (words, "目", "町", "丁", "線", "台", "手", "組", "号車", "街",
                                       "館", "出口", "人", "勝負", "ホーム");

  return sk_word_set_at (&words, p, end) > 0;
}

gboolean
sk_street_word_is_room (const char *p, const char *end)
{
  SK_WORD_SET (words, "号室", "号館", "号棟", "号車", "号機", "号線", "号店", "号議案");

  return sk_word_set_at (&words, p, end) > 0;
}

gboolean
sk_street_word_is_counter (const char *p, const char *end)
{
  SK_WORD_SET (words, "年",   "月",   "日",   "時",   "分",   "秒",   "人", "名",   "件",   "社",
          "円",   "万",   "千",   "億",   "個",   "台",   "本", "枚",   "回",   "回目",
          "%",    "店",   "度",   "倍",   "点",   "冊",   "便", "着",   "歳",   "才",
          "泊",   "割",   "か月", "カ月", "ヶ月", "ケ月", "週", "世帯", "部",   "箱",
          "次",   "期",   "章",   "項",   "位",   "勝",   "敗", "戦",   "対",   "校",
          "箇所", "カ所", "ヶ所", "か所", "ケ所", "種",   "種類", "トン", "メートル", "キロ",
          "ページ", "~",  "〜",   "/",    ":",    "=",  "+",    "*",    "㎡",
          "系",   "系統", "両",   "級",   "式",   "型",   "以上", "以下", "未満", "程度",
          "号線", "号車", "ポイント", "階", "F",  "セット", "ユーロ", "ドル");

  if (p < end && *p == '.') /* the end of a sentence is no decimal point */
    return p + 1 < end && g_ascii_isdigit (p[1]);
  return sk_word_set_at (&words, p, end) > 0;
}

gboolean
sk_street_word_ends (const char *p, const char *end)
{
  gunichar c = character_at (p, end);

  if (sk_street_word_is_counter (p, end))
    return FALSE;
  return !(is_kanji (c) || is_katakana (c) || (c < 0x80 && (g_ascii_isalnum ((char) c) || c == '-')));
}

gboolean
sk_street_word_may_be_year (guint number)
{
  return number >= 1980 && number < 2050;
}

gboolean
sk_street_word_is_particle (const char *p, const char *end)
{
  SK_WORD_SET (particles, "に", "を", "で", "へ", "が", "から", "まで", "より",
                                           "との", "とは", "とも", "のよ", "のい", "はじ");
  SK_WORD_SET (before_kanji, "の", "は", "と", "も", "や");
  gsize length;

  if (sk_word_set_at (&particles, p, end) > 0)
    return TRUE;
  length = sk_word_set_at (&before_kanji, p, end);
  return length > 0 && !is_hiragana (character_at (p + length, end));
}

static gboolean
ends_with_particle (const char *town)
{
  SK_WORD_SET (endings, "の", "は", "が", "を", "に", "へ", "約", "計", "各", "全", "お");

  const char *end = town + strlen (town);

  const char *last = end > town ? g_utf8_prev_char (end) : end;

  if (g_str_has_suffix (town, "の") && last > town) /* あけぼの is a town */
    return !is_hiragana (g_utf8_get_char (g_utf8_prev_char (last)));
  return last < end && sk_word_set_at (&endings, last, end) > 0;
}

gboolean
sk_street_word_ends_in_katakana (const char *town)
{
  const char *p = town + strlen (town);
  guint n = 0;

  while (p > town && n < 3 && is_katakana (g_utf8_get_char (p = g_utf8_prev_char (p))))
    n++;
  return n == 3;
}

/* 大学 is an institution, 大学町 and 大学前 are towns. */
static gboolean
has_institution (const char *town)
{
  SK_WORD_SET (institutions, "大学", "学校", "病院", "図書館", "センター", "会館", "体育館", "研究所", "公民館", "保健所",
          "警察署", "消防署", "税務署", "裁判所", "事務所", "営業所", "出張所", "支店", "支社", "本社",
          "本店", "工場", "会社", "役所", "役場", "ホテル", "ビル", "店舗", "倉庫", "会場", "教室",
          "会議室", "ホール");
  SK_WORD_SET (towns, "町", "前", "通", "南", "北", "東", "西", "跡", "裏");

  const char *end = town + strlen (town);

  for (const char *p = town; p < end; p = g_utf8_next_char (p))
    {
      gsize length = sk_word_set_at (&institutions, p, end);

      if (length > 0 && sk_word_set_at (&towns, p + length, end) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
sk_street_word_is_town (const char *town)
{
  SK_WORD_SET (words, "を",   "です", "ます", "した", "して", "する", "され", "これ", "について", "における",
          "として", "では", "には", "にて", "から", "まで", "より", "など", "年度", "案件", "職員", "議会",
          "発表", "電話", "担当", "人口", "予算", "予定", "開催", "会計", "条例", "告示", "規則", "型番",
          "品番", "製品", "番号", "合計", "平均", "在住", "在勤", "出身", "勤務", "市内", "区内", "市民", "区民",
          "町民", "村民", "市営", "区営", "町営", "代表", "選手", "件数",
          "売上", "順位", "参加", "定員", "時間", "周辺", "全域", "拠点", "物件", "出荷", "在庫",
          "だけ", "または", "および", "及び", "並び", "ため", "がある", "である", "ている", "がない");
  SK_WORD_SET (beginnings, "立大", "立小", "立中", "立高", "立図", "立病", "立学", "立美", "立博", "立総", "立体", "立文",
          "立保", "内の", "内で", "内に", "外の", "営バ", "営地", "営住", "民", "税", "政", "長は", "長の");

  const char *end = town + strlen (town);

  return !ends_with_particle (town) && !has_institution (town)
         && sk_word_set_at (&beginnings, town, end) == 0 && !sk_word_set_is_in (&words, town, end);
}
