// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

#include "sk-evaluation.h"

#include <string.h>

/* attachments: any, none, or {where: …, count: …, total-size: …}. */
typedef struct {
  SkTest *where; /* NULL: all */
  gboolean has_count, has_size;
  SkComparison count, size;
} AttachmentsTest;

static void
attachments_test_free (gpointer data)
{
  AttachmentsTest *self = data;

  sk_test_free (self->where);
  g_free (self);
}

/* The one that could not be seen stands for any number of them. */
static void
add_file (SkRange *count, SkRange *size, const SkFile *file, SkTruth counted)
{
  gboolean is_sized = file->attachment != NULL && !file->attachment->contradictory;
  gint64 bytes = is_sized ? file->attachment->size : -1;

  if (counted == SK_NO)
    return;
  if (counted == SK_YES)
    {
      count->least++;
      size->least += MAX (bytes, 0);
    }
  if (file->attachment == NULL)
    count->most = G_MAXINT64;
  if (bytes < 0)
    size->most = G_MAXINT64;
  if (count->most != G_MAXINT64)
    count->most++;
  if (size->most != G_MAXINT64)
    size->most += bytes;
}

static void
measure (const AttachmentsTest *self, SkEvaluation *evaluation, SkRange *count, SkRange *size)
{
  *count = *size = (SkRange) { 0, 0 };
  for (guint i = 0; i < evaluation->file_count; i++)
    {
      const SkFile *file = &evaluation->files[i];
      SkPair pair = { NULL, file };
      SkTruth counted = file->attachment != NULL ? SK_YES : SK_UNKNOWN;

      if (self->where != NULL)
        counted = MIN (counted, sk_test_evaluate (self->where, evaluation, &pair));
      add_file (count, size, file, counted);
    }
}

static SkTruth
test_attachments (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const AttachmentsTest *self = test->data;
  SkTruth truth = SK_YES;
  SkRange count, size;

  measure (self, evaluation, &count, &size);
  if (self->has_count)
    truth = sk_comparison_truth (&self->count, count.least, count.most);
  if (self->has_size)
    truth = MIN (truth, sk_comparison_truth (&self->size, size.least, size.most));
  return truth;
}

static void
explain_attachments (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair,
                     SkReason *reason)
{
  const AttachmentsTest *self = test->data;
  SkRange count, size;

  measure (self, evaluation, &count, &size);
  if (self->has_count)
    {
      g_autofree char *limit = sk_comparison_to_string (&self->count);

      sk_reason_add (reason, test,
                     json_pack ("{s:I,s:I}", "count", (json_int_t) count.least, "limit",
                                (json_int_t) self->count.value),
                     "%" G_GINT64_FORMAT " %s %s", count.least,
                     count.least == 1 ? "attachment" : "attachments", limit);
    }
  if (self->has_size)
    {
      g_autofree char *limit = sk_comparison_to_string (&self->size);

      sk_reason_add (reason, test,
                     json_pack ("{s:I,s:I}", "size", (json_int_t) size.least, "limit",
                                (json_int_t) self->size.value),
                     "attachments of %" G_GINT64_FORMAT " bytes together %s", size.least, limit);
    }
}

static const SkTestKind attachments_kind = {
  .code = "attachments.count", .rank = 41, .unknown = "how many such attachments there are",
  .test = test_attachments, .explain = explain_attachments, .free = attachments_test_free,
};

static void
read_where (SkLoader *loader, const SkNode *value, gpointer into)
{
  AttachmentsTest *self = into;

  sk_test_free (self->where);
  self->where = sk_condition_read_attachment (loader, value);
}

static void
read_count (SkLoader *loader, const SkNode *value, gpointer into)
{
  AttachmentsTest *self = into;

  self->has_count = sk_loader_count (loader, value, &self->count);
}

static void
read_total_size (SkLoader *loader, const SkNode *value, gpointer into)
{
  AttachmentsTest *self = into;

  self->has_size = sk_loader_size (loader, value, &self->size);
  loader->needs |= SK_NEED_SIZES;
}

static const SkField attachments_fields[] = {
  { "where", read_where },
  { "count", read_count },
  { "total-size", read_total_size },
  { NULL },
};
const SkFieldTable sk_attachments_table = { "attachments", attachments_fields };

static gboolean
read_word (AttachmentsTest *self, SkLoader *loader, const SkNode *value)
{
  static const char *const words[] = { "any", "none", NULL };
  int word = sk_loader_word (loader, value, "word", words);

  self->has_count = TRUE;
  self->count = (SkComparison) { word == 0 ? SK_GREATER_EQUAL : SK_EQUAL, word == 0 ? 1 : 0 };
  return word >= 0;
}

void
sk_condition_attachments (SkLoader *loader, const SkNode *value, gpointer into)
{
  AttachmentsTest *self = g_new0 (AttachmentsTest, 1);
  gboolean read = value->kind == SK_NODE_SCALAR && !sk_node_is_empty (value)
                      ? read_word (self, loader, value)
                      : sk_loader_read_mapping (loader, value, &sk_attachments_table, self);

  if (!read)
    {
      attachments_test_free (self);
      return;
    }
  if (!self->has_count && !self->has_size)
    {
      self->has_count = TRUE;
      self->count = (SkComparison) { SK_GREATER_EQUAL, 1 };
    }
  sk_condition_add (loader, into, &attachments_kind, 0, self, 0, TRUE);
}
