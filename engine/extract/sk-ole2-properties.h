/* What Office's property streams say of a document: title, author, company and all other texts
 * ([MS-OLEPS]). */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-ole2.h"

/* Appends each text of the storage's summary streams as a line. */
void sk_ole2_append_properties (SkOle2 *ole2, guint storage, GString *into);
/* Of one stream. */
void sk_ole2_append_property_set (SkBytes stream, GString *into);
