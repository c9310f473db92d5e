/* What is asked of sekisho-extract about one document, and what it answers.
 *
 * The limits bound everything: what lies beyond one is not read, and the answer names it. An answer
 * comes from a process that may have been subverted by the document; the reader of the wire
 * (sk-extract-reader.h) lets nothing through that this page does not allow.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-inspection.h"

typedef struct {
  guint depth;           /* 8: archives and mails inside one another */
  guint members;         /* 10,000 in all */
  guint64 unpacked_bytes; /* 512 MiB in all */
  guint ratio;           /* 200: unpacked to packed, of one member above 1 MiB */
  gsize text_bytes;      /* 32 MiB of text in all */
  guint sections;        /* 100,000 */
} SkExtractLimits;

#define SK_EXTRACT_DEFAULT_LIMITS                                                                  \
  {                                                                                                \
    .depth = 8, .members = 10000, .unpacked_bytes = 512 * 1024 * 1024, .ratio = 200,               \
    .text_bytes = 32 * 1024 * 1024, .sections = 100000                                             \
  }

extern const SkExtractLimits sk_extract_default_limits;

/* Of one attachment, and all that is in it. */
typedef struct {
  char *type;         /* by content, "application/pdf"; "application/octet-stream": no known kind */
  SkTruth readable;   /* NO: not, or only in part; `reason` says why */
  SkTruth encrypted;  /* of an archive: all its members are */
  char *reason;       /* English, for people; NULL when all could be read */
  char *text;         /* what could be read, UTF-8, "" for nothing */
  gsize length;
  GPtrArray *sections; /* SkSection*; they cover the text */
} SkExtraction;

void sk_extraction_free (SkExtraction *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkExtraction, sk_extraction_free)
