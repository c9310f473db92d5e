/* What the process proves before it reads a document: that the sandbox holds, and that in it
 * Japanese text can still be read.
 *
 * The samples are read twice: before the cage is closed, so that the libraries load what they need
 * (code can't be loaded later), and inside it.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Has the libraries load their code and data. */
void sk_self_test_warm_up (void);

/* Inside the cage. NULL: all is well; else what is missing and the remedy, for people. Where the
 * cage does not hold at all, the process may not come back from this. */
char *sk_self_test_run (void);
