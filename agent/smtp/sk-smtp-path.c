// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-path.h"

#include "sk-address.h"

#include <string.h>

#define ADDRESS_OCTETS 254 /* RFC 5321 4.5.3.1.3: a path of 256, less <> */

static gboolean
is_atom_octet (char c)
{
  return g_ascii_isalnum (c) || (c & 0x80) || (c != '\0' && strchr ("!#$%&'*+-/=?^_`{|}~.", c));
}

static gboolean
is_domain_octet (char c)
{
  return g_ascii_isalnum (c) || (c & 0x80) || c == '-' || c == '.' || c == '_';
}

static const char *
skip_atom (const char *at)
{
  while (is_atom_octet (*at))
    at++;
  return at;
}

/* Behind the closing quote, or NULL. */
static const char *
skip_quoted (const char *at)
{
  for (at++; *at != '"'; at++)
    {
      if (*at == '\\')
        at++;
      if (*at == '\0' || g_ascii_iscntrl (*at))
        return NULL;
    }
  return at + 1;
}

static const char *
skip_literal (const char *at)
{
  at++;
  while (g_ascii_isalnum (*at) || *at == ':' || *at == '.' || *at == '-')
    at++;
  return *at == ']' ? at + 1 : NULL;
}

static const char *
skip_name (const char *at)
{
  const char *start = at;

  while (is_domain_octet (*at))
    {
      if (*at == '.' && (at == start || at[-1] == '.'))
        return NULL;
      at++;
    }
  return at == start || at[-1] == '.' ? NULL : at;
}

static const char *
skip_domain (const char *at)
{
  return *at == '[' ? skip_literal (at) : skip_name (at);
}

/* "@a,@b:", which RFC 5321 appendix C wants read and left out. */
static const char *
skip_route (const char *at)
{
  while (*at == '@')
    {
      at = skip_domain (at + 1);
      if (at == NULL)
        return NULL;
      if (*at == ':')
        return at + 1;
      if (at[0] != ',' || at[1] != '@')
        return NULL;
      at++;
    }
  return at;
}

static const char *
skip_mailbox (const char *at)
{
  const char *start = at;

  at = *at == '"' ? skip_quoted (at) : skip_atom (at);
  if (at == NULL || at == start || *at != '@')
    return NULL;
  return skip_domain (at + 1);
}

/* What the policy can't read as an address would be judged as another one. */
static gboolean
is_readable (const char *text)
{
  g_autoptr (SkAddress) address = sk_address_new (text, NULL);

  return address != NULL;
}

static gboolean
take_mailbox (const char *start, SkSmtpPath *path)
{
  const char *end;

  start = skip_route (start);
  end = start != NULL ? skip_mailbox (start) : NULL;
  if (end == NULL || *end != '>' || end - start > ADDRESS_OCTETS)
    return FALSE;
  path->address = g_strndup (start, (gsize) (end - start));
  path->rest = end + 1;
  path->non_ascii = !g_str_is_ascii (path->address);
  if (is_readable (path->address))
    return TRUE;
  sk_smtp_path_clear (path);
  return FALSE;
}

gboolean
sk_smtp_path_parse (const char *text, SkSmtpPath *path)
{
  *path = (SkSmtpPath) { 0 };
  text += strspn (text, " \t");
  if (*text++ != '<')
    return FALSE;
  if (*text != '>')
    return take_mailbox (text, path);
  path->address = g_strdup ("");
  path->rest = text + 1;
  return TRUE;
}

void
sk_smtp_path_clear (SkSmtpPath *path)
{
  g_free (path->address);
  *path = (SkSmtpPath) { 0 };
}

static void
clear_parameter (gpointer data)
{
  SkSmtpParameter *parameter = data;

  g_free (parameter->key);
  g_free (parameter->value);
}

static gboolean
stands_already (const GArray *parameters, const char *key)
{
  for (guint i = 0; i < parameters->len; i++)
    if (strcmp (g_array_index (parameters, SkSmtpParameter, i).key, key) == 0)
      return TRUE;
  return FALSE;
}

/* RFC 5321 4.1.2: esmtp-keyword, esmtp-value (and UTF-8 in it, RFC 6531 3.3). */
static gboolean
take_parameter (GArray *parameters, const char *word)
{
  SkSmtpParameter parameter;
  gsize length = 0;

  while (g_ascii_isalnum (word[length]) || (length > 0 && word[length] == '-'))
    length++;
  if (length == 0 || (word[length] != '\0' && word[length] != '='))
    return FALSE;
  for (const char *at = word + length; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at) || *at == '\x7f')
      return FALSE;
  parameter.key = g_ascii_strup (word, (gssize) length);
  parameter.value = word[length] == '=' ? g_strdup (word + length + 1) : NULL;
  if (stands_already (parameters, parameter.key))
    {
      clear_parameter (&parameter);
      return FALSE;
    }
  g_array_append_val (parameters, parameter);
  return TRUE;
}

GArray *
sk_smtp_parameters_parse (const char *text)
{
  g_autoptr (GArray) parameters = g_array_new (FALSE, FALSE, sizeof (SkSmtpParameter));
  g_auto (GStrv) words = NULL;

  g_array_set_clear_func (parameters, clear_parameter);
  if (*text != '\0' && *text != ' ' && *text != '\t')
    return NULL;
  words = g_strsplit_set (text, " \t", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0' && !take_parameter (parameters, words[i]))
      return NULL;
  return g_steal_pointer (&parameters);
}

static gboolean
is_capital_hex (char c)
{
  return g_ascii_isdigit (c) || (c >= 'A' && c <= 'F');
}

gboolean
sk_smtp_is_xtext (const char *text, gsize limit, gboolean utf8)
{
  if (*text == '\0' || strlen (text) > limit || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (*text == '+' && (!is_capital_hex (text[1]) || !is_capital_hex (text[2])))
        return FALSE;
      if (*text == '=' || (*text & 0x80 ? !utf8 : *text < 33 || *text > 126))
        return FALSE;
    }
  return TRUE;
}
