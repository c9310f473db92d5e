// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-stream.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

void
sk_smtp_stream_init (SkSmtpStream *self, int fd)
{
  *self = (SkSmtpStream) { .fd = fd };
}

void
sk_smtp_stream_clear (SkSmtpStream *self)
{
  g_clear_pointer (&self->ssl, SSL_free);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

gboolean
sk_smtp_stream_begin_tls (SkSmtpStream *self, SSL_CTX *context)
{
  self->ssl = SSL_new (context);
  if (self->ssl == NULL || SSL_set_fd (self->ssl, self->fd) != 1)
    return FALSE;
  SSL_set_accept_state (self->ssl);
  return TRUE;
}

static SkStreamResult
result_of_ssl (SkSmtpStream *self, int returned)
{
  int saved = errno;

  self->wants_write = FALSE;
  switch (SSL_get_error (self->ssl, returned))
    {
    case SSL_ERROR_NONE:
      return SK_STREAM_DONE;
    case SSL_ERROR_WANT_WRITE:
      self->wants_write = TRUE;
      return SK_STREAM_AGAIN;
    case SSL_ERROR_WANT_READ:
      return SK_STREAM_AGAIN;
    case SSL_ERROR_ZERO_RETURN:
      return SK_STREAM_EOF;
    case SSL_ERROR_SYSCALL:
      ERR_clear_error ();
      return saved == 0 ? SK_STREAM_EOF : SK_STREAM_BROKEN;
    default:
      ERR_clear_error ();
      return SK_STREAM_BROKEN;
    }
}

SkStreamResult
sk_smtp_stream_handshake (SkSmtpStream *self)
{
  errno = 0;
  ERR_clear_error ();
  return result_of_ssl (self, SSL_do_handshake (self->ssl));
}

static SkStreamResult
result_of_errno (void)
{
  return errno == EAGAIN || errno == EINTR ? SK_STREAM_AGAIN : SK_STREAM_BROKEN;
}

/* A record holds 16 KiB at most: several are gathered. */
static SkStreamResult
read_ssl (SkSmtpStream *self, char *bytes, gsize size, gsize *length)
{
  *length = 0;
  while (*length < size)
    {
      size_t n = 0;
      int returned;

      errno = 0;
      ERR_clear_error ();
      returned = SSL_read_ex (self->ssl, bytes + *length, size - *length, &n);
      if (returned != 1)
        {
          SkStreamResult result = result_of_ssl (self, returned);

          return *length > 0 ? SK_STREAM_DONE : result;
        }
      *length += n;
    }
  return SK_STREAM_DONE;
}

SkStreamResult
sk_smtp_stream_read (SkSmtpStream *self, char *bytes, gsize size, gsize *length)
{
  gssize n;

  if (self->ssl != NULL)
    return read_ssl (self, bytes, size, length);
  n = recv (self->fd, bytes, size, 0);
  *length = n > 0 ? (gsize) n : 0;
  if (n < 0)
    return result_of_errno ();
  return n == 0 ? SK_STREAM_EOF : SK_STREAM_DONE;
}

SkStreamResult
sk_smtp_stream_write (SkSmtpStream *self, const char *bytes, gsize size, gsize *length)
{
  gssize n;

  *length = 0;
  if (self->ssl != NULL)
    {
      errno = 0;
      ERR_clear_error ();
      return result_of_ssl (self, SSL_write_ex (self->ssl, bytes, size, length));
    }
  n = send (self->fd, bytes, size, MSG_NOSIGNAL);
  if (n < 0)
    return result_of_errno ();
  *length = (gsize) n;
  return SK_STREAM_DONE;
}

gboolean
sk_smtp_stream_has_decrypted (SkSmtpStream *self)
{
  return self->ssl != NULL && SSL_pending (self->ssl) > 0;
}

gboolean
sk_smtp_stream_has_unread (SkSmtpStream *self)
{
  int waiting = 0;

  return (self->ssl != NULL && SSL_has_pending (self->ssl))
         || (ioctl (self->fd, FIONREAD, &waiting) == 0 && waiting > 0);
}

gsize
sk_smtp_stream_peek_end (SkSmtpStream *self, char *bytes, gsize size)
{
  char peeked[16384];
  gssize n;
  gsize length;

  if (self->ssl != NULL)
    return 0;
  n = recv (self->fd, peeked, sizeof peeked, MSG_PEEK);
  length = n > 0 ? MIN ((gsize) n, size) : 0;
  memcpy (bytes, peeked + MAX (n, 0) - length, length);
  return length;
}

gboolean
sk_smtp_stream_has_failed (SkSmtpStream *self)
{
  int error = 0;
  socklen_t length = sizeof error;

  return getsockopt (self->fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 || error != 0;
}

void
sk_smtp_stream_shut (SkSmtpStream *self)
{
  if (self->ssl != NULL)
    SSL_shutdown (self->ssl);
  ERR_clear_error ();
  shutdown (self->fd, SHUT_WR);
}
