// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-connection.h"
#include "agent/relay/sk-connection-problem.h"
#include "agent/relay/sk-reply-reader.h"

#include <glib-unix.h>
#include <string.h>

/* libcurl gives up by itself somewhat after our own deadline, should that ever be missed. */
#define CURL_TIMEOUT_SLACK_MS 5000

typedef struct {
  GSource source;
  SkConnection *connection;
  gpointer tag;
} SocketSource;

struct _SkConnection {
  SkCurlLoop *loop;
  SkClock *clock;
  const SkUpstream *upstream;
  CURL *easy;
  SkCurlSlot slot;
  SkConnectionFunc function;
  gpointer user_data;
  gboolean open;
  SocketSource *source;
  gboolean wants_write;

  SkAlarm *alarm; /* moved only to come earlier; when it comes too early, it is set anew */
  gint64 alarm_at, deadline;

  SkRelayCapabilities capabilities;
  SkReplyReader *reader; /* while opening */
  SkReply *last_reply;
  SkConnectionFailure failure;
  char curl_text[CURL_ERROR_SIZE];
};

static void set_alarm (SkConnection *self);

const SkConnectionFailure *
sk_connection_failure (const SkConnection *self)
{
  return &self->failure;
}

const SkRelayCapabilities *
sk_connection_capabilities (const SkConnection *self)
{
  return &self->capabilities;
}

void
sk_connection_set_owner (SkConnection *self, SkConnectionFunc function, gpointer user_data)
{
  self->function = function;
  self->user_data = user_data;
}

/* --- what the server says while libcurl opens --- */

typedef enum {
  SIZE,
  PIPELINING,
  EIGHTBITMIME,
  SMTPUTF8,
  DSN,
  ENHANCED,
} Keyword;

static const struct {
  const char *name;
  Keyword keyword;
} keywords[] = {
  { "SIZE", SIZE },
  { "PIPELINING", PIPELINING },
  { "8BITMIME", EIGHTBITMIME },
  { "SMTPUTF8", SMTPUTF8 },
  { "DSN", DSN },
  { "ENHANCEDSTATUSCODES", ENHANCED },
};

static void
take_keyword (SkRelayCapabilities *self, Keyword keyword, const char *argument)
{
  gint64 size;

  switch (keyword)
    {
    case SIZE:
      size = argument != NULL ? g_ascii_strtoll (argument, NULL, 10) : 0;
      self->size_offered = TRUE;
      self->size = CLAMP (size, 0, G_MAXINT64 - 1);
      break;
    case PIPELINING:
      self->pipelining = TRUE;
      break;
    case EIGHTBITMIME:
      self->eightbitmime = TRUE;
      break;
    case SMTPUTF8:
      self->smtputf8 = TRUE;
      break;
    case DSN:
      self->dsn = TRUE;
      break;
    case ENHANCED:
      self->enhanced = TRUE;
      break;
    }
}

/* RFC 5321 4.1.1.1: the first line is the server's name, each further one a keyword with arguments.
 */
static void
take_ehlo (SkRelayCapabilities *self, const SkReply *reply)
{
  g_auto (GStrv) lines = g_strsplit (reply->text, "\n", -1);

  *self = (SkRelayCapabilities){ .known = TRUE };
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit_set (lines[i], " \t", 3);

      for (gsize k = 0; words[0] != NULL && k < G_N_ELEMENTS (keywords); k++)
        if (g_ascii_strcasecmp (words[0], keywords[k].name) == 0)
          take_keyword (self, keywords[k].keyword, words[1]);
    }
}

static size_t
header_cb (char *data, size_t size, size_t count, void *user_data)
{
  SkConnection *self = user_data;
  const char *at = data;
  gsize length = size * count;
  SkReply *reply = NULL;

  while (length > 0
         && sk_reply_reader_take (self->reader, &at, &length, &reply) == SK_REPLY_COMPLETE)
    {
      if (reply->code == 250)
        take_ehlo (&self->capabilities, reply);
      sk_reply_free (self->last_reply);
      self->last_reply = g_steal_pointer (&reply);
    }
  return size * count;
}

/* --- the socket once it is ours --- */

static gboolean
socket_check (GSource *source)
{
  SocketSource *self = (SocketSource *)source;

  return g_source_query_unix_fd (source, self->tag) != 0;
}

static gboolean
socket_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  SkConnection *connection = ((SocketSource *)source)->connection;

  connection->function (connection, SK_CONNECTION_READY, connection->user_data);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs socket_functions = { .check = socket_check, .dispatch = socket_dispatch };

static void
watch_socket (SkConnection *self)
{
  curl_socket_t fd = CURL_SOCKET_BAD;

  curl_easy_getinfo (self->easy, CURLINFO_ACTIVESOCKET, &fd);
  self->source = (SocketSource *)g_source_new (&socket_functions, sizeof (SocketSource));
  self->source->connection = self;
  self->source->tag = g_source_add_unix_fd (&self->source->source, fd, G_IO_IN);
  /* Else GLib takes the descriptor out of its poll for each call and wakes itself up for that,
   * twice. No loop is run within ours. */
  g_source_set_can_recurse (&self->source->source, TRUE);
  g_source_attach (&self->source->source, g_main_context_get_thread_default ());
}

void
sk_connection_mute (SkConnection *self)
{
  if (self->source == NULL)
    return;
  g_source_destroy (&self->source->source);
  g_source_unref (&self->source->source);
  self->source = NULL;
}

void
sk_connection_want_write (SkConnection *self, gboolean want)
{
  if (want == self->wants_write || self->source == NULL)
    return;
  self->wants_write = want;
  g_source_modify_unix_fd (&self->source->source, self->source->tag,
                           want ? G_IO_IN | G_IO_OUT : G_IO_IN);
}

SkIo
sk_connection_write (SkConnection *self, const char *data, gsize length, gsize *written)
{
  CURLcode code = curl_easy_send (self->easy, data, length, written);

  return code == CURLE_OK ? SK_IO_DONE : code == CURLE_AGAIN ? SK_IO_AGAIN : SK_IO_CLOSED;
}

SkIo
sk_connection_read (SkConnection *self, char *buffer, gsize size, gsize *length)
{
  CURLcode code = curl_easy_recv (self->easy, buffer, size, length);

  if (code == CURLE_AGAIN)
    return SK_IO_AGAIN;
  return code == CURLE_OK && *length > 0 ? SK_IO_DONE : SK_IO_CLOSED;
}

/* --- deadlines --- */

static void
alarm_cb (gpointer user_data)
{
  SkConnection *self = user_data;

  g_clear_pointer (&self->alarm, sk_alarm_free);
  if (self->deadline == 0)
    return;
  if (sk_clock_boot (self->clock) < self->deadline)
    {
      set_alarm (self);
      return;
    }
  self->deadline = 0;
  if (!self->open)
    {
      sk_connection_problem_timeout (self->upstream, self->last_reply, &self->failure);
      self->function (self, SK_CONNECTION_FAILED, self->user_data);
      return;
    }
  self->function (self, SK_CONNECTION_LATE, self->user_data);
}

static void
set_alarm (SkConnection *self)
{
  g_clear_pointer (&self->alarm, sk_alarm_free);
  self->alarm_at = self->deadline;
  self->alarm = sk_clock_alarm (self->clock, self->alarm_at, alarm_cb, self);
}

void
sk_connection_set_timeout (SkConnection *self, gint64 timeout)
{
  self->deadline = timeout > 0 ? sk_clock_boot (self->clock) + timeout : 0;
  if (self->deadline != 0 && (self->alarm == NULL || self->deadline < self->alarm_at))
    set_alarm (self);
}

/* --- opening --- */

static void
fail_opening (SkConnection *self, CURLcode code)
{
  sk_connection_problem_curl (self->upstream, code, self->curl_text, self->last_reply,
                              &self->failure);
  self->function (self, SK_CONNECTION_FAILED, self->user_data);
}

/* Nothing may have come since the last answer. The call also binds libcurl's connection to our
 * handle: one that isn't bound counts as unused, and may be closed behind our back when another is
 * made. */
static gboolean
is_quiet (SkConnection *self)
{
  char octet;
  gsize length;

  return sk_connection_read (self, &octet, 1, &length) == SK_IO_AGAIN;
}

static void
done_cb (CURLcode code, gpointer user_data)
{
  SkConnection *self = user_data;

  self->deadline = 0;
  if (code != CURLE_OK || !is_quiet (self))
    {
      fail_opening (self, code != CURLE_OK ? code : CURLE_WEIRD_SERVER_REPLY);
      return;
    }
  self->open = TRUE;
  g_clear_pointer (&self->reader, sk_reply_reader_free);
  watch_socket (self);
  self->function (self, SK_CONNECTION_OPENED, self->user_data);
}

/* Only the certificates asked for: with a file, that alone. Otherwise the system's directory, from
 * which OpenSSL reads the one it needs, while reading the system's file of all of them costs 23 ms
 * a connection. */
static void
set_trust (SkConnection *self)
{
  char *directory = NULL;

  if (self->upstream->ca_file != NULL)
    {
      curl_easy_setopt (self->easy, CURLOPT_CAINFO, self->upstream->ca_file);
      curl_easy_setopt (self->easy, CURLOPT_CAPATH, NULL);
      return;
    }
  curl_easy_getinfo (self->easy, CURLINFO_CAPATH, &directory);
  if (directory != NULL)
    curl_easy_setopt (self->easy, CURLOPT_CAINFO, NULL);
}

static long
use_ssl (const SkUpstream *upstream)
{
  static const long levels[] = {
    [SK_UPSTREAM_TLS_REQUIRED] = CURLUSESSL_ALL,
    [SK_UPSTREAM_TLS_OPPORTUNISTIC] = CURLUSESSL_TRY,
    [SK_UPSTREAM_TLS_NONE] = CURLUSESSL_NONE,
  };

  return levels[upstream->tls];
}

static void
set_security (SkConnection *self, const char *password)
{
  const SkUpstream *upstream = self->upstream;

  curl_easy_setopt (self->easy, CURLOPT_USE_SSL, use_ssl (upstream));
  curl_easy_setopt (self->easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  set_trust (self);
  if (upstream->user == NULL)
    return;
  /* Under TLS these two suffice everywhere; left alone, libcurl would try Kerberos first. */
  curl_easy_setopt (self->easy, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
  curl_easy_setopt (self->easy, CURLOPT_SASL_IR, 1L);
  curl_easy_setopt (self->easy, CURLOPT_USERNAME, upstream->user);
  curl_easy_setopt (self->easy, CURLOPT_PASSWORD, password != NULL ? password : "");
}

/* FORBID_REUSE must stay off: it closes a CONNECT_ONLY connection as soon as it is made. libcurl
 * never gives such a connection to another handle anyway. */
static void
set_connection (SkConnection *self, gint64 timeout)
{
  curl_easy_setopt (self->easy, CURLOPT_URL, self->upstream->url);
  curl_easy_setopt (self->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (self->easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt (self->easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt (self->easy, CURLOPT_PROXY, "");
  curl_easy_setopt (self->easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (self->easy, CURLOPT_QUICK_EXIT, 1L); /* don't wait for a hanging look-up */
  curl_easy_setopt (self->easy, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt (self->easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt (self->easy, CURLOPT_CONNECTTIMEOUT_MS,
                    (long)(timeout / 1000) + CURL_TIMEOUT_SLACK_MS);
  curl_easy_setopt (self->easy, CURLOPT_ERRORBUFFER, self->curl_text);
  curl_easy_setopt (self->easy, CURLOPT_HEADERFUNCTION, header_cb);
  curl_easy_setopt (self->easy, CURLOPT_HEADERDATA, self);
}

SkConnection *
sk_connection_open (SkCurlLoop *loop, SkClock *clock, const SkUpstream *upstream,
                    const char *password, gint64 timeout, SkConnectionFunc function,
                    gpointer user_data)
{
  SkConnection *self = g_new0 (SkConnection, 1);

  self->loop = loop;
  self->clock = sk_clock_ref (clock);
  self->upstream = upstream;
  self->reader = sk_reply_reader_new ();
  sk_connection_set_owner (self, function, user_data);
  self->slot = (SkCurlSlot){ done_cb, self };
  self->easy = curl_easy_init ();
  set_connection (self, timeout);
  set_security (self, password);
  sk_connection_set_timeout (self, timeout);
  sk_curl_loop_add (loop, self->easy, &self->slot);
  return self;
}

void
sk_connection_free (SkConnection *self)
{
  if (self == NULL)
    return;
  sk_connection_mute (self);
  sk_curl_loop_remove (self->loop, self->easy);
  curl_easy_cleanup (self->easy);
  g_clear_pointer (&self->alarm, sk_alarm_free);
  sk_clock_unref (self->clock);
  sk_reply_reader_free (self->reader);
  sk_reply_free (self->last_reply);
  sk_reply_free (self->failure.reply);
  g_free (self->failure.problem);
  g_free (self);
}

void
sk_connection_close (SkConnection *self)
{
  gsize written;

  sk_connection_write (self, "QUIT\r\n", 6, &written);
  sk_connection_free (self);
}
