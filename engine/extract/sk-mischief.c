// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-mischief.h"

#include "sk-extract-wire.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MARK "SEKISHO-MISCHIEF: "

static void
crash (int fd)
{
  raise (SIGSEGV);
}

static void
give_up (int fd)
{
  abort ();
}

static void
leave (int fd)
{
  _exit (3);
}

static void
turn (int fd)
{
  for (volatile guint64 i = 0;; i++)
    ;
}

/* Waits for a request that nobody will send. */
static void
sleep_on (int fd)
{
  guint8 *packet = g_malloc (SK_WIRE_PACKET);

  sk_wire_receive (fd, packet, NULL, 0);
}

static void
eat_memory (int fd)
{
  for (;;)
    memset (g_malloc (16 * 1024 * 1024), 'x', 16 * 1024 * 1024);
}

static void
eat_memory_at_once (int fd)
{
  g_malloc (G_MAXSIZE / 4);
}

/* What libraries do that don't look at what malloc() gives them. */
static void
eat_memory_unchecked (int fd)
{
  char *memory;

  do
    memory = malloc (16 * 1024 * 1024);
  while (memory != NULL);
  raise (SIGSEGV);
}

static void
trace (int fd)
{
  ptrace (PTRACE_ATTACH, getppid (), NULL, NULL);
}

static void
kill_caller (int fd)
{
  kill (getppid (), SIGTERM);
}

static void
send_rubbish (int fd)
{
  g_autoptr (GByteArray) packet = g_byte_array_new ();

  for (guint i = 0; i < 1000; i++)
    g_byte_array_append (packet, (const guint8 *) "rubbish!", 8);
  sk_wire_send (fd, packet, -1);
}

static void
send_too_large (int fd)
{
  g_autoptr (GByteArray) packet = g_byte_array_new ();

  g_byte_array_set_size (packet, SK_WIRE_PACKET + 1);
  memset (packet->data, SK_WIRE_TEXT, packet->len);
  sk_wire_send (fd, packet, -1);
}

static void
send_facts (int fd, gsize length)
{
  g_autoptr (GByteArray) packet = sk_wire_packet_new (SK_WIRE_FACTS);

  sk_wire_put_string (packet, "text/plain");
  sk_wire_put_number (packet, SK_YES);
  sk_wire_put_number (packet, SK_NO);
  sk_wire_put_string (packet, NULL);
  sk_wire_put_number (packet, length);
  sk_wire_put_number (packet, 1);
  sk_wire_send (fd, packet, -1);
}

static void
send_text_for_ever (int fd)
{
  g_autoptr (GByteArray) packet = sk_wire_packet_new (SK_WIRE_TEXT);

  send_facts (fd, 1024 * 1024);
  g_byte_array_set_size (packet, 32 * 1024);
  memset (packet->data + 1, 'x', packet->len - 1);
  while (sk_wire_send (fd, packet, -1))
    ;
}

static void
announce_too_much (int fd)
{
  send_facts (fd, (gsize) 1 << 40);
}

/* One byte now and then: what each packet may take of time is not what an answer may take. */
static void
send_slowly (int fd)
{
  g_autoptr (GByteArray) packet = sk_wire_packet_new (SK_WIRE_TEXT);

  send_facts (fd, 1024 * 1024);
  g_byte_array_append (packet, (const guint8 *) "x", 1);
  while (sk_wire_send (fd, packet, -1))
    g_usleep (10000);
}

static void
close_and_turn (int fd)
{
  close (fd);
  turn (fd);
}

static void
send_descriptor (int fd)
{
  g_autoptr (GByteArray) packet = sk_wire_packet_new (SK_WIRE_TEXT);

  sk_wire_send (fd, packet, 0);
}

/* What libraries do when they warn: it must not end anything. */
static void
warn (int fd)
{
  g_message ("a library has something to say");
}

/* What a library would do that needs a charset nobody thought of. */
static void
load_module (int fd)
{
  iconv_open ("UTF-8", "KOI8-T");
}

/* --- calls that must be refused -------------------------------------------------------------- */

static gboolean
is_refused (gssize result)
{
  return result < 0 && (errno == EACCES || errno == EPERM || errno == ENOSYS);
}

static int
try_compile (void)
{
  void *code = mmap (NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return code == MAP_FAILED ? -1 : 0;
}

static gboolean
all_are_refused (void)
{
  char *arguments[] = { (char *) "true", NULL };

  return is_refused (open ("/etc/passwd", O_RDONLY))
         && is_refused (open ("/proc/self/mem", O_RDWR)) && is_refused (open ("/proc/self/maps", O_RDONLY))
         && is_refused (open ("/proc", O_RDONLY | O_DIRECTORY))
         && is_refused (open ("/tmp/sekisho", O_WRONLY | O_CREAT, 0600))
         && is_refused (open ("/dev/null", O_RDWR)) && is_refused (open ("/usr/share/poppler", O_RDWR))
         && is_refused (socket (AF_INET, SOCK_STREAM, 0)) && is_refused (socket (AF_UNIX, SOCK_DGRAM, 0))
         && is_refused (socket (AF_NETLINK, SOCK_RAW, 0)) && is_refused (execv ("/bin/true", arguments))
         && is_refused (syscall (SYS_clone, SIGCHLD, 0, 0, 0, 0))
         && is_refused (syscall (SYS_clone3, NULL, 0)) && is_refused (try_compile ());
}

/* Ends with a status that tells. */
static void
try_calls (int fd)
{
  _exit (all_are_refused () ? 40 : 41);
}

static const struct {
  const char *name;
  void (*act) (int fd);
} acts[] = {
  { "crash", crash },
  { "abort", give_up },
  { "leave", leave },
  { "turn", turn },
  { "sleep", sleep_on },
  { "memory", eat_memory },
  { "memory-at-once", eat_memory_at_once },
  { "memory-unchecked", eat_memory_unchecked },
  { "trace", trace },
  { "kill", kill_caller },
  { "rubbish", send_rubbish },
  { "too-large", send_too_large },
  { "text-for-ever", send_text_for_ever },
  { "announce", announce_too_much },
  { "slowly", send_slowly },
  { "close", close_and_turn },
  { "descriptor", send_descriptor },
  { "warn", warn },
  { "module", load_module },
  { "calls", try_calls },
};

void
sk_mischief (const SkContent *content, int fd)
{
  g_autofree char *name = NULL;

  if (content->length < strlen (MARK) || memcmp (content->bytes, MARK, strlen (MARK)) != 0)
    return;
  name = g_strndup ((const char *) content->bytes + strlen (MARK), content->length - strlen (MARK));
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (name, acts[i].name))
      acts[i].act (fd);
}
