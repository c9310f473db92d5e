// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-inflate.h"

enum { CHUNK = 64 * 1024 };

GByteArray *
sk_inflate (const guint8 *packed, gsize length, GZlibCompressorFormat format, guint64 limit,
            gboolean *whole)
{
  g_autoptr (GZlibDecompressor) decompressor = g_zlib_decompressor_new (format);
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  GByteArray *bytes = g_byte_array_new ();
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (result == G_CONVERTER_CONVERTED && bytes->len <= MIN (limit, G_MAXINT32))
    {
      gsize read = 0, written = 0;

      result = g_converter_convert (G_CONVERTER (decompressor), packed, length, chunk, CHUNK,
                                    G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
      if (result == G_CONVERTER_ERROR)
        break;
      g_byte_array_append (bytes, chunk, (guint) MIN (written, limit + 1 - bytes->len));
      packed += read;
      length -= read;
    }
  *whole = result == G_CONVERTER_FINISHED;
  return bytes;
}
