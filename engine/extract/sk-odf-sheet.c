// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-odf-sheet.h"

#include "sk-odf-object.h"
#include "sk-cell-text.h"
#include "sk-xls-number.h"

#include <string.h>

#define REPEATS 1000
#define ROWS 1048576
#define COLUMNS 16384
#define LINKS 10000
#define FORMULAS (1024 * 1024)

typedef struct {
  guint column, repeat;
  char *text;
} Cell;

typedef struct {
  SkSink *sink;
  SkXml *xml;
  GPtrArray *links, *objects;
  GString *notes;     /* comments and shapes of the sheet, a paragraph a line */
  GString *names;     /* of the sheets, a line each */
  GString *text;      /* of the cell */
  GArray *cells;      /* Cell, of the row that have text */
  guint row, column;  /* of the cell that comes next */
  guint repeat;       /* of the row */
  guint cell_repeat;
  char *type, *value, *formula; /* of the cell; NULL */
  GString *formulas;  /* of the sheet: what they say, a line each, once */
  GHashTable *told;   /* char*: these lines */
  guint paragraphs;   /* around this place */
  guint asides;       /* comments and shapes around it */
  gboolean in_cell, in_forms;
} Walk;

static void
cell_clear (gpointer data)
{
  g_free (((Cell *) data)->text);
}

static guint
repeats (SkXml *xml, const char *name, guint most)
{
  const char *value = sk_xml_attribute (xml, name);
  guint64 times = value != NULL ? g_ascii_strtoull (value, NULL, 10) : 1;

  return (guint) CLAMP (times, 1, most);
}

/* --- cells ----------------------------------------------------------------------------------- */

static void
begin_cell (Walk *walk)
{
  static const char *const values[] = { "date-value", "value", "boolean-value", "string-value" };
  const char *value = NULL;

  walk->cell_repeat = repeats (walk->xml, "number-columns-repeated", COLUMNS);
  g_free (walk->type);
  walk->type = g_strdup (sk_xml_attribute (walk->xml, "value-type"));
  for (guint i = 0; i < G_N_ELEMENTS (values) && value == NULL; i++)
    value = sk_xml_attribute_in (walk->xml, "office:1.0", values[i]);
  g_free (walk->value);
  walk->value = g_strdup (value);
  g_free (walk->formula);
  walk->formula = g_strdup (sk_xml_attribute_in (walk->xml, "table:1.0", "formula"));
  g_string_truncate (walk->text, 0);
  walk->in_cell = TRUE;
}

/* The digits alone, without zeros before them. */
static char *
digits_of (const char *text)
{
  GString *digits = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_isdigit (*c) && (*c != '0' || digits->len > 0))
      g_string_append_c (digits, *c);
  return g_string_free (digits, FALSE);
}

/* A number is shown in full where its own digits are: "03-0000-0001", not "4.1E+015" or "12%".
 * Commas between thousands go. */
static char *
show_number (const char *value, const char *shown)
{
  g_autoptr (GString) number = g_string_new (NULL);
  g_autofree char *of_value = NULL, *of_shown = digits_of (shown);

  sk_xls_append_number (number, g_ascii_strtod (value, NULL));
  of_value = digits_of (number->str);
  if (strcmp (of_value, of_shown) != 0 || *shown == '\0')
    return g_strdup (number->str);
  if (strpbrk (shown, "-/() ") == NULL && strchr (shown, ',') != NULL)
    return g_strdup (number->str);
  return g_strdup (shown);
}

static char *
text_of_cell (const Walk *walk)
{
  const char *type = walk->type != NULL ? walk->type : "";

  if (walk->value == NULL)
    return g_strdup (walk->text->str);
  if (strcmp (type, "date") == 0)
    {
      char *date = g_strdup (walk->value);

      return g_strdelimit (date, "T", ' ');
    }
  if (strcmp (type, "float") == 0 || strcmp (type, "currency") == 0)
    return show_number (walk->value, walk->text->str);
  return g_strdup (walk->text->len > 0 ? walk->text->str : walk->value);
}

/* A result that a program left there may be of other days, or not be the formula's at all. */
static void
take_formula (Walk *walk, const char *shown)
{
  g_autofree char *text = walk->formula != NULL ? sk_cell_text_of_formula (walk->formula) : NULL;

  if (text == NULL || *text == '\0' || strstr (shown, text) != NULL
      || walk->formulas->len > FORMULAS || g_hash_table_contains (walk->told, text))
    return;
  g_string_append_printf (walk->formulas, "%s\n", text);
  g_hash_table_add (walk->told, g_steal_pointer (&text));
}

static void
end_cell (Walk *walk)
{
  Cell cell = { walk->column, MIN (walk->cell_repeat, REPEATS), text_of_cell (walk) };

  walk->in_cell = FALSE;
  take_formula (walk, cell.text);
  walk->column = MIN (walk->column + walk->cell_repeat, COLUMNS);
  if (*cell.text != '\0')
    g_array_append_val (walk->cells, cell);
  else
    g_free (cell.text);
}

/* --- rows ------------------------------------------------------------------------------------ */

static gboolean
write_cell (Walk *walk, guint row, const Cell *cell)
{
  for (guint i = 0; i < cell->repeat && cell->column + i <= COLUMNS; i++)
    if (!sk_sink_cell (walk->sink, row, cell->column + i)
        || !sk_sink_text (walk->sink, cell->text, -1))
      return FALSE;
  return TRUE;
}

static gboolean
write_row (Walk *walk, guint row)
{
  for (guint i = 0; i < walk->cells->len; i++)
    if (!write_cell (walk, row, &g_array_index (walk->cells, Cell, i)))
      return FALSE;
  return TRUE;
}

static void
begin_row (Walk *walk)
{
  walk->repeat = repeats (walk->xml, "number-rows-repeated", ROWS);
  walk->column = 1;
  g_array_set_size (walk->cells, 0);
}

static gboolean
end_row (Walk *walk)
{
  guint times = walk->cells->len > 0 ? MIN (walk->repeat, REPEATS) : 0;
  gboolean more = TRUE;

  for (guint i = 0; i < times && walk->row + i <= ROWS && more; i++)
    more = write_row (walk, walk->row + i);
  walk->row = MIN (walk->row + walk->repeat, ROWS);
  g_array_set_size (walk->cells, 0);
  return more;
}

/* --- text ------------------------------------------------------------------------------------ */

static GString *
target (Walk *walk)
{
  return walk->asides > 0 || !walk->in_cell ? walk->notes : walk->text;
}

static void
end_paragraph (Walk *walk)
{
  GString *into = target (walk);

  walk->paragraphs -= walk->paragraphs > 0;
  if (into->len > 0)
    g_string_append_c (into, '\n');
}

static void
take_link (Walk *walk)
{
  const char *link = sk_xml_attribute (walk->xml, "href");

  if (link != NULL && walk->links->len < LINKS)
    g_ptr_array_add (walk->links, g_strdup (link));
}

static void
take_spaces (Walk *walk)
{
  for (guint i = repeats (walk->xml, "c", 256); i > 0; i--)
    g_string_append_c (target (walk), ' ');
}

static void
take_text (Walk *walk)
{
  if (walk->paragraphs > 0)
    g_string_append (target (walk), sk_xml_text (walk->xml));
}

/* Who wrote a comment; when, doesn't matter. */
static void
take_author (Walk *walk)
{
  g_autofree char *author = sk_xml_inner_text (walk->xml, 1024);

  g_string_append_printf (walk->notes, "%s\n", author);
}

static void
take_control (Walk *walk)
{
  g_autofree char *text = walk->in_forms ? sk_odf_control_text (walk->xml) : NULL;

  if (text != NULL)
    g_string_append_printf (walk->notes, "%s\n", text);
}

static gboolean
is_aside (SkXml *xml)
{
  return sk_xml_is (xml, "annotation") || sk_xml_is (xml, "shapes") || sk_xml_is (xml, "text-box")
         || sk_xml_is (xml, "custom-shape") || sk_xml_is (xml, "tracked-changes")
         || sk_xml_is (xml, "forms");
}

/* --- sheets ---------------------------------------------------------------------------------- */

static gboolean
write_note (Walk *walk, const char *label, guint number, GString *text)
{
  gboolean more = *g_strchomp (text->str) == '\0'
                  || (sk_sink_section (walk->sink, SK_SECTION_NOTE, label, number)
                      && sk_sink_text (walk->sink, text->str, -1));

  g_string_truncate (text, 0);
  return more;
}

static gboolean
write_notes (Walk *walk, guint number)
{
  g_hash_table_remove_all (walk->told);
  return write_note (walk, "formulas", number, walk->formulas)
         && write_note (walk, "comments", number, walk->notes);
}

static gboolean
start (Walk *walk, guint *sheets)
{
  SkXml *xml = walk->xml;

  if (sk_xml_is (xml, "table") && walk->asides == 0)
    {
      const char *name = sk_xml_attribute (xml, "name");

      walk->row = walk->column = 1;
      ++*sheets;
      if (name != NULL)
        g_string_append_printf (walk->names, "%s\n", name);
      return sk_sink_section (walk->sink, SK_SECTION_SHEET, name, *sheets);
    }
  take_control (walk);
  walk->in_forms |= sk_xml_is (xml, "forms");
  if (is_aside (xml))
    walk->asides++;
  else if (sk_xml_is (xml, "p") || sk_xml_is (xml, "h"))
    walk->paragraphs++;
  else if (sk_xml_is (xml, "a"))
    take_link (walk);
  else if (sk_xml_is (xml, "s"))
    take_spaces (walk);
  else if (sk_xml_is (xml, "tab") || sk_xml_is (xml, "line-break"))
    g_string_append_c (target (walk), ' ');
  else if (sk_xml_is (xml, "creator") && walk->paragraphs == 0 && walk->asides > 0)
    take_author (walk);
  else if (sk_xml_is (xml, "binary-data"))
    sk_odf_take_object (xml, walk->objects);
  else if (sk_xml_is (xml, "ruby-text"))
    sk_xml_skip (xml);
  else if (walk->asides > 0)
    return TRUE;
  else if (sk_xml_is (xml, "table-row"))
    begin_row (walk);
  else if (sk_xml_is (xml, "table-cell") || sk_xml_is (xml, "covered-table-cell"))
    begin_cell (walk);
  return TRUE;
}

static gboolean
close_element (Walk *walk, guint sheets)
{
  SkXml *xml = walk->xml;

  walk->in_forms &= !sk_xml_is (xml, "forms");
  if (is_aside (xml))
    walk->asides -= walk->asides > 0;
  else if (sk_xml_is (xml, "p") || sk_xml_is (xml, "h"))
    end_paragraph (walk);
  else if (walk->asides > 0)
    return TRUE;
  else if (sk_xml_is (xml, "table-cell") || sk_xml_is (xml, "covered-table-cell"))
    {
      g_strchomp (walk->text->str);
      end_cell (walk);
    }
  else if (sk_xml_is (xml, "table-row"))
    return end_row (walk);
  else if (sk_xml_is (xml, "table"))
    return write_notes (walk, sheets);
  return TRUE;
}

static gboolean
walk_sheets (Walk *walk, guint *sheets)
{
  gboolean more = TRUE;
  SkXmlNode node;

  while (more && (node = sk_xml_next (walk->xml)) != SK_XML_END)
    if (node == SK_XML_TEXT)
      take_text (walk);
    else if (node == SK_XML_START)
      more = start (walk, sheets);
    else if (sk_xml_is (walk->xml, "spreadsheet"))
      break;
    else
      more = close_element (walk, *sheets);
  return more && write_notes (walk, 0) && write_note (walk, "sheets", 0, walk->names);
}

gboolean
sk_odf_sheets (SkSink *sink, SkXml *xml, guint *sheets, GPtrArray *links,
               GPtrArray *objects)
{
  Walk walk = { .sink = sink, .xml = xml, .links = links, .objects = objects,
                .row = 1, .column = 1 };
  gboolean more;

  walk.notes = g_string_new (NULL);
  walk.names = g_string_new (NULL);
  walk.text = g_string_new (NULL);
  walk.formulas = g_string_new (NULL);
  walk.told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  walk.cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_array_set_clear_func (walk.cells, cell_clear);
  more = walk_sheets (&walk, sheets);
  g_string_free (walk.notes, TRUE);
  g_string_free (walk.names, TRUE);
  g_string_free (walk.text, TRUE);
  g_array_unref (walk.cells);
  g_free (walk.type);
  g_free (walk.value);
  g_free (walk.formula);
  g_string_free (walk.formulas, TRUE);
  g_hash_table_unref (walk.told);
  return more;
}
