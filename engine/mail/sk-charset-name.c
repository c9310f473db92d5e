// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-charset-name.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by label. What mailers call Latin-1 is windows-1252 in truth, what they call GB2312 has
 * characters of GB18030, and what they call KS C 5601 is windows-949. */
static const SkCharsetName names[] = {
  { "646", SK_CHARSET_ASCII, "UTF-8" },
  { "ansix341968", SK_CHARSET_ASCII, "UTF-8" },
  { "ascii", SK_CHARSET_ASCII, "UTF-8" },
  { "big5", SK_CHARSET_JAPANESE, "windows-950" },
  { "cp1250", SK_CHARSET_SINGLE, "windows-1250" },
  { "cp1251", SK_CHARSET_SINGLE, "windows-1251" },
  { "cp1252", SK_CHARSET_SINGLE, "windows-1252" },
  { "cp50220", SK_CHARSET_ISO2022, "JIS8" },
  { "cp50221", SK_CHARSET_ISO2022, "JIS8" },
  { "cp50222", SK_CHARSET_ISO2022, "JIS8" },
  { "cp51932", SK_CHARSET_JAPANESE, "EUC-JP" },
  { "cp932", SK_CHARSET_JAPANESE, "windows-31j" },
  { "cp936", SK_CHARSET_JAPANESE, "GB18030" },
  { "cp949", SK_CHARSET_JAPANESE, "windows-949" },
  { "cp950", SK_CHARSET_JAPANESE, "windows-950" },
  { "csascii", SK_CHARSET_ASCII, "UTF-8" },
  { "cseucpkdfmtjapanese", SK_CHARSET_JAPANESE, "EUC-JP" },
  { "csiso2022jp", SK_CHARSET_ISO2022, "JIS8" },
  { "csisolatin1", SK_CHARSET_SINGLE, "windows-1252" },
  { "csshiftjis", SK_CHARSET_JAPANESE, "windows-31j" },
  { "cswindows31j", SK_CHARSET_JAPANESE, "windows-31j" },
  { "eucjp", SK_CHARSET_JAPANESE, "EUC-JP" },
  { "eucjpms", SK_CHARSET_JAPANESE, "EUC-JP" },
  { "eucjpwin", SK_CHARSET_JAPANESE, "EUC-JP" },
  { "euckr", SK_CHARSET_JAPANESE, "windows-949" },
  { "gb18030", SK_CHARSET_JAPANESE, "GB18030" },
  { "gb2312", SK_CHARSET_JAPANESE, "GB18030" },
  { "gbk", SK_CHARSET_JAPANESE, "GB18030" },
  { "ibm943", SK_CHARSET_JAPANESE, "windows-31j" },
  { "iso10646ucs2", SK_CHARSET_UTF16, "UTF-16BE" },
  { "iso2022jp", SK_CHARSET_ISO2022, "JIS8" },
  { "iso2022jp1", SK_CHARSET_ISO2022, "JIS8" },
  { "iso2022jp2", SK_CHARSET_ISO2022, "ISO-2022-JP-2" },
  { "iso2022jp2004", SK_CHARSET_ISO2022, "JIS8" },
  { "iso2022jp3", SK_CHARSET_ISO2022, "JIS8" },
  { "iso2022jpext", SK_CHARSET_ISO2022, "JIS8" },
  { "iso2022jpms", SK_CHARSET_ISO2022, "JIS8" },
  { "iso646us", SK_CHARSET_ASCII, "UTF-8" },
  { "iso88591", SK_CHARSET_SINGLE, "windows-1252" },
  { "iso885915", SK_CHARSET_SINGLE, "iso-8859-15" },
  { "iso88592", SK_CHARSET_SINGLE, "iso-8859-2" },
  { "jis", SK_CHARSET_ISO2022, "JIS8" },
  { "koi8r", SK_CHARSET_SINGLE, "koi8-r" },
  { "ksc56011987", SK_CHARSET_JAPANESE, "windows-949" },
  { "latin1", SK_CHARSET_SINGLE, "windows-1252" },
  { "ms932", SK_CHARSET_JAPANESE, "windows-31j" },
  { "mskanji", SK_CHARSET_JAPANESE, "windows-31j" },
  { "shiftjis", SK_CHARSET_JAPANESE, "windows-31j" },
  { "sjis", SK_CHARSET_JAPANESE, "windows-31j" },
  { "ucs2", SK_CHARSET_UTF16, "UTF-16BE" },
  { "ujis", SK_CHARSET_JAPANESE, "EUC-JP" },
  { "unicode", SK_CHARSET_UTF16, "UTF-16LE" },
  { "unicode11utf7", SK_CHARSET_OPAQUE, "UTF-7" },
  { "unicode11utf8", SK_CHARSET_UTF8, "UTF-8" },
  { "unknown8bit", SK_CHARSET_ASCII, "UTF-8" },
  { "usascii", SK_CHARSET_ASCII, "UTF-8" },
  { "utf16", SK_CHARSET_UTF16, "UTF-16BE" },
  { "utf16be", SK_CHARSET_UTF16, "UTF-16BE" },
  { "utf16le", SK_CHARSET_UTF16, "UTF-16LE" },
  { "utf7", SK_CHARSET_OPAQUE, "UTF-7" },
  { "utf8", SK_CHARSET_UTF8, "UTF-8" },
  { "windows1250", SK_CHARSET_SINGLE, "windows-1250" },
  { "windows1251", SK_CHARSET_SINGLE, "windows-1251" },
  { "windows1252", SK_CHARSET_SINGLE, "windows-1252" },
  { "windows31j", SK_CHARSET_JAPANESE, "windows-31j" },
  { "windows932", SK_CHARSET_JAPANESE, "windows-31j" },
  { "windows936", SK_CHARSET_JAPANESE, "GB18030" },
  { "xeucjp", SK_CHARSET_JAPANESE, "EUC-JP" },
  { "xgbk", SK_CHARSET_JAPANESE, "GB18030" },
  { "xmscp932", SK_CHARSET_JAPANESE, "windows-31j" },
  { "xshiftjis", SK_CHARSET_JAPANESE, "windows-31j" },
  { "xsjis", SK_CHARSET_JAPANESE, "windows-31j" },
  { "xsjiscp932", SK_CHARSET_JAPANESE, "windows-31j" },
  { "xutf8", SK_CHARSET_UTF8, "UTF-8" },
  { "xxsjis", SK_CHARSET_JAPANESE, "windows-31j" },
};

static int
compare_label (const void *key, const void *element)
{
  return strcmp (key, ((const SkCharsetName *) element)->label);
}

const SkCharsetName *
sk_charset_name_find (const char *label)
{
  char key[32];
  gsize length = 0;

  for (const char *p = label; *p != '\0' && length < sizeof key - 1; p++)
    if (g_ascii_isalnum (*p))
      key[length++] = g_ascii_tolower (*p);
  key[length] = '\0';
  return bsearch (key, names, G_N_ELEMENTS (names), sizeof names[0], compare_label);
}
