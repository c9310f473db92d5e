// SPDX-License-Identifier: GPL-3.0-or-later
// Archives and compressed files, over libarchive. It needs a UTF-8 locale (LC_CTYPE).
#include "sk-format.h"

#include "sk-archive-kind.h"
#include "sk-charset.h"
#include "sk-magic.h"

#include <archive_entry.h>
#include <string.h>
#include <sys/stat.h>

#define NAME_BYTES 4096
#define NAMES_BYTES (1024 * 1024)
#define PIECE (64 * 1024)

typedef struct archive SkArchive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkArchive, archive_read_free)

typedef struct {
  const SkContent *content;
  const SkArchiveKind *kind; /* NULL: a program that unpacks itself */
  SkSink *sink;
  const char *charset;       /* of names that are no UTF-8 */
} Reading;

static SkArchive *
open_archive (const Reading *self)
{
  SkArchive *archive = archive_read_new ();

  if (self->kind == NULL)
    sk_archive_support_self_extracting (archive);
  else
    self->kind->support_format (archive);
  if (self->kind != NULL && self->kind->support_filter != NULL)
    self->kind->support_filter (archive);
  archive_read_open_memory (archive, self->content->bytes, self->content->length);
  return archive;
}

/* --- names ----------------------------------------------------------------------------------- */

/* As it stands there, unless it says what charset it is in. */
static const char *
raw_name (struct archive_entry *entry)
{
  const char *name = archive_entry_pathname (entry);

  return name != NULL ? name : archive_entry_pathname_utf8 (entry);
}

static gboolean
is_utf8 (const char *name)
{
  return g_utf8_validate (name, -1, NULL);
}

/* ZIP, LZH and CAB files made in Japan have names in CP932 and don't say so. All of them together tell more than
 * each alone. */
static void
guess_charset (Reading *self)
{
  g_autoptr (SkArchive) archive = open_archive (self);
  g_autoptr (GString) names = g_string_new (NULL);
  g_auto (SkDecoded) decoded = { NULL };
  struct archive_entry *entry;

  while (archive_read_next_header (archive, &entry) >= ARCHIVE_WARN && names->len < NAMES_BYTES)
    {
      const char *name = raw_name (entry);

      if (name == NULL || is_utf8 (name))
        continue;
      g_string_append_len (names, name, (gssize) strnlen (name, NAME_BYTES));
      g_string_append_c (names, '\n');
    }
  if (names->len == 0)
    return;
  sk_charset_decode (names->str, names->len, NULL, &decoded);
  self->charset = decoded.charset;
}

/* Of a compressed file: its own name without the ending. */
static char *
name_without_ending (const Reading *self)
{
  const char *name = self->content->name;

  if (name == NULL)
    return NULL;
  for (const char *const *ending = self->kind->endings; *ending != NULL; ending += 2)
    {
      gsize length = strlen (name), end = strlen (*ending);

      if (length > end && g_ascii_strcasecmp (name + length - end, *ending) == 0)
        return g_strdup_printf ("%.*s%s", (int) (length - end), name, ending[1]);
    }
  return g_strdup (name);
}

/* libarchive calls what has no name of its own "data". */
static char *
member_name (const Reading *self, struct archive_entry *entry)
{
  const char *name = raw_name (entry);
  g_auto (SkDecoded) decoded = { NULL };

  if (self->kind != NULL && self->kind->endings != NULL && (name == NULL || strcmp (name, "data") == 0))
    return name_without_ending (self);
  if (name == NULL)
    return NULL;
  if (is_utf8 (name))
    return g_strdup (name);
  sk_charset_decode (name, strnlen (name, NAME_BYTES), self->charset, &decoded);
  return g_steal_pointer (&decoded.text);
}

/* --- members --------------------------------------------------------------------------------- */

static void
doubt (SkSink *sink, const char *what, const char *name)
{
  g_autofree char *reason = name != NULL ? g_strdup_printf ("damaged: %s, %s", name, what)
                                         : g_strdup_printf ("damaged: %s", what);

  sk_sink_doubt (sink, reason);
}

static const char *
problem_of (SkArchive *archive)
{
  const char *problem = archive_error_string (archive);

  return problem != NULL ? problem : "not whole";
}

/* What can be had of a member; more than it may unpack to, when there is. `packed`: how far the archive was read for
 * it, as far as libarchive tells. */
static GByteArray *
unpack (const Reading *self, SkArchive *archive, const char *name, guint64 *packed)
{
  GByteArray *bytes = g_byte_array_new ();
  gint64 start = archive_filter_bytes (archive, -1);
  g_autofree guint8 *piece = g_malloc (PIECE);
  la_ssize_t got;

  *packed = 0;
  while ((got = archive_read_data (archive, piece, PIECE)) > 0)
    {
      gint64 at = archive_filter_bytes (archive, -1);

      g_byte_array_append (bytes, piece, (guint) got);
      *packed = at > start ? (guint64) (at - start) : 0;
      if (bytes->len > sk_sink_may_unpack (self->sink, *packed))
        return bytes;
    }
  if (got < 0)
    doubt (self->sink, problem_of (archive), name);
  return bytes;
}

static gboolean
read_member (const Reading *self, SkArchive *archive, struct archive_entry *entry)
{
  g_autofree char *name = member_name (self, entry);
  g_autoptr (GByteArray) bytes = NULL;
  SkContent member = { .name = name };
  guint64 packed;

  if (archive_entry_is_encrypted (entry))
    return sk_sink_encrypted_member (self->sink, name);
  bytes = unpack (self, archive, name, &packed);
  if (!sk_sink_unpack (self->sink, packed, bytes->len))
    return FALSE;
  member.bytes = bytes->data != NULL ? bytes->data : (const guint8 *) "";
  member.length = bytes->len;
  return sk_sink_member (self->sink, &member);
}

/* Folders, links and devices hold nothing. */
static gboolean
is_file (struct archive_entry *entry)
{
  mode_t type = archive_entry_filetype (entry);

  return (type == AE_IFREG || type == 0) && archive_entry_hardlink (entry) == NULL;
}

static SkReading
read_members (const Reading *self)
{
  g_autoptr (SkArchive) archive = open_archive (self);
  struct archive_entry *entry;
  gboolean any = FALSE;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) >= ARCHIVE_WARN && status != ARCHIVE_EOF)
    {
      any = TRUE;
      if (is_file (entry) && !read_member (self, archive, entry))
        return SK_READING_DONE;
    }
  if (status == ARCHIVE_EOF)
    return SK_READING_DONE;
  if (!any && archive_read_has_encrypted_entries (archive) == 1)
    return SK_READING_ENCRYPTED;
  doubt (self->sink, problem_of (archive), NULL);
  return SK_READING_DONE;
}

/* --- the formats ----------------------------------------------------------------------------- */

static const char *
recognise (const SkContent *content)
{
  const SkArchiveKind *kind = sk_archive_kind_of (content);

  return kind != NULL ? kind->type : NULL;
}

static SkReading
read_archive (const SkContent *content, const char *type, SkSink *sink)
{
  Reading self = { .content = content, .kind = sk_archive_kind_of (content), .sink = sink };

  if (sk_archive_is_rar5_with_encrypted_names (content))
    return SK_READING_ENCRYPTED;
  if (strcmp (type, "application/zip") == 0 && !sk_archive_zip_has_directory (content))
    doubt (sink, "the archive's directory is missing", NULL);
  guess_charset (&self);
  return read_members (&self);
}

const SkFormat sk_format_archive = { "archive", recognise, read_archive, TRUE };

static const char *
recognise_self_extracting (const SkContent *content)
{
  return sk_archive_is_self_extracting (content) ? sk_magic_type (content) : NULL;
}

static SkReading
read_self_extracting (const SkContent *content, const char *type, SkSink *sink)
{
  Reading self = { .content = content, .sink = sink };

  guess_charset (&self);
  return read_members (&self);
}

/* A program by its type, an archive by what is in it. */
const SkFormat sk_format_self_extracting
    = { "self-extracting", recognise_self_extracting, read_self_extracting, TRUE };
