// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-flow.h"

#include <string.h>

#define HELD_BYTES (32 * 1024 * 1024)

typedef enum { FRAME_BODY, FRAME_ROW, FRAME_CELL, FRAME_BOX } FrameKind;

/* What is being put together at one level. */
typedef struct {
  FrameKind kind;
  GString *line, *after, *done;
  GString *before_changes; /* the line as it was; NULL: as it is */
  GPtrArray *cells;        /* char*, of a row */
} Frame;

/* How far a frame's texts had come. */
typedef struct {
  gsize line, after, done;
} Mark;

/* Alternatives: the first is kept, what the others add to the frame is compared with it. */
typedef struct {
  guint frame;
  guint count;
  Mark first_start, first_end, start;
} Choice;

struct _SkFlow {
  SkSink *sink;
  GPtrArray *frames; /* Frame* */
  GArray *choices;   /* Choice */
  guint deletions, insertions;
  gsize held;
  gboolean is_full;
};

static void
frame_free (gpointer data)
{
  Frame *frame = data;

  g_string_free (frame->line, TRUE);
  g_string_free (frame->after, TRUE);
  g_string_free (frame->done, TRUE);
  if (frame->before_changes != NULL)
    g_string_free (frame->before_changes, TRUE);
  g_clear_pointer (&frame->cells, g_ptr_array_unref);
  g_free (frame);
}

static Frame *
top (SkFlow *self)
{
  return self->frames->pdata[self->frames->len - 1];
}

static void
push (SkFlow *self, FrameKind kind)
{
  Frame *frame = g_new0 (Frame, 1);

  frame->kind = kind;
  frame->line = g_string_new (NULL);
  frame->after = g_string_new (NULL);
  frame->done = g_string_new (NULL);
  frame->cells = kind == FRAME_ROW ? g_ptr_array_new_with_free_func (g_free) : NULL;
  g_ptr_array_add (self->frames, frame);
}

SkFlow *
sk_flow_new (SkSink *sink)
{
  SkFlow *self = g_new0 (SkFlow, 1);

  self->sink = sink;
  self->frames = g_ptr_array_new_with_free_func (frame_free);
  self->choices = g_array_new (FALSE, FALSE, sizeof (Choice));
  push (self, FRAME_BODY);
  return self;
}

void
sk_flow_free (SkFlow *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->frames);
  g_array_unref (self->choices);
  g_free (self);
}

gboolean
sk_flow_is_full (const SkFlow *self)
{
  return self->is_full;
}

static gboolean
may_hold (SkFlow *self, gsize length)
{
  if (self->is_full)
    return FALSE;
  self->held += length;
  if (self->held <= HELD_BYTES)
    return TRUE;
  sk_sink_doubt (self->sink, "limit: a paragraph or row with more text than may be searched");
  self->is_full = TRUE;
  return FALSE;
}

static void
append_line (GString *to, const char *text, gsize length)
{
  if (to->len > 0 && to->str[to->len - 1] != '\n')
    g_string_append_c (to, '\n');
  g_string_append_len (to, text, (gssize) length);
  if (length > 0 && text[length - 1] != '\n')
    g_string_append_c (to, '\n');
}

void
sk_flow_text (SkFlow *self, const char *text, gsize length)
{
  Frame *frame = top (self);

  if (!may_hold (self, length))
    return;
  if ((self->deletions > 0 || self->insertions > 0) && frame->before_changes == NULL)
    frame->before_changes = g_string_new_len (frame->line->str, (gssize) frame->line->len);
  if (self->deletions == 0)
    g_string_append_len (frame->line, text, (gssize) length);
  if (frame->before_changes != NULL && self->insertions == 0)
    g_string_append_len (frame->before_changes, text, (gssize) length);
}

void
sk_flow_aside (SkFlow *self, const char *text)
{
  if (*text != '\0' && may_hold (self, strlen (text)))
    append_line (top (self)->after, text, strlen (text));
}

/* --- writing --------------------------------------------------------------------------------- */

static void
write_out (SkFlow *self)
{
  Frame *frame = top (self);

  if (self->frames->len > 1 || self->choices->len > 0)
    return;
  if (frame->done->len > 0 && !self->is_full)
    self->is_full = !sk_sink_text (self->sink, frame->done->str, (gssize) frame->done->len);
  g_string_truncate (frame->done, 0);
  self->held = 0;
}

static void
end_line (Frame *frame)
{
  GString *before = frame->before_changes;

  append_line (frame->done, frame->line->str, frame->line->len);
  if (before != NULL && before->len > 0 && strcmp (before->str, frame->line->str) != 0)
    append_line (frame->done, before->str, before->len);
  append_line (frame->done, frame->after->str, frame->after->len);
  g_string_truncate (frame->line, 0);
  g_string_truncate (frame->after, 0);
  if (before != NULL)
    g_string_free (before, TRUE);
  frame->before_changes = NULL;
}

/* Where alternatives are being compared in this very frame, its paragraph stays open. */
static gboolean
is_compared (SkFlow *self)
{
  return self->choices->len > 0
         && g_array_index (self->choices, Choice, self->choices->len - 1).frame
                == self->frames->len - 1;
}

void
sk_flow_paragraph (SkFlow *self)
{
  Frame *frame = top (self);

  if (is_compared (self))
    g_string_append_c (frame->line, '\n');
  else
    end_line (frame);
  write_out (self);
}

gboolean
sk_flow_finish (SkFlow *self)
{
  g_array_set_size (self->choices, 0);
  while (self->frames->len > 1)
    {
      Frame *frame = top (self), *below = self->frames->pdata[self->frames->len - 2];

      end_line (frame);
      for (guint i = 0; frame->cells != NULL && i < frame->cells->len; i++)
        append_line (below->done, frame->cells->pdata[i], strlen (frame->cells->pdata[i]));
      append_line (below->done, frame->done->str, frame->done->len);
      g_ptr_array_set_size (self->frames, (int) self->frames->len - 1);
    }
  sk_flow_paragraph (self);
  return !self->is_full;
}

/* --- tables and boxes ------------------------------------------------------------------------ */

/* The frame's text; the frame is gone. NULL: it isn't the top one. */
static char *
pop (SkFlow *self, FrameKind kind)
{
  Frame *frame = top (self);
  char *text;

  if (frame->kind != kind)
    return NULL;
  end_line (frame);
  text = g_string_free (frame->done, FALSE);
  frame->done = g_string_new (NULL);
  g_ptr_array_set_size (self->frames, (int) self->frames->len - 1);
  return text;
}

void
sk_flow_begin_row (SkFlow *self)
{
  push (self, FRAME_ROW);
}

static guint
count_filled (const GPtrArray *cells)
{
  guint count = 0;

  for (guint i = 0; i < cells->len; i++)
    count += *(const char *) cells->pdata[i] != '\0';
  return count;
}

static void
join_cells (GPtrArray *cells, GString *into)
{
  gboolean one = count_filled (cells) < 2;

  for (guint i = 0; i < cells->len; i++)
    {
      char *text = cells->pdata[i];

      g_strchomp (text);
      if (!one)
        g_strdelimit (text, "\n", ' ');
      if (i > 0 && !one)
        g_string_append_c (into, '\t');
      g_string_append (into, text);
    }
}

void
sk_flow_end_row (SkFlow *self)
{
  Frame *row = top (self), *below;
  g_autoptr (GString) text = NULL;

  if (row->kind != FRAME_ROW)
    return;
  end_line (row); /* what stands in a row, but in no cell */
  text = g_string_new_len (row->done->str, (gssize) row->done->len);
  join_cells (row->cells, text);
  g_ptr_array_set_size (self->frames, (int) self->frames->len - 1);
  below = top (self);
  if (is_compared (self))
    g_string_append_c (g_string_append (below->line, text->str), '\n');
  else
    {
      if (below->line->len > 0)
        end_line (below);
      append_line (below->done, text->str, text->len);
    }
  write_out (self);
}

void
sk_flow_begin_cell (SkFlow *self)
{
  push (self, FRAME_CELL);
}

void
sk_flow_end_cell (SkFlow *self)
{
  char *text = pop (self, FRAME_CELL);

  if (text == NULL)
    return;
  if (top (self)->kind == FRAME_ROW)
    {
      g_ptr_array_add (top (self)->cells, text);
      return;
    }
  append_line (top (self)->after, text, strlen (text));
  g_free (text);
}

void
sk_flow_begin_box (SkFlow *self)
{
  push (self, FRAME_BOX);
}

void
sk_flow_end_box (SkFlow *self)
{
  g_autofree char *text = pop (self, FRAME_BOX);

  if (text != NULL)
    append_line (top (self)->after, text, strlen (text));
}

/* --- changes and alternatives ---------------------------------------------------------------- */

void
sk_flow_begin_deletion (SkFlow *self)
{
  self->deletions++;
}

void
sk_flow_end_deletion (SkFlow *self)
{
  self->deletions -= self->deletions > 0;
}

void
sk_flow_begin_insertion (SkFlow *self)
{
  self->insertions++;
}

void
sk_flow_end_insertion (SkFlow *self)
{
  self->insertions -= self->insertions > 0;
}

static Mark
mark (const Frame *frame)
{
  return (Mark) { frame->line->len, frame->after->len, frame->done->len };
}

void
sk_flow_begin_alternatives (SkFlow *self)
{
  Choice choice = { .frame = self->frames->len - 1 };

  g_array_append_val (self->choices, choice);
}

void
sk_flow_begin_alternative (SkFlow *self)
{
  if (self->choices->len > 0)
    g_array_index (self->choices, Choice, self->choices->len - 1).start = mark (top (self));
}

/* Is what came since `start` within what came from `first` to `end`? */
static gboolean
is_said (const GString *text, gsize first, gsize end, gsize start)
{
  return start <= text->len && first <= end && end <= start
         && (start == text->len
             || memmem (text->str + first, end - first, text->str + start, text->len - start)
                    != NULL);
}

static gboolean
is_all_said (const Frame *frame, const Choice *choice)
{
  const Mark *first = &choice->first_start, *end = &choice->first_end, *start = &choice->start;

  return is_said (frame->line, first->line, end->line, start->line)
         && is_said (frame->after, first->after, end->after, start->after)
         && is_said (frame->done, first->done, end->done, start->done);
}

void
sk_flow_end_alternative (SkFlow *self)
{
  Choice *choice;
  Frame *frame = top (self);

  if (self->choices->len == 0)
    return;
  choice = &g_array_index (self->choices, Choice, self->choices->len - 1);
  if (choice->frame != self->frames->len - 1)
    return;
  if (choice->count++ == 0)
    {
      choice->first_start = choice->start;
      choice->first_end = mark (frame);
    }
  else if (is_all_said (frame, choice))
    {
      g_string_truncate (frame->line, choice->start.line);
      g_string_truncate (frame->after, choice->start.after);
      g_string_truncate (frame->done, choice->start.done);
    }
}

void
sk_flow_end_alternatives (SkFlow *self)
{
  if (self->choices->len > 0)
    g_array_set_size (self->choices, self->choices->len - 1);
}
