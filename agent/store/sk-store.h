/* What must survive a crash: kept mail, attempts, sending history, events to upload.
 *
 * A directory (mode 0700, locked: one agent a store) with store.db (SQLite, WAL, synchronous=FULL),
 * attempts.db (WAL, synchronous=OFF: it must outlive a crash of ours, a power cut takes the client
 * too), spool/ (mail that is being received) and mail/ (ID.eml). Bodies in files, state in the database.
 *
 * Writes that must be durable go to one writer thread that takes all that wait into one commit; their callbacks
 * run on the main context in the order of the calls, after the commit, with an error when nothing of
 * it happened. Reads run at once on the caller's (main) thread and see all committed writes.
 * A store that is damaged is an error at open that names the file and the remedy; it is never emptied.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/sk-envelope.h"
#include "agent/store/sk-mail.h"
#include "sk-clock.h"

#include <glib.h>

typedef struct _SkStore SkStore;
/* `error` is NULL when the write is durable. */
typedef void (*SkStoreFunc) (const GError *error, gpointer user_data);

SkStore *sk_store_open (const char *directory, SkClock *clock, GError **error);
/* Waits for the writes under way and runs their callbacks. */
void sk_store_close (SkStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkStore, sk_store_close)

const char *sk_store_spool_directory (const SkStore *self);
char *sk_store_message_path (const SkStore *self, const char *id); /* mail/ID.eml; g_free */
/* SK_ERROR_FULL when less than `bytes` and a reserve are free. */
gboolean sk_store_has_space (SkStore *self, gint64 bytes, GError **error);

/* Keeps a mail: the spooled file `spool_path` (fdatasync) is renamed to mail/ID.eml, the directory is synced, and
 * `mail` saved with `events` (JSON array or NULL, borrowed). On an error the file is back under spool_path. `mail` is copied
 * now; spool_path may be NULL when the message file is in place already. A mail that has a row already is not
 * kept again with another file (SK_ERROR_INVALID). */
void sk_store_keep (SkStore *self, const SkMail *mail, const char *spool_path, const json_t *events,
                    SkStoreFunc callback, gpointer user_data);
/* Saves a mail's state (all of it) with `events`. `mail` is copied now. Without a kept message only a mail that is
 * done can be saved (what went straight through, for the list); SK_ERROR_NOT_FOUND otherwise. */
void sk_store_save (SkStore *self, const SkMail *mail, const json_t *events, SkStoreFunc callback,
                    gpointer user_data);
/* The same, but written with what else comes within a second. */
void sk_store_save_later (SkStore *self, const SkMail *mail, const json_t *events, SkStoreFunc callback,
                          gpointer user_data);
/* Forgets the message file and the row of a mail that is done; SK_ERROR_NOT_ALLOWED while it isn't. */
void sk_store_forget (SkStore *self, const char *id, SkStoreFunc callback, gpointer user_data);
/* Records events that are about no mail (policy-applied, enrolled, …). */
void sk_store_record (SkStore *self, const json_t *events, SkStoreFunc callback, gpointer user_data);
/* Waits until everything written so far is durable; callbacks still come from the main loop. For shutdown and tests. */
void sk_store_flush (SkStore *self);
/* TRUE while something is being written, or a callback has not been called. */
gboolean sk_store_is_busy (SkStore *self);

/* All mails that are not done (SkMail*, yours), oldest first. */
GPtrArray *sk_store_load_open (SkStore *self, GError **error);
/* The newest `limit` mails, done ones too, newest first. */
GPtrArray *sk_store_load_recent (SkStore *self, guint limit, GError **error);
/* Ids (char*, yours) of mails that were done before `before` (wall microseconds), at most `limit`, the oldest first: for
 * sk_store_forget(). */
GPtrArray *sk_store_ended (SkStore *self, gint64 before, guint limit, GError **error);
/* NULL without error when there is none. */
/* Up to `limit` ids (char*) that begin so, in order. */
GPtrArray *sk_store_find_ids (SkStore *self, const char *beginning, guint limit, GError **error);
SkMail *sk_store_load (SkStore *self, const char *id, GError **error);

/* Events with a number above `after`, in order: [{"number", "id", "at" (wall microseconds), "body"}]. An event's "id" (a
 * UUIDv7) is its own if it has one, otherwise made when it was handed over. */
json_t *sk_store_events (SkStore *self, gint64 after, guint limit, GError **error);

/* --- straight through -------------------------------------------------------------------------- */
/* The row that is committed before our final dot goes out: quick (no fsync), on the calling thread. `envelope`
 * is what is needed to make a kept mail of it after a crash. */
gboolean sk_store_attempt_begin (SkStore *self, const SkMail *mail, const char *spool_path,
                                 const char *fingerprint, GError **error);
/* The outcome is known (or the mail has been kept): the row goes. */
gboolean sk_store_attempt_end (SkStore *self, const char *id, GError **error);
/* Attempts that a crash left behind (SkMail*, yours) with their spool paths (char*, parallel, NULL when the file is gone).
 * Not among them are those whose mail was kept before the crash: its row says how far it came. */
GPtrArray *sk_store_attempts (SkStore *self, GPtrArray **spool_paths, GError **error);
/* The fingerprint it was begun with, for sk_store_untold_add() after a crash; NULL when there is none. */
char *sk_store_attempt_fingerprint (SkStore *self, const char *id);
/* At start: removes spooled files that belong to no attempt, and message files without a row. */
void sk_store_sweep (SkStore *self);

/* --- submissions whose client may not know -------------------------------------------------------- */
/* Remembers that the client of mail `id` was not told (for 30 minutes), or forgets it. Durable like an attempt. */
gboolean sk_store_untold_add (SkStore *self, const char *key, const char *id, const SkReply *reply, GError **error);
/* Is there any? Cheap: asked for every submission. */
gboolean sk_store_has_untold (SkStore *self);
/* Is that mail's client one who was not told? */
gboolean sk_store_is_untold (SkStore *self, const char *id);
gboolean sk_store_untold_remove (SkStore *self, const char *key, const char *id, GError **error);
/* A mail of that key within 30 minutes that is none of `except` (a set of ids, or NULL): its id (g_free) and the answer it got
 * (*reply, may become NULL while it still runs). NULL without error when there is none. */
char *sk_store_untold_find (SkStore *self, const char *key, GHashTable *except, SkReply **reply,
                            GError **error);

/* --- sending history ------------------------------------------------------------------------------ */
/* `key`: comparing form of a recipient's address; `at` wall microseconds. Not durable at once (batched with the next commit);
 * callback may be NULL. */
void sk_store_history_add (SkStore *self, const char *person, const char *const *keys, gint64 at,
                           SkStoreFunc callback, gpointer user_data);
/* All of it or nothing, in one commit; `ats`: the time of each key, 0 when nobody knows it. */
void sk_store_history_import (SkStore *self, const char *person, const char *const *keys,
                              const gint64 *ats, SkStoreFunc callback, gpointer user_data);
/* 1 known, 0 new, -1 could not be told. */
int sk_store_history_known (SkStore *self, const char *person, const char *key);
/* Domains of the addresses that had mail from one of `persons` (NULL-terminated), each once, in comparing form;
 * g_ptr_array_unref. On the main loop. NULL and error when they could not be read. */
GPtrArray *sk_store_history_domains (SkStore *self, const char *const *persons, GError **error);
/* Rows {"person", "address", "last" (wall microseconds), "count"}, newest first. */
json_t *sk_store_history_list (SkStore *self, guint limit, GError **error);

/* --- settings that the agent itself remembers (EHLO of the provider, …) --------------------------- */
gboolean sk_store_note_set (SkStore *self, const char *name, const char *value, GError **error);
char *sk_store_note_get (SkStore *self, const char *name); /* NULL when there is none */
