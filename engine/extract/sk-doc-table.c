// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-doc-table.h"

enum {
  HEADER = 0x20, /* no text lies before its end */
  FIRST_WORD_97 = 101, /* nFib */
  PAGE = 512,
  FLAGS = 0x0a,
  IS_COMPLEX = 0x0004,
  HAS_WIDE_CHARACTERS = 0x1000, /* of Word 6 and 95 */
  COMPRESSED = 1 << 30,
  CHARACTER_PAGES = 0xfa,
  PARAGRAPH_PAGES = 0x102,
  SPRM_DELETED = 0x0800,
  SPRM_IN_TABLE = 0x2416,
  SPRM_ROW_END = 0x2417,
  SPRM_TABLE = 0xd608,
  SPRM_TABS = 0xc615,
};

static SkBytes list_of_pages (const SkDocTable *self, gsize pages);
static guint count_of_pages (SkBytes list);
static gsize place_of_page (SkBytes list, guint index);

/* --- pieces ---------------------------------------------------------------------------------- */

static gboolean
add_piece (SkDocTable *self, SkDocPiece piece, gsize *left)
{
  gsize width = piece.is_wide ? 2 : 1, there;

  if (piece.offset > self->document.length)
    piece.offset = (guint32) self->document.length;
  there = MIN ((self->document.length - piece.offset) / width, *left);
  if (piece.count > there)
    {
      self->is_damaged = TRUE;
      piece.count = (guint32) there;
    }
  *left -= piece.count;
  g_array_append_val (self->pieces, piece);
  return *left > 0;
}

/* Whatever is told to be there. */
static SkBytes
told_part (SkDocTable *self, SkBytes bytes, gsize start, gsize length)
{
  SkBytes part = sk_bytes_part (bytes, start, length);

  if (part.length < length)
    self->is_damaged = TRUE;
  return part;
}

static SkDocPiece
read_piece (const SkDocTable *self, SkBytes plc, guint index, guint count)
{
  guint32 position = sk_bytes_u32 (plc, index * 4), end = sk_bytes_u32 (plc, index * 4 + 4);
  guint32 place = sk_bytes_u32 (plc, (count + 1) * 4 + index * 8 + 2);
  SkDocPiece piece = { position, place, end > position ? end - position : 0, FALSE };

  if (self->is_old)
    piece.is_wide = (sk_bytes_u16 (self->document, FLAGS) & HAS_WIDE_CHARACTERS) != 0;
  else if (place & COMPRESSED)
    piece.offset = (place & ~(guint32) COMPRESSED) / 2;
  else
    piece.is_wide = TRUE;
  return piece;
}

/* Of all parts of the text: [MS-DOC] 2.5.4. */
static guint64
characters (const SkDocTable *self)
{
  guint64 count = 0;

  for (guint i = 0; i < SK_DOC_PARTS; i++)
    count += sk_bytes_u32 (self->document, (self->is_old ? 0x34 : 0x4c) + i * 4);
  return count;
}

static void
read_pieces (SkDocTable *self, SkBytes plc)
{
  guint count = plc.length < 4 ? 0 : (guint) MIN ((plc.length - 4) / 12, G_MAXUINT / 16);
  gsize left = self->document.length;

  for (guint i = 0; i < count; i++)
    {
      SkDocPiece piece = read_piece (self, plc, i, count);

      if (piece.count == 0 || piece.offset < HEADER)
        self->is_damaged = TRUE;
      if (!add_piece (self, piece, &left))
        break;
    }
  if (sk_bytes_u32 (plc, count * 4) < characters (self))
    self->is_damaged = TRUE;
}

/* [MS-DOC] 2.9.38: some lists of changes, then the table of pieces. */
static void
read_clx (SkDocTable *self, SkBytes clx)
{
  gsize at = 0;

  while (sk_bytes_u8 (clx, at) == 1)
    at += 3 + sk_bytes_u16 (clx, at + 1);
  if (sk_bytes_u8 (clx, at) == 2)
    read_pieces (self, told_part (self, clx, at + 5, sk_bytes_u32 (clx, at + 1)));
}

/* Where they lie in order, and each holds something. */
static void
check_pages (SkDocTable *self, gsize pages)
{
  SkBytes list = list_of_pages (self, pages);

  for (guint i = 0; i < count_of_pages (list); i++)
    {
      gsize place = place_of_page (list, i);

      if (place == 0 || sk_bytes_u8 (self->document, place + PAGE - 1) == 0
          || sk_bytes_u32 (list, i * 4) >= sk_bytes_u32 (list, i * 4 + 4))
        self->is_damaged = TRUE;
    }
}

/* Without a table the text lies in one piece. */
static void
read_simple (SkDocTable *self)
{
  guint32 start = sk_bytes_u32 (self->document, 0x18), end = sk_bytes_u32 (self->document, 0x1c);
  gboolean is_wide = (sk_bytes_u16 (self->document, FLAGS) & HAS_WIDE_CHARACTERS) != 0;
  guint32 length = end > start ? end - start : 0;
  SkDocPiece piece = { 0, start, is_wide ? length / 2 : length, is_wide };
  gsize left = self->document.length;

  add_piece (self, piece, &left);
}

void
sk_doc_table_init (SkDocTable *self, SkBytes document, SkBytes table)
{
  gboolean is_old = sk_bytes_u16 (document, 2) < FIRST_WORD_97;
  gsize clx = is_old ? 0x160 : 0x1a2;

  *self = (SkDocTable){ document, is_old ? document : table, is_old };
  self->pieces = g_array_new (FALSE, FALSE, sizeof (SkDocPiece));
  if (!is_old || (sk_bytes_u16 (document, FLAGS) & IS_COMPLEX) != 0)
    read_clx (self, told_part (self, self->table, sk_bytes_u32 (document, clx),
                               sk_bytes_u32 (document, clx + 4)));
  if (self->pieces->len == 0 && is_old)
    read_simple (self);
  if (self->pieces->len == 0)
    self->is_damaged = TRUE;
  check_pages (self, CHARACTER_PAGES);
  check_pages (self, PARAGRAPH_PAGES);
}

void
sk_doc_table_clear (SkDocTable *self)
{
  g_clear_pointer (&self->pieces, g_array_unref);
}

/* --- properties ------------------------------------------------------------------------------ */

/* The last of `count` ascending numbers that is not above `value`; `count` when there is none. */
static guint
search (SkBytes numbers, guint count, guint32 value)
{
  guint low = 0, high = count;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (sk_bytes_u32 (numbers, middle * 4) <= value)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? low - 1 : count;
}

static gsize
operand_length (SkBytes changes, gsize at, guint code)
{
  static const guint8 lengths[] = { 1, 1, 2, 4, 2, 2, 0, 3 };

  if (code >> 13 != 6)
    return lengths[code >> 13];
  if (code == SPRM_TABLE)
    return 1 + sk_bytes_u16 (changes, at);
  if (code == SPRM_TABS && sk_bytes_u8 (changes, at) == 255)
    return changes.length;
  return 1 + sk_bytes_u8 (changes, at);
}

/* The operand of the last change of that kind; 0: there is none. */
static guint
find_change (SkBytes changes, guint wanted)
{
  guint found = 0;
  gsize at = 0;

  while (at + 3 <= changes.length)
    {
      guint code = sk_bytes_u16 (changes, at);

      at += 2;
      if (code == wanted)
        found = sk_bytes_u8 (changes, at);
      at += operand_length (changes, at, code);
    }
  return found;
}

/* A page says what holds for runs that follow one another: `count` runs, and those of them that
 * `index` tells. */
typedef struct {
  SkBytes page;
  guint count, index;
} Run;

/* The list of such pages. Those of Word 6 and 95 are others. */
static SkBytes
list_of_pages (const SkDocTable *self, gsize pages)
{
  if (self->is_old)
    return (SkBytes){ NULL, 0 };
  return sk_bytes_part (self->table, sk_bytes_u32 (self->document, pages),
                        sk_bytes_u32 (self->document, pages + 4));
}

static guint
count_of_pages (SkBytes list)
{
  return list.length < 4 ? 0 : (guint) MIN ((list.length - 4) / 8, G_MAXUINT / 16);
}

static gsize
place_of_page (SkBytes list, guint index)
{
  gsize number = sk_bytes_u32 (list, (count_of_pages (list) + 1) * 4 + index * 4) & 0x3fffff;

  return number * PAGE;
}

static gboolean
find_run (const SkDocTable *self, gsize pages, guint32 offset, Run *run)
{
  SkBytes plc = list_of_pages (self, pages);
  guint count = count_of_pages (plc);
  guint index = search (plc, count, offset);

  if (index >= count)
    return FALSE;
  run->page = sk_bytes_part (self->document, place_of_page (plc, index), PAGE);
  run->count = sk_bytes_u8 (run->page, PAGE - 1);
  run->index = search (run->page, run->count, offset);
  return run->index < run->count;
}

/* [MS-DOC] 2.9.175: the properties that a paragraph has beyond those of its style. */
static SkBytes
paragraph_changes (SkBytes page, guint offset)
{
  gsize start = offset + 1, length = sk_bytes_u8 (page, offset) * 2;

  if (length == 0)
    length = sk_bytes_u8 (page, start++) * 2;
  else
    length--;
  return sk_bytes_from (sk_bytes_part (page, start, length), 2);
}

SkDocParagraph
sk_doc_table_paragraph (const SkDocTable *self, guint32 offset)
{
  SkBytes changes;
  Run run;
  guint place;

  if (!find_run (self, PARAGRAPH_PAGES, offset, &run))
    return SK_DOC_UNKNOWN;
  place = sk_bytes_u8 (run.page, (run.count + 1) * 4 + run.index * 13) * 2;
  if (place == 0)
    return SK_DOC_PARAGRAPH;
  changes = paragraph_changes (run.page, place);
  if (find_change (changes, SPRM_ROW_END) != 0)
    return SK_DOC_ROW_END;
  return find_change (changes, SPRM_IN_TABLE) != 0 ? SK_DOC_IN_TABLE : SK_DOC_PARAGRAPH;
}

gboolean
sk_doc_table_is_deleted (const SkDocTable *self, guint32 offset, guint32 *end)
{
  Run run;
  guint place;

  *end = offset + 1;
  if (!find_run (self, CHARACTER_PAGES, offset, &run))
    return FALSE;
  *end = MAX (*end, sk_bytes_u32 (run.page, (run.index + 1) * 4));
  place = sk_bytes_u8 (run.page, (run.count + 1) * 4 + run.index) * 2;
  return place != 0
         && find_change (sk_bytes_part (run.page, place + 1, sk_bytes_u8 (run.page, place)),
                         SPRM_DELETED)
                != 0;
}
