// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-archive-extent.h"

#include "sk-bytes.h"

#include <string.h>

static SkBytes
bytes_of (const SkContent *content)
{
  return (SkBytes){ content->bytes, content->length };
}

/* Further by so much; not beyond the end. */
static gsize
go_on (SkBytes file, gsize at, guint64 length)
{
  return at + (gsize) MIN (length, file.length - at);
}

static guint64
u64 (SkBytes bytes, gsize at)
{
  return (guint64) sk_bytes_u32 (bytes, at + 4) << 32 | sk_bytes_u32 (bytes, at);
}

/* --- tar ------------------------------------------------------------------------------------- */

enum { BLOCK = 512, SIZE = 124, SIZE_DIGITS = 12, SUM = 148, SUM_DIGITS = 8 };

/* Octal digits; or, where the first octet says so, a number of eleven octets (GNU tar). */
static guint64
tar_number (const guint8 *field, gsize digits)
{
  char text[SIZE_DIGITS + 1] = { 0 };
  guint64 value = 0;

  memcpy (text, field, digits);
  if ((field[0] & 0x80) == 0)
    return g_ascii_strtoull (text, NULL, 8);
  for (gsize i = 1; i < digits; i++)
    value = value << 8 | field[i];
  return value;
}

/* POSIX.1 ustar and what came before it: the sum of the header must be right. */
static gboolean
is_tar_header (const guint8 *block)
{
  guint sum = SUM_DIGITS * ' ';

  for (guint i = 0; i < BLOCK; i++)
    sum += i < SUM || i >= SUM + SUM_DIGITS ? block[i] : 0;
  return block[0] != '\0' && tar_number (block + SUM, SUM_DIGITS) == sum;
}

gboolean
sk_archive_is_tar (const SkContent *content)
{
  return content->length >= BLOCK && is_tar_header (content->bytes);
}

gsize
sk_archive_extent_tar (const SkContent *content)
{
  SkBytes file = bytes_of (content);
  gsize at = 0;

  while (file.length - at >= BLOCK && is_tar_header (file.at + at))
    {
      guint64 size = tar_number (file.at + at + SIZE, SIZE_DIGITS);

      at = go_on (file, at + BLOCK, size + (BLOCK - size % BLOCK) % BLOCK);
    }
  return at;
}

/* --- 7z -------------------------------------------------------------------------------------- */

/* Its header, the last part, is this far behind the first 32 octets, and this long. */
gsize
sk_archive_extent_7z (const SkContent *content)
{
  enum { SIGNATURE_HEADER = 32, NEXT_OFFSET = 12, NEXT_SIZE = 20 };
  SkBytes file = bytes_of (content);

  if (file.length < SIGNATURE_HEADER)
    return file.length;
  return go_on (file, go_on (file, SIGNATURE_HEADER, u64 (file, NEXT_OFFSET)),
                u64 (file, NEXT_SIZE));
}

/* --- LZH ------------------------------------------------------------------------------------- */

enum { LHA_METHOD = 2, LHA_PACKED = 7, LHA_LEVEL = 20, LHA_HEADER = 22 };

static guint64
lha_header_length (SkBytes file, gsize at)
{
  switch (sk_bytes_u8 (file, at + LHA_LEVEL))
    {
    case 0:
    case 1: /* what goes on behind it counts as packed */
      return sk_bytes_u8 (file, at) + 2;
    case 2:
      return sk_bytes_u16 (file, at);
    default:
      return sk_bytes_u32 (file, at + 24);
    }
}

gsize
sk_archive_extent_lha (const SkContent *content)
{
  SkBytes file = bytes_of (content);
  gsize at = 0;

  while (file.length - at >= LHA_HEADER && sk_bytes_u8 (file, at + LHA_METHOD) == '-'
         && sk_bytes_u8 (file, at + LHA_METHOD + 4) == '-')
    {
      guint64 header = lha_header_length (file, at);

      if (header < LHA_HEADER)
        break;
      at = go_on (file, at, header + sk_bytes_u32 (file, at + LHA_PACKED));
    }
  return at;
}

/* --- RAR ------------------------------------------------------------------------------------- */

enum { RAR_BLOCK = 7, HAS_ADDED = 0x8000, RAR_FIRST = 0x72, RAR_END = 0x7b };

/* The older format: sum, type, flags, length; with a flag, the length of what follows. */
gsize
sk_archive_extent_rar (const SkContent *content)
{
  SkBytes file = bytes_of (content);
  gsize at = 0;

  while (file.length - at >= RAR_BLOCK)
    {
      guint64 length = sk_bytes_u16 (file, at + 5);
      guint type = sk_bytes_u8 (file, at + 2);

      if (length < RAR_BLOCK || type < RAR_FIRST || type > RAR_END)
        break;
      if ((sk_bytes_u16 (file, at + 3) & HAS_ADDED) != 0)
        length += sk_bytes_u32 (file, at + RAR_BLOCK);
      at = go_on (file, at, length);
      if (type == RAR_END)
        break;
    }
  return at;
}
