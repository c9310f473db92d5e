// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-code-page.h"

static const struct {
  guint number;
  const char *charset;
} pages[] = {
  { 437, "ibm437" },         { 850, "ibm850" },          { 874, "windows-874" },
  { 932, "windows-31j" },    { 936, "gbk" },             { 949, "windows-949" },
  { 950, "big5" },           { 1200, "utf-16le" },       { 1250, "windows-1250" },
  { 1251, "windows-1251" },  { 1252, "windows-1252" },   { 1253, "windows-1253" },
  { 1254, "windows-1254" },  { 1255, "windows-1255" },   { 1256, "windows-1256" },
  { 1257, "windows-1257" },  { 1258, "windows-1258" },   { 10000, "macintosh" },
  { 10001, "windows-31j" },  { 20127, "us-ascii" },      { 20932, "euc-jp" },
  { 28591, "iso-8859-1" },   { 32768, "macintosh" },     { 32769, "windows-1252" },
  { 50220, "iso-2022-jp" },  { 50221, "iso-2022-jp" },   { 50222, "iso-2022-jp" },
  { 51932, "euc-jp" },       { 51949, "euc-kr" },        { 54936, "gb18030" },
  { 65000, "utf-7" },        { 65001, "utf-8" },
};

static const struct {
  guint language, page; /* the language's low 10 bits */
} languages[] = {
  { 0x01, 1256 }, { 0x02, 1251 }, { 0x04, 936 },  { 0x05, 1250 }, { 0x08, 1253 },
  { 0x0d, 1255 }, { 0x0e, 1250 }, { 0x11, 932 },  { 0x12, 949 },  { 0x15, 1250 },
  { 0x18, 1250 }, { 0x19, 1251 }, { 0x1e, 874 },  { 0x1f, 1254 }, { 0x22, 1251 },
  { 0x25, 1257 }, { 0x26, 1257 }, { 0x27, 1257 }, { 0x2a, 1258 },
};

const char *
sk_code_page_charset (guint number)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (pages[i].number == number)
      return pages[i].charset;
  return NULL;
}

guint
sk_code_page_of_language (guint lcid)
{
  if (lcid == 0x0404 || lcid == 0x0c04) /* Taiwan, Hong Kong */
    return 950;
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (languages[i].language == (lcid & 0x3ff))
      return languages[i].page;
  return 1252;
}
