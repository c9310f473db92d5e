// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-xlsx-styles.h"

#include "sk-number-pattern.h"
#include "sk-xls-number.h"

#define STYLES 65536 /* Excel has at most so many */
#define FORMAT_BYTES 1024

struct _SkXlsxStyles {
  GHashTable *formats; /* number: format code */
  GArray *cells;       /* guint, the format's number */
};

static guint
number_of (const char *text)
{
  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : 0;
}

void
sk_xlsx_styles_add_format (SkXlsxStyles *self, guint number, const char *code)
{
  if (g_hash_table_size (self->formats) < STYLES)
    g_hash_table_insert (self->formats, GUINT_TO_POINTER (number), g_strndup (code, FORMAT_BYTES));
}

void
sk_xlsx_styles_add_cell (SkXlsxStyles *self, guint number)
{
  if (self->cells->len < STYLES)
    g_array_append_val (self->cells, number);
}

static void
add_format (SkXlsxStyles *self, SkXml *xml)
{
  const char *code = sk_xml_attribute (xml, "formatCode");

  if (code != NULL)
    sk_xlsx_styles_add_format (self, number_of (sk_xml_attribute (xml, "numFmtId")), code);
}

static void
read_styles (SkXlsxStyles *self, SkXml *xml)
{
  gboolean of_cells = FALSE;
  SkXmlNode node;

  while ((node = sk_xml_next (xml)) != SK_XML_END)
    if (node != SK_XML_TEXT && sk_xml_is (xml, "cellXfs"))
      of_cells = node == SK_XML_START;
    else if (node == SK_XML_START && sk_xml_is (xml, "numFmt"))
      add_format (self, xml);
    else if (node == SK_XML_START && of_cells && sk_xml_is (xml, "xf"))
      sk_xlsx_styles_add_cell (self, number_of (sk_xml_attribute (xml, "numFmtId")));
}

SkXlsxStyles *
sk_xlsx_styles_new (SkOoxml *document, SkPart *part)
{
  SkXlsxStyles *self = g_new0 (SkXlsxStyles, 1);
  SkXml *xml;

  self->formats = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->cells = g_array_new (FALSE, FALSE, sizeof (guint));
  if (part == NULL)
    return self;
  xml = sk_ooxml_xml (document, part);
  read_styles (self, xml);
  sk_package_end_xml (xml, part, document->sink);
  return self;
}

void
sk_xlsx_styles_free (SkXlsxStyles *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->formats);
  g_array_unref (self->cells);
  g_free (self);
}

void
sk_xlsx_styles_append (const SkXlsxStyles *self, GString *into, guint style, double number,
                       gboolean from_1904)
{
  guint format = style < self->cells->len ? g_array_index (self->cells, guint, style) : 0;
  const char *code = g_hash_table_lookup (self->formats, GUINT_TO_POINTER (format));

  if (code != NULL ? sk_xls_is_date_format (code) : sk_xls_is_date_number (format))
    sk_xls_append_date (into, number, from_1904);
  else if (code == NULL || !sk_number_pattern_append (into, code, number))
    sk_xls_append_number (into, number);
}
