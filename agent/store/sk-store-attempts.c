// SPDX-License-Identifier: GPL-3.0-or-later
/* Attempts and untold submissions: attempts.db, written on the main thread without any fsync. */
#include "agent/store/sk-mail-record.h"
#include "agent/store/sk-schema.h"
#include "agent/store/sk-store-private.h"
#include "sk-crash.h"
#include "sk-error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define UNTOLD_LIFE (30 * G_TIME_SPAN_MINUTE)

/* --- attempts ------------------------------------------------------------------------------- */

/* Within the store by its name alone, so that a store can be moved. */
static char *
short_spool_path (SkStore *self, const char *path)
{
  g_autofree char *directory = path != NULL ? g_path_get_dirname (path) : NULL;

  if (g_strcmp0 (directory, self->spool_directory) == 0)
    return g_path_get_basename (path);
  return g_strdup (path);
}

static char *
long_spool_path (SkStore *self, const char *path)
{
  if (path == NULL || g_path_is_absolute (path))
    return g_strdup (path);
  return g_build_filename (self->spool_directory, path, NULL);
}

static gint64
number_of_attempt (SkStore *self, const char *id)
{
  const gint64 *number = g_hash_table_lookup (self->attempt_numbers, id);

  return number != NULL ? *number : 0;
}

/* The next one when it has none yet. */
static gint64
number_attempt (SkStore *self, const char *id)
{
  gint64 number = number_of_attempt (self, id);

  if (number == 0)
    {
      number = ++self->last_attempt;
      g_hash_table_insert (self->attempt_numbers, g_strdup (id), g_memdup2 (&number, sizeof number));
    }
  return number;
}

static gboolean
write_attempt (SkStore *self, const SkMail *mail, const char *spool_path, const char *fingerprint,
               GError **error)
{
  g_autofree char *document = sk_mail_to_document (mail);
  g_autofree char *spool = short_spool_path (self, spool_path);
  g_autoptr (SkStatement) statement
      = sk_database_statement (self->attempts,
                               "INSERT OR REPLACE INTO attempts (id, at, spool, fingerprint, "
                               "document, number) VALUES (?, ?, ?, ?, ?, ?)",
                               error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, mail->id);
  sqlite3_bind_int64 (statement, 2, sk_clock_wall (self->clock));
  sk_statement_bind_text (statement, 3, spool);
  sk_statement_bind_text (statement, 4, fingerprint);
  sk_statement_bind_text (statement, 5, document);
  sqlite3_bind_int64 (statement, 6, number_attempt (self, mail->id));
  return sk_database_finish (self->attempts, statement, error);
}

gboolean
sk_store_attempt_begin (SkStore *self, const SkMail *mail, const char *spool_path,
                        const char *fingerprint, GError **error)
{
  gboolean good = write_attempt (self, mail, spool_path, fingerprint, error);

  sk_crash_point ("attempt-after-begin");
  return good;
}

static gboolean
remove_attempt (SkStore *self, const char *id, GError **error)
{
  g_autoptr (SkStatement) statement
      = sk_database_statement (self->attempts, "DELETE FROM attempts WHERE number = ?", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number_of_attempt (self, id));
  if (!sk_database_finish (self->attempts, statement, error))
    return FALSE;
  g_hash_table_remove (self->attempt_numbers, id);
  return TRUE;
}

gboolean
sk_store_attempt_end (SkStore *self, const char *id, GError **error)
{
  gboolean good;

  sk_crash_point ("attempt-before-end");
  good = remove_attempt (self, id, error);
  sk_crash_point ("attempt-after-end");
  return good;
}

static gboolean
read_attempt (SkStore *self, SkStatement *row, GPtrArray *mails, GPtrArray *paths, GError **error)
{
  const char *id = (const char *) sqlite3_column_text (row, 0);
  g_autofree char *path = long_spool_path (self, (const char *) sqlite3_column_text (row, 1));
  g_autoptr (GError) problem = NULL;
  SkMail *mail = sk_mail_from_document ((const char *) sqlite3_column_text (row, 2), &problem);

  if (mail == NULL)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_IO,
                   "%s/attempts.db: the attempt of mail %s can't be read: %s", self->directory, id,
                   problem->message);
      return FALSE;
    }
  g_ptr_array_add (mails, mail);
  if (path != NULL && access (path, F_OK) != 0)
    g_clear_pointer (&path, g_free);
  g_ptr_array_add (paths, g_steal_pointer (&path));
  return TRUE;
}

GPtrArray *
sk_store_attempts (SkStore *self, GPtrArray **spool_paths, GError **error)
{
  g_autoptr (GPtrArray) mails = g_ptr_array_new_with_free_func (sk_mail_record.free);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SkStatement) statement = sk_database_statement (
      self->attempts, "SELECT id, spool, document FROM attempts ORDER BY number", error);
  GError *problem = NULL;

  if (statement == NULL)
    return NULL;
  while (sk_database_step (self->attempts, statement, &problem))
    if (!read_attempt (self, statement, mails, paths, error))
      return NULL;
  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return NULL;
    }
  if (spool_paths != NULL)
    *spool_paths = g_steal_pointer (&paths);
  return g_steal_pointer (&mails);
}

char *
sk_store_attempt_fingerprint (SkStore *self, const char *id)
{
  g_autoptr (SkStatement) statement = sk_database_statement (
      self->attempts, "SELECT fingerprint FROM attempts WHERE number = ?", NULL);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, number_of_attempt (self, id));
  return sk_database_step (self->attempts, statement, NULL) ? sk_statement_text (statement, 0)
                                                            : NULL;
}

/* --- after a crash -------------------------------------------------------------------------- */

/* A keep that ended between its rename and its commit: the message goes back to where the attempt
 * says it is. */
static void
put_back (SkStore *self, const char *id, const char *spool_path)
{
  g_autofree char *message = sk_store_message_path (self, id);

  if (access (spool_path, F_OK) != 0 && access (message, F_OK) == 0
      && rename (message, spool_path) < 0)
    g_warning ("%s: can't move the message back to %s: %s", message, spool_path,
               g_strerror (errno));
}

/* id, spool of every attempt, one after the other: they change while they are gone through. */
static GPtrArray *
list_attempts (SkStore *self, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SkStatement) statement
      = sk_database_statement (self->attempts, "SELECT id, spool FROM attempts", error);
  GError *problem = NULL;

  if (statement == NULL)
    return NULL;
  while (sk_database_step (self->attempts, statement, &problem))
    {
      g_ptr_array_add (list, sk_statement_text (statement, 0));
      g_ptr_array_add (list,
                       long_spool_path (self, (const char *) sqlite3_column_text (statement, 1)));
    }
  if (problem == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, problem);
  return NULL;
}

static gboolean
load_numbers (SkStore *self, GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (
      self->attempts, "SELECT id, number FROM attempts ORDER BY number", error);
  GError *problem = NULL;

  if (statement == NULL)
    return FALSE;
  while (sk_database_step (self->attempts, statement, &problem))
    {
      self->last_attempt = sqlite3_column_int64 (statement, 1);
      g_hash_table_insert (self->attempt_numbers, sk_statement_text (statement, 0),
                           g_memdup2 (&self->last_attempt, sizeof self->last_attempt));
    }
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

/* A mail that was kept from the spool is further than its attempt. */
static gboolean
recover_attempts (SkStore *self, GError **error)
{
  g_autoptr (GPtrArray) list = list_attempts (self, error);

  for (guint i = 0; list != NULL && i < list->len; i += 2)
    {
      const char *id = list->pdata[i], *spool_path = list->pdata[i + 1];

      if (spool_path == NULL)
        continue;
      if (!sk_store_has_mail (self, id))
        put_back (self, id, spool_path);
      else if (access (spool_path, F_OK) != 0 && !remove_attempt (self, id, error))
        return FALSE;
    }
  return list != NULL;
}

/* A power cut may tear a file that is never synced; the clients that it told of are gone then too. */
static gboolean
move_away (SkStore *self, const char *path, const GError *why, GError **error)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };
  g_autofree char *target = g_strdup_printf ("%s.damaged-%" G_GINT64_FORMAT, path,
                                             sk_clock_wall (self->clock) / G_USEC_PER_SEC);

  g_warning ("%s; moved away to %s, since the machine has been off", why->message, target);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (path, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (target, suffixes[i], NULL);

      if (rename (from, to) < 0 && errno != ENOENT)
        return sk_error_set_errno (error, errno, "%s: can't move it away", from);
    }
  return TRUE;
}

static SkDatabase *
open_checked (SkStore *self, const char *path, GError **error)
{
  g_autoptr (SkDatabase) database = sk_database_open (path, &sk_schema_attempts, error);

  if (database != NULL && self->after_boot && !sk_database_check (database, error))
    return NULL;
  return g_steal_pointer (&database);
}

gboolean
sk_store_open_attempts (SkStore *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, "attempts.db", NULL);
  g_autoptr (GError) damage = NULL;

  self->attempts = open_checked (self, path, &damage);
  if (self->attempts == NULL && !(self->after_boot && sk_error_is_invalid (damage)))
    {
      g_propagate_error (error, g_steal_pointer (&damage));
      return FALSE;
    }
  if (self->attempts == NULL && move_away (self, path, damage, error))
    self->attempts = open_checked (self, path, error);
  return self->attempts != NULL && load_numbers (self, error) && recover_attempts (self, error);
}

/* --- sweeping ------------------------------------------------------------------------------- */

typedef gboolean (*BelongsFunc) (SkStore *self, const char *name, gpointer user_data);

static void
sweep_directory (SkStore *self, const char *path, BelongsFunc belongs, gpointer user_data)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (!belongs (self, name, user_data) && unlink (file) < 0)
        g_warning ("%s: can't remove: %s", file, g_strerror (errno));
    }
}

static gboolean
has_attempt (SkStore *self, const char *name, gpointer attempts)
{
  const GPtrArray *list = attempts;
  g_autofree char *path = g_build_filename (self->spool_directory, name, NULL);

  for (guint i = 0; i < list->len; i += 2)
    if (g_strcmp0 (path, list->pdata[i + 1]) == 0)
      return TRUE;
  return FALSE;
}

/* Only what has our form is ours to remove. */
static gboolean
has_row (SkStore *self, const char *name, gpointer user_data)
{
  g_autofree char *id = NULL;

  if (!g_str_has_suffix (name, ".eml"))
    return TRUE;
  id = g_strndup (name, strlen (name) - strlen (".eml"));
  return sk_store_has_mail (self, id);
}

void
sk_store_sweep (SkStore *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) attempts = NULL;

  sk_store_flush (self);
  attempts = list_attempts (self, &error);
  if (attempts == NULL)
    {
      g_warning ("spool is not swept: %s", error->message);
      return;
    }
  sweep_directory (self, self->spool_directory, has_attempt, attempts);
  sweep_directory (self, self->mail_directory, has_row, NULL);
}

/* --- submissions whose client may not know -------------------------------------------------- */

/* By boot time within one boot, by the wall clock across boots; a wall clock that was set back
 * doesn't make it live on for ever. */
static gboolean
is_over (SkStore *self, gint64 wall, gint64 boot, const char *boot_id)
{
  if (g_strcmp0 (boot_id, sk_clock_boot_id (self->clock)) == 0)
    return sk_clock_boot (self->clock) - boot >= UNTOLD_LIFE;
  return ABS (sk_clock_wall (self->clock) - wall) >= UNTOLD_LIFE;
}

/* The same for SQL. */
#define IS_OVER "CASE WHEN boot_id = ?1 THEN ?2 - boot ELSE abs(?3 - wall) END >= ?4"

static SkStatement *
untold_statement (SkStore *self, const char *sql, GError **error)
{
  SkStatement *statement = sk_database_statement (self->attempts, sql, error);

  if (statement == NULL)
    return NULL;
  sk_statement_bind_text (statement, 1, sk_clock_boot_id (self->clock));
  sqlite3_bind_int64 (statement, 2, sk_clock_boot (self->clock));
  sqlite3_bind_int64 (statement, 3, sk_clock_wall (self->clock));
  sqlite3_bind_int64 (statement, 4, UNTOLD_LIFE);
  return statement;
}

static gboolean
purge_untold (SkStore *self, GError **error)
{
  g_autoptr (SkStatement) statement
      = untold_statement (self, "DELETE FROM untold WHERE " IS_OVER, error);

  return statement != NULL && sk_database_finish (self->attempts, statement, error);
}

static gboolean
write_untold (SkStore *self, const char *key, const char *id, const SkReply *reply, GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (
      self->attempts,
      "INSERT OR REPLACE INTO untold (key, id, wall, boot, boot_id, reply_code, reply_enhanced,"
      " reply_text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, key);
  sk_statement_bind_text (statement, 2, id);
  sqlite3_bind_int64 (statement, 3, sk_clock_wall (self->clock));
  sqlite3_bind_int64 (statement, 4, sk_clock_boot (self->clock));
  sk_statement_bind_text (statement, 5, sk_clock_boot_id (self->clock));
  if (reply != NULL)
    {
      sqlite3_bind_int64 (statement, 6, reply->code);
      sk_statement_bind_text (statement, 7, reply->enhanced);
      sk_statement_bind_text (statement, 8, reply->text);
    }
  return sk_database_finish (self->attempts, statement, error);
}

gboolean
sk_store_untold_add (SkStore *self, const char *key, const char *id, const SkReply *reply,
                     GError **error)
{
  return purge_untold (self, error) && write_untold (self, key, id, reply, error);
}

gboolean
sk_store_has_untold (SkStore *self)
{
  g_autoptr (SkStatement) statement
      = untold_statement (self, "SELECT 1 FROM untold WHERE NOT (" IS_OVER ") LIMIT 1", NULL);

  return statement != NULL && sk_database_step (self->attempts, statement, NULL);
}

gboolean
sk_store_is_untold (SkStore *self, const char *id)
{
  g_autoptr (SkStatement) statement = untold_statement (
      self, "SELECT 1 FROM untold WHERE id = ?5 AND NOT (" IS_OVER ") LIMIT 1", NULL);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 5, id);
  return sk_database_step (self->attempts, statement, NULL);
}

gboolean
sk_store_untold_remove (SkStore *self, const char *key, const char *id, GError **error)
{
  g_autoptr (SkStatement) statement
      = sk_database_statement (self->attempts, "DELETE FROM untold WHERE key = ? AND id = ?", error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, key);
  sk_statement_bind_text (statement, 2, id);
  return sk_database_finish (self->attempts, statement, error);
}

static SkReply *
read_reply (SkStatement *row, int column)
{
  if (sqlite3_column_type (row, column) == SQLITE_NULL)
    return NULL;
  return sk_reply_new ((guint) sqlite3_column_int64 (row, column),
                       (const char *) sqlite3_column_text (row, column + 1),
                       (const char *) sqlite3_column_text (row, column + 2));
}

char *
sk_store_untold_find (SkStore *self, const char *key, GHashTable *except, SkReply **reply,
                      GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (
      self->attempts,
      "SELECT id, wall, boot, boot_id, reply_code, reply_enhanced, reply_text FROM untold"
      " WHERE key = ?",
      error);

  *reply = NULL;
  if (statement == NULL)
    return NULL;
  sk_statement_bind_text (statement, 1, key);
  while (sk_database_step (self->attempts, statement, error))
    {
      const char *id = (const char *) sqlite3_column_text (statement, 0);

      if ((except != NULL && g_hash_table_contains (except, id))
          || is_over (self, sqlite3_column_int64 (statement, 1),
                      sqlite3_column_int64 (statement, 2),
                      (const char *) sqlite3_column_text (statement, 3)))
        continue;
      *reply = read_reply (statement, 4);
      return g_strdup (id);
    }
  return NULL;
}
