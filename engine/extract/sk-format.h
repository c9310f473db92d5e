/* Document formats: one file and one row of engine/inspect/sk-format-list.inc each.
 *
 * The first row that recognises a content reads it; the order of the table goes from what is certain
 * to what is left (text, media without text, any bytes). Formats run inside the sandbox: hostile input may
 * crash them, but nothing else; still each checks what it reads and stops at the sink's limits.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-sink.h"

typedef enum {
  SK_READING_DONE,      /* all that could be read was given to the sink; doubts are the sink's */
  SK_READING_ENCRYPTED, /* nobody can read it without a password */
} SkReading;

typedef struct {
  const char *name; /* for tests and messages: "docx" */
  /* The MIME type of the content when it is this format (a static string), else NULL. Quick: looks
   * at magic bytes and, where it must, at names in a directory. */
  const char *(*recognise) (const SkContent *content);
  SkReading (*read) (const SkContent *content, const char *type, SkSink *sink);
  gboolean is_archive; /* it is nothing but its members: encrypted when all of them are */
  /* How far it reaches by what it says of itself, for formats in which files lie as they are: a ZIP
   * archive before that is one of those, not another file behind this one. 0, NULL: not known. */
  gsize (*extent) (const SkContent *content);
} SkFormat;

#define FORMAT(name) extern const SkFormat sk_format_##name;
#include "sk-format-list.inc"

/* In the order of the list; NULL-terminated. */
extern const SkFormat *const sk_formats[];

/* Never NULL: the last row takes anything. `type` is told. */
const SkFormat *sk_format_of (const SkContent *content, const char **type);

