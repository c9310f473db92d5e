// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-csv.h"

#include "sk-error.h"

#include <string.h>

enum {
  MOST_COLUMNS = 1000,
  MOST_BYTES = 1 << 29,
};

typedef struct {
  guint32 first_field; /* index into fields */
  guint32 line;
} Record;

/* A field never grows when its quotes go, so all of them live in the one copy of the text, each
 * ended by a NUL. */
struct _SkCsv {
  char *text;
  GArray *fields;  /* guint32: offsets into text */
  GArray *records; /* Record, the header first; one more at the end closes the last */
  guint columns;
};

typedef struct {
  SkCsv *csv;
  const char *file;
  char *at, *end;
  char *line_start;
  guint line;
} Parser;

static gboolean
fail (const Parser *self, const char *where, const char *message, GError **error)
{
  guint column = 1;

  for (const char *p = self->line_start; p < where;
       p++) /* fields before this one end in NULs by now */
    column += (*p & 0xc0) != 0x80;
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "%s:%u:%u: %s", self->file, self->line, column,
               message);
  return FALSE;
}

/* Blanks that people's spreadsheets leave around a value: ASCII's, U+00A0 and U+3000. */
static gsize
blank_at_start (const char *text, const char *end)
{
  if (text < end && (*text == ' ' || *text == '\t'))
    return 1;
  if (end - text >= 2 && memcmp (text, "\xc2\xa0", 2) == 0)
    return 2;
  if (end - text >= 3 && memcmp (text, "\xe3\x80\x80", 3) == 0)
    return 3;
  return 0;
}

static gsize
blank_at_end (const char *start, const char *end)
{
  if (end > start && strchr (" \t\r\n", end[-1]) != NULL)
    return 1;
  if (end - start >= 2 && memcmp (end - 2, "\xc2\xa0", 2) == 0)
    return 2;
  if (end - start >= 3 && memcmp (end - 3, "\xe3\x80\x80", 3) == 0)
    return 3;
  return 0;
}

static void
skip_blanks (Parser *self)
{
  gsize n;

  while ((n = blank_at_start (self->at, self->end)) > 0)
    self->at += n;
}

/* The byte at `end` is a separator that was read already, or the text's own NUL. */
static void
add_field (Parser *self, char *start, char *end)
{
  guint32 offset;
  gsize n;

  while ((n = blank_at_end (start, end)) > 0)
    end -= n;
  while ((n = blank_at_start (start, end)) > 0
         || (start < end && (*start == '\n' || *start == '\r')))
    start += MAX (n, 1);
  *end = '\0';
  offset = (guint32) (start - self->csv->text);
  g_array_append_val (self->csv->fields, offset);
}

static void
next_line (Parser *self)
{
  self->line++;
  self->line_start = self->at;
}

/* Behind the opening quote. Doubled quotes close up in place. */
static gboolean
read_quoted (Parser *self, GError **error)
{
  char *start = self->at, *out = self->at;
  const Parser opening = *self;

  for (;;)
    {
      char c;

      if (self->at == self->end)
        return fail (&opening, opening.at - 1,
                     "this quotation mark is never closed; close the field with another one",
                     error);
      c = *self->at++;
      if (c == '"' && (self->at == self->end || *self->at != '"'))
        break;
      if (c == '"')
        self->at++;
      *out++ = c;
      if (c == '\n')
        next_line (self);
    }
  skip_blanks (self);
  if (self->at < self->end && strchr (",\r\n", *self->at) == NULL)
    return fail (self, self->at,
                 "text behind a closing quotation mark; double the marks that belong to the field",
                 error);
  /* The separator may be overwritten by the NUL only after it was looked at: `out` lies before it.
   */
  add_field (self, start, out);
  return TRUE;
}

static gboolean
read_plain (Parser *self, char *start, char *separator, GError **error)
{
  char *mark;

  for (self->at = start; self->at < self->end; self->at++)
    if (*self->at == ',' || *self->at == '\r' || *self->at == '\n')
      break;
  mark = memchr (start, '"', (gsize) (self->at - start));
  if (mark != NULL)
    return fail (
        self, mark,
        "a quotation mark inside an unquoted field; quote the whole field and double the mark",
        error);
  *separator = *self->at;
  add_field (self, start, self->at);
  return TRUE;
}

static gboolean
read_field (Parser *self, char *separator, GError **error)
{
  char *start = self->at;

  skip_blanks (self);
  if (self->at < self->end && *self->at == '"')
    {
      self->at++;
      if (!read_quoted (self, error))
        return FALSE;
      *separator = self->at < self->end ? *self->at : '\0';
      return TRUE;
    }
  return read_plain (self, start, separator, error);
}

/* Moves behind the separator and counts the line it may have ended. */
static void
pass_separator (Parser *self, char separator)
{
  if (separator == '\0')
    return;
  self->at++;
  if (separator == '\r' && self->at < self->end && *self->at == '\n')
    self->at++;
  if (separator != ',')
    next_line (self);
}

static const char *
field_text (const SkCsv *self, guint32 index)
{
  return self->text + g_array_index (self->fields, guint32, index);
}

/* Empty fields at the end are what a spreadsheet leaves of an emptied column. */
static guint
used_width (const SkCsv *self, const Record *record)
{
  guint width = self->fields->len - record->first_field;

  while (width > 0 && *field_text (self, record->first_field + width - 1) == '\0')
    width--;
  return width;
}

static gboolean
check_width (const Parser *self, const Record *record, GError **error)
{
  SkCsv *csv = self->csv;
  guint width = used_width (csv, record);

  g_array_set_size (csv->fields, record->first_field + width);
  if (width > MOST_COLUMNS)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_LIMIT, "%s:%u:1: more than %d columns", self->file,
                   record->line, MOST_COLUMNS);
      return FALSE;
    }
  if (csv->records->len == 0)
    csv->columns = width;
  if (width <= csv->columns)
    return TRUE;
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
               "%s:%u:1: %u fields, but the header names %u; quote a field that holds a comma",
               self->file, record->line, width, csv->columns);
  return FALSE;
}

static gboolean
read_record (Parser *self, GError **error)
{
  SkCsv *csv = self->csv;
  Record record = { csv->fields->len, self->line };
  char separator = ',';

  while (separator == ',')
    {
      if (!read_field (self, &separator, error))
        return FALSE;
      pass_separator (self, separator);
      if (csv->fields->len - record.first_field > 2 * MOST_COLUMNS)
        break;
    }
  if (!check_width (self, &record, error))
    return FALSE;
  if (csv->fields->len == record.first_field)
    return TRUE; /* an empty line */
  g_array_append_val (csv->records, record);
  return TRUE;
}

static gboolean
check_header (const SkCsv *self, const char *file, GError **error)
{
  if (self->records->len == 1)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "%s:1:1: empty; the first line names the columns", file);
      return FALSE;
    }
  for (guint i = 0; i < sk_csv_columns (self); i++)
    {
      const char *name = sk_csv_column_name (self, i);

      if (*name != '\0' && sk_csv_find_column (self, name) != (int) i)
        {
          g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                       "%s:%u: column '%s' is there twice; rename or remove one", file,
                       g_array_index (self->records, Record, 0).line, name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
is_cp932 (const char *text, gsize length)
{
  g_autofree char *converted
      = g_convert (text, (gssize) length, "UTF-8", "CP932", NULL, NULL, NULL);

  return converted != NULL;
}

static gboolean
check_encoding (const char *text, gsize length, const char *file, GError **error)
{
  const char *bad;
  const char *what = "not UTF-8; save it as \"CSV UTF-8\"";
  guint line = 1;

  if (g_utf8_validate_len (text, length, &bad))
    return TRUE;
  for (const char *p = text; p < bad; p++)
    line += *p == '\n';
  if (length >= 2 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0))
    what = "UTF-16, not UTF-8; save it as \"CSV UTF-8\", or convert it with: iconv -f UTF-16 -t "
           "UTF-8";
  else if (*bad == '\0')
    what = "a NUL byte: this is no CSV file; save it as \"CSV UTF-8\"";
  else if (is_cp932 (text, length))
    what = "CP932 (Shift_JIS), not UTF-8; save it as \"CSV UTF-8\", or convert it with: iconv -f "
           "CP932 -t UTF-8";
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "%s:%u:1: %s", file, line, what);
  return FALSE;
}

static gboolean
read_all (SkCsv *self, gsize length, const char *file, GError **error)
{
  Parser parser = { self, file, self->text, self->text + length, self->text, 1 };
  Record last = { 0 };

  if (length >= 3 && memcmp (self->text, "\xef\xbb\xbf", 3) == 0)
    parser.line_start = parser.at += 3;
  while (parser.at < parser.end)
    if (!read_record (&parser, error))
      return FALSE;
  last.first_field = self->fields->len;
  g_array_append_val (self->records, last);
  return check_header (self, file, error);
}

SkCsv *
sk_csv_parse (const char *text, gsize length, const char *file, GError **error)
{
  g_autoptr (SkCsv) self = NULL;

  if (length > MOST_BYTES)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_LIMIT, "%s: larger than %d bytes", file, MOST_BYTES);
      return NULL;
    }
  if (!check_encoding (text, length, file, error))
    return NULL;
  self = g_new0 (SkCsv, 1);
  self->text = g_malloc (length + 1);
  memcpy (self->text, text, length);
  self->text[length] = '\0';
  self->fields = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->records = g_array_new (FALSE, FALSE, sizeof (Record));
  return read_all (self, length, file, error) ? g_steal_pointer (&self) : NULL;
}

void
sk_csv_free (SkCsv *self)
{
  g_array_unref (self->fields);
  g_array_unref (self->records);
  g_free (self->text);
  g_free (self);
}

static guint
record_width (const SkCsv *self, guint record)
{
  const Record *records = (const Record *) (gpointer) self->records->data;

  return records[record + 1].first_field - records[record].first_field;
}

static const char *
record_field (const SkCsv *self, guint record, guint column)
{
  if (column >= record_width (self, record))
    return "";
  return field_text (self, g_array_index (self->records, Record, record).first_field + column);
}

guint
sk_csv_columns (const SkCsv *self)
{
  return self->columns;
}

const char *
sk_csv_column_name (const SkCsv *self, guint column)
{
  return record_field (self, 0, column);
}

int
sk_csv_find_column (const SkCsv *self, const char *name)
{
  for (guint i = 0; i < sk_csv_columns (self); i++)
    if (g_ascii_strcasecmp (sk_csv_column_name (self, i), name) == 0)
      return (int) i;
  return -1;
}

guint
sk_csv_rows (const SkCsv *self)
{
  return self->records->len - 2;
}

const char *
sk_csv_field (const SkCsv *self, guint row, guint column)
{
  return record_field (self, row + 1, column);
}

guint
sk_csv_line (const SkCsv *self, guint row)
{
  return g_array_index (self->records, Record, row + 1).line;
}
