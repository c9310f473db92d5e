/* Kinds of archives and compressed files: how each is told by its first bytes, and which of
 * libarchive's readers is for it.
 *
 * Adding a kind that libarchive reads is a row of the table in sk-archive-kind.c. Only for
 * sk-format-archive.c.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

#include <archive.h>

typedef struct {
  const char *type; /* MIME */
  gboolean (*is) (const SkContent *content);
  int (*support_format) (struct archive *archive);
  int (*support_filter) (struct archive *archive); /* NULL: none, it holds members as they are */
  gboolean (*is_whole) (const SkContent *content); /* NULL: libarchive tells */
  gsize (*extent) (const SkContent *content); /* how far it reaches; NULL: members never lie in it
                                                 as they are, or it doesn't say */
  const char *const *endings; /* of names, in pairs: ending, what it becomes without the
                                 compression; NULL for archives */
} SkArchiveKind;

/* NULL: none. */
const SkArchiveKind *sk_archive_kind_of (const SkContent *content);

/* A header could not be read, and libarchive doesn't say why: it can't convert a name of an LZH
 * archive. These are in Shift_JIS; it must be told. */
gboolean sk_archive_stumbles_over_name (struct archive *archive, int status);
void sk_archive_tell_charset (struct archive *archive);

/* After the first header could not be read: because it is encrypted? */
gboolean sk_archive_names_are_encrypted (struct archive *archive);

/* A program with an archive behind it, that unpacks itself. */
gboolean sk_archive_is_self_extracting (const SkContent *content);
/* Anything else with a ZIP file behind it. */
gboolean sk_archive_has_zip_behind (const SkContent *content);
/* All formats that may stand behind a program. */
int sk_archive_support_self_extracting (struct archive *archive);
