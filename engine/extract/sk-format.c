// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

const SkFormat *const sk_formats[] = {
#define FORMAT(name) &sk_format_##name,
#include "sk-format-list.inc"
  NULL,
};

const SkFormat *
sk_format_of (const SkContent *content, const char **type)
{
  for (const SkFormat *const *format = sk_formats; *format != NULL; format++)
    if ((*type = (*format)->recognise (content)) != NULL)
      return *format;
  return NULL;
}
