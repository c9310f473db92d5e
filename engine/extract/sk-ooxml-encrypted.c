/* OOXML packages that Office has encrypted, inside a compound file. Which kind of document it is
 * can't be seen; that with Office's own password is a workbook, as only Excel uses it. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-ole2-kind.h"
#include "sk-ooxml-password.h"

#include <string.h>

static const char *
tell (SkOle2 *ole2, guint storage)
{
  g_autoptr (GBytes) info = sk_ole2_stream (ole2, storage, "EncryptionInfo");

  return info != NULL && sk_ooxml_has_own_password (sk_bytes_of (info))
             ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
             : "application/encrypted";
}

/* As if it had not been encrypted at all. */
static SkReading
read_plain (SkBytes plain, SkSink *sink)
{
  SkContent content = { plain.at, plain.length, NULL };
  const char *type = NULL;
  const SkFormat *format = sk_format_of (&content, &type);

  if (plain.length < 2 || memcmp (plain.at, "PK", 2) != 0)
    sk_sink_doubt (sink, "damaged: what was encrypted is no document");
  if (format != NULL && !sk_ole2_is (&content))
    return format->read (&content, type, sink);
  sk_sink_doubt (sink, "damaged: what was encrypted is no document");
  return SK_READING_DONE;
}

static SkReading
read_package (SkOle2 *ole2, guint storage, SkSink *sink)
{
  g_autoptr (GBytes) info = sk_ole2_stream (ole2, storage, "EncryptionInfo");
  g_autoptr (GBytes) package = sk_ole2_stream (ole2, storage, "EncryptedPackage");
  g_autoptr (GBytes) plain = NULL;

  if (info != NULL && package != NULL)
    plain = sk_ooxml_decrypt (sk_bytes_of (info), sk_bytes_of (package));
  return plain != NULL ? read_plain (sk_bytes_of (plain), sink) : SK_READING_ENCRYPTED;
}

const SkOle2Kind sk_ole2_ooxml = { "EncryptedPackage", NULL, tell, read_package };
