// SPDX-License-Identifier: GPL-3.0-or-later
/* Sending history from elsewhere: a CSV with an address column, or the mbox of a Sent folder. */
#include "agent/desk/sk-desk-private.h"

#include "sk-csv.h"
#include "sk-error.h"

#include <stdio.h>
#include <string.h>

#define MESSAGE_ADDRESSES 10000
#define SECOND G_USEC_PER_SEC

/* Address key → gint64*: when mail last went there, wall microseconds; 0: nobody knows. */
typedef GHashTable Taken;

static void
take (Taken *taken, const SkAddress *address, gint64 at)
{
  gint64 *last = g_hash_table_lookup (taken, address->key);

  if (last == NULL)
    {
      last = g_new0 (gint64, 1);
      g_hash_table_insert (taken, g_strdup (address->key), last);
    }
  *last = MAX (*last, at);
}

/* --- CSV ---------------------------------------------------------------------------------------- */

static int
find_column (const SkCsv *csv, const char *const *names)
{
  for (; *names != NULL; names++)
    if (sk_csv_find_column (csv, *names) >= 0)
      return sk_csv_find_column (csv, *names);
  return -1;
}

static const char *const address_columns[]
    = { "recipient", "address", "email", "to", "宛先", "メールアドレス", NULL };
static const char *const time_columns[] = { "at", "日時", NULL };

/* "2026-11-24", "2026/11/24 10:00", "2026-11-24T10:00:00+09:00"; local time where no zone is said. */
static gboolean
parse_time (const char *text, gint64 *at)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GString) iso = g_string_new (text);
  g_autoptr (GDateTime) time = NULL;

  g_string_replace (iso, "/", "-", 0);
  if (iso->len > 10 && iso->str[10] == ' ')
    iso->str[10] = 'T';
  if (iso->len == 10)
    g_string_append (iso, "T00:00:00");
  else if (iso->len == 16)
    g_string_append (iso, ":00");
  time = g_date_time_new_from_iso8601 (iso->str, zone);
  if (time == NULL)
    return FALSE;
  *at = g_date_time_to_unix (time) * SECOND;
  return TRUE;
}

static gboolean
is_empty_row (const SkCsv *csv, guint row)
{
  for (guint column = 0; column < sk_csv_columns (csv); column++)
    if (*sk_csv_field (csv, row, column) != '\0')
      return FALSE;
  return TRUE;
}

static gboolean
take_row (Taken *taken, const SkCsv *csv, guint row, int column, int time_column, GError **error)
{
  const char *field = sk_csv_field (csv, row, (guint) column);
  const char *time = time_column >= 0 ? sk_csv_field (csv, row, (guint) time_column) : "";
  g_autoptr (SkAddress) address = sk_address_new (field, NULL);
  gint64 at = 0;

  if (address == NULL)
    g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                 "history:%u: '%s' is no mail address (mend the line or take it out)",
                 sk_csv_line (csv, row), field);
  else if (*time != '\0' && !parse_time (time, &at))
    g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                 "history:%u: '%s' is no time (write it as 2026-11-24 or 2026-11-24T10:00:00+09:00)",
                 sk_csv_line (csv, row), time);
  else
    {
      take (taken, address, at);
      return TRUE;
    }
  return FALSE;
}

static gboolean
import_csv (Taken *taken, const char *text, gsize length, GError **error)
{
  g_autoptr (SkCsv) csv = sk_csv_parse (text, length, "history", error);
  int column, time_column;

  if (csv == NULL)
    return FALSE;
  column = find_column (csv, address_columns);
  time_column = find_column (csv, time_columns);
  if (column < 0)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "history:1: there is no column 'recipient' or 'address' (name the columns in the "
                   "first line; an mbox begins with \"From \")");
      return FALSE;
    }
  for (guint row = 0; row < sk_csv_rows (csv); row++)
    if (!is_empty_row (csv, row) && !take_row (taken, csv, row, column, time_column, error))
      return FALSE;
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
take_field (Taken *taken, GString *field, gint64 at)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  const char *colon = strchr (field->str, ':');

  if (colon == NULL)
    return;
  sk_address_list_parse (colon + 1, strlen (colon + 1), addresses, MESSAGE_ADDRESSES);
  for (guint i = 0; i < addresses->len; i++)
    take (taken, addresses->pdata[i], at);
  g_string_truncate (field, 0);
}

static int
find_month (const char *word)
{
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  for (int i = 0; i < (int) G_N_ELEMENTS (months); i++)
    if (g_str_equal (months[i], word))
      return i + 1;
  return 0;
}

/* From the month on: "Nov 24 10:00:00 2026", with or without a zone before the year. UTC (RFC 4155). */
static gint64
read_date (char **words)
{
  g_autofree char *rest = g_strjoinv (" ", words + 1);
  int day, hour, minute, second = 0, year = 0;
  const guint count = g_strv_length (words);
  g_autoptr (GDateTime) time = NULL;

  if (sscanf (rest, "%2d %2d:%2d:%2d", &day, &hour, &minute, &second) < 3)
    return -1;
  for (guint i = 3; i < MIN (count, 5) && year < 1900; i++)
    year = (int) g_ascii_strtoll (words[i], NULL, 10);
  time = g_date_time_new_utc (year, find_month (words[0]), day, hour, minute, second);
  return time != NULL ? g_date_time_to_unix (time) * SECOND : -1;
}

/* "From SENDER Tue Nov 24 10:00:00 2026". A text may have lines that begin with From, too: only one with
 * a date begins a message. FALSE: it is none. */
static gboolean
is_from_line (const char *line, gsize length, gint64 *at)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  if (length < 5 || memcmp (line, "From ", 5) != 0)
    return FALSE;
  text = g_strndup (line, MIN (length, 1024));
  words = g_strsplit_set (text, " \t", -1);
  for (char **in = words, **out = words;; in++)
    if (*in == NULL || **in != '\0')
      {
        *out++ = *in;
        if (*in == NULL)
          break;
      }
    else
      g_free (*in);
  for (char **word = words; *word != NULL; word++)
    if (find_month (*word) > 0 && word[1] != NULL && word[2] != NULL)
      {
        *at = read_date (word);
        return *at >= 0;
      }
  return FALSE;
}

typedef struct {
  gboolean in_header, in_field;
  gint64 at;
  GString *field;
} MboxReader;

static void
read_mbox_line (Taken *taken, MboxReader *reader, const char *line, gsize length)
{
  gboolean continues = length > 0 && (*line == ' ' || *line == '\t');

  if (reader->in_field && !continues)
    take_field (taken, reader->field, reader->at);
  if (!reader->in_header)
    {
      reader->in_header = is_from_line (line, length, &reader->at);
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

/* An mbox without a message that can be told from the next is none. */
static gboolean
read_history (Taken *taken, const char *text, gsize length, GError **error)
{
  const char *newline = memchr (text, '\n', length);
  gint64 at;

  if (length < 5 || memcmp (text, "From ", 5) != 0)
    return import_csv (taken, text, length, error);
  if (!is_from_line (text, newline != NULL ? (gsize) (newline - text) : length, &at))
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "history:1: this begins a message of an mbox, but has no date (such as: From - Tue "
                   "Nov 24 10:00:00 2026)");
      return FALSE;
    }
  import_mbox (taken, text, length);
  return TRUE;
}

static void
written_cb (const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_int (task, GPOINTER_TO_INT (g_task_get_task_data (task)));
}

/* A time to come would stand above all that is sent from now on. */
static void
write_taken (SkDesk *self, Taken *taken, GTask *task)
{
  gint64 now = sk_clock_wall (self->clock);
  guint count;
  g_autofree const char **keys = (const char **) g_hash_table_get_keys_as_array (taken, &count);
  g_autofree gint64 *ats = g_new (gint64, count);

  for (guint i = 0; i < count; i++)
    ats[i] = MIN (*(gint64 *) g_hash_table_lookup (taken, keys[i]), now);
  g_task_set_task_data (task, GUINT_TO_POINTER (count), NULL);
  sk_store_history_import (self->store, sk_desk_person (self), keys, ats, written_cb,
                           g_object_ref (task));
}

void
sk_desk_history_import (SkDesk *self, const char *text, gsize length, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GError *error = NULL;

  g_task_set_source_tag (task, sk_desk_history_import);
  if (read_history (taken, text, length, &error))
    write_taken (self, taken, task);
  else
    g_task_return_error (task, error);
}

gint64
sk_desk_history_import_finish (SkDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

/* Times are text wherever people and scripts see them; null: not known. */
json_t *
sk_desk_history (SkDesk *self, GError **error)
{
  json_t *rows, *row;
  gsize index;

  sk_store_flush (self->store);
  rows = sk_store_history_list (self->store, 10000, error);
  if (rows != NULL)
    sk_desk_disguise_history (self, rows);
  json_array_foreach (rows, index, row)
  {
    const gint64 last = json_integer_value (json_object_get (row, "last"));
    g_autofree char *text = last != 0 ? sk_time_format (last) : NULL;

    json_object_set_new (row, "last", text != NULL ? json_string (text) : json_null ());
  }
  return rows;
}
