// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-lzfu.h"

#include <string.h>

enum {
  HEADER = 16,
  WINDOW = 4096,
  COMPRESSED = 0x75465a4c,   /* "LZFu" */
  UNCOMPRESSED = 0x414c454d, /* "MELA" */
};

/* [MS-OXRTFCP] 2.1.2.1: what the window begins with. */
static const char start[] = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}"
                            "{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
                            "MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0"
                            "\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

typedef struct {
  guint8 window[WINDOW];
  guint place;
  GByteArray *into;
} Window;

static void
put (Window *self, guint8 byte)
{
  self->window[self->place] = byte;
  self->place = (self->place + 1) % WINDOW;
  g_byte_array_append (self->into, &byte, 1);
}

/* A place of 12 bits, a length of 4; the end when it is where we stand. */
static gboolean
repeat (Window *self, guint reference, gsize size)
{
  guint from = reference >> 4;

  if (from == self->place)
    return FALSE;
  for (guint i = 0; i < (reference & 15) + 2 && self->into->len < size; i++)
    put (self, self->window[(from + i) % WINDOW]);
  return TRUE;
}

static void
unpack (Window *self, SkBytes packed, gsize size)
{
  gsize at = HEADER;

  while (at < packed.length && self->into->len < size)
    {
      guint control = sk_bytes_u8 (packed, at++);

      for (guint i = 0; i < 8 && at < packed.length && self->into->len < size; i++)
        if ((control >> i & 1) == 0)
          put (self, (guint8) sk_bytes_u8 (packed, at++));
        else if (repeat (self, sk_bytes_u8 (packed, at) << 8 | sk_bytes_u8 (packed, at + 1), size))
          at += 2;
        else
          return;
    }
}

GBytes *
sk_lzfu_unpack (SkBytes packed, gsize most)
{
  guint32 kind = sk_bytes_u32 (packed, 8);
  gsize size = MIN (sk_bytes_u32 (packed, 4), most);
  g_autofree Window *window = NULL;

  if (kind == UNCOMPRESSED)
    {
      SkBytes plain = sk_bytes_part (packed, HEADER, size);

      return g_bytes_new (plain.at, plain.length);
    }
  if (kind != COMPRESSED)
    return NULL;
  window = g_new0 (Window, 1);
  memcpy (window->window, start, sizeof start - 1);
  window->place = sizeof start - 1;
  window->into = g_byte_array_new ();
  unpack (window, packed, size);
  return g_byte_array_free_to_bytes (window->into);
}
