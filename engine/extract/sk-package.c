// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-package.h"

#include "sk-part-claim.h"

#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#define UNASKED_BYTES (1024 * 1024)
#define PARTS 65536

typedef zip_t SkZip;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkZip, zip_discard)

struct _SkPackage {
  zip_t *zip;
  GPtrArray *parts;
  GHashTable *by_name; /* folded name: SkPart* */
  char *twice;
};

static void
part_free (gpointer data)
{
  SkPart *part = data;

  g_free ((char *) part->name);
  g_free (part);
}

static char *
fold_name (const char *name)
{
  return g_ascii_strdown (name + strspn (name, "/"), -1);
}

/* Whether programs take it for a folder, a link or a device: by its name, by the mode of UNIX, or
 * by the attributes of MS-DOS (APPNOTE.TXT 4.4.2, 4.4.15). */
static gboolean
is_special (zip_t *zip, guint64 index, const char *name)
{
  zip_uint8_t system = ZIP_OPSYS_DOS;
  zip_uint32_t attributes = 0, type;

  zip_file_get_external_attributes (zip, index, 0, &system, &attributes);
  type = attributes >> 16 & S_IFMT;
  return g_str_has_suffix (name, "/") || (system == ZIP_OPSYS_UNIX && type != 0 && type != S_IFREG)
         || (system == ZIP_OPSYS_DOS && (attributes & 0x10) != 0);
}

static SkPart *
part_new (zip_t *zip, guint64 index)
{
  zip_stat_t stat;
  SkPart *part;
  char *name;

  if (zip_stat_index (zip, index, 0, &stat) != 0 || stat.name == NULL)
    return NULL;
  name = g_utf8_make_valid (stat.name, -1);
  g_strdelimit (name, "\\", '/');
  memmove (name, name + strspn (name, "/"), strlen (name + strspn (name, "/")) + 1);
  part = g_new0 (SkPart, 1);
  part->name = name;
  part->index = index;
  part->packed = stat.comp_size;
  part->size = stat.size;
  part->is_special = is_special (zip, index, name);
  part->is_encrypted = stat.encryption_method != ZIP_EM_NONE;
  return part;
}

static void
add_part (SkPackage *self, SkPart *part)
{
  char *key = fold_name (part->name);

  if (*part->name == '\0' || (g_str_has_suffix (part->name, "/") && part->packed == 0))
    {
      g_free (key);
      part_free (part);
      return;
    }
  g_ptr_array_add (self->parts, part);
  if (!g_hash_table_contains (self->by_name, key))
    g_hash_table_insert (self->by_name, key, part);
  else if (self->twice == NULL)
    self->twice = key;
  else
    g_free (key);
}

static zip_t *
open_zip (const SkContent *content)
{
  zip_error_t error;
  zip_source_t *source;
  zip_t *zip;

  zip_error_init (&error);
  source = zip_source_buffer_create (content->bytes, content->length, 0, &error);
  zip = source != NULL ? zip_open_from_source (source, ZIP_RDONLY, &error) : NULL;
  if (zip == NULL && source != NULL)
    zip_source_free (source);
  zip_error_fini (&error);
  return zip;
}

SkPackage *
sk_package_open (const SkContent *content)
{
  g_autoptr (SkZip) zip = open_zip (content);
  zip_int64_t count = zip != NULL ? zip_get_num_entries (zip, 0) : 0;
  SkPackage *self;

  if (zip == NULL || count > PARTS)
    return NULL;
  self = g_new0 (SkPackage, 1);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (zip_int64_t i = 0; i < count; i++)
    {
      SkPart *part = part_new (zip, (guint64) i);

      if (part != NULL)
        add_part (self, part);
    }
  self->zip = g_steal_pointer (&zip);
  return self;
}

void
sk_package_free (SkPackage *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->parts);
  zip_discard (self->zip);
  g_free (self->twice);
  g_free (self);
}

const GPtrArray *
sk_package_parts (const SkPackage *self)
{
  return self->parts;
}

SkPart *
sk_package_find (const SkPackage *self, const char *name)
{
  g_autofree char *key = fold_name (name);

  return g_hash_table_lookup (self->by_name, key);
}

const char *
sk_package_twice (const SkPackage *self)
{
  return self->twice;
}

/* --- unpacking ------------------------------------------------------------------------------- */

typedef struct {
  zip_file_t *file;
  SkPart *part;
  SkSink *sink;
  guint64 limit, count;
} Stream;

static Stream *
stream_new (SkPackage *self, SkPart *part, SkSink *sink)
{
  Stream *stream = g_new0 (Stream, 1);

  stream->part = part;
  stream->sink = sink;
  stream->limit = sink != NULL ? sk_sink_may_unpack (sink, part->packed) : UNASKED_BYTES;
  stream->file = zip_fopen_index (self->zip, part->index, 0);
  return stream;
}

/* One byte more than may be, so that the sink sees that there is more. */
static int
stream_read (gpointer source, char *into, int length)
{
  Stream *stream = source;
  zip_int64_t got;

  if (stream->file == NULL || stream->count > stream->limit)
    return -1;
  got = zip_fread (stream->file, into, MIN ((guint64) length, stream->limit + 1 - stream->count));
  if (got > 0)
    stream->count += (guint64) got;
  return (int) got;
}

static void
stream_free (gpointer source)
{
  Stream *stream = source;

  if (stream->file != NULL)
    zip_fclose (stream->file);
  if (stream->sink != NULL)
    sk_sink_unpack (stream->sink, stream->part->packed, stream->count);
  g_free (stream);
}

static void
doubt_part (const SkPart *part, SkSink *sink)
{
  g_autofree char *reason
      = g_strdup_printf (part->is_encrypted ? "encrypted: %s" : "damaged: %s", part->name);

  if (sink != NULL)
    sk_sink_doubt (sink, reason);
}

GBytes *
sk_package_unpack (SkPackage *self, SkPart *part, SkSink *sink)
{
  Stream *stream = stream_new (self, part, sink);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 piece[16384];
  int got;
  gboolean fits;

  while ((got = stream_read (stream, (char *) piece, sizeof piece)) > 0)
    g_byte_array_append (bytes, piece, (guint) got);
  fits = stream->count <= stream->limit;
  stream_free (stream);
  if (!fits)
    return NULL;
  if (got < 0)
    {
      doubt_part (part, sink);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

SkXml *
sk_package_xml (SkPackage *self, SkPart *part, SkSink *sink)
{
  return sk_xml_new (stream_read, stream_free, stream_new (self, part, sink));
}

gboolean
sk_package_is_xml_of (SkPackage *self, SkPart *part, const char *root, SkSink *sink)
{
  g_autoptr (SkXml) xml = sk_package_xml (self, part, sink);
  gboolean is = sk_xml_next (xml) == SK_XML_START && sk_xml_is (xml, root);

  while (is && sk_xml_next (xml) != SK_XML_END)
    ;
  return is && sk_xml_problem (xml) == NULL;
}

void
sk_package_end_xml (SkXml *xml, const SkPart *part, SkSink *sink)
{
  g_autofree char *problem = g_strdup (sk_xml_problem (xml));
  g_autofree char *reason = NULL;

  sk_xml_free (xml); /* a limit that was met is told now, and is the better reason */
  if (problem == NULL || sink == NULL)
    return;
  reason = part->is_encrypted ? g_strdup_printf ("encrypted: %s", part->name)
                              : g_strdup_printf ("damaged: %s, %s", part->name, problem);
  sk_sink_doubt (sink, reason);
}

gboolean
sk_package_is (SkPackage *self, SkPart *part, gboolean (*is) (const SkContent *content),
               SkSink *sink)
{
  g_autoptr (GBytes) bytes = sk_package_unpack (self, part, sink);
  SkContent content = { .name = NULL };

  if (bytes == NULL)
    return TRUE; /* the sink knows */
  content.bytes = g_bytes_get_data (bytes, &content.length);
  return content.length == 0 || is (&content);
}

gboolean
sk_package_member (SkPackage *self, SkPart *part, SkSink *sink)
{
  g_autoptr (GBytes) bytes = sk_package_unpack (self, part, sink);
  g_autofree char *name = g_path_get_basename (part->name);
  SkContent content = { .name = name };

  if (bytes == NULL)
    return TRUE; /* the sink knows */
  content.bytes = g_bytes_get_data (bytes, &content.length);
  return sk_part_is_shown (&content) || sk_sink_member (sink, &content);
}
