// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-yaml.h"

#include <libfyaml.h>
#include <string.h>

/* What a policy of ten thousand rules stays far below. */
#define DEPTH 64
#define NODES 4000000

typedef struct {
  struct fy_parser *parser;
  struct fy_diag *diag;
  const char *file;
  SkProblems *problems;
  guint nodes;
  gboolean ended; /* the stream is over or broken */
} Reader;

void
sk_node_free (SkNode *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_free (self);
}

const SkNode *
sk_node_get (const SkNode *self, const char *key)
{
  if (self == NULL || self->kind != SK_NODE_MAPPING)
    return NULL;
  for (guint i = 0; i < self->keys->len; i++)
    if (strcmp (((const SkNode *) self->keys->pdata[i])->text, key) == 0)
      return self->children->pdata[i];
  return NULL;
}

gboolean
sk_node_is_empty (const SkNode *self)
{
  return self->kind == SK_NODE_SCALAR && self->plain && self->text[0] == '\0';
}

static SkNode *
node_new (SkNodeKind kind, const struct fy_mark *mark)
{
  SkNode *node = g_new0 (SkNode, 1);

  node->kind = kind;
  node->line = mark != NULL ? (guint) mark->line + 1 : 0;
  node->column = mark != NULL ? (guint) mark->column + 1 : 0;
  if (kind != SK_NODE_SCALAR)
    node->children = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_node_free);
  if (kind == SK_NODE_MAPPING)
    node->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_node_free);
  return node;
}

static void
complain (Reader *reader, const SkNode *node, const char *message)
{
  sk_problems_add (reader->problems, FALSE, reader->file, node->line, node->column, "%s", message);
}

static void
complain_of_decoration (Reader *reader, const SkNode *node, struct fy_token *anchor,
                        struct fy_token *tag)
{
  if (anchor != NULL)
    complain (reader, node, "anchors are not allowed here: write the value out where it is needed");
  if (tag != NULL)
    complain (reader, node, "tags are not allowed here: leave out what begins with '!'");
}

static gboolean
is_quoted (enum fy_scalar_style style)
{
  return style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
}

/* Piece by piece, since libfyaml 0.7.12's fy_token_get_text() leaks memory for texts of many
 * pieces. */
static char *
text_of (struct fy_token *token, gsize *length)
{
  GString *text = g_string_new (NULL);
  struct fy_token_iter *iter = token != NULL ? fy_token_iter_create (token) : NULL;
  const struct fy_iter_chunk *chunk = NULL;
  int failed = 0;

  while (iter != NULL && (chunk = fy_token_iter_chunk_next (iter, chunk, &failed)) != NULL)
    g_string_append_len (text, chunk->str, (gssize) chunk->len);
  if (iter != NULL)
    fy_token_iter_destroy (iter);
  *length = text->len;
  return g_string_free (text, FALSE);
}

static SkNode *
scalar_from_event (Reader *reader, struct fy_event *event)
{
  struct fy_token *token = event->scalar.value;
  SkNode *node = node_new (SK_NODE_SCALAR, fy_event_start_mark (event));
  gsize length = 0;

  node->text = text_of (token, &length);
  node->plain = token == NULL || fy_token_scalar_style (token) == FYSS_PLAIN;
  /* libfyaml's mark stands behind the quote. */
  if (!node->plain && is_quoted (fy_token_scalar_style (token)))
    node->column--;
  if (strlen (node->text) != length)
    complain (reader, node, "a NUL character is not allowed in a text");
  complain_of_decoration (reader, node, event->scalar.anchor, event->scalar.tag);
  return node;
}

/* NULL at the end of the stream or after an error. */
static struct fy_event *
next_event (Reader *reader)
{
  struct fy_event *event = reader->ended ? NULL : fy_parser_parse (reader->parser);

  if (event == NULL)
    reader->ended = TRUE;
  return event;
}

static SkNode *read_node (Reader *reader, struct fy_event *event, guint depth);

/* Reads the next node of a container; NULL at its end (or when the stream broke). */
static SkNode *
read_next (Reader *reader, enum fy_event_type end, guint depth)
{
  struct fy_event *event = next_event (reader);

  if (event == NULL)
    return NULL;
  if (event->type == end)
    {
      fy_parser_event_free (reader->parser, event);
      return NULL;
    }
  return read_node (reader, event, depth);
}

static void
read_list (Reader *reader, SkNode *list, guint depth)
{
  SkNode *item;

  while ((item = read_next (reader, FYET_SEQUENCE_END, depth)) != NULL)
    g_ptr_array_add (list->children, item);
}

/* Keeps a pair unless its key is no scalar or was there already. */
static void
add_pair (Reader *reader, SkNode *mapping, GHashTable *seen, SkNode *key, SkNode *value)
{
  if (key->kind != SK_NODE_SCALAR)
    complain (reader, key, "a key must be a word");
  else if (!g_hash_table_add (seen, g_strdup (key->text)))
    sk_problems_add (reader->problems, FALSE, reader->file, key->line, key->column,
                     "duplicate key '%s': it stands in the same block already", key->text);
  else
    {
      g_ptr_array_add (mapping->keys, key);
      g_ptr_array_add (mapping->children, value);
      return;
    }
  sk_node_free (key);
  sk_node_free (value);
}

static void
read_mapping (Reader *reader, SkNode *mapping, guint depth)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  SkNode *key;

  while ((key = read_next (reader, FYET_MAPPING_END, depth)) != NULL)
    {
      SkNode *value = read_next (reader, FYET_NONE, depth);

      if (value == NULL)
        {
          sk_node_free (key);
          return;
        }
      if (value->line == 0)
        {
          value->line = key->line;
          value->column = key->column;
        }
      add_pair (reader, mapping, seen, key, value);
    }
}

static SkNode *
refuse_alias (Reader *reader, struct fy_event *event)
{
  SkNode *node = node_new (SK_NODE_SCALAR, fy_event_start_mark (event));

  node->text = g_strdup ("");
  node->plain = TRUE;
  node->column--; /* the mark stands behind the asterisk */
  complain (reader, node, "aliases are not allowed here: write the value out where it is needed");
  return node;
}

static gboolean
within_limits (Reader *reader, const SkNode *node, guint depth)
{
  if (++reader->nodes <= NODES && depth <= DEPTH)
    return TRUE;
  if (!reader->ended)
    complain (reader, node, depth > DEPTH ? "nested too deeply (more than 64 levels)"
                                          : "too long (more than 4,000,000 values)");
  reader->ended = TRUE;
  return FALSE;
}

/* Takes the event. */
static SkNode *
read_node (Reader *reader, struct fy_event *event, guint depth)
{
  SkNode *node = NULL;

  switch (event->type)
    {
    case FYET_SCALAR:
      node = scalar_from_event (reader, event);
      break;
    case FYET_ALIAS:
      node = refuse_alias (reader, event);
      break;
    case FYET_SEQUENCE_START:
      node = node_new (SK_NODE_LIST, fy_event_start_mark (event));
      complain_of_decoration (reader, node, event->sequence_start.anchor,
                              event->sequence_start.tag);
      break;
    case FYET_MAPPING_START:
      node = node_new (SK_NODE_MAPPING, fy_event_start_mark (event));
      complain_of_decoration (reader, node, event->mapping_start.anchor, event->mapping_start.tag);
      break;
    default:
      break;
    }
  fy_parser_event_free (reader->parser, event);
  if (node == NULL || !within_limits (reader, node, depth))
    return node;
  if (node->kind == SK_NODE_LIST)
    read_list (reader, node, depth + 1);
  else if (node->kind == SK_NODE_MAPPING)
    read_mapping (reader, node, depth + 1);
  return node;
}

static gboolean
begins_node (const struct fy_event *event)
{
  return event->type == FYET_SCALAR || event->type == FYET_ALIAS
         || event->type == FYET_SEQUENCE_START || event->type == FYET_MAPPING_START;
}

static void
read_documents (Reader *reader, GPtrArray *documents)
{
  struct fy_event *event;

  while ((event = next_event (reader)) != NULL)
    {
      if (begins_node (event))
        {
          SkNode *node = read_node (reader, event, 0);

          if (sk_node_is_empty (node))
            sk_node_free (node);
          else
            g_ptr_array_add (documents, node);
        }
      else
        fy_parser_event_free (reader->parser, event);
    }
}

/* A collector for libfyaml's own messages, which prints nothing. */
static struct fy_diag *
diag_new (void)
{
  struct fy_diag_cfg configuration;
  struct fy_diag *diag;

  fy_diag_cfg_default (&configuration);
  configuration.fp = NULL;
  configuration.colorize = false;
  diag = fy_diag_create (&configuration);
  fy_diag_set_collect_errors (diag, true);
  return diag;
}

/* libfyaml's own complaints; the first is enough, the others follow from it. */
static gboolean
take_diagnostics (Reader *reader)
{
  struct fy_diag *diag = reader->diag;
  void *position = NULL;
  struct fy_diag_error *error = fy_diag_errors_iterate (diag, &position);
  gboolean broken = error != NULL || fy_parser_get_stream_error (reader->parser);

  if (error != NULL)
    {
      g_autofree char *message = g_strstrip (g_strdup (error->msg));

      sk_problems_add (reader->problems, FALSE, reader->file, (guint) MAX (error->line, 0),
                       (guint) MAX (error->column, 0), "not valid YAML: %s", message);
    }
  else if (broken)
    sk_problems_add (reader->problems, FALSE, reader->file, 0, 0, "not valid YAML");
  return broken;
}

GPtrArray *
sk_yaml_parse (const char *text, gsize length, const char *file, SkProblems *problems)
{
  struct fy_parse_cfg configuration = { .flags = FYPCF_QUIET | FYPCF_JSON_NONE };
  GPtrArray *documents = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_node_free);
  Reader reader = { .file = file, .problems = problems };

  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  if (!sk_problems_check_encoding (problems, file, text, length))
    return documents;
  configuration.diag = reader.diag = diag_new ();
  reader.parser = fy_parser_create (&configuration);
  if (reader.parser == NULL || fy_parser_set_string (reader.parser, text, length) != 0)
    g_error ("libfyaml could not be set up");
  read_documents (&reader, documents);
  if (take_diagnostics (&reader) && documents->len > 0)
    g_ptr_array_set_size (documents, (int) documents->len - 1);
  fy_parser_destroy (reader.parser);
  fy_diag_destroy (reader.diag);
  return documents;
}
