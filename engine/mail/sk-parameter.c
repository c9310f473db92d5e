// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-parameter.h"

#include <string.h>

gboolean
sk_raw_has_pairs (const char *raw, gsize length)
{
  return !g_utf8_validate_len (raw, length, NULL);
}

static gboolean
is_lead_byte (guchar c)
{
  return (c >= 0x81 && c <= 0x9f) || (c >= 0xe0 && c <= 0xfc);
}

/* Behind ESC $ … ESC ( B. What never switches back is one character to the end. */
static const char *
escape_end (const char *p, const char *end)
{
  const char *back = p + 2;

  while (back < end && (back = memchr (back, '\033', (gsize) (end - back))) != NULL)
    {
      if (end - back >= 3 && back[1] == '(')
        return back + 3;
      back++;
    }
  return end;
}

const char *
sk_raw_step (const char *p, const char *end, gboolean pairs)
{
  if (*p == '\033' && end - p >= 2 && p[1] == '$')
    return escape_end (p, end);
  if (pairs && is_lead_byte ((guchar) *p) && end - p >= 2)
    return p + 2;
  return p + 1;
}

const char *
sk_quoted_end (const char *p, const char *end, gboolean pairs)
{
  for (p++; p < end;)
    {
      if (*p == '"')
        return p + 1;
      if (*p == '\\' && end - p >= 2)
        p += 2;
      else
        p = sk_raw_step (p, end, pairs);
    }
  return NULL;
}

const char *
sk_comment_end (const char *p, const char *end, gboolean pairs)
{
  guint depth = 0;

  while (p < end)
    {
      char c = *p;

      if (c == '\\' && end - p >= 2)
        p += 2;
      else
        p = sk_raw_step (p, end, pairs);
      if (c == '(')
        depth++;
      else if (c == ')' && --depth == 0)
        return p;
    }
  return NULL;
}

void
sk_parameter_scan_init (SkParameterScan *self, const char *raw, gsize length)
{
  memset (self, 0, sizeof *self);
  self->raw = self->next = raw;
  self->end = raw + length;
  self->pairs = sk_raw_has_pairs (raw, length);
}

/* The end of the quoted string at `p`; asked in vain once, it is not asked again. */
static const char *
try_quoted (SkParameterScan *self, const char *p)
{
  const char *after = self->quotes_unending ? NULL : sk_quoted_end (p, self->end, self->pairs);

  if (after == NULL)
    self->quotes_unending = TRUE;
  return after;
}

static const char *
try_comment (SkParameterScan *self, const char *p)
{
  const char *after
      = self->comments_unending ? NULL : sk_comment_end (p, self->end, self->pairs);

  if (after == NULL)
    self->comments_unending = TRUE;
  return after;
}

/* To the next ';' outside of quotes and comments. */
static const char *
skip_to_semicolon (SkParameterScan *self, const char *p)
{
  while (p < self->end && *p != ';')
    {
      const char *after = NULL;

      if (*p == '"')
        after = try_quoted (self, p);
      else if (*p == '(')
        after = try_comment (self, p);
      p = after != NULL ? after : sk_raw_step (p, self->end, self->pairs);
    }
  return p;
}

static const char *
skip_blanks (SkParameterScan *self, const char *p)
{
  while (p < self->end)
    {
      if (*p == '(')
        {
          const char *after = try_comment (self, p);

          if (after == NULL)
            return p;
          p = after;
        }
      else if (g_ascii_isspace (*p))
        p++;
      else
        return p;
    }
  return p;
}

static gboolean
is_name_character (char c)
{
  return (guchar) c > ' ' && c != '=' && c != ';' && c != '(' && c != '"' && c != 0x7f;
}

static void
take_value (SkParameterScan *self, const char *p)
{
  const char *after = p < self->end && *p == '"' ? try_quoted (self, p) : NULL;

  self->quoted = after != NULL;
  if (after != NULL)
    {
      self->value = p + 1;
      self->value_length = (gsize) (after - p) - 2;
      self->next = skip_to_semicolon (self, after);
      return;
    }
  self->value = p;
  while (p < self->end && *p != ';')
    p = sk_raw_step (p, self->end, self->pairs);
  self->next = p;
  while (p > self->value && g_ascii_isspace (p[-1]))
    p--;
  self->value_length = (gsize) (p - self->value);
}

gboolean
sk_parameter_scan_next (SkParameterScan *self)
{
  while ((self->next = skip_to_semicolon (self, self->next)) < self->end)
    {
      const char *p = skip_blanks (self, self->next + 1);

      self->name = p;
      while (p < self->end && is_name_character (*p))
        p++;
      self->name_length = (gsize) (p - self->name);
      p = skip_blanks (self, p);
      if (self->name_length > 0 && p < self->end && *p == '=')
        {
          take_value (self, skip_blanks (self, p + 1));
          return TRUE;
        }
      self->next = p;
    }
  return FALSE;
}

gboolean
sk_parameters_contradict (const char *raw, gsize length)
{
  const char *first = memchr (raw, ';', length);
  g_autoptr (GHashTable) values = NULL;
  SkParameterScan scan;
  gboolean contradict = FALSE;

  if (first == NULL || memchr (first + 1, '=', length - (gsize) (first + 1 - raw)) == NULL
      || memchr (first + 1, ';', length - (gsize) (first + 1 - raw)) == NULL)
    return FALSE;
  values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sk_parameter_scan_init (&scan, raw, length);
  while (!contradict && sk_parameter_scan_next (&scan))
    {
      g_autofree char *name = g_ascii_strdown (scan.name, (gssize) scan.name_length);
      g_autofree char *value = g_strndup (scan.value, scan.value_length);
      const char *before = g_hash_table_lookup (values, name);

      contradict = before != NULL && strcmp (before, value) != 0;
      if (before == NULL)
        g_hash_table_insert (values, g_steal_pointer (&name), g_steal_pointer (&value));
    }
  return contradict;
}
