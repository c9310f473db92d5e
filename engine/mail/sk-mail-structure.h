/* The MIME structure of a mail file as GMime reads it, within limits. Only for this room.
 *
 * What GMime would drop without a word (a parser that gave up, nesting beyond its own limit) and what
 * would cost too much is told in `uninspected`.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-mail-source.h"
#include "sk-message.h"

#include <gmime/gmime.h>

typedef struct _SkMailStructure SkMailStructure;

SkMailStructure *sk_mail_structure_read (SkMailSource *source, const SkMessageLimits *limits);
void sk_mail_structure_free (SkMailStructure *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkMailStructure, sk_mail_structure_free)

/* The top part with all header fields of the mail; NULL when its header could not be read. */
GMimeObject *sk_mail_structure_root (const SkMailStructure *self);
/* The limit that was met, in English, or NULL. */
const char *sk_mail_structure_uninspected (const SkMailStructure *self);

/* Where the encoded content of a leaf lies in the file. FALSE when it has none. */
gboolean sk_mail_structure_content (const SkMailStructure *self, GMimePart *part, gint64 *offset,
                                    gint64 *length);
/* Where a header field begins in the file, -1 when that is not known. */
gint64 sk_mail_structure_field (const SkMailStructure *self, GMimeHeader *header);
