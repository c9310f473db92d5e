// SPDX-License-Identifier: GPL-3.0-or-later
/* Documents that say "here begins something" again and again, and never where it ends: each is read to its end, in a time
 * that grows with its length. Twice over would be minutes. */
#include <string.h>

#include "tests/unit/extraction-print.h"

static const struct {
  const char *name, *head, *again, *tail;
  guint times;
  const char *found; /* in the text, made by hand */
} repeated[] = {
  { "drawing.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\">", "<script>", "<text>hidden</text></svg>", 400000, "hidden" },
  { "yenc.txt", "", "=ybegin line=128 size=3 name=a\nabc\n", "begin 644 memo.txt\n':&ED9&5N\"@  \n`\nend\n", 20000, "hidden" },
  { "uuencode.txt", "", "begin 644 a\n", "begin 644 memo.txt\n':&ED9&5N\"@  \n`\nend\n", 200000, "hidden" },
  { "lines.txt", "", "2026-11-24 10:00:00 ok\n", "a\tb\tc\td\te\tf\tg\th\tlast\n", 300000, "last" },
};

static void
test_repeated (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GString *text = g_string_new (repeated[i].head);
  g_autoptr (GTimer) timer = g_timer_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SkExtraction) got = NULL;

  for (guint n = 0; n < repeated[i].times; n++)
    g_string_append (text, repeated[i].again);
  g_string_append (text, repeated[i].tail);
  bytes = g_string_free_to_bytes (text);
  got = extract_bytes (bytes, repeated[i].name, &sk_extract_default_limits);
  g_assert_nonnull (memmem (got->text, got->length, repeated[i].found, strlen (repeated[i].found)));
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (repeated); i++)
    {
      g_autofree char *path = g_strconcat ("/repeated/", repeated[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_repeated);
    }
  return g_test_run ();
}
