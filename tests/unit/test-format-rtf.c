/* RTF as LibreOffice and simple programs write it, and as Word does (put together by hand:
 * tests/fixtures/documents/ole2). */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/extraction-print.h"

#include <locale.h>
#include <string.h>

typedef struct {
  const char *file, *sections;
} Case;

static const Case documents[] = {
  { "letter.rtf",
    "[text]御見積書\n電話 03-0000-0001 までご連絡ください。\n口座番号 2222333 です\n前   後\tタブ\n改行のあと\n"
    "見える隠し文字フヅキ文字\n連絡先と田中様\n注釈付き\n箱の外\n氏名\t電話\t備考\n山田 一郎\t090-0000-0001\t一行目 二行目\n"
    "佐藤 二郎\t090-0000-0002\t\n以上\n[note header]ヘッダー文言 極秘\n[note footer]フッター文言 1\n"
    "[note footnotes]\t脚注の本文 サツキ\n\t文末脚注 ミナヅキ\n[note comments]?? ??\nコメント本文 ハヅキ\n"
    "[note shapes]枠の中 ナガツキ\n[note fields] PAGE \nHYPERLINK \"mailto:hanako@partner.example\" \n"
    " EQ \\* jc3 \\* \"Font:DejaVu Sans\" \\* hps12 \\o\\al(\\s\\up 10(たなか),田中)\nSHAPE \n"
    "[note properties]見積依頼の件\n主題キサラギ\n社外秘\n関所 花子\n関所 次郎\n案件番号\n案件K-2041\n[note deleted]1111\n" },
  { "word.rtf",
    "[text]一郎 ㈱髙①\nソソ能養マ\nﾊﾝｶｸcafé \nПривет\n😀あい\n隠し見える\302\240A-BC—\tD\nE\n連絡先田中\n\n"
    "氏名\t一行目 二行目\n\tB\n[note name @memo.txt]memo.txt\n[text @memo.txt]inside 4111\n[text]以上\n"
    "[note header]社外秘\n[note footnotes]脚注\n[note fields]HYPERLINK \"mailto:jiro@partner.example\"\n"
    "EQ \\* jc2 \\o\\ad(\\s\\up 9(たなか),田中)\n[note properties]見積の件\n関所 花子\nExample KK\n主題\n" },
  { "plain.rtf", "[text]申込書 ﾊﾝｶｸ 髙①\nあい end\n" },
};

/* Small ones, by the specification. */
static const Case texts[] = {
  { "{\\rtf1 plain}", "[text]plain\n" },
  { "\n {\\rtf1 with blanks before}", "[text]with blanks before\n" },
  { "{\\rtf1\\ansi caf\\'e9 \\lquote x\\rquote}", "[text]café ‘x’\n" },
  { "{\\rtf1\\mac caf\\'8e}", "[text]café\n" },
  { "{\\rtf1\\uc0\\u19968 \\u37070}", "[text]一郎\n" },
  { "{\\rtf1\\uc1\\u19968 ?\\u37070\\'3f.}", "[text]一郎.\n" },
  { "{\\rtf1{\\uc3\\u19968 abc}\\u37070 ?.}", "[text]一郎.\n" },
  { "{\\rtf1\\u19968{x}}", "[text]一x\n" },
  { "{\\rtf1\\u-4096 ?\\u65536 ?}", "[text]\357\200\200\357\277\275\n" }, /* private use; none */
  { "{\\rtf1 a\\bin3 }}}b}", "[text]ab\n" },
  { "{\\rtf1 a{\\*\\unknown b{\\b c}}d}", "[text]ad\n" },
  { "{\\rtf1 a{\\unknown b}c}", "[text]abc\n" },
  { "{\\rtf1 a{\\pict 0011{\\b x}}b}", "[text]ab\n" },
  { "{\\rtf1\\trowd A\\cell B\\cell\\row C\\cell\\cell\\row D}", "[text]A\tB\nC\t\nD\n" },
  { "{\\rtf1 4111{\\deleted 222}333}", "[text]4111333\n[note deleted]222\n" },
  { "{\\rtf1 4111\\~\\-1111\\_1111\\\\\\{\\}}", "[text]4111\302\2401111-1111\\{}\n" },
  { "{\\rtf1 closed}} more", "[text]closed more\n" },
  { "{\\rtf1 a\\'zz\\'4}", "[text]azz4\n" },
};

/* Groups that are not closed: something is missing. */
static const Case cut[] = {
  { "{\\rtf1 unclosed {\\b still", "[text]unclosed still\n" },
  { "{\\rtf1 unclosed {\\b closed}", "[text]unclosed closed\n" },
  { "{\\rtf1 a\\'zz\\'4", "[text]azz4\n" },
  { "{\\rtf1\\u", "" },
  { "{\\rtf1\\", "" },
};

static void
check (GBytes *bytes, const char *expected)
{
  g_autoptr (SkExtraction) extraction = extract_bytes (bytes, NULL, &sk_extract_default_limits);
  g_autofree char *sections = print_extraction (extraction);

  g_assert_cmpstr (extraction->type, ==, "application/rtf");
  g_assert_cmpint (extraction->readable, ==, SK_YES);
  g_assert_cmpint (extraction->encrypted, ==, SK_NO);
  g_assert_cmpstr (sections, ==, expected);
}

static void
test_documents (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autofree char *path = g_build_filename ("ole2", documents[i].file, NULL);
      g_autoptr (GBytes) bytes = load_document (path);

      check (bytes, documents[i].sections);
    }
}

static void
test_texts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (texts[i].file, strlen (texts[i].file));

      g_test_message ("%s", texts[i].file);
      check (bytes, texts[i].sections);
    }
}

static void
test_cut (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cut); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (cut[i].file, strlen (cut[i].file));
      g_autoptr (SkExtraction) extraction = extract_bytes (bytes, NULL, &sk_extract_default_limits);
      g_autofree char *sections = print_extraction (extraction);

      g_test_message ("%s", cut[i].file);
      g_assert_cmpint (extraction->readable, ==, SK_NO);
      g_assert_cmpstr (extraction->reason, ==, "damaged: it ends too early");
      g_assert_cmpstr (sections, ==, cut[i].sections);
    }
}

/* A stretch of zeros inside is a hole; behind the end it is none. */
static void
test_hole (void)
{
  static const char with_hole[] = "{\\rtf1 a\0\0\0\0b}", behind[] = "{\\rtf1 ab}\0\0\0\0";
  g_autoptr (GBytes) hole = g_bytes_new_static (with_hole, sizeof with_hole - 1);
  g_autoptr (GBytes) filled = g_bytes_new_static (behind, sizeof behind - 1);
  g_autoptr (SkExtraction) extraction = extract_bytes (hole, NULL, &sk_extract_default_limits);

  g_assert_cmpint (extraction->readable, ==, SK_NO);
  g_assert_cmpstr (extraction->text, ==, "ab\n");
  check (filled, "[text]ab\n");
}

/* A million groups inside one another take neither memory nor time beyond that. */
static void
test_depth (void)
{
  enum { GROUPS = 1000000 };
  g_autoptr (GString) rtf = g_string_new ("{\\rtf1 ");
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < GROUPS; i++)
    g_string_append_c (rtf, '{');
  g_string_append (rtf, "deep");
  for (guint i = 0; i < GROUPS; i++)
    g_string_append_c (rtf, '}');
  g_string_append (rtf, " out}");
  bytes = g_string_free_to_bytes (g_steal_pointer (&rtf));
  check (bytes, "[text]deep out\n");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtf/documents", test_documents);
  g_test_add_func ("/rtf/texts", test_texts);
  g_test_add_func ("/rtf/cut", test_cut);
  g_test_add_func ("/rtf/hole", test_hole);
  g_test_add_func ("/rtf/depth", test_depth);
  return g_test_run ();
}
