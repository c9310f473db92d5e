// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-name-table.h"

static gpointer
make_index (gpointer data)
{
  const SkNameTable *self = data;
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < self->count; i++)
    {
      gpointer row = (char *) self->rows + i * self->size;

      g_hash_table_insert (index, *(gpointer *) row, row);
    }
  return index;
}

gconstpointer
sk_name_table_find (SkNameTable *self, const char *name)
{
  return g_hash_table_lookup (g_once (&self->once, make_index, self), name);
}
