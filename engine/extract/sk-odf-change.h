/* Tracked changes of ODF (1.3 part 3, 5.5): what was deleted stands in front of the text, and where
 * it was, in the text. Only for sk-odf.c.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-xml.h"

/* From the start of text:changed-region: its id with what was deleted, "" for an insertion; both
 * are the table's then. */
void sk_odf_take_change (SkXml *xml, GHashTable *changes);
