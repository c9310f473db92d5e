// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-ooxml.h"

#include "sk-ooxml-flow.h"
#include "sk-part-claim.h"

#include <string.h>

#define CONTENT_TYPES "[Content_Types].xml"
#define LINKS 10000
#define VALUE_BYTES 65536

/* --- kinds of packages ----------------------------------------------------------------------- */

typedef struct {
  const char *content_type; /* of the main part */
  const char *mime;
  SkOoxmlKind kind;
} Variant;

#define OPEN_XML "application/vnd.openxmlformats-officedocument."
#define WORD "application/vnd.ms-word."
#define EXCEL "application/vnd.ms-excel."
#define POWERPOINT "application/vnd.ms-powerpoint."

/* ECMA-376 part 1, 11.3 to 13.3; [MS-OFFMACRO2] for macros; MIME types as registered with IANA. */
static const Variant variants[] = {
  { OPEN_XML "wordprocessingml.document.main+xml", OPEN_XML "wordprocessingml.document",
    SK_OOXML_WORD },
  { OPEN_XML "wordprocessingml.template.main+xml", OPEN_XML "wordprocessingml.template",
    SK_OOXML_WORD },
  { WORD "document.macroEnabled.main+xml", WORD "document.macroEnabled.12", SK_OOXML_WORD },
  { WORD "template.macroEnabledTemplate.main+xml", WORD "template.macroEnabled.12", SK_OOXML_WORD },
  { OPEN_XML "spreadsheetml.sheet.main+xml", OPEN_XML "spreadsheetml.sheet", SK_OOXML_EXCEL },
  { OPEN_XML "spreadsheetml.template.main+xml", OPEN_XML "spreadsheetml.template", SK_OOXML_EXCEL },
  { EXCEL "sheet.macroEnabled.main+xml", EXCEL "sheet.macroEnabled.12", SK_OOXML_EXCEL },
  { EXCEL "template.macroEnabled.main+xml", EXCEL "template.macroEnabled.12", SK_OOXML_EXCEL },
  { EXCEL "addin.macroEnabled.main+xml", EXCEL "addin.macroEnabled.12", SK_OOXML_EXCEL },
  { EXCEL "sheet.binary.macroEnabled.main", EXCEL "sheet.binary.macroEnabled.12",
    SK_OOXML_EXCEL_BINARY },
  { OPEN_XML "presentationml.presentation.main+xml", OPEN_XML "presentationml.presentation",
    SK_OOXML_POWERPOINT },
  { OPEN_XML "presentationml.template.main+xml", OPEN_XML "presentationml.template",
    SK_OOXML_POWERPOINT },
  { OPEN_XML "presentationml.slideshow.main+xml", OPEN_XML "presentationml.slideshow",
    SK_OOXML_POWERPOINT },
  { POWERPOINT "presentation.macroEnabled.main+xml", POWERPOINT "presentation.macroEnabled.12",
    SK_OOXML_POWERPOINT },
  { POWERPOINT "template.macroEnabled.main+xml", POWERPOINT "template.macroEnabled.12",
    SK_OOXML_POWERPOINT },
  { POWERPOINT "slideshow.macroEnabled.main+xml", POWERPOINT "slideshow.macroEnabled.12",
    SK_OOXML_POWERPOINT },
  { POWERPOINT "addin.macroEnabled.main+xml", POWERPOINT "addin.macroEnabled.12",
    SK_OOXML_POWERPOINT },
};

static const Variant *
find_variant (const char *content_type)
{
  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    if (g_ascii_strcasecmp (content_type, variants[i].content_type) == 0)
      return &variants[i];
  return NULL;
}

/* --- content types --------------------------------------------------------------------------- */

static char *
fold_part_name (const char *name)
{
  return g_ascii_strdown (name + strspn (name, "/"), -1);
}

static void
read_content_type (SkOoxml *self, SkXml *xml)
{
  gboolean one = sk_xml_is (xml, "Override");
  const char *type = sk_xml_attribute (xml, "ContentType");
  const char *key = sk_xml_attribute (xml, one ? "PartName" : "Extension");

  if (type == NULL || key == NULL || (!one && !sk_xml_is (xml, "Default")))
    return;
  g_hash_table_insert (one ? self->overrides : self->defaults, fold_part_name (key),
                       g_strdup (type));
}

static void
read_content_types (SkOoxml *self, SkSink *sink)
{
  SkPart *part = sk_package_find (self->package, CONTENT_TYPES);
  SkXml *xml;
  SkXmlNode node;

  if (part == NULL)
    return;
  part->is_read = TRUE;
  xml = sk_package_xml (self->package, part, sink);
  while ((node = sk_xml_next (xml)) != SK_XML_END)
    if (node == SK_XML_START)
      read_content_type (self, xml);
  sk_package_end_xml (xml, part, sink);
}

const char *
sk_ooxml_type (const SkOoxml *self, const SkPart *part)
{
  g_autofree char *name = fold_part_name (part->name);
  const char *type = g_hash_table_lookup (self->overrides, name), *dot = strrchr (name, '.');

  if (type == NULL && dot != NULL)
    type = g_hash_table_lookup (self->defaults, dot + 1);
  return type != NULL ? type : "";
}

/* The main part is one that is named; programs also give its type to a file ending. */
static const Variant *
find_main_of (SkOoxml *self, gboolean named)
{
  const GPtrArray *parts = sk_package_parts (self->package);

  for (guint i = 0; i < parts->len; i++)
    {
      SkPart *part = parts->pdata[i];
      g_autofree char *name = fold_part_name (part->name);
      const Variant *variant = find_variant (sk_ooxml_type (self, part));

      if (variant == NULL || (named && !g_hash_table_contains (self->overrides, name)))
        continue;
      self->main = part;
      return variant;
    }
  return NULL;
}

static const Variant *
find_main (SkOoxml *self)
{
  const Variant *variant = find_main_of (self, TRUE);

  return variant != NULL ? variant : find_main_of (self, FALSE);
}

static SkOoxml *
open_package (const SkContent *content, SkSink *sink)
{
  SkPackage *package = sk_package_open (content);
  SkOoxml *self;

  if (package == NULL)
    return NULL;
  self = g_new0 (SkOoxml, 1);
  self->package = package;
  self->sink = sink;
  self->overrides = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->defaults = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->links = g_ptr_array_new_with_free_func (g_free);
  read_content_types (self, sink);
  return self;
}

const char *
sk_ooxml_recognise (const SkContent *content, SkOoxmlKind kind)
{
  g_autoptr (SkOoxml) self = NULL;
  const Variant *variant;

  if (content->length < 4 || memcmp (content->bytes, "PK", 2) != 0
      || memmem (content->bytes, content->length, CONTENT_TYPES, strlen (CONTENT_TYPES)) == NULL)
    return NULL;
  self = open_package (content, NULL);
  variant = self != NULL ? find_main (self) : NULL;
  return variant != NULL && variant->kind == kind ? variant->mime : NULL;
}

SkOoxml *
sk_ooxml_open (const SkContent *content, SkSink *sink)
{
  SkOoxml *self = open_package (content, sink);
  const char *twice;

  g_return_val_if_fail (self != NULL, NULL); /* it was recognised */
  find_main (self);
  twice = sk_package_twice (self->package);
  if (twice != NULL)
    {
      g_autofree char *reason = g_strdup_printf ("damaged: %s is there twice", twice);

      sk_sink_doubt (sink, reason);
    }
  return self;
}

void
sk_ooxml_free (SkOoxml *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->overrides);
  g_hash_table_unref (self->defaults);
  g_ptr_array_unref (self->links);
  sk_package_free (self->package);
  g_free (self);
}

/* --- relationships --------------------------------------------------------------------------- */

/* "../drawings/drawing1.xml" as seen from "xl/worksheets/sheet1.xml". */
static char *
resolve (const char *source, const char *target)
{
  g_autofree char *folder = g_path_get_dirname (source);
  g_autofree char *whole = *target == '/' || strcmp (folder, ".") == 0
                               ? g_strdup (target)
                               : g_strconcat (folder, "/", target, NULL);
  g_auto (GStrv) steps = g_strsplit (whole, "/", -1);
  GString *path = g_string_new (NULL);

  for (char **step = steps; *step != NULL; step++)
    if (strcmp (*step, "..") == 0)
      {
        const char *slash = strrchr (path->str, '/');

        g_string_truncate (path, slash != NULL ? (gsize) (slash - path->str) : 0);
      }
    else if (**step != '\0' && strcmp (*step, ".") != 0)
      g_string_append_printf (path, "%s%s", path->len > 0 ? "/" : "", *step);
  return g_string_free (path, FALSE);
}

static char *
relations_name (const char *source)
{
  g_autofree char *folder = g_path_get_dirname (source), *base = g_path_get_basename (source);

  return strcmp (folder, ".") == 0 ? g_strdup_printf ("_rels/%s.rels", base)
                                   : g_strdup_printf ("%s/_rels/%s.rels", folder, base);
}

static void
add_relation (SkOoxml *self, const char *source, SkXml *xml, GHashTable *into)
{
  const char *id = sk_xml_attribute (xml, "Id"), *target = sk_xml_attribute (xml, "Target");
  const char *mode = sk_xml_attribute (xml, "TargetMode");
  g_autofree char *unescaped = NULL, *name = NULL;
  SkPart *part;

  if (!sk_xml_is (xml, "Relationship") || id == NULL || target == NULL
      || (mode != NULL && strcmp (mode, "External") == 0))
    return;
  name = resolve (source, target);
  part = sk_package_find (self->package, name);
  unescaped = part == NULL ? g_uri_unescape_string (name, NULL) : NULL;
  if (unescaped != NULL)
    part = sk_package_find (self->package, unescaped);
  if (part != NULL)
    g_hash_table_insert (into, g_strdup (id), part);
}

GHashTable *
sk_ooxml_relations (SkOoxml *self, const SkPart *part)
{
  GHashTable *relations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *name = relations_name (part->name);
  SkPart *rels = sk_package_find (self->package, name);
  SkXml *xml;
  SkXmlNode node;

  if (rels == NULL)
    return relations;
  xml = sk_package_xml (self->package, rels, self->sink);
  while ((node = sk_xml_next (xml)) != SK_XML_END)
    if (node == SK_XML_START)
      add_relation (self, part->name, xml, relations);
  sk_package_end_xml (xml, rels, self->sink);
  return relations;
}

/* --- parts with text ------------------------------------------------------------------------- */

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

SkXml *
sk_ooxml_xml (SkOoxml *self, SkPart *part)
{
  part->is_read = TRUE;
  return sk_package_xml (self->package, part, self->sink);
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
