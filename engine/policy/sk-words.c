// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-words.h"

#include <string.h>

/* How it works. The words stand sorted in one arena. A node stands for all words that begin alike;
 * below their common beginning they branch by their next STRIDE bytes, or by all that is left of
 * them when that is less. All branches of all nodes are slots of one hash table; a slot leads to a
 * few words, which are compared, or to another node. A word of any length is found in a few probes,
 * and words that begin alike (株式会社…) cost no more than others.
 *
 * In front of the table stand two filters for the place where a word may begin: the first two bytes
 * tell whether there are words at all, and of which kind; a bitmap over the root's branches lets
 * the rest pass. */

enum {
  STRIDE = 6,
  LEAF_WORDS = 8,      /* so many are rather compared one by one */
  WHOLE = 1 << STRIDE, /* in branch masks: words that go on for STRIDE bytes or more; bit n: that
                          end after n */
  NO_NODE = G_MAXUINT32,
};

typedef struct {
  guint32 offset, length, id;
} Word;

typedef struct {
  guint32 first; /* a word of the node */
  guint32 depth; /* length of the common beginning */
  guint8 mask;   /* which lengths of branches there are */
} Node;

typedef struct {
  guint32 tag;          /* the other half of the hash */
  guint32 first, count; /* count 0: an empty slot */
  guint32 node;
} Slot;

struct _SkWordsBuilder {
  GByteArray *arena;
  GArray *words;
};

struct _SkWords {
  GByteArray *arena;
  gsize longest; /* bytes */
  GArray *words; /* Word, sorted by their bytes */
  GArray *nodes; /* Node, the root first */
  Slot *slots;
  guint64 slot_mask;
  guint8 *bitmap;
  guint bitmap_shift;
  guint8 *
      pairs; /* by the first two bytes: the root's mask; of words of one byte for any second byte */
  gboolean begins[256];
  gboolean ascii_begins;
};

typedef struct {
  guint64 key;
  Word word;
} SortedWord;

SkWordsBuilder *
sk_words_builder_new (void)
{
  SkWordsBuilder *self = g_new0 (SkWordsBuilder, 1);

  self->arena = g_byte_array_new ();
  self->words = g_array_new (FALSE, FALSE, sizeof (Word));
  return self;
}

gboolean
sk_words_builder_add (SkWordsBuilder *self, const char *word, guint32 id)
{
  gsize length = strlen (word);
  g_autofree char *changed = sk_words_fold_changed (word, length, &length);
  const char *folded = changed != NULL ? changed : word;
  Word entry = { self->arena->len, 0, id };

  /* NFKC has made every blank of other scripts a space. */
  while (length > 0 && g_ascii_isspace (*folded))
    {
      folded++;
      length--;
    }
  while (length > 0 && g_ascii_isspace (folded[length - 1]))
    length--;
  if (length == 0)
    return FALSE;
  entry.length = (guint32) length;
  g_byte_array_append (self->arena, (const guint8 *) folded, (guint) length);
  g_array_append_val (self->words, entry);
  return TRUE;
}

static inline const guint8 *
bytes_of (const SkWords *self, guint32 index)
{
  return self->arena->data + g_array_index (self->words, Word, index).offset;
}

static inline guint32
length_of (const SkWords *self, guint32 index)
{
  return g_array_index (self->words, Word, index).length;
}

static int
compare_words (gconstpointer a, gconstpointer b, gpointer arena)
{
  const SortedWord *x = a, *y = b;
  const guint8 *bytes = arena;
  int order;

  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  order = memcmp (bytes + x->word.offset, bytes + y->word.offset,
                  MIN (x->word.length, y->word.length));
  if (order != 0)
    return order;
  return x->word.length < y->word.length ? -1 : x->word.length > y->word.length;
}

/* Words of fewer bytes are filled up with NULs, which no word holds. */
static guint64
first_eight (const guint8 *bytes, gsize length)
{
  guint64 value = 0;

  memcpy (&value, bytes, MIN (length, sizeof value));
  return GUINT64_FROM_BE (value);
}

static void
sort_words (SkWords *self)
{
  guint n = self->words->len;
  g_autofree SortedWord *sorted = g_new (SortedWord, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      sorted[i].word = g_array_index (self->words, Word, i);
      sorted[i].key
          = first_eight (self->arena->data + sorted[i].word.offset, sorted[i].word.length);
    }
  g_qsort_with_data (sorted, (gint) n, sizeof *sorted, compare_words, self->arena->data);
  for (guint i = 0; i < n; i++)
    g_array_index (self->words, Word, i) = sorted[i].word;
}

/* At most 8 bytes, the first in the low byte. */
static inline guint64
load (const guint8 *bytes, gsize length)
{
  guint64 value = 0;

  memcpy (&value, bytes, length);
  return GUINT64_FROM_LE (value);
}

static inline guint64
hash_branch (guint64 bytes, guint length, guint32 node)
{
  guint64 h = (bytes | (guint64) length << 48) + node * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  h ^= h >> 32;
  h *= G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
  h ^= h >> 29;
  h *= G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
  return h ^ h >> 32;
}

/* For the root only, and quick: the bitmap needs no more. */
static inline guint64
filter_bit (const SkWords *self, guint64 bytes, guint length)
{
  return ((bytes | (guint64) length << 48) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15))
         >> self->bitmap_shift;
}

static guint32
common_beginning (const SkWords *self, guint32 first, guint32 last)
{
  /* Sorted: what the first and the last have in common, all have. */
  const guint8 *a = bytes_of (self, first), *b = bytes_of (self, last);
  guint32 limit = MIN (length_of (self, first), length_of (self, last)), n = 0;

  while (n < limit && a[n] == b[n])
    n++;
  return n;
}

typedef struct {
  SkWords *words;
  GArray *slots; /* Slot and its hash, before the table's size is known */
  GArray *hashes;
} Build;

static guint
branch_length (const SkWords *self, guint32 index, guint32 depth)
{
  return MIN (length_of (self, index) - depth, STRIDE);
}

static guint32
end_of_branch (const SkWords *self, guint32 first, guint32 end, guint32 depth)
{
  guint length = branch_length (self, first, depth);
  guint64 bytes = load (bytes_of (self, first) + depth, length);
  guint32 i = first + 1;

  while (i < end && branch_length (self, i, depth) == length
         && load (bytes_of (self, i) + depth, length) == bytes)
    i++;
  return i;
}

static guint32 add_node (Build *build, guint32 first, guint32 end, guint32 depth);

static void
add_branch (Build *build, guint32 node, guint32 first, guint32 end, guint32 depth)
{
  SkWords *self = build->words;
  guint length = branch_length (self, first, depth);
  guint64 hash = hash_branch (load (bytes_of (self, first) + depth, length), length, node);
  Slot slot = { (guint32) hash, first, end - first, NO_NODE };

  if (length == STRIDE && end - first > LEAF_WORDS)
    slot.node = add_node (build, first, end, depth + STRIDE);
  g_array_append_val (build->slots, slot);
  g_array_append_val (build->hashes, hash);
}

/* The recursion is as deep as the longest word has strides in which it branches. */
static guint32
add_node (Build *build, guint32 first, guint32 end, guint32 depth)
{
  SkWords *self = build->words;
  guint32 number = self->nodes->len;
  Node node = { first, depth, 0 };

  node.depth = depth == 0 ? 0 : common_beginning (self, first, end - 1);
  g_array_append_val (self->nodes, node);
  while (first < end)
    {
      guint32 branch_end = end_of_branch (self, first, end, node.depth);

      node.mask |= (guint8) (1u << branch_length (self, first, node.depth));
      add_branch (build, number, first, branch_end, node.depth);
      first = branch_end;
    }
  g_array_index (self->nodes, Node, number).mask = node.mask;
  return number;
}

static void
fill_table (SkWords *self, const Build *build)
{
  gsize size = 16;

  while (size < 2 * (gsize) build->slots->len)
    size *= 2;
  self->slots = g_new0 (Slot, size);
  self->slot_mask = size - 1;
  for (guint i = 0; i < build->slots->len; i++)
    {
      gsize at = (gsize) (g_array_index (build->hashes, guint64, i) >> 32) & self->slot_mask;

      while (self->slots[at].count != 0)
        at = (at + 1) & self->slot_mask;
      self->slots[at] = g_array_index (build->slots, Slot, i);
    }
}

static void
fill_pairs (SkWords *self, const guint8 *bytes, guint length)
{
  guint8 mask = (guint8) (1u << length);

  self->begins[bytes[0]] = TRUE;
  self->ascii_begins |= bytes[0] < 0x80;
  if (length > 1)
    self->pairs[bytes[0] | bytes[1] << 8] |= mask;
  else
    for (guint second = 0; second < 256; second++)
      self->pairs[bytes[0] | second << 8] |= mask;
}

/* 16 bits a branch of the root: some 6 in 100 pass by chance. */
static void
fill_filters (SkWords *self)
{
  guint bits = 10;

  while (bits < 26 && (1u << bits) < 16 * self->words->len)
    bits++;
  self->bitmap_shift = 64 - bits;
  self->bitmap = g_malloc0 ((gsize) 1 << (bits - 3));
  self->pairs = g_malloc0 (65536);
  for (guint i = 0; i < self->words->len; i++)
    {
      guint length = branch_length (self, i, 0);
      guint64 bit = filter_bit (self, load (bytes_of (self, i), length), length);

      self->bitmap[bit >> 3] |= (guint8) (1u << (bit & 7));
      fill_pairs (self, bytes_of (self, i), length);
      self->longest = MAX (self->longest, length_of (self, i));
    }
}

SkWords *
sk_words_builder_finish (SkWordsBuilder *builder)
{
  SkWords *self = g_new0 (SkWords, 1);
  Build build = { self, g_array_new (FALSE, FALSE, sizeof (Slot)),
                  g_array_new (FALSE, FALSE, sizeof (guint64)) };

  self->arena = builder->arena;
  self->words = builder->words;
  g_free (builder);
  self->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  sort_words (self);
  add_node (&build, 0, self->words->len, 0);
  fill_table (self, &build);
  fill_filters (self);
  g_array_unref (build.slots);
  g_array_unref (build.hashes);
  return self;
}

void
sk_words_free (SkWords *self)
{
  g_byte_array_unref (self->arena);
  g_array_unref (self->words);
  g_array_unref (self->nodes);
  g_free (self->slots);
  g_free (self->bitmap);
  g_free (self->pairs);
  g_free (self);
}

typedef struct {
  const SkWords *words;
  const guint8 *text;
  gsize length;
  gsize base; /* where `text` begins, for the callback */
  SkWordsFunc callback;
  gpointer user_data;
} Scan;

/* Only candidates come here, so each is compared in full: a wrong tag costs time, not truth. */
static gboolean
report_words (const Scan *scan, gsize at, const Slot *slot)
{
  const SkWords *self = scan->words;

  for (guint32 i = slot->first; i < slot->first + slot->count; i++)
    {
      guint32 length = length_of (self, i);

      if (length <= scan->length - at && memcmp (scan->text + at, bytes_of (self, i), length) == 0
          && !scan->callback (g_array_index (self->words, Word, i).id, scan->base + at, length,
                              scan->user_data))
        return FALSE;
    }
  return TRUE;
}

static gboolean search_node (const Scan *scan, gsize at, guint32 number);

/* The branch of `number` that goes on with the `length` bytes at its depth. */
static gboolean
search_branch (const Scan *scan, gsize at, guint32 number, guint64 bytes, guint length,
               guint32 depth)
{
  const SkWords *self = scan->words;
  guint64 hash = hash_branch (bytes, length, number);
  gsize slot = (gsize) (hash >> 32) & self->slot_mask;

  for (; self->slots[slot].count != 0; slot = (slot + 1) & self->slot_mask)
    {
      const Slot *found = &self->slots[slot];

      if (found->tag != (guint32) hash || length_of (self, found->first) < depth + length
          || branch_length (self, found->first, depth) != length
          || memcmp (bytes_of (self, found->first), scan->text + at, depth + length) != 0)
        continue;
      return found->node == NO_NODE ? report_words (scan, at, found)
                                    : search_node (scan, at, found->node);
    }
  return TRUE;
}

static gboolean
search_node (const Scan *scan, gsize at, guint32 number)
{
  const SkWords *self = scan->words;
  const Node *node = &g_array_index (self->nodes, Node, number);
  gsize left = scan->length - at;

  if (left < node->depth
      || memcmp (scan->text + at, bytes_of (self, node->first), node->depth) != 0)
    return TRUE;
  left -= node->depth;
  for (guint length = 0; length <= STRIDE && length <= left; length++)
    if ((node->mask & 1u << length) != 0
        && !search_branch (scan, at, number, load (scan->text + at + node->depth, length), length,
                           node->depth))
      return FALSE;
  return TRUE;
}

static inline gboolean
may_be (const SkWords *self, guint64 bytes, guint length)
{
  guint64 bit = filter_bit (self, bytes, length);

  return (self->bitmap[bit >> 3] >> (bit & 7) & 1) != 0;
}

/* `mask`: which branches of the root the first two bytes leave. `ahead`: the next 8 bytes, NULs
 * behind the end. */
static inline gboolean
search_root (const Scan *scan, gsize at, guint8 mask, guint64 ahead)
{
  const SkWords *self = scan->words;

  if ((mask & WHOLE) != 0)
    {
      guint64 bytes = ahead & G_GUINT64_CONSTANT (0xffffffffffff);

      if (may_be (self, bytes, STRIDE) && scan->length - at >= STRIDE
          && !search_branch (scan, at, 0, bytes, STRIDE, 0))
        return FALSE;
      mask &= (guint8) ~WHOLE;
    }
  for (; mask != 0; mask &= (guint8) (mask - 1))
    {
      guint length = (guint) __builtin_ctz (mask);
      guint64 bytes = ahead & ((G_GUINT64_CONSTANT (1) << 8 * length) - 1);

      if (may_be (self, bytes, length) && length <= scan->length - at
          && !search_branch (scan, at, 0, bytes, length, 0))
        return FALSE;
    }
  return TRUE;
}

static inline guint64
load_ahead (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_LE (value);
}

/* Where no word begins with an ASCII byte, runs of ASCII are passed 32 bytes at a time. */
static inline gsize
pass_ascii (const guint8 *text, gsize at, gsize end)
{
  while (at + 32 <= end)
    {
      guint64 a = load_ahead (text + at) | load_ahead (text + at + 8);
      guint64 b = load_ahead (text + at + 16) | load_ahead (text + at + 24);

      if (((a | b) & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
        break;
      at += 32;
    }
  return at;
}

/* Passes places where no word begins, four at a time. Stops at one, or within 12 bytes of the end.
 */
static inline gsize
pass_pairs (const SkWords *self, const guint8 *text, gsize at, gsize end)
{
  const guint8 *pairs = self->pairs;

  while (at + 12 <= end)
    {
      guint64 a = load_ahead (text + at);

      if ((pairs[a & 0xffff] | pairs[a >> 8 & 0xffff] | pairs[a >> 16 & 0xffff]
           | pairs[a >> 24 & 0xffff])
          == 0)
        {
          at += 4;
          continue;
        }
      while (pairs[a & 0xffff] == 0)
        {
          a >>= 8;
          at++;
        }
      return at;
    }
  return at;
}

static gboolean
scan_end (const Scan *scan, gsize at, gsize until)
{
  for (; at < until; at++)
    {
      guint64 ahead = load (scan->text + at, MIN (scan->length - at, sizeof ahead));
      guint8 mask = scan->words->pairs[ahead & 0xffff];

      if (mask != 0 && !search_root (scan, at, mask, ahead))
        return FALSE;
    }
  return TRUE;
}

/* Words that begin in [at, until). FALSE when the callback said so. */
static gboolean
scan_range (const Scan *scan, gsize at, gsize until)
{
  const SkWords *self = scan->words;
  gsize length = scan->length;

  while (at + 12 <= length)
    {
      guint64 ahead;
      guint8 mask;

      if (!self->ascii_begins && scan->text[at] < 0x80)
        at = pass_ascii (scan->text, at, length);
      at = pass_pairs (self, scan->text, at, length);
      if (at >= until)
        return TRUE;
      if (at + 12 > length)
        break;
      ahead = load_ahead (scan->text + at);
      mask = self->pairs[ahead & 0xffff];
      if (!search_root (scan, at, mask, ahead))
        return FALSE;
      at++;
    }
  return scan_end (scan, at, until);
}

void
sk_words_scan (const SkWords *self, const char *folded, gsize length, SkWordsFunc callback,
               gpointer user_data)
{
  sk_words_scan_part (self, folded, length, 0, length, callback, user_data);
}

gboolean
sk_words_scan_part (const SkWords *self, const char *folded, gsize length, gsize from, gsize until,
                    SkWordsFunc callback, gpointer user_data)
{
  const Scan scan = { self, (const guint8 *) folded, length, 0, callback, user_data };

  return scan_range (&scan, from, until);
}

gsize
sk_words_longest (const SkWords *self)
{
  return self->longest;
}

/* `pending` holds what was folded and not yet left behind; a word may still begin in its last bytes
 * and end in the next piece. */
static void
scan_pieces (Scan *scan, const char *text, gsize length)
{
  const char *end = text + length;
  g_autoptr (GString) pending = g_string_new (NULL);
  gsize longest = MAX (scan->words->longest, 1), until = 0;

  do
    {
      g_string_erase (pending, 0, (gssize) until);
      scan->base += until;
      /* Of long words so much at once that moving them costs little. */
      do
        text = sk_words_fold_piece (text, end, pending);
      while (text < end && pending->len < 2 * longest);
      until = text == end ? pending->len : pending->len - (longest - 1);
      scan->text = (const guint8 *) pending->str;
      scan->length = pending->len;
    }
  while (scan_range (scan, 0, until) && text < end);
}

void
sk_words_scan_text (const SkWords *self, const char *text, gsize length, SkWordsFunc callback,
                    gpointer user_data)
{
  Scan scan = { self, NULL, 0, 0, callback, user_data };

  if (self->longest > 0)
    scan_pieces (&scan, text, length);
}
