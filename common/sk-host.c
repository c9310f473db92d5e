// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-host.h"

#include <gio/gio.h>
#include <string.h>

static char *
without_brackets (const char *host)
{
  gsize length = strlen (host);

  if (length > 2 && host[0] == '[' && host[length - 1] == ']')
    return g_strndup (host + 1, length - 2);
  return g_strdup (host);
}

gboolean
sk_host_is_loopback (const char *host)
{
  g_autofree char *bare = host != NULL ? without_brackets (host) : NULL;
  g_autoptr (GInetAddress) address = bare != NULL ? g_inet_address_new_from_string (bare) : NULL;

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  return host != NULL && g_ascii_strcasecmp (host, "localhost") == 0;
}
