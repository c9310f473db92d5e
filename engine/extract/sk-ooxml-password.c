// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-ooxml-password.h"

#include "sk-office-password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

enum {
  KEY = 32,
  BLOCK = 16,
  SALT = 64,
  SEGMENT = 4096,
  SPINS_STANDARD = 50000,
  SPINS = 1000000, /* Office writes 100,000 */
  FIELD = 128,     /* bytes of any value in the description */
};

typedef struct {
  GChecksumType hash;
  guint8 key[KEY];     /* of the package */
  gsize key_length;
  guint8 salt[SALT];   /* of the package; agile only */
  gsize salt_length;
  gboolean is_agile;
} Package;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

/* --- AES ------------------------------------------------------------------------------------- */

static const EVP_CIPHER *
cipher_of (gsize key_length, gboolean chained)
{
  switch (key_length)
    {
    case 16:
      return chained ? EVP_aes_128_cbc () : EVP_aes_128_ecb ();
    case 24:
      return chained ? EVP_aes_192_cbc () : EVP_aes_192_ecb ();
    case 32:
      return chained ? EVP_aes_256_cbc () : EVP_aes_256_ecb ();
    default:
      return NULL;
    }
}

/* In whole blocks; `iv` NULL: each for itself. `into` has room for them. */
static gboolean
decrypt (const guint8 *key, gsize key_length, const guint8 *iv, SkBytes from, guint8 *into)
{
  const EVP_CIPHER *cipher = cipher_of (key_length, iv != NULL);
  g_autoptr (EVP_CIPHER_CTX) context = NULL;
  int length = 0;

  OPENSSL_init_crypto (OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
  context = EVP_CIPHER_CTX_new ();
  return cipher != NULL && EVP_DecryptInit_ex (context, cipher, NULL, key, iv) == 1
         && EVP_CIPHER_CTX_set_padding (context, 0) == 1
         && EVP_DecryptUpdate (context, into, &length, from.at,
                               (int) (from.length - from.length % BLOCK))
                == 1;
}

/* --- keys ------------------------------------------------------------------------------------ */

static void
put_u32 (guint8 bytes[4], guint32 number)
{
  for (guint i = 0; i < 4; i++)
    bytes[i] = (guint8) (number >> (8 * i));
}

/* [MS-OFFCRYPTO] 2.3.4.7 and 2.3.4.11: the password's digest, digested again many times. */
static gsize
spin (GChecksumType hash, SkBytes salt, guint32 spins, guint8 digest[SK_DIGEST_LARGEST])
{
  SkBytes first[] = { salt, sk_office_password (), { NULL, 0 } };
  gsize length = sk_office_digest (hash, first, digest);
  guint8 counter[4];
  SkBytes parts[] = { { counter, 4 }, { digest, length }, { NULL, 0 } };

  for (guint32 i = 0; i < spins; i++)
    {
      put_u32 (counter, i);
      sk_office_digest (hash, parts, digest);
    }
  return length;
}

/* --- standard -------------------------------------------------------------------------------- */

static void
standard_half (const guint8 *digest, gsize length, guint8 fill, guint8 *into)
{
  guint8 buffer[64];
  SkBytes parts[] = { { buffer, sizeof buffer }, { NULL, 0 } };

  memset (buffer, fill, sizeof buffer);
  for (gsize i = 0; i < length; i++)
    buffer[i] ^= digest[i];
  sk_office_digest (G_CHECKSUM_SHA1, parts, into);
}

static void
make_standard_key (Package *self, SkBytes salt)
{
  guint8 digest[SK_DIGEST_LARGEST], halves[2 * SK_DIGEST_LARGEST], block[4] = { 0 };
  gsize length = spin (G_CHECKSUM_SHA1, salt, SPINS_STANDARD, digest);
  SkBytes parts[] = { { digest, length }, { block, 4 }, { NULL, 0 } };

  sk_office_digest (G_CHECKSUM_SHA1, parts, digest);
  standard_half (digest, length, 0x36, halves);
  standard_half (digest, length, 0x5c, halves + length);
  memcpy (self->key, halves, self->key_length);
}

static gboolean
open_standard (Package *self, SkBytes info)
{
  SkBytes header = sk_bytes_part (info, 12, sk_bytes_u32 (info, 8));
  SkBytes verifier = sk_bytes_from (info, 12 + header.length);
  SkBytes salt = sk_bytes_part (verifier, 4, 16), input = sk_bytes_part (verifier, 20, 16);
  SkBytes expected = sk_bytes_part (verifier, 40, 32);
  guint8 plain[16], value[32], digest[SK_DIGEST_LARGEST];
  SkBytes parts[] = { { plain, sizeof plain }, { NULL, 0 } };

  self->key_length = sk_bytes_u32 (header, 16) / 8;
  if (cipher_of (self->key_length, FALSE) == NULL || expected.length != 32)
    return FALSE;
  make_standard_key (self, salt);
  return decrypt (self->key, self->key_length, NULL, input, plain)
         && decrypt (self->key, self->key_length, NULL, expected, value)
         && sk_office_digest (G_CHECKSUM_SHA1, parts, digest) == 20
         && memcmp (digest, value, 20) == 0;
}

/* --- agile ----------------------------------------------------------------------------------- */

typedef struct {
  GChecksumType hash;
  gsize key_length;
  guint32 spins;
  guint8 salt[FIELD], input[FIELD], value[FIELD], key[FIELD];
  gsize salt_length, input_length, value_length, wrapped_length;
  gboolean is_known; /* AES, chained, and a digest that we have */
} AgileKey;

typedef struct {
  AgileKey data, password;
} Agile;

static gsize
read_base64 (const char *text, guint8 into[FIELD])
{
  gsize length = 0;
  g_autofree guchar *bytes = text != NULL ? g_base64_decode (text, &length) : NULL;

  length = MIN (length, FIELD);
  if (length > 0)
    memcpy (into, bytes, length);
  return length;
}

static gboolean
read_hash (const char *name, GChecksumType *hash)
{
  static const struct {
    const char *name;
    GChecksumType hash;
  } hashes[] = { { "SHA512", G_CHECKSUM_SHA512 },
                 { "SHA384", G_CHECKSUM_SHA384 },
                 { "SHA256", G_CHECKSUM_SHA256 },
                 { "SHA1", G_CHECKSUM_SHA1 },
                 { "SHA-1", G_CHECKSUM_SHA1 } };

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    if (g_strcmp0 (name, hashes[i].name) == 0)
      {
        *hash = hashes[i].hash;
        return TRUE;
      }
  return FALSE;
}

static const char *
attribute (const char **names, const char **values, const char *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], name) == 0)
      return values[i];
  return NULL;
}

static void
read_key (AgileKey *key, const char **names, const char **values)
{
  const char *bits = attribute (names, values, "keyBits"),
             *spins = attribute (names, values, "spinCount");

  key->is_known
      = read_hash (attribute (names, values, "hashAlgorithm"), &key->hash)
        && g_strcmp0 (attribute (names, values, "cipherAlgorithm"), "AES") == 0
        && g_strcmp0 (attribute (names, values, "cipherChaining"), "ChainingModeCBC") == 0;
  key->key_length = bits != NULL ? g_ascii_strtoull (bits, NULL, 10) / 8 : 0;
  key->spins = spins != NULL ? (guint32) MIN (g_ascii_strtoull (spins, NULL, 10), G_MAXUINT32) : 0;
  key->salt_length = read_base64 (attribute (names, values, "saltValue"), key->salt);
  key->input_length
      = read_base64 (attribute (names, values, "encryptedVerifierHashInput"), key->input);
  key->value_length
      = read_base64 (attribute (names, values, "encryptedVerifierHashValue"), key->value);
  key->wrapped_length = read_base64 (attribute (names, values, "encryptedKeyValue"), key->key);
}

static void
start_element (GMarkupParseContext *context, const char *name, const char **names,
               const char **values, gpointer user_data, GError **error)
{
  Agile *self = user_data;
  const char *colon = strrchr (name, ':');

  name = colon != NULL ? colon + 1 : name;
  if (strcmp (name, "keyData") == 0)
    read_key (&self->data, names, values);
  else if (strcmp (name, "encryptedKey") == 0 && attribute (names, values, "spinCount") != NULL)
    read_key (&self->password, names, values);
}

static gboolean
read_agile (Agile *self, SkBytes xml)
{
  static const GMarkupParser parser = { .start_element = start_element };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, self, NULL);

  return xml.length > 0
         && g_markup_parse_context_parse (context, (const char *)xml.at, (gssize) xml.length, NULL)
         && self->data.is_known && self->password.is_known && self->password.spins <= SPINS
         && cipher_of (self->data.key_length, TRUE) != NULL
         && cipher_of (self->password.key_length, TRUE) != NULL
         && self->password.salt_length >= BLOCK;
}

/* [MS-OFFCRYPTO] 2.3.4.11: a key for each purpose, filled up with 0x36. */
static gboolean
unwrap (const AgileKey *self, const guint8 *spun, gsize spun_length, const guint8 purpose[8],
        SkBytes wrapped, guint8 into[FIELD])
{
  guint8 key[SK_DIGEST_LARGEST + KEY];
  SkBytes parts[] = { { spun, spun_length }, { purpose, 8 }, { NULL, 0 } };

  memset (key, 0x36, sizeof key);
  sk_office_digest (self->hash, parts, key);
  return decrypt (key, self->key_length, self->salt, wrapped, into);
}

static gboolean
open_agile (Package *self, SkBytes info)
{
  static const guint8 for_input[] = { 0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79 };
  static const guint8 for_value[] = { 0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e };
  static const guint8 for_key[] = { 0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6 };
  Agile agile = { 0 };
  const AgileKey *password = &agile.password;
  guint8 spun[SK_DIGEST_LARGEST], input[FIELD] = { 0 }, value[FIELD] = { 0 }, key[FIELD] = { 0 };
  guint8 digest[SK_DIGEST_LARGEST];
  gsize length;

  if (!read_agile (&agile, sk_bytes_from (info, 8)))
    return FALSE;
  length = spin (password->hash, (SkBytes){ password->salt, password->salt_length },
                 password->spins, spun);
  if (!unwrap (password, spun, length, for_input,
               (SkBytes){ password->input, password->input_length }, input)
      || !unwrap (password, spun, length, for_value,
                  (SkBytes){ password->value, password->value_length }, value)
      || !unwrap (password, spun, length, for_key,
                  (SkBytes){ password->key, password->wrapped_length }, key))
    return FALSE;
  sk_office_digest (password->hash, (SkBytes[]){ { input, password->input_length }, { NULL, 0 } },
                    digest);
  if (password->value_length < length || memcmp (digest, value, length) != 0)
    return FALSE;
  self->is_agile = TRUE;
  self->hash = agile.data.hash;
  self->key_length = agile.data.key_length;
  memcpy (self->key, key, self->key_length);
  self->salt_length = MIN (agile.data.salt_length, SALT);
  memcpy (self->salt, agile.data.salt, self->salt_length);
  return TRUE;
}

/* --- packages -------------------------------------------------------------------------------- */

static gboolean
open_package (Package *self, SkBytes info)
{
  guint major = sk_bytes_u16 (info, 0), minor = sk_bytes_u16 (info, 2);

  if (major == 4 && minor == 4)
    return open_agile (self, info);
  return minor == 2 && major >= 2 && major <= 4 && open_standard (self, info);
}

gboolean
sk_ooxml_has_own_password (SkBytes info)
{
  Package package = { 0 };

  return open_package (&package, info);
}

/* [MS-OFFCRYPTO] 2.3.4.15: each stretch of 4096 bytes begins anew. */
static gboolean
decrypt_segment (const Package *self, guint32 number, SkBytes segment, guint8 *into)
{
  guint8 counter[4], iv[SK_DIGEST_LARGEST];
  SkBytes parts[] = { { self->salt, self->salt_length }, { counter, 4 }, { NULL, 0 } };

  put_u32 (counter, number);
  sk_office_digest (self->hash, parts, iv);
  return decrypt (self->key, self->key_length, iv, segment, into);
}

static gboolean
decrypt_package (const Package *self, SkBytes packed, guint8 *into)
{
  gboolean done = TRUE;

  for (gsize at = 0; done && at < packed.length; at += SEGMENT)
    {
      SkBytes segment = sk_bytes_part (packed, at, SEGMENT);

      done = self->is_agile ? decrypt_segment (self, (guint32) (at / SEGMENT), segment, into + at)
                            : decrypt (self->key, self->key_length, NULL, segment, into + at);
    }
  return done;
}

GBytes *
sk_ooxml_decrypt (SkBytes info, SkBytes package)
{
  Package self = { 0 };
  SkBytes packed = sk_bytes_from (package, 8);
  guint64 size = sk_bytes_u32 (package, 0) | (guint64) sk_bytes_u32 (package, 4) << 32;
  g_autofree guint8 *plain = NULL;

  if (packed.length == 0 || !open_package (&self, info))
    return NULL;
  plain = g_malloc0 (packed.length + BLOCK);
  if (!decrypt_package (&self, packed, plain))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&plain), MIN (size, packed.length));
}
