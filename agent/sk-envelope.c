// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-envelope.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

SkEnvelope *
sk_envelope_new (void)
{
  SkEnvelope *self = g_new0 (SkEnvelope, 1);

  self->id = sk_uuid7_new (g_get_real_time ());
  self->mail_from = g_strdup ("");
  self->recipients
      = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_envelope_recipient_free);
  self->fd = -1;
  return self;
}

void
sk_envelope_free (SkEnvelope *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  if (self->path != NULL)
    unlink (self->path);
  g_free (self->id);
  g_free (self->mail_from);
  g_ptr_array_unref (self->recipients);
  g_free (self->ret);
  g_free (self->envid);
  g_free (self->path);
  g_free (self);
}

SkEnvelopeRecipient *
sk_envelope_recipient_new (const char *address, const char *notify, const char *orcpt)
{
  SkEnvelopeRecipient *self = g_new0 (SkEnvelopeRecipient, 1);

  self->address = g_strdup (address);
  self->notify = g_strdup (notify);
  self->orcpt = g_strdup (orcpt);
  return self;
}

void
sk_envelope_recipient_free (SkEnvelopeRecipient *self)
{
  if (self == NULL)
    return;
  g_free (self->address);
  g_free (self->notify);
  g_free (self->orcpt);
  g_free (self);
}

/* A mail needs several ids: the system is asked for a supply of randomness, a thread each. */
static void
take_random (guint8 *into, gsize length)
{
  static _Thread_local guint8 supply[240];
  static _Thread_local gsize left;

  if (left < length)
    {
      if (getrandom (supply, sizeof supply, 0) != sizeof supply)
        g_error ("the system's random generator does not answer");
      left = sizeof supply;
    }
  left -= length;
  memcpy (into, supply + left, length);
}

char *
sk_uuid7_new (gint64 wall_us)
{
  guint8 b[16];
  guint64 milliseconds = (guint64) (wall_us / 1000);

  take_random (b, sizeof b);
  for (int i = 0; i < 6; i++)
    b[i] = (guint8) (milliseconds >> (40 - 8 * i));
  b[6] = (guint8) (0x70 | (b[6] & 0x0f));
  b[8] = (guint8) (0x80 | (b[8] & 0x3f));
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
                          b[12], b[13], b[14], b[15]);
}
