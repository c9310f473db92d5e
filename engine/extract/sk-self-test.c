// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-self-test.h"

#include "sk-charset.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- what must not be possible ----------------------------------------------------------------- */

static gboolean
opens (const char *path, int flags)
{
  int fd = open (path, flags | O_CLOEXEC, 0600);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

static gboolean
can_read_files (void)
{
  return opens ("/etc/passwd", O_RDONLY) || opens ("/proc/self/status", O_RDONLY)
         || opens ("/", O_RDONLY | O_DIRECTORY);
}

static gboolean
can_write_files (void)
{
  return opens ("/tmp", O_WRONLY | O_TMPFILE) || opens ("/dev/null", O_WRONLY);
}

static gboolean
can_connect (void)
{
  return socket (AF_INET, SOCK_STREAM, 0) >= 0 || socket (AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static gboolean
can_fork (void)
{
  long child = syscall (SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

  if (child == 0)
    _exit (0);
  return child > 0;
}

/* If it can, it is another program from here on, and never greets its caller. */
static gboolean
can_execute (void)
{
  char *arguments[] = { (char *) "true", NULL };

  execv ("/bin/true", arguments);
  return FALSE;
}

static const struct {
  gboolean (*can) (void);
  const char *what;
} walls[] = {
  { can_read_files, "files of this computer can be read" },
  { can_write_files, "files can be written" },
  { can_connect, "the network can be reached" },
  { can_fork, "processes can be started" },
  { can_execute, "programs can be run" },
};

/* --- what must be possible --------------------------------------------------------------------- */

/* "関所" and "①", which are in CP932 alone. */
static const char shift_jis[] = "\x8a\xd6\x8f\x8a\x87\x40";

static gboolean
reads_shift_jis (void)
{
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode (shift_jis, strlen (shift_jis), "Shift_JIS", &decoded);
  return g_strcmp0 (decoded.text, "関所①") == 0;
}

static const struct {
  gboolean (*can) (void);
  const char *what;
} abilities[] = {
  { reads_shift_jis, "Shift_JIS text can't be read: is ICU (libicu72) complete?" },
};

void
sk_self_test_warm_up (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (abilities); i++)
    abilities[i].can ();
}

char *
sk_self_test_run (void)
{
  GString *missing = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (walls); i++)
    if (walls[i].can ())
      g_string_append_printf (missing, "%sthe sandbox does not hold: %s", missing->len > 0 ? "; " : "",
                              walls[i].what);
  for (gsize i = 0; i < G_N_ELEMENTS (abilities); i++)
    if (!abilities[i].can ())
      g_string_append_printf (missing, "%s%s", missing->len > 0 ? "; " : "", abilities[i].what);
  return g_string_free (missing, missing->len == 0);
}
