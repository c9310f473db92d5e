// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-listener.h"

#include "sk-error.h"
#include "sk-smtp-certificate.h"
#include "sk-smtp-connection.h"
#include "sk-smtp-peer.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024
#define RECEIVE_BYTES 1048576
#define ACCEPTS_A_TURN 16
#define FREE_PORT_TRIES 64
#define LINGER_US (2 * G_USEC_PER_SEC)
#define RETRY_US G_USEC_PER_SEC
#define WARNING_US (60 * G_USEC_PER_SEC)
#define RENEWAL_RETRY_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

typedef struct {
  SkSmtpListener *listener;
  int family;
  struct sockaddr_storage address;
  int fd;
  GSource *source;
} Door;

struct _SkSmtpListener {
  SkSmtpShared shared;
  SkSmtpPeers *peers;
  Door doors[2]; /* 127.0.0.1, ::1 */
  guint16 port;
  char *tls_directory;
  gint64 renew_at;
  SkAlarm *retry; /* no descriptors were left */
  gint64 warned_at;
};

/* --- the port --- */

static void
unwatch_door (Door *door)
{
  if (door->source != NULL)
    g_source_destroy (door->source);
  g_clear_pointer (&door->source, g_source_unref);
}

static void
shut_door (Door *door)
{
  unwatch_door (door);
  if (door->fd >= 0)
    close (door->fd);
  door->fd = -1;
}

static socklen_t
loopback (int family, guint16 port, struct sockaddr_storage *address)
{
  struct sockaddr_in *four = (struct sockaddr_in *) address;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *) address;

  *address = (struct sockaddr_storage) { 0 };
  address->ss_family = (sa_family_t) family;
  if (family == AF_INET6)
    {
      six->sin6_port = htons (port);
      six->sin6_addr = in6addr_loopback;
      return sizeof *six;
    }
  four->sin_port = htons (port);
  four->sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  return sizeof *four;
}

/* Accepted sockets inherit these. Small replies go out at once; a large message comes in large pieces. */
static void
set_options (int fd, int family)
{
  const int on = 1, room = RECEIVE_BYTES;

  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (family == AF_INET6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
}

/* FALSE and errno. */
static gboolean
open_door (Door *door, guint16 port)
{
  socklen_t length = loopback (door->family, port, &door->address);
  int saved;

  door->fd = socket (door->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (door->fd < 0)
    return FALSE;
  set_options (door->fd, door->family);
  if (bind (door->fd, (struct sockaddr *) &door->address, length) == 0
      && listen (door->fd, BACKLOG) == 0
      && getsockname (door->fd, (struct sockaddr *) &door->address, &length) == 0)
    return TRUE;
  saved = errno;
  shut_door (door);
  errno = saved;
  return FALSE;
}

/* Both doors at one port. A machine without IPv6 has one door. FALSE and errno. */
static gboolean
open_doors (SkSmtpListener *self, guint16 port)
{
  int saved;

  if (!open_door (&self->doors[0], port))
    return FALSE;
  self->port = ntohs (((struct sockaddr_in *) &self->doors[0].address)->sin_port);
  if (open_door (&self->doors[1], self->port) || errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT)
    return TRUE;
  saved = errno;
  shut_door (&self->doors[0]);
  errno = saved;
  return FALSE;
}

/* A port that somebody else has: the next free one. */
static gboolean
find_port (SkSmtpListener *self, guint16 wanted, GError **error)
{
  guint port = wanted;

  for (guint i = 0; i < FREE_PORT_TRIES; i++)
    {
      if (open_doors (self, (guint16) port))
        {
          if (wanted != 0 && port != wanted)
            g_message ("port %u is taken by another program; listening on %u", wanted, port);
          return TRUE;
        }
      if (errno != EADDRINUSE)
        return sk_error_set_errno (error, errno, "can't listen on port %u", port);
      if (port != 0)
        port = port < G_MAXUINT16 ? port + 1 : 1024;
    }
  g_set_error (error, SK_ERROR, SK_ERROR_UNAVAILABLE,
               "no free port from %u on (set another in [listen] smtp)", wanted);
  return FALSE;
}

/* --- who comes in --- */

static void
refuse (SkSmtpListener *self, int fd, const char *reply)
{
  if (self->shared.settings->listen_tls != SK_TLS_IMPLICIT)
    send (fd, reply, strlen (reply), MSG_NOSIGNAL);
  shutdown (fd, SHUT_WR);
  close (fd);
}

/* One warning a minute: another user must not fill the journal. */
static void
refuse_stranger (SkSmtpListener *self, int fd, gboolean known, uid_t uid)
{
  gint64 now = sk_clock_boot (self->shared.clock);

  if (self->warned_at == 0 || now - self->warned_at >= WARNING_US)
    {
      self->warned_at = now;
      if (known)
        g_warning ("refused a connection of another user: uid=%u", (guint) uid);
      else
        g_warning ("refused a connection: the kernel does not say whose it is");
    }
  refuse (self, fd, "421 4.7.0 This port serves another user of this computer\r\n");
}

/* The one that has been idle for longest, rather one that is not in the middle of a message. */
static SkSmtpConnection *
longest_idle (SkSmtpListener *self)
{
  GList *first = sk_smtp_patience_first (self->shared.idle);

  for (GList *link = first; link != NULL; link = link->next)
    if (!sk_smtp_connection_in_message (link->data))
      return link->data;
  return first != NULL ? first->data : NULL;
}

/* FALSE: all are busy. */
static gboolean
make_room (SkSmtpListener *self)
{
  SkSmtpConnection *connection;
  GList *lingering = sk_smtp_patience_first (self->shared.lingering);

  if (self->shared.connections.length < self->shared.settings->limits.connections)
    return TRUE;
  if (lingering != NULL)
    {
      sk_smtp_connection_expire (lingering->data);
      return TRUE;
    }
  connection = longest_idle (self);
  if (connection == NULL)
    return FALSE;
  sk_smtp_connection_end (connection, "4.3.2", "Too many connections; this one was idle longest");
  return TRUE;
}

static void
renew_certificate (SkSmtpListener *self)
{
  g_autoptr (GError) error = NULL;
  SSL_CTX *fresh;

  if (self->shared.tls == NULL || sk_clock_wall (self->shared.clock) < self->renew_at)
    return;
  fresh = sk_smtp_certificate_load (self->tls_directory, self->shared.clock, &self->renew_at,
                                    &error);
  if (fresh == NULL)
    {
      g_warning ("the listener's certificate can't be renewed: %s", error->message);
      self->renew_at = sk_clock_wall (self->shared.clock) + RENEWAL_RETRY_US;
      return;
    }
  SSL_CTX_free (self->shared.tls);
  self->shared.tls = fresh;
}

static void
welcome (SkSmtpListener *self, Door *door, int fd, const struct sockaddr_storage *client)
{
  uid_t uid = 0;
  gboolean known = sk_smtp_peers_find (self->peers, client, &door->address, &uid);
  gboolean same = known && uid == getuid ();

  if (!same && self->shared.settings->clients == SK_CLIENTS_SAME_USER)
    refuse_stranger (self, fd, known, uid);
  else if (!make_room (self))
    refuse (self, fd, "421 4.3.2 Too many connections\r\n");
  else
    {
      renew_certificate (self);
      sk_smtp_connection_new (&self->shared, fd, known ? uid : (uid_t) -1, same);
    }
}

static void watch_door (Door *door);

static void
retry_cb (gpointer user_data)
{
  SkSmtpListener *self = user_data;

  g_clear_pointer (&self->retry, sk_alarm_free);
  for (gsize i = 0; i < G_N_ELEMENTS (self->doors); i++)
    watch_door (&self->doors[i]);
}

/* No descriptor is left: the knocking would go on for ever, so it is not heard for a second. */
static void
rest (SkSmtpListener *self)
{
  g_warning ("can't accept a connection: %s", g_strerror (errno));
  for (gsize i = 0; i < G_N_ELEMENTS (self->doors); i++)
    unwatch_door (&self->doors[i]);
  if (self->retry == NULL)
    self->retry = sk_clock_alarm (self->shared.clock, sk_clock_boot (self->shared.clock) + RETRY_US,
                                  retry_cb, self);
}

static gboolean
door_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Door *door = user_data;

  for (guint i = 0; i < ACCEPTS_A_TURN; i++)
    {
      struct sockaddr_storage address = { 0 };
      socklen_t length = sizeof address;
      int client = accept4 (fd, (struct sockaddr *) &address, &length,
                            SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (client >= 0)
        welcome (door->listener, door, client, &address);
      else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        {
          rest (door->listener);
          return G_SOURCE_CONTINUE;
        }
      else if (errno != ECONNABORTED && errno != EINTR)
        return G_SOURCE_CONTINUE;
    }
  return G_SOURCE_CONTINUE;
}

static void
watch_door (Door *door)
{
  if (door->fd < 0 || door->source != NULL)
    return;
  door->source = g_unix_fd_source_new (door->fd, G_IO_IN);
  g_source_set_callback (door->source, G_SOURCE_FUNC (door_cb), door, NULL);
  g_source_set_can_recurse (door->source, TRUE);
  g_source_attach (door->source, door->listener->shared.context);
}

/* --- beginning and end --- */

static void
expire_cb (gpointer owner, gpointer user_data)
{
  sk_smtp_connection_expire (owner);
}

static gboolean
prepare (SkSmtpListener *self, const SkSettings *settings, GError **error)
{
  SkSmtpShared *shared = &self->shared;

  if (settings->clients == SK_CLIENTS_PASSWORD)
    {
      shared->passwords
          = sk_smtp_passwords_new (settings->client_password_file, shared->clock, error);
      if (shared->passwords == NULL)
        return FALSE;
    }
  if (settings->listen_tls != SK_TLS_NONE)
    {
      shared->tls = sk_smtp_certificate_load (self->tls_directory, shared->clock, &self->renew_at,
                                              error);
      if (shared->tls == NULL)
        return FALSE;
    }
  return find_port (self, settings->port, error);
}

SkSmtpListener *
sk_smtp_listener_new (const SkSettings *settings, const char *spool_directory,
                      const char *tls_directory, SkClock *clock, const SkSmtpHandler *handler,
                      gpointer user_data, GError **error)
{
  g_autoptr (SkSmtpListener) self = g_new0 (SkSmtpListener, 1);
  SkSmtpShared *shared = &self->shared;

  signal (SIGPIPE, SIG_IGN); /* TLS writes without MSG_NOSIGNAL */
  shared->settings = settings;
  shared->clock = sk_clock_ref (clock);
  shared->handler = handler;
  shared->handler_data = user_data;
  shared->context = g_main_context_ref_thread_default ();
  shared->spool_directory = g_strdup (spool_directory);
  shared->scratch = g_malloc (SK_SMTP_SCRATCH_BYTES);
  shared->idle = sk_smtp_patience_new (
      clock, (gint64) settings->limits.idle_seconds * G_USEC_PER_SEC, expire_cb, NULL);
  shared->lingering = sk_smtp_patience_new (clock, LINGER_US, expire_cb, NULL);
  self->tls_directory = g_strdup (tls_directory);
  self->peers = sk_smtp_peers_new ();
  self->doors[0] = (Door) { .listener = self, .family = AF_INET, .fd = -1 };
  self->doors[1] = (Door) { .listener = self, .family = AF_INET6, .fd = -1 };
  if (!prepare (self, settings, error))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (self->doors); i++)
    watch_door (&self->doors[i]);
  return g_steal_pointer (&self);
}

guint16
sk_smtp_listener_port (const SkSmtpListener *self)
{
  return self->port;
}

void
sk_smtp_listener_set_mirror (SkSmtpListener *self, const SkSmtpMirror *mirror)
{
  self->shared.mirror = *mirror;
}

guint
sk_smtp_listener_connections (const SkSmtpListener *self)
{
  return self->shared.connections.length;
}

void
sk_smtp_listener_close (SkSmtpListener *self)
{
  self->shared.closing = TRUE;
  g_clear_pointer (&self->retry, sk_alarm_free);
  for (gsize i = 0; i < G_N_ELEMENTS (self->doors); i++)
    shut_door (&self->doors[i]);
  for (GList *link = self->shared.connections.head; link != NULL; link = link->next)
    sk_smtp_connection_close_soon (link->data);
}

void
sk_smtp_listener_free (SkSmtpListener *self)
{
  SkSmtpShared *shared;

  if (self == NULL)
    return;
  shared = &self->shared;
  sk_smtp_listener_close (self);
  while (shared->connections.head != NULL)
    sk_smtp_connection_free (shared->connections.head->data);
  while (shared->orphans.head != NULL)
    sk_smtp_transaction_abandon (shared->orphans.head->data);
  sk_smtp_patience_free (shared->idle);
  sk_smtp_patience_free (shared->lingering);
  sk_smtp_passwords_free (shared->passwords);
  SSL_CTX_free (shared->tls);
  sk_smtp_peers_free (self->peers);
  g_free (shared->scratch);
  g_free (shared->spool_directory);
  g_main_context_unref (shared->context);
  sk_clock_unref (shared->clock);
  g_free (self->tls_directory);
  g_free (self);
}
