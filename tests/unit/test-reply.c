// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-envelope.h"
#include "agent/sk-reply.h"

#include <string.h>

static void
test_wire (void)
{
  static const struct {
    guint code;
    const char *enhanced, *text, *wire;
  } cases[] = {
    { 250, NULL, "ok", "250 ok\r\n" },
    { 550, "5.7.1", "Refused (rule a)\n社外宛です", "550-5.7.1 Refused (rule a)\r\n550 5.7.1 社外宛です\r\n" },
    { 250, "2.0.0", "", "250 2.0.0\r\n" },
    { 550, "5.7.1", "tab\there\rthere", "550 5.7.1 tab?here?there\r\n" },
    { 550, NULL, "size +2Fb and +zz", "550 size + 2Fb and +zz\r\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SkReply) reply = sk_reply_new (cases[i].code, cases[i].enhanced, cases[i].text);
      g_autofree char *wire = sk_reply_to_wire (reply);

      g_assert_cmpstr (wire, ==, cases[i].wire);
    }
}

static void
test_long_line_ends_at_a_character (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (SkReply) reply = NULL;
  g_autofree char *wire = NULL;

  for (int i = 0; i < 400; i++)
    g_string_append (text, "関");
  reply = sk_reply_new (550, "5.7.1", text->str);
  wire = sk_reply_to_wire (reply);
  g_assert_cmpuint (strlen (wire), <=, 512);
  g_assert_cmpuint (strlen (wire), >, 500);
  g_assert_true (g_utf8_validate (wire, -1, NULL));
  g_assert_true (g_str_has_suffix (wire, "関\r\n"));
}

static void
test_uuid7 (void)
{
  g_autofree char *a = sk_uuid7_new (G_GINT64_CONSTANT (1700000000000000));
  g_autofree char *b = sk_uuid7_new (G_GINT64_CONSTANT (1700000000000000));

  /* 1700000000000 ms = 0x018bcfe56800; version 7, variant 10 (RFC 9562 5.7) */
  g_assert_true (g_str_has_prefix (a, "018bcfe5-6800-7"));
  g_assert_nonnull (strchr ("89ab", a[19]));
  g_assert_cmpstr (a, !=, b);
  g_assert_true (g_uuid_string_is_valid (a));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reply/wire", test_wire);
  g_test_add_func ("/reply/long-line", test_long_line_ends_at_a_character);
  g_test_add_func ("/envelope/uuid7", test_uuid7);
  return g_test_run ();
}
