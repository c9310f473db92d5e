/* Instructions of Word's fields, in .doc and RTF alike. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Ruby is a formula: " EQ \* jc2 \o\ad(\s\up 9(たなか),田中)". Appends what it is written over ("田中"),
 * if it is one. */
void sk_field_code_append_base (GString *into, const char *code, gsize length);
