// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/store/sk-store.h"

#include "agent/store/sk-mail-rows.h"
#include "agent/store/sk-schema.h"
#include "agent/store/sk-store-private.h"
#include "sk-error.h"
#include "sk-file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What stays free for the database and for others when mail is taken in. */
#define RESERVE_BYTES (16 * 1024 * 1024)

/* --- opening and closing -------------------------------------------------------------------- */

/* Ours alone: it holds people's mail. */
static gboolean
make_private_directory (const char *path, GError **error)
{
  g_autoptr (GError) problem = NULL;
  struct stat status;

  if (!sk_file_make_directory (path, &problem))
    {
      g_set_error (error, SK_ERROR, problem->code,
                   "[store] directory: %s (name a folder where you may write)", problem->message);
      return FALSE;
    }
  if (stat (path, &status) < 0)
    return sk_error_set_errno (error, errno, "%s: can't look at it", path);
  if (status.st_uid != geteuid ())
    {
      g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
                   "%s: belongs to another user (uid %u); name another store directory, or give it "
                   "back to yourself with chown",
                   path, status.st_uid);
      return FALSE;
    }
  if ((status.st_mode & 077) == 0 || chmod (path, 0700) == 0)
    return TRUE;
  return sk_error_set_errno (error, errno, "%s: can't close it to others", path);
}

/* Messages without their database would look like leftovers and be swept. */
static gboolean
check_not_lost (SkStore *self, const char *database, GError **error)
{
  g_autoptr (GDir) directory = NULL;
  const char *name;

  if (access (database, F_OK) == 0)
    return TRUE;
  directory = g_dir_open (self->mail_directory, 0, NULL);
  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    if (g_str_has_suffix (name, ".eml"))
      {
        g_set_error (error, SK_ERROR, SK_ERROR_NOT_FOUND,
                     "%s: the database is missing, but there is kept mail in %s; put the database "
                     "back, or move the whole directory %s away and start again",
                     database, self->mail_directory, self->directory);
        return FALSE;
      }
  return TRUE;
}

static gboolean
open_database (SkStore *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, "store.db", NULL);
  SkDatabase *database;

  if (!check_not_lost (self, path, error))
    return FALSE;
  database = sk_database_open (path, &sk_schema_store, error);
  if (database == NULL)
    return FALSE;
  self->writer = sk_store_writer_new (database, self->mail_directory);
  self->reader = sk_database_open (path, &sk_schema_store, error);
  if (self->reader == NULL)
    return FALSE;
  /* After a clean end, or a crash of ours alone, WAL and FULL leave nothing to check. */
  return !(self->after_crash && self->after_boot) || sk_database_check (self->reader, error);
}

static gboolean
open_all (SkStore *self, GError **error)
{
  return make_private_directory (self->directory, error) && sk_store_lock (self, error)
         && make_private_directory (self->spool_directory, error)
         && make_private_directory (self->mail_directory, error) && open_database (self, error)
         && sk_store_open_attempts (self, error) && sk_file_sync_directory (self->directory, error);
}

SkStore *
sk_store_open (const char *directory, SkClock *clock, GError **error)
{
  g_autoptr (SkStore) self = g_new0 (SkStore, 1);

  self->directory = g_canonicalize_filename (directory, NULL);
  self->spool_directory = g_build_filename (self->directory, "spool", NULL);
  self->mail_directory = g_build_filename (self->directory, "mail", NULL);
  self->clock = sk_clock_ref (clock);
  self->lock_fd = -1;
  self->pending_history = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->attempt_numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!open_all (self, error))
    return NULL;
  sk_store_note_opened (self);
  return g_steal_pointer (&self);
}

void
sk_store_close (SkStore *self)
{
  if (self == NULL)
    return;
  sk_store_writer_free (self->writer);
  sk_database_close (self->reader);
  sk_database_close (self->attempts);
  sk_store_unlock (self);
  sk_clock_unref (self->clock);
  g_hash_table_unref (self->pending_history);
  g_hash_table_unref (self->attempt_numbers);
  g_free (self->directory);
  g_free (self->spool_directory);
  g_free (self->mail_directory);
  g_free (self);
}

const char *
sk_store_spool_directory (const SkStore *self)
{
  return self->spool_directory;
}

char *
sk_store_message_path (const SkStore *self, const char *id)
{
  return g_strdup_printf ("%s/%s.eml", self->mail_directory, id);
}

gboolean
sk_store_has_space (SkStore *self, gint64 bytes, GError **error)
{
  struct statvfs status;
  guint64 free_bytes;

  if (!sk_store_check_space_hook (error))
    return FALSE;
  if (statvfs (self->spool_directory, &status) < 0)
    return sk_error_set_errno (error, errno, "%s: can't tell the free space",
                               self->spool_directory);
  free_bytes = (guint64) status.f_bavail * status.f_frsize;
  if (free_bytes >= RESERVE_BYTES + (guint64) MAX (bytes, 0))
    return TRUE;
  g_set_error (error, SK_ERROR, SK_ERROR_FULL,
               "%s: %" G_GUINT64_FORMAT
               " MB are free, not enough to take mail in; make room on this disk",
               self->directory, free_bytes / 1000000);
  return FALSE;
}

/* --- writes --------------------------------------------------------------------------------- */

static void
free_event (gpointer data)
{
  SkStoreEvent *event = data;

  g_free (event->id);
  g_free (event->body);
  g_free (event);
}

static SkStoreEvent *
event_new (SkStore *self, const json_t *body)
{
  SkStoreEvent *event = g_new0 (SkStoreEvent, 1);
  const char *id = json_string_value (json_object_get (body, "id"));

  event->at = sk_clock_wall (self->clock);
  event->id = id != NULL ? g_strdup (id) : sk_uuid7_new (event->at);
  event->body = json_dumps (body, JSON_COMPACT);
  return event;
}

static GPtrArray *
events_new (SkStore *self, const json_t *events)
{
  GPtrArray *list;

  if (json_array_size (events) == 0)
    return NULL;
  list = g_ptr_array_new_with_free_func (free_event);
  for (gsize i = 0; i < json_array_size (events); i++)
    g_ptr_array_add (list, event_new (self, json_array_get (events, i)));
  return list;
}

static SkWrite *
mail_write_new (SkStore *self, const SkWriteKind *kind, const char *id, SkStoreFunc callback,
                gpointer user_data)
{
  SkWrite *write = sk_write_new (kind, callback, user_data);

  write->id = g_strdup (id);
  write->at = sk_clock_wall (self->clock);
  write->message_path = sk_store_message_path (self, id);
  return write;
}

void
sk_store_keep (SkStore *self, const SkMail *mail, const char *spool_path, const json_t *events,
               SkStoreFunc callback, gpointer user_data)
{
  SkWrite *write = mail_write_new (self, &sk_write_keep, mail->id, callback, user_data);

  write->mail = sk_mail_copy (mail);
  write->spool_path = g_strdup (spool_path);
  write->events = events_new (self, events);
  sk_store_writer_push (self->writer, write);
}

static SkWrite *
save_new (SkStore *self, const SkMail *mail, const json_t *events, SkStoreFunc callback,
          gpointer user_data)
{
  SkWrite *write = mail_write_new (self, &sk_write_save, mail->id, callback, user_data);

  write->mail = sk_mail_copy (mail);
  write->events = events_new (self, events);
  return write;
}

void
sk_store_save (SkStore *self, const SkMail *mail, const json_t *events, SkStoreFunc callback,
               gpointer user_data)
{
  SkWrite *write = save_new (self, mail, events, callback, user_data);

  write->lazy = callback == NULL;
  sk_store_writer_push (self->writer, write);
}

void
sk_store_save_later (SkStore *self, const SkMail *mail, const json_t *events, SkStoreFunc callback,
                     gpointer user_data)
{
  SkWrite *write = save_new (self, mail, events, callback, user_data);

  write->lazy = TRUE;
  sk_store_writer_push (self->writer, write);
}

void
sk_store_forget (SkStore *self, const char *id, SkStoreFunc callback, gpointer user_data)
{
  sk_store_writer_push (self->writer,
                        mail_write_new (self, &sk_write_forget, id, callback, user_data));
}

void
sk_store_record (SkStore *self, const json_t *events, SkStoreFunc callback, gpointer user_data)
{
  SkWrite *write = sk_write_new (&sk_write_events, callback, user_data);

  write->events = events_new (self, events);
  sk_store_writer_push (self->writer, write);
}

gboolean
sk_store_is_busy (SkStore *self)
{
  return sk_store_writer_is_busy (self->writer);
}

void
sk_store_flush (SkStore *self)
{
  sk_store_writer_flush (self->writer);
}

/* --- reads ---------------------------------------------------------------------------------- */

GPtrArray *
sk_store_load_open (SkStore *self, GError **error)
{
  return sk_mail_rows_load (self->reader, "WHERE state <> 'done' ORDER BY submitted, id", NULL, 0,
                            error);
}

GPtrArray *
sk_store_load_recent (SkStore *self, guint limit, GError **error)
{
  return sk_mail_rows_load (self->reader, "ORDER BY submitted DESC, id DESC LIMIT ?", NULL, limit,
                            error);
}

GPtrArray *
sk_store_find_ids (SkStore *self, const char *beginning, guint limit, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *end = g_strconcat (beginning, "\x7f", NULL); /* behind all that ids are made of */
  g_autoptr (SkStatement) statement = sk_database_statement (
      self->reader, "SELECT id FROM mails WHERE id >= ? AND id < ? ORDER BY id LIMIT ?", error);
  GError *problem = NULL;

  if (statement == NULL)
    return NULL;
  sk_statement_bind_text (statement, 1, beginning);
  sk_statement_bind_text (statement, 2, end);
  sqlite3_bind_int64 (statement, 3, limit);
  while (sk_database_step (self->reader, statement, &problem))
    g_ptr_array_add (ids, sk_statement_text (statement, 0));
  if (problem == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, problem);
  return NULL;
}

SkMail *
sk_store_load (SkStore *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) mails = sk_mail_rows_load (self->reader, "WHERE id = ?", id, 0, error);

  return mails != NULL && mails->len > 0 ? g_ptr_array_steal_index (mails, 0) : NULL;
}

GPtrArray *
sk_store_ended (SkStore *self, gint64 before, guint limit, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SkStatement) statement
      = sk_database_statement (self->reader,
                               "SELECT id FROM mails WHERE submitted < ?1 AND ended < ?1"
                               " AND state = 'done' ORDER BY submitted, id LIMIT ?2",
                               error);
  GError *problem = NULL;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, before);
  sqlite3_bind_int64 (statement, 2, limit);
  while (sk_database_step (self->reader, statement, &problem))
    g_ptr_array_add (ids, sk_statement_text (statement, 0));
  if (problem == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, problem);
  return NULL;
}

gboolean
sk_store_has_mail (SkStore *self, const char *id)
{
  g_autoptr (SkStatement) statement
      = sk_database_statement (self->reader, "SELECT 1 FROM mails WHERE id = ?", NULL);
  g_autoptr (GError) error = NULL;

  if (statement == NULL)
    return TRUE;
  sk_statement_bind_text (statement, 1, id);
  return sk_database_step (self->reader, statement, &error) || error != NULL;
}

static json_t *
event_to_json (SkStatement *row)
{
  const char *id = (const char *) sqlite3_column_text (row, 1);
  const char *body = (const char *) sqlite3_column_text (row, 3);

  return json_pack ("{s:I, s:s, s:I, s:o*}", "number", (json_int_t) sqlite3_column_int64 (row, 0),
                    "id", id, "at", (json_int_t) sqlite3_column_int64 (row, 2), "body",
                    json_loads (body, JSON_ALLOW_NUL, NULL));
}

/* One object a row of a bound statement. */
static json_t *
rows_to_json (SkDatabase *database, SkStatement *statement, json_t *(*to_json) (SkStatement *row),
              GError **error)
{
  json_t *array = json_array ();
  GError *problem = NULL;

  while (sk_database_step (database, statement, &problem))
    json_array_append_new (array, to_json (statement));
  if (problem == NULL)
    return array;
  json_decref (array);
  g_propagate_error (error, problem);
  return NULL;
}

json_t *
sk_store_events (SkStore *self, gint64 after, guint limit, GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (
      self->reader,
      "SELECT number, id, at, body FROM events WHERE number > ? ORDER BY number LIMIT ?", error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, after);
  sqlite3_bind_int64 (statement, 2, limit);
  return rows_to_json (self->reader, statement, event_to_json, error);
}

/* --- sending history ------------------------------------------------------------------------ */

static char *
history_name (const char *person, const char *key)
{
  return g_strdup_printf ("%s\n%s", person, key);
}

static void
count_pending (SkStore *self, const SkWrite *write, int change)
{
  for (guint i = 0; write->keys[i] != NULL; i++)
    {
      char *name = history_name (write->person, write->keys[i]);
      int count = GPOINTER_TO_INT (g_hash_table_lookup (self->pending_history, name)) + change;

      if (count > 0)
        g_hash_table_replace (self->pending_history, name, GINT_TO_POINTER (count));
      else
        {
          g_hash_table_remove (self->pending_history, name);
          g_free (name);
        }
    }
}

static void
history_settled (SkWrite *write, gpointer user_data)
{
  count_pending (user_data, write, -1);
  if (write->error != NULL && write->callback == NULL)
    g_warning ("sending history: %s", write->error->message);
}

static SkWrite *
history_write_new (SkStore *self, const char *person, const char *const *keys, SkStoreFunc callback,
                   gpointer user_data)
{
  SkWrite *write = sk_write_new (&sk_write_history, callback, user_data);

  write->person = g_strdup (person);
  write->keys = g_strdupv ((char **) keys);
  write->settled = history_settled;
  write->settled_data = self;
  count_pending (self, write, 1);
  return write;
}

/* Known at once to sk_store_history_known(), though it may be committed a second later. */
void
sk_store_history_add (SkStore *self, const char *person, const char *const *keys, gint64 at,
                      SkStoreFunc callback, gpointer user_data)
{
  SkWrite *write = history_write_new (self, person, keys, callback, user_data);

  write->at = at;
  write->lazy = callback == NULL;
  sk_store_writer_push (self->writer, write);
}

void
sk_store_history_import (SkStore *self, const char *person, const char *const *keys,
                         const gint64 *ats, SkStoreFunc callback, gpointer user_data)
{
  SkWrite *write = history_write_new (self, person, keys, callback, user_data);

  write->ats = g_memdup2 (ats, g_strv_length (write->keys) * sizeof *ats);
  sk_store_writer_push (self->writer, write);
}

int
sk_store_history_known (SkStore *self, const char *person, const char *key)
{
  g_autofree char *name = history_name (person, key);
  g_autoptr (SkStatement) statement = NULL;
  g_autoptr (GError) error = NULL;
  gboolean known = FALSE;

  if (g_hash_table_contains (self->pending_history, name))
    return 1;
  statement = sk_database_statement (
      self->reader, "SELECT 1 FROM history WHERE person = ? AND address = ?", &error);
  if (statement != NULL)
    {
      sk_statement_bind_text (statement, 1, person);
      sk_statement_bind_text (statement, 2, key);
      known = sk_database_step (self->reader, statement, &error);
    }
  if (error == NULL)
    return known ? 1 : 0;
  g_warning ("sending history: %s", error->message);
  return -1;
}

static void
add_domain (GHashTable *domains, const char *key)
{
  const char *at = strrchr (key, '@');

  if (at != NULL && !g_hash_table_contains (domains, at + 1))
    g_hash_table_add (domains, g_strdup (at + 1));
}

static void
add_pending_domains (SkStore *self, const char *person, GHashTable *domains)
{
  gsize length = strlen (person);
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->pending_history);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (strncmp (name, person, length) == 0 && ((const char *) name)[length] == '\n')
      add_domain (domains, (const char *) name + length + 1);
}

static gboolean
add_domains_of (SkStore *self, const char *person, GHashTable *domains, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (SkStatement) statement = sk_database_statement (
      self->reader, "SELECT address FROM history WHERE person = ?", error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, person);
  while (sk_database_step (self->reader, statement, &problem))
    add_domain (domains, (const char *) sqlite3_column_text (statement, 0));
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    add_pending_domains (self, person, domains);
  return problem == NULL;
}

GPtrArray *
sk_store_history_domains (SkStore *self, const char *const *persons, GError **error)
{
  g_autoptr (GHashTable) domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *result;
  GHashTableIter iter;
  gpointer domain;

  for (; *persons != NULL; persons++)
    if (!add_domains_of (self, *persons, domains, error))
      return NULL;
  result = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_iter_init (&iter, domains);
  while (g_hash_table_iter_next (&iter, &domain, NULL))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (result, domain);
    }
  return result;
}

static json_t *
history_to_json (SkStatement *row)
{
  g_autofree char *person = g_utf8_make_valid ((const char *) sqlite3_column_text (row, 0), -1);
  g_autofree char *address = g_utf8_make_valid ((const char *) sqlite3_column_text (row, 1), -1);

  return json_pack ("{s:s, s:s, s:I, s:I}", "person", person, "address", address, "last",
                    (json_int_t) sqlite3_column_int64 (row, 2), "count",
                    (json_int_t) sqlite3_column_int64 (row, 3));
}

json_t *
sk_store_history_list (SkStore *self, guint limit, GError **error)
{
  g_autoptr (SkStatement) statement
      = sk_database_statement (self->reader,
                               "SELECT person, address, last, count FROM history ORDER BY last "
                               "DESC, person, address LIMIT ?",
                               error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, limit);
  return rows_to_json (self->reader, statement, history_to_json, error);
}

/* --- notes ---------------------------------------------------------------------------------- */

gboolean
sk_store_note_set (SkStore *self, const char *name, const char *value, GError **error)
{
  SkWrite *write = sk_write_new (&sk_write_note, NULL, NULL);

  write->name = g_strdup (name);
  write->value = g_strdup (value);
  return sk_store_writer_run (self->writer, write, error);
}

char *
sk_store_note_get (SkStore *self, const char *name)
{
  g_autoptr (SkStatement) statement
      = sk_database_statement (self->reader, "SELECT value FROM notes WHERE name = ?", NULL);

  if (statement == NULL)
    return NULL;
  sk_statement_bind_text (statement, 1, name);
  return sk_database_step (self->reader, statement, NULL) ? sk_statement_text (statement, 0) : NULL;
}
