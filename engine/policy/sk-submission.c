// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-submission.h"

#include <string.h>

SkRecipient *
sk_recipient_new (const char *address)
{
  SkAddress *parsed = sk_address_new (address, NULL);
  SkRecipient *self;

  if (parsed == NULL)
    return NULL;
  self = g_new0 (SkRecipient, 1);
  self->address = parsed;
  self->known = self->tls = SK_UNKNOWN;
  return self;
}

void
sk_recipient_free (SkRecipient *self)
{
  if (self == NULL)
    return;
  sk_address_free (self->address);
  g_free (self);
}

static void
note_field (GHashTable *fields, GPtrArray *addresses, SkFields field)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const SkAddress *address = addresses->pdata[i];
      guint known = GPOINTER_TO_UINT (g_hash_table_lookup (fields, address->key));

      g_hash_table_insert (fields, address->key, GUINT_TO_POINTER (known | field));
    }
}

void
sk_recipients_set_fields (GPtrArray *recipients, const SkMessage *message)
{
  g_autoptr (GHashTable) fields = g_hash_table_new (g_str_hash, g_str_equal);

  note_field (fields, message->to, SK_FIELD_TO);
  note_field (fields, message->cc, SK_FIELD_CC);
  for (guint i = 0; i < recipients->len; i++)
    {
      SkRecipient *recipient = recipients->pdata[i];
      guint found = GPOINTER_TO_UINT (g_hash_table_lookup (fields, recipient->address->key));

      if (found != 0)
        recipient->fields = (SkFields) found;
      else if (recipient->fields == 0)
        recipient->fields = SK_FIELD_BCC;
    }
}

static void
add_missing (GHashTable *seen, const GPtrArray *addresses, GPtrArray *into)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const SkAddress *address = addresses->pdata[i];
      SkRecipient *recipient
          = g_hash_table_contains (seen, address->key) ? NULL : sk_recipient_new (address->text);

      if (recipient == NULL)
        continue;
      g_ptr_array_add (into, recipient);
      g_hash_table_add (seen, address->key);
    }
}

GPtrArray *
sk_recipients_of_headers (const GPtrArray *recipients, const SkMessage *message)
{
  GPtrArray *others = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_recipient_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < recipients->len; i++)
    g_hash_table_add (seen, ((const SkRecipient *) recipients->pdata[i])->address->key);
  add_missing (seen, message->to, others);
  add_missing (seen, message->cc, others);
  return others;
}

char *
sk_finding_place (const SkFinding *self)
{
  switch (self->place)
    {
    case SK_PLACE_SUBJECT:
      return g_strdup ("subject");
    case SK_PLACE_BODY:
      return g_strdup ("body");
    case SK_PLACE_ATTACHMENT_NAMES:
      return g_strdup_printf ("attachment-name:%u", self->attachment);
    default:
      return g_strdup_printf ("attachment:%u", self->attachment);
    }
}
