/* One of `find`, `words` and `regex`, with the `in` and `count` of its block. Private to this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-loader.h"
#include "sk-regex.h"
#include "sk-test.h"

typedef struct {
  SkSearchTerms terms;
  GPtrArray *detectors; /* char*; of find, else NULL */
  guint pattern;        /* of words */
  SkRegex *regex;       /* of regex, else NULL */
  guint number;  /* of the regex in the policy */
  gint64 enough; /* so many matches decide the comparison */
  char *wording; /* for explanations */
} SkSearch;

/* What the test searches for; NULL: it is no search. */
const SkSearch *sk_search_of_test (const SkTest *test);
