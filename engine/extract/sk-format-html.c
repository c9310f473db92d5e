/* HTML as its reader sees it: the title, and the text without tags. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-html-text.h"
#include "sk-plain-text.h"

#include <string.h>

enum {
  META_WITHIN = 1024, /* of a page, its charset is told (HTML Living Standard, 4.2.5.4) */
  LABEL_LENGTH = 40,
};

/* What a page may begin with (WHATWG MIME Sniffing, 7.1); behind each a blank, '>' or '/'
 * follows. */
static const char *const beginnings[] = {
  "<!DOCTYPE HTML", "<HTML", "<HEAD", "<SCRIPT", "<IFRAME", "<H1", "<DIV", "<FONT", "<TABLE", "<A",
  "<STYLE", "<TITLE", "<B", "<BODY", "<BR", "<P", "<META", "<LINK", "<SPAN", "<IMG",
};

static gboolean
is_html_start (const char *head)
{
  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      gsize length = strlen (beginnings[i]);

      if (g_ascii_strncasecmp (head, beginnings[i], length) == 0 && head[length] != '\0'
          && strchr (" \t\r\n>/", head[length]) != NULL)
        return TRUE;
    }
  return FALSE;
}

static const char *
skip_comments (const char *head)
{
  const char *end;

  while (g_str_has_prefix (head, "<!--") && (end = strstr (head, "-->")) != NULL)
    for (head = end + 3; g_ascii_isspace (*head); head++)
      ;
  return head;
}

static const char *
recognise (const SkContent *content)
{
  g_autofree char *head = NULL;

  if (content->length == 0
      || memchr (content->bytes, '<', MIN (content->length, META_WITHIN)) == NULL)
    return NULL;
  head = sk_content_head (content);
  if (g_str_has_prefix (head, "<?xml"))
    return strstr (head, "<html") != NULL && sk_content_is_text (content) ? "application/xhtml+xml"
                                                                          : NULL;
  return is_html_start (skip_comments (head)) && sk_content_is_text (content) ? "text/html" : NULL;
}

/* A byte order mark is stronger than what the page says of itself. */
static char *
told_charset (const SkContent *content)
{
  gsize within = MIN (content->length, META_WITHIN);
  g_autofree char *head = g_strndup ((const char *) content->bytes, within);
  g_autofree char *lower = g_ascii_strdown (head, -1);
  const char *meta = strstr (lower, "<meta");
  const char *at = meta != NULL ? strstr (meta, "charset=") : NULL;

  if (content->bytes[0] >= 0x80 || at == NULL)
    return NULL;
  at += strlen ("charset=");
  at += strspn (at, "'\" ");
  return g_strndup (at, MIN (strcspn (at, "'\"; >/"), LABEL_LENGTH));
}

static void
write_html (SkSink *sink, char *html, gsize length)
{
  gsize written = sk_html_to_text (html, length, NULL);

  sk_sink_text (sink, html, (gssize) written);
}

/* The title stands above the page. */
static void
read_title (const char *html, SkSink *sink)
{
  const char *start = strcasestr (html, "<title"), *end;
  g_autofree char *title = NULL;

  start = start != NULL ? strchr (start, '>') : NULL;
  end = start != NULL ? strcasestr (start, "</title") : NULL;
  if (end == NULL || !sk_sink_section (sink, SK_SECTION_NOTE, "title", 0))
    return;
  title = g_strndup (start + 1, (gsize) (end - start) - 1);
  write_html (sink, title, strlen (title));
}

static SkReading
read_html (const SkContent *content, const char *type, SkSink *sink)
{
  g_autofree char *charset = told_charset (content);
  gsize length;
  g_autofree char *html = sk_content_decode (content, charset, &length);

  read_title (html, sink);
  sk_sink_section (sink, SK_SECTION_TEXT, NULL, 0);
  write_html (sink, html, length);
  return SK_READING_DONE;
}

const SkFormat sk_format_html = { "html", recognise, read_html };
