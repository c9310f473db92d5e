/* Texts of which a reader sees but one: the parts of a multipart/alternative, and what bytes without a charset may mean.
 *
 * What stands in several of them is counted once: of each such place, the reading with most counts. Private to this room.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-inspection.h"

/* Which reading a text is. */
typedef struct {
  guint place;   /* the same for readings of one place, from 1; 0: there is no other */
  guint reading; /* stretches of one reading are seen together */
} SkReading;

/* A stretch of an attachment's text. */
typedef struct {
  gsize start, length;
  SkReading reading;
} SkStretch;

/* The whole text, stretch by stretch: SkStretch. */
GArray *sk_readings_of_attachment (const SkAttachmentFacts *facts);

/* Counts are added in any order. */
typedef struct {
  gint64 alone;
  GArray *counts; /* of readings; NULL until there is one */
} SkReadingCounts;

void sk_reading_counts_add (SkReadingCounts *self, SkReading reading, gint64 count);
/* The sum, no more than G_MAXINT64, which stands for any number; clears the counts. */
gint64 sk_reading_counts_end (SkReadingCounts *self);
