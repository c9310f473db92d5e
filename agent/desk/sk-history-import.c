// SPDX-License-Identifier: GPL-3.0-or-later
/* Sending history from elsewhere: a CSV with an address column, or the mbox of a Sent folder. */
#include "agent/desk/sk-desk-private.h"

#include "sk-csv.h"
#include "sk-error.h"

#include <string.h>

#define MESSAGE_ADDRESSES 10000

typedef struct {
  GHashTable *keys; /* address key, owned */
} Taken;

static void
take (Taken *taken, const SkAddress *address)
{
  g_hash_table_add (taken->keys, g_strdup (address->key));
}

/* --- CSV ---------------------------------------------------------------------------------------- */

static int
address_column (const SkCsv *csv)
{
  static const char *const names[] = { "recipient", "address", "email", "to", "宛先", "メールアドレス" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (sk_csv_find_column (csv, names[i]) >= 0)
      return sk_csv_find_column (csv, names[i]);
  return -1;
}

static gboolean
import_csv (Taken *taken, const char *text, gsize length, GError **error)
{
  g_autoptr (SkCsv) csv = sk_csv_parse (text, length, "history", error);
  int column;

  if (csv == NULL)
    return FALSE;
  column = address_column (csv);
  if (column < 0)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "history: no column 'recipient' or 'address' (the first line names the columns)");
      return FALSE;
    }
  for (guint row = 0; row < sk_csv_rows (csv); row++)
    {
      const char *field = sk_csv_field (csv, row, (guint) column);
      g_autoptr (SkAddress) address = sk_address_new (field, NULL);

      if (address == NULL)
        {
          g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "history:%u: '%s' is no mail address",
                       sk_csv_line (csv, row), field);
          return FALSE;
        }
      take (taken, address);
    }
  return TRUE;
}

/* --- mbox --------------------------------------------------------------------------------------- */

static gboolean
is_recipient_field (const char *line, gsize length)
{
  static const char *const names[] = { "to:", "cc:", "bcc:" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (length >= strlen (names[i]) && g_ascii_strncasecmp (line, names[i], strlen (names[i])) == 0)
      return TRUE;
  return FALSE;
}

static void
take_field (Taken *taken, GString *field)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  const char *colon = strchr (field->str, ':');

  if (colon == NULL)
    return;
  sk_address_list_parse (colon + 1, strlen (colon + 1), addresses, MESSAGE_ADDRESSES);
  for (guint i = 0; i < addresses->len; i++)
    take (taken, addresses->pdata[i]);
  g_string_truncate (field, 0);
}

typedef struct {
  gboolean in_header, in_field;
  GString *field;
} MboxReader;

static void
read_mbox_line (Taken *taken, MboxReader *reader, const char *line, gsize length)
{
  gboolean continues = length > 0 && (*line == ' ' || *line == '\t');

  if (reader->in_field && !continues)
    take_field (taken, reader->field);
  if (!reader->in_header)
    {
      reader->in_header = g_str_has_prefix (line, "From ");
      reader->in_field = FALSE;
      return;
    }
  if (length == 0)
    {
      reader->in_header = reader->in_field = FALSE;
      return;
    }
  if (!continues)
    reader->in_field = is_recipient_field (line, length);
  if (reader->in_field)
    g_string_append_len (reader->field, line, (gssize) length);
}

static void
import_mbox (Taken *taken, const char *text, gsize length)
{
  MboxReader reader = { .field = g_string_new (NULL) };
  const char *end = text + length;

  while (text < end)
    {
      const char *newline = memchr (text, '\n', (gsize) (end - text));
      const char *line_end = newline != NULL ? newline : end;
      gsize line = (gsize) (line_end - text);

      if (line > 0 && text[line - 1] == '\r')
        line--;
      read_mbox_line (taken, &reader, text, line);
      text = newline != NULL ? newline + 1 : end;
    }
  read_mbox_line (taken, &reader, "", 0);
  g_string_free (reader.field, TRUE);
}

/* --- both --------------------------------------------------------------------------------------- */

gint64
sk_desk_history_import (SkDesk *self, const char *text, gsize length, GError **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Taken taken = { .keys = keys };
  g_autofree const char **array = NULL;
  guint count;

  if (length >= 5 && memcmp (text, "From ", 5) == 0)
    import_mbox (&taken, text, length);
  else if (!import_csv (&taken, text, length, error))
    return -1;
  array = (const char **) g_hash_table_get_keys_as_array (keys, &count);
  sk_store_history_add (self->store, sk_desk_person (self), array, sk_clock_wall (self->clock), NULL,
                        NULL);
  sk_store_flush (self->store);
  return count;
}

json_t *
sk_desk_history (SkDesk *self, GError **error)
{
  return sk_store_history_list (self->store, 10000, error);
}
