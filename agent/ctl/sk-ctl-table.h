/* Columns on a terminal: as wide as their widest cell, where Japanese takes two places a character.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkCtlTable SkCtlTable;

SkCtlTable *sk_ctl_table_new (guint columns);
void sk_ctl_table_free (SkCtlTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkCtlTable, sk_ctl_table_free)

/* Exactly as many texts as there are columns; copied, and made harmless as by sk_terminal_text(). */
void sk_ctl_table_add (SkCtlTable *self, const char *const *cells);
/* All rows, one a line, two blanks between columns, none at the end of a line; g_free. */
char *sk_ctl_table_to_string (const SkCtlTable *self);

/* Places on a terminal. */
guint sk_ctl_width (const char *text);
/* Cut to `width` places with "…" at the end; g_free. */
char *sk_ctl_shorten (const char *text, guint width);
