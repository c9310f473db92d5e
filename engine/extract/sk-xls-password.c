// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-xls-password.h"

#include "sk-biff.h"
#include "sk-office-password.h"

#include <string.h>

enum {
  BLOCK = 1024,
  RC4 = 1,
  SALT = 16,
  VERIFIER = 16,
  SHORT_KEY = 5,
  LONG_KEY = 16,
  BOUND_SHEET = 0x85,
};

typedef struct {
  GChecksumType digest;
  guint8 base[SK_DIGEST_LARGEST]; /* all blocks' keys come from it */
  gsize base_length;
  gsize key_length; /* what is used of a block's digest; the rest of the key is zero */
} Cipher;

static void
begin_block (const Cipher *self, guint32 number, SkRc4 *rc4)
{
  guint8 block[4] = { (guint8) number, (guint8) (number >> 8), (guint8) (number >> 16),
                      (guint8) (number >> 24) };
  guint8 digest[SK_DIGEST_LARGEST], key[LONG_KEY] = { 0 };
  const SkBytes parts[]
      = { { self->base, self->base_length }, { block, sizeof block }, { NULL, 0 } };

  sk_office_digest (self->digest, parts, digest);
  memcpy (key, digest, self->key_length);
  sk_rc4_init (rc4, key, self->key_length > SHORT_KEY ? self->key_length : LONG_KEY);
}

static gboolean
verifies (const Cipher *self, SkBytes verifier, SkBytes expected)
{
  guint8 plain[VERIFIER + SK_DIGEST_LARGEST], digest[SK_DIGEST_LARGEST];
  const SkBytes parts[] = { { plain, VERIFIER }, { NULL, 0 } };
  SkRc4 rc4;

  if (verifier.length != VERIFIER)
    return FALSE;
  memcpy (plain, verifier.at, VERIFIER);
  memcpy (plain + VERIFIER, expected.at, expected.length);
  begin_block (self, 0, &rc4);
  sk_rc4_apply (&rc4, plain, VERIFIER + expected.length);
  return sk_office_digest (self->digest, parts, digest) == expected.length
         && memcmp (digest, plain + VERIFIER, expected.length) == 0;
}

/* [MS-OFFCRYPTO] 2.3.6: MD5, 40 bits of which count. */
static gboolean
open_rc4 (Cipher *self, SkBytes header)
{
  guint8 digest[SK_DIGEST_LARGEST];
  SkBytes salt = sk_bytes_part (header, 0, SALT),
          parts[33] = { sk_office_password (), { NULL, 0 } };

  if (salt.length != SALT)
    return FALSE;
  sk_office_digest (G_CHECKSUM_MD5, parts, digest);
  for (guint i = 0; i < 32; i += 2)
    {
      parts[i] = (SkBytes){ digest, SHORT_KEY };
      parts[i + 1] = salt;
    }
  parts[32] = (SkBytes){ NULL, 0 };
  self->digest = G_CHECKSUM_MD5;
  sk_office_digest (G_CHECKSUM_MD5, parts, self->base);
  self->base_length = SHORT_KEY;
  self->key_length = LONG_KEY;
  return verifies (self, sk_bytes_part (header, SALT, VERIFIER),
                   sk_bytes_part (header, SALT + VERIFIER, 16));
}

/* [MS-OFFCRYPTO] 2.3.5: SHA-1, and a key of 40 to 128 bits. */
static gboolean
open_crypto_api (Cipher *self, SkBytes info)
{
  gsize header_length = sk_bytes_u32 (info, 4);
  SkBytes header = sk_bytes_part (info, 8, header_length);
  SkBytes verifier = sk_bytes_from (info, 8 + header.length);
  guint bits = sk_bytes_u32 (header, 16);
  SkBytes parts[] = { sk_bytes_part (verifier, 4, SALT), sk_office_password (), { NULL, 0 } };

  if (bits == 0)
    bits = 40;
  if (bits % 8 != 0 || bits < 40 || bits > 128 || parts[0].length != SALT)
    return FALSE;
  self->digest = G_CHECKSUM_SHA1;
  self->base_length = sk_office_digest (G_CHECKSUM_SHA1, parts, self->base);
  self->key_length = bits / 8;
  return verifies (self, sk_bytes_part (verifier, 4 + SALT, VERIFIER),
                   sk_bytes_part (verifier, 4 + SALT + VERIFIER + 4, 20));
}

static gboolean
open_cipher (Cipher *self, SkBytes file_pass)
{
  guint major = sk_bytes_u16 (file_pass, 2), minor = sk_bytes_u16 (file_pass, 4);

  if (sk_bytes_u16 (file_pass, 0) != RC4)
    return FALSE;
  if (minor == 1)
    return open_rc4 (self, sk_bytes_from (file_pass, 6));
  return minor == 2 && major >= 2 && major <= 4
         && open_crypto_api (self, sk_bytes_from (file_pass, 6));
}

static void
decrypt_blocks (const Cipher *self, guint8 *bytes, gsize length)
{
  for (gsize at = 0; at < length; at += BLOCK)
    {
      SkRc4 rc4;

      begin_block (self, (guint32) (at / BLOCK), &rc4);
      sk_rc4_apply (&rc4, bytes + at, MIN (BLOCK, length - at));
    }
}

/* How much of a record's content was left as it is. */
static gsize
clear_length (const SkBiff *record)
{
  static const guint16 clear[] = { 0x809, 0x2f, 0x194, 0x195, 0xe1, 0x196, 0x138 };

  for (guint i = 0; i < G_N_ELEMENTS (clear); i++)
    if (record->type == clear[i])
      return record->data.length;
  return record->type == BOUND_SHEET ? MIN (4, record->data.length) : 0;
}

GBytes *
sk_xls_decrypt (SkBytes workbook, SkBytes file_pass)
{
  Cipher cipher = { G_CHECKSUM_MD5 };
  SkBiff record = { .stream = workbook };
  guint8 *bytes;
  gsize clear_until = 0;

  if (!open_cipher (&cipher, file_pass))
    return NULL;
  bytes = g_memdup2 (workbook.at, workbook.length);
  decrypt_blocks (&cipher, bytes, workbook.length);
  while (sk_biff_next (&record))
    {
      gsize content = (gsize) (record.data.at - workbook.at);

      memcpy (bytes + record.offset, workbook.at + record.offset,
              content - record.offset + clear_length (&record));
      clear_until = record.next;
    }
  memcpy (bytes + clear_until, workbook.at + clear_until, workbook.length - clear_until);
  return g_bytes_new_take (bytes, workbook.length);
}
