/* Office's own password, with which it "encrypts" what is protected against changes only, and what
 * it takes to see whether a document has it: [MS-OFFCRYPTO], [MS-XLS] 2.2.10. Anyone can read such
 * a document, so it is not encrypted.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

/* "VelvetSweatshop", in UTF-16LE. */
SkBytes sk_office_password (void);

enum { SK_DIGEST_LARGEST = 64 };

/* The digest of all the parts (terminated by one with NULL). Returns its length. */
gsize sk_office_digest (GChecksumType type, const SkBytes *parts, guint8 digest[SK_DIGEST_LARGEST]);

typedef struct {
  guint8 state[256], i, j;
} SkRc4;

void sk_rc4_init (SkRc4 *self, const guint8 *key, gsize length);
void sk_rc4_apply (SkRc4 *self, guint8 *bytes, gsize length);
