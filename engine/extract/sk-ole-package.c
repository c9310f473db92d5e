// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-ole-package.h"

#include "sk-charset.h"

#include <string.h>

enum { EMBEDDED = 2, PACKAGE = 2 };

static SkBytes
until_nul (SkBytes from)
{
  const guint8 *end = from.length > 0 ? memchr (from.at, 0, from.length) : NULL;

  return sk_bytes_part (from, 0, end != NULL ? (gsize) (end - from.at) : from.length);
}

static SkBytes
skip_text (SkBytes from)
{
  return sk_bytes_from (from, until_nul (from).length + 1);
}

/* Nothing but zeros: a hole in the file that holds it. */
static gboolean
is_blank (SkBytes data)
{
  return data.length > 0 && data.at[0] == 0 && memcmp (data.at, data.at + 1, data.length - 1) == 0;
}

static void
check_there (gboolean is_there, SkSink *sink)
{
  if (!is_there)
    sk_sink_doubt (sink, "damaged: an embedded object");
}

gboolean
sk_ole_package_give (SkBytes data, const char *name, SkSink *sink)
{
  SkContent content = { data.at, data.length, name != NULL ? name : "object" };

  if (data.length == 0 && name == NULL)
    return TRUE;
  if (data.length == 0)
    content.bytes = (const guint8 *) "";
  check_there (!is_blank (data), sink);
  return sk_sink_unpack (sink, data.length, data.length) && sk_sink_member (sink, &content);
}

/* A label, a path, what kind it is, another path, and the file. */
static gboolean
read_package (SkBytes package, SkSink *sink)
{
  SkBytes label = until_nul (sk_bytes_from (package, 2));
  SkBytes rest = sk_bytes_from (skip_text (skip_text (sk_bytes_from (package, 2))), 4);
  SkBytes data = sk_bytes_from (rest, 4 + (gsize) sk_bytes_u32 (rest, 0));
  g_auto (SkDecoded) name = { NULL };

  if (label.length > 0)
    sk_charset_decode ((const char *) label.at, label.length, NULL, &name);
  check_there (data.length >= 4 && sk_bytes_u32 (data, 0) <= data.length - 4, sink);
  return sk_ole_package_give (sk_bytes_part (data, 4, sk_bytes_u32 (data, 0)), name.text, sink);
}

gboolean
sk_ole_package_read_native (SkBytes stream, SkSink *sink)
{
  gsize length = sk_bytes_u32 (stream, 0);
  SkBytes content = sk_bytes_part (stream, 4, length);

  check_there (content.length == length && length > 0, sink);
  return sk_bytes_u16 (content, 0) == PACKAGE ? read_package (content, sink)
                                              : sk_ole_package_give (content, NULL, sink);
}

gboolean
sk_ole_package_read_object (SkBytes object, SkSink *sink)
{
  SkBytes name = sk_bytes_part (object, 12, sk_bytes_u32 (object, 8));
  SkBytes rest = sk_bytes_from (object, 12 + name.length);
  SkBytes data;

  if (sk_bytes_u32 (object, 4) != EMBEDDED)
    return TRUE;
  for (guint i = 0; i < 2; i++) /* topic and item */
    rest = sk_bytes_from (rest, 4 + (gsize) sk_bytes_u32 (rest, 0));
  data = sk_bytes_part (rest, 4, sk_bytes_u32 (rest, 0));
  if (name.length >= 7 && memcmp (name.at, "Package", 7) == 0)
    return read_package (data, sink);
  return sk_ole_package_give (data, NULL, sink);
}
