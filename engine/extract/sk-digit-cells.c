// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-digit-cells.h"

#include <string.h>

enum {
  DIGITS = 7,        /* a postal code; less is no number of anybody's */
  EMPTY_BETWEEN = 3, /* cells that are merged leave some empty */
  FULL_WIDTH_ZERO = 0xff10,
};

/* A number that is being put together. */
typedef struct {
  SkDigitCells found;
  GString *number;
  guint digits, group; /* of the group: since the last gap */
  guint last, stride;  /* column of the last digit; cells from one digit to the next */
  gboolean dash;       /* a cell with a dash was the last */
} Form;

void
sk_digit_cells_free (SkDigitCells *self)
{
  if (self == NULL)
    return;
  g_free (self->label);
  g_free (self->number);
  g_free (self);
}

static void
trim (const char **text, const char **end)
{
  while (*text < *end && g_ascii_isspace (**text))
    ++*text;
  while (*end > *text && g_ascii_isspace ((*end)[-1]))
    --*end;
}

/* The one character that a cell holds; 0: it has none, or more. */
static gunichar
only_character (const char *text, const char *end)
{
  return text < end && g_utf8_next_char (text) == end ? g_utf8_get_char (text) : 0;
}

/* -1: none. */
static int
digit_of (gunichar c)
{
  if (c >= '0' && c <= '9')
    return (int) c - '0';
  return c >= FULL_WIDTH_ZERO && c < FULL_WIDTH_ZERO + 10 ? (int) (c - FULL_WIDTH_ZERO) : -1;
}

static gboolean
is_dash (gunichar c)
{
  static const gunichar dashes[]
      = { '-', 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x30fc, 0xff0d, 0xff70 };

  for (guint i = 0; i < G_N_ELEMENTS (dashes); i++)
    if (c == dashes[i])
      return TRUE;
  return FALSE;
}

static void
end_form (Form *self, GPtrArray **found)
{
  if (self->digits >= DIGITS)
    {
      self->found.number = g_strdup (self->number->str);
      if (*found == NULL)
        *found = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_digit_cells_free);
      g_ptr_array_add (*found, g_memdup2 (&self->found, sizeof self->found));
    }
  else
    g_free (self->found.label);
  g_string_truncate (self->number, 0);
  self->digits = self->group = self->stride = 0;
  self->dash = FALSE;
  self->found.label = NULL;
}

/* What stands between a digit and the last one. */
static void
add_gap (Form *self, guint column)
{
  guint stride = column - self->last;

  if (self->dash)
    g_string_append_c (self->number, '-');
  else if (self->stride > 0 && stride > self->stride)
    g_string_append_c (self->number, self->group >= DIGITS ? '\t' : ' ');
  else
    {
      self->stride = stride;
      return;
    }
  self->group = 0;
}

static void
add_digit (Form *self, guint row, guint column, int digit)
{
  if (self->digits == 0)
    {
      self->found.row = row;
      self->found.column = column;
    }
  else
    add_gap (self, column);
  g_string_append_c (self->number, (char) ('0' + digit));
  self->digits++;
  self->group++;
  self->last = column;
  self->dash = FALSE;
}

typedef struct {
  guint column;
  const char *text; /* NULL: none yet */
  gsize length;
} Label;

static void
take_cell (Form *form, Label *label, guint row, guint column, const char *text, const char *end,
           GPtrArray **found)
{
  gunichar c;
  int digit;

  trim (&text, &end);
  c = only_character (text, end);
  digit = digit_of (c);
  if (form->digits > 0 && column - form->last > EMPTY_BETWEEN + 1)
    end_form (form, found);
  if (digit >= 0)
    {
      if (form->digits == 0 && label->text != NULL)
        {
          form->found.label = g_strndup (label->text, label->length);
          form->found.label_column = label->column;
          label->text = NULL;
        }
      add_digit (form, row, column, digit);
      return;
    }
  if (text == end)
    return;
  if (form->digits > 0 && !form->dash && is_dash (c))
    {
      form->dash = TRUE;
      return;
    }
  end_form (form, found);
  *label = (Label){ column, text, (gsize) (end - text) };
}

static void
take_row (Form *form, guint row, const char *text, const char *end, GPtrArray **found)
{
  Label label = { 0 };
  const char *tab;

  for (guint column = 0;; column++, text = tab + 1)
    {
      tab = memchr (text, '\t', (gsize) (end - text));
      take_cell (form, &label, row, column, text, tab != NULL ? tab : end, found);
      if (tab == NULL)
        break;
    }
  end_form (form, found);
}

/* Whether there are tabs enough for it. */
static gboolean
may_hold (const char *text, const char *end)
{
  guint tabs = 0;

  for (; tabs < DIGITS - 1 && (text = memchr (text, '\t', (gsize) (end - text))) != NULL; text++)
    tabs++;
  return tabs == DIGITS - 1;
}

GPtrArray *
sk_digit_cells_find (const char *text, gsize length)
{
  const char *end = text + length, *line_end;
  GPtrArray *found = NULL;
  Form form = { 0 };

  if (!may_hold (text, end))
    return NULL;
  form.number = g_string_new (NULL);
  for (guint row = 0; text < end; row++, text = line_end + 1)
    {
      line_end = memchr (text, '\n', (gsize) (end - text));
      if (line_end == NULL)
        line_end = end;
      if (may_hold (text, line_end))
        take_row (&form, row, text, line_end, &found);
      if (line_end == end)
        break;
    }
  g_string_free (form.number, TRUE);
  return found;
}
