// SPDX-License-Identifier: GPL-3.0-or-later
// Excel's binary workbooks ([MS-XLSB]): cells of sheets, their comments. What other binary parts
// hold is searched for runs of text.
#include "sk-format.h"

#include "sk-ooxml-parts.h"
#include "sk-utf16.h"
#include "sk-xls-formula.h"
#include "sk-xls-number.h"
#include "sk-xlsx-styles.h"

#include <string.h>

#define COLUMNS 16384
#define ROWS 1048576

/* [MS-XLSB] 2.3.2. Cells without a column come after the last one. */
enum {
  ROW = 0,
  CELL_RK = 2,
  CELL_BOOL = 4,
  CELL_REAL = 5,
  CELL_TEXT = 6,
  CELL_SHARED = 7,
  FORMULA_TEXT = 8,
  FORMULA_NUMBER = 9,
  FORMULA_BOOL = 10,
  FORMULA_ERROR = 11,
  SHORT_BLANK = 12,
  SHORT_RK = 13,
  SHORT_ERROR = 14,
  SHORT_BOOL = 15,
  SHORT_REAL = 16,
  SHORT_TEXT = 17,
  SHORT_SHARED = 18,
  SHARED_STRING = 19,
  FORMAT = 44,
  STYLE = 47,
  CELL_RICH_TEXT = 62,
  BOOK_PROPERTIES = 153,
  SHEET = 156,
  BEGIN_CELL_STYLES = 617,
  END_CELL_STYLES = 618,
  COMMENT_AUTHOR = 632,
  COMMENT_TEXT = 637,
  FORMULA_BYTES = 1024 * 1024,
};

typedef struct {
  guint type;
  SkBytes body;
} Record;

typedef struct {
  SkOoxml *document;
  SkSink *sink;
  SkXlsxStyles *styles;
  GPtrArray *strings; /* char* */
  gboolean from_1904, styles_of_cells;
  guint row, column;
  GPtrArray *names, *parts; /* of sheets: char*, SkPart* */
  GHashTable *relations;
  GString *formulas; /* of the sheet: what they say, a line each, once */
  GHashTable *told;  /* char*: these lines */
} Book;

typedef gboolean (*Take) (Book *book, const Record *record);

/* --- records --------------------------------------------------------------------------------- */

/* Type of one or two bytes, length of one to four, 7 bits each ([MS-XLSB] 2.1.4). */
static gboolean
next_record (SkBytes *left, Record *record)
{
  gsize at = 1;
  guint length = 0;

  if (left->length < 2)
    return FALSE;
  record->type = sk_bytes_u8 (*left, 0);
  if (record->type & 0x80)
    record->type = (record->type & 0x7f) | (sk_bytes_u8 (*left, at++) & 0x7f) << 7;
  for (guint shift = 0; shift < 28; shift += 7)
    {
      guint byte = sk_bytes_u8 (*left, at++);

      length |= (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        break;
    }
  if (at > left->length || length > left->length - at)
    return FALSE;
  record->body = sk_bytes_part (*left, at, length);
  *left = sk_bytes_from (*left, at + length);
  return TRUE;
}

static gboolean
read_records (Book *book, SkPart *part, Take take)
{
  g_autoptr (GBytes) bytes = sk_package_unpack (book->document->package, part, book->sink);
  SkBytes left = { NULL, 0 };
  Record record;

  part->is_read = TRUE;
  if (bytes == NULL)
    return TRUE;
  left = sk_bytes_of (bytes);
  while (next_record (&left, &record))
    if (!take (book, &record))
      return FALSE;
  if (left.length > 0)
    {
      g_autofree char *reason = g_strdup_printf ("damaged: %s ends in a record", part->name);

      sk_sink_doubt (book->sink, reason);
    }
  return TRUE;
}

/* XLWideString: its units and then they; none of a length of -1. `behind`: what follows. */
static char *
take_string (SkBytes from, SkBytes *behind)
{
  guint32 units = sk_bytes_u32 (from, 0);
  GString *text = g_string_new (NULL);
  SkBytes body = sk_bytes_part (from, 4, units == G_MAXUINT32 ? 0 : (gsize) units * 2);

  sk_utf16_append (text, body);
  if (behind != NULL)
    *behind = sk_bytes_from (from, 4 + body.length);
  return g_string_free (text, FALSE);
}

/* --- cells ----------------------------------------------------------------------------------- */

static gboolean
write_number (Book *book, guint style, double number)
{
  g_autoptr (GString) text = g_string_new (NULL);

  sk_xlsx_styles_append (book->styles, text, style, number, book->from_1904);
  return sk_sink_text (book->sink, text->str, (gssize) text->len);
}

static gboolean
write_shared (Book *book, guint32 number)
{
  if (number < book->strings->len)
    return sk_sink_text (book->sink, book->strings->pdata[number], -1);
  sk_sink_doubt (book->sink, "damaged: a cell's text is not there");
  return TRUE;
}

static gboolean
write_string (Book *book, SkBytes from)
{
  g_autofree char *text = take_string (from, NULL);

  return sk_sink_text (book->sink, text, -1);
}

static gboolean
write_value (Book *book, guint type, guint style, SkBytes value)
{
  switch (type)
    {
    case CELL_RK:
    case SHORT_RK:
      return write_number (book, style, sk_xls_rk (sk_bytes_u32 (value, 0)));
    case CELL_REAL:
    case SHORT_REAL:
    case FORMULA_NUMBER:
      return write_number (book, style, sk_bytes_double (value, 0));
    case CELL_BOOL:
    case SHORT_BOOL:
    case FORMULA_BOOL:
      return sk_sink_text (book->sink, sk_bytes_u8 (value, 0) != 0 ? "TRUE" : "FALSE", -1);
    case CELL_TEXT:
    case SHORT_TEXT:
    case FORMULA_TEXT:
      return write_string (book, value);
    case CELL_RICH_TEXT:
      return write_string (book, sk_bytes_from (value, 1));
    default:
      return write_shared (book, sk_bytes_u32 (value, 0));
    }
}

static gboolean
has_text (guint type)
{
  return type == CELL_RK || (type >= CELL_BOOL && type <= FORMULA_BOOL) || type == SHORT_RK
         || (type >= SHORT_BOOL && type <= SHORT_SHARED) || type == CELL_RICH_TEXT;
}

/* What stands before the formula: its result (2.4.667 to 2.4.670), and flags. 0: there is none. */
static gsize
result_length (guint type, SkBytes value)
{
  switch (type)
    {
    case FORMULA_TEXT:
      return 4 + (gsize) sk_bytes_u32 (value, 0) * 2;
    case FORMULA_NUMBER:
      return 8;
    case FORMULA_BOOL:
    case FORMULA_ERROR:
      return 1;
    default:
      return 0;
    }
}

/* A result that a program left there may be of other days, or not be the formula's at all. */
static void
take_formula (Book *book, guint type, SkBytes value)
{
  gsize at = result_length (type, value) + 2;
  g_autoptr (GString) text = NULL;

  if (at == 2 || book->formulas->len >= FORMULA_BYTES)
    return;
  text = g_string_new (NULL);
  sk_xls_append_formula (text, sk_bytes_part (value, at + 4, sk_bytes_u32 (value, at)),
                         SK_XLS_FORMULA_XLSB, NULL);
  if (text->len > 0 && g_hash_table_add (book->told, g_strdup (text->str)))
    g_string_append_printf (book->formulas, "%s\n", text->str);
}

static gboolean
write_formulas (Book *book, guint number)
{
  gboolean more
      = book->formulas->len == 0
        || (sk_sink_section (book->sink, SK_SECTION_NOTE, "formulas", number)
            && sk_sink_text (book->sink, book->formulas->str, (gssize) book->formulas->len));

  g_string_truncate (book->formulas, 0);
  g_hash_table_remove_all (book->told);
  return more;
}

static gboolean
take_cell (Book *book, const Record *record)
{
  gboolean is_short = record->type >= SHORT_BLANK && record->type <= SHORT_SHARED;
  gboolean is_cell = is_short || (record->type > ROW && record->type <= FORMULA_ERROR)
                     || record->type == CELL_RICH_TEXT;
  SkBytes body = record->body;

  if (record->type == ROW)
    {
      book->row = MIN (sk_bytes_u32 (body, 0), ROWS - 1) + 1;
      book->column = 0;
    }
  if (!is_cell || book->row == 0)
    return TRUE;
  book->column
      = is_short ? MIN (book->column + 1, COLUMNS) : MIN (sk_bytes_u32 (body, 0), COLUMNS - 1) + 1;
  body = sk_bytes_from (body, is_short ? 0 : 4);
  take_formula (book, record->type, sk_bytes_from (body, 4));
  return !has_text (record->type)
         || (sk_sink_cell (book->sink, book->row, book->column)
             && write_value (book, record->type, sk_bytes_u32 (body, 0) & 0xffffff,
                             sk_bytes_from (body, 4)));
}

/* --- other parts ----------------------------------------------------------------------------- */

static gboolean
take_shared_string (Book *book, const Record *record)
{
  if (record->type == SHARED_STRING)
    g_ptr_array_add (book->strings, take_string (sk_bytes_from (record->body, 1), NULL));
  return TRUE;
}

static gboolean
take_style (Book *book, const Record *record)
{
  if (record->type == BEGIN_CELL_STYLES || record->type == END_CELL_STYLES)
    book->styles_of_cells = record->type == BEGIN_CELL_STYLES;
  else if (record->type == FORMAT)
    {
      g_autofree char *code = take_string (sk_bytes_from (record->body, 2), NULL);

      sk_xlsx_styles_add_format (book->styles, sk_bytes_u16 (record->body, 0), code);
    }
  else if (record->type == STYLE && book->styles_of_cells)
    sk_xlsx_styles_add_cell (book->styles, sk_bytes_u16 (record->body, 2));
  return TRUE;
}

static gboolean
take_of_book (Book *book, const Record *record)
{
  g_autofree char *id = NULL;
  SkBytes behind;

  if (record->type == BOOK_PROPERTIES)
    book->from_1904 = (sk_bytes_u32 (record->body, 0) & 1) != 0;
  if (record->type != SHEET)
    return TRUE;
  id = take_string (sk_bytes_from (record->body, 8), &behind);
  g_ptr_array_add (book->names, take_string (behind, NULL));
  g_ptr_array_add (book->parts, g_hash_table_lookup (book->relations, id));
  return TRUE;
}

static gboolean
take_comment (Book *book, const Record *record)
{
  gboolean is_author = record->type == COMMENT_AUTHOR;
  g_autofree char *text = NULL;

  if (!is_author && record->type != COMMENT_TEXT)
    return TRUE;
  text = take_string (sk_bytes_from (record->body, is_author ? 0 : 1), NULL);
  return sk_sink_text (book->sink, text, -1) && sk_sink_line (book->sink);
}

static gboolean
read_all_of (Book *book, const char *type, Take take, const char *label)
{
  const GPtrArray *parts = sk_package_parts (book->document->package);

  for (guint i = 0; i < parts->len; i++)
    {
      SkPart *part = parts->pdata[i];

      if (part->is_read || g_ascii_strcasecmp (sk_ooxml_type (book->document, part), type) != 0)
        continue;
      if (label != NULL && !sk_sink_section (book->sink, SK_SECTION_NOTE, label, 0))
        return FALSE;
      if (!read_records (book, part, take))
        return FALSE;
    }
  return TRUE;
}

/* --- the workbook ---------------------------------------------------------------------------- */

static gboolean
read_sheet (Book *book, const char *name, SkPart *part, guint number)
{
  book->row = book->column = 0;
  return part == NULL || part->is_read
         || (sk_sink_section (book->sink, SK_SECTION_SHEET, name, number)
             && read_records (book, part, take_cell) && write_formulas (book, number)
             && sk_ooxml_related (book->document, part, number));
}

static gboolean
write_names (Book *book)
{
  gboolean more = sk_sink_section (book->sink, SK_SECTION_NOTE, "sheets", 0);

  for (guint i = 0; i < book->names->len && more; i++)
    more = sk_sink_text (book->sink, book->names->pdata[i], -1) && sk_sink_line (book->sink);
  return more;
}

static gboolean
read_book (Book *book)
{
  gboolean more
      = read_records (book, book->document->main, take_of_book)
        && read_all_of (book, "application/vnd.ms-excel.styles", take_style, NULL)
        && read_all_of (book, "application/vnd.ms-excel.sharedStrings", take_shared_string, NULL);

  for (guint i = 0; i < book->parts->len && more; i++)
    more = read_sheet (book, book->names->pdata[i], book->parts->pdata[i], i + 1);
  return more && read_all_of (book, "application/vnd.ms-excel.comments", take_comment, "comments")
         && write_names (book);
}

static const char *
recognise (const SkContent *content)
{
  return sk_ooxml_recognise (content, SK_OOXML_EXCEL_BINARY);
}

static SkReading
read_document (const SkContent *content, const char *type, SkSink *sink)
{
  g_autoptr (SkOoxml) document = sk_ooxml_open (content, sink);
  g_autoptr (GHashTable) relations = NULL;
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autoptr (GString) formulas = g_string_new (NULL);
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (SkXlsxStyles) styles = sk_xlsx_styles_new (document, NULL);
  Book book = { .document = document,
                .sink = sink,
                .styles = styles,
                .strings = strings,
                .names = names,
                .parts = parts };

  if (document->main == NULL)
    return SK_READING_DONE;
  book.formulas = formulas;
  book.told = told;
  book.relations = relations = sk_ooxml_relations (document, document->main);
  if (read_book (&book))
    sk_ooxml_finish (document);
  return SK_READING_DONE;
}

const SkFormat sk_format_xlsb = { "xlsb", recognise, read_document };
