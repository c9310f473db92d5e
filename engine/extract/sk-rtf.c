// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-rtf.h"

#include "sk-charset.h"
#include "sk-code-page.h"
#include "sk-field-code.h"
#include "sk-format.h"
#include "sk-ole-package.h"
#include "sk-rtf-word.h"
#include "sk-utf16.h"

#include <stdlib.h>
#include <string.h>

extern const SkFormat sk_format_metafile;

enum {
  DEPTH = 4096, /* groups inside one another; deeper ones are like the last */
  WORD = 32,
  FLUSH = 8192,
  ANSI = 1252,
  BYTES_A_FAULT = 4, /* so few for each that can't be decoded: it is another charset */
};

static const char *const labels[SK_RTF_KEPT]
    = { NULL, "header", "footer", "footnotes", "comments", "shapes", "fields", "properties",
        "deleted" };

/* What a group has of its own. */
typedef struct {
  SkRtfPlace place;
  guint page;   /* code page of the font; 0: the document's */
  guint skip;   /* characters after \u that are for those who can't read it */
  gboolean is_optional; /* it began with \* */
  gboolean in_table, is_deleted;
} Group;

typedef struct {
  SkBytes rtf;
  gsize at;
  SkSink *sink;
  GArray *groups;         /* Group */
  gsize too_deep;
  GString *texts[SK_RTF_KEPT];
  GByteArray *bytes;      /* not decoded yet, of the last group */
  GByteArray *object;     /* decoded from hexadecimal */
  guint half, high;       /* a digit and a surrogate that wait for the other */
  GHashTable *font_pages; /* number: code page */
  guint page, font, default_font; /* font: whose charset comes next, in the table */
  guint to_skip;
  gboolean after_cell, full;
  gboolean has_hole; /* zeros inside */
  gsize code_start;       /* of the instruction that is being read */
} Rtf;

static Group *
group (Rtf *self)
{
  return &g_array_index (self->groups, Group, self->groups->len - 1);
}

/* --- text ------------------------------------------------------------------------------------ */

static void
flush_text (Rtf *self)
{
  GString *text = self->texts[SK_RTF_TEXT];

  if (text->len > 0 && !sk_sink_text (self->sink, text->str, (gssize) text->len))
    self->full = TRUE;
  g_string_truncate (text, 0);
}

static GString *
text_of (Rtf *self)
{
  GString *text = self->texts[group (self)->is_deleted ? SK_RTF_DELETED : group (self)->place];

  if (self->after_cell)
    g_string_append_c (text, '\t');
  self->after_cell = FALSE;
  return text;
}

static gboolean
is_kept (Rtf *self)
{
  return group (self)->place < SK_RTF_KEPT;
}

static guint
page_of (Rtf *self)
{
  return group (self)->page != 0 ? group (self)->page : self->page;
}

/* Fonts of no special charset are those of the document's, as simple programs write them, unless
 * that can't be. */
static void
decode_bytes (Rtf *self)
{
  const char *bytes = (const char *) self->bytes->data;
  g_auto (SkDecoded) decoded = { NULL };

  if (self->bytes->len == 0)
    return;
  sk_charset_decode (bytes, self->bytes->len, sk_code_page_charset (page_of (self)), &decoded);
  if (decoded.replaced * BYTES_A_FAULT >= self->bytes->len && group (self)->page == 0)
    {
      sk_decoded_clear (&decoded);
      sk_charset_decode (bytes, self->bytes->len, sk_code_page_charset (ANSI), &decoded);
    }
  g_string_append_len (text_of (self), decoded.text, (gssize) decoded.length);
  g_byte_array_set_size (self->bytes, 0);
}

/* Before anything but bytes. */
static void
end_bytes (Rtf *self)
{
  if (is_kept (self))
    decode_bytes (self);
  if (self->texts[SK_RTF_TEXT]->len > FLUSH)
    flush_text (self);
}

static void
append_hexadecimal (Rtf *self, guint8 digit)
{
  int value = g_ascii_xdigit_value ((char) digit);

  if (value < 0)
    return;
  if (self->half == 0)
    self->half = 16 + (guint) value;
  else
    {
      guint8 byte = (guint8) ((self->half - 16) << 4 | (guint) value);

      g_byte_array_append (self->object, &byte, 1);
      self->half = 0;
    }
}

static gboolean
is_hexadecimal (Rtf *self)
{
  SkRtfPlace place = group (self)->place;

  return place == SK_RTF_OBJECT || place == SK_RTF_PICTURE;
}

/* A byte of text. Second bytes of characters look like ASCII. */
static void
append_byte (Rtf *self, guint8 byte)
{
  if (self->to_skip > 0)
    self->to_skip--;
  else if (is_hexadecimal (self))
    append_hexadecimal (self, byte);
  else if (!is_kept (self))
    return;
  else if (byte >= 0x80 || self->bytes->len > 0)
    g_byte_array_append (self->bytes, &byte, 1);
  else
    g_string_append_c (text_of (self), (char) byte);
}

static void
append_character (Rtf *self, gunichar c)
{
  if (self->to_skip > 0)
    self->to_skip--;
  else if (is_kept (self))
    g_string_append_unichar (text_of (self), c);
}

static void
append_unicode (Rtf *self, int number)
{
  if (is_kept (self))
    sk_utf16_append_unit (text_of (self), (guint) number & 0xffff, &self->high);
  self->to_skip = group (self)->skip;
}

static void
end_cell (Rtf *self)
{
  if (!is_kept (self))
    return;
  text_of (self);
  self->after_cell = TRUE;
}

static void
end_row (Rtf *self)
{
  self->after_cell = FALSE;
  append_character (self, '\n');
}

/* A row is a line, whatever its cells have. */
static void
end_paragraph (Rtf *self)
{
  append_character (self, group (self)->in_table ? ' ' : '\n');
}

/* --- groups ---------------------------------------------------------------------------------- */

static void
begin_group (Rtf *self)
{
  Group inner = *group (self);

  self->to_skip = 0;
  inner.is_optional = FALSE;
  if (self->groups->len < DEPTH)
    g_array_append_val (self->groups, inner);
  else
    self->too_deep++;
}

static void
end_object (Rtf *self)
{
  SkBytes object = { self->object->data, self->object->len };

  if (object.length > 0)
    {
      flush_text (self);
      self->full |= !sk_ole_package_read_object (object, self->sink);
    }
  g_byte_array_set_size (self->object, 0);
  self->half = 0;
}

/* Of other pictures, what people wrote into them is not looked for. */
static void
end_picture (Rtf *self)
{
  SkContent picture = { .bytes = self->object->data, .length = self->object->len };

  if (picture.length > 0 && sk_format_metafile.recognise (&picture) != NULL)
    {
      flush_text (self);
      self->full |= !sk_sink_member (self->sink, &picture);
    }
  g_byte_array_set_size (self->object, 0);
  self->half = 0;
}

static void
end_line (GString *text)
{
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
}

static void
end_instruction (Rtf *self)
{
  GString *codes = self->texts[SK_RTF_FIELDS];

  sk_field_code_append_base (text_of (self), codes->str + self->code_start,
                             codes->len - self->code_start);
  end_line (codes);
}

static void
end_group (Rtf *self)
{
  SkRtfPlace place = group (self)->place;
  gboolean was_deleted = group (self)->is_deleted;

  self->to_skip = 0;
  if (self->too_deep > 0)
    {
      self->too_deep--;
      return;
    }
  if (self->groups->len == 1)
    return;
  g_array_set_size (self->groups, self->groups->len - 1);
  if (was_deleted && !group (self)->is_deleted)
    end_line (self->texts[SK_RTF_DELETED]);
  if (place == group (self)->place)
    return;
  if (place == SK_RTF_OBJECT)
    end_object (self);
  else if (place == SK_RTF_PICTURE)
    end_picture (self);
  else if (place == SK_RTF_FIELDS && is_kept (self))
    end_instruction (self);
  else if (place < SK_RTF_KEPT && place != SK_RTF_TEXT)
    end_line (self->texts[place]);
}

/* What is skipped is skipped with all that is in it. */
static void
enter (Rtf *self, SkRtfPlace place)
{
  if (place == SK_RTF_FIELDS && group (self)->place != SK_RTF_FIELDS)
    self->code_start = self->texts[SK_RTF_FIELDS]->len;
  if (group (self)->place != SK_RTF_SKIPPED && place != SK_RTF_SAME)
    group (self)->place = place;
  group (self)->is_optional = FALSE;
}

/* {\upr{in bytes}{\*\ud{in Unicode}}} */
static void
enter_unicode (Rtf *self)
{
  if (self->groups->len >= 3)
    group (self)->place = g_array_index (self->groups, Group, self->groups->len - 3).place;
  group (self)->is_optional = FALSE;
}

/* --- control words --------------------------------------------------------------------------- */

static void
set_font (Rtf *self, int number)
{
  guint font = (guint) number;

  if (group (self)->place == SK_RTF_FONTS)
    self->font = font;
  else
    group (self)->page
        = GPOINTER_TO_UINT (g_hash_table_lookup (self->font_pages, GUINT_TO_POINTER (font)));
}

static void
set_font_page (Rtf *self, guint page)
{
  if (group (self)->place == SK_RTF_FONTS && page != 0)
    g_hash_table_insert (self->font_pages, GUINT_TO_POINTER (self->font), GUINT_TO_POINTER (page));
}

static void
skip_binary (Rtf *self, int length)
{
  if (length <= 0)
    return;
  if (is_hexadecimal (self))
    {
      SkBytes bytes = sk_bytes_part (self->rtf, self->at, (gsize) length);

      g_byte_array_append (self->object, bytes.at, (guint) bytes.length);
    }
  self->at = MIN (self->rtf.length, self->at + (gsize) length);
}

static void
apply (Rtf *self, const SkRtfWord *word, gboolean has_number, int number)
{
  switch (word->action)
    {
    case SK_RTF_PLACE:
      enter (self, (SkRtfPlace) word->value);
      break;
    case SK_RTF_CHARACTER:
      append_character (self, word->value);
      break;
    case SK_RTF_PARAGRAPH:
      end_paragraph (self);
      break;
    case SK_RTF_PARAGRAPH_FRESH:
    case SK_RTF_IN_TABLE:
      group (self)->in_table = word->action == SK_RTF_IN_TABLE;
      break;
    case SK_RTF_CELL:
      end_cell (self);
      break;
    case SK_RTF_ROW:
      end_row (self);
      break;
    case SK_RTF_PAGE_OF_ALL:
      self->page = has_number && number > 0 ? (guint) number : word->value;
      break;
    case SK_RTF_FONT:
      set_font (self, number);
      break;
    case SK_RTF_DEFAULT_FONT:
      self->default_font = (guint) number;
      break;
    case SK_RTF_FONT_CHARSET:
      set_font_page (self, sk_rtf_charset_page (number));
      break;
    case SK_RTF_FONT_PAGE:
      set_font_page (self, (guint) number);
      break;
    case SK_RTF_IS_DELETED:
      group (self)->is_deleted = !has_number || number != 0;
      break;
    case SK_RTF_PLAIN:
      group (self)->is_deleted = FALSE;
      if (group (self)->place != SK_RTF_FONTS)
        set_font (self, (int) self->default_font);
      break;
    case SK_RTF_UNICODE:
      if (has_number)
        append_unicode (self, number);
      break;
    case SK_RTF_UNICODE_SKIP:
      group (self)->skip = (guint) CLAMP (number, 0, 16);
      break;
    case SK_RTF_UNICODE_GROUP:
      enter_unicode (self);
      break;
    case SK_RTF_BINARY:
      skip_binary (self, number);
      break;
    default:
      break;
    }
}

/* A group that nobody must understand is skipped when we don't. */
static void
use_word (Rtf *self, const char *name, gboolean has_number, int number)
{
  const SkRtfWord *word = sk_rtf_word_find (name);

  if (group (self)->is_optional
      && (word == NULL || (word->action != SK_RTF_PLACE && word->action != SK_RTF_UNICODE_GROUP)))
    enter (self, SK_RTF_SKIPPED);
  if (word == NULL)
    return;
  if (self->to_skip > 0 && word->action != SK_RTF_BINARY && word->action != SK_RTF_UNICODE)
    self->to_skip--;
  else
    apply (self, word, has_number, number);
}

static guint8
peek (const Rtf *self)
{
  return (guint8) sk_bytes_u8 (self->rtf, self->at);
}

static void
read_word (Rtf *self)
{
  char name[WORD], digits[12];
  gsize length = 0, count = 0;
  gboolean is_negative;

  for (; g_ascii_isalpha ((char) peek (self)); self->at++)
    if (length < sizeof name - 1)
      name[length++] = (char) peek (self);
  name[length] = '\0';
  is_negative = peek (self) == '-' && g_ascii_isdigit ((char) sk_bytes_u8 (self->rtf, self->at + 1));
  self->at += is_negative ? 1 : 0;
  for (; g_ascii_isdigit ((char) peek (self)); self->at++)
    if (count < 10)
      digits[count++] = (char) peek (self);
  digits[count] = '\0';
  if (peek (self) == ' ')
    self->at++;
  use_word (self, name, count > 0,
            (int) MIN (g_ascii_strtoull (digits, NULL, 10), G_MAXINT32) * (is_negative ? -1 : 1));
}

static void
read_byte (Rtf *self)
{
  int high = g_ascii_xdigit_value ((char) sk_bytes_u8 (self->rtf, self->at));
  int low = g_ascii_xdigit_value ((char) sk_bytes_u8 (self->rtf, self->at + 1));

  if (high < 0 || low < 0)
    return;
  self->at += 2;
  append_byte (self, (guint8) (high << 4 | low));
}

static void
read_symbol (Rtf *self, guint8 symbol)
{
  static const struct {
    char symbol;
    gunichar character;
  } symbols[] = { { '~', 0xa0 }, { '_', '-' }, { '\n', '\n' }, { '\r', '\n' }, { '\t', '\t' } };

  if (symbol == '*')
    group (self)->is_optional = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (symbols[i].symbol == (char) symbol)
      append_character (self, symbols[i].character);
}

/* Behind a backslash. Bytes, and those that stand for themselves, may be halves of a character. */
static void
read_control (Rtf *self)
{
  guint8 c = peek (self);

  if (self->at >= self->rtf.length)
    return;
  if (c == '\'' || c == '\\' || c == '{' || c == '}')
    {
      self->at++;
      if (c == '\'')
        read_byte (self);
      else
        append_byte (self, c);
      return;
    }
  end_bytes (self);
  if (g_ascii_isalpha ((char) c))
    read_word (self);
  else
    {
      self->at++;
      read_symbol (self, c);
    }
}

/* Simple programs write characters of two bytes as they are, even where the second looks like a
 * brace. */
static gboolean
is_first_of_two (Rtf *self, guint8 byte)
{
  guint page = page_of (self);

  if (page == 932)
    return (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc);
  return (page == 936 || page == 949 || page == 950) && byte >= 0x81 && byte <= 0xfe;
}

static void
read_raw (Rtf *self, guint8 byte)
{
  append_byte (self, byte);
  if (is_first_of_two (self, byte) && peek (self) >= 0x40)
    append_byte (self, (guint8) sk_bytes_u8 (self->rtf, self->at++));
}

static void
read_next (Rtf *self)
{
  guint8 c = (guint8) sk_bytes_u8 (self->rtf, self->at++);

  if (c == '\\')
    read_control (self);
  else if (c == '{' || c == '}')
    {
      end_bytes (self);
      if (c == '{')
        begin_group (self);
      else
        end_group (self);
    }
  else if (c == '\0')
    self->has_hole |= self->groups->len > 1 && self->at < self->rtf.length && peek (self) == '\0';
  else if (c != '\r' && c != '\n')
    read_raw (self, c);
}

/* --- the whole ------------------------------------------------------------------------------- */

static void
write_texts (Rtf *self)
{
  end_bytes (self);
  flush_text (self);
  for (guint i = SK_RTF_TEXT + 1; i < SK_RTF_KEPT; i++)
    if (self->texts[i]->len > 0 && !self->full)
      self->full = !sk_sink_section (self->sink, SK_SECTION_NOTE, labels[i], 0)
                   || !sk_sink_text (self->sink, self->texts[i]->str, (gssize) self->texts[i]->len);
}

/* NULs may follow the last brace; two inside are a hole in the file. */
static void
check_end (const Rtf *self)
{
  if (self->has_hole)
    sk_sink_doubt (self->sink, "damaged: a part of it is missing");
  else if (!self->full && self->groups->len > 1)
    sk_sink_doubt (self->sink, "damaged: it ends too early");
}

void
sk_rtf_read (SkBytes rtf, SkSink *sink)
{
  Rtf self = { .rtf = rtf, .sink = sink, .page = ANSI };
  Group outermost = { SK_RTF_TEXT, 0, 1, FALSE };

  self.groups = g_array_new (FALSE, FALSE, sizeof (Group));
  g_array_append_val (self.groups, outermost);
  for (guint i = 0; i < SK_RTF_KEPT; i++)
    self.texts[i] = g_string_new (NULL);
  self.bytes = g_byte_array_new ();
  self.object = g_byte_array_new ();
  self.font_pages = g_hash_table_new (NULL, NULL);
  while (self.at < rtf.length && !self.full)
    read_next (&self);
  check_end (&self);
  write_texts (&self);
  g_hash_table_unref (self.font_pages);
  g_byte_array_unref (self.object);
  g_byte_array_unref (self.bytes);
  for (guint i = 0; i < SK_RTF_KEPT; i++)
    g_string_free (self.texts[i], TRUE);
  g_array_unref (self.groups);
}
