// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-expectation.h"

#include <string.h>

static gboolean matches (const SkNode *expected, const json_t *actual);

static gboolean
is_one_of (const char *text, const char *a, const char *b)
{
  return strcmp (text, a) == 0 || strcmp (text, b) == 0;
}

static gboolean
is_null (const SkNode *self)
{
  return sk_node_is_empty (self) || (self->plain && is_one_of (self->text, "null", "~"));
}

static gboolean
scalar_matches (const SkNode *expected, const json_t *actual)
{
  switch (json_typeof (actual))
    {
    case JSON_STRING:
      return strcmp (expected->text, json_string_value (actual)) == 0;
    case JSON_TRUE:
      return is_one_of (expected->text, "yes", "true");
    case JSON_FALSE:
      return is_one_of (expected->text, "no", "false");
    case JSON_NULL:
      return is_null (expected);
      case JSON_INTEGER: {
        g_autofree char *number
            = g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (actual));

        return strcmp (expected->text, number) == 0;
      }
    default:
      return FALSE;
    }
}

/* Does it equal what was left out? */
static gboolean
means_nothing (const SkNode *expected)
{
  if (expected->kind == SK_NODE_SCALAR)
    return is_null (expected) || is_one_of (expected->text, "no", "false")
           || strcmp (expected->text, "0") == 0;
  for (guint i = 0; i < expected->children->len; i++)
    if (expected->kind == SK_NODE_LIST
        || !means_nothing (g_ptr_array_index (expected->children, i)))
      return FALSE;
  return TRUE;
}

static gboolean
object_matches (const SkNode *expected, const json_t *actual)
{
  for (guint i = 0; i < expected->keys->len; i++)
    {
      const SkNode *key = g_ptr_array_index (expected->keys, i);

      if (!matches (g_ptr_array_index (expected->children, i), json_object_get (actual, key->text)))
        return FALSE;
    }
  return TRUE;
}

/* Gives the expected item `i` an actual one of its own, moving earlier ones where need be
 * (augmenting paths). `owner`: by actual item, the expected one that has it, or -1. */
static gboolean
give (const GPtrArray *expected, guint i, const json_t *actual, int *owner, gboolean *tried)
{
  for (guint j = 0; j < json_array_size (actual); j++)
    {
      if (tried[j] || !matches (g_ptr_array_index (expected, i), json_array_get (actual, j)))
        continue;
      tried[j] = TRUE;
      if (owner[j] < 0 || give (expected, (guint) owner[j], actual, owner, tried))
        {
          owner[j] = (int) i;
          return TRUE;
        }
    }
  return FALSE;
}

/* The first expected item that finds no actual one, or NULL. */
static const SkNode *
first_missing (const GPtrArray *expected, const json_t *actual)
{
  gsize n = json_array_size (actual);
  g_autofree int *owner = g_new (int, n + 1);
  g_autofree gboolean *tried = g_new (gboolean, n + 1);

  memset (owner, -1, (n + 1) * sizeof *owner);
  for (guint i = 0; i < expected->len; i++)
    {
      memset (tried, 0, (n + 1) * sizeof *tried);
      if (!give (expected, i, actual, owner, tried))
        return g_ptr_array_index (expected, i);
    }
  return NULL;
}

/* A list of objects may be partial, but an empty one says that there are none. */
static gboolean
may_be_partial (const GPtrArray *expected)
{
  return expected->len > 0
         && ((const SkNode *) g_ptr_array_index (expected, 0))->kind == SK_NODE_MAPPING;
}

static gboolean
list_matches (const SkNode *expected, const json_t *actual)
{
  if (!may_be_partial (expected->children) && expected->children->len != json_array_size (actual))
    return FALSE;
  return first_missing (expected->children, actual) == NULL;
}

/* One value stands for a list of one. */
static gboolean
matches (const SkNode *expected, const json_t *actual)
{
  if (actual == NULL)
    return means_nothing (expected);
  if (json_is_array (actual) && expected->kind != SK_NODE_LIST)
    return json_array_size (actual) == 0
               ? means_nothing (expected)
               : json_array_size (actual) == 1 && matches (expected, json_array_get (actual, 0));
  if (expected->kind == SK_NODE_SCALAR)
    return scalar_matches (expected, actual);
  if (expected->kind == SK_NODE_MAPPING)
    return json_is_object (actual) && object_matches (expected, actual);
  return json_is_array (actual) && list_matches (expected, actual);
}

static void
append_node (GString *into, const SkNode *node)
{
  const char *brackets = node->kind == SK_NODE_LIST ? "[]" : "{}";

  if (node->kind == SK_NODE_SCALAR)
    {
      g_string_append (into, sk_node_is_empty (node) ? "nothing" : node->text);
      return;
    }
  g_string_append_c (into, brackets[0]);
  for (guint i = 0; i < node->children->len; i++)
    {
      if (i > 0)
        g_string_append (into, ", ");
      if (node->kind == SK_NODE_MAPPING)
        g_string_append_printf (into,
                                "%s: ", ((const SkNode *) g_ptr_array_index (node->keys, i))->text);
      append_node (into, g_ptr_array_index (node->children, i));
    }
  g_string_append_c (into, brackets[1]);
}

/* In the notation of the cases, so that the two can be compared by eye. */
static void
append_json (GString *into, const json_t *value)
{
  const char *key;
  json_t *item;
  gsize i;
  g_autofree char *scalar = NULL;

  if (json_is_array (value))
    {
      g_string_append_c (into, '[');
      json_array_foreach (value, i, item)
      {
        g_string_append (into, i > 0 ? ", " : "");
        append_json (into, item);
      }
      g_string_append_c (into, ']');
    }
  else if (json_is_object (value))
    {
      gboolean first = TRUE;

      g_string_append_c (into, '{');
      json_object_foreach ((json_t *) value, key, item)
      {
        g_string_append_printf (into, "%s%s: ", first ? "" : ", ", key);
        append_json (into, item);
        first = FALSE;
      }
      g_string_append_c (into, '}');
    }
  else if (json_is_string (value))
    g_string_append (into, json_string_value (value));
  else
    {
      scalar = value == NULL ? g_strdup ("nothing") : json_dumps (value, JSON_ENCODE_ANY);
      g_string_append (into, scalar);
    }
}

static void
add_difference (GPtrArray *differences, const char *path, const SkNode *expected,
                const json_t *actual)
{
  g_autoptr (GString) text = g_string_new (path);

  g_string_append (text, "\n      expected  ");
  append_node (text, expected);
  if (json_is_array (actual) && json_array_size (actual) > 1)
    for (gsize i = 0; i < json_array_size (actual); i++)
      {
        g_string_append (text, i == 0 ? "\n      actual    " : "\n                ");
        append_json (text, json_array_get (actual, i));
      }
  else
    {
      g_string_append (text, "\n      actual    ");
      append_json (text, actual);
    }
  g_ptr_array_add (differences, g_strdup (text->str));
}

static void compare_at (const char *path, const SkNode *expected, const json_t *actual,
                        GPtrArray *differences);

static void
compare_objects (const char *path, const SkNode *expected, const json_t *actual,
                 GPtrArray *differences)
{
  for (guint i = 0; i < expected->keys->len; i++)
    {
      const char *key = ((const SkNode *) g_ptr_array_index (expected->keys, i))->text;
      g_autofree char *inner
          = *path == '\0' ? g_strdup (key) : g_strdup_printf ("%s.%s", path, key);

      compare_at (inner, g_ptr_array_index (expected->children, i), json_object_get (actual, key),
                  differences);
    }
}

/* Goes as deep as the two have the same shape, so that a difference is told where it is. */
static void
compare_at (const char *path, const SkNode *expected, const json_t *actual, GPtrArray *differences)
{
  if (expected->kind == SK_NODE_MAPPING && json_is_object (actual))
    compare_objects (path, expected, actual, differences);
  else if (!matches (expected, actual))
    {
      const SkNode *missing = expected->kind == SK_NODE_LIST && may_be_partial (expected->children)
                                  ? first_missing (expected->children, actual)
                                  : NULL;

      add_difference (differences, path, missing != NULL ? missing : expected, actual);
    }
}

void
sk_expectation_compare (const SkNode *expected, const json_t *actual, GPtrArray *differences)
{
  compare_at ("", expected, actual, differences);
}
