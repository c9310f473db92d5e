// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-rtf-packed.h"

#include <string.h>

enum {
  HEADER = 16,
  DICTIONARY = 4096,
  PACKED = 0x75465a4c,  /* "LZFu" */
  UNPACKED = 0x414c454d, /* "MELA" */
};

/* MS-OXRTFCP, 2.1.2.1: what the dictionary holds at the start. */
static const char initial[] = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil "
                              "\\froman \\fswiss \\fmodern \\fscript "
                              "\\fdecor MS Sans SerifSymbolArialTimes New "
                              "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
                              "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

typedef struct {
  const guint8 *at, *end;
  guint8 dictionary[DICTIONARY];
  guint write;
  GByteArray *out;
  guint64 limit;
} Unpacker;

static guint32
read_number (const guint8 *p)
{
  guint32 number;

  memcpy (&number, p, sizeof number);
  return GUINT32_FROM_LE (number);
}

static void
put (Unpacker *self, guint8 byte)
{
  g_byte_array_append (self->out, &byte, 1);
  self->dictionary[self->write] = byte;
  self->write = (self->write + 1) % DICTIONARY;
}

/* FALSE: the end was told, or it ends without. */
static gboolean
take_reference (Unpacker *self)
{
  guint reference, offset, length;

  if (self->end - self->at < 2)
    return FALSE;
  reference = (guint) (self->at[0] << 8 | self->at[1]);
  self->at += 2;
  offset = reference >> 4;
  length = (reference & 15) + 2;
  if (offset == self->write)
    return FALSE;
  for (guint i = 0; i < length; i++)
    put (self, self->dictionary[(offset + i) % DICTIONARY]);
  return TRUE;
}

static gboolean
take_control (Unpacker *self)
{
  guint control;

  if (self->at >= self->end)
    return FALSE;
  control = *self->at++;
  for (guint bit = 0; bit < 8; bit++)
    {
      if (self->out->len > self->limit)
        return FALSE;
      if (control & 1U << bit)
        {
          if (!take_reference (self))
            return FALSE;
        }
      else if (self->at >= self->end)
        return FALSE;
      else
        put (self, *self->at++);
    }
  return TRUE;
}

static void
unpack (Unpacker *self)
{
  self->write = sizeof initial - 1;
  memcpy (self->dictionary, initial, self->write);
  while (take_control (self))
    ;
}

GByteArray *
sk_rtf_unpack (const guint8 *packed, gsize length, guint64 limit)
{
  g_autofree Unpacker *unpacker = NULL;
  guint32 kind;
  GByteArray *out;

  if (length < HEADER)
    return NULL;
  kind = read_number (packed + 8);
  if (kind != PACKED && kind != UNPACKED)
    return NULL;
  out = g_byte_array_new ();
  if (kind == UNPACKED)
    return g_byte_array_append (
        out, packed + HEADER,
        (guint) MIN (MIN (length - HEADER, read_number (packed + 4)), limit + 1));
  unpacker = g_new0 (Unpacker, 1);
  unpacker->at = packed + HEADER;
  unpacker->end = packed + length;
  unpacker->out = out;
  unpacker->limit = limit;
  unpack (unpacker);
  g_byte_array_set_size (out, (guint) MIN (out->len, limit + 1));
  return out;
}
