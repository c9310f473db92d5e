/* sekisho-extract: opens documents for Sekisho's programs, one process a mail, in a sandbox of its
 * own making.
 *
 * Started with one end of a socket pair as descriptor 3 and the most memory that it may take
 * (bytes) as its only argument. What can't be set up or proved is told in the greeting, and the
 * process ends: it never reads a document outside the sandbox.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-cage.h"
#include "sk-extract-server.h"
#include "sk-extract-wire.h"
#include "sk-self-test.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__clang__)
/* Crashes end as they do without the sanitizer. Finding leaks needs ptrace(), and naming places
 * another program. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "detect_leaks=0:symbolize=0:abort_on_error=1:allocator_may_return_null=1:"
         "handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_sigtrap=0";
}
#endif

/* Libraries without memory end in one of several ways, all of them with this errno. The caller is
 * told by the exit status; any other crash goes on as it would have. */
static void
handle_crash (int signal_number)
{
  if (errno == ENOMEM)
    _exit (SK_WIRE_OUT_OF_MEMORY);
  signal (signal_number, SIG_DFL);
  raise (signal_number);
}

/* Nobody would see it, and errno stays as it is. */
static GLogWriterOutput
discard_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  return G_LOG_WRITER_HANDLED;
}

static void
watch_crashes (void)
{
  static const int signals[] = { SIGABRT, SIGSEGV, SIGTRAP };
  struct sigaction action = { .sa_handler = handle_crash, .sa_flags = SA_NODEFER };

  g_log_set_writer_func (discard_log, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &action, NULL);
}

/* The caller's end of the socket is there, and how much memory. */
static gboolean
was_started_well (int argc, char **argv, guint64 *memory)
{
  int type = 0;
  socklen_t length = sizeof type;

  return argc == 2 && g_ascii_string_to_unsigned (argv[1], 10, 1, G_MAXUINT64, memory, NULL)
         && getsockopt (SK_WIRE_FD, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_SEQPACKET;
}

/* NULL: the cage is closed and proved. */
static char *
close_cage (guint64 memory)
{
  g_autoptr (GError) error = NULL;

  if (!sk_cage_close_descriptors (SK_WIRE_FD, &error) || !sk_cage_limit_memory (memory, &error))
    return g_strdup (error->message);
  sk_self_test_warm_up ();
  if (!sk_cage_close (SK_WIRE_FD, &error))
    return g_strdup (error->message);
  return sk_self_test_run ();
}

int
main (int argc, char **argv)
{
  g_autofree char *missing = NULL;
  guint64 memory;

  if (!was_started_well (argc, argv, &memory))
    {
      fputs ("sekisho-extract: started by Sekisho's programs, not by hand\n", stderr);
      return 2;
    }
  setlocale (LC_ALL, "C.UTF-8"); /* libarchive takes names by it */
  watch_crashes ();
  missing = close_cage (memory);
  if (!sk_extract_server_greet (SK_WIRE_FD, missing) || missing != NULL)
    return 1;
  return sk_extract_server_run (SK_WIRE_FD) ? 0 : 1;
}
