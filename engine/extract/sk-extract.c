// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract.h"

#include "sk-sink-private.h"

SkExtraction *
sk_extract (const SkContent *content, const SkExtractLimits *limits)
{
  g_autoptr (SkSink) sink = sk_sink_new (limits);
  SkExtraction *extraction = g_new0 (SkExtraction, 1);
  const char *type = NULL;

  sk_sink_read (sink, content, &type);
  extraction->type = g_strdup (type != NULL ? type : "application/octet-stream");
  sk_sink_finish (sink, extraction);
  return extraction;
}
