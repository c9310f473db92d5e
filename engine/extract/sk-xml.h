/* XML of hostile documents, node by node, over libxml2's reader.
 *
 * No network, no entities, no DTD: a document type ends the reading, as do nesting beyond 256, text
 * beyond 10 MB in one piece (libxml2's own limits), and what is not well-formed; sk_xml_problem()
 * then says which. Names are told without their namespaces, so that strict and transitional OOXML,
 * and whatever a producer declares, read alike. The source is read through a callback, which counts
 * and limits what it gives.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef enum {
  SK_XML_END,   /* of the document, or of what can be read of it */
  SK_XML_START, /* of an element */
  SK_XML_CLOSE, /* of an element; told of empty ones too */
  SK_XML_TEXT,
} SkXmlNode;

typedef struct _SkXml SkXml;

/* Up to `length` bytes; 0: no more; -1: they can't be had. */
typedef int (*SkXmlRead) (gpointer source, char *into, int length);

/* Never NULL. `close` is called once, at the latest by sk_xml_free(). */
SkXml *sk_xml_new (SkXmlRead read, GDestroyNotify close, gpointer source);
void sk_xml_free (SkXml *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkXml, sk_xml_free)

SkXmlNode sk_xml_next (SkXml *self);
/* From the start of an element to its close, which is the current node then (or SK_XML_END was
 * met). */
void sk_xml_skip (SkXml *self);

/* Of the current element, without prefix. Borrowed, until the next node. */
const char *sk_xml_name (const SkXml *self);
gboolean sk_xml_is (const SkXml *self, const char *name);
/* Whether its namespace ends so, where names alone don't tell ("svg-compatible:1.0"). */
gboolean sk_xml_is_of (const SkXml *self, const char *space_end);
/* Of the current text. */
const char *sk_xml_text (const SkXml *self);
/* The value of the current element's attribute of that name, in whatever namespace; NULL: none.
 * Until the next node. */
const char *sk_xml_attribute (SkXml *self, const char *name);
/* The same, but only in a namespace that ends so ("/relationships"). */
const char *sk_xml_attribute_in (SkXml *self, const char *space_end, const char *name);
/* All text inside the current element, to its close; at most `limit` bytes of it. */
char *sk_xml_inner_text (SkXml *self, gsize limit);

/* NULL: all was read. Else why not: "line 7: …". */
const char *sk_xml_problem (const SkXml *self);
