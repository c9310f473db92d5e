/* OpenPGP messages (RFC 4880), binary or in ASCII armour: what is encrypted, and what is only
 * signed or packed and can be read. Signatures and keys in armour are text.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-inflate.h"

#include <string.h>

#define ARMOUR "-----BEGIN PGP MESSAGE-----"
#define ENDS_EARLY "damaged: a part of the PGP message ends too early"
#define TOO_MUCH "the PGP message has too many packets, or too deep ones"

enum {
  TAG_KEY_SESSION = 1,
  TAG_PASSWORD_SESSION = 3,
  TAG_ONE_PASS_SIGNATURE = 4,
  TAG_COMPRESSED = 8,
  TAG_ENCRYPTED = 9,
  TAG_LITERAL = 11,
  TAG_ENCRYPTED_INTEGRITY = 18,
  TAG_ENCRYPTED_AEAD = 20,
  DEPTH = 4,      /* packets inside one another */
  PACKETS = 1000,
  PEEKED = 4096,
};

/* --- packets ---------------------------------------------------------------------------------- */

typedef struct {
  const guint8 *at, *end;
} Cursor;

typedef struct {
  guint tag;
  const guint8 *body;
  gsize length;
  GByteArray *joined; /* of a body in pieces; owned */
} Packet;

static gboolean
take_number (Cursor *self, guint octets, gsize *number)
{
  if ((gsize) (self->end - self->at) < octets)
    return FALSE;
  for (*number = 0; octets > 0; octets--)
    *number = *number << 8 | *self->at++;
  return TRUE;
}

/* RFC 4880, 4.2.2. `partial`: another piece follows this one. */
static gboolean
take_new_length (Cursor *self, gsize *length, gboolean *partial)
{
  gsize first, second;

  *partial = FALSE;
  if (!take_number (self, 1, &first))
    return FALSE;
  if (first == 255)
    return take_number (self, 4, length);
  *partial = first >= 224;
  *length = *partial ? (gsize) 1 << (first & 31) : first;
  if (first < 192 || *partial)
    return TRUE;
  if (!take_number (self, 1, &second))
    return FALSE;
  *length = ((first - 192) << 8) + second + 192;
  return TRUE;
}

/* RFC 4880, 4.2.1; length type 3: to the end. */
static gboolean
take_old_length (Cursor *self, guint type, gsize *length)
{
  *length = (gsize) (self->end - self->at);
  return type == 3 || take_number (self, 1U << type, length);
}

static gboolean
take_body (Cursor *self, Packet *packet, gsize length)
{
  if (length > (gsize) (self->end - self->at))
    return FALSE;
  packet->body = self->at;
  packet->length = length;
  self->at += length;
  return TRUE;
}

static gboolean
take_pieces (Cursor *self, Packet *packet)
{
  gboolean partial = TRUE;
  gsize length;

  packet->joined = g_byte_array_new ();
  while (partial)
    {
      Packet piece;

      g_byte_array_append (packet->joined, packet->body, (guint) packet->length);
      if (!take_new_length (self, &length, &partial) || !take_body (self, &piece, length))
        return FALSE;
      packet->body = piece.body;
      packet->length = piece.length;
    }
  g_byte_array_append (packet->joined, packet->body, (guint) packet->length);
  packet->body = packet->joined->data;
  packet->length = packet->joined->len;
  return TRUE;
}

/* RFC 4880, 4.2. */
static guint
tag_of (guint8 head)
{
  return head & 0x40 ? head & 0x3f : head >> 2 & 0x0f;
}

/* FALSE at the end, and where there is no packet. */
static gboolean
take_packet (Cursor *self, Packet *packet)
{
  gboolean partial = FALSE;
  gsize length;
  guint8 head;

  memset (packet, 0, sizeof *packet);
  if (self->at >= self->end || (*self->at & 0x80) == 0)
    return FALSE;
  head = *self->at++;
  packet->tag = tag_of (head);
  if (!(head & 0x40 ? take_new_length (self, &length, &partial)
                    : take_old_length (self, head & 3, &length)))
    return FALSE;
  if (!take_body (self, packet, length))
    return FALSE;
  return !partial || take_pieces (self, packet);
}

static gboolean
is_encrypted_tag (guint tag)
{
  return tag == TAG_KEY_SESSION || tag == TAG_PASSWORD_SESSION || tag == TAG_ENCRYPTED
         || tag == TAG_ENCRYPTED_INTEGRITY || tag == TAG_ENCRYPTED_AEAD;
}

/* --- recognising ------------------------------------------------------------------------------ */

static const char *
armour_start (const SkContent *content)
{
  const char *bytes = (const char *) content->bytes;
  gsize length = content->length;

  while (length > 0 && g_ascii_isspace (*bytes))
    {
      bytes++;
      length--;
    }
  return length > strlen (ARMOUR) && memcmp (bytes, ARMOUR, strlen (ARMOUR)) == 0
             ? bytes + strlen (ARMOUR)
             : NULL;
}

/* What the first bytes of a body must be for each kind that a message can begin with: versions and
 * algorithms that exist (RFC 4880, 5.1, 5.3, 5.4; 9.1 to 9.4). */
static gboolean
is_session_or_signature (const Packet *packet)
{
  const guint8 *body = packet->body;

  switch (packet->tag)
    {
    case TAG_KEY_SESSION:
      return packet->length > 16 && (body[0] == 3 || body[0] == 6) && body[9] > 0 && body[9] <= 27;
    case TAG_PASSWORD_SESSION:
      return packet->length >= 4 && packet->length < 256 && body[0] >= 4 && body[0] <= 6
             && body[1] > 0 && body[1] <= 13;
    case TAG_ONE_PASS_SIGNATURE:
      return packet->length == 13 && body[0] == 3 && body[1] <= 1;
    default:
      return FALSE;
    }
}

static gboolean
is_packed_message (const Packet *packet)
{
  GZlibCompressorFormat format
      = packet->body[0] == 1 ? G_ZLIB_COMPRESSOR_FORMAT_RAW : G_ZLIB_COMPRESSOR_FORMAT_ZLIB;
  gboolean whole;
  g_autoptr (GByteArray) start
      = sk_inflate (packet->body + 1, MIN (packet->length - 1, PEEKED), format, 1, &whole);
  guint tag = start->len > 0 && start->data[0] & 0x80 ? tag_of (start->data[0]) : 0;

  return tag == TAG_ONE_PASS_SIGNATURE || tag == TAG_LITERAL;
}

/* As gpg writes it: packed to the end. */
static gboolean
is_packed (const SkContent *content)
{
  Packet packet = { 0 };

  if (content->length <= 8 || content->bytes[0] != 0xa3)
    return FALSE;
  if (memcmp (content->bytes + 1, "\3BZh", 4) == 0)
    return TRUE;
  packet.body = content->bytes + 1;
  packet.length = content->length - 1;
  return (packet.body[0] == 1 || packet.body[0] == 2) && is_packed_message (&packet);
}

static gboolean
is_binary (const SkContent *content)
{
  Cursor cursor = { content->bytes, content->bytes + content->length };
  guint tag = content->length > 0 && content->bytes[0] & 0x80 ? tag_of (content->bytes[0]) : 0;
  Packet packet = { 0 };
  gboolean message;

  if (tag != TAG_KEY_SESSION && tag != TAG_PASSWORD_SESSION && tag != TAG_ONE_PASS_SIGNATURE)
    return is_packed (content);
  message = take_packet (&cursor, &packet) && packet.joined == NULL
            && is_session_or_signature (&packet) && cursor.at < cursor.end
            && (*cursor.at & 0x80) != 0;
  g_clear_pointer (&packet.joined, g_byte_array_unref);
  return message;
}

static const char *
recognise (const SkContent *content)
{
  return armour_start (content) != NULL || is_binary (content) ? "application/pgp-encrypted" : NULL;
}

/* --- reading ---------------------------------------------------------------------------------- */

typedef struct {
  SkSink *sink;
  gboolean is_encrypted, found;
} Reader;

static void read_packets (Reader *self, const guint8 *bytes, gsize length, guint depth);

/* RFC 4880, 5.9: a kind, a name with its length, a date, and the content. */
static void
read_literal (Reader *self, const Packet *packet)
{
  gsize name_length = packet->length >= 2 ? packet->body[1] : 0;
  g_autofree char *name = NULL;
  SkContent member = { 0 };

  if (packet->length < 6 + name_length)
    {
      sk_sink_doubt (self->sink, ENDS_EARLY);
      return;
    }
  name = g_strndup ((const char *) packet->body + 2, name_length);
  member.name = *name != '\0' ? name : NULL;
  member.bytes = packet->body + 6 + name_length;
  member.length = packet->length - 6 - name_length;
  self->found = TRUE;
  sk_sink_member (self->sink, &member);
}

static void
read_deflated (Reader *self, const Packet *packet, GZlibCompressorFormat format, guint depth)
{
  gboolean whole;
  g_autoptr (GByteArray) bytes
      = sk_inflate (packet->body + 1, packet->length - 1, format,
                    sk_sink_may_unpack (self->sink, packet->length), &whole);

  if (!sk_sink_unpack (self->sink, packet->length, bytes->len))
    return;
  read_packets (self, bytes->data, bytes->len, depth);
  if (!whole)
    sk_sink_doubt (self->sink, ENDS_EARLY);
}

/* RFC 4880, 5.6 and 9.3. BZip2 (3) is known and not read. */
static void
read_compressed (Reader *self, const Packet *packet, guint depth)
{
  guint algorithm = packet->length > 0 ? packet->body[0] : G_MAXUINT;

  if (algorithm == 0)
    read_packets (self, packet->body + 1, packet->length - 1, depth);
  else if (algorithm == 1)
    read_deflated (self, packet, G_ZLIB_COMPRESSOR_FORMAT_RAW, depth);
  else if (algorithm == 2)
    read_deflated (self, packet, G_ZLIB_COMPRESSOR_FORMAT_ZLIB, depth);
  else
    sk_sink_doubt (self->sink, "a part of the PGP message is packed in a way that can't be read");
}

static void
read_packet (Reader *self, const Packet *packet, guint depth)
{
  if (is_encrypted_tag (packet->tag))
    self->is_encrypted = TRUE;
  else if (packet->tag == TAG_LITERAL)
    read_literal (self, packet);
  else if (packet->tag == TAG_COMPRESSED)
    read_compressed (self, packet, depth + 1);
}

static void
read_next (Reader *self, Cursor *cursor, guint depth)
{
  Packet packet;

  if (take_packet (cursor, &packet))
    read_packet (self, &packet, depth);
  else
    {
      sk_sink_doubt (self->sink, ENDS_EARLY);
      cursor->at = cursor->end;
    }
  g_clear_pointer (&packet.joined, g_byte_array_unref);
}

static void
read_packets (Reader *self, const guint8 *bytes, gsize length, guint depth)
{
  Cursor cursor = { bytes, length > 0 ? bytes + length : bytes };
  guint packets = depth < DEPTH ? PACKETS : 0;

  for (; packets > 0 && cursor.at < cursor.end && !self->is_encrypted; packets--)
    read_next (self, &cursor, depth);
  if (cursor.at < cursor.end && !self->is_encrypted)
    sk_sink_doubt (self->sink, TOO_MUCH);
}

/* Behind the armour's header lines (RFC 4880, 6.2) to its checksum or end. */
static guint8 *
remove_armour (const SkContent *content, gsize *length)
{
  g_autofree char *text = NULL, *base64 = NULL;
  const char *start = armour_start (content), *body, *end;

  text = g_strndup (start, (gsize) ((const char *) content->bytes + content->length - start));
  body = strstr (text, "\n\n");
  end = strstr (text, "\n\r\n");
  if (body == NULL || (end != NULL && end < body))
    body = end;
  body = body != NULL ? body + 2 : text + strlen (text);
  end = strstr (body, "\n=");
  end = end != NULL ? end : strstr (body, "\n-----END");
  base64 = end != NULL ? g_strndup (body, (gsize) (end - body)) : g_strdup (body);
  return g_base64_decode (base64, length);
}

static SkReading
read_pgp (const SkContent *content, const char *type, SkSink *sink)
{
  Reader reader = { .sink = sink };
  g_autofree guint8 *bare = NULL;
  gsize length;

  if (armour_start (content) != NULL)
    {
      bare = remove_armour (content, &length);
      read_packets (&reader, bare, length, 0);
    }
  else
    read_packets (&reader, content->bytes, content->length, 0);
  if (reader.is_encrypted)
    return SK_READING_ENCRYPTED;
  if (!reader.found)
    sk_sink_doubt (sink, "the PGP message can't be read");
  return SK_READING_DONE;
}

const SkFormat sk_format_pgp = { "pgp", recognise, read_pgp };
