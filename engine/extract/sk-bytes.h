/* Numbers in binary files, read within their bounds: what lies outside is zero, and the caller has asked
 * for the length where that matters. Only for this room.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* A stretch of a file. Borrowed. */
typedef struct {
  const guint8 *at;
  gsize length;
} SkBytes;

/* No more than there is, from no later than the end. */
static inline SkBytes
sk_bytes_part (SkBytes self, gsize start, gsize length)
{
  start = MIN (start, self.length);
  return (SkBytes){ start > 0 ? self.at + start : self.at, MIN (length, self.length - start) };
}

static inline SkBytes
sk_bytes_from (SkBytes self, gsize start)
{
  return sk_bytes_part (self, start, self.length);
}

static inline guint
sk_bytes_u8 (SkBytes self, gsize offset)
{
  return offset < self.length ? self.at[offset] : 0;
}

static inline guint
sk_bytes_u16 (SkBytes self, gsize offset)
{
  if (self.length < 2 || offset > self.length - 2)
    return 0;
  return (guint) (self.at[offset] | self.at[offset + 1] << 8);
}

static inline guint32
sk_bytes_u32 (SkBytes self, gsize offset)
{
  if (self.length < 4 || offset > self.length - 4)
    return 0;
  return (guint32) self.at[offset] | (guint32) self.at[offset + 1] << 8
         | (guint32) self.at[offset + 2] << 16 | (guint32) self.at[offset + 3] << 24;
}

static inline double
sk_bytes_double (SkBytes self, gsize offset)
{
  union {
    guint64 bits;
    double value;
  } number = { .bits = (guint64) sk_bytes_u32 (self, offset + 4) << 32 | sk_bytes_u32 (self, offset) };

  return number.value;
}

static inline SkBytes
sk_bytes_of (GBytes *bytes)
{
  gsize length = 0;
  const guint8 *at = g_bytes_get_data (bytes, &length);

  return (SkBytes){ at, length };
}
