/* What was read of a document, as one text that tests compare: each section as "[kind label
 * number @member]text". */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-extract.h"

static inline void
print_section (GString *into, const SkSection *section, const char *text)
{
  static const char *const kinds[] = { "text", "page", "sheet", "slide", "note" };

  g_string_append_printf (into, "[%s", kinds[section->kind]);
  if (section->label != NULL)
    g_string_append_printf (into, " %s", section->label);
  if (section->number > 0)
    g_string_append_printf (into, " %u", section->number);
  if (section->row > 1 || section->column > 1)
    g_string_append_printf (into, " %u,%u", section->row, section->column);
  if (section->member != NULL)
    g_string_append_printf (into, " @%s", section->member);
  g_string_append_c (into, ']');
  g_string_append_len (into, text + section->start, (gssize) section->length);
}

static inline char *
print_extraction (const SkExtraction *extraction)
{
  GString *into = g_string_new (NULL);

  for (guint i = 0; i < extraction->sections->len; i++)
    print_section (into, extraction->sections->pdata[i], extraction->text);
  return g_string_free (into, FALSE);
}

/* Of tests/fixtures/documents/. */
static inline GBytes *
load_document (const char *file)
{
  g_autofree char *path = g_build_filename (g_getenv ("SK_FIXTURES"), "documents", file, NULL);
  g_autoptr (GError) error = NULL;
  char *bytes;
  gsize length;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (bytes, length);
}

static inline SkExtraction *
extract_bytes (GBytes *bytes, const char *name, const SkExtractLimits *limits)
{
  SkContent content = { .name = name };

  content.bytes = g_bytes_get_data (bytes, &content.length);
  return sk_extract (&content, limits);
}
