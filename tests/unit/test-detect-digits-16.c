// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "tests/unit/detector-case.h"

static void
test_finds (void)
{
  static const DetectorCase cases[] = {
    { "1234567890123456", "1234567890123456" },
    { "番号1234567890123456です。", "1234567890123456" },
    { "(1234567890123456)", "1234567890123456" },
    { "a,1234567890123456,b", "1234567890123456" },
    { "No.1234567890123456\n0000000000000000", "1234567890123456|0000000000000000" },
    { "1234567890123456/6543210987654321", "1234567890123456|6543210987654321" },
  };

  detector_cases_check ("digits-16", cases, G_N_ELEMENTS (cases));
}

static void
test_no_finds (void)
{
  static const DetectorCase cases[] = {
    { "123456789012345", "" },      { "12345678901234567", "" },     { "1234-5678-9012-3456", "" },
    { "1234 5678 9012 3456", "" },  { "x1234567890123456", "" },     { "1234567890123456abcdef", "" },
    { "0.1234567890123456", "" },   { "139.1234567890123456", "" },  { "AB-1234567890123456", "" },
    { "?id=1234567890123456", "" }, { "1234567890123456-7890", "" },
    { "https://example.com/1234567890123456", "" },
  };

  detector_cases_check ("digits-16", cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/digits-16/finds", test_finds);
  g_test_add_func ("/digits-16/no-finds", test_no_finds);
  return g_test_run ();
}
