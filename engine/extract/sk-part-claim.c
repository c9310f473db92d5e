// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-part-claim.h"

#include "sk-archive-kind.h"
#include "sk-format.h"
#include "sk-picture-note.h"

#include <string.h>

static gboolean
has_at (const SkContent *content, gsize at, const char *magic, gsize length)
{
  return content->length >= at + length && memcmp (content->bytes + at, magic, length) == 0;
}

static guint32
big_endian (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

static guint
little_endian (const guint8 *bytes)
{
  return (guint) bytes[0] | (guint) bytes[1] << 8;
}

/* --- pictures and fonts ---------------------------------------------------------------------- */

/* LibreOffice's own metafiles are given as pictures of what the document holds itself. */
static gboolean
is_metafile (const SkContent *content)
{
  return has_at (content, 0, "VCLMTF\1\0", 8);
}

static gboolean
is_shown_type (const char *type)
{
  static const char *const starts[] = { "image/", "font/", "application/font-sfnt",
                                        "application/vnd.ms-fontobject",
                                        "application/vnd.ms-opentype" };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    if (g_str_has_prefix (type, starts[i]))
      return TRUE;
  return FALSE;
}

static gboolean
says_something (const SkContent *content)
{
  g_autofree char *notes = sk_picture_notes (content);

  return notes != NULL;
}

gboolean
sk_part_is_shown (const SkContent *content)
{
  const char *type;

  if (content->length == 0)
    return TRUE;
  if (sk_archive_has_zip_behind (content))
    return FALSE;
  return is_metafile (content)
         || (sk_format_of (content, &type) == &sk_format_media && is_shown_type (type)
             && !says_something (content));
}

enum { HIDDEN = 32, TABLES = 12, TABLE = 16 };

/* OpenType, "Table Directory": a tag of four letters, checksum, offset and length. */
static gboolean
is_table (const SkContent *content, gsize at)
{
  const guint8 *table = content->bytes + at;

  for (guint i = 0; i < 4; i++)
    if (!g_ascii_isprint (table[i]))
      return FALSE;
  return (guint64) big_endian (table + 8) + big_endian (table + 12) <= content->length;
}

gboolean
sk_part_is_obfuscated_font (const SkContent *content)
{
  gsize first = TABLES + 2 * TABLE; /* of those that aren't hidden */

  return content->length >= first + 2 * TABLE && !sk_archive_has_zip_behind (content)
         && is_table (content, first) && is_table (content, first + TABLE)
         && memcmp (content->bytes + first, content->bytes + first + TABLE, 4) < 0;
}

/* --- settings and records -------------------------------------------------------------------- */

enum { DEVICE_NAME = 64, DEVICE_FIXED = 72, DEVICE_VERSION = 0x401 };

/* Its own size and that of what the driver keeps behind it (wingdi.h, dmSize and dmDriverExtra)
 * make up the whole. */
gboolean
sk_part_is_printer_settings (const SkContent *content)
{
  const guint8 *fixed = content->bytes + DEVICE_NAME;

  return content->length >= DEVICE_FIXED && !sk_archive_has_zip_behind (content)
         && little_endian (fixed) == DEVICE_VERSION
         && little_endian (fixed + 4) + little_endian (fixed + 6) == content->length;
}

/* Seven bits a byte, at most `most` bytes; FALSE: it doesn't end. */
static gboolean
take_number (const SkContent *content, gsize *at, guint most, guint32 *number)
{
  *number = 0;
  for (guint i = 0; i < most && *at < content->length; i++)
    {
      guint8 byte = content->bytes[(*at)++];

      *number |= (guint32) (byte & 0x7f) << (7 * i);
      if ((byte & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
sk_part_is_records (const SkContent *content)
{
  gsize at = 0;
  guint32 type, size;

  while (at < content->length)
    {
      if (!take_number (content, &at, 2, &type) || !take_number (content, &at, 4, &size)
          || size > content->length - at)
        return FALSE;
      at += size;
    }
  return TRUE;
}
