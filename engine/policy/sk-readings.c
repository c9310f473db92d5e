// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-readings.h"

#include <string.h>

/* --- the stretches of an attachment ------------------------------------------------------------- */

static gboolean
is_second (const SkSection *section)
{
  return section->kind == SK_SECTION_TEXT && g_strcmp0 (section->label, "second reading") == 0;
}

static void
add_stretch (GArray *stretches, gsize start, gsize end, guint place, guint reading)
{
  SkStretch stretch = { start, end - start, { place, reading } };

  if (end > start)
    g_array_append_val (stretches, stretch);
}

/* A second reading stands behind the section with the first. */
GArray *
sk_readings_of_attachment (const SkAttachmentFacts *facts)
{
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (SkStretch));
  gsize done = 0;

  for (guint i = 1; facts->sections != NULL && i < facts->sections->len; i++)
    {
      const SkSection *first = facts->sections->pdata[i - 1], *second = facts->sections->pdata[i];

      if (!is_second (second) || first->start < done)
        continue;
      add_stretch (stretches, done, first->start, 0, 0);
      add_stretch (stretches, first->start, second->start, i, 0);
      done = second->start + second->length;
      add_stretch (stretches, second->start, done, i, 1);
    }
  add_stretch (stretches, done, facts->length, 0, 0);
  return stretches;
}

/* --- counts ------------------------------------------------------------------------------------- */

typedef struct {
  SkReading reading;
  gint64 count;
} ReadingCount;

static gint64
sum (gint64 a, gint64 b)
{
  return a > G_MAXINT64 - b ? G_MAXINT64 : a + b;
}

void
sk_reading_counts_add (SkReadingCounts *self, SkReading reading, gint64 count)
{
  ReadingCount added = { reading, count };

  if (reading.place == 0)
    {
      self->alone = sum (self->alone, count);
      return;
    }
  if (self->counts == NULL)
    self->counts = g_array_new (FALSE, FALSE, sizeof (ReadingCount));
  g_array_append_val (self->counts, added);
}

static int
compare_readings (gconstpointer a, gconstpointer b)
{
  const SkReading *x = &((const ReadingCount *) a)->reading, *y = &((const ReadingCount *) b)->reading;

  if (x->place != y->place)
    return x->place < y->place ? -1 : 1;
  return x->reading < y->reading ? -1 : x->reading > y->reading;
}

/* Of the readings from `i` on that are of one place: the most; `i` goes behind them. */
static gint64
most_of_place (const GArray *counts, guint *i)
{
  guint place = g_array_index (counts, ReadingCount, *i).reading.place;
  gint64 most = 0;

  while (*i < counts->len && g_array_index (counts, ReadingCount, *i).reading.place == place)
    {
      guint reading = g_array_index (counts, ReadingCount, *i).reading.reading;
      gint64 count = 0;

      for (; *i < counts->len && g_array_index (counts, ReadingCount, *i).reading.place == place
             && g_array_index (counts, ReadingCount, *i).reading.reading == reading;
           (*i)++)
        count = sum (count, g_array_index (counts, ReadingCount, *i).count);
      most = MAX (most, count);
    }
  return most;
}

gint64
sk_reading_counts_end (SkReadingCounts *self)
{
  gint64 total = self->alone;

  if (self->counts != NULL)
    g_array_sort (self->counts, compare_readings);
  for (guint i = 0; self->counts != NULL && i < self->counts->len;)
    total = sum (total, most_of_place (self->counts, &i));
  g_clear_pointer (&self->counts, g_array_unref);
  self->alone = 0;
  return total;
}
