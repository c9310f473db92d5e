// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

#include "sk-evaluation.h"
#include "sk-lists.h"

#include <string.h>

/* What a test of a recipient compares with; each kind uses its own part. */
typedef struct {
  guint bits;        /* scopes, fields */
  gboolean yes;      /* of yes and no, new and known */
  GArray *sets;      /* guint */
  GPtrArray *values; /* char*, folded */
  char *names;       /* for explanations */
} RecipientTest;

static void
recipient_test_free (gpointer data)
{
  RecipientTest *self = data;

  g_clear_pointer (&self->sets, g_array_unref);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_free (self->names);
  g_free (self);
}

static RecipientTest *
recipient_test_new (GPtrArray *items)
{
  RecipientTest *self = g_new0 (RecipientTest, 1);

  self->sets = g_array_new (FALSE, FALSE, sizeof (guint));
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->names = items != NULL ? sk_condition_names (items) : NULL;
  return self;
}

static void
explain_names (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  const RecipientTest *self = test->data;

  sk_reason_add (reason, test,
                 json_pack ("{s:s,s:s}", "recipient", pair->party->address->text, "value",
                            self->names),
                 "recipient %s%s %s", strchr (test->kind->code, '.') + 1,
                 strcmp (test->kind->code, "to.in") == 0 ? "" : " is", self->names);
}

/* --- scope ---------------------------------------------------------------------------------- */

enum { SELF = 1 << 3, MANAGER = 1 << 4 };

static const char *const scope_words[]
    = { "internal", "affiliate", "external", "self", "manager", NULL };
static const guint scope_bits[] = { SK_SCOPE_INTERNAL, SK_SCOPE_AFFILIATE,
                                    SK_SCOPE_AFFILIATE | SK_SCOPE_OUTSIDE, SELF, MANAGER };

static SkTruth
is_manager (const SkEvaluation *evaluation, const SkParty *party)
{
  if (evaluation->sender == NULL)
    return SK_UNKNOWN;
  return sk_truth_of (evaluation->sender->manager != NULL
                      && party->person == evaluation->sender->manager);
}

static SkTruth
test_scope (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  guint bits = ((const RecipientTest *) test->data)->bits;

  if ((bits & pair->party->scope) != 0)
    return SK_YES;
  if ((bits & SELF) != 0 && strcmp (pair->party->canonical, evaluation->sender_canonical) == 0)
    return SK_YES;
  return (bits & MANAGER) != 0 ? is_manager (evaluation, pair->party) : SK_NO;
}

/* Of self and manager: the scopes of the addresses of anybody who can be one. */
static guint
scopes_of_people (const SkPolicy *policy, gboolean managers)
{
  guint scopes = 0;

  for (guint i = 0; i < sk_people_count (policy->people); i++)
    {
      const SkPerson *person = sk_people_at (policy->people, i);

      if (managers)
        person = person->manager;
      if (person == NULL)
        continue;
      scopes |= sk_policy_scope (policy, strrchr (person->key, '@') + 1);
      for (guint j = 0; j < person->aliases->len; j++)
        scopes |= sk_policy_scope (policy, strrchr (person->aliases->pdata[j], '@') + 1);
    }
  return scopes;
}

static guint
scopes_of_scope (const SkTest *test, const SkPolicy *policy)
{
  guint bits = ((const RecipientTest *) test->data)->bits, scopes = bits & 7;

  if ((bits & SELF) != 0)
    scopes |= sk_people_count (policy->people) > 0 ? scopes_of_people (policy, FALSE) : 7;
  if ((bits & MANAGER) != 0)
    scopes |= scopes_of_people (policy, TRUE);
  return scopes;
}

static void
explain_scope (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  sk_reason_add (reason, test,
                 json_pack ("{s:s,s:s}", "recipient", pair->party->address->text, "scope",
                            sk_scope_name (pair->party->scope)),
                 "to %s", ((const RecipientTest *) test->data)->names);
}

static const SkTestKind scope_kind = {
  .code = "to.scope",
  .rank = 1,
  .unknown = "who the sender's manager is (the sender is not in people.csv)",
  .test = test_scope,
  .explain = explain_scope,
  .free = recipient_test_free,
  .scopes = scopes_of_scope,
};

/* `scope: manager` unlocks: whoever it counts must be in the envelope. */
static void
read_scope (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "scope");
  RecipientTest *self;

  if (items == NULL)
    return;
  self = recipient_test_new (items);
  for (guint i = 0; i < items->len; i++)
    {
      int word = sk_loader_word (loader, items->pdata[i], "scope", scope_words);

      if (word >= 0)
        self->bits |= scope_bits[word];
    }
  if ((self->bits & MANAGER) != 0)
    loader->uses_manager_scope = TRUE;
  sk_condition_add (loader, into, &scope_kind, SK_ON_RECIPIENT, self, 0, FALSE);
}

/* --- address, domain, in -------------------------------------------------------------------- */

static SkTruth
test_sets (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const RecipientTest *self = test->data;

  for (guint i = 0; i < self->sets->len; i++)
    if (sk_bits_test (pair->party->sets, g_array_index (self->sets, guint, i)))
      return SK_YES;
  return SK_NO;
}

static gboolean
signals_of_sets (const SkTest *test, SkSignals *signals)
{
  const RecipientTest *self = test->data;

  sk_signals_add_sets (signals, self->sets, SK_SIGNAL_MEMBER);
  return TRUE;
}

static guint
scopes_of_sets (const SkTest *test, const SkPolicy *policy)
{
  const RecipientTest *self = test->data;
  guint scopes = 0;

  for (guint i = 0; i < self->sets->len; i++)
    scopes |= g_array_index (policy->set_scopes, guint, g_array_index (self->sets, guint, i));
  return scopes;
}

static const SkTestKind address_kind = {
  .code = "to.address", .rank = 22, .test = test_sets, .explain = explain_names,
  .free = recipient_test_free, .scopes = scopes_of_sets, .signals = signals_of_sets,
};
static const SkTestKind domain_kind = {
  .code = "to.domain", .rank = 21, .test = test_sets, .explain = explain_names,
  .free = recipient_test_free, .scopes = scopes_of_sets, .signals = signals_of_sets,
};
static const SkTestKind in_kind = {
  .code = "to.in", .rank = 20, .test = test_sets, .explain = explain_names,
  .free = recipient_test_free, .scopes = scopes_of_sets, .signals = signals_of_sets,
};

static void
read_members (SkLoader *loader, const SkNode *value, gpointer into, const char *what,
              SkMemberKinds members, const SkTestKind *kind)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, what);
  RecipientTest *self;
  guint set;

  if (items == NULL)
    return;
  self = recipient_test_new (items);
  set = sk_members_new (loader->policy);
  sk_members_read (loader, value, what, members, set);
  g_array_append_val (self->sets, set);
  sk_condition_add (loader, into, kind, SK_ON_RECIPIENT, self, 0, FALSE);
}

static void
read_address (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_members (loader, value, into, "address", SK_MEMBER_ADDRESS, &address_kind);
}

static void
read_domain (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_members (loader, value, into, "domain", SK_MEMBER_DOMAIN, &domain_kind);
}

static void
read_in (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "in");
  RecipientTest *self;

  if (items == NULL)
    return;
  self = recipient_test_new (items);
  for (guint i = 0; i < items->len; i++)
    {
      SkList *list = sk_lists_find (loader, items->pdata[i]);
      guint set = list != NULL ? sk_list_set (list, loader) : 0;

      if (list != NULL)
        g_array_append_val (self->sets, set);
    }
  sk_condition_add (loader, into, &in_kind, SK_ON_RECIPIENT, self, 0, FALSE);
}

/* --- field ---------------------------------------------------------------------------------- */

static const char *const field_words[] = { "to", "cc", "bcc", NULL };

static SkTruth
test_field (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const RecipientTest *self = test->data;

  if ((self->bits & pair->party->fields) != 0)
    return SK_YES;
  /* Who seems to be Bcc may stand in a part of the header that was not read. */
  return evaluation->incomplete ? SK_UNKNOWN : SK_NO;
}

static const SkTestKind field_kind = {
  .code = "to.field", .rank = 2, .unknown = "the field of the recipient", .test = test_field,
  .explain = explain_names, .free = recipient_test_free,
};

static void
read_field (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "field");
  RecipientTest *self;

  if (items == NULL)
    return;
  self = recipient_test_new (items);
  for (guint i = 0; i < items->len; i++)
    {
      int word = sk_loader_word (loader, items->pdata[i], "field", field_words);

      if (word >= 0)
        self->bits |= 1U << word;
    }
  sk_condition_add (loader, into, &field_kind, SK_ON_RECIPIENT, self, 0, FALSE);
}

/* --- department, employment ----------------------------------------------------------------- */

static SkTruth
any_value (const SkTest *test, const char *value)
{
  const RecipientTest *self = test->data;

  for (guint i = 0; i < self->values->len; i++)
    if (strcmp (self->values->pdata[i], value) == 0)
      return SK_YES;
  return SK_NO;
}

static SkTruth
test_department (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  return pair->party->person != NULL ? any_value (test, pair->party->person->department) : SK_NO;
}

static SkTruth
test_employment (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  return pair->party->person != NULL ? any_value (test, pair->party->person->employment) : SK_NO;
}

/* Only people of people.csv have either. */
static guint
scopes_of_staff (const SkTest *test, const SkPolicy *policy)
{
  return scopes_of_people (policy, FALSE);
}

static const SkTestKind department_kind = {
  .code = "to.department", .rank = 18, .test = test_department, .explain = explain_names,
  .free = recipient_test_free, .scopes = scopes_of_staff,
};
static const SkTestKind employment_kind = {
  .code = "to.employment", .rank = 18, .test = test_employment, .explain = explain_names,
  .free = recipient_test_free, .scopes = scopes_of_staff,
};

static void
read_values (SkLoader *loader, const SkNode *value, gpointer into, const char *what,
             const SkTestKind *kind)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, what);
  RecipientTest *self;

  if (items == NULL)
    return;
  self = recipient_test_new (items);
  for (guint i = 0; i < items->len; i++)
    {
      const char *text = ((const SkNode *) items->pdata[i])->text;

      g_ptr_array_add (self->values, sk_words_fold (text, strlen (text), NULL));
    }
  sk_condition_add (loader, into, kind, SK_ON_RECIPIENT, self, 0, FALSE);
}

static void
read_department (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_values (loader, value, into, "department", &department_kind);
}

static void
read_employment (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_values (loader, value, into, "employment", &employment_kind);
}

/* --- history, tls, lookalike ---------------------------------------------------------------- */

static SkTruth
as_asked (const SkTest *test, SkTruth fact)
{
  return ((const RecipientTest *) test->data)->yes ? fact : sk_truth_not (fact);
}

static SkTruth
test_history (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  return as_asked (test, pair->party->known);
}

static SkTruth
test_tls (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  return as_asked (test, pair->party->tls);
}

static SkTruth
test_lookalike (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  return as_asked (test, pair->party->lookalike);
}

static void
explain_history (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair,
                 SkReason *reason)
{
  const char *text = pair->party->address->text;

  sk_reason_add (reason, test, json_pack ("{s:s}", "recipient", text),
                 pair->party->known == SK_YES ? "%s has had mail from this sender"
                                              : "%s has had no mail from this sender yet", text);
}

static void
explain_tls (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  const char *domain = pair->party->address->domain;

  sk_reason_add (reason, test, json_pack ("{s:s}", "domain", domain),
                 pair->party->tls == SK_YES ? "%s takes TLS" : "%s does not take TLS", domain);
}

static void
explain_lookalike (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair,
                   SkReason *reason)
{
  const char *domain = pair->party->address->domain, *alike = pair->party->alike;

  if (alike != NULL)
    sk_reason_add (reason, test, json_pack ("{s:s,s:s}", "domain", domain, "like", alike),
                   "%s looks like %s", domain, alike);
  else
    sk_reason_add (reason, test, json_pack ("{s:s}", "domain", domain),
                   "%s looks like no other domain", domain);
}

static const SkTestKind history_kind = {
  .code = "to.history", .rank = 30, .unknown = "whether mail to the recipient has left before",
  .test = test_history, .explain = explain_history, .free = recipient_test_free,
};
static const SkTestKind tls_kind = {
  .code = "to.tls", .rank = 31, .unknown = "whether the recipient's mail server takes TLS",
  .test = test_tls, .explain = explain_tls, .free = recipient_test_free,
};
static const SkTestKind lookalike_kind = {
  .code = "to.lookalike",
  .rank = 32,
  .unknown = "whether the recipient's domain looks like another",
  .test = test_lookalike,
  .explain = explain_lookalike,
  .free = recipient_test_free,
};

static void
read_history (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "new", "known", NULL };
  int word = sk_loader_word (loader, value, "history", words);
  RecipientTest *self;

  if (word < 0)
    return;
  self = recipient_test_new (NULL);
  self->yes = word == 1;
  sk_condition_add (loader, into, &history_kind, SK_ON_RECIPIENT, self, SK_NEED_HISTORY, FALSE);
}

static void
read_tls (SkLoader *loader, const SkNode *value, gpointer into)
{
  gboolean yes;
  RecipientTest *self;

  if (!sk_loader_truth (loader, value, &yes))
    return;
  self = recipient_test_new (NULL);
  self->yes = yes;
  sk_condition_add (loader, into, &tls_kind, SK_ON_RECIPIENT, self, SK_NEED_TLS, FALSE);
}

static void
read_lookalike (SkLoader *loader, const SkNode *value, gpointer into)
{
  gboolean yes;
  RecipientTest *self;

  if (!sk_loader_truth (loader, value, &yes))
    return;
  self = recipient_test_new (NULL);
  self->yes = yes;
  loader->policy->asks_lookalike = TRUE;
  sk_condition_add (loader, into, &lookalike_kind, SK_ON_RECIPIENT, self,
                    SK_NEED_HISTORY | SK_NEED_LOOKALIKE, FALSE);
}

static const SkField to_fields[] = {
  { "scope", read_scope },
  { "address", read_address },
  { "domain", read_domain },
  { "in", read_in },
  { "field", read_field },
  { "department", read_department },
  { "employment", read_employment },
  { "history", read_history },
  { "tls", read_tls },
  { "lookalike", read_lookalike },
  { "mismatch", sk_condition_mismatch },
  { NULL },
};
const SkFieldTable sk_to_table = { "to", to_fields };

SkTest *
sk_condition_read_to (SkLoader *loader, const SkNode *node)
{
  g_autoptr (SkTest) block = sk_test_new_block (&sk_test_all_kind);

  if (node->kind == SK_NODE_MAPPING || sk_node_is_empty (node)
      || (node->kind == SK_NODE_LIST && node->children->len == 0))
    sk_loader_read_mapping (loader, node, &sk_to_table, block);
  else
    read_scope (loader, node, block);
  return block->children->len > 0 ? g_steal_pointer (&block) : NULL;
}

void
sk_condition_to (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkTest *block = sk_condition_read_to (loader, value);

  if (block != NULL)
    sk_test_add (into, block);
}
