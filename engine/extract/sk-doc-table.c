// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-doc-table.h"

enum {
  FIRST_WORD_97 = 101, /* nFib */
  PAGE = 512,
  FLAGS = 0x0a,
  IS_COMPLEX = 0x0004,
  HAS_WIDE_CHARACTERS = 0x1000, /* of Word 6 and 95 */
  COMPRESSED = 1 << 30,
  SPRM_ROW_END = 0x2417,
  SPRM_TABLE = 0xd608,
  SPRM_TABS = 0xc615,
};

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

static void
read_pieces (SkDocTable *self, SkBytes plc)
{
  guint count = plc.length < 4 ? 0 : (guint) MIN ((plc.length - 4) / 12, G_MAXUINT / 16);
  gsize left = self->document.length;

  for (guint i = 0; i < count; i++)
    if (!add_piece (self, read_piece (self, plc, i, count), &left))
      break;
}

/* [MS-DOC] 2.9.38: some lists of changes, then the table of pieces. */
static void
read_clx (SkDocTable *self, SkBytes clx)
{
  gsize at = 0;

  while (sk_bytes_u8 (clx, at) == 1)
    at += 3 + sk_bytes_u16 (clx, at + 1);
  if (sk_bytes_u8 (clx, at) == 2)
    read_pieces (self, sk_bytes_part (clx, at + 5, sk_bytes_u32 (clx, at + 1)));
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
    read_clx (self, sk_bytes_part (self->table, sk_bytes_u32 (document, clx),
                                   sk_bytes_u32 (document, clx + 4)));
  if (self->pieces->len == 0 && is_old)
    read_simple (self);
  if (self->pieces->len == 0)
    self->is_damaged = TRUE;
}

void
sk_doc_table_clear (SkDocTable *self)
{
  g_clear_pointer (&self->pieces, g_array_unref);
}

/* --- rows ------------------------------------------------------------------------------------ */

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

static gboolean
has_row_end (SkBytes changes)
{
  gsize at = 0;

  while (at + 3 <= changes.length)
    {
      guint code = sk_bytes_u16 (changes, at);

      at += 2;
      if (code == SPRM_ROW_END)
        return sk_bytes_u8 (changes, at) != 0;
      at += operand_length (changes, at, code);
    }
  return FALSE;
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

SkTruth
sk_doc_table_is_row_end (const SkDocTable *self, guint32 offset)
{
  SkBytes plc = sk_bytes_part (self->table, sk_bytes_u32 (self->document, 0x102),
                               sk_bytes_u32 (self->document, 0x106));
  guint count = plc.length < 4 ? 0 : (guint) MIN ((plc.length - 4) / 8, G_MAXUINT / 16);
  guint index = search (plc, count, offset), paragraphs;
  SkBytes page;

  if (self->is_old || index >= count)
    return SK_UNKNOWN;
  page = sk_bytes_part (self->document,
                        (gsize) (sk_bytes_u32 (plc, (count + 1) * 4 + index * 4) & 0x3fffff) * PAGE, PAGE);
  paragraphs = sk_bytes_u8 (page, PAGE - 1);
  index = search (page, paragraphs, offset);
  if (index >= paragraphs)
    return SK_UNKNOWN;
  offset = sk_bytes_u8 (page, (paragraphs + 1) * 4 + index * 13) * 2;
  return offset != 0 && has_row_end (paragraph_changes (page, offset)) ? SK_YES : SK_NO;
}
