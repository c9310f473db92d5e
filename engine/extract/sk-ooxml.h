/* What Word's, Excel's and PowerPoint's files (ECMA-376, OOXML) have in common: the kinds of parts
 * in a package and how they refer to one another.
 *
 * A format opens the package, reads its main parts its own way and leaves the rest to
 * sk-ooxml-parts.h. What can't be read is told to the sink.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-format.h"
#include "sk-package.h"

typedef enum {
  SK_OOXML_WORD,
  SK_OOXML_EXCEL,
  SK_OOXML_EXCEL_BINARY,
  SK_OOXML_POWERPOINT
} SkOoxmlKind;

/* The MIME type, when the content is a package whose main part is of that kind; else NULL. */
const char *sk_ooxml_recognise (const SkContent *content, SkOoxmlKind kind);

typedef struct {
  SkPackage *package;
  SkSink *sink;
  SkPart *main;
  GHashTable *overrides, *defaults; /* folded part name, extension: content type */
  GPtrArray *links;                 /* char*: what fields link to */
} SkOoxml;

/* Never NULL; `main` is NULL when there is no such part (any more). */
SkOoxml *sk_ooxml_open (const SkContent *content, SkSink *sink);
void sk_ooxml_free (SkOoxml *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkOoxml, sk_ooxml_free)

const char *sk_ooxml_type (const SkOoxml *self,
                           const SkPart *part); /* content type; "" when unknown */
/* The relationships of a part: id to SkPart*, those inside the package. */
GHashTable *sk_ooxml_relations (SkOoxml *self, const SkPart *part);

/* XML of a part, which counts as read then; end it with sk_package_end_xml(). */
SkXml *sk_ooxml_xml (SkOoxml *self, SkPart *part);
