// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-municipality.h"

#include "sk-kanji.h"

#include <string.h>

#define MAX_CHARACTERS 8 /* かすみがうら市 has seven */
#define SLOTS 8192       /* a power of two, well above the number of names */
#define ENDINGS 65536    /* the same, of their endings */

static const struct {
  const char *prefecture, *names; /* the wards of a city follow it, each with a + */
} prefectures[] = {
#include "sk-municipality-data.inc"
};

/* A name from its end to its beginning. */
typedef struct {
  gunichar2 characters[MAX_CHARACTERS];
  guint length;
} Reversed;

typedef struct {
  SkMunicipality municipality;
  Reversed reversed;
} Entry;

typedef struct {
  GStringChunk *strings; /* each name once */
  GArray *entries;       /* Entry */
  guint16 slots[SLOTS];  /* number of an entry + 1 */
  guint8 endings[ENDINGS / 8]; /* a bit for each characters that a name ends with, or another with their hash */
} Index;

/* Texts come with variant kanji folded; what else is written in two ways is folded here. */
static gunichar
folded (gunichar c)
{
  switch (c)
    {
    case 0x30F6: /* ヶ */
      return 0x30B1;
    case 0x9C3A: /* 鰺 鯵 */
      return 0x9BF5;
    case 0x7AC8: /* 竈 釜 */
      return 0x91DC;
    default:
      return sk_kanji_common (c);
    }
}

static guint
hash_step (guint hash, gunichar c)
{
  return (hash ^ c) * 0x9E3779B1u;
}

static guint
slot_of (guint hash)
{
  return (hash >> 16 ^ hash) & (SLOTS - 1);
}

static guint
ending_of (guint hash)
{
  return (hash >> 16 ^ hash) & (ENDINGS - 1);
}

static Reversed
reversed_of (const char *name)
{
  Reversed result = { 0 };
  const char *p = name + strlen (name);

  while (p > name)
    {
      p = g_utf8_prev_char (p);
      g_assert (result.length < MAX_CHARACTERS);
      result.characters[result.length++]
          = (gunichar2) folded (sk_kanji_common (g_utf8_get_char (p)));
    }
  return result;
}

static void
index_entry (Index *index, guint number)
{
  const Reversed *name = &g_array_index (index->entries, Entry, number).reversed;
  guint hash = 0;

  for (guint i = 0; i < name->length; i++)
    {
      hash = hash_step (hash, name->characters[i]);
      index->endings[ending_of (hash) / 8] |= (guint8) (1 << ending_of (hash) % 8);
    }
  for (guint slot = slot_of (hash);; slot = (slot + 1) & (SLOTS - 1))
    if (index->slots[slot] == 0)
      {
        index->slots[slot] = (guint16) (number + 1);
        return;
      }
}

/* As texts have it: 鹿嶋市 and 鹿島市 are two places and one name. */
static const char *
common_name (Index *index, const char *name)
{
  g_autoptr (GString) common = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (common, folded (g_utf8_get_char (p)));
  return g_string_chunk_insert_const (index->strings, common->str);
}

static void
add_entry (Index *index, const char *prefecture, const char *city, const char *name,
           const char *const *wards)
{
  Entry entry = { .municipality = { prefecture, city, name, wards, TRUE } };

  entry.reversed = reversed_of (name);
  g_array_append_val (index->entries, entry);
}

/* A city and its wards: `words` up to the next one without a +. Returns the next city. */
static char **
add_municipality (Index *index, const char *prefecture, char **words)
{
  GPtrArray *wards = g_ptr_array_new ();
  const char *city = g_string_chunk_insert_const (index->strings, *words++);

  while (*words != NULL && **words == '+')
    g_ptr_array_add (wards, g_string_chunk_insert_const (index->strings, *words++ + 1));
  if (wards->len == 0)
    {
      g_ptr_array_free (wards, TRUE);
      add_entry (index, prefecture, NULL, city, NULL);
      return words;
    }
  g_ptr_array_add (wards, NULL);
  const char *const *names = (const char *const *) g_ptr_array_free (wards, FALSE);
  add_entry (index, prefecture, NULL, city, names);
  for (guint i = 0; names[i] != NULL; i++)
    if (g_utf8_strlen (names[i], -1) >= 3)
      add_entry (index, prefecture, city, names[i], NULL);
  return words;
}

/* Names that several have: none is unique. A ward that has the name of another one, or of a municipality
 * (中央区), doesn't stand for itself, and doesn't make the municipality less unique. */
static void
settle_uniqueness (Index *index)
{
  GArray *entries = index->entries;
  g_autoptr (GHashTable) municipalities = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) wards = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < entries->len; i++)
    {
      const SkMunicipality *one = &g_array_index (entries, Entry, i).municipality;
      GHashTable *table = one->city != NULL ? wards : municipalities;
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (table, common_name (index, one->name)));

      g_hash_table_insert (table, (gpointer) common_name (index, one->name), GUINT_TO_POINTER (n + 1));
    }
  for (guint i = 0; i < entries->len; i++)
    {
      SkMunicipality *one = &g_array_index (entries, Entry, i).municipality;
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (municipalities, common_name (index, one->name)));

      if (one->city != NULL)
        n += GPOINTER_TO_UINT (g_hash_table_lookup (wards, common_name (index, one->name)));
      one->is_unique = n == 1;
    }
}

static void
add_prefecture (Index *index, const char *prefecture, const char *names)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (names));
  g_auto (GStrv) words = g_strsplit (trimmed, " ", -1);
  char **next = words;

  while (*next != NULL)
    next = add_municipality (index, prefecture, next);
}

static const Index *
the_index (void)
{
  static Index *made;

  if (g_once_init_enter (&made))
    {
      Index *index = g_new0 (Index, 1);

      index->strings = g_string_chunk_new (4096);
      index->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
      for (guint i = 0; i < G_N_ELEMENTS (prefectures); i++)
        add_prefecture (index, prefectures[i].prefecture, prefectures[i].names);
      settle_uniqueness (index);
      for (guint i = 0; i < index->entries->len; i++)
        index_entry (index, i);
      g_once_init_leave (&made, index);
    }
  return made;
}

/* 市 E5 B8 82, 区 E5 8C BA, 町 E7 94 BA, 村 E6 9D 91 */
static gboolean
is_sign (const guint8 *p)
{
  return (p[0] == 0xE5 && ((p[1] == 0xB8 && p[2] == 0x82) || (p[1] == 0x8C && p[2] == 0xBA)))
         || (p[0] == 0xE7 && p[1] == 0x94 && p[2] == 0xBA)
         || (p[0] == 0xE6 && p[1] == 0x9D && p[2] == 0x91);
}

typedef guint8 Bytes __attribute__ ((vector_size (16)));

/* Whether a sign may begin in the 16 bytes at p; 18 are read. The second and third bytes alone tell. */
static inline gboolean
has_sign (const guint8 *p)
{
  Bytes second, third;
  guint64 halves[2];

  memcpy (&second, p + 1, 16);
  memcpy (&third, p + 2, 16);
  Bytes hit = (Bytes) ((second == 0xB8) & (third == 0x82))
              | (Bytes) (((second == 0x8C) | (second == 0x94)) & (third == 0xBA))
              | (Bytes) ((second == 0x9D) & (third == 0x91));
  memcpy (halves, &hit, 16);
  return (halves[0] | halves[1]) != 0;
}

gsize
sk_municipality_next_sign (const char *text, gsize length, gsize from)
{
  const guint8 *bytes = (const guint8 *) text;
  gsize i = from;

  while (i + 3 <= length)
    {
      gsize stop = MIN (i + 16, length - 2);

      if (i + 18 <= length && !has_sign (bytes + i))
        {
          i += 16;
          continue;
        }
      for (; i < stop; i++)
        if (is_sign (bytes + i))
          return i + 3;
    }
  return 0;
}

/* Most text before a sign is no name's end, and no name is looked for in what stands before it. */
static inline gboolean
may_be_ending (const Index *index, guint hash)
{
  return (index->endings[ending_of (hash) / 8] >> ending_of (hash) % 8 & 1) != 0;
}

static gboolean
is_entry (const Entry *entry, const Reversed *name)
{
  return entry->reversed.length == name->length
         && memcmp (entry->reversed.characters, name->characters,
                    name->length * sizeof (gunichar2)) == 0;
}

/* Those with this name, before the ones found so far: longer names are asked for later. */
static guint
add_found (const Index *index, guint hash, const Reversed *name, gsize start,
           const SkMunicipality **found, gsize *starts, guint n, guint room)
{
  for (guint slot = slot_of (hash); index->slots[slot] != 0 && n < room;
       slot = (slot + 1) & (SLOTS - 1))
    {
      const Entry *entry = &g_array_index (index->entries, Entry, index->slots[slot] - 1);

      if (!is_entry (entry, name))
        continue;
      memmove (found + 1, found, n * sizeof *found);
      memmove (starts + 1, starts, n * sizeof *starts);
      found[0] = &entry->municipality;
      starts[0] = start;
      n++;
    }
  return n;
}

guint
sk_municipality_ending_at (const char *text, gsize end, const SkMunicipality **found,
                           gsize *starts, guint room)
{
  const Index *index = the_index ();
  const char *p = text + end;
  Reversed name = { 0 };
  guint hash = 0, n = 0;

  while (p > text && name.length < MAX_CHARACTERS)
    {
      p = g_utf8_prev_char (p);
      gunichar c = folded (g_utf8_get_char (p));

      if (c < 0x3000 || c > 0xFFFF)
        break;
      name.characters[name.length++] = (gunichar2) c;
      hash = hash_step (hash, c);
      if (!may_be_ending (index, hash))
        break;
      if (name.length > 1)
        n = add_found (index, hash, &name, (gsize) (p - text), found, starts, n, room);
    }
  return n;
}

/* 都 道 府 県 */
static gboolean
is_prefecture_sign (const char *p)
{
  return memcmp (p, "県", 3) == 0 || memcmp (p, "都", 3) == 0 || memcmp (p, "府", 3) == 0
         || memcmp (p, "道", 3) == 0;
}

const char *
sk_prefecture_ending_at (const char *text, gsize end)
{
  if (end < 9 || !is_prefecture_sign (text + end - 3))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (prefectures); i++)
    {
      gsize length = strlen (prefectures[i].prefecture);

      if (prefectures[i].prefecture[length - 4] == text[end - 4] && length <= end
          && memcmp (text + end - length, prefectures[i].prefecture, length) == 0)
        return prefectures[i].prefecture;
    }
  return NULL;
}

gsize
sk_municipality_skip_ward (const SkMunicipality *self, const char *text, gsize length,
                           gsize start, const char **ward)
{
  gsize end = start;

  *ward = NULL;
  for (guint i = 0; self->wards != NULL && self->wards[i] != NULL; i++)
    {
      gsize n = strlen (self->wards[i]);

      if (n > end - start && n <= length - start && memcmp (text + start, self->wards[i], n) == 0)
        {
          *ward = self->wards[i];
          end = start + n;
        }
    }
  return end;
}
