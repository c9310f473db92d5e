// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-folded.h"

#include <string.h>

/* By hand: Unicode's NFKC, the tables named in sk-kanji.c, and what a reader of Japanese takes for a dash or
 * a long vowel. */
static void
test_examples (void)
{
  static const struct {
    const char *text, *folded;
  } cases[] = {
    { "", "" },
    { "plain - text 1-2", "plain - text 1-2" },
    { "いつもお世話になっております。", "いつもお世話になっております。" },
    { "ＡＢＣ　①", "ABC 1" },
    { "㈱見本", "(株)見本" },
    { "ｶﾞｷﾞ", "ガギ" },
    { "か\xe3\x82\x99", "が" },
    { "A\xcc\x81z", "Áz" },
    { "1234567A\xcc\x81z", "1234567Áz" },
    { "12345678A\xcc\x81z", "12345678Áz" },
    { "東京(A\xcc\x81)", "東京(Á)" },
    { "4111\xe2\x80\x8b" "1111", "41111111" },              /* U+200B */
    { "4111\xc2\xad" "1111\xef\xbb\xbf" "1", "411111111" },  /* U+00AD, U+FEFF */
    { "090\xe2\x81\xa0" "−1234", "090-1234" },              /* U+2060 before a dash */
    { "a\xe3\x85\xa4" "b\xe1\xa0\x8e" "c", "abc" },         /* U+3164, U+180E */
    { "ﷺ", "صلى الله عليه وسلم" },
    /* variant kanji */
    { "髙橋﨑山", "高橋崎山" },
    { "齋藤、斎藤、齊藤、斉藤", "斎藤、斎藤、斉藤、斉藤" },
    { "渡邊渡邉渡辺", "渡辺渡辺渡辺" },
    { "𠮷野家の德川", "吉野家の徳川" },
    { "埼玉", "埼玉" },
    { "福神", "福神" }, /* compatibility ideographs */
    { "辻\xf3\xa0\x84\x80さん", "辻さん" },
    { "葛\xef\xb8\x80城", "葛城" },
    { "髙\xf3\xa0\x84\x81x", "高x" },
    { "❤\xef\xb8\x8f", "❤\xef\xb8\x8f" },
    /* dashes among digits */
    { "０３−１２３４−５６７８", "03-1234-5678" },
    { "03‐1234‑5678", "03-1234-5678" },
    { "03–1234—5678―9", "03-1234-5678-9" },
    { "1─2━3－4‒5﹣6", "1-2-3-4-5-6" },
    { "３ー５ー１", "3-5-1" },
    { "3ｰ5", "3-5" },
    { "03 － 1234", "03 - 1234" },
    { "03 　ー 　1234", "03  -  1234" },
    { "(03)ー1234−5678", "(03)-1234-5678" },
    { "コーポー１０１", "コーポー101" },
    { "コーポ―１０１", "コーポ-101" },
    { "コーポ－101", "コーポ-101" },
    { "コーポー−101", "コーポー-101" },
    { "Ａー12", "A-12" },
    { "2ーB棟", "2-B棟" },
    { "1ー東", "1ー東" },
    { "第1―東", "第1-東" },
    { "10ーー20", "10--20" },
    /* long vowel marks */
    { "サービス", "サービス" },
    { "ｻｰﾋﾞｽ", "サービス" },
    { "ｻ-ﾋﾞｽ", "サービス" },
    { "サ‐ビス", "サービス" },
    { "デ―タベ—ス", "データベース" },
    { "ﾌﾞﾛﾞ-ﾁ", "ブロ\xe3\x82\x99ーチ" },
    { "メニュ―を", "メニューを" },
    { "サーバ―", "サーバー" },
    { "サーバー―", "サーバー―" },
    { "タイプ-東", "タイプ-東" },
    { "タイプ―A", "タイプ―A" },
    { "エンジン―東", "エンジン―東" },
    { "ホット―パン", "ホットーパン" },
    { "カット――ソー", "カット――ソー" },
    { "サーバーー\xe3\x82\x99x", "サーバーー\xe3\x82\x99x" }, /* a sound mark behind a vowel mark */
    { "漢ー1", "漢ー1" },
    { "漢ｰ漢", "漢ー漢" },
    { "━━━━━━━━", "━━━━━━━━" }, /* a rule */
    { "━━‑━", "━━‐━" },
    { "1━━━━", "1----" },
    { "らーめん", "らーめん" },
    { "そして―それ", "そして―それ" },
    { "ー", "ー" },
    { "−", "−" },
    { "-", "-" },
    { "ア-", "ア-" },
    { "-ア", "-ア" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SkFolded) folded = sk_folded_new (cases[i].text, strlen (cases[i].text));

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (folded->text, ==, cases[i].folded);
      g_assert_cmpuint (folded->length, ==, strlen (cases[i].folded));
      if (strcmp (cases[i].text, cases[i].folded) == 0)
        g_assert_true (folded->text == cases[i].text);
    }
}

static void
test_way_back (void)
{
  static const struct {
    const char *text, *found, *source;
  } cases[] = {
    { "tel: 03-1234", "03-1234", "03-1234" },
    { "電話０３−１２３４です", "03-1234", "０３−１２３４" },
    { "電話０３−１２３４です", "3-1", "３−１" },
    { "前㈱見本後", "(株)見本", "㈱見本" },
    { "前㈱見本後", "株", "㈱" },
    { "前㈱見本後", "見本", "見本" },
    { "前㈱", "(株)", "㈱" },
    { "ｶﾞｷﾞｸﾞ", "ギ", "ｷﾞ" },
    { "x4111\xe2\x80\x8b" "1111y", "41111111", "4111\xe2\x80\x8b" "1111" },
    { "xか\xe3\x82\x99y", "が", "か\xe3\x82\x99" },
    { "xか\xe3\x82\x99y", "y", "y" },
    { "髙橋さん", "高橋", "髙橋" },
    { "髙橋さん", "高", "髙" },
    { "①髙橋さん", "高", "髙" },
    { "𠮷野さん", "吉", "𠮷" },
    { "𠮷野さん", "野", "野" },
    { "辻\xf3\xa0\x84\x80さん", "辻", "辻\xf3\xa0\x84\x80" },
    { "辻\xf3\xa0\x84\x80さん", "さ", "さ" },
    { "辻\xf3\xa0\x84\x80", "辻", "辻\xf3\xa0\x84\x80" },
    { "ﷺ。", "عليه", "ﷺ" },
    { "ﷺ。", "。", "。" },
    { "ab\xc3\xa9", "b", "b" },
    { "ａb\xc3\xa9", "b\xc3\xa9", "b\xc3\xa9" },
    { "１２３4５６", "345", "３4５" },
    { "１２３4５６", "6", "６" },
    { "e\xcc\xa3x", "ẹ", "e\xcc\xa3" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SkFolded) folded = sk_folded_new (cases[i].text, strlen (cases[i].text));
      const char *at = strstr (folded->text, cases[i].found);
      g_autofree char *source = NULL;
      gsize start, length;

      g_test_message ("%s in %s", cases[i].found, cases[i].text);
      g_assert_nonnull (at);
      sk_folded_source (folded, (gsize) (at - folded->text), strlen (cases[i].found), &start, &length);
      source = g_strndup (cases[i].text + start, length);
      g_assert_cmpstr (source, ==, cases[i].source);
    }
}

/* Nothing of nothing, wherever it is, and bytes inside a character stand for all of it. */
static void
test_odd_stretches (void)
{
  static const char text[] = "a㈱é１";
  g_autoptr (SkFolded) folded = sk_folded_new (text, strlen (text));
  gsize start, length;

  g_assert_cmpstr (folded->text, ==, "a(株)é1");
  sk_folded_source (folded, 3, 1, &start, &length); /* in 株 */
  g_assert_cmpuint (start, ==, 1);
  g_assert_cmpuint (length, ==, 3);
  sk_folded_source (folded, 7, 1, &start, &length); /* in é */
  g_assert_cmpuint (start, ==, 4);
  g_assert_cmpuint (length, ==, 2);
  sk_folded_source (folded, folded->length, 0, &start, &length);
  g_assert_cmpuint (start, ==, strlen (text));
  g_assert_cmpuint (length, ==, 0);
  sk_folded_source (folded, 0, folded->length, &start, &length);
  g_assert_cmpuint (start, ==, 0);
  g_assert_cmpuint (length, ==, strlen (text));
}

/* The list is the official one: fixtures/kanji/README.md. */
static void
test_official_list (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("SK_FIXTURES"), "kanji", "joyo-older-forms.txt", NULL);
  g_autofree char *list = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &list, NULL, NULL));
  lines = g_strsplit (list, "\n", -1);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++, n++)
    {
      g_auto (GStrv) pair = g_strsplit (lines[i], " ", 2);
      g_autoptr (SkFolded) older = sk_folded_new (pair[0], strlen (pair[0]));
      g_autoptr (SkFolded) common = sk_folded_new (pair[1], strlen (pair[1]));

      g_assert_cmpstr (older->text, ==, pair[1]);
      g_assert_true (common->text == pair[1]);
    }
  g_assert_cmpuint (n, ==, 364);
}

static gunichar
random_character (GRand *random)
{
  static const char some[] = "0159azAZ ()-‐−―ーｰ─サンッ゛ﾞﾟｶらが\xe3\x82\x99髙﨑齋①㈱１Ａé\xcc\x81ﷺ𠮷\xef\xb8\x80\xf3\xa0\x84\x80。";
  glong n = g_utf8_strlen (some, -1);

  if (g_rand_int_range (random, 0, 20) == 0)
    return (gunichar) g_rand_int_range (random, 0xa0, 0xd000);
  return g_utf8_get_char (g_utf8_offset_to_pointer (some, g_rand_int_range (random, 0, (gint32) n)));
}

/* Characters' sources follow one another, and all of them together are the whole. */
static void
check_sources (const SkFolded *folded, const char *text)
{
  gsize behind = 0, last = 0, start, length;

  g_assert_true (g_utf8_validate (folded->text, (gssize) folded->length, NULL));
  for (const char *at = folded->text; *at != '\0'; at = g_utf8_next_char (at))
    {
      sk_folded_source (folded, (gsize) (at - folded->text), (gsize) (g_utf8_next_char (at) - at), &start,
                        &length);
      g_assert_cmpuint (start, >=, last);
      g_assert_cmpuint (start, <=, behind);
      g_assert_cmpuint (start + length, >=, behind);
      g_assert_true (g_utf8_validate (text + start, (gssize) length, NULL));
      last = start;
      behind = start + length;
    }
  g_assert_cmpuint (behind, ==, strlen (text));
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);

  for (int round = 0; round < 20000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (SkFolded) folded = NULL;
      int n = g_rand_int_range (random, 1, 40);

      for (int i = 0; i < n; i++)
        g_string_append_unichar (text, random_character (random));
      folded = sk_folded_new (text->str, text->len);
      check_sources (folded, text->str);
    }
}

static void
test_within (void)
{
  static const struct {
    const char *text;
    gsize most;
    gboolean fits;
  } cases[] = {
    { "abc", 3, TRUE }, { "abc", 2, FALSE },       /* as it is */
    { "㍿㍿", 24, TRUE }, { "㍿㍿", 23, FALSE },   /* 株式会社 */
    { "１２３", 3, TRUE }, { "１２３", 2, FALSE }, { "", 0, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SkFolded *folded = sk_folded_new_within (cases[i].text, strlen (cases[i].text), cases[i].most);

      g_assert_true ((folded != NULL) == cases[i].fits);
      sk_folded_free (folded);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/folded/examples", test_examples);
  g_test_add_func ("/folded/way-back", test_way_back);
  g_test_add_func ("/folded/odd-stretches", test_odd_stretches);
  g_test_add_func ("/folded/official-list", test_official_list);
  g_test_add_func ("/folded/random", test_random);
  g_test_add_func ("/folded/within", test_within);
  return g_test_run ();
}
