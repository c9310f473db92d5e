/* Everything in an OOXML package besides its main text: parts with text by their content type,
 * whatever refers to them or not, properties, targets of links, and embedded files, which are
 * members. Called by the formats, which own the package; what can't be read is told to the sink.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-ooxml.h"

/* The running text of a part into the open section. FALSE: a limit was met. */
gboolean sk_ooxml_text (SkOoxml *self, SkPart *part);
/* The parts with text that this one refers to and that weren't read yet, as notes with that
 * number. */
gboolean sk_ooxml_related (SkOoxml *self, const SkPart *part, guint number);
/* All the rest. */
void sk_ooxml_finish (SkOoxml *self);
