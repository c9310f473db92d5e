// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-desk-private.h"

/* The verdict's parts that tell of a refusal, and nothing else in a mail whose refusals are all silent. */
static const char *const telltales[] = { "reply", "forward", "refused" };

/* The addresses that the verdict refused; a set, borrowed from it. */
static GHashTable *
refused_in (const json_t *verdict, gboolean all)
{
  GHashTable *refused = g_hash_table_new (g_str_hash, g_str_equal);
  const char *reject = sk_outcome_name (SK_OUTCOME_REJECT);
  json_t *recipient;
  gsize index;

  json_array_foreach (json_object_get (verdict, "recipients"), index, recipient)
    if (all || g_strcmp0 (json_string_value (json_object_get (recipient, "outcome")), reject) == 0)
      g_hash_table_add (refused,
                        (gpointer) json_string_value (json_object_get (recipient, "address")));
  return refused;
}

/* A rule that applied to others too stays with those. */
static void
hide_in_rules (json_t *rules, GHashTable *refused)
{
  for (gsize i = json_array_size (rules); i-- > 0;)
    {
      json_t *recipients = json_object_get (json_array_get (rules, i), "recipients");
      gsize before = json_array_size (recipients);

      for (gsize j = before; j-- > 0;)
        if (g_hash_table_contains (refused, json_string_value (json_array_get (recipients, j))))
          json_array_remove (recipients, j);
      if (before > 0 && json_array_size (recipients) == 0)
        json_array_remove (rules, i);
    }
}

static gboolean
has_rule (const json_t *rules, const char *id)
{
  json_t *rule;
  gsize i;

  json_array_foreach (rules, i, rule)
    if (g_strcmp0 (json_string_value (json_object_get (rule, "id")), id) == 0)
      return TRUE;
  return FALSE;
}

/* Words and expressions are found because a rule asked; detectors run for all. */
static gboolean
tells_of_rule (const json_t *found)
{
  const char *kind = json_string_value (json_object_get (found, "kind"));

  return g_strcmp0 (kind, "words") == 0 || g_strcmp0 (kind, "regex") == 0;
}

/* What was found is no secret, but who asked for it is. */
static void
hide_in_evidence (json_t *verdict)
{
  json_t *evidence = json_object_get (verdict, "evidence"), *rules = json_object_get (verdict, "rules");

  for (gsize i = json_array_size (evidence); i-- > 0;)
    {
      json_t *found = json_array_get (evidence, i), *ids = json_object_get (found, "rules");

      for (gsize j = json_array_size (ids); j-- > 0;)
        if (!has_rule (rules, json_string_value (json_array_get (ids, j))))
          json_array_remove (ids, j);
      if (json_array_size (ids) == 0 && tells_of_rule (found))
        json_array_remove (evidence, i);
    }
  if (json_array_size (evidence) == 0)
    json_object_del (verdict, "evidence");
}

static void
hide_in_recipients (json_t *recipients, GHashTable *refused, guint delivery)
{
  json_t *recipient;
  gsize index;

  json_array_foreach (recipients, index, recipient)
    if (g_hash_table_contains (refused,
                               json_string_value (json_object_get (recipient, "address"))))
      {
        json_object_set_new (recipient, "outcome",
                             json_string (sk_outcome_name (SK_OUTCOME_SEND)));
        json_object_set_new (recipient, "delivery", json_integer (delivery));
      }
}

static json_t *
plain_delivery (const SkDelivery *delivery)
{
  json_t *addresses = json_array ();

  for (guint i = 0; i < delivery->recipients->len; i++)
    json_array_append_new (
        addresses, json_string (((SkDeliveryRecipient *) delivery->recipients->pdata[i])->address));
  return json_pack ("{s:i, s:o, s:s, s:[], s:[], s:[], s:{}, s:b, s:[], s:[]}", "id",
                    (int) delivery->number, "recipients", addresses, "outcome",
                    sk_outcome_name (SK_OUTCOME_SEND), "bcc", "add", "insert", "headers", "stamp",
                    FALSE, "protect", "rules");
}

static const SkDelivery *
disguised_delivery (const SkMail *mail)
{
  for (guint i = 0; i < mail->deliveries->len; i++)
    if (sk_mail_disguises (mail, mail->deliveries->pdata[i]))
      return mail->deliveries->pdata[i];
  return NULL;
}

json_t *
sk_mail_disguised_verdict (const SkMail *mail)
{
  json_t *verdict = json_deep_copy (mail->verdict);
  const SkDelivery *delivery = disguised_delivery (mail);
  gboolean all = sk_mail_is_disguised (mail);
  g_autoptr (GHashTable) refused = refused_in (mail->verdict, all);

  if (delivery == NULL)
    return verdict;
  for (gsize i = 0; i < G_N_ELEMENTS (telltales); i++)
    json_object_del (verdict, telltales[i]);
  if (all)
    json_object_set_new (verdict, "outcome", json_string (sk_outcome_name (SK_OUTCOME_SEND)));
  hide_in_rules (json_object_get (verdict, "rules"), refused);
  hide_in_evidence (verdict);
  hide_in_recipients (json_object_get (verdict, "recipients"), refused, delivery->number);
  json_array_append_new (json_object_get (verdict, "deliveries"), plain_delivery (delivery));
  return verdict;
}

/* --- history ------------------------------------------------------------------------------------ */

static json_t *
row_of (json_t *rows, const char *person, const char *key)
{
  json_t *row;
  gsize index;

  json_array_foreach (rows, index, row)
    if (g_strcmp0 (json_string_value (json_object_get (row, "address")), key) == 0
        && g_strcmp0 (json_string_value (json_object_get (row, "person")), person) == 0)
      return row;
  row = json_pack ("{s:s, s:s, s:i, s:i}", "person", person, "address", key, "last", 0, "count", 0);
  json_array_append_new (rows, row);
  return row;
}

static void
add_to_history (json_t *rows, const SkMail *mail, const SkDelivery *delivery)
{
  for (guint i = 0; i < delivery->recipients->len; i++)
    {
      const SkDeliveryRecipient *recipient = delivery->recipients->pdata[i];
      g_autoptr (SkAddress) address = sk_address_new (recipient->address, NULL);
      json_t *row = address != NULL ? row_of (rows, mail->person, address->key) : NULL;
      json_int_t last = json_integer_value (json_object_get (row, "last"));
      json_int_t count = json_integer_value (json_object_get (row, "count"));

      if (row == NULL)
        continue;
      json_object_set_new (row, "last", json_integer (MAX (last, mail->submitted)));
      json_object_set_new (row, "count", json_integer (count + 1));
    }
}

void
sk_desk_disguise_history (SkDesk *self, json_t *rows)
{
  GHashTableIter iter;
  SkKept *kept;

  g_hash_table_iter_init (&iter, self->kept);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &kept))
    for (guint i = 0; i < kept->mail->deliveries->len; i++)
      if (sk_mail_disguises (kept->mail, kept->mail->deliveries->pdata[i]))
        add_to_history (rows, kept->mail, kept->mail->deliveries->pdata[i]);
}
