// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-inflate.h"

#include <gio/gio.h>

enum { CHUNK = 65536 };

static GConverterResult
convert (GConverter *converter, SkBytes *packed, GByteArray *into)
{
  guint8 chunk[CHUNK];
  gsize taken = 0, made = 0;
  GConverterResult result
      = g_converter_convert (converter, packed->at, packed->length, chunk, sizeof chunk,
                             G_CONVERTER_INPUT_AT_END, &taken, &made, NULL);

  *packed = sk_bytes_from (*packed, taken);
  g_byte_array_append (into, chunk, (guint) made);
  return result;
}

GBytes *
sk_inflate (SkSink *sink, SkBytes packed)
{
  g_autoptr (GConverter) converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  g_autoptr (GByteArray) unpacked = g_byte_array_new ();
  guint64 size = packed.length, most = MIN (sk_sink_may_unpack (sink, size), G_MAXINT32);
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (result == G_CONVERTER_CONVERTED && unpacked->len <= most)
    result = convert (converter, &packed, unpacked);
  if (result != G_CONVERTER_FINISHED)
    sk_sink_doubt (sink, unpacked->len > most ? "limit: it unpacks to too much" : "damaged: a packed object");
  if (!sk_sink_unpack (sink, size, unpacked->len) || unpacked->len == 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&unpacked));
}
