/* The parts of a mail in their order: what each declares, and where its content lies. Only for this
 * room.
 *
 * An attached message is one part; what is in it is counted against the limits and no more.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-mail-structure.h"
#include "sk-transfer-encoding.h"

typedef struct {
  SkPartKind kind;
  char *type;       /* lower case; NULL when none is declared */
  char *name;       /* decoded; NULL when it has none */
  char *charset;    /* label, or NULL */
  char *encoding;   /* lower case, "" when there is none */
  SkTransferEncoding transfer;
  char *content_id; /* without <>, or NULL */
  char *smime_type; /* lower case, or NULL */
  gboolean is_attached;   /* Content-Disposition says attachment */
  gboolean is_signature;  /* the last child of a multipart/signed: RFC 1847, 2.1 */
  gboolean contradictory; /* fields that decide what it is stand there twice, and differ */
  gconstpointer alternative; /* the multipart/alternative it stands in, or NULL */
  guint branch;              /* in which of its parts */
  gint64 offset, length;  /* of the encoded content in the file */
} SkPart;

typedef struct {
  GPtrArray *parts; /* SkPart* */
  gboolean is_signed, is_encrypted; /* by multiparts */
  char *uninspected; /* a limit, or what hides content, in English; or NULL */
} SkPartList;

void sk_part_list_read (SkPartList *self, SkMailSource *source, const SkMailStructure *structure,
                        const SkMessageLimits *limits);
void sk_part_list_clear (SkPartList *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkPartList, sk_part_list_clear)

/* A text that is shown as the body, not as a file. */
gboolean sk_part_is_body_text (const SkPart *self);
gboolean sk_part_is_html (const SkPart *self);
/* At most `limit` decoded bytes; `cut` tells whether there were more. */
GByteArray *sk_part_decode (const SkPart *self, SkMailSource *source, gsize limit, gboolean *cut);
/* Writes the decoded bytes to a descriptor, block by block. FALSE with errno when that fails. */
gboolean sk_part_copy (const SkPart *self, SkMailSource *source, int into);
guint64 sk_part_decoded_size (const SkPart *self, SkMailSource *source);
