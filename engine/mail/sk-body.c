// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-body.h"

#include "sk-charset.h"
#include "sk-html-text.h"

#include <string.h>

/* PGP armour stands at the start of a text, or nowhere. */
#define ARMOUR_BYTES 256
/* Where HTML names its charset. */
#define META_BYTES 1024

void
sk_text_free (gpointer text)
{
  g_free (((SkText *) text)->text);
  g_free (text);
}

void
sk_body_init (SkBody *self, const SkMessageLimits *limits, gboolean want_shown)
{
  memset (self, 0, sizeof *self);
  self->texts = g_ptr_array_new_with_free_func (sk_text_free);
  if (want_shown)
    self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->left = limits->text_bytes;
}

void
sk_body_clear (SkBody *self)
{
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_hash_table_unref);
}

static void
note_armour (SkBody *self, const char *text, gsize length)
{
  static const char begin[] = "-----BEGIN PGP ";
  const char *end = text + length;

  while (text < end && (g_ascii_isspace (*text) || (guchar) *text >= 0x80))
    text++;
  if ((gsize) (end - text) < sizeof begin + 8 || memcmp (text, begin, sizeof begin - 1) != 0)
    return;
  text += sizeof begin - 1;
  self->is_signed |= memcmp (text, "SIGNED ME", 9) == 0;
  self->is_encrypted |= memcmp (text, "MESSAGE--", 9) == 0;
}

/* <meta charset=…>, which counts when the part names none. */
static char *
meta_charset (const GByteArray *html)
{
  const char *start = (const char *) html->data, *p = start;
  const char *end = start + MIN (html->len, META_BYTES);

  while (p < end && (p = memmem (p, (gsize) (end - p), "charset=", 8)) != NULL)
    {
      const char *name = p + 8, *stop;

      while (name < end && (*name == '"' || *name == '\'' || *name == ' '))
        name++;
      for (stop = name; stop < end && (g_ascii_isalnum (*stop) || strchr ("-_.:", *stop) != NULL);)
        stop++;
      if (stop > name)
        return g_strndup (name, (gsize) (stop - name));
      p += 8;
    }
  return NULL;
}

/* Takes the bytes. */
static void
decode_text (const SkPart *part, GByteArray *bytes, SkDecoded *decoded)
{
  g_autofree char *meta = NULL;
  const char *label = part->charset;
  gsize length = bytes->len;

  if (label == NULL && sk_part_is_html (part) && length > 0)
    label = meta = meta_charset (bytes);
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  sk_charset_decode_taking ((char *) g_byte_array_free (bytes, FALSE), length, label, decoded);
}

static GByteArray *
read_bytes (SkBody *self, const SkPart *part, SkMailSource *source)
{
  gboolean cut;
  GByteArray *bytes = sk_part_decode (part, source, self->left, &cut);

  self->left -= bytes->len;
  self->cut |= cut;
  return bytes;
}

static SkText *
read_text (SkBody *self, const SkPart *part, SkMailSource *source)
{
  SkText *text = g_new0 (SkText, 1);
  SkDecoded decoded;

  text->kind = sk_part_is_html (part) ? SK_TEXT_HTML : SK_TEXT_PLAIN;
  decode_text (part, read_bytes (self, part, source), &decoded);
  text->replaced = decoded.replaced;
  text->text = decoded.text;
  text->length = text->kind == SK_TEXT_HTML
                     ? sk_html_to_text (decoded.text, decoded.length, self->shown)
                     : decoded.length;
  return text;
}

/* A number that is the same for all body texts of a multipart/alternative; 0 when they are all of one kind, which no
 * program makes. */
static guint
number_of_alternative (const SkPartList *list, const SkPart *part)
{
  guint first = 0;
  gboolean others = FALSE;

  for (guint i = 0; part->alternative != NULL && i < list->parts->len; i++)
    {
      const SkPart *other = list->parts->pdata[i];

      if (other->alternative != part->alternative || !sk_part_is_body_text (other))
        continue;
      first = first == 0 ? i + 1 : first;
      others |= sk_part_is_html (other) != sk_part_is_html (part);
    }
  return others ? first : 0;
}

static void
peek_armour (SkBody *self, const SkPart *part, SkMailSource *source)
{
  gboolean cut;
  g_autoptr (GByteArray) bytes = sk_part_decode (part, source, ARMOUR_BYTES, &cut);

  note_armour (self, (const char *) bytes->data, bytes->len);
}

static void
read_part (SkBody *self, const SkPartList *list, const SkPart *part, SkMailSource *source,
           gboolean want_text)
{
  SkText *text = NULL;

  if (want_text || (self->shown != NULL && sk_part_is_html (part)))
    text = read_text (self, part, source);
  if (!sk_part_is_html (part))
    {
      if (text != NULL)
        note_armour (self, text->text, MIN (text->length, ARMOUR_BYTES));
      else
        peek_armour (self, part, source);
    }
  if (text == NULL)
    return;
  if (!want_text)
    {
      sk_text_free (text);
      return;
    }
  text->alternative = number_of_alternative (list, part);
  text->branch = part->branch;
  g_ptr_array_add (self->texts, text);
}

void
sk_body_read (SkBody *self, const SkPartList *list, SkMailSource *source, gboolean want_texts)
{
  for (guint i = 0; i < list->parts->len; i++)
    if (sk_part_is_body_text (list->parts->pdata[i]))
      read_part (self, list, list->parts->pdata[i], source, want_texts);
}
