/* Rows of a static table by their names, quickly, however many there are. A row is any structure
 * that begins with its name (const char *); of two with one name the last counts. Borrows the rows;
 * what it makes at the first look stays. Safe from any thread.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  gconstpointer rows;
  gsize count, size;
  GOnce once;
} SkNameTable;

#define SK_NAME_TABLE(rows)                                                                        \
  {                                                                                                \
    rows, G_N_ELEMENTS (rows), sizeof (rows)[0], G_ONCE_INIT                                       \
  }

/* NULL: none has that name. */
gconstpointer sk_name_table_find (SkNameTable *self, const char *name);
