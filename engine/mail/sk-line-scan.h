/* Finds what may be a boundary line at the speed of memory. Only for this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>
#include <string.h>

typedef guint8 SkLanes __attribute__ ((vector_size (16)));

static inline gboolean
sk_lanes_any (SkLanes lanes)
{
  guint64 halves[2];

  memcpy (halves, &lanes, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

/* Whether one of the 16 bytes at `p` is a line break with `next` behind it; 17 bytes are read. */
static inline gboolean
sk_lanes_line_start (const char *p, char next)
{
  SkLanes here, behind;

  memcpy (&here, p, sizeof here);
  memcpy (&behind, p + 1, sizeof behind);
  return sk_lanes_any ((SkLanes) (here == '\n') & (SkLanes) (behind == (guint8) next));
}
