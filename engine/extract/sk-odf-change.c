// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-odf-change.h"

/* What a deletion holds, its paragraphs parted by line ends. */
static char *
deleted_text (SkXml *xml)
{
  GString *text = g_string_new (NULL);
  guint depth = 1, paragraphs = 0;
  SkXmlNode node;

  while (depth > 0 && (node = sk_xml_next (xml)) != SK_XML_END)
    if (node == SK_XML_TEXT)
      g_string_append (text, paragraphs > 0 ? sk_xml_text (xml) : "");
    else
      {
        guint step = node == SK_XML_START ? 1 : -1u;
        gboolean is_paragraph = sk_xml_is (xml, "p") || sk_xml_is (xml, "h");

        depth += step;
        paragraphs += is_paragraph ? step : 0;
        if (is_paragraph && node == SK_XML_START && text->len > 0)
          g_string_append_c (text, '\n');
      }
  return g_string_free (text, FALSE);
}

void
sk_odf_take_change (SkXml *xml, GHashTable *changes)
{
  g_autofree char *id = g_strdup (sk_xml_attribute (xml, "id"));
  SkXmlNode node;

  while ((node = sk_xml_next (xml)) == SK_XML_TEXT)
    ;
  if (node != SK_XML_START)
    return;
  if (sk_xml_is (xml, "deletion"))
    g_hash_table_insert (changes, g_strdup (id != NULL ? id : ""), deleted_text (xml));
  else if (sk_xml_is (xml, "insertion") && id != NULL)
    g_hash_table_insert (changes, g_steal_pointer (&id), g_strdup (""));
}
