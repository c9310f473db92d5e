// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl-table.h"

#include "sk-terminal-text.h"

static void
test_columns (void)
{
  g_autoptr (SkCtlTable) table = sk_ctl_table_new (3);
  g_autofree char *text = NULL;

  sk_ctl_table_add (table, (const char *[]){ "ID", "件名", "x" });
  sk_ctl_table_add (table, (const char *[]){ "1", "Ａb", "y" });
  sk_ctl_table_add (table, (const char *[]){ "22", "", "" });
  sk_ctl_table_add (table, (const char *[]){ "", "", "" });
  sk_ctl_table_add (table, (const char *[]){ "3", "e\xcc\x81t\xc3\xa9", "z" });
  text = sk_ctl_table_to_string (table);
  /* 件名 takes four places, Ａb three, an accent that combines none */
  g_assert_cmpstr (text, ==, "ID  件名  x\n1   Ａb   y\n22\n\n3   e\xcc\x81t\xc3\xa9   z\n");
}

static void
test_width (void)
{
  static const struct {
    const char *text;
    guint width;
  } cases[] = {
    { "", 0 }, { "abc", 3 }, { "見積書", 6 }, { "ｱｲｳ", 3 }, { "Ａ", 2 }, { "が", 2 }, { "か\xe3\x82\x99", 2 }, { "한", 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (sk_ctl_width (cases[i].text), ==, cases[i].width);
}

static void
test_shorten (void)
{
  static const struct {
    const char *text;
    guint width;
    const char *result;
  } cases[] = {
    { "abcdef", 6, "abcdef" }, { "abcdefg", 6, "abcde…" }, { "見積書", 6, "見積書" }, { "見積書", 5, "見積…" },
    { "見積書", 4, "見…" },    { "ab", 1, "…" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *result = sk_ctl_shorten (cases[i].text, cases[i].width);

      g_assert_cmpstr (result, ==, cases[i].result);
    }
}

static void
test_clean (void)
{
  static const struct {
    const char *text, *line, *lines;
  } cases[] = {
    { "plain 関所", "plain 関所", "plain 関所" },
    { "\x1b[31mred\x07", "?[31mred?", "?[31mred?" },
    { "a\tb\r\nc", "a?b??c", "a?b?\nc" },
    { "\xc2\x9b" "31m", "?31m", "?31m" },                        /* U+009B, the one-character CSI */
    { "invoice\xe2\x80\xae" "cod.exe", "invoice?cod.exe", "invoice?cod.exe" }, /* U+202E turns the direction */
    { "a\xe2\x80\xa8" "b", "a?b", "a?b" },                       /* U+2028 */
    { "x\xff", "x\xef\xbf\xbd", "x\xef\xbf\xbd" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = sk_terminal_text (cases[i].text);
      g_autofree char *lines = sk_terminal_lines (cases[i].text);

      g_assert_cmpstr (line, ==, cases[i].line);
      g_assert_cmpstr (lines, ==, cases[i].lines);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl-table/columns", test_columns);
  g_test_add_func ("/ctl-table/width", test_width);
  g_test_add_func ("/ctl-table/shorten", test_shorten);
  g_test_add_func ("/ctl-table/clean", test_clean);
  return g_test_run ();
}
