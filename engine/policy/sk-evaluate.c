// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-action.h"
#include "sk-evaluation.h"
#include "sk-rule.h"

#include <string.h>

/* Rules are asked in their order; what they do to recipients is collected, then combined into
 * deliveries. */

/* One rule being asked. */
typedef struct {
  SkDecision *decision;
  const SkRule *rule;
  guint subjects;
  gboolean only_permits;
  gboolean *files;   /* [file]: in a pair to which it applies */
  guint8 *answers;   /* [file]: of the tests, when they don't ask about recipients; SkTruth + 1 */
  SkRuleHit *hit;    /* NULL until it applies */
  SkPair because;    /* the pair that explains it: the surest so far */
  SkTruth because_truth;
} Question;

gboolean
sk_hit_has_rest (const SkDecision *decision, const SkRuleHit *hit)
{
  if (decision->refuses_all)
    return FALSE;
  for (guint i = 0; i < hit->recipients->len; i++)
    if (!decision->refused[g_array_index (hit->recipients, guint, i)])
      return TRUE;
  return FALSE;
}

void
sk_strings_add (GPtrArray *strings, const char *text)
{
  for (guint i = 0; i < strings->len; i++)
    if (strcmp (strings->pdata[i], text) == 0)
      return;
  g_ptr_array_add (strings, g_strdup (text));
}

static SkTruth
ask_tests (const Question *self, const SkPair *pair)
{
  SkEvaluation *evaluation = self->decision->evaluation;
  SkTruth truth = SK_YES;

  if (self->rule->condition != NULL)
    truth = sk_test_evaluate (self->rule->condition, evaluation, pair);
  if (truth != SK_NO && self->rule->exception != NULL)
    truth = MIN (truth, sk_truth_not (sk_test_evaluate (self->rule->exception, evaluation, pair)));
  if (truth == SK_UNKNOWN && (self->rule->skip_unknown || self->only_permits))
    return SK_NO;
  return truth;
}

/* An answer that doesn't hinge on the recipient (or the file) is asked for once. */
static SkTruth
ask_pair (Question *self, guint party, guint file)
{
  SkEvaluation *evaluation = self->decision->evaluation;
  SkPair pair = { &evaluation->parties[party],
                  file < evaluation->file_count ? &evaluation->files[file] : NULL };
  guint8 *answer = (self->subjects & SK_ON_RECIPIENT) == 0 ? &self->answers[file] : NULL;
  SkTruth truth;

  if (answer != NULL && *answer != 0)
    return (SkTruth) (*answer - 1);
  truth = ask_tests (self, &pair);
  if (answer != NULL)
    *answer = (guint8) (truth + 1);
  return truth;
}

static void
note_pair (Question *self, guint recipient, guint file, SkTruth truth)
{
  SkEvaluation *evaluation = self->decision->evaluation;

  if (self->hit == NULL)
    {
      self->hit = g_new0 (SkRuleHit, 1);
      self->hit->recipients = g_array_new (FALSE, FALSE, sizeof (guint));
      self->hit->attachments = g_array_new (FALSE, FALSE, sizeof (guint));
    }
  if (truth > self->because_truth)
    {
      self->because_truth = truth;
      self->because = (SkPair){ &evaluation->parties[recipient],
                                file < evaluation->file_count ? &evaluation->files[file] : NULL };
    }
  if (file < evaluation->file_count)
    self->files[file] = TRUE;
  if (truth == SK_UNKNOWN)
    self->hit->unknown = TRUE;
}

static void
act_on_pair (const Question *self, guint recipient, guint file, SkTruth truth)
{
  SkEvaluation *evaluation = self->decision->evaluation;

  if (self->rule->monitor || file >= evaluation->file_count)
    return;
  for (guint i = 0; i < self->rule->actions->len; i++)
    {
      const SkAction *action = self->rule->actions->pdata[i];

      if (action->kind->on_pair != NULL)
        action->kind->on_pair (action, self->decision, recipient, &evaluation->files[file],
                               truth == SK_YES);
    }
}

static void
act_on_recipient (const Question *self, guint recipient, SkTruth truth)
{
  if (self->rule->monitor)
    return;
  for (guint i = 0; i < self->rule->actions->len; i++)
    {
      const SkAction *action = self->rule->actions->pdata[i];

      if (truth != SK_YES && action->permits)
        continue;
      if (action->kind->on_recipient != NULL)
        action->kind->on_recipient (action, self->decision, recipient);
      if (action->kind->combine != NULL)
        {
          SkApplied applied = { recipient, action };

          g_array_append_val (self->decision->applied, applied);
        }
    }
}

/* All pairs of one recipient; without attachments there is one. */
static void
ask_recipient (Question *self, guint recipient)
{
  SkEvaluation *evaluation = self->decision->evaluation;
  gboolean once = (self->subjects & SK_ON_ATTACHMENT) == 0;
  SkTruth surest = SK_NO, truth = SK_NO;
  guint pairs = MAX (evaluation->file_count, 1);

  for (guint file = 0; file < pairs; file++)
    {
      if (file == 0 || !once)
        truth = ask_pair (self, recipient, file);
      if (truth == SK_NO && once)
        return;
      if (truth == SK_NO)
        continue;
      note_pair (self, recipient, file, truth);
      act_on_pair (self, recipient, file, truth);
      surest = MAX (surest, truth);
    }
  if (surest == SK_NO)
    return;
  g_array_append_val (self->hit->recipients, recipient);
  act_on_recipient (self, recipient, surest);
}

/* Those of the headers alone get no mail, but leave the headers with the others. */
static void
ask_headers (Question *self)
{
  SkEvaluation *evaluation = self->decision->evaluation;

  for (guint i = evaluation->recipient_count; i < evaluation->party_count; i++)
    for (guint file = 0; file < MAX (evaluation->file_count, 1); file++)
      if (ask_pair (self, i, file) != SK_NO)
        {
          g_array_append_val (self->decision->header_parties, i);
          break;
        }
}

static void
explain (Question *self)
{
  SkReason reason = { .text = g_string_new (NULL), .unknown = g_string_new (NULL) };
  SkBecause *because = &self->hit->because;

  if (self->rule->condition != NULL)
    sk_test_explain (self->rule->condition, self->decision->evaluation, &self->because, &reason);
  if (self->because_truth == SK_UNKNOWN && self->rule->exception != NULL)
    {
      reason.negations++;
      sk_test_explain (self->rule->exception, self->decision->evaluation, &self->because, &reason);
    }
  because->code = g_strdup (reason.code != NULL ? reason.code : "always");
  because->args = reason.args;
  if (reason.unknown->len > 0)
    {
      if (because->args == NULL)
        because->args = json_object ();
      json_object_set_new (because->args, "unknown", json_string (reason.unknown->str));
    }
  because->text = reason.text->len > 0
                      ? g_string_free (reason.text, FALSE)
                      : (g_string_free (reason.text, TRUE), g_strdup ("every mail"));
  g_string_free (reason.unknown, TRUE);
}

static void
finish_hit (Question *self)
{
  SkEvaluation *evaluation = self->decision->evaluation;
  SkRuleHit *hit = self->hit;

  hit->id = g_strdup (self->rule->id);
  hit->monitor = self->rule->monitor;
  hit->personal = self->rule->personal;
  hit->title_ja = g_strdup (self->rule->title.ja);
  hit->title_en = g_strdup (self->rule->title.en);
  for (guint i = 0; i < evaluation->file_count; i++)
    if (self->files[i] && evaluation->files[i].attachment != NULL)
      g_array_append_val (hit->attachments, evaluation->files[i].attachment->index);
  explain (self);
  g_ptr_array_add (self->decision->verdict->rules, hit);
}

static gboolean
only_permits (const SkRule *rule)
{
  for (guint i = 0; i < rule->actions->len; i++)
    if (!((const SkAction *) rule->actions->pdata[i])->permits)
      return FALSE;
  return TRUE;
}

static gboolean
has_action (const SkRule *rule, const SkActionKind *kind)
{
  for (guint i = 0; i < rule->actions->len; i++)
    if (((const SkAction *) rule->actions->pdata[i])->kind == kind)
      return TRUE;
  return FALSE;
}

static gboolean
is_active (const SkRule *rule, const SkEvaluation *evaluation)
{
  if (rule->offline && evaluation->submission->unheard < evaluation->policy->offline_after)
    return FALSE;
  return (rule->active_from == 0 || evaluation->day >= rule->active_from)
         && (rule->active_until == 0 || evaluation->day <= rule->active_until);
}

static guint
subjects_of (const SkRule *rule)
{
  return (rule->condition != NULL ? rule->condition->subjects : 0)
         | (rule->exception != NULL ? rule->exception->subjects : 0);
}

/* What is asked of the whole mail stands first, and often settles it. */
static gboolean
is_ruled_out (const SkRule *rule, SkEvaluation *evaluation)
{
  static const SkPair nobody = { NULL, NULL };
  GPtrArray *tests = rule->condition != NULL ? rule->condition->children : NULL;

  for (guint i = 0; tests != NULL && i < tests->len; i++)
    {
      const SkTest *test = tests->pdata[i];

      if (test->subjects != 0)
        return FALSE;
      if (sk_test_evaluate (test, evaluation, &nobody) == SK_NO)
        return TRUE;
    }
  return FALSE;
}

/* Answers of an earlier rule don't hold for this one. */
static void
ask_rule (SkDecision *decision, const SkRule *rule, gboolean *files, guint8 *answers)
{
  SkEvaluation *evaluation = decision->evaluation;
  guint slots = MAX (evaluation->file_count, 1);
  Question question = { .decision = decision, .rule = rule, .subjects = subjects_of (rule),
                        .only_permits = only_permits (rule), .files = files, .answers = answers };

  if (!is_active (rule, evaluation) || is_ruled_out (rule, evaluation))
    return;
  memset (answers, 0, slots);
  for (guint i = 0; i < evaluation->recipient_count; i++)
    if (!decision->allowed[i] || rule->personal)
      ask_recipient (&question, i);
  if (question.hit == NULL)
    return;
  if (!rule->monitor && has_action (rule, &sk_bcc_kind))
    ask_headers (&question);
  finish_hit (&question);
  memset (files, 0, slots * sizeof *files);
}

/* The rules of the hits, in their order. */
static void
ask_rules (SkDecision *decision, GPtrArray *applied)
{
  const SkPolicy *policy = decision->evaluation->policy;
  g_autofree guint64 *candidates = sk_triggers_find (policy->triggers, decision->evaluation);
  guint slots = MAX (decision->evaluation->file_count, 1);
  g_autofree gboolean *files = g_new0 (gboolean, slots);
  g_autofree guint8 *answers = g_new0 (guint8, slots);

  for (guint word = 0; word < SK_BITS_WORDS (policy->rules->len); word++)
    for (guint64 left = candidates[word]; left != 0; left &= left - 1)
      {
        const SkRule *rule = policy->rules->pdata[word * 64 + (guint) __builtin_ctzll (left)];
        guint before = decision->verdict->rules->len;

        ask_rule (decision, rule, files, answers);
        if (decision->verdict->rules->len > before)
          g_ptr_array_add (applied, (gpointer) rule);
      }
}

typedef void (*ActionFunc) (const SkAction *action, SkDecision *decision, const SkRuleHit *hit);

static void
for_each_action (SkDecision *decision, GPtrArray *applied, gsize function)
{
  for (guint i = 0; i < applied->len; i++)
    {
      const SkRule *rule = applied->pdata[i];

      for (guint j = 0; j < rule->actions->len && !rule->monitor; j++)
        {
          const SkAction *action = rule->actions->pdata[j];
          ActionFunc call = G_STRUCT_MEMBER (ActionFunc, action->kind, function);

          if (call != NULL)
            call (action, decision, decision->verdict->rules->pdata[i]);
        }
    }
}

/* Equal values in one place count once. */
static gboolean
is_new_value (GHashTable *values, const char *place, const SkFinding *finding)
{
  return finding->value == NULL
         || g_hash_table_add (values, g_strconcat (finding->kind, " ", place, " ", finding->value, NULL));
}

static void
count_findings (SkDecision *decision)
{
  const SkInspection *inspection = decision->evaluation->submission->inspection;
  g_autoptr (GHashTable) totals = NULL, values = NULL;

  if (inspection == NULL)
    return;
  totals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < inspection->findings->len; i++)
    {
      const SkFinding *finding = inspection->findings->pdata[i];
      g_autofree char *place = sk_finding_place (finding);
      g_autofree char *key = g_strconcat (finding->kind, " ", place, NULL);
      json_t *total = g_hash_table_lookup (totals, key);

      if (!is_new_value (values, place, finding))
        continue;
      if (total == NULL)
        {
          total = json_pack ("{s:s,s:s,s:i}", "kind", finding->kind, "in", place, "count", 0);
          g_ptr_array_add (decision->verdict->findings, total);
          g_hash_table_insert (totals, g_steal_pointer (&key), total);
        }
      json_object_set_new (total, "count",
                           json_integer (json_integer_value (json_object_get (total, "count"))
                                         + MAX (finding->count, 1)));
    }
}

static void
name_policy (SkVerdict *verdict, const SkPolicy *policy)
{
  verdict->policy_revision = policy->revision;
  verdict->policy_sha256 = g_strdup (policy->sha256);
}

SkVerdict *
sk_policy_evaluate (const SkPolicy *self, const SkSubmission *submission)
{
  SkEvaluation evaluation;
  SkDecision decision = { .evaluation = &evaluation, .verdict = sk_verdict_new () };
  g_autoptr (GPtrArray) applied = g_ptr_array_new ();

  name_policy (decision.verdict, self);
  sk_evaluation_init (&evaluation, self, submission);
  decision.allowed = g_new0 (gboolean, evaluation.recipient_count + 1);
  decision.refused = g_new0 (gboolean, evaluation.recipient_count + 1);
  decision.unseen = g_new0 (gboolean, evaluation.recipient_count + 1);
  decision.applied = g_array_new (FALSE, FALSE, sizeof (SkApplied));
  decision.header_parties = g_array_new (FALSE, FALSE, sizeof (guint));
  ask_rules (&decision, applied);
  for_each_action (&decision, applied, G_STRUCT_OFFSET (SkActionKind, refuse));
  if (!decision.refuses_all)
    for_each_action (&decision, applied, G_STRUCT_OFFSET (SkActionKind, gather));
  sk_combine (&decision);
  sk_refusal_reply (&decision);
  count_findings (&decision);
  g_free (decision.allowed);
  g_free (decision.refused);
  g_free (decision.unseen);
  g_free (decision.treatments);
  g_array_unref (decision.applied);
  g_array_unref (decision.header_parties);
  sk_evaluation_clear (&evaluation);
  return decision.verdict;
}
