// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-header.h"

#include "sk-charset.h"
#include "sk-control.h"
#include "sk-parameter.h"
#include "sk-transfer-encoding.h"

#include <string.h>

#define CHARSET_MAX 64
#define SEGMENTS_MAX 1000

/* One "=?charset?B?text?=". */
typedef struct {
  const char *charset, *text, *end; /* end: behind "?=" */
  gsize charset_length, text_length;
  gboolean base64;
} Word;

/* Adjacent words of one charset are gathered as bytes here before they are converted. */
typedef struct {
  GString *out;
  GByteArray *bytes;
  char charset[CHARSET_MAX];
  gboolean pending;
  SkTransferDecoder base64; /* goes on over words that were cut inside a group of four */
  const char *next_end; /* the next "?=", so that it is not looked for again and again */
  gboolean no_end;
} Decoder;

static void
append_decoded (GString *out, const char *bytes, gsize length, const char *charset)
{
  g_auto (SkDecoded) decoded = { 0 };

  if (length == 0)
    return;
  sk_charset_decode (bytes, length, charset, &decoded);
  g_string_append_len (out, decoded.text, (gssize) decoded.length);
}

static const char *
find_word_end (Decoder *self, const char *from, const char *end)
{
  if (self->no_end)
    return NULL;
  if (self->next_end == NULL || self->next_end < from)
    self->next_end = from < end ? memmem (from, (gsize) (end - from), "?=", 2) : NULL;
  self->no_end = self->next_end == NULL;
  return self->next_end;
}

static gboolean
parse_word (Decoder *self, const char *p, const char *end, Word *word)
{
  const char *q = p + 2, *star;

  while (q < end && q - p < CHARSET_MAX && g_ascii_isgraph (*q) && *q != '?')
    q++;
  if (end - q < 5 || *q != '?' || q == p + 2 || q[2] != '?')
    return FALSE;
  word->charset = p + 2;
  word->charset_length = (gsize) (q - p) - 2;
  star = memchr (word->charset, '*', word->charset_length);
  if (star != NULL)
    word->charset_length = (gsize) (star - word->charset);
  word->base64 = q[1] == 'B' || q[1] == 'b';
  if (!word->base64 && q[1] != 'Q' && q[1] != 'q')
    return FALSE;
  word->text = q + 3;
  q = find_word_end (self, word->text, end);
  if (q == NULL)
    return FALSE;
  word->text_length = (gsize) (q - word->text);
  word->end = q + 2;
  return TRUE;
}

static void
append_q (GByteArray *bytes, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8) text[i];
      int high, low;

      if (byte == '_')
        byte = ' ';
      else if (byte == '=' && i + 2 < length && (high = g_ascii_xdigit_value (text[i + 1])) >= 0
               && (low = g_ascii_xdigit_value (text[i + 2])) >= 0)
        {
          byte = (guint8) (high << 4 | low);
          i += 2;
        }
      g_byte_array_append (bytes, &byte, 1);
    }
}

static void
flush_words (Decoder *self)
{
  if (!self->pending)
    return;
  sk_transfer_decoder_finish (&self->base64, self->bytes);
  append_decoded (self->out, (const char *) self->bytes->data, self->bytes->len, self->charset);
  g_byte_array_set_size (self->bytes, 0);
  self->pending = FALSE;
}

static void
take_word (Decoder *self, const Word *word)
{
  if (self->pending
      && (strlen (self->charset) != word->charset_length
          || g_ascii_strncasecmp (self->charset, word->charset, word->charset_length) != 0))
    flush_words (self);
  memcpy (self->charset, word->charset, word->charset_length);
  self->charset[word->charset_length] = '\0';
  self->pending = TRUE;
  if (word->base64)
    sk_transfer_decoder_feed (&self->base64, word->text, word->text_length, self->bytes);
  else
    {
      sk_transfer_decoder_finish (&self->base64, self->bytes);
      append_q (self->bytes, word->text, word->text_length);
    }
}

static gboolean
is_blank (const char *p, const char *end)
{
  for (; p < end; p++)
    if (!g_ascii_isspace (*p))
      return FALSE;
  return TRUE;
}

/* Blanks between two words vanish, so `literal` waits until the next word is seen. */
static void
decode_words (Decoder *self, const char *p, const char *end)
{
  const char *literal = p;
  Word word;

  while (p < end)
    {
      if (*p != '=' || end - p < 2 || p[1] != '?' || !parse_word (self, p, end, &word))
        {
          p = sk_raw_step (p, end, FALSE);
          continue;
        }
      if (!self->pending || !is_blank (literal, p))
        {
          flush_words (self);
          append_decoded (self->out, literal, (gsize) (p - literal), NULL);
        }
      take_word (self, &word);
      p = literal = word.end;
    }
  flush_words (self);
  append_decoded (self->out, literal, (gsize) (end - literal), NULL);
}

static char *
decode_unfolded (const char *text, gsize length)
{
  Decoder decoder = { .out = g_string_sized_new (length + 1), .bytes = g_byte_array_new () };

  sk_transfer_decoder_init (&decoder.base64, SK_ENCODING_BASE64);
  decode_words (&decoder, text, text + length);
  sk_transfer_decoder_clear (&decoder.base64);
  g_byte_array_free (decoder.bytes, TRUE);
  return g_string_free (decoder.out, FALSE);
}

/* No control character is left in a decoded value: tabs and line ends become a blank, since an
 * encoded word may hold them too. In place: a blank is the shorter one. */
static char *
clean (char *text)
{
  char *to = text;

  for (const char *p = text, *next; *p != '\0'; p = next)
    {
      next = g_utf8_next_char (p);
      if (sk_is_control (g_utf8_get_char (p)))
        *to++ = ' ';
      else
        while (p < next)
          *to++ = *p++;
    }
  *to = '\0';
  return g_strchomp (text);
}

static GString *
unfold (const char *raw, gsize length)
{
  GString *text = g_string_sized_new (length + 1);

  while (length > 0 && g_ascii_isspace (*raw))
    raw++, length--;
  while (length > 0 && g_ascii_isspace (raw[length - 1]))
    length--;
  for (gsize i = 0; i < length; i++)
    if (raw[i] != '\r' && raw[i] != '\n')
      g_string_append_c (text, raw[i]);
  return text;
}

static gboolean
is_simple (const GString *text)
{
  for (gsize i = 0; i < text->len; i++)
    if ((guchar) text->str[i] >= 0x7f || (guchar) text->str[i] < ' '
        || (text->str[i] == '=' && text->str[i + 1] == '?'))
      return FALSE;
  return TRUE;
}

char *
sk_header_decode_text (const char *raw, gsize length)
{
  GString *text = unfold (raw, length);
  char *decoded;

  if (is_simple (text))
    return g_string_free (text, FALSE);
  decoded = decode_unfolded (text->str, text->len);
  g_string_free (text, TRUE);
  return clean (decoded);
}

char *
sk_header_plain_text (const char *raw, gsize length)
{
  g_auto (SkDecoded) decoded = { 0 };

  sk_charset_decode (raw, length, NULL, &decoded);
  return clean (g_steal_pointer (&decoded.text));
}

/* Inside quotes only \" and \\ are escapes: old mailers wrote whole Windows paths. In raw
 * Shift_JIS the second byte of a character may be a backslash. */
static void
append_unquoted (GString *out, const SkParameterScan *scan)
{
  const char *p = scan->value, *end = p + scan->value_length, *next;

  for (; p < end; p = next)
    {
      if (scan->quoted && *p == '\\' && end - p >= 2 && (p[1] == '"' || p[1] == '\\'))
        p++;
      next = sk_raw_step (p, end, scan->pairs);
      for (; p < next; p++)
        if (*p != '\r' && *p != '\n')
          g_string_append_c (out, *p);
    }
}

/* A piece of a parameter's value: "name", "name*", "name*3" or "name*3*". */
typedef struct {
  guint number;
  gboolean encoded;
  GString *text;
} Segment;

static void
segment_free (gpointer data)
{
  Segment *self = data;

  g_string_free (self->text, TRUE);
  g_free (self);
}

typedef struct {
  GString *plain;      /* name=… */
  GString *extended;   /* name*=… */
  GPtrArray *segments; /* name*0=…, name*1*=… */
} Found;

/* What stands behind the name: nothing, "*", "*0", "*0*". FALSE when it is another parameter. */
static gboolean
parse_suffix (const char *suffix, gsize length, gboolean *encoded, gint64 *number)
{
  char digits[8];
  char *stop;

  *number = -1;
  *encoded = length > 0 && suffix[length - 1] == '*';
  if (length == 0 || (length == 1 && *encoded))
    return TRUE;
  length -= *encoded;
  if (suffix[0] != '*' || length < 2 || length > sizeof digits)
    return FALSE;
  memcpy (digits, suffix + 1, length - 1);
  digits[length - 1] = '\0';
  *number = (gint64) g_ascii_strtoull (digits, &stop, 10);
  return g_ascii_isdigit (digits[0]) && *stop == '\0';
}

static void
add_segment (Found *found, const SkParameterScan *scan, guint number, gboolean encoded)
{
  Segment *segment;

  if (found->segments->len >= SEGMENTS_MAX)
    return;
  segment = g_new0 (Segment, 1);
  segment->number = number;
  segment->encoded = encoded;
  segment->text = g_string_new (NULL);
  append_unquoted (segment->text, scan);
  g_ptr_array_add (found->segments, segment);
}

/* The first of several of one kind counts. */
static void
note (Found *found, const SkParameterScan *scan, const char *name)
{
  gsize length = strlen (name);
  gboolean encoded;
  gint64 number;
  GString **place;

  if (scan->name_length < length || g_ascii_strncasecmp (scan->name, name, length) != 0
      || !parse_suffix (scan->name + length, scan->name_length - length, &encoded, &number))
    return;
  if (number >= 0)
    {
      add_segment (found, scan, (guint) number, encoded);
      return;
    }
  place = encoded ? &found->extended : &found->plain;
  if (*place != NULL)
    return;
  *place = g_string_new (NULL);
  append_unquoted (*place, scan);
}

static void
append_percent (GString *out, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      int high, low;

      if (text[i] == '%' && i + 2 < length && (high = g_ascii_xdigit_value (text[i + 1])) >= 0
          && (low = g_ascii_xdigit_value (text[i + 2])) >= 0)
        {
          g_string_append_c (out, (char) (high << 4 | low));
          i += 2;
        }
      else
        g_string_append_c (out, text[i]);
    }
}

/* Cuts "charset'language'" off; what follows it, or all when it isn't there. */
static const char *
cut_charset (const GString *text, char charset[CHARSET_MAX])
{
  const char *first = strchr (text->str, '\''), *second;

  charset[0] = '\0';
  second = first != NULL ? strchr (first + 1, '\'') : NULL;
  if (second == NULL)
    return text->str;
  if (first - text->str < CHARSET_MAX)
    {
      memcpy (charset, text->str, (gsize) (first - text->str));
      charset[first - text->str] = '\0';
    }
  return second + 1;
}

static char *
decode_bytes (const GString *bytes, const char *charset)
{
  GString *out = g_string_new (NULL);

  if (*charset == '\0' && strstr (bytes->str, "=?") != NULL)
    {
      g_string_free (out, TRUE);
      return clean (decode_unfolded (bytes->str, bytes->len));
    }
  append_decoded (out, bytes->str, bytes->len, charset);
  return clean (g_string_free (out, FALSE));
}

static char *
decode_extended (const GString *text)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  char charset[CHARSET_MAX];
  const char *rest = cut_charset (text, charset);

  append_percent (bytes, rest, text->len - (gsize) (rest - text->str));
  return decode_bytes (bytes, charset);
}

static int
compare_segments (gconstpointer a, gconstpointer b)
{
  const Segment *x = *(Segment *const *) a, *y = *(Segment *const *) b;

  return x->number < y->number ? -1 : x->number > y->number;
}

static char *
decode_segments (GPtrArray *segments)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  char charset[CHARSET_MAX] = "";

  g_ptr_array_sort (segments, compare_segments);
  for (guint i = 0; i < segments->len; i++)
    {
      const Segment *segment = segments->pdata[i];
      const char *rest = segment->text->str;

      if (i > 0 && segment->number == ((const Segment *) segments->pdata[i - 1])->number)
        continue;
      if (i == 0 && segment->encoded)
        rest = cut_charset (segment->text, charset);
      if (segment->encoded)
        append_percent (bytes, rest, segment->text->len - (gsize) (rest - segment->text->str));
      else
        g_string_append_len (bytes, segment->text->str, (gssize) segment->text->len);
    }
  return decode_bytes (bytes, charset);
}

static char *
decode_plain (const GString *text)
{
  return is_simple (text) ? g_strdup (text->str) : clean (decode_unfolded (text->str, text->len));
}

static void
found_clear (Found *self)
{
  if (self->plain != NULL)
    g_string_free (self->plain, TRUE);
  if (self->extended != NULL)
    g_string_free (self->extended, TRUE);
  g_ptr_array_unref (self->segments);
}

char *
sk_header_parameter (const char *raw, gsize length, const char *name)
{
  Found found = { .segments = g_ptr_array_new_with_free_func (segment_free) };
  SkParameterScan scan;
  char *value = NULL;

  sk_parameter_scan_init (&scan, raw, length);
  while (sk_parameter_scan_next (&scan))
    note (&found, &scan, name);
  if (found.extended != NULL)
    value = decode_extended (found.extended);
  else if (found.segments->len > 0)
    value = decode_segments (found.segments);
  else if (found.plain != NULL)
    value = decode_plain (found.plain);
  found_clear (&found);
  return value;
}
