// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

#include "sk-evaluation.h"
#include "sk-lists.h"

#include <string.h>

/* A test against sets of the index, of which any will do. */
typedef struct {
  GArray *sets; /* guint */
  char *names;  /* for explanations */
} SetTest;

static void
set_test_free (gpointer data)
{
  SetTest *self = data;

  g_array_unref (self->sets);
  g_free (self->names);
  g_free (self);
}

static gboolean
any_set (const SetTest *self, const guint64 *bits)
{
  for (guint i = 0; i < self->sets->len; i++)
    if (sk_bits_test (bits, g_array_index (self->sets, guint, i)))
      return TRUE;
  return FALSE;
}

static gboolean
signals_of_sets (const SkTest *test, SkSignals *signals)
{
  const SetTest *self = test->data;

  sk_signals_add_sets (signals, self->sets, SK_SIGNAL_MEMBER);
  return TRUE;
}

/* A limit may have cut off a Sender field. */
static SkTruth
test_address (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  if (any_set (test->data, evaluation->sender_sets))
    return SK_YES;
  return evaluation->incomplete ? SK_UNKNOWN : SK_NO;
}

static SkTruth
test_in (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  return sk_truth_of (any_set (test->data, evaluation->person_sets));
}

static void
explain_address (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair,
                 SkReason *reason)
{
  sk_reason_add (reason, test, NULL, "from %s", ((SetTest *) test->data)->names);
}

static void
explain_in (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  const SetTest *self = test->data;

  sk_reason_add (reason, test, json_pack ("{s:s}", "list", self->names), "sender in %s",
                 self->names);
}

static const SkTestKind address_kind = {
  .code = "from.address", .rank = 12, .unknown = "all addresses of the sender",
  .test = test_address, .explain = explain_address, .free = set_test_free,
  .signals = signals_of_sets,
};
static const SkTestKind in_kind = {
  .code = "from.in", .rank = 13, .test = test_in, .explain = explain_in, .free = set_test_free,
  .signals = signals_of_sets,
};

static SetTest *
set_test_new (char *names)
{
  SetTest *self = g_new0 (SetTest, 1);

  self->sets = g_array_new (FALSE, FALSE, sizeof (guint));
  self->names = names;
  return self;
}

static void
read_address (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "address");
  guint set;
  SetTest *self;

  if (items == NULL)
    return;
  set = sk_members_new (loader->policy);
  sk_members_read (loader, value, "address", SK_MEMBER_ADDRESS, set);
  self = set_test_new (sk_condition_names (items));
  g_array_append_val (self->sets, set);
  sk_condition_add (loader, into, &address_kind, 0, self, 0, FALSE);
}

static void
read_in (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "in");
  SetTest *self;

  if (items == NULL)
    return;
  self = set_test_new (sk_condition_names (items));
  for (guint i = 0; i < items->len; i++)
    {
      SkList *list = sk_lists_find (loader, items->pdata[i]);
      guint set = list != NULL ? sk_list_set (list, loader) : 0;

      if (list != NULL)
        g_array_append_val (self->sets, set);
    }
  sk_condition_add (loader, into, &in_kind, 0, self, 0, FALSE);
}

/* --- what people.csv says of the sender ----------------------------------------------------- */

typedef struct {
  GPtrArray *values; /* char*, folded */
  GArray *signals;   /* guint: sets; of the values, and of senders who are not in people.csv */
  char *names;
} ValueTest;

static void
value_test_free (gpointer data)
{
  ValueTest *self = data;

  g_ptr_array_unref (self->values);
  g_array_unref (self->signals);
  g_free (self->names);
  g_free (self);
}

static gboolean
any_value (const ValueTest *self, const char *value)
{
  for (guint i = 0; i < self->values->len; i++)
    if (strcmp (self->values->pdata[i], value) == 0)
      return TRUE;
  return FALSE;
}

static SkTruth
test_department (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  if (evaluation->sender == NULL)
    return SK_UNKNOWN;
  return sk_truth_of (any_value (test->data, evaluation->sender->department));
}

static SkTruth
test_employment (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  if (evaluation->sender == NULL)
    return SK_UNKNOWN;
  return sk_truth_of (any_value (test->data, evaluation->sender->employment));
}

static void
explain_value (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  const ValueTest *self = test->data;

  sk_reason_add (reason, test, json_pack ("{s:s}", "value", self->names), "sender's %s is %s",
                 strchr (test->kind->code, '.') + 1, self->names);
}

static gboolean
signals_of_values (const SkTest *test, SkSignals *signals)
{
  sk_signals_add_sets (signals, ((const ValueTest *) test->data)->signals, SK_SIGNAL_STAFF);
  return TRUE;
}

static const SkTestKind department_kind = {
  .code = "from.department", .rank = 10,
  .unknown = "the sender's department (they are not in people.csv)",
  .test = test_department, .explain = explain_value, .free = value_test_free,
  .signals = signals_of_values,
};
static const SkTestKind employment_kind = {
  .code = "from.employment", .rank = 11,
  .unknown = "the sender's employment (they are not in people.csv)",
  .test = test_employment, .explain = explain_value, .free = value_test_free,
  .signals = signals_of_values,
};

static void
read_values (SkLoader *loader, const SkNode *value, gpointer into, const char *what,
             const SkTestKind *kind)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, what);
  ValueTest *self;

  if (items == NULL)
    return;
  self = g_new0 (ValueTest, 1);
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->signals = g_array_new (FALSE, FALSE, sizeof (guint));
  self->names = sk_condition_names (items);
  for (guint i = 0; i < items->len; i++)
    {
      const char *text = ((const SkNode *) items->pdata[i])->text;
      char *folded = sk_words_fold (text, strlen (text), NULL);
      guint set = sk_policy_value_set (loader->policy, what, folded);

      g_ptr_array_add (self->values, folded);
      g_array_append_val (self->signals, set);
    }
  g_array_append_val (self->signals, loader->policy->stranger_set);
  sk_condition_add (loader, into, kind, 0, self, 0, FALSE);
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

static const SkField from_fields[] = {
  { "address", read_address },
  { "in", read_in },
  { "department", read_department },
  { "employment", read_employment },
  { NULL },
};
const SkFieldTable sk_from_table = { "from", from_fields };

void
sk_condition_from (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_read_mapping (loader, value, &sk_from_table, into);
}
