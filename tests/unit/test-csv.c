// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-csv.h"
#include "sk-error.h"

#include <string.h>

static SkCsv *
parse (const char *text, GError **error)
{
  return sk_csv_parse (text, strlen (text), "lists/x.csv", error);
}

/* All of it as "field|field;" records, the header first. */
static char *
flatten (const SkCsv *csv)
{
  GString *out = g_string_new (NULL);

  for (guint column = 0; column < sk_csv_columns (csv); column++)
    g_string_append_printf (out, "%s%s", column == 0 ? "" : "|", sk_csv_column_name (csv, column));
  for (guint row = 0; row < sk_csv_rows (csv); row++)
    for (guint column = 0; column < sk_csv_columns (csv); column++)
      g_string_append_printf (out, "%s%s", column == 0 ? ";" : "|", sk_csv_field (csv, row, column));
  return g_string_free (out, FALSE);
}

static void
test_records (void)
{
  static const struct {
    const char *text, *flat;
  } cases[] = {
    { "a,b\n1,2\n", "a|b;1|2" },
    { "a,b\r\n1,2\r\n3,4", "a|b;1|2;3|4" },
    { "\xef\xbb\xbf" "domain,name\nx.jp,関所\n", "domain|name;x.jp|関所" },
    { "a,b\n\"1,2\",\"say \"\"hi\"\"\"\n", "a|b;1,2|say \"hi\"" },
    { "a,b\n\"one\r\ntwo\",2\r\n", "a|b;one\r\ntwo|2" },
    { "a,b\n\n\r\n,\n1,2\n  , \n", "a|b;1|2" },
    { "a,b,c\n1\n", "a|b|c;1||" },
    { "a,b,,\n1,2,,\n", "a|b;1|2" },
    { "a,b\n  1\t, \xe3\x80\x80 2\xc2\xa0\n \" 3 \" ,4\n", "a|b;1|2;3|4" },
    { "a,b\n\"\",2\n", "a|b;|2" },
    { "a\r1\r2\r", "a;1;2" },
    { "a,b\n1,\"2\"", "a|b;1|2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SkCsv) csv = parse (cases[i].text, &error);
      g_autofree char *flat = NULL;

      g_assert_no_error (error);
      flat = flatten (csv);
      g_assert_cmpstr (flat, ==, cases[i].flat);
    }
}

static void
test_errors (void)
{
  static const struct {
    const char *text, *message;
  } cases[] = {
    { "", "lists/x.csv:1:1: empty" },
    { "\n\n", "lists/x.csv:1:1: empty" },
    { "a,b\n1,\"2\n3\n", "lists/x.csv:2:3: this quotation mark is never closed" },
    { "a,b\n1,2\n\"x\"y,2\n", "lists/x.csv:3:4: text behind a closing quotation mark" },
    { "a,b\n1,関\"2\n", "lists/x.csv:2:4: a quotation mark inside an unquoted field" },
    { "a,b\n1,2,3\n", "lists/x.csv:2:1: 3 fields, but the header names 2" },
    { "a,B,b\n1,2,3\n", "lists/x.csv:1: column 'b' is there twice" },
    /* 関 in CP932 is 8A D6, in UTF-16LE A2 95 */
    { "a,b\n1,\x8a\xd6\n", "lists/x.csv:2:1: CP932 (Shift_JIS), not UTF-8; save it as \"CSV UTF-8\", or convert it with: iconv" },
    { "\xff\xfe" "a", "lists/x.csv:1:1: UTF-16, not UTF-8" },
    { "a\n\xff\xff\n", "lists/x.csv:2:1: not UTF-8; save it" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SkCsv) csv = parse (cases[i].text, &error);

      g_assert_null (csv);
      g_assert_true (sk_error_is_invalid (error));
      g_assert_cmpstr (strstr (error->message, cases[i].message), ==, error->message);
    }
}

static void
test_nul_is_an_error (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkCsv) csv = sk_csv_parse ("a\nb\0c\n", 6, "x.csv", &error);

  g_assert_null (csv);
  g_assert_true (sk_error_is_invalid (error));
  g_assert_nonnull (strstr (error->message, "x.csv:2:1: a NUL byte"));
}

static void
test_columns_and_lines (void)
{
  g_autoptr (SkCsv) csv = parse ("Domain,Name\n\nx.jp,\"a\nb\"\ny.jp,c\n", NULL);

  g_assert_cmpint (sk_csv_find_column (csv, "name"), ==, 1);
  g_assert_cmpint (sk_csv_find_column (csv, "DOMAIN"), ==, 0);
  g_assert_cmpint (sk_csv_find_column (csv, "key"), ==, -1);
  g_assert_cmpuint (sk_csv_rows (csv), ==, 2);
  g_assert_cmpuint (sk_csv_line (csv, 0), ==, 3);
  g_assert_cmpuint (sk_csv_line (csv, 1), ==, 5);
  g_assert_cmpstr (sk_csv_field (csv, 1, 7), ==, "");
}

static void
test_too_many_columns (void)
{
  g_autoptr (GString) text = g_string_new ("c0");
  g_autoptr (GError) error = NULL;
  g_autoptr (SkCsv) csv = NULL;

  for (int i = 1; i <= 1000; i++)
    g_string_append_printf (text, ",c%d", i);
  csv = parse (text->str, &error);
  g_assert_null (csv);
  g_assert_true (sk_error_is_limit (error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/records", test_records);
  g_test_add_func ("/csv/errors", test_errors);
  g_test_add_func ("/csv/nul", test_nul_is_an_error);
  g_test_add_func ("/csv/columns-and-lines", test_columns_and_lines);
  g_test_add_func ("/csv/too-many-columns", test_too_many_columns);
  return g_test_run ();
}
