// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-pdf-rows.h"

#include <string.h>

/* As wide as one of its lines is on average, the narrowest column of a table at most, in heights of
 * its characters; columns of prose are wider. */
#define CELL_WIDTH 9.0

/* What stands together: poppler gave it without a line end, and no wide gap is in it. */
typedef struct {
  PopplerRectangle box;
  const char *text;
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

static void
begin_piece (GArray *pieces, const char *text, const PopplerRectangle *box)
{
  Piece piece = { .box = *box, .text = text, .order = pieces->len };

  g_array_append_val (pieces, piece);
}

/* Spaces at the ends are in no piece: poppler's boxes of them span any gap. */
static GArray *
cut (const char *text, const PopplerRectangle *boxes)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  const PopplerRectangle *last = NULL;

  for (; *text != '\0'; text = g_utf8_next_char (text), boxes++)
    {
      Piece *piece;

      if (*text == '\n')
        last = NULL;
      if (g_unichar_isspace (g_utf8_get_char (text)))
        continue;
      if (last == NULL || is_apart (last, boxes))
        begin_piece (pieces, text, boxes);
      piece = &g_array_index (pieces, Piece, pieces->len - 1);
      piece->vertical |= piece->text != text && gap_y (last, boxes) + height_of (boxes) / 2
                                                    < ABS (boxes->y1 - last->y1);
      add_box (&piece->box, boxes);
      piece->length = (gsize) (g_utf8_next_char (text) - piece->text);
      last = boxes;
    }
  return pieces;
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

/* How many rows from `at` on have cells side by side, and whether they are a table's. */
static guint
measure (const GArray *rows, guint at, gboolean *table)
{
  guint many = g_array_index (rows, Row, at).count > 1, end = at;
  double narrowest = 0;

  for (; end < rows->len && (g_array_index (rows, Row, end).count > 1) == many; end++)
    narrowest += g_array_index (rows, Row, end).narrowest;
  *table = many && narrowest / (end - at) < CELL_WIDTH;
  return end - at;
}

/* --- the text --------------------------------------------------------------------------------- */

static void
write_pieces (GString *out, const Piece *pieces, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      if (out->len > 0)
        g_string_append_c (out, i > 0 && in_one_row (&pieces[i - 1], &pieces[i]) ? '\t' : '\n');
      g_string_append_len (out, pieces[i].text, (gssize) pieces[i].length);
    }
}

static void
write_row (GString *out, const Piece *pieces, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      if (out->len > 0)
        g_string_append_c (out, i > 0 ? '\t' : '\n');
      g_string_append_len (out, pieces[i].text, (gssize) pieces[i].length);
    }
}

static void
write_in_order (GString *out, GArray *pieces, guint from, guint to)
{
  Piece *first = &((Piece *) (gpointer) pieces->data)[from];

  if (to > from)
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
          write_row (out, &g_array_index (pieces, Piece, row->first), row->count);
          unwritten = row->first + row->count;
        }
    }
  write_in_order (out, pieces, unwritten, pieces->len);
}

char *
sk_pdf_text_in_rows (const char *text, const PopplerRectangle *boxes, guint count)
{
  g_autoptr (GArray) pieces = NULL;
  g_autoptr (GArray) rows = NULL;
  GString *out;

  if ((gsize) g_utf8_strlen (text, -1) != count)
    return g_strdup (text);
  out = g_string_sized_new (strlen (text));
  pieces = cut (text, boxes);
  if (is_vertical (pieces))
    write_in_order (out, pieces, 0, pieces->len);
  else
    {
      rows = find_rows (pieces);
      write_rows (out, pieces, rows);
    }
  return g_string_free (out, FALSE);
}
