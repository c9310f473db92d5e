// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract-wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NO_STRING G_MAXUINT64

/* --- writing --------------------------------------------------------------------------------- */

GByteArray *
sk_wire_packet_new (SkWireKind kind)
{
  GByteArray *packet = g_byte_array_new ();
  guint8 byte = (guint8) kind;

  return g_byte_array_append (packet, &byte, 1);
}

void
sk_wire_put_number (GByteArray *packet, guint64 number)
{
  guint64 little = GUINT64_TO_LE (number);

  g_byte_array_append (packet, (const guint8 *) &little, sizeof little);
}

static gsize
cut (const char *string)
{
  gsize length = strnlen (string, SK_WIRE_STRING + 1);

  if (length <= SK_WIRE_STRING)
    return length;
  length = SK_WIRE_STRING;
  while (length > 0 && ((guchar) string[length] & 0xc0) == 0x80)
    length--;
  return length;
}

void
sk_wire_put_string (GByteArray *packet, const char *string)
{
  gsize length;

  if (string == NULL)
    {
      sk_wire_put_number (packet, NO_STRING);
      return;
    }
  length = cut (string);
  sk_wire_put_number (packet, length);
  g_byte_array_append (packet, (const guint8 *) string, (guint) length);
}

/* --- reading --------------------------------------------------------------------------------- */

static const guint8 *
take (SkWireCursor *self, gsize length)
{
  const guint8 *bytes = self->at;

  if (self->bad || length > self->left)
    {
      self->bad = TRUE;
      return NULL;
    }
  self->at += length;
  self->left -= length;
  return bytes;
}

guint8
sk_wire_get_kind (SkWireCursor *self)
{
  const guint8 *byte = take (self, 1);

  return byte != NULL ? *byte : 0;
}

guint64
sk_wire_get_number (SkWireCursor *self, guint64 largest)
{
  guint64 little = 0;
  const guint8 *bytes = take (self, sizeof little);

  if (bytes == NULL)
    return 0;
  memcpy (&little, bytes, sizeof little);
  self->bad = GUINT64_FROM_LE (little) > largest;
  return self->bad ? 0 : GUINT64_FROM_LE (little);
}

static gboolean
is_clean (const char *string, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if ((guchar) string[i] < 0x20 || string[i] == 0x7f)
      return FALSE;
  return g_utf8_validate_len (string, length, NULL);
}

char *
sk_wire_get_string (SkWireCursor *self, gboolean needed)
{
  guint64 length = sk_wire_get_number (self, NO_STRING);
  const guint8 *bytes;

  if (self->bad || (length == NO_STRING && !needed))
    return NULL;
  if (length > SK_WIRE_STRING)
    {
      self->bad = TRUE;
      return NULL;
    }
  bytes = take (self, length);
  self->bad = self->bad || !is_clean ((const char *) bytes, length);
  return self->bad ? NULL : g_strndup ((const char *) bytes, length);
}

/* --- requests -------------------------------------------------------------------------------- */

void
sk_extract_request_clear (SkExtractRequest *self)
{
  g_clear_pointer (&self->name, g_free);
}

GByteArray *
sk_extract_request_pack (const SkExtractRequest *self)
{
  GByteArray *packet = sk_wire_packet_new (SK_WIRE_REQUEST);

  sk_wire_put_string (packet, self->name);
  sk_wire_put_number (packet, self->limits.depth);
  sk_wire_put_number (packet, self->limits.members);
  sk_wire_put_number (packet, self->limits.unpacked_bytes);
  sk_wire_put_number (packet, self->limits.ratio);
  sk_wire_put_number (packet, self->limits.text_bytes);
  sk_wire_put_number (packet, self->limits.sections);
  return packet;
}

static void
get_limits (SkWireCursor *cursor, SkExtractLimits *limits)
{
  limits->depth = (guint) sk_wire_get_number (cursor, G_MAXUINT);
  limits->members = (guint) sk_wire_get_number (cursor, G_MAXUINT);
  limits->unpacked_bytes = sk_wire_get_number (cursor, G_MAXUINT64);
  limits->ratio = (guint) sk_wire_get_number (cursor, G_MAXUINT);
  limits->text_bytes = (gsize) sk_wire_get_number (cursor, G_MAXSIZE);
  limits->sections = (guint) sk_wire_get_number (cursor, G_MAXUINT);
}

gboolean
sk_extract_request_unpack (SkExtractRequest *self, const guint8 *packet, gsize length)
{
  SkWireCursor cursor = { packet, length, FALSE };

  *self = (SkExtractRequest) { NULL };
  if (sk_wire_get_kind (&cursor) != SK_WIRE_REQUEST)
    return FALSE;
  self->name = sk_wire_get_string (&cursor, FALSE);
  get_limits (&cursor, &self->limits);
  return !cursor.bad && cursor.left == 0 && self->limits.ratio > 0;
}

/* --- sending and receiving ------------------------------------------------------------------- */

/* Room for one descriptor. */
typedef union {
  struct cmsghdr header;
  char bytes[CMSG_SPACE (sizeof (int))];
} Control;

static void
attach (struct msghdr *message, Control *control, int document)
{
  struct cmsghdr *header;

  message->msg_control = control->bytes;
  message->msg_controllen = sizeof control->bytes;
  header = CMSG_FIRSTHDR (message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof document);
  memcpy (CMSG_DATA (header), &document, sizeof document);
}

gboolean
sk_wire_send (int fd, const GByteArray *packet, int document)
{
  struct iovec part = { packet->data, packet->len };
  struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
  Control control = { .bytes = { 0 } };
  gssize sent;

  if (document >= 0)
    attach (&message, &control, document);
  do
    sent = sendmsg (fd, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == (gssize) packet->len;
}

static int
attached (struct msghdr *message)
{
  struct cmsghdr *header = CMSG_FIRSTHDR (message);
  int document = -1;

  if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS
      && header->cmsg_len == CMSG_LEN (sizeof document))
    memcpy (&document, CMSG_DATA (header), sizeof document);
  return document;
}

gssize
sk_wire_receive (int fd, guint8 packet[SK_WIRE_PACKET], int *document, int flags)
{
  struct iovec part = { packet, SK_WIRE_PACKET };
  struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
  Control control = { .bytes = { 0 } };
  gssize length;

  if (document != NULL)
    {
      message.msg_control = control.bytes;
      message.msg_controllen = sizeof control.bytes;
    }
  do
    length = recvmsg (fd, &message, flags | MSG_CMSG_CLOEXEC);
  while (length < 0 && errno == EINTR);
  if (document != NULL)
    *document = length > 0 ? attached (&message) : -1;
  if (length >= 0 && (message.msg_flags & MSG_TRUNC) != 0)
    {
      errno = EMSGSIZE;
      return -1;
    }
  return length;
}
