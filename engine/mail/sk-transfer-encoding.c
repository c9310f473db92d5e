// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-transfer-encoding.h"

#include <string.h>

#define INVALID 0xff
#define UU_LINE_BYTES 1024

typedef guint8 Lanes __attribute__ ((vector_size (16)));

static const struct {
  const char *name;
  SkTransferEncoding encoding;
} encodings[] = {
  { "", SK_ENCODING_IDENTITY },
  { "7bit", SK_ENCODING_IDENTITY },
  { "7-bit", SK_ENCODING_IDENTITY },
  { "8bit", SK_ENCODING_IDENTITY },
  { "8-bit", SK_ENCODING_IDENTITY },
  { "binary", SK_ENCODING_IDENTITY },
  { "base64", SK_ENCODING_BASE64 },
  { "quoted-printable", SK_ENCODING_QUOTED_PRINTABLE },
  { "uuencode", SK_ENCODING_UUENCODE },
  { "x-uuencode", SK_ENCODING_UUENCODE },
  { "x-uue", SK_ENCODING_UUENCODE },
};

static guint8 base64_value[256];
static gint8 hex_value[256];

static void
fill_tables (void)
{
  static const char alphabet[]
      = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  memset (base64_value, INVALID, sizeof base64_value);
  for (guint i = 0; i < 64; i++)
    base64_value[(guchar) alphabet[i]] = (guint8) i;
  for (guint i = 0; i < 256; i++)
    hex_value[i] = (gint8) g_ascii_xdigit_value ((char) i);
}

SkTransferEncoding
sk_transfer_encoding_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (strcmp (encodings[i].name, name) == 0)
      return encodings[i].encoding;
  return SK_ENCODING_UNKNOWN;
}

void
sk_transfer_decoder_init (SkTransferDecoder *self, SkTransferEncoding encoding)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      fill_tables ();
      g_once_init_leave (&once, 1);
    }
  memset (self, 0, sizeof *self);
  self->encoding = encoding;
  if (encoding == SK_ENCODING_UUENCODE)
    self->line = g_string_new (NULL);
}

void
sk_transfer_decoder_clear (SkTransferDecoder *self)
{
  if (self->line != NULL)
    g_string_free (self->line, TRUE);
  self->line = NULL;
}

static void
put (SkTransferDecoder *self, GByteArray *into, gconstpointer bytes, gsize length)
{
  self->size += length;
  if (into != NULL && length > 0)
    g_byte_array_append (into, bytes, (guint) length);
}

/* How many of 16 * n bytes are of the base64 alphabet; n < 256, so that no lane overflows. */
static guint
count_lanes (const char *bytes, gsize n)
{
  Lanes sum = { 0 };
  guint total = 0;

  for (gsize i = 0; i < n; i++)
    {
      Lanes c, letter, digit;

      memcpy (&c, bytes + 16 * i, sizeof c);
      letter = (Lanes) (((c | 0x20) - 'a') < 26);
      digit = (Lanes) ((c - '/') < 11);
      sum -= letter | digit | (Lanes) (c == '+');
    }
  for (guint i = 0; i < sizeof sum; i++)
    total += sum[i];
  return total;
}

static gsize
count_alphabet (const char *bytes, gsize length)
{
  gsize total = 0, done = 0;

  while (length - done >= 16)
    {
      gsize lanes = MIN ((length - done) / 16, 255);

      total += count_lanes (bytes + done, lanes);
      done += lanes * 16;
    }
  for (; done < length; done++)
    total += base64_value[(guchar) bytes[done]] != INVALID;
  return total;
}

static void
end_base64_group (SkTransferDecoder *self, GByteArray *into)
{
  guint8 bytes[2];
  guint length = self->count > 1 ? self->count - 1 : 0;
  guint32 bits = self->bits << (6 * (4 - self->count));

  bytes[0] = (guint8) (bits >> 16);
  bytes[1] = (guint8) (bits >> 8);
  put (self, into, bytes, length);
  self->count = 0;
  self->bits = 0;
}

/* Up to the next '=', which is not among the bytes. */
static void
count_base64_run (SkTransferDecoder *self, const char *bytes, gsize length)
{
  gsize characters = count_alphabet (bytes, length) + self->count;

  self->size += characters / 4 * 3;
  self->count = (guint) (characters % 4);
}

static void
count_base64 (SkTransferDecoder *self, const char *bytes, gsize length)
{
  const char *end = bytes + length;

  while (bytes < end)
    {
      const char *pad = memchr (bytes, '=', (gsize) (end - bytes));

      count_base64_run (self, bytes, (gsize) ((pad != NULL ? pad : end) - bytes));
      if (pad == NULL)
        break;
      end_base64_group (self, NULL);
      bytes = pad + 1;
    }
}

/* Whole groups of four, as long as nothing else stands between. */
static const guchar *
decode_groups (const guchar *p, const guchar *end, guint8 **out)
{
  guint8 *o = *out;

  while (end - p >= 4)
    {
      guint32 a = base64_value[p[0]], b = base64_value[p[1]], c = base64_value[p[2]],
              d = base64_value[p[3]];

      if ((a | b | c | d) > 63)
        break;
      a = a << 18 | b << 12 | c << 6 | d;
      o[0] = (guint8) (a >> 16);
      o[1] = (guint8) (a >> 8);
      o[2] = (guint8) a;
      o += 3;
      p += 4;
    }
  *out = o;
  return p;
}

static void
decode_base64_character (SkTransferDecoder *self, guchar c, guint8 **out)
{
  guint32 value = base64_value[c];

  if (value == INVALID)
    return;
  self->bits = self->bits << 6 | value;
  if (++self->count < 4)
    return;
  *(*out)++ = (guint8) (self->bits >> 16);
  *(*out)++ = (guint8) (self->bits >> 8);
  *(*out)++ = (guint8) self->bits;
  self->count = 0;
  self->bits = 0;
}

static void
decode_base64_run (SkTransferDecoder *self, const guchar *p, const guchar *end, GByteArray *into)
{
  guint before = into->len;
  guint8 *start, *out;

  g_byte_array_set_size (into, before + (guint) ((end - p) / 4 * 3) + 6);
  start = out = into->data + before;
  while (p < end)
    {
      if (self->count == 0)
        p = decode_groups (p, end, &out);
      if (p < end)
        decode_base64_character (self, *p++, &out);
    }
  self->size += (guint64) (out - start);
  g_byte_array_set_size (into, before + (guint) (out - start));
}

static void
decode_base64 (SkTransferDecoder *self, const char *bytes, gsize length, GByteArray *into)
{
  const char *end = bytes + length;

  while (bytes < end)
    {
      const char *pad = memchr (bytes, '=', (gsize) (end - bytes));

      decode_base64_run (self, (const guchar *) bytes, (const guchar *) (pad != NULL ? pad : end),
                         into);
      if (pad == NULL)
        break;
      end_base64_group (self, into);
      bytes = pad + 1;
    }
}

/* "=" and what came after it, of which at most two characters decide. */
static void
end_escape (SkTransferDecoder *self, GByteArray *into)
{
  int high, low;

  if (self->count >= 2 && self->held[1] == '\n')
    ; /* a soft line break */
  else if (self->count == 3 && self->held[1] == '\r' && self->held[2] == '\n')
    ;
  else if (self->count == 3 && (high = hex_value[(guchar) self->held[1]]) >= 0
           && (low = hex_value[(guchar) self->held[2]]) >= 0)
    put (self, into, &(guint8){ (guint8) (high << 4 | low) }, 1);
  else
    put (self, into, self->held, self->count);
  self->count = 0;
}

static void
decode_quoted_printable (SkTransferDecoder *self, const char *bytes, gsize length, GByteArray *into)
{
  const char *end = bytes + length;

  while (bytes < end)
    {
      const char *escape;

      if (self->count > 0)
        {
          self->held[self->count++] = *bytes++;
          if (self->count == 3 || self->held[1] == '\n')
            end_escape (self, into);
          continue;
        }
      escape = memchr (bytes, '=', (gsize) (end - bytes));
      put (self, into, bytes, (gsize) ((escape != NULL ? escape : end) - bytes));
      if (escape == NULL)
        break;
      self->held[self->count++] = '=';
      bytes = escape + 1;
    }
}

static guint8
uu_value (char c)
{
  return (guint8) ((c - ' ') & 0x3f);
}

static void
decode_uu_groups (SkTransferDecoder *self, const char *p, guint want, GByteArray *into)
{
  const char *end = self->line->str + self->line->len;

  while (want > 0 && p < end)
    {
      guint8 v[4] = { 0 }, bytes[3];
      guint take = MIN (want, 3);

      for (guint i = 0; i < 4 && p < end; i++)
        v[i] = uu_value (*p++);
      bytes[0] = (guint8) (v[0] << 2 | v[1] >> 4);
      bytes[1] = (guint8) (v[1] << 4 | v[2] >> 2);
      bytes[2] = (guint8) (v[2] << 6 | v[3]);
      put (self, into, bytes, take);
      want -= take;
    }
}

static void
end_uu_line (SkTransferDecoder *self, GByteArray *into)
{
  const char *line = self->line->str;

  if (!self->begun)
    self->begun = g_str_has_prefix (line, "begin ");
  else if (!self->ended && strcmp (line, "end") == 0)
    self->ended = TRUE;
  else if (!self->ended && *line != '\0')
    decode_uu_groups (self, line + 1, uu_value (*line), into);
  g_string_truncate (self->line, 0);
}

static void
decode_uuencode (SkTransferDecoder *self, const char *bytes, gsize length, GByteArray *into)
{
  for (gsize i = 0; i < length; i++)
    {
      if (bytes[i] == '\n')
        end_uu_line (self, into);
      else if (bytes[i] != '\r' && self->line->len < UU_LINE_BYTES)
        g_string_append_c (self->line, bytes[i]);
    }
}

void
sk_transfer_decoder_feed (SkTransferDecoder *self, const char *bytes, gsize length, GByteArray *into)
{
  switch (self->encoding)
    {
    case SK_ENCODING_BASE64:
      if (into != NULL)
        decode_base64 (self, bytes, length, into);
      else
        count_base64 (self, bytes, length);
      break;
    case SK_ENCODING_QUOTED_PRINTABLE:
      decode_quoted_printable (self, bytes, length, into);
      break;
    case SK_ENCODING_UUENCODE:
      decode_uuencode (self, bytes, length, into);
      break;
    case SK_ENCODING_IDENTITY:
    case SK_ENCODING_UNKNOWN:
    default:
      put (self, into, bytes, length);
      break;
    }
}

void
sk_transfer_decoder_finish (SkTransferDecoder *self, GByteArray *into)
{
  if (self->encoding == SK_ENCODING_BASE64)
    end_base64_group (self, into);
  else if (self->encoding == SK_ENCODING_QUOTED_PRINTABLE && self->count > 0)
    end_escape (self, into);
  else if (self->encoding == SK_ENCODING_UUENCODE && self->line->len > 0)
    end_uu_line (self, into);
}
