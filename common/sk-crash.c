// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-crash.h"

#ifdef SK_TESTING

#include <signal.h>
#include <string.h>
#include <unistd.h>

static gint passed; /* how often the named point has been passed */

/* "name" or "name:N" against `name`: N, or 0 when it is another point. */
static gint
wanted_time (const char *setting, const char *name)
{
  gsize length = strlen (name);

  if (strncmp (setting, name, length) != 0)
    return 0;
  if (setting[length] == '\0')
    return 1;
  return setting[length] == ':' ? (gint) g_ascii_strtoll (setting + length + 1, NULL, 10) : 0;
}

void
sk_crash_point (const char *name)
{
  const char *setting = g_getenv ("SEKISHO_CRASH_AT");
  gint wanted = setting != NULL ? wanted_time (setting, name) : 0;

  if (wanted > 0 && g_atomic_int_add (&passed, 1) + 1 == wanted)
    kill (getpid (), SIGKILL);
}

#endif
