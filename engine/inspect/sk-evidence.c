// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-evidence.h"

#include <string.h>

enum { AROUND = 40, HIT = 200 };

/* The text that a finding stands in; `owned` when it was made here. */
static const char *
text_of (const SkFinding *finding, const SkMessage *message, const SkAttachmentFacts *facts, gsize *length,
         char **owned)
{
  const char *text = NULL;

  switch (finding->place)
    {
    case SK_PLACE_SUBJECT:
      text = *owned = sk_message_subjects (message);
      break;
    case SK_PLACE_BODY:
      if (finding->text < message->texts->len)
        text = ((const SkText *) message->texts->pdata[finding->text])->text;
      break;
    case SK_PLACE_ATTACHMENT_NAMES:
      for (guint i = 0; i < message->attachments->len; i++)
        if (((const SkAttachment *) message->attachments->pdata[i])->index == finding->attachment)
          text = ((const SkAttachment *) message->attachments->pdata[i])->name;
      break;
    default:
      text = facts != NULL ? facts->text : NULL;
      break;
    }
  *length = text != NULL ? strlen (text) : 0;
  return text;
}

static const SkAttachmentFacts *
facts_of (const SkFinding *finding, const SkInspection *inspection)
{
  for (guint i = 0; finding->place == SK_PLACE_ATTACHMENTS && i < inspection->attachments->len; i++)
    {
      const SkAttachmentFacts *facts = inspection->attachments->pdata[i];

      if (facts->index == finding->attachment)
        return facts;
    }
  return NULL;
}

/* The last that begins at or before the place; they are in order. */
static const SkSection *
section_of (const SkAttachmentFacts *facts, gsize at)
{
  guint low = 0, high = facts != NULL && facts->sections != NULL ? facts->sections->len : 0;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (((const SkSection *) facts->sections->pdata[middle])->start <= at)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? facts->sections->pdata[low - 1] : NULL;
}

static guint
count_bytes (const char *from, const char *to, char byte)
{
  guint count = 0;

  while (from < to && (from = memchr (from, byte, (gsize) (to - from))) != NULL)
    {
      count++;
      from++;
    }
  return count;
}

/* "A" to "Z", then "AA": as every spreadsheet names its columns. */
static void
name_cell (char *cell, gsize size, guint row, guint column)
{
  char letters[8];
  guint n = sizeof letters;

  letters[--n] = '\0';
  for (; column > 0 && n > 0; column = (column - 1) / 26)
    letters[--n] = (char) ('A' + (column - 1) % 26);
  g_snprintf (cell, size, "%s%u", letters + n, row);
}

static void
find_cell (SkEvidence *self, const char *start, const char *at)
{
  const SkSection *section = self->section;
  const char *line = memrchr (start, '\n', (gsize) (at - start));
  guint tabs = count_bytes (line != NULL ? line + 1 : start, at, '\t');

  name_cell (self->cell, sizeof self->cell, section->row + self->line - 1,
             (line == NULL ? section->column : 1) + tabs);
}

static char *
squeeze (const char *text, gsize length)
{
  GString *result = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      gboolean blank = g_ascii_isspace (text[i]);

      if (!blank)
        g_string_append_c (result, text[i]);
      else if (result->len == 0 || result->str[result->len - 1] != ' ')
        g_string_append_c (result, ' ');
    }
  return g_string_free (result, FALSE);
}

static void
quote (SkEvidence *self, const char *text, gsize first, gsize last, gsize start, gsize end)
{
  const char *from = text + start, *to = text + end, *hit_end;

  for (guint i = 0; i < AROUND && from > text + first; i++)
    from = g_utf8_prev_char (from);
  for (guint i = 0; i < AROUND && to < text + last; i++)
    to = g_utf8_next_char (to);
  hit_end = text + start;
  for (guint i = 0; i < HIT && hit_end < text + end; i++)
    hit_end = g_utf8_next_char (hit_end);
  self->before = squeeze (from, (gsize) (text + start - from));
  self->hit = squeeze (text + start, (gsize) (hit_end - (text + start)));
  self->after = squeeze (text + end, (gsize) (to - (text + end)));
}

SkEvidence *
sk_evidence_new (const SkFinding *finding, const SkMessage *message, const SkInspection *inspection)
{
  SkEvidence *self = g_new0 (SkEvidence, 1);
  const SkAttachmentFacts *facts = facts_of (finding, inspection);
  g_autofree char *owned = NULL;
  gsize length, start, end, first, last;
  const char *text = text_of (finding, message, facts, &length, &owned);

  start = MIN (finding->start, length);
  end = MIN (start + finding->length, length);
  self->section = section_of (facts, start);
  if (text == NULL)
    text = "";
  first = self->section != NULL ? self->section->start : 0;
  last = self->section != NULL ? MAX (first + self->section->length, end) : length;
  self->line = 1 + count_bytes (text + first, text + start, '\n');
  if (self->section != NULL && self->section->kind == SK_SECTION_SHEET && self->section->row > 0)
    find_cell (self, text + first, text + start);
  quote (self, text, first, last, start, end);
  return self;
}

void
sk_evidence_free (SkEvidence *self)
{
  if (self == NULL)
    return;
  g_free (self->before);
  g_free (self->hit);
  g_free (self->after);
  g_free (self);
}

static void
append_section (GString *text, const SkSection *section)
{
  if (section->kind == SK_SECTION_PAGE)
    g_string_append_printf (text, "page %u, ", section->number);
  else if (section->kind == SK_SECTION_SLIDE)
    g_string_append_printf (text, "slide %u, ", section->number);
  else if (section->label != NULL)
    g_string_append_printf (text, "%s, ", section->label);
}

char *
sk_evidence_at (const SkEvidence *self)
{
  GString *text = g_string_new (NULL);

  if (self->section != NULL && self->section->member != NULL)
    g_string_append_printf (text, "%s: ", self->section->member);
  if (self->section != NULL)
    append_section (text, self->section);
  if (*self->cell != '\0')
    g_string_append (text, self->cell);
  else
    g_string_append_printf (text, "line %u", self->line);
  return g_string_free (text, FALSE);
}
