/* A mailbox in one file (RFC 4155): each mail is a member. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include <string.h>

enum { FROM_LINE = 512 };

/* "From someone@example.com Tue Nov 24 10:00:00 2026": behind the line breaks. NULL when it is
 * none. */
static const char *
behind_from_line (const char *p, const char *end)
{
  const char *line_end;

  if (end - p < 6 || memcmp (p, "From ", 5) != 0)
    return NULL;
  line_end = memchr (p, '\n', (gsize) MIN (end - p, FROM_LINE));
  return line_end != NULL && memchr (p, ':', (gsize) (line_end - p)) != NULL ? line_end + 1 : NULL;
}

static gboolean
begins_with_field (const char *p, const char *end)
{
  const char *start = p;

  while (p < end && *p > ' ' && *p < 0x7f && *p != ':')
    p++;
  return p > start && p < end && *p == ':';
}

static const char *
recognise (const SkContent *content)
{
  const char *bytes = (const char *) content->bytes, *end = bytes + content->length;
  const char *mail = content->length > 0 ? behind_from_line (bytes, end) : NULL;

  return mail != NULL && begins_with_field (mail, end) ? "application/mbox" : NULL;
}

/* The next "From " line behind an empty one, or the end. */
static const char *
next_from_line (const char *p, const char *end)
{
  while ((p = memmem (p, (gsize) (end - p), "\nFrom ", 6)) != NULL)
    {
      gboolean after_empty = p[-1] == '\n' || (p[-1] == '\r' && p[-2] == '\n');

      if (after_empty && behind_from_line (p + 1, end) != NULL)
        return p + 1;
      p++;
    }
  return end;
}

static SkReading
read_mbox (const SkContent *content, const char *type, SkSink *sink)
{
  const char *p = (const char *) content->bytes, *end = p + content->length, *mail;
  gboolean more = TRUE;

  for (guint number = 1; more && (mail = behind_from_line (p, end)) != NULL; number++)
    {
      g_autofree char *name = g_strdup_printf ("message-%u.eml", number);
      SkContent member = { .bytes = (const guint8 *) mail, .name = name };

      p = next_from_line (mail, end);
      member.length = (gsize) (p - mail);
      more = sk_sink_member (sink, &member);
    }
  return SK_READING_DONE;
}

const SkFormat sk_format_mbox = { "mbox", recognise, read_mbox, TRUE };
