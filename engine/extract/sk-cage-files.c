/* Landlock: https://docs.kernel.org/userspace-api/landlock.html. The C library has no functions for
 * it, and the kernel headers of Debian 12 know its first two versions only. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-cage-private.h"

#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct landlock_ruleset_attr as of version 6. */
typedef struct {
  guint64 files, network, scoped;
} Ruleset;

enum {
  EXECUTE_TO_MAKE_SYM = (1 << 13) - 1, /* version 1: thirteen rights over files */
  RENAME_ACROSS = 1 << 13,
  TRUNCATE = 1 << 14,
  DEVICE_IOCTL = 1 << 15,
  BIND_AND_CONNECT_TCP = 3,
  ABSTRACT_SOCKETS_AND_SIGNALS = 3,
};

/* What each version of Landlock knows beyond the one before. */
static const struct {
  int version;
  Ruleset adds;
} versions[] = {
  { 1, { EXECUTE_TO_MAKE_SYM, 0, 0 } },  { 2, { RENAME_ACROSS, 0, 0 } },
  { 3, { TRUNCATE, 0, 0 } },             { 4, { 0, BIND_AND_CONNECT_TCP, 0 } },
  { 5, { DEVICE_IOCTL, 0, 0 } },         { 6, { 0, 0, ABSTRACT_SOCKETS_AND_SIGNALS } },
};

/* Data that libraries read while they work. Everything else (libmagic's database, the locale) they
 * have loaded when the cage is closed. What is not there is left out. */
static const char *const readable[] = {
  "/usr/share/poppler", /* poppler: maps of characters, read anew for each document */
  "/usr/lib/*/gconv",   /* iconv: a module that it loads too late must be seen */
};

/* How much of the struct a kernel knows that has no version beyond this one: it refuses what it
 * doesn't know. */
static gsize
size_known (int version)
{
  return version >= 6 ? sizeof (Ruleset) : version >= 4 ? 2 * sizeof (guint64) : sizeof (guint64);
}

static int
make_ruleset (int version)
{
  Ruleset ruleset = { 0, 0, 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (versions) && versions[i].version <= version; i++)
    {
      ruleset.files |= versions[i].adds.files;
      ruleset.network |= versions[i].adds.network;
      ruleset.scoped |= versions[i].adds.scoped;
    }
  return (int) syscall (SYS_landlock_create_ruleset, &ruleset, size_known (version), 0);
}

static gboolean
allow_path (int ruleset, const char *path)
{
  struct landlock_path_beneath_attr rule
      = { LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR, -1 };
  gboolean allowed;

  rule.parent_fd = open (path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (rule.parent_fd < 0)
    return errno == ENOENT;
  allowed = syscall (SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  close (rule.parent_fd);
  return allowed;
}

static gboolean
allow_pattern (int ruleset, const char *pattern)
{
  gboolean allowed = TRUE;
  glob_t paths = { 0 };

  if (glob (pattern, 0, NULL, &paths) == 0)
    for (gsize i = 0; i < paths.gl_pathc && allowed; i++)
      allowed = allow_path (ruleset, paths.gl_pathv[i]);
  globfree (&paths);
  return allowed;
}

static gboolean
restrict_to (int ruleset)
{
  for (gsize i = 0; i < G_N_ELEMENTS (readable); i++)
    if (!allow_pattern (ruleset, readable[i]))
      return FALSE;
  return syscall (SYS_landlock_restrict_self, ruleset, 0) == 0;
}

static gboolean
close_with_version (int version, GError **error)
{
  int ruleset = make_ruleset (version), saved;
  gboolean closed = ruleset >= 0 && restrict_to (ruleset);

  saved = errno;
  if (ruleset >= 0)
    close (ruleset);
  return closed || sk_error_set_errno (error, saved, "Landlock can't be set up");
}

static gboolean
set_version_error (int saved, GError **error)
{
  if (saved != ENOSYS && saved != EOPNOTSUPP)
    return sk_error_set_errno (error, saved, "Landlock can't be set up");
  g_set_error (error, SK_ERROR, SK_ERROR_UNAVAILABLE,
               "this kernel has no Landlock: Linux 5.13 or newer is needed, and where its command "
               "line has lsm=, landlock must be in it");
  return FALSE;
}

gboolean
sk_cage_close_files (GError **error)
{
  int version = (int) syscall (SYS_landlock_create_ruleset, NULL, 0,
                               LANDLOCK_CREATE_RULESET_VERSION);

  return version > 0 ? close_with_version (version, error) : set_version_error (errno, error);
}
