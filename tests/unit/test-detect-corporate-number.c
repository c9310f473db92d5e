// SPDX-License-Identifier: GPL-3.0-or-later
/* The numbers of public bodies are public (法人番号公表サイト); the others were made, and python3-stdnum's jp.cn says which
 * are right. */
#include <string.h>

#include "tests/unit/detector-case.h"

static void
test_finds (void)
{
  static const DetectorCase cases[] = {
    { "法人番号 7000012050002", "7000012050002" },
    { "法人番号:7123456789012", "7123456789012" }, /* no register has it, but the label says so */
    { "支払先\t個人番号又は法人番号\t額\n見本商事\t7123456789012\t100\n", "7123456789012" },
    { "名称,法人番号,所在地,資本金\n見本商事,7123456789012,仙台市,11,371,630\n", "7123456789012" },
    { "法人番号を照合しました。\n 見本商事   7123456789012\n", "7123456789012" },
    { "法人番号を登録しました。\nts 1652204182853", "" }, /* milliseconds */
    { "登録番号:T4010001123456", "4010001123456" },
    { "T1120001123456", "1120001123456" },
    { "T7-0000-1205-0002", "7-0000-1205-0002=7000012050002" },
    { "国税庁 7000012050002", "7000012050002" },
    { "8000020130001", "8000020130001" },
    { "会社名,法人番号\n株式会社例,7123456789012\n", "7123456789012" },
    { "会社名,番号\n株式会社例,2440001123456\n", "2440001123456" },
    { "Corporate Number: 4010001123456", "4010001123456" },
    { "1-1200-0112-3456", "1-1200-0112-3456=1120001123456" },
    { "T-4010001123456", "4010001123456" },
  };

  detector_cases_check ("corporate-number", cases, G_N_ELEMENTS (cases));
}

static void
test_no_finds (void)
{
  static const DetectorCase cases[] = {
    { "法人番号 7000012050003", "" }, /* check digit */
    { "7123456789012", "" },          /* no register has it */
    { "4510001010091", "" },          /* an article of Japan that passes the check */
    { "JANコード 4010001123456", "" },
    { "商品,JAN\nペン,4510001010091\n", "" },
    { "978-4-00-000000-1", "" },
    { "9784000000001", "" },
    { "1700000000000", "" },          /* a time in milliseconds */
    { "14010001123456", "" },
    { "AT4010001123456", "" },
    { "法人番号 9999999999999", "" },
    { "4010001123456f00", "" },
    { "伝票番号 4010001123456", "" },
    { "AT-4010001123456", "" },
    { "受領 1180301018771 円", "" },
    { "1180301018771円", "" },
  };

  detector_cases_check ("corporate-number", cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/corporate-number/finds", test_finds);
  g_test_add_func ("/corporate-number/no-finds", test_no_finds);
  return g_test_run ();
}
