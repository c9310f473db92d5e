// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-xls-formula.h"

/* Tokens as [MS-XLS] 2.5.198 has them: 17 a text (its length, whether it is of two bytes, its characters), 08 "&". */
static const struct {
  const char *what, *tokens, *expected;
  gsize length;
} formulas[] = {
#define FORMULA(what, bytes, expected) { what, bytes, expected, sizeof bytes - 1 }
  FORMULA ("two texts", "\x17\x02\x00" "ab" "\x17\x02\x00" "cd", "ab cd"),
  FORMULA ("joined", "\x17\x02\x00" "ab" "\x17\x02\x00" "cd" "\x08", "abcd"),
  FORMULA ("nothing and a text", "\x17\x00\x00" "\x17\x03\x00" "123" "\x08", "123"),
  FORMULA ("nothing and Japanese", "\x17\x00\x00" "\x17\x02\x01\xe5\x65\x2c\x67" "\x08", "日本"),
  FORMULA ("nothing and nothing", "\x17\x00\x00" "\x17\x00\x00" "\x08", ""),
  FORMULA ("nothing and two", "\x17\x00\x00" "\x17\x02\x00" "41" "\x08" "\x17\x02\x00" "11" "\x08", "4111"),
};

static void
test_formula (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  SkBytes tokens = { (const guint8 *) formulas[i].tokens, formulas[i].length };
  g_autoptr (GString) text = g_string_new (NULL);

  sk_xls_append_formula (text, tokens, SK_XLS_FORMULA_8, NULL);
  g_assert_cmpstr (text->str, ==, formulas[i].expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (formulas); i++)
    {
      g_autofree char *path = g_strconcat ("/xls-formula/", formulas[i].what, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_formula);
    }
  return g_test_run ();
}
