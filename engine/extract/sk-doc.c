// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-doc.h"

#include "sk-code-page.h"
#include "sk-doc-table.h"
#include "sk-field-code.h"
#include "sk-ole2-kind.h"
#include "sk-utf16.h"

enum {
  FLAGS = 0x0a,
  IS_ENCRYPTED = 0x0100,
  HAS_SECOND_TABLE = 0x0200,
  FLUSH = 8192,
};

/* The text is one; its parts follow one another. */
static const struct {
  SkSectionKind kind;
  const char *label;
} parts[SK_DOC_PARTS] = {
  { SK_SECTION_TEXT, NULL },     { SK_SECTION_NOTE, "footnotes" }, { SK_SECTION_NOTE, "header" },
  { SK_SECTION_NOTE, "macro" },  { SK_SECTION_NOTE, "comments" },  { SK_SECTION_NOTE, "endnotes" },
  { SK_SECTION_NOTE, "shapes" }, { SK_SECTION_NOTE, "header" },
};

typedef struct {
  SkDocTable table;
  SkSink *sink;
  const char *charset; /* of bytes; NULL: windows-1252 */
  guint32 ends[G_N_ELEMENTS (parts)];
  guint part;
  GString *text, *codes; /* codes: of fields, "HYPERLINK …" */
  GString *deleted;      /* what a tracked change has taken away */
  GByteArray *bytes;     /* not decoded yet */
  GArray *fields;        /* gboolean: still in its code */
  guint in_codes, high;
  gsize code_start;
  guint32 run_start, run_end; /* characters of which is_deleted holds */
  gboolean is_deleted, after_cell, full;
  guint zeros; /* side by side: a hole in the text */
} Doc;

static gunichar
from_1252 (guint byte)
{
  static const guint16 upper[] = {
    0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178,
  };

  return byte >= 0x80 && byte < 0xa0 ? upper[byte - 0x80] : byte;
}

/* --- fields ---------------------------------------------------------------------------------- */

static void
begin_field (Doc *self)
{
  gboolean in_code = TRUE;

  if (self->in_codes == 0)
    self->code_start = self->codes->len;
  g_array_append_val (self->fields, in_code);
  self->in_codes++;
}

static void
end_code (Doc *self)
{
  gboolean *in_code;

  if (self->fields->len == 0)
    return;
  in_code = &g_array_index (self->fields, gboolean, self->fields->len - 1);
  if (!*in_code)
    return;
  *in_code = FALSE;
  if (--self->in_codes > 0)
    return;
  sk_field_code_append_base (self->text, self->codes->str + self->code_start,
                             self->codes->len - self->code_start);
  g_string_append_c (self->codes, '\n');
}

static void
end_field (Doc *self)
{
  end_code (self);
  if (self->fields->len > 0)
    g_array_set_size (self->fields, self->fields->len - 1);
}

/* Fields do not reach from one part of the text into another; one that has no end hides nothing. */
static void
end_fields (Doc *self)
{
  while (self->fields->len > 0)
    end_field (self);
}

/* --- characters ------------------------------------------------------------------------------ */

static void
flush (Doc *self)
{
  if (self->text->len > 0 && !sk_sink_text (self->sink, self->text->str, (gssize) self->text->len))
    self->full = TRUE;
  g_string_truncate (self->text, 0);
}

static GString *
destination (Doc *self)
{
  if (self->in_codes > 0)
    return self->codes;
  return self->is_deleted ? self->deleted : self->text;
}

/* A row of a table ends with a mark of its own, which looks like that of a cell. */
static void
end_cell (Doc *self, guint32 offset)
{
  SkDocParagraph paragraph = sk_doc_table_paragraph (&self->table, offset);
  gboolean is_row_end
      = paragraph == SK_DOC_UNKNOWN ? self->after_cell : paragraph == SK_DOC_ROW_END;

  if (is_row_end)
    g_string_append_c (destination (self), '\n');
  else if (self->after_cell)
    g_string_append_c (destination (self), '\t');
  self->after_cell = !is_row_end;
}

/* Tabs part cells; behind the last there is none. */
static void
begin_text (Doc *self)
{
  if (self->after_cell)
    g_string_append_c (destination (self), '\t');
  self->after_cell = FALSE;
}

static void
append_control (Doc *self, guint c, guint32 offset)
{
  if (c == 0x07)
    {
      end_cell (self, offset);
      return;
    }
  begin_text (self);
  switch (c)
    {
    case 0x09:
      g_string_append_c (destination (self), '\t');
      break;
    case 0x0d: /* a row is a line, whatever its cells have */
      g_string_append_c (destination (self), sk_doc_table_paragraph (&self->table, offset)
                                                     == SK_DOC_IN_TABLE ? ' ' : '\n');
      break;
    case 0x0b: /* line, page, column */
    case 0x0c:
    case 0x0e:
      g_string_append_c (destination (self), '\n');
      break;
    case 0x13:
      begin_field (self);
      break;
    case 0x14:
      end_code (self);
      break;
    case 0x15:
      end_field (self);
      break;
    case 0x1e: /* a hyphen that does not break */
      g_string_append_c (destination (self), '-');
      break;
    default: /* marks of pictures, notes and the like */
      break;
    }
}

static void
decode_bytes (Doc *self)
{
  if (self->bytes->len == 0)
    return;
  flush (self);
  if (self->in_codes > 0)
    for (guint i = 0; i < self->bytes->len; i++)
      g_string_append_unichar (self->codes, from_1252 (self->bytes->data[i]));
  else if (!sk_sink_encoded (self->sink, self->bytes->data, self->bytes->len, self->charset))
    self->full = TRUE;
  g_byte_array_set_size (self->bytes, 0);
}

static void
append_byte (Doc *self, guint8 byte, guint32 offset)
{
  if (byte < 0x20)
    {
      decode_bytes (self);
      append_control (self, byte, offset);
      return;
    }
  begin_text (self);
  if (self->charset == NULL)
    g_string_append_unichar (destination (self), from_1252 (byte));
  else
    g_byte_array_append (self->bytes, &byte, 1);
}

static void
append_unit (Doc *self, guint unit, guint32 offset)
{
  if (unit < 0x20)
    append_control (self, unit, offset);
  else
    {
      begin_text (self);
      sk_utf16_append_unit (destination (self), unit, &self->high);
    }
}

/* --- parts ----------------------------------------------------------------------------------- */

static void
next_part (Doc *self)
{
  end_fields (self);
  decode_bytes (self);
  flush (self);
  self->part++;
  self->full |= !sk_sink_section (self->sink, parts[self->part].kind, parts[self->part].label, 0);
}

/* Deleted stretches are parted from one another. */
static void
begin_run (Doc *self, guint32 offset)
{
  gboolean was_deleted = self->is_deleted;

  self->is_deleted = sk_doc_table_is_deleted (&self->table, offset, &self->run_end);
  self->run_start = offset;
  if (was_deleted && !self->is_deleted)
    g_string_append_c (self->deleted, '\n');
}

/* What follows the last part belongs to it. */
static void
begin_character (Doc *self, guint32 position, guint32 offset)
{
  if (offset < self->run_start || offset >= self->run_end)
    begin_run (self, offset);
  while (self->part + 1 < G_N_ELEMENTS (parts) && position >= self->ends[self->part])
    next_part (self);
  if (self->text->len >= FLUSH)
    flush (self);
}

/* One may stand for the number of a page. */
static void
count_zeros (Doc *self, guint character)
{
  self->zeros = character == 0 ? self->zeros + 1 : 0;
  if (self->zeros > 1)
    self->table.is_damaged = TRUE;
}

static void
read_piece (Doc *self, const SkDocPiece *piece)
{
  guint width = piece->is_wide ? 2 : 1;

  for (guint32 i = 0; i < piece->count && !self->full; i++)
    {
      guint32 offset = piece->offset + i * width;
      guint character = piece->is_wide ? sk_bytes_u16 (self->table.document, offset)
                                       : sk_bytes_u8 (self->table.document, offset);

      begin_character (self, piece->position + i, offset);
      count_zeros (self, character);
      if (piece->is_wide)
        append_unit (self, character, offset);
      else
        append_byte (self, (guint8) character, offset);
    }
  decode_bytes (self);
}

static void
read_ends (Doc *self)
{
  gsize at = self->table.is_old ? 0x34 : 0x4c;
  guint64 end = 0;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      end += sk_bytes_u32 (self->table.document, at + i * 4);
      self->ends[i] = (guint32) MIN (end, G_MAXUINT32);
    }
}

static void
write_note (Doc *self, const char *label, const GString *text)
{
  if (text->len > 0 && sk_sink_section (self->sink, SK_SECTION_NOTE, label, 0))
    sk_sink_text (self->sink, text->str, (gssize) text->len);
}

static void
read_text (Doc *self)
{
  const GArray *pieces = self->table.pieces;

  self->full = !sk_sink_section (self->sink, SK_SECTION_TEXT, NULL, 0);
  for (guint i = 0; i < pieces->len && !self->full; i++)
    read_piece (self, &g_array_index (pieces, SkDocPiece, i));
  end_fields (self);
  flush (self);
  write_note (self, "fields", self->codes);
  write_note (self, "deleted", self->deleted);
}

const char *
sk_doc_table_name (SkBytes document)
{
  return sk_bytes_u16 (document, FLAGS) & HAS_SECOND_TABLE ? "1Table" : "0Table";
}

static gboolean
is_document (SkBytes document)
{
  guint mark = sk_bytes_u16 (document, 0);

  return mark == 0xa5ec || mark == 0xa5dc;
}

static void
read_document (SkBytes document, SkBytes table, SkSink *sink)
{
  Doc self = { .sink = sink };

  sk_doc_table_init (&self.table, document, table);
  if (self.table.is_old)
    self.charset = sk_code_page_charset (sk_code_page_of_language (sk_bytes_u16 (document, 6)));
  self.text = g_string_new (NULL);
  self.codes = g_string_new (NULL);
  self.deleted = g_string_new (NULL);
  self.bytes = g_byte_array_new ();
  self.fields = g_array_new (FALSE, FALSE, sizeof (gboolean));
  read_ends (&self);
  read_text (&self);
  if (self.table.is_damaged)
    sk_sink_doubt (sink, "damaged: text of the document is missing");
  g_string_free (self.text, TRUE);
  g_string_free (self.codes, TRUE);
  g_string_free (self.deleted, TRUE);
  g_byte_array_unref (self.bytes);
  g_array_unref (self.fields);
  sk_doc_table_clear (&self.table);
}

SkReading
sk_doc_read (SkBytes document, SkBytes table, SkSink *sink)
{
  if (!is_document (document))
    sk_sink_doubt (sink, "damaged: it does not begin as a Word document does");
  else if (sk_bytes_u16 (document, FLAGS) & IS_ENCRYPTED)
    return SK_READING_ENCRYPTED;
  else
    read_document (document, table, sink);
  return SK_READING_DONE;
}

static SkReading
read_storage (SkOle2 *ole2, guint storage, SkSink *sink)
{
  g_autoptr (GBytes) document = sk_ole2_stream (ole2, storage, "WordDocument");
  g_autoptr (GBytes) table = NULL;
  SkBytes bytes = { NULL, 0 };

  if (document == NULL)
    return SK_READING_DONE;
  table = sk_ole2_stream (ole2, storage, sk_doc_table_name (sk_bytes_of (document)));
  if (table != NULL)
    bytes = sk_bytes_of (table);
  return sk_doc_read (sk_bytes_of (document), bytes, sink);
}

const SkOle2Kind sk_ole2_doc = { "WordDocument", "application/msword", NULL, read_storage };
