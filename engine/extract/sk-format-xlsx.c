// SPDX-License-Identifier: GPL-3.0-or-later
// Excel's files: ECMA-376 part 1, 12 and 18. Hidden sheets, rows and columns are like others.
#include "sk-cell-text.h"
#include "sk-format.h"
#include "sk-ooxml-parts.h"
#include "sk-xlsx-styles.h"

#include <string.h>

#define COLUMNS 16384
#define ROWS 1048576
#define VALUE_BYTES (1024 * 1024)

/* Strings that cells refer to, one after another. */
typedef struct {
  GString *text;
  GArray *ends; /* gsize */
} Strings;

typedef struct {
  SkOoxml *document;
  SkSink *sink;
  SkXlsxStyles *styles;
  Strings strings;
  gboolean from_1904;
  GString *header, *footer; /* of the sheet that is being read */
  GString *formulas;        /* what they say, a line each, once */
  GHashTable *told;         /* char*: these lines */
  guint row, column;        /* of the last cell */
} Book;

typedef struct {
  char *name;
  SkPart *part;
} Sheet;

/* What a cell has in its tags. */
typedef struct {
  char type[12];
  guint style;
  GString *value, *formula;
} Cell;

static void
sheet_free (gpointer data)
{
  Sheet *sheet = data;

  g_free (sheet->name);
  g_free (sheet);
}

/* --- strings --------------------------------------------------------------------------------- */

/* The t inside the current element, to its close, without readings (rPh). */
static void
append_string (SkXml *xml, GString *into)
{
  guint depth = 1, taking = 0;
  gsize start = into->len;
  SkXmlNode node;

  while (depth > 0 && (node = sk_xml_next (xml)) != SK_XML_END)
    if (node == SK_XML_TEXT)
      g_string_append (into, taking > 0 ? sk_xml_text (xml) : "");
    else if (node == SK_XML_START && sk_xml_is (xml, "rPh"))
      sk_xml_skip (xml);
    else
      {
        guint step = node == SK_XML_START ? 1 : -1u;

        depth += step;
        taking += sk_xml_is (xml, "t") ? step : 0;
      }
  sk_cell_text_unescape (into, start);
}

static void
read_strings (Book *book, SkPart *part)
{
  SkXml *xml = sk_ooxml_xml (book->document, part);
  SkXmlNode node;

  while ((node = sk_xml_next (xml)) != SK_XML_END)
    if (node == SK_XML_START && sk_xml_is (xml, "si"))
      {
        append_string (xml, book->strings.text);
        g_array_append_val (book->strings.ends, book->strings.text->len);
      }
  sk_package_end_xml (xml, part, book->sink);
}

static gboolean
write_string (Book *book, const char *value)
{
  guint64 number = g_ascii_strtoull (value, NULL, 10);
  const GArray *ends = book->strings.ends;
  gsize start, end;

  if (number >= ends->len)
    {
      sk_sink_doubt (book->sink, "damaged: a cell's text is not there");
      return TRUE;
    }
  start = number > 0 ? g_array_index (ends, gsize, number - 1) : 0;
  end = g_array_index (ends, gsize, number);
  return sk_sink_text (book->sink, book->strings.text->str + start, (gssize) (end - start));
}

/* --- cells ----------------------------------------------------------------------------------- */

/* "AB12"; where there is none, the cell follows the last one. */
static void
locate (Book *book, const char *reference)
{
  guint column = 0, row = 0;

  for (; reference != NULL && g_ascii_isalpha (*reference) && column <= COLUMNS; reference++)
    column = column * 26 + (guint) (g_ascii_toupper (*reference) - 'A' + 1);
  if (reference != NULL)
    row = (guint) MIN (g_ascii_strtoull (reference, NULL, 10), ROWS + 1);
  if (column > 0 && column <= COLUMNS && row > 0 && row <= ROWS)
    {
      book->row = row;
      book->column = column;
    }
  else
    book->column = MIN (book->column + 1, COLUMNS);
}

static void
begin_row (Book *book, SkXml *xml)
{
  const char *number = sk_xml_attribute (xml, "r");
  guint64 row = number != NULL ? g_ascii_strtoull (number, NULL, 10) : 0;

  book->row = row > 0 && row <= ROWS ? (guint) row : MIN (book->row + 1, ROWS);
  book->column = 0;
}

static void
cell_clear (Cell *cell)
{
  g_string_free (cell->value, TRUE);
  g_string_free (cell->formula, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cell, cell_clear)

static void
read_cell (Cell *cell, SkXml *xml)
{
  guint depth = 1;
  GString *into = NULL;
  SkXmlNode node;

  while (depth > 0 && (node = sk_xml_next (xml)) != SK_XML_END)
    if (node == SK_XML_TEXT && into != NULL)
      g_string_append (into, sk_xml_text (xml));
    else if (node == SK_XML_START && sk_xml_is (xml, "is"))
      append_string (xml, cell->value);
    else if (node != SK_XML_TEXT)
      {
        depth += node == SK_XML_START ? 1 : -1u;
        into = node != SK_XML_START      ? NULL
               : sk_xml_is (xml, "v")    ? cell->value
               : sk_xml_is (xml, "f")    ? cell->formula
                                         : NULL;
      }
}

static gboolean
write_number (Book *book, const Cell *cell)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char *end;
  double number = g_ascii_strtod (cell->value->str, &end);

  if (end == cell->value->str)
    return sk_sink_text (book->sink, cell->value->str, (gssize) cell->value->len);
  sk_xlsx_styles_append (book->styles, text, cell->style, number, book->from_1904);
  return sk_sink_text (book->sink, text->str, (gssize) text->len);
}

/* Where a program left no result, the formula is what there is. */
static gboolean
write_cell (Book *book, const Cell *cell)
{
  if (cell->value->len == 0 && cell->formula->len == 0)
    return TRUE;
  if (!sk_sink_cell (book->sink, book->row, book->column))
    return FALSE;
  if (cell->value->len == 0)
    return sk_sink_text (book->sink, "=", 1)
           && sk_sink_text (book->sink, cell->formula->str, (gssize) cell->formula->len);
  if (strcmp (cell->type, "s") == 0)
    return write_string (book, cell->value->str);
  if (strcmp (cell->type, "b") == 0)
    return sk_sink_text (book->sink, *cell->value->str == '1' ? "TRUE" : "FALSE", -1);
  if (*cell->type == '\0' || strcmp (cell->type, "n") == 0)
    return write_number (book, cell);
  return sk_sink_text (book->sink, cell->value->str, (gssize) cell->value->len);
}

/* A result that a program left there may be of other days, or not be the formula's at all. */
static void
take_formula (Book *book, const char *formula, const char *shown)
{
  g_autofree char *text = sk_cell_text_of_formula (formula);

  if (*text == '\0' || strstr (shown, text) != NULL || book->formulas->len > VALUE_BYTES
      || g_hash_table_contains (book->told, text))
    return;
  g_string_append_printf (book->formulas, "%s\n", text);
  g_hash_table_add (book->told, g_steal_pointer (&text));
}

static gboolean
take_cell (Book *book, SkXml *xml, Cell *cell)
{
  const char *style = sk_xml_attribute (xml, "s"), *type = sk_xml_attribute (xml, "t");

  locate (book, sk_xml_attribute (xml, "r"));
  cell->style = style != NULL ? (guint) g_ascii_strtoull (style, NULL, 10) : 0;
  g_strlcpy (cell->type, type != NULL ? type : "", sizeof cell->type);
  g_string_truncate (cell->value, 0);
  g_string_truncate (cell->formula, 0);
  read_cell (cell, xml);
  if (strcmp (cell->type, "str") == 0)
    sk_cell_text_unescape (cell->value, 0);
  sk_cell_text_unescape (cell->formula, 0);
  take_formula (book, cell->formula->str,
                cell->value->len > 0 ? cell->value->str : cell->formula->str);
  return write_cell (book, cell);
}

/* --- headers and footers --------------------------------------------------------------------- */

/* Behind a code: &"font,style", &12 (size), &K and a colour, &P, &L … */
static const char *
skip_code (const char *at)
{
  const char *end = *at == '"' ? strchr (at + 1, '"') : NULL;

  if (end != NULL)
    return end + 1;
  if (g_ascii_isdigit (*at))
    return at + strspn (at, "0123456789");
  if (*at == 'K')
    return at + 1 + MIN (strspn (at + 1, "0123456789ABCDEFabcdef+-"), 6);
  return *at != '\0' ? g_utf8_next_char (at) : at;
}

/* ECMA-376 part 1, 18.3.1.39. */
static void
append_header (const char *text, GString *into)
{
  for (const char *at = text; *at != '\0';)
    if (*at != '&')
      g_string_append_c (into, *at++);
    else if (at[1] == '&')
      {
        g_string_append_c (into, '&');
        at += 2;
      }
    else
      {
        if (at[1] != '\0' && strchr ("LCR", at[1]) != NULL && into->len > 0)
          g_string_append_c (into, '\n');
        at = skip_code (at + 1);
      }
  g_string_append_c (into, '\n');
}

/* Of values that may be entered, and of formats that depend on them. */
static gboolean
is_formula (SkXml *xml)
{
  return sk_xml_is (xml, "formula") || sk_xml_is (xml, "formula1") || sk_xml_is (xml, "formula2");
}

static void
take_other_formula (Book *book, SkXml *xml)
{
  g_autofree char *formula = sk_xml_inner_text (xml, VALUE_BYTES);

  take_formula (book, formula, "");
}

static void
take_header (Book *book, SkXml *xml)
{
  GString *into = g_str_has_suffix (sk_xml_name (xml), "Header") ? book->header : book->footer;
  g_autofree char *inner = sk_xml_inner_text (xml, VALUE_BYTES);
  g_autoptr (GString) text = g_string_new (inner);

  sk_cell_text_unescape (text, 0);
  append_header (text->str, into);
}

static gboolean
write_note (Book *book, const char *label, guint number, GString *text)
{
  gboolean more = *g_strstrip (text->str) == '\0'
                  || (sk_sink_section (book->sink, SK_SECTION_NOTE, label, number)
                      && sk_sink_text (book->sink, text->str, -1));

  g_string_truncate (text, 0);
  return more;
}

/* --- sheets ---------------------------------------------------------------------------------- */

static gboolean
is_header (SkXml *xml)
{
  const char *name = sk_xml_name (xml);

  return g_str_has_suffix (name, "Header")
         || (g_str_has_suffix (name, "Footer") && strcmp (name, "headerFooter") != 0);
}

static gboolean
read_cells (Book *book, SkXml *xml)
{
  g_auto (Cell) cell = { .value = g_string_new (NULL), .formula = g_string_new (NULL) };
  gboolean more = TRUE;
  SkXmlNode node;

  book->row = book->column = 0;
  while (more && (node = sk_xml_next (xml)) != SK_XML_END)
    if (node != SK_XML_START)
      continue;
    else if (sk_xml_is (xml, "c"))
      more = take_cell (book, xml, &cell);
    else if (sk_xml_is (xml, "row"))
      begin_row (book, xml);
    else if (is_header (xml))
      take_header (book, xml);
    else if (is_formula (xml))
      take_other_formula (book, xml);
  return more;
}

static gboolean
read_sheet (Book *book, const char *name, SkPart *part, guint number)
{
  SkXml *xml;
  gboolean more;

  if (part->is_read)
    return TRUE;
  if (!sk_sink_section (book->sink, SK_SECTION_SHEET, name, number))
    return FALSE;
  xml = sk_ooxml_xml (book->document, part);
  more = read_cells (book, xml);
  sk_package_end_xml (xml, part, book->sink);
  g_hash_table_remove_all (book->told);
  return more && write_note (book, "header", number, book->header)
         && write_note (book, "footer", number, book->footer)
         && write_note (book, "formulas", number, book->formulas)
         && sk_ooxml_related (book->document, part, number);
}

static GPtrArray *
list_sheets (Book *book, GHashTable *relations)
{
  GPtrArray *sheets = g_ptr_array_new_with_free_func (sheet_free);
  SkXml *xml = sk_ooxml_xml (book->document, book->document->main);
  SkXmlNode node;

  while ((node = sk_xml_next (xml)) != SK_XML_END)
    {
      const char *id = node == SK_XML_START && sk_xml_is (xml, "sheet")
                           ? sk_xml_attribute_in (xml, "/relationships", "id")
                           : NULL;
      SkPart *part = id != NULL ? g_hash_table_lookup (relations, id) : NULL;

      if (node == SK_XML_START && sk_xml_is (xml, "workbookPr"))
        {
          const char *value = sk_xml_attribute (xml, "date1904");

          book->from_1904
              = value != NULL && (strcmp (value, "1") == 0 || strcmp (value, "true") == 0);
        }
      if (part == NULL)
        continue;
      g_ptr_array_add (sheets, g_new0 (Sheet, 1));
      *(Sheet *) sheets->pdata[sheets->len - 1]
          = (Sheet) { g_strdup (sk_xml_attribute (xml, "name")), part };
    }
  sk_package_end_xml (xml, book->document->main, book->sink);
  return sheets;
}

/* The name of a sheet is text that people gave it. */
static gboolean
write_names (Book *book, const GPtrArray *sheets)
{
  gboolean more = sk_sink_section (book->sink, SK_SECTION_NOTE, "sheets", 0);

  for (guint i = 0; i < sheets->len && more; i++)
    {
      const Sheet *sheet = sheets->pdata[i];

      more = sheet->name == NULL
             || (sk_sink_text (book->sink, sheet->name, -1) && sk_sink_line (book->sink));
    }
  return more;
}

static SkPart *
find_by_type (SkOoxml *document, const char *type_end)
{
  const GPtrArray *parts = sk_package_parts (document->package);

  for (guint i = 0; i < parts->len; i++)
    {
      SkPart *part = parts->pdata[i];

      if (!part->is_read && g_str_has_suffix (sk_ooxml_type (document, part), type_end))
        return part;
    }
  return NULL;
}

/* Sheets that the workbook doesn't name, should there be any, are read as well. */
static void
read_book (Book *book)
{
  g_autoptr (GHashTable) relations = sk_ooxml_relations (book->document, book->document->main);
  g_autoptr (GPtrArray) sheets = list_sheets (book, relations);
  SkPart *strings = find_by_type (book->document, "spreadsheetml.sharedStrings+xml"), *left;
  gboolean more = TRUE;

  book->styles = sk_xlsx_styles_new (book->document,
                                     find_by_type (book->document, "spreadsheetml.styles+xml"));
  if (strings != NULL)
    read_strings (book, strings);
  for (guint i = 0; i < sheets->len && more; i++)
    {
      const Sheet *sheet = sheets->pdata[i];

      more = read_sheet (book, sheet->name, sheet->part, i + 1);
    }
  while (more && (left = find_by_type (book->document, "spreadsheetml.worksheet+xml")) != NULL)
    more = read_sheet (book, NULL, left, 0);
  if (more && write_names (book, sheets))
    sk_ooxml_finish (book->document);
}

static const char *
recognise (const SkContent *content)
{
  return sk_ooxml_recognise (content, SK_OOXML_EXCEL);
}

static SkReading
read_document (const SkContent *content, const char *type, SkSink *sink)
{
  g_autoptr (SkOoxml) document = sk_ooxml_open (content, sink);
  Book book = { .document = document, .sink = sink };

  if (document->main == NULL)
    return SK_READING_DONE;
  book.strings.text = g_string_new (NULL);
  book.strings.ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  book.header = g_string_new (NULL);
  book.footer = g_string_new (NULL);
  book.formulas = g_string_new (NULL);
  book.told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  read_book (&book);
  sk_xlsx_styles_free (book.styles);
  g_string_free (book.strings.text, TRUE);
  g_array_unref (book.strings.ends);
  g_string_free (book.header, TRUE);
  g_string_free (book.footer, TRUE);
  g_string_free (book.formulas, TRUE);
  g_hash_table_unref (book.told);
  return SK_READING_DONE;
}

const SkFormat sk_format_xlsx = { "xlsx", recognise, read_document };
