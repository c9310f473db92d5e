// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-pdf-objects.h"

#include "sk-between-tags.h"
#include "sk-inflate.h"

#include <string.h>

#define TOO_MANY "limit: too many objects in a PDF"

enum {
  BEFORE_STREAM = 8 * 1024, /* bytes before a stream among which its dictionary is looked for */
  DICTIONARY = 64 * 1024,   /* before what stands in one */
  HEAD = 256,               /* bytes that tell XML */
  STREAMS = 100000,
  DICTIONARIES = 64 * 1024 * 1024, /* bytes of them in all */
  PACKED_OBJECTS = 100000,         /* in one stream */
  FONTS = 100,
  NAMES = 1024,
};

typedef struct {
  SkSink *sink;
  GString *dictionaries; /* all that stands outside of streams, and the objects that were packed */
  guint streams;
  gboolean has_form;
} Walk;

static const char *
find (const char *from, const char *end, const char *word)
{
  return from != NULL && from < end ? memmem (from, (gsize) (end - from), word, strlen (word)) : NULL;
}

static gboolean
has (const char *from, const char *end, const char *word)
{
  return find (from, end, word) != NULL;
}

/* The last of them; NULL: none. */
static const char *
find_last (const char *from, const char *end, const char *word)
{
  gsize length = strlen (word);
  const char *p = end - from >= (gssize) length ? end - length + 1 : from;

  while ((p = memrchr (from, *word, (gsize) (p - from))) != NULL)
    if (memcmp (p, word, length) == 0)
      return p;
  return NULL;
}

/* --- XFA (XML Forms Architecture 3.3) --------------------------------------------------------- */

/* Of these, what is in them is nothing that a form says. */
static const char *const silent[]
    = { "localeSet", "config", "stylesheet", "script", "x:xmpmeta", NULL };

/* Behind blanks and a mark of the byte order. */
static gboolean
begins_as_xml (const char *p, const char *end)
{
  while (p < end && (g_ascii_isspace (*p) || (guchar) *p >= 0x80))
    p++;
  return p < end && *p == '<';
}

static void
take_form (Walk *self, const char *bytes, const char *end)
{
  g_autoptr (GString) text = NULL;

  if (!begins_as_xml (bytes, end)
      || !(has (bytes, end, "http://www.xfa.org/schema/")
           || has (bytes, end, "http://ns.adobe.com/xdp/")))
    return;
  self->has_form = TRUE;
  text = g_string_new (NULL);
  sk_between_tags_append (text, bytes, end, silent, NULL);
  if (text->len > 0 && sk_sink_section (self->sink, SK_SECTION_NOTE, "form", 0))
    sk_sink_text (self->sink, text->str, (gssize) text->len);
}

/* --- streams (ISO 32000-1, 7.3.8) ------------------------------------------------------------- */

static void
add_dictionaries (Walk *self, const char *from, const char *end)
{
  if (self->dictionaries->len + (gsize) (end - from) <= DICTIONARIES)
    g_string_append_len (self->dictionaries, from, end - from);
  else
    sk_sink_doubt (self->sink, TOO_MANY);
}

static gsize
number_of (const char *dictionary, const char *end, const char *key)
{
  const char *at = find (dictionary, end, key);

  return at != NULL ? (gsize) g_ascii_strtoull (at + strlen (key), NULL, 10) : 0;
}

/* 7.5.7: pairs of numbers, of an object and where it begins behind `First`. */
static void
take_packed_objects (Walk *self, const char *dictionary, const char *dictionary_end,
                     const char *bytes, const char *end)
{
  gsize first = number_of (dictionary, dictionary_end, "/First"), length = (gsize) (end - bytes);
  gsize rest = length - MIN (first, length);
  const char *p = bytes, *objects = end - rest;

  for (guint i = 0; p < objects; i++)
    {
      char *behind, *next;
      guint64 number = g_ascii_strtoull (p, &behind, 10);
      guint64 at = g_ascii_strtoull (behind, &next, 10), after;

      if (behind == p || next == behind || at >= rest)
        return;
      if (i >= PACKED_OBJECTS)
        {
          sk_sink_doubt (self->sink, TOO_MANY);
          return;
        }
      p = next;
      g_ascii_strtoull (p, &behind, 10);
      after = behind < objects ? g_ascii_strtoull (behind, NULL, 10) : rest;
      if (after <= at || after > rest)
        after = rest;
      if (self->dictionaries->len + (after - at) > DICTIONARIES)
        {
          sk_sink_doubt (self->sink, TOO_MANY);
          return;
        }
      g_string_append_printf (self->dictionaries, "\n%" G_GUINT64_FORMAT " 0 obj\n", number);
      add_dictionaries (self, objects + at, objects + after);
      g_string_append (self->dictionaries, "\nendobj\n");
    }
}

static void
take_bytes (Walk *self, const char *dictionary, const char *dictionary_end, const char *bytes,
            gsize length)
{
  if (has (dictionary, dictionary_end, "/ObjStm"))
    take_packed_objects (self, dictionary, dictionary_end, bytes, bytes + length);
  else
    take_form (self, bytes, bytes + length);
}

/* What can't be text of either kind need not be unpacked. */
static gboolean
is_other (const char *dictionary, const char *end)
{
  static const char *const others[]
      = { "/Image",         "/XRef",         "/Length1",      "/FontFile",    "/Type1C",
          "/CIDFontType0C", "/OpenType",     "/FunctionType", "/PatternType", "/ShadingType",
          "/Metadata",      "/EmbeddedFile", "/Form" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (has (dictionary, end, others[i]))
      return TRUE;
  return FALSE;
}

/* What a page shows is not unpacked to its end, as poppler did that. */
static gboolean
is_packed_xml (const char *bytes, gsize length)
{
  gboolean whole;
  g_autoptr (GByteArray) head
      = sk_inflate ((const guint8 *) bytes, length, G_ZLIB_COMPRESSOR_FORMAT_ZLIB, HEAD, &whole);

  return head->len > 0
         && begins_as_xml ((const char *) head->data, (const char *) head->data + head->len);
}

static void
unpack (Walk *self, const char *dictionary, const char *bytes, const char *end)
{
  gsize length = (gsize) (end - bytes);
  gboolean whole;
  g_autoptr (GByteArray) unpacked
      = sk_inflate ((const guint8 *) bytes, length, G_ZLIB_COMPRESSOR_FORMAT_ZLIB,
                    sk_sink_may_unpack (self->sink, length), &whole);

  if (!sk_sink_unpack (self->sink, length, unpacked->len))
    return;
  g_byte_array_append (unpacked, (const guint8 *) "", 1); /* numbers end here, at the latest */
  take_bytes (self, dictionary, bytes, (const char *) unpacked->data, unpacked->len - 1);
}

/* `bytes`: where its dictionary ends, too. */
static void
take_stream (Walk *self, const char *dictionary, const char *bytes, const char *end)
{
  gsize length = (gsize) (end - bytes);

  if (is_other (dictionary, bytes))
    return;
  if (!has (dictionary, bytes, "/Filter"))
    {
      g_autofree char *copy = g_strndup (bytes, length);

      take_bytes (self, dictionary, bytes, copy, length);
    }
  else if (has (dictionary, bytes, "/FlateDecode")
           && (has (dictionary, bytes, "/ObjStm") || is_packed_xml (bytes, length)))
    unpack (self, dictionary, bytes, end);
}

/* The keyword is followed by a line end, and its dictionary stands before it. */
static const char *
stream_start (const char *keyword, const char *end)
{
  const char *p = keyword + strlen ("stream");

  if (p < end && *p == '\r')
    p++;
  return p < end && *p == '\n' ? p + 1 : NULL;
}

static void
walk (Walk *self, const char *from, const char *end)
{
  const char *at = from, *outside = from;

  while (self->streams < STREAMS && (at = find (at, end, "stream")) != NULL)
    {
      const char *bytes = stream_start (at, end), *dictionary, *stream_end;

      dictionary = bytes != NULL
                       ? find_last (MAX (outside, at - MIN (at - from, BEFORE_STREAM)), at, " obj")
                       : NULL;
      self->streams++;
      at += strlen ("stream");
      if (dictionary == NULL)
        continue;
      if ((stream_end = find (bytes, end, "endstream")) == NULL)
        break;
      add_dictionaries (self, outside, bytes);
      take_stream (self, dictionary, bytes, stream_end);
      at = outside = stream_end + strlen ("endstream");
    }
  add_dictionaries (self, outside, end);
  if (self->streams == STREAMS)
    sk_sink_doubt (self->sink, "limit: too many objects in a PDF");
}

/* --- fonts that are drawings (9.6.5) ---------------------------------------------------------- */

/* The object that `at` stands in. */
static void
find_object (const GString *all, const char *at, const char **from, const char **to)
{
  const char *start = MAX (all->str, at - MIN (at - all->str, DICTIONARY)),
             *end = all->str + all->len;

  *from = find_last (start, at, " obj");
  *from = *from != NULL ? *from : start;
  *to = find (at, end, "endobj");
  *to = *to != NULL ? *to : end;
}

/* The value of the key, or the object that it refers to. */
static gboolean
find_value (const GString *all, const char **from, const char **to, const char *key)
{
  const char *at = find (*from, *to, key), *end = all->str + all->len;
  g_autofree char *header = NULL;
  char *behind;
  guint64 number;

  if (at == NULL)
    return FALSE;
  at += strlen (key);
  number = g_ascii_strtoull (at, &behind, 10);
  if (behind > at)
    {
      header = g_strdup_printf ("\n%" G_GUINT64_FORMAT " 0 obj", number);
      if ((at = find_last (all->str, end, header)) == NULL)
        return FALSE;
      *to = find (at, end, "endobj");
    }
  *from = at;
  return *to != NULL;
}

/* "g12", "glyph5", "c0": a number that somebody counted, and not that of the character itself. */
static gboolean
is_counted_name (const char *name, gsize length, guint code)
{
  g_autofree char *copy = g_strndup (name, length);
  gsize letters = strcspn (copy, "0123456789");
  guint64 decimal, hexadecimal;
  char *end;

  if (letters == 0 || letters == length || g_str_has_prefix (copy, "uni")
      || g_str_has_prefix (copy, "afii") || (*copy == 'u' && letters == 1 && length >= 5))
    return FALSE;
  decimal = g_ascii_strtoull (copy + letters, &end, 10);
  hexadecimal = g_ascii_strtoull (copy + letters, NULL, 16);
  return *end == '\0' && decimal != code && hexadecimal != code;
}

/* Of an encoding's differences (9.6.6.1): whether most names are such. */
static gboolean
has_counted_names (const char *from, const char *to)
{
  guint code = 0, names = 0, counted = 0;
  const char *p = find (from, to, "["), *end = p != NULL ? memchr (p, ']', (gsize) (to - p)) : NULL;

  while (end != NULL && p < end && names < NAMES)
    if (*p == '/')
      {
        const char *name = ++p;

        while (p < end && !g_ascii_isspace (*p) && *p != '/')
          p++;
        names++;
        counted += is_counted_name (name, (gsize) (p - name), code++);
      }
    else if (g_ascii_isdigit (*p))
      {
        for (code = 0; p < end && g_ascii_isdigit (*p); p++)
          code = code * 10 + (guint) (*p - '0');
      }
    else
      p++;
  return counted * 2 > names;
}

static gboolean
is_unknown_font (const GString *all, const char *at)
{
  const char *from, *to;

  find_object (all, at, &from, &to);
  return !has (from, to, "/ToUnicode") && find_value (all, &from, &to, "/Encoding")
         && find_value (all, &from, &to, "/Differences") && has_counted_names (from, to);
}

static void
judge_fonts (Walk *self)
{
  const GString *all = self->dictionaries;
  const char *at = all->str, *end = all->str + all->len;

  for (guint i = 0; i < FONTS && (at = find (at, end, "/Type3")) != NULL; i++, at++)
    if (is_unknown_font (all, at))
      {
        sk_sink_doubt (self->sink, "the characters of a font are not known");
        return;
      }
}

void
sk_pdf_objects_read (const SkContent *content, SkSink *sink)
{
  g_autoptr (GString) dictionaries = g_string_new (NULL);
  Walk self = { .sink = sink, .dictionaries = dictionaries };
  const char *bytes = (const char *) content->bytes;

  walk (&self, bytes, bytes + content->length);
  judge_fonts (&self);
  if (!self.has_form && has (dictionaries->str, dictionaries->str + dictionaries->len, "/XFA"))
    sk_sink_doubt (sink, "the fields of its form (XFA) can't be read");
}
