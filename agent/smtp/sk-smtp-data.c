// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-data.h"

#include <string.h>

enum { LINE_START, DOT, DOT_CR, INSIDE, CR };

/* What a feed works on: input up to `end`, message bytes moved to `out`, and a run of them, from
 * `run` to `at`, that was not moved yet. */
typedef struct {
  char *at, *end, *run, *out;
} Cursor;

static void
move_run (Cursor *cursor)
{
  gsize length = (gsize) (cursor->at - cursor->run);

  if (cursor->out != cursor->run)
    memmove (cursor->out, cursor->run, length);
  cursor->out += length;
  cursor->run = cursor->at;
}

/* Drops the byte at the cursor from the message. */
static void
drop (Cursor *cursor)
{
  move_run (cursor);
  cursor->at++;
  cursor->run = cursor->at;
}

void
sk_smtp_data_begin (SkSmtpData *self)
{
  *self = (SkSmtpData) { .place = LINE_START };
}

/* From within a line to behind the last CR or the end of the input. The fast path: two memchr a line. */
static void
take_lines (SkSmtpData *self, Cursor *cursor)
{
  char *at = cursor->at, *end = cursor->end;

  self->place = INSIDE;
  while (at < end)
    {
      char *cr = memchr (at, '\r', (gsize) (end - at));
      char *stop = cr != NULL ? cr : end;

      if (memchr (at, '\n', (gsize) (stop - at)) != NULL)
        self->bad = TRUE;
      at = stop;
      if (cr == NULL)
        break;
      at++;
      self->place = CR;
      if (end - at < 2 || at[0] != '\n' || at[1] == '.')
        break;
      at++;
      self->place = INSIDE;
    }
  cursor->at = at;
}

static void
take_line_start (SkSmtpData *self, Cursor *cursor)
{
  if (*cursor->at != '.')
    {
      take_lines (self, cursor);
      return;
    }
  drop (cursor);
  self->place = DOT;
}

static void
take_after_dot (SkSmtpData *self, Cursor *cursor)
{
  if (*cursor->at != '\r')
    {
      take_lines (self, cursor);
      return;
    }
  drop (cursor);
  self->place = DOT_CR;
}

static void
take_after_dot_cr (SkSmtpData *self, Cursor *cursor)
{
  if (*cursor->at == '\n')
    {
      drop (cursor);
      self->ended = TRUE;
      return;
    }
  self->bad = TRUE;
  take_lines (self, cursor);
}

static void
take_after_cr (SkSmtpData *self, Cursor *cursor)
{
  if (*cursor->at == '\n')
    {
      cursor->at++;
      self->place = LINE_START;
      return;
    }
  self->bad = TRUE;
  take_lines (self, cursor);
}

gsize
sk_smtp_data_feed (SkSmtpData *self, char *bytes, gsize length, gsize *kept)
{
  static void (*const takers[]) (SkSmtpData *, Cursor *) = {
    [LINE_START] = take_line_start, [DOT] = take_after_dot, [DOT_CR] = take_after_dot_cr,
    [INSIDE] = take_lines,          [CR] = take_after_cr,
  };
  Cursor cursor = { .at = bytes, .end = bytes + length, .run = bytes, .out = bytes };

  while (cursor.at < cursor.end && !self->ended)
    takers[self->place](self, &cursor);
  move_run (&cursor);
  *kept = (gsize) (cursor.out - bytes);
  if (memchr (bytes, '\0', *kept) != NULL)
    self->bad = TRUE;
  return (gsize) (cursor.at - bytes);
}
