// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-link.h"
#include "agent/relay/sk-password.h"
#include "agent/relay/sk-reply-reader.h"

#define RESET_TIMEOUT (5 * G_USEC_PER_SEC)

struct _SkLink {
  SkCurlLoop *loop;
  SkClock *clock;
  const SkUpstream *upstream;
  const SkRelayDeadlines *deadlines;
  const SkLinkEvents *events;
  gpointer user_data;
  gpointer job;
  SkConnection *connection; /* NULL until there is a password */
  SkReplyReader *reset;     /* while RSET is not answered */
  gboolean idle;
  struct _Search *search; /* of the keyring */
  guint failing;          /* the idle source that tells so */
  SkConnectionFailure failure;
};

/* Outlives the link when that is freed while the keyring is asked. */
typedef struct _Search {
  SkLink *link; /* NULL: nobody is interested any more */
  SkUpstream asked;
} Search;

SkLink *
sk_link_new (SkCurlLoop *loop, SkClock *clock, const SkUpstream *upstream,
             const SkRelayDeadlines *deadlines, const SkLinkEvents *events, gpointer user_data)
{
  SkLink *self = g_new0 (SkLink, 1);

  self->loop = loop;
  self->clock = clock;
  self->upstream = upstream;
  self->deadlines = deadlines;
  self->events = events;
  self->user_data = user_data;
  return self;
}

void
sk_link_free (SkLink *self)
{
  if (self->idle)
    sk_connection_close (self->connection);
  else
    sk_connection_free (self->connection);
  if (self->search != NULL)
    self->search->link = NULL;
  g_clear_handle_id (&self->failing, g_source_remove);
  sk_reply_reader_free (self->reset);
  g_free (self->failure.problem);
  g_free (self);
}

SkConnection *
sk_link_connection (SkLink *self)
{
  return self->connection;
}

SkConnection *
sk_link_use (SkLink *self)
{
  self->idle = FALSE;
  return self->connection;
}

/* --- opening --- */

static void
opening_cb (SkConnection *connection, SkConnectionEvent event, gpointer user_data)
{
  SkLink *self = user_data;

  if (event == SK_CONNECTION_OPENED)
    self->events->opened (self, self->job);
  else
    self->events->failed (self, sk_connection_failure (connection), self->job);
}

static void
open_with (SkLink *self, const char *password)
{
  self->connection = sk_connection_open (self->loop, self->clock, self->upstream, password,
                                         self->deadlines->connect, opening_cb, self);
}

static gboolean
fail_cb (gpointer user_data)
{
  SkLink *self = user_data;

  self->failing = 0;
  self->events->failed (self, &self->failure, self->job);
  return G_SOURCE_REMOVE;
}

static void
fail_soon (SkLink *self, const GError *error)
{
  self->failure.problem = g_strdup (error->message);
  self->failing = g_idle_add (fail_cb, self);
}

static void
search_free (Search *search)
{
  g_free (search->asked.host);
  g_free (search->asked.user);
  g_free (search);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Search *search = user_data;
  SkLink *self = search->link;
  g_autoptr (GError) error = NULL;
  char *password = sk_password_look_up_finish (result, &error);

  if (self != NULL)
    {
      self->search = NULL;
      if (password != NULL)
        open_with (self, password);
      else
        fail_soon (self, error);
    }
  sk_password_free (password);
  search_free (search);
}

static void
search_keyring (SkLink *self)
{
  self->search = g_new0 (Search, 1);
  self->search->link = self;
  self->search->asked.host = g_strdup (self->upstream->host);
  self->search->asked.user = g_strdup (self->upstream->user);
  sk_password_look_up (&self->search->asked, found_cb, self->search);
}

void
sk_link_open (SkLink *self, gpointer job)
{
  g_autoptr (GError) error = NULL;
  char *password;

  self->job = job;
  if (self->upstream->user == NULL)
    open_with (self, NULL);
  else if (self->upstream->password_file == NULL)
    search_keyring (self);
  else
    {
      password = sk_password_read_file (self->upstream->password_file, &error);
      if (password != NULL)
        open_with (self, password);
      else
        fail_soon (self, error);
      sk_password_free (password);
    }
}

/* --- at rest --- */

/* OpenSSL has octets of its own to read (session tickets); anything for us means that the server
 * says good-bye, or is gone. */
static gboolean
is_quiet (SkLink *self)
{
  char octet;
  gsize length;

  return sk_connection_read (self->connection, &octet, 1, &length) == SK_IO_AGAIN;
}

static void
idle_cb (SkConnection *connection, SkConnectionEvent event, gpointer user_data)
{
  SkLink *self = user_data;

  if (event == SK_CONNECTION_READY && is_quiet (self))
    return;
  self->idle = event == SK_CONNECTION_LATE; /* QUIT makes sense */
  self->events->gone (self, self->user_data);
}

static void
become_idle (SkLink *self)
{
  self->idle = TRUE;
  sk_connection_set_owner (self->connection, idle_cb, self);
  sk_connection_set_timeout (self->connection, self->deadlines->idle);
  self->events->idle (self, self->user_data);
}

/* TRUE when RSET has been answered as it should. */
static gboolean
read_reset_reply (SkLink *self, gboolean *lost)
{
  char buffer[1024];
  const char *at = buffer;
  gsize length;
  SkReply *reply = NULL;
  SkIo io = sk_connection_read (self->connection, buffer, sizeof buffer, &length);
  SkReplyStatus status;
  gboolean done;

  *lost = io == SK_IO_CLOSED;
  if (io != SK_IO_DONE)
    return FALSE;
  status = sk_reply_reader_take (self->reset, &at, &length, &reply);
  done = status == SK_REPLY_COMPLETE && sk_reply_is_positive (reply) && length == 0;
  *lost = status != SK_REPLY_INCOMPLETE && !done;
  sk_reply_free (reply);
  return done;
}

static void
reset_cb (SkConnection *connection, SkConnectionEvent event, gpointer user_data)
{
  SkLink *self = user_data;
  gboolean lost = event == SK_CONNECTION_LATE, done = FALSE;

  if (!lost)
    done = read_reset_reply (self, &lost);
  if (done)
    {
      g_clear_pointer (&self->reset, sk_reply_reader_free);
      become_idle (self);
    }
  else if (lost)
    self->events->gone (self, self->user_data);
}

static void
reset (SkLink *self)
{
  gsize written;

  self->reset = sk_reply_reader_new ();
  sk_connection_set_owner (self->connection, reset_cb, self);
  sk_connection_set_timeout (self->connection, RESET_TIMEOUT);
  if (sk_connection_write (self->connection, "RSET\r\n", 6, &written) != SK_IO_DONE)
    sk_connection_set_timeout (self->connection, 1); /* of no use; gone in a moment */
}

void
sk_link_rest (SkLink *self, SkTransactionRest rest)
{
  if (rest == SK_REST_RESET)
    reset (self);
  else
    become_idle (self);
}
