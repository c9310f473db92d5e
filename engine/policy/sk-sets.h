/* One index of all addresses and domains that a policy names: of lists, groups and conditions.
 *
 * Each list, group or condition is a set with a number. One look-up for an address and one for each
 * ending of its domain tell all sets it is in, whatever their number and size. Rows (of list files)
 * are kept with the keys, so that a list's columns can be found. Keys are in comparing form
 * (SkAddress.key, sk_domain_key()). Filled by one thread, then read by any.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkSets SkSets;

SkSets *sk_sets_new (void);
void sk_sets_free (SkSets *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkSets, sk_sets_free)

guint sk_sets_new_set (SkSets *self); /* numbers from 0 */
guint sk_sets_count (const SkSets *self);

/* A domain means itself and its subdomains, unless it is `exact`. An address key never counts as a
 * domain. */
void sk_sets_add_address (SkSets *self, guint set, const char *key, guint32 row);
void sk_sets_add_domain (SkSets *self, guint set, const char *key, gboolean exact, guint32 row);

/* Sets the bits (64 a word) of all sets in which `address` or a domain that `domain` belongs to
 * stands. Either may be NULL. */
void sk_sets_find (const SkSets *self, const char *address, const char *domain, guint64 *bits);

/* The rows of one set that hold for an address: an address row beats the longest domain row;
 * several rows may have that key. Added to `rows` (guint32). */
void sk_sets_find_rows (const SkSets *self, guint set, const char *address, const char *domain,
                        GArray *rows);

/* How long (in labels' bytes, the exact one longest) the longest domain of the set is that `domain`
 * belongs to; 0: none. */
gsize sk_sets_longest_domain (const SkSets *self, guint set, const char *domain);

/* The first set of a key that is no domain; G_MAXUINT: it is in none. */
guint sk_sets_find_value (const SkSets *self, const char *key);

#define SK_BITS_WORDS(n) (((n) + 63) / 64)

static inline void
sk_bits_set (guint64 *bits, guint i)
{
  bits[i / 64] |= G_GUINT64_CONSTANT (1) << (i % 64);
}

static inline gboolean
sk_bits_test (const guint64 *bits, guint i)
{
  return (bits[i / 64] >> (i % 64)) & 1;
}
