// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-action.h"
#include "sk-conditions.h"
#include "sk-error.h"
#include "sk-evaluation.h"
#include "sk-file.h"
#include "sk-folder.h"
#include "sk-lists.h"
#include "sk-loader.h"
#include "sk-policy.h"
#include "sk-rule.h"
#include "sk-suggest.h"
#include "sk-templates.h"

#include <string.h>

#define POLICY_LIMIT ((gsize) 64 << 20)
#define DEFAULT_HOLD_EXPIRY 86400

/* --- organization --------------------------------------------------------------------------- */

static void
organization_name (SkLoader *loader, const SkNode *value, gpointer into)
{
  const char *text = sk_loader_text (loader, value);

  g_free (loader->policy->organization);
  loader->policy->organization = g_strdup (text);
}

static void
remember_own (SkLoader *loader, const SkNode *value)
{
  g_autoptr (GPtrArray) items
      = value->kind == SK_NODE_MAPPING ? NULL : sk_loader_items (loader, value, "domains");

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const char *text = ((const SkNode *) items->pdata[i])->text;
      char *key = sk_domain_key (*text == '=' ? text + 1 : text);

      if (key != NULL)
        g_ptr_array_add (loader->policy->own_domains, key);
    }
}

static void
organization_domains (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_members_read (loader, value, "domains", SK_MEMBER_DOMAIN, loader->policy->internal_set);
  remember_own (loader, value);
}

static void
organization_affiliates (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_members_read (loader, value, "affiliates", SK_MEMBER_DOMAIN, loader->policy->affiliate_set);
  remember_own (loader, value);
}

static void
organization_timezone (SkLoader *loader, const SkNode *value, gpointer into)
{
  const char *text = sk_loader_text (loader, value);
  g_autoptr (GTimeZone) zone = text != NULL ? g_time_zone_new_identifier (text) : NULL;

  if (text == NULL)
    return;
  if (zone == NULL)
    {
      sk_loader_error (loader, value, "unknown time zone '%s': write it like Asia/Tokyo", text);
      return;
    }
  g_time_zone_unref (loader->policy->timezone);
  loader->policy->timezone = g_steal_pointer (&zone);
  g_free (loader->policy->timezone_name);
  loader->policy->timezone_name = g_strdup (text);
}

static void
hours_days (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL };
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "days");

  loader->policy->hours.days = 0;
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      int day = sk_loader_word (loader, items->pdata[i], "day", words);

      if (day >= 0)
        loader->policy->hours.days |= 1U << day;
    }
}

static void
hours_between (SkLoader *loader, const SkNode *value, gpointer into)
{
  const char *text = sk_loader_text (loader, value);
  g_autoptr (GError) error = NULL;

  if (text != NULL && !sk_time_span_parse (text, &loader->policy->hours.between, &error))
    sk_loader_error (loader, value, "%s", error->message);
}

static void
hours_holidays (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_holidays (loader, value, &loader->policy->hours);
}

static const SkField hours_fields[] = {
  { "days", hours_days },
  { "between", hours_between },
  { "holidays", hours_holidays },
  { NULL },
};
static const SkFieldTable hours_table = { "hours", hours_fields };

static void
organization_hours (SkLoader *loader, const SkNode *value, gpointer into)
{
  loader->policy->has_hours = TRUE;
  sk_loader_read_mapping (loader, value, &hours_table, NULL);
}

static const SkField organization_fields[] = {
  { "name", organization_name },
  { "domains", organization_domains },
  { "affiliates", organization_affiliates },
  { "timezone", organization_timezone },
  { "hours", organization_hours },
  { NULL },
};
static const SkFieldTable organization_table = { "organization", organization_fields };

static void
read_organization (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (sk_loader_read_mapping (loader, value, &organization_table, NULL)
      && sk_node_get (value, "domains") == NULL)
    sk_loader_error (loader, value, "'organization' needs 'domains': what is internal");
}

/* --- defaults, offline, phrases ------------------------------------------------------------- */

static void
default_hold_expiry (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkWait *wait = &loader->policy->hold_expiry;

  sk_loader_duration (loader, value, &wait->seconds, &wait->business);
}

static void
default_reject (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkRefusal refusal = { 0 };

  sk_refusal_read (loader, value, &refusal);
  sk_refusal_clear (&loader->policy->refusal);
  loader->policy->refusal = refusal;
}

static const SkField defaults_fields[] = {
  { "hold-expiry", default_hold_expiry },
  { "reject", default_reject },
  { NULL },
};
static const SkFieldTable defaults_table = { "defaults", defaults_fields };

static void
read_defaults (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_read_mapping (loader, value, &defaults_table, NULL);
}

static void
offline_after (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_duration (loader, value, &loader->policy->offline_after, NULL);
}

static void
offline_then (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[]
      = { "continue", "confirm-external", "hold-external", NULL };
  int word = sk_loader_word (loader, value, "word", words);

  if (word < 0)
    return;
  g_free (loader->policy->offline_then);
  loader->policy->offline_then = g_strdup (words[word]);
}

static const SkField offline_fields[]
    = { { "after", offline_after }, { "then", offline_then }, { NULL } };
static const SkFieldTable offline_table = { "offline", offline_fields };

static void
read_offline (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (sk_loader_read_mapping (loader, value, &offline_table, NULL)
      && (sk_node_get (value, "after") == NULL || sk_node_get (value, "then") == NULL))
    sk_loader_error (loader, value, "'offline' needs 'after' and 'then'");
}

static void
read_phrases_of (SkLoader *loader, const SkNode *value, const char *language, GPtrArray *into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, language);

  for (guint i = 0; items != NULL && i < items->len; i++)
    g_ptr_array_add (into, g_strdup (((const SkNode *) items->pdata[i])->text));
}

static void
phrases_ja (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_phrases_of (loader, value, "ja", loader->policy->phrases_ja);
}

static void
phrases_en (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_phrases_of (loader, value, "en", loader->policy->phrases_en);
}

static const SkField phrases_fields[]
    = { { "ja", phrases_ja }, { "en", phrases_en }, { NULL } };
static const SkFieldTable phrases_table = { "phrases", phrases_fields };

static void
read_phrases (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_read_mapping (loader, value, &phrases_table, NULL);
}

/* --- the whole ------------------------------------------------------------------------------ */

static void
read_version (SkLoader *loader, const SkNode *value, gpointer into)
{
  const char *text = sk_loader_text (loader, value);

  if (text != NULL && strcmp (text, "1") != 0)
    sk_loader_error (loader, value, "version '%s' of the language is unknown: this program reads 1",
                     text);
}

static void
load_people (SkLoader *loader, const SkNode *at, const char *name)
{
  gsize length;
  g_autofree char *text = sk_loader_read_file (loader, at, name, &length);

  if (text == NULL)
    return;
  sk_people_free (loader->policy->people);
  loader->policy->people = sk_people_parse (text, length, name, loader->problems);
}

static void
read_people (SkLoader *loader, const SkNode *value, gpointer into)
{
  const char *name = sk_loader_text (loader, value);

  if (name == NULL)
    return;
  loader->people_file = name;
  load_people (loader, value, name);
}

/* In this order they are read, whatever the order in the file: people before the addresses that may
 * be theirs, lists before the rules that name them. */
static const SkField policy_fields[] = {
  { "sekisho", read_version },
  { "organization", read_organization },
  { "people", read_people },
  { "lists", sk_lists_read },
  { "groups", sk_groups_read },
  { "defaults", read_defaults },
  { "offline", read_offline },
  { "phrases", read_phrases },
  { "rules", sk_rules_read },
  { NULL },
};
static const SkFieldTable policy_table = { "policy", policy_fields };

static const SkField personal_fields[] = {
  { "sekisho", read_version },
  { "lists", sk_lists_read },
  { "groups", sk_groups_read },
  { "rules", sk_rules_read },
  { NULL },
};
static const SkFieldTable personal_table = { "personal", personal_fields };

extern const SkFieldTable sk_localized_table;

const SkFieldTable *const sk_language_tables[] = {
  &policy_table, &personal_table, &organization_table, &hours_table, &sk_list_table,
  &defaults_table, &offline_table, &phrases_table, &sk_localized_table, &sk_rule_table,
  &sk_active_table, &sk_block_table, &sk_from_table, &sk_to_table, &sk_mismatch_table,
  &sk_recipients_table, &sk_attachment_table, &sk_extension_table, &sk_attachments_table,
  &sk_content_table, &sk_word_list_table, &sk_time_table, &sk_message_table, &sk_then_table,
  &sk_reject_table, &sk_approve_table, &sk_hold_table, &sk_confirm_table, &sk_protect_table,
  &sk_password_table, &sk_notice_table, &sk_add_table, &sk_insert_table, &sk_stamp_table, NULL,
};

/* Complains of unknown keys in the order of the file, then reads in the order of the table. */
static void
read_top (SkLoader *loader, const SkNode *node, const SkFieldTable *table)
{
  static const SkField nothing[] = { { NULL } };

  if (node->kind != SK_NODE_MAPPING || node->keys->len == 0)
    {
      SkFieldTable empty = { table->name, nothing };

      sk_loader_read_mapping (loader, node, &empty, NULL);
      return;
    }
  sk_loader_check_keys (loader, node, table);
  for (const SkField *field = table->fields; field->key != NULL; field++)
    {
      const SkNode *value = sk_node_get (node, field->key);

      if (value != NULL)
        field->read (loader, value, NULL);
    }
}

static void
require (SkLoader *loader, const SkNode *node, const char *key, const char *remedy)
{
  if (node->kind == SK_NODE_MAPPING && sk_node_get (node, key) == NULL)
    sk_loader_error (loader, node, "'%s' is missing: %s", key, remedy);
}

/* NULL when the file can't be read or holds no one document. */
static GPtrArray *
read_document (SkLoader *loader, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) documents = NULL;
  gsize length;
  g_autofree char *text = sk_file_read (path, POLICY_LIMIT, &length, &error);
  guint errors = loader->problems->errors;

  if (text == NULL)
    {
      sk_problems_add (loader->problems, FALSE, loader->file, 0, 0, "%s", error->message);
      return NULL;
    }
  documents = sk_yaml_parse (text, length, loader->file, loader->problems);
  if (documents->len == 0 && loader->problems->errors == errors)
    sk_problems_add (loader->problems, FALSE, loader->file, 0, 0, "the file is empty");
  if (documents->len > 1)
    sk_loader_error (loader, documents->pdata[1], "one document is allowed here, not several");
  return documents->len > 0 ? g_steal_pointer (&documents) : NULL;
}

static void
load_organization (SkLoader *loader, const SkNode *node)
{
  g_autofree char *people = g_build_filename (loader->folder, "people.csv", NULL);

  require (loader, node, "sekisho", "the file begins with 'sekisho: 1'");
  require (loader, node, "organization", "it names the internal domains");
  if (sk_node_get (node, "people") == NULL && g_file_test (people, G_FILE_TEST_EXISTS))
    load_people (loader, node, loader->people_file);
  read_top (loader, node, &policy_table);
}

/* The user's own rules come after the organisation's, and see its lists as well. */
static GPtrArray *
load_personal (SkLoader *loader, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  SkLoader inner = *loader;
  GPtrArray *documents;

  inner.file = "personal.yaml";
  inner.folder = folder;
  inner.personal = TRUE;
  inner.outer = loader->names;
  inner.only = NULL;
  inner.names = g_hash_table_new (g_str_hash, g_str_equal);
  inner.rule_ids = g_hash_table_new (g_str_hash, g_str_equal);
  documents = read_document (&inner, path);
  if (documents != NULL)
    read_top (&inner, documents->pdata[0], &personal_table);
  g_hash_table_unref (inner.names);
  g_hash_table_unref (inner.rule_ids);
  return documents;
}

/* What happens after too long a silence is a rule like others. */
static void
add_offline_rule (SkLoader *loader)
{
  const char *then = loader->policy->offline_then;

  if (loader->policy->offline_after == 0 || then == NULL)
    return;
  if (strcmp (then, "confirm-external") == 0)
    sk_rules_add_offline (loader,
                          "{id: policy-offline, if: {to: external}, then: {confirm: true}}");
  else if (strcmp (then, "hold-external") == 0)
    sk_rules_add_offline (loader, "{id: policy-offline, if: {to: external}, then: {hold: true}}");
}

static SkPolicy *
policy_new (void)
{
  SkPolicy *self = g_new0 (SkPolicy, 1);

  g_atomic_ref_count_init (&self->references);
  self->timezone_name = g_strdup ("Asia/Tokyo");
  self->timezone = g_time_zone_new_identifier (self->timezone_name);
  if (self->timezone == NULL)
    self->timezone = g_time_zone_new_offset (9 * 3600);
  self->hours.days = 0x1f;
  self->hours.between = (SkTimeSpan){ 9 * 60, 18 * 60 };
  self->people = sk_people_new ();
  self->sets = sk_sets_new ();
  self->set_scopes = g_array_new (FALSE, FALSE, sizeof (guint));
  self->own_domains = g_ptr_array_new_with_free_func (g_free);
  self->internal_set = sk_members_new (self);
  self->affiliate_set = sk_members_new (self);
  self->files_set = sk_members_new (self);
  self->stranger_set = sk_members_new (self);
  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_list_free);
  self->treatments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                            (GDestroyNotify) sk_treatment_free);
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_rule_free);
  self->resting = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_rule_free);
  self->refusal.notify = self->refusal.recipients = -1;
  self->hold_expiry.seconds = DEFAULT_HOLD_EXPIRY;
  self->phrases_ja = g_ptr_array_new_with_free_func (g_free);
  self->phrases_en = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
load_all (SkLoader *loader, const char *personal)
{
  SkPolicy *policy = loader->policy;
  g_autofree char *path = g_build_filename (loader->folder, "policy.yaml", NULL);
  g_autoptr (GPtrArray) documents = NULL;
  g_autoptr (GPtrArray) personal_documents = NULL;

  policy->templates = sk_templates_load (loader->folder, loader->problems);
  documents = read_document (loader, path);
  if (documents != NULL)
    load_organization (loader, documents->pdata[0]);
  add_offline_rule (loader);
  if (personal != NULL)
    personal_documents = load_personal (loader, personal);
  policy->words = sk_words_builder_finish (g_steal_pointer (&loader->words));
  policy->detectors = sk_search_detector_names (policy->asked_detectors);
  policy->hours.timezone = policy->timezone;
  if (policy->asks_lookalike)
    policy->lookalikes = sk_lists_lookalikes (policy);
  sk_lists_finish (policy);
  policy->triggers = sk_triggers_new (policy);
  policy->sha256 = sk_folder_sha256 (loader->folder, loader->problems);
}

static SkPolicy *
give_problems (SkPolicy *policy, SkProblems *problems, GPtrArray *into, GError **error)
{
  const SkProblem *first = NULL;
  guint errors = problems->errors;

  sk_problems_sort (problems);
  sk_problems_close (problems, "policy.yaml");
  for (guint i = 0; i < problems->items->len && first == NULL; i++)
    if (!((const SkProblem *) problems->items->pdata[i])->warning)
      first = problems->items->pdata[i];
  if (errors > 0)
    {
      g_autofree char *text = first != NULL ? sk_problem_to_string (first) : NULL;

      if (errors == 1)
        g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "%s", text);
      else
        g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "%s (and %u more errors)", text,
                     errors - 1);
      sk_policy_unref (policy);
      policy = NULL;
    }
  if (into != NULL)
    g_ptr_array_extend_and_steal (into, g_steal_pointer (&problems->items));
  return policy;
}

static void
check_only (SkLoader *loader)
{
  g_autofree char **ids = (char **) g_hash_table_get_keys_as_array (loader->rule_ids, NULL);

  for (const char *const *id = loader->only; id != NULL && *id != NULL; id++)
    if (!g_hash_table_contains (loader->rule_ids, *id))
      {
        const char *near = sk_suggest (*id, (const char *const *) ids);

        sk_problems_add (loader->problems, FALSE, loader->file, 0, 0, "there is no rule '%s'%s%s%s", *id,
                         near != NULL ? " (did you mean '" : "", near != NULL ? near : "",
                         near != NULL ? "'?)" : "");
      }
}

SkPolicy *
sk_policy_load (const char *folder, const char *personal, GPtrArray *problems, GError **error)
{
  return sk_policy_load_only (folder, personal, NULL, problems, error);
}

SkPolicy *
sk_policy_load_only (const char *folder, const char *personal, const char *const *only, GPtrArray *problems,
                     GError **error)
{
  g_auto (SkProblems) found = { 0 };
  SkLoader loader = { .policy = policy_new (), .problems = &found, .folder = folder,
                      .file = "policy.yaml", .people_file = "people.csv", .only = only };

  sk_problems_init (&found);
  loader.names = g_hash_table_new (g_str_hash, g_str_equal);
  loader.rule_ids = g_hash_table_new (g_str_hash, g_str_equal);
  loader.words = sk_words_builder_new ();
  load_all (&loader, personal);
  check_only (&loader);
  g_hash_table_unref (loader.names);
  g_hash_table_unref (loader.rule_ids);
  return give_problems (loader.policy, &found, problems, error);
}
