// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-message.h"

#include "sk-error.h"
#include "sk-mail-source.h"
#include "sk-part.h"

#include <string.h>

static GByteArray *
decode (const SkAttachment *attachment, SkMailSource *source, gsize limit, gboolean *cut)
{
  SkPart part = { .transfer = sk_transfer_encoding_find (attachment->encoding),
                  .offset = attachment->offset,
                  .length = attachment->length };

  return sk_part_decode (&part, source, MIN (limit, (gsize) G_MAXINT32), cut);
}

GByteArray *
sk_message_decode_attachment (const guint8 *bytes, gsize length, const SkAttachment *attachment,
                              gsize limit)
{
  g_auto (SkMailSource) source = { 0 };
  gboolean cut;
  g_autoptr (GByteArray) decoded = NULL;

  sk_mail_source_init_bytes (&source, bytes, length);
  decoded = decode (attachment, &source, limit, &cut);
  return cut ? NULL : g_steal_pointer (&decoded);
}

GBytes *
sk_message_read_attachment (int fd, const SkAttachment *attachment, gsize limit, GError **error)
{
  g_auto (SkMailSource) source = { 0 };
  gboolean cut;
  g_autoptr (GByteArray) bytes = NULL;

  if (!sk_mail_source_init (&source, fd, error))
    return NULL;
  bytes = decode (attachment, &source, limit, &cut);
  if (source.saved_errno != 0)
    {
      sk_error_set_errno (error, source.saved_errno, "The mail file can't be read");
      return NULL;
    }
  if (cut)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_LIMIT,
                   "Attachment %u is larger than %" G_GSIZE_FORMAT " bytes", attachment->index,
                   limit);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* NFKC in lower case, without characters that show nothing or turn the writing direction. */
static char *
fold_name (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_NFKC);
  g_autofree char *lower = g_utf8_strdown (normal != NULL ? normal : name, -1);
  GString *text = g_string_new (NULL);

  for (const char *p = lower; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);

      if (type != G_UNICODE_FORMAT && type != G_UNICODE_CONTROL)
        g_string_append_unichar (text, c);
    }
  return g_string_free (text, FALSE);
}

static void
cut_trailing (char *text)
{
  gsize length = strlen (text);

  while (length > 0 && (text[length - 1] == '.' || text[length - 1] == ' '))
    text[--length] = '\0';
}

/* What stands behind the last '/' or '\', as both part folders somewhere. */
static const char *
base_name (const char *name)
{
  const char *base = name;

  for (const char *p = name; *p != '\0'; p++)
    if ((*p == '/' || *p == '\\') && p[1] != '\0')
      base = p + 1;
  return base;
}

char **
sk_attachment_extensions (const char *name)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  g_autofree char *folded = fold_name (name);
  const char *base = base_name (folded), *last, *second;
  char **extensions;

  cut_trailing (folded + (base - folded));
  last = strrchr (base, '.');
  if (last != NULL && last[1] != '\0')
    {
      g_strv_builder_add (builder, last + 1);
      second = last > base ? memrchr (base, '.', (gsize) (last - base)) : NULL;
      if (second != NULL && second + 1 < last)
        g_strv_builder_add (builder, second + 1);
    }
  extensions = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return extensions;
}
