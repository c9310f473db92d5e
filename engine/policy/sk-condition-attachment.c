// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

#include "sk-evaluation.h"
#include "sk-known-type.h"
#include "sk-lists.h"

#include <string.h>

/* What a test of an attachment compares with; each kind uses its own part. */
typedef struct {
  SkComparison comparison;
  gboolean yes;     /* of yes and no */
  gboolean none;    /* {not: […]} */
  GPtrArray *words; /* char*: extensions, types */
  guint pattern;
  GArray *signals;  /* guint: sets of which one is met by every mail for which it can hold */
  gboolean has_extensions;
  char *names;      /* for explanations */
} FileTest;

static void
file_test_free (gpointer data)
{
  FileTest *self = data;

  g_clear_pointer (&self->words, g_ptr_array_unref);
  g_clear_pointer (&self->signals, g_array_unref);
  g_free (self->names);
  g_free (self);
}

static FileTest *
file_test_new (const SkPolicy *policy, GPtrArray *items)
{
  FileTest *self = g_new0 (FileTest, 1);

  self->words = g_ptr_array_new_with_free_func (g_free);
  self->names = items != NULL ? sk_condition_names (items) : NULL;
  self->signals = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (self->signals, policy->files_set);
  return self;
}

/* A mail without attachments answers no to every attachment test; what could not be seen is
 * unknown. */
static gboolean
is_settled (const SkPair *pair, SkTruth *truth)
{
  if (pair->file != NULL && pair->file->attachment != NULL)
    return FALSE;
  *truth = pair->file == NULL ? SK_NO : SK_UNKNOWN;
  return TRUE;
}

/* What its fields say, where they say but one thing. */
static gboolean
is_unclear (const SkPair *pair, SkTruth *truth)
{
  if (is_settled (pair, truth))
    return TRUE;
  *truth = SK_UNKNOWN;
  return pair->file->attachment->contradictory;
}

/* None of these tests holds in a mail without attachments. */
static gboolean
signals_of_file (const SkTest *test, SkSignals *signals)
{
  const FileTest *self = test->data;

  sk_signals_add_sets (signals, self->signals,
                       self->has_extensions ? SK_SIGNAL_EXTENSION : SK_SIGNAL_FILE);
  return TRUE;
}

static json_t *
file_args (const SkPair *pair)
{
  return json_pack ("{s:i,s:s}", "attachment", (int) pair->file->attachment->index, "name",
                    sk_file_name (pair->file));
}

/* --- size ----------------------------------------------------------------------------------- */

static SkTruth
test_size (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const FileTest *self = test->data;
  SkTruth truth;

  if (is_unclear (pair, &truth))
    return truth;
  if (pair->file->attachment->size < 0)
    return sk_comparison_truth (&self->comparison, 0, G_MAXINT64);
  return sk_truth_of (sk_comparison_holds (&self->comparison, pair->file->attachment->size));
}

static void
explain_size (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  const FileTest *self = test->data;
  g_autofree char *limit = sk_comparison_to_string (&self->comparison);

  if (pair->file == NULL)
    return;
  sk_reason_add (reason, test,
                 json_pack ("{s:i,s:I,s:I}", "attachment", (int) pair->file->attachment->index,
                            "size", (json_int_t) pair->file->attachment->size, "limit",
                            (json_int_t) self->comparison.value),
                 "attachment %u of %" G_GINT64_FORMAT " bytes %s", pair->file->attachment->index,
                 pair->file->attachment->size, limit);
}

static const SkTestKind size_kind = {
  .code = "attachment.size", .rank = 42, .unknown = "the size of an attachment",
  .test = test_size, .explain = explain_size, .free = file_test_free,
  .signals = signals_of_file,
};

static void
read_size (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkComparison comparison;
  FileTest *self;

  if (!sk_loader_size (loader, value, &comparison))
    return;
  self = file_test_new (loader->policy, NULL);
  self->comparison = comparison;
  sk_condition_add (loader, into, &size_kind, SK_ON_ATTACHMENT, self, SK_NEED_SIZES, FALSE);
}

/* --- extension ------------------------------------------------------------------------------ */

static gboolean
has_extension (const FileTest *self, char **extensions)
{
  for (char **extension = extensions; *extension != NULL; extension++)
    for (guint i = 0; i < self->words->len; i++)
      if (strcmp (self->words->pdata[i], *extension) == 0)
        return TRUE;
  return FALSE;
}

static SkTruth
test_extension (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const FileTest *self = test->data;
  SkTruth truth;

  if (is_unclear (pair, &truth))
    return truth;
  return sk_truth_of (has_extension (self, sk_file_extensions (evaluation, pair->file))
                      != self->none);
}

static void
explain_extension (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair,
                   SkReason *reason)
{
  const FileTest *self = test->data;

  if (pair->file == NULL)
    return;
  sk_reason_add (reason, test, file_args (pair), "the extension of attachment %u is %s%s",
                 pair->file->attachment->index, self->none ? "not " : "", self->names);
}

static const SkTestKind extension_kind = {
  .code = "attachment.extension", .rank = 45, .unknown = "the extensions of all attachments",
  .test = test_extension, .explain = explain_extension, .free = file_test_free,
  .signals = signals_of_file,
};

/* ".PDF" is pdf. */
static char *
normal_extension (const char *text)
{
  char *folded;

  while (*text == '.')
    text++;
  folded = sk_words_fold (text, strlen (text), NULL);
  return g_strstrip (folded);
}

static void
add_extension_signals (SkPolicy *policy, FileTest *self)
{
  g_array_set_size (self->signals, 0);
  self->has_extensions = policy->asks_extensions = TRUE;
  for (guint i = 0; i < self->words->len; i++)
    {
      guint set = sk_policy_value_set (policy, "extension", self->words->pdata[i]);

      g_array_append_val (self->signals, set);
    }
}

/* Names have two endings at most, and no patterns are known here. */
static void
check_extension (SkLoader *loader, const SkNode *item, const char *extension)
{
  const char *dot = strchr (extension, '.'), *last = strrchr (extension, '.');

  if (strpbrk (extension, "*?/\\") == NULL && (dot == last) && (last == NULL || last[1] != '\0'))
    return;
  if (last != NULL && last[1] != '\0' && strpbrk (last, "*?/\\") == NULL)
    sk_loader_warn (loader, item, "no file's extension is ever '%s' (did you mean '%s'?)", item->text,
                    last + 1);
  else
    sk_loader_warn (loader, item, "no file's extension is ever '%s' (write pdf, or tar.gz)", item->text);
}

static void
add_extensions (SkLoader *loader, const SkNode *value, gpointer into, gboolean none)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, none ? "not" : "extension");
  FileTest *self;

  if (items == NULL)
    return;
  self = file_test_new (loader->policy, items);
  self->none = none;
  for (guint i = 0; i < items->len; i++)
    {
      const SkNode *item = items->pdata[i];
      char *extension = normal_extension (item->text);

      check_extension (loader, item, extension);
      g_ptr_array_add (self->words, extension);
    }
  if (!none)
    add_extension_signals (loader->policy, self);
  sk_condition_add (loader, into, &extension_kind, SK_ON_ATTACHMENT, self, 0, FALSE);
}

static void
read_not_extension (SkLoader *loader, const SkNode *value, gpointer into)
{
  add_extensions (loader, value, into, TRUE);
}

static const SkField extension_fields[] = { { "not", read_not_extension }, { NULL } };
const SkFieldTable sk_extension_table = { "extension", extension_fields };

static void
read_extension (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (value->kind == SK_NODE_MAPPING)
    sk_loader_read_mapping (loader, value, &sk_extension_table, into);
  else
    add_extensions (loader, value, into, FALSE);
}

/* --- name, named ---------------------------------------------------------------------------- */

static SkTruth
test_name (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const FileTest *self = test->data;
  SkTruth truth;

  if (is_unclear (pair, &truth))
    return truth;
  return sk_truth_of (sk_bits_test (evaluation->name_patterns
                                        + (gsize) pair->file->position
                                              * SK_BITS_WORDS (evaluation->policy->patterns),
                                    self->pattern));
}

static void
explain_name (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  if (pair->file == NULL)
    return;
  sk_reason_add (reason, test, file_args (pair), "the name of attachment %u has %s",
                 pair->file->attachment->index, ((const FileTest *) test->data)->names);
}

static gboolean
signals_of_name (const SkTest *test, SkSignals *signals)
{
  sk_signals_add_pattern (signals, ((const FileTest *) test->data)->pattern);
  return TRUE;
}

static const SkTestKind name_kind = {
  .code = "attachment.name", .rank = 46, .unknown = "the names of all attachments",
  .test = test_name, .explain = explain_name, .free = file_test_free, .signals = signals_of_name,
};

static void
read_name (SkLoader *loader, const SkNode *value, gpointer into)
{
  FileTest *self = file_test_new (loader->policy, NULL);

  self->pattern = sk_words_read (loader, value, &self->names);
  if (self->pattern == G_MAXUINT)
    file_test_free (self);
  else
    {
      loader->policy->word_places |= SK_PLACE_ATTACHMENT_NAMES;
      sk_condition_add (loader, into, &name_kind, SK_ON_ATTACHMENT, self, 0, FALSE);
    }
}

static SkTruth
test_named (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const char *name;
  SkTruth truth;

  if (is_unclear (pair, &truth))
    return truth;
  name = pair->file->attachment->name;
  return sk_truth_of ((name != NULL && *name != '\0') == ((const FileTest *) test->data)->yes);
}

static void
explain_named (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  if (pair->file == NULL)
    return;
  sk_reason_add (reason, test, file_args (pair), "attachment %u has %s name",
                 pair->file->attachment->index,
                 ((const FileTest *) test->data)->yes ? "a" : "no");
}

static const SkTestKind named_kind = {
  .code = "attachment.named", .rank = 44, .unknown = "whether all attachments have names",
  .test = test_named, .explain = explain_named, .free = file_test_free,
  .signals = signals_of_file,
};

static void
add_truth (SkLoader *loader, const SkNode *value, gpointer into, const SkTestKind *kind,
           SkNeeds needs)
{
  gboolean yes;
  FileTest *self;

  if (!sk_loader_truth (loader, value, &yes))
    return;
  self = file_test_new (loader->policy, NULL);
  self->yes = yes;
  sk_condition_add (loader, into, kind, SK_ON_ATTACHMENT, self, needs, FALSE);
}

static void
read_named (SkLoader *loader, const SkNode *value, gpointer into)
{
  add_truth (loader, value, into, &named_kind, 0);
}

/* --- what inspection tells ------------------------------------------------------------------ */

static SkTruth
as_asked (const SkTest *test, const SkPair *pair, SkTruth fact)
{
  SkTruth truth;

  if (is_settled (pair, &truth))
    return truth;
  return ((const FileTest *) test->data)->yes ? fact : sk_truth_not (fact);
}

static SkTruth
test_encrypted (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const SkAttachmentFacts *facts = pair->file != NULL ? pair->file->facts : NULL;

  return as_asked (test, pair, facts != NULL ? facts->encrypted : SK_UNKNOWN);
}

/* What lies beyond a limit of the message is not readable, inspected or not. */
static SkTruth
test_readable (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  SkTruth truth;

  if (is_settled (pair, &truth))
    return truth;
  if (pair->file->attachment->uninspected != NULL)
    return as_asked (test, pair, SK_NO);
  return as_asked (test, pair,
                   pair->file->facts != NULL ? pair->file->facts->readable : SK_UNKNOWN);
}

static SkTruth
test_disguised (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const SkAttachmentFacts *facts = pair->file != NULL ? pair->file->facts : NULL;

  return as_asked (test, pair, facts != NULL ? facts->disguised : SK_UNKNOWN);
}

static SkTruth
test_type (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const FileTest *self = test->data;
  g_autofree char *type = NULL;
  SkTruth truth;

  if (is_settled (pair, &truth))
    return truth;
  if (pair->file->facts == NULL || pair->file->facts->type == NULL)
    return SK_UNKNOWN;
  type = g_ascii_strdown (pair->file->facts->type, -1);
  for (guint i = 0; i < self->words->len; i++)
    if (g_pattern_match_simple (self->words->pdata[i], type))
      return SK_YES;
  return SK_NO;
}

static void
explain_fact (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  if (pair->file == NULL)
    return;
  sk_reason_add (reason, test, file_args (pair), "attachment %u is %s%s",
                 pair->file->attachment->index,
                 ((const FileTest *) test->data)->yes ? "" : "not ",
                 strchr (test->kind->code, '.') + 1);
}

static void
explain_type (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  if (pair->file == NULL)
    return;
  sk_reason_add (reason, test, file_args (pair), "attachment %u is %s",
                 pair->file->attachment->index, pair->file->facts->type);
}

static const SkTestKind encrypted_kind = {
  .code = "attachment.encrypted", .rank = 43, .unknown = "whether an attachment is encrypted",
  .test = test_encrypted, .explain = explain_fact, .free = file_test_free,
  .signals = signals_of_file,
};
static const SkTestKind readable_kind = {
  .code = "attachment.readable", .rank = 43, .unknown = "whether an attachment can be read",
  .test = test_readable, .explain = explain_fact, .free = file_test_free,
  .signals = signals_of_file,
};
static const SkTestKind disguised_kind = {
  .code = "attachment.disguised", .rank = 47,
  .unknown = "whether an attachment is what its extension says",
  .test = test_disguised, .explain = explain_fact, .free = file_test_free,
  .signals = signals_of_file,
};
static const SkTestKind type_kind = {
  .code = "attachment.type", .rank = 44, .unknown = "the type of an attachment",
  .test = test_type, .explain = explain_type, .free = file_test_free,
  .signals = signals_of_file,
};

static void
read_encrypted (SkLoader *loader, const SkNode *value, gpointer into)
{
  add_truth (loader, value, into, &encrypted_kind, SK_NEED_INSPECTION);
}

static void
read_readable (SkLoader *loader, const SkNode *value, gpointer into)
{
  add_truth (loader, value, into, &readable_kind, SK_NEED_INSPECTION);
}

static void
read_disguised (SkLoader *loader, const SkNode *value, gpointer into)
{
  add_truth (loader, value, into, &disguised_kind, SK_NEED_INSPECTION);
}

/* A rule that waits for what is never said protects nobody. */
static void
check_type (SkLoader *loader, const SkNode *item, const char *type)
{
  const char *near = sk_known_type_matches (type) ? NULL : sk_known_type_near (type);

  if (strchr (type, '/') == NULL)
    sk_loader_error (loader, item, "'%s' is no type: write application/pdf or image/*", item->text);
  else if (near != NULL)
    sk_loader_warn (loader, item, "no file is ever found to be of type '%s' (did you mean '%s'?)",
                    item->text, near);
  else if (!sk_known_type_matches (type))
    sk_loader_warn (loader, item,
                    "no file is ever found to be of type '%s' (sekisho-policy inspect FILE shows what it is)",
                    item->text);
}

/* A whole type, or all of a family with an asterisk. */
static void
read_type (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "type");
  FileTest *self;

  if (items == NULL)
    return;
  self = file_test_new (loader->policy, items);
  for (guint i = 0; i < items->len; i++)
    {
      char *type = g_ascii_strdown (((const SkNode *) items->pdata[i])->text, -1);

      check_type (loader, items->pdata[i], type);
      g_ptr_array_add (self->words, type);
    }
  sk_condition_add (loader, into, &type_kind, SK_ON_ATTACHMENT, self, SK_NEED_INSPECTION, FALSE);
}

static const SkField attachment_fields[] = {
  { "size", read_size },
  { "extension", read_extension },
  { "type", read_type },
  { "name", read_name },
  { "encrypted", read_encrypted },
  { "readable", read_readable },
  { "named", read_named },
  { "disguised", read_disguised },
  { "find", sk_search_read_find },
  { "words", sk_search_read_words },
  { "regex", sk_search_read_regex },
  { "count", sk_search_read_count },
  { NULL },
};
const SkFieldTable sk_attachment_table = { "attachment", attachment_fields };

SkTest *
sk_condition_read_attachment (SkLoader *loader, const SkNode *node)
{
  g_autoptr (SkTest) block = sk_test_new_block (&sk_test_all_kind);

  SkSearchTerms before = sk_search_begin (loader, TRUE);
  gboolean read = sk_loader_read_mapping (loader, node, &sk_attachment_table, block);

  sk_search_end (loader, node, block, before);
  if (!read)
    return NULL;
  return block->children->len > 0 ? g_steal_pointer (&block) : NULL;
}

void
sk_condition_attachment (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkTest *block = sk_condition_read_attachment (loader, value);

  if (block != NULL)
    sk_test_add (into, block);
}
