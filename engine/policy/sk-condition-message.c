// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

#include "sk-evaluation.h"

#include <string.h>

typedef struct {
  SkComparison size;
  guint pattern;   /* subject */
  char *header;    /* its name */
  SkWords *words;  /* what is looked for in the header */
  gboolean yes;
  char *names;
} MessageTest;

static void
message_test_free (gpointer data)
{
  MessageTest *self = data;

  g_clear_pointer (&self->words, sk_words_free);
  g_free (self->header);
  g_free (self->names);
  g_free (self);
}

static SkTruth
test_size (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const MessageTest *self = test->data;

  return sk_truth_of (sk_comparison_holds (&self->size, evaluation->message->size));
}

static void
explain_size (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  const MessageTest *self = test->data;
  g_autofree char *limit = sk_comparison_to_string (&self->size);

  sk_reason_add (reason, test,
                 json_pack ("{s:I,s:I}", "size", (json_int_t) evaluation->message->size, "limit",
                            (json_int_t) self->size.value),
                 "message of %" G_GINT64_FORMAT " bytes %s", evaluation->message->size, limit);
}

static SkTruth
found_or_unseen (const SkEvaluation *evaluation, gboolean found)
{
  return found ? SK_YES : evaluation->incomplete ? SK_UNKNOWN : SK_NO;
}

static SkTruth
test_subject (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const MessageTest *self = test->data;

  return found_or_unseen (evaluation, evaluation->occurrences[self->pattern].subject > 0);
}

static gboolean
signals_of_subject (const SkTest *test, SkSignals *signals)
{
  sk_signals_add_pattern (signals, ((const MessageTest *) test->data)->pattern);
  return TRUE;
}

static void
explain_subject (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair,
                 SkReason *reason)
{
  sk_reason_add (reason, test, NULL, "subject has %s", ((const MessageTest *) test->data)->names);
}

static gboolean
found_cb (guint32 id, gsize start, gsize length, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return FALSE;
}

static SkTruth
test_header (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const MessageTest *self = test->data;
  gboolean found = FALSE;

  for (guint i = 0; i < evaluation->message->headers->len && !found; i++)
    {
      const SkHeaderField *field = evaluation->message->headers->pdata[i];

      if (g_ascii_strcasecmp (field->name, self->header) == 0)
        sk_words_scan_text (self->words, field->value, strlen (field->value), found_cb, &found);
    }
  return found_or_unseen (evaluation, found);
}

static void
explain_header (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  const MessageTest *self = test->data;

  sk_reason_add (reason, test, json_pack ("{s:s}", "header", self->header), "header %s has %s",
                 self->header, self->names);
}

static SkTruth
as_asked (const SkTest *test, SkTruth fact)
{
  return ((const MessageTest *) test->data)->yes ? fact : sk_truth_not (fact);
}

static SkTruth
test_signed (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  return as_asked (test, found_or_unseen (evaluation, evaluation->message->is_signed));
}

static SkTruth
test_encrypted (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  return as_asked (test, found_or_unseen (evaluation, evaluation->message->is_encrypted));
}

static void
explain_fact (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  sk_reason_add (reason, test, NULL, "the message is %s%s",
                 ((const MessageTest *) test->data)->yes ? "" : "not ",
                 strchr (test->kind->code, '.') + 1);
}

static const SkTestKind size_kind = {
  .code = "message.size", .rank = 33, .test = test_size, .explain = explain_size,
  .free = message_test_free,
};
static const SkTestKind subject_kind = {
  .code = "message.subject", .rank = 50, .unknown = "the whole subject", .test = test_subject,
  .explain = explain_subject, .free = message_test_free, .signals = signals_of_subject,
};
static const SkTestKind header_kind = {
  .code = "message.header", .rank = 49, .unknown = "the whole header", .test = test_header,
  .explain = explain_header, .free = message_test_free,
};
static const SkTestKind signed_kind = {
  .code = "message.signed", .rank = 34, .unknown = "whether the message is signed",
  .test = test_signed, .explain = explain_fact, .free = message_test_free,
};
static const SkTestKind encrypted_kind = {
  .code = "message.encrypted", .rank = 34, .unknown = "whether the message is encrypted",
  .test = test_encrypted, .explain = explain_fact, .free = message_test_free,
};

static void
read_size (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkComparison size;
  MessageTest *self;

  if (!sk_loader_size (loader, value, &size))
    return;
  self = g_new0 (MessageTest, 1);
  self->size = size;
  sk_condition_add (loader, into, &size_kind, 0, self, 0, FALSE);
}

static void
read_subject (SkLoader *loader, const SkNode *value, gpointer into)
{
  MessageTest *self = g_new0 (MessageTest, 1);

  self->pattern = sk_words_read (loader, value, &self->names);
  if (self->pattern == G_MAXUINT)
    {
      message_test_free (self);
      return;
    }
  loader->policy->word_places |= SK_PLACE_SUBJECT;
  sk_condition_add (loader, into, &subject_kind, 0, self, 0, FALSE);
}

static void
add_header (SkLoader *loader, const SkNode *name, const SkNode *value, gpointer into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, name->text);
  SkWordsBuilder *builder;
  MessageTest *self;

  if (items == NULL)
    return;
  builder = sk_words_builder_new ();
  for (guint i = 0; i < items->len; i++)
    if (!sk_words_builder_add (builder, ((const SkNode *) items->pdata[i])->text, 0))
      sk_loader_error (loader, items->pdata[i], "an empty word");
  self = g_new0 (MessageTest, 1);
  self->header = g_strdup (name->text);
  self->names = sk_condition_names (items);
  self->words = sk_words_builder_finish (builder);
  sk_condition_add (loader, into, &header_kind, 0, self, 0, TRUE);
}

static gboolean
is_header_name (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (*p <= ' ' || *p > '~' || *p == ':')
      return FALSE;
  return *text != '\0';
}

static void
read_header (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (value->kind != SK_NODE_MAPPING || value->keys->len == 0)
    {
      sk_loader_error (loader, value, "'header' must name a header field: {X-Name: word}");
      return;
    }
  for (guint i = 0; i < value->keys->len; i++)
    {
      const SkNode *name = value->keys->pdata[i];

      if (is_header_name (name->text))
        add_header (loader, name, value->children->pdata[i], into);
      else
        sk_loader_error (loader, name, "'%s' is no name of a header field", name->text);
    }
}

static void
add_truth (SkLoader *loader, const SkNode *value, gpointer into, const SkTestKind *kind)
{
  gboolean yes;
  MessageTest *self;

  if (!sk_loader_truth (loader, value, &yes))
    return;
  self = g_new0 (MessageTest, 1);
  self->yes = yes;
  sk_condition_add (loader, into, kind, 0, self, 0, FALSE);
}

static void
read_signed (SkLoader *loader, const SkNode *value, gpointer into)
{
  add_truth (loader, value, into, &signed_kind);
}

static void
read_encrypted (SkLoader *loader, const SkNode *value, gpointer into)
{
  add_truth (loader, value, into, &encrypted_kind);
}

static const SkField message_fields[] = {
  { "size", read_size },
  { "subject", read_subject },
  { "header", read_header },
  { "signed", read_signed },
  { "encrypted", read_encrypted },
  { NULL },
};
const SkFieldTable sk_message_table = { "message", message_fields };

void
sk_condition_message (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_read_mapping (loader, value, &sk_message_table, into);
}
