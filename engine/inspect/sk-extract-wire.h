/* The wire between the caller and sekisho-extract: packets over a SOCK_SEQPACKET pair, one record
 * or batch of records each.
 *
 * The process greets once, when its sandbox is closed and proved; then each request (one document's
 * descriptor, its name, the limits) is answered by facts, the text in pieces, the sections, and the
 * end. The same binary writes both sides, so numbers are always 8 bytes, least first, and there is
 * one version. Whoever reads a packet does it through a cursor, which never goes beyond it; what is
 * said there is judged elsewhere (sk-extract-reader.h).
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-extraction.h"

enum {
  SK_WIRE_VERSION = 1,
  SK_WIRE_FD = 3,              /* where the process finds its end */
  SK_WIRE_PACKET = 64 * 1024,  /* bytes of a packet at most */
  SK_WIRE_STRING = 8 * 1024,   /* of a name, a label, a reason */
  SK_WIRE_NAMES = 32 * 1024 * 1024, /* of all labels and members of an answer */
  SK_WIRE_OUT_OF_MEMORY = 77,  /* exit status of a process that met its memory limit */
};

typedef enum {
  SK_WIRE_HELLO = 'H',    /* version; what the self-test missed, NULL: nothing */
  SK_WIRE_REQUEST = 'R',  /* name or NULL, limits; with the document's descriptor */
  SK_WIRE_FACTS = 'F',    /* type, readable, encrypted, reason or NULL, bytes of text, sections */
  SK_WIRE_TEXT = 'T',     /* bytes of text */
  SK_WIRE_SECTIONS = 'S', /* each: kind, number, row, column, length, label, member */
  SK_WIRE_END = 'E',
} SkWireKind;

/* --- writing --- */

/* A packet of that kind, to be appended to; g_byte_array_unref(). */
GByteArray *sk_wire_packet_new (SkWireKind kind);
void sk_wire_put_number (GByteArray *packet, guint64 number);
/* NULL may be told. What is longer than SK_WIRE_STRING is cut at a character. */
void sk_wire_put_string (GByteArray *packet, const char *string);

/* --- reading --- */

typedef struct {
  const guint8 *at;
  gsize left;
  gboolean bad; /* something was missing or too large; all that is read then is 0 or NULL */
} SkWireCursor;

guint8 sk_wire_get_kind (SkWireCursor *self); /* the first byte; 0 of an empty packet */
guint64 sk_wire_get_number (SkWireCursor *self, guint64 largest);
/* Not NULL when `needed`. UTF-8 without control characters, else the cursor is bad. */
char *sk_wire_get_string (SkWireCursor *self, gboolean needed);

typedef struct {
  char *name; /* or NULL */
  SkExtractLimits limits;
} SkExtractRequest;

void sk_extract_request_clear (SkExtractRequest *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkExtractRequest, sk_extract_request_clear)

GByteArray *sk_extract_request_pack (const SkExtractRequest *self);
/* FALSE: this is no request. */
gboolean sk_extract_request_unpack (SkExtractRequest *self, const guint8 *packet, gsize length);

/* --- sending and receiving --- */

/* Blocks. `document` goes along, or -1. FALSE: errno says why; EPIPE when the other side has
 * ended. */
gboolean sk_wire_send (int fd, const GByteArray *packet, int document);

/* One packet; its length, 0 when the other side has ended, -1: errno says why (EMSGSIZE: more than
 * a packet may have). `document`: takes a descriptor that came along, else -1; where it is NULL
 * none is taken. `flags` as of recvmsg(). */
gssize sk_wire_receive (int fd, guint8 packet[SK_WIRE_PACKET], int *document, int flags);
