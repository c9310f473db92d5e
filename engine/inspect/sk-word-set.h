/* Lists of words of which one may stand at a place in a text, found without comparing them all.
 *
 * The words are static and the set is made once, when it is first asked; any thread may ask. Used by the
 * tables of words around names and addresses.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  const char *const *words; /* NULL-terminated, none empty */
  struct _SkWordBuckets *buckets;
} SkWordSet;

/* A set as a static variable `name` over the words that follow. */
#define SK_WORD_SET(name, ...) \
  static const char *const name##_words[] = { __VA_ARGS__, NULL }; \
  static SkWordSet name = { name##_words, NULL }

/* The length of the first word of the list that stands at p and ends before `end`; 0: none does. */
gsize sk_word_set_at (SkWordSet *self, const char *p, const char *end);

/* Whether one of them stands anywhere in [p, end). */
gboolean sk_word_set_is_in (SkWordSet *self, const char *p, const char *end);

/* The number, from 0, of the first word at or behind number `from` that stands at p; -1: none does. */
int sk_word_set_next_at (SkWordSet *self, const char *p, const char *end, int from);
