// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-xls-beside.h"

#include "sk-xls-link.h"

#include <string.h>

enum {
  OBJECT_NOTE = 0x19,
  OBJECT_COMMON = 0x15, /* the part of an object's record that has its kind */
  HEADER_RECORD = 0x14,
  FORMULA_BYTES = 1024 * 1024,
  GUID = 16,
};

typedef enum { COMMENT, TEXT_BOX, HEADER, FOOTER, CHART, LINK, FORMULA, SHEET, N_KINDS } Kind;

static const char *const labels[N_KINDS]
    = { "comments", "shapes", "header", "footer", "chart", "links", "formulas", "sheets" };

struct _SkXlsBeside {
  GString *text[N_KINDS];
  GHashTable *told; /* char*: what formulas of the sheet said before */
  guint object;     /* kind of the drawing object whose text may come */
};

SkXlsBeside *
sk_xls_beside_new (void)
{
  SkXlsBeside *self = g_new0 (SkXlsBeside, 1);

  for (guint i = 0; i < N_KINDS; i++)
    self->text[i] = g_string_new (NULL);
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
sk_xls_beside_free (SkXlsBeside *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < N_KINDS; i++)
    g_string_free (self->text[i], TRUE);
  g_hash_table_unref (self->told);
  g_free (self);
}

void
sk_xls_beside_begin (SkXlsBeside *self)
{
  self->object = 0;
}

gboolean
sk_xls_beside_write (SkXlsBeside *self, SkSink *sink, guint sheet)
{
  gboolean more = TRUE;

  g_hash_table_remove_all (self->told);
  for (guint i = 0; i < N_KINDS; i++)
    {
      GString *text = self->text[i];

      if (text->len > 0 && more)
        more = sk_sink_section (sink, SK_SECTION_NOTE, labels[i], sheet)
               && sk_sink_text (sink, text->str, (gssize) text->len);
      g_string_truncate (text, 0);
    }
  return more;
}

/* A result that a program left there may be of other days, or not be the formula's at all. */
void
sk_xls_beside_formula (SkXlsBeside *self, const char *said, const char *shown)
{
  GString *into = self->text[FORMULA];

  if (*said != '\0' && strstr (shown, said) == NULL && into->len < FORMULA_BYTES
      && g_hash_table_add (self->told, g_strdup (said)))
    g_string_append_printf (into, "%s\n", said);
}

void
sk_xls_beside_sheet (SkXlsBeside *self, const char *name)
{
  g_string_append_printf (self->text[SHEET], "%s\n", name);
}

/* --- records --------------------------------------------------------------------------------- */

static void
end_line (SkXlsBeside *self, Kind kind)
{
  GString *text = self->text[kind];

  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
}

static void
read_object (SkXlsBeside *self, SkBiff *biff)
{
  self->object
      = sk_bytes_u16 (biff->data, 0) == OBJECT_COMMON ? sk_bytes_u16 (biff->data, 4) : 0;
}

static void
read_object_text (SkXlsBeside *self, SkBiff *biff)
{
  guint count = sk_bytes_u16 (biff->data, 10);
  Kind kind = self->object == OBJECT_NOTE ? COMMENT : TEXT_BOX;

  if (count == 0 || biff->version < 8)
    return;
  sk_biff_skip (biff, biff->data.length);
  sk_biff_append_characters (biff, count, (sk_biff_u8 (biff) & 1) != 0, self->text[kind]);
  end_line (self, kind);
}

/* Version 8 keeps the text with the drawing object. */
static void
read_comment (SkXlsBeside *self, SkBiff *biff)
{
  if (biff->version >= 8)
    return;
  sk_biff_skip (biff, 4);
  sk_biff_append_string (biff, sk_biff_u16 (biff), self->text[COMMENT]);
  end_line (self, COMMENT);
}

static void
read_series_text (SkXlsBeside *self, SkBiff *biff)
{
  sk_biff_skip (biff, 2);
  sk_biff_append_string (biff, sk_biff_u8 (biff), self->text[CHART]);
  end_line (self, CHART);
}

static void
read_link (SkXlsBeside *self, SkBiff *biff)
{
  sk_xls_append_link (self->text[LINK], sk_bytes_from (biff->data, 8 + GUID));
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
read_header (SkXlsBeside *self, SkBiff *biff)
{
  Kind kind = biff->type == HEADER_RECORD ? HEADER : FOOTER;
  g_autoptr (GString) text = g_string_new (NULL);

  if (biff->data.length == 0)
    return;
  sk_biff_append_string (biff, biff->version >= 8 ? sk_biff_u16 (biff) : sk_biff_u8 (biff), text);
  for (const char *at = text->str; *at != '\0';)
    if (*at == '&')
      at = append_header_code (self->text[kind], at + 1);
    else
      g_string_append_c (self->text[kind], *at++);
  end_line (self, kind);
}

static const struct {
  guint type;
  void (*read) (SkXlsBeside *self, SkBiff *biff);
} records[] = {
  { HEADER_RECORD, read_header },
  { 0x0015, read_header },
  { 0x001c, read_comment },
  { 0x005d, read_object },
  { 0x01b6, read_object_text },
  { 0x01b8, read_link },
  { 0x100d, read_series_text },
};

void
sk_xls_beside_take (SkXlsBeside *self, SkBiff *biff)
{
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    if (biff->type == records[i].type)
      {
        records[i].read (self, biff);
        return;
      }
}
