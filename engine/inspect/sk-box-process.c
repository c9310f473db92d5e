// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-box-process.h"

#include "sk-error.h"
#include "sk-extract-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The sandbox is set up in a few milliseconds; a machine that is short of everything gets this
 * long. */
enum { GREETING_SECONDS = 20 };

struct _SkBoxProcess {
  SkBoxSettings settings;
  pid_t pid; /* 0: has been waited for */
  int fd;
  guint8 *packet;
  gboolean greeted;
};

/* --- start ----------------------------------------------------------------------------------- */

/* Nothing of ours goes along but the socket: no other descriptor, ... */
static void
choose_files (posix_spawn_file_actions_t *files, int fd)
{
  posix_spawn_file_actions_init (files);
  posix_spawn_file_actions_adddup2 (files, fd, SK_WIRE_FD);
  for (int standard = 0; standard <= 2; standard++)
    posix_spawn_file_actions_addopen (files, standard, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_addclosefrom_np (files, SK_WIRE_FD + 1);
}

/* ... no signal that is blocked or ignored, ... */
static void
choose_signals (posix_spawnattr_t *attributes)
{
  sigset_t none, all;

  sigemptyset (&none);
  sigfillset (&all);
  posix_spawnattr_init (attributes);
  posix_spawnattr_setflags (attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask (attributes, &none);
  posix_spawnattr_setsigdefault (attributes, &all);
}

/* ... and no environment. */
static int
spawn (pid_t *pid, const char *program, const char *memory, int fd)
{
  char *arguments[] = { (char *) "sekisho-extract", (char *) memory, NULL };
  char *environment[] = { (char *) "LC_ALL=C.UTF-8", (char *) "TZ=UTC0", NULL };
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  int result;

  choose_files (&files, fd);
  choose_signals (&attributes);
  result = posix_spawn (pid, program, &files, &attributes, arguments, environment);
  posix_spawnattr_destroy (&attributes);
  posix_spawn_file_actions_destroy (&files);
  return result;
}

static const char *
program_of (const SkBoxSettings *settings)
{
  const char *chosen = g_getenv ("SEKISHO_EXTRACT");

  if (settings->program != NULL)
    return settings->program;
  return chosen != NULL ? chosen : SK_EXTRACT_PROGRAM;
}

/* Takes the caller's end of the socket. */
static SkBoxProcess *
new_process (const SkBoxSettings *settings, pid_t pid, int fd)
{
  SkBoxProcess *self = g_new0 (SkBoxProcess, 1);

  self->settings = *settings;
  self->pid = pid;
  self->fd = fd;
  self->packet = g_malloc (SK_WIRE_PACKET);
  return self;
}

SkBoxProcess *
sk_box_process_start (const SkBoxSettings *settings, GError **error)
{
  g_autofree char *memory = g_strdup_printf ("%" G_GUINT64_FORMAT, settings->memory_bytes);
  const char *program = program_of (settings);
  int pair[2], result;
  pid_t pid = 0;

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
    {
      sk_error_set_errno (error, errno, "can't make a socket");
      return NULL;
    }
  /* A reader that takes no requests must not make us wait. */
  fcntl (pair[0], F_SETFL, O_NONBLOCK);
  result = spawn (&pid, program, memory, pair[1]);
  close (pair[1]);
  if (result == 0)
    return new_process (settings, pid, pair[0]);
  close (pair[0]);
  sk_error_set_errno (error, result, "%s: can't be started", program);
  return NULL;
}

/* --- end ------------------------------------------------------------------------------------- */

/* Ends it if it still runs, and waits. Its own end, when that came first, is what is told. -1:
 * somebody else has waited for it. */
static int
reap (SkBoxProcess *self)
{
  pid_t waited = 0;
  int status = -1;

  if (self->pid == 0)
    return -1;
  kill (self->pid, SIGKILL);
  do
    waited = waitpid (self->pid, &status, 0);
  while (waited < 0 && errno == EINTR);
  self->pid = 0;
  return waited < 0 ? -1 : status;
}

void
sk_box_process_end (SkBoxProcess *self)
{
  if (self == NULL)
    return;
  reap (self);
  close (self->fd);
  g_free (self->packet);
  g_free (self);
}

static gboolean
set_exit_error (const SkBoxProcess *self, int status, GError **error)
{
  guint64 mebibytes = self->settings.memory_bytes >> 20;

  if (status != SK_WIRE_OUT_OF_MEMORY)
    g_set_error (error, SK_ERROR, SK_ERROR_UNAVAILABLE, "the reader ended with status %d", status);
  else
    g_set_error (error, SK_ERROR, SK_ERROR_LIMIT,
                 "limit: it needs more than %" G_GUINT64_FORMAT " MiB of memory", mebibytes);
  return FALSE;
}

static gboolean
set_signal_error (const SkBoxProcess *self, int number, GError **error)
{
  if (number == SIGXCPU)
    g_set_error (error, SK_ERROR, SK_ERROR_LIMIT, "limit: it takes more than %u s",
                 self->settings.seconds);
  else if (number == SIGSYS)
    g_set_error (error, SK_ERROR, SK_ERROR_UNAVAILABLE,
                 "the reader tried what it may not, and was ended (signal %d)", number);
  else
    g_set_error (error, SK_ERROR, SK_ERROR_UNAVAILABLE, "the reader ended with signal %d", number);
  return FALSE;
}

/* It closed its end of the socket. */
static gboolean
set_end_error (SkBoxProcess *self, GError **error)
{
  int status = reap (self);

  if (status >= 0 && WIFSIGNALED (status))
    return set_signal_error (self, WTERMSIG (status), error);
  if (status >= 0 && WIFEXITED (status))
    return set_exit_error (self, WEXITSTATUS (status), error);
  g_set_error (error, SK_ERROR, SK_ERROR_UNAVAILABLE, "the reader ended");
  return FALSE;
}

/* --- wait ------------------------------------------------------------------------------------ */

typedef struct {
  gint64 deadline; /* monotonic, in microseconds */
  guint seconds;   /* as people are told */
  GCancellable *cancellable;
} Patience;

static Patience
patience_of (guint seconds, GCancellable *cancellable)
{
  return (Patience) { g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC, seconds,
                      cancellable };
}

/* Nothing comes from poll() when a signal came. */
static gboolean
wait_readable (int fd, const Patience *patience, int cancel_fd, gboolean *readable, GError **error)
{
  gint64 left = patience->deadline - g_get_monotonic_time ();
  struct pollfd wanted[] = { { fd, POLLIN, 0 }, { cancel_fd, POLLIN, 0 } };

  if (left <= 0)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_LIMIT, "limit: it takes more than %u s",
                   patience->seconds);
      return FALSE;
    }
  if (poll (wanted, 2, (int) MIN (left / 1000 + 1, G_MAXINT)) < 0 && errno != EINTR)
    return sk_error_set_errno (error, errno, "can't wait for the reader");
  *readable = wanted[0].revents != 0;
  return !g_cancellable_set_error_if_cancelled (patience->cancellable, error);
}

static gboolean
wait_for_packet (const SkBoxProcess *self, const Patience *patience, GError **error)
{
  int cancel_fd = g_cancellable_get_fd (patience->cancellable);
  gboolean readable = FALSE, goes_on = TRUE;

  while (goes_on && !readable)
    goes_on = wait_readable (self->fd, patience, cancel_fd, &readable, error);
  if (cancel_fd >= 0)
    g_cancellable_release_fd (patience->cancellable);
  return goes_on;
}

/* Descriptors that come along are not taken. 0 with an error: none came. */
static gsize
receive (SkBoxProcess *self, const Patience *patience, GError **error)
{
  gssize length;

  if (!wait_for_packet (self, patience, error))
    return 0;
  length = sk_wire_receive (self->fd, self->packet, NULL, MSG_DONTWAIT);
  if (length > 0)
    return (gsize) length;
  if (length < 0 && errno != ECONNRESET)
    g_set_error (error, SK_ERROR, SK_ERROR_UNAVAILABLE, "the reader's answer can't be received: %s",
                 g_strerror (errno));
  else
    set_end_error (self, error);
  return 0;
}

/* --- greeting -------------------------------------------------------------------------------- */

static gboolean
judge_greeting (const guint8 *packet, gsize length, GError **error)
{
  SkWireCursor cursor = { packet, length, FALSE };
  gboolean is_hello = sk_wire_get_kind (&cursor) == SK_WIRE_HELLO;
  guint64 version = sk_wire_get_number (&cursor, G_MAXUINT64);
  g_autofree char *missing = sk_wire_get_string (&cursor, FALSE);

  if (!is_hello || cursor.bad || cursor.left > 0 || version != SK_WIRE_VERSION)
    g_set_error (error, SK_ERROR, SK_ERROR_UNAVAILABLE,
                 "sekisho-extract is of another version: was Sekisho updated? Start it anew");
  else if (missing != NULL)
    g_set_error_literal (error, SK_ERROR, SK_ERROR_UNAVAILABLE, missing);
  else
    return TRUE;
  return FALSE;
}

gboolean
sk_box_process_greet (SkBoxProcess *self, GCancellable *cancellable, GError **error)
{
  Patience patience = patience_of (GREETING_SECONDS, cancellable);
  gsize length;

  if (self->greeted)
    return TRUE;
  length = receive (self, &patience, error);
  self->greeted = length > 0 && judge_greeting (self->packet, length, error);
  return self->greeted;
}

gboolean
sk_box_process_is_gone (SkBoxProcess *self)
{
  struct pollfd wanted = { self->fd, POLLIN, 0 };

  return poll (&wanted, 1, 0) > 0 && (wanted.revents & (POLLHUP | POLLERR)) != 0;
}

/* --- question -------------------------------------------------------------------------------- */

/* From outside, so that it can't be undone from inside. For the case that the deadline finds
 * nobody: a caller that has died. */
static void
limit_cpu (const SkBoxProcess *self)
{
  struct timespec used = { 0 };
  struct rlimit limit;
  clockid_t clock;

  if (clock_getcpuclockid (self->pid, &clock) != 0 || clock_gettime (clock, &used) != 0
      || prlimit (self->pid, RLIMIT_CPU, NULL, &limit) != 0)
    return;
  limit.rlim_cur = MIN ((rlim_t) used.tv_sec + 1 + self->settings.seconds, limit.rlim_max);
  prlimit (self->pid, RLIMIT_CPU, &limit, NULL);
}

/* A file's name is worth nothing that could stop the file from being read. */
static char *
clean_name (const char *name)
{
  gsize length = name != NULL ? strnlen (name, SK_WIRE_STRING / 4) : 0;
  char *clean = name != NULL ? g_utf8_make_valid (name, (gssize) length) : NULL;

  for (char *at = clean; at != NULL && *at != '\0'; at++)
    if ((guchar) *at < 0x20 || *at == 0x7f)
      *at = ' ';
  return clean;
}

static gboolean
send_request (SkBoxProcess *self, int document, const char *name, GError **error)
{
  g_auto (SkExtractRequest) request = { clean_name (name), self->settings.limits };
  g_autoptr (GByteArray) packet = sk_extract_request_pack (&request);

  limit_cpu (self);
  return sk_wire_send (self->fd, packet, document) || set_end_error (self, error);
}

static SkExtraction *
receive_answer (SkBoxProcess *self, const Patience *patience, GError **error)
{
  g_autoptr (SkExtractReader) reader = sk_extract_reader_new (&self->settings.limits);
  SkAnswerState state = SK_ANSWER_GOES_ON;

  while (state == SK_ANSWER_GOES_ON)
    {
      gsize length = receive (self, patience, error);

      if (length == 0)
        return NULL;
      state = sk_extract_reader_take (reader, self->packet, length);
    }
  if (state == SK_ANSWER_COMPLETE)
    return sk_extract_reader_steal (reader);
  g_set_error (error, SK_ERROR, SK_ERROR_UNAVAILABLE, "the reader's answer can't be trusted: %s",
               sk_extract_reader_lie (reader));
  return NULL;
}

SkExtraction *
sk_box_process_ask (SkBoxProcess *self, int document, const char *name, guint seconds,
                    GCancellable *cancellable, GError **error)
{
  Patience patience = patience_of (MIN (seconds, self->settings.seconds), cancellable);

  if (!send_request (self, document, name, error))
    return NULL;
  return receive_answer (self, &patience, error);
}
