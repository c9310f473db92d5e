// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-reply.h"

#include <string.h>

#define LINE_OCTETS 512 /* RFC 5321 4.5.3.1.5, CRLF included */

SkReply *
sk_reply_new (guint code, const char *enhanced, const char *text)
{
  SkReply *self = g_new0 (SkReply, 1);

  self->code = code;
  self->enhanced = g_strdup (enhanced);
  self->text = g_utf8_make_valid (text != NULL ? text : "", -1);
  return self;
}

SkReply *
sk_reply_copy (const SkReply *self)
{
  return self != NULL ? sk_reply_new (self->code, self->enhanced, self->text) : NULL;
}

void
sk_reply_free (SkReply *self)
{
  if (self == NULL)
    return;
  g_free (self->enhanced);
  g_free (self->text);
  g_free (self);
}

gboolean
sk_reply_is_positive (const SkReply *self)
{
  return self->code / 100 == 2;
}

gboolean
sk_reply_is_temporary (const SkReply *self)
{
  return self->code / 100 == 4;
}

gboolean
sk_reply_is_permanent (const SkReply *self)
{
  return self->code / 100 == 5;
}

/* Evolution decodes "+HH" in replies when ENHANCEDSTATUSCODES was offered. */
static gboolean
looks_like_hex_escape (const char *at)
{
  return at[0] == '+' && g_ascii_isxdigit (at[1]) && g_ascii_isxdigit (at[2]);
}

static void
append_line (GString *wire, const SkReply *self, const char *line, gboolean last)
{
  gsize start = wire->len;

  g_string_append_printf (wire, "%03u%c", self->code, last ? ' ' : '-');
  if (self->enhanced != NULL)
    g_string_append_printf (wire, "%s ", self->enhanced);
  for (const char *at = line; *at != '\0'; at = g_utf8_next_char (at))
    {
      gsize octets = (gsize) (g_utf8_next_char (at) - at);

      if (wire->len - start + octets + 3 > LINE_OCTETS)
        break;
      if (g_ascii_iscntrl (*at))
        g_string_append_c (wire, '?');
      else
        g_string_append_len (wire, at, (gssize) octets);
      if (looks_like_hex_escape (at))
        g_string_append_c (wire, ' ');
    }
  while (wire->len > start + 4 && wire->str[wire->len - 1] == ' ')
    g_string_truncate (wire, wire->len - 1);
  g_string_append (wire, "\r\n");
}

char *
sk_reply_to_wire (const SkReply *self)
{
  GString *wire = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (self->text, "\n", -1);
  guint count = g_strv_length (lines);

  if (count == 0)
    append_line (wire, self, "", TRUE);
  for (guint i = 0; i < count; i++)
    append_line (wire, self, lines[i], i + 1 == count);
  return g_string_free (wire, FALSE);
}

char *
sk_reply_to_string (const SkReply *self)
{
  g_auto (GStrv) lines = g_strsplit (self->text, "\n", -1);
  g_autofree char *text = g_strjoinv ("; ", lines);

  if (self->enhanced != NULL)
    return g_strdup_printf ("%03u %s %s", self->code, self->enhanced, text);
  return g_strdup_printf ("%03u %s", self->code, text);
}
