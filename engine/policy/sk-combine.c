// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-action.h"

#include <string.h>

/* From what happens to each recipient to deliveries: recipients to whom the same actions and
 * treatments apply are one group; groups that come out with the same result are one delivery. */
typedef struct {
  SkDecision *decision;
  GHashTable *groups;  /* GBytes → SkVerdictDelivery* */
  GHashTable *results; /* char* → SkVerdictDelivery* */
  guint *starts;       /* [recipient]: where their actions begin in `sorted` */
  const SkAction **sorted;
} Combination;

static const SkTreatment *
treatment_at (const SkDecision *decision, guint recipient, guint file)
{
  return decision->treatments == NULL
             ? NULL
             : decision->treatments[(gsize) recipient * decision->evaluation->file_count + file];
}

/* A counting sort by recipient; the order of the rules stays. */
static void
sort_actions (Combination *self)
{
  const SkDecision *decision = self->decision;
  guint n = decision->evaluation->recipient_count;
  g_autofree guint *next = NULL;

  self->starts = g_new0 (guint, n + 2);
  self->sorted = g_new0 (const SkAction *, (gsize) decision->applied->len + 1);
  for (guint i = 0; i < decision->applied->len; i++)
    self->starts[g_array_index (decision->applied, SkApplied, i).recipient + 1]++;
  for (guint i = 0; i < n; i++)
    self->starts[i + 1] += self->starts[i];
  next = g_memdup2 (self->starts, (n + 1) * sizeof (guint));
  for (guint i = 0; i < decision->applied->len; i++)
    {
      const SkApplied *applied = &g_array_index (decision->applied, SkApplied, i);

      self->sorted[next[applied->recipient]++] = applied->action;
    }
}

/* --- groups --------------------------------------------------------------------------------- */

static gboolean
needs_own_delivery (const SkDecision *decision, guint recipient)
{
  for (guint file = 0; file < decision->evaluation->file_count; file++)
    {
      const SkTreatment *treatment = treatment_at (decision, recipient, file);

      if (treatment != NULL && treatment->per_recipient)
        return TRUE;
    }
  return FALSE;
}

static GBytes *
group_key (const Combination *self, guint recipient)
{
  const SkDecision *decision = self->decision;
  guint files = decision->evaluation->file_count;
  GByteArray *key = g_byte_array_new ();
  guint alone = needs_own_delivery (decision, recipient) ? recipient + 1 : 0;
  guint8 unseen = decision->unseen[recipient] ? 1 : 0;

  g_byte_array_append (key, (const guint8 *) &alone, sizeof alone);
  g_byte_array_append (key, &unseen, 1);
  if (decision->treatments != NULL && files > 0)
    g_byte_array_append (key, (const guint8 *) (decision->treatments + (gsize) recipient * files),
                         (guint) (files * sizeof (gpointer)));
  g_byte_array_append (key, (const guint8 *) (self->sorted + self->starts[recipient]),
                       (guint) ((self->starts[recipient + 1] - self->starts[recipient])
                                * sizeof (gpointer)));
  return g_byte_array_free_to_bytes (key);
}

static void
add_protections (const Combination *self, guint recipient, SkVerdictDelivery *delivery)
{
  const SkEvaluation *evaluation = self->decision->evaluation;

  for (guint file = 0; file < evaluation->file_count; file++)
    {
      const SkTreatment *treatment = treatment_at (self->decision, recipient, file);
      SkProtection *protection;

      if (treatment == NULL || strcmp (treatment->as, "none") == 0
          || evaluation->files[file].attachment == NULL)
        continue;
      protection = g_new0 (SkProtection, 1);
      protection->attachment = evaluation->files[file].attachment->index;
      protection->as = g_strdup (treatment->as);
      protection->details = json_incref (treatment->details);
      protection->password = g_strdup (treatment->password);
      protection->random_length = treatment->random;
      protection->code = treatment->code;
      g_ptr_array_add (delivery->protections, protection);
    }
}

/* --- the result of a group ------------------------------------------------------------------ */

static void
drop_insertions (SkVerdictDelivery *delivery)
{
  for (guint i = delivery->insertions->len; i > 0; i--)
    if (((const SkInsertion *) delivery->insertions->pdata[i - 1])->send_if_signed)
      g_ptr_array_remove_index (delivery->insertions, i - 1);
}

static gboolean
changes_mail (const SkDecision *decision, const SkVerdictDelivery *delivery)
{
  for (guint i = 0; i < delivery->additions->len; i++)
    if (strcmp (((const SkAddition *) delivery->additions->pdata[i])->field, "cc") == 0)
      return TRUE;
  return delivery->protections->len > 0 || delivery->insertions->len > 0
         || delivery->headers->len > 0 || delivery->stamp || decision->verdict->bcc->len > 0;
}

/* A change would break the signature, or can't be made in what is encrypted: a person decides. */
static void
spare_signed (const SkDecision *decision, SkVerdictDelivery *delivery)
{
  const SkMessage *message = decision->evaluation->message;

  if (!message->is_signed && !message->is_encrypted)
    return;
  drop_insertions (delivery);
  if (changes_mail (decision, delivery))
    sk_delivery_add_hold (delivery, -1, SK_AFTERWARDS_WAIT, SK_RELEASE_SENDER,
                          message->is_encrypted
                              ? "a rule would change this mail, and it is encrypted"
                              : "a rule would change this mail, and it is signed");
}

static SkOutcome
outcome_of (const SkDecision *decision, const SkVerdictDelivery *delivery)
{
  if (delivery->approvals->len > 0)
    return SK_OUTCOME_APPROVE;
  if (delivery->has_hold)
    return SK_OUTCOME_HOLD;
  return decision->verdict->confirm.asked ? SK_OUTCOME_CONFIRM : SK_OUTCOME_SEND;
}

static SkVerdictDelivery *
make_result (const Combination *self, guint recipient)
{
  SkDecision *decision = self->decision;
  SkVerdictDelivery *delivery = sk_verdict_delivery_new ();

  for (guint i = self->starts[recipient]; i < self->starts[recipient + 1]; i++)
    self->sorted[i]->kind->combine (self->sorted[i], decision, delivery);
  add_protections (self, recipient, delivery);
  spare_signed (decision, delivery);
  if (decision->unseen[recipient])
    sk_delivery_add_hold (delivery, -1, SK_AFTERWARDS_WAIT, SK_RELEASE_MANAGER,
                          "a rule protects attachments, and parts of this mail could not be seen");
  if (delivery->has_hold && delivery->hold_seconds < 0 && delivery->release == SK_RELEASE_NOBODY)
    delivery->release = SK_RELEASE_MANAGER;
  delivery->hold_expiry
      = sk_wait_seconds (&decision->evaluation->policy->hold_expiry, decision->evaluation);
  delivery->outcome = outcome_of (decision, delivery);
  return delivery;
}

/* --- the same result, the same delivery ----------------------------------------------------- */

static void
describe_approvals (const SkVerdictDelivery *delivery, GPtrArray *parts)
{
  for (guint i = 0; i < delivery->approvals->len; i++)
    {
      const SkApproval *approval = delivery->approvals->pdata[i];
      g_autofree char *by = g_strjoinv (" ", approval->by);

      g_ptr_array_add (parts,
                       g_strdup_printf ("approve %u %" G_GINT64_FORMAT " %d %s", approval->count,
                                        approval->expires, approval->deputy_on_expiry, by));
    }
}

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
describe_changes (const SkVerdictDelivery *delivery, GPtrArray *parts)
{
  for (guint i = 0; i < delivery->additions->len; i++)
    {
      const SkAddition *addition = delivery->additions->pdata[i];

      g_ptr_array_add (parts, g_strdup_printf ("add %s %s", addition->field, addition->address));
    }
  for (guint i = 0; i < delivery->insertions->len; i++)
    {
      const SkInsertion *insertion = delivery->insertions->pdata[i];

      g_ptr_array_add (parts, g_strdup_printf ("insert %s %s %u %d", insertion->at,
                                               insertion->template_name, i,
                                               insertion->send_if_signed));
    }
  for (guint i = 0; i < delivery->headers->len; i++)
    g_ptr_array_add (parts, g_strdup_printf ("header %s", (char *) delivery->headers->pdata[i]));
  if (delivery->stamp)
    g_ptr_array_add (parts, g_strdup_printf ("stamp %s", delivery->stamp_footer != NULL
                                                             ? delivery->stamp_footer : ""));
}

/* Equal for equal results; neither the order of rules that lead there nor how they explain it makes
 * a difference. */
static char *
describe (const Combination *self, const SkVerdictDelivery *delivery, guint recipient)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (parts,
                   g_strdup_printf ("hold %d %" G_GINT64_FORMAT " %u %u", delivery->has_hold,
                                    delivery->hold_seconds, delivery->afterwards,
                                    delivery->release));
  describe_approvals (delivery, parts);
  describe_changes (delivery, parts);
  for (guint file = 0; file < self->decision->evaluation->file_count; file++)
    {
      const SkTreatment *treatment = treatment_at (self->decision, recipient, file);

      if (treatment != NULL && strcmp (treatment->as, "none") != 0)
        g_ptr_array_add (parts, g_strdup_printf ("protect %u %s", file, treatment->identity));
    }
  if (needs_own_delivery (self->decision, recipient))
    g_ptr_array_add (parts, g_strdup_printf ("alone %u", recipient));
  g_ptr_array_sort (parts, compare_parts);
  g_ptr_array_add (parts, NULL);
  return g_strjoinv ("\n", (char **) parts->pdata);
}

/* What explains the result but isn't part of it: the first that is said stays. */
static void
take_reason (SkVerdictDelivery *delivery, SkVerdictDelivery *from)
{
  if (delivery->hold_reason == NULL)
    delivery->hold_reason = g_steal_pointer (&from->hold_reason);
}

static SkVerdictDelivery *
find_delivery (Combination *self, guint recipient)
{
  g_autoptr (GBytes) key = group_key (self, recipient);
  SkVerdictDelivery *delivery = g_hash_table_lookup (self->groups, key), *result;
  g_autofree char *description = NULL;

  if (delivery != NULL)
    return delivery;
  result = make_result (self, recipient);
  description = describe (self, result, recipient);
  delivery = g_hash_table_lookup (self->results, description);
  if (delivery == NULL)
    {
      delivery = result;
      g_ptr_array_add (self->decision->verdict->deliveries, delivery);
      delivery->id = self->decision->verdict->deliveries->len;
      g_hash_table_insert (self->results, g_steal_pointer (&description), delivery);
    }
  else
    {
      take_reason (delivery, result);
      sk_verdict_delivery_free (result);
    }
  g_hash_table_insert (self->groups, g_steal_pointer (&key), delivery);
  return delivery;
}

/* --- recipients ----------------------------------------------------------------------------- */

static gboolean
holds_recipient (const GArray *recipients, guint recipient)
{
  guint low = 0, high = recipients->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (recipients, guint, middle) < recipient)
        low = middle + 1;
      else
        high = middle;
    }
  return low < recipients->len && g_array_index (recipients, guint, low) == recipient;
}

/* The rules that met anybody of the delivery. */
static void
name_rules (const SkVerdict *verdict, SkVerdictDelivery *delivery)
{
  g_autoptr (GPtrArray) rules = g_ptr_array_new ();

  for (guint i = 0; i < verdict->rules->len; i++)
    {
      const SkRuleHit *hit = verdict->rules->pdata[i];
      gboolean met = FALSE;

      for (guint j = 0; j < delivery->recipients->len && !met && !hit->monitor; j++)
        met = holds_recipient (hit->recipients, g_array_index (delivery->recipients, guint, j));
      if (met)
        g_ptr_array_add (rules, g_strdup (hit->id));
    }
  g_ptr_array_add (rules, NULL);
  delivery->rules = (char **) g_ptr_array_free (g_steal_pointer (&rules), FALSE);
}

static void
refuse_recipient (SkDecision *decision, guint recipient)
{
  const SkRecipient *submitted = decision->evaluation->submission->recipients->pdata[recipient];

  if (!decision->refuses_all)
    sk_strings_add (decision->verdict->refused_recipients, submitted->address->text);
}

static void
settle_recipient (Combination *self, guint recipient)
{
  SkDecision *decision = self->decision;
  const SkParty *party = &decision->evaluation->parties[recipient];
  SkRecipientVerdict verdict = { .outcome = SK_OUTCOME_REJECT, .fields = party->fields,
                                 .scope = sk_scope_name (party->scope) };

  if (decision->refuses_all || decision->refused[recipient])
    refuse_recipient (decision, recipient);
  else
    {
      SkVerdictDelivery *delivery = find_delivery (self, recipient);

      g_array_append_val (delivery->recipients, recipient);
      verdict.outcome = delivery->outcome;
      verdict.delivery = delivery->id;
      decision->verdict->outcome = MAX (decision->verdict->outcome, verdict.outcome);
    }
  g_array_append_val (decision->verdict->recipients, verdict);
}

/* Nothing of a mail that is refused as a whole is asked or changed. */
static void
clear_refused (SkVerdict *verdict)
{
  verdict->outcome = SK_OUTCOME_REJECT;
  verdict->confirm.asked = FALSE;
  g_ptr_array_set_size (verdict->copies, 0);
  g_ptr_array_set_size (verdict->bcc, 0);
}

void
sk_combine (SkDecision *decision)
{
  SkVerdict *verdict = decision->verdict;
  Combination self = { .decision = decision };

  self.groups = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                       NULL);
  self.results = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sort_actions (&self);
  for (guint i = 0; i < decision->evaluation->recipient_count; i++)
    settle_recipient (&self, i);
  for (guint i = 0; i < verdict->deliveries->len; i++)
    name_rules (verdict, verdict->deliveries->pdata[i]);
  if (verdict->deliveries->len == 0 && decision->first_reject != NULL)
    clear_refused (verdict);
  verdict->silent = decision->first_reject != NULL && !decision->loud;
  g_hash_table_unref (self.groups);
  g_hash_table_unref (self.results);
  g_free (self.starts);
  g_free (self.sorted);
}
