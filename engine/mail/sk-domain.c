// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-address.h"

#include <string.h>
#include <unicode/uidna.h>

#define DOMAIN_MAX 253
#define LABEL_MAX 63

/* Where hyphens stand is the registry's business: such names are in the DNS. */
#define TOLERATED \
  (UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4)

static const UIDNA *
idna (void)
{
  static gsize once = 0;
  static UIDNA *shared;

  if (g_once_init_enter (&once))
    {
      UErrorCode status = U_ZERO_ERROR;

      shared = uidna_openUTS46 (UIDNA_NONTRANSITIONAL_TO_ASCII, &status);
      if (U_FAILURE (status))
        shared = NULL;
      g_once_init_leave (&once, 1);
    }
  return shared;
}

static char *
to_ascii (const char *domain)
{
  char buffer[DOMAIN_MAX + 3];
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  int32_t length;

  if (idna () == NULL)
    return NULL;
  length = uidna_nameToASCII_UTF8 (idna (), domain, -1, buffer, sizeof buffer, &info, &status);
  if (U_FAILURE (status) || length >= (int32_t) sizeof buffer || (info.errors & ~TOLERATED) != 0)
    return NULL;
  return g_strndup (buffer, (gsize) length);
}

/* Letters, digits, hyphens, and what is seen in names of hosts; no label that encodes another script. */
static gboolean
is_simple (const char *domain)
{
  for (const char *p = domain; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '.' && *p != '_')
      return FALSE;
  for (const char *p = domain; (p = strchr (p, '-')) != NULL; p++)
    if (p - domain >= 3 && p[1] == '-' && g_ascii_strncasecmp (p - 2, "xn", 2) == 0)
      return FALSE;
  return strstr (domain, "--") == NULL || g_ascii_strncasecmp (domain, "xn--", 4) != 0;
}

static gboolean
has_good_labels (const char *domain)
{
  gsize label = 0;

  if (strlen (domain) > DOMAIN_MAX)
    return FALSE;
  for (const char *p = domain;; p++)
    {
      if (*p != '.' && *p != '\0')
        {
          label++;
          continue;
        }
      if (label == 0 || label > LABEL_MAX)
        return FALSE;
      if (*p == '\0')
        return TRUE;
      label = 0;
    }
}

static gboolean
is_literal (const char *domain)
{
  gsize length = strlen (domain);

  if (length < 3 || domain[0] != '[' || domain[length - 1] != ']')
    return FALSE;
  for (gsize i = 1; i + 1 < length; i++)
    if (!g_ascii_isalnum (domain[i]) && strchr (".:-", domain[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* What no domain has, and what would be read as something else in an address. */
static gboolean
has_strange_characters (const char *domain)
{
  return strpbrk (domain, "=<>@\"()[],;:\\ \t\r\n") != NULL;
}

/* Full-width and other compatible characters may become one of those only now: "＠" is '@', "¨" begins
 * with a blank. */
static char *
to_plain_ascii (const char *domain)
{
  g_autofree char *ascii = to_ascii (domain);

  return ascii != NULL && !has_strange_characters (ascii) ? g_steal_pointer (&ascii) : NULL;
}

char *
sk_domain_key (const char *domain)
{
  g_autofree char *key = NULL;
  gsize length;

  if (is_literal (domain))
    return g_ascii_strdown (domain, -1);
  if (!g_utf8_validate (domain, -1, NULL) || has_strange_characters (domain))
    return NULL;
  key = is_simple (domain) ? g_ascii_strdown (domain, -1) : to_plain_ascii (domain);
  if (key == NULL)
    return NULL;
  length = strlen (key);
  if (length > 1 && key[length - 1] == '.')
    key[length - 1] = '\0';
  return has_good_labels (key) ? g_steal_pointer (&key) : NULL;
}
