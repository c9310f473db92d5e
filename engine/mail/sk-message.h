/* A message as policy sees it, read from a file; the file is never changed.
 *
 * GMime gives the structure, charsets and RFC 2047 are our own. Nothing a client sends is an
 * error: what can't be read, or lies beyond a limit, is named in `uninspected` (of the message or
 * of an attachment) and the policy decides. A GError means that the file itself could not be read.
 * The caller owns the result. Safe to call from any thread; a message is then read-only.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-address.h"

#include <glib.h>

typedef struct {
  gsize header_bytes;    /* 1 MiB: of the message's header, and of any part's */
  guint parts;           /* 1,000 */
  guint depth;           /* 32: multiparts and attached messages inside one another */
  guint addresses;       /* 10,000 in all header fields together */
  gsize text_bytes;      /* 32 MiB: decoded text of all body parts together */
} SkMessageLimits;

extern const SkMessageLimits sk_message_default_limits;

/* What the caller needs, since sizes and texts of large parts cost time. Headers, structure and
 * names are always read. */
typedef enum {
  SK_MESSAGE_WANT_TEXTS = 1 << 0, /* decoded body texts */
  SK_MESSAGE_WANT_SIZES = 1 << 1, /* decoded sizes of attachments */
  SK_MESSAGE_WANT_ALL = SK_MESSAGE_WANT_TEXTS | SK_MESSAGE_WANT_SIZES,
} SkMessageWant;

typedef struct {
  char *name;  /* as written, but UTF-8 */
  char *value; /* decoded, UTF-8, unfolded */
} SkHeaderField;

typedef enum { SK_TEXT_PLAIN, SK_TEXT_HTML } SkTextKind;

/* A body text. HTML is given as a reader sees it: tags gone, entities decoded, block elements as line
 * breaks, script and style left out; inline tags join (請<b>求</b>書 is one word). */
typedef struct {
  SkTextKind kind;
  char *text; /* UTF-8 */
  gsize length;
  guint alternative; /* the same for texts of which a reader sees but one, from 1; 0: it stands for itself */
  guint branch;      /* which one: texts of an alternative and a branch are seen together */
  guint64 replaced;     /* characters that could not be decoded */
} SkText;

typedef enum {
  SK_PART_LEAF,
  SK_PART_MESSAGE,  /* message/rfc822, also when base64-encoded */
  SK_PART_PARTIAL,  /* message/partial: never whole */
  SK_PART_EXTERNAL, /* message/external-body: not here */
  SK_PART_TNEF,     /* application/ms-tnef, winmail.dat */
} SkPartKind;

typedef struct {
  guint index;   /* from 1, in the order of the mail */
  char *name;    /* file name, UTF-8; NULL when it has none (an attached message without one: NULL too) */
  char *type;    /* declared, lower case, "image/png"; "application/octet-stream" when there is none */
  gint64 size;   /* decoded bytes; -1 when it was not asked for or could not be told */
  SkPartKind kind;
  gint64 offset; /* where the encoded content starts in the file, and how long it is */
  gint64 length;
  char *encoding;    /* content transfer encoding, lower case; "" when there is none */
  char *uninspected; /* why it could not be inspected, English; NULL when it could */
  gboolean contradictory; /* its fields contradict one another: name, type and size are but one reading */
} SkAttachment;

typedef struct {
  GPtrArray *from, *sender, *to, *cc, *bcc; /* SkAddress*; Resent-* are in the same arrays */
  char *subject;      /* decoded, "" when there is none */
  char *message_id;   /* as written with <>, or NULL */
  char *mailer;       /* User-Agent or X-Mailer, or NULL */
  GPtrArray *headers; /* SkHeaderField*, all of the top header in order */
  GPtrArray *texts;   /* SkText*; empty unless SK_MESSAGE_WANT_TEXTS */
  GPtrArray *attachments; /* SkAttachment* */
  gboolean is_signed, is_encrypted; /* S/MIME or PGP, by structure */
  char *uninspected;  /* why the message as a whole could not be inspected (a limit, named), or NULL */
  gint64 size;        /* bytes of the file */
} SkMessage;

SkMessage *sk_message_open (const char *path, const SkMessageLimits *limits, SkMessageWant want,
                            GError **error);
/* From an open descriptor (borrowed, its position does not matter). */
SkMessage *sk_message_open_fd (int fd, const SkMessageLimits *limits, SkMessageWant want,
                               GError **error);
/* What its top header says and nothing else, in the time that this takes: of a mail that can't be read wholly now. */
SkMessage *sk_message_open_header_fd (int fd, const SkMessageLimits *limits, GError **error);
/* From memory (borrowed while it is read); never fails. */
SkMessage *sk_message_open_bytes (const guint8 *bytes, gsize length, const SkMessageLimits *limits,
                                  SkMessageWant want);
void sk_message_free (SkMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkMessage, sk_message_free)

/* The decoded bytes of an attachment, at most `limit`; SK_ERROR_LIMIT beyond. `fd` is the same file. */
GBytes *sk_message_read_attachment (int fd, const SkAttachment *attachment, gsize limit,
                                    GError **error);

/* The same into a descriptor, in little memory. FALSE: the mail can't be read, or `into` not written. */
gboolean sk_message_copy_attachment (int fd, const SkAttachment *attachment, int into, GError **error);
/* The same of a mail in memory. NULL: there are more than `limit`. */
GByteArray *sk_message_decode_attachment (const guint8 *bytes, gsize length,
                                          const SkAttachment *attachment, gsize limit);

/* All Subject fields, a line each, since some programs show the first and some the last. g_free. */
char *sk_message_subjects (const SkMessage *self);

/* The last dotted endings of a name after NFKC, lower case, without trailing dots and spaces:
 * "Ａ.TAR.GZ. " gives {"gz", "tar.gz"}; none gives an empty array. NULL-terminated, g_strfreev. */
char **sk_attachment_extensions (const char *name);

/* A fingerprint by which a client that submits the same mail again is recognised: SHA-256, as hex,
 * of all of the file but Message-ID, Date and the boundaries' names (in Content-Type and in the
 * boundary lines), streamed in constant memory. NULL on a read error. */
char *sk_message_fingerprint (int fd, GError **error);
