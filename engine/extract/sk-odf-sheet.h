/* The tables of an ODF spreadsheet: cells with their places, and what stands beside them.
 *
 * Repeated rows and cells are written as often as they are there, but at most 1,000 times. Dates
 * come as ISO 8601 (the file has them so), numbers as they are shown unless that cuts digits off.
 * Only for sk-odf.c.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-sink.h"
#include "sk-xml.h"

/* From the start of office:spreadsheet to its close. `sheets`: of how many the document had so
 * far. Targets of links are added to `links` (char*), what is embedded to `objects` (GBytes*).
 * FALSE: a limit was met. */
gboolean sk_odf_sheets (SkSink *sink, SkXml *xml, guint *sheets, GPtrArray *links,
                        GPtrArray *objects);
