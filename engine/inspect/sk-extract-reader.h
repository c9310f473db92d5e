/* The caller's reader of answers: it takes what may come from a subverted process, and trusts none
 * of it.
 *
 * An answer is facts, then exactly the text that they announce, then sections that cover that text
 * in order, then the end. Everything is held to the limits that were sent; text is UTF-8 without
 * NUL, names are without control characters, and no section begins within a character. Whatever
 * differs is a lie, and nothing of such an answer is kept.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-extract-wire.h"

typedef enum { SK_ANSWER_GOES_ON, SK_ANSWER_COMPLETE, SK_ANSWER_LIE } SkAnswerState;

typedef struct _SkExtractReader SkExtractReader;

SkExtractReader *sk_extract_reader_new (const SkExtractLimits *limits);
void sk_extract_reader_free (SkExtractReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkExtractReader, sk_extract_reader_free)

/* One packet. After COMPLETE and LIE nothing more may be given. */
SkAnswerState sk_extract_reader_take (SkExtractReader *self, const guint8 *packet, gsize length);

/* What was wrong, after a lie; a static string. */
const char *sk_extract_reader_lie (const SkExtractReader *self);

/* The answer, once, after COMPLETE. */
SkExtraction *sk_extract_reader_steal (SkExtractReader *self);
