// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-cage-private.h"

#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DESCRIPTORS = 64 };

/* Of CPU time, for the whole life of a process: one whose caller died while it was busy ends some
 * time. What an attachment may take is set from outside, for each one. */
enum { SECONDS = 3600 };

gboolean
sk_cage_close_descriptors (int fd, GError **error)
{
  int nothing = open ("/dev/null", O_RDWR | O_CLOEXEC);

  if (nothing < 0)
    return sk_error_set_errno (error, errno, "/dev/null: can't open");
  for (int standard = 0; standard <= 2; standard++)
    if (dup2 (nothing, standard) < 0)
      return sk_error_set_errno (error, errno, "/dev/null: can't be put in place of %d", standard);
  if ((fd > 3 && close_range (3, (guint) fd - 1, 0) < 0) || close_range ((guint) fd + 1, ~0U, 0) < 0)
    return sk_error_set_errno (error, errno, "can't close what is open");
  return TRUE;
}

static gboolean
limit (__rlimit_resource_t resource, guint64 most, const char *what, GError **error)
{
  struct rlimit value = { most, most };

  if (setrlimit (resource, &value) < 0)
    return sk_error_set_errno (error, errno, "can't limit %s", what);
  return TRUE;
}

/* The address sanitizer reserves terabytes. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

gboolean
sk_cage_limit_memory (guint64 bytes, GError **error)
{
#ifdef IS_SANITIZED
  return TRUE;
#else
  return limit (RLIMIT_AS, bytes, "memory", error);
#endif
}

static gboolean
close_limits (GError **error)
{
  static const struct {
    __rlimit_resource_t resource;
    guint64 most;
    const char *what;
  } limits[] = {
    { RLIMIT_CORE, 0, "core dumps" },  { RLIMIT_FSIZE, 0, "the size of files" },
    { RLIMIT_NPROC, 0, "processes" },  { RLIMIT_NOFILE, DESCRIPTORS, "descriptors" },
    { RLIMIT_CPU, SECONDS, "CPU time" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    if (!limit (limits[i].resource, limits[i].most, limits[i].what, error))
      return FALSE;
  return TRUE;
}

/* Not dumpable: a crash must not leave a mail's content with the system's crash reporter, which the
 * limit on core dumps alone doesn't keep out, and no other process of the user may look inside. */
static gboolean
close_rights (GError **error)
{
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
  struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
    return sk_error_set_errno (error, errno, "can't give up new rights");
  if (prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
    return sk_error_set_errno (error, errno, "can't forbid core dumps");
  if (syscall (SYS_capset, &header, none) < 0)
    return sk_error_set_errno (error, errno, "can't give up capabilities");
  return TRUE;
}

gboolean
sk_cage_close (int fd, GError **error)
{
  return close_limits (error) && close_rights (error) && sk_cage_close_files (error)
         && sk_cage_close_calls (fd, error);
}
