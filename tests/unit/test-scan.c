// SPDX-License-Identifier: GPL-3.0-or-later
/* Runs and lines are compared with what a byte-by-byte reading says. */
#include "sk-label.h"

#include <string.h>

static SkScan *
scan_of (const char *text, gsize length, SkFolded *folded)
{
  *folded = (SkFolded) { .text = text, .length = length };
  return sk_scan_new (folded);
}

static void
check_runs (const char *text, gsize length)
{
  SkFolded folded;
  g_autoptr (SkScan) scan = scan_of (text, length, &folded);
  gsize n_runs, next = 0;
  const SkRun *runs = sk_scan_runs (scan, &n_runs);

  for (gsize at = 0; at < length; at++)
    {
      gsize start = at;

      while (at < length && g_ascii_isdigit (text[at]))
        at++;
      if (at == start)
        continue;
      g_assert_cmpuint (next, <, n_runs);
      g_assert_cmpuint (runs[next].start, ==, start);
      g_assert_cmpuint (runs[next].length, ==, at - start);
      g_assert_cmpuint (sk_scan_run_from (scan, start), ==, next);
      g_assert_cmpuint (sk_scan_run_from (scan, start + 1), ==, next + 1);
      next++;
    }
  g_assert_cmpuint (next, ==, n_runs);
}

static void
check_lines (const char *text, gsize length)
{
  SkFolded folded;
  g_autoptr (SkScan) scan = scan_of (text, length, &folded);
  gsize n_lines, line = 0;
  const guint32 *lines = sk_scan_lines (scan, &n_lines);

  g_assert_cmpuint (lines[0], ==, 0);
  for (gsize at = 0; at < length; at++)
    {
      g_assert_cmpuint (sk_scan_line_of (scan, at), ==, line);
      if (text[at] != '\n')
        continue;
      g_assert_cmpuint (sk_scan_line_end (scan, line), ==,
                        at > lines[line] && text[at - 1] == '\r' ? at - 1 : at);
      line++;
      g_assert_cmpuint (lines[line], ==, at + 1);
    }
  g_assert_cmpuint (n_lines, ==, line + 1);
  g_assert_cmpuint (sk_scan_line_end (scan, line), ==, length);
}

/* Texts of all lengths about the blocks in which runs are looked for. */
static void
test_runs_and_lines (void)
{
  static const char alphabet[] = "0123456789019/:\n\r\x80\xff az09";
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (gsize length = 0; length < 300; length++)
    {
      g_autofree char *text = g_malloc (length + (length == 0));

      for (gsize i = 0; i < length; i++)
        text[i] = alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)];
      check_runs (text, length);
      check_lines (text, length);
      memset (text, '8', length);
      check_runs (text, length);
    }
}

/* Each place where "年" stands is found from anywhere before it, and nothing in parts of it. */
static void
check_next (const char *text, gsize length)
{
  SkFolded folded;
  g_autoptr (SkScan) scan = scan_of (text, length, &folded);

  for (gsize to = length + 1; to-- > 0; to -= MIN (to, 7))
    for (gsize from = to + 1, next = to; from-- > 0;)
      {
        if (from + 3 <= to && text[from] == '\xe5' && text[from + 1] == '\xb9' && text[from + 2] == '\xb4')
          next = from;
        g_assert_cmpuint (sk_scan_next (scan, from, to, "\xe5\xb9\xb4"), ==, next);
      }
}

static void
test_next (void)
{
  static const char bytes[] = "\xe5\xb9\xb4\xe5\xb9\xb4.";
  g_autoptr (GRand) random = g_rand_new_with_seed (8);

  for (gsize length = 0; length < 120; length++)
    {
      g_autofree char *text = g_malloc (length + (length == 0));

      memset (text, '.', length);
      for (gsize at = 0; at + 3 <= length; at += (gsize) g_rand_int_range (random, 1, 40))
        memcpy (text + at, bytes + g_rand_int_range (random, 0, 5), 3);
      check_next (text, length);
    }
}

/* The label of the number that begins at the first '7'. */
static void
test_labels (void)
{
  static const struct {
    const char *text;
    SkLabel label;
  } cases[] = {
    { "電話番号 7", SK_LABEL_PHONE },
    { "番号 7", SK_LABEL_VAGUE },
    { "お問い合わせ番号:7", SK_LABEL_OTHER },
    { "Telephone: 7", SK_LABEL_PHONE },
    { "hotel 7", SK_LABEL_NONE },
    { "phonetics 7", SK_LABEL_NONE },
    { "MYNUMBER 7", SK_LABEL_MY_NUMBER },
    { "cellphone 7", SK_LABEL_PHONE },
    { "ephone 7", SK_LABEL_NONE },
    { "日本電話番号7", SK_LABEL_PHONE },
    { "法人No 7", SK_LABEL_CORPORATE },
    { "Card No. 7", SK_LABEL_CARD },
    { "電話2 7", SK_LABEL_PHONE },
    { "電話 123 7", SK_LABEL_NONE },
    { "電話は後日。7", SK_LABEL_NONE },
    { "注文番号をお手元にご用意ください 7", SK_LABEL_NONE },
    { "マイナンバーをお手元にご用意ください 7", SK_LABEL_MY_NUMBER },
    { "口座番号\n7", SK_LABEL_ACCOUNT },
    { "口座番号:\n 7", SK_LABEL_ACCOUNT },
    { "口座番号の件\n7", SK_LABEL_NONE },
    { "口座番号\nは 7", SK_LABEL_NONE },
    { "口座番号\t7", SK_LABEL_ACCOUNT },
    { "電話,口座番号\n1,7", SK_LABEL_ACCOUNT },
    { "電話,口座番号\n7,1", SK_LABEL_PHONE },
    { "電話,ほか\n1,7", SK_LABEL_UNKNOWN },
    { "電話,ほか\n1,電話 7", SK_LABEL_PHONE },
    { "\"電話(自宅)\",\"口座番号\"\n\"1,2\",\"7\"", SK_LABEL_ACCOUNT },
    { "電話\t口座番号\r\n1\t2\r\n3\t7\r\n", SK_LABEL_ACCOUNT },
    { "電話,口座番号\n\n1,7", SK_LABEL_ACCOUNT },
    { "電話,口座番号\n\n\n\n1,7", SK_LABEL_NONE },
    { "電話,口座番号\n1,2\n氏名,生年月日\n1,7", SK_LABEL_BIRTH },
    { "電話,口座番号\n山田,電話\n1,7", SK_LABEL_ACCOUNT },
    { "一覧,\n電話,口座番号\n1,7", SK_LABEL_ACCOUNT },
    { "氏名,住所,電話,口座番号\n1,\"東京都\n千代田区\",2,7", SK_LABEL_ACCOUNT },
    { "氏名\t山田\t鈴木\n電話\t1\t7", SK_LABEL_PHONE },
    { "氏名\t山田\t鈴木\n備考\t1\t7", SK_LABEL_UNKNOWN },
    { "生年月日\t1980/3/4\t7", SK_LABEL_BIRTH },
    { "Name,Phone 1 - Value\na,7", SK_LABEL_PHONE },
    { "Please send your name and your date of birth, and more\n2024/3/4, 7", SK_LABEL_NONE },
    { "氏名,住所,生年月日,電話番号を記入し,\n1,7", SK_LABEL_NONE },
    { "氏名,電話,No.\n1,7,2", SK_LABEL_PHONE },
    { "氏名,生年月日をお知らせください。\n1,7", SK_LABEL_NONE },
    { "| 氏名 | 生年月日 |\n| 1 | 7 |", SK_LABEL_BIRTH },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SkFolded folded;
      g_autoptr (SkScan) scan = scan_of (cases[i].text, strlen (cases[i].text), &folded);
      SkLabel label = sk_label_of (scan, (gsize) (strchr (cases[i].text, '7') - cases[i].text));

      if (label != cases[i].label)
        g_test_message ("%s", cases[i].text);
      g_assert_cmpuint (label, ==, cases[i].label);
    }
}

static void
test_cells (void)
{
  static const struct {
    const char *text;
    gboolean fills;
  } cases[] = {
    { "7", TRUE },           { " 7 ", TRUE },   { "a\n7\nb", TRUE }, { "a,7,b", TRUE },
    { "a\t\"7\"\tb", TRUE }, { "7\r\n", TRUE }, { "a 7", FALSE },    { "7 a", FALSE },
    { "a,b 7", FALSE },      { "7、", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SkFolded folded;
      g_autoptr (SkScan) scan = scan_of (cases[i].text, strlen (cases[i].text), &folded);

      g_assert_cmpint (
          sk_label_fills_cell (scan, (gsize) (strchr (cases[i].text, '7') - cases[i].text), 1), ==,
          cases[i].fills);
    }
}

static void
test_shared_finds (void)
{
  static const char text[] = "TEL 03-1234-5678, taro@example.jp, 090-1234-5678";
  SkFolded folded;
  g_autoptr (SkScan) scan = scan_of (text, strlen (text), &folded);
  gsize n_finds;
  const SkFind *finds = sk_scan_finds (scan, "phone-number", &n_finds);

  g_assert_cmpuint (n_finds, ==, 2);
  g_assert_cmpuint (finds[0].start, ==, 4);
  g_assert_cmpuint (finds[0].length, ==, 12);
  g_assert_cmpstr (finds[0].value, ==, "0312345678");
  g_assert_cmpstr (finds[1].value, ==, "09012345678");
  g_assert_true (sk_scan_finds (scan, "phone-number", &n_finds) == finds);
  sk_scan_finds (scan, "email-address", &n_finds);
  g_assert_cmpuint (n_finds, ==, 1);
}

static void
test_table (void)
{
  for (guint i = 0; sk_detectors[i] != NULL; i++)
    g_assert_true (sk_detector_find (sk_detectors[i]->name) == sk_detectors[i]);
  g_assert_null (sk_detector_find ("no-such"));
  g_assert_null (sk_detector_find (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/runs-and-lines", test_runs_and_lines);
  g_test_add_func ("/scan/next", test_next);
  g_test_add_func ("/scan/shared-finds", test_shared_finds);
  g_test_add_func ("/label/labels", test_labels);
  g_test_add_func ("/label/cells", test_cells);
  g_test_add_func ("/detector/table", test_table);
  return g_test_run ();
}
