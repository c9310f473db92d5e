// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-settings-line.h"

#include <string.h>

typedef enum { NOTHING, GROUP, KEY, BROKEN } Kind;

/* What a line is; `*name` is that of its group or key. */
static Kind
read_line (const char *line, gsize length, char **name)
{
  g_autofree char *text = g_strstrip (g_strndup (line, length));
  const gsize end = strlen (text);
  char *equals = strchr (text, '=');

  *name = NULL;
  if (*text == '\0' || *text == '#')
    return NOTHING;
  if (*text == '[' && text[end - 1] == ']')
    {
      *name = g_strndup (text + 1, end - 2);
      return GROUP;
    }
  if (equals == NULL || equals == text)
    return BROKEN;
  *name = g_strchomp (g_strndup (text, (gsize) (equals - text)));
  return KEY;
}

guint
sk_settings_line_of (const char *text, const char *group, const char *name)
{
  guint found = 0;
  gboolean within = FALSE;

  for (guint number = 1; *text != '\0'; number++)
    {
      const gsize length = strcspn (text, "\n");
      g_autofree char *said = NULL;
      const Kind kind = read_line (text, length, &said);

      if (kind == GROUP)
        within = g_str_equal (said, group);
      if (within && kind == GROUP && name == NULL)
        return number;
      if (within && kind == KEY && g_strcmp0 (said, name) == 0)
        found = number;
      text += length + (text[length] == '\n');
    }
  return found;
}

guint
sk_settings_line_broken (const char *text)
{
  gboolean within = FALSE;

  for (guint number = 1; *text != '\0'; number++)
    {
      const gsize length = strcspn (text, "\n");
      g_autofree char *said = NULL;
      const Kind kind = read_line (text, length, &said);

      if (kind == BROKEN || (kind == KEY && !within))
        return number;
      within |= kind == GROUP;
      text += length + (text[length] == '\n');
    }
  return 0;
}

guint
sk_settings_line_at (const char *text, const char *at)
{
  guint number = 1;

  for (; text < at; text++)
    number += *text == '\n';
  return number;
}
