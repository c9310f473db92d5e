// SPDX-License-Identifier: GPL-3.0-or-later
/* What the writer's thread does for each kind of write. */
#include "agent/store/sk-mail-rows.h"
#include "agent/store/sk-store-private.h"
#include "sk-crash.h"
#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define KIND_CRASH_POINTS(name)                                                                    \
  .before_commit = name "-before-commit", .after_commit = name "-after-commit"

/* --- rows that several kinds write ---------------------------------------------------------- */

static gboolean
write_event (SkDatabase *database, const SkStoreEvent *event, GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (
      database, "INSERT INTO events (id, at, body) VALUES (?, ?, ?)", error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, event->id);
  sqlite3_bind_int64 (statement, 2, event->at);
  sk_statement_bind_text (statement, 3, event->body);
  return sk_database_finish (database, statement, error);
}

static gboolean
write_events (SkWrite *write, SkDatabase *database, GError **error)
{
  for (guint i = 0; write->events != NULL && i < write->events->len; i++)
    if (!write_event (database, write->events->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* The first time that it is written as done counts. */
static gboolean
write_end (SkWrite *write, SkDatabase *database, GError **error)
{
  g_autoptr (SkStatement) statement = NULL;

  if (write->mail->state != SK_MAIL_DONE)
    return TRUE;
  statement = sk_database_statement (
      database, "UPDATE mails SET ended = ?2 WHERE id = ?1 AND ended IS NULL", error);
  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, write->id);
  sqlite3_bind_int64 (statement, 2, write->at);
  return sk_database_finish (database, statement, error);
}

static gboolean
write_mail (SkWrite *write, SkDatabase *database, GError **error)
{
  return write->superseded
         || (sk_mail_rows_write (database, write->mail, error)
             && write_end (write, database, error));
}

static gboolean
write_mail_and_events (SkWrite *write, SkDatabase *database, GError **error)
{
  return write_mail (write, database, error) && write_events (write, database, error);
}

/* The mail's state in the database, or NULL when it has no row. */
static gboolean
find_state (SkDatabase *database, const char *id, char **state, GError **error)
{
  g_autoptr (SkStatement) statement
      = sk_database_statement (database, "SELECT state FROM mails WHERE id = ?", error);
  GError *problem = NULL;

  *state = NULL;
  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, id);
  if (sk_database_step (database, statement, &problem))
    *state = sk_statement_text (statement, 0);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

/* --- keep ----------------------------------------------------------------------------------- */

gboolean
sk_store_check_space_hook (GError **error)
{
#ifdef SK_TESTING
  const char *file = g_getenv ("SEKISHO_DISK_FULL_FILE");

  if (file != NULL && access (file, F_OK) == 0)
    return sk_error_set_errno (error, ENOSPC, "%s", file);
#endif
  return TRUE;
}

void
sk_store_slow_hook (void)
{
#ifdef SK_TESTING
  const char *file = g_getenv ("SEKISHO_DISK_SLOW_FILE");

  for (guint i = 0; i < 1000 && file != NULL && access (file, F_OK) == 0; i++)
    g_usleep (G_USEC_PER_SEC / 100);
#endif
}

static gboolean
start_spooled (SkWrite *write, GError **error)
{
  if (!sk_store_check_space_hook (error))
    return FALSE;
  if (write->spool_path == NULL)
    return TRUE;
  sk_crash_point ("keep-before-sync");
  write->fd = open (write->spool_path, O_RDONLY | O_CLOEXEC);
  if (write->fd < 0)
    return sk_error_set_errno (error, errno, "%s: can't open the received message",
                               write->spool_path);
  /* Only a hint: what goes wrong here shows in the fdatasync. */
  sync_file_range (write->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
  return TRUE;
}

static gboolean
sync_spooled (SkWrite *write, GError **error)
{
  gboolean good;

  if (write->fd < 0)
    return TRUE;
  good = fdatasync (write->fd) == 0
         || sk_error_set_errno (error, errno, "%s: can't write the received message to the disk",
                                write->spool_path);
  close (write->fd);
  write->fd = -1;
  sk_crash_point ("keep-after-sync");
  return good;
}

/* A file without a row is left over from a keep that didn't come to its end. */
static gboolean
replace_leftover (SkWrite *write, SkDatabase *database, GError **error)
{
  g_autofree char *state = NULL;

  if (!find_state (database, write->id, &state, error))
    return FALSE;
  if (state == NULL)
    return rename (write->spool_path, write->message_path) == 0
           || sk_error_set_errno (error, errno, "%s: can't move the received message there",
                                  write->message_path);
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "mail %s is kept already", write->id);
  return FALSE;
}

static gboolean
place_message (SkWrite *write, SkDatabase *database, GError **error)
{
  if (write->spool_path == NULL)
    return access (write->message_path, R_OK) == 0
           || sk_error_set_errno (error, errno, "%s: the message isn't there", write->message_path);
  if (renameat2 (AT_FDCWD, write->spool_path, AT_FDCWD, write->message_path, RENAME_NOREPLACE) == 0)
    write->placed = TRUE;
  else if (errno == EEXIST || errno == EINVAL || errno == ENOSYS)
    write->placed = replace_leftover (write, database, error);
  else
    sk_error_set_errno (error, errno, "%s: can't move the received message there",
                        write->message_path);
  if (write->placed)
    sk_crash_point ("keep-after-rename");
  return write->placed;
}

static void
take_message_back (SkWrite *write)
{
  if (!write->placed)
    return;
  if (rename (write->message_path, write->spool_path) < 0)
    g_warning ("%s: can't move the message back to %s: %s", write->message_path, write->spool_path,
               g_strerror (errno));
  write->placed = FALSE;
}

const SkWriteKind sk_write_keep = {
  .start = start_spooled,
  .sync = sync_spooled,
  .place = place_message,
  .rows = write_mail_and_events,
  .failed = take_message_back,
  .whole_mail = TRUE,
  KIND_CRASH_POINTS ("keep"),
};

/* --- save ----------------------------------------------------------------------------------- */

/* A row of mail that is still to be sent never stands without its message. */
static gboolean
check_message (SkWrite *write, SkDatabase *database, GError **error)
{
  g_autofree char *state = NULL;

  if (write->mail->state == SK_MAIL_DONE || access (write->message_path, F_OK) == 0)
    return TRUE;
  if (!find_state (database, write->id, &state, error))
    return FALSE;
  if (state != NULL)
    return TRUE;
  g_set_error (error, SK_ERROR, SK_ERROR_NOT_FOUND,
               "%s: mail %s can't be saved before its message is kept", write->message_path,
               write->id);
  return FALSE;
}

static gboolean
write_saved (SkWrite *write, SkDatabase *database, GError **error)
{
  return check_message (write, database, error) && write_mail_and_events (write, database, error);
}

const SkWriteKind sk_write_save = {
  .rows = write_saved,
  .whole_mail = TRUE,
  KIND_CRASH_POINTS ("save"),
};

/* --- forget --------------------------------------------------------------------------------- */

static gboolean
remove_mail (SkWrite *write, SkDatabase *database, GError **error)
{
  g_autoptr (SkStatement) statement
      = sk_database_statement (database, "DELETE FROM mails WHERE id = ?", error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, write->id);
  return sk_database_finish (database, statement, error);
}

static gboolean
remove_done_mail (SkWrite *write, SkDatabase *database, GError **error)
{
  g_autofree char *state = NULL;

  if (!find_state (database, write->id, &state, error))
    return FALSE;
  if (state == NULL || g_str_equal (state, sk_mail_state_name (SK_MAIL_DONE)))
    return remove_mail (write, database, error);
  g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED, "mail %s is not done yet (%s)", write->id,
               state);
  return FALSE;
}

/* After the row: what a crash leaves is a file without a row, which the next start sweeps. */
static void
remove_message (SkWrite *write)
{
  if (unlink (write->message_path) < 0 && errno != ENOENT)
    g_warning ("%s: can't remove: %s", write->message_path, g_strerror (errno));
}

const SkWriteKind sk_write_forget = {
  .rows = remove_done_mail,
  .committed = remove_message,
  KIND_CRASH_POINTS ("forget"),
};

/* --- history, notes, events of no mail ------------------------------------------------------ */

static gboolean
write_history_key (SkDatabase *database, const SkWrite *write, guint i, GError **error)
{
  g_autoptr (SkStatement) statement = sk_database_statement (
      database,
      "INSERT INTO history (person, address, last, count) VALUES (?1, ?2, ?3, 1)"
      " ON CONFLICT (person, address)"
      " DO UPDATE SET last = max (last, excluded.last), count = count + 1",
      error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, write->person);
  sk_statement_bind_text (statement, 2, write->keys[i]);
  sqlite3_bind_int64 (statement, 3, write->ats != NULL ? write->ats[i] : write->at);
  return sk_database_finish (database, statement, error);
}

static gboolean
write_history (SkWrite *write, SkDatabase *database, GError **error)
{
  for (guint i = 0; write->keys[i] != NULL; i++)
    if (!write_history_key (database, write, i, error))
      return FALSE;
  return TRUE;
}

const SkWriteKind sk_write_history = {
  .rows = write_history,
  KIND_CRASH_POINTS ("history"),
};

static gboolean
write_note (SkWrite *write, SkDatabase *database, GError **error)
{
  g_autoptr (SkStatement) statement
      = sk_database_statement (database,
                               "INSERT INTO notes (name, value) VALUES (?1, ?2)"
                               " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                               error);

  if (statement == NULL)
    return FALSE;
  sk_statement_bind_text (statement, 1, write->name);
  sk_statement_bind_text (statement, 2, write->value);
  return sk_database_finish (database, statement, error);
}

const SkWriteKind sk_write_note = {
  .rows = write_note,
  KIND_CRASH_POINTS ("note"),
};

const SkWriteKind sk_write_events = {
  .rows = write_events,
  KIND_CRASH_POINTS ("events"),
};
