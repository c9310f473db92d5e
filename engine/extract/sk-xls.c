// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-xls.h"

#include "sk-biff.h"
#include "sk-code-page.h"
#include "sk-number-pattern.h"
#include "sk-ole2-kind.h"
#include "sk-xls-formula.h"
#include "sk-xls-link.h"
#include "sk-xls-number.h"
#include "sk-xls-password.h"

#include <stdlib.h>
#include <string.h>

enum {
  GLOBALS = 5,     /* kinds of substreams */
  CHART_STREAM = 0x20,
  END = 0x0a,
  OBJECT_NOTE = 0x19,
  VERSION_8 = 0x0600,
  FORMULA_BYTES = 1024 * 1024,
  GUID = 16,
  LAST_TYPE = 0x0900, /* below it, and those of charts beside */
  CHART_TYPES = 0x10,
};

/* What stands beside the cells is written when its sheet ends. */
typedef enum { COMMENT, TEXT_BOX, HEADER, FOOTER, CHART, LINK, FORMULA, SHEETS, N_BESIDE } Beside;

static const char *const beside_labels[N_BESIDE]
    = { "comments", "shapes", "header", "footer", "chart", "links", "formulas", "sheets" };

typedef struct {
  SkBiff biff;
  SkSink *sink;
  GHashTable *sheets;    /* where a sheet begins: its name */
  GString *strings;      /* the shared ones, one after the other */
  GArray *string_ends;   /* gsize */
  GHashTable *formats;   /* numbers of the workbook's own formats: their codes */
  GArray *cell_formats;  /* guint16: the number format of each */
  GString *beside[N_BESIDE];
  GString *text;         /* of the cell that is being read */
  GString *formula;      /* what its formula says itself */
  GHashTable *told;      /* char*: what formulas said before */
  gboolean from_1904, in_globals, full;
  guint sheet;           /* its number */
  guint depth;           /* substreams inside one another */
  guint row, column;     /* of the formula whose text is to come */
  guint object;          /* kind of the drawing object whose text may come */
  SkBytes file_pass;     /* stop: the rest is encrypted */
  gboolean is_decrypted;
  guint sheets_found; /* of `sheets` */
} Xls;

/* --- cells ----------------------------------------------------------------------------------- */

static void
write_cell (Xls *self, guint row, guint column)
{
  if (self->text->len > 0
      && (!sk_sink_cell (self->sink, row + 1, column + 1)
          || !sk_sink_text (self->sink, self->text->str, (gssize) self->text->len)))
    self->full = TRUE;
  g_string_truncate (self->text, 0);
}

/* The code of a format of the workbook's own; NULL: it is one that Excel knows by its number. */
static const char *
format_code (Xls *self, guint cell_format, guint *number)
{
  *number = cell_format < self->cell_formats->len
                ? g_array_index (self->cell_formats, guint16, cell_format)
                : 0;
  return g_hash_table_lookup (self->formats, GUINT_TO_POINTER (*number));
}

static void
write_number (Xls *self, guint row, guint column, guint cell_format, double value)
{
  guint number;
  const char *code = format_code (self, cell_format, &number);
  gboolean is_time = value >= 0 && value < 1; /* without a day */

  if (code != NULL ? sk_xls_is_date_format (code) : sk_xls_is_date_number (number))
    sk_xls_append_date (self->text, value, self->from_1904 && !is_time);
  else if (code == NULL || !sk_number_pattern_append (self->text, code, value))
    sk_xls_append_number (self->text, value);
  write_cell (self, row, column);
}

static void
write_truth (Xls *self, guint row, guint column, guint value, gboolean is_error)
{
  if (!is_error)
    g_string_append (self->text, value != 0 ? "TRUE" : "FALSE");
  write_cell (self, row, column);
}

static guint
field (const Xls *self, gsize offset)
{
  return sk_bytes_u16 (self->biff.data, offset);
}

static void
read_number (Xls *self)
{
  write_number (self, field (self, 0), field (self, 2), field (self, 4),
                sk_bytes_double (self->biff.data, 6));
}

static void
read_rk (Xls *self)
{
  write_number (self, field (self, 0), field (self, 2), field (self, 4),
                sk_xls_rk (sk_bytes_u32 (self->biff.data, 6)));
}

static void
read_many_rk (Xls *self)
{
  guint column = field (self, 2);

  for (gsize at = 4; at + 8 <= self->biff.data.length && !self->full; at += 6)
    write_number (self, field (self, 0), column++, field (self, at),
                  sk_xls_rk (sk_bytes_u32 (self->biff.data, at + 2)));
}

static void
read_label (Xls *self)
{
  guint row = field (self, 0), column = field (self, 2);

  sk_biff_skip (&self->biff, 6);
  sk_biff_append_string (&self->biff, sk_biff_u16 (&self->biff), self->text);
  write_cell (self, row, column);
}

static void
read_shared_label (Xls *self)
{
  guint32 index = sk_bytes_u32 (self->biff.data, 6);
  gsize start;

  if (index >= self->string_ends->len)
    {
      self->biff.is_damaged = TRUE;
      return;
    }
  start = index > 0 ? g_array_index (self->string_ends, gsize, index - 1) : 0;
  g_string_append_len (self->text, self->strings->str + start,
                       (gssize) (g_array_index (self->string_ends, gsize, index) - start));
  write_cell (self, field (self, 0), field (self, 2));
}

static void
read_truth (Xls *self)
{
  write_truth (self, field (self, 0), field (self, 2), sk_bytes_u8 (self->biff.data, 6),
               sk_bytes_u8 (self->biff.data, 7) != 0);
}

/* A result that a program left there may be of other days, or not be the formula's at all. */
static void
take_formula (Xls *self)
{
  GString *into = self->beside[FORMULA];

  if (self->formula->len > 0 && strstr (self->text->str, self->formula->str) == NULL
      && into->len < FORMULA_BYTES && g_hash_table_add (self->told, g_strdup (self->formula->str)))
    g_string_append_printf (into, "%s\n", self->formula->str);
  g_string_truncate (self->formula, 0);
}

/* [MS-XLS] 2.5.133: the result of a formula is a number, or says what else it is. */
static void
read_formula (Xls *self)
{
  enum { TEXT, TRUTH };
  guint kind = sk_bytes_u8 (self->biff.data, 6);

  self->row = field (self, 0);
  self->column = field (self, 2);
  g_string_truncate (self->formula, 0);
  sk_xls_append_formula (self->formula, sk_bytes_part (self->biff.data, 22, field (self, 20)),
                         self->biff.version >= 8 ? SK_XLS_FORMULA_8 : SK_XLS_FORMULA_5,
                         self->biff.charset);
  if (field (self, 12) != 0xffff || kind != TEXT)
    take_formula (self);
  if (field (self, 12) != 0xffff)
    read_number (self);
  else if (kind == TRUTH)
    write_truth (self, self->row, self->column, sk_bytes_u8 (self->biff.data, 8), FALSE);
}

static void
read_formula_text (Xls *self)
{
  sk_biff_append_string (&self->biff, sk_biff_u16 (&self->biff), self->text);
  take_formula (self);
  write_cell (self, self->row, self->column);
}

/* --- beside the cells ------------------------------------------------------------------------ */

static void
end_beside (Xls *self, Beside kind)
{
  GString *text = self->beside[kind];

  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
}

static void
write_beside (Xls *self)
{
  g_hash_table_remove_all (self->told);
  for (guint i = 0; i < N_BESIDE; i++)
    {
      GString *text = self->beside[i];

      if (text->len > 0 && !self->full)
        self->full = !sk_sink_section (self->sink, SK_SECTION_NOTE, beside_labels[i], self->sheet)
                     || !sk_sink_text (self->sink, text->str, (gssize) text->len);
      g_string_truncate (text, 0);
    }
}

static void
read_object (Xls *self)
{
  self->object = field (self, 0) == 0x15 ? field (self, 4) : 0;
}

static void
read_object_text (Xls *self)
{
  guint count = field (self, 10);
  Beside kind = self->object == OBJECT_NOTE ? COMMENT : TEXT_BOX;

  if (count == 0 || self->biff.version < 8)
    return;
  sk_biff_skip (&self->biff, self->biff.data.length);
  sk_biff_append_characters (&self->biff, count, (sk_biff_u8 (&self->biff) & 1) != 0,
                             self->beside[kind]);
  end_beside (self, kind);
}

/* Version 8 keeps the text with the drawing object. */
static void
read_comment (Xls *self)
{
  if (self->biff.version >= 8)
    return;
  sk_biff_skip (&self->biff, 4);
  sk_biff_append_string (&self->biff, sk_biff_u16 (&self->biff), self->beside[COMMENT]);
  end_beside (self, COMMENT);
}

static void
read_series_text (Xls *self)
{
  sk_biff_skip (&self->biff, 2);
  sk_biff_append_string (&self->biff, sk_biff_u8 (&self->biff), self->beside[CHART]);
  end_beside (self, CHART);
}

static void
read_link (Xls *self)
{
  sk_xls_append_link (self->beside[LINK], sk_bytes_from (self->biff.data, 8 + GUID));
}

/* What follows '&': left, centre and right part the text, a name of a font is quoted, a number is a
 * size. */
static const char *
append_header_code (GString *into, const char *code)
{
  const char *end;

  if (*code == '"')
    return (end = strchr (code + 1, '"')) != NULL ? end + 1 : code + 1;
  if (g_ascii_isdigit (*code))
    return code + strspn (code, "0123456789");
  if (*code == '&')
    g_string_append_c (into, '&');
  else if (strchr ("LCR", *code) != NULL && into->len > 0 && into->str[into->len - 1] != '\n')
    g_string_append_c (into, '\t');
  return *code != '\0' ? g_utf8_next_char (code) : code;
}

static void
read_header (Xls *self)
{
  Beside kind = self->biff.type == 0x14 ? HEADER : FOOTER;
  g_autoptr (GString) text = g_string_new (NULL);
  const char *at;

  if (self->biff.data.length == 0)
    return;
  sk_biff_append_string (
      &self->biff, self->biff.version >= 8 ? sk_biff_u16 (&self->biff) : sk_biff_u8 (&self->biff),
      text);
  for (at = text->str; *at != '\0';)
    if (*at == '&')
      at = append_header_code (self->beside[kind], at + 1);
    else
      g_string_append_c (self->beside[kind], *at++);
  end_beside (self, kind);
}

/* --- workbook -------------------------------------------------------------------------------- */

static void
read_bound_sheet (Xls *self)
{
  guint32 offset = sk_biff_u32 (&self->biff);
  GString *name = g_string_new (NULL);

  sk_biff_skip (&self->biff, 2);
  sk_biff_append_string (&self->biff, sk_biff_u8 (&self->biff), name);
  g_string_append (self->beside[SHEETS], name->str);
  end_beside (self, SHEETS);
  g_hash_table_insert (self->sheets, GSIZE_TO_POINTER (offset), g_string_free (name, FALSE));
}

static void
read_shared_strings (Xls *self)
{
  guint32 count;

  sk_biff_skip (&self->biff, 4);
  count = sk_biff_u32 (&self->biff);
  for (guint32 i = 0; i < count && !sk_biff_at_end (&self->biff); i++)
    {
      guint length = sk_biff_u16 (&self->biff);
      gsize end;

      sk_biff_append_string (&self->biff, length, self->strings);
      end = self->strings->len;
      g_array_append_val (self->string_ends, end);
    }
  if (!sk_biff_at_end (&self->biff)) /* zeros are more strings, and shorter ones */
    self->biff.is_damaged = TRUE;
}

static void
read_format (Xls *self)
{
  guint number = sk_biff_u16 (&self->biff);
  guint length = self->biff.version >= 8 ? sk_biff_u16 (&self->biff) : sk_biff_u8 (&self->biff);
  g_autoptr (GString) format = g_string_new (NULL);
  gboolean was_damaged = self->biff.is_damaged;

  sk_biff_append_string (&self->biff, length, format);
  self->biff.is_damaged = was_damaged; /* Microsoft Graph writes some in another way */
  g_hash_table_insert (self->formats, GUINT_TO_POINTER (number),
                       g_string_free (g_steal_pointer (&format), FALSE));
}

static void
read_cell_format (Xls *self)
{
  guint16 format = (guint16) field (self, 2);

  g_array_append_val (self->cell_formats, format);
}

static void
read_date_mode (Xls *self)
{
  self->from_1904 = field (self, 0) == 1;
}

static void
read_code_page (Xls *self)
{
  self->biff.charset = sk_code_page_charset (field (self, 0));
}

static void
read_file_pass (Xls *self)
{
  if (!self->is_decrypted)
    self->file_pass = self->biff.data;
}

/* --- substreams ------------------------------------------------------------------------------ */

static void
end_substream (Xls *self)
{
  if (self->depth > 0 && --self->depth == 0)
    write_beside (self);
}

/* What went before has no end of its own. */
static void
end_substreams (Xls *self)
{
  if (self->depth > 0)
    self->biff.is_damaged = TRUE;
  while (self->depth > 0)
    end_substream (self);
}

/* Only charts stand in sheets. Whatever else begins, and what begins where a sheet's place is, ends
 * what went before. */
static void
begin_substream (Xls *self)
{
  const char *name = g_hash_table_lookup (self->sheets, GSIZE_TO_POINTER (self->biff.offset));
  guint kind = field (self, 2);

  if (name != NULL || self->in_globals || kind != CHART_STREAM)
    end_substreams (self);
  self->sheets_found += name != NULL;
  if (self->depth++ > 0)
    return;
  self->biff.version = field (self, 0) == VERSION_8 ? 8 : 5;
  self->in_globals = kind == GLOBALS;
  self->object = 0;
  if (!self->in_globals && !sk_sink_section (self->sink, SK_SECTION_SHEET, name, ++self->sheet))
    self->full = TRUE;
}

typedef enum { ANYWHERE, IN_GLOBALS, IN_SHEET, IN_CELLS } Where;

/* Sorted by type. */
static const struct {
  guint type;
  Where where;
  void (*read) (Xls *self);
} records[] = {
  { 0x0006, IN_CELLS, read_formula },
  { 0x0009, ANYWHERE, begin_substream },
  { END, ANYWHERE, end_substream },
  { 0x0014, IN_SHEET, read_header },
  { 0x0015, IN_SHEET, read_header },
  { 0x001c, IN_SHEET, read_comment },
  { 0x0022, IN_GLOBALS, read_date_mode },
  { 0x002f, ANYWHERE, read_file_pass },
  { 0x0042, ANYWHERE, read_code_page },
  { 0x005d, IN_SHEET, read_object },
  { 0x0085, IN_GLOBALS, read_bound_sheet },
  { 0x00bd, IN_CELLS, read_many_rk },
  { 0x00d6, IN_CELLS, read_label },
  { 0x00e0, ANYWHERE, read_cell_format },
  { 0x00fc, IN_GLOBALS, read_shared_strings },
  { 0x00fd, IN_CELLS, read_shared_label },
  { 0x01b6, IN_SHEET, read_object_text },
  { 0x01b8, IN_SHEET, read_link },
  { 0x0203, IN_CELLS, read_number },
  { 0x0204, IN_CELLS, read_label },
  { 0x0205, IN_CELLS, read_truth },
  { 0x0206, IN_CELLS, read_formula },
  { 0x0207, IN_CELLS, read_formula_text },
  { 0x0209, ANYWHERE, begin_substream },
  { 0x027e, IN_CELLS, read_rk },
  { 0x0406, IN_CELLS, read_formula },
  { 0x0409, ANYWHERE, begin_substream },
  { 0x041e, ANYWHERE, read_format },
  { 0x0809, ANYWHERE, begin_substream },
  { 0x100d, IN_SHEET, read_series_text },
};

static int
compare_record (const void *key, const void *element)
{
  guint type = *(const guint *) key, other = *(const guint *) element;

  return type < other ? -1 : type > other;
}

static gboolean
is_in (const Xls *self, Where where)
{
  switch (where)
    {
    case IN_GLOBALS:
      return self->depth > 0 && self->in_globals;
    case IN_SHEET:
      return self->depth > 0 && !self->in_globals;
    case IN_CELLS: /* a chart in a sheet has cells of its own, copies */
      return self->depth == 1 && !self->in_globals;
    case ANYWHERE:
    default:
      return TRUE;
    }
}

static gboolean
is_begin (guint type)
{
  return type == 0x009 || type == 0x209 || type == 0x409 || type == 0x809;
}

static gboolean
has_type (const SkBiff *biff)
{
  return biff->type < LAST_TYPE || (biff->type >> 8) == CHART_TYPES;
}

/* What has a type that none has ([MS-XLS] 2.3) is no record, and a stretch of zeros is a hole.
 * Excel 2 had a record of type 0, which some programs still write. */
static gboolean
is_sane (const SkBiff *biff)
{
  return has_type (biff)
         && (biff->type != 0 || biff->data.length > 0
             || sk_bytes_u32 (biff->stream, biff->next) != 0);
}

/* Between substreams and behind the last some programs leave what they had in memory. Text is none
 * of that. */
static void
check_record (Xls *self, gboolean was_damaged)
{
  if (self->depth > 0 || is_begin (self->biff.type))
    self->biff.is_damaged |= !is_sane (&self->biff);
  else
    self->biff.is_damaged = was_damaged || !has_type (&self->biff);
}

static gboolean
is_whole (const Xls *self)
{
  return !self->biff.is_damaged && self->depth == 0
         && self->sheets_found >= g_hash_table_size (self->sheets);
}

static void
check_end (const Xls *self)
{
  if (!self->full && self->file_pass.at == NULL && !is_whole (self))
    sk_sink_doubt (self->sink, "damaged: a part of the workbook is missing");
}

static void
read_records (Xls *self)
{
  gboolean was_damaged = !is_begin (sk_bytes_u16 (self->biff.stream, 0));

  self->biff.is_damaged = was_damaged;
  for (; !self->full && self->file_pass.at == NULL && sk_biff_next (&self->biff);
       was_damaged = self->biff.is_damaged)
    {
      guint index;
      const typeof (*records) *record = bsearch (&self->biff.type, records, G_N_ELEMENTS (records),
                                                 sizeof *records, compare_record);

      check_record (self, was_damaged);
      if (record == NULL)
        continue;
      index = (guint) (record - records);
      if (is_in (self, records[index].where))
        records[index].read (self);
    }
  check_end (self);
  write_beside (self);
}

static void
clear (Xls *self)
{
  g_hash_table_unref (self->sheets);
  g_hash_table_unref (self->formats);
  g_string_free (self->strings, TRUE);
  g_string_free (self->text, TRUE);
  g_string_free (self->formula, TRUE);
  g_hash_table_unref (self->told);
  g_array_unref (self->string_ends);
  g_array_unref (self->cell_formats);
  for (guint i = 0; i < N_BESIDE; i++)
    g_string_free (self->beside[i], TRUE);
}

/* Returns what of the workbook says how it is encrypted; nothing: it was read. */
static SkBytes
read_workbook (SkBytes workbook, gboolean is_decrypted, SkSink *sink)
{
  Xls self = { .biff = { .stream = workbook, .version = 5 },
               .sink = sink,
               .is_decrypted = is_decrypted };

  self.sheets = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self.formats = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self.strings = g_string_new (NULL);
  self.text = g_string_new (NULL);
  self.formula = g_string_new (NULL);
  self.told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.string_ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  self.cell_formats = g_array_new (FALSE, FALSE, sizeof (guint16));
  for (guint i = 0; i < N_BESIDE; i++)
    self.beside[i] = g_string_new (NULL);
  read_records (&self);
  clear (&self);
  return self.file_pass;
}

SkReading
sk_xls_read (SkBytes workbook, SkSink *sink)
{
  SkBytes file_pass = read_workbook (workbook, FALSE, sink);
  g_autoptr (GBytes) plain = NULL;

  if (file_pass.at == NULL)
    return SK_READING_DONE;
  plain = sk_xls_decrypt (workbook, file_pass);
  if (plain == NULL)
    return SK_READING_ENCRYPTED;
  read_workbook (sk_bytes_of (plain), TRUE, sink);
  return SK_READING_DONE;
}

static SkReading
read_storage (SkOle2 *ole2, guint storage, const char *name, SkSink *sink)
{
  g_autoptr (GBytes) workbook = sk_ole2_stream (ole2, storage, name);

  return workbook != NULL ? sk_xls_read (sk_bytes_of (workbook), sink) : SK_READING_DONE;
}

static SkReading
read_8 (SkOle2 *ole2, guint storage, SkSink *sink)
{
  return read_storage (ole2, storage, "Workbook", sink);
}

static SkReading
read_5 (SkOle2 *ole2, guint storage, SkSink *sink)
{
  return read_storage (ole2, storage, "Book", sink);
}

const SkOle2Kind sk_ole2_xls = { "Workbook", "application/vnd.ms-excel", NULL, read_8 };
const SkOle2Kind sk_ole2_xls_old = { "Book", "application/vnd.ms-excel", NULL, read_5 };

/* --- without a container --------------------------------------------------------------------- */

/* Text behind what looks like a beginning makes no records, at once or soon. A file that is cut has
 * some before it ends. */
static gboolean
has_records (SkBytes bytes)
{
  enum { ENOUGH = 4 };
  SkBiff biff = { .stream = bytes };
  guint count = 0;

  sk_biff_next (&biff);
  while (count < ENOUGH && sk_biff_next (&biff) && !biff.is_damaged && is_sane (&biff))
    {
      if (biff.type == END)
        return TRUE;
      count++;
    }
  return count > 0 && (count == ENOUGH || biff.next + 4 > bytes.length);
}

/* Old programs, and simple ones of today, write the records as they are. */
static const char *
recognise (const SkContent *content)
{
  SkBytes bytes = { content->bytes, content->length };
  guint type = sk_bytes_u16 (bytes, 0), length = sk_bytes_u16 (bytes, 2),
        kind = sk_bytes_u16 (bytes, 6);

  return (type == 0x209 || type == 0x409 || type == 0x809) && length >= 6 && length <= 16
                 && (kind == GLOBALS || kind == 0x10) && has_records (bytes)
             ? "application/vnd.ms-excel"
             : NULL;
}

static SkReading
read_bare (const SkContent *content, const char *type, SkSink *sink)
{
  return sk_xls_read ((SkBytes){ content->bytes, content->length }, sink);
}

const SkFormat sk_format_xls = { "xls", recognise, read_bare };
