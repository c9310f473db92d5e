// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-office-password.h"

SkBytes
sk_office_password (void)
{
  static const guint8 password[] = { 'V', 0, 'e', 0, 'l', 0, 'v', 0, 'e', 0, 't', 0, 'S', 0, 'w', 0,
                                     'e', 0, 'a', 0, 't', 0, 's', 0, 'h', 0, 'o', 0, 'p', 0 };

  return (SkBytes){ password, sizeof password };
}

gsize
sk_office_digest (GChecksumType type, const SkBytes *parts, guint8 digest[SK_DIGEST_LARGEST])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (type);
  gsize length = SK_DIGEST_LARGEST;

  for (const SkBytes *part = parts; part->at != NULL; part++)
    g_checksum_update (checksum, part->at, (gssize) part->length);
  g_checksum_get_digest (checksum, digest, &length);
  return length;
}

void
sk_rc4_init (SkRc4 *self, const guint8 *key, gsize length)
{
  guint8 j = 0;

  for (guint i = 0; i < 256; i++)
    self->state[i] = (guint8) i;
  for (guint i = 0; i < 256; i++)
    {
      guint8 swap = self->state[i];

      j = (guint8) (j + swap + key[i % length]);
      self->state[i] = self->state[j];
      self->state[j] = swap;
    }
  self->i = self->j = 0;
}

void
sk_rc4_apply (SkRc4 *self, guint8 *bytes, gsize length)
{
  for (gsize at = 0; at < length; at++)
    {
      guint8 swap = self->state[++self->i];

      self->j = (guint8) (self->j + swap);
      self->state[self->i] = self->state[self->j];
      self->state[self->j] = swap;
      bytes[at] ^= self->state[(guint8) (self->state[self->i] + swap)];
    }
}
