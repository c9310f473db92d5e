/* Where an attached message lies in the file, which GMime does not tell. Only for this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-mail-structure.h"

/* The boundary of a multipart, and the multiparts around it. */
typedef struct _SkBoundary SkBoundary;
struct _SkBoundary {
  const SkBoundary *around;
  const char *name;
  gsize length;
};

/* The first field of a message, whose Content-* fields GMime keeps at its part; -1 when it has none. */
gint64 sk_mail_first_field (const SkMailStructure *structure, GMimeObject *message,
                            GMimeObject *part);
/* Behind the empty line that ends the header with these fields; -1 when it has no fields. */
gint64 sk_mail_header_end (SkMailSource *source, const SkMailStructure *structure,
                           GMimeHeaderList *fields);
/* Where the content that starts at `start` ends: before the line break of the next line that is one of
 * the boundaries, or with the file. */
gint64 sk_mail_extent_end (SkMailSource *source, gint64 start, const SkBoundary *boundaries);
