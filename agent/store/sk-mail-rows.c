// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/store/sk-mail-rows.h"

#include "agent/store/sk-mail-record.h"
#include "sk-error.h"

#include <stdlib.h>

/* Compound fields take several columns. */
static const char *const plain_columns[] = { "", NULL };
static const char *const reply_columns[] = { "_code", "_enhanced", "_text", NULL };
static const char *const deadline_columns[]
    = { "_seconds", "_passed", "_wall", "_boot", "_boot_id", NULL };

static const char *const *
columns_of (const SkField *field)
{
  if (field->kind == SK_FIELD_REPLY)
    return reply_columns;
  return field->kind == SK_FIELD_DEADLINE ? deadline_columns : plain_columns;
}

/* A table of the database: its record, and the columns that lead to it from its mail. */
typedef struct {
  const char *name;
  const SkRecord *record;
  const char *keys; /* the columns before the record's own */
  const char *rest; /* of the statement that reads it */
} Table;

static const Table mails = { "mails", &sk_mail_record, "", "" };
static const Table deliveries
    = { "deliveries", &sk_delivery_record, "mail, ", "WHERE mail = ?1 ORDER BY number" };
static const Table recipients
    = { "recipients", &sk_delivery_recipient_record, "mail, delivery, position, ",
        "WHERE mail = ?1 AND delivery = ?2 ORDER BY position" };
static const Table gates = { "gates", &sk_gate_record, "mail, delivery, position, ",
                             "WHERE mail = ?1 AND delivery = ?2 ORDER BY position" };

/* --- the SQL, from the tables --------------------------------------------------------------- */

/* The record's own columns, quoted. */
static char *
list_columns (const Table *table)
{
  GString *list = g_string_new (NULL);

  for (const SkField *field = table->record->fields; field->name != NULL; field++)
    for (const char *const *suffix = columns_of (field); *suffix != NULL; suffix++)
      g_string_append_printf (list, "%s\"%s%s\"", list->len > 0 ? ", " : "", field->name, *suffix);
  return g_string_free (list, FALSE);
}

static char *
list_marks (const char *columns)
{
  GString *marks = g_string_new ("?");

  for (; *columns != '\0'; columns++)
    if (*columns == ',')
      g_string_append (marks, ", ?");
  return g_string_free (marks, FALSE);
}

static const char *
insert_sql (const Table *table)
{
  g_autofree char *own = list_columns (table);
  g_autofree char *columns = g_strconcat (table->keys, own, NULL);
  g_autofree char *marks = list_marks (columns);
  g_autofree char *text
      = g_strdup_printf ("INSERT INTO %s (%s) VALUES (%s)", table->name, columns, marks);

  return g_intern_string (text);
}

/* An existing row is changed, not replaced: replacing would delete its children by cascade. */
static const char *
upsert_sql (const Table *table)
{
  const char *insert = insert_sql (table);
  g_autoptr (GString) changes = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (const SkField *field = table->record->fields; field->name != NULL; field++)
    for (const char *const *suffix = columns_of (field); *suffix != NULL; suffix++)
      g_string_append_printf (changes, "%s\"%s%s\" = excluded.\"%s%s\"",
                              changes->len > 0 ? ", " : "", field->name, *suffix, field->name,
                              *suffix);
  text = g_strdup_printf ("%s ON CONFLICT (id) DO UPDATE SET %s", insert, changes->str);
  return g_intern_string (text);
}

static const char *
select_sql (const Table *table, const char *rest)
{
  g_autofree char *columns = list_columns (table);
  g_autofree char *text = g_strdup_printf ("SELECT %s FROM %s %s", columns, table->name, rest);

  return g_intern_string (text);
}

static struct {
  const char *upsert_mail, *insert_delivery, *insert_recipient, *insert_gate;
  const char *select_deliveries, *select_recipients, *select_gates;
} sql;

static void
prepare_sql (void)
{
  static gsize prepared;

  if (!g_once_init_enter (&prepared))
    return;
  sql.upsert_mail = upsert_sql (&mails);
  sql.insert_delivery = insert_sql (&deliveries);
  sql.insert_recipient = insert_sql (&recipients);
  sql.insert_gate = insert_sql (&gates);
  sql.select_deliveries = select_sql (&deliveries, deliveries.rest);
  sql.select_recipients = select_sql (&recipients, recipients.rest);
  sql.select_gates = select_sql (&gates, gates.rest);
  g_once_init_leave (&prepared, 1);
}

/* --- writing -------------------------------------------------------------------------------- */

static void
bind_json (SkStatement *statement, int index, const json_t *json)
{
  char *text = json != NULL ? json_dumps (json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

  sqlite3_bind_text (statement, index, text, -1, free);
}

static void
bind_words (SkStatement *statement, int index, char **words)
{
  json_t *json = sk_words_to_json (words);

  bind_json (statement, index, json);
  json_decref (json);
}

static void
bind_reply (SkStatement *statement, int index, const SkReply *reply)
{
  if (reply == NULL)
    return;
  sqlite3_bind_int64 (statement, index, reply->code);
  sk_statement_bind_text (statement, index + 1, reply->enhanced);
  sk_statement_bind_text (statement, index + 2, reply->text);
}

static void
bind_deadline (SkStatement *statement, int index, const SkDeadline *deadline)
{
  sqlite3_bind_int64 (statement, index, deadline->seconds);
  sqlite3_bind_int64 (statement, index + 1, deadline->passed);
  sqlite3_bind_int64 (statement, index + 2, deadline->mark_wall);
  sqlite3_bind_int64 (statement, index + 3, deadline->mark_boot);
  sk_statement_bind_text (statement, index + 4, deadline->boot_id);
}

static void
bind_field (SkStatement *statement, int index, const SkField *field, gconstpointer self)
{
  switch (field->kind)
    {
    case SK_FIELD_TEXT:
      sk_statement_bind_text (statement, index, *SK_FIELD_CONST_AT (char *, self, field));
      break;
    case SK_FIELD_INTEGER:
      sqlite3_bind_int64 (statement, index, *SK_FIELD_CONST_AT (gint64, self, field));
      break;
    case SK_FIELD_COUNT:
      sqlite3_bind_int64 (statement, index, *SK_FIELD_CONST_AT (guint, self, field));
      break;
    case SK_FIELD_FLAG:
      sqlite3_bind_int (statement, index, *SK_FIELD_CONST_AT (gboolean, self, field) != FALSE);
      break;
    case SK_FIELD_NAME:
      sk_statement_bind_text (statement, index,
                              field->names[*SK_FIELD_CONST_AT (int, self, field)]);
      break;
    case SK_FIELD_WORDS:
      bind_words (statement, index, *SK_FIELD_CONST_AT (char **, self, field));
      break;
    case SK_FIELD_JSON:
      bind_json (statement, index, *SK_FIELD_CONST_AT (json_t *, self, field));
      break;
    case SK_FIELD_REPLY:
      bind_reply (statement, index, *SK_FIELD_CONST_AT (SkReply *, self, field));
      break;
    case SK_FIELD_DEADLINE:
      bind_deadline (statement, index, SK_FIELD_CONST_AT (SkDeadline, self, field));
      break;
    }
}

static void
bind_record (SkStatement *statement, int index, const SkRecord *record, gconstpointer self)
{
  for (const SkField *field = record->fields; field->name != NULL; field++)
    {
      bind_field (statement, index, field, self);
      index += (int) g_strv_length ((char **) columns_of (field));
    }
}

static gboolean
write_mail (SkDatabase *database, const SkMail *mail, GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (database, sql.upsert_mail, error);

  if (statement == NULL)
    return FALSE;
  bind_record (statement, 1, &sk_mail_record, mail);
  return sk_database_finish (database, statement, error);
}

static gboolean
remove_deliveries (SkDatabase *database, const SkMail *mail, GError **error)
{
  g_autoptr (SkStatement) statement
      = sk_database_statement (database, "DELETE FROM deliveries WHERE mail = ?", error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, mail->id);
  return sk_database_finish (database, statement, error);
}

static gboolean
write_delivery (SkDatabase *database, const SkMail *mail, const SkDelivery *delivery,
                GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (database, sql.insert_delivery, error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, mail->id);
  bind_record (statement, 2, &sk_delivery_record, delivery);
  return sk_database_finish (database, statement, error);
}

static gboolean
write_parts (SkDatabase *database, const char *insert, const SkRecord *record, const SkMail *mail,
             const SkDelivery *delivery, const GPtrArray *parts, GError **error)
{
  for (guint i = 0; i < parts->len; i++)
    {
      g_autoptr (SkStatement) statement = sk_database_statement (database, insert, error);

      if (statement == NULL)
        return FALSE;
      sk_statement_bind_text (statement, 1, mail->id);
      sqlite3_bind_int64 (statement, 2, delivery->number);
      sqlite3_bind_int64 (statement, 3, i);
      bind_record (statement, 4, record, parts->pdata[i]);
      if (!sk_database_finish (database, statement, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
sk_mail_rows_write (SkDatabase *database, const SkMail *mail, GError **error)
{
  prepare_sql ();
  if (!write_mail (database, mail, error) || !remove_deliveries (database, mail, error))
    return FALSE;
  for (guint i = 0; i < mail->deliveries->len; i++)
    {
      const SkDelivery *delivery = mail->deliveries->pdata[i];

      if (!write_delivery (database, mail, delivery, error)
          || !write_parts (database, sql.insert_recipient, &sk_delivery_recipient_record, mail,
                           delivery, delivery->recipients, error)
          || !write_parts (database, sql.insert_gate, &sk_gate_record, mail, delivery,
                           delivery->gates, error))
        return FALSE;
    }
  return TRUE;
}

/* --- reading -------------------------------------------------------------------------------- */

static gboolean
read_json (SkStatement *statement, int column, json_t **json)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  if (text == NULL)
    return TRUE;
  *json = json_loads (text, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
  return *json != NULL;
}

static gboolean
read_words (SkStatement *statement, int column, char ***words)
{
  json_t *json = NULL;
  gboolean good
      = read_json (statement, column, &json) && (json == NULL || sk_words_from_json (json, words));

  json_decref (json);
  return good;
}

static void
read_reply (SkStatement *statement, int column, SkReply **reply)
{
  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return;
  *reply = g_new0 (SkReply, 1);
  (*reply)->code = (guint) sqlite3_column_int64 (statement, column);
  (*reply)->enhanced = sk_statement_text (statement, column + 1);
  (*reply)->text = sk_statement_text (statement, column + 2);
}

static void
read_deadline (SkStatement *statement, int column, SkDeadline *deadline)
{
  deadline->seconds = sqlite3_column_int64 (statement, column);
  deadline->passed = sqlite3_column_int64 (statement, column + 1);
  deadline->mark_wall = sqlite3_column_int64 (statement, column + 2);
  deadline->mark_boot = sqlite3_column_int64 (statement, column + 3);
  deadline->boot_id = sk_statement_text (statement, column + 4);
}

static gboolean
read_field (SkStatement *statement, int column, const SkField *field, gpointer self)
{
  switch (field->kind)
    {
    case SK_FIELD_TEXT:
      *SK_FIELD_AT (char *, self, field) = sk_statement_text (statement, column);
      return TRUE;
    case SK_FIELD_INTEGER:
      *SK_FIELD_AT (gint64, self, field) = sqlite3_column_int64 (statement, column);
      return TRUE;
    case SK_FIELD_COUNT:
      *SK_FIELD_AT (guint, self, field) = (guint) sqlite3_column_int64 (statement, column);
      return TRUE;
    case SK_FIELD_FLAG:
      *SK_FIELD_AT (gboolean, self, field) = sqlite3_column_int (statement, column) != 0;
      return TRUE;
    case SK_FIELD_NAME:
      return sk_record_value_of_name (field->names,
                                      (const char *) sqlite3_column_text (statement, column),
                                      SK_FIELD_AT (int, self, field));
    case SK_FIELD_WORDS:
      return read_words (statement, column, SK_FIELD_AT (char **, self, field));
    case SK_FIELD_JSON:
      return read_json (statement, column, SK_FIELD_AT (json_t *, self, field));
    case SK_FIELD_REPLY:
      read_reply (statement, column, SK_FIELD_AT (SkReply *, self, field));
      return TRUE;
    case SK_FIELD_DEADLINE:
      read_deadline (statement, column, SK_FIELD_AT (SkDeadline, self, field));
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

/* A new record from the statement's row; NULL names what can't be read. */
static gpointer
read_record (SkStatement *statement, const SkRecord *record, const char *id, GError **error)
{
  gpointer self = sk_record_new (record);
  int column = 0;

  for (const SkField *field = record->fields; field->name != NULL; field++)
    {
      if (!read_field (statement, column, field, self))
        {
          g_set_error (
              error, SK_ERROR, SK_ERROR_IO,
              "store.db: mail %s: \"%s\" can't be read; the store is damaged or was written "
              "by a newer version",
              id, field->name);
          record->free (self);
          return NULL;
        }
      column += (int) g_strv_length ((char **) columns_of (field));
    }
  return self;
}

/* All rows of a bound statement, added to `list`. */
static gboolean
read_all (SkDatabase *database, SkStatement *statement, const SkRecord *record, const char *id,
          GPtrArray *list, GError **error)
{
  GError *problem = NULL;

  while (sk_database_step (database, statement, &problem))
    {
      gpointer self = read_record (statement, record, id, error);

      if (self == NULL)
        return FALSE;
      g_ptr_array_add (list, self);
    }
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

static gboolean
read_parts (SkDatabase *database, const char *select, const SkRecord *record, const char *id,
            const SkDelivery *delivery, GPtrArray *list, GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (database, select, error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, id);
  if (delivery != NULL)
    sqlite3_bind_int64 (statement, 2, delivery->number);
  return read_all (database, statement, record, id, list, error);
}

static gboolean
read_deliveries (SkDatabase *database, SkMail *mail, GError **error)
{
  if (!read_parts (database, sql.select_deliveries, &sk_delivery_record, mail->id, NULL,
                   mail->deliveries, error))
    return FALSE;
  for (guint i = 0; i < mail->deliveries->len; i++)
    {
      SkDelivery *delivery = mail->deliveries->pdata[i];

      if (!read_parts (database, sql.select_recipients, &sk_delivery_recipient_record, mail->id,
                       delivery, delivery->recipients, error)
          || !read_parts (database, sql.select_gates, &sk_gate_record, mail->id, delivery,
                          delivery->gates, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_mails (SkDatabase *database, const char *filter, const char *text, gint64 number,
            GPtrArray *list, GError **error)
{
  g_autoptr (SkStatement) statement
      = sk_database_statement (database, select_sql (&mails, filter), error);

  if (statement == NULL)
    return FALSE;
  if (text != NULL)
    sk_statement_bind_text (statement, 1, text);
  else
    sqlite3_bind_int64 (statement, 1, number);
  if (!read_all (database, statement, &sk_mail_record, "(any)", list, error))
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    if (!read_deliveries (database, list->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* One read transaction, so that no write comes between a mail and its deliveries. */
GPtrArray *
sk_mail_rows_load (SkDatabase *database, const char *filter, const char *text, gint64 number,
                   GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (sk_mail_record.free);
  gboolean good;

  prepare_sql ();
  if (!sk_database_run (database, "BEGIN", error))
    return NULL;
  good = read_mails (database, filter, text, number, list, error);
  sk_database_roll_back (database);
  return good ? g_steal_pointer (&list) : NULL;
}
