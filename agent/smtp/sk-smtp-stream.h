/* A connected, non-blocking socket, with TLS over it or without. Owns the descriptor. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

typedef enum { SK_STREAM_DONE, SK_STREAM_AGAIN, SK_STREAM_EOF, SK_STREAM_BROKEN } SkStreamResult;

typedef struct {
  int fd;
  SSL *ssl;             /* NULL: in the clear */
  gboolean wants_write; /* TLS can only go on when the socket can be written to */
} SkSmtpStream;

void sk_smtp_stream_init (SkSmtpStream *self, int fd);
void sk_smtp_stream_clear (SkSmtpStream *self);

gboolean sk_smtp_stream_begin_tls (SkSmtpStream *self, SSL_CTX *context);
SkStreamResult sk_smtp_stream_handshake (SkSmtpStream *self);

/* Reads what is there, at most `size`. */
SkStreamResult sk_smtp_stream_read (SkSmtpStream *self, char *bytes, gsize size, gsize *length);
/* One write; `length` says how much went. */
SkStreamResult sk_smtp_stream_write (SkSmtpStream *self, const char *bytes, gsize size,
                                     gsize *length);
/* Something of the client's is here and was not read (under TLS perhaps only a part of a record). */
gboolean sk_smtp_stream_has_unread (SkSmtpStream *self);
/* Decrypted bytes that no poll will tell of. */
gboolean sk_smtp_stream_has_decrypted (SkSmtpStream *self);
/* The last bytes of the unread ones, in the clear only. */
gsize sk_smtp_stream_peek_end (SkSmtpStream *self, char *bytes, gsize size);
/* The socket has met an error (a reset) since it was last asked. */
gboolean sk_smtp_stream_has_failed (SkSmtpStream *self);
/* Says that we have said all. */
void sk_smtp_stream_shut (SkSmtpStream *self);
