// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-cage-private.h"

#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

/* Reading, memory, time, and the process's own end. None of them reaches anything that isn't open
 * already, except that the ones with a path tell whether there is such a file. */
static const int allowed[] = {
  SCMP_SYS (read), SCMP_SYS (readv), SCMP_SYS (pread64), SCMP_SYS (preadv),
  SCMP_SYS (write), SCMP_SYS (writev), SCMP_SYS (close), SCMP_SYS (lseek),
  SCMP_SYS (fstat), SCMP_SYS (stat), SCMP_SYS (lstat), SCMP_SYS (newfstatat), SCMP_SYS (statx),
  SCMP_SYS (statfs), SCMP_SYS (fstatfs), SCMP_SYS (access), SCMP_SYS (faccessat), SCMP_SYS (faccessat2),
  SCMP_SYS (readlink), SCMP_SYS (readlinkat), SCMP_SYS (getdents64), SCMP_SYS (getcwd),
  SCMP_SYS (dup), SCMP_SYS (fadvise64),
  SCMP_SYS (brk), SCMP_SYS (munmap), SCMP_SYS (mremap), SCMP_SYS (madvise),
  SCMP_SYS (clock_gettime), SCMP_SYS (clock_getres), SCMP_SYS (clock_nanosleep), SCMP_SYS (nanosleep),
  SCMP_SYS (gettimeofday), SCMP_SYS (time), SCMP_SYS (times), SCMP_SYS (getrusage),
  SCMP_SYS (futex), SCMP_SYS (sched_yield), SCMP_SYS (sched_getaffinity), SCMP_SYS (getcpu),
  SCMP_SYS (rt_sigaction), SCMP_SYS (rt_sigprocmask), SCMP_SYS (rt_sigreturn), SCMP_SYS (sigaltstack),
  SCMP_SYS (restart_syscall), SCMP_SYS (getrandom), SCMP_SYS (uname), SCMP_SYS (sysinfo), SCMP_SYS (umask),
  SCMP_SYS (getpid), SCMP_SYS (gettid), SCMP_SYS (getppid), SCMP_SYS (getuid), SCMP_SYS (geteuid),
  SCMP_SYS (getgid), SCMP_SYS (getegid), SCMP_SYS (exit), SCMP_SYS (exit_group),
};

/* What honest libraries try, and can do without. All else ends the process. */
static const struct {
  int call, answer;
} refused[] = {
  { SCMP_SYS (clone), EPERM },      { SCMP_SYS (clone3), ENOSYS },     { SCMP_SYS (fork), EPERM },
  { SCMP_SYS (vfork), EPERM },      { SCMP_SYS (execve), EPERM },      { SCMP_SYS (execveat), EPERM },
  { SCMP_SYS (socket), EPERM },     { SCMP_SYS (socketpair), EPERM },  { SCMP_SYS (connect), EPERM },
  { SCMP_SYS (getpeername), EPERM }, { SCMP_SYS (getsockname), EPERM }, { SCMP_SYS (ioctl), ENOTTY },
  { SCMP_SYS (open), EACCES },      { SCMP_SYS (creat), EACCES },      { SCMP_SYS (mkdir), EACCES },
  { SCMP_SYS (mkdirat), EACCES },   { SCMP_SYS (unlink), EACCES },     { SCMP_SYS (unlinkat), EACCES },
  { SCMP_SYS (rename), EACCES },    { SCMP_SYS (renameat2), EACCES },  { SCMP_SYS (openat2), ENOSYS },
  { SCMP_SYS (memfd_create), EPERM }, { SCMP_SYS (prctl), EPERM },     { SCMP_SYS (prlimit64), EPERM },
  { SCMP_SYS (getrlimit), EPERM },  { SCMP_SYS (setrlimit), EPERM },   { SCMP_SYS (pipe2), EPERM },
  { SCMP_SYS (eventfd2), EPERM },
};

static int
add_tables (scmp_filter_ctx filter)
{
  int result = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (allowed) && result == 0; i++)
    result = seccomp_rule_add (filter, SCMP_ACT_ALLOW, allowed[i], 0);
  for (gsize i = 0; i < G_N_ELEMENTS (refused) && result == 0; i++)
    result = seccomp_rule_add (filter, SCMP_ACT_ERRNO ((guint) refused[i].answer), refused[i].call, 0);
  return result;
}

/* Answers of the tables below. */
enum { ALLOWED = 0 };

typedef struct {
  int call;
  guint argument;
  guint64 mask, value; /* the rule is for calls where the argument, masked, has this value */
  int answer;          /* ALLOWED or what errno says */
} Condition;

static int
add_condition (scmp_filter_ctx filter, const Condition *condition)
{
  guint32 action
      = condition->answer == ALLOWED ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO ((guint) condition->answer);

  return seccomp_rule_add (filter, action, condition->call, 1,
                           SCMP_CMP64 (condition->argument, SCMP_CMP_MASKED_EQ, condition->mask,
                                       condition->value));
}

/* The one socket; signals to itself alone (abort); no memory becomes code; of fcntl() what looks at
 * a descriptor or copies it (others send signals). */
static int
add_conditions (scmp_filter_ctx filter, int fd)
{
  const guint64 word = G_MAXUINT32;
  const Condition conditions[] = {
    { SCMP_SYS (sendmsg), 0, word, (guint64) fd, ALLOWED },
    { SCMP_SYS (recvmsg), 0, word, (guint64) fd, ALLOWED },
    { SCMP_SYS (tgkill), 0, word, (guint64) getpid (), ALLOWED },
    { SCMP_SYS (mmap), 2, PROT_EXEC, 0, ALLOWED },
    { SCMP_SYS (mprotect), 2, PROT_EXEC, 0, ALLOWED },
    { SCMP_SYS (mprotect), 2, PROT_EXEC, PROT_EXEC, EPERM },
    { SCMP_SYS (fcntl), 1, word, F_GETFD, ALLOWED },
    { SCMP_SYS (fcntl), 1, word, F_SETFD, ALLOWED },
    { SCMP_SYS (fcntl), 1, word, F_GETFL, ALLOWED },
    { SCMP_SYS (fcntl), 1, word, F_DUPFD_CLOEXEC, ALLOWED },
  };
  int result = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (conditions) && result == 0; i++)
    result = add_condition (filter, &conditions[i]);
  return result;
}

/* For reading, where Landlock says what may be read. Every way to open otherwise is named, for a
 * rule can't say "differs". */
static int
add_open (scmp_filter_ctx filter)
{
  static const guint64 created[] = { 0, O_CREAT, O_TRUNC, O_CREAT | O_TRUNC };
  int result = 0;

  for (guint64 access = O_RDONLY; access <= O_ACCMODE; access++)
    for (gsize i = 0; i < G_N_ELEMENTS (created) && result == 0; i++)
      {
        Condition condition = { SCMP_SYS (openat), 2, O_ACCMODE | O_CREAT | O_TRUNC,
                                access | created[i], EACCES };

        if (condition.value == O_RDONLY)
          condition.answer = ALLOWED;
        result = add_condition (filter, &condition);
      }
  return result;
}

/* Libraries that compile (regular expressions) can do without. One that would load a module from a
 * file loses something silently when it can't, so the process ends instead: that is seen. */
static int
add_code (scmp_filter_ctx filter)
{
  return seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (mmap), 2,
                           SCMP_A2_64 (SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC),
                           SCMP_A3_64 (SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
}

static int
load (scmp_filter_ctx filter, int fd)
{
  int result = seccomp_attr_set (filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

  if (result == 0)
    result = add_tables (filter);
  if (result == 0)
    result = add_conditions (filter, fd);
  if (result == 0)
    result = add_code (filter);
  if (result == 0)
    result = add_open (filter);
  return result == 0 ? seccomp_load (filter) : result;
}

gboolean
sk_cage_close_calls (int fd, GError **error)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_KILL_PROCESS);
  int result = filter != NULL ? load (filter, fd) : -ENOMEM;

  if (filter != NULL)
    seccomp_release (filter);
  return result == 0 || sk_error_set_errno (error, -result,
                                            "seccomp, which the kernel must have, can't be set up");
}
