/* Excel's binary records (BIFF; [MS-XLS] 2.1.4) and the strings in them, which may go on over
 * CONTINUE records.
 *
 * A cursor reads a record and, where it is told to, what continues it. Past the end everything is
 * zero; sk_biff_at_end() tells. What is cut, or has a hole of zeros in a text, is read as far as it
 * goes, and told by `is_damaged`. Borrows the stream.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

enum {
  SK_BIFF_CONTINUE = 0x3c,
  SK_BIFF_END = 0x0a, /* of a substream */
  SK_BIFF_GLOBALS = 5, /* the kind of a substream */
};

typedef struct {
  SkBytes stream;
  gsize next;   /* where the next record begins */
  gsize offset; /* where this one does */
  guint type;
  SkBytes data; /* this record's, or that of the CONTINUE that the cursor stands in */
  gsize at;     /* the cursor's place in it */
  guint version; /* 8, or 5 for 5 and 7; told by the caller */
  const char *charset; /* of bytes in version 5; NULL: guessed */
  gboolean is_damaged; /* up to where it has been read */
} SkBiff;

/* The next record; FALSE: there is none. */
gboolean sk_biff_next (SkBiff *self);
gboolean sk_biff_at_end (const SkBiff *self);
/* Whether records have such a type; and whether what stands here can be one at all. */
gboolean sk_biff_has_type (const SkBiff *self);
gboolean sk_biff_is_sane (const SkBiff *self);

/* From the cursor on, over CONTINUE records. */
guint sk_biff_u8 (SkBiff *self);
guint sk_biff_u16 (SkBiff *self);
guint32 sk_biff_u32 (SkBiff *self);
void sk_biff_skip (SkBiff *self, gsize length);
/* Characters without their count; `is_wide`: two bytes each. */
void sk_biff_append_characters (SkBiff *self, guint count, gboolean is_wide, GString *into);
/* A string whose count of characters has been read: in version 8 its flags and what they add, else
 * bytes. */
void sk_biff_append_string (SkBiff *self, guint count, GString *into);
/* A text of version 5, in the charset of that label; NULL: guessed. */
void sk_biff_append_bytes (GString *into, SkBytes bytes, const char *charset);
