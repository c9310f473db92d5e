/* What libarchive 3.6 doesn't tell of RAR files: which members are encrypted (RAR 5), and that a
 * file is one of several volumes.
 *
 * Walks over the headers alone; what is damaged ends the walk. Only for sk-format-archive.c.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

typedef struct {
  gboolean is_volume;
  gboolean names_are_encrypted; /* nothing can be read without the password */
  guint files;
  gsize end;                    /* of the file, by its headers; 0: of the older format */
  GHashTable *encrypted;        /* names of the encrypted ones */
} SkRar;

/* NULL: it is no RAR file. */
SkRar *sk_rar_look (const SkContent *content);
void sk_rar_free (SkRar *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkRar, sk_rar_free)
