/* Detectors: each finds one kind of thing in a text. One file, and one row of
 * sk-detector-list.h, each.
 *
 * A detector is a pure function over a folded text (sk-folded.h) of any length; what several of them
 * need (where the runs of digits are) is made once for all. It reports each hit with its place in the
 * folded text and a normalised value; hits come in the order of the text and do not overlap.
 * Safe to call from any thread.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-detector-list.h"
#include "sk-folded.h"

typedef struct _SkScan SkScan; /* a text and what was made of it for all detectors: sk-scan.h */

typedef struct _SkFinds SkFinds;

/* Tells of a hit. `value` is what makes it distinct ("4111111111111111"), or NULL where each hit counts for
 * itself (rows of a list). */
void sk_finds_add (SkFinds *self, gsize start, gsize length, const char *value);

/* What a detector's file defines. */
typedef struct {
  void (*find) (SkScan *scan, SkFinds *finds);
  gboolean is_slow; /* takes long enough that it must not run on a main loop: person-name */
  /* Whether what it needs is there, a dictionary; NULL: it needs nothing. Finds of one that is not ready
   * mean nothing: what is asked of it is unknown. */
  gboolean (*is_ready) (GError **error);
} SkFinder;

#define SK_DECLARE_FINDER(id, name, japanese) extern const SkFinder sk_##id##_finder;
SK_DETECTORS (SK_DECLARE_FINDER)
#undef SK_DECLARE_FINDER

typedef struct {
  const char *name; /* as the policy language spells it */
  const SkFinder *finder;
} SkDetector;

/* NULL-terminated, in the order of the language's list. */
extern const SkDetector *const sk_detectors[];

/* Their names in that order, NULL-terminated. */
const char *const *sk_detector_names (void);
const SkDetector *sk_detector_find (const char *name); /* NULL: there is none of that name */
/* FALSE: what it needs is missing; the error says what, and the remedy. */
gboolean sk_detector_is_ready (const SkDetector *self, GError **error);

typedef void (*SkFindFunc) (const SkDetector *detector, gsize start, gsize length,
                            const char *value, gpointer user_data);

/* Runs `detectors` (NULL-terminated) over the text; start and length as in the folded text. */
void sk_detectors_run (const SkDetector *const *detectors, const SkFolded *text,
                       SkFindFunc callback, gpointer user_data);
