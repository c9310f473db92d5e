// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/store/sk-database.h"

#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MILLISECONDS 10000

struct _SkDatabase {
  sqlite3 *handle;
  char *path;
  GHashTable *statements; /* const char *sql, by address → sqlite3_stmt */
};

/* --- errors --------------------------------------------------------------------------------- */

/* The errno of the last failure in the database's file or its log (`which` names the file control
 * that finds it). SQLite itself tells only ENOSPC of a write apart; a quota, a limit, or a late
 * ENOSPC of a sync is "I/O error". */
static int
last_errno (sqlite3 *handle, int which)
{
  sqlite3_file *file = NULL;
  int last = 0;

  if (sqlite3_file_control (handle, "main", which, &file) == SQLITE_OK && file != NULL
      && file->pMethods != NULL)
    file->pMethods->xFileControl (file, SQLITE_FCNTL_LAST_ERRNO, &last);
  return last;
}

static gboolean
means_full (int system_errno)
{
  return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
}

static gboolean
no_space (sqlite3 *handle)
{
  int code = sqlite3_errcode (handle) & 0xff;

  return code == SQLITE_FULL
         || (code == SQLITE_IOERR
             && (means_full (last_errno (handle, SQLITE_FCNTL_JOURNAL_POINTER))
                 || means_full (last_errno (handle, SQLITE_FCNTL_FILE_POINTER))));
}

static SkErrorCode
error_code (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return SK_ERROR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return SK_ERROR_INVALID;
    default:
      return SK_ERROR_IO;
    }
}

static const char *
remedy (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return "make room on this disk";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "the file is damaged; stop the agent, move the whole store directory away and start "
             "again (the messages in its mail folder stay readable as .eml files)";
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return "the file and its directory must belong to you and be writable";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program has it open; end that program";
    default:
      return "look at the disk's health and free space";
    }
}

static gboolean
fail (SkDatabase *self, GError **error)
{
  int code = sqlite3_extended_errcode (self->handle);
  g_autofree char *message = g_strdup (sqlite3_errmsg (self->handle));
  gboolean full = no_space (self->handle);

  code = full ? SQLITE_FULL : code;

  g_set_error (error, SK_ERROR, error_code (code), "%s: %s; %s", self->path,
               full ? "no space left" : message, remedy (code));
  return FALSE;
}

/* --- statements ----------------------------------------------------------------------------- */

SkStatement *
sk_database_statement (SkDatabase *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    return statement;
  if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)
      != SQLITE_OK)
    {
      fail (self, error);
      return NULL;
    }
  g_hash_table_insert (self->statements, (gpointer) sql, statement);
  return statement;
}

void
sk_statement_release (SkStatement *self)
{
  if (self == NULL)
    return;
  sqlite3_reset (self);
  sqlite3_clear_bindings (self);
}

gboolean
sk_database_step (SkDatabase *self, SkStatement *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code != SQLITE_ROW && code != SQLITE_DONE)
    fail (self, error);
  return code == SQLITE_ROW;
}

gboolean
sk_database_finish (SkDatabase *self, SkStatement *statement, GError **error)
{
  int code;

  do
    code = sqlite3_step (statement);
  while (code == SQLITE_ROW);
  return code == SQLITE_DONE || fail (self, error);
}

gboolean
sk_database_run (SkDatabase *self, const char *sql, GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (self, sql, error);

  return statement != NULL && sk_database_finish (self, statement, error);
}

void
sk_database_roll_back (SkDatabase *self)
{
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

void
sk_database_trim (SkDatabase *self)
{
  sqlite3_db_release_memory (self->handle);
}

void
sk_statement_bind_text (SkStatement *self, int index, const char *text)
{
  sqlite3_bind_text (self, index, text, -1, SQLITE_STATIC);
}

char *
sk_statement_text (SkStatement *self, int column)
{
  const char *text = (const char *) sqlite3_column_text (self, column);

  return text != NULL ? g_strndup (text, (gsize) sqlite3_column_bytes (self, column)) : NULL;
}

/* --- opening -------------------------------------------------------------------------------- */

/* SQLite would make it readable by others. */
static gboolean
make_file (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  struct stat status;

  if (fd < 0)
    return sk_error_set_errno (error, errno,
                               "%s: can't open; it must belong to you and be writable", path);
  fstat (fd, &status);
  close (fd);
  if (status.st_uid == geteuid ())
    return TRUE;
  g_set_error (
      error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
      "%s: belongs to another user (uid %u); move it away or give it back to yourself with "
      "chown",
      path, status.st_uid);
  return FALSE;
}

static gboolean
query_integer (SkDatabase *self, const char *sql, int *value, GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (self, sql, error);

  if (statement == NULL || !sk_database_step (self, statement, error))
    return FALSE;
  *value = sqlite3_column_int (statement, 0);
  return TRUE;
}

static gboolean
execute (SkDatabase *self, const char *sql, GError **error)
{
  return sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK || fail (self, error);
}

static gboolean
migrate_one (SkDatabase *self, const SkDatabaseKind *kind, int version, GError **error)
{
  g_autofree char *marks
      = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                         kind->application, version + 1);
  gboolean done = execute (self, "BEGIN IMMEDIATE", error)
                  && execute (self, kind->migrations[version], error)
                  && execute (self, marks, error);

  if (!done)
    sk_database_roll_back (self);
  return done;
}

/* A database that has tables but not our mark is somebody else's. */
static gboolean
is_ours (SkDatabase *self, const SkDatabaseKind *kind, int newest, int version, GError **error)
{
  int application, tables;

  if (!query_integer (self, "PRAGMA application_id", &application, error)
      || !query_integer (self, "SELECT count(*) FROM sqlite_schema", &tables, error))
    return FALSE;
  if (version > newest)
    g_set_error (
        error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
        "%s: written by a newer version (schema %d, this one knows %d); install that version "
        "again",
        self->path, version, newest);
  else if (tables > 0 && application != kind->application)
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
                 "%s: is a database of another program; move it away", self->path);
  else
    return TRUE;
  return FALSE;
}

static gboolean
migrate (SkDatabase *self, const SkDatabaseKind *kind, GError **error)
{
  int newest = 0, version;

  while (kind->migrations[newest] != NULL)
    newest++;
  if (!query_integer (self, "PRAGMA user_version", &version, error)
      || !is_ours (self, kind, newest, version, error))
    return FALSE;
  for (; version < newest; version++)
    if (!migrate_one (self, kind, version, error))
      return FALSE;
  return TRUE;
}

/* Small: an idle agent must fit into a few megabytes, and a store is mostly written. */
static void
limit_memory (SkDatabase *self)
{
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_LOOKASIDE, NULL, 256, 64);
  sqlite3_busy_timeout (self->handle, BUSY_MILLISECONDS);
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

SkDatabase *
sk_database_open (const char *path, const SkDatabaseKind *kind, GError **error)
{
  g_autoptr (SkDatabase) self = g_new0 (SkDatabase, 1);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

  self->path = g_strdup (path);
  self->statements
      = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, finalize_statement);
  if (!make_file (path, error))
    return NULL;
  if (sqlite3_open_v2 (path, &self->handle, flags, NULL) != SQLITE_OK)
    {
      fail (self, error);
      return NULL;
    }
  limit_memory (self);
  if (!execute (self, kind->pragmas, error) || !migrate (self, kind, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
sk_database_close (SkDatabase *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->statements);
  sqlite3_close (self->handle);
  g_free (self->path);
  g_free (self);
}

gboolean
sk_database_check (SkDatabase *self, GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (self, "PRAGMA quick_check(1)", error);
  const char *finding;

  if (statement == NULL || !sk_database_step (self, statement, error))
    return FALSE;
  finding = (const char *) sqlite3_column_text (statement, 0);
  if (g_strcmp0 (finding, "ok") == 0)
    return TRUE;
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "%s: %s; %s", self->path, finding,
               remedy (SQLITE_CORRUPT));
  return FALSE;
}
