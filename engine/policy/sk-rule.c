// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-rule.h"

#include "sk-action.h"
#include "sk-conditions.h"

#include <string.h>

void
sk_action_free (SkAction *self)
{
  if (self->data != NULL)
    (self->kind->free != NULL ? self->kind->free : g_free) (self->data);
  g_free (self);
}

SkAction *
sk_action_add (gpointer into, const SkActionKind *kind, gpointer data)
{
  SkRule *rule = into;
  SkAction *action = g_new0 (SkAction, 1);

  action->kind = kind;
  action->data = data;
  action->rule = rule;
  g_ptr_array_add (rule->actions, action);
  return action;
}

void
sk_rule_free (SkRule *self)
{
  g_free (self->id);
  sk_localized_clear (&self->title);
  sk_test_free (self->condition);
  sk_test_free (self->exception);
  g_ptr_array_unref (self->actions);
  g_free (self);
}

/* --- then ----------------------------------------------------------------------------------- */

static const SkField then_fields[] = {
  { "reject", sk_action_reject },
  { "approve", sk_action_approve },
  { "hold", sk_action_hold, .personal = TRUE },
  { "confirm", sk_action_confirm, .personal = TRUE },
  { "warn", sk_action_warn, .personal = TRUE },
  { "protect", sk_action_protect },
  { "bcc", sk_action_bcc },
  { "add", sk_action_add_recipients },
  { "insert", sk_action_insert },
  { "header", sk_action_header },
  { "stamp", sk_action_stamp },
  { "copy", sk_action_copy },
  { "allow", sk_action_allow },
  { NULL },
};
const SkFieldTable sk_then_table = { "then", then_fields };

static void
check_personal (SkLoader *loader, const SkNode *value)
{
  for (guint i = 0; value->kind == SK_NODE_MAPPING && i < value->keys->len; i++)
    {
      const SkNode *key = value->keys->pdata[i];

      for (const SkField *field = then_fields; field->key != NULL; field++)
        if (strcmp (field->key, key->text) == 0 && !field->personal)
          sk_loader_error (loader, key,
                           "'%s' can't stand in personal rules: only hold, confirm and warn",
                           key->text);
    }
}

void
sk_actions_read (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (loader->personal)
    check_personal (loader, value);
  sk_loader_read_mapping (loader, value, &sk_then_table, into);
}

/* --- a rule --------------------------------------------------------------------------------- */

static void
read_id (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkRule *rule = into;
  const char *text = sk_loader_text (loader, value);

  if (text == NULL)
    return;
  if (strlen (text) > 64
      || text[strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")]
             != '\0')
    sk_loader_error (loader, value,
                     "'%s' is no id: up to 64 letters, digits, hyphens, dots and underscores",
                     text);
  g_free (rule->id);
  rule->id = g_strdup (text);
}

static void
read_title (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_localized (loader, value, &((SkRule *) into)->title);
}

static void
read_if (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkRule *rule = into;

  sk_test_free (rule->condition);
  rule->condition = sk_block_read (loader, value, "if");
}

/* What exempts is counted by the envelope. */
static void
read_unless (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkRule *rule = into;
  gboolean before = loader->envelope_only;

  loader->envelope_only = TRUE;
  sk_test_free (rule->exception);
  rule->exception = sk_block_read_any (loader, value, "unless");
  loader->envelope_only = before;
}

static void
read_mode (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "enforce", "monitor", NULL };

  ((SkRule *) into)->monitor = sk_loader_word (loader, value, "mode", words) == 1;
}

static void
read_enabled (SkLoader *loader, const SkNode *value, gpointer into)
{
  gboolean enabled;

  if (sk_loader_truth (loader, value, &enabled))
    ((SkRule *) into)->disabled = !enabled;
}

static void
read_on_error (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "apply", "skip", NULL };

  ((SkRule *) into)->skip_unknown = sk_loader_word (loader, value, "word", words) == 1;
}

static void
active_from (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_date (loader, value, &((SkRule *) into)->active_from);
}

static void
active_until (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_date (loader, value, &((SkRule *) into)->active_until);
}

static const SkField active_fields[]
    = { { "from", active_from }, { "until", active_until }, { NULL } };
const SkFieldTable sk_active_table = { "active", active_fields };

static void
read_active (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkRule *rule = into;

  sk_loader_read_mapping (loader, value, &sk_active_table, rule);
  if (rule->active_from != 0 && rule->active_until != 0 && rule->active_until < rule->active_from)
    sk_loader_error (loader, value, "'until' is before 'from': the rule would never be active");
}

static const SkField rule_fields[] = {
  { "id", read_id },
  { "title", read_title },
  { "if", read_if },
  { "unless", read_unless },
  { "then", sk_actions_read },
  { "mode", read_mode },
  { "enabled", read_enabled },
  { "active", read_active },
  { "on-error", read_on_error },
  { NULL },
};
const SkFieldTable sk_rule_table = { "rule", rule_fields };

/* A rule that lets through counts recipients by the envelope; its conditions must know. */
static gboolean
lets_through (const SkNode *node)
{
  const SkNode *then = sk_node_get (node, "then");
  const SkNode *as = sk_node_get (sk_node_get (then, "protect"), "as");

  return sk_node_get (then, "allow") != NULL
         || (as != NULL && as->kind == SK_NODE_SCALAR && strcmp (as->text, "none") == 0);
}

/* Tests of the whole mail first, then those of recipients: they end most questions early. */
static int
compare_subjects (gconstpointer a, gconstpointer b)
{
  return (int) (*(SkTest *const *) a)->subjects - (int) (*(SkTest *const *) b)->subjects;
}

static void
arrange (SkTest *test)
{
  if (test == NULL || test->children == NULL)
    return;
  for (guint i = 0; i < test->children->len; i++)
    arrange (test->children->pdata[i]);
  g_ptr_array_sort (test->children, compare_subjects);
}

static const SkNode *
node_of (const SkNode *node, const char *key)
{
  const SkNode *value = sk_node_get (node, key);

  return value != NULL ? value : node;
}

static void
check_rule (SkLoader *loader, const SkNode *node, const SkRule *rule)
{
  if (sk_node_get (node, "id") == NULL)
    sk_loader_error (loader, node, "the rule has no 'id'");
  else if (rule->id != NULL && !g_hash_table_add (loader->rule_ids, rule->id))
    sk_loader_error (loader, node_of (node, "id"), "two rules have the id '%s'", rule->id);
  if (sk_node_get (node, "then") == NULL)
    sk_loader_error (loader, node, "the rule has no 'then': it would do nothing");
  if (rule->condition != NULL && rule->exception != NULL
      && (sk_test_scopes (rule->condition, loader->policy)
          & sk_test_scopes (rule->exception, loader->policy)) == 0)
    sk_loader_warn (loader, node_of (node, "unless"),
                    "this 'unless' can never exempt a recipient whom 'if' selects; to ask whether "
                    "somebody else is there, count: recipients: {where: …}");
}

/* Everybody of people.csv whom the rule leaves without what it asks for; the first ten by name. */
static void
warn_of_managers (SkLoader *loader, const SkRule *rule)
{
  guint without = 0;

  for (guint i = 0; i < sk_people_count (loader->policy->people); i++)
    {
      const SkPerson *person = sk_people_at (loader->policy->people, i);

      if (person->manager != NULL || ++without > 10)
        continue;
      sk_problems_add (loader->problems, TRUE, loader->people_file, person->line, 0,
                       "%s has no manager, whom the rule '%s' needs", person->address,
                       rule->id != NULL ? rule->id : "");
    }
  if (without > 10)
    sk_problems_add (loader->problems, TRUE, loader->people_file, 0, 0,
                     "%u people have no manager, whom the rule '%s' needs", without,
                     rule->id != NULL ? rule->id : "");
}

/* What only observes makes nobody wait. */
static void
take_needs (SkLoader *loader, const SkRule *rule)
{
  static const SkNeeds slow = SK_NEED_TLS | SK_NEED_INSPECTION;

  if (rule->monitor)
    {
      loader->policy->needs |= loader->needs & ~slow;
      loader->policy->monitor_needs |= loader->needs & slow;
    }
  else
    loader->policy->needs |= loader->needs;
  loader->policy->asked_detectors |= loader->detectors;
}

static void
read_rule (SkLoader *loader, const SkNode *node)
{
  SkRule *rule = g_new0 (SkRule, 1);

  rule->actions = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_action_free);
  rule->personal = loader->personal;
  rule->offline = loader->offline;
  rule->line = node->line;
  loader->needs = 0;
  loader->detectors = 0;
  loader->envelope_only = lets_through (node);
  loader->uses_manager_scope = loader->needs_managers = FALSE;
  sk_loader_read_mapping (loader, node, &sk_rule_table, rule);
  if (node->kind == SK_NODE_MAPPING && node->keys->len > 0)
    check_rule (loader, node, rule);
  if (loader->only != NULL && rule->id != NULL && !g_strv_contains (loader->only, rule->id))
    rule->disabled = TRUE;
  if (!rule->disabled && (loader->uses_manager_scope || loader->needs_managers))
    warn_of_managers (loader, rule);
  if (rule->disabled || rule->id == NULL)
    {
      g_ptr_array_add (loader->policy->resting, rule);
      return;
    }
  take_needs (loader, rule);
  arrange (rule->condition);
  arrange (rule->exception);
  g_ptr_array_add (loader->policy->rules, rule);
}

void
sk_rules_read (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (value->kind != SK_NODE_LIST || value->children->len == 0)
    {
      if (value->kind == SK_NODE_LIST || sk_node_is_empty (value))
        sk_loader_error (loader, value, "empty 'rules'");
      else
        sk_loader_error (loader, value, "'rules' must be a list");
      return;
    }
  for (guint i = 0; i < value->children->len; i++)
    read_rule (loader, value->children->pdata[i]);
}

void
sk_rules_add_offline (SkLoader *loader, const char *text)
{
  g_autoptr (GPtrArray) documents
      = sk_yaml_parse (text, strlen (text), "offline", loader->problems);

  loader->offline = TRUE;
  read_rule (loader, documents->pdata[0]);
  loader->offline = FALSE;
}

static gboolean
test_asks (const SkTest *test, const SkTestKind *kind)
{
  if (test == NULL || test->kind == kind)
    return test != NULL;
  for (guint i = 0; test->children != NULL && i < test->children->len; i++)
    if (test_asks (test->children->pdata[i], kind))
      return TRUE;
  return FALSE;
}

gboolean
sk_rule_asks (const SkRule *self, const SkTestKind *kind)
{
  return test_asks (self->condition, kind) || test_asks (self->exception, kind);
}
