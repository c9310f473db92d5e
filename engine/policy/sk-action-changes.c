// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-action.h"

#include "sk-lists.h"

#include <string.h>

static void
read_true (SkLoader *loader, const SkNode *value)
{
  gboolean yes;

  if (sk_loader_truth (loader, value, &yes) && !yes)
    sk_loader_error (loader, value, "'no' does nothing here: leave the key out");
}

/* --- allow ---------------------------------------------------------------------------------- */

static void
allow_recipient (const SkAction *self, SkDecision *decision, guint recipient)
{
  decision->allowed[recipient] = TRUE;
}

static const SkActionKind allow_kind = { .key = "allow", .on_recipient = allow_recipient };

void
sk_action_allow (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_true (loader, value);
  sk_action_add (into, &allow_kind, NULL)->permits = TRUE;
}

/* --- bcc ------------------------------------------------------------------------------------ */

static void
leave_headers (SkDecision *decision, GPtrArray *addresses, GHashTable *leaving)
{
  const SkPeople *people = decision->evaluation->policy->people;

  for (guint i = 0; i < addresses->len; i++)
    {
      const SkAddress *address = addresses->pdata[i];

      if (g_hash_table_contains (leaving, sk_people_canonical (people, address->key)))
        sk_strings_add (decision->verdict->bcc, address->text);
    }
}

static void
add_leaving (const SkDecision *decision, const GArray *parties, GHashTable *leaving)
{
  for (guint i = 0; i < parties->len; i++)
    g_hash_table_add (
        leaving,
        (gpointer) decision->evaluation->parties[g_array_index (parties, guint, i)].canonical);
}

/* Every spelling of a person in To and Cc leaves. */
static void
gather_bcc (const SkAction *self, SkDecision *decision, const SkRuleHit *hit)
{
  g_autoptr (GHashTable) leaving = g_hash_table_new (g_str_hash, g_str_equal);

  add_leaving (decision, hit->recipients, leaving);
  add_leaving (decision, decision->header_parties, leaving);
  leave_headers (decision, decision->evaluation->message->to, leaving);
  leave_headers (decision, decision->evaluation->message->cc, leaving);
}

const SkActionKind sk_bcc_kind = { .key = "bcc", .gather = gather_bcc };

void
sk_action_bcc (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_true (loader, value);
  sk_action_add (into, &sk_bcc_kind, NULL);
}

/* --- add ------------------------------------------------------------------------------------ */

typedef struct {
  GPtrArray *cc, *bcc; /* char*: addresses, or "manager" */
  GHashTable *keys;    /* char* of either → char*: by which it compares */
} Add;

static void
add_free (gpointer data)
{
  Add *self = data;

  g_ptr_array_unref (self->cc);
  g_ptr_array_unref (self->bcc);
  g_hash_table_unref (self->keys);
  g_free (self);
}

/* Who gets the mail anyway gets it once. */
static gboolean
is_recipient (const SkDecision *decision, const char *canonical)
{
  for (guint i = 0; i < decision->evaluation->recipient_count; i++)
    if (!decision->refused[i]
        && strcmp (decision->evaluation->parties[i].canonical, canonical) == 0)
      return TRUE;
  return FALSE;
}

static void
add_recipient (SkDecision *decision, SkVerdictDelivery *delivery, const char *field,
               const char *text, const char *canonical)
{
  SkAddition *addition;

  if (canonical == NULL || is_recipient (decision, canonical))
    return;
  for (guint i = 0; i < delivery->additions->len; i++)
    if (g_ascii_strcasecmp (((SkAddition *) delivery->additions->pdata[i])->address, text) == 0)
      return;
  addition = g_new0 (SkAddition, 1);
  addition->field = g_strdup (field);
  addition->address = g_strdup (text);
  g_ptr_array_add (delivery->additions, addition);
}

static void
add_all (const Add *self, SkDecision *decision, SkVerdictDelivery *delivery, const char *field,
         GPtrArray *texts)
{
  const SkPerson *sender = decision->evaluation->sender;
  const SkPerson *manager = sender != NULL ? sender->manager : NULL;

  for (guint i = 0; i < texts->len; i++)
    {
      const char *text = texts->pdata[i];

      if (strcmp (text, "manager") != 0)
        add_recipient (decision, delivery, field, text, g_hash_table_lookup (self->keys, text));
      else if (manager != NULL)
        add_recipient (decision, delivery, field, manager->address, manager->key);
    }
}

static void
combine_add (const SkAction *self, SkDecision *decision, SkVerdictDelivery *delivery)
{
  const Add *add = self->data;

  add_all (add, decision, delivery, "cc", add->cc);
  add_all (add, decision, delivery, "bcc", add->bcc);
}

static const SkActionKind add_kind = { .key = "add", .free = add_free, .combine = combine_add };

static void
add_group (const SkList *list, GPtrArray *into)
{
  for (guint i = 0; i < list->members->len; i++)
    sk_strings_add (into, ((const SkAddress *) list->members->pdata[i])->text);
}

static void
read_added (SkLoader *loader, const SkNode *value, const char *what, GPtrArray *into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, what);

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const SkNode *item = items->pdata[i];
      SkList *group = sk_lists_lookup (loader, item->text);
      g_autoptr (SkAddress) address = NULL;

      if (strcmp (item->text, "manager") == 0)
        {
          loader->needs_managers = TRUE;
          sk_strings_add (into, item->text);
        }
      else if (group != NULL && group->group)
        add_group (group, into);
      else if ((address = sk_loader_address (loader, item)) != NULL)
        sk_strings_add (into, address->text);
    }
}

static void
add_cc (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_added (loader, value, "cc", ((Add *) into)->cc);
}

static void
add_bcc (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_added (loader, value, "bcc", ((Add *) into)->bcc);
}

static const SkField add_fields[] = { { "cc", add_cc }, { "bcc", add_bcc }, { NULL } };
const SkFieldTable sk_add_table = { "add", add_fields };

static void
note_keys (const SkLoader *loader, Add *self, const GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      g_autoptr (SkAddress) address = sk_address_new (addresses->pdata[i], NULL);

      if (address != NULL)
        g_hash_table_insert (self->keys, g_strdup (addresses->pdata[i]),
                             g_strdup (sk_people_canonical (loader->policy->people, address->key)));
    }
}

void
sk_action_add_recipients (SkLoader *loader, const SkNode *value, gpointer into)
{
  Add *self = g_new0 (Add, 1);

  self->cc = g_ptr_array_new_with_free_func (g_free);
  self->bcc = g_ptr_array_new_with_free_func (g_free);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sk_loader_read_mapping (loader, value, &sk_add_table, self);
  note_keys (loader, self, self->cc);
  note_keys (loader, self, self->bcc);
  sk_action_add (into, &add_kind, self);
}

/* --- insert --------------------------------------------------------------------------------- */

typedef struct {
  char *template_name;
  const char *at;
  gboolean send_if_signed;
} Insert;

static void
insert_free (gpointer data)
{
  g_free (((Insert *) data)->template_name);
  g_free (data);
}

static void
combine_insert (const SkAction *self, SkDecision *decision, SkVerdictDelivery *delivery)
{
  const Insert *insert = self->data;
  SkInsertion *insertion;

  for (guint i = 0; i < delivery->insertions->len; i++)
    {
      insertion = delivery->insertions->pdata[i];
      if (strcmp (insertion->template_name, insert->template_name) == 0
          && strcmp (insertion->at, insert->at) == 0)
        {
          insertion->send_if_signed &= insert->send_if_signed;
          return;
        }
    }
  insertion = g_new0 (SkInsertion, 1);
  insertion->template_name = g_strdup (insert->template_name);
  insertion->at = g_strdup (insert->at);
  insertion->send_if_signed = insert->send_if_signed;
  g_ptr_array_add (delivery->insertions, insertion);
}

static const SkActionKind insert_kind
    = { .key = "insert", .free = insert_free, .combine = combine_insert };

static void
insert_template (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_free (((Insert *) into)->template_name);
  ((Insert *) into)->template_name = sk_loader_template (loader, value);
}

static void
insert_at (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "top", "bottom", "reply", NULL };
  int word = sk_loader_word (loader, value, "place", words);

  if (word >= 0)
    ((Insert *) into)->at = words[word];
}

static void
insert_if_signed (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "hold", "send", NULL };

  ((Insert *) into)->send_if_signed = sk_loader_word (loader, value, "word", words) == 1;
}

static const SkField insert_fields[] = {
  { "template", insert_template },
  { "at", insert_at },
  { "if-signed", insert_if_signed },
  { NULL },
};
const SkFieldTable sk_insert_table = { "insert", insert_fields };

static void
read_insert (SkLoader *loader, const SkNode *value, gpointer into)
{
  Insert *self = g_new0 (Insert, 1);

  self->at = "top";
  if (sk_loader_read_mapping (loader, value, &sk_insert_table, self)
      && sk_node_get (value, "template") == NULL)
    sk_loader_error (loader, value, "'insert' needs a 'template'");
  sk_action_add (into, &insert_kind, self);
}

/* One text, or several. */
void
sk_action_insert (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (value->kind != SK_NODE_LIST || value->children->len == 0)
    {
      read_insert (loader, value, into);
      return;
    }
  for (guint i = 0; i < value->children->len; i++)
    read_insert (loader, value->children->pdata[i], into);
}

/* --- header --------------------------------------------------------------------------------- */

/* "X-Name: value", each; the first rule that names a field wins. */
static void
combine_header (const SkAction *self, SkDecision *decision, SkVerdictDelivery *delivery)
{
  GPtrArray *lines = self->data;

  for (guint i = 0; i < lines->len; i++)
    {
      const char *line = lines->pdata[i];
      gsize name = (gsize) (strchr (line, ':') - line) + 1;
      gboolean there = FALSE;

      for (guint j = 0; j < delivery->headers->len && !there; j++)
        there = g_ascii_strncasecmp (delivery->headers->pdata[j], line, name) == 0;
      if (!there)
        g_ptr_array_add (delivery->headers, g_strdup (line));
    }
}

static const SkActionKind header_kind = {
  .key = "header", .free = (GDestroyNotify) g_ptr_array_unref, .combine = combine_header,
};

static gboolean
is_own_field (const char *name)
{
  if (g_ascii_strncasecmp (name, "X-", 2) != 0 || name[2] == '\0')
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-')
      return FALSE;
  return TRUE;
}

static void
read_field (SkLoader *loader, const SkNode *name, const SkNode *value, GPtrArray *lines)
{
  const char *text = sk_loader_text (loader, value);

  if (!is_own_field (name->text))
    sk_loader_error (loader, name, "'%s' can't be set: only fields that begin with X- can",
                     name->text);
  else if (text != NULL && (strpbrk (text, "\r\n") != NULL || strlen (text) > 900))
    sk_loader_error (loader, value, "a header's value is one line of at most 900 bytes");
  else if (text != NULL)
    g_ptr_array_add (lines, g_strdup_printf ("%s: %s", name->text, text));
}

void
sk_action_header (SkLoader *loader, const SkNode *value, gpointer into)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  if (value->kind != SK_NODE_MAPPING || value->keys->len == 0)
    sk_loader_error (loader, value, "'header' must name a field and its value: {X-Name: value}");
  else
    for (guint i = 0; i < value->keys->len; i++)
      read_field (loader, value->keys->pdata[i], value->children->pdata[i], lines);
  sk_action_add (into, &header_kind, lines);
}

/* --- stamp, copy ---------------------------------------------------------------------------- */

typedef struct {
  char *footer;
} Stamp;

static void
stamp_free (gpointer data)
{
  g_free (((Stamp *) data)->footer);
  g_free (data);
}

static void
combine_stamp (const SkAction *self, SkDecision *decision, SkVerdictDelivery *delivery)
{
  const Stamp *stamp = self->data;

  delivery->stamp = TRUE;
  if (delivery->stamp_footer == NULL)
    delivery->stamp_footer = g_strdup (stamp->footer);
}

static const SkActionKind stamp_kind
    = { .key = "stamp", .free = stamp_free, .combine = combine_stamp };

static void
stamp_footer (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_free (((Stamp *) into)->footer);
  ((Stamp *) into)->footer = sk_loader_template (loader, value);
}

static const SkField stamp_fields[] = { { "footer", stamp_footer }, { NULL } };
const SkFieldTable sk_stamp_table = { "stamp", stamp_fields };

void
sk_action_stamp (SkLoader *loader, const SkNode *value, gpointer into)
{
  Stamp *self = g_new0 (Stamp, 1);

  if (value->kind == SK_NODE_MAPPING)
    sk_loader_read_mapping (loader, value, &sk_stamp_table, self);
  else
    read_true (loader, value);
  sk_action_add (into, &stamp_kind, self);
}

static void
gather_copy (const SkAction *self, SkDecision *decision, const SkRuleHit *hit)
{
  GPtrArray *addresses = self->data;

  if (!sk_hit_has_rest (decision, hit))
    return;
  for (guint i = 0; i < addresses->len; i++)
    sk_strings_add (decision->verdict->copies, addresses->pdata[i]);
}

static const SkActionKind copy_kind = {
  .key = "copy", .free = (GDestroyNotify) g_ptr_array_unref, .gather = gather_copy,
};

void
sk_action_copy (SkLoader *loader, const SkNode *value, gpointer into)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "copy");

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      g_autoptr (SkAddress) address = sk_loader_address (loader, items->pdata[i]);

      if (address != NULL)
        sk_strings_add (addresses, address->text);
    }
  sk_action_add (into, &copy_kind, addresses);
}
