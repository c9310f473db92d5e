/* The texts in the formulas of Excel's binary files ([MS-XLS] 2.5.198, version 8).
 *
 * For sk-xls.c. Tokens that aren't known end it: what came before them is given.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

/* Appends the texts that these tokens hold, with blanks between them, but where "&" joins them. */
void sk_xls_append_formula (GString *into, SkBytes tokens);
