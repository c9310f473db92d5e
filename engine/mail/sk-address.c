// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-address.h"

#include "sk-control.h"

#include <string.h>

/* Local parts that need no quotes, old mobile addresses ("a..b", "a.") among them. */
static gboolean
is_plain_local (const char *text, gsize length)
{
  if (length == 0)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && (guchar) text[i] < 0x80
        && strchr ("!#$%&'*+-/=?^_`{|}~.", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* "a..b"@x and a..b@x are one mailbox: quotes that are not needed don't compare. */
static char *
unquote_local (const char *local, gsize length)
{
  GString *text;

  if (length < 3 || local[0] != '"' || local[length - 1] != '"')
    return g_strndup (local, length);
  text = g_string_new (NULL);
  for (gsize i = 1; i < length - 1; i++)
    {
      if (local[i] == '\\' && i + 1 < length - 1)
        i++;
      g_string_append_c (text, local[i]);
    }
  if (is_plain_local (text->str, text->len))
    return g_string_free (text, FALSE);
  g_string_free (text, TRUE);
  return g_strndup (local, length);
}

static char *
local_key (const char *local, gsize length)
{
  g_autofree char *bare = unquote_local (local, length);

  return g_utf8_strdown (bare, -1);
}

/* A quoted string may hold blanks and brackets; nothing else may, and control characters never. */
static gboolean
is_well_formed (const char *text, const char *at)
{
  gboolean quoted = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (sk_is_control (g_utf8_get_char (p)))
      return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (quoted && *p == '\\' && p[1] != '\0' && p + 1 < at)
        p++;
      else if (*p == '"' && p < at)
        quoted = !quoted;
      else if (!quoted && strchr (" <>\"", *p) != NULL)
        return FALSE;
    }
  return !quoted;
}

SkAddress *
sk_address_new (const char *text, const char *name)
{
  const char *at = strrchr (text, '@');
  g_autofree char *domain = NULL, *local = NULL;
  SkAddress *self;

  if (at == NULL || at == text || at[1] == '\0' || !g_utf8_validate (text, -1, NULL)
      || !is_well_formed (text, at))
    return NULL;
  domain = sk_domain_key (at + 1);
  if (domain == NULL)
    domain = g_utf8_strdown (at + 1, -1);
  local = local_key (text, (gsize) (at - text));
  self = g_new0 (SkAddress, 1);
  self->text = g_strdup (text);
  self->key = g_strconcat (local, "@", domain, NULL);
  self->domain = self->key + strlen (local) + 1;
  self->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
  return self;
}

SkAddress *
sk_address_copy (const SkAddress *self)
{
  SkAddress *copy = g_new0 (SkAddress, 1);

  copy->text = g_strdup (self->text);
  copy->key = g_strdup (self->key);
  copy->domain = copy->key + (self->domain - self->key);
  copy->name = g_strdup (self->name);
  return copy;
}

void
sk_address_free (SkAddress *self)
{
  g_free (self->text);
  g_free (self->key);
  g_free (self->name);
  g_free (self);
}
