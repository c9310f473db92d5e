/* What the text before a number is about: a sentence that names a kind of number speaks of those in the lines that
 * follow it, though none of them has a label.
 *
 * For the detectors of numbers with a check digit, which alone proves too little. Each has its own words. Pure
 * functions that look at a bounded number of bytes.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-scan.h"

typedef struct {
  const char *word;
  gboolean is_whole; /* 登録番号, but not 会員登録番号 */
} SkTopicWord;

/* Whether one of the words (up to one without a word) stands in [from, to). */
gboolean sk_topic_is_in (const SkScan *scan, gsize from, gsize to, const SkTopicWord *words);

/* The same, of the few lines that end at `start`. */
gboolean sk_topic_is_before (const SkScan *scan, gsize start, const SkTopicWord *words);
