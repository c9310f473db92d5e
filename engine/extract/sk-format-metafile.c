/* Pictures that are drawn by records, and the text among them: [MS-EMF], [MS-EMFPLUS] and [MS-WMF].
 *
 * Programs draw a line of text in pieces, often a character each. Pieces that stand side by side in
 * one line are joined, or parted by a tab where there is a gap. Text that is drawn by the numbers
 * of glyphs is told as what can't be read. Records that end too early end the reading, which is
 * told as well.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-bytes.h"
#include "sk-charset.h"
#include "sk-code-page.h"
#include "sk-rtf-word.h"
#include "sk-utf16.h"

#include <string.h>

enum {
  EMF_HEADER = 1,
  EMF_POLY_A = 96,
  EMF_POLY_W = 97,
  EMF_MOVE = 27,
  EMF_ALIGN = 22,
  EMF_SELECT = 37,
  EMF_COMMENT = 70,
  EMF_FONT = 82,
  EMF_TEXT_A = 83,
  EMF_TEXT_W = 84,
  EMF_SMALL_TEXT = 108,
  EMF_END = 14,
  EMF_PLUS = 0x2b464d45, /* "EMF+" */
  EMF_PLUS_STRING = 0x401c,

  WMF_END = 0,
  WMF_SELECT = 0x012d,
  WMF_DELETE = 0x01f0,
  WMF_FONT = 0x02fb,
  WMF_TEXT = 0x0521,
  WMF_EXTENDED_TEXT = 0x0a32,

  GLYPH_NUMBERS = 0x10, /* ETO_GLYPH_INDEX */
  SMALL_BYTES = 0x200,  /* ETO_SMALL_CHARS */
  NO_BOX = 0x100,       /* ETO_NO_RECT */
  UPDATES = 1,          /* TA_UPDATECP */
  STRINGS = 65536,      /* in one record */
  WRITTEN_AT_ONCE = 64 * 1024,
  FONTS = 4096, /* numbers of objects beyond are not looked at */
  OTHER_OBJECT = -1,
  PLACEABLE = 22,
  ANY_CHARSET = 1, /* DEFAULT_CHARSET */
};

typedef struct {
  SkSink *sink;
  guint lowest;      /* number that may be free */
  GHashTable *fonts; /* number of an object → its charset + 2, or OTHER_OBJECT + 2 */
  int charset;
  gint64 height; /* of the font, in units of its own */
  gint64 x, y;   /* where the last piece ended */
  gboolean any, updates, by_glyphs;
  gboolean full; /* the sink takes no more */
  GString *text;
} Drawing;

static gint64
s32 (SkBytes bytes, gsize at)
{
  return (gint32) sk_bytes_u32 (bytes, at);
}

static gint64
s16 (SkBytes bytes, gsize at)
{
  return (gint16) sk_bytes_u16 (bytes, at);
}

/* --- pieces of text --------------------------------------------------------------------------- */

static void
flush (Drawing *self)
{
  self->full = self->full
               || (self->text->len > 0
                   && !sk_sink_text (self->sink, self->text->str, (gssize) self->text->len));
  g_string_truncate (self->text, 0);
}

/* What parts it from the last piece: `width` is 0 where it isn't known. */
static void
place (Drawing *self, gint64 x, gint64 y, gint64 width, gsize characters)
{
  gint64 near = MAX (self->height / 3, 1);

  if (self->text->len > WRITTEN_AT_ONCE)
    flush (self);
  if (self->updates)
    {
      x = self->x;
      y = self->y;
    }
  if (self->any && (ABS (y - self->y) > near || x < self->x - near * 3))
    g_string_append_c (self->text, '\n');
  else if (self->any && x > self->x + near)
    g_string_append_c (self->text, x > self->x + near * 4 ? '\t' : ' ');
  self->any = TRUE;
  self->x = x + (width > 0 ? width : (gint64) characters * self->height / 2);
  self->y = y;
}

static void
add_wide (Drawing *self, SkBytes text)
{
  sk_utf16_append (self->text, text);
}

static void
add_bytes (Drawing *self, SkBytes text)
{
  guint page = self->charset > ANY_CHARSET ? sk_rtf_charset_page (self->charset) : 0;
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode ((const char *) text.at, text.length,
                     page != 0 ? sk_code_page_charset (page) : NULL, &decoded);
  g_string_append_len (self->text, decoded.text, (gssize) decoded.length);
}

/* Bytes that are the lower halves of UTF-16. */
static void
add_halves (Drawing *self, SkBytes text)
{
  for (gsize i = 0; i < text.length; i++)
    g_string_append_unichar (self->text, text.at[i] != 0 ? text.at[i] : ' ');
}

/* --- fonts and other objects ------------------------------------------------------------------ */

static void
keep_object (Drawing *self, guint number, int charset, gint64 height)
{
  if (number >= FONTS)
    return;
  g_hash_table_insert (self->fonts, GUINT_TO_POINTER (number), GINT_TO_POINTER (charset + 2));
  if (charset != OTHER_OBJECT && height != 0)
    self->height = ABS (height);
}

static void
select_object (Drawing *self, guint number)
{
  int charset = GPOINTER_TO_INT (g_hash_table_lookup (self->fonts, GUINT_TO_POINTER (number))) - 2;

  if (charset >= 0)
    self->charset = charset;
}

/* [MS-WMF] 3.1.4: an object is given the lowest number that is free. */
static void
create_object (Drawing *self, int charset, gint64 height)
{
  guint number = self->lowest;

  while (number < FONTS && g_hash_table_contains (self->fonts, GUINT_TO_POINTER (number)))
    number++;
  self->lowest = number;
  keep_object (self, number, charset, height);
}

static void
delete_object (Drawing *self, guint number)
{
  g_hash_table_remove (self->fonts, GUINT_TO_POINTER (number));
  self->lowest = MIN (self->lowest, number);
}

/* --- EMF -------------------------------------------------------------------------------------- */

/* 2.2.5, EmrText at `at`. Where it stands is told from the record's start. */
static void
take_emf_text (Drawing *self, SkBytes record, gsize at, gboolean wide)
{
  gsize unit = wide ? 2 : 1, count = sk_bytes_u32 (record, at + 8),
        gaps = sk_bytes_u32 (record, at + 36);
  guint32 options = sk_bytes_u32 (record, at + 16);
  SkBytes text = sk_bytes_from (record, sk_bytes_u32 (record, at + 12));
  gint64 width = 0;

  count = MIN (count, text.length / unit);
  if (count > 0 && (options & GLYPH_NUMBERS) != 0)
    self->by_glyphs = TRUE;
  if (count == 0 || self->full || (options & GLYPH_NUMBERS) != 0)
    return;
  for (gsize i = 0; gaps > 0 && i < count; i++)
    width += s32 (record, gaps + i * 4);
  place (self, s32 (record, at), s32 (record, at + 4), width, count);
  text = sk_bytes_part (text, 0, count * unit);
  if (wide)
    add_wide (self, text);
  else
    add_bytes (self, text);
}

/* 2.3.5.32 */
static void
take_small_text (Drawing *self, SkBytes record)
{
  guint32 options = sk_bytes_u32 (record, 20);
  gboolean halves = (options & SMALL_BYTES) != 0;
  SkBytes text = sk_bytes_from (record, (options & NO_BOX) != 0 ? 36 : 52);
  gsize unit = halves ? 1 : 2, count = MIN (sk_bytes_u32 (record, 16), text.length / unit);

  if ((options & GLYPH_NUMBERS) != 0)
    {
      self->by_glyphs = TRUE;
      return;
    }
  place (self, s32 (record, 8), s32 (record, 12), 0, count);
  text = sk_bytes_part (text, 0, count * unit);
  if (halves)
    add_halves (self, text);
  else
    add_wide (self, text);
}

static void
take_poly_text (Drawing *self, SkBytes record, gboolean wide)
{
  guint count = MIN (sk_bytes_u32 (record, 36), STRINGS);

  for (guint i = 0; i < count && 40 + i * 40 < record.length; i++)
    take_emf_text (self, record, 40 + i * 40, wide);
}

/* [MS-EMFPLUS] 2.3.4.14, inside a comment. */
static void
take_plus_records (Drawing *self, SkBytes records)
{
  for (gsize at = 0, size; at + 12 <= records.length; at += size)
    {
      SkBytes record = sk_bytes_from (records, at), text;
      gsize count = sk_bytes_u32 (record, 20);

      size = sk_bytes_u32 (record, 4);
      if (size < 12)
        break;
      record = sk_bytes_part (record, 0, size);
      text = sk_bytes_from (record, 40);
      if (sk_bytes_u16 (record, 0) != EMF_PLUS_STRING || text.length == 0)
        continue;
      g_string_append (self->text, self->any ? "\n" : "");
      self->any = TRUE;
      self->y = G_MININT32;
      add_wide (self, sk_bytes_part (text, 0, MIN (count, text.length / 2) * 2));
    }
}

/* 2.3.4.2: what made it, and its title. */
static void
take_description (Drawing *self, SkBytes record)
{
  SkBytes text
      = sk_bytes_part (record, sk_bytes_u32 (record, 64), (gsize) sk_bytes_u32 (record, 60) * 2);

  for (guint i = 0; i < 2 && sk_bytes_u32 (record, 60) > 0 && text.length > 0; i++)
    {
      SkBytes part = sk_utf16_until_nul (text);

      if (part.length > 0)
        {
          add_wide (self, part);
          g_string_append_c (self->text, '\n');
        }
      text = sk_bytes_from (text, part.length + 2);
    }
}

static void
take_emf_record (Drawing *self, SkBytes record)
{
  switch (sk_bytes_u32 (record, 0))
    {
    case EMF_HEADER:
      take_description (self, record);
      break;
    case EMF_TEXT_A:
    case EMF_TEXT_W:
      take_emf_text (self, record, 36, sk_bytes_u32 (record, 0) == EMF_TEXT_W);
      break;
    case EMF_POLY_A:
    case EMF_POLY_W:
      take_poly_text (self, record, sk_bytes_u32 (record, 0) == EMF_POLY_W);
      break;
    case EMF_SMALL_TEXT:
      take_small_text (self, record);
      break;
    case EMF_MOVE:
      if (self->updates)
        place (self, s32 (record, 8), s32 (record, 12), 0, 0);
      self->x = s32 (record, 8);
      self->y = s32 (record, 12);
      break;
    case EMF_ALIGN:
      self->updates = (sk_bytes_u32 (record, 8) & UPDATES) != 0;
      break;
    case EMF_FONT:
      keep_object (self, sk_bytes_u32 (record, 8), (int) sk_bytes_u8 (record, 35), s32 (record, 12));
      break;
    case EMF_SELECT:
      select_object (self, sk_bytes_u32 (record, 8));
      break;
    case EMF_COMMENT:
      if (sk_bytes_u32 (record, 12) == EMF_PLUS)
        take_plus_records (self, sk_bytes_from (record, 16));
      break;
    default:
      break;
    }
}

/* FALSE: it ends before its last record. */
static gboolean
walk_emf (Drawing *self, SkBytes file)
{
  for (gsize at = 0, size; at + 8 <= file.length && !self->full; at += size)
    {
      size = sk_bytes_u32 (file, at + 4);
      if (size < 8 || size > file.length - at)
        return FALSE;
      take_emf_record (self, sk_bytes_part (file, at, size));
      if (sk_bytes_u32 (file, at) == EMF_END)
        return TRUE;
    }
  return FALSE;
}

/* --- WMF -------------------------------------------------------------------------------------- */

static gboolean
creates_object (guint kind)
{
  static const guint kinds[] = { 0x00f7, 0x0142, 0x01f9, 0x02fa, 0x02fc, 0x06ff };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kind == kinds[i])
      return TRUE;
  return FALSE;
}

static void
take_wmf_text (Drawing *self, gint64 x, gint64 y, SkBytes text, gsize count)
{
  if (count == 0)
    return;
  place (self, x, y, 0, count);
  add_bytes (self, sk_bytes_part (text, 0, count));
}

/* 2.3.3.5 and 2.3.3.20; `record` begins with its size. */
static void
take_wmf_record (Drawing *self, SkBytes record)
{
  guint kind = sk_bytes_u16 (record, 4), count;

  switch (kind)
    {
    case WMF_TEXT:
      count = sk_bytes_u16 (record, 6);
      take_wmf_text (self, s16 (record, 8 + (count + 1) / 2 * 2 + 2),
                     s16 (record, 8 + (count + 1) / 2 * 2), sk_bytes_from (record, 8), count);
      break;
    case WMF_EXTENDED_TEXT:
      if ((sk_bytes_u16 (record, 12) & GLYPH_NUMBERS) != 0)
        self->by_glyphs = TRUE;
      else
        take_wmf_text (self, s16 (record, 8), s16 (record, 6),
                       sk_bytes_from (record, (sk_bytes_u16 (record, 12) & 6) != 0 ? 22 : 14),
                       sk_bytes_u16 (record, 10));
      break;
    case WMF_FONT:
      create_object (self, (int) sk_bytes_u8 (record, 19), s16 (record, 6));
      break;
    case WMF_SELECT:
      select_object (self, sk_bytes_u16 (record, 6));
      break;
    case WMF_DELETE:
      delete_object (self, sk_bytes_u16 (record, 6));
      break;
    default:
      if (creates_object (kind))
        create_object (self, OTHER_OBJECT, 0);
    }
}

static gboolean
walk_wmf (Drawing *self, SkBytes file)
{
  for (gsize at = 0, size; at + 6 <= file.length && !self->full; at += size)
    {
      size = (gsize) sk_bytes_u32 (file, at) * 2;
      if (size < 6 || size > file.length - at)
        return FALSE;
      if (sk_bytes_u16 (file, at + 4) == WMF_END)
        return TRUE;
      take_wmf_record (self, sk_bytes_part (file, at, size));
    }
  return FALSE;
}

/* --- the format ------------------------------------------------------------------------------- */

static gboolean
is_emf (SkBytes file)
{
  return sk_bytes_u32 (file, 0) == EMF_HEADER && sk_bytes_u32 (file, 40) == 0x464d4520 /* " EMF" */;
}

/* Where its records begin, behind its header (2.3.2.2, 2.3.2.3); 0: it is none. */
static gsize
wmf_start (SkBytes file)
{
  gsize at = sk_bytes_u32 (file, 0) == 0x9ac6cdd7 ? PLACEABLE : 0;
  guint kind = sk_bytes_u16 (file, at), version = sk_bytes_u16 (file, at + 4);

  return (kind == 1 || kind == 2) && sk_bytes_u16 (file, at + 2) == 9
                 && (version == 0x100 || version == 0x300)
             ? at + 18
             : 0;
}

static const char *
recognise (const SkContent *content)
{
  SkBytes file = { content->bytes, content->length };

  return is_emf (file) ? "image/emf" : wmf_start (file) > 0 ? "image/wmf" : NULL;
}

static SkReading
read_metafile (const SkContent *content, const char *type, SkSink *sink)
{
  SkBytes file = { content->bytes, content->length };
  g_autoptr (GHashTable) fonts = g_hash_table_new (NULL, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  Drawing self
      = { .sink = sink, .fonts = fonts, .text = text, .height = 1, .charset = ANY_CHARSET };
  gboolean whole = is_emf (file) ? walk_emf (&self, file)
                                 : walk_wmf (&self, sk_bytes_from (file, wmf_start (file)));

  flush (&self);
  if (self.by_glyphs)
    sk_sink_doubt (sink, "text in a picture is drawn by glyphs whose characters are not known");
  if (!whole && !self.full)
    sk_sink_doubt (sink, "damaged: a picture ends too early");
  return SK_READING_DONE;
}

const SkFormat sk_format_metafile = { "metafile", recognise, read_metafile };
