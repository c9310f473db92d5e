// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-odf.h"

#include "sk-flow.h"
#include "sk-name-table.h"
#include "sk-odf-change.h"
#include "sk-odf-object.h"
#include "sk-odf-sheet.h"

#include <string.h>

#define LINKS 10000
#define VALUE_BYTES 65536
#define SPACES 256

struct _SkOdf {
  SkSink *sink;
  SkXml *xml;              /* while it is read */
  SkFlow *flow;            /* of the open section; NULL: none */
  GPtrArray *links;        /* char* */
  GPtrArray *objects;      /* GBytes* */
  guint sheets, slides;
  guint paragraphs;        /* around this place, in the innermost box */
  GArray *outer;           /* guint: the same of the boxes around it */
  GHashTable *changes;     /* of tracked changes, id: what was deleted, "" for an insertion */
  gboolean in_masters, in_properties, in_forms, is_full;
};

SkOdf *
sk_odf_new (SkSink *sink)
{
  SkOdf *self = g_new0 (SkOdf, 1);

  self->sink = sink;
  self->links = g_ptr_array_new_with_free_func (g_free);
  self->objects = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->outer = g_array_new (FALSE, FALSE, sizeof (guint));
  self->changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
sk_odf_free (SkOdf *self)
{
  if (self == NULL)
    return;
  sk_flow_free (self->flow);
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->objects);
  g_array_unref (self->outer);
  g_hash_table_unref (self->changes);
  g_free (self);
}

/* --- sections -------------------------------------------------------------------------------- */

static void
end_section (SkOdf *self)
{
  if (self->flow != NULL && !sk_flow_finish (self->flow))
    self->is_full = TRUE;
  g_clear_pointer (&self->flow, sk_flow_free);
}

static void
begin_section (SkOdf *self, SkSectionKind kind, const char *label, guint number)
{
  end_section (self);
  if (!sk_sink_section (self->sink, kind, label, number))
    self->is_full = TRUE;
  self->flow = sk_flow_new (self->sink);
}

static SkFlow *
flow (SkOdf *self)
{
  if (self->flow == NULL)
    begin_section (self, SK_SECTION_TEXT, NULL, 0);
  return self->flow;
}

/* --- what elements do ------------------------------------------------------------------------ */

typedef void (*Act) (SkOdf *self);

static void
skip (SkOdf *self)
{
  sk_xml_skip (self->xml);
}

static void
put (SkOdf *self, const char *text)
{
  sk_flow_text (flow (self), text, strlen (text));
}

static void
begin_paragraph (SkOdf *self)
{
  self->paragraphs++;
}

static void
end_paragraph (SkOdf *self)
{
  sk_flow_paragraph (flow (self));
  self->paragraphs -= self->paragraphs > 0;
}

static void
spaces (SkOdf *self)
{
  const char *value = sk_xml_attribute (self->xml, "c");
  guint64 count = value != NULL ? MIN (g_ascii_strtoull (value, NULL, 10), SPACES) : 1;

  for (guint64 i = 0; i < count; i++)
    put (self, " ");
}

static void
tab (SkOdf *self)
{
  if (self->paragraphs > 0)
    put (self, "\t");
}

static void
line_break (SkOdf *self)
{
  put (self, "\n");
}

static void
take_link (SkOdf *self)
{
  const char *link = sk_xml_attribute (self->xml, "href");

  if (link != NULL && self->links->len < LINKS)
    g_ptr_array_add (self->links, g_strdup (link));
}

static void
hidden_text (SkOdf *self)
{
  const char *text = sk_xml_attribute (self->xml, "string-value");

  put (self, text != NULL ? text : "");
}

static void
begin_box (SkOdf *self)
{
  g_array_append_val (self->outer, self->paragraphs);
  self->paragraphs = 0;
  sk_flow_begin_box (flow (self));
}

/* Text without a paragraph around it. */
static void
begin_reading (SkOdf *self)
{
  begin_box (self);
  self->paragraphs = 1;
}

static void
end_box (SkOdf *self)
{
  sk_flow_end_box (flow (self));
  if (self->outer->len == 0)
    return;
  self->paragraphs = g_array_index (self->outer, guint, self->outer->len - 1);
  g_array_set_size (self->outer, self->outer->len - 1);
}

/* svg:title and svg:desc tell what a picture shows; text:title is a field in a paragraph. */
static void
description (SkOdf *self)
{
  g_autofree char *text = NULL;

  if (!sk_xml_is_of (self->xml, "svg-compatible:1.0"))
    return;
  text = sk_xml_inner_text (self->xml, VALUE_BYTES);
  sk_flow_aside (flow (self), text);
}

/* Outside paragraphs: whose comment it is, what stands at the foot of slides. */
static void
line_of_its_own (SkOdf *self)
{
  g_autofree char *text = NULL;

  if (self->paragraphs > 0 || self->in_properties)
    return;
  text = sk_xml_inner_text (self->xml, VALUE_BYTES);
  put (self, text);
  sk_flow_paragraph (flow (self));
}

static void
date (SkOdf *self)
{
  if (self->paragraphs == 0)
    sk_xml_skip (self->xml);
}

static void
begin_row (SkOdf *self)
{
  sk_flow_begin_row (flow (self));
}

static void
end_row (SkOdf *self)
{
  sk_flow_end_row (flow (self));
}

static void
begin_cell (SkOdf *self)
{
  sk_flow_begin_cell (flow (self));
}

static void
end_cell (SkOdf *self)
{
  sk_flow_end_cell (flow (self));
}

static void
begin_page (SkOdf *self)
{
  if (self->outer->len == 0 && self->paragraphs == 0)
    begin_section (self, SK_SECTION_SLIDE, NULL, ++self->slides);
}

static void
begin_notes (SkOdf *self)
{
  if (self->outer->len == 0 && self->paragraphs == 0)
    begin_section (self, SK_SECTION_NOTE, "notes", self->slides);
}

static void
begin_header (SkOdf *self)
{
  if (self->in_masters && self->paragraphs == 0)
    begin_section (self, SK_SECTION_NOTE, "header", 0);
}

static void
begin_footer (SkOdf *self)
{
  if (self->in_masters && self->paragraphs == 0)
    begin_section (self, SK_SECTION_NOTE, "footer", 0);
}

static void
begin_masters (SkOdf *self)
{
  self->in_masters = TRUE;
  begin_section (self, SK_SECTION_NOTE, "master", 0);
}

static void
end_masters (SkOdf *self)
{
  self->in_masters = FALSE;
  end_section (self);
}

static void
begin_properties (SkOdf *self)
{
  self->in_properties = TRUE;
  begin_section (self, SK_SECTION_NOTE, "properties", 0);
}

static void
end_properties (SkOdf *self)
{
  self->in_properties = FALSE;
  end_section (self);
}

static void
end_property (SkOdf *self)
{
  if (self->in_properties)
    sk_flow_paragraph (flow (self));
}

static void
spreadsheet (SkOdf *self)
{
  end_section (self);
  if (!sk_odf_sheets (self->sink, self->xml, &self->sheets, self->links, self->objects))
    self->is_full = TRUE;
}

static void
take_object (SkOdf *self)
{
  sk_odf_take_object (self->xml, self->objects);
}

static void
begin_forms (SkOdf *self)
{
  self->in_forms = !self->in_properties;
}

static void
end_forms (SkOdf *self)
{
  self->in_forms = FALSE;
}

static void
control (SkOdf *self)
{
  g_autofree char *text = sk_odf_control_text (self->xml);

  if (text == NULL)
    return;
  put (self, text);
  sk_flow_paragraph (flow (self));
}

/* --- tracked changes ------------------------------------------------------------------------- */

static void
take_change (SkOdf *self)
{
  sk_odf_take_change (self->xml, self->changes);
}

static const char *
change_of (SkOdf *self)
{
  const char *id = sk_xml_attribute (self->xml, "change-id");

  return id != NULL ? g_hash_table_lookup (self->changes, id) : NULL;
}

static void
deletion (SkOdf *self)
{
  const char *text = change_of (self);

  if (text == NULL)
    return;
  sk_flow_begin_deletion (flow (self));
  put (self, text);
  sk_flow_end_deletion (flow (self));
}

static void
begin_insertion (SkOdf *self)
{
  if (change_of (self) != NULL)
    sk_flow_begin_insertion (flow (self));
}

static void
end_insertion (SkOdf *self)
{
  if (change_of (self) != NULL)
    sk_flow_end_insertion (flow (self));
}

/* --- the walk -------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  Act start, close;
} Rule;

static const Rule rules[] = {
  { "meta", begin_properties, end_properties },
  { "master-styles", begin_masters, end_masters },
  { "spreadsheet", spreadsheet, NULL },
  { "automatic-styles", skip, NULL },
  { "styles", skip, NULL },
  { "font-face-decls", skip, NULL },
  { "scripts", skip, NULL },
  { "settings", skip, NULL },
  { "binary-data", take_object, NULL },
  { "change-info", skip, NULL },
  { "changed-region", take_change, NULL },
  { "change", deletion, NULL },
  { "change-start", begin_insertion, NULL },
  { "change-end", end_insertion, NULL },
  { "note-citation", skip, NULL },
  { "page-number", skip, NULL },
  { "page-count", skip, NULL },
  { "table-of-content-source", skip, NULL },
  { "generator", skip, NULL },
  { "creation-date", skip, NULL },
  { "print-date", skip, NULL },
  { "editing-cycles", skip, NULL },
  { "editing-duration", skip, NULL },
  { "language", skip, NULL },
  { "date", date, NULL },
  { "p", begin_paragraph, end_paragraph },
  { "h", begin_paragraph, end_paragraph },
  { "s", spaces, NULL },
  { "tab", tab, NULL },
  { "line-break", line_break, NULL },
  { "a", take_link, NULL },
  { "hidden-text", hidden_text, NULL },
  { "title", description, NULL },
  { "desc", description, NULL },
  { "creator", line_of_its_own, NULL },
  { "footer-decl", line_of_its_own, NULL },
  { "header-decl", line_of_its_own, NULL },
  { "table-row", begin_row, end_row },
  { "table-cell", begin_cell, end_cell },
  { "covered-table-cell", begin_cell, end_cell },
  { "note", begin_box, end_box },
  { "annotation", begin_box, end_box },
  { "text-box", begin_box, end_box },
  { "ruby-text", begin_reading, end_box },
  { "custom-shape", begin_box, end_box },
  { "rect", begin_box, end_box },
  { "ellipse", begin_box, end_box },
  { "circle", begin_box, end_box },
  { "line", begin_box, end_box },
  { "polyline", begin_box, end_box },
  { "polygon", begin_box, end_box },
  { "path", begin_box, end_box },
  { "connector", begin_box, end_box },
  { "caption", begin_box, end_box },
  { "measure", begin_box, end_box },
  { "page", begin_page, NULL },
  { "notes", begin_notes, NULL },
  { "header", begin_header, NULL },
  { "header-left", begin_header, NULL },
  { "header-first", begin_header, NULL },
  { "footer", begin_footer, NULL },
  { "footer-left", begin_footer, NULL },
  { "footer-first", begin_footer, NULL },
  { "forms", begin_forms, end_forms },
};

static SkNameTable rule_table = SK_NAME_TABLE (rules);

static void
act (SkOdf *self, SkXmlNode node)
{
  const Rule *rule = sk_name_table_find (&rule_table, sk_xml_name (self->xml));

  if (node == SK_XML_START)
    {
      if (self->in_forms)
        control (self);
      if (rule != NULL && rule->start != NULL)
        rule->start (self);
      return;
    }
  if (rule != NULL && rule->close != NULL)
    rule->close (self);
  end_property (self);
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

gboolean
sk_odf_read (SkOdf *self, SkXml *xml)
{
  SkXmlNode node;

  self->xml = xml;
  self->paragraphs = 0;
  while (!self->is_full && (node = sk_xml_next (xml)) != SK_XML_END)
    {
      if (node != SK_XML_TEXT)
        act (self, node);
      else if (self->paragraphs > 0 || (self->in_properties && !is_blank (sk_xml_text (xml))))
        put (self, sk_xml_text (xml));
      self->is_full = self->is_full || (self->flow != NULL && sk_flow_is_full (self->flow));
    }
  end_section (self);
  self->in_masters = self->in_properties = self->in_forms = FALSE;
  g_array_set_size (self->outer, 0);
  return !self->is_full;
}

gboolean
sk_odf_finish (SkOdf *self)
{
  gboolean more = sk_sink_section (self->sink, SK_SECTION_NOTE, "links", 0);

  for (guint i = 0; i < self->links->len && more; i++)
    more = sk_sink_text (self->sink, self->links->pdata[i], -1) && sk_sink_line (self->sink);
  return more && sk_odf_give_objects (self->objects, self->sink);
}
