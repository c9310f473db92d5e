/* Content transfer encodings, as a stream: bytes go in block by block, decoded bytes come out, or
 * are only counted. Only for this room.
 *
 * Decoding is lenient and never fails: what is no base64 is skipped, and base64 that goes on after
 * its padding is decoded on, since some readers show it.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef enum {
  SK_ENCODING_IDENTITY, /* 7bit, 8bit, binary, none */
  SK_ENCODING_BASE64,
  SK_ENCODING_QUOTED_PRINTABLE,
  SK_ENCODING_UUENCODE,
  SK_ENCODING_UNKNOWN, /* read as if it were identity */
} SkTransferEncoding;

/* `name` in lower case. */
SkTransferEncoding sk_transfer_encoding_find (const char *name);

typedef struct {
  SkTransferEncoding encoding;
  guint64 size;   /* decoded bytes so far */
  guint32 bits;   /* base64: what is left of a group of four */
  guint count;    /* base64: characters in it; quoted-printable: characters since '=' */
  char held[4];   /* quoted-printable: those characters */
  GString *line;  /* uuencode: an unfinished line */
  gboolean begun, ended; /* uuencode: between "begin" and "end" */
} SkTransferDecoder;

void sk_transfer_decoder_init (SkTransferDecoder *self, SkTransferEncoding encoding);
void sk_transfer_decoder_clear (SkTransferDecoder *self);
/* Appends to `into`, which may be NULL when only the size is asked for. */
void sk_transfer_decoder_feed (SkTransferDecoder *self, const char *bytes, gsize length,
                               GByteArray *into);
void sk_transfer_decoder_finish (SkTransferDecoder *self, GByteArray *into);
