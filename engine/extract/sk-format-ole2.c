// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-art-picture.h"
#include "sk-format.h"
#include "sk-magic.h"
#include "sk-ole-package.h"
#include "sk-ole2-kind.h"
#include "sk-ole2-properties.h"

#include <string.h>

enum { DEPTH = 16 }; /* storages inside one another */

/* In the order in which they are asked: old workbooks are often kept beside new ones. */
static const SkOle2Kind *const kinds[] = { &sk_ole2_ooxml, &sk_ole2_doc,     &sk_ole2_xls,
                                           &sk_ole2_ppt,   &sk_ole2_xls_old, &sk_ole2_msg };

static const SkOle2Kind *
kind_of (SkOle2 *ole2, guint storage)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (sk_ole2_find (ole2, storage, kinds[i]->stream) != SK_OLE2_NONE)
      return kinds[i];
  return NULL;
}

/* --- what is embedded ------------------------------------------------------------------------ */

static gboolean
give_stream (SkOle2 *ole2, guint entry, SkSink *sink)
{
  g_autoptr (GBytes) bytes = sk_ole2_read (ole2, entry);

  return sk_ole_package_give (sk_bytes_of (bytes), NULL, sink);
}

static gboolean
give_native (SkOle2 *ole2, guint entry, SkSink *sink)
{
  g_autoptr (GBytes) bytes = sk_ole2_read (ole2, entry);

  return sk_ole_package_read_native (sk_bytes_of (bytes), sink);
}

static gboolean
give_pictures (SkOle2 *ole2, guint entry, SkSink *sink)
{
  g_autoptr (GBytes) bytes = sk_ole2_read (ole2, entry);

  return sk_art_pictures_read (sk_bytes_of (bytes), sink);
}

/* Streams that hold a file of their own: [MS-OLEDS] 2.3.6, OOXML documents, PDF and others. */
static const struct {
  const char *name;
  gboolean (*give) (SkOle2 *ole2, guint entry, SkSink *sink);
} embedded[] = {
  { "\001Ole10Native", give_native },
  { "Package", give_stream },
  { "CONTENTS", give_stream },
  { "Pictures", give_pictures }, /* of PowerPoint */
  { "Data", give_pictures },     /* of Word */
};

static gboolean
read_embedded (SkOle2 *ole2, guint entry, SkSink *sink)
{
  for (guint i = 0; i < G_N_ELEMENTS (embedded); i++)
    if (g_ascii_strcasecmp (sk_ole2_entry (ole2, entry)->name, embedded[i].name) == 0)
      return embedded[i].give (ole2, entry, sink);
  return TRUE;
}

static void
read_properties (SkOle2 *ole2, guint storage, SkSink *sink)
{
  g_autoptr (GString) text = g_string_new (NULL);

  sk_ole2_append_properties (ole2, storage, text);
  if (text->len > 0 && sk_sink_section (sink, SK_SECTION_NOTE, "properties", 0))
    sk_sink_text (sink, text->str, (gssize) text->len);
}

static SkReading read_storage (SkOle2 *ole2, guint storage, SkSink *sink, guint depth);

/* Objects lie in storages of their own. An attached mail's are read with the mail. */
static void
read_inside (SkOle2 *ole2, guint storage, SkSink *sink, guint depth)
{
  guint entry = sk_ole2_entry (ole2, storage)->first;

  for (; entry != SK_OLE2_NONE; entry = sk_ole2_entry (ole2, entry)->next)
    if (!sk_ole2_entry (ole2, entry)->is_storage)
      {
        if (!read_embedded (ole2, entry, sink))
          return;
      }
    else if (depth < DEPTH)
      {
        if (read_storage (ole2, entry, sink, depth + 1) == SK_READING_ENCRYPTED)
          sk_sink_encrypted_member (sink, sk_ole2_entry (ole2, entry)->name);
      }
    else
      sk_sink_doubt (sink, "limit: too many files inside one another");
}

static SkReading
read_storage (SkOle2 *ole2, guint storage, SkSink *sink, guint depth)
{
  const SkOle2Kind *kind = kind_of (ole2, storage);

  if (kind != NULL && kind->read (ole2, storage, sink) == SK_READING_ENCRYPTED)
    return SK_READING_ENCRYPTED;
  read_properties (ole2, storage, sink);
  if (kind != &sk_ole2_msg)
    read_inside (ole2, storage, sink, depth);
  return SK_READING_DONE;
}

SkReading
sk_ole2_read_storage (SkOle2 *ole2, guint storage, SkSink *sink)
{
  return read_storage (ole2, storage, sink, 0);
}

/* --- the whole ------------------------------------------------------------------------------- */

static const char *
recognise (const SkContent *content)
{
  g_autoptr (SkOle2) ole2 = sk_ole2_open (content);
  const SkOle2Kind *kind = ole2 != NULL ? kind_of (ole2, 0) : NULL;

  if (kind != NULL)
    return kind->tell != NULL ? kind->tell (ole2, 0) : kind->type;
  return sk_ole2_is (content) ? sk_magic_type (content) : NULL;
}

/* Streams of no known kind are searched for runs of text. */
static void
read_runs (SkOle2 *ole2, SkSink *sink)
{
  for (guint entry = 1; entry < sk_ole2_count (ole2); entry++)
    if (!sk_ole2_entry (ole2, entry)->is_storage)
      {
        g_autoptr (GBytes) bytes = sk_ole2_read (ole2, entry);
        SkContent content = { g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL };

        if (content.length == 0)
          continue;
        if (!sk_sink_unpack (sink, content.length, content.length))
          return;
        sk_format_runs.read (&content, NULL, sink);
      }
}

static SkReading
read_ole2 (const SkContent *content, const char *type, SkSink *sink)
{
  g_autoptr (SkOle2) ole2 = sk_ole2_open (content);
  SkReading reading;

  if (ole2 == NULL)
    {
      sk_sink_doubt (sink, "damaged: its directory can't be read");
      return SK_READING_DONE;
    }
  if (kind_of (ole2, 0) == NULL)
    read_runs (ole2, sink);
  reading = read_storage (ole2, 0, sink, 0);
  if (sk_ole2_is_damaged (ole2))
    sk_sink_doubt (sink, "damaged: a part of it is missing");
  return reading;
}

static gsize
extent (const SkContent *content)
{
  g_autoptr (SkOle2) ole2 = sk_ole2_open (content);

  return ole2 != NULL ? sk_ole2_extent (ole2) : 0;
}

const SkFormat sk_format_ole2 = { "ole2", recognise, read_ole2, .extent = extent };
