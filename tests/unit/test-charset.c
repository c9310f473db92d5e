// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-charset.h"

#include <string.h>

static char *
decode (const char *bytes, gsize length, const char *label, guint64 *replaced)
{
  g_auto (SkDecoded) decoded = { 0 };

  sk_charset_decode (bytes, length, label, &decoded);
  g_assert_true (g_utf8_validate (decoded.text, -1, NULL));
  g_assert_cmpuint (decoded.length, ==, strlen (decoded.text));
  g_assert_nonnull (decoded.charset);
  *replaced = decoded.replaced;
  return g_steal_pointer (&decoded.text);
}

static const struct {
  const char *label, *bytes;
  const char *text;
  guint64 replaced;
} cases[] = {
  { "us-ascii", "abc", "abc", 0 },
  { NULL, "", "", 0 },
  { "utf-8", "\xe3\x81\x82", "あ", 0 },
  { "utf-8", "\xef\xbb\xbf" "a\xe3\x81\x82", "aあ", 0 },
  { "\"UTF8\"", "\xe3\x81\x82", "あ", 0 },
  { "utf-8", "ああああああああ\xff", "ああああああああ\xef\xbf\xbd", 1 },
  { "Shift_JIS", "\x87\x8a\xfb\xfc\x8b\xb4\x87\x40", "㈱髙橋①", 0 },
  { "Shift_JIS", "\x81\x60\x81\x7c\x5c\x7e", "～－\\~", 0 },
  { "iso-2022-jp", "\033$B-j|b6K-!\033(B", "㈱髙極①", 0 },
  { "iso-2022-jp", "\033$B0!\033(J\\~\033(B", "亜¥‾", 0 },
  { "iso-2022-jp", "\033(I12\033(B", "ｱｲ", 0 },
  { "iso-2022-jp", "\016" "12\017" "a", "ｱｲa", 0 },
  { "iso-2022-jp", "\xb1\xb2 \033$B$\"\033(B", "ｱｲ あ", 0 },
  { "iso-2022-jp-1", "\033$(D0!\033(B", "丂", 0 },
  { "euc-jp", "\xad\xea\xad\xa1\xfc\xe2", "㈱①髙", 0 },
  { "euc-jp", "\x8f\xb0\xa1\x8e\xb1", "丂ｱ", 0 },
  { "iso-8859-1", "\x93" "caf\xe9\x94", "“café”", 0 },
  { "windows-1252", "\x80", "€", 0 },
  { "big5", "\xa4\xa4\xa4\xe5", "中文", 0 },
  { "gb2312", "\xd6\xd0\xce\xc4", "中文", 0 },
  { "ks_c_5601-1987", "\xb0\xa1\xb0\xa2", "가각", 0 },
  { "koi8-r", "\xc1\xc2", "аб", 0 },
  { "utf-7", "a+MEI-b", "aあb", 0 },
  { "utf-16", "\xfe\xff\x30\x42", "あ", 0 },
  { "utf-16le", "\x42\x30\x44\x30", "あい", 0 },
  { "utf-16be", "\x30\x42\xd8\x40\xdc\x0b", "あ𠀋", 0 },
  { NULL, "\033$B$\"\033(B", "あ", 0 },
  { "us-ascii", "\x82\xa0\x82\xa2\x8a\xbf\x8e\x9a", "あい漢字", 0 },
  { "us-ascii", "\xa4\xa2\xa4\xa4\xb4\xc1\xbb\xfa", "あい漢字", 0 },
  { "no-such-charset", "\xa4\xa2\xa4\xa4\xb4\xc1\xbb\xfa", "あい漢字", 0 },
  { "euc-jp", "\x82\xa0\x82\xa2\x8a\xbf\x8e\x9a", "あい漢字", 0 },
  { "", "caf\xe9 cr\xe8me br\xfbl\xe9" "e", "café crème brûlée", 0 },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 replaced;
      g_autofree char *text
          = decode (cases[i].bytes, strlen (cases[i].bytes), cases[i].label, &replaced);

      g_test_message ("%u: %s", i, cases[i].label != NULL ? cases[i].label : "(none)");
      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpuint (replaced, ==, cases[i].replaced);
    }
}

static void
test_nul (void)
{
  static const char *const labels[] = { NULL, "utf-8", "us-ascii", "shift_jis", "iso-8859-1", "iso-2022-jp" };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      guint64 replaced;
      g_autofree char *text = decode ("abcdefghijklmno\0pqrstuvwxyz012345", 33, labels[i], &replaced);

      g_assert_cmpstr (text, ==, "abcdefghijklmno\xef\xbf\xbdpqrstuvwxyz012345");
    }
}

/* Every two-byte code against the C library's tables, which come from elsewhere than ICU's. */
static void
compare_plane (const char *label, const char *oracle, guint low, guint high)
{
  for (guint lead = low; lead <= high; lead++)
    for (guint trail = 0x40; trail < 0x100; trail++)
      {
        char bytes[4] = { (char) lead, (char) trail, 'x', 0 };
        gsize written = 0;
        guint64 replaced;
        g_autofree char *expected = g_convert (bytes, 3, "UTF-8", oracle, NULL, &written, NULL);
        g_autofree char *text = NULL;

        if (expected == NULL || g_utf8_strlen (expected, -1) != 2)
          continue;
        text = decode (bytes, 3, label, &replaced);
        g_assert_cmpstr (text, ==, expected);
        g_assert_cmpuint (replaced, ==, 0);
      }
}

static void
test_tables (void)
{
  compare_plane ("Shift_JIS", "CP932", 0x81, 0x9f);
  compare_plane ("Shift_JIS", "CP932", 0xe0, 0xfc);
}

/* Seven bits carry the same characters as Shift_JIS does, rows 1 to 94. */
static void
test_rows (void)
{
  for (guint row = 0x21; row <= 0x7e; row++)
    for (guint cell = 0x21; cell <= 0x7e; cell++)
      {
        guint lead = (row - 0x21) / 2 + (row < 0x5f ? 0x81 : 0xc1);
        guint trail = row % 2 == 0 ? cell + 0x7e : cell + (cell < 0x60 ? 0x1f : 0x20);
        char jis[] = { 033, '$', 'B', (char) row, (char) cell, 033, '(', 'B', 'x' };
        char shift_jis[] = { (char) lead, (char) trail, 'x' };
        gsize written = 0;
        guint64 replaced;
        g_autofree char *expected
            = g_convert (shift_jis, sizeof shift_jis, "UTF-8", "CP932", NULL, &written, NULL);
        g_autofree char *text = NULL;

        if (expected == NULL)
          continue;
        text = decode (jis, sizeof jis, "iso-2022-jp", &replaced);
        g_assert_cmpstr (text, ==, expected);
      }
}

/* A text that is long enough to fall apart at every seam of the conversion. */
static void
test_long (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize written = 0;
  guint64 replaced;
  g_autofree char *shift_jis = NULL, *utf16 = NULL, *a = NULL, *b = NULL;

  for (guint i = 0; i < 30000; i++)
    g_string_append (text, i % 3 == 0 ? "表示" : i % 3 == 1 ? "a" : "ｱ漢");
  shift_jis = g_convert (text->str, (gssize) text->len, "CP932", "UTF-8", NULL, &written, NULL);
  a = decode (shift_jis, written, "x-sjis", &replaced);
  g_assert_cmpstr (a, ==, text->str);
  g_string_append (text, "𠀋");
  for (guint i = 0; i < 5000; i++)
    g_string_append (text, "𠀋a𠮷");
  utf16 = g_convert (text->str, (gssize) text->len, "UTF-16BE", "UTF-8", NULL, &written, NULL);
  b = decode (utf16, written, "utf-16be", &replaced);
  g_assert_cmpstr (b, ==, text->str);
  g_assert_cmpuint (replaced, ==, 0);
}

/* Short lines without a label, as names and list rows are. Each encoding of each must be recognised. */
static const char *const lines[] = {
  "株式会社サンプル商事", "有限会社見本製作所", "お世話になっております。", "見積書の送付について",
  "東京都千代田区霞が関1-2-3", "テスト太郎,090-0000-0000,test@example.com", "ご確認のほど、よろしくお願いいたします。",
  "納品書（控え）", "会議の日程：11月24日（火）10時～", "サンプル 花子 様",
};

static void
test_guess (void)
{
  static const char *const encodings[] = { "CP932", "EUC-JP", "ISO-2022-JP", "UTF-8" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    for (guint j = 0; j < G_N_ELEMENTS (encodings); j++)
      {
        gsize written = 0;
        guint64 replaced;
        g_autofree char *bytes
            = g_convert (lines[i], -1, encodings[j], "UTF-8", NULL, &written, NULL);
        g_autofree char *text = NULL;

        if (bytes == NULL)
          continue;
        text = decode (bytes, written, NULL, &replaced);
        g_test_message ("%s: %s", encodings[j], lines[i]);
        g_assert_cmpstr (text, ==, lines[i]);
      }
}

/* Without a byte order mark, and without the zeros of Latin letters. */
static const char *const wide_lines[] = {
  "株式会社", "株式会社見本商事", "有限会社佐々木精密", "東京都千代田区霞が関", "テスト", "いつもお世話になっております。",
  "契約書類一式", "顧客名簿（社外秘）", "ﾐﾎﾝ　ﾀﾛｳ", "見本　太郎", "𠮷野家書店", "①㈱②№③",
  "見本商事　契約書類一式", "aあ一", "Latin\r\n",
};

static void
test_wide (void)
{
  static const char *const encodings[] = { "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE" };

  for (guint i = 0; i < G_N_ELEMENTS (wide_lines); i++)
    for (guint j = 0; j < G_N_ELEMENTS (encodings); j++)
      {
        gsize written = 0;
        guint64 replaced;
        g_autofree char *bytes
            = g_convert (wide_lines[i], -1, encodings[j], "UTF-8", NULL, &written, NULL);
        g_autofree char *text = decode (bytes, written, NULL, &replaced);

        g_test_message ("%s: %s", encodings[j], wide_lines[i]);
        g_assert_cmpstr (text, ==, wide_lines[i]);
        g_assert_cmpuint (replaced, ==, 0);
      }
}

/* Pairs of ASCII letters are kanji in UTF-16; it is ASCII all the same. */
static void
test_not_wide (void)
{
  static const char *const texts[] = { "Bush hid the facts", "this app can break", "a\fb\fcd", "\033[1mabc" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      guint64 replaced;
      g_autofree char *text = decode (texts[i], strlen (texts[i]), NULL, &replaced);

      g_assert_cmpstr (text, ==, texts[i]);
    }
}

/* What can be read in two ways: one of both is what was written. */
static const struct {
  const char *encoding, *text;
  gboolean two;
} doubles[] = {
  { "CP932", "ﾐﾎﾝ ﾀﾛｳ", FALSE },    { "CP932", "ｷﾞﾖｳ ﾃｽﾄｺ", TRUE },      { "EUC-JP", "ﾐﾎﾝ ﾀﾛｳ", TRUE },
  { "EUC-JP", "見本花子", TRUE },   { "EUC-JP", "高田", TRUE },          { "CP932", "見本商事", FALSE },
  { "CP932", "お世話になって", FALSE }, { "EUC-JP", "ご確認のほど、よろしくお願いいたします。", FALSE },
  { "UTF-8", "見本花子", FALSE },
};

static void
test_second (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (doubles); i++)
    {
      gsize written = 0;
      g_auto (SkDecoded) first = { 0 }, second = { 0 };
      g_autofree char *bytes
          = g_convert (doubles[i].text, -1, doubles[i].encoding, "UTF-8", NULL, &written, NULL);
      gboolean two;

      sk_charset_decode (bytes, written, NULL, &first);
      two = sk_charset_second_reading (bytes, written, &first, &second);
      g_test_message ("%s: %s", doubles[i].encoding, doubles[i].text);
      g_assert_cmpint (two, ==, doubles[i].two);
      g_assert_true (strcmp (first.text, doubles[i].text) == 0
                     || g_strcmp0 (second.text, doubles[i].text) == 0);
      g_assert_true (two == (second.text != NULL));
    }
}

static void
test_taking (void)
{
  g_auto (SkDecoded) same = { 0 }, other = { 0 };
  char *bytes = g_strdup ("あ");

  sk_charset_decode_taking (bytes, 3, "utf-8", &same);
  g_assert_true (same.text == bytes);
  g_assert_cmpuint (same.length, ==, 3);
  sk_charset_decode_taking (g_strdup ("\x82\xa0"), 2, "shift_jis", &other);
  g_assert_cmpstr (other.text, ==, "あ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/charset/cases", test_cases);
  g_test_add_func ("/charset/nul", test_nul);
  g_test_add_func ("/charset/tables", test_tables);
  g_test_add_func ("/charset/rows", test_rows);
  g_test_add_func ("/charset/long", test_long);
  g_test_add_func ("/charset/guess", test_guess);
  g_test_add_func ("/charset/wide", test_wide);
  g_test_add_func ("/charset/not-wide", test_not_wide);
  g_test_add_func ("/charset/second", test_second);
  g_test_add_func ("/charset/taking", test_taking);
  return g_test_run ();
}
