// SPDX-License-Identifier: GPL-3.0-or-later
// OpenDocument packages (ODF 1.3 part 2) and flat documents (part 3, 3.1.1).
#include "sk-format.h"

#include "sk-odf.h"
#include "sk-package.h"

#include <string.h>

#define ODF "application/vnd.oasis.opendocument."
#define HEAD_BYTES 4096
#define TYPE_BYTES 128

static const char *const types[] = {
  ODF "text", ODF "text-template", ODF "text-master", ODF "text-master-template", ODF "text-web",
  ODF "spreadsheet", ODF "spreadsheet-template", ODF "presentation", ODF "presentation-template",
  ODF "graphics", ODF "graphics-template", ODF "chart", ODF "chart-template", ODF "formula",
  ODF "formula-template", ODF "image", ODF "image-template", ODF "base", NULL,
};

static const char *
find_type (const char *type)
{
  for (const char *const *known = types; *known != NULL; known++)
    if (strcmp (*known, type) == 0)
      return *known;
  return NULL;
}

/* --- packages -------------------------------------------------------------------------------- */

static const char *
type_of_package (SkPackage *package)
{
  SkPart *part = sk_package_find (package, "mimetype");
  g_autoptr (GBytes) bytes = part != NULL ? sk_package_unpack (package, part, NULL) : NULL;
  g_autofree char *type = NULL;
  const char *start;
  gsize length;

  if (bytes == NULL)
    return NULL;
  start = g_bytes_get_data (bytes, &length);
  type = g_strndup (start != NULL ? start : "", MIN (length, TYPE_BYTES));
  return find_type (g_strstrip (type));
}

static const char *
recognise (const SkContent *content)
{
  g_autoptr (SkPackage) package = NULL;

  if (content->length < 4 || memcmp (content->bytes, "PK", 2) != 0
      || memmem (content->bytes, content->length, "mimetype", 8) == NULL)
    return NULL;
  package = sk_package_open (content);
  return package != NULL ? type_of_package (package) : NULL;
}

static gboolean
is_text (const char *name)
{
  return strcmp (name, "content.xml") == 0 || strcmp (name, "encrypted-package") == 0;
}

/* ODF 1.3 part 2, 3.4: every encrypted file has its encryption-data in the manifest. Since 1.4 the
 * whole package may be one encrypted file of its own. `other`: an encrypted file that isn't the
 * document's text, so that the document can be read without it. */
static gboolean
read_manifest (SkXml *xml, char **other)
{
  g_autofree char *name = g_strdup ("");
  SkXmlNode node;

  while ((node = sk_xml_next (xml)) != SK_XML_END)
    if (node == SK_XML_START && sk_xml_is (xml, "file-entry"))
      {
        const char *path = sk_xml_attribute (xml, "full-path");

        g_free (name);
        name = g_strdup (path != NULL ? path : "");
      }
    else if (node == SK_XML_START && sk_xml_is (xml, "encryption-data"))
      {
        if (is_text (name))
          return TRUE;
        if (*other == NULL)
          *other = g_strdup (name);
      }
  return FALSE;
}

static gboolean
is_encrypted (SkPackage *package, SkSink *sink)
{
  SkPart *part = sk_package_find (package, "META-INF/manifest.xml");
  g_autofree char *other = NULL, *reason = NULL;
  gboolean encrypted;
  SkXml *xml;

  if (part == NULL)
    return FALSE;
  part->is_read = TRUE;
  xml = sk_package_xml (package, part, sink);
  encrypted = read_manifest (xml, &other);
  sk_package_end_xml (xml, part, sink);
  if (encrypted || other == NULL)
    return encrypted;
  reason = g_strdup_printf ("encrypted: %s", other);
  sk_sink_doubt (sink, reason);
  return FALSE;
}

static gboolean
read_xml (SkPackage *package, SkOdf *odf, SkPart *part, SkSink *sink)
{
  SkXml *xml;
  gboolean more;

  part->is_read = TRUE;
  xml = sk_package_xml (package, part, sink);
  more = sk_odf_read (odf, xml);
  sk_package_end_xml (xml, part, sink);
  return more;
}

/* XML of the document itself and of objects, which are documents with a folder each. Settings, the
 * manifest and signatures have no text. */
static const struct {
  const char *name;
  const char *root;
  gboolean in_folders;
} own[] = {
  { "content.xml", "document-content", TRUE },
  { "styles.xml", "document-styles", TRUE },
  { "meta.xml", "document-meta", TRUE },
  { "settings.xml", "document-settings", TRUE },
  { "manifest.rdf", "RDF", FALSE },
  { "META-INF/documentsignatures.xml", "document-signatures", FALSE },
  { "META-INF/macrosignatures.xml", "document-signatures", FALSE },
};

static gboolean
is_named (const char *path, const char *name, gboolean in_folders)
{
  const char *base = strrchr (path, '/');

  return strcmp (path, name) == 0
         || (in_folders && base != NULL && strcmp (base + 1, name) == 0);
}

static gboolean
is_own (SkPackage *package, SkPart *part, SkSink *sink)
{
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (is_named (part->name, own[i].name, own[i].in_folders))
      return sk_package_is_xml_of (package, part, own[i].root, sink);
  return FALSE;
}

static gboolean
read_rest (SkPackage *package, SkOdf *odf, SkSink *sink)
{
  const GPtrArray *parts = sk_package_parts (package);
  gboolean more = TRUE;

  for (guint i = 0; i < parts->len && more; i++)
    {
      SkPart *part = parts->pdata[i];

      if (part->is_read || strcmp (part->name, "mimetype") == 0)
        continue;
      if (is_own (package, part, sink))
        more = read_xml (package, odf, part, sink);
      else
        more = sk_package_member (package, part, sink);
    }
  return more;
}

static SkReading
read_package (const SkContent *content, const char *type, SkSink *sink)
{
  static const char *const names[] = { "content.xml", "styles.xml", "meta.xml" };
  g_autoptr (SkPackage) package = sk_package_open (content);
  g_autoptr (SkOdf) odf = sk_odf_new (sink);
  gboolean more = TRUE;

  if (is_encrypted (package, sink))
    return SK_READING_ENCRYPTED;
  if (sk_package_twice (package) != NULL)
    sk_sink_doubt (sink, "damaged: a part is there twice");
  if (sk_package_find (package, "content.xml") == NULL)
    sk_sink_doubt (sink, "damaged: content.xml is missing");
  for (guint i = 0; i < G_N_ELEMENTS (names) && more; i++)
    {
      SkPart *part = sk_package_find (package, names[i]);

      more = part == NULL || read_xml (package, odf, part, sink);
    }
  if (more && read_rest (package, odf, sink))
    sk_odf_finish (odf);
  return SK_READING_DONE;
}

const SkFormat sk_format_odf = { "odf", recognise, read_package };

/* --- flat documents -------------------------------------------------------------------------- */

static int
read_bytes (gpointer source, char *into, int length)
{
  SkContent *left = source;
  gsize taken = MIN ((gsize) length, left->length);

  if (taken > 0) /* it asks for nothing, and has nowhere for it, too */
    memcpy (into, left->bytes, taken);
  left->bytes += taken;
  left->length -= taken;
  return (int) taken;
}

static void
keep (gpointer source)
{
}

/* The root element must be office:document; its type is among its attributes. */
static const char *
recognise_flat (const SkContent *content)
{
  SkContent left = *content;
  g_autoptr (SkXml) xml = NULL;
  const char *type;

  if (memmem (content->bytes, MIN (content->length, HEAD_BYTES), "opendocument:xmlns:office", 25)
      == NULL)
    return NULL;
  xml = sk_xml_new (read_bytes, keep, &left);
  if (sk_xml_next (xml) != SK_XML_START || !sk_xml_is (xml, "document"))
    return NULL;
  type = sk_xml_attribute (xml, "mimetype");
  return type != NULL ? find_type (type) : NULL;
}

static SkReading
read_flat (const SkContent *content, const char *type, SkSink *sink)
{
  SkContent left = *content;
  g_autoptr (SkXml) xml = sk_xml_new (read_bytes, keep, &left);
  g_autoptr (SkOdf) odf = sk_odf_new (sink);
  gboolean more = sk_odf_read (odf, xml);

  if (sk_xml_problem (xml) != NULL)
    {
      g_autofree char *reason = g_strdup_printf ("damaged: %s", sk_xml_problem (xml));

      sk_sink_doubt (sink, reason);
    }
  if (more)
    sk_odf_finish (odf);
  return SK_READING_DONE;
}

const SkFormat sk_format_flat_odf = { "flat-odf", recognise_flat, read_flat };
