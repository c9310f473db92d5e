// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-peer.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MICROSECONDS G_USEC_PER_SEC

struct _SkSmtpPeers {
  int fd; /* -1: the kernel can't be asked */
  guint32 sequence;
};

typedef struct {
  struct nlmsghdr header;
  struct inet_diag_req_v2 body;
} Question;

SkSmtpPeers *
sk_smtp_peers_new (void)
{
  SkSmtpPeers *self = g_new0 (SkSmtpPeers, 1);

  self->fd = socket (AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  return self;
}

void
sk_smtp_peers_free (SkSmtpPeers *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

static guint16
port_of (const struct sockaddr_storage *address)
{
  return address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *) address)->sin6_port
                                        : ((const struct sockaddr_in *) address)->sin_port;
}

static void
copy_address (const struct sockaddr_storage *address, __be32 *to)
{
  if (address->ss_family == AF_INET6)
    memcpy (to, &((const struct sockaddr_in6 *) address)->sin6_addr, 16);
  else
    memcpy (to, &((const struct sockaddr_in *) address)->sin_addr, 4);
}

/* Seen from the client's socket, its own address is the source. */
static void
ask_for (Question *question, guint32 sequence, const struct sockaddr_storage *client,
         const struct sockaddr_storage *server)
{
  memset (question, 0, sizeof *question);
  question->header.nlmsg_len = sizeof *question;
  question->header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question->header.nlmsg_flags = NLM_F_REQUEST;
  question->header.nlmsg_seq = sequence;
  question->body.sdiag_family = (guint8) client->ss_family;
  question->body.sdiag_protocol = IPPROTO_TCP;
  question->body.idiag_states = G_MAXUINT32;
  question->body.id.idiag_sport = port_of (client);
  question->body.id.idiag_dport = port_of (server);
  copy_address (client, question->body.id.idiag_src);
  copy_address (server, question->body.id.idiag_dst);
  question->body.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  question->body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
}

/* Late answers to earlier questions are passed over, else each question would get the one before. */
static gboolean
receive_answer (SkSmtpPeers *self, guint32 sequence, char *bytes, gsize size, gsize *length)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_MICROSECONDS;

  for (gint64 left = PATIENCE_MICROSECONDS; left > 0; left = until - g_get_monotonic_time ())
    {
      struct pollfd ready = { .fd = self->fd, .events = POLLIN };
      gssize n;

      if (poll (&ready, 1, (int) (left / 1000) + 1) < 0 && errno != EINTR)
        return FALSE;
      n = recv (self->fd, bytes, size, MSG_DONTWAIT);
      if (n < 0 && errno != EAGAIN && errno != EINTR)
        return FALSE;
      *length = (gsize) MAX (n, 0);
      if (n >= (gssize) sizeof (struct nlmsghdr)
          && ((const struct nlmsghdr *) bytes)->nlmsg_seq == sequence)
        return TRUE;
    }
  return FALSE;
}

/* The answer is checked against the question: a socket without an inode has lost its owner. */
static gboolean
read_answer (const char *bytes, gsize length, const Question *question, uid_t *uid)
{
  const struct nlmsghdr *header = (const struct nlmsghdr *) bytes;
  const struct inet_diag_msg *body = NLMSG_DATA (header);

  if (length < NLMSG_LENGTH (sizeof *body) || header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
    return FALSE;
  if (body->id.idiag_sport != question->body.id.idiag_sport
      || body->id.idiag_dport != question->body.id.idiag_dport || body->idiag_inode == 0)
    return FALSE;
  *uid = body->idiag_uid;
  return TRUE;
}

gboolean
sk_smtp_peers_ask_kernel (SkSmtpPeers *self, const struct sockaddr_storage *client,
                          const struct sockaddr_storage *server, uid_t *uid)
{
  struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
  char bytes[1024] __attribute__ ((aligned (NLMSG_ALIGNTO)));
  Question question;
  gsize length;

  if (self->fd < 0)
    return FALSE;
  ask_for (&question, ++self->sequence, client, server);
  if (sendto (self->fd, &question, sizeof question, 0, (struct sockaddr *) &kernel, sizeof kernel)
      < 0)
    return FALSE;
  return receive_answer (self, self->sequence, bytes, sizeof bytes, &length)
         && read_answer (bytes, length, &question, uid);
}

/* "0100007F:1F90", as /proc/net/tcp writes it: each 32-bit word in the machine's own order. */
static char *
format_endpoint (const struct sockaddr_storage *address, gboolean six)
{
  GString *text = g_string_new (NULL);
  guint32 words[4] = { 0 };
  guint count = six ? 4 : 1;

  if (six && address->ss_family == AF_INET)
    {
      words[2] = htonl (0xffff);
      copy_address (address, &words[3]);
    }
  else
    copy_address (address, words);
  for (guint i = 0; i < count; i++)
    g_string_append_printf (text, "%08X", words[i]);
  g_string_append_printf (text, ":%04X", ntohs (port_of (address)));
  return g_string_free (text, FALSE);
}

/* "  sl local remote st tx:rx tr:when retransmits uid timeout inode …" */
static gboolean
read_row (const char *row, const char *local, const char *remote, uid_t *uid)
{
  char from[64], to[64];
  unsigned owner;
  unsigned long inode;

  if (sscanf (row, "%*s %63s %63s %*s %*s %*s %*s %u %*s %lu", from, to, &owner, &inode) != 4)
    return FALSE;
  if (inode == 0 || strcmp (from, local) != 0 || strcmp (to, remote) != 0)
    return FALSE;
  *uid = owner;
  return TRUE;
}

static gboolean
search (const char *path, const char *local, const char *remote, uid_t *uid)
{
  FILE *file = fopen (path, "re");
  gboolean found = FALSE;
  char row[512];

  if (file == NULL)
    return FALSE;
  while (!found && fgets (row, sizeof row, file) != NULL)
    found = read_row (row, local, remote, uid);
  fclose (file);
  return found;
}

/* A client may also reach 127.0.0.1 from a socket for IPv6, and then stands in tcp6. */
gboolean
sk_smtp_peers_read_proc (const struct sockaddr_storage *client,
                         const struct sockaddr_storage *server, uid_t *uid)
{
  for (int six = client->ss_family == AF_INET6; six <= 1; six++)
    {
      g_autofree char *local = format_endpoint (client, six);
      g_autofree char *remote = format_endpoint (server, six);

      if (search (six ? "/proc/net/tcp6" : "/proc/net/tcp", local, remote, uid))
        return TRUE;
    }
  return FALSE;
}

gboolean
sk_smtp_peers_find (SkSmtpPeers *self, const struct sockaddr_storage *client,
                    const struct sockaddr_storage *server, uid_t *uid)
{
  return sk_smtp_peers_ask_kernel (self, client, server, uid)
         || sk_smtp_peers_read_proc (client, server, uid);
}
