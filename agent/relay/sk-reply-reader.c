// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-reply-reader.h"

#include <string.h>

#define REPLY_OCTETS (256 * 1024) /* far beyond what any server says */
#define TEXT_OCTETS (8 * 1024)
#define EXCERPT_OCTETS 60

struct _SkReplyReader {
  GString *line; /* the current one, as far as it came, cut at TEXT_OCTETS */
  GString *text; /* of the lines before */
  guint code;    /* 0 before the first line */
  char *enhanced;
  gsize octets, lines;
};

SkReplyReader *
sk_reply_reader_new (void)
{
  SkReplyReader *self = g_new0 (SkReplyReader, 1);

  self->line = g_string_new (NULL);
  self->text = g_string_new (NULL);
  return self;
}

void
sk_reply_reader_free (SkReplyReader *self)
{
  if (self == NULL)
    return;
  g_string_free (self->line, TRUE);
  g_string_free (self->text, TRUE);
  g_free (self->enhanced);
  g_free (self);
}

gboolean
sk_reply_reader_is_empty (const SkReplyReader *self)
{
  return self->octets == 0;
}

static void
make_printable (char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (g_ascii_iscntrl (text[i]) && text[i] != '\t')
      text[i] = '?';
}

char *
sk_reply_reader_excerpt (const SkReplyReader *self)
{
  gsize length = MIN (self->line->len, EXCERPT_OCTETS);
  g_autofree char *start = g_strndup (self->line->str, length);

  make_printable (start, strlen (start));
  return g_utf8_make_valid (start, -1);
}

/* Three digits, the first 2 to 5 (RFC 5321 4.2), then the end, a space, or '-' for "more follow".
 */
static gboolean
parse_code (const char *line, gsize length, guint *code, gboolean *last)
{
  if (length < 3 || line[0] < '2' || line[0] > '5' || !g_ascii_isdigit (line[1])
      || !g_ascii_isdigit (line[2]))
    return FALSE;
  if (length > 3 && line[3] != ' ' && line[3] != '-')
    return FALSE;
  *code = (guint)((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
  *last = length == 3 || line[3] == ' ';
  return TRUE;
}

static gsize
count_digits (const char *at, gsize length)
{
  gsize count = 0;

  while (count < length && count < 4 && g_ascii_isdigit (at[count]))
    count++;
  return count;
}

/* The octets of "5.7.1" at the start of `text`, or 0 (RFC 3463: class.subject.detail, the class
 * being the reply's own). */
static gsize
enhanced_length (const char *text, gsize length, guint code)
{
  gsize subject, detail, total;

  if (length < 5 || (guint)(text[0] - '0') != code / 100 || text[1] != '.')
    return 0;
  subject = count_digits (text + 2, length - 2);
  if (subject == 0 || subject > 3 || 2 + subject >= length || text[2 + subject] != '.')
    return 0;
  detail = count_digits (text + 3 + subject, length - 3 - subject);
  total = 3 + subject + detail;
  if (detail == 0 || detail > 3 || (total < length && text[total] != ' '))
    return 0;
  return total;
}

static void
append_text (SkReplyReader *self, const char *text, gsize length)
{
  gsize enhanced = enhanced_length (text, length, self->code);

  if (enhanced > 0)
    {
      if (self->enhanced == NULL)
        self->enhanced = g_strndup (text, enhanced);
      if (enhanced < length)
        enhanced++;
      text += enhanced;
      length -= enhanced;
    }
  if (self->text->len >= TEXT_OCTETS)
    return;
  if (self->lines > 0)
    g_string_append_c (self->text, '\n');
  g_string_append_len (self->text, text, (gssize)MIN (length, TEXT_OCTETS - self->text->len));
}

/* Takes self->line as one whole line, without its end. */
static SkReplyStatus
take_line (SkReplyReader *self)
{
  guint code;
  gboolean last;
  gsize length = self->line->len;

  if (!parse_code (self->line->str, length, &code, &last)
      || (self->code != 0 && code != self->code))
    return SK_REPLY_MALFORMED;
  self->code = code;
  make_printable (self->line->str, length);
  append_text (self, self->line->str + MIN (length, 4), length - MIN (length, 4));
  self->lines++;
  g_string_truncate (self->line, 0);
  return last ? SK_REPLY_COMPLETE : SK_REPLY_INCOMPLETE;
}

static SkReply *
finish (SkReplyReader *self)
{
  SkReply *reply = sk_reply_new (self->code, self->enhanced, self->text->str);

  g_string_truncate (self->text, 0);
  g_clear_pointer (&self->enhanced, g_free);
  self->code = 0;
  self->octets = self->lines = 0;
  return reply;
}

static void
keep (SkReplyReader *self, const char *data, gsize length)
{
  if (self->line->len < TEXT_OCTETS)
    g_string_append_len (self->line, data, (gssize)MIN (length, TEXT_OCTETS - self->line->len));
  self->octets += length;
}

SkReplyStatus
sk_reply_reader_take (SkReplyReader *self, const char **data, gsize *length, SkReply **reply)
{
  SkReplyStatus status = SK_REPLY_INCOMPLETE;

  while (*length > 0 && status == SK_REPLY_INCOMPLETE)
    {
      const char *end = memchr (*data, '\n', *length);
      gsize taken = end != NULL ? (gsize)(end - *data) : *length;

      keep (self, *data, taken);
      if (end != NULL)
        {
          taken++;
          self->octets++;
          if (self->line->len > 0 && self->line->str[self->line->len - 1] == '\r')
            g_string_truncate (self->line, self->line->len - 1);
          status = take_line (self);
        }
      *data += taken;
      *length -= taken;
      if (self->octets > REPLY_OCTETS)
        status = SK_REPLY_MALFORMED;
    }
  if (status == SK_REPLY_COMPLETE)
    *reply = finish (self);
  return status;
}
