// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-company.h"

#include <string.h>

/* Which of the names (their numbers, in order) the text names. */
static char *
find (const char *const *names, const char *text)
{
  SkCompaniesBuilder *builder = sk_companies_builder_new ();
  g_autoptr (SkCompanies) companies = NULL;
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  GString *result = g_string_new (NULL);
  guint n = g_strv_length ((char **) names);

  for (guint i = 0; i < n; i++)
    g_assert_true (sk_companies_builder_add (builder, names[i], i + 1));
  companies = sk_companies_builder_finish (builder);
  sk_companies_find (companies, text, strlen (text), found);
  for (guint i = 0; i < n; i++)
    if (g_hash_table_contains (found, GUINT_TO_POINTER (i + 1)))
      g_string_append_printf (result, "%u ", i + 1);
  return g_string_free (result, FALSE);
}

static void
test_find (void)
{
  static const struct {
    const char *names[5], *text, *found;
  } cases[] = {
    /* company forms don't matter on either side */
    { { "株式会社見本商会" }, "見本商会 御中", "1 " },
    { { "見本商会" }, "見本商会株式会社 御中", "1 " },
    { { "㈱見本商会" }, "いつもお世話になっております。(株)見本商会の者です", "1 " },
    { { "見本商会（株）" }, "㍿見本商会", "1 " },
    { { "有限会社 見本" }, "㈲見本 様", "1 " },
    { { "一般社団法人見本協会" }, "見本協会のみなさま", "1 " },
    { { "Sample Trading Co., Ltd." }, "Dear SAMPLE TRADING,", "1 " },
    { { "Sample Trading Co.,Ltd" }, "ＳＡＭＰＬＥ　Trading Company Limited", "1 " },
    { { "Sample Trading" }, "Sample\n Trading, Inc.", "1 " },
    { { "Sample GmbH & Co. KG" }, "an Sample, Beispielstadt", "1 " },
    { { "Sample K.K." }, "to sample", "1 " },
    { { "Sample Corporation" }, "sample-report.xlsx", "1 " },
    { { "見本商会CO.,LTD." }, "見本商会様", "1 " },
    { { "ABC株式会社 東京支店" }, "ABC（株）東京支店 御中", "1 " },
    { { "ABC株式会社 東京支店" }, "ABC東京支店 御中", "1 " },
    { { "ABC株式会社 東京支店" }, "ABC 東京支店", "1 " },
    { { "ABC株式会社 東京支店" }, "ABC株式会社 大阪支店", "" },
    /* a name inside a longer listed name doesn't count */
    { { "日本電気", "日本電気硝子" }, "日本電気硝子株式会社 御中", "2 " },
    { { "日本電気", "日本電気硝子株式会社" }, "日本電気硝子と日本電気", "1 2 " },
    { { "日本電気" }, "日本電気硝子株式会社 御中", "1 " },
    { { "電気硝子", "日本電気", "日本電気硝子" }, "日本電気硝子", "3 " },
    { { "見本電気", "電気商会" }, "見本電気商会", "1 2 " }, /* they overlap, neither lies in the other */
    { { "見本商会", "株式会社見本商会" }, "見本商会", "1 2 " },
    /* nor one that goes on with a digit, Latin letter or katakana of its own kind */
    { { "第27商会" }, "第271商会 御中", "" },
    { { "第27商会" }, "第27商会 御中", "1 " },
    { { "商会27" }, "商会271", "" },
    { { "商会27" }, "商会２７１", "" },
    { { "商会27" }, "商会27a", "1 " },
    { { "27商会" }, "127商会", "" },
    { { "サンプル" }, "サンプルズ御中", "" },
    { { "サンプル" }, "サンプル御中", "1 " },
    { { "サンプル" }, "ｻﾝﾌﾟﾙ御中", "1 " },
    { { "サンプル" }, "ｻﾝﾌﾟﾙｽﾞ御中", "" },
    { { "サンプ" }, "サンプー", "" },
    { { "プル" }, "サンプル", "" },
    { { "ABC" }, "ABCD", "" },
    { { "ABC" }, "xabc", "" },
    { { "ABC" }, "ABC商事", "1 " },
    { { "ABC" }, "ABCサンプル", "1 " },
    { { "ABC" }, "abc1", "1 " },
    { { "Éxample" }, "éxampleó", "" },
    { { "見本" }, "見本市", "1 " }, /* kanji always may go on */
    /* a longer name that is no occurrence itself hides nothing */
    { { "見本", "見本アメリカ" }, "見本アメリカン", "1 " },
    { { "見本" }, "", "" },
    { { "見本" }, "関係のない文章", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = find (cases[i].names, cases[i].text);

      g_test_message ("%s in %s", cases[i].names[0], cases[i].text);
      g_assert_cmpstr (found, ==, cases[i].found);
    }
}

static void
test_nothing_left (void)
{
  static const char *const cases[] = { "", " ", "株式会社", "（株）", "㈱ ", "Co., Ltd.", "K.K.", "Inc", "有限会社（有）" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SkCompaniesBuilder *builder = sk_companies_builder_new ();
      g_autoptr (SkCompanies) companies = NULL;

      g_assert_false (sk_companies_builder_add (builder, cases[i], 1));
      companies = sk_companies_builder_finish (builder);
    }
}

static void
test_many_names_in_one_text (void)
{
  SkCompaniesBuilder *builder = sk_companies_builder_new ();
  g_autoptr (SkCompanies) companies = NULL;
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("株式会社見本%u商会", i);

      g_assert_true (sk_companies_builder_add (builder, name, i));
    }
  companies = sk_companies_builder_finish (builder);
  for (guint i = 0; i < 10000; i += 3)
    g_string_append_printf (text, "見本%u商会（株） 御中、", i);
  sk_companies_find (companies, text->str, text->len, found);
  g_assert_cmpuint (g_hash_table_size (found), ==, 3334);
  g_assert_true (g_hash_table_contains (found, GUINT_TO_POINTER (9999)));
  g_assert_false (g_hash_table_contains (found, GUINT_TO_POINTER (1)));
}

static SkCompanies *
companies_of (const char *const *names)
{
  SkCompaniesBuilder *builder = sk_companies_builder_new ();

  for (guint i = 0; names[i] != NULL; i++)
    g_assert_true (sk_companies_builder_add (builder, names[i], i));
  return sk_companies_builder_finish (builder);
}

/* Which of the first 8 companies the text names, as bits. */
static guint
find_bits (const SkCompanies *companies, const GString *text)
{
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  guint bits = 0;

  sk_companies_find (companies, text->str, text->len, found);
  for (guint i = 0; i < 8; i++)
    bits |= g_hash_table_contains (found, GUINT_TO_POINTER (i)) ? 1u << i : 0;
  return bits;
}

/* A text is gone through in pieces of 64 KiB: what it names is the same wherever their edges lie. */
static void
test_names_in_a_long_text (void)
{
  static const char *const names[] = { "株式会社山田商会", "日本電気", "日本電気硝子", "第27商会", "The Longest Listed Name",
                                       "ABC株式会社東京支店", NULL };
  static const struct {
    const char *placed;
    guint found;
  } cases[] = {
    { "㈱山田商会", 1 << 0 },      { "日本電気硝子", 1 << 2 },          { "日本電気と日本電気硝子", 1 << 1 | 1 << 2 },
    { "第27商会", 1 << 3 },        { "第271商会", 0 },                  { "ＡＢＣ（株）\r\n 東京支店", 1 << 5 },
    { "abc東京支店", 1 << 5 },     { "abc \n 東京支店", 1 << 5 },      { "ABC 株式会社 \r\n株式会社 東京支店", 1 << 5 },
    { "zabc東京支店", 0 },         { "日本 電気", 0 },                  { "the longest\n\nlisted NAME", 1 << 4 },
    { "the longest listed names", 0 },
  };
  static const char *const filler[] = { ".", "、", "。株式会社 ", " \n" };
  enum { EDGE = 64 * 1024 };

  for (guint marks = 0; marks < 2; marks++)
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      for (gsize j = 0; j < (marks ? G_N_ELEMENTS (filler) : 2); j++)
        {
          const char *some[] = { names[0], names[1], names[2], names[3], names[4], marks ? names[5] : NULL, NULL };
          g_autoptr (SkCompanies) companies = companies_of (some);
          g_autoptr (GString) before = g_string_new (NULL);

          while (before->len + strlen (filler[j]) <= EDGE - strlen (cases[i].placed) - 70)
            g_string_append (before, filler[j]);
          for (; before->len < EDGE + 6; g_string_append_c (before, '.'))
            {
              g_autoptr (GString) text = g_string_new (before->str);

              g_string_append (text, cases[i].placed);
              for (guint n = 0; n < 100; n++)
                g_string_append (text, filler[j]);
              g_assert_cmpuint (find_bits (companies, text), ==, cases[i].found & (marks ? 0xff : 0x1f));
            }
        }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/company/find", test_find);
  g_test_add_func ("/company/nothing-left", test_nothing_left);
  g_test_add_func ("/company/many", test_many_names_in_one_text);
  g_test_add_func ("/company/long-text", test_names_in_a_long_text);
  return g_test_run ();
}
