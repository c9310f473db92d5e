// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-xml.h"

#include <libxml/xmlreader.h>
#include <string.h>

struct _SkXml {
  xmlTextReader *reader;
  SkXmlRead read;
  GDestroyNotify close;
  gpointer source;
  xmlNode *node;
  SkXmlNode kind;
  gboolean is_empty; /* the current start is the close as well */
  char *problem;
  GPtrArray *values; /* of attributes, until the next node */
};

static void
note_problem (SkXml *self, int line, const char *what)
{
  if (self->problem == NULL)
    self->problem = line > 0 ? g_strdup_printf ("line %d: %s", line, what) : g_strdup (what);
  g_strchomp (self->problem);
}

static void
error_cb (void *data, xmlError *error)
{
  if (error->level >= XML_ERR_ERROR)
    note_problem (data, error->line, error->message != NULL ? error->message : "not well-formed");
}

static int
read_cb (void *data, char *into, int length)
{
  SkXml *self = data;
  int got = self->read (self->source, into, length);

  if (got < 0)
    note_problem (self, 0, "it can't be unpacked whole");
  return got;
}

static int
close_cb (void *data)
{
  SkXml *self = data;

  g_clear_pointer (&self->source, self->close);
  return 0;
}

SkXml *
sk_xml_new (SkXmlRead read, GDestroyNotify close, gpointer source)
{
  SkXml *self = g_new0 (SkXml, 1);

  self->read = read;
  self->close = close;
  self->source = source;
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->reader
      = xmlReaderForIO (read_cb, close_cb, self, NULL, NULL, XML_PARSE_NONET | XML_PARSE_COMPACT);
  if (self->reader == NULL)
    note_problem (self, 0, "no XML");
  else
    xmlTextReaderSetStructuredErrorHandler (self->reader, error_cb, self);
  return self;
}

void
sk_xml_free (SkXml *self)
{
  if (self == NULL)
    return;
  xmlFreeTextReader (self->reader);
  if (self->source != NULL)
    close_cb (self);
  g_ptr_array_unref (self->values);
  g_free (self->problem);
  g_free (self);
}

static SkXmlNode
end (SkXml *self, const char *why)
{
  if (why != NULL)
    note_problem (self, 0, why);
  self->node = NULL;
  return self->kind = SK_XML_END;
}

/* Comments, processing instructions and the like are passed over. */
static gboolean
take_node (SkXml *self, int type)
{
  switch (type)
    {
    case XML_READER_TYPE_ELEMENT:
      self->is_empty = xmlTextReaderIsEmptyElement (self->reader) == 1;
      self->kind = SK_XML_START;
      return TRUE;
    case XML_READER_TYPE_END_ELEMENT:
      self->kind = SK_XML_CLOSE;
      return TRUE;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_WHITESPACE:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
      self->kind = SK_XML_TEXT;
      return TRUE;
    default:
      return FALSE;
    }
}

SkXmlNode
sk_xml_next (SkXml *self)
{
  if (self->kind == SK_XML_START && self->is_empty)
    {
      self->is_empty = FALSE;
      return self->kind = SK_XML_CLOSE;
    }
  if (self->reader == NULL || (self->node == NULL && self->problem != NULL))
    return end (self, "no XML");
  g_ptr_array_set_size (self->values, 0);
  for (;;)
    {
      int got = xmlTextReaderRead (self->reader), type;

      if (got != 1)
        return end (self, got < 0 ? "not well-formed" : NULL);
      type = xmlTextReaderNodeType (self->reader);
      if (type == XML_READER_TYPE_DOCUMENT_TYPE)
        return end (self, "it declares a document type");
      self->node = xmlTextReaderCurrentNode (self->reader);
      if (take_node (self, type))
        return self->kind;
    }
}

void
sk_xml_skip (SkXml *self)
{
  guint depth = 1;

  while (depth > 0)
    switch (sk_xml_next (self))
      {
      case SK_XML_END:
        return;
      case SK_XML_START:
        depth++;
        break;
      case SK_XML_CLOSE:
        depth--;
        break;
      case SK_XML_TEXT:
        break;
      }
}

const char *
sk_xml_name (const SkXml *self)
{
  return self->node != NULL && self->node->name != NULL ? (const char *) self->node->name : "";
}

gboolean
sk_xml_is (const SkXml *self, const char *name)
{
  return strcmp (sk_xml_name (self), name) == 0;
}

gboolean
sk_xml_is_of (const SkXml *self, const char *space_end)
{
  return self->node != NULL && self->node->type == XML_ELEMENT_NODE && self->node->ns != NULL
         && self->node->ns->href != NULL
         && g_str_has_suffix ((const char *)self->node->ns->href, space_end);
}

const char *
sk_xml_text (const SkXml *self)
{
  return self->node != NULL && self->node->content != NULL ? (const char *)self->node->content : "";
}

static const char *
value_of (SkXml *self, xmlAttr *attribute)
{
  const xmlNode *child = attribute->children;
  xmlChar *list;
  char *value;

  if (child == NULL)
    return "";
  if (child->next == NULL && child->type == XML_TEXT_NODE && child->content != NULL)
    return (const char *) child->content;
  list = xmlNodeListGetString (attribute->doc, attribute->children, 1);
  value = g_strdup (list != NULL ? (const char *) list : "");
  xmlFree (list);
  g_ptr_array_add (self->values, value);
  return value;
}

static gboolean
is_in (const xmlAttr *attribute, const char *space_end)
{
  return space_end == NULL
         || (attribute->ns != NULL && attribute->ns->href != NULL
             && g_str_has_suffix ((const char *) attribute->ns->href, space_end));
}

const char *
sk_xml_attribute_in (SkXml *self, const char *space_end, const char *name)
{
  if (self->node == NULL || self->node->type != XML_ELEMENT_NODE)
    return NULL;
  for (xmlAttr *attribute = self->node->properties; attribute != NULL; attribute = attribute->next)
    if (strcmp ((const char *) attribute->name, name) == 0 && is_in (attribute, space_end))
      return value_of (self, attribute);
  return NULL;
}

const char *
sk_xml_attribute (SkXml *self, const char *name)
{
  return sk_xml_attribute_in (self, NULL, name);
}

char *
sk_xml_inner_text (SkXml *self, gsize limit)
{
  GString *text = g_string_new (NULL);
  SkXmlNode kind;

  for (guint depth = 1; depth > 0 && (kind = sk_xml_next (self)) != SK_XML_END;)
    if (kind == SK_XML_TEXT && text->len < limit)
      g_string_append_len (text, sk_xml_text (self),
                           (gssize) strnlen (sk_xml_text (self), limit - text->len));
    else if (kind != SK_XML_TEXT)
      depth += kind == SK_XML_START ? 1 : -1u;
  return g_string_free (text, FALSE);
}

const char *
sk_xml_problem (const SkXml *self)
{
  return self->problem;
}
