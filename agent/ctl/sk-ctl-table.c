// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl-table.h"

#include "sk-terminal-text.h"

#include <string.h>

struct _SkCtlTable {
  guint columns;
  GPtrArray *cells; /* char*, row by row */
};

SkCtlTable *
sk_ctl_table_new (guint columns)
{
  SkCtlTable *self = g_new0 (SkCtlTable, 1);

  self->columns = columns;
  self->cells = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
sk_ctl_table_free (SkCtlTable *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->cells);
  g_free (self);
}

void
sk_ctl_table_add (SkCtlTable *self, const char *const *cells)
{
  for (guint i = 0; i < self->columns; i++)
    g_ptr_array_add (self->cells, sk_terminal_text (cells[i]));
}

static guint
column_width (const SkCtlTable *self, guint column)
{
  guint widest = 0;

  for (guint i = column; i < self->cells->len; i += self->columns)
    widest = MAX (widest, sk_ctl_width (self->cells->pdata[i]));
  return widest;
}

static void
append_row (GString *text, const SkCtlTable *self, guint first, const guint *widths)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < self->columns; i++)
    {
      const char *cell = self->cells->pdata[first + i];
      const int gap = (int)(widths[i] - sk_ctl_width (cell)) + 2;

      g_string_append_printf (line, "%s%*s", cell, gap, "");
    }
  g_string_append_printf (text, "%s\n", g_strchomp (line->str));
}

char *
sk_ctl_table_to_string (const SkCtlTable *self)
{
  g_autofree guint *widths = g_new0 (guint, self->columns);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->columns; i++)
    widths[i] = column_width (self, i);
  for (guint i = 0; i < self->cells->len; i += self->columns)
    append_row (text, self, i, widths);
  return g_string_free (text, FALSE);
}

/* --- characters ---------------------------------------------------------------------------------
 */

static guint
places (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

guint
sk_ctl_width (const char *text)
{
  guint width = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    width += places (g_utf8_get_char (at));
  return width;
}

char *
sk_ctl_shorten (const char *text, guint width)
{
  const char *at = text;
  guint used = 0;

  if (sk_ctl_width (text) <= width)
    return g_strdup (text);
  while (used + places (g_utf8_get_char (at)) < width)
    {
      used += places (g_utf8_get_char (at));
      at = g_utf8_next_char (at);
    }
  return g_strdup_printf ("%.*s…", (int)(at - text), text);
}
