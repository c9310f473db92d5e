// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-mail-extent.h"

#include <string.h>

static gint64
earliest (const SkMailStructure *structure, GMimeObject *object, gint64 found)
{
  GMimeHeaderList *list = object != NULL ? g_mime_object_get_header_list (object) : NULL;
  int count = list != NULL ? g_mime_header_list_get_count (list) : 0;

  for (int i = 0; i < count; i++)
    {
      gint64 offset
          = sk_mail_structure_field (structure, g_mime_header_list_get_header_at (list, i));

      if (offset >= 0 && (found < 0 || offset < found))
        found = offset;
    }
  return found;
}

gint64
sk_mail_first_field (const SkMailStructure *structure, GMimeObject *message, GMimeObject *part)
{
  return earliest (structure, part, earliest (structure, message, -1));
}

/* Behind the line that begins at `offset`; `empty` tells whether there is nothing in it. */
static gint64
next_line (SkMailSource *source, gint64 offset, gboolean *empty)
{
  gint64 start = offset;
  gsize available;
  const char *bytes;

  *empty = FALSE;
  while ((bytes = sk_mail_source_peek (source, offset, &available)) != NULL)
    {
      const char *line_end = memchr (bytes, '\n', available);

      if (line_end == NULL)
        {
          offset += (gint64) available;
          continue;
        }
      offset += line_end - bytes;
      *empty = offset == start || (offset == start + 1 && line_end > bytes && line_end[-1] == '\r');
      return offset + 1;
    }
  return source->size;
}

gint64
sk_mail_header_end (SkMailSource *source, const SkMailStructure *structure, GMimeHeaderList *fields)
{
  int count = g_mime_header_list_get_count (fields);
  gint64 offset;
  gboolean empty = FALSE;

  if (count == 0)
    return -1;
  offset = sk_mail_structure_field (structure, g_mime_header_list_get_header_at (fields, count - 1));
  while (offset >= 0 && offset < source->size && !empty)
    offset = next_line (source, offset, &empty);
  return offset;
}

static gboolean
ends_like_boundary (const char *p, const char *end)
{
  if (end - p >= 2 && p[0] == '-' && p[1] == '-')
    p += 2;
  while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
    p++;
  return p == end || *p == '\n';
}

static gboolean
is_boundary_line (const char *p, const char *end, const SkBoundary *boundaries)
{
  for (; boundaries != NULL; boundaries = boundaries->around)
    if ((gsize) (end - p) >= boundaries->length + 2
        && memcmp (p + 2, boundaries->name, boundaries->length) == 0
        && ends_like_boundary (p + 2 + boundaries->length, end))
      return TRUE;
  return FALSE;
}

/* What is looked at of a line that may be a boundary. */
#define LINE_BYTES 1024

static gboolean
check_line (SkMailSource *source, gint64 offset, const SkBoundary *boundaries)
{
  char line[LINE_BYTES];
  gsize length = sk_mail_source_read (source, offset, line, sizeof line);

  return length > 2 && line[0] == '-' && line[1] == '-'
         && is_boundary_line (line, line + length, boundaries);
}

static gint64
line_break_before (SkMailSource *source, gint64 offset, gint64 start)
{
  char before[2];

  offset--;
  if (offset > start && sk_mail_source_read (source, offset - 1, before, 2) == 2
      && before[0] == '\r')
    offset--;
  return MAX (offset, start);
}

gint64
sk_mail_extent_end (SkMailSource *source, gint64 start, const SkBoundary *boundaries)
{
  gint64 offset = start;
  gsize available;
  const char *bytes;

  if (boundaries == NULL)
    return source->size;
  if (check_line (source, start, boundaries))
    return start;
  while ((bytes = sk_mail_source_peek (source, offset, &available)) != NULL)
    {
      const char *line_end = memchr (bytes, '\n', available);

      offset += line_end != NULL ? line_end - bytes + 1 : (gint64) available;
      if (line_end == NULL || offset >= source->size)
        continue;
      if (line_end + 1 < bytes + available && line_end[1] != '-')
        continue;
      if (check_line (source, offset, boundaries))
        return line_break_before (source, offset, start);
    }
  return source->size;
}
