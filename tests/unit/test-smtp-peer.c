// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/smtp/sk-smtp-peer.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

typedef enum { BY_BOTH, BY_KERNEL, BY_PROC } Way;

typedef struct {
  int listener, client, server;
  struct sockaddr_storage ours, theirs;
  socklen_t length;
} Loop;

/* `family` of the client's socket; `mapped`: an IPv6 socket that reaches 127.0.0.1. */
static void
loop_listen (Loop *loop, int family)
{
  struct sockaddr_in6 *six = (struct sockaddr_in6 *) &loop->ours;
  struct sockaddr_in *four = (struct sockaddr_in *) &loop->ours;

  memset (loop, 0, sizeof *loop);
  loop->ours.ss_family = (sa_family_t) family;
  loop->length = family == AF_INET6 ? sizeof *six : sizeof *four;
  if (family == AF_INET6)
    six->sin6_addr = in6addr_loopback;
  else
    four->sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  loop->listener = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (loop->listener, (struct sockaddr *) &loop->ours, loop->length), ==, 0);
  g_assert_cmpint (listen (loop->listener, 5), ==, 0);
  getsockname (loop->listener, (struct sockaddr *) &loop->ours, &loop->length);
}

static void
loop_accept (Loop *loop)
{
  socklen_t length = sizeof loop->theirs;

  loop->server = accept (loop->listener, (struct sockaddr *) &loop->theirs, &length);
  g_assert_cmpint (loop->server, >=, 0);
}

static void
loop_connect (Loop *loop, gboolean mapped)
{
  struct sockaddr_in6 address = { .sin6_family = AF_INET6 };

  loop->client = socket (mapped ? AF_INET6 : loop->ours.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (mapped)
    {
      address.sin6_port = ((struct sockaddr_in *) &loop->ours)->sin_port;
      address.sin6_addr.s6_addr[10] = address.sin6_addr.s6_addr[11] = 0xff;
      address.sin6_addr.s6_addr[12] = 127;
      address.sin6_addr.s6_addr[15] = 1;
      g_assert_cmpint (connect (loop->client, (struct sockaddr *) &address, sizeof address), ==, 0);
    }
  else
    g_assert_cmpint (connect (loop->client, (struct sockaddr *) &loop->ours, loop->length), ==, 0);
  loop_accept (loop);
}

static void
loop_close (Loop *loop)
{
  if (loop->client > 0)
    close (loop->client);
  close (loop->server);
  close (loop->listener);
}

static gboolean
find (const Loop *loop, Way way, uid_t *uid)
{
  g_autoptr (SkSmtpPeers) peers = sk_smtp_peers_new ();

  *uid = 12345;
  if (way == BY_KERNEL)
    return sk_smtp_peers_ask_kernel (peers, &loop->theirs, &loop->ours, uid);
  if (way == BY_PROC)
    return sk_smtp_peers_read_proc (&loop->theirs, &loop->ours, uid);
  return sk_smtp_peers_find (peers, &loop->theirs, &loop->ours, uid);
}

static void
test_own (gconstpointer data)
{
  static const struct {
    int family;
    gboolean mapped;
  } kinds[] = { { AF_INET, FALSE }, { AF_INET6, FALSE }, { AF_INET, TRUE } };
  Way way = GPOINTER_TO_INT (data);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      Loop loop;
      uid_t uid;

      loop_listen (&loop, kinds[i].family);
      loop_connect (&loop, kinds[i].mapped);
      g_assert_true (find (&loop, way, &uid));
      g_assert_cmpuint (uid, ==, getuid ());
      loop_close (&loop);
    }
}

/* A child becomes nobody, if it may, and connects; it lives until its pipe is closed. */
static pid_t
connect_as_nobody (Loop *loop, int *pipe_end)
{
  int ends[2];
  pid_t child;
  char byte;

  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  if (child == 0)
    {
      int fd;

      close (ends[1]);
      if (getuid () == 0 && setresuid (NOBODY, NOBODY, NOBODY) < 0)
        _exit (1);
      fd = socket (loop->ours.ss_family, SOCK_STREAM, 0);
      if (connect (fd, (struct sockaddr *) &loop->ours, loop->length) < 0)
        _exit (2);
      _exit (read (ends[0], &byte, 1) == 0 ? 0 : 3);
    }
  close (ends[0]);
  *pipe_end = ends[1];
  return child;
}

/* Who is root here sees another user's uid; everybody else their own, from another process. */
static void
test_other (gconstpointer data)
{
  Way way = GPOINTER_TO_INT (data);
  uid_t expected = getuid () == 0 ? NOBODY : getuid (), uid;
  int pipe_end, status;
  pid_t child;
  Loop loop;

  loop_listen (&loop, AF_INET);
  child = connect_as_nobody (&loop, &pipe_end);
  loop_accept (&loop);
  g_assert_true (find (&loop, way, &uid));
  g_assert_cmpuint (uid, ==, expected);
  close (pipe_end);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  loop_close (&loop);
}

/* The kernel gives an orphaned socket to uid 0: root's agent must not take that for root. */
static void
test_closed (gconstpointer data)
{
  Way way = GPOINTER_TO_INT (data);
  uid_t uid;
  Loop loop;

  loop_listen (&loop, AF_INET);
  loop_connect (&loop, FALSE);
  close (g_steal_fd (&loop.client));
  g_assert_false (find (&loop, way, &uid));
  g_assert_cmpuint (uid, ==, 12345);
  loop_close (&loop);
}

static void
test_never_there (gconstpointer data)
{
  Way way = GPOINTER_TO_INT (data);
  uid_t uid;
  Loop loop;

  loop_listen (&loop, AF_INET);
  loop_connect (&loop, FALSE);
  ((struct sockaddr_in *) &loop.theirs)->sin_addr.s_addr = htonl (0x7f000002);
  g_assert_false (find (&loop, way, &uid));
  loop_close (&loop);
}

/* What the kernel says to a question of another number, as an answer that came too late would be. */
static void
leave_answer_behind (int fd)
{
  struct {
    struct nlmsghdr header;
    struct inet_diag_req_v2 body;
  } question = { .header = { .nlmsg_len = sizeof question,
                             .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                             .nlmsg_flags = NLM_F_REQUEST,
                             .nlmsg_seq = 0xfffffff0 },
                 .body = { .sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP } };
  struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

  g_assert_cmpint (
      sendto (fd, &question, sizeof question, 0, (struct sockaddr *) &kernel, sizeof kernel), ==,
      sizeof question);
}

static void
test_late_answers (void)
{
  int next = dup (0);
  g_autoptr (SkSmtpPeers) peers = NULL;
  uid_t uid;
  Loop loop;

  close (next); /* the number that the netlink socket gets */
  peers = sk_smtp_peers_new ();
  loop_listen (&loop, AF_INET);
  loop_connect (&loop, FALSE);
  for (int i = 0; i < 5; i++)
    {
      leave_answer_behind (next);
      leave_answer_behind (next);
      uid = 12345;
      g_assert_true (sk_smtp_peers_ask_kernel (peers, &loop.theirs, &loop.ours, &uid));
      g_assert_cmpuint (uid, ==, getuid ());
    }
  loop_close (&loop);
}

int
main (int argc, char **argv)
{
  static const char *const names[] = { "both", "kernel", "proc" };
  static const struct {
    const char *name;
    GTestDataFunc test;
  } tests[] = { { "own", test_own },
                { "other", test_other },
                { "closed", test_closed },
                { "never-there", test_never_there } };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    for (int way = BY_BOTH; way <= BY_PROC; way++)
      {
        g_autofree char *path = g_strdup_printf ("/smtp-peer/%s/%s", tests[i].name, names[way]);

        g_test_add_data_func (path, GINT_TO_POINTER (way), tests[i].test);
      }
  g_test_add_func ("/smtp-peer/late-answers", test_late_answers);
  return g_test_run ();
}
