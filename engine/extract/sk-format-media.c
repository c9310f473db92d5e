/* What has no text: images, sound, video, fonts, programs, and empty files. Readable, and nothing
 * in them but what people wrote about a picture.
 *
 * Only kinds that libmagic knows by more than a byte or two; others may be anything, and their runs
 * of text are read (sk-format-runs.c).
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-magic.h"
#include "sk-picture-note.h"

#include <string.h>

static const char *const types[] = {
  "application/font-sfnt",
  "application/vnd.ms-fontobject",
  "application/vnd.ms-opentype",
  "application/vnd.microsoft.portable-executable",
  "application/wasm",
  "application/x-dosexec",
  "application/x-executable",
  "application/x-mach-binary",
  "application/x-object",
  "application/x-pie-executable",
  "application/x-sharedlib",
  "application/x-java-applet",
  "application/ogg",
  "audio/aac",
  "audio/amr",
  "audio/flac",
  "audio/midi",
  "audio/mpeg",
  "audio/ogg",
  "audio/x-aiff",
  "audio/x-hx-aac-adts",
  "audio/x-m4a",
  "audio/x-wav",
  "font/otf",
  "font/sfnt",
  "font/ttf",
  "font/woff",
  "font/woff2",
  "image/avif",
  "image/bmp",
  "image/gif",
  "image/heic",
  "image/heif",
  "image/jp2",
  "image/jpeg",
  "image/jxl",
  "image/jxr",
  "image/png",
  "image/tiff",
  "image/vnd.adobe.photoshop",
  "image/vnd.microsoft.icon",
  "image/webp",
  "image/x-icon",
  "image/x-ms-bmp",
  "image/x-portable-bitmap",
  "image/x-portable-greymap",
  "image/x-portable-pixmap",
  "image/x-xcf",
  "video/3gpp",
  "video/mp4",
  "video/mpeg",
  "video/quicktime",
  "video/webm",
  "video/x-flv",
  "video/x-m4v",
  "video/x-matroska",
  "video/x-ms-asf",
  "video/x-msvideo",
};

/* For libmagic many a first byte makes a program of DOS without a head, that of kanji in CP932 as
 * well. */
static gboolean
is_headless (const SkContent *content, const char *type)
{
  return strcmp (type, "application/x-dosexec") == 0
         && (content->length < 2 || memcmp (content->bytes, "MZ", 2) != 0);
}

static const char *
recognise (const SkContent *content)
{
  const char *type;

  if (content->length == 0)
    return "application/x-empty";
  type = sk_magic_type (content);
  if (is_headless (content, type))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (type, types[i]) == 0)
      return types[i];
  return NULL;
}

static SkReading
read_media (const SkContent *content, const char *type, SkSink *sink)
{
  g_autofree char *notes = sk_picture_notes (content);

  if (notes != NULL && sk_sink_section (sink, SK_SECTION_NOTE, "picture", 0))
    sk_sink_text (sink, notes, -1);
  return SK_READING_DONE;
}

const SkFormat sk_format_media = { "media", recognise, read_media };
