// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-rule.h"

#include "sk-test.h"

#include <string.h>

/* Which rules each signal can make apply. A rule without signals is always asked. Rows are stored
 * as a compressed sparse matrix: the rules of signal i are rules[starts[i]] to rules[starts[i +
 * 1]]. */
typedef struct {
  guint count;
  guint *starts;
  guint *rules;
} Index;

struct _SkTriggers {
  guint words;         /* 64 rules each */
  guint64 *always;
  guint64 *unseen;     /* when an attachment's text could not be had */
  guint64 *all;
  Index sets, patterns;
};

typedef struct {
  guint signal, rule;
} Link;

static int
compare_links (gconstpointer a, gconstpointer b)
{
  const Link *x = a, *y = b;

  return x->signal != y->signal ? (x->signal < y->signal ? -1 : 1)
                                : (x->rule > y->rule) - (x->rule < y->rule);
}

static void
index_init (Index *self, GArray *links, guint signals)
{
  self->count = signals;
  self->starts = g_new0 (guint, (gsize) signals + 1);
  self->rules = g_new0 (guint, (gsize) links->len + 1);
  g_array_sort (links, compare_links);
  for (guint i = 0; i < links->len; i++)
    {
      const Link *link = &g_array_index (links, Link, i);

      self->rules[i] = link->rule;
      self->starts[link->signal + 1]++;
    }
  for (guint i = 0; i < signals; i++)
    self->starts[i + 1] += self->starts[i];
}

static void
add_links (GArray *links, const GArray *signals, guint rule)
{
  for (guint i = 0; i < signals->len; i++)
    {
      Link link = { g_array_index (signals, guint, i), rule };

      g_array_append_val (links, link);
    }
}

static void
link_rule (SkTriggers *self, const SkRule *rule, guint number, GArray *sets, GArray *patterns)
{
  SkSignals signals;

  sk_signals_init (&signals);
  if (rule->condition != NULL && sk_test_signals (rule->condition, &signals))
    {
      add_links (sets, signals.sets, number);
      add_links (patterns, signals.patterns, number);
      if (signals.unseen)
        sk_bits_set (self->unseen, number);
    }
  else
    sk_bits_set (self->always, number);
  sk_bits_set (self->all, number);
  sk_signals_clear (&signals);
}

SkTriggers *
sk_triggers_new (const SkPolicy *policy)
{
  SkTriggers *self = g_new0 (SkTriggers, 1);
  g_autoptr (GArray) sets = g_array_new (FALSE, FALSE, sizeof (Link));
  g_autoptr (GArray) patterns = g_array_new (FALSE, FALSE, sizeof (Link));

  self->words = SK_BITS_WORDS (policy->rules->len);
  self->always = g_new0 (guint64, self->words + 1);
  self->unseen = g_new0 (guint64, self->words + 1);
  self->all = g_new0 (guint64, self->words + 1);
  for (guint i = 0; i < policy->rules->len; i++)
    link_rule (self, policy->rules->pdata[i], i, sets, patterns);
  index_init (&self->sets, sets, sk_sets_count (policy->sets));
  index_init (&self->patterns, patterns, policy->patterns);
  return self;
}

void
sk_triggers_free (SkTriggers *self)
{
  if (self == NULL)
    return;
  g_free (self->always);
  g_free (self->unseen);
  g_free (self->all);
  g_free (self->sets.starts);
  g_free (self->sets.rules);
  g_free (self->patterns.starts);
  g_free (self->patterns.rules);
  g_free (self);
}

static void
add_rules (const Index *index, const guint64 *seen, guint64 *rules)
{
  for (guint word = 0; word < SK_BITS_WORDS (index->count); word++)
    for (guint64 left = seen[word]; left != 0; left &= left - 1)
      {
        guint signal = word * 64 + (guint) __builtin_ctzll (left);

        for (guint i = index->starts[signal]; i < index->starts[signal + 1]; i++)
          sk_bits_set (rules, index->rules[i]);
      }
}

static void
add_bits (guint64 *rules, const guint64 *more, guint words)
{
  for (guint i = 0; i < words; i++)
    rules[i] |= more[i];
}

guint64 *
sk_triggers_find (const SkTriggers *self, const SkEvaluation *evaluation)
{
  gboolean all = evaluation->incomplete || evaluation->contradictory;
  guint64 *rules = g_memdup2 (all ? self->all : self->always,
                              (self->words + 1) * sizeof (guint64));

  if (all)
    return rules;
  add_rules (&self->sets, evaluation->seen_sets, rules);
  if (evaluation->seen_patterns != NULL)
    add_rules (&self->patterns, evaluation->seen_patterns, rules);
  if (evaluation->unseen_text)
    add_bits (rules, self->unseen, self->words);
  return rules;
}
