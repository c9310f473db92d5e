/* The running text of one part of an OOXML package: WordprocessingML, DrawingML (slides, shapes,
 * diagrams, charts), comments.
 *
 * Elements are told by a table of local names; text is taken from the elements that hold text
 * alone, since other elements hold numbers and names. Only for sk-ooxml.c.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-flow.h"
#include "sk-xml.h"

/* Which text of a part is taken. */
typedef enum {
  SK_OOXML_FLOW_TEXT,    /* of the elements that hold text */
  SK_OOXML_FLOW_LAYOUT,  /* the same, without what is only a place for it (masters, layouts) */
  SK_OOXML_FLOW_ANY,     /* all, of whatever elements, one a line: custom XML */
  SK_OOXML_FLOW_PROPERTIES, /* the same, without dates, counts and names of programs */
  SK_OOXML_FLOW_VALUES,  /* the attributes "v": rows of a pivot table's own copy of its data */
} SkOoxmlFlow;

/* To the end of the XML, or a limit. Strings in quotes of field instructions (HYPERLINK "…") go
 * to `links`. */
void sk_ooxml_flow (SkXml *xml, SkOoxmlFlow what, SkFlow *flow, GPtrArray *links);
