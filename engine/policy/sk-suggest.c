// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-suggest.h"

#include <glib.h>
#include <string.h>

enum { LONGEST = 64 };

/* Code points in lower case, so that a slip of the shift key costs nothing. 0 when it is too long
 * to compare. */
static glong
decode (const char *word, gunichar characters[LONGEST])
{
  glong length = 0;

  if (!g_utf8_validate (word, -1, NULL) || g_utf8_strlen (word, -1) > LONGEST)
    return 0;
  for (const char *p = word; *p != '\0'; p = g_utf8_next_char (p))
    characters[length++] = g_unichar_tolower (g_utf8_get_char (p));
  return length;
}

/* Edits between two words: insertions, deletions, replacements, and neighbours that changed places
 * (optimal string alignment). */
static int
distance (const gunichar *a, glong a_length, const gunichar *b, glong b_length)
{
  int rows[3][LONGEST + 1];
  int *before = rows[0], *last = rows[1], *now = rows[2];

  for (glong j = 0; j <= b_length; j++)
    last[j] = (int) j;
  for (glong i = 1; i <= a_length; i++)
    {
      int *recycled = before;

      now[0] = (int) i;
      for (glong j = 1; j <= b_length; j++)
        {
          now[j] = MIN (MIN (last[j], now[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            now[j] = MIN (now[j], before[j - 2] + 1);
        }
      before = last;
      last = now;
      now = recycled;
    }
  return last[b_length];
}

const char *
sk_suggest (const char *word, const char *const *candidates)
{
  gunichar wanted[LONGEST], candidate[LONGEST];
  glong length = decode (word, wanted);
  int best = length <= 2 ? 1 : length <= 5 ? 2 : 3;
  const char *nearest = NULL;

  if (length == 0)
    return NULL;
  for (; *candidates != NULL; candidates++)
    {
      glong candidate_length = decode (*candidates, candidate);
      int edits = candidate_length == 0 ? LONGEST
                                        : distance (wanted, length, candidate, candidate_length);

      /* A short word must keep something of what was written. */
      if (edits >= MAX (length, candidate_length) || edits > best
          || (edits == best && nearest != NULL))
        continue;
      best = edits;
      nearest = *candidates;
    }
  return nearest;
}
