/* One sekisho-extract: started, greeted, asked, ended. For sk-box.c alone.
 *
 * Whoever starts one owns it and ends it; ending waits for it, so nothing is left behind. Every
 * wait has a deadline. Errors (SK_ERROR) are in plain English for people, and after one the process
 * can only be ended.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-box.h"

typedef struct _SkBoxProcess SkBoxProcess;

SkBoxProcess *sk_box_process_start (const SkBoxSettings *settings, GError **error);
/* Kills it when it has not ended by itself. NULL may be ended. */
void sk_box_process_end (SkBoxProcess *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkBoxProcess, sk_box_process_end)

/* Waits until the sandbox is closed and proved; returns at once when it was. */
gboolean sk_box_process_greet (SkBoxProcess *self, GCancellable *cancellable, GError **error);

/* Whether it ended while nobody asked it anything. */
gboolean sk_box_process_is_gone (SkBoxProcess *self);

/* One document, after the greeting. `document`: a descriptor that is open for reading only. `seconds`: at most, below
 * what the settings say. */
SkExtraction *sk_box_process_ask (SkBoxProcess *self, int document, const char *name, guint seconds,
                                  GCancellable *cancellable, GError **error);
