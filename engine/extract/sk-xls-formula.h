/* The texts in the formulas of Excel's binary files: [MS-XLS] 2.5.198 (version 8), version 5 before
 * it (Excel 5.0 Binary File Format, "Formulas"), and [MS-XLSB] 2.5.97.
 *
 * For sk-xls.c and sk-format-xlsb.c. Tokens that aren't known end it: what came before them is
 * given.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

typedef enum { SK_XLS_FORMULA_5, SK_XLS_FORMULA_8, SK_XLS_FORMULA_XLSB } SkXlsFormula;

/* Appends the texts that these tokens hold, with blanks between them, but where "&" joins them.
 * `charset`: of those of version 5; NULL: it is guessed. */
void sk_xls_append_formula (GString *into, SkBytes tokens, SkXlsFormula kind, const char *charset);
