// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-topic.h"

#include <string.h>

#define REACH 600 /* bytes */
#define REACH_IN_LINE 120

gboolean
sk_topic_is_named (const SkScan *scan, gsize from, gsize to, const char *const *words)
{
  for (; *words != NULL; words++)
    if (memmem (scan->text + from, to - from, *words, strlen (*words)) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
sk_topic_before (const SkScan *scan, gsize start, const char *const *words)
{
  return sk_topic_is_named (scan, start > REACH ? start - REACH : 0, start, words);
}

gboolean
sk_topic_in_line (const SkScan *scan, gsize start, const char *const *words)
{
  gsize low = start > REACH_IN_LINE ? start - REACH_IN_LINE : 0;
  const char *line = memrchr (scan->text + low, '\n', start - low);

  return sk_topic_is_named (scan, line != NULL ? (gsize) (line - scan->text) : low, start, words);
}
