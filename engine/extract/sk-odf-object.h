/* What stands in ODF XML beside its text: files that are embedded in base64 (ODF 1.3 part 3,
 * 19.29), and what people typed into the controls of a form (13.5).
 *
 * Only for sk-odf.c and sk-odf-sheet.c.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-sink.h"
#include "sk-xml.h"

/* From the start of office:binary-data to its close; adds a GBytes to `objects`. */
void sk_odf_take_object (SkXml *xml, GPtrArray *objects);
/* All but pictures, as members. FALSE: a limit was met. */
gboolean sk_odf_give_objects (const GPtrArray *objects, SkSink *sink);

/* Of the current element inside office:forms: its label and its values, each a line; NULL: it has
 * none. */
char *sk_odf_control_text (SkXml *xml);
