// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-ooxml.h"

#include <string.h>

#define CONTENT_TYPES "[Content_Types].xml"

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

SkXml *
sk_ooxml_xml (SkOoxml *self, SkPart *part)
{
  part->is_read = TRUE;
  return sk_package_xml (self->package, part, self->sink);
}
