// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

/* In the order in which they are asked: what is certain by its first bytes, what a directory inside tells, then
 * text, media, and last what takes anything. */
const SkFormat *const sk_formats[] = {
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
