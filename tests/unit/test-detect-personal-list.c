// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "detector-case.h"

/* All people are made up. */
static const DetectorCase lists[] = {
  { "氏名,電話\n佐藤 太郎,03-1234-5678\n鈴木 花子,03-1234-5679\n小鳥遊 蓮,03-1234-5670\n",
    "佐藤 太郎,03-1234-5678|鈴木 花子,03-1234-5679|小鳥遊 蓮,03-1234-5670" },
  { "高橋 健一  090-1234-5678\n田中 美咲  090-1234-5679\n伊藤 さくら  090-1234-5670\n以上",
    "高橋 健一  090-1234-5678|田中 美咲  090-1234-5679|伊藤 さくら  090-1234-5670" },
  { "氏名: 山田 太郎\n電話: 090-1234-5678\n\n氏名: 中村 花子\n電話: 090-1234-5677\n\n氏名: 小林 健\n電話: 090-1234-5676\n",
    "氏名: 山田 太郎\n電話: 090-1234-5678|氏名: 中村 花子\n電話: 090-1234-5677|"
    "氏名: 小林 健\n電話: 090-1234-5676" },
  { "会員番号\t会員名\nA10023\t佐藤 太郎\nA10024\t鈴木 花子\nA10025\t高橋 蓮\n",
    "A10023\t佐藤 太郎|A10024\t鈴木 花子|A10025\t高橋 蓮" },
  { "佐藤 太郎\ntaro@example.jp\n\n鈴木 花子\nhanako@example.jp\n\n高橋 健一\nken@example.jp\n",
    "佐藤 太郎\ntaro@example.jp|鈴木 花子\nhanako@example.jp|高橋 健一\nken@example.jp" },
};

static const DetectorCase shapes[] = {
  { "連絡網\n佐藤 太郎 090-1234-5678\n鈴木 花子 090-1234-5679\n小鳥遊 蓮 090-1234-5671\n",
    "佐藤 太郎 090-1234-5678|鈴木 花子 090-1234-5679|小鳥遊 蓮 090-1234-5671" },
  { "| 氏名 | メール |\n|---|---|\n| 山本 太郎 | a@example.jp |\n| 中村 花子 | b@example.jp |\n"
    "| 小林 健一 | c@example.jp |\n",
    "| 山本 太郎 | a@example.jp ||| 中村 花子 | b@example.jp ||| 小林 健一 | c@example.jp |" },
  { "\"姓\",\"名\",\"電話番号\"\n\"斎藤\",\"葵\",\"03-1234-5678\"\n\"清水\",\"凛\",\"03-1234-5679\"\n"
    "\"山崎\",\"湊\",\"03-1234-5670\"\n",
    "\"斎藤\",\"葵\",\"03-1234-5678\"|\"清水\",\"凛\",\"03-1234-5679\"|\"山崎\",\"湊\",\"03-1234-5670\"" },
  /* the second of two tables has columns of its own */
  { "会員名,電話\n佐藤 太郎,-\n\n社員番号,氏名\n100234,池田 太郎\n100235,橋本 花子\n100236,阿部 健一\n",
    "100234,池田 太郎|100235,橋本 花子|100236,阿部 健一" },
};

static const DetectorCase others[] = {
  /* two rows */
  { "氏名,電話\n佐藤 太郎,03-1234-5678\n鈴木 花子,03-1234-5679\n", "" },
  /* one person three times */
  { "佐藤 太郎,03-1234-5678\n佐藤 太郎,03-1234-5679\n佐藤 太郎,03-1234-5670\n", "" },
  { "会社名,電話\n鈴木自動車,03-1234-5678\n山田商店,03-1234-5679\n高橋建設,03-1234-5670\n久保田工業,03-1234-5671\n",
    "" },
  /* names with nothing about them */
  { "氏名,部署\n佐藤 太郎,営業部\n鈴木 花子,総務部\n高橋 健一,開発課\n", "" },
  { "> From: 佐藤 太郎 <taro@example.co.jp>\n> To: 鈴木 花子 <hanako@example.co.jp>\n"
    "> Cc: 高橋 健一 <ken@example.co.jp>\n",
    "" },
  /* signatures */
  { "よろしくお願いします。\n--\n山田太郎\n見本商事株式会社\nTEL 03-1234-5678\n\n"
    "> 了解しました。\n> --\n> 鈴木花子\n> 見本商事株式会社\n> TEL 03-1234-5679\n\n"
    ">> ありがとう。\n>> --\n>> 高橋健一\n>> 見本商事株式会社\n>> TEL 03-1234-5670\n",
    "" },
  { "佐藤様(03-1234-5678)に連絡しました。\n鈴木様(03-1234-5679)は不在でした。\n高橋様(03-1234-5670)は明日です。\n", "" },
  /* mails that answer one another; one is about a postal code and nothing else */
  { "佐藤 太郎 様\n\n住所は東京都千代田区千代田1-1です。承知しました。\n\n> 鈴木 花子 様\n> 郵便番号が空欄です。100-0001でしょうか。\n>\n"
    "> > 高橋 健一 様\n> > 申込書です。電話は03-1234-5678です。\n", "" },
};

static void
test_lists (void)
{
  detector_cases_check ("personal-list", lists, G_N_ELEMENTS (lists));
  detector_cases_check ("personal-list", shapes, G_N_ELEMENTS (shapes));
}

static void
test_others (void)
{
  detector_cases_check ("personal-list", others, G_N_ELEMENTS (others));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/personal-list/lists", test_lists);
  g_test_add_func ("/personal-list/others", test_others);
  return g_test_run ();
}
