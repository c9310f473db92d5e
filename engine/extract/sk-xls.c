// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-xls.h"

#include "sk-biff.h"
#include "sk-code-page.h"
#include "sk-number-pattern.h"
#include "sk-ole2-kind.h"
#include "sk-xls-beside.h"
#include "sk-xls-formula.h"
#include "sk-xls-number.h"
#include "sk-xls-password.h"

#include <stdlib.h>
#include <string.h>

enum {
  CHART_STREAM = 0x20, /* kind of a substream */
  VERSION_8 = 0x0600,
};

typedef struct {
  SkBiff biff;
  SkSink *sink;
  GHashTable *sheets;    /* where a sheet begins: its name */
  GString *strings;      /* the shared ones, one after the other */
  GArray *string_ends;   /* gsize */
  GHashTable *formats;   /* numbers of the workbook's own formats: their codes */
  GArray *cell_formats;  /* guint16: the number format of each */
  SkXlsBeside *beside;   /* written when its sheet ends */
  GString *text;         /* of the cell that is being read */
  GString *formula;      /* what its formula says itself */
  gboolean from_1904, in_globals, full;
  guint sheet;           /* its number */
  guint depth;           /* substreams inside one another */
  guint row, column;     /* of the formula whose text is to come */
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

static void
take_formula (Xls *self)
{
  sk_xls_beside_formula (self->beside, self->formula->str, self->text->str);
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

/* --- workbook -------------------------------------------------------------------------------- */

static void
read_bound_sheet (Xls *self)
{
  guint32 offset = sk_biff_u32 (&self->biff);
  GString *name = g_string_new (NULL);

  sk_biff_skip (&self->biff, 2);
  sk_biff_append_string (&self->biff, sk_biff_u8 (&self->biff), name);
  sk_xls_beside_sheet (self->beside, name->str);
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
write_beside (Xls *self)
{
  if (!self->full)
    self->full = !sk_xls_beside_write (self->beside, self->sink, self->sheet);
}

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
  self->in_globals = kind == SK_BIFF_GLOBALS;
  sk_xls_beside_begin (self->beside);
  if (!self->in_globals && !sk_sink_section (self->sink, SK_SECTION_SHEET, name, ++self->sheet))
    self->full = TRUE;
}

typedef enum { ANYWHERE, IN_GLOBALS, IN_CELLS } Where;

/* Sorted by type. */
static const struct {
  guint type;
  Where where;
  void (*read) (Xls *self);
} records[] = {
  { 0x0006, IN_CELLS, read_formula },
  { 0x0009, ANYWHERE, begin_substream },
  { SK_BIFF_END, ANYWHERE, end_substream },
  { 0x0022, IN_GLOBALS, read_date_mode },
  { 0x002f, ANYWHERE, read_file_pass },
  { 0x0042, ANYWHERE, read_code_page },
  { 0x0085, IN_GLOBALS, read_bound_sheet },
  { 0x00bd, IN_CELLS, read_many_rk },
  { 0x00d6, IN_CELLS, read_label },
  { 0x00e0, ANYWHERE, read_cell_format },
  { 0x00fc, IN_GLOBALS, read_shared_strings },
  { 0x00fd, IN_CELLS, read_shared_label },
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

/* Between substreams and behind the last some programs leave what they had in memory. Text is none
 * of that. */
static void
check_record (Xls *self, gboolean was_damaged)
{
  if (self->depth > 0 || is_begin (self->biff.type))
    self->biff.is_damaged |= !sk_biff_is_sane (&self->biff);
  else
    self->biff.is_damaged = was_damaged || !sk_biff_has_type (&self->biff);
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
read_record (Xls *self)
{
  const typeof (*records) *record = bsearch (&self->biff.type, records, G_N_ELEMENTS (records),
                                             sizeof *records, compare_record);

  if (record == NULL && self->depth > 0 && !self->in_globals)
    sk_xls_beside_take (self->beside, &self->biff);
  else if (record != NULL && is_in (self, record->where))
    record->read (self);
}

static void
read_records (Xls *self)
{
  gboolean was_damaged = !is_begin (sk_bytes_u16 (self->biff.stream, 0));

  self->biff.is_damaged = was_damaged;
  for (; !self->full && self->file_pass.at == NULL && sk_biff_next (&self->biff);
       was_damaged = self->biff.is_damaged)
    {
      check_record (self, was_damaged);
      read_record (self);
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
  sk_xls_beside_free (self->beside);
  g_array_unref (self->string_ends);
  g_array_unref (self->cell_formats);
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
  self.beside = sk_xls_beside_new ();
  self.string_ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  self.cell_formats = g_array_new (FALSE, FALSE, sizeof (guint16));
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
