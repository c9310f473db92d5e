// SPDX-License-Identifier: GPL-3.0-or-later
/* The numbers were made with the ministry's formula in another program; 123456789018 and 983205673214 are published
 * examples. */
#include <string.h>

#include "tests/unit/detector-case.h"

static void
test_finds (void)
{
  static const DetectorCase cases[] = {
    { "マイナンバー:123456789018", "123456789018" },
    { "個人番号 9832-0567-3214", "9832-0567-3214=983205673214" },
    { "My Number: 983205673214", "983205673214" },
    { "1234-5678-9018", "1234-5678-9018=123456789018" },
    { "番号は1234 5678 9018です", "1234 5678 9018=123456789018" },
    { "983205673214", "983205673214" },
    { "氏名,個人番号\n山田太郎,123456789018\n鈴木花子,202145678902\n", "123456789018|202145678902" },
    { "氏名\tマイナンバー\t備考\n山田太郎\t123456789018\t\n鈴木花子\t202145678902\t済\n",
      "123456789018|202145678902" },
    { "山田太郎,123456789018\n鈴木花子,202145678902\n佐藤次郎,304050607088\n", "123456789018|202145678902|304050607088" },
    { "従業員の個人番号\n123456789018\n", "123456789018" },
    { "マイナンバー\t304050607088", "304050607088" },
    { "マイナンバー(本人):123456789018、(配偶者):983205673214", "123456789018" },
    { "718281828450\n314159265352\n", "718281828450|314159265352" },
  };

  detector_cases_check ("my-number", cases, G_N_ELEMENTS (cases));
}

static void
test_no_finds (void)
{
  static const DetectorCase cases[] = {
    { "マイナンバー:123456789010", "" },      /* check digit */
    { "123456789018 円をお支払いください", "" }, /* neither label nor cell */
    { "伝票番号 1234-5678-9018", "" },
    { "お問い合わせ番号:983205673214", "" },
    { "追跡番号,状態\n123456789018,配達済\n983205673214,配達済\n", "" },
    { "品名,管理ID\nねじ,123456789018\n", "" },
    { "1234567890189", "" },
    { "9832-0567-3214-0000", "" },
    { "4111-1234-5678-9018", "" },
    { "4111 1234 5678 9018", "" },
    { "000000000000", "" },
    { "0000-0000-0000", "" },
    { "マイナンバー a123456789018", "" },
    { "AB-983205673214", "" },
    { "hash 983205673214abcdef", "" },
    /* numbers of parcels in a list; one in ten passes the check */
    { "100000000004\n100000000011\n123456789018\n100000000033\n100000000044\n", "" },
    { "4111 1111 1111 1111", "" },
  };

  detector_cases_check ("my-number", cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/my-number/finds", test_finds);
  g_test_add_func ("/my-number/no-finds", test_no_finds);
  return g_test_run ();
}
