/* Plain text, tables, JSON, XML and all else that is text, in any charset. What stands in it as an
 * escape (\u682a in JSON, &#x682a; in XML) is text as well.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-between-tags.h"
#include "sk-encoded-file.h"
#include "sk-html-entity.h"
#include "sk-plain-text.h"

#include <string.h>

enum { TABLE_LINES = 8, LINES_LOOKED_FOR = 500 };

static gboolean
begins_with (const char *head, const char *word)
{
  return g_ascii_strncasecmp (head, word, strlen (word)) == 0;
}

/* --- what kind of text ------------------------------------------------------------------------ */

static const char *
xml_type (const char *head)
{
  if (begins_with (head, "<svg"))
    return "image/svg+xml";
  if (!begins_with (head, "<?xml"))
    return NULL;
  return strstr (head, "<svg") != NULL ? "image/svg+xml" : "text/xml";
}

static const char *
json_type (const char *head)
{
  const char *p = head + 1;

  if (*head != '{' && *head != '[')
    return NULL;
  while (*p != '\0' && g_ascii_isspace (*p))
    p++;
  if (*head == '{')
    return *p == '"' || *p == '}' ? "application/json" : NULL;
  return *p != '\0' && (strchr ("{[\"]-", *p) != NULL || g_ascii_isdigit (*p)) ? "application/json"
                                                                               : NULL;
}

static const char *
script_type (const char *head)
{
  const char *end = strchr (head, '\n');
  g_autofree char *line = end != NULL ? g_strndup (head, (gsize) (end - head)) : g_strdup (head);

  if (!begins_with (line, "#!"))
    return NULL;
  return strstr (line, "sh") != NULL ? "text/x-shellscript" : "text/x-script";
}

/* Delimiters outside of quotes. */
static guint
count_delimiters (const char *line, const char *end, char delimiter)
{
  gboolean quoted = FALSE;
  guint count = 0;

  for (const char *p = line; p < end; p++)
    if (*p == '"')
      quoted = !quoted;
    else if (*p == delimiter && !quoted)
      count++;
  return count;
}

/* The first lines have the same number of cells. Two lines with one comma each may be prose. */
static gboolean
is_table (const char *head, char delimiter)
{
  guint cells = 0, lines = 0;

  for (const char *line = head, *end; lines < TABLE_LINES && (end = strchr (line, '\n')) != NULL;
       line = end + 1)
    {
      guint count = count_delimiters (line, end, delimiter);

      if (count == 0 || (lines > 0 && count != cells))
        return FALSE;
      cells = count;
      lines++;
    }
  return lines >= 3 || (lines == 2 && cells >= 2);
}

static const char *
table_type (const char *head)
{
  return is_table (head, ',')    ? "text/csv"
         : is_table (head, '\t') ? "text/tab-separated-values"
                                 : NULL;
}

static const char *(*const types[]) (const char *head)
    = { xml_type, json_type, script_type, table_type };

static const char *
recognise (const SkContent *content)
{
  g_autofree char *head = NULL;
  const char *type = NULL;

  if (!sk_content_is_text (content))
    return NULL;
  head = sk_content_head (content);
  for (guint i = 0; i < G_N_ELEMENTS (types) && type == NULL; i++)
    type = types[i](head);
  return type != NULL ? type : "text/plain";
}

/* --- escapes ---------------------------------------------------------------------------------- */

/* The unit of "\uXXXX" at `p`, or -1. */
static int
escaped_unit (const char *p, const char *end)
{
  int unit = 0;

  if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
    return -1;
  for (guint i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (p[i]))
        return -1;
      unit = unit << 4 | g_ascii_xdigit_value (p[i]);
    }
  return unit;
}

static gboolean
is_surrogate (int unit, int first)
{
  return (unit & 0xfc00) == first;
}

/* Behind the escape at `p`, whose character is told, or NULL when it is none, or one of a character
 * that would change what is text and what is not. */
static const char *
take_unicode_escape (const char *p, const char *end, gunichar *character)
{
  int unit = escaped_unit (p, end), low = unit >= 0 ? escaped_unit (p + 6, end) : -1;

  if (unit < 0x80)
    return NULL;
  if (is_surrogate (unit, 0xd800) && low >= 0 && is_surrogate (low, 0xdc00))
    {
      *character = 0x10000 + ((guint) (unit & 0x3ff) << 10) + (guint) (low & 0x3ff);
      return p + 12;
    }
  *character = (gunichar) unit;
  return g_unichar_validate (*character) ? p + 6 : NULL;
}

/* RFC 8259, 7: what a backslash and a letter stand for; else "\uXXXX". */
static const char *
take_json_escape (const char *p, const char *end, gunichar *character)
{
  static const char letters[] = "nrtbf\"\\/", meanings[] = "\n\n\t  \"\\/";
  const char *letter = end - p >= 2 && p[1] != '\0' ? strchr (letters, p[1]) : NULL;

  if (letter == NULL)
    return take_unicode_escape (p, end, character);
  *character = (gunichar) meanings[letter - letters];
  return p + 2;
}

static const char *
take_entity (const char *p, const char *end, gunichar *character)
{
  return sk_html_entity_parse (p, end, character);
}

typedef const char *(*TakeFunc) (const char *p, const char *end, gunichar *character);

/* In place: no escape is shorter than its character. */
static gsize
unescape (char *text, gsize length, char mark, TakeFunc take)
{
  const char *p = text, *end = text + length;
  char *out = text;

  while (p < end)
    {
      gunichar character;
      const char *after = *p == mark ? take (p, end, &character) : NULL;

      if (after == NULL)
        *out++ = *p++;
      else
        {
          out += g_unichar_to_utf8 (character, out);
          p = after;
        }
    }
  *out = '\0';
  return (gsize) (out - text);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* What the XML declaration says; a byte order mark says it better. */
static char *
xml_charset (const SkContent *content)
{
  g_autofree char *head = sk_content_head (content);
  const char *end = strstr (head, "?>"), *name = strstr (head, "encoding=");

  if (content->bytes[0] >= 0x80 || end == NULL || name == NULL || name > end)
    return NULL;
  name += strlen ("encoding=") + 1;
  return g_strndup (name, strcspn (name, "'\"?"));
}

static void
read_escaped (const SkContent *content, const char *charset, char mark, TakeFunc take, SkSink *sink)
{
  gsize length;
  g_autofree char *text = sk_content_decode (content, charset, &length);

  length = unescape (text, length, mark, take);
  sk_sink_text (sink, text, (gssize) length);
}

static void
read_plain (const SkContent *content, SkSink *sink)
{
  g_autofree guint8 *copy = NULL;
  SkContent plain = sk_content_without_nuls (content, &copy);

  sk_sink_encoded (sink, plain.bytes, plain.length, NULL);
}

/* A line of a picture is drawn in pieces, each in a tag of its own. What isn't is there already. */
static void
write_drawn (const char *drawn, const char *all, gsize length, SkSink *sink)
{
  g_auto (GStrv) lines = g_strsplit (drawn, "\n", -1);
  gboolean more = TRUE, any = FALSE;

  for (guint i = 0; lines[i] != NULL && more; i++)
    {
      if (i < LINES_LOOKED_FOR && memmem (all, length, lines[i], strlen (lines[i])) != NULL)
        continue;
      more = (any || sk_sink_section (sink, SK_SECTION_TEXT, "second reading", 0))
             && sk_sink_text (sink, lines[i], -1) && sk_sink_line (sink);
      any = TRUE;
    }
}

static void
read_svg (const SkContent *content, const char *charset, SkSink *sink)
{
  static const char *const silent[] = { "style", "script", NULL };
  static const char *const lines[] = { "text", "svg:text", "title", "desc", NULL };
  g_autoptr (GString) drawn = g_string_new (NULL);
  gsize length;
  g_autofree char *text = sk_content_decode (content, charset, &length);

  sk_between_tags_append (drawn, text, text + length, silent, lines);
  length = unescape (text, length, '&', take_entity);
  if (sk_sink_text (sink, text, (gssize) length))
    write_drawn (drawn->str, text, length, sink);
}

static SkReading
read_text (const SkContent *content, const char *type, SkSink *sink)
{
  if (g_str_has_suffix (type, "xml"))
    {
      g_autofree char *charset = xml_charset (content);

      if (g_str_has_prefix (type, "image/"))
        read_svg (content, charset, sink);
      else
        read_escaped (content, charset, '&', take_entity, sink);
    }
  else if (g_str_has_suffix (type, "json"))
    read_escaped (content, NULL, '\\', take_json_escape, sink);
  else if (memmem (content->bytes, content->length, "\\u", 2) != NULL)
    read_escaped (content, NULL, '\\', take_unicode_escape, sink);
  else
    read_plain (content, sink);
  sk_encoded_files_read ((const char *) content->bytes, content->length, sink);
  return SK_READING_DONE;
}

const SkFormat sk_format_text = { "text", recognise, read_text };
