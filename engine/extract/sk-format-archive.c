// SPDX-License-Identifier: GPL-3.0-or-later
// Archives and compressed files, over libarchive. It needs a UTF-8 locale (LC_CTYPE).
#include "sk-format.h"

#include "sk-archive-kind.h"
#include "sk-charset.h"
#include "sk-magic.h"
#include "sk-package.h"
#include "sk-rar.h"

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
  const char *charset;       /* of names that are no UTF-8; NULL: not guessed yet */
  SkRar *rar;                /* NULL: it is another kind */
  gboolean is_cut;           /* its end is missing */
  gboolean tell_charset;     /* libarchive must be told of names */
  gboolean has_special;      /* a folder or a link was met */
  guint hidden;              /* of these, how many are said to hold something */
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
  if (self->tell_charset)
    sk_archive_tell_charset (archive);
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
stumbles_over_name (const Reading *self)
{
  g_autoptr (SkArchive) archive = open_archive (self);
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK
         || status == ARCHIVE_WARN)
    ;
  return sk_archive_stumbles_over_name (archive, status);
}

static gboolean
is_utf8 (const char *name)
{
  return g_utf8_validate (name, -1, NULL);
}

/* ZIP, LZH and CAB files made in Japan have names in CP932 and don't say so. All of them
 * together tell more than each alone. */
static void
guess_charset (Reading *self)
{
  g_autoptr (SkArchive) archive = open_archive (self);
  g_autoptr (GString) names = g_string_new (NULL);
  g_auto (SkDecoded) decoded = { NULL };
  struct archive_entry *entry;

  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK && names->len < NAMES_BYTES)
    {
      const char *name = raw_name (entry);

      if (name == NULL || is_utf8 (name))
        continue;
      g_string_append_len (names, name, (gssize) strnlen (name, NAME_BYTES));
      g_string_append_c (names, '\n');
    }
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

static char *
decode_name (Reading *self, const char *name)
{
  g_auto (SkDecoded) decoded = { NULL };

  if (is_utf8 (name))
    return g_strdup (name);
  if (self->charset == NULL)
    guess_charset (self);
  sk_charset_decode (name, strnlen (name, NAME_BYTES), self->charset, &decoded);
  return g_steal_pointer (&decoded.text);
}

/* libarchive calls what has no name of its own "data". */
static char *
member_name (Reading *self, struct archive_entry *entry)
{
  const char *name = raw_name (entry);

  if (self->kind != NULL && self->kind->endings != NULL
      && (name == NULL || strcmp (name, "data") == 0))
    return name_without_ending (self);
  return name != NULL ? g_strdelimit (decode_name (self, name), "\\", '/') : NULL;
}

/* --- members --------------------------------------------------------------------------------- */

static void
doubt (SkSink *sink, const char *what, const char *name)
{
  g_autofree char *reason = name != NULL ? g_strdup_printf ("damaged: %s, %s", name, what)
                                         : g_strdup_printf ("damaged: %s", what);

  sk_sink_doubt (sink, g_strchomp (reason)); /* some of libarchive's messages end a line */
}

static const char *
problem_of (SkArchive *archive)
{
  const char *problem = archive_error_string (archive);

  return problem != NULL ? problem : "not whole";
}

/* A member in memory. */
typedef struct {
  guint8 *bytes;
  gsize length, room;
  guint64 packed; /* how far the archive was read for it, as far as libarchive tells */
} Member;

static void
member_clear (Member *member)
{
  g_free (member->bytes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Member, member_clear)

/* Room for another piece. By halves: a process in the sandbox has not much more memory than a
 * member may have. */
static gboolean
make_room (Member *member, gsize expected)
{
  gsize room = MAX (member->room + member->room / 2, MAX (expected, member->length) + PIECE);
  guint8 *bytes;

  if (member->room - member->length >= PIECE)
    return TRUE;
  bytes = g_try_realloc (member->bytes, room);
  if (bytes == NULL)
    return FALSE;
  member->bytes = bytes;
  member->room = room;
  return TRUE;
}

/* What can be had of it; more than it may unpack to, when there is. */
static void
unpack (const Reading *self, SkArchive *archive, struct archive_entry *entry, const char *name,
        Member *member)
{
  gint64 start = archive_filter_bytes (archive, -1), size = archive_entry_size (entry), at;
  guint64 left = sk_sink_may_unpack (self->sink, 0);
  la_ssize_t got = 0;

  while (make_room (member, size > 0 && (guint64) size <= left ? (gsize) size : 0)
         && (got = archive_read_data (archive, member->bytes + member->length, PIECE)) > 0)
    {
      at = archive_filter_bytes (archive, -1);
      member->length += (gsize) got;
      member->packed = at > start ? (guint64) (at - start) : 0;
      if (member->length > sk_sink_may_unpack (self->sink, member->packed))
        return;
    }
  if (got != 0)
    doubt (self->sink, got < 0 ? problem_of (archive) : "too large", name);
  else if (archive_entry_size_is_set (entry) && size > 0 && member->length < (guint64) size)
    doubt (self->sink, "shorter than it says", name);
}

static gboolean
is_encrypted (const Reading *self, struct archive_entry *entry)
{
  return archive_entry_is_encrypted (entry)
         || (self->rar != NULL && raw_name (entry) != NULL
             && g_hash_table_contains (self->rar->encrypted, raw_name (entry)));
}

static gboolean
read_member (Reading *self, SkArchive *archive, struct archive_entry *entry)
{
  g_autofree char *name = member_name (self, entry);
  g_auto (Member) member = { NULL };
  SkContent content = { .name = name };

  if (is_encrypted (self, entry))
    return sk_sink_encrypted_member (self->sink, name);
  unpack (self, archive, entry, name, &member);
  if (!sk_sink_unpack (self->sink, member.packed, member.length))
    return FALSE;
  content.bytes = member.bytes;
  content.length = member.length;
  return sk_sink_member (self->sink, &content);
}

static gboolean
is_file (struct archive_entry *entry)
{
  mode_t type = archive_entry_filetype (entry);

  return (type == AE_IFREG || type == 0) && archive_entry_hardlink (entry) == NULL;
}

/* Folders, links and devices should hold nothing, but a ZIP file may say of any member that it is
 * one: programs that don't care for the mode unpack it as a file. */
static void
note_special (Reading *self, SkArchive *archive, struct archive_entry *entry)
{
  if ((archive_format (archive) & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_ZIP)
    return;
  self->has_special = TRUE;
  if (archive_entry_filetype (entry) == AE_IFLNK || archive_entry_size (entry) > 0)
    self->hidden++;
}

static gboolean
read_special (SkPackage *package, SkPart *part, SkSink *sink)
{
  g_autoptr (GBytes) bytes = NULL;
  SkContent content = { .name = part->name };

  if (part->is_encrypted)
    return sk_sink_encrypted_member (sink, part->name);
  bytes = sk_package_unpack (package, part, sink);
  if (bytes == NULL)
    return TRUE; /* the sink knows */
  content.bytes = g_bytes_get_data (bytes, &content.length);
  return content.length == 0 || sk_sink_member (sink, &content);
}

/* libarchive gives nothing of them, libzip does. */
static void
read_specials (Reading *self)
{
  g_autoptr (SkPackage) package = self->has_special ? sk_package_open (self->content) : NULL;
  const GPtrArray *parts = package != NULL ? sk_package_parts (package) : NULL;
  guint found = 0;

  for (guint i = 0; parts != NULL && i < parts->len; i++)
    {
      SkPart *part = parts->pdata[i];

      if (!part->is_special || part->packed == 0)
        continue;
      found++;
      if (!read_special (package, part, self->sink))
        return;
    }
  if (found < self->hidden)
    doubt (self->sink, "a folder or link that holds something", NULL);
}

static SkReading
read_members (Reading *self)
{
  g_autoptr (SkArchive) archive = NULL;
  struct archive_entry *entry;
  gboolean any = FALSE;
  int status;

  self->tell_charset = stumbles_over_name (self);
  archive = open_archive (self);
  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK
         || status == ARCHIVE_WARN)
    {
      any = TRUE;
      if (!is_file (entry))
        note_special (self, archive, entry);
      else if (!read_member (self, archive, entry))
        return SK_READING_DONE;
    }
  read_specials (self);
  if (status == ARCHIVE_EOF)
    return SK_READING_DONE;
  if (!any && !self->is_cut && sk_archive_names_are_encrypted (archive))
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

/* libarchive stumbles over some that are encrypted; where all are, they needn't be looked at. */
static gboolean
is_all_encrypted (const SkRar *rar)
{
  return rar != NULL && rar->files > 0 && g_hash_table_size (rar->encrypted) == rar->files;
}

static void
tell_encrypted (const SkRar *rar, SkSink *sink)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, rar->encrypted);
  while (g_hash_table_iter_next (&iter, &name, NULL) && sk_sink_encrypted_member (sink, name))
    ;
}

static SkReading
read_archive (const SkContent *content, const char *type, SkSink *sink)
{
  g_autoptr (SkRar) rar = sk_rar_look (content);
  Reading self
      = { .content = content, .kind = sk_archive_kind_of (content), .sink = sink, .rar = rar };

  if (rar != NULL && rar->names_are_encrypted)
    return SK_READING_ENCRYPTED;
  if (is_all_encrypted (rar))
    {
      tell_encrypted (rar, sink);
      return SK_READING_DONE;
    }
  if (rar != NULL && rar->is_volume)
    doubt (sink, "one part of several", NULL);
  self.is_cut = self.kind->is_whole != NULL && !self.kind->is_whole (content);
  if (self.is_cut)
    doubt (sink, "its directory is missing, or it is one part of several", NULL);
  return read_members (&self);
}

static gsize
extent (const SkContent *content)
{
  const SkArchiveKind *kind = sk_archive_kind_of (content);

  return kind != NULL && kind->extent != NULL ? kind->extent (content) : 0;
}

const SkFormat sk_format_archive = { "archive", recognise, read_archive, TRUE, extent };

static SkReading
read_behind (const SkContent *content, const char *type, SkSink *sink)
{
  Reading self = { .content = content, .sink = sink };

  return read_members (&self);
}

static const char *
recognise_self_extracting (const SkContent *content)
{
  return sk_archive_is_self_extracting (content) ? sk_magic_type (content) : NULL;
}

/* A program by its type, an archive by what is in it. */
const SkFormat sk_format_self_extracting
    = { "self-extracting", recognise_self_extracting, read_behind, TRUE };

static const char *
recognise_zip_behind (const SkContent *content)
{
  const char *type;

  if (!sk_archive_has_zip_behind (content))
    return NULL;
  type = sk_magic_type (content);
  return strcmp (type, "application/octet-stream") == 0 ? "application/zip" : type;
}

/* A ZIP file with something else before it, such as a picture: readable by whoever knows. */
const SkFormat sk_format_zip_behind = { "zip-behind", recognise_zip_behind, read_behind };
