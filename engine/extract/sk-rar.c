// SPDX-License-Identifier: GPL-3.0-or-later
// The RAR 5.0 archive format (as published by RARLAB), and of the older one the flags of its first
// header.
#include "sk-rar.h"

#include <string.h>

#define HEADERS 200000

enum { MAIN = 1, FILE_HEADER = 2, ARCHIVE_ENCRYPTION = 4, END_OF_ARCHIVE = 5 };
enum { HAS_EXTRA = 1, HAS_DATA = 2 };          /* of every header */
enum { IS_VOLUME = 1 };                        /* of the main header, in both formats */
enum { HAS_TIME = 2, HAS_CRC = 4 };            /* of a file */
enum { FILE_ENCRYPTION = 1 };                  /* among a file's extra records */

/* What is left of a header or area; `bad` once more was asked of it than there is. */
typedef struct {
  const guint8 *at, *end;
  gboolean bad;
} Span;

static guint64
take_number (Span *span)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 63; shift += 7)
    {
      guint8 byte;

      if (span->at == span->end)
        break;
      byte = *span->at++;
      value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return value;
    }
  span->bad = TRUE;
  return 0;
}

static Span
take_span (Span *span, guint64 length)
{
  Span taken = { span->at, span->at, FALSE };

  if (length > (guint64) (span->end - span->at))
    span->bad = taken.bad = TRUE;
  else
    taken.end = span->at = span->at + length;
  return taken;
}

static gboolean
has_record (Span extra, guint64 type)
{
  while (extra.at < extra.end && !extra.bad)
    {
      guint64 size = take_number (&extra);
      Span record = take_span (&extra, size);

      if (!record.bad && take_number (&record) == type && !record.bad)
        return TRUE;
    }
  return FALSE;
}

static void
look_at_file (SkRar *self, Span header, Span extra)
{
  guint64 flags = take_number (&header), length;
  Span name;

  take_number (&header); /* unpacked size */
  take_number (&header); /* attributes */
  take_span (&header, (flags & HAS_TIME ? 4 : 0) + (flags & HAS_CRC ? 4 : 0));
  take_number (&header); /* compression */
  take_number (&header); /* system */
  length = take_number (&header);
  name = take_span (&header, length);
  self->files++;
  if (!name.bad && !header.bad && has_record (extra, FILE_ENCRYPTION))
    g_hash_table_add (self->encrypted, g_strndup ((const char *) name.at, (gsize) length));
}

/* A header, and past the data behind it. FALSE: there is no other. */
static gboolean
look_at_header (SkRar *self, Span *file)
{
  Span crc = take_span (file, 4), header, extra = { NULL, NULL, FALSE };
  guint64 size = take_number (file), type, flags, extra_size = 0, data_size = 0;

  header = take_span (file, size);
  if (crc.bad || header.bad)
    return FALSE;
  type = take_number (&header);
  flags = take_number (&header);
  if (flags & HAS_EXTRA)
    extra_size = take_number (&header);
  if (flags & HAS_DATA)
    data_size = take_number (&header);
  if (header.bad || extra_size > (guint64) (header.end - header.at))
    return FALSE;
  extra = (Span) { header.end - extra_size, header.end, FALSE };
  header.end = extra.at;
  if (type == MAIN)
    self->is_volume = (take_number (&header) & IS_VOLUME) != 0;
  else if (type == FILE_HEADER)
    look_at_file (self, header, extra);
  else if (type == ARCHIVE_ENCRYPTION)
    self->names_are_encrypted = TRUE;
  return type != ARCHIVE_ENCRYPTION && type != END_OF_ARCHIVE && !take_span (file, data_size).bad;
}

static void
look_at_headers (SkRar *self, const SkContent *content)
{
  Span file = { content->bytes + 8, content->bytes + content->length, FALSE };

  for (guint i = 0; i < HEADERS && look_at_header (self, &file); i++)
    ;
  self->end = (gsize) (file.at - content->bytes);
}

SkRar *
sk_rar_look (const SkContent *content)
{
  static const char mark[] = "Rar!\x1a\x07";
  SkRar *self;

  if (content->length < 14 || memcmp (content->bytes, mark, sizeof mark - 1) != 0)
    return NULL;
  self = g_new0 (SkRar, 1);
  self->encrypted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (content->bytes[6] == 0)
    self->is_volume = (content->bytes[10] & IS_VOLUME) != 0; /* behind a CRC16 and the type */
  else
    look_at_headers (self, content);
  return self;
}

void
sk_rar_free (SkRar *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->encrypted);
  g_free (self);
}
