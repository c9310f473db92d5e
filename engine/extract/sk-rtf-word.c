// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-rtf-word.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by name. */
static const SkRtfWord words[] = {
  { "annotation", SK_RTF_PLACE, SK_RTF_COMMENT },
  { "ansicpg", SK_RTF_PAGE_OF_ALL, 1252 },
  { "atnauthor", SK_RTF_PLACE, SK_RTF_COMMENT },
  { "atndate", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "atnid", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "atntime", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "author", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "bin", SK_RTF_BINARY, 0 },
  { "bullet", SK_RTF_CHARACTER, 0x2022 },
  { "category", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "cell", SK_RTF_CELL, 0 },
  { "colortbl", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "column", SK_RTF_CHARACTER, '\n' },
  { "comment", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "company", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "cpg", SK_RTF_FONT_PAGE, 0 },
  { "deff", SK_RTF_DEFAULT_FONT, 0 },
  { "deleted", SK_RTF_IS_DELETED, 0 },
  { "do", SK_RTF_PLACE, SK_RTF_SAME },
  { "doccomm", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "dptxbxtext", SK_RTF_PLACE, SK_RTF_BOX },
  { "emdash", SK_RTF_CHARACTER, 0x2014 },
  { "emspace", SK_RTF_CHARACTER, 0x2003 },
  { "endash", SK_RTF_CHARACTER, 0x2013 },
  { "enspace", SK_RTF_CHARACTER, 0x2002 },
  { "f", SK_RTF_FONT, 0 },
  { "falt", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "fcharset", SK_RTF_FONT_CHARSET, 0 },
  { "filetbl", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "fldinst", SK_RTF_PLACE, SK_RTF_FIELDS },
  { "fldrslt", SK_RTF_PLACE, SK_RTF_SAME },
  { "fonttbl", SK_RTF_PLACE, SK_RTF_FONTS },
  { "footer", SK_RTF_PLACE, SK_RTF_FOOTER },
  { "footerf", SK_RTF_PLACE, SK_RTF_FOOTER },
  { "footerl", SK_RTF_PLACE, SK_RTF_FOOTER },
  { "footerr", SK_RTF_PLACE, SK_RTF_FOOTER },
  { "footnote", SK_RTF_PLACE, SK_RTF_FOOTNOTE },
  { "header", SK_RTF_PLACE, SK_RTF_HEADER },
  { "headerf", SK_RTF_PLACE, SK_RTF_HEADER },
  { "headerl", SK_RTF_PLACE, SK_RTF_HEADER },
  { "headerr", SK_RTF_PLACE, SK_RTF_HEADER },
  { "hlinkbase", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "intbl", SK_RTF_IN_TABLE, 0 },
  { "keywords", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "ldblquote", SK_RTF_CHARACTER, 0x201c },
  { "leveltext", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "line", SK_RTF_CHARACTER, '\n' },
  { "listtext", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "lquote", SK_RTF_CHARACTER, 0x2018 },
  { "mac", SK_RTF_PAGE_OF_ALL, 10000 },
  { "manager", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "nestcell", SK_RTF_CELL, 0 },
  { "nestrow", SK_RTF_ROW, 0 },
  { "nonesttables", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "nonshppict", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "objclass", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "objdata", SK_RTF_PLACE, SK_RTF_OBJECT },
  { "objname", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "operator", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "page", SK_RTF_CHARACTER, '\n' },
  { "par", SK_RTF_PARAGRAPH, 0 },
  { "pard", SK_RTF_PARAGRAPH_FRESH, 0 },
  { "pc", SK_RTF_PAGE_OF_ALL, 437 },
  { "pca", SK_RTF_PAGE_OF_ALL, 850 },
  { "pict", SK_RTF_PLACE, SK_RTF_PICTURE },
  { "plain", SK_RTF_PLAIN, 0 },
  { "pntext", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "pntxta", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "pntxtb", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "propname", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "rdblquote", SK_RTF_CHARACTER, 0x201d },
  { "row", SK_RTF_ROW, 0 },
  { "rquote", SK_RTF_CHARACTER, 0x2019 },
  { "sect", SK_RTF_CHARACTER, '\n' },
  { "shpinst", SK_RTF_PLACE, SK_RTF_SAME },
  { "shppict", SK_RTF_PLACE, SK_RTF_SAME },
  { "shprslt", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "shptxt", SK_RTF_PLACE, SK_RTF_BOX },
  { "sn", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "staticval", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "stylesheet", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "subject", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "sv", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "tab", SK_RTF_CHARACTER, '\t' },
  { "template", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "title", SK_RTF_PLACE, SK_RTF_PROPERTIES },
  { "u", SK_RTF_UNICODE, 0 },
  { "uc", SK_RTF_UNICODE_SKIP, 0 },
  { "ud", SK_RTF_UNICODE_GROUP, 0 },
  { "upr", SK_RTF_PLACE, SK_RTF_SKIPPED },
  { "userprops", SK_RTF_PLACE, SK_RTF_SAME },
};

static const struct {
  int charset;
  guint page;
} charsets[] = {
  { 77, 10000 }, { 78, 932 },   { 128, 932 },  { 129, 949 },  { 130, 949 },  { 134, 936 },
  { 136, 950 },  { 161, 1253 }, { 162, 1254 }, { 163, 1258 }, { 177, 1255 }, { 178, 1256 },
  { 186, 1257 }, { 204, 1251 }, { 222, 874 },  { 238, 1250 },
};

static int
compare (const void *key, const void *element)
{
  return strcmp (key, ((const SkRtfWord *) element)->name);
}

const SkRtfWord *
sk_rtf_word_find (const char *name)
{
  return bsearch (name, words, G_N_ELEMENTS (words), sizeof words[0], compare);
}

guint
sk_rtf_charset_page (int charset)
{
  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++)
    if (charsets[i].charset == charset)
      return charsets[i].page;
  return 0;
}
