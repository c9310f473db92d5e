/* "Did you mean …?" */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/* The nearest of the NULL-terminated `candidates` within a sensible edit distance (transpositions count one), or NULL. */
const char *sk_suggest (const char *word, const char *const *candidates);
