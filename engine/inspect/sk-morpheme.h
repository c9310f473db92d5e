/* Words of a Japanese sentence and what kind of name each may be, by MeCab with the IPADIC dictionary.
 *
 * For the detector of personal names. The dictionary is loaded once in a process (mapped, 50 MB shared);
 * a reader belongs to one thread at a time. When the dictionary can't be read there is none, and
 * sk_morpheme_reader_new() says why: programs ask once at their start.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef enum {
  SK_MORPHEME_OTHER,
  SK_MORPHEME_NOUN,      /* common, or a verb's (サ変) */
  SK_MORPHEME_SURNAME,
  SK_MORPHEME_GIVEN,
  SK_MORPHEME_PERSON,    /* a person's, neither of the two */
  SK_MORPHEME_PLACE,
  SK_MORPHEME_PROPER,    /* organisations, and names of other things */
  SK_MORPHEME_PREFIX,
  SK_MORPHEME_SUFFIX,    /* 県, 駅, 家 … */
  SK_MORPHEME_HONORIFIC, /* 様, さん, 氏 */
  SK_MORPHEME_PARTICLE,
} SkMorphemeKind;

typedef struct {
  guint32 start, length; /* bytes of the piece */
  SkMorphemeKind kind;
  gboolean is_unknown; /* in no dictionary */
} SkMorpheme;

typedef struct _SkMorphemeReader SkMorphemeReader;

/* Can the dictionary be read? */
gboolean sk_morpheme_is_ready (GError **error);
/* NULL only when it can't. */
SkMorphemeReader *sk_morpheme_reader_new (void);
void sk_morpheme_reader_free (SkMorphemeReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkMorphemeReader, sk_morpheme_reader_free)

/* At most this long may a piece of text be. */
#define SK_MORPHEME_MAX_PIECE 1024

/* The words of `text`. `path`: how MeCab reads it, without the blanks; `names`: every surname, given name and
 * other personal name of the dictionary that begins anywhere in it, by start. Both are the reader's, until
 * the next call. FALSE: MeCab could not read it. */
gboolean sk_morpheme_read (SkMorphemeReader *self, const char *text, gsize length,
                           const GArray **path, const GArray **names);
