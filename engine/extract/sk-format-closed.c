/* Archives and compressed files that nobody here can open: known, and not readable. Their bytes would be
 * searched in vain. libmagic knows them.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-magic.h"

#include <string.h>

static const char *const types[] = {
  "application/x-ace-compressed", "application/x-apple-diskimage", "application/x-arj",
  "application/x-compress-cazip", "application/x-compress-ftcomp", "application/x-compress-j",
  "application/x-compressed-iso", "application/x-lrzip",           "application/x-lz4",
  "application/x-lzip",           "application/x-snappy-framed",   "application/x-stuffit",
  "application/x-xar",            "application/x-zoo",
};

static const char *
recognise (const SkContent *content)
{
  const char *type = content->length > 0 ? sk_magic_type (content) : "";

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (type, types[i]) == 0)
      return types[i];
  return NULL;
}

static SkReading
read_closed (const SkContent *content, const char *type, SkSink *sink)
{
  sk_sink_doubt (sink, "this kind of archive can't be opened");
  return SK_READING_DONE;
}

const SkFormat sk_format_closed = { "closed", recognise, read_closed };
