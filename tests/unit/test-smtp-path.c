// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/smtp/sk-smtp-path.h"

#include <string.h>

static void
test_paths (void)
{
  static const struct {
    const char *text, *address, *rest; /* address NULL: refused */
  } cases[] = {
    { "<a@example.com>", "a@example.com", "" },
    { " \t<a@example.com> SIZE=1", "a@example.com", " SIZE=1" },
    { "<>", "", "" },
    { "<> BODY=7BIT", "", " BODY=7BIT" },
    { "<@x.example:a@example.com>", "a@example.com", "" },
    { "<@x.example,@[192.0.2.1]:a@example.com>", "a@example.com", "" },
    { "<\"a b\"@example.com>", "\"a b\"@example.com", "" },
    { "<\"a\\\"\\>b\"@example.com>", "\"a\\\"\\>b\"@example.com", "" },
    { "<\"a>b\"@example.com>x", "\"a>b\"@example.com", "x" },
    { "<a..b.@docomo.example>", "a..b.@docomo.example", "" },
    { "<.a@example.com>", ".a@example.com", "" },
    { "<a+b=c/d@example.com>", "a+b=c/d@example.com", "" },
    { "<花@例え.example>", "花@例え.example", "" },
    { "<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]", "" },
    { "", NULL },
    { "<", NULL },
    { "a@example.com", NULL },
    { "<a@example.com", NULL },
    { "<a>", NULL },
    { "<@example.com>", NULL },
    { "<a@>", NULL },
    { "<a@b@c.example>", NULL },
    { "<a @example.com>", NULL },
    { "<a@exam ple.com>", NULL },
    { "<\"a@example.com>", NULL },
    { "<\"a\"b@example.com>", NULL },
    { "<\"a\x01\"@example.com>", NULL },
    { "<\"a\\\x01\"@example.com>", NULL },
    { "<a@example.com\x1f>", NULL },
    { "<a@.example.com>", NULL },
    { "<a@example..com>", NULL },
    { "<a@example.com.>", NULL },
    { "<a@[192.0.2.1>", NULL },
    { "<a@[192.0.2.1]x>", NULL },
    { "<@x.example a@example.com>", NULL },
    { "<@x.example,a@example.com>", NULL },
    { "<a\xff@example.com>", NULL },
    { "<a\xc2\x80@example.com>", NULL },
    { "<a\u2028b@gmail.com>", NULL },
    { "<a\u2029b@gmail.com>", NULL },
    { "<a@gm\u2028ail.com>", NULL },
    { "<\"a\u2028b\"@gmail.com>", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (SkSmtpPath) path = { 0 };

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (sk_smtp_path_parse (cases[i].text, &path), ==, cases[i].address != NULL);
      g_assert_cmpstr (path.address, ==, cases[i].address);
      if (cases[i].address != NULL)
        g_assert_cmpstr (path.rest, ==, cases[i].rest);
      g_assert_cmpint (path.non_ascii, ==,
                       cases[i].address != NULL && !g_str_is_ascii (cases[i].address));
    }
}

static void
test_parameters (void)
{
  g_autoptr (GArray) none = sk_smtp_parameters_parse ("");
  g_autoptr (GArray) three = sk_smtp_parameters_parse ("  size=12 BODY=8BITMIME\tSMTPUTF8 ");
  static const char *const wrong[]
      = { "x", " =", " A=1 a=2", " A?=1", " -A=1", " A=\x01", " A=\x7f" };

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (three->len, ==, 3);
  g_assert_cmpstr (g_array_index (three, SkSmtpParameter, 0).key, ==, "SIZE");
  g_assert_cmpstr (g_array_index (three, SkSmtpParameter, 0).value, ==, "12");
  g_assert_cmpstr (g_array_index (three, SkSmtpParameter, 1).value, ==, "8BITMIME");
  g_assert_cmpstr (g_array_index (three, SkSmtpParameter, 2).key, ==, "SMTPUTF8");
  g_assert_null (g_array_index (three, SkSmtpParameter, 2).value);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_null (sk_smtp_parameters_parse (wrong[i]));
}

static void
test_xtext (void)
{
  static const struct {
    const char *text;
    gboolean good, good_utf8;
  } cases[] = {
    { "abc", TRUE, TRUE },   { "a+2Bb", TRUE, TRUE },   { "+3D", TRUE, TRUE },
    { "", FALSE, FALSE },    { "a+2b", FALSE, FALSE },  { "a+2", FALSE, FALSE },
    { "a+", FALSE, FALSE },  { "a=b", FALSE, FALSE },   { "a b", FALSE, FALSE },
    { "花", FALSE, TRUE },   { "\xff", FALSE, FALSE },  { "12345678901", FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (sk_smtp_is_xtext (cases[i].text, 10, FALSE), ==, cases[i].good);
      g_assert_cmpint (sk_smtp_is_xtext (cases[i].text, 10, TRUE), ==, cases[i].good_utf8);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-path/paths", test_paths);
  g_test_add_func ("/smtp-path/parameters", test_parameters);
  g_test_add_func ("/smtp-path/xtext", test_xtext);
  return g_test_run ();
}
