/* Which converter a charset label means in practice. Only for this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef enum {
  SK_CHARSET_ASCII,      /* guessed when there is more in it */
  SK_CHARSET_UTF8,
  SK_CHARSET_JAPANESE,   /* ASCII-compatible, several bytes a character */
  SK_CHARSET_ISO2022,    /* seven bits with escape sequences */
  SK_CHARSET_UTF16,      /* the byte order stands in a BOM or shows in the zeros */
  SK_CHARSET_SINGLE,     /* ASCII-compatible, one byte a character: never contradicts itself */
  SK_CHARSET_OPAQUE,     /* whatever ICU makes of it; ASCII bytes may mean something else */
} SkCharsetKind;

typedef struct {
  const char *label; /* lower case letters and digits of the label, nothing else */
  SkCharsetKind kind;
  const char *converter; /* ICU's name of it */
} SkCharsetName;

/* NULL when the label is in no table. */
const SkCharsetName *sk_charset_name_find (const char *label);
