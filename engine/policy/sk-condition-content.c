// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

static const char *const place_words[]
    = { "subject", "body", "attachments", "attachment-names", NULL };

static void
read_in (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "in");

  if (items == NULL)
    return;
  loader->terms.places = 0;
  for (guint i = 0; i < items->len; i++)
    {
      int word = sk_loader_word (loader, items->pdata[i], "place", place_words);

      if (word >= 0)
        loader->terms.places |= 1U << word;
    }
}

static const SkField content_fields[] = {
  { "find", sk_search_read_find },
  { "words", sk_search_read_words },
  { "regex", sk_search_read_regex },
  { "in", read_in },
  { "count", sk_search_read_count },
  { NULL },
};
const SkFieldTable sk_content_table = { "content", content_fields };

void
sk_condition_content (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkSearchTerms before = sk_search_begin (loader, FALSE);
  SkTest *block = sk_test_new_block (&sk_test_all_kind);
  guint errors = loader->problems->errors;

  sk_loader_read_mapping (loader, value, &sk_content_table, block);
  if (block->children->len == 0 && loader->problems->errors == errors)
    sk_loader_error (loader, value, "'content' needs one of 'find', 'words' and 'regex'");
  sk_search_end (loader, value, block, before);
  sk_test_add (into, block);
}
