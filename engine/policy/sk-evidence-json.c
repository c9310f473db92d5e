// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-compiled.h"
#include "sk-conditions.h"
#include "sk-evidence.h"
#include "sk-policy.h"
#include "sk-regex.h"
#include "sk-search-hits.h"

#include <string.h>

enum { EVIDENCE_MOST = 100, ONE_KIND_MOST = 20 };

static gboolean
asks_for (const SkRule *rule, const char *kind)
{
  g_auto (GStrv) names = sk_search_detector_names (rule->detectors);

  return g_strv_contains ((const char *const *) names, kind);
}

static json_t *
rules_json (const SkVerdict *self, const SkPolicy *policy, const char *kind)
{
  json_t *array = json_array ();

  for (guint i = 0; i < self->rules->len; i++)
    {
      const SkRuleHit *hit = self->rules->pdata[i];

      for (guint j = 0; j < policy->rules->len; j++)
        {
          const SkRule *rule = policy->rules->pdata[j];

          if (strcmp (rule->id, hit->id) == 0 && asks_for (rule, kind))
            json_array_append_new (array, json_string (rule->id));
        }
    }
  return array;
}

static json_t *
place_json (const SkEvidence *evidence)
{
  static const char *const labels[] = { [SK_SECTION_SHEET] = "sheet", [SK_SECTION_NOTE] = "note" };
  static const char *const numbers[] = { [SK_SECTION_PAGE] = "page", [SK_SECTION_SLIDE] = "slide" };
  const SkSection *section = evidence->section;
  json_t *place = json_pack ("{s:i}", "line", (int) evidence->line);

  if (*evidence->cell != '\0')
    json_object_set_new (place, "cell", json_string (evidence->cell));
  if (section == NULL)
    return place;
  if (section->member != NULL)
    json_object_set_new (place, "member", json_string (section->member));
  if (section->label != NULL && section->kind < G_N_ELEMENTS (labels) && labels[section->kind] != NULL)
    json_object_set_new (place, labels[section->kind], json_string (section->label));
  if (section->kind < G_N_ELEMENTS (numbers) && numbers[section->kind] != NULL)
    json_object_set_new (place, numbers[section->kind], json_integer (section->number));
  return place;
}

static json_t *
evidence_json (const SkFinding *finding, const SkSubmission *submission, json_t *rules)
{
  g_autoptr (SkEvidence) evidence
      = sk_evidence_new (finding, submission->message, submission->inspection);
  g_autofree char *place = sk_finding_place (finding);

  return json_pack ("{s:s,s:s,s:O,s:o,s:s,s:s,s:s}", "kind", finding->kind, "in", place, "rules", rules,
                    "place", place_json (evidence), "before", evidence->before, "hit", evidence->hit,
                    "after", evidence->after);
}

/* What stands for others that are not told one by one has no place of its own. */
static gboolean
has_place (const SkFinding *finding)
{
  return finding->length > 0;
}

/* A few of each kind: those that come first. */
static void
add_kind (json_t *array, const SkVerdict *self, const SkPolicy *policy, const SkSubmission *submission,
          const char *kind)
{
  const GPtrArray *findings = submission->inspection->findings;
  json_t *rules = rules_json (self, policy, kind);
  guint told = 0;

  for (guint i = 0; i < findings->len && told < ONE_KIND_MOST && json_array_size (array) < EVIDENCE_MOST; i++)
    {
      const SkFinding *finding = findings->pdata[i];

      if (strcmp (finding->kind, kind) != 0 || !has_place (finding))
        continue;
      json_array_append_new (array, evidence_json (finding, submission, rules));
      told++;
    }
  json_decref (rules);
}

static void
add_kinds (json_t *array, const SkVerdict *self, const SkPolicy *policy, const SkSubmission *submission)
{
  if (submission->inspection == NULL || submission->inspection->findings->len == 0)
    return;
  for (char **kind = policy->detectors; *kind != NULL; kind++)
    add_kind (array, self, policy, submission, *kind);
}

/* --- words and regular expressions -------------------------------------------------------------- */

/* The same place found by another rule. */
static json_t *
find_again (GHashTable *known, const SkFinding *finding, char **key)
{
  g_autofree char *place = sk_finding_place (finding);

  *key = g_strdup_printf ("%s %s %u %" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT, finding->kind, place,
                          finding->text, finding->start, finding->length);
  return g_hash_table_lookup (known, *key);
}

static void
add_hit (json_t *array, GHashTable *known, const SkFinding *finding, const SkSubmission *submission,
         const char *rule)
{
  g_autofree char *key = NULL;
  json_t *found = find_again (known, finding, &key), *rules;

  if (found != NULL)
    {
      json_array_append_new (json_object_get (found, "rules"), json_string (rule));
      return;
    }
  if (json_array_size (array) >= EVIDENCE_MOST)
    return;
  rules = json_pack ("[s]", rule);
  found = evidence_json (finding, submission, rules);
  json_decref (rules);
  json_array_append_new (array, found);
  g_hash_table_insert (known, g_steal_pointer (&key), found);
}

static const SkRule *
rule_of (const SkPolicy *policy, const SkRuleHit *hit)
{
  for (guint i = 0; i < policy->rules->len; i++)
    if (strcmp (((const SkRule *) policy->rules->pdata[i])->id, hit->id) == 0)
      return policy->rules->pdata[i];
  return NULL;
}

static void
add_hits (json_t *array, const SkVerdict *self, const SkPolicy *policy, const SkSubmission *submission)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 effort = SK_REGEX_EFFORT / 16;

  for (guint i = 0; i < self->rules->len && json_array_size (array) < EVIDENCE_MOST; i++)
    {
      const SkRuleHit *hit = self->rules->pdata[i];
      const SkRule *rule = rule_of (policy, hit);
      g_autoptr (GPtrArray) hits = NULL;

      if (rule == NULL)
        continue;
      hits = sk_search_hits (policy, rule, hit, submission, ONE_KIND_MOST, &effort);
      for (guint j = 0; j < hits->len; j++)
        add_hit (array, known, hits->pdata[j], submission, rule->id);
    }
}

json_t *
sk_policy_evidence_json (const SkPolicy *policy, const SkVerdict *self, const SkSubmission *submission)
{
  json_t *array = json_array ();

  add_kinds (array, self, policy, submission);
  add_hits (array, self, policy, submission);
  if (json_array_size (array) > 0)
    return array;
  json_decref (array);
  return NULL;
}
