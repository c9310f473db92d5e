// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-lookalike.h"

#include "sk-builtin-list.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/uspoof.h>

/* How edits are found. A name is cut into one part more than edits are allowed: some part of it stands
 * unchanged in whatever is so many edits away, at most as many bytes from its place. So all parts are in
 * a table, and of the domain that is asked about those stretches are looked up that can be one. What is
 * found so is compared by the characters it has, then in full.
 *
 * Short names have no parts worth looking up, and few edits that count: of them the name itself is in the same table, and
 * what is left of it without one of its characters, and the domain that is asked about is looked up without each of its. */

enum {
  EDITS = 2,
  PARTS = EDITS + 1,
  NAME_SHIFT = 4, /* an edited dot joins a name and ".co", or parts them */
  SHORTEST_NAME = 3, /* with edits at all */
  SHORT_NAME = 4,  /* some kinds of one edit */
  MEDIUM_NAME = 7, /* one */
  LEAST_ALIKE = 3, /* of names that are the same to the eye, or under two top-level domains */
  MOST_BYTES = 253,
};

typedef struct {
  char *domain;      /* the registered one */
  gsize length;
  gsize name_length; /* of its first label */
  guint64 characters;
} Known;

typedef struct {
  guint32 hash;
  guint32 domain; /* number of a Known */
  guint32 next;   /* number of a Part with the same place in the table, from 1; 0: none */
} Part;

struct _SkLookalikes {
  GArray *known;           /* Known */
  GHashTable *domains;     /* char* → number of a Known + 1 */
  GHashTable *appearances; /* char* of the name → number of a Known + 1 */
  GArray *parts;           /* Part */
  guint32 *heads;
  guint32 mask;
};

/* The shortest ending that somebody can have registered; NULL: there is none. */
static const char *
registered_part (const char *domain)
{
  const char *found = NULL;
  gsize length = strlen (domain);

  if (*domain == '[' || length > MOST_BYTES || strchr (domain, '.') == NULL)
    return NULL;
  for (const char *at = domain + length; at > domain && found == NULL;)
    {
      at--;
      while (at > domain && at[-1] != '.')
        at--;
      if (!sk_domain_is_public_suffix (at))
        found = at;
      else if (at > domain)
        at--;
    }
  return found;
}

/* --- appearance ----------------------------------------------------------------------------- */

static const UIDNA *
get_idna (void)
{
  static gsize once = 0;
  static UIDNA *idna;

  if (g_once_init_enter (&once))
    {
      UErrorCode status = U_ZERO_ERROR;

      idna = uidna_openUTS46 (UIDNA_NONTRANSITIONAL_TO_UNICODE, &status);
      g_once_init_leave (&once, 1);
    }
  return idna;
}

static const USpoofChecker *
get_spoof_checker (void)
{
  static gsize once = 0;
  static USpoofChecker *checker;

  if (g_once_init_enter (&once))
    {
      UErrorCode status = U_ZERO_ERROR;

      checker = uspoof_open (&status);
      if (U_FAILURE (status))
        g_error ("ICU has no data on confusable characters: %s", u_errorName (status));
      g_once_init_leave (&once, 1);
    }
  return checker;
}

/* "xn--…" as people see it, by what Unicode takes it for; NULL: it encodes nothing. */
static char *
appearance_of_other_script (const char *label)
{
  char unicode[4 * MOST_BYTES], skeleton[16 * MOST_BYTES];
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = uidna_labelToUnicodeUTF8 (get_idna (), label, -1, unicode, sizeof unicode, &info,
                                             &status);

  length = uspoof_getSkeletonUTF8 (get_spoof_checker (), 0, unicode, length, skeleton,
                                   sizeof skeleton, &status);
  return U_SUCCESS (status) ? g_strndup (skeleton, (gsize) length) : NULL;
}

static void
append_plain (GString *into, gunichar c)
{
  c = (gunichar) u_tolower ((UChar32) c);
  if (u_getCombiningClass ((UChar32) c) != 0 || u_charType ((UChar32) c) == U_NON_SPACING_MARK)
    return;
  g_string_append_unichar (into, c == '0' ? 'o' : c == '1' || c == 'i' || c == '|' ? 'l' : c);
}

static const struct {
  const char *two;
  char one;
} pairs[] = { { "rn", 'm' }, { "vv", 'w' }, { "cl", 'd' } };

static void
join_pairs (GString *text)
{
  gsize n = 0;

  for (gsize i = 0; i < text->len; i++, n++)
    {
      char c = text->str[i];

      for (guint j = 0; j < G_N_ELEMENTS (pairs); j++)
        if (c == pairs[j].two[0] && text->str[i + 1] == pairs[j].two[1])
          {
            c = pairs[j].one;
            i++;
            break;
          }
      text->str[n] = c;
    }
  g_string_truncate (text, n);
}

/* The same for names that look the same. */
static char *
appearance_of (const char *domain, gsize name_length)
{
  g_autofree char *name = g_strndup (domain, name_length);
  g_autofree char *other = strncmp (name, "xn--", 4) == 0 ? appearance_of_other_script (name) : NULL;
  GString *result = g_string_sized_new (name_length);

  for (const char *at = other != NULL ? other : name; *at != '\0'; at = g_utf8_next_char (at))
    append_plain (result, g_utf8_get_char (at));
  join_pairs (result);
  return g_string_free (result, FALSE);
}

static glong
characters_in (const char *appearance)
{
  return g_utf8_strlen (appearance, -1);
}

/* --- edits ---------------------------------------------------------------------------------- */

static void
place_of_part (gsize length, guint part, gsize *start, gsize *part_length)
{
  gsize from = length * part / PARTS, until = length * (part + 1) / PARTS;

  *start = from;
  *part_length = until - from;
}

/* FNV-1a over the stretch, and where it belongs. */
static guint32
hash_part (const char *text, gsize length, gsize name_length, guint part)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325) ^ (name_length << 8 | part);

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guint8) text[i]) * G_GUINT64_CONSTANT (0x100000001b3);
  hash *= G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
  return (guint32) (hash >> 32);
}

/* Which characters there are, and which of them more than once: an edit changes two bits at most. */
static guint64
characters_of (const char *text)
{
  guint64 once = 0, again = 0;

  for (; *text != '\0'; text++)
    {
      guint64 bit = G_GUINT64_CONSTANT (1) << (*text & 31);

      again |= once & bit;
      once |= bit;
    }
  return once | again << 32;
}

static guint
allowed_edits (gsize name)
{
  return name <= SHORT_NAME ? 0 : name <= MEDIUM_NAME ? 1 : EDITS;
}

#define FAR (EDITS + 1u)

/* Characters more, less or another, and neighbours swapped (optimal string alignment); FAR when more than
 * EDITS. Cells further from the diagonal than that can't matter. */
static guint
distance (const char *a, gsize a_length, const char *b, gsize b_length)
{
  guint8 rows[3][MOST_BYTES + EDITS + 2];
  guint8 *before = rows[0], *last = rows[1], *row = rows[2];

  if (a_length > b_length + EDITS || b_length > a_length + EDITS)
    return FAR;
  memset (rows, (int) FAR, sizeof rows);
  for (gsize j = 0; j <= EDITS; j++)
    last[j] = (guint8) j;
  for (gsize i = 1; i <= a_length; i++)
    {
      gsize from = i > EDITS ? i - EDITS : 0, until = MIN (i + EDITS, b_length);
      guint8 *spare = before, least = (guint8) FAR;

      row[from > 0 ? from - 1 : 0] = (guint8) FAR;
      for (gsize j = from; j <= until; j++)
        {
          guint cost = MIN (last[j] + 1u, FAR);

          if (j == until && until == i + EDITS)
            cost = FAR; /* beyond the last row's cells */
          if (j > 0)
            cost = MIN (cost, MIN (row[j - 1] + 1u, last[j - 1] + (a[i - 1] != b[j - 1] ? 1u : 0u)));
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            cost = MIN (cost, before[j - 2] + 1u);
          row[j] = (guint8) MIN (cost, FAR);
          least = MIN (least, row[j]);
        }
      if (least == FAR)
        return FAR;
      before = last;
      last = row;
      row = spare;
    }
  return last[b_length];
}

static gsize
name_length_of (const char *registered)
{
  return strcspn (registered, ".");
}

static gboolean
is_near (const Known *known, const Known *other)
{
  guint allowed = allowed_edits (known->name_length);

  if (allowed == 0
      || (guint) __builtin_popcountll (known->characters ^ other->characters) > 2 * allowed)
    return FALSE;
  return distance (known->domain, known->length, other->domain, other->length) <= allowed;
}

/* --- edits of short names ------------------------------------------------------------------- */

/* Whether the names, of the same length, differ in one place, or in neighbours that are swapped. */
static gboolean
is_short_change (const char *name, const char *other, gsize length)
{
  gsize at = 0;

  while (at < length && name[at] == other[at])
    at++;
  if (at + 1 < length && name[at] == other[at + 1] && name[at + 1] == other[at])
    return memcmp (name + at + 2, other + at + 2, length - at - 2) == 0;
  return length == SHORT_NAME && at < length
         && memcmp (name + at + 1, other + at + 1, length - at - 1) == 0;
}

static gboolean
has_one_more (const char *name, const char *other, gsize length)
{
  gsize at = 0;

  while (at < length && name[at] == other[at])
    at++;
  return memcmp (name + at, other + at + 1, length - at) == 0;
}

/* The edit must be in the name, and one after which few have a name of their own: sk-lookalike.h says which. */
static gboolean
is_near_short (const Known *known, const Known *other)
{
  gsize length = known->name_length;

  if (strcmp (known->domain + length, other->domain + other->name_length) != 0)
    return FALSE;
  if (other->name_length == length)
    return is_short_change (known->domain, other->domain, length);
  return other->name_length == length + 1 && has_one_more (known->domain, other->domain, length);
}

static gboolean
is_short (const Known *known)
{
  return known->name_length >= SHORTEST_NAME && known->name_length <= SHORT_NAME;
}

/* Of the domain without the character at `skipped` of its name; the whole when that is its length. */
static guint32
hash_without (const Known *known, gsize skipped)
{
  char text[MOST_BYTES + 1];
  gsize rest = known->length - MIN (skipped + 1, known->length);

  memcpy (text, known->domain, skipped);
  memcpy (text + skipped, known->domain + known->length - rest, rest);
  return hash_part (text, skipped + rest, 0, PARTS);
}

/* Domains of providers that many write to are nobody's trap. */
static gboolean
is_common (const char *domain)
{
  for (const char *const *name = sk_builtin_list_names (); *name != NULL; name++)
    if (g_strv_contains (sk_builtin_list (*name), domain))
      return TRUE;
  return FALSE;
}

/* --- the index ------------------------------------------------------------------------------ */

static void
clear_known (gpointer data)
{
  g_free (((Known *) data)->domain);
}

static void
add_short (SkLookalikes *self, const Known *known, guint32 number)
{
  Part entry = { .domain = number };

  if (!is_short (known))
    return;
  entry.hash = hash_without (known, known->length);
  g_array_append_val (self->parts, entry);
  for (gsize i = 0; i < known->name_length; i++)
    {
      entry.hash = hash_without (known, i);
      g_array_append_val (self->parts, entry);
    }
}

static void
add_parts (SkLookalikes *self, const Known *known, guint32 number)
{
  if (known->name_length <= SHORT_NAME)
    {
      add_short (self, known, number);
      return;
    }
  for (guint part = 0; part < PARTS; part++)
    {
      Part entry = { .domain = number };
      gsize start, length;

      place_of_part (known->name_length, part, &start, &length);
      entry.hash = hash_part (known->domain + start, length, known->name_length, part);
      g_array_append_val (self->parts, entry);
    }
}

static void
add_appearance (SkLookalikes *self, const Known *known, guint32 number)
{
  g_autofree char *appearance = appearance_of (known->domain, known->name_length);

  if (characters_in (appearance) >= LEAST_ALIKE
      && !g_hash_table_contains (self->appearances, appearance))
    g_hash_table_insert (self->appearances, g_steal_pointer (&appearance),
                         GUINT_TO_POINTER (number + 1));
}

static Known
describe (char *registered)
{
  return (Known){ registered, strlen (registered), name_length_of (registered),
                  characters_of (registered) };
}

static void
add (SkLookalikes *self, const char *domain)
{
  const char *registered = registered_part (domain);
  guint32 number = self->known->len;
  Known known;

  if (registered == NULL || g_hash_table_contains (self->domains, registered))
    return;
  known = describe (g_strdup (registered));
  g_array_append_val (self->known, known);
  g_hash_table_insert (self->domains, known.domain, GUINT_TO_POINTER (number + 1));
  add_appearance (self, &known, number);
  add_parts (self, &known, number);
}

static void
fill_table (SkLookalikes *self)
{
  guint32 size = 16;

  while (size < self->parts->len)
    size *= 2;
  self->mask = size - 1;
  self->heads = g_new0 (guint32, size);
  for (guint32 i = 0; i < self->parts->len; i++)
    {
      Part *part = &g_array_index (self->parts, Part, i);

      part->next = self->heads[part->hash & self->mask];
      self->heads[part->hash & self->mask] = i + 1;
    }
}

SkLookalikes *
sk_lookalikes_new (const GPtrArray *domains)
{
  SkLookalikes *self = g_new0 (SkLookalikes, 1);

  self->known = g_array_new (FALSE, FALSE, sizeof (Known));
  g_array_set_clear_func (self->known, clear_known);
  self->domains = g_hash_table_new (g_str_hash, g_str_equal);
  self->appearances = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  for (guint i = 0; i < domains->len; i++)
    add (self, domains->pdata[i]);
  fill_table (self);
  return self;
}

void
sk_lookalikes_free (SkLookalikes *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->domains);
  g_hash_table_unref (self->appearances);
  g_array_unref (self->known);
  g_array_unref (self->parts);
  g_free (self->heads);
  g_free (self);
}

static const Known *
known_at (const SkLookalikes *self, guint32 number)
{
  return &g_array_index (self->known, Known, number);
}

gboolean
sk_lookalikes_knows (const SkLookalikes *self, const char *domain)
{
  const char *registered = registered_part (domain);

  return registered != NULL && g_hash_table_contains (self->domains, registered);
}

static const Known *
find_appearance (const SkLookalikes *self, const char *registered)
{
  g_autofree char *appearance = appearance_of (registered, name_length_of (registered));
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->appearances, appearance));

  return number != 0 ? known_at (self, number - 1) : NULL;
}

static const Known *
find_part (const SkLookalikes *self, guint32 hash, const Known *other)
{
  for (guint32 i = self->heads[hash & self->mask]; i != 0;)
    {
      const Part *part = &g_array_index (self->parts, Part, i - 1);

      const Known *known = known_at (self, part->domain);

      if (part->hash == hash && (is_short (known) ? is_near_short (known, other) : is_near (known, other)))
        return known;
      i = part->next;
    }
  return NULL;
}

/* A known domain with a name of so many bytes, whose part of this number stands in `other`, some
 * bytes off its place. */
static const Known *
find_shifted (const SkLookalikes *self, const Known *other, gsize name_length, guint part)
{
  const Known *found = NULL;
  gsize start, length;

  place_of_part (name_length, part, &start, &length);
  for (gsize at = start - MIN (start, EDITS); found == NULL && at <= start + EDITS; at++)
    if (at + length <= other->length)
      found = find_part (self, hash_part (other->domain + at, length, name_length, part), other);
  return found;
}

static const Known *
find_near (const SkLookalikes *self, const Known *other)
{
  gsize longest = other->name_length + NAME_SHIFT, n = other->name_length;
  const Known *found = NULL;

  if (n < SHORT_NAME)
    return NULL;
  for (n = MAX (n - NAME_SHIFT, SHORT_NAME + 1); found == NULL && n <= longest; n++)
    for (guint part = 0; found == NULL && part < PARTS; part++)
      found = find_shifted (self, other, n, part);
  return found;
}

static const Known *
find_near_short (const SkLookalikes *self, const Known *other)
{
  const Known *found = NULL;

  if (other->name_length < SHORTEST_NAME || other->name_length > SHORT_NAME + 1)
    return NULL;
  for (gsize i = 0; found == NULL && i < other->name_length; i++)
    found = find_part (self, hash_without (other, i), other);
  return found != NULL && !is_common (other->domain) ? found : NULL;
}

const char *
sk_lookalikes_find (const SkLookalikes *self, const char *domain)
{
  const char *registered = registered_part (domain);
  const Known *found;
  Known other;

  if (registered == NULL || g_hash_table_contains (self->domains, registered))
    return NULL;
  other = describe ((char *) registered);
  found = find_appearance (self, registered);
  if (found == NULL)
    found = find_near (self, &other);
  if (found == NULL)
    found = find_near_short (self, &other);
  return found != NULL ? found->domain : NULL;
}
