// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-zip-extent.h"

#include "sk-bytes.h"

#include <string.h>

#define END_RECORD 22
#define COMMENT 65535
#define LOCATOR 20     /* 4.3.15, before the end record */
#define END_RECORD_64 56 /* 4.3.14, before the locator */
#define ENTRY 46
#define LOCAL_HEADER 30
#define MARKER 4       /* before the first member of an archive that was to be split, 8.5.3 */
#define ELSEWHERE 0xffffffffu

typedef struct {
  gsize start, end;
} Extent;

typedef struct {
  SkBytes file;
  gsize start, end; /* of the directory */
  gsize record;     /* the end record */
  gsize shift;      /* what offsets are short of */
  GArray *extents;  /* Extent, of members that are where the directory says */
} Directory;

static guint64
u64 (SkBytes bytes, gsize at)
{
  return (guint64) sk_bytes_u32 (bytes, at + 4) << 32 | sk_bytes_u32 (bytes, at);
}

static gboolean
is_at (SkBytes bytes, gsize at, const char *mark)
{
  return at < bytes.length && bytes.length - at >= 4 && memcmp (bytes.at + at, mark, 4) == 0;
}

/* --- the directory --------------------------------------------------------------------------- */

/* Its end record is here, and it is no part of several. */
static gboolean
locate (Directory *self, gsize record)
{
  guint64 size = sk_bytes_u32 (self->file, record + 12);
  guint64 offset = sk_bytes_u32 (self->file, record + 16);
  guint disk = sk_bytes_u16 (self->file, record + 4);

  if (disk != 0 && disk != 0xffff)
    return FALSE;
  self->end = self->record = record;
  if (record >= LOCATOR + END_RECORD_64 && is_at (self->file, record - LOCATOR, "PK\6\7")
      && is_at (self->file, record - LOCATOR - END_RECORD_64, "PK\6\6"))
    {
      self->end = record - LOCATOR - END_RECORD_64;
      size = u64 (self->file, self->end + 40);
      offset = u64 (self->file, self->end + 48);
    }
  if (size < ENTRY || size > self->end || offset > self->end - size)
    return FALSE;
  self->start = self->end - (gsize) size;
  self->shift = self->start - (gsize) offset;
  return is_at (self->file, self->start, "PK\1\2");
}

/* The last one that has members: comments may look like one. */
static gboolean
find (Directory *self)
{
  gsize length = self->file.length, least = length - MIN (length, END_RECORD + COMMENT);

  for (gsize left = length >= END_RECORD ? length - END_RECORD + 1 : 0; left > least; left--)
    if (is_at (self->file, left - 1, "PK\5\6") && locate (self, left - 1))
      return TRUE;
  return FALSE;
}

/* --- members --------------------------------------------------------------------------------- */

/* 4.5.3: what the entry has no room for, in this order: size, packed size, offset. */
static void
widen (SkBytes extra, gboolean has_size, guint64 *packed, guint64 *offset)
{
  gsize at = 0;

  while (at + 4 <= extra.length && sk_bytes_u16 (extra, at) != 1)
    at += 4 + sk_bytes_u16 (extra, at + 2);
  at += has_size ? 12 : 4;
  if (*packed == ELSEWHERE)
    {
      *packed = u64 (extra, at);
      at += 8;
    }
  if (*offset == ELSEWHERE)
    *offset = u64 (extra, at);
}

/* What its own header says of its length counts where that is less. */
static void
add_member (Directory *self, guint64 offset, guint64 packed)
{
  gsize length = self->file.length, start;
  guint32 own;
  Extent extent;

  if (offset > length - self->shift || !is_at (self->file, self->shift + offset, "PK\3\4"))
    return;
  start = self->shift + (gsize) offset;
  own = sk_bytes_u32 (self->file, start + 18);
  if ((sk_bytes_u16 (self->file, start + 6) & 8) == 0)
    packed = MIN (packed, own != ELSEWHERE ? own : packed);
  extent.start = start;
  start += LOCAL_HEADER + sk_bytes_u16 (self->file, start + 26)
           + sk_bytes_u16 (self->file, start + 28);
  start = MIN (start, length);
  extent.end = start + (gsize) MIN (packed, length - start);
  g_array_append_val (self->extents, extent);
}

static void
walk (Directory *self)
{
  gsize at = self->start;

  while (at + ENTRY <= self->end && is_at (self->file, at, "PK\1\2"))
    {
      guint name = sk_bytes_u16 (self->file, at + 28), extra = sk_bytes_u16 (self->file, at + 30);
      guint64 packed = sk_bytes_u32 (self->file, at + 20);
      guint64 offset = sk_bytes_u32 (self->file, at + 42);

      if (packed == ELSEWHERE || offset == ELSEWHERE)
        widen (sk_bytes_part (self->file, at + ENTRY + name, extra),
               sk_bytes_u32 (self->file, at + 24) == ELSEWHERE, &packed, &offset);
      add_member (self, offset, packed);
      at += ENTRY + name + extra + sk_bytes_u16 (self->file, at + 32);
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Extent *first = a, *second = b;

  return first->start < second->start ? -1 : first->start > second->start;
}

/* FALSE: there is no archive, or no member of it. */
static gboolean
open_directory (Directory *self, const SkContent *content)
{
  self->file = (SkBytes){ content->bytes, content->length };
  if (!find (self))
    return FALSE;
  self->extents = g_array_new (FALSE, FALSE, sizeof (Extent));
  walk (self);
  g_array_sort (self->extents, compare);
  return self->extents->len > 0;
}

static void
directory_clear (Directory *self)
{
  g_clear_pointer (&self->extents, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Directory, directory_clear)

/* --- what is asked --------------------------------------------------------------------------- */

gsize
sk_zip_extent_start (const SkContent *content)
{
  g_auto (Directory) directory = { .extents = NULL };
  gsize start;

  if (!open_directory (&directory, content))
    return 0;
  start = g_array_index (directory.extents, Extent, 0).start;
  return start > MARKER ? start : 0;
}

static gboolean
has_header (SkBytes file, gsize start, gsize end)
{
  return end > start && memmem (file.at + start, end - start, "PK\3\4", 4) != NULL;
}

gboolean
sk_zip_extent_hides (const SkContent *content)
{
  g_auto (Directory) directory = { .extents = NULL };
  gsize at = 0;

  if (!open_directory (&directory, content))
    return FALSE;
  for (guint i = 0; i < directory.extents->len; i++)
    {
      const Extent *member = &g_array_index (directory.extents, Extent, i);

      if (has_header (directory.file, at, member->start))
        return TRUE;
      at = MAX (at, member->end);
    }
  return has_header (directory.file, at, directory.start)
         || has_header (directory.file, MAX (at, directory.end), directory.file.length);
}

gsize
sk_zip_extent_end (const SkContent *content)
{
  g_auto (Directory) directory = { .extents = NULL };
  gsize end;

  if (content->length < 2 || memcmp (content->bytes, "PK", 2) != 0
      || !open_directory (&directory, content))
    return 0;
  end = directory.record + END_RECORD;
  return end < content->length ? end : 0;
}
