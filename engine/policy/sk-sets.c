// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-sets.h"

#include <string.h>

/* Open addressing over entries; entries of the same key form a chain, and the slot names its
 * newest. Keys stand in one arena. A million rows take some 25 bytes each beside their text. */
typedef struct {
  guint32 key; /* offset in the arena */
  guint32 next; /* number of the next entry with this key, from 1; 0 ends the chain */
  guint32 set : 31;
  guint32 exact : 1;
  guint32 row;
} Entry;

struct _SkSets {
  GArray *entries; /* Entry */
  GByteArray *arena;
  guint32 *slots; /* number of an entry, from 1 */
  guint32 mask;
  guint32 used;
  guint sets;
};

SkSets *
sk_sets_new (void)
{
  SkSets *self = g_new0 (SkSets, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->arena = g_byte_array_new ();
  self->mask = 63;
  self->slots = g_new0 (guint32, self->mask + 1);
  return self;
}

void
sk_sets_free (SkSets *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->entries);
  g_byte_array_unref (self->arena);
  g_free (self->slots);
  g_free (self);
}

guint
sk_sets_new_set (SkSets *self)
{
  return self->sets++;
}

guint
sk_sets_count (const SkSets *self)
{
  return self->sets;
}

static const Entry *
entry_at (const SkSets *self, guint32 number)
{
  return &g_array_index (self->entries, Entry, number - 1);
}

static const char *
key_of (const SkSets *self, const Entry *entry)
{
  return (const char *) self->arena->data + entry->key;
}

/* FNV-1a, its high bits folded in, since slots are taken from the low ones. */
static guint32
hash_key (const char *key)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (const guint8 *p = (const guint8 *) key; *p != 0; p++)
    hash = (hash ^ *p) * G_GUINT64_CONSTANT (0x100000001b3);
  return (guint32) (hash ^ (hash >> 32));
}

/* The slot that holds the key, or the free one where it belongs. */
static guint32
find_slot (const SkSets *self, const char *key)
{
  guint32 slot = hash_key (key) & self->mask;

  while (self->slots[slot] != 0
         && strcmp (key_of (self, entry_at (self, self->slots[slot])), key) != 0)
    slot = (slot + 1) & self->mask;
  return slot;
}

static void
grow (SkSets *self)
{
  g_autofree guint32 *old = g_steal_pointer (&self->slots);
  guint32 old_size = self->mask + 1;

  self->mask = old_size * 2 - 1;
  self->slots = g_new0 (guint32, (gsize) self->mask + 1);
  for (guint32 i = 0; i < old_size; i++)
    if (old[i] != 0)
      {
        guint32 slot = hash_key (key_of (self, entry_at (self, old[i]))) & self->mask;

        while (self->slots[slot] != 0)
          slot = (slot + 1) & self->mask;
        self->slots[slot] = old[i];
      }
}

static void
add (SkSets *self, guint set, const char *key, gboolean exact, guint32 row)
{
  Entry entry = { .set = set & 0x7fffffff, .exact = exact ? 1 : 0, .row = row };
  guint32 slot;

  if (self->used * 2 > self->mask)
    grow (self);
  slot = find_slot (self, key);
  if (self->slots[slot] != 0)
    {
      entry.key = entry_at (self, self->slots[slot])->key;
      entry.next = self->slots[slot];
    }
  else
    {
      entry.key = self->arena->len;
      g_byte_array_append (self->arena, (const guint8 *) key, (guint) strlen (key) + 1);
      self->used++;
    }
  g_array_append_val (self->entries, entry);
  self->slots[slot] = self->entries->len;
}

void
sk_sets_add_address (SkSets *self, guint set, const char *key, guint32 row)
{
  add (self, set, key, FALSE, row);
}

void
sk_sets_add_domain (SkSets *self, guint set, const char *key, gboolean exact, guint32 row)
{
  add (self, set, key, exact, row);
}

static const Entry *
find_chain (const SkSets *self, const char *key)
{
  guint32 number = self->slots[find_slot (self, key)];

  return number != 0 ? entry_at (self, number) : NULL;
}

static const Entry *
next_in_chain (const SkSets *self, const Entry *entry)
{
  return entry->next != 0 ? entry_at (self, entry->next) : NULL;
}

/* The next shorter ending of a domain, or NULL. */
static const char *
parent_domain (const char *domain)
{
  const char *dot = strchr (domain, '.');

  return dot != NULL && dot[1] != '\0' ? dot + 1 : NULL;
}

void
sk_sets_find (const SkSets *self, const char *address, const char *domain, guint64 *bits)
{
  const Entry *entry;

  if (address != NULL)
    for (entry = find_chain (self, address); entry != NULL; entry = next_in_chain (self, entry))
      sk_bits_set (bits, entry->set);
  for (const char *end = domain; end != NULL; end = parent_domain (end))
    for (entry = find_chain (self, end); entry != NULL; entry = next_in_chain (self, entry))
      if (!entry->exact || end == domain)
        sk_bits_set (bits, entry->set);
}

static gboolean
collect_rows (const SkSets *self, guint set, const char *key, gboolean whole, gboolean exact,
              GArray *rows)
{
  guint before = rows->len;
  const Entry *entry;

  for (entry = find_chain (self, key); entry != NULL; entry = next_in_chain (self, entry))
    if (entry->set == set && (exact ? entry->exact && whole : !entry->exact))
      {
        guint32 row = entry->row;

        g_array_append_val (rows, row);
      }
  return rows->len > before;
}

void
sk_sets_find_rows (const SkSets *self, guint set, const char *address, const char *domain,
                   GArray *rows)
{
  if (address != NULL && collect_rows (self, set, address, TRUE, FALSE, rows))
    return;
  for (const char *end = domain; end != NULL; end = parent_domain (end))
    if (collect_rows (self, set, end, end == domain, TRUE, rows)
        || collect_rows (self, set, end, end == domain, FALSE, rows))
      return;
}

gsize
sk_sets_longest_domain (const SkSets *self, guint set, const char *domain)
{
  for (const char *end = domain; end != NULL; end = parent_domain (end))
    {
      gsize longest = 0;

      for (const Entry *entry = find_chain (self, end); entry != NULL;
           entry = next_in_chain (self, entry))
        if (entry->set == set && (!entry->exact || end == domain))
          longest = MAX (longest, strlen (end) * 2 + entry->exact);
      if (longest != 0)
        return longest;
    }
  return 0;
}

guint
sk_sets_find_value (const SkSets *self, const char *key)
{
  const Entry *entry = find_chain (self, key);

  return entry != NULL ? entry->set : G_MAXUINT;
}
