// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "detector-case.h"

/* All people are made up. */
static const DetectorCase sentences[] = {
  { "鈴木一郎様", "鈴木一郎" },
  { "山田 太郎 様", "山田 太郎=山田太郎" },
  { "高橋美咲さんと田中さんが出席します。", "高橋美咲|田中" },
  { "担当は営業部の小林 健太です。", "小林 健太=小林健太" },
  { "佐藤陽葵さん、五十嵐 湊斗さん", "佐藤陽葵|五十嵐 湊斗=五十嵐湊斗" },
  { "伊藤さくらです。渡辺 ひなたさんからの連絡", "伊藤さくら|渡辺 ひなた=渡辺ひなた" },
  { "小鳥遊 蓮様からのご連絡", "小鳥遊 蓮=小鳥遊蓮" },
  { "ジョン・スミス氏が来日。アメリカ・カナダ出張。", "ジョン・スミス" },
  { "タナカ タロウ", "タナカ タロウ=タナカタロウ" },
  { "契約者鬼塚 健一様より解約の申し出", "鬼塚 健一=鬼塚健一" },
  { "面接官は福島舞課長です。", "福島舞" },
  { "通訳はグエン・バン・ナムさん、紹介者はウジイエ ソウマ様です。", "グエン・バン・ナム|ウジイエ ソウマ=ウジイエソウマ" },
  { "出席者: 井上陽子(営業)、田中律(開発、品質)、氏家楓", "井上陽子|田中律|氏家楓" },
  { "担当: 営業部(東京)、連絡は鈴木花子さんへ", "鈴木花子" },
  { "担当: 田中律/氏家楓", "田中律|氏家楓" },
  { "氏名    :神田 湊\n", "神田 湊=神田湊" },
  { "氏  名  : 比嘉 拓也\n", "比嘉 拓也=比嘉拓也" },
  { "吉野結愛さん(25歳)", "吉野結愛" },
  { "原様、南様、森様", "原|南|森" },
  { "田中氏と木村先生、井上君、石田殿", "田中|木村|井上|石田" },
  { "なお、阿部 剛殿におかれましては", "阿部 剛=阿部剛" },
};

static const DetectorCase tables[] = {
  { "氏名 樋口 実  個人番号 000000000000\n配偶者 氏名 樋口 花子  電話 なし\n",
    "樋口 実=樋口実|樋口 花子=樋口花子" },
  { "土屋 キヨさんと石川トメ様", "土屋 キヨ=土屋キヨ|石川トメ" },
  { "No,氏名,フリガナ,電話番号\n1,渡辺 さくら,ワタナベ サクラ,03-0000-0000\n2,月見里 凛,ヤマナシ リン,\n"
    "3,Taro Yamada,タロウ ヤマダ,\n",
    "渡辺 さくら=渡辺さくら|ワタナベ サクラ=ワタナベサクラ|月見里 凛=月見里凛|ヤマナシ リン=ヤマナシリン|"
    "Taro Yamada=TaroYamada|タロウ ヤマダ=タロウヤマダ" },
  { "会社名\t担当者\t電話\n鈴木商店\t佐藤\t03-0000-0000\n松本製作所\t山本 花子\t\n", "佐藤|山本 花子=山本花子" },
  { "姓\t名\t住所\n佐藤\tさくら\t港区\n纐纈\t蓮\t大阪\n", "佐藤\tさくら=佐藤さくら|纐纈\t蓮=纐纈蓮" },
  { "氏名: 勅使河原 翼\n会社名: 鈴木電機\n", "勅使河原 翼=勅使河原翼" },
  { "担当者: 佐々木、石川、福島", "佐々木|石川|福島" },
  { "氏名 | 見本 太郎\n電話 | 03-0000-0000\n", "見本 太郎=見本太郎" },
  /* a column without a head: the rest is believed when most are names */
  { "佐藤 健,営業部\n鈴木 花子,総務部\n高橋 誠,開発課\n日向野 宙,開発課\n",
    "佐藤 健=佐藤健|鈴木 花子=鈴木花子|高橋 誠=高橋誠|日向野 宙=日向野宙" },
  /* lists */
  { "参加者\n森 葵\n小鳥遊 蓮\n東海林 大翔\n", "森 葵=森葵|小鳥遊 蓮=小鳥遊蓮|東海林 大翔=東海林大翔" },
  { "・佐藤 健\n・鈴木 花子\n・高橋 誠\n・日向野 宙\n",
    "佐藤 健=佐藤健|鈴木 花子=鈴木花子|高橋 誠=高橋誠|日向野 宙=日向野宙" },
};

static const DetectorCase others[] = {
  { "久保田建設の山田部長によろしくお伝えください。", "" },
  { "鈴木自動車と山田商店、松本製作所、高橋電機に見積もりを依頼。", "" },
  { "山口県と福島、千葉に出張。千葉駅で待ち合わせ。", "" },
  { "松本城と清水港、長崎平和公園を見学。", "" },
  { "会社名,電話\n鈴木商店,03-0000-0000\n松本建設株式会社,03-0000-0001\n株式会社林工務店,03-0000-0002\n", "" },
  { "商品名,数量\n松本城キーホルダー,3\n福島産桃,5\n", "" },
  { "担当: 営業部\n担当者: 未定\n", "" },
  { "皆様、お客様各位。仕様書、様式第3号、同様の事象。", "" },
  { "東京都港区三田1-2-3 山口県下関市田中町1-4", "" },
  { "件名,期限,状態\n見積書の確認,3月1日,完了\n契約書の締結,3月5日,対応中\n", "" },
  { "北海道\n青森\n岩手\n宮城\n秋田\n山形\n福島\n", "" },
  { "Taro Yamada", "" },
  { "扶養家族: 長男 S49.12.26生、参加者:各部署一名(総務部)、各支店二名", "" },
  { "ホテル・パリ様、カラー コピー様", "" },
  { "大山登山の件、北野天満宮、田中一郎税理士事務所、松本清張記念館", "" },
  { "Name,Price\nBlue Widget,100\nNew York,200\n", "" },
};

static void
test_sentences (void)
{
  detector_cases_check ("person-name", sentences, G_N_ELEMENTS (sentences));
}

static void
test_tables (void)
{
  detector_cases_check ("person-name", tables, G_N_ELEMENTS (tables));
}

static void
test_others (void)
{
  detector_cases_check ("person-name", others, G_N_ELEMENTS (others));
}

/* A line longer than what MeCab gets at once is cut, between characters. */
static void
test_long_line (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *found = NULL;

  for (guint i = 0; i < 2000; i++)
    g_string_append (text, "木");
  g_string_append (text, "、担当は小林 健太です。");
  found = detector_case_run ("person-name", text->str);
  g_assert_cmpstr (found, ==, "小林 健太=小林健太");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/person-name/sentences", test_sentences);
  g_test_add_func ("/person-name/tables", test_tables);
  g_test_add_func ("/person-name/others", test_others);
  g_test_add_func ("/person-name/long-line", test_long_line);
  return g_test_run ();
}
