// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-pdf-rows.h"

#include <string.h>

/* As wide as one of its lines is on average, the narrowest column of a table at most, in heights of
 * its characters; columns of prose are wider. */
#define CELL_WIDTH 9.0
#define BETWEEN 3 /* so many rows of one cell, or of the rest of one, do not end a table */

/* Where a column begins, in points; there, what is apart by less is a cell of its own, in sizes of
 * a character: a blank that is wider than in a line of text, or just there any blank, or a cell
 * that covers the end of the one before it. */
#define NEAR 0.5
#define EXACT 0.1
#define WIDE_BLANK 0.3
#define NO_BLANK 0.08
#define COVERED -0.03

/* Letters or digits in boxes of a form are this near, in their sizes. */
#define BOXED 2.0

/* What stands together: poppler gave it without a line end, and no wide gap is in it. */
typedef struct {
  PopplerRectangle box;
  const char *text;
  const PopplerRectangle *boxes; /* one a character */
  gsize length; /* bytes */
  guint order; /* of poppler */
  guint row;
  gboolean vertical;
} Piece;

typedef struct {
  guint first, count; /* of the pieces */
  double narrowest; /* of them; in heights */
} Row;

static double
height_of (const PopplerRectangle *box)
{
  return MAX (box->y2 - box->y1, 0.1);
}

/* The larger side of a character. */
static double
size_of (const PopplerRectangle *box)
{
  return MAX (MAX (box->y2 - box->y1, box->x2 - box->x1), 0.1);
}

static double
gap_x (const PopplerRectangle *a, const PopplerRectangle *b)
{
  return MAX (0, MAX (b->x1 - a->x2, a->x1 - b->x2));
}

static double
gap_y (const PopplerRectangle *a, const PopplerRectangle *b)
{
  return MAX (0, MAX (b->y1 - a->y2, a->y1 - b->y2));
}

static double
overlap_y (const PopplerRectangle *a, const PopplerRectangle *b)
{
  return MIN (a->y2, b->y2) - MAX (a->y1, b->y1);
}

/* --- pieces ----------------------------------------------------------------------------------- */

static gboolean
is_apart (const PopplerRectangle *a, const PopplerRectangle *b)
{
  double em = MIN (size_of (a), size_of (b));

  return gap_x (a, b) > em || gap_y (a, b) > em
         || (gap_x (a, b) > em / 4 && overlap_y (a, b) < em / 4);
}

static void
add_box (PopplerRectangle *all, const PopplerRectangle *box)
{
  all->x1 = MIN (all->x1, box->x1);
  all->y1 = MIN (all->y1, box->y1);
  all->x2 = MAX (all->x2, box->x2);
  all->y2 = MAX (all->y2, box->y2);
}

/* `starts`: sorted. */
static gboolean
is_near (const GArray *starts, double x, double within)
{
  guint from = 0, to = starts->len;

  while (from < to)
    {
      guint middle = from + (to - from) / 2;

      if (g_array_index (starts, double, middle) < x - within)
        from = middle + 1;
      else
        to = middle;
    }
  return from < starts->len && g_array_index (starts, double, from) <= x + within;
}

static gboolean
begins_cell (const PopplerRectangle *last, const PopplerRectangle *box, gboolean blank,
             const GArray *starts)
{
  double gap = (box->x1 - last->x2) / MIN (size_of (last), size_of (box));

  if (blank && gap > WIDE_BLANK)
    return is_near (starts, box->x1, NEAR);
  return (gap > NO_BLANK || gap < COVERED) && is_near (starts, box->x1, EXACT);
}

static gboolean
is_number_or_letter (const char *text)
{
  gunichar c = g_utf8_get_char (text);

  return c < 0x80 ? g_ascii_isalnum ((char) c) : (c >= 0xff10 && c <= 0xff5a);
}

/* Two cells that touch would be one word, and one of them is, or ends with, a number. */
static gboolean
touches_cell (const PopplerRectangle *last, const char *before, const PopplerRectangle *box,
              const char *text, const GArray *starts)
{
  double gap = (box->x1 - last->x2) / MIN (size_of (last), size_of (box));

  return gap <= NO_BLANK && gap >= COVERED && is_number_or_letter (before)
         && is_number_or_letter (text)
         && (g_unichar_isdigit (g_utf8_get_char (before))
             || g_unichar_isdigit (g_utf8_get_char (text)))
         && is_near (starts, box->x1, EXACT);
}

static void
begin_piece (GArray *pieces, const char *text, const PopplerRectangle *box)
{
  Piece piece = { .box = *box, .text = text, .boxes = box, .order = pieces->len };

  g_array_append_val (pieces, piece);
}

static void
lengthen (Piece *piece, const char *text, const PopplerRectangle *last, const PopplerRectangle *box)
{
  if (piece->text != text && gap_y (last, box) + height_of (box) / 2 < ABS (box->y1 - last->y1))
    piece->vertical = TRUE;
  add_box (&piece->box, box);
  piece->length = (gsize) (g_utf8_next_char (text) - piece->text);
}

/* Spaces at the ends are in no piece: poppler's boxes of them span any gap. `starts`: those of the
 * columns, or NULL. TRUE: cells that touch were told apart. */
static gboolean
cut (GArray *pieces, const char *text, const char *end, const PopplerRectangle *boxes,
     const GArray *starts)
{
  const PopplerRectangle *last = NULL;
  const char *before = text;
  gboolean touching = FALSE;

  for (; text < end; text = g_utf8_next_char (text), boxes++)
    {
      if (*text == '\n')
        last = NULL;
      if (g_unichar_isspace (g_utf8_get_char (text)))
        continue;
      if (last == NULL || is_apart (last, boxes)
          || (starts != NULL && begins_cell (last, boxes, last + 1 != boxes, starts)))
        begin_piece (pieces, text, boxes);
      else if (starts != NULL && last + 1 == boxes
               && touches_cell (last, before, boxes, text, starts))
        {
          begin_piece (pieces, text, boxes);
          touching = TRUE;
        }
      lengthen (&g_array_index (pieces, Piece, pieces->len - 1), text, last, boxes);
      last = boxes;
      before = text;
    }
  return touching;
}

static gboolean
is_vertical (const GArray *pieces)
{
  gsize vertical = 0, all = 0;

  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);

      all += piece->length;
      vertical += piece->vertical ? piece->length : 0;
    }
  return vertical * 2 > all;
}

/* --- rows ------------------------------------------------------------------------------------- */

static int
compare (double a, double b)
{
  return (a > b) - (a < b);
}

static int
compare_middles (gconstpointer a, gconstpointer b)
{
  const Piece *one = a, *other = b;
  int result = compare (one->box.y1 + one->box.y2, other->box.y1 + other->box.y2);

  return result != 0 ? result : compare (one->order, other->order);
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Piece *one = a, *other = b;
  int result = compare (one->row, other->row);

  result = result != 0 ? result : compare (one->box.x1, other->box.x1);
  return result != 0 ? result : compare (one->order, other->order);
}

static int
compare_orders (gconstpointer a, gconstpointer b)
{
  return compare (((const Piece *) a)->order, ((const Piece *) b)->order);
}

static gboolean
in_one_row (const Piece *a, const Piece *b)
{
  return !a->vertical && !b->vertical
         && overlap_y (&a->box, &b->box) * 2 > MIN (height_of (&a->box), height_of (&b->box));
}

/* Pieces come out by rows, and from left to right in each. */
static GArray *
find_rows (GArray *pieces)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  const Piece *head = NULL;

  g_array_sort (pieces, compare_middles);
  for (guint i = 0; i < pieces->len; i++)
    {
      Piece *piece = &g_array_index (pieces, Piece, i);
      double width = (piece->box.x2 - piece->box.x1) / height_of (&piece->box);
      Row *row;

      if (head == NULL || !in_one_row (head, piece))
        {
          g_array_append_vals (rows, &(Row) { .first = i, .narrowest = width }, 1);
          head = piece;
        }
      row = &g_array_index (rows, Row, rows->len - 1);
      row->count++;
      row->narrowest = MIN (row->narrowest, width);
      piece->row = rows->len - 1;
    }
  g_array_sort (pieces, compare_places);
  return rows;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  return compare (*(const double *) a, *(const double *) b);
}

static GArray *
find_starts (const GArray *pieces, const GArray *rows)
{
  GArray *starts = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);

      if (g_array_index (rows, Row, piece->row).count > 1)
        g_array_append_val (starts, piece->box.x1);
    }
  g_array_sort (starts, compare_numbers);
  return starts;
}

/* Cells that are too near to each other to be told apart without the columns of their table. */
static GArray *
cut_by_columns (GArray *pieces, const GArray *rows, GString *uncut)
{
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_autoptr (GArray) starts = find_starts (pieces, rows);

  g_array_sort (pieces, compare_orders);
  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);

      if (cut (cells, piece->text, piece->text + piece->length, piece->boxes, starts))
        {
          g_string_append_len (uncut, piece->text, (gssize) piece->length);
          g_string_append_c (uncut, '\n');
        }
    }
  return cells;
}

/* How many rows from `at` on are alike, and whether they are a table's: of one cell each, or most
 * with cells side by side. */
static guint
measure (const GArray *rows, guint at, gboolean *table)
{
  gboolean single = g_array_index (rows, Row, at).count == 1;
  guint end = at, beside = 0;
  double narrowest = 0;

  for (guint i = at; i < rows->len && i - end <= (single ? 0 : BETWEEN); i++)
    {
      const Row *row = &g_array_index (rows, Row, i);

      if ((row->count == 1) != single)
        continue;
      beside += row->count > 1;
      narrowest += row->narrowest;
      end = i + 1;
    }
  *table = beside > 0 && narrowest / beside < CELL_WIDTH;
  return end - at;
}

/* --- the text --------------------------------------------------------------------------------- */

/* Poppler puts blanks between the characters in boxes of a form, or nothing. */
static gboolean
are_boxed (const Piece *a, const Piece *b)
{
  return g_utf8_strlen (a->text, (gssize) a->length) == 1
         && g_utf8_strlen (b->text, (gssize) b->length) == 1
         && gap_x (&a->box, &b->box) < BOXED * MIN (size_of (&a->box), size_of (&b->box));
}

static void
write_pieces (GString *out, const Piece *pieces, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      if (i > 0 && in_one_row (&pieces[i - 1], &pieces[i]))
        g_string_append_c (out, are_boxed (&pieces[i - 1], &pieces[i]) ? ' ' : '\t');
      else if (out->len > 0)
        g_string_append_c (out, '\n');
      g_string_append_len (out, pieces[i].text, (gssize) pieces[i].length);
    }
}

static void
write_in_order (GString *out, GArray *pieces, guint from, guint to)
{
  Piece *first;

  if (from == to)
    return;
  first = &g_array_index (pieces, Piece, from);
  qsort (first, to - from, sizeof (Piece), compare_orders);
  write_pieces (out, first, to - from);
}

static void
write_rows (GString *out, GArray *pieces, const GArray *rows)
{
  guint unwritten = 0, length;

  for (guint at = 0; at < rows->len; at += length)
    {
      gboolean table;

      length = measure (rows, at, &table);
      for (guint i = at; table && i < at + length; i++)
        {
          const Row *row = &g_array_index (rows, Row, i);

          write_in_order (out, pieces, unwritten, row->first);
          write_pieces (out, &g_array_index (pieces, Piece, row->first), row->count);
          unwritten = row->first + row->count;
        }
    }
  write_in_order (out, pieces, unwritten, pieces->len);
}

static void
write_horizontal (GString *out, GArray *pieces, GString *uncut)
{
  g_autoptr (GArray) rows = find_rows (pieces);
  g_autoptr (GArray) cells = cut_by_columns (pieces, rows, uncut);
  g_autoptr (GArray) cell_rows = find_rows (cells);

  write_rows (out, cells, cell_rows);
}

char *
sk_pdf_text_in_rows (const char *text, const PopplerRectangle *boxes, guint count, char **uncut)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_autoptr (GString) lines = g_string_new (NULL);
  GString *out;

  *uncut = NULL;
  if ((gsize) g_utf8_strlen (text, -1) != count)
    return g_strdup (text);
  out = g_string_sized_new (strlen (text));
  cut (pieces, text, text + strlen (text), boxes, NULL);
  if (is_vertical (pieces))
    write_in_order (out, pieces, 0, pieces->len);
  else
    write_horizontal (out, pieces, lines);
  if (lines->len > 0)
    *uncut = g_strdup (lines->str);
  return g_string_free (out, FALSE);
}
