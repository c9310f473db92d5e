// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/store/sk-record.h"

#include "agent/store/sk-mail.h"
#include "sk-error.h"

#include <string.h>

gpointer
sk_record_new (const SkRecord *record)
{
  gpointer self = g_malloc0 (record->size);

  for (const SkRecordList *list = record->lists; list->name != NULL; list++)
    *SK_FIELD_AT (GPtrArray *, self, list) = g_ptr_array_new_with_free_func (list->record->free);
  return self;
}

/* --- copying and freeing -------------------------------------------------------------------- */

static void
copy_deadline (SkDeadline *to, const SkDeadline *from)
{
  *to = *from;
  to->boot_id = g_strdup (from->boot_id);
}

static void
copy_field (const SkField *field, gpointer to, gconstpointer from)
{
  switch (field->kind)
    {
    case SK_FIELD_TEXT:
      *SK_FIELD_AT (char *, to, field) = g_strdup (*SK_FIELD_CONST_AT (char *, from, field));
      break;
    case SK_FIELD_INTEGER:
      *SK_FIELD_AT (gint64, to, field) = *SK_FIELD_CONST_AT (gint64, from, field);
      break;
    case SK_FIELD_COUNT:
    case SK_FIELD_FLAG:
    case SK_FIELD_NAME:
      *SK_FIELD_AT (int, to, field) = *SK_FIELD_CONST_AT (int, from, field);
      break;
    case SK_FIELD_WORDS:
      *SK_FIELD_AT (char **, to, field) = g_strdupv (*SK_FIELD_CONST_AT (char **, from, field));
      break;
    case SK_FIELD_JSON:
      *SK_FIELD_AT (json_t *, to, field)
          = json_deep_copy (*SK_FIELD_CONST_AT (json_t *, from, field));
      break;
    case SK_FIELD_REPLY:
      *SK_FIELD_AT (SkReply *, to, field)
          = sk_reply_copy (*SK_FIELD_CONST_AT (SkReply *, from, field));
      break;
    case SK_FIELD_DEADLINE:
      copy_deadline (SK_FIELD_AT (SkDeadline, to, field),
                     SK_FIELD_CONST_AT (SkDeadline, from, field));
      break;
    }
}

static void
free_field (const SkField *field, gpointer self)
{
  switch (field->kind)
    {
    case SK_FIELD_TEXT:
      g_free (*SK_FIELD_AT (char *, self, field));
      break;
    case SK_FIELD_WORDS:
      g_strfreev (*SK_FIELD_AT (char **, self, field));
      break;
    case SK_FIELD_JSON:
      json_decref (*SK_FIELD_AT (json_t *, self, field));
      break;
    case SK_FIELD_REPLY:
      sk_reply_free (*SK_FIELD_AT (SkReply *, self, field));
      break;
    case SK_FIELD_DEADLINE:
      g_free (SK_FIELD_AT (SkDeadline, self, field)->boot_id);
      break;
    case SK_FIELD_INTEGER:
    case SK_FIELD_COUNT:
    case SK_FIELD_FLAG:
    case SK_FIELD_NAME:
      break;
    }
}

gpointer
sk_record_copy (const SkRecord *record, gconstpointer self)
{
  gpointer copy = sk_record_new (record);

  for (const SkField *field = record->fields; field->name != NULL; field++)
    copy_field (field, copy, self);
  for (const SkRecordList *list = record->lists; list->name != NULL; list++)
    {
      const GPtrArray *from = *SK_FIELD_CONST_AT (GPtrArray *, self, list);

      for (guint i = 0; i < from->len; i++)
        g_ptr_array_add (*SK_FIELD_AT (GPtrArray *, copy, list),
                         sk_record_copy (list->record, from->pdata[i]));
    }
  return copy;
}

void
sk_record_free (const SkRecord *record, gpointer self)
{
  if (self == NULL)
    return;
  for (const SkRecordList *list = record->lists; list->name != NULL; list++)
    g_ptr_array_unref (*SK_FIELD_AT (GPtrArray *, self, list));
  for (const SkField *field = record->fields; field->name != NULL; field++)
    free_field (field, self);
  g_free (self);
}

gboolean
sk_record_value_of_name (const char *const *names, const char *name, int *value)
{
  for (int i = 0; name != NULL && names[i] != NULL; i++)
    if (strcmp (names[i], name) == 0)
      {
        *value = i;
        return TRUE;
      }
  return FALSE;
}

/* --- to JSON -------------------------------------------------------------------------------- */

/* What is not UTF-8 (an envelope may hold anything) can't stand in a JSON string. */
static json_t *
text_to_json (const char *text)
{
  json_t *json = text != NULL ? json_string (text) : NULL;
  g_autofree char *base64 = NULL;

  if (json != NULL || text == NULL)
    return json;
  base64 = g_base64_encode ((const guchar *) text, strlen (text));
  json = json_object ();
  json_object_set_new (json, "base64", json_string (base64));
  return json;
}

json_t *
sk_words_to_json (char **words)
{
  json_t *array = words != NULL ? json_array () : NULL;

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    json_array_append_new (array, text_to_json (words[i]));
  return array;
}

static void
set_integer (json_t *object, const char *name, gint64 value)
{
  if (value != 0)
    json_object_set_new (object, name, json_integer (value));
}

static void
set_text (json_t *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_new (object, name, text_to_json (value));
}

static json_t *
reply_to_json (const SkReply *reply)
{
  json_t *json;

  if (reply == NULL)
    return NULL;
  json = json_object ();
  set_integer (json, "code", reply->code);
  set_text (json, "enhanced", reply->enhanced);
  set_text (json, "text", reply->text);
  return json;
}

static json_t *
deadline_to_json (const SkDeadline *deadline)
{
  json_t *json = json_object ();

  set_integer (json, "seconds", deadline->seconds);
  set_integer (json, "passed", deadline->passed);
  set_integer (json, "wall", deadline->mark_wall);
  set_integer (json, "boot", deadline->mark_boot);
  set_text (json, "boot-id", deadline->boot_id);
  return json;
}

static json_t *
integer_or_nothing (gint64 value)
{
  return value != 0 ? json_integer (value) : NULL;
}

/* NULL for what is left out. */
static json_t *
field_to_json (const SkField *field, gconstpointer self)
{
  switch (field->kind)
    {
    case SK_FIELD_TEXT:
      return text_to_json (*SK_FIELD_CONST_AT (char *, self, field));
    case SK_FIELD_INTEGER:
      return integer_or_nothing (*SK_FIELD_CONST_AT (gint64, self, field));
    case SK_FIELD_COUNT:
      return integer_or_nothing (*SK_FIELD_CONST_AT (guint, self, field));
    case SK_FIELD_FLAG:
      return *SK_FIELD_CONST_AT (gboolean, self, field) ? json_true () : NULL;
    case SK_FIELD_NAME:
      return json_string (field->names[*SK_FIELD_CONST_AT (int, self, field)]);
    case SK_FIELD_WORDS:
      return sk_words_to_json (*SK_FIELD_CONST_AT (char **, self, field));
    case SK_FIELD_JSON:
      return json_incref (*SK_FIELD_CONST_AT (json_t *, self, field));
    case SK_FIELD_REPLY:
      return reply_to_json (*SK_FIELD_CONST_AT (SkReply *, self, field));
    case SK_FIELD_DEADLINE:
      return deadline_to_json (SK_FIELD_CONST_AT (SkDeadline, self, field));
    }
  g_return_val_if_reached (NULL);
}

json_t *
sk_record_to_json (const SkRecord *record, gconstpointer self)
{
  json_t *object = json_object ();

  for (const SkField *field = record->fields; field->name != NULL; field++)
    {
      json_t *value = field_to_json (field, self);

      if (value != NULL)
        json_object_set_new (object, field->name, value);
    }
  for (const SkRecordList *list = record->lists; list->name != NULL; list++)
    {
      const GPtrArray *members = *SK_FIELD_CONST_AT (GPtrArray *, self, list);
      json_t *array = json_array ();

      for (guint i = 0; i < members->len; i++)
        json_array_append_new (array, sk_record_to_json (list->record, members->pdata[i]));
      json_object_set_new (object, list->name, array);
    }
  return object;
}

/* --- from JSON ------------------------------------------------------------------------------ */

static gboolean
json_to_text (const json_t *json, char **text)
{
  const char *base64 = json_string_value (json_object_get (json, "base64"));
  gsize length;

  if (json_is_string (json))
    *text = g_strdup (json_string_value (json));
  else if (base64 != NULL)
    {
      *text = (char *) g_base64_decode (base64, &length);
      *text = g_realloc (*text, length + 1);
      (*text)[length] = '\0';
    }
  return *text != NULL;
}

static gboolean
get_text (const json_t *object, const char *name, char **text)
{
  const json_t *member = json_object_get (object, name);

  return member == NULL || json_to_text (member, text);
}

gboolean
sk_words_from_json (const json_t *json, char ***words)
{
  gsize length = json_array_size (json);

  if (!json_is_array (json))
    return FALSE;
  *words = g_new0 (char *, length + 1);
  for (gsize i = 0; i < length; i++)
    if (!json_to_text (json_array_get (json, i), &(*words)[i]))
      return FALSE;
  return TRUE;
}

static gboolean
json_to_reply (const json_t *json, SkReply **reply)
{
  if (!json_is_object (json))
    return FALSE;
  *reply = g_new0 (SkReply, 1);
  (*reply)->code = (guint) json_integer_value (json_object_get (json, "code"));
  return get_text (json, "enhanced", &(*reply)->enhanced)
         && get_text (json, "text", &(*reply)->text);
}

static gboolean
json_to_deadline (const json_t *json, SkDeadline *deadline)
{
  deadline->seconds = json_integer_value (json_object_get (json, "seconds"));
  deadline->passed = json_integer_value (json_object_get (json, "passed"));
  deadline->mark_wall = json_integer_value (json_object_get (json, "wall"));
  deadline->mark_boot = json_integer_value (json_object_get (json, "boot"));
  return json_is_object (json) && get_text (json, "boot-id", &deadline->boot_id);
}

static gboolean
field_from_json (const SkField *field, const json_t *json, gpointer self)
{
  switch (field->kind)
    {
    case SK_FIELD_TEXT:
      return json_to_text (json, SK_FIELD_AT (char *, self, field));
    case SK_FIELD_INTEGER:
      *SK_FIELD_AT (gint64, self, field) = json_integer_value (json);
      return json_is_integer (json);
    case SK_FIELD_COUNT:
      *SK_FIELD_AT (guint, self, field) = (guint) json_integer_value (json);
      return json_is_integer (json);
    case SK_FIELD_FLAG:
      *SK_FIELD_AT (gboolean, self, field) = json_is_true (json);
      return json_is_boolean (json);
    case SK_FIELD_NAME:
      return sk_record_value_of_name (field->names, json_string_value (json),
                                      SK_FIELD_AT (int, self, field));
    case SK_FIELD_WORDS:
      return sk_words_from_json (json, SK_FIELD_AT (char **, self, field));
    case SK_FIELD_JSON:
      *SK_FIELD_AT (json_t *, self, field) = json_deep_copy (json);
      return TRUE;
    case SK_FIELD_REPLY:
      return json_to_reply (json, SK_FIELD_AT (SkReply *, self, field));
    case SK_FIELD_DEADLINE:
      return json_to_deadline (json, SK_FIELD_AT (SkDeadline, self, field));
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
bad_field (const char *name, GError **error)
{
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "\"%s\" is not what it must be", name);
  return FALSE;
}

static gboolean
read_fields (const SkRecord *record, const json_t *json, gpointer self, GError **error)
{
  for (const SkField *field = record->fields; field->name != NULL; field++)
    {
      const json_t *value = json_object_get (json, field->name);

      if (value != NULL && !field_from_json (field, value, self))
        return bad_field (field->name, error);
    }
  return TRUE;
}

static gboolean
read_list (const SkRecordList *list, const json_t *json, gpointer self, GError **error)
{
  const json_t *array = json_object_get (json, list->name);

  if (array != NULL && !json_is_array (array))
    return bad_field (list->name, error);
  for (gsize i = 0; i < json_array_size (array); i++)
    {
      gpointer member = sk_record_from_json (list->record, json_array_get (array, i), error);

      if (member == NULL)
        return FALSE;
      g_ptr_array_add (*SK_FIELD_AT (GPtrArray *, self, list), member);
    }
  return TRUE;
}

gpointer
sk_record_from_json (const SkRecord *record, const json_t *json, GError **error)
{
  gpointer self = sk_record_new (record);
  gboolean good = json_is_object (json) || bad_field ("a record", error);

  good = good && read_fields (record, json, self, error);
  for (const SkRecordList *list = record->lists; good && list->name != NULL; list++)
    good = read_list (list, json, self, error);
  if (good)
    return self;
  record->free (self);
  return NULL;
}
