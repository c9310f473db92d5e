// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-header.h"

#include <string.h>

/* Raw bytes that a compiler can't spell stand in tests/fixtures/mail; these are about grammar. */
static const struct {
  const char *raw, *text;
} texts[] = {
  { " plain ", "plain" },
  { "", "" },
  { "a\r\n b\r\n\tc", "a b c" },
  { "=?utf-8?q?a=20b?=", "a b" },
  { "=?UTF-8?Q?a_b?=", "a b" },
  { "=?utf-8?b?YQ==?= =?utf-8?b?Yg==?=", "ab" },
  { "=?utf-8?b?YQ==?=\r\n =?utf-8?b?Yg==?=", "ab" },
  { "=?utf-8?b?YQ==?= x =?utf-8?b?Yg==?=", "a x b" },
  { "x=?utf-8?b?YQ==?=y", "xay" },
  { "=?utf-8?b?YQ==?==?utf-8?b?Yg==?=", "ab" },
  { "=?iso-8859-1?Q?=E4?= =?utf-8?Q?=C3=A4?=", "ää" },
  { "=?utf-8?Q?=C3?= =?utf-8?Q?=A4?=", "ä" },
  { "=?utf-8?Q?=C3?= =?UTF-8?B?pA==?=", "ä" },
  { "=?utf-8?B?44?= =?utf-8?B?GC?=", "あ" },
  { "=?utf-8?B?44GC44?= =?utf-8?B?GE?=", "あい" },
  { "=?utf-8?Q?a=?=", "a=" },
  { "=?utf-8?Q?a=G1?=", "a=G1" },
  { "=?utf-8?Q?" "?=", "" },
  { "=?utf-8?Q?a b?=", "a b" },
  { "=?utf-8?Z?YQ==?=", "=?utf-8?Z?YQ==?=" },
  { "=?utf-8?B?YQ==", "=?utf-8?B?YQ==" },
  { "=?" "?Q?a?=", "=?" "?Q?a?=" },
  { "=?utf-8*en?Q?a?=", "a" },
  { "=?utf-8?Q?a=0D=0Ab=00?=", "a  b\xef\xbf\xbd" },
  { "a\x01" "b", "a b" },
  { "a\xc2\x85" "b\xe2\x80\xa8" "c\xe2\x80\xa9\xc2\xa0", "a b c \xc2\xa0" },
  { "\xe8\xab\x8b\xe6\xb1\x82", "請求" },
};

static void
test_text (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = sk_header_decode_text (texts[i].raw, strlen (texts[i].raw));

      g_test_message ("%s", texts[i].raw);
      g_assert_cmpstr (text, ==, texts[i].text);
    }
}

static const struct {
  const char *raw, *name, *value;
} parameters[] = {
  { "text/plain; charset=utf-8", "charset", "utf-8" },
  { "text/plain; charset=\"utf-8\"; x=y", "charset", "utf-8" },
  { "text/plain; CHARSET = utf-8 ", "charset", "utf-8" },
  { "text/plain;charset=utf-8;", "charset", "utf-8" },
  { "text/plain", "charset", NULL },
  { "", "charset", NULL },
  { "text/plain; charset", "charset", NULL },
  { "text/plain; xcharset=a; charset=b", "charset", "b" },
  { "a; name=\"x;charset=no\"; charset=b", "charset", "b" },
  { "a; b=\"c", "b", "\"c" },
  { "a; b=\"\"", "b", "" },
  { "a (x; b=no); b=yes", "b", "yes" },
  { "a; b=yes (said)", "b", "yes (said)" },
  { "a; b=\"yes\" (said); c=d", "c", "d" },
  { "a; b=1; b=2", "b", "1" },
  { "a; b*=utf-8''%41%42", "b", "AB" },
  { "a; b*=utf-8'ja'%e3%81%82", "b", "あ" },
  { "a; b*=%e3%81%82", "b", "あ" },
  { "a; b*=utf-8''%4", "b", "%4" },
  { "a; b=x; b*0=y; b*1=z", "b", "yz" },
  { "a; b*1=z; b*0=y", "b", "yz" },
  { "a; b*0*=utf-8''%e3; b*1*=%81; b*2*=%82", "b", "あ" },
  { "a; b*0*=iso-8859-1''%e4; b*1=%e4", "b", "ä%e4" },
  { "a; b*0=x; b*0=y", "b", "x" },
  { "a; b*x=1", "b", NULL },
  { "a; b**=1", "b", NULL },
  { "a; b*=''x", "b", "x" },
  { "a; b=it's", "b", "it's" },
  { "a; b*=utf-8''x%0D%0Ay%C2%9B%E2%80%A8z", "b", "x  y  z" },
  { "a; b=\"=?utf-8?Q?=E3=81=82?=\"", "b", "あ" },
  { "a; b==?utf-8?Q?=E3=81=82?=", "b", "あ" },
  { "a; b=\"x\r\n y\"", "b", "x y" },
  { "a; b=\"x\\\\y\\\"z\\w\"", "b", "x\\y\"z\\w" },
  { "; b=c", "b", "c" },
  { "a;;;b=c", "b", "c" },
  { "a; =x; b=c", "b", "c" },
  { "a; (comment) b (more) = (again) c", "b", "c" },
};

static void
test_parameter (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      const char *raw = parameters[i].raw;
      g_autofree char *value = sk_header_parameter (raw, strlen (raw), parameters[i].name);

      g_test_message ("%s", raw);
      g_assert_cmpstr (value, ==, parameters[i].value);
    }
}

static void
test_linear (void)
{
  static const char *const repeated[]
      = { "=?a?q?", "=?a?q?x?=", "=?", "(", ";(", ";a=\"", "; b*1=x", "; b*=a'", "\033$B", "\xe3", "=?a?b?==?=" };

  for (guint i = 0; i < G_N_ELEMENTS (repeated); i++)
    {
      g_autoptr (GString) raw = g_string_new ("x");
      gint64 before = g_get_monotonic_time ();
      g_autofree char *text = NULL, *value = NULL;

      while (raw->len < 1024 * 1024)
        g_string_append (raw, repeated[i]);
      text = sk_header_decode_text (raw->str, raw->len);
      value = sk_header_parameter (raw->str, raw->len, "b");
      g_test_message ("%s: %" G_GINT64_FORMAT " us", repeated[i], g_get_monotonic_time () - before);
      g_assert_nonnull (text);
      g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/header/text", test_text);
  g_test_add_func ("/header/parameter", test_parameter);
  g_test_add_func ("/header/linear", test_linear);
  return g_test_run ();
}
