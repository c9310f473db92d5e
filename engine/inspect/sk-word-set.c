// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-word-set.h"

#include <string.h>

#define BUCKETS 256

typedef struct _SkWordBuckets SkWordBuckets;

/* The words of a bucket, in the order of the list, are a chain of numbers + 1. */
struct _SkWordBuckets {
  guint16 first[BUCKETS];
  guint16 *next;
  guint8 *lengths;
};

/* Of the first character; words of one byte have buckets of their own as good as any. */
static guint
bucket_of (const char *p, gsize length)
{
  guint hash = (guchar) p[0];

  if (hash >= 0xE0 && length >= 3)
    hash = hash * 31 + (guchar) p[1] * 7 + (guchar) p[2];
  return hash % BUCKETS;
}

static SkWordBuckets *
buckets_new (const char *const *words)
{
  SkWordBuckets *buckets = g_new0 (SkWordBuckets, 1);
  guint n = g_strv_length ((char **) words);

  g_assert (n < G_MAXUINT16);
  buckets->next = g_new0 (guint16, n);
  buckets->lengths = g_new0 (guint8, n);
  for (guint i = n; i > 0; i--)
    {
      gsize length = strlen (words[i - 1]);
      guint bucket = bucket_of (words[i - 1], length);

      g_assert (length > 0 && length < 256);
      buckets->lengths[i - 1] = (guint8) length;
      buckets->next[i - 1] = buckets->first[bucket];
      buckets->first[bucket] = (guint16) i;
    }
  return buckets;
}

static const SkWordBuckets *
buckets_of (SkWordSet *self)
{
  if (g_once_init_enter (&self->buckets))
    g_once_init_leave (&self->buckets, buckets_new (self->words));
  return self->buckets;
}

int
sk_word_set_next_at (SkWordSet *self, const char *p, const char *end, int from)
{
  const SkWordBuckets *buckets = buckets_of (self);
  gsize room = (gsize) (end - p);

  if (p >= end)
    return -1;
  for (guint i = buckets->first[bucket_of (p, room)]; i > 0; i = buckets->next[i - 1])
    if ((int) i - 1 >= from && buckets->lengths[i - 1] <= room
        && memcmp (p, self->words[i - 1], buckets->lengths[i - 1]) == 0)
      return (int) i - 1;
  return -1;
}

gsize
sk_word_set_at (SkWordSet *self, const char *p, const char *end)
{
  int found = sk_word_set_next_at (self, p, end, 0);

  return found >= 0 ? buckets_of (self)->lengths[found] : 0;
}

gboolean
sk_word_set_is_in (SkWordSet *self, const char *p, const char *end)
{
  for (; p < end; p = g_utf8_next_char (p))
    if (sk_word_set_next_at (self, p, end, 0) >= 0)
      return TRUE;
  return FALSE;
}
