// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-picture-note.h"

#include "sk-between-tags.h"
#include "sk-bytes.h"
#include "sk-charset.h"
#include "sk-inflate.h"

#include <string.h>

enum {
  TEXT_BYTES = 1024 * 1024,
  ENTRIES = 1024,   /* of a directory */
  XMP_PACKETS = 2,  /* that are read, of the one that a picture has */
  DIRECTORIES = 16, /* of a picture */
  SEGMENTS = 10000,
  EXIF_DIRECTORY = 0x8769,
  XMP_PACKET = 0x02bc,
  IPTC_DATA = 0x83bb,
  USER_COMMENT = 0x9286,
  XP_FIRST = 0x9c9b,
  XP_LAST = 0x9c9f,
  IPTC_RESOURCE = 0x0404,
  COMMENT_HEAD = 8, /* of a user comment: its charset */
};

/* Room is left for one more text. */
static gboolean
is_full (const GString *into)
{
  return into->len >= TEXT_BYTES;
}

static gboolean
begins_with (SkBytes bytes, const char *magic, gsize length)
{
  return bytes.length >= length && memcmp (bytes.at, magic, length) == 0;
}

/* Without the NULs that fill it up. */
static SkBytes
without_fill (SkBytes text, const char *charset)
{
  gsize unit = charset != NULL && g_str_has_prefix (charset, "utf-16") ? 2 : 1;

  text.length -= text.length % unit;
  while (text.length > 0 && text.at[text.length - 1] == '\0' && text.at[text.length - unit] == '\0')
    text.length -= unit;
  return text;
}

/* `charset`: NULL: guessed. */
static void
add_text (GString *into, SkBytes text, const char *charset)
{
  g_auto (SkDecoded) decoded = { NULL };
  gsize start = into->len;

  text = without_fill (sk_bytes_part (text, 0, TEXT_BYTES), charset);
  if (is_full (into) || text.length == 0)
    return;
  sk_charset_decode ((const char *) text.at, text.length, charset, &decoded);
  g_string_append_len (into, decoded.text, (gssize) decoded.length);
  while (into->len > start && g_ascii_isspace (into->str[into->len - 1]))
    g_string_truncate (into, into->len - 1);
  if (into->len > start)
    g_string_append_c (into, '\n');
}

/* --- XMP -------------------------------------------------------------------------------------- */

static const char *const properties[] = {
  "dc:title",
  "dc:description",
  "dc:creator",
  "dc:subject",
  "dc:rights",
  "photoshop:Headline",
  "photoshop:Instructions",
  "photoshop:CaptionWriter",
  "photoshop:Credit",
  "photoshop:Source",
  "photoshop:City",
  "exif:UserComment",
  "tiff:ImageDescription",
  "tiff:Artist",
  "tiff:Copyright",
  "Iptc4xmpCore:Location",
  "lr:hierarchicalSubject",
  "xmpRights:UsageTerms",
  "pdf:Keywords",
  "MicrosoftPhoto:LastKeywordXMP",
};

/* The value of an attribute, or what is in the element. Returns where to look on. `closes`: whether its element may still be
 * closed. */
static const char *
take_property (GString *into, const char *name, const char *p, const char *end, gboolean *closes)
{
  static const char *const silent[] = { NULL };
  const char *close = NULL, *from = p + strlen (name);

  if (end - from > 2 && from[0] == '=' && (from[1] == '"' || from[1] == '\''))
    {
      close = memchr (from + 2, from[1], (gsize) (end - from) - 2);
      from += 2;
    }
  else if (*closes && p[-1] == '<' && from < end && (*from == '>' || g_ascii_isspace (*from)))
    {
      g_autofree char *tag = g_strconcat ("</", name, NULL);

      from = memchr (from, '>', (gsize) (end - from));
      from = from != NULL ? from + 1 : end;
      close = memmem (from, (gsize) (end - from), tag, strlen (tag));
      *closes = close != NULL;
    }
  if (close == NULL)
    return p + 1;
  sk_between_tags_append (into, from, MIN (close, from + TEXT_BYTES), silent, NULL);
  if (into->len > 0 && into->str[into->len - 1] != '\n')
    g_string_append_c (into, '\n');
  return close;
}

static void
add_xmp (GString *into, SkBytes xmp)
{
  const char *start = (const char *) xmp.at, *end = xmp.length > 0 ? start + xmp.length : start;

  for (guint i = 0; i < G_N_ELEMENTS (properties) && xmp.length > 0; i++)
    {
      gboolean closes = TRUE;

      for (const char *p = start + 1;
           p < end && !is_full (into)
           && (p = memmem (p, (gsize) (end - p), properties[i], strlen (properties[i]))) != NULL;)
        p = take_property (into, properties[i], p, end, &closes);
    }
}

/* --- IPTC ------------------------------------------------------------------------------------- */

static guint
big_16 (SkBytes bytes, gsize at)
{
  return sk_bytes_u8 (bytes, at) << 8 | sk_bytes_u8 (bytes, at + 1);
}

static guint32
big_32 (SkBytes bytes, gsize at)
{
  return big_16 (bytes, at) << 16 | big_16 (bytes, at + 2);
}

/* IIM 4.2, record 2: names, keywords, instructions, people, places, headlines, captions. */
static gboolean
is_said (guint dataset)
{
  static const guint8 said[]
      = { 5, 25, 40, 80, 85, 90, 92, 95, 101, 103, 105, 110, 115, 116, 118, 120, 122 };

  return memchr (said, (int) dataset, sizeof said) != NULL;
}

static void
add_iptc (GString *into, SkBytes data)
{
  for (gsize at = 0; at + 5 <= data.length && sk_bytes_u8 (data, at) == 0x1c;)
    {
      gsize length = big_16 (data, at + 3);

      if (sk_bytes_u8 (data, at + 1) == 2 && is_said (sk_bytes_u8 (data, at + 2)))
        add_text (into, sk_bytes_part (data, at + 5, length), NULL);
      at += 5 + length;
    }
}

/* Photoshop File Formats, "Image Resource Blocks". */
static void
add_resources (GString *into, SkBytes data)
{
  for (gsize at = 0; at + 12 <= data.length && begins_with (sk_bytes_from (data, at), "8BIM", 4);)
    {
      gsize name = sk_bytes_u8 (data, at + 6), head = 6 + (name + 2) / 2 * 2,
            length = big_32 (data, at + head);

      if (big_16 (data, at + 4) == IPTC_RESOURCE)
        add_iptc (into, sk_bytes_part (data, at + head + 4, length));
      at += head + 4 + (length + 1) / 2 * 2;
    }
}

/* --- EXIF and TIFF ---------------------------------------------------------------------------- */

typedef struct {
  GString *into;
  SkBytes file;
  gboolean is_big;
  guint directories;
  guint packets;
} Tiff;

static guint
tiff_16 (const Tiff *self, gsize at)
{
  return self->is_big ? big_16 (self->file, at) : sk_bytes_u16 (self->file, at);
}

static guint32
tiff_32 (const Tiff *self, gsize at)
{
  return self->is_big ? big_32 (self->file, at) : sk_bytes_u32 (self->file, at);
}

static gboolean
is_written (guint tag)
{
  static const guint written[] = { 0x010d, 0x010e, 0x011d, 0x013b, 0x8298, 0xa430 };

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    if (tag == written[i])
      return TRUE;
  return FALSE;
}

/* CIPA DC-008, 4.6.5: its first eight bytes name the charset. */
static void
add_user_comment (const Tiff *self, SkBytes value)
{
  const char *charset = begins_with (value, "UNICODE", 7) ? (self->is_big ? "utf-16be" : "utf-16le")
                        : begins_with (value, "JIS", 3)   ? "iso-2022-jp"
                                                          : NULL;

  add_text (self->into, sk_bytes_from (value, COMMENT_HEAD), charset);
}

/* Values of bytes; of no more than four, they stand in the entry. */
static SkBytes
value_of (const Tiff *self, gsize entry)
{
  gsize length = tiff_32 (self, entry + 4);

  return sk_bytes_part (self->file, length > 4 ? tiff_32 (self, entry + 8) : entry + 8, length);
}

static void
add_entry (Tiff *self, gsize entry)
{
  guint tag = tiff_16 (self, entry);
  SkBytes value = value_of (self, entry);

  if (is_written (tag))
    add_text (self->into, value, NULL);
  else if (tag >= XP_FIRST && tag <= XP_LAST)
    add_text (self->into, value, "utf-16le");
  else if (tag == USER_COMMENT)
    add_user_comment (self, value);
  else if (tag == XMP_PACKET && self->packets++ < XMP_PACKETS)
    add_xmp (self->into, value);
  else if (tag == IPTC_DATA)
    add_iptc (self->into, value);
}

static void
add_directory (Tiff *self, gsize at)
{
  while (at > 0 && at < self->file.length && self->directories++ < DIRECTORIES)
    {
      guint count = MIN (tiff_16 (self, at), ENTRIES);

      for (guint i = 0; i < count && !is_full (self->into); i++)
        {
          gsize entry = at + 2 + i * 12;

          if (tiff_16 (self, entry) == EXIF_DIRECTORY)
            add_directory (self, tiff_32 (self, entry + 8));
          else
            add_entry (self, entry);
        }
      at = tiff_32 (self, at + 2 + count * 12);
    }
}

static void
add_tiff (GString *into, SkBytes file)
{
  Tiff self = { .into = into, .file = file, .is_big = begins_with (file, "MM", 2) };

  add_directory (&self, tiff_32 (&self, 4));
}

/* --- what they stand in ----------------------------------------------------------------------- */

static const char exif_head[] = "Exif\0", xmp_head[] = "http://ns.adobe.com/xap/1.0/",
                  photoshop_head[] = "Photoshop 3.0";

static void
take_jpeg_segment (GString *into, guint marker, SkBytes body)
{
  if (marker == 0xe1 && begins_with (body, exif_head, sizeof exif_head))
    add_tiff (into, sk_bytes_from (body, sizeof exif_head));
  else if (marker == 0xe1 && begins_with (body, xmp_head, sizeof xmp_head))
    add_xmp (into, sk_bytes_from (body, sizeof xmp_head));
  else if (marker == 0xed && begins_with (body, photoshop_head, sizeof photoshop_head))
    add_resources (into, sk_bytes_from (body, sizeof photoshop_head));
  else if (marker == 0xfe)
    add_text (into, body, NULL);
}

/* ITU T.81, B.1.1: up to the scan. */
static void
walk_jpeg (GString *into, SkBytes file)
{
  gsize at = 2;

  for (guint i = 0; i < SEGMENTS && sk_bytes_u8 (file, at) == 0xff; i++)
    {
      guint marker = sk_bytes_u8 (file, at + 1), length = big_16 (file, at + 2);

      if (marker == 0xff)
        {
          at++;
          continue;
        }
      if (marker == 0xda || length < 2)
        return;
      take_jpeg_segment (into, marker, sk_bytes_part (file, at + 4, length - 2));
      at += 2 + length;
    }
}

/* What programs write about themselves, and when. */
static gboolean
is_own (SkBytes keyword)
{
  static const char *const own[]
      = { "Software", "date:", "Creation Time", "Thumb::", "Raw profile" };

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (begins_with (keyword, own[i], strlen (own[i])))
      return TRUE;
  return FALSE;
}

/* Behind the next NUL. */
static SkBytes
behind_nul (SkBytes bytes)
{
  const guint8 *nul = bytes.length > 0 ? memchr (bytes.at, '\0', bytes.length) : NULL;

  return nul != NULL ? sk_bytes_from (bytes, (gsize) (nul - bytes.at) + 1)
                     : sk_bytes_part (bytes, bytes.length, 0);
}

static void
add_png_text (GString *into, SkBytes keyword, SkBytes text, gboolean is_packed, const char *charset)
{
  g_autoptr (GByteArray) unpacked = NULL;
  gboolean whole;

  if (is_packed)
    {
      unpacked
          = sk_inflate (text.at, text.length, G_ZLIB_COMPRESSOR_FORMAT_ZLIB, TEXT_BYTES, &whole);
      text = (SkBytes){ unpacked->data, unpacked->len };
    }
  if (begins_with (keyword, "XML:com.adobe.xmp", 17))
    add_xmp (into, text);
  else
    add_text (into, text, charset);
}

/* PNG 11.3.4. */
static void
take_png_chunk (GString *into, SkBytes kind, SkBytes body)
{
  SkBytes text = behind_nul (body);

  if (begins_with (kind, "eXIf", 4))
    add_tiff (into, body);
  else if (is_own (body))
    return;
  else if (begins_with (kind, "tEXt", 4))
    add_png_text (into, body, text, FALSE, NULL);
  else if (begins_with (kind, "zTXt", 4))
    add_png_text (into, body, sk_bytes_from (text, 1), TRUE, NULL);
  else if (begins_with (kind, "iTXt", 4))
    add_png_text (into, body, behind_nul (behind_nul (sk_bytes_from (text, 2))),
                  sk_bytes_u8 (text, 0) == 1, "utf-8");
}

static void
walk_png (GString *into, SkBytes file)
{
  gsize at = 8;

  for (guint i = 0; i < SEGMENTS && at + 8 <= file.length && !is_full (into); i++)
    {
      gsize length = big_32 (file, at);

      take_png_chunk (into, sk_bytes_part (file, at + 4, 4), sk_bytes_part (file, at + 8, length));
      at += 12 + length;
    }
}

static void
walk_webp (GString *into, SkBytes file)
{
  gsize at = 12;

  for (guint i = 0; i < SEGMENTS && at + 8 <= file.length && !is_full (into); i++)
    {
      gsize length = sk_bytes_u32 (file, at + 4);
      SkBytes kind = sk_bytes_part (file, at, 4), body = sk_bytes_part (file, at + 8, length);

      if (begins_with (kind, "EXIF", 4))
        add_tiff (into, begins_with (body, exif_head, sizeof exif_head)
                            ? sk_bytes_from (body, sizeof exif_head)
                            : body);
      else if (begins_with (kind, "XMP ", 4))
        add_xmp (into, body);
      at += 8 + (length + 1) / 2 * 2;
    }
}

static const struct {
  const char *magic;
  gsize length;
  void (*walk) (GString *into, SkBytes file);
} kinds[] = {
  { "\xff\xd8\xff", 3, walk_jpeg }, { "\x89PNG\r\n\x1a\n", 8, walk_png },
  { "II*\0", 4, add_tiff },         { "MM\0*", 4, add_tiff },
  { "RIFF", 4, walk_webp },
};

char *
sk_picture_notes (const SkContent *content)
{
  SkBytes file = { content->bytes, content->length };
  g_autoptr (GString) into = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (begins_with (file, kinds[i].magic, kinds[i].length))
      kinds[i].walk (into, file);
  return into->len > 0 ? g_strdup (into->str) : NULL;
}
