/* HTML as its reader sees it: the title, and the text without tags. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-charset.h"
#include "sk-html-text.h"
#include "sk-plain-text.h"

#include <string.h>

enum {
  BEGIN_WITHIN = 64 * 1024, /* of a text, a page begins, behind blanks and comments */
  TAG_WITHIN = 4096,        /* behind those, a tag tells a page that begins with words */
  META_WITHIN = 1024, /* of a page, its charset is told (HTML Living Standard, 4.2.5.4) */
  LABEL_LENGTH = 40,
};

/* What a page may begin with (WHATWG MIME Sniffing, 7.1); behind each a blank, '>' or '/'
 * follows. */
static const char *const beginnings[] = {
  "<!DOCTYPE HTML", "<HTML", "<HEAD", "<SCRIPT", "<IFRAME", "<H1", "<DIV", "<FONT", "<TABLE", "<A",
  "<STYLE", "<TITLE", "<B", "<BODY", "<BR", "<P", "<META", "<LINK", "<SPAN", "<IMG",
};

/* What a page that begins with words, entities or a style sheet's rules has among them. */
static const char *const tags[] = {
  "<!DOCTYPE HTML", "<HTML", "<HEAD", "<BODY", "<TABLE", "<TR", "<TD", "<STYLE", "<SCRIPT", "<DIV",
  "<SPAN", "<P", "<BR", "<FONT", "<IMG", "<META", "<TITLE", "<H1", "<H2", "<H3", "<UL", "<OL",
  "<LI",
};

/* Browsers and mail programs show files of these names as pages, whatever is in them. */
static const char *const extensions[] = { ".html", ".htm", ".xhtml", ".xht" };

static gboolean
is_tag (const char *at, const char *const *known, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      gsize length = strlen (known[i]);

      if (g_ascii_strncasecmp (at, known[i], length) == 0 && at[length] != '\0'
          && strchr (" \t\r\n>/", at[length]) != NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_html_start (const char *head)
{
  return is_tag (head, beginnings, G_N_ELEMENTS (beginnings));
}

static gboolean
has_early_tag (const char *head)
{
  for (const char *at = head; (at = strchr (at, '<')) != NULL && at - head < TAG_WITHIN; at++)
    if (is_tag (at, tags, G_N_ELEMENTS (tags)))
      return TRUE;
  return g_str_has_prefix (head, "<!--"); /* which does not end soon */
}

static gboolean
has_page_name (const SkContent *content)
{
  g_autofree char *name = content->name != NULL ? g_ascii_strdown (content->name, -1) : NULL;

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (extensions); i++)
    if (g_str_has_suffix (name, extensions[i]))
      return TRUE;
  return FALSE;
}

static char *
begin_of (const SkContent *content)
{
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode ((const char *) content->bytes, MIN (content->length, BEGIN_WITHIN), NULL,
                     &decoded);
  return g_strdup (g_strchug (decoded.text));
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

/* Cards, and texts of a kind, tell more than that there are tags in them. */
static gboolean
is_plain (const SkContent *content)
{
  return sk_format_card.recognise (content) == NULL
         && g_strcmp0 (sk_format_text.recognise (content), "text/plain") == 0;
}

static const char *
recognise (const SkContent *content)
{
  gboolean named = has_page_name (content);
  g_autofree char *begin = NULL;
  const char *head;

  if (content->length == 0
      || (!named && memchr (content->bytes, '<', MIN (content->length, BEGIN_WITHIN)) == NULL)
      || !sk_content_is_text (content))
    return NULL;
  begin = begin_of (content);
  if (g_str_has_prefix (begin, "<?xml") && strcasestr (begin, "<html") != NULL)
    return "application/xhtml+xml";
  if (named)
    return "text/html";
  head = skip_comments (begin);
  return is_html_start (head) || (has_early_tag (head) && is_plain (content)) ? "text/html" : NULL;
}

/* It does not begin as a page, and has a page's name only, or only tags. */
static gboolean
may_be_plain (const SkContent *content, const char *type)
{
  g_autofree char *begin = begin_of (content);
  const char *head = skip_comments (begin);

  return strcmp (type, "text/html") == 0 && !is_html_start (head)
         && !(has_page_name (content) && has_early_tag (head));
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

/* Some programs show the tags, and what stands in a comment or in a style sheet. */
static void
read_plain (const SkContent *content, SkSink *sink)
{
  gsize length;
  g_autofree char *text = sk_content_decode (content, NULL, &length);

  if (sk_sink_section (sink, SK_SECTION_TEXT, "second reading", 0))
    sk_sink_text (sink, text, (gssize) length);
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
  if (may_be_plain (content, type))
    read_plain (content, sink);
  return SK_READING_DONE;
}

const SkFormat sk_format_html = { "html", recognise, read_html };
