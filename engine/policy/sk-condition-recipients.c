// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

#include "sk-evaluation.h"

#include <string.h>

/* recipients: {where: …, count: …, domains: …}. While it is read, the numbers that were not named
 * have no operator. */
typedef struct {
  SkTest *where; /* NULL: all */
  gboolean has_count, has_domains;
  SkComparison count, domains;
  gboolean envelope_only;
} RecipientsTest;

static void
recipients_test_free (gpointer data)
{
  RecipientsTest *self = data;

  sk_test_free (self->where);
  g_free (self);
}

/* How surely each person or domain is among the counted: SkTruth by number. */
typedef guint (*NumberFunc) (const SkParty *party);

static guint
human_of (const SkParty *party)
{
  return party->human;
}

static guint
domain_of (const SkParty *party)
{
  return party->domain;
}

static SkRange
count_parties (const RecipientsTest *self, SkEvaluation *evaluation, NumberFunc number)
{
  guint n = self->envelope_only ? evaluation->recipient_count : evaluation->party_count;
  g_autofree guint8 *answers = g_malloc0 (evaluation->party_count + 1);
  SkRange range = { 0, 0 };

  for (guint i = 0; i < n; i++)
    {
      SkPair pair = { &evaluation->parties[i], NULL };
      guint8 *answer = &answers[number (pair.party)];

      if (*answer != SK_YES)
        *answer = (guint8) MAX (*answer, self->where != NULL
                                ? sk_test_evaluate (self->where, evaluation, &pair) : SK_YES);
    }
  for (guint i = 0; i < evaluation->party_count; i++)
    {
      range.least += answers[i] == SK_YES;
      range.most += answers[i] != SK_NO;
    }
  if (evaluation->incomplete && !self->envelope_only)
    range.most = G_MAXINT64;
  return range;
}

static SkTruth
test_recipients (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const RecipientsTest *self = test->data;
  SkTruth truth = SK_YES;

  if (self->has_count)
    {
      SkRange range = count_parties (self, evaluation, human_of);

      truth = sk_comparison_truth (&self->count, range.least, range.most);
    }
  if (self->has_domains && truth != SK_NO)
    {
      SkRange range = count_parties (self, evaluation, domain_of);

      truth = MIN (truth, sk_comparison_truth (&self->domains, range.least, range.most));
    }
  return truth;
}

static void
explain_count (const SkTest *test, SkReason *reason, gint64 count, const char *what,
               const SkComparison *limit)
{
  g_autofree char *text = sk_comparison_to_string (limit);

  sk_reason_add (reason, test, json_pack ("{s:I,s:I,s:s}", "count", (json_int_t) count, "limit",
                                          (json_int_t) limit->value, "of", what),
                 "%" G_GINT64_FORMAT " %s %s", count, what, text);
}

static void
explain_recipients (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair,
                    SkReason *reason)
{
  const RecipientsTest *self = test->data;

  if (self->has_count)
    explain_count (test, reason, count_parties (self, evaluation, human_of).least, "recipients",
                   &self->count);
  if (self->has_domains)
    explain_count (test, reason, count_parties (self, evaluation, domain_of).least, "domains",
                   &self->domains);
}

/* With a number that none would satisfy as well, nobody in particular is needed. */
static gboolean
signals_of_recipients (const SkTest *test, SkSignals *signals)
{
  const RecipientsTest *self = test->data;

  if (self->where == NULL || (self->has_count && sk_comparison_holds (&self->count, 0))
      || (self->has_domains && sk_comparison_holds (&self->domains, 0)))
    return FALSE;
  return sk_test_signals (self->where, signals);
}

static const SkTestKind recipients_kind = {
  .code = "recipients.count", .rank = 40, .unknown = "how many such recipients there are",
  .test = test_recipients, .explain = explain_recipients, .free = recipients_test_free,
  .signals = signals_of_recipients,
};

static void
read_where (SkLoader *loader, const SkNode *value, gpointer into)
{
  RecipientsTest *self = into;

  sk_test_free (self->where);
  self->where = sk_condition_read_to (loader, value);
}

static void
read_count (SkLoader *loader, const SkNode *value, gpointer into)
{
  RecipientsTest *self = into;

  self->has_count = sk_loader_count (loader, value, &self->count);
}

static void
read_domains (SkLoader *loader, const SkNode *value, gpointer into)
{
  RecipientsTest *self = into;

  self->has_domains = sk_loader_count (loader, value, &self->domains);
}

static const SkField recipients_fields[] = {
  { "where", read_where },
  { "count", read_count },
  { "domains", read_domains },
  { NULL },
};
const SkFieldTable sk_recipients_table = { "recipients", recipients_fields };

void
sk_condition_recipients (SkLoader *loader, const SkNode *value, gpointer into)
{
  RecipientsTest *self = g_new0 (RecipientsTest, 1);
  gboolean before = loader->uses_manager_scope;

  loader->uses_manager_scope = FALSE;
  if (!sk_loader_read_mapping (loader, value, &sk_recipients_table, self))
    {
      recipients_test_free (self);
      loader->uses_manager_scope |= before;
      return;
    }
  if (!self->has_count && !self->has_domains)
    {
      self->has_count = TRUE;
      self->count = (SkComparison) { SK_GREATER_EQUAL, 1 };
    }
  self->envelope_only = loader->envelope_only || loader->uses_manager_scope;
  loader->uses_manager_scope |= before;
  sk_condition_add (loader, into, &recipients_kind, 0, self, 0, TRUE);
}
