// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-action.h"

#include "sk-lists.h"
#include "sk-suggest.h"

#include <string.h>

typedef struct {
  gboolean manager, anyone;
  GPtrArray *by;        /* char*: addresses; canonical where they are people */
  GPtrArray *otherwise; /* char*, or empty */
  GHashTable *keys;     /* char* of either → char*: by which it compares */
  gint64 count;
  gboolean has_expires, deputy;
  SkWait expires;
} Approve;

static void
approve_free (gpointer data)
{
  Approve *self = data;

  g_ptr_array_unref (self->by);
  g_ptr_array_unref (self->otherwise);
  g_hash_table_unref (self->keys);
  g_free (self);
}

/* --- who may -------------------------------------------------------------------------------- */

static void
add_anyone (const SkEvaluation *evaluation, GPtrArray *people)
{
  const SkPeople *staff = evaluation->policy->people;

  for (guint i = 0; i < sk_people_count (staff); i++)
    {
      const SkPerson *person = sk_people_at (staff, sk_people_sorted (staff)[i]);

      if (person != evaluation->sender && strcmp (person->key, evaluation->sender_canonical) != 0)
        g_ptr_array_add (people, g_strdup (person->address));
    }
}

/* The sender never approves their own mail, by whichever address. */
static gboolean
is_sender (const Approve *self, const SkEvaluation *evaluation, const char *address)
{
  const char *key = g_hash_table_lookup (self->keys, address);

  return key == NULL || strcmp (key, evaluation->sender_canonical) == 0;
}

static void
add_others (const Approve *self, const SkEvaluation *evaluation, GPtrArray *addresses,
            GPtrArray *people)
{
  for (guint i = 0; i < addresses->len; i++)
    if (!is_sender (self, evaluation, addresses->pdata[i]))
      sk_strings_add (people, addresses->pdata[i]);
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
resolve (const Approve *self, const SkEvaluation *evaluation)
{
  GPtrArray *people = g_ptr_array_new_with_free_func (g_free);
  const SkPerson *manager = evaluation->sender != NULL ? evaluation->sender->manager : NULL;

  if (self->anyone)
    {
      add_anyone (evaluation, people);
      return people;
    }
  if (self->manager && manager != NULL && manager != evaluation->sender)
    sk_strings_add (people, manager->address);
  add_others (self, evaluation, self->by, people);
  g_ptr_array_sort (people, compare_strings);
  return people;
}

/* Those who are asked, or NULL when fewer are left than must agree. */
static char **
find_approvers (const Approve *self, const SkEvaluation *evaluation)
{
  g_autoptr (GPtrArray) people = resolve (self, evaluation);

  if (people->len < (guint) self->count && self->otherwise->len > 0)
    {
      g_ptr_array_set_size (people, 0);
      add_others (self, evaluation, self->otherwise, people);
      g_ptr_array_sort (people, compare_strings);
    }
  if (people->len < (guint) self->count || people->len == 0)
    return NULL;
  g_ptr_array_add (people, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&people), FALSE);
}

/* --- the verdict ---------------------------------------------------------------------------- */

static void
hold_instead (const SkAction *self, SkVerdictDelivery *delivery)
{
  const Approve *approve = self->data;
  g_autofree char *reason = g_strdup_printf (
      "rule %s: fewer people are left to approve than the %" G_GINT64_FORMAT " it needs",
      self->rule->id, approve->count);

  sk_delivery_add_hold (delivery, -1, SK_AFTERWARDS_WAIT, SK_RELEASE_MANAGER, reason);
}

/* Asked of the same people already: one decision is enough, and the shorter time holds. */
static gboolean
merge (SkVerdictDelivery *delivery, char **by, guint count, gint64 expires, gboolean deputy)
{
  for (guint i = 0; i < delivery->approvals->len; i++)
    {
      SkApproval *approval = delivery->approvals->pdata[i];

      if (approval->count != count
          || !g_strv_equal ((const char *const *) approval->by, (const char *const *) by))
        continue;
      if (expires < approval->expires)
        approval->deputy_on_expiry = deputy;
      else if (expires == approval->expires)
        approval->deputy_on_expiry &= deputy;
      approval->expires = MIN (approval->expires, expires);
      return TRUE;
    }
  return FALSE;
}

static void
combine_approve (const SkAction *self, SkDecision *decision, SkVerdictDelivery *delivery)
{
  const Approve *approve = self->data;
  const SkEvaluation *evaluation = decision->evaluation;
  g_auto (GStrv) by = find_approvers (approve, evaluation);
  gint64 expires = sk_wait_seconds (
      approve->has_expires ? &approve->expires : &evaluation->policy->hold_expiry, evaluation);
  SkApproval *approval;

  if (by == NULL)
    {
      hold_instead (self, delivery);
      return;
    }
  if (merge (delivery, by, (guint) approve->count, expires, approve->deputy))
    return;
  approval = g_new0 (SkApproval, 1);
  approval->by = g_steal_pointer (&by);
  approval->count = (guint) approve->count;
  approval->expires = expires;
  approval->deputy_on_expiry = approve->deputy;
  approval->otherwise = g_new0 (char *, approve->otherwise->len + 1);
  for (guint i = 0; i < approve->otherwise->len; i++)
    approval->otherwise[i] = g_strdup (approve->otherwise->pdata[i]);
  approval->rule = g_strdup (self->rule->id);
  g_ptr_array_add (delivery->approvals, approval);
}

static const SkActionKind approve_kind
    = { .key = "approve", .free = approve_free, .combine = combine_approve };

/* --- reading -------------------------------------------------------------------------------- */

static void
add_group (SkLoader *loader, const SkNode *node, const SkList *list, GPtrArray *into)
{
  if (!list->group)
    {
      sk_loader_error (loader, node, "'%s' is a list; a group of addresses is needed here",
                       node->text);
      return;
    }
  for (guint i = 0; i < list->members->len; i++)
    {
      const SkAddress *member = list->members->pdata[i];
      const SkPerson *person = sk_people_find (loader->policy->people, member->key);

      sk_strings_add (into, person != NULL ? person->address : member->text);
    }
}

static void
add_person (SkLoader *loader, const SkNode *node, GPtrArray *into)
{
  g_autoptr (SkAddress) address = sk_loader_address (loader, node);
  const SkPerson *person;

  if (address == NULL)
    return;
  person = sk_people_find (loader->policy->people, address->key);
  if (person == NULL)
    sk_loader_error (loader, node,
                     "unknown person '%s': an approver stands in people.csv or in a group",
                     address->text);
  else
    sk_strings_add (into, person->address);
}

static void
read_approvers (SkLoader *loader, const SkNode *value, const char *what, GPtrArray *into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, what);

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const SkNode *item = items->pdata[i];
      SkList *list = strchr (item->text, '@') == NULL ? sk_lists_find (loader, item) : NULL;

      if (list != NULL)
        add_group (loader, item, list, into);
      else if (strchr (item->text, '@') != NULL)
        add_person (loader, item, into);
    }
}

static void
approve_by (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "manager", "anyone", NULL };
  Approve *self = into;

  self->manager = value->kind == SK_NODE_SCALAR && strcmp (value->text, "manager") == 0;
  self->anyone = value->kind == SK_NODE_SCALAR && strcmp (value->text, "anyone") == 0;
  if (self->manager || self->anyone)
    return;
  if (value->kind == SK_NODE_SCALAR && strchr (value->text, '@') == NULL
      && sk_lists_lookup (loader, value->text) == NULL && sk_suggest (value->text, words) != NULL)
    sk_loader_unknown (loader, value, "approver", value->text, words);
  else
    read_approvers (loader, value, "by", self->by);
}

static void
approve_count (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_integer (loader, value, 1, 100, &((Approve *) into)->count);
}

static void
approve_otherwise (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_approvers (loader, value, "otherwise", ((Approve *) into)->otherwise);
}

static void
approve_expires (SkLoader *loader, const SkNode *value, gpointer into)
{
  Approve *self = into;

  self->has_expires
      = sk_loader_duration (loader, value, &self->expires.seconds, &self->expires.business);
}

static void
approve_on_expiry (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "return", "deputy", NULL };

  ((Approve *) into)->deputy = sk_loader_word (loader, value, "word", words) == 1;
}

static const SkField approve_fields[] = {
  { "by", approve_by },
  { "count", approve_count },
  { "otherwise", approve_otherwise },
  { "expires", approve_expires },
  { "on-expiry", approve_on_expiry },
  { NULL },
};
const SkFieldTable sk_approve_table = { "approve", approve_fields };

/* More than there are to ask can never be reached. */
static void
check_count (SkLoader *loader, const SkNode *value, const Approve *self)
{
  guint most = self->manager ? 1 : self->anyone ? sk_people_count (loader->policy->people)
                                                : self->by->len;

  if (self->anyone && sk_people_count (loader->policy->people) == 0)
    sk_loader_error (loader, value, "'anyone' means everybody in people.csv, and there is nobody");
  else if (most > 0 && most < (guint) self->count && self->otherwise->len == 0)
    sk_loader_warn (loader, value,
                    "only %u can be asked, fewer than 'count': the mail will be held", most);
}

static void
note_keys (const SkLoader *loader, Approve *self, const GPtrArray *addresses)
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
sk_action_approve (SkLoader *loader, const SkNode *value, gpointer into)
{
  Approve *self = g_new0 (Approve, 1);

  self->by = g_ptr_array_new_with_free_func (g_free);
  self->otherwise = g_ptr_array_new_with_free_func (g_free);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->count = 1;
  if (sk_loader_read_mapping (loader, value, &sk_approve_table, self))
    {
      if (sk_node_get (value, "by") == NULL)
        sk_loader_error (loader, value,
                         "'approve' needs 'by': manager, anyone or a list of people");
      check_count (loader, value, self);
    }
  note_keys (loader, self, self->by);
  note_keys (loader, self, self->otherwise);
  if (self->manager && self->otherwise->len == 0)
    loader->needs_managers = TRUE;
  sk_action_add (into, &approve_kind, self);
}
