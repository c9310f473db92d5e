// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "tests/unit/detector-case.h"

static void
test_finds (void)
{
  static const DetectorCase cases[] = {
    { "〒100-0001 東京都千代田区千代田1-1", "100-0001=1000001" },
    { "〒 1000001", "1000001" },
    { "〒1000001東京都", "1000001" },
    { "100-0001 東京都千代田区千代田1-1", "100-0001=1000001" },
    { "100-0001\n東京都千代田区千代田1-1", "100-0001=1000001" },
    { "220-0012 横浜市西区みなとみらい2-2-1", "220-0012=2200012" },
    { "郵便番号:530-0001", "530-0001=5300001" },
    { "郵便番号 5300001", "5300001" },
    { "氏名,郵便番号,住所\n山田,530-0001,大阪市北区\n鈴木,5300001,大阪市北区\n", "530-0001=5300001|5300001" },
    { "山田,100-0001,\"東京都千代田区\"\n", "100-0001=1000001" },
    { "1-1 Chiyoda, Chiyoda-ku, Tokyo 100-0001, Japan", "100-0001=1000001" },
    { "Zip code: 100-0001", "100-0001=1000001" },
    { "〒\t100-0001\t東京都", "100-0001=1000001" },
  };

  detector_cases_check ("postal-code", cases, G_N_ELEMENTS (cases));
}

static void
test_no_finds (void)
{
  static const DetectorCase cases[] = {
    { "100-0001", "" },
    { "1000001 東京都", "" },
    { "045-123-4567", "" },
    { "電話 123-4567 東京都", "" },
    { "品番 100-0001 東京都向け", "" },
    { "AB100-0001 東京都", "" },
    { "X-100-0001 東京都", "" },
    { "100-0001-2 東京都", "" },
    { "100-00012 東京都", "" },
    { "0100-0001 東京都", "" },
    { "045(100)-0001", "" },
    { "(045)100-0001 横浜市西区1", "" },
    { "100-2000 円の商品区分", "" },
    { "売上は100-1500万円", "" },
    { "〒のことは。1000001", "" },
    { "2024-1000", "" },
  };

  detector_cases_check ("postal-code", cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/postal-code/finds", test_finds);
  g_test_add_func ("/postal-code/no-finds", test_no_finds);
  return g_test_run ();
}
