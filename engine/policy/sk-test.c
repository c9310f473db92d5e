// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-test.h"

#include "sk-evaluation.h"

SkTest *
sk_test_new (const SkTestKind *kind, SkSubjects subjects, gpointer data)
{
  SkTest *self = g_new0 (SkTest, 1);

  self->kind = kind;
  self->subjects = subjects;
  self->data = data;
  return self;
}

SkTest *
sk_test_new_block (const SkTestKind *kind)
{
  SkTest *self = sk_test_new (kind, 0, NULL);

  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_test_free);
  return self;
}

void
sk_test_add (SkTest *self, SkTest *child)
{
  self->subjects |= child->subjects;
  g_ptr_array_add (self->children, child);
}

void
sk_test_free (SkTest *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->children, g_ptr_array_unref);
  if (self->data != NULL)
    (self->kind->free != NULL ? self->kind->free : g_free) (self->data);
  g_free (self);
}

SkTruth
sk_truth_not (SkTruth truth)
{
  return SK_YES - truth;
}

SkTruth
sk_comparison_truth (const SkComparison *self, gint64 least, gint64 most)
{
  SkComparison at_most;

  switch (self->operator)
    {
    case SK_EQUAL:
      if (least == most)
        return sk_truth_of (least == self->value);
      return self->value >= least && self->value <= most ? SK_UNKNOWN : SK_NO;
    case SK_NOT_EQUAL:
      at_most = (SkComparison) { SK_EQUAL, self->value };
      return sk_truth_not (sk_comparison_truth (&at_most, least, most));
    default:
      /* The others only change from one answer to the other once on the way from least to most. */
      if (sk_comparison_holds (self, least) == sk_comparison_holds (self, most))
        return sk_truth_of (sk_comparison_holds (self, least));
      return SK_UNKNOWN;
    }
}

SkTruth
sk_test_evaluate (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair)
{
  SkTruth truth;

  if (self->slot == 0)
    return self->kind->test (self, evaluation, pair);
  if (evaluation->answers[self->slot] != 0)
    return (SkTruth) (evaluation->answers[self->slot] - 1);
  truth = self->kind->test (self, evaluation, pair);
  evaluation->answers[self->slot] = (guint8) (truth + 1);
  return truth;
}

static SkTruth
test_all (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair)
{
  SkTruth truth = SK_YES;

  for (guint i = 0; i < self->children->len && truth != SK_NO; i++)
    truth = MIN (truth, sk_test_evaluate (self->children->pdata[i], evaluation, pair));
  return truth;
}

static SkTruth
test_any (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair)
{
  SkTruth truth = SK_NO;

  for (guint i = 0; i < self->children->len && truth != SK_YES; i++)
    truth = MAX (truth, sk_test_evaluate (self->children->pdata[i], evaluation, pair));
  return truth;
}

static SkTruth
test_not (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair)
{
  return sk_truth_not (test_all (self, evaluation, pair));
}

static void
explain_all (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  for (guint i = 0; i < self->children->len; i++)
    sk_test_explain (self->children->pdata[i], evaluation, pair, reason);
}

/* What made it hold: the members that hold most. */
static void
explain_any (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  SkTruth truth = test_any (self, evaluation, pair);

  for (guint i = 0; i < self->children->len; i++)
    if (sk_test_evaluate (self->children->pdata[i], evaluation, pair) == truth)
      sk_test_explain (self->children->pdata[i], evaluation, pair, reason);
}

/* One member that does not hold is enough for the whole not to hold. */
static void
explain_not (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  SkTruth truth = test_all (self, evaluation, pair);

  reason->negations++;
  for (guint i = 0; i < self->children->len; i++)
    if (sk_test_evaluate (self->children->pdata[i], evaluation, pair) == truth)
      sk_test_explain (self->children->pdata[i], evaluation, pair, reason);
  reason->negations--;
}

static guint
scopes_of_all (const SkTest *self, const SkPolicy *policy)
{
  guint scopes = 7;

  for (guint i = 0; i < self->children->len; i++)
    scopes &= sk_test_scopes (self->children->pdata[i], policy);
  return scopes;
}

static guint
scopes_of_any (const SkTest *self, const SkPolicy *policy)
{
  guint scopes = 0;

  for (guint i = 0; i < self->children->len; i++)
    scopes |= sk_test_scopes (self->children->pdata[i], policy);
  return scopes;
}

void
sk_signals_init (SkSignals *self)
{
  self->sets = g_array_new (FALSE, FALSE, sizeof (guint));
  self->patterns = g_array_new (FALSE, FALSE, sizeof (guint));
  self->unseen = FALSE;
  self->commonness = 0;
}

void
sk_signals_clear (SkSignals *self)
{
  g_array_unref (self->sets);
  g_array_unref (self->patterns);
}

void
sk_signals_add_sets (SkSignals *self, const GArray *sets, guint commonness)
{
  g_array_append_vals (self->sets, sets->data, sets->len);
  self->commonness = MAX (self->commonness, commonness);
}

void
sk_signals_add_pattern (SkSignals *self, guint pattern)
{
  g_array_append_val (self->patterns, pattern);
  self->commonness = MAX (self->commonness, SK_SIGNAL_WORD);
}

static void
add_signals (SkSignals *into, const SkSignals *from)
{
  sk_signals_add_sets (into, from->sets, from->commonness);
  g_array_append_vals (into->patterns, from->patterns->data, from->patterns->len);
  into->unseen |= from->unseen;
}

/* All members must hold: the rarest signals of one of them are enough. */
static gboolean
signals_of_all (const SkTest *self, SkSignals *signals)
{
  SkSignals best;
  gboolean found = FALSE;

  sk_signals_init (&best);
  for (guint i = 0; i < self->children->len; i++)
    {
      SkSignals own;

      sk_signals_init (&own);
      if (sk_test_signals (self->children->pdata[i], &own)
          && (!found || own.commonness < best.commonness))
        {
          SkSignals worse = best;

          best = own;
          own = worse;
          found = TRUE;
        }
      sk_signals_clear (&own);
    }
  if (found)
    add_signals (signals, &best);
  sk_signals_clear (&best);
  return found;
}

/* Any member may hold: each needs its signals. */
static gboolean
signals_of_any (const SkTest *self, SkSignals *signals)
{
  SkSignals all;
  gboolean found = TRUE;

  sk_signals_init (&all);
  for (guint i = 0; i < self->children->len && found; i++)
    found = sk_test_signals (self->children->pdata[i], &all);
  if (found)
    add_signals (signals, &all);
  sk_signals_clear (&all);
  return found;
}

const SkTestKind sk_test_all_kind = { .test = test_all, .explain = explain_all,
                                      .scopes = scopes_of_all, .signals = signals_of_all };
const SkTestKind sk_test_any_kind = { .test = test_any, .explain = explain_any,
                                      .scopes = scopes_of_any, .signals = signals_of_any };
const SkTestKind sk_test_not_kind = { .test = test_not, .explain = explain_not };

guint
sk_test_scopes (const SkTest *self, const SkPolicy *policy)
{
  return self->kind->scopes != NULL ? self->kind->scopes (self, policy) : 7;
}

gboolean
sk_test_signals (const SkTest *self, SkSignals *signals)
{
  return self->kind->signals != NULL && self->kind->signals (self, signals);
}

static const char *
what_is_unknown (const SkTest *self, const SkEvaluation *evaluation, const SkPair *pair)
{
  const char *doubt
      = self->kind->doubt != NULL ? self->kind->doubt (self, evaluation, pair) : NULL;

  if (doubt != NULL)
    return doubt;
  return self->kind->unknown != NULL ? self->kind->unknown : self->kind->code;
}

static void
add_unknown (const char *what, SkReason *reason)
{
  if (strstr (reason->unknown->str, what) != NULL)
    return;
  if (reason->unknown->len > 0)
    g_string_append (reason->unknown, ", ");
  g_string_append (reason->unknown, what);
}

void
sk_test_explain (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair,
                 SkReason *reason)
{
  if (self->children != NULL)
    {
      self->kind->explain (self, evaluation, pair, reason);
      return;
    }
  if (sk_test_evaluate (self, evaluation, pair) == SK_UNKNOWN)
    {
      const char *what = what_is_unknown (self, evaluation, pair);

      add_unknown (what, reason);
      sk_reason_add (reason, self, NULL, "unknown %s", what);
    }
  else if (self->kind->explain != NULL)
    self->kind->explain (self, evaluation, pair, reason);
  else
    sk_reason_add (reason, self, NULL, "%s", self->kind->code);
}

void
sk_reason_add (SkReason *self, const SkTest *test, json_t *args, const char *format, ...)
{
  va_list arguments;

  if (self->text->len > 0)
    g_string_append (self->text, ", ");
  if (self->negations % 2 != 0)
    g_string_append (self->text, "not ");
  va_start (arguments, format);
  g_string_append_vprintf (self->text, format, arguments);
  va_end (arguments);
  if (self->code != NULL && test->kind->rank <= self->rank)
    {
      json_decref (args);
      return;
    }
  json_decref (self->args);
  self->args = args;
  self->code = test->kind->code;
  self->rank = test->kind->rank;
}
