// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-action.h"
#include "sk-because.h"
#include "sk-mismatch.h"
#include "sk-obstacle.h"
#include "sk-rule.h"

#include <string.h>

/* The answer to a refused mail: an English line for the client's program, ASCII, and the same for
 * people in Japanese. It names the rule; of a mismatch also who, which file and what failed. */

#define NAMED_FAILURES 10
#define NAMED_FILES 3

/* What a program shows is one line of printable ASCII. */
static char *
ascii_line (const char *text)
{
  GString *line = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (*p >= ' ' && *p <= '~')
        g_string_append_c (line, *p);
      else if ((guchar) *p < ' ')
        g_string_append_c (line, ' ');
      else
        g_string_append_c (line, '?');
    }
  return g_string_free (line, FALSE);
}

static char *
valid_text (const char *text)
{
  return g_utf8_make_valid (text, -1);
}

/* --- mismatches ----------------------------------------------------------------------------- */

typedef struct {
  GPtrArray *english, *japanese; /* char*, each different */
} Failures;

static gboolean
is_ascii (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (*p < ' ' || *p > '~')
      return FALSE;
  return TRUE;
}

static void
add_failure (Failures *self, const char *check, const char *recipient, json_t *args)
{
  const char *name = json_string_value (json_object_get (args, "attachment"));
  g_autofree char *english = NULL, *japanese = NULL;

  if (strcmp (check, "domain") == 0)
    {
      english = g_strdup_printf ("%s is not in the list %s", recipient,
                                 json_string_value (json_object_get (args, "list")));
      japanese = g_strdup_printf ("%s のドメインは登録されていません", recipient);
    }
  else if (strcmp (check, "body") == 0)
    {
      english = g_strdup_printf ("the body does not name the company of %s", recipient);
      japanese = g_strdup_printf ("本文に %s の会社名がありません", recipient);
    }
  else
    {
      int index = (int) json_integer_value (json_object_get (args, "index"));

      english = g_strdup_printf ("the name of attachment %d%s%s%s does not name the company of %s",
                                 index, is_ascii (name) ? " (" : "", is_ascii (name) ? name : "",
                                 is_ascii (name) ? ")" : "", recipient);
      japanese = g_strdup_printf ("添付ファイル「%s」の名前に %s の会社名がありません", name, recipient);
    }
  sk_strings_add (self->english, english);
  sk_strings_add (self->japanese, japanese);
}

/* Only the mismatch's own explanation is wanted. */
static void
collect (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, Failures *failures)
{
  SkReason reason = { 0 };
  json_t *failed, *check;
  gsize i;

  for (guint child = 0; test->children != NULL && child < test->children->len; child++)
    collect (test->children->pdata[child], evaluation, pair, failures);
  if (test->kind != &sk_mismatch_kind || sk_test_evaluate (test, evaluation, pair) != SK_YES)
    return;
  reason.text = g_string_new (NULL);
  test->kind->explain (test, evaluation, pair, &reason);
  failed = json_object_get (reason.args, "failed");
  json_array_foreach (failed, i, check)
    add_failure (failures, json_string_value (check), pair->party->address->text, reason.args);
  json_decref (reason.args);
  g_string_free (reason.text, TRUE);
}

static void
collect_all (const SkDecision *decision, const SkRule *rule, const SkRuleHit *hit,
             Failures *failures)
{
  SkEvaluation *evaluation = decision->evaluation;

  for (guint i = 0; i < hit->recipients->len && failures->english->len < NAMED_FAILURES; i++)
    for (guint file = 0; file < MAX (evaluation->file_count, 1); file++)
      {
        SkPair pair = { &evaluation->parties[g_array_index (hit->recipients, guint, i)],
                        file < evaluation->file_count ? &evaluation->files[file] : NULL };

        collect (rule->condition, evaluation, &pair, failures);
      }
}

static char *
join (GPtrArray *texts, const char *separator)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < texts->len && i < NAMED_FAILURES; i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? separator : "", (char *) texts->pdata[i]);
  return g_string_free (joined, FALSE);
}

static gboolean
is_selected (const SkRuleHit *hit, guint index)
{
  for (guint i = 0; i < hit->attachments->len; i++)
    if (g_array_index (hit->attachments, guint, i) == index)
      return TRUE;
  return FALSE;
}

/* --- what could not be inspected ------------------------------------------------------------- */

static void
add_unseen (Failures *self, const SkFile *file)
{
  const char *name = sk_file_name (file), *reason = NULL;
  g_autofree char *shown = is_ascii (name) ? g_strdup (name)
                                           : g_strdup_printf ("attachment %u", file->attachment->index);
  g_autofree char *english = NULL, *japanese = NULL;

  if (file->facts != NULL)
    reason = file->facts->reason;
  if (reason == NULL)
    reason = file->attachment->uninspected;
  english = g_strdup_printf ("%s could not be inspected%s%s", shown, reason != NULL ? ": " : "",
                             reason != NULL ? reason : "");
  japanese = g_strdup_printf ("「%s」の内容を確認できません（%s）", name,
                              sk_obstacle_in_japanese (reason));
  sk_strings_add (self->english, english);
  sk_strings_add (self->japanese, japanese);
}

/* A rule that applied because something was unknown says what nobody could look into. */
static void
collect_unseen (const SkDecision *decision, Failures *failures)
{
  const SkEvaluation *evaluation = decision->evaluation;

  for (guint i = 0; i < evaluation->file_count && failures->english->len < NAMED_FAILURES; i++)
    {
      const SkFile *file = &evaluation->files[i];

      if (file->attachment != NULL && !sk_file_is_readable (file)
          && (file->facts != NULL || file->attachment->uninspected != NULL))
        add_unseen (failures, file);
    }
}

/* --- the reply ------------------------------------------------------------------------------ */

/* Which attachments it was, when it was about them: " (a.txt, attachment 2)". */
static char *
name_files (const SkDecision *decision, gboolean in_english)
{
  const SkRuleHit *hit = decision->first_reject_hit;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;

  if (hit->unknown || !g_str_has_prefix (hit->because.code, "attachment."))
    return g_strdup ("");
  for (guint i = 0; i < decision->evaluation->file_count && names->len < NAMED_FILES; i++)
    {
      const SkFile *file = &decision->evaluation->files[i];
      const char *name = sk_file_name (file);

      if (file->attachment == NULL || !is_selected (hit, file->attachment->index))
        continue;
      g_ptr_array_add (names, !in_english || is_ascii (name)
                                  ? g_strdup (name)
                                  : g_strdup_printf ("attachment %u", file->attachment->index));
    }
  joined = join (names, in_english ? ", " : "、");
  return names->len == 0 ? g_strdup ("") : g_strdup_printf (in_english ? " (%s)" : "（%s）", joined);
}

/* Nothing held; it applied because of what is unknown. */
static gboolean
is_mere_doubt (const SkRuleHit *hit)
{
  return hit->unknown && json_object_get (hit->because.args, "unknown") != NULL;
}

/* The rule's own text, then what failed; without either, what the rule was about. */
static char *
write_japanese (const SkDecision *decision, const char *failures)
{
  const SkRule *rule = decision->first_reject->rule;
  const char *text = sk_action_refusal (decision->first_reject)->message.ja;
  const char *why = *failures != '\0' ? failures : NULL;
  g_autofree char *files = NULL;

  if (text == NULL)
    text = is_mere_doubt (decision->first_reject_hit) ? "検査できないため、送信できません" : rule->title.ja;
  if (text == NULL && why == NULL)
    why = sk_because_in_japanese (decision->first_reject_hit->because.code);
  if (text == NULL)
    text = "このメールは送信できません";
  files = name_files (decision, FALSE);
  return g_strdup_printf ("%s%s%s%s（規則 %s）", text, files, why != NULL ? "：" : "",
                          why != NULL ? why : "", rule->id);
}

static void
write_texts (SkVerdictReply *reply, const SkDecision *decision, const Failures *failures)
{
  const SkAction *action = decision->first_reject;
  const SkRule *rule = action->rule;
  const SkLocalized *message = &sk_action_refusal (action)->message;
  g_autofree char *english = join (failures->english, "; ");
  g_autofree char *japanese = join (failures->japanese, "、");
  const char *why = *english != '\0' ? english : decision->first_reject_hit->because.text;
  g_autofree char *files = name_files (decision, TRUE);
  g_autofree char *text = NULL, *text_ja = NULL;

  /* A text for people may be Japanese alone; then the reason says more to an ASCII line. */
  if (message->en != NULL && is_ascii (message->en))
    why = *english != '\0' ? english : NULL;
  else if (message->en == NULL && rule->title.en != NULL && is_ascii (rule->title.en)
           && *english == '\0')
    why = rule->title.en;
  if (message->en != NULL && is_ascii (message->en))
    text = g_strdup_printf ("Refused by rule %s: %s%s%s%s", rule->id, message->en, files,
                            why != NULL ? " - " : "", why != NULL ? why : "");
  else
    text = g_strdup_printf ("Refused by rule %s: %s%s", rule->id, why, files);
  text_ja = write_japanese (decision, japanese);
  reply->text = ascii_line (text);
  reply->text_ja = valid_text (text_ja);
}

void
sk_refusal_reply (SkDecision *decision)
{
  SkVerdict *verdict = decision->verdict;
  Failures failures;

  if (verdict->outcome != SK_OUTCOME_REJECT && verdict->refused_recipients->len == 0)
    return;
  verdict->reply.rule = g_strdup (decision->first_reject->rule->id);
  if (verdict->outcome == SK_OUTCOME_REJECT)
    {
      verdict->reply.code = verdict->silent ? 250 : 550;
      verdict->reply.enhanced = g_strdup (verdict->silent ? "2.0.0" : "5.7.1");
    }
  failures.english = g_ptr_array_new_with_free_func (g_free);
  failures.japanese = g_ptr_array_new_with_free_func (g_free);
  if (decision->first_reject->rule->condition != NULL
      && sk_rule_asks (decision->first_reject->rule, &sk_mismatch_kind))
    collect_all (decision, decision->first_reject->rule, decision->first_reject_hit, &failures);
  if (decision->first_reject_hit->unknown && !is_mere_doubt (decision->first_reject_hit))
    sk_strings_add (failures.english, decision->first_reject_hit->because.text);
  if (decision->first_reject_hit->unknown)
    collect_unseen (decision, &failures);
  write_texts (&verdict->reply, decision, &failures);
  if (verdict->silent)
    {
      g_free (verdict->reply.text);
      g_free (verdict->reply.text_ja);
      verdict->reply.text = g_strdup ("ok");
      verdict->reply.text_ja = g_strdup ("送信しました");
    }
  g_ptr_array_unref (failures.english);
  g_ptr_array_unref (failures.japanese);
}
