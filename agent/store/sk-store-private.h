/* The store's inside, shared by the files that make it up. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/store/sk-store-writer.h"

struct _SkStore {
  char *directory, *spool_directory, *mail_directory;
  SkClock *clock;
  int lock_fd;
  gboolean opened;
  gboolean after_crash;  /* the last run didn't close the store */
  gboolean after_boot;   /* the last run was in another boot, or none is known */
  SkDatabase *reader;    /* store.db, for reads on the main thread */
  SkDatabase *attempts;  /* attempts.db */
  GHashTable *attempt_numbers; /* id → gint64* of its row there */
  gint64 last_attempt;
  SkStoreWriter *writer; /* store.db, for all writes */
  GHashTable
      *pending_history; /* "person\nkey" that isn't committed yet → how many writes bring it */
};

/* Takes the lock, or says who has it; notes in self how the last run ended. */
gboolean sk_store_lock (SkStore *self, GError **error);
/* The store is open: from now on an end without sk_store_unlock() is a crash. */
void sk_store_note_opened (SkStore *self);
/* Notes that this run ended well (if it was opened), and gives the lock back. */
void sk_store_unlock (SkStore *self);

/* Opens attempts.db and puts back what a crash left between two steps. Needs the reader. */
gboolean sk_store_open_attempts (SkStore *self, GError **error);
/* TRUE when a mail of that id has a row in store.db; also when that can't be told. */
gboolean sk_store_has_mail (SkStore *self, const char *id);

