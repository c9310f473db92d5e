/* Characters at any places on a page, as poppler would give them: put in rows, none is lost and none
 * is new, but for blanks.
 *
 * The first octet: 0, places are numbers as a machine has them, infinite and none too; else they are
 * small steps, which make rows and columns. Then records, each an octet for the character and its
 * box.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-input.h"

#include "sk-pdf-rows.h"

enum { STEP_BYTES = 5, NUMBER_BYTES = 1 + 4 * sizeof (double), CHARACTERS = 5000 };

static const char *const characters[]
    = { "a", "1", " ", "\n", "-", "見", "本", "\t", "\302\240", "é", "\343\200\200", "4", "\314\201", "😀" };

/* As one draws: from where the last character ended, 4 bits a step of the line. */
static PopplerRectangle
box_of_steps (const uint8_t *data, const PopplerRectangle *last)
{
  double x = (data[1] & 0x80) != 0 ? data[1] & 0x7f : last->x2 + (data[1] & 0x7f) / 16.0;
  double y = (data[2] & 0x80) != 0 ? data[2] & 0x7f : last->y1 + (data[2] & 0x7f) / 16.0;

  return (PopplerRectangle){ x, y, x + data[3] / 16.0, y + data[4] / 16.0 };
}

static PopplerRectangle
box_of_numbers (const uint8_t *data)
{
  double at[4];

  memcpy (at, data + 1, sizeof at);
  return (PopplerRectangle){ at[0], at[1], at[2], at[3] };
}

static GString *
make_page (const uint8_t *data, size_t size, GArray *boxes)
{
  gboolean numbers = data[0] == 0;
  size_t step = numbers ? NUMBER_BYTES : STEP_BYTES;
  PopplerRectangle last = { 0, 0, 0, 0 };
  GString *text = g_string_new (NULL);

  for (size_t at = 1; at + step <= size && boxes->len < CHARACTERS; at += step)
    {
      last = numbers ? box_of_numbers (data + at) : box_of_steps (data + at, &last);
      g_array_append_val (boxes, last);
      g_string_append (text, characters[data[at] % G_N_ELEMENTS (characters)]);
    }
  return text;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gunichar one = *(const gunichar *) a, other = *(const gunichar *) b;

  return (one > other) - (one < other);
}

/* Sorted, without blanks. */
static GArray *
marks_of (const char *text)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (gunichar));

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (!g_unichar_isspace (c))
        g_array_append_val (marks, c);
    }
  g_array_sort (marks, compare);
  return marks;
}

static void
check (const char *text, const GArray *boxes)
{
  g_autofree char *uncut = NULL;
  g_autofree char *rows = sk_pdf_text_in_rows (
      text, (const PopplerRectangle *) (gpointer) boxes->data, boxes->len, &uncut);
  g_autoptr (GArray) before = marks_of (text), after = NULL;

  g_assert_true (g_utf8_validate (rows, -1, NULL));
  g_assert_true (uncut == NULL || g_utf8_validate (uncut, -1, NULL));
  after = marks_of (rows);
  g_assert_cmpmem (before->data, before->len * sizeof (gunichar), after->data,
                   after->len * sizeof (gunichar));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (PopplerRectangle));
  g_autoptr (GString) text = NULL;

  if (size == 0)
    return 0;
  text = make_page (data, size, boxes);
  check (text->str, boxes);
  return 0;
}
