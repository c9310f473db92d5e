/* The text of OpenDocument XML (ODF 1.3, OASIS): running text, sheets, slides, and what stands
 * beside them.
 *
 * One reader for content.xml, styles.xml, meta.xml and for flat documents, which have all of them
 * in one. Called by sk-format-odf.c; what can't be read is told to the sink by whoever owns the
 * XML.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-sink.h"
#include "sk-xml.h"

typedef struct _SkOdf SkOdf;

SkOdf *sk_odf_new (SkSink *sink);
void sk_odf_free (SkOdf *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkOdf, sk_odf_free)

/* To the end of the XML. FALSE: a limit was met. */
gboolean sk_odf_read (SkOdf *self, SkXml *xml);
/* Targets of links, and what is embedded, after all else. */
gboolean sk_odf_finish (SkOdf *self);
