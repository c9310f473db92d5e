// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

#include "sk-evaluation.h"
#include "sk-lists.h"
#include "sk-mismatch.h"

#include <string.h>

enum { DOMAIN_CHECK = 1, BODY_CHECK = 2, NAME_CHECK = 4 };
static const char *const check_words[] = { "domain", "body", "attachment-name", NULL };

typedef struct {
  SkList *list;
  guint set;
  guint checks;
} MismatchTest;

/* Which companies of a list the mail names: rows of the list, in the body and in each attachment's
 * name. */
typedef struct {
  GHashTable *body;
  GHashTable **names; /* [file] */
  guint files;
} Named;

static void
named_free (gpointer data)
{
  Named *self = data;

  g_hash_table_unref (self->body);
  for (guint i = 0; i < self->files; i++)
    g_hash_table_unref (self->names[i]);
  g_free (self->names);
  g_free (self);
}

static Named *
named_new (const SkList *list, SkEvaluation *evaluation)
{
  Named *self = g_new0 (Named, 1);

  self->body = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < evaluation->message->texts->len; i++)
    {
      const SkText *text = evaluation->message->texts->pdata[i];

      sk_companies_find (list->companies, text->text, text->length, self->body);
    }
  self->files = evaluation->file_count;
  self->names = g_new0 (GHashTable *, self->files);
  for (guint i = 0; i < self->files; i++)
    {
      const SkAttachment *attachment = evaluation->files[i].attachment;
      const char *name = attachment != NULL ? attachment->name : NULL;

      self->names[i] = g_hash_table_new (NULL, NULL);
      if (name != NULL)
        sk_companies_find (list->companies, name, strlen (name), self->names[i]);
    }
  return self;
}

/* Looked for once an evaluation and list. */
static const Named *
find_named (const SkList *list, SkEvaluation *evaluation)
{
  Named *named;

  if (evaluation->companies == NULL)
    evaluation->companies = g_hash_table_new_full (NULL, NULL, NULL, named_free);
  named = g_hash_table_lookup (evaluation->companies, list);
  if (named == NULL)
    {
      named = named_new (list, evaluation);
      g_hash_table_insert (evaluation->companies, (gpointer) list, named);
    }
  return named;
}

/* Several rows may be the recipient's; any of their companies will do. */
static gboolean
any_row (GHashTable *found, GArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    if (g_hash_table_contains (found, GUINT_TO_POINTER (g_array_index (rows, guint32, i))))
      return TRUE;
  return FALSE;
}

static SkTruth
body_mismatch (const MismatchTest *self, SkEvaluation *evaluation, GArray *rows)
{
  if (any_row (find_named (self->list, evaluation)->body, rows))
    return SK_NO;
  return evaluation->incomplete ? SK_UNKNOWN : SK_YES;
}

static SkTruth
name_mismatch (const MismatchTest *self, SkEvaluation *evaluation, GArray *rows,
               const SkFile *file)
{
  if (file->attachment == NULL || file->attachment->contradictory)
    return SK_UNKNOWN;
  return sk_truth_of (!any_row (find_named (self->list, evaluation)->names[file->position], rows));
}

/* Without a pair (where recipients are counted) any attachment will do. */
static SkTruth
any_name_mismatch (const MismatchTest *self, SkEvaluation *evaluation, GArray *rows,
                   const SkFile *file)
{
  SkTruth truth = SK_NO;

  if (file != NULL)
    return name_mismatch (self, evaluation, rows, file);
  for (guint i = 0; i < evaluation->file_count; i++)
    truth = MAX (truth, name_mismatch (self, evaluation, rows, &evaluation->files[i]));
  return truth;
}

typedef struct {
  SkTruth domain, body, name;
} Mismatch;

static Mismatch
find_mismatch (const MismatchTest *self, SkEvaluation *evaluation, const SkPair *pair)
{
  GArray *rows = evaluation->rows;
  Mismatch result = { SK_NO, SK_NO, SK_NO };

  g_array_set_size (rows, 0);
  sk_sets_find_rows (evaluation->policy->sets, self->set, pair->party->canonical,
                     pair->party->address->domain, rows);
  if ((self->checks & DOMAIN_CHECK) != 0)
    result.domain = sk_truth_of (rows->len == 0);
  if ((self->checks & BODY_CHECK) != 0)
    result.body = body_mismatch (self, evaluation, rows);
  if ((self->checks & NAME_CHECK) != 0)
    result.name = any_name_mismatch (self, evaluation, rows, pair->file);
  return result;
}

static SkTruth
test_mismatch (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  Mismatch found = find_mismatch (test->data, evaluation, pair);

  return MAX (found.domain, MAX (found.body, found.name));
}

static void
explain_mismatch (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair,
                  SkReason *reason)
{
  const MismatchTest *self = test->data;
  const char *recipient = pair->party->address->text;
  Mismatch found = find_mismatch (self, evaluation, pair);
  json_t *args = json_pack ("{s:s,s:s}", "recipient", recipient, "list", self->list->name);
  json_t *failed = json_array ();
  g_autoptr (GString) text = g_string_new (NULL);

  if (found.domain == SK_YES)
    {
      json_array_append_new (failed, json_string ("domain"));
      g_string_append (text, "the domain is not listed");
    }
  if (found.body == SK_YES)
    {
      json_array_append_new (failed, json_string ("body"));
      g_string_append_printf (text, "%sthe body does not name the company",
                              text->len > 0 ? ", " : "");
    }
  if (found.name == SK_YES && pair->file != NULL)
    {
      json_array_append_new (failed, json_string ("attachment-name"));
      json_object_set_new (args, "attachment", json_string (sk_file_name (pair->file)));
      json_object_set_new (args, "index", json_integer (pair->file->attachment->index));
      g_string_append_printf (text, "%sthe name of attachment %u does not name the company",
                              text->len > 0 ? ", " : "", pair->file->attachment->index);
    }
  json_object_set_new (args, "failed", failed);
  sk_reason_add (reason, test, args, "%s: %s", recipient, text->str);
}

const SkTestKind sk_mismatch_kind = {
  .code = "to.mismatch", .rank = 60, .unknown = "whether the mail names the recipient's company",
  .test = test_mismatch, .explain = explain_mismatch,
};

static void
read_list (SkLoader *loader, const SkNode *value, gpointer into)
{
  MismatchTest *self = into;
  SkList *list = sk_lists_find (loader, value);

  if (list == NULL || !sk_list_use_companies (list, loader, value))
    return;
  self->list = list;
  self->set = sk_list_set (list, loader);
}

static void
read_check (SkLoader *loader, const SkNode *value, gpointer into)
{
  MismatchTest *self = into;
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "check");

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      int word = sk_loader_word (loader, items->pdata[i], "check", check_words);

      if (word >= 0)
        self->checks |= 1U << word;
    }
}

static const SkField mismatch_fields[] = {
  { "list", read_list },
  { "check", read_check },
  { NULL },
};
const SkFieldTable sk_mismatch_table = { "mismatch", mismatch_fields };

void
sk_condition_mismatch (SkLoader *loader, const SkNode *value, gpointer into)
{
  MismatchTest *self = g_new0 (MismatchTest, 1);

  if (sk_loader_read_mapping (loader, value, &sk_mismatch_table, self)
      && sk_node_get (value, "list") == NULL)
    sk_loader_error (loader, value, "'mismatch' needs a 'list'");
  if (self->list == NULL)
    {
      g_free (self);
      return;
    }
  if (sk_node_get (value, "check") == NULL)
    self->checks = DOMAIN_CHECK | BODY_CHECK | NAME_CHECK;
  sk_condition_add (loader, into, &sk_mismatch_kind,
                    (self->checks & NAME_CHECK) != 0 ? SK_ON_RECIPIENT | SK_ON_ATTACHMENT
                                                     : SK_ON_RECIPIENT,
                    self, (self->checks & BODY_CHECK) != 0 ? SK_NEED_TEXTS : 0, FALSE);
}
