/* One connection to an SQLite file: opened, checked and migrated, with its statements kept
 * prepared.
 *
 * A connection belongs to one thread. Errors name the file and the remedy; "no space" is
 * SK_ERROR_FULL, damage SK_ERROR_INVALID, a file of somebody else or of a newer version
 * SK_ERROR_NOT_ALLOWED. No file is ever emptied or replaced.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef struct _SkDatabase SkDatabase;

/* A kept statement in use; going out of scope resets it for the next user. */
typedef sqlite3_stmt SkStatement;

typedef struct {
  int application;               /* PRAGMA application_id */
  const char *pragmas;           /* run on every connection */
  const char *const *migrations; /* [n] leads from version n to n + 1; NULL-terminated */
} SkDatabaseKind;

/* Makes the file (0600) if it isn't there, and brings its schema to the newest version. */
SkDatabase *sk_database_open (const char *path, const SkDatabaseKind *kind, GError **error);
void sk_database_close (SkDatabase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkDatabase, sk_database_close)

/* Reads the whole file; slow on a large one. */
gboolean sk_database_check (SkDatabase *self, GError **error);

/* `sql` must stay alive and unchanged (a literal or an interned string): it is the key of the
 * cache. */
SkStatement *sk_database_statement (SkDatabase *self, const char *sql, GError **error);
void sk_statement_release (SkStatement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkStatement, sk_statement_release)

/* TRUE: there is a row. FALSE without error: there are no more. */
gboolean sk_database_step (SkDatabase *self, SkStatement *statement, GError **error);
/* For statements that give no rows. */
gboolean sk_database_finish (SkDatabase *self, SkStatement *statement, GError **error);
/* A kept statement without parameters or rows. */
gboolean sk_database_run (SkDatabase *self, const char *sql, GError **error);
/* Ends a transaction without keeping it, if one is open. */
void sk_database_roll_back (SkDatabase *self);
/* Gives back memory that isn't needed while nothing happens. */
void sk_database_trim (SkDatabase *self);

/* NULL binds NULL. The text must live until the statement is released. */
void sk_statement_bind_text (SkStatement *self, int index, const char *text);
/* A copy, or NULL. */
char *sk_statement_text (SkStatement *self, int column);
