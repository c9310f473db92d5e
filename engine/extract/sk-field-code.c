// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-field-code.h"

#include <string.h>

enum { RUBY = 1024 }; /* bytes of an instruction that may be one */

void
sk_field_code_append_base (GString *into, const char *code, gsize length)
{
  g_autofree char *text = length <= RUBY ? g_strndup (code, length) : NULL;
  const char *comma, *end;

  if (text == NULL || !g_str_has_prefix (g_strchug (text), "EQ ") || strstr (text, "\\o") == NULL)
    return;
  comma = strrchr (text, ',');
  end = strrchr (text, ')');
  if (comma != NULL && end > comma)
    g_string_append_len (into, comma + 1, end - comma - 1);
}
