/* The control words of RTF that say something about its text (Word's RTF specification 1.9.1). */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Where text goes. What stands beside the running text comes behind it. */
typedef enum {
  SK_RTF_TEXT,
  SK_RTF_HEADER,
  SK_RTF_FOOTER,
  SK_RTF_FOOTNOTE,
  SK_RTF_COMMENT,
  SK_RTF_BOX,
  SK_RTF_FIELDS,     /* instructions: addresses of links */
  SK_RTF_PROPERTIES,
  SK_RTF_DELETED,    /* what a tracked change has taken away */
  SK_RTF_KEPT,       /* those before are text */
  SK_RTF_SAME = SK_RTF_KEPT, /* that of the group around */
  SK_RTF_OBJECT,     /* hexadecimal */
  SK_RTF_PICTURE,    /* likewise */
  SK_RTF_FONTS,
  SK_RTF_SKIPPED,
} SkRtfPlace;

typedef enum {
  SK_RTF_PLACE,     /* value: SkRtfPlace */
  SK_RTF_CHARACTER, /* value: it */
  SK_RTF_PARAGRAPH,      /* it ends */
  SK_RTF_PARAGRAPH_FRESH, /* back to where no property is set */
  SK_RTF_IN_TABLE,
  SK_RTF_CELL,
  SK_RTF_ROW,
  SK_RTF_PAGE_OF_ALL, /* its parameter is the code page; value: what it is without one */
  SK_RTF_FONT,
  SK_RTF_DEFAULT_FONT,
  SK_RTF_FONT_CHARSET,
  SK_RTF_FONT_PAGE,
  SK_RTF_PLAIN,
  SK_RTF_IS_DELETED,
  SK_RTF_UNICODE,
  SK_RTF_UNICODE_SKIP,
  SK_RTF_UNICODE_GROUP, /* the same again as what was skipped, for those who can read it */
  SK_RTF_BINARY,
} SkRtfAction;

typedef struct {
  const char *name;
  SkRtfAction action;
  gunichar value;
} SkRtfWord;

/* NULL: says nothing about the text. */
const SkRtfWord *sk_rtf_word_find (const char *name);
/* The code page of \fcharset; 0: that of the document. */
guint sk_rtf_charset_page (int charset);
