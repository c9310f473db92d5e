// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

static void
read_any (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkTest *any = sk_block_read_any (loader, value, "any");

  if (any != NULL)
    sk_test_add (into, any);
}

static void
read_all (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (value->kind == SK_NODE_MAPPING || sk_node_is_empty (value)
      || (value->kind == SK_NODE_LIST && value->children->len == 0))
    {
      SkTest *block = sk_block_read (loader, value, "all");

      if (block != NULL)
        sk_test_add (into, block);
      return;
    }
  if (value->kind != SK_NODE_LIST)
    {
      sk_loader_error (loader, value, "'all' must be a list of blocks");
      return;
    }
  for (guint i = 0; i < value->children->len; i++)
    {
      SkTest *block = sk_block_read (loader, value->children->pdata[i], "all");

      if (block != NULL)
        sk_test_add (into, block);
    }
}

/* What stands under `not` exempts: recipients are counted by the envelope there. */
static void
read_not (SkLoader *loader, const SkNode *value, gpointer into)
{
  gboolean before = loader->envelope_only;
  SkTest *block;

  loader->envelope_only = TRUE;
  block = sk_block_read (loader, value, "not");
  loader->envelope_only = before;
  if (block != NULL)
    {
      SkTest *negation = sk_test_new_block (&sk_test_not_kind);

      sk_test_add (negation, block);
      sk_test_add (into, negation);
    }
}

static const SkField block_fields[] = {
  { "from", sk_condition_from },
  { "to", sk_condition_to },
  { "recipients", sk_condition_recipients },
  { "attachment", sk_condition_attachment },
  { "attachments", sk_condition_attachments },
  { "content", sk_condition_content },
  { "time", sk_condition_time },
  { "message", sk_condition_message },
  { "any", read_any },
  { "all", read_all },
  { "not", read_not },
  { NULL },
};
const SkFieldTable sk_block_table = { "block", block_fields };

SkTest *
sk_block_read (SkLoader *loader, const SkNode *node, const char *name)
{
  SkFieldTable table = { name, block_fields };
  g_autoptr (SkTest) block = sk_test_new_block (&sk_test_all_kind);

  if (node->kind == SK_NODE_LIST && node->children->len == 0)
    {
      sk_loader_error (loader, node, "empty '%s'", name);
      return NULL;
    }
  if (!sk_loader_read_mapping (loader, node, &table, block) || block->children->len == 0)
    return NULL;
  return g_steal_pointer (&block);
}

SkTest *
sk_block_read_any (SkLoader *loader, const SkNode *node, const char *name)
{
  g_autoptr (SkTest) any = NULL;

  if (node->kind != SK_NODE_LIST || node->children->len == 0)
    return sk_block_read (loader, node, name);
  any = sk_test_new_block (&sk_test_any_kind);
  for (guint i = 0; i < node->children->len; i++)
    {
      SkTest *block = sk_block_read (loader, node->children->pdata[i], name);

      if (block != NULL)
        sk_test_add (any, block);
    }
  return any->children->len > 0 ? g_steal_pointer (&any) : NULL;
}

SkTest *
sk_condition_add (SkLoader *loader, gpointer into, const SkTestKind *kind, SkSubjects subjects,
                  gpointer data, SkNeeds needs, gboolean kept)
{
  SkTest *test = sk_test_new (kind, subjects, data);

  loader->needs |= needs;
  if (kept)
    test->slot = ++loader->policy->slots;
  sk_test_add (into, test);
  return test;
}

char *
sk_condition_names (GPtrArray *items)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < items->len && i < 3; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " or " : "",
                            ((const SkNode *) items->pdata[i])->text);
  if (items->len > 3)
    g_string_append_printf (text, " or %u more", items->len - 3);
  return g_string_free (text, FALSE);
}
