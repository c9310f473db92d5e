/* Compound files, and the streams in them by themselves: the first byte tells what the rest is. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-extraction.h"

#include "sk-bytes.h"
#include "sk-doc.h"
#include "sk-ole-package.h"
#include "sk-ole2-properties.h"
#include "sk-ppt.h"
#include "sk-sink-private.h"
#include "sk-xls.h"

extern const SkFormat sk_format_ole2;

static void
read_whole (SkBytes bytes, SkSink *sink)
{
  SkContent content = { bytes.at, bytes.length, NULL };
  const char *type = sk_format_ole2.recognise (&content);

  if (type != NULL)
    sk_format_ole2.read (&content, type, sink);
}

static void
read_doc (SkBytes bytes, SkSink *sink)
{
  gsize length = sk_bytes_u16 (bytes, 0);
  SkBytes rest = sk_bytes_from (bytes, 2);

  sk_doc_read (sk_bytes_part (rest, 0, length), sk_bytes_from (rest, length), sink);
}

static void
read_xls (SkBytes bytes, SkSink *sink)
{
  sk_xls_read (bytes, sink);
}

static void
read_ppt (SkBytes bytes, SkSink *sink)
{
  sk_ppt_read (sk_bytes_from (bytes, 20), sk_bytes_part (bytes, 0, 20), sink);
}

static void
read_properties (SkBytes bytes, SkSink *sink)
{
  g_autoptr (GString) text = g_string_new (NULL);

  sk_ole2_append_property_set (bytes, text);
  sk_sink_text (sink, text->str, (gssize) text->len);
}

static void
read_package (SkBytes bytes, SkSink *sink)
{
  if (sk_bytes_u8 (bytes, 0) == 1)
    sk_ole_package_read_object (bytes, sink);
  else
    sk_ole_package_read_native (bytes, sink);
}

static void (*const readers[]) (SkBytes bytes, SkSink *sink)
    = { read_whole, read_doc, read_xls, read_ppt, read_properties, read_package };

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SkSink) sink = sk_sink_new (&fuzz_limits);
  g_autoptr (SkExtraction) extraction = g_new0 (SkExtraction, 1);
  char *copy;

  if (size < 2)
    return 0;
  copy = fuzz_copy (data + 1, size - 1);
  readers[data[0] % G_N_ELEMENTS (readers)]((SkBytes){ (const guint8 *) copy, size - 1 }, sink);
  free (copy);
  sk_sink_section (sink, SK_SECTION_TEXT, NULL, 0); /* ends the last one */
  sk_sink_finish (sink, extraction);
  fuzz_check_sections (extraction);
  return 0;
}
