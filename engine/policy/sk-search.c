// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

#include "sk-detector.h"
#include "sk-evaluation.h"
#include "sk-lists.h"
#include "sk-readings.h"
#include "sk-search.h"

#include <string.h>

typedef SkSearch Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  g_clear_pointer (&self->detectors, g_ptr_array_unref);
  g_clear_pointer (&self->regex, sk_regex_free);
  g_free (self->wording);
  g_free (self);
}

/* Text that could not be had leaves the number open. */
static SkRange
open_range (gint64 least, gboolean open)
{
  return (SkRange) { least, open ? G_MAXINT64 : least };
}

static SkRange
open_range_where (SkRange range, gboolean open)
{
  return open ? open_range (range.least, TRUE) : range;
}

/* What is asked of one attachment; TRUE when the answer is settled without looking. */
static gboolean
is_settled (const Search *self, const SkPair *pair, SkTruth *truth)
{
  if (!self->terms.in_attachment || (pair->file != NULL && pair->file->attachment != NULL))
    return FALSE;
  *truth = pair->file == NULL ? SK_NO : SK_UNKNOWN;
  return TRUE;
}

/* Whether some of what is to be searched could not be seen. */
static gboolean
is_open (const Search *self, const SkEvaluation *evaluation, const SkPair *pair)
{
  if (self->terms.in_attachment)
    return !sk_file_is_readable (pair->file);
  return evaluation->incomplete
         || ((self->terms.places & SK_PLACE_ATTACHMENT_NAMES) != 0 && evaluation->contradictory)
         || ((self->terms.places & SK_PLACE_ATTACHMENTS) != 0 && evaluation->unseen_text);
}

/* --- words ---------------------------------------------------------------------------------- */

static gint64
count_words (const Search *self, SkEvaluation *evaluation, const SkPair *pair)
{
  const SkOccurrences *found = &evaluation->occurrences[self->pattern];
  guint places = self->terms.places;
  gint64 count = 0;

  if (self->terms.in_attachment)
    return evaluation->file_occurrences == NULL
               ? 0
               : evaluation->file_occurrences[(gsize) pair->file->position
                                                  * evaluation->policy->patterns
                                              + self->pattern];
  if ((places & SK_PLACE_SUBJECT) != 0)
    count += found->subject;
  if ((places & SK_PLACE_BODY) != 0)
    count += found->body;
  if ((places & SK_PLACE_ATTACHMENT_NAMES) != 0)
    count += found->names;
  if ((places & SK_PLACE_ATTACHMENTS) != 0)
    count += found->attachments;
  return count;
}

static SkTruth
test_words (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const Search *self = test->data;
  SkTruth truth;
  SkRange range;

  if (is_settled (self, pair, &truth))
    return truth;
  range = open_range (count_words (self, evaluation, pair), is_open (self, evaluation, pair));
  return sk_comparison_truth (&self->terms.count, range.least, range.most);
}

static gboolean
signals_of_words (const SkTest *test, SkSignals *signals)
{
  const Search *self = test->data;

  if (sk_comparison_holds (&self->terms.count, 0))
    return FALSE;
  sk_signals_add_pattern (signals, self->pattern);
  if (self->terms.in_attachment || (self->terms.places & SK_PLACE_ATTACHMENTS) != 0)
    signals->unseen = TRUE;
  return TRUE;
}

/* --- regex ---------------------------------------------------------------------------------- */

/* Once so many are found, more change nothing. */
static gint64
decisive (const SkComparison *comparison)
{
  gboolean reached = comparison->operator == SK_LESS || comparison->operator == SK_GREATER_EQUAL;

  return comparison->value + (reached ? 0 : 1);
}

/* What one evaluation has to do for one regex. */
typedef struct {
  const Search *search;
  SkEvaluation *evaluation;
  SkMatches *matches;
} Count;

/* `already`: of the same reading; what decides needs no more. */
static SkRange
find_matches (const Count *self, const char *text, gsize length, gint64 already)
{
  gint64 missing = MAX (self->search->enough - already, 0);
  gboolean complete = text != NULL;
  guint matches = 0;

  if (text != NULL && missing > 0)
    {
      matches = sk_regex_count (self->search->regex, text, length,
                                (guint) MIN (missing, G_MAXUINT),
                                &self->evaluation->regex_effort, &complete);
      self->matches->cut |= !complete;
    }
  return (SkRange) { matches, !complete || matches >= missing ? G_MAXINT64 : matches };
}

static void
add_range (SkRange *range, SkRange more)
{
  range->least += more.least;
  range->most = range->most == G_MAXINT64 || more.most == G_MAXINT64 ? G_MAXINT64
                                                                      : range->most + more.most;
}

static void
add_matches (const Count *self, const char *text, gsize length, SkRange *range)
{
  add_range (range, find_matches (self, text, length, range->least));
}

/* Of several readings the one with more matches counts. */
typedef struct {
  SkReadingCounts least, most;
} RangeCounts;

static void
add_reading (RangeCounts *self, SkReading reading, SkRange range)
{
  sk_reading_counts_add (&self->least, reading, range.least);
  sk_reading_counts_add (&self->most, reading, range.most);
}

static void
add_readings (SkRange *range, RangeCounts *counts)
{
  add_range (range, (SkRange) { sk_reading_counts_end (&counts->least),
                                sk_reading_counts_end (&counts->most) });
}

static void
add_body_matches (const Count *self, SkRange *range)
{
  SkEvaluation *evaluation = self->evaluation;
  RangeCounts readings = { 0 };

  for (guint i = 0; i < evaluation->message->texts->len; i++)
    {
      const SkText *text = evaluation->message->texts->pdata[i];
      gsize length;
      const char *normal = sk_evaluation_normal_body (evaluation, i, &length);

      if (text->alternative == 0)
        add_matches (self, normal, length, range);
      else
        add_reading (&readings, (SkReading) { text->alternative, text->branch },
                     find_matches (self, normal, length, 0));
    }
  add_readings (range, &readings);
}

/* A text with several readings is seen piece by piece. */
static void
add_stretches (const Count *self, const SkAttachmentFacts *facts, const GArray *stretches, SkRange *range)
{
  RangeCounts readings = { 0 };

  for (guint i = 0; i < stretches->len; i++)
    {
      const SkStretch *stretch = &g_array_index (stretches, SkStretch, i);
      gsize length;
      const char *start = facts->text + stretch->start;
      g_autofree char *changed
          = sk_words_nfkc_changed (start, stretch->length, SK_NORMAL_BYTES, &length);

      add_reading (&readings, stretch->reading,
                   find_matches (self, length == G_MAXSIZE ? NULL : changed != NULL ? changed : start,
                                 length, 0));
    }
  add_readings (range, &readings);
}

static void
add_attachment_matches (const Count *self, guint file, SkRange *range)
{
  const SkAttachmentFacts *facts = self->evaluation->files[file].facts;
  g_autoptr (GArray) stretches
      = facts != NULL && facts->text != NULL ? sk_readings_of_attachment (facts) : NULL;
  gsize length;
  const char *text;

  if (stretches != NULL && stretches->len > 1)
    {
      add_stretches (self, facts, stretches, range);
      return;
    }
  text = sk_evaluation_normal_attachment (self->evaluation, file, &length);
  add_matches (self, text, length, range);
}

static void
add_file_matches (const Count *self, SkRange *range)
{
  SkEvaluation *evaluation = self->evaluation;
  guint places = self->search->terms.places;

  for (guint i = 0; i < evaluation->file_count; i++)
    {
      const char *text;
      gsize length;

      if ((places & SK_PLACE_ATTACHMENT_NAMES) != 0
          && (text = sk_evaluation_normal_name (evaluation, i, &length)) != NULL)
        add_matches (self, text, length, range);
      if ((places & SK_PLACE_ATTACHMENTS) != 0)
        add_attachment_matches (self, i, range);
    }
}

static SkRange
count_matches (const Count *self, const SkPair *pair)
{
  const SkSearchTerms *terms = &self->search->terms;
  SkEvaluation *evaluation = self->evaluation;
  SkRange range = { 0, 0 };
  gsize length;
  const char *text;

  if (terms->in_attachment)
    {
      add_attachment_matches (self, pair->file->position, &range);
      return open_range_where (range, is_open (self->search, evaluation, pair));
    }
  if ((terms->places & SK_PLACE_SUBJECT) != 0)
    {
      text = sk_evaluation_normal_subject (evaluation, &length);
      add_matches (self, text, length, &range);
    }
  if ((terms->places & SK_PLACE_BODY) != 0)
    add_body_matches (self, &range);
  add_file_matches (self, &range);
  return open_range_where (range, is_open (self->search, evaluation, pair));
}

static gsize
place_of_matches (const Search *self, const SkEvaluation *evaluation, const SkPair *pair)
{
  guint row = self->terms.in_attachment ? pair->file->position : evaluation->file_count;

  return (gsize) row * evaluation->policy->regexes + self->number;
}

/* Each is counted once a mail, or once an attachment, however many recipients are asked about. */
static const SkMatches *
matches_of (const Search *self, SkEvaluation *evaluation, const SkPair *pair)
{
  Count count = { self, evaluation, NULL };

  if (evaluation->matches == NULL)
    evaluation->matches = g_new0 (SkMatches, ((gsize) evaluation->file_count + 1)
                                                 * evaluation->policy->regexes);
  count.matches = &evaluation->matches[place_of_matches (self, evaluation, pair)];
  if (!count.matches->counted)
    {
      count.matches->counted = TRUE;
      count.matches->range = count_matches (&count, pair);
    }
  return count.matches;
}

static SkTruth
test_regex (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const Search *self = test->data;
  SkTruth truth;
  SkRange range;

  if (is_settled (self, pair, &truth))
    return truth;
  range = matches_of (self, evaluation, pair)->range;
  return sk_comparison_truth (&self->terms.count, range.least, range.most);
}

static const char *
doubt_regex (const SkTest *test, const SkEvaluation *evaluation, const SkPair *pair)
{
  const Search *self = test->data;
  SkTruth settled;

  if (is_settled (self, pair, &settled) || evaluation->matches == NULL
      || !evaluation->matches[place_of_matches (self, evaluation, pair)].cut)
    return NULL;
  return self->terms.in_attachment
             ? "the text of an attachment: searching it by regular expressions took too many steps"
             : "all text of the mail: searching it by regular expressions took too many steps";
}

/* --- find ----------------------------------------------------------------------------------- */

static gboolean
was_run (const SkEvaluation *evaluation, const char *detector)
{
  const SkInspection *inspection = evaluation->submission->inspection;

  return inspection != NULL && inspection->detectors != NULL
         && g_strv_contains ((const char *const *) inspection->detectors, detector);
}

static gboolean
is_asked_of (const Search *self, const SkFinding *finding, const SkPair *pair)
{
  if (self->terms.in_attachment)
    return finding->place == SK_PLACE_ATTACHMENTS
           && finding->attachment == pair->file->attachment->index;
  return (self->terms.places & finding->place) != 0;
}

/* The stretches of the attachment that was asked about last: findings of one come together. */
typedef struct {
  guint attachment; /* 0: none yet */
  GArray *stretches;
} Stretches;

static void
look_at (Stretches *self, const SkInspection *inspection, guint attachment)
{
  g_clear_pointer (&self->stretches, g_array_unref);
  self->attachment = attachment;
  for (guint i = 0; i < inspection->attachments->len && self->stretches == NULL; i++)
    {
      const SkAttachmentFacts *facts = inspection->attachments->pdata[i];

      if (facts->index == attachment && facts->text != NULL)
        self->stretches = sk_readings_of_attachment (facts);
    }
}

static SkReading
reading_in_attachment (Stretches *self, const SkInspection *inspection, const SkFinding *finding)
{
  if (self->attachment != finding->attachment)
    look_at (self, inspection, finding->attachment);
  for (guint i = 0; self->stretches != NULL && self->stretches->len > 1 && i < self->stretches->len; i++)
    {
      const SkStretch *stretch = &g_array_index (self->stretches, SkStretch, i);

      if (finding->start >= stretch->start && finding->start < stretch->start + stretch->length)
        return stretch->reading;
    }
  return (SkReading) { 0, 0 };
}

static SkReading
reading_of (const SkEvaluation *evaluation, Stretches *stretches, const SkFinding *finding)
{
  const GPtrArray *texts = evaluation->message->texts;
  const SkText *text;

  if (finding->place == SK_PLACE_ATTACHMENTS && finding->length > 0)
    return reading_in_attachment (stretches, evaluation->submission->inspection, finding);
  if (finding->place != SK_PLACE_BODY || finding->text >= texts->len)
    return (SkReading) { 0, 0 };
  text = texts->pdata[finding->text];
  return (SkReading) { text->alternative, text->branch };
}

/* Distinct values count once, wherever they stand. */
static SkRange
count_findings (const Search *self, SkEvaluation *evaluation, const SkPair *pair,
                const char *detector)
{
  const SkInspection *inspection = evaluation->submission->inspection;
  g_autoptr (GHashTable) values = NULL;
  SkReadingCounts counts = { 0 };
  Stretches stretches = { 0 };

  if (!was_run (evaluation, detector))
    return open_range (0, TRUE);
  values = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < inspection->findings->len; i++)
    {
      const SkFinding *finding = inspection->findings->pdata[i];

      if (strcmp (finding->kind, detector) != 0 || !is_asked_of (self, finding, pair))
        continue;
      if (finding->value == NULL)
        sk_reading_counts_add (&counts, reading_of (evaluation, &stretches, finding), finding->count);
      else
        g_hash_table_add (values, finding->value);
    }
  g_clear_pointer (&stretches.stretches, g_array_unref);
  return open_range (sk_reading_counts_end (&counts) + g_hash_table_size (values),
                     is_open (self, evaluation, pair));
}

static SkTruth
test_find (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const Search *self = test->data;
  SkTruth truth;

  if (is_settled (self, pair, &truth))
    return truth;
  truth = SK_NO;
  for (guint i = 0; i < self->detectors->len && truth != SK_YES; i++)
    {
      SkRange range = count_findings (self, evaluation, pair, self->detectors->pdata[i]);

      truth = MAX (truth, sk_comparison_truth (&self->terms.count, range.least, range.most));
    }
  return truth;
}

/* --- explanations --------------------------------------------------------------------------- */

static void
explain_number (const Search *self, const SkTest *test, const char *what, gint64 count,
                const SkPair *pair, SkReason *reason)
{
  g_autofree char *limit = sk_comparison_to_string (&self->terms.count);
  json_t *args = json_pack ("{s:s,s:I,s:I}", "what", what, "count", (json_int_t) count, "limit",
                            (json_int_t) self->terms.count.value);

  if (self->terms.in_attachment)
    json_object_set_new (args, "attachment", json_integer (pair->file->attachment->index));
  sk_reason_add (reason, test, args, "%" G_GINT64_FORMAT " x %s %s%s", count, what, limit,
                 self->terms.in_attachment ? " in one attachment" : "");
}

static void
explain_words (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  const Search *self = test->data;
  SkTruth settled;

  if (!is_settled (self, pair, &settled))
    explain_number (self, test, self->wording, count_words (self, evaluation, pair), pair, reason);
}

static void
explain_regex (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  const Search *self = test->data;
  SkTruth settled;

  if (!is_settled (self, pair, &settled))
    explain_number (self, test, self->wording, matches_of (self, evaluation, pair)->range.least,
                    pair, reason);
}

static void
explain_find (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  const Search *self = test->data;
  SkTruth settled;

  if (is_settled (self, pair, &settled))
    return;
  for (guint i = 0; i < self->detectors->len; i++)
    {
      const char *detector = self->detectors->pdata[i];
      SkRange range = count_findings (self, evaluation, pair, detector);

      if (sk_comparison_truth (&self->terms.count, range.least, range.most) != SK_NO)
        explain_number (self, test, detector, range.least, pair, reason);
    }
}

/* Content's first, the attachment's second. */
static const SkTestKind find_kinds[] = {
  { .code = "content.find", .rank = 55, .unknown = "how much personal data the mail has",
    .test = test_find, .explain = explain_find, .free = search_free },
  { .code = "attachment.find", .rank = 56, .unknown = "how much personal data an attachment has",
    .test = test_find, .explain = explain_find, .free = search_free },
};
static const SkTestKind words_kinds[] = {
  { .code = "content.words", .rank = 51, .unknown = "all words of the mail", .test = test_words,
    .explain = explain_words, .free = search_free, .signals = signals_of_words },
  { .code = "attachment.words", .rank = 53, .unknown = "the words of an attachment",
    .test = test_words, .explain = explain_words, .free = search_free,
    .signals = signals_of_words },
};
static const SkTestKind regex_kinds[] = {
  { .code = "content.regex", .rank = 52, .unknown = "all text of the mail", .test = test_regex,
    .doubt = doubt_regex,
    .explain = explain_regex, .free = search_free },
  { .code = "attachment.regex", .rank = 54, .unknown = "the text of an attachment",
    .test = test_regex, .doubt = doubt_regex,
    .explain = explain_regex, .free = search_free },
};

/* --- reading -------------------------------------------------------------------------------- */

static gboolean
is_search (const SkTest *test)
{
  return test->kind == &find_kinds[0] || test->kind == &find_kinds[1]
         || test->kind == &words_kinds[0] || test->kind == &words_kinds[1]
         || test->kind == &regex_kinds[0] || test->kind == &regex_kinds[1];
}

const SkSearch *
sk_search_of_test (const SkTest *test)
{
  return is_search (test) ? test->data : NULL;
}

static void
add_search (SkLoader *loader, gpointer into, const SkTestKind *kinds, Search *self)
{
  gboolean in_attachment = loader->terms.in_attachment;

  sk_condition_add (loader, into, &kinds[in_attachment ? 1 : 0],
                    in_attachment ? SK_ON_ATTACHMENT : 0, self, 0, !in_attachment);
}

void
sk_search_read_find (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "find");
  Search *self;

  if (items == NULL)
    return;
  self = g_new0 (Search, 1);
  self->detectors = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < items->len; i++)
    {
      int word = sk_loader_word (loader, items->pdata[i], "detector", sk_detector_names ());

      if (word >= 0)
        {
          g_ptr_array_add (self->detectors, g_strdup (sk_detectors[word]->name));
          loader->detectors |= 1U << word;
        }
    }
  add_search (loader, into, find_kinds, self);
}

char **
sk_search_detector_names (guint detectors)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; sk_detectors[i] != NULL; i++)
    if ((detectors >> i & 1) != 0)
      g_strv_builder_add (names, sk_detectors[i]->name);
  return g_strv_builder_end (names);
}

void
sk_search_read_words (SkLoader *loader, const SkNode *value, gpointer into)
{
  Search *self = g_new0 (Search, 1);

  self->pattern = sk_words_read (loader, value, &self->wording);
  if (self->pattern == G_MAXUINT)
    search_free (self);
  else
    add_search (loader, into, words_kinds, self);
}

void
sk_search_read_regex (SkLoader *loader, const SkNode *value, gpointer into)
{
  const char *expression = sk_loader_text (loader, value);
  g_autoptr (GError) error = NULL;
  SkRegex *regex = expression != NULL ? sk_regex_new (expression, &error) : NULL;
  Search *self;

  if (error != NULL)
    sk_loader_error (loader, value, "%s", error->message);
  if (regex == NULL)
    return;
  self = g_new0 (Search, 1);
  self->regex = regex;
  self->number = loader->policy->regexes++;
  self->wording = g_strdup_printf ("/%s/", expression);
  add_search (loader, into, regex_kinds, self);
}

void
sk_search_read_count (SkLoader *loader, const SkNode *value, gpointer into)
{
  loader->terms.has_count = sk_loader_count (loader, value, &loader->terms.count);
}

SkSearchTerms
sk_search_begin (SkLoader *loader, gboolean in_attachment)
{
  SkSearchTerms before = loader->terms;

  loader->terms = (SkSearchTerms) { .in_attachment = in_attachment,
                                    .places = in_attachment ? SK_PLACE_ATTACHMENTS : SK_PLACE_ALL,
                                    .count = { SK_GREATER_EQUAL, 1 } };
  return before;
}

static void
settle (SkLoader *loader, Search *self)
{
  guint places = loader->terms.places;

  self->terms = loader->terms;
  self->enough = decisive (&self->terms.count);
  if (self->detectors == NULL && self->regex == NULL)
    loader->policy->word_places |= places;
  if ((places & SK_PLACE_BODY) != 0)
    loader->needs |= SK_NEED_TEXTS;
  if ((places & SK_PLACE_ATTACHMENTS) != 0)
    loader->needs |= SK_NEED_INSPECTION;
}

void
sk_search_end (SkLoader *loader, const SkNode *node, SkTest *block, SkSearchTerms before)
{
  guint searches = 0;

  for (guint i = 0; i < block->children->len; i++)
    {
      SkTest *test = block->children->pdata[i];

      if (is_search (test))
        {
          settle (loader, test->data);
          searches++;
        }
    }
  if (searches == 0 && loader->terms.has_count)
    sk_loader_error (loader, node, "'count' needs one of 'find', 'words' and 'regex' beside it");
  loader->terms = before;
}

/* --- words of a list or written out --------------------------------------------------------- */

static void
read_list (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkList *list = sk_lists_find (loader, value);

  if (list != NULL)
    *(guint *) into = sk_list_pattern (list, loader);
}

static const SkField word_list_fields[] = { { "list", read_list }, { NULL } };
const SkFieldTable sk_word_list_table = { "words", word_list_fields };

guint
sk_words_read (SkLoader *loader, const SkNode *node, char **wording)
{
  g_autoptr (GPtrArray) items = NULL;
  guint pattern = G_MAXUINT;

  if (node->kind == SK_NODE_MAPPING)
    {
      if (sk_loader_read_mapping (loader, node, &sk_word_list_table, &pattern)
          && pattern != G_MAXUINT)
        *wording = g_strdup_printf ("a word of '%s'",
                                    ((const SkNode *) node->children->pdata[0])->text);
      return pattern;
    }
  items = sk_loader_items (loader, node, "words");
  if (items == NULL)
    return pattern;
  pattern = loader->policy->patterns++;
  for (guint i = 0; i < items->len; i++)
    {
      const SkNode *item = items->pdata[i];

      if (!sk_words_builder_add (loader->words, item->text, pattern))
        sk_loader_error (loader, item, "an empty word");
    }
  *wording = sk_condition_names (items);
  return pattern;
}
