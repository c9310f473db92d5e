// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-art-picture.h"

#include "sk-inflate.h"

#include <string.h>

enum {
  RECORD = 8,    /* its head */
  UID = 16,
  METAFILE = 34, /* what stands before its data */
};

/* The first of a record's head, without the last bit of its instance: there are two identifiers
 * when that is set. */
static gboolean
is_metafile (guint first, guint type)
{
  guint kind = first & 0xffef;

  return (kind == 0x3d40 && type == 0xf01a) || (kind == 0x2160 && type == 0xf01b);
}

static gboolean
give (SkBytes packed, gboolean is_packed, SkSink *sink)
{
  g_autoptr (GByteArray) bytes = NULL;
  SkContent content = { .bytes = packed.at, .length = packed.length };
  gboolean whole;

  if (is_packed)
    {
      bytes = sk_inflate (packed.at, packed.length, G_ZLIB_COMPRESSOR_FORMAT_ZLIB,
                          sk_sink_may_unpack (sink, packed.length), &whole);
      content = (SkContent){ .bytes = bytes->data, .length = bytes->len };
    }
  return content.length == 0
         || (sk_sink_unpack (sink, packed.length, content.length)
             && sk_sink_member (sink, &content));
}

/* `record` begins with its head. */
static gboolean
take_picture (SkBytes record, SkSink *sink)
{
  gsize at = RECORD + ((sk_bytes_u16 (record, 0) & 0x10) != 0 ? 2 * UID : UID);
  SkBytes data = sk_bytes_part (record, at + METAFILE, sk_bytes_u32 (record, at + 28));

  return give (data, sk_bytes_u8 (record, at + 32) == 0, sink);
}

gboolean
sk_art_pictures_read (SkBytes stream, SkSink *sink)
{
  gboolean more = TRUE;

  for (gsize at = 0; more && at + RECORD + UID + METAFILE < stream.length; at++)
    if (is_metafile (sk_bytes_u16 (stream, at), sk_bytes_u16 (stream, at + 2)))
      {
        gsize length = sk_bytes_u32 (stream, at + 4);

        if (length < UID + METAFILE || length > stream.length - at - RECORD)
          continue;
        more = take_picture (sk_bytes_part (stream, at, RECORD + length), sink);
        at += RECORD + length - 1;
      }
  return more;
}
