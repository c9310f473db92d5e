// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-street.h"

#include "sk-kanji-number.h"
#include "sk-street-word.h"

#include <string.h>

#define MAX_TOWN 30       /* characters; Kyoto's ways to a house are the longest */
#define MAX_CONTINUATION 8 /* between "北1条" and "西2丁目" */
#define MAX_BLANKS 2
#define MAX_GAPS 3

typedef enum {
  GAP_NONE,
  GAP_BLANK,
  GAP_CELL, /* from one cell of a table to the next */
  GAP_LINE,
} Gap;

typedef struct {
  const char *start, *p, *end;
  SkStreetContext context;
  GString *value;
  guint characters;     /* of the town, since the start or the last number */
  guint gaps;
  Gap gap;              /* right before p */
  gboolean has_line;    /* a line ended somewhere */
  gboolean is_joined;   /* the value ends in a number that goes on with "-" */
  GString *town;        /* as written, without blanks */
  const char *best;     /* behind the last number that is enough for an address */
  gsize best_value;     /* how much of the value belongs to it */
} Street;

/* A run of numbers: 1丁目2番3号, 1-2-3. */
typedef struct {
  guint numbers[8];
  guint n;
  guint largest_width;
  gboolean has_unit; /* one that makes it an address by itself */
  gboolean is_open;  /* ends in a unit that more of a town may follow */
} Run;

static gboolean
at (const Street *self, const char *word)
{
  gsize n = strlen (word);

  return n <= (gsize) (self->end - self->p) && memcmp (self->p, word, n) == 0;
}

static gboolean
take (Street *self, const char *word)
{
  if (!at (self, word))
    return FALSE;
  self->p += strlen (word);
  return TRUE;
}

static gunichar
peek (const Street *self)
{
  return self->p < self->end ? g_utf8_get_char (self->p) : 0;
}

static void
keep_best (Street *self)
{
  self->best = self->p;
  self->best_value = self->value->len;
}

/* Blanks, the border of two cells, one end of a line; FALSE when there is more than an address may have. */
static gboolean
take_gap (Street *self)
{
  guint blanks = 0, borders = 0, lines = 0;
  const char *from = self->p;

  for (; self->p < self->end; self->p++)
    if (*self->p == ' ')
      blanks++;
    else if (*self->p == '\t' || *self->p == ',' || *self->p == '|')
      borders++;
    else if (*self->p == '\n')
      lines++;
    else if (*self->p != '"' && *self->p != '\r')
      break;
  if (self->p == from)
    return TRUE;
  self->gap = lines > 0 ? GAP_LINE : borders > 0 ? GAP_CELL : GAP_BLANK;
  self->has_line |= lines > 0;
  self->gaps++;
  return borders <= 1 && lines <= 1 && self->gaps <= MAX_GAPS
         && blanks <= (lines > 0 || borders > 0 ? 8 : MAX_BLANKS);
}

/* Reads the number at *p, whose unit is still to come. Kanji numbers count only before a unit (六本木 is a
 * name), or where the address ends if numbers came before. */
static gboolean
read_number (const char **p, const char *end, gboolean is_first, guint *number, guint *width)
{
  const char *q = *p;
  gboolean is_kanji;

  if (!sk_kanji_number_parse (&q, end, number, &is_kanji))
    return FALSE;
  if (is_kanji && !sk_street_word_is_unit (q, end)
      && (is_first || !sk_street_word_ends (q, end)))
    return FALSE;
  if (!is_kanji && (**p == '0' || q - *p > 5))
    return FALSE;
  *width = (guint) (q - *p);
  *p = q;
  return TRUE;
}

static gboolean
number_follows (const char *p, const char *end)
{
  guint number, width;

  return read_number (&p, end, FALSE, &number, &width);
}

/* A dash or の, when a number follows it. */
static gboolean
take_joint (Street *self)
{
  static const char *const joints[] = { "-", "の", "ノ", "之", "−" };

  for (guint i = 0; i < G_N_ELEMENTS (joints); i++)
    {
      gsize n = strlen (joints[i]);

      if (at (self, joints[i]) && number_follows (self->p + n, self->end))
        {
          self->p += n;
          return TRUE;
        }
    }
  return FALSE;
}

/* A number behind `most` blanks or fewer. */
static gboolean
take_blanks_before_number (Street *self, guint most)
{
  const char *p = self->p;

  while (p < self->end && *p == ' ' && p < self->p + most)
    p++;
  if (!number_follows (p, self->end))
    return FALSE;
  self->p = p;
  return TRUE;
}

static void
append_number (Street *self, guint number)
{
  char digits[16];
  gsize first = sizeof digits;

  do
    digits[--first] = (char) ('0' + number % 10);
  while ((number /= 10) > 0);
  if (self->is_joined)
    digits[--first] = '-';
  g_string_append_len (self->value, digits + first, (gssize) (sizeof digits - first));
  self->is_joined = TRUE;
}

typedef enum {
  STEP_END,    /* the run ends before p */
  STEP_MORE,   /* a number follows at p */
  STEP_OPEN,   /* more of a town may follow */
  STEP_WRONG,  /* this is no address */
} Step;

/* 番: between two numbers, or where the address ends. */
static Step
step_after_lot (Street *self, Run *run)
{
  if (sk_street_word_is_no_lot (self->p, self->end))
    return STEP_WRONG;
  if (take_joint (self) || take_blanks_before_number (self, MAX_BLANKS))
    {
      run->has_unit = TRUE;
      return STEP_MORE;
    }
  if (!sk_street_word_ends (self->p, self->end))
    return STEP_WRONG;
  run->has_unit = TRUE;
  return STEP_END;
}

static Step
step_after_house (Street *self, Run *run)
{
  if (run->n > 1 || run->has_unit)
    {
      run->has_unit = TRUE;
      return take_joint (self) ? STEP_MORE : STEP_END;
    }
  g_string_append (self->value, "号");
  self->is_joined = FALSE;
  return STEP_OPEN;
}

/* What stands behind a number. */
static Step
take_step (Street *self, Run *run)
{
  gsize length;

  if (take_joint (self))
    return STEP_MORE;
  if (take (self, "丁目"))
    {
      run->has_unit = TRUE;
      keep_best (self);
      if (take_joint (self) || take_blanks_before_number (self, MAX_BLANKS))
        return STEP_MORE;
      return STEP_OPEN;
    }
  if (take (self, "番地") || take (self, "番戸"))
    {
      run->has_unit = TRUE;
      keep_best (self);
      return take_joint (self) || take_blanks_before_number (self, 0) ? STEP_MORE : STEP_END;
    }
  if ((length = sk_street_word_open_unit (self->p, self->end)) > 0)
    {
      g_string_append_len (self->value, self->p, (gssize) length);
      self->p += length;
      self->is_joined = FALSE;
      return STEP_OPEN;
    }
  if (take (self, "番"))
    return step_after_lot (self, run);
  if (!sk_street_word_is_room (self->p, self->end) && take (self, "号"))
    return step_after_house (self, run);
  return STEP_END;
}

/* 2024-11-24, 2024-11 */
static gboolean
is_date (const Run *run)
{
  return (run->n == 2 || run->n == 3) && run->numbers[0] >= 1900 && run->numbers[0] < 2100
         && run->numbers[1] <= 12 && (run->n == 2 || run->numbers[2] <= 31);
}

/* 1234-5678-9012-3456 and longer */
static gboolean
is_code (const Run *run)
{
  return run->n > 5 || (run->n == 4 && run->largest_width >= 4 && run->numbers[0] > 999);
}

/* Whether numbers without any unit make an address of the town before them. */
static gboolean
is_plain_address (const Street *self, const Run *run)
{
  gboolean has_town = self->characters > 0;
  Gap gap = self->gap;

  if (is_code (run) || g_ascii_isalpha ((char) MIN (peek (self), 127)))
    return FALSE;
  if (!has_town && (gap != GAP_NONE || !self->context.has_prefecture))
    return FALSE;
  if (!has_town && self->context.follows_city && run->n < 3)
    return FALSE;
  if (is_date (run) && (!has_town || gap != GAP_NONE || !self->context.has_prefecture))
    return FALSE;
  if (sk_street_word_is_counter (self->p, self->end))
    return FALSE;
  if (run->n >= 3)
    return TRUE;
  if (self->has_line || sk_street_word_ends_in_katakana (self->town->str))
    return FALSE;
  if (run->n == 2)
    return TRUE;
  return has_town && gap == GAP_NONE && self->gaps <= 1 + (guint) self->context.has_prefecture
         && !sk_street_word_may_be_year (run->numbers[0])
         && sk_street_word_ends (self->p, self->end);
}

/* The numbers of a run that the unit 丁目 or 番地 began may be something else: 芝浦1丁目3件. */
static void
settle_end (Street *self, const Run *run, const char *unit_end)
{
  if (self->p != unit_end && sk_street_word_is_counter (self->p, self->end)
      && self->best != NULL)
    return;
  keep_best (self);
}

/* Numbers at p. FALSE: nothing can follow them; what was found is in `best`. */
static gboolean
take_run (Street *self)
{
  Run run = { 0 };
  Step step;

  do
    {
      guint number, width;

      if (run.n == G_N_ELEMENTS (run.numbers)
          || !read_number (&self->p, self->end, run.n == 0, &number, &width))
        return FALSE;
      run.numbers[run.n++] = number;
      run.largest_width = MAX (run.largest_width, width);
      append_number (self, number);
      step = take_step (self, &run);
    }
  while (step == STEP_MORE);

  if (step == STEP_OPEN)
    return TRUE;
  if (step == STEP_END && (run.has_unit || self->best != NULL))
    settle_end (self, &run, self->best);
  else if (step == STEP_END && is_plain_address (self, &run))
    keep_best (self);
  return FALSE;
}

/* 無番地, 番外地 */
static gboolean
take_numberless (Street *self)
{
  if (self->characters == 0 || (!take (self, "無番地") && !take (self, "番外地")))
    return FALSE;
  g_string_append (self->value, "無番地");
  keep_best (self);
  return TRUE;
}

static gboolean
take_town_character (Street *self)
{
  gunichar c = peek (self);
  guint most = self->best != NULL ? MAX_CONTINUATION : MAX_TOWN;
  const char *next;

  if (!sk_street_word_is_town_character (c) || self->characters >= most)
    return FALSE;
  next = g_utf8_next_char (self->p);
  g_string_append_len (self->town, self->p, next - self->p);
  if (take (self, "大字"))
    return ++self->characters > 0;
  g_string_append_unichar (self->value, c == 0x30F6 ? 0x30B1 : c);
  self->p = next;
  self->characters++;
  self->is_joined = FALSE;
  self->gap = GAP_NONE;
  return TRUE;
}

static gboolean
take_part (Street *self)
{
  guint number, width;
  const char *p;

  if (!take_gap (self) || self->p >= self->end)
    return FALSE;
  if (self->best != NULL && self->gap >= GAP_CELL)
    return FALSE;
  if (take_numberless (self))
    return FALSE;
  p = self->p;
  if (read_number (&p, self->end, TRUE, &number, &width))
    {
      if (!sk_street_word_is_town (self->town->str)
          || (g_str_has_suffix (self->town->str, "第") && !sk_street_word_takes_ordinal (p, self->end)))
        return FALSE;
      if (!take_run (self))
        return FALSE;
      g_string_truncate (self->town, 0);
      self->characters = 1; /* a number is as good as a name for what follows */
      self->gap = GAP_NONE;
      return TRUE;
    }
  return take_town_character (self);
}

gsize
sk_street_parse (const char *text, gsize length, gsize start, SkStreetContext context,
                 GString *value)
{
  g_autoptr (GString) town = NULL;

  if (sk_street_word_is_particle (text + start, text + length))
    return 0;
  town = g_string_new (NULL);
  Street street = { .start = text + start, .p = text + start, .end = text + length,
                    .context = context, .value = value, .town = town };
  gsize before = value->len;

  while (take_part (&street))
    ;
  g_string_truncate (value, street.best != NULL ? street.best_value : before);
  return street.best != NULL ? (gsize) (street.best - text) : 0;
}
