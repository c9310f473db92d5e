/* Windows' numbers of code pages and languages, as charset labels. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* 932: "windows-31j". NULL: unknown, to be guessed. */
const char *sk_code_page_charset (guint number);
/* The code page of a language ([MS-LCID]): 0x0411: 932. Western ones and unknown ones are 1252. */
guint sk_code_page_of_language (guint lcid);
