// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-ooxml-parts.h"

#include "sk-cell-text.h"
#include "sk-ooxml-flow.h"
#include "sk-part-claim.h"

#include <string.h>

#define LINKS 10000
#define VALUE_BYTES 65536

/* --- kinds of parts --------------------------------------------------------------------------- */

typedef enum { PART_NOTHING, PART_MEMBER, PART_FLOW, PART_COMMENTS } PartUse;

typedef struct {
  const char *type_end; /* of the content type */
  PartUse use;
  const char *label; /* of the section; of PART_NOTHING, the root element of its XML */
  SkOoxmlFlow flow;
  gboolean (*is) (const SkContent *content); /* of PART_NOTHING, when it is no XML */
} PartKind;

/* The first row that fits counts; in this order they are read, when nothing that was read refers
 * to them. What is nothing must be so by its content: it is a member else. */
static const PartKind part_kinds[] = {
  /* Drawn from the diagram's data; signatures are numbers; VML of sheets and slides holds only
   * frames. */
  { "diagramDrawing+xml", PART_NOTHING, "drawing" },
  { "diagramLayout+xml", PART_NOTHING, "layoutDef" },
  { "diagramStyle+xml", PART_NOTHING, "styleDef" },
  { "diagramColors+xml", PART_NOTHING, "colorsDef" },
  { "digital-signature-xmlsignature+xml", PART_NOTHING, "Signature" },
  { "vmlDrawing", PART_NOTHING, "xml" },
  { "relationships+xml", PART_NOTHING, "Relationships" },
  { "customXmlProperties+xml", PART_NOTHING, "datastoreItem" },
  /* Settings of machines, without text of people. Programs (vbaProject.bin) are members: their
   * strings are people's. */
  { "obfuscatedFont", PART_NOTHING, .is = sk_part_is_obfuscated_font },
  { "printerSettings", PART_NOTHING, .is = sk_part_is_printer_settings },
  { "spreadsheetml.calcChain+xml", PART_NOTHING, "calcChain" },
  { "ms-excel.calcChain", PART_NOTHING, .is = sk_part_is_records },
  { "ms-excel.sheetMetadata", PART_NOTHING, .is = sk_part_is_records },
  { "ms-excel.binIndexWs", PART_NOTHING, .is = sk_part_is_records },
  /* Files of their own, that the document shows. */
  { "application/xhtml+xml", PART_MEMBER },
  { "image/svg+xml", PART_MEMBER },
  { "wordprocessingml.header+xml", PART_FLOW, "header" },
  { "wordprocessingml.footer+xml", PART_FLOW, "footer" },
  { "wordprocessingml.footnotes+xml", PART_FLOW, "footnotes" },
  { "wordprocessingml.endnotes+xml", PART_FLOW, "endnotes" },
  { "wordprocessingml.comments+xml", PART_FLOW, "comments" },
  { "wordprocessingml.document.glossary+xml", PART_FLOW, "building blocks" },
  { "spreadsheetml.comments+xml", PART_COMMENTS, "comments" },
  { "ms-excel.threadedcomments+xml", PART_FLOW, "comments" },
  { "spreadsheetml.externalLink+xml", PART_FLOW, "linked workbook" },
  { "spreadsheetml.pivotCacheDefinition+xml", PART_FLOW, "pivot data", SK_OOXML_FLOW_VALUES },
  { "spreadsheetml.pivotCacheRecords+xml", PART_FLOW, "pivot data", SK_OOXML_FLOW_VALUES },
  { "presentationml.notesSlide+xml", PART_FLOW, "notes" },
  { "presentationml.comments+xml", PART_FLOW, "comments" },
  { "ms-powerpoint.comments+xml", PART_FLOW, "comments" },
  { "presentationml.slide+xml", PART_FLOW, "slide" },
  { "presentationml.slideLayout+xml", PART_FLOW, "layout", SK_OOXML_FLOW_LAYOUT },
  { "presentationml.slideMaster+xml", PART_FLOW, "master", SK_OOXML_FLOW_LAYOUT },
  { "presentationml.notesMaster+xml", PART_FLOW, "master", SK_OOXML_FLOW_LAYOUT },
  { "presentationml.handoutMaster+xml", PART_FLOW, "master", SK_OOXML_FLOW_LAYOUT },
  { "drawing+xml", PART_FLOW, "shapes" },
  { "drawingml.chart+xml", PART_FLOW, "chart" },
  { "chartex+xml", PART_FLOW, "chart" },
  { "drawingml.chartshapes+xml", PART_FLOW, "shapes" },
  { "drawingml.diagramData+xml", PART_FLOW, "diagram" },
  { "package.core-properties+xml", PART_FLOW, "properties", SK_OOXML_FLOW_PROPERTIES },
  { "officedocument.extended-properties+xml", PART_FLOW, "properties", SK_OOXML_FLOW_PROPERTIES },
  { "officedocument.custom-properties+xml", PART_FLOW, "properties", SK_OOXML_FLOW_PROPERTIES },
  { "application/xml", PART_FLOW, "custom data", SK_OOXML_FLOW_ANY },
  { "text/xml", PART_FLOW, "custom data", SK_OOXML_FLOW_ANY },
  { "+xml", PART_FLOW, "other" },
  { "", PART_MEMBER },
};

static const PartKind *
kind_of (const SkOoxml *self, const SkPart *part)
{
  const char *type = sk_ooxml_type (self, part);
  gsize length = strlen (type);

  for (guint i = 0; i < G_N_ELEMENTS (part_kinds); i++)
    {
      gsize end = strlen (part_kinds[i].type_end);

      if (length >= end && g_ascii_strcasecmp (type + length - end, part_kinds[i].type_end) == 0)
        return &part_kinds[i];
    }
  return &part_kinds[G_N_ELEMENTS (part_kinds) - 1];
}

static gboolean
read_flow (SkOoxml *self, SkPart *part, SkOoxmlFlow what)
{
  g_autoptr (SkFlow) flow = sk_flow_new (self->sink);
  SkXml *xml = sk_ooxml_xml (self, part);

  sk_ooxml_flow (xml, what, flow, self->links);
  sk_package_end_xml (xml, part, self->sink);
  if (self->links->len > LINKS)
    g_ptr_array_set_size (self->links, LINKS);
  return sk_flow_finish (flow);
}

gboolean
sk_ooxml_text (SkOoxml *self, SkPart *part)
{
  return read_flow (self, part, SK_OOXML_FLOW_TEXT);
}

/* Comments of a sheet: cell by cell, each a line. What stands for a threaded comment (author
 * "tc={…}") is in the threaded comments. */
static gboolean
write_comment (SkOoxml *self, SkXml *xml)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint taking = 0;

  for (guint depth = 1; depth > 0;)
    switch (sk_xml_next (xml))
      {
      case SK_XML_END:
        depth = 0;
        break;
      case SK_XML_START:
        if (sk_xml_is (xml, "rPh"))
          sk_xml_skip (xml);
        else
          {
            depth++;
            taking += sk_xml_is (xml, "t");
          }
        break;
      case SK_XML_CLOSE:
        taking -= taking > 0 && sk_xml_is (xml, "t");
        depth--;
        break;
      case SK_XML_TEXT:
        if (taking > 0)
          g_string_append (text, sk_xml_text (xml));
        break;
      }
  sk_cell_text_unescape (text, 0);
  if (g_str_has_prefix (text->str, "[Threaded comment]"))
    return TRUE;
  return sk_sink_line (self->sink) && sk_sink_text (self->sink, text->str, (gssize) text->len);
}

static gboolean
read_comments (SkOoxml *self, SkPart *part)
{
  SkXml *xml = sk_ooxml_xml (self, part);
  gboolean more = TRUE;
  SkXmlNode node;

  while (more && (node = sk_xml_next (xml)) != SK_XML_END)
    {
      if (node != SK_XML_START)
        continue;
      if (sk_xml_is (xml, "comment"))
        more = write_comment (self, xml);
      else if (sk_xml_is (xml, "author"))
        {
          g_autofree char *name = sk_xml_inner_text (xml, VALUE_BYTES);

          more = g_str_has_prefix (name, "tc={")
                 || (sk_sink_text (self->sink, name, -1) && sk_sink_line (self->sink));
        }
    }
  sk_package_end_xml (xml, part, self->sink);
  return more;
}

static gboolean
is_as_declared (SkOoxml *self, SkPart *part, const PartKind *kind)
{
  return kind->is != NULL ? sk_package_is (self->package, part, kind->is, self->sink)
                          : sk_package_is_xml_of (self->package, part, kind->label, self->sink);
}

static gboolean
read_part (SkOoxml *self, SkPart *part, const PartKind *kind, guint number)
{
  part->is_read = TRUE;
  if (kind->use == PART_NOTHING && is_as_declared (self, part, kind))
    return TRUE;
  if (kind->use == PART_MEMBER || kind->use == PART_NOTHING)
    return sk_package_member (self->package, part, self->sink);
  if (!sk_sink_section (self->sink, SK_SECTION_NOTE, kind->label, number))
    return FALSE;
  return kind->use == PART_COMMENTS ? read_comments (self, part)
                                    : read_flow (self, part, kind->flow);
}

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  const SkPart *first = a, *second = b;

  return first->index < second->index ? -1 : first->index > second->index;
}

gboolean
sk_ooxml_related (SkOoxml *self, const SkPart *part, guint number)
{
  g_autoptr (GHashTable) relations = sk_ooxml_relations (self, part);
  g_autoptr (GList) targets = g_list_sort (g_hash_table_get_values (relations), compare_parts);
  gboolean more = TRUE;

  for (GList *at = targets; at != NULL && more; at = at->next)
    {
      SkPart *target = at->data;
      const PartKind *kind = kind_of (self, target);

      if (target->is_read || kind->use != PART_FLOW || kind->flow != SK_OOXML_FLOW_TEXT)
        more = target->is_read || kind->use != PART_COMMENTS
               || read_part (self, target, kind, number);
      else
        more = read_part (self, target, kind, number) && sk_ooxml_related (self, target, number);
    }
  return more;
}

/* --- links ----------------------------------------------------------------------------------- */

static gboolean
write_link (SkSink *sink, const char *link)
{
  return sk_sink_text (sink, link, -1) && sk_sink_line (sink);
}

static gboolean
write_external (SkOoxml *self, SkPart *rels)
{
  SkXml *xml = sk_package_xml (self->package, rels, self->sink);
  gboolean more = TRUE;
  SkXmlNode node;

  rels->is_read = TRUE;
  while (more && (node = sk_xml_next (xml)) != SK_XML_END)
    {
      const char *mode = node == SK_XML_START ? sk_xml_attribute (xml, "TargetMode") : NULL;
      const char *target = mode != NULL && strcmp (mode, "External") == 0
                               ? sk_xml_attribute (xml, "Target")
                               : NULL;

      if (target != NULL)
        more = write_link (self->sink, target);
    }
  sk_package_end_xml (xml, rels, self->sink);
  return more;
}

static gboolean
write_links (SkOoxml *self)
{
  const GPtrArray *parts = sk_package_parts (self->package);
  gboolean more = sk_sink_section (self->sink, SK_SECTION_NOTE, "links", 0);

  for (guint i = 0; i < self->links->len && more; i++)
    more = write_link (self->sink, self->links->pdata[i]);
  for (guint i = 0; i < parts->len && more; i++)
    if (g_str_has_suffix (((SkPart *) parts->pdata[i])->name, ".rels"))
      more = write_external (self, parts->pdata[i]);
  return more;
}

void
sk_ooxml_finish (SkOoxml *self)
{
  const GPtrArray *parts = sk_package_parts (self->package);
  gboolean more = write_links (self);

  for (guint k = 0; k < G_N_ELEMENTS (part_kinds); k++)
    for (guint i = 0; i < parts->len && more; i++)
      {
        SkPart *part = parts->pdata[i];

        if (!part->is_read && kind_of (self, part) == &part_kinds[k])
          more = read_part (self, part, &part_kinds[k], 0);
      }
}
