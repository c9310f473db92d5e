/* Mail addresses, as people write them: RFC 5321's local part without quotes, and a host name with
 * a dot. Old ones of Japanese mobile phones have two dots together or one at the end. The value is in lower case. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector.h"
#include "sk-digits.h"

#include <string.h>

#define LONGEST_LOCAL 64 /* RFC 5321, 4.5.3.1 */
#define LONGEST_DOMAIN 253
#define LONGEST_LABEL 63

/* Files and machines are named so ("icon@2x.png", "pi@house.local"); none of these is a top-level domain. */
static const char *const file_endings[]
    = { "png",  "jpg", "jpeg", "gif", "svg", "webp", "bmp",  "ico", "css",  "js",   "json", "xml",
        "html", "htm", "pdf",  "txt", "csv", "yml",  "yaml", "jar", "xlsx", "docx", "pptx", "doc",  "xls", "ppt",
        "tif",  "tiff", "heic", "heif", "avif", "eps", "psd",  "wav", "ttf", "otf", "woff", "scss", "tsx", "jsx",
        "toml", "ini", "conf", "cfg", "log", "bak", "tmp", "exe", "dll", "local", "localdomain", "internal", "lan" };

static gboolean
is_alphanumeric (char c)
{
  return sk_is_letter (c) || sk_is_digit (c);
}

/* RFC 5322 atext, and the dot. */
static gboolean
is_local (char c)
{
  return is_alphanumeric (c) || ((guchar) c > ' ' && strchr (".!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* Signs that atext has, but that stand before addresses rather than in them. */
static gboolean
is_lead (char c)
{
  return !is_alphanumeric (c) && strchr (".!#$%&'*+-/=?^`{|}~", c) != NULL;
}

/* Behind the last "..." of [start, at), which ends what stands before: 続く...taro@example.jp. */
static gsize
behind_ellipsis (const SkScan *scan, gsize start, gsize at)
{
  for (gsize i = start + 2; i < at; i++)
    if (scan->text[i] == '.' && scan->text[i - 1] == '.' && scan->text[i - 2] == '.')
      start = i + 1;
  return start;
}

/* Where the local part that ends at `at` begins, not before `low`; `at` when there is none. */
static gsize
local_start (const SkScan *scan, gsize low, gsize at)
{
  gsize start = at;

  while (start > low && at - start <= LONGEST_LOCAL && is_local (scan->text[start - 1]))
    start--;
  for (gsize i = at; i > start; i--)
    if (!is_alphanumeric (scan->text[i - 1]) && strchr ("/=|'`{}", scan->text[i - 1]) != NULL)
      start = i;
  start = behind_ellipsis (scan, start, at);
  while (start < at && is_lead (scan->text[start]))
    start++;
  return at - start > LONGEST_LOCAL ? at : start;
}

/* The end of the label of a host name at `start`; `start` when there is none. */
static gsize
label_end (const SkScan *scan, gsize start)
{
  gsize end = start;

  while (end < scan->length && end - start <= LONGEST_LABEL
         && (is_alphanumeric (scan->text[end]) || scan->text[end] == '-'))
    end++;
  if (end == start || end - start > LONGEST_LABEL || scan->text[start] == '-'
      || scan->text[end - 1] == '-')
    return start;
  return end;
}

/* The end of the host name at `start`: two labels or more. `start` when there is none. */
static gsize
domain_end (const SkScan *scan, gsize start)
{
  gsize label = start, end = label_end (scan, start);

  if (end == start || sk_scan_byte (scan, end) != '.')
    return start;
  while (sk_scan_byte (scan, end) == '.' && end - start <= LONGEST_DOMAIN)
    {
      label = end + 1;
      if (label_end (scan, label) == label)
        break;
      end = label_end (scan, label);
    }
  return memchr (scan->text + start, '.', end - start) != NULL ? end : start;
}

/* The part behind the last dot, and what it tells. */
static gboolean
is_top_level (const char *domain, gsize length)
{
  const char *dot = memrchr (domain, '.', length);
  gsize rest = length - (gsize) (dot + 1 - domain);
  char first = rest > 0 ? sk_lower (dot[1]) : '\0';

  if (g_ascii_strncasecmp (dot + 1, "xn--", MIN (rest, 4)) == 0 && rest > 4)
    return TRUE;
  for (gsize i = 1; i <= rest; i++)
    if (!sk_is_letter (dot[i]))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (file_endings); i++)
    if (file_endings[i][0] == first && strlen (file_endings[i]) == rest &&
         g_ascii_strncasecmp (dot + 1, file_endings[i], rest) == 0)
      return FALSE;
  return rest >= 2;
}

/* Passwords and paths in URLs ("ftp://a:b@c.jp", "https://c.jp/a@b") and repositories
 * ("git@example.com:x/y") look like addresses. */
static gboolean
is_in_url (const SkScan *scan, gsize start, gsize end)
{
  gsize back = MIN (start, LONGEST_LOCAL);
  const char *before = scan->text + start - back;
  char last = sk_scan_byte_before (scan, start);

  if (sk_scan_byte (scan, end) == ':' && sk_is_letter (sk_scan_byte (scan, end + 1))
      && start + 4 < end && memcmp (scan->text + start, "git@", 4) == 0)
    return TRUE;
  return (last == ':' || last == '/') && memmem (before, back, "://", 3) != NULL
         && memchr (before, ' ', back) == NULL && memchr (before, '\n', back) == NULL;
}

static gboolean
ends_with_field (const char *text, gsize length)
{
  static const char *const fields[]
      = { "message-id:", "in-reply-to:", "references:", "content-id:" };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strlen (fields[i]) <= length
        && g_ascii_strncasecmp (text + length - strlen (fields[i]), fields[i], strlen (fields[i])) == 0)
      return TRUE;
  return FALSE;
}

/* Names of messages and of their parts: Message-ID: <…@…>, cid:…@… */
static gboolean
is_message_id (const SkScan *scan, gsize start)
{
  gsize back = MIN (start, 24);
  const char *before = scan->text + start - back;

  if (back >= 4 && g_ascii_strncasecmp (scan->text + start - 4, "cid:", 4) == 0)
    return TRUE;
  if (sk_scan_byte_before (scan, start) != '<')
    return FALSE;
  for (gsize end = 1; end <= back; end++)
    if (before[end - 1] == ':' && ends_with_field (before, end))
      return TRUE;
  return FALSE;
}

static void
copy_lower (const SkScan *scan, gsize start, gsize end, char *value)
{
  for (; start < end; start++)
    *value++ = sk_lower (scan->text[start]);
  *value = '\0';
}

static gsize
find_at (const SkScan *scan, gsize from)
{
  const char *at
      = from < scan->length ? memchr (scan->text + from, '@', scan->length - from) : NULL;

  return at != NULL ? (gsize) (at - scan->text) : scan->length;
}

static void
find (SkScan *scan, SkFinds *finds)
{
  gsize low = 0;

  for (gsize at = find_at (scan, 0); at < scan->length; at = find_at (scan, at + 1))
    {
      gsize start = local_start (scan, low, at), end = domain_end (scan, at + 1);
      char value[LONGEST_LOCAL + 1 + LONGEST_DOMAIN + LONGEST_LABEL + 2];

      if (end == at + 1 || start == at
          || !is_top_level (scan->text + at + 1, end - at - 1)
          || sk_scan_byte_before (scan, start) == '@' || sk_scan_byte (scan, end) == '@'
          || is_in_url (scan, start, end) || is_message_id (scan, start))
        continue;
      copy_lower (scan, start, end, value);
      sk_finds_add (finds, start, end - start, value);
      low = end;
    }
}

const SkFinder sk_email_address_finder = { .find = find };
