/* Contacts (vCard, RFC 6350 and 2.1) and calendars (iCalendar, RFC 5545): lines unfolded,
 * quoted-printable and escapes decoded; pictures and attached files are members.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-charset.h"
#include "sk-plain-text.h"

#include <string.h>

static const struct {
  const char *begin, *type;
} kinds[] = {
  { "BEGIN:VCARD", "text/vcard" },
  { "BEGIN:VCALENDAR", "text/calendar" },
};

static const char *
recognise (const SkContent *content)
{
  g_autofree char *head = NULL;

  if (content->length == 0 || memchr (content->bytes, ':', MIN (content->length, 64)) == NULL)
    return NULL;
  head = sk_content_head (content);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_ascii_strncasecmp (head, kinds[i].begin, strlen (kinds[i].begin)) == 0)
      return sk_content_is_text (content) ? kinds[i].type : NULL;
  return NULL;
}

/* A line break with a blank behind it is none; it may stand in the middle of a character. In
 * place. */
static gsize
unfold (char *bytes, gsize length)
{
  gsize out = 0;

  for (gsize i = 0; i < length; i++)
    {
      gsize blank = i + 1 + (bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n');

      if ((bytes[i] == '\r' || bytes[i] == '\n') && blank < length
          && (bytes[blank] == ' ' || bytes[blank] == '\t'))
        i = blank;
      else
        bytes[out++] = bytes[i];
    }
  return out;
}

static gboolean
has_nul (const SkContent *content)
{
  return memchr (content->bytes, '\0', content->length) != NULL;
}

static char *
unfolded_text (const SkContent *content)
{
  g_autofree char *copy = NULL;
  SkContent unfolded = *content;
  gsize length;

  if (has_nul (content))
    {
      char *text = sk_content_decode (content, NULL, &length);

      text[unfold (text, length)] = '\0';
      return text;
    }
  copy = g_memdup2 (content->bytes, content->length);
  unfolded.bytes = (const guint8 *) copy;
  unfolded.length = unfold (copy, content->length);
  return sk_content_decode (&unfolded, NULL, &length);
}

/* --- a line ----------------------------------------------------------------------------------- */

/* "N;ENCODING=QUOTED-PRINTABLE;CHARSET=SHIFT_JIS:=8E=52": what stands before the colon. */
typedef struct {
  gboolean is_quoted_printable, is_base64;
  char *charset;
} Parameters;

static void
read_parameters (Parameters *self, const char *name, gsize length)
{
  g_autofree char *copy = g_ascii_strup (name, (gssize) length);
  g_auto (GStrv) parts = g_strsplit (copy, ";", 16);

  for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++)
    {
      if (strstr (parts[i], "QUOTED-PRINTABLE") != NULL)
        self->is_quoted_printable = TRUE;
      else if (strcmp (parts[i], "BASE64") == 0 || strcmp (parts[i], "ENCODING=BASE64") == 0
               || strcmp (parts[i], "ENCODING=B") == 0)
        self->is_base64 = TRUE;
      else if (g_str_has_prefix (parts[i], "CHARSET=") && self->charset == NULL)
        self->charset = g_strdup (parts[i] + strlen ("CHARSET="));
    }
}

/* Where the value ends; quoted-printable goes on behind a line that ends with '='. */
static const char *
value_end (const char *value, gboolean is_quoted_printable)
{
  const char *end = value + strcspn (value, "\r\n");

  while (is_quoted_printable && end > value && end[-1] == '=' && *end != '\0')
    {
      end += end[0] == '\r' && end[1] == '\n' ? 2 : 1;
      end += strcspn (end, "\r\n");
    }
  return end;
}

static GString *
decode_quoted_printable (const char *p, const char *end)
{
  GString *bytes = g_string_new (NULL);

  while (p < end)
    {
      if (*p == '=' && end - p >= 3 && g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2]))
        {
          g_string_append_c (
              bytes, (char) (g_ascii_xdigit_value (p[1]) << 4 | g_ascii_xdigit_value (p[2])));
          p += 3;
        }
      else if (*p == '=' || *p == '\r' || *p == '\n')
        p++;
      else
        g_string_append_c (bytes, *p++);
    }
  return bytes;
}

/* "\n" is a line, "\," a comma. In place. */
static void
unescape (char *text)
{
  char *out = text;

  for (const char *p = text; *p != '\0'; p++)
    if (*p == '\\' && p[1] != '\0')
      {
        p++;
        *out++ = *p == 'n' || *p == 'N' ? '\n' : *p;
      }
    else
      *out++ = *p;
  *out = '\0';
}

static gboolean
write_file (SkSink *sink, const char *value, const char *end)
{
  g_autofree char *base64 = g_strndup (value, (gsize) (end - value));
  SkContent content = { 0 };
  g_autofree guint8 *bytes = g_base64_decode (base64, &content.length);

  content.bytes = bytes;
  return sk_sink_member (sink, &content);
}

static gboolean
write_value (SkSink *sink, const Parameters *parameters, const char *value, const char *end)
{
  g_auto (SkDecoded) decoded = { NULL };

  if (parameters->is_base64)
    return write_file (sink, value, end);
  if (parameters->is_quoted_printable)
    {
      GString *bytes = decode_quoted_printable (value, end);

      sk_charset_decode (bytes->str, bytes->len, parameters->charset, &decoded);
      g_string_free (bytes, TRUE);
    }
  else
    decoded.text = g_strndup (value, (gsize) (end - value));
  unescape (decoded.text);
  return sk_sink_text (sink, decoded.text, -1);
}

/* Returns where the next line begins, NULL when the sink is full. */
static const char *
read_line (SkSink *sink, const char *line)
{
  gsize name = strcspn (line, ":\r\n");
  Parameters parameters = { 0 };
  const char *end = line + name;
  gboolean more = sk_sink_text (sink, line, (gssize) name);

  if (*end == ':')
    {
      read_parameters (&parameters, line, name);
      end = value_end (line + name + 1, parameters.is_quoted_printable);
      more = more && sk_sink_text (sink, ":", 1)
             && write_value (sink, &parameters, line + name + 1, end);
      g_free (parameters.charset);
    }
  more = more && sk_sink_line (sink);
  return more ? end + strspn (end, "\r\n") : NULL;
}

static SkReading
read_card (const SkContent *content, const char *type, SkSink *sink)
{
  g_autofree char *text = unfolded_text (content);

  for (const char *line = text; line != NULL && *line != '\0';)
    line = read_line (sink, line);
  return SK_READING_DONE;
}

const SkFormat sk_format_card = { "card", recognise, read_card };
