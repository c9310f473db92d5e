// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/bus/sk-bus-socket.h"

#include "sk-error.h"

#include <string.h>
#include <sys/un.h>

char *
sk_bus_socket_path (const char *directory, GError **error)
{
  char *path = g_build_filename (directory, "agent.sock", NULL);

  if (strlen (path) < sizeof ((struct sockaddr_un *)NULL)->sun_path)
    return path;
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
               "%s: too long for a socket (at most %zu bytes); choose a shorter [store] directory",
               path, sizeof ((struct sockaddr_un *)NULL)->sun_path - 1);
  g_free (path);
  return NULL;
}
