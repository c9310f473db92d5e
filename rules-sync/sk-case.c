// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-case.h"

#include "sk-error.h"
#include "sk-file.h"
#include "sk-suggest.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 16 << 20 };

typedef enum { TEXT, TEXTS, MAPPING, TEXT_OR_MAPPING, TEXT_OR_TEXTS, LIST } Shape;

static const char *const shape_names[] = {
  [TEXT] = "one value",
  [TEXTS] = "a list of values",
  [MAPPING] = "a map",
  [TEXT_OR_MAPPING] = "a file's name or a map",
  [TEXT_OR_TEXTS] = "a file's name or a list",
  [LIST] = "a list of maps",
};

typedef struct {
  const char *key;
  Shape shape;
  gboolean required;
} Key;

static const Key case_keys[] = {
  { "name", TEXT },           { "mail", TEXT_OR_MAPPING, TRUE }, { "at", TEXT },
  { "tls", TEXT_OR_MAPPING }, { "history", TEXT_OR_TEXTS },      { "personal", TEXT },
  { "only", TEXTS },          { "expect", MAPPING, TRUE },       { NULL },
};
static const Key mail_keys[] = {
  { "from", TEXT, TRUE },  { "to", TEXTS },  { "cc", TEXTS },  { "bcc", TEXTS },
  { "subject", TEXT },     { "body", TEXT }, { "html", TEXT }, { "headers", MAPPING },
  { "attachments", LIST }, { NULL },
};
static const Key attachment_keys[] = {
  { "name", TEXT }, { "text", TEXT }, { "file", TEXT },
  { "size", TEXT }, { "type", TEXT }, { NULL },
};

typedef struct {
  const char *file;
  SkProblems *problems;
} Reader;

static void complain (const Reader *self, const SkNode *at, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static void
complain (const Reader *self, const SkNode *at, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  sk_problems_add_valist (self->problems, FALSE, self->file, at->line, at->column, format,
                          arguments);
  va_end (arguments);
}

static gboolean
is_texts (const SkNode *node)
{
  if (node->kind == SK_NODE_SCALAR)
    return TRUE;
  for (guint i = 0; node->kind == SK_NODE_LIST && i < node->children->len; i++)
    if (((const SkNode *) g_ptr_array_index (node->children, i))->kind != SK_NODE_SCALAR)
      return FALSE;
  return node->kind == SK_NODE_LIST;
}

static gboolean
has_shape (const SkNode *node, Shape shape)
{
  switch (shape)
    {
    case TEXT:
      return node->kind == SK_NODE_SCALAR;
    case TEXTS:
    case TEXT_OR_TEXTS:
      return is_texts (node);
    case MAPPING:
      return node->kind == SK_NODE_MAPPING;
    case TEXT_OR_MAPPING:
      return node->kind != SK_NODE_LIST;
    case LIST:
    default:
      return node->kind == SK_NODE_LIST;
    }
}

static const Key *
find_key (const Key *keys, const char *name)
{
  for (; keys->key != NULL; keys++)
    if (strcmp (keys->key, name) == 0)
      return keys;
  return NULL;
}

static void
complain_of_key (const Reader *self, const SkNode *key, const Key *keys)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *near;

  for (; keys->key != NULL; keys++)
    g_ptr_array_add (names, (gpointer) keys->key);
  g_ptr_array_add (names, NULL);
  near = sk_suggest (key->text, (const char *const *) names->pdata);
  if (near != NULL)
    complain (self, key, "unknown key '%s' (did you mean '%s'?)", key->text, near);
  else
    complain (self, key, "unknown key '%s'", key->text);
}

static void
check_mapping (const Reader *self, const SkNode *node, const char *what, const Key *keys)
{
  if (node->kind != SK_NODE_MAPPING)
    {
      complain (self, node, "%s must be a map", what);
      return;
    }
  for (guint i = 0; i < node->keys->len; i++)
    {
      const SkNode *name = g_ptr_array_index (node->keys, i);
      const Key *key = find_key (keys, name->text);

      if (key == NULL)
        complain_of_key (self, name, keys);
      else if (!has_shape (g_ptr_array_index (node->children, i), key->shape))
        complain (self, name, "'%s' must be %s", key->key, shape_names[key->shape]);
    }
  for (; keys->key != NULL; keys++)
    if (keys->required && sk_node_get (node, keys->key) == NULL)
      complain (self, node, "%s needs '%s'", what, keys->key);
}

static void
check_attachment (const Reader *self, const SkNode *node)
{
  static const char *const contents[] = { "text", "file", "size" };
  guint given = 0;

  check_mapping (self, node, "an attachment", attachment_keys);
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    given += sk_node_get (node, contents[i]) != NULL;
  if (given > 1)
    complain (self, node, "an attachment has one of 'text', 'file' and 'size'");
}

static void
check_mail (const Reader *self, const SkNode *node)
{
  const SkNode *attachments;

  if (node == NULL || node->kind == SK_NODE_SCALAR)
    return;
  check_mapping (self, node, "a mail", mail_keys);
  if (sk_node_get (node, "to") == NULL && sk_node_get (node, "cc") == NULL
      && sk_node_get (node, "bcc") == NULL)
    complain (self, node, "a mail needs 'to', 'cc' or 'bcc'");
  attachments = sk_node_get (node, "attachments");
  for (guint i = 0;
       attachments != NULL && attachments->kind == SK_NODE_LIST && i < attachments->children->len;
       i++)
    check_attachment (self, g_ptr_array_index (attachments->children, i));
}

static const char *
text_of (const SkNode *root, const char *key)
{
  const SkNode *node = sk_node_get (root, key);

  return node != NULL && node->kind == SK_NODE_SCALAR ? node->text : NULL;
}

char **
sk_case_texts (const SkNode *node)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  if (node == NULL)
    return NULL;
  if (node->kind == SK_NODE_SCALAR)
    g_strv_builder_add (texts, node->text);
  for (guint i = 0; node->kind == SK_NODE_LIST && i < node->children->len; i++)
    g_strv_builder_add (texts, ((const SkNode *) g_ptr_array_index (node->children, i))->text);
  return g_strv_builder_end (texts);
}

/* `root` is taken over. NULL when something is wrong with it. */
static SkCase *
case_new (const Reader *reader, const char *folder, SkNode *root)
{
  guint errors = reader->problems->errors;
  SkCase *self = g_new0 (SkCase, 1);

  self->root = root;
  self->file = g_strdup (reader->file);
  self->folder = g_strdup (folder);
  check_mapping (reader, root, "a case", case_keys);
  check_mail (reader, sk_node_get (root, "mail"));
  if (reader->problems->errors > errors)
    {
      sk_case_free (self);
      return NULL;
    }
  self->name = text_of (root, "name");
  self->mail = sk_node_get (root, "mail");
  self->mail_file = text_of (root, "mail");
  self->at = text_of (root, "at");
  self->tls = sk_node_get (root, "tls");
  self->history = sk_node_get (root, "history");
  self->personal = text_of (root, "personal");
  self->only = sk_case_texts (sk_node_get (root, "only"));
  self->expect = sk_node_get (root, "expect");
  return self;
}

void
sk_case_free (SkCase *self)
{
  g_free (self->file);
  g_free (self->folder);
  g_strfreev (self->only);
  sk_node_free (self->root);
  g_free (self);
}

void
sk_cases_read (const char *folder, const char *name, GPtrArray *cases, SkProblems *problems)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) documents = NULL;
  Reader reader = { name, problems };
  gsize length;
  g_autofree char *text = sk_file_read (path, MOST_BYTES, &length, &error);

  if (text == NULL)
    {
      sk_problems_add (problems, FALSE, name, 0, 0, "%s", error->message);
      return;
    }
  documents = sk_yaml_parse (text, length, name, problems);
  g_ptr_array_set_free_func (documents, NULL);
  for (guint i = 0; i < documents->len; i++)
    {
      SkCase *self = case_new (&reader, folder, g_ptr_array_index (documents, i));

      if (self != NULL)
        g_ptr_array_add (cases, self);
    }
}

/* Symbolic links are followed before the two are compared. */
static gboolean
lies_in (const char *path, const char *folder)
{
  g_autofree char *real_path = realpath (path, NULL);
  g_autofree char *real_folder = realpath (folder, NULL);
  gsize n = real_folder == NULL ? 0 : strlen (real_folder);

  return real_path != NULL && n > 0 && strncmp (real_path, real_folder, n) == 0
         && real_path[n] == '/';
}

char *
sk_case_path (const SkCase *self, const char *name, GError **error)
{
  g_autofree char *beside = g_path_get_dirname (self->file);
  g_autofree char *path = g_build_filename (self->folder, beside, name, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_FOUND, "there is no file '%s' beside the case",
                 name);
  else if (g_path_is_absolute (name) || !lies_in (path, self->folder))
    g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                 "'%s' leads out of the policy's folder; copy the file into cases/", name);
  else
    return g_steal_pointer (&path);
  return NULL;
}
