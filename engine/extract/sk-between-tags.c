// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-between-tags.h"

#include "sk-html-entity.h"

#include <string.h>

/* Of the tag that begins at `tag`, whose name begins behind `skip` characters. */
static const char *
name_among (const char *tag, const char *end, gsize skip, const char *const *names)
{
  for (; *names != NULL; names++)
    {
      gsize length = strlen (*names);

      if ((gsize) (end - tag) > skip + length && memcmp (tag + skip, *names, length) == 0
          && strchr ("/> \t\r\n", tag[skip + length]) != NULL)
        return *names;
    }
  return NULL;
}

/* To the end of what is not told; `tag` when it is. `unclosed`: the name that is known not to be closed any more. */
static const char *
skip_silent (const char *tag, const char *end, const char *const *silent, const char **unclosed)
{
  const char *name = name_among (tag, end, 1, silent), *at;
  g_autofree char *close = name != NULL && name != *unclosed ? g_strconcat ("</", name, NULL) : NULL;

  at = close != NULL ? memmem (tag, (gsize) (end - tag), close, strlen (close)) : NULL;
  if (close != NULL && at == NULL)
    *unclosed = name;
  return at != NULL ? at : tag;
}

static void
end_line (GString *into)
{
  if (into->len > 0 && into->str[into->len - 1] != '\n')
    g_string_append_c (into, '\n');
}

static const char *
behind (const char *p, const char *end, const char *mark)
{
  const char *at = memmem (p, (gsize) (end - p), mark, strlen (mark));

  return at != NULL ? at + strlen (mark) : end;
}

static gboolean
begins_with (const char *p, const char *end, const char *mark)
{
  return (gsize) (end - p) >= strlen (mark) && memcmp (p, mark, strlen (mark)) == 0;
}

/* Returns what follows the tag, comment or marked section that begins at `p`. */
static const char *
take_tag (GString *into, const char *p, const char *end, const char *const *silent,
          const char *const *lines, const char **unclosed)
{
  const char *close;

  if (begins_with (p, end, "<!--"))
    return behind (p, end, "-->");
  if (begins_with (p, end, "<![CDATA["))
    {
      close = memmem (p, (gsize) (end - p), "]]>", 3);
      p += strlen ("<![CDATA[");
      g_string_append_len (into, p, (close != NULL ? close : end) - p);
      return close != NULL ? close + 3 : end;
    }
  p = skip_silent (p, end, silent, unclosed);
  if (lines == NULL || (end - p > 2 && p[1] == '/' && name_among (p, end, 2, lines) != NULL))
    end_line (into);
  return behind (p, end, ">");
}

void
sk_between_tags_append (GString *into, const char *xml, const char *end, const char *const *silent,
                        const char *const *lines)
{
  const char *p = xml, *after, *unclosed = NULL;
  gunichar character;

  while (p < end)
    if (*p == '<')
      p = take_tag (into, p, end, silent, lines, &unclosed);
    else if (*p == '&' && (after = sk_html_entity_parse (p, end, &character)) != NULL)
      {
        g_string_append_unichar (into, character);
        p = after;
      }
    else if (g_ascii_isspace (*p) && (into->len == 0 || g_ascii_isspace (into->str[into->len - 1])))
      p++;
    else
      g_string_append_c (into, *p++);
}
