// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-archive-kind.h"

#include "sk-archive-extent.h"
#include "sk-rar.h"

#include <string.h>

#define STARTS_WITH(content, magic) starts_with (content, magic, sizeof (magic) - 1)

static gboolean
has_at (const SkContent *content, gsize at, const char *magic, gsize length)
{
  return content->length >= at + length && memcmp (content->bytes + at, magic, length) == 0;
}

static gboolean
starts_with (const SkContent *content, const char *magic, gsize length)
{
  return has_at (content, 0, magic, length);
}

/* --- archives -------------------------------------------------------------------------------- */

/* APPNOTE.TXT 4.3.7, 4.3.16 (empty), 8.5.3 and 8.5.4 (split or spanned, in one piece). */
static gboolean
is_zip (const SkContent *content)
{
  return STARTS_WITH (content, "PK\3\4") || STARTS_WITH (content, "PK\5\6")
         || STARTS_WITH (content, "PK\7\10PK\3\4") || STARTS_WITH (content, "PK00PK\3\4");
}

#define END_RECORD 22
#define COMMENT 65535

/* APPNOTE.TXT 4.3.16; NULL: there is none. */
static const guint8 *
find_end_record (const SkContent *content)
{
  gsize length = MIN (content->length, END_RECORD + COMMENT);
  const guint8 *end = content->bytes + content->length;
  const guint8 *record = memmem (end - length, length, "PK\5\6", 4), *next;

  while (record != NULL
         && (next = memmem (record + 4, (gsize) (end - record) - 4, "PK\5\6", 4)) != NULL)
    record = next;
  return record != NULL && end - record >= END_RECORD ? record : NULL;
}

/* The directory is there, and on the first disk. Without it libarchive goes by the headers
 * before the members, and doesn't tell when some are cut off. */
static gboolean
is_whole_zip (const SkContent *content)
{
  const guint8 *record = find_end_record (content);

  return record != NULL && record[4] == 0 && record[5] == 0;
}

/* The directory stands right before its end. */
gboolean
sk_archive_has_zip_behind (const SkContent *content)
{
  const guint8 *record = content->length > END_RECORD ? find_end_record (content) : NULL;
  guint32 size;

  if (record == NULL)
    return FALSE;
  memcpy (&size, record + 12, sizeof size);
  size = GUINT32_FROM_LE (size);
  return size >= 4 && size <= (gsize) (record - content->bytes)
         && memcmp (record - size, "PK\1\2", 4) == 0;
}

static gboolean
is_7z (const SkContent *content)
{
  return STARTS_WITH (content, "7z\xbc\xaf\x27\x1c");
}

static gboolean
is_rar (const SkContent *content)
{
  return STARTS_WITH (content, "Rar!\x1a\x07\0");
}

static gboolean
is_rar5 (const SkContent *content)
{
  return STARTS_WITH (content, "Rar!\x1a\x07\1\0");
}

static gsize
extent_rar5 (const SkContent *content)
{
  g_autoptr (SkRar) rar = sk_rar_look (content);

  return rar != NULL ? rar->end : 0;
}

static gboolean
is_cab (const SkContent *content)
{
  return STARTS_WITH (content, "MSCF\0\0\0\0");
}

/* "-lh5-", "-lzs-", "-pm2-" behind the header's size and sum; levels 0 to 3. */
static gboolean
is_lha (const SkContent *content)
{
  const guint8 *b = content->bytes;

  if (content->length < 22 || b[2] != '-' || b[6] != '-' || b[20] > 3)
    return FALSE;
  if (!g_ascii_isalnum (b[5]))
    return FALSE;
  return (b[3] == 'l' && (b[4] == 'h' || b[4] == 'z')) || (b[3] == 'p' && b[4] == 'm');
}

/* --- compressed files ------------------------------------------------------------------------ */

static gboolean
is_gzip (const SkContent *content)
{
  return STARTS_WITH (content, "\x1f\x8b\x08");
}

static gboolean
is_bzip2 (const SkContent *content)
{
  return STARTS_WITH (content, "BZh")
         && (has_at (content, 4, "1AY&SY", 6)
             || has_at (content, 4, "\x17\x72\x45\x38\x50\x90", 6));
}

static gboolean
is_xz (const SkContent *content)
{
  return STARTS_WITH (content, "\xfd" "7zXZ\0");
}

static gboolean
is_lzip (const SkContent *content)
{
  return STARTS_WITH (content, "LZIP\1");
}

static gboolean
is_zstd (const SkContent *content)
{
  return STARTS_WITH (content, "\x28\xb5\x2f\xfd");
}

static gboolean
is_lz4 (const SkContent *content)
{
  return STARTS_WITH (content, "\x04\x22\x4d\x18");
}

static gboolean
is_compress (const SkContent *content)
{
  return STARTS_WITH (content, "\x1f\x9d");
}

/* It has no magic: the usual properties, a dictionary of a power of two or three, a size that
 * can be. */
static gboolean
is_lzma (const SkContent *content)
{
  guint32 dictionary;
  guint64 size;

  if (content->length < 18 || content->bytes[0] != 0x5d || content->bytes[13] != 0)
    return FALSE;
  memcpy (&dictionary, content->bytes + 1, 4);
  memcpy (&size, content->bytes + 5, 8);
  dictionary = GUINT32_FROM_LE (dictionary);
  size = GUINT64_FROM_LE (size);
  if ((dictionary & (dictionary - 1)) != 0 && (dictionary / 3 * 2 & (dictionary / 3 * 2 - 1)) != 0)
    return FALSE;
  return dictionary >= 4096 && (size == G_MAXUINT64 || size < G_GUINT64_CONSTANT (1) << 40);
}

static const char *const gzip_endings[] = { ".tgz", ".tar", ".svgz", ".svg", ".gz", "", NULL };
static const char *const bzip2_endings[] = { ".tbz2", ".tar", ".tbz", ".tar", ".bz2", "", NULL };
static const char *const xz_endings[] = { ".txz", ".tar", ".xz", "", NULL };
static const char *const lzma_endings[] = { ".tlz", ".tar", ".lzma", "", NULL };
static const char *const zstd_endings[] = { ".tzst", ".tar", ".zst", "", NULL };
static const char *const other_endings[] = { ".lz", "", ".lz4", "", ".Z", "", NULL };

#define FORMAT(name) archive_read_support_format_##name
#define FILTER(name) archive_read_support_filter_##name

/* Types as registered with IANA, else as libmagic has them. */
static const SkArchiveKind kinds[] = {
  { "application/zip", is_zip, FORMAT (zip), NULL, is_whole_zip, NULL, NULL },
  { "application/x-7z-compressed", is_7z, FORMAT (7zip), NULL, NULL, sk_archive_extent_7z, NULL },
  { "application/vnd.rar", is_rar, FORMAT (rar), NULL, NULL, sk_archive_extent_rar, NULL },
  { "application/vnd.rar", is_rar5, FORMAT (rar5), NULL, NULL, extent_rar5, NULL },
  { "application/vnd.ms-cab-compressed", is_cab, FORMAT (cab), NULL, NULL, NULL, NULL },
  { "application/x-lzh-compressed", is_lha, FORMAT (lha), NULL, NULL, sk_archive_extent_lha, NULL },
  { "application/x-tar", sk_archive_is_tar, FORMAT (tar), NULL, NULL, sk_archive_extent_tar, NULL },
  { "application/gzip", is_gzip, FORMAT (raw), FILTER (gzip), NULL, NULL, gzip_endings },
  { "application/x-bzip2", is_bzip2, FORMAT (raw), FILTER (bzip2), NULL, NULL, bzip2_endings },
  { "application/x-xz", is_xz, FORMAT (raw), FILTER (xz), NULL, NULL, xz_endings },
  { "application/x-lzip", is_lzip, FORMAT (raw), FILTER (lzip), NULL, NULL, other_endings },
  { "application/zstd", is_zstd, FORMAT (raw), FILTER (zstd), NULL, NULL, zstd_endings },
  { "application/x-lz4", is_lz4, FORMAT (raw), FILTER (lz4), NULL, NULL, other_endings },
  { "application/x-compress", is_compress, FORMAT (raw), FILTER (compress), NULL, NULL,
    other_endings },
  { "application/x-lzma", is_lzma, FORMAT (raw), FILTER (lzma), NULL, NULL, lzma_endings },
};

const SkArchiveKind *
sk_archive_kind_of (const SkContent *content)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].is (content))
      return &kinds[i];
  return NULL;
}

gboolean
sk_archive_stumbles_over_name (struct archive *archive, int status)
{
  return status == ARCHIVE_FATAL && archive_error_string (archive) == NULL
         && (archive_format (archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_LHA;
}

void
sk_archive_tell_charset (struct archive *archive)
{
  archive_read_set_options (archive, "hdrcharset=CP932");
}

/* libarchive falls over the question when it knew no format. */
gboolean
sk_archive_names_are_encrypted (struct archive *archive)
{
  return archive_format (archive) != 0 && archive_read_has_encrypted_entries (archive) == 1;
}

/* --- programs that unpack themselves --------------------------------------------------------- */

int
sk_archive_support_self_extracting (struct archive *archive)
{
  archive_read_support_format_zip_seekable (archive);
  archive_read_support_format_7zip (archive);
  archive_read_support_format_rar (archive);
  archive_read_support_format_rar5 (archive);
  return archive_read_support_format_lha (archive);
}

gboolean
sk_archive_is_self_extracting (const SkContent *content)
{
  struct archive *archive;
  struct archive_entry *entry;
  gboolean is = FALSE;
  int status;

  if (!STARTS_WITH (content, "MZ"))
    return FALSE;
  archive = archive_read_new ();
  sk_archive_support_self_extracting (archive);
  if (archive_read_open_memory (archive, content->bytes, content->length) == ARCHIVE_OK)
    {
      status = archive_read_next_header (archive, &entry);
      is = status >= ARCHIVE_WARN || sk_archive_names_are_encrypted (archive)
           || sk_archive_stumbles_over_name (archive, status);
    }
  archive_read_free (archive);
  return is;
}
