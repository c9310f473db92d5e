// SPDX-License-Identifier: GPL-3.0-or-later
// PowerPoint's files: ECMA-376 part 1, 13 and 19. Hidden slides are slides.
#include "sk-format.h"
#include "sk-ooxml-parts.h"

static const char *
recognise (const SkContent *content)
{
  return sk_ooxml_recognise (content, SK_OOXML_POWERPOINT);
}

/* SkPart*, in the order of the show. */
static GPtrArray *
list_slides (SkOoxml *document)
{
  g_autoptr (GHashTable) relations = sk_ooxml_relations (document, document->main);
  GPtrArray *slides = g_ptr_array_new ();
  SkXml *xml = sk_ooxml_xml (document, document->main);
  SkXmlNode node;

  while ((node = sk_xml_next (xml)) != SK_XML_END)
    {
      const char *id = node == SK_XML_START && sk_xml_is (xml, "sldId")
                           ? sk_xml_attribute_in (xml, "/relationships", "id")
                           : NULL;
      SkPart *part = id != NULL ? g_hash_table_lookup (relations, id) : NULL;

      if (part != NULL)
        g_ptr_array_add (slides, part);
    }
  sk_package_end_xml (xml, document->main, document->sink);
  return slides;
}

static gboolean
read_slide (SkOoxml *document, SkPart *slide, guint number)
{
  if (slide->is_read)
    return TRUE;
  return sk_sink_section (document->sink, SK_SECTION_SLIDE, NULL, number)
         && sk_ooxml_text (document, slide) && sk_ooxml_related (document, slide, number);
}

static SkReading
read_document (const SkContent *content, const char *type, SkSink *sink)
{
  g_autoptr (SkOoxml) document = sk_ooxml_open (content, sink);
  g_autoptr (GPtrArray) slides = NULL;
  gboolean more = TRUE;

  if (document->main == NULL)
    return SK_READING_DONE;
  slides = list_slides (document);
  for (guint i = 0; i < slides->len && more; i++)
    more = read_slide (document, slides->pdata[i], i + 1);
  if (more)
    sk_ooxml_finish (document);
  return SK_READING_DONE;
}

const SkFormat sk_format_pptx = { "pptx", recognise, read_document };
