// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-masquerade.h"

#include "sk-message.h"

#include <string.h>

/* Blanks part kinds, beginnings of types, extensions. */
static const struct {
  const char *kinds, *types;
} types[] = {
#define TYPES(kinds, types) { kinds, types },
#include "sk-format-list.inc"
};

/* Extensions that are not there say nothing. */
static const struct {
  const char *extensions, *kinds;
} names[] = {
#define NAMES(extensions, kinds) { extensions, kinds },
#include "sk-format-list.inc"
};

static gboolean
has_word (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list, " ", -1);

  return g_strv_contains ((const char *const *) words, word);
}

/* How much of the type the longest of these beginnings takes; 0: it begins with none. */
static gsize
longest_beginning (const char *beginnings, const char *type)
{
  g_auto (GStrv) words = g_strsplit (beginnings, " ", -1);
  gsize longest = 0;

  for (char **word = words; *word != NULL; word++)
    if (g_ascii_strncasecmp (type, *word, strlen (*word)) == 0)
      longest = MAX (longest, strlen (*word));
  return longest;
}

static const char *
kinds_of (const char *type)
{
  const char *kinds = "other";
  gsize longest = 0;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      gsize length = longest_beginning (types[i].types, type);

      if (length <= longest)
        continue;
      longest = length;
      kinds = types[i].kinds;
    }
  return kinds;
}

/* NULL: it says nothing. */
static const char *
expected_kinds (const char *extension)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (has_word (names[i].extensions, extension))
      return names[i].kinds;
  return NULL;
}

static gboolean
has_any (const char *expected, const char *kinds)
{
  g_auto (GStrv) words = g_strsplit (kinds, " ", -1);

  for (char **word = words; *word != NULL; word++)
    if (strcmp (*word, "empty") == 0 || has_word (expected, *word))
      return TRUE;
  return FALSE;
}

SkTruth
sk_masquerade_check (const char *name, const char *type)
{
  g_auto (GStrv) extensions = name != NULL ? sk_attachment_extensions (name) : NULL;
  const char *expected
      = extensions != NULL && extensions[0] != NULL ? expected_kinds (extensions[0]) : NULL;

  if (expected == NULL)
    return SK_NO;
  if (type == NULL)
    return SK_UNKNOWN;
  return has_any (expected, kinds_of (type)) ? SK_NO : SK_YES;
}
