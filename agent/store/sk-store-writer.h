/* The thread that makes writes durable: whatever waits goes into one batch, one directory fsync and
 * one commit.
 *
 * Writes are handed over with sk_store_writer_push() and belong to the writer from then on; their
 * callbacks run on the main context of whoever made the writer, in the order they were pushed. A
 * write that fails leaves no trace: its rows are not there and its message file is back under its
 * spool path; the others of its batch don't suffer.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/store/sk-database.h"
#include "agent/store/sk-mail.h"
#include "agent/store/sk-store.h"

typedef struct _SkStoreWriter SkStoreWriter;
typedef struct _SkWrite SkWrite;
typedef struct _SkWriteKind SkWriteKind;

/* What a kind of write does, in the order of the calls; all on the writer's thread, all may be
 * NULL. */
struct _SkWriteKind {
  /* Before the transaction: file data on its way to the disk; on it; then the name. */
  gboolean (*start) (SkWrite *write, GError **error);
  gboolean (*sync) (SkWrite *write, GError **error);
  gboolean (*place) (SkWrite *write, SkDatabase *database, GError **error);
  /* Within the transaction. */
  gboolean (*rows) (SkWrite *write, SkDatabase *database, GError **error);
  /* After the commit, or when nothing came of it. */
  void (*committed) (SkWrite *write);
  void (*failed) (SkWrite *write);
  gboolean whole_mail; /* its rows are all of `mail`: a later one of the same mail replaces them */
  const char *before_commit, *after_commit; /* crash points */
};

/* One row of the outbox. */
typedef struct {
  char *id;
  gint64 at;
  char *body;
} SkStoreEvent;

struct _SkWrite {
  const SkWriteKind *kind;
  char *id; /* of the mail; NULL when it isn't about one */
  SkMail *mail;
  char *spool_path, *message_path;
  int fd;              /* the spooled message while it is synced, or -1 */
  gboolean placed;     /* the file stands under message_path, by this write */
  gboolean superseded; /* a later write of this batch saves the same mail */
  GPtrArray *events;   /* SkStoreEvent*, or NULL */
  char *person;        /* history */
  char **keys;
  gint64 *ats;         /* of each key, or NULL: all at `at` */
  gint64 at;
  char *name, *value; /* a note */
  gboolean lazy;      /* may wait a second for company */
  GError *error;
  SkStoreFunc callback; /* NULL when nobody asks */
  gpointer user_data;
  void (*settled) (SkWrite *write,
                   gpointer settled_data); /* on the main context, before the callback */
  gpointer settled_data;
  gboolean waited; /* sk_store_writer_run() waits for it */
  gboolean finished;
};

extern const SkWriteKind sk_write_keep, sk_write_save, sk_write_forget, sk_write_history,
    sk_write_note, sk_write_events;

SkWrite *sk_write_new (const SkWriteKind *kind, SkStoreFunc callback, gpointer user_data);
void sk_write_free (SkWrite *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkWrite, sk_write_free)

/* `database` belongs to the writer's thread from now on. `mail_directory` is what one fsync makes
 * durable. */
SkStoreWriter *sk_store_writer_new (SkDatabase *database, const char *mail_directory);
/* Ends after all that was pushed, also by callbacks, is written and their callbacks have run. */
void sk_store_writer_free (SkStoreWriter *self);

void sk_store_writer_push (SkStoreWriter *self, SkWrite *write);
/* Pushes and waits for its end; the write has no callback and is freed. */
gboolean sk_store_writer_run (SkStoreWriter *self, SkWrite *write, GError **error);
/* Waits until all that was pushed so far is written. Callbacks still come from the main loop. */
void sk_store_writer_flush (SkStoreWriter *self);
/* Something is waiting to be written, or a callback to be called. */
gboolean sk_store_writer_is_busy (SkStoreWriter *self);

/* Tests can fill the disk: SK_ERROR_FULL while the file named by SEKISHO_DISK_FULL_FILE exists. */
gboolean sk_store_check_space_hook (GError **error);
/* And make it slow: a commit waits while the file named by SEKISHO_DISK_SLOW_FILE exists, 10 s at most. */
void sk_store_slow_hook (void);
