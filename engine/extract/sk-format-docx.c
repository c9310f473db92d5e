// SPDX-License-Identifier: GPL-3.0-or-later
// Word's files: ECMA-376 part 1, 11 and 17.
#include "sk-ooxml-parts.h"

static const char *
recognise (const SkContent *content)
{
  return sk_ooxml_recognise (content, SK_OOXML_WORD);
}

static SkReading
read_document (const SkContent *content, const char *type, SkSink *sink)
{
  g_autoptr (SkOoxml) document = sk_ooxml_open (content, sink);

  if (document->main != NULL && sk_sink_section (sink, SK_SECTION_TEXT, NULL, 0)
      && sk_ooxml_text (document, document->main) && sk_ooxml_related (document, document->main, 0))
    sk_ooxml_finish (document);
  return SK_READING_DONE;
}

const SkFormat sk_format_docx = { "docx", recognise, read_document };
