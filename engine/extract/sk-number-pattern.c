// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-number-pattern.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST 1e15
#define TOKENS 128

/* A place for a digit ('0', '#', '?'), or a literal's bytes. */
typedef struct {
  char digit;
  const char *literal;
  gsize length;
} Token;

typedef struct {
  Token tokens[TOKENS];
  guint count;
  gboolean has_digits;
} Pattern;

/* Behind a quoted string, a bracket, an escaped character; or the character itself. */
static const char *
behind (const char *at)
{
  const char *end = NULL;

  if (*at == '"')
    end = strchr (at + 1, '"');
  else if (*at == '[')
    end = strchr (at, ']');
  else if (strchr ("\\_*", *at) != NULL && at[1] != '\0')
    end = g_utf8_next_char (at + 1) - 1;
  return end != NULL ? end + 1 : g_utf8_next_char (at);
}

static const char *
end_of_section (const char *at)
{
  while (*at != '\0' && *at != ';')
    at = behind (at);
  return at;
}

/* Of "[<=999]" at the beginning of a section. */
static gboolean
condition_holds (const char *section, const char *end, double number)
{
  const char *sign = section + 1;
  double limit;

  if (section >= end || *section != '[' || *sign == '\0' || strchr ("<>=", *sign) == NULL)
    return TRUE;
  limit = g_ascii_strtod (sign + strspn (sign, "<>="), NULL);
  if (g_str_has_prefix (sign, "<="))
    return number <= limit;
  if (g_str_has_prefix (sign, ">="))
    return number >= limit;
  if (g_str_has_prefix (sign, "<>"))
    return number < limit || number > limit;
  if (*sign == '=')
    return !(number < limit || number > limit);
  return *sign == '<' ? number < limit : number > limit;
}

static gboolean
add_token (Pattern *pattern, const char *at, const char *end)
{
  Token *token;

  if (pattern->count == TOKENS)
    return FALSE;
  if (*at == '[' || *at == '*' || *at == '_')
    return TRUE; /* colours, conditions, fillings */
  token = &pattern->tokens[pattern->count++];
  *token = (Token) { .literal = at, .length = (gsize) (end - at) };
  if (*at == '0' || *at == '#' || *at == '?')
    {
      token->digit = *at;
      pattern->has_digits = TRUE;
    }
  else if (*at == '"' && token->length >= 2)
    {
      token->literal++;
      token->length -= 2;
    }
  else if (*at == '\\' && token->length >= 2)
    {
      token->literal++;
      token->length--;
    }
  else
    return (*at & 0x80) != 0 || strchr ("-+ ():$!'", *at) != NULL;
  return TRUE;
}

static gboolean
parse_section (Pattern *pattern, const char *at, const char *end)
{
  *pattern = (Pattern) { .count = 0 };
  while (at < end)
    {
      const char *next = MIN (behind (at), end);

      if (!add_token (pattern, at, next))
        return FALSE;
      at = next;
    }
  return pattern->has_digits;
}

static guint
first_digit (const Pattern *pattern)
{
  guint i = 0;

  while (pattern->tokens[i].digit == '\0')
    i++;
  return i;
}

/* From the right; what digits are left go before the first place. */
static void
lay_out (const Pattern *pattern, const char *digits, GString *into)
{
  gsize start = into->len, left = strlen (digits);
  guint first = first_digit (pattern);

  for (guint i = pattern->count; i-- > 0;)
    {
      const Token *token = &pattern->tokens[i];

      if (token->digit == '\0')
        g_string_insert_len (into, (gssize) start, token->literal, (gssize) token->length);
      else if (left > 0)
        g_string_insert_c (into, (gssize) start, digits[--left]);
      else if (token->digit == '0')
        g_string_insert_c (into, (gssize) start, '0');
      if (i == first && left > 0)
        {
          g_string_insert_len (into, (gssize) start, digits, (gssize) left);
          left = 0;
        }
    }
}

gboolean
sk_number_pattern_append (GString *into, const char *format, double number)
{
  const char *section = format, *end = end_of_section (format);
  char digits[32];
  Pattern pattern;

  if (!(number >= 0 && number < LARGEST) || number != floor (number))
    return FALSE;
  while (!condition_holds (section, end, number) && *end == ';')
    {
      section = end + 1;
      end = end_of_section (section);
    }
  if (!parse_section (&pattern, section, end))
    return FALSE;
  g_snprintf (digits, sizeof digits, "%.0f", number);
  lay_out (&pattern, digits, into);
  return TRUE;
}
