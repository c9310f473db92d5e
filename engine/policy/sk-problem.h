/* What is wrong with a policy, collected so that one run shows all of it.
 *
 * A collector takes errors and warnings with their places; it keeps the first thousand of each and
 * counts the rest.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-policy.h"

#include <glib.h>

typedef struct {
  GPtrArray *items; /* SkProblem*; owned */
  guint errors, warnings; /* all of them, also those beyond the kept thousand */
} SkProblems;

void sk_problems_init (SkProblems *self);
void sk_problems_clear (SkProblems *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkProblems, sk_problems_clear)

/* Line and column count from 1; 0 where there is none. */
void sk_problems_add (SkProblems *self, gboolean warning, const char *file, guint line,
                      guint column, const char *format, ...) G_GNUC_PRINTF (6, 7);
void sk_problems_add_valist (SkProblems *self, gboolean warning, const char *file, guint line,
                             guint column, const char *format, va_list arguments)
    G_GNUC_PRINTF (6, 0);
/* From an error whose message may begin with "FILE:LINE:COLUMN: " or "FILE: ". */
void sk_problems_add_error (SkProblems *self, const char *file, const GError *error);
/* FALSE, with an error that says what the file is instead (CP932, UTF-16, with NUL bytes) and how to
 * convert it, when it is no UTF-8 text. */
gboolean sk_problems_check_encoding (SkProblems *self, const char *file, const char *text,
                                     gsize length);
/* Says how many were not kept. */
void sk_problems_close (SkProblems *self, const char *file);
/* In the order of files and places; those without a place stay where they are, first. */
void sk_problems_sort (SkProblems *self);
