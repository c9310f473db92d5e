// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-evaluation.h"
#include "sk-readings.h"

#include <string.h>

/* The words of all conditions are looked for in one pass over each text, before any rule is asked;
 * what a regex sees is made when one asks. */

typedef enum { SUBJECT, BODY, NAME, ATTACHMENT } Counter;

typedef struct {
  SkEvaluation *evaluation;
  Counter counter;
  guint file;
  SkReading reading; /* of what is scanned */
} Scan;

static void
count_in_place (const Scan *scan, guint pattern, guint32 count)
{
  SkEvaluation *self = scan->evaluation;
  SkOccurrences *found = &self->occurrences[pattern];
  guint32 *counters[] = { &found->subject, &found->body, &found->names, &found->attachments };

  *counters[scan->counter] += count;
  if (scan->counter == ATTACHMENT)
    self->file_occurrences[(gsize) scan->file * self->policy->patterns + pattern] += count;
}

static void
count_occurrence (SkEvaluation *self, const Scan *scan, guint pattern)
{
  if (scan->reading.place != 0)
    self->occurrences[pattern].reading++;
  else
    count_in_place (scan, pattern, 1);
  if (scan->counter == NAME)
    sk_bits_set (self->name_patterns
                     + (gsize) scan->file * SK_BITS_WORDS (self->policy->patterns),
                 pattern);
}

/* What was scanned last is one reading; with another place to come, the most of all its readings counts. */
static void
begin_reading (Scan *scan, SkReading next)
{
  SkEvaluation *self = scan->evaluation;
  gboolean place_ends = scan->reading.place != 0 && next.place != scan->reading.place;

  if (scan->reading.place != 0 && (place_ends || next.reading != scan->reading.reading))
    for (guint i = 0; i < self->policy->patterns; i++)
      {
        SkOccurrences *found = &self->occurrences[i];

        found->most = MAX (found->most, found->reading);
        found->reading = 0;
        if (!place_ends)
          continue;
        count_in_place (scan, i, found->most);
        found->most = 0;
      }
  scan->reading = next;
}

/* Of words of one pattern that overlap, one counts: the one that ends first. */
static gboolean
occurrence_cb (guint32 id, gsize start, gsize length, gpointer user_data)
{
  const Scan *scan = user_data;
  SkEvaluation *self = scan->evaluation;
  SkLastHit *last = &self->last_hits[id];

  if (last->text == self->scanned_texts && start < last->end)
    {
      last->end = MIN (last->end, start + length);
      return TRUE;
    }
  last->text = self->scanned_texts;
  last->end = start + length;
  sk_bits_set (self->seen_patterns, id);
  count_occurrence (self, scan, id);
  return TRUE;
}

static void
scan_stretch (Scan *scan, const char *text, gsize length)
{
  SkEvaluation *self = scan->evaluation;

  self->scanned_texts++;
  sk_words_scan_text (self->policy->words, text, length, occurrence_cb, scan);
}

static void
scan_text (SkEvaluation *self, const char *text, gsize length, Counter counter, guint file)
{
  Scan scan = { self, counter, file, { 0, 0 } };

  scan_stretch (&scan, text, length);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  const SkText *x = *(const SkText *const *) a, *y = *(const SkText *const *) b;

  if (x->alternative != y->alternative)
    return x->alternative < y->alternative ? -1 : 1;
  return x->branch < y->branch ? -1 : x->branch > y->branch;
}

/* Readings of one place one after the other. */
static void
scan_bodies (SkEvaluation *self)
{
  Scan scan = { self, BODY, 0, { 0, 0 } };
  g_autoptr (GPtrArray) texts = g_ptr_array_copy (self->message->texts, NULL, NULL);

  g_ptr_array_set_free_func (texts, NULL);
  g_ptr_array_sort (texts, compare_texts);
  for (guint i = 0; i < texts->len; i++)
    {
      const SkText *text = texts->pdata[i];

      begin_reading (&scan, (SkReading) { text->alternative, text->branch });
      scan_stretch (&scan, text->text, text->length);
    }
  begin_reading (&scan, (SkReading) { 0, 0 });
}

static void
scan_names (SkEvaluation *self)
{
  for (guint i = 0; i < self->file_count; i++)
    {
      const SkAttachment *attachment = self->files[i].attachment;

      if (attachment != NULL && attachment->name != NULL)
        scan_text (self, attachment->name, strlen (attachment->name), NAME, i);
    }
}

static void
scan_attachment (SkEvaluation *self, const SkAttachmentFacts *facts, guint file)
{
  Scan scan = { self, ATTACHMENT, file, { 0, 0 } };
  g_autoptr (GArray) stretches = sk_readings_of_attachment (facts);

  for (guint i = 0; i < stretches->len; i++)
    {
      const SkStretch *stretch = &g_array_index (stretches, SkStretch, i);

      begin_reading (&scan, stretch->reading);
      scan_stretch (&scan, facts->text + stretch->start, stretch->length);
    }
  begin_reading (&scan, (SkReading) { 0, 0 });
}

static void
scan_attachments (SkEvaluation *self)
{
  for (guint i = 0; i < self->file_count; i++)
    {
      const SkAttachmentFacts *facts = self->files[i].facts;

      if (facts == NULL || facts->text == NULL)
        continue;
      if (self->file_occurrences == NULL)
        self->file_occurrences
            = g_new0 (guint32, (gsize) self->file_count * self->policy->patterns);
      scan_attachment (self, facts, i);
    }
}

static const char *
subjects (SkEvaluation *self)
{
  if (self->subjects == NULL)
    self->subjects = sk_message_subjects (self->message);
  return self->subjects;
}

void
sk_evaluation_scan (SkEvaluation *self)
{
  guint patterns = self->policy->patterns, places = self->policy->word_places;

  if (patterns == 0)
    return;
  self->occurrences = g_new0 (SkOccurrences, patterns);
  self->last_hits = g_new0 (SkLastHit, patterns);
  self->seen_patterns = g_new0 (guint64, SK_BITS_WORDS (patterns));
  self->name_patterns = g_new0 (guint64, SK_BITS_WORDS (patterns) * ((gsize) self->file_count + 1));
  if ((places & SK_PLACE_SUBJECT) != 0)
    scan_text (self, subjects (self), strlen (subjects (self)), SUBJECT, 0);
  if ((places & SK_PLACE_BODY) != 0)
    scan_bodies (self);
  if ((places & SK_PLACE_ATTACHMENT_NAMES) != 0)
    scan_names (self);
  if ((places & SK_PLACE_ATTACHMENTS) != 0)
    scan_attachments (self);
}

/* --- after NFKC, for regex ------------------------------------------------------------------ */

typedef struct {
  char *text; /* NULL: the text itself is normal */
  gsize length; /* G_MAXSIZE: too long */
} Normal;

static void
normal_free (gpointer data)
{
  Normal *self = data;

  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self);
}

static Normal *
normal_new (const char *text, gsize length)
{
  Normal *self = g_new0 (Normal, 1);

  self->text = sk_words_nfkc_changed (text, length, SK_NORMAL_BYTES, &self->length);
  return self;
}

/* Copies that no longer fit beside `newest` are made again when they are asked for. */
static void
keep_normal (SkEvaluation *self, guint number, Normal *newest)
{
  gsize bytes = newest->text != NULL ? newest->length : 0;

  if (self->normal_bytes + bytes > SK_NORMAL_BYTES)
    {
      for (guint i = 0; i < self->normal_texts->len; i++)
        {
          Normal *old = self->normal_texts->pdata[i];

          if (old == NULL || old->text == NULL)
            continue;
          normal_free (old);
          self->normal_texts->pdata[i] = NULL;
        }
      self->normal_bytes = 0;
    }
  self->normal_bytes += bytes;
  self->normal_texts->pdata[number] = newest;
}

/* The subject, the bodies, the names and the attachments, each once it was asked for. What is
 * returned is good until the next call. */
static const char *
normal (SkEvaluation *self, guint number, const char *text, gsize length, gsize *normal_length)
{
  guint count = 1 + self->message->texts->len + 2 * self->file_count;
  Normal *made;

  if (text == NULL)
    return NULL;
  if (self->normal_texts == NULL)
    {
      self->normal_texts = g_ptr_array_new_with_free_func (normal_free);
      g_ptr_array_set_size (self->normal_texts, (int) count);
    }
  made = self->normal_texts->pdata[number];
  if (made == NULL)
    {
      made = normal_new (text, length);
      keep_normal (self, number, made);
    }
  *normal_length = made->length;
  return made->length == G_MAXSIZE ? NULL : made->text != NULL ? made->text : text;
}

const char *
sk_evaluation_normal_subject (SkEvaluation *self, gsize *length)
{
  return normal (self, 0, subjects (self), strlen (subjects (self)), length);
}

const char *
sk_evaluation_normal_body (SkEvaluation *self, guint n, gsize *length)
{
  const SkText *text = self->message->texts->pdata[n];

  return normal (self, 1 + n, text->text, text->length, length);
}

const char *
sk_evaluation_normal_name (SkEvaluation *self, guint file, gsize *length)
{
  const SkAttachment *attachment = self->files[file].attachment;
  const char *name = attachment != NULL ? attachment->name : NULL;

  return normal (self, 1 + self->message->texts->len + file, name, name != NULL ? strlen (name) : 0,
                 length);
}

const char *
sk_evaluation_normal_attachment (SkEvaluation *self, guint file, gsize *length)
{
  const SkAttachmentFacts *facts = self->files[file].facts;

  return normal (self, 1 + self->message->texts->len + self->file_count + file,
                 facts != NULL ? facts->text : NULL, facts != NULL ? facts->length : 0, length);
}

void
sk_evaluation_clear_texts (SkEvaluation *self)
{
  g_free (self->subjects);
  g_free (self->occurrences);
  g_free (self->last_hits);
  g_free (self->seen_patterns);
  g_free (self->name_patterns);
  g_free (self->file_occurrences);
  g_clear_pointer (&self->normal_texts, g_ptr_array_unref);
}
