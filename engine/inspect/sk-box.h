/* The caller's side of sekisho-extract: documents are opened in a sandboxed process and nowhere else.
 *
 * A pool keeps one process started ahead. A box is one process, taken for one mail, asked about each
 * of its attachments in turn, and ended with it; one that dies or lies is replaced for the next
 * attachment. Blocking, with deadlines, safe to call from any thread (a box from one at a time).
 * Where the sandbox can't be set up there is no pool: sk_box_pool_new() fails and says why.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-extraction.h"

#include <gio/gio.h>

typedef struct {
  const char *program;  /* path of sekisho-extract; NULL: where it is installed, or SEKISHO_EXTRACT */
  SkExtractLimits limits;
  guint64 memory_bytes; /* 1 GiB of address space a process */
  guint seconds;        /* 20 for an attachment, by the clock and of CPU time */
} SkBoxSettings;

extern const SkBoxSettings sk_box_default_settings;

/* Each may need `memory_bytes`; the one that waits needs little. */
enum { SK_BOXES_MOST = 4 };

typedef struct _SkBoxPool SkBoxPool;
typedef struct _SkBox SkBox;

/* Starts the first process and has it prove, inside the sandbox, that Japanese PDFs and Shift_JIS still
 * have their text, and that files and network are out of reach. NULL: it did not; the error names what is missing and the
 * remedy. */
SkBoxPool *sk_box_pool_new (const SkBoxSettings *settings, GError **error);
/* The same without waiting: the pool is there at once, and proved in a thread. Who reads a document meanwhile waits for
 * the proof, at most its 20 s; when that fails, the document is not readable, with what is missing. A caller that
 * can't wait for the callback cancels: it then comes with G_IO_ERROR_CANCELLED, and the pool proves itself all the same. */
SkBoxPool *sk_box_pool_begin (const SkBoxSettings *settings, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean sk_box_pool_begin_finish (GAsyncResult *result, GError **error);
/* It has proved itself. */
gboolean sk_box_pool_is_proved (SkBoxPool *self);
/* The last one gone ends the process that waits. A box keeps its pool. */
SkBoxPool *sk_box_pool_ref (SkBoxPool *self);
void sk_box_pool_unref (SkBoxPool *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkBoxPool, sk_box_pool_unref)

/* SK_BOXES_MOST are in use at most; then it waits until one is freed. NULL: cancelled meanwhile. */
SkBox *sk_box_pool_take (SkBoxPool *self, GCancellable *cancellable);
void sk_box_free (SkBox *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkBox, sk_box_free)

/* Reads the document in `fd` (a regular file or memfd; borrowed; only this descriptor is handed over, read-only).
 * `name`: its file name, or NULL. Never NULL: a crash, a lie, a deadline and a process that could
 * not be started are answers too, `readable` NO, type and encrypted unknown, and a reason. Ends early
 * when `cancellable` is cancelled. */
SkExtraction *sk_box_read (SkBox *self, int fd, const char *name, GCancellable *cancellable);
/* Less time than the settings give, for what is read from now on. */
void sk_box_hurry (SkBox *self, guint seconds);
