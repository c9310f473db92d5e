// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-topic.h"

#include "sk-label-words.h"

#include <string.h>

#define REACH 600

static gboolean
is_word_in (const SkScan *scan, gsize from, gsize to, const SkTopicWord *word)
{
  gsize length = strlen (word->word);
  const char *found;

  while ((found = memmem (scan->text + from, to - from, word->word, length)) != NULL)
    {
      gsize at = (gsize) (found - scan->text);

      if (!word->is_whole || !sk_label_is_compound (scan->text, from, at))
        return TRUE;
      from = at + length;
    }
  return FALSE;
}

gboolean
sk_topic_is_in (const SkScan *scan, gsize from, gsize to, const SkTopicWord *words)
{
  for (; words->word != NULL; words++)
    if (is_word_in (scan, from, to, words))
      return TRUE;
  return FALSE;
}

gboolean
sk_topic_is_before (const SkScan *scan, gsize start, const SkTopicWord *words)
{
  return sk_topic_is_in (scan, start > REACH ? start - REACH : 0, start, words);
}
