// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-odf-object.h"

#include "sk-part-claim.h"

#include <string.h>

/* Base64 in pieces, as the XML comes. */
typedef struct {
  GByteArray *bytes;
  int state;
  guint save;
} Decoder;

static void
decode (Decoder *self, const char *text)
{
  gsize length = strlen (text), used = self->bytes->len;

  g_byte_array_set_size (self->bytes, (guint) (used + length / 4 * 3 + 6));
  used += g_base64_decode_step (text, length, self->bytes->data + used, &self->state, &self->save);
  g_byte_array_set_size (self->bytes, (guint) used);
}

void
sk_odf_take_object (SkXml *xml, GPtrArray *objects)
{
  Decoder decoder = { .bytes = g_byte_array_new () };
  SkXmlNode node;

  for (guint depth = 1; depth > 0 && (node = sk_xml_next (xml)) != SK_XML_END;)
    if (node == SK_XML_TEXT)
      decode (&decoder, sk_xml_text (xml));
    else
      depth += node == SK_XML_START ? 1 : -1u;
  g_ptr_array_add (objects, g_byte_array_free_to_bytes (decoder.bytes));
}

gboolean
sk_odf_give_objects (const GPtrArray *objects, SkSink *sink)
{
  gboolean more = TRUE;

  for (guint i = 0; i < objects->len && more; i++)
    {
      SkContent content = { .name = NULL };

      content.bytes = g_bytes_get_data (objects->pdata[i], &content.length);
      more = sk_part_is_shown (&content) || sk_sink_member (sink, &content);
    }
  return more;
}

char *
sk_odf_control_text (SkXml *xml)
{
  static const char *const names[] = { "label", "value", "current-value" };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *last = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = sk_xml_attribute_in (xml, ":form:1.0", names[i]);

      if (value == NULL || *value == '\0' || g_strcmp0 (value, last) == 0)
        continue;
      g_string_append_printf (text, "%s\n", value);
      g_free (last);
      last = g_strdup (value);
    }
  return text->len > 0 ? g_strndup (text->str, text->len - 1) : NULL;
}
