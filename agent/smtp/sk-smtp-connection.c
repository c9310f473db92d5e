// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-connection.h"

#include "sk-smtp-session.h"
#include "sk-smtp-stream.h"

#include <poll.h>
#include <string.h>

#define COMMAND_READ_BYTES 16384 /* read, and worked off, in one turn of the main loop */
#define LINGER_BYTES 1048576     /* thrown away after our last word, before the door is shut hard */
#define WARNING_US (60 * G_USEC_PER_SEC)
#define LEFT ((GIOCondition) POLLRDHUP)

typedef enum { SHAKING_HANDS, TALKING, WAITING, LINGERING, PHASES } Phase;

typedef struct {
  GSource source;
  SkSmtpConnection *connection;
} Source;

struct _SkSmtpConnection {
  SkSmtpShared *shared;
  GList link;
  GSource *source;
  gpointer tag;
  GIOCondition events;
  gboolean hurried; /* has its turn even if nothing happens on the socket */
  Phase phase;
  uid_t uid;
  SkSmtpStream stream;
  SkSmtpSetup setup;
  SkSmtpSession *session;
  GString *output;     /* the session's */
  GByteArray *pending; /* read, not taken by the session yet */
  gboolean resumes;    /* there may be whole commands in it */
  gboolean half_closed;
  gsize discarded;
  SkSmtpWait wait;
  SkSmtpTransaction *transaction;
};

/* A mail on its way to an answer, and the answer on its way to the client. */
struct _SkSmtpTransaction {
  SkSmtpShared *shared;
  SkSmtpConnection *connection; /* NULL: the client has gone */
  SkEnvelope *envelope;
  SkReply *reply;
  gboolean written;  /* our kernel has all of the reply */
  gboolean failed;   /* and found nobody to give it to */
  gboolean unproven; /* the client's next bytes may have been sent before the reply */
  gboolean followed; /* replies to what was pipelined were written behind it */
  GSource *telling;
  gpointer data;
};

static gboolean turn (SkSmtpConnection *self, GIOCondition seen);

/* Touched only when it changes: each touch wakes the main loop once for nothing. */
static void
hurry (SkSmtpConnection *self, gboolean on)
{
  if (self->hurried != on)
    g_source_set_ready_time (self->source, on ? 0 : -1);
  self->hurried = on;
}

/* --- the transaction --- */

static void
transaction_free (SkSmtpTransaction *self)
{
  if (self->telling != NULL)
    {
      g_source_destroy (self->telling);
      g_source_unref (self->telling);
    }
  g_queue_remove (&self->shared->orphans, self);
  sk_envelope_free (self->envelope);
  sk_reply_free (self->reply);
  g_free (self);
}

static void
tell (SkSmtpTransaction *self, gboolean delivered)
{
  if (self->connection != NULL)
    self->connection->transaction = NULL;
  self->connection = NULL;
  self->shared->handler->told (self, delivered, self->shared->handler_data);
  transaction_free (self);
}

void
sk_smtp_transaction_abandon (SkSmtpTransaction *self)
{
  tell (self, FALSE);
}

static gboolean
tell_cb (gpointer user_data)
{
  tell (user_data, FALSE);
  return G_SOURCE_REMOVE;
}

static void
tell_soon (SkSmtpTransaction *self)
{
  self->telling = g_idle_source_new ();
  g_source_set_priority (self->telling, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->telling, tell_cb, self, NULL);
  g_source_attach (self->telling, self->shared->context);
}

SkEnvelope *
sk_smtp_transaction_envelope (SkSmtpTransaction *self)
{
  return self->envelope;
}

SkEnvelope *
sk_smtp_transaction_steal_envelope (SkSmtpTransaction *self)
{
  return g_steal_pointer (&self->envelope);
}

gboolean
sk_smtp_transaction_is_gone (const SkSmtpTransaction *self)
{
  return self->connection == NULL;
}

void
sk_smtp_transaction_set_data (SkSmtpTransaction *self, gpointer data)
{
  self->data = data;
}

gpointer
sk_smtp_transaction_get_data (const SkSmtpTransaction *self)
{
  return self->data;
}

void
sk_smtp_transaction_reply (SkSmtpTransaction *self, const SkReply *reply)
{
  g_return_if_fail (self->reply == NULL);
  self->reply = sk_reply_copy (reply);
  if (self->connection != NULL)
    hurry (self->connection, TRUE);
  else
    tell_soon (self);
}

/* --- the session's questions --- */

static gboolean
sender_allowed (const char *mail_from, gpointer user_data)
{
  SkSmtpShared *shared = ((SkSmtpConnection *) user_data)->shared;

  return shared->handler->sender_allowed (mail_from, shared->handler_data);
}

static SkReply *
may_begin (gint64 announced, gpointer user_data)
{
  SkSmtpShared *shared = ((SkSmtpConnection *) user_data)->shared;

  if (shared->handler->may_begin == NULL)
    return NULL;
  return shared->handler->may_begin (announced, shared->handler_data);
}

static SkSmtpLogin
login (const char *user, const char *password, gpointer user_data)
{
  SkSmtpConnection *self = user_data;
  SkSmtpPasswords *passwords = self->shared->passwords;

  if (sk_smtp_passwords_is_locked (passwords, self->uid))
    return SK_SMTP_LOGIN_LOCKED;
  if (sk_smtp_passwords_check (passwords, user, password))
    return SK_SMTP_LOGIN_RIGHT;
  sk_smtp_passwords_count_wrong (passwords, self->uid);
  if (!sk_smtp_passwords_is_locked (passwords, self->uid))
    return SK_SMTP_LOGIN_WRONG;
  g_warning ("too many wrong passwords: uid=%u", (guint) self->uid);
  return SK_SMTP_LOGIN_LOCKED;
}

/* One warning a minute: a web page must not fill the journal. */
static void
no_mail_program (const char *how, gpointer user_data)
{
  SkSmtpShared *shared = ((SkSmtpConnection *) user_data)->shared;
  gint64 now = sk_clock_boot (shared->clock);

  if (shared->warned_at != 0 && now - shared->warned_at < WARNING_US)
    return;
  shared->warned_at = now;
  g_warning ("turned away a program that is no mail program (a web page?): %s", how);
}

static const SkSmtpQuestions questions = { sender_allowed, may_begin, login, no_mail_program };

/* --- the main loop --- */

/* While a message waits nothing is read, so that what was pipelined behind it stays bounded; that the
 * client leaves is seen all the same. */
static GIOCondition
wanted_events (SkSmtpConnection *self)
{
  GIOCondition events = 0;

  if (self->phase == WAITING)
    events = self->half_closed ? 0 : LEFT;
  else if (self->phase != TALKING || self->output->len == 0)
    events = G_IO_IN;
  if (self->output->len > 0 || self->stream.wants_write)
    events |= G_IO_OUT;
  return events;
}

static gboolean
is_to_close (SkSmtpConnection *self)
{
  return self->shared->closing && sk_smtp_session_is_idle (self->session);
}

static void
set_events (SkSmtpConnection *self)
{
  GIOCondition events = wanted_events (self);

  if (events != self->events)
    g_source_modify_unix_fd (self->source, self->tag, events);
  self->events = events;
  if (self->phase == TALKING && self->output->len == 0
      && (self->resumes || sk_smtp_stream_has_decrypted (&self->stream) || is_to_close (self)))
    hurry (self, TRUE);
}

static gboolean
dispatch_cb (GSource *source, GSourceFunc callback, gpointer user_data)
{
  SkSmtpConnection *self = ((Source *) source)->connection;

  hurry (self, FALSE);
  if (turn (self, g_source_query_unix_fd (source, self->tag)))
    set_events (self);
  else
    sk_smtp_connection_free (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_functions = { .dispatch = dispatch_cb };

/* --- writing, and whether the client has what was written --- */

/* Over the loopback the reset of a client that had closed is here when the write returns. */
static void
note_written (SkSmtpConnection *self, SkSmtpTransaction *transaction)
{
  transaction->written = TRUE;
  transaction->failed = sk_smtp_stream_has_failed (&self->stream);
  transaction->unproven = self->pending->len > 0 || sk_smtp_stream_has_unread (&self->stream);
}

/* FALSE: the client can't be reached. */
static gboolean
flush (SkSmtpConnection *self)
{
  SkSmtpTransaction *transaction = self->transaction;

  if (self->output->len > 0)
    {
      gsize n;
      SkStreamResult result
          = sk_smtp_stream_write (&self->stream, self->output->str, self->output->len, &n);

      if (result == SK_STREAM_BROKEN || result == SK_STREAM_EOF)
        return FALSE;
      g_string_erase (self->output, 0, (gssize) n);
      if (transaction != NULL && transaction->written && transaction->unproven)
        transaction->followed = TRUE;
    }
  if (self->output->len == 0 && self->phase != WAITING && transaction != NULL
      && transaction->reply != NULL && !transaction->written)
    note_written (self, transaction);
  return TRUE;
}

/* The client's next bytes: it has read our answer, unless it had sent them before. */
static void
note_sign_of_life (SkSmtpConnection *self)
{
  SkSmtpTransaction *transaction = self->transaction;

  sk_smtp_wait_in (&self->wait, self->shared->idle, self);
  if (transaction != NULL && transaction->written && !transaction->unproven)
    tell (transaction, TRUE);
}

/* All that was pipelined is worked off: what comes now comes after the answer. */
static void
note_caught_up (SkSmtpConnection *self)
{
  SkSmtpTransaction *transaction = self->transaction;

  if (transaction != NULL && transaction->written && transaction->unproven && !self->resumes
      && !sk_smtp_stream_has_unread (&self->stream))
    transaction->unproven = FALSE;
}

/* The client has gone for good. A clean end after our answer shows that it has it; who closes without
 * reading it makes the kernel send a reset, which is an error here. Only one that had pipelined its
 * next commands, was still there when the answer was written, and got replies to them behind it, is
 * believed in spite of a reset: it may well have cared for the answer alone (QUIT, and away). */
static gboolean
end_of_client (SkSmtpConnection *self, gboolean clean)
{
  SkSmtpTransaction *transaction = self->transaction;
  gboolean delivered;

  if (transaction == NULL || transaction->reply == NULL)
    return FALSE;
  clean = clean && !sk_smtp_stream_has_failed (&self->stream);
  delivered = transaction->written && !transaction->failed
              && (clean || transaction->followed);
  tell (transaction, delivered);
  return FALSE;
}

/* --- the phases; FALSE ends the connection --- */

static gboolean
linger_turn (SkSmtpConnection *self, GIOCondition seen)
{
  gsize n;
  SkStreamResult result;

  result = sk_smtp_stream_read (&self->stream, self->shared->scratch, COMMAND_READ_BYTES, &n);
  if (result == SK_STREAM_EOF || result == SK_STREAM_BROKEN)
    return end_of_client (self, result == SK_STREAM_EOF);
  note_caught_up (self);
  self->discarded += n;
  return self->discarded < LINGER_BYTES;
}

/* Our last word is written. To close with input unread would reset the connection, and the client
 * might lose that word: so the rest is read away for a while. */
static gboolean
begin_to_linger (SkSmtpConnection *self)
{
  if (!flush (self))
    return end_of_client (self, FALSE);
  if (self->output->len > 0)
    return TRUE;
  sk_smtp_stream_shut (&self->stream);
  if (self->transaction == NULL && sk_smtp_session_has_quit (self->session)
      && self->pending->len == 0 && !sk_smtp_stream_has_unread (&self->stream))
    return FALSE;
  self->phase = LINGERING;
  sk_smtp_wait_in (&self->wait, self->shared->lingering, self);
  return TRUE;
}

static gboolean
submit (SkSmtpConnection *self)
{
  SkSmtpTransaction *transaction;

  if (!flush (self))
    return FALSE;
  if (self->transaction != NULL) /* the client has read 354, and so our answer before it */
    tell (self->transaction, TRUE);
  transaction = g_new0 (SkSmtpTransaction, 1);
  transaction->shared = self->shared;
  transaction->connection = self;
  transaction->envelope = sk_smtp_session_steal_envelope (self->session);
  self->transaction = transaction;
  self->phase = WAITING;
  self->half_closed = FALSE;
  sk_smtp_wait_in (&self->wait, NULL, NULL);
  self->shared->handler->submitted (transaction, self->shared->handler_data);
  return TRUE;
}

static gboolean
begin_tls (SkSmtpConnection *self)
{
  gboolean behind = self->pending->len > 0 || sk_smtp_stream_has_unread (&self->stream);

  if (!sk_smtp_session_start_tls (self->session, behind))
    return begin_to_linger (self);
  if (!flush (self) || self->output->len > 0
      || !sk_smtp_stream_begin_tls (&self->stream, self->shared->tls))
    return FALSE;
  self->phase = SHAKING_HANDS;
  return TRUE;
}

static void
keep_pending (SkSmtpConnection *self, const char *bytes, gsize length)
{
  g_byte_array_set_size (self->pending, 0);
  if (length > 0)
    g_byte_array_append (self->pending, (const guint8 *) bytes, (guint) length);
}

/* A flood of commands is worked off in pieces, so that other connections have their turn. */
static gboolean
feed (SkSmtpConnection *self, char *bytes, gsize length)
{
  gsize piece = MAX (COMMAND_READ_BYTES, self->shared->settings->limits.auth_bytes);
  gsize taken;
  SkSmtpNext next;

  if (sk_smtp_session_in_message (self->session) || piece > length)
    piece = length;
  next = sk_smtp_session_feed (self->session, bytes, piece, &taken);
  keep_pending (self, bytes + taken, length - taken);
  self->resumes = piece < length;
  switch (next)
    {
    case SK_SMTP_HAS_MESSAGE:
      return submit (self);
    case SK_SMTP_WANTS_TLS:
      return begin_tls (self);
    case SK_SMTP_ENDED:
      return begin_to_linger (self);
    default:
      return flush (self) || end_of_client (self, FALSE);
    }
}

/* How much is read at once: much of a message, little of commands. */
static gsize
read_size (SkSmtpConnection *self)
{
  gsize room = SK_SMTP_SCRATCH_BYTES - self->pending->len;

  return sk_smtp_session_in_message (self->session) ? room : MIN (room, COMMAND_READ_BYTES);
}

static gboolean
take_input (SkSmtpConnection *self)
{
  char *scratch = self->shared->scratch;
  gsize have = self->pending->len, n = 0;
  SkStreamResult result = SK_STREAM_DONE;

  if (have > 0)
    memcpy (scratch, self->pending->data, have);
  if (!self->resumes)
    {
      result = sk_smtp_stream_read (&self->stream, scratch + have, read_size (self), &n);
      if (result == SK_STREAM_AGAIN)
        return TRUE;
      if (result != SK_STREAM_DONE)
        return end_of_client (self, result == SK_STREAM_EOF);
      note_sign_of_life (self);
    }
  return feed (self, scratch, have + n);
}

static gboolean
talk_turn (SkSmtpConnection *self, GIOCondition seen)
{
  gboolean goes_on;

  if (!flush (self))
    return end_of_client (self, FALSE);
  if (self->output->len > 0)
    return TRUE;
  if (is_to_close (self))
    sk_smtp_session_end (self->session, "4.3.2", "Sekisho is stopping");
  if (sk_smtp_session_has_ended (self->session))
    return begin_to_linger (self);
  goes_on = take_input (self);
  if (goes_on)
    note_caught_up (self);
  return goes_on;
}

/* The mail stays with the handler; nobody hears its answer. */
static gboolean
leave (SkSmtpConnection *self)
{
  SkSmtpTransaction *transaction = g_steal_pointer (&self->transaction);

  transaction->connection = NULL;
  g_queue_push_tail (&self->shared->orphans, transaction);
  if (transaction->reply != NULL)
    tell_soon (transaction);
  else
    self->shared->handler->gone (transaction, self->shared->handler_data);
  return FALSE;
}

/* A client that gives up closes without a word. One that has said QUIT behind its message and then
 * shuts only its own side (a script) still reads: it is not gone, and if it is after all, writing to it
 * will show it. Under TLS the unread bytes can't be looked at: there every end is a leave. */
static gboolean
has_said_quit (SkSmtpConnection *self)
{
  char end[6];
  gsize n = sk_smtp_stream_peek_end (&self->stream, end, sizeof end);

  if (n < sizeof end && self->pending->len >= sizeof end && n == 0)
    {
      memcpy (end, self->pending->data + self->pending->len - sizeof end, sizeof end);
      n = sizeof end;
    }
  return n == sizeof end && g_ascii_strncasecmp (end, "QUIT\r\n", sizeof end) == 0;
}

static gboolean
answer (SkSmtpConnection *self)
{
  sk_smtp_session_answer (self->session, self->transaction->reply);
  self->phase = TALKING;
  self->resumes = self->pending->len > 0;
  sk_smtp_wait_in (&self->wait, self->shared->idle, self);
  if (sk_smtp_session_has_ended (self->session))
    return begin_to_linger (self);
  return flush (self) || end_of_client (self, FALSE);
}

static gboolean
wait_turn (SkSmtpConnection *self, GIOCondition seen)
{
  if (!flush (self) || (seen & (G_IO_ERR | G_IO_HUP)))
    return leave (self);
  if ((seen & LEFT) && !self->half_closed)
    {
      if (!has_said_quit (self))
        return leave (self);
      self->half_closed = TRUE;
    }
  return self->transaction->reply == NULL || answer (self);
}

static void
greet (SkSmtpConnection *self)
{
  if (sk_smtp_stream_has_unread (&self->stream))
    sk_smtp_session_spoken_early (self->session);
}

static gboolean
shake_hands_turn (SkSmtpConnection *self, GIOCondition seen)
{
  SkStreamResult result = sk_smtp_stream_handshake (&self->stream);

  if (result == SK_STREAM_AGAIN)
    return TRUE;
  if (result != SK_STREAM_DONE)
    return FALSE;
  self->phase = TALKING;
  if (self->setup.under_tls)
    greet (self);
  else
    sk_smtp_session_under_tls (self->session);
  if (sk_smtp_session_has_ended (self->session))
    return begin_to_linger (self);
  return flush (self);
}

static gboolean
turn (SkSmtpConnection *self, GIOCondition seen)
{
  static gboolean (*const turns[PHASES]) (SkSmtpConnection *, GIOCondition) = {
    [SHAKING_HANDS] = shake_hands_turn,
    [TALKING] = talk_turn,
    [WAITING] = wait_turn,
    [LINGERING] = linger_turn,
  };

  return turns[self->phase](self, seen);
}

/* --- beginning and end --- */

static void
set_up_session (SkSmtpConnection *self, gboolean same_user)
{
  const SkSettings *settings = self->shared->settings;

  self->setup = (SkSmtpSetup) {
    .limits = &settings->limits,
    .mirror = &self->shared->mirror,
    .spool_directory = self->shared->spool_directory,
    .clock = self->shared->clock,
    .offers_tls = settings->listen_tls == SK_TLS_STARTTLS,
    .under_tls = settings->listen_tls == SK_TLS_IMPLICIT,
    .needs_password = settings->clients == SK_CLIENTS_PASSWORD,
    .same_user = same_user,
    .questions = &questions,
    .user_data = self,
  };
  self->session = sk_smtp_session_new (&self->setup);
  self->output = sk_smtp_session_output (self->session);
}

static void
attach (SkSmtpConnection *self)
{
  self->source = g_source_new (&source_functions, sizeof (Source));
  ((Source *) self->source)->connection = self;
  self->events = G_IO_IN;
  self->tag = g_source_add_unix_fd (self->source, self->stream.fd, self->events);
  g_source_set_can_recurse (self->source, TRUE); /* it never does, but GLib then saves two wakes a turn */
  g_source_attach (self->source, self->shared->context);
}

/* Under TLS from the first byte on, the greeting waits in the output until the handshake is done. */
static gboolean
begin (SkSmtpConnection *self)
{
  if (self->setup.under_tls)
    {
      self->phase = SHAKING_HANDS;
      return sk_smtp_stream_begin_tls (&self->stream, self->shared->tls);
    }
  self->phase = TALKING;
  greet (self);
  return sk_smtp_session_has_ended (self->session) ? begin_to_linger (self) : flush (self);
}

SkSmtpConnection *
sk_smtp_connection_new (SkSmtpShared *shared, int fd, uid_t uid, gboolean same_user)
{
  SkSmtpConnection *self = g_new0 (SkSmtpConnection, 1);

  self->shared = shared;
  self->uid = uid;
  self->pending = g_byte_array_new ();
  sk_smtp_stream_init (&self->stream, fd);
  set_up_session (self, same_user);
  self->link.data = self;
  g_queue_push_tail_link (&shared->connections, &self->link);
  sk_smtp_wait_in (&self->wait, shared->idle, self);
  attach (self);
  if (!begin (self))
    {
      sk_smtp_connection_free (self);
      return NULL;
    }
  set_events (self);
  return self;
}

void
sk_smtp_connection_free (SkSmtpConnection *self)
{
  SkSmtpTransaction *transaction = self->transaction;

  if (transaction != NULL && transaction->reply == NULL)
    leave (self);
  else if (transaction != NULL)
    tell (transaction, transaction->written && !transaction->failed);
  sk_smtp_wait_in (&self->wait, NULL, NULL);
  g_queue_unlink (&self->shared->connections, &self->link);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  sk_smtp_session_free (self->session);
  sk_smtp_stream_clear (&self->stream);
  g_byte_array_unref (self->pending);
  g_free (self);
}

void
sk_smtp_connection_end (SkSmtpConnection *self, const char *enhanced, const char *text)
{
  gboolean goes_on = FALSE;

  if (self->phase == TALKING)
    {
      sk_smtp_session_end (self->session, enhanced, text);
      goes_on = begin_to_linger (self);
    }
  if (goes_on)
    set_events (self);
  else
    sk_smtp_connection_free (self);
}

/* One that still holds back our answer after all this time is taken to have it. */
void
sk_smtp_connection_expire (SkSmtpConnection *self)
{
  if (self->transaction != NULL && self->transaction->written)
    tell (self->transaction, !self->transaction->failed);
  if (sk_smtp_session_has_ended (self->session))
    sk_smtp_connection_free (self);
  else
    sk_smtp_connection_end (self, "4.4.2", "Idle for too long");
}

void
sk_smtp_connection_close_soon (SkSmtpConnection *self)
{
  hurry (self, TRUE);
}

gboolean
sk_smtp_connection_in_message (const SkSmtpConnection *self)
{
  return sk_smtp_session_in_message (self->session);
}
