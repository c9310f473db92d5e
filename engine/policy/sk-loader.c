// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-loader.h"

#include "sk-action.h"
#include "sk-file.h"
#include "sk-suggest.h"
#include "sk-templates.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define FILE_LIMIT ((gsize) 512 << 20)

static void
add_problem (SkLoader *self, gboolean warning, const SkNode *at, const char *format,
             va_list arguments) G_GNUC_PRINTF (4, 0);

static void
add_problem (SkLoader *self, gboolean warning, const SkNode *at, const char *format,
             va_list arguments)
{
  sk_problems_add_valist (self->problems, warning, self->file, at != NULL ? at->line : 0,
                          at != NULL ? at->column : 0, format, arguments);
}

void
sk_loader_error (SkLoader *self, const SkNode *at, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add_problem (self, FALSE, at, format, arguments);
  va_end (arguments);
}

void
sk_loader_warn (SkLoader *self, const SkNode *at, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add_problem (self, TRUE, at, format, arguments);
  va_end (arguments);
}

void
sk_loader_unknown (SkLoader *self, const SkNode *at, const char *what, const char *word,
                   const char *const *candidates)
{
  const char *suggestion = sk_suggest (word, candidates);
  g_autofree char *all = NULL;

  if (suggestion != NULL)
    {
      sk_loader_error (self, at, "unknown %s '%s' (did you mean '%s'?)", what, word, suggestion);
      return;
    }
  all = g_strjoinv (", ", (char **) candidates);
  if (*all == '\0' || strlen (all) > 300)
    sk_loader_error (self, at, "unknown %s '%s'", what, word);
  else
    sk_loader_error (self, at, "unknown %s '%s': there are %s", what, word, all);
}

static const SkField *
find_field (const SkFieldTable *table, const char *key)
{
  for (const SkField *field = table->fields; field->key != NULL; field++)
    if (strcmp (field->key, key) == 0)
      return field;
  return NULL;
}

static void
complain_of_key (SkLoader *self, const SkNode *key, const SkFieldTable *table)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  for (const SkField *field = table->fields; field->key != NULL; field++)
    g_ptr_array_add (keys, (gpointer) field->key);
  g_ptr_array_add (keys, NULL);
  sk_loader_unknown (self, key, "key", key->text, (const char *const *) keys->pdata);
}

void
sk_loader_check_keys (SkLoader *self, const SkNode *node, const SkFieldTable *table)
{
  for (guint i = 0; i < node->keys->len; i++)
    if (find_field (table, ((const SkNode *) node->keys->pdata[i])->text) == NULL)
      complain_of_key (self, node->keys->pdata[i], table);
}

gboolean
sk_loader_read_mapping (SkLoader *self, const SkNode *node, const SkFieldTable *table,
                        gpointer into)
{
  if (sk_node_is_empty (node) || (node->kind == SK_NODE_MAPPING && node->keys->len == 0))
    {
      sk_loader_error (self, node, "empty '%s'", table->name);
      return FALSE;
    }
  if (node->kind != SK_NODE_MAPPING)
    {
      sk_loader_error (self, node, "'%s' must be a block of keys", table->name);
      return FALSE;
    }
  for (guint i = 0; i < node->keys->len; i++)
    {
      const SkNode *key = node->keys->pdata[i];
      const SkField *field = find_field (table, key->text);

      if (field == NULL)
        complain_of_key (self, key, table);
      else
        field->read (self, node->children->pdata[i], into);
    }
  return TRUE;
}

const char *
sk_loader_text (SkLoader *self, const SkNode *node)
{
  if (node->kind != SK_NODE_SCALAR)
    sk_loader_error (self, node, "one text is needed here");
  else if (node->text[0] == '\0')
    sk_loader_error (self, node, "a value is missing");
  else
    return node->text;
  return NULL;
}

gboolean
sk_loader_truth (SkLoader *self, const SkNode *node, gboolean *result)
{
  const char *text = sk_loader_text (self, node);

  if (text == NULL)
    return FALSE;
  *result = strcmp (text, "yes") == 0 || strcmp (text, "true") == 0;
  if (*result || strcmp (text, "no") == 0 || strcmp (text, "false") == 0)
    return TRUE;
  sk_loader_error (self, node, "'%s' is neither yes nor no", text);
  return FALSE;
}

int
sk_loader_word (SkLoader *self, const SkNode *node, const char *what, const char *const *words)
{
  const char *text = sk_loader_text (self, node);

  if (text == NULL)
    return -1;
  for (int i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], text) == 0)
      return i;
  sk_loader_unknown (self, node, what, text, words);
  return -1;
}

gboolean
sk_loader_count (SkLoader *self, const SkNode *node, SkComparison *result)
{
  const char *text = sk_loader_text (self, node);
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return FALSE;
  if (sk_comparison_parse_count (text, result, &error))
    return TRUE;
  sk_loader_error (self, node, "%s", error->message);
  return FALSE;
}

gboolean
sk_loader_size (SkLoader *self, const SkNode *node, SkComparison *result)
{
  const char *text = sk_loader_text (self, node);
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return FALSE;
  if (sk_comparison_parse_size (text, result, &error))
    return TRUE;
  sk_loader_error (self, node, "%s", error->message);
  return FALSE;
}

gboolean
sk_loader_integer (SkLoader *self, const SkNode *node, gint64 least, gint64 most, gint64 *result)
{
  const char *text = sk_loader_text (self, node);

  if (text == NULL)
    return FALSE;
  if (g_ascii_string_to_signed (text, 10, least, most, result, NULL))
    return TRUE;
  sk_loader_error (self, node, "'%s' is no number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                   text, least, most);
  return FALSE;
}

gboolean
sk_loader_has_hours (SkLoader *self, const SkNode *at)
{
  if (self->policy->has_hours)
    return TRUE;
  sk_loader_error (self, at, "business hours are asked for, but 'organization' names no 'hours'");
  return FALSE;
}

gboolean
sk_loader_duration (SkLoader *self, const SkNode *node, gint64 *seconds, gboolean *business)
{
  const char *text = sk_loader_text (self, node);
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return FALSE;
  if (!sk_duration_parse (text, seconds, business, &error))
    {
      sk_loader_error (self, node, "%s", error->message);
      return FALSE;
    }
  return business == NULL || !*business || sk_loader_has_hours (self, node);
}

gboolean
sk_loader_date (SkLoader *self, const SkNode *node, guint32 *julian)
{
  const char *text = sk_loader_text (self, node);
  guint year, month, day;
  int end = 0;

  if (text == NULL)
    return FALSE;
  if (sscanf (text, "%4u-%2u-%2u%n", &year, &month, &day, &end) == 3 && text[end] == '\0'
      && year >= 1900 && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    {
      GDate date;

      g_date_clear (&date, 1);
      g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
      *julian = g_date_get_julian (&date);
      return TRUE;
    }
  sk_loader_error (self, node, "'%s' is no date: write it as 2026-12-31", text);
  return FALSE;
}

GPtrArray *
sk_loader_items (SkLoader *self, const SkNode *node, const char *what)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  if (node->kind == SK_NODE_SCALAR && node->text[0] != '\0')
    g_ptr_array_add (items, (gpointer) node);
  else if (node->kind == SK_NODE_LIST && node->children->len > 0)
    {
      for (guint i = 0; i < node->children->len; i++)
        if (sk_loader_text (self, node->children->pdata[i]) != NULL)
          g_ptr_array_add (items, node->children->pdata[i]);
    }
  else if (node->kind == SK_NODE_MAPPING && node->keys->len > 0)
    {
      sk_loader_error (self, node, "'%s' must be one value or a list", what);
      return NULL;
    }
  else
    {
      sk_loader_error (self, node, "empty '%s'", what);
      return NULL;
    }
  return items->len > 0 ? g_steal_pointer (&items) : NULL;
}

gboolean
sk_loader_holidays (SkLoader *self, const SkNode *node, SkHours *calendar)
{
  g_autoptr (GPtrArray) items = sk_loader_items (self, node, "holidays");

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const SkNode *item = items->pdata[i];
      guint32 julian;

      if (strcmp (item->text, "jp") == 0)
        calendar->japanese_holidays = TRUE;
      else if (sk_loader_date (self, item, &julian))
        {
          if (calendar->holidays == NULL)
            calendar->holidays = g_array_new (FALSE, FALSE, sizeof (guint32));
          g_array_append_val (calendar->holidays, julian);
        }
    }
  return items != NULL;
}

static void
set_text (SkLoader *self, const SkNode *node, char **text)
{
  const char *value = sk_loader_text (self, node);

  if (value != NULL)
    {
      g_free (*text);
      *text = g_strdup (value);
    }
}

static void
read_ja (SkLoader *self, const SkNode *node, gpointer into)
{
  set_text (self, node, &((SkLocalized *) into)->ja);
}

static void
read_en (SkLoader *self, const SkNode *node, gpointer into)
{
  set_text (self, node, &((SkLocalized *) into)->en);
}

static const SkField localized_fields[] = { { "ja", read_ja }, { "en", read_en }, { NULL } };
const SkFieldTable sk_localized_table = { "text", localized_fields };

void
sk_loader_localized (SkLoader *self, const SkNode *node, SkLocalized *result)
{
  sk_localized_clear (result);
  if (node->kind == SK_NODE_MAPPING)
    sk_loader_read_mapping (self, node, &sk_localized_table, result);
  else
    {
      set_text (self, node, &result->en);
      result->ja = g_strdup (result->en);
    }
}

/* Absolute names and ".." would read what is not the policy's. */
static gboolean
is_inside (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);

  for (char **part = parts; *part != NULL; part++)
    if (**part == '\0' || strcmp (*part, "..") == 0 || strcmp (*part, ".") == 0)
      return FALSE;
  return TRUE;
}

char *
sk_loader_read_file (SkLoader *self, const SkNode *at, const char *name, gsize *length)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *contents;

  if (!is_inside (name))
    {
      sk_loader_error (self, at, "'%s' is not inside the policy's folder", name);
      return NULL;
    }
  contents = sk_file_read (path, FILE_LIMIT, length, &error);
  if (contents == NULL)
    sk_loader_error (self, at, "%s: %s", name,
                     g_str_has_prefix (error->message, path) ? error->message + strlen (path) + 2
                                                             : error->message);
  return contents;
}

SkAddress *
sk_loader_address (SkLoader *self, const SkNode *node)
{
  const char *text = sk_loader_text (self, node);
  SkAddress *address = text != NULL ? sk_address_new (text, NULL) : NULL;

  if (text != NULL && address == NULL)
    sk_loader_error (self, node, "'%s' is no mail address", text);
  return address;
}

char *
sk_loader_template (SkLoader *self, const SkNode *node)
{
  const char *text = sk_loader_text (self, node);
  g_autofree const char **names = NULL;

  if (text == NULL)
    return NULL;
  if (sk_templates_find (self->policy->templates, text, NULL) != NULL)
    return g_strdup (text);
  names = sk_templates_names (self->policy->templates);
  sk_loader_unknown (self, node, "template", text, names);
  return NULL;
}

char *
sk_language_to_json (void)
{
  json_t *all = json_object ();
  char *text;

  for (const SkFieldTable *const *table = sk_language_tables; *table != NULL; table++)
    {
      json_t *keys = json_array ();

      for (const SkField *field = (*table)->fields; field->key != NULL; field++)
        json_array_append_new (keys, json_string (field->key));
      json_object_set_new (all, (*table)->name, keys);
    }
  text = json_dumps (all, JSON_INDENT (1));
  json_decref (all);
  return text;
}
