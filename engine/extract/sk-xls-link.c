// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-xls-link.h"

#include "sk-charset.h"
#include "sk-utf16.h"

#include <string.h>

enum {
  HAS_MONIKER = 0x01,
  HAS_PLACE = 0x08,
  HAS_NAME = 0x10,
  HAS_FRAME = 0x80,
  MONIKER_IS_STRING = 0x100,
  GUID = 16,
};

static const guint8 url_moniker[GUID] = { 0xe0, 0xc9, 0xea, 0x79, 0xf9, 0xba, 0xce, 0x11,
                                          0x8c, 0x82, 0x00, 0xaa, 0x00, 0x4b, 0xa9, 0x0b };
static const guint8 file_moniker[GUID]
    = { 0x03, 0x03, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46 };

static void
append_line (GString *into, SkBytes wide)
{
  wide = sk_utf16_until_nul (wide);
  if (wide.length == 0)
    return;
  sk_utf16_append (into, wide);
  g_string_append_c (into, '\n');
}

/* Characters are counted. Returns what follows. */
static SkBytes
append_string (GString *into, SkBytes link)
{
  gsize length = (gsize) sk_bytes_u32 (link, 0) * 2;

  append_line (into, sk_bytes_part (link, 4, length));
  return sk_bytes_from (link, 4 + MIN (length, link.length));
}

static SkBytes
append_url (GString *into, SkBytes link)
{
  gsize length = sk_bytes_u32 (link, 0);

  append_line (into, sk_bytes_part (link, 4, length));
  return sk_bytes_from (link, 4 + MIN (length, link.length));
}

/* [MS-OSHARED] 2.3.7.8: a name in bytes, and perhaps one in UTF-16. */
static SkBytes
append_file (GString *into, SkBytes link)
{
  gsize length = MIN (sk_bytes_u32 (link, 2), link.length);
  SkBytes name = sk_bytes_part (link, 6, length > 0 ? length - 1 : 0);
  SkBytes rest = sk_bytes_from (link, 6 + length + 24);
  gsize more = MIN (sk_bytes_u32 (rest, 0), rest.length);
  g_auto (SkDecoded) decoded = { NULL };

  if (more > 6)
    append_line (into, sk_bytes_part (rest, 10, sk_bytes_u32 (rest, 4)));
  else if (name.length > 0)
    {
      sk_charset_decode ((const char *) name.at, name.length, NULL, &decoded);
      g_string_append_len (into, decoded.text, (gssize) decoded.length);
      g_string_append_c (into, '\n');
    }
  return sk_bytes_from (rest, 4 + more);
}

static SkBytes
append_moniker (GString *into, SkBytes link)
{
  SkBytes rest = sk_bytes_from (link, GUID);

  if (link.length < GUID)
    return rest;
  if (memcmp (link.at, url_moniker, GUID) == 0)
    return append_url (into, rest);
  if (memcmp (link.at, file_moniker, GUID) == 0)
    return append_file (into, rest);
  return sk_bytes_from (rest, rest.length);
}

void
sk_xls_append_link (GString *into, SkBytes link)
{
  g_autoptr (GString) ignored = g_string_new (NULL);
  guint flags = sk_bytes_u32 (link, 4);

  link = sk_bytes_from (link, 8);
  if (flags & HAS_NAME)
    link = append_string (ignored, link); /* stands in the cell */
  if (flags & HAS_FRAME)
    link = append_string (ignored, link);
  if (flags & HAS_MONIKER)
    link = flags & MONIKER_IS_STRING ? append_string (into, link) : append_moniker (into, link);
  if (flags & HAS_PLACE)
    append_string (into, link);
}
