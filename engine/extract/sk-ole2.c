// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-ole2.h"

#include <string.h>

enum {
  HEADER = 512,
  HEADER_DIFAT = 76,
  HEADER_FATS = 109,
  DIRENT = 128,
  EMPTY = 4, /* sectors: what nothing needs */
  ENTRIES = 262144, /* more than that are not looked at */
};

static const guint32 no_entry = 0xffffffff; /* an entry has no neighbour there */
static const guint32 no_sector = 0xffffffff;

/* [MS-CFB] 2.6.1 */
enum { STORAGE = 1, STREAM = 2, ROOT = 5 };

typedef struct {
  SkBytes space;     /* the sectors, the first is number 0 */
  guint shift;
  guint32 *next;     /* of each sector */
  guint32 *first;    /* of the chain in which it was read; no_sector: in none */
  gsize count;
} Sectors;

struct _SkOle2 {
  Sectors large, small;
  GBytes *small_space;
  guint32 small_limit;
  GArray *entries; /* SkOle2Entry */
  gboolean damaged;
};

gboolean
sk_ole2_is (const SkContent *content)
{
  return content->length >= HEADER
         && memcmp (content->bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0;
}

static void
clear_entry (gpointer data)
{
  g_free (((SkOle2Entry *) data)->name);
}

void
sk_ole2_free (SkOle2 *self)
{
  if (self == NULL)
    return;
  g_free (self->large.next);
  g_free (self->small.next);
  g_free (self->large.first);
  g_free (self->small.first);
  g_clear_pointer (&self->small_space, g_bytes_unref);
  g_array_unref (self->entries);
  g_free (self);
}

gboolean
sk_ole2_is_damaged (const SkOle2 *self)
{
  return self->damaged;
}

/* --- sectors --------------------------------------------------------------------------------- */

static SkBytes
sector_bytes (const Sectors *self, guint32 sector)
{
  gsize size = (gsize) 1 << self->shift;

  return sk_bytes_part (self->space, (gsize) sector << self->shift, size);
}

/* Sectors that have no entry in the table end their chain. */
static void
size_table (Sectors *self)
{
  self->count = (self->space.length + ((gsize) 1 << self->shift) - 1) >> self->shift;
  self->next = g_new (guint32, MAX (self->count, 1));
  memset (self->next, 0xff, MAX (self->count, 1) * sizeof *self->next);
  self->first = g_memdup2 (self->next, MAX (self->count, 1) * sizeof *self->next);
}

static void
fill_table (Sectors *self, gsize *filled, SkBytes from)
{
  for (gsize i = 0; i + 4 <= from.length && *filled < self->count; i += 4)
    self->next[(*filled)++] = sk_bytes_u32 (from, i);
}

/* Some programs leave gaps among the sectors of the table: what those would say is unused. */
static void
add_fat_sector (Sectors *large, gsize *filled, guint32 sector)
{
  gsize entries = ((gsize) 1 << large->shift) / 4;

  if (sector < large->count)
    fill_table (large, filled, sector_bytes (large, sector));
  else
    *filled = MIN (large->count, *filled + entries);
}

/* The table of the large sectors lies in sectors that the header names, and a chain of lists of
 * them. */
static void
read_fat (SkOle2 *self, SkBytes header)
{
  Sectors *large = &self->large;
  guint32 list = sk_bytes_u32 (header, 68);
  gsize filled = 0;

  for (guint i = 0; i < HEADER_FATS; i++)
    add_fat_sector (large, &filled, sk_bytes_u32 (header, HEADER_DIFAT + i * 4));
  for (gsize lists = 0; list < large->count && lists < large->count && filled < large->count;
       lists++)
    {
      SkBytes sectors = sector_bytes (large, list);
      gsize i;

      for (i = 0; i + 8 <= sectors.length; i += 4)
        add_fat_sector (large, &filled, sk_bytes_u32 (sectors, i));
      list = sk_bytes_u32 (sectors, i);
    }
}

/* A sector belongs to one chain. */
static gboolean
claim (Sectors *self, guint32 sector, guint32 start)
{
  gboolean is_own = self->first[sector] == no_sector || self->first[sector] == start;

  self->first[sector] = start;
  return is_own;
}

/* Whole sectors from one on, until there is enough or the chain ends. What comes back to a sector
 * where it was a while ago is a loop (Brent's way to find one). */
static GBytes *
read_chain (Sectors *self, guint32 sector, guint64 wanted, gboolean *damaged)
{
  GByteArray *bytes = g_byte_array_new ();
  gsize steps = 0, next_mark = 1;
  guint32 start = sector, mark = no_sector;

  while (bytes->len < wanted && sector < self->count && sector != mark)
    {
      SkBytes part = sector_bytes (self, sector);

      if (++steps == next_mark)
        {
          mark = sector;
          next_mark *= 2;
        }
      if (!claim (self, sector, start))
        *damaged = TRUE;
      g_byte_array_append (bytes, part.at, (guint) MIN (part.length, wanted - bytes->len));
      sector = self->next[sector];
    }
  if (sector == mark && sector < self->count)
    *damaged = TRUE;
  if (wanted != G_MAXUINT32 && bytes->len < wanted)
    *damaged = TRUE;
  return g_byte_array_free_to_bytes (bytes);
}

static void
read_small_sectors (SkOle2 *self, SkBytes header, const SkOle2Entry *root)
{
  g_autoptr (GBytes) table = NULL;
  gsize filled = 0;

  self->small_space = read_chain (&self->large, root->sector, MIN (root->size, G_MAXUINT32),
                                  &self->damaged);
  self->small.space = sk_bytes_of (self->small_space);
  self->small.shift = MIN (sk_bytes_u16 (header, 32), self->large.shift);
  size_table (&self->small);
  table = read_chain (&self->large, sk_bytes_u32 (header, 60), self->small.count * 4,
                      &self->damaged);
  fill_table (&self->small, &filled, sk_bytes_of (table));
}

/* --- directory ------------------------------------------------------------------------------- */

typedef struct {
  SkOle2 *self;
  SkBytes directory;
  guint count;
  guint8 *seen;
  GArray *children; /* guint32: where the inside of each of self->entries begins in the directory */
} Walk;

static guint32
directory_u32 (const Walk *walk, guint32 index, guint offset)
{
  return sk_bytes_u32 (walk->directory, (gsize) index * DIRENT + offset);
}

static char *
entry_name (SkBytes entry)
{
  guint units = MIN (sk_bytes_u16 (entry, 64) / 2, 32);
  gunichar2 name[33] = { 0 };
  char *utf8;

  for (guint i = 0; i < units; i++)
    name[i] = (gunichar2) sk_bytes_u16 (entry, i * 2);
  utf8 = g_utf16_to_utf8 (name, -1, NULL, NULL, NULL);
  return utf8 != NULL ? utf8 : g_strdup ("");
}

static guint
add_entry (Walk *walk, guint32 index)
{
  SkBytes bytes = sk_bytes_part (walk->directory, (gsize) index * DIRENT, DIRENT);
  guint type = sk_bytes_u8 (bytes, 66);
  guint32 child = type != STREAM ? sk_bytes_u32 (bytes, 76) : no_entry;
  SkOle2Entry entry = {
    .name = entry_name (bytes),
    .is_storage = type != STREAM,
    .size = sk_bytes_u32 (bytes, 120),
    .sector = sk_bytes_u32 (bytes, 116),
    .first = SK_OLE2_NONE,
    .next = SK_OLE2_NONE,
  };

  if (index == 0 ? type != ROOT : type != STORAGE && type != STREAM)
    walk->self->damaged = TRUE;
  g_array_append_val (walk->self->entries, entry);
  g_array_append_val (walk->children, child);
  return walk->self->entries->len - 1;
}

/* The entries of a storage are a binary tree, which need not be a good one. */
static void
walk_storage (Walk *walk, guint storage)
{
  g_autoptr (GArray) path = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 index = g_array_index (walk->children, guint32, storage);
  guint last = SK_OLE2_NONE;

  for (;;)
    {
      guint added;

      for (; index < walk->count && !walk->seen[index]; index = directory_u32 (walk, index, 68))
        {
          walk->seen[index] = 1;
          g_array_append_val (path, index);
        }
      if (index != no_entry)
        walk->self->damaged = TRUE;
      if (path->len == 0)
        return;
      index = g_array_index (path, guint32, path->len - 1);
      g_array_set_size (path, path->len - 1);
      added = add_entry (walk, index);
      if (last == SK_OLE2_NONE)
        g_array_index (walk->self->entries, SkOle2Entry, storage).first = added;
      else
        g_array_index (walk->self->entries, SkOle2Entry, last).next = added;
      last = added;
      index = directory_u32 (walk, index, 72);
    }
}

/* A compound file holds something, but for an object that is empty. */
static gboolean
has_stream (const SkOle2 *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (!g_array_index (self->entries, SkOle2Entry, i).is_storage)
      return TRUE;
  return FALSE;
}

static gboolean
read_directory (SkOle2 *self, guint32 sector)
{
  g_autoptr (GBytes) bytes = read_chain (&self->large, sector, G_MAXUINT32, &self->damaged);
  g_autoptr (GArray) children = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree guint8 *seen = NULL;
  Walk walk = { self, sk_bytes_of (bytes), .children = children };

  walk.count = (guint) MIN (walk.directory.length / DIRENT, ENTRIES);
  if (walk.count == 0)
    return FALSE;
  walk.seen = seen = g_malloc0 (walk.count);
  seen[0] = 1;
  add_entry (&walk, 0);
  g_array_index (self->entries, SkOle2Entry, 0).is_storage = TRUE;
  for (guint i = 0; i < self->entries->len; i++)
    walk_storage (&walk, i);
  if (!has_stream (self) && self->large.count > EMPTY)
    self->damaged = TRUE;
  return TRUE;
}

SkOle2 *
sk_ole2_open (const SkContent *content)
{
  SkBytes file = { content->bytes, content->length };
  g_autoptr (SkOle2) self = NULL;
  guint shift;

  if (!sk_ole2_is (content))
    return NULL;
  shift = sk_bytes_u16 (file, 30);
  if (shift < 7 || shift > 20)
    return NULL;
  self = g_new0 (SkOle2, 1);
  self->entries = g_array_new (FALSE, FALSE, sizeof (SkOle2Entry));
  g_array_set_clear_func (self->entries, clear_entry);
  self->large.shift = shift;
  self->large.space = sk_bytes_from (file, MAX ((gsize) 1 << shift, HEADER));
  self->small_limit = sk_bytes_u32 (file, 56);
  size_table (&self->large);
  read_fat (self, sk_bytes_part (file, 0, HEADER));
  if (!read_directory (self, sk_bytes_u32 (file, 48)))
    return NULL;
  read_small_sectors (self, file, sk_ole2_entry (self, 0));
  return g_steal_pointer (&self);
}

gsize
sk_ole2_extent (const SkOle2 *self)
{
  gsize used = self->large.count, header = MAX ((gsize) 1 << self->large.shift, HEADER);

  while (used > 0 && self->large.next[used - 1] == no_sector)
    used--;
  return header + MIN (used << self->large.shift, self->large.space.length);
}

/* --- streams --------------------------------------------------------------------------------- */

guint
sk_ole2_count (const SkOle2 *self)
{
  return self->entries->len;
}

const SkOle2Entry *
sk_ole2_entry (const SkOle2 *self, guint entry)
{
  return &g_array_index (self->entries, SkOle2Entry, entry);
}

guint
sk_ole2_find (const SkOle2 *self, guint storage, const char *name)
{
  guint entry = sk_ole2_entry (self, storage)->first;

  while (entry != SK_OLE2_NONE && g_ascii_strcasecmp (sk_ole2_entry (self, entry)->name, name) != 0)
    entry = sk_ole2_entry (self, entry)->next;
  return entry;
}

GBytes *
sk_ole2_read (SkOle2 *self, guint index)
{
  const SkOle2Entry *entry = sk_ole2_entry (self, index);
  Sectors *sectors = entry->size < self->small_limit ? &self->small : &self->large;

  return read_chain (sectors, entry->sector, entry->size, &self->damaged);
}

GBytes *
sk_ole2_stream (SkOle2 *self, guint storage, const char *name)
{
  guint entry = sk_ole2_find (self, storage, name);

  if (entry == SK_OLE2_NONE || sk_ole2_entry (self, entry)->is_storage)
    return NULL;
  return sk_ole2_read (self, entry);
}
