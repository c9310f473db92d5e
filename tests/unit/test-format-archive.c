/* Archives that other programs made (tests/fixtures/documents/archives) hold what was put into
 * them; what is encrypted, cut, or larger than may be is told. Bombs are made here. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/document-case.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>

#define MEMO "[note name @memo.txt]memo.txt\n[text @memo.txt]四つの言葉の覚え書き memo\n"
#define QUOTE "[note name @資料/見積書.txt]資料/見積書.txt\n[text @資料/見積書.txt]口座番号 1234567 ヤヨイ\n"
#define NAMES "[note name @memo.txt]memo.txt\n[note name @資料/見積書.txt]資料/見積書.txt\n"
#define IN_TAR \
  "[note name @plain.tar]plain.tar\n[note name @plain.tar/memo.txt]memo.txt\n" \
  "[text @plain.tar/memo.txt]四つの言葉の覚え書き memo\n" \
  "[note name @plain.tar/資料/見積書.txt]資料/見積書.txt\n" \
  "[text @plain.tar/資料/見積書.txt]口座番号 1234567 ヤヨイ\n"
#define SMALL(name, text) "[note name @" name "]" name "\n[text @" name "]" text "\n"
#define LISTED "電話 03-0000-0001 ムツキ\n"
#define FIVE(text) text text text text text
#define IN_LZH \
  MEMO "[note name @一覧/見積書.txt]一覧/見積書.txt\n[text @一覧/見積書.txt]口座番号 1234567 ヤヨイ\n" \
  "[note name @一覧/表.txt]一覧/表.txt\n[text @一覧/表.txt]" FIVE (LISTED LISTED LISTED LISTED) \
  FIVE (LISTED LISTED LISTED LISTED)
#define NAME(name) "[note name @" name "]" name "\n"

static const DocumentCase cases[] = {
  { "plain.zip", "application/zip", SK_YES, SK_NO, NULL, MEMO QUOTE },
  { "folders.zip", "application/zip", SK_YES, SK_NO, NULL, MEMO QUOTE SMALL ("link", "memo.txt") },
  { "streamed.zip", "application/zip", SK_YES, SK_NO, NULL, MEMO QUOTE },
  { "lzma.zip", "application/zip", SK_YES, SK_NO, NULL, MEMO QUOTE },
  { "cp932.zip", "application/zip", SK_YES, SK_NO, NULL, MEMO QUOTE },
  { "mixed.zip", "application/zip", SK_YES, SK_NO, NULL,
    SMALL ("覚え.txt", "memo") SMALL ("資料/見積書.txt", "ヤヨイ") },
  { "zipcrypto.zip", "application/zip", SK_NO, SK_YES, "encrypted", NAMES },
  { "aes.zip", "application/zip", SK_NO, SK_YES, "encrypted", NAMES },
  { "partly.zip", "application/zip", SK_NO, SK_NO, "encrypted: 資料/見積書.txt",
    MEMO NAME ("資料/見積書.txt") },
  { "cut.zip", "application/zip", SK_NO, SK_NO,
    "damaged: its directory is missing, or it is one part of several", MEMO NAME ("資料/見積書.txt") },
  { "behind.gif", "image/gif", SK_YES, SK_NO, NULL,
    "[text]GIF89a and some bytes\n" MEMO QUOTE },
  { "libarchive-zip_size_exceeds_declared_stored.zip", "application/zip", SK_NO, SK_NO,
    "damaged: first, ZIP uncompressed data is wrong size (read 20, expected 10)", NULL },
  { "libarchive-zip_size_exceeds_declared_deflate.zip", "application/zip", SK_NO, SK_NO,
    "damaged: first, ", NULL },
  { "plain.7z", "application/x-7z-compressed", SK_YES, SK_NO, NULL, MEMO QUOTE },
  { "encrypted.7z", "application/x-7z-compressed", SK_NO, SK_YES, "encrypted", NAMES },
  { "encrypted-names.7z", "application/x-7z-compressed", SK_NO, SK_YES, "encrypted", "" },
  { "libarchive-7zip_encryption_partially.7z", "application/x-7z-compressed", SK_NO, SK_NO,
    "damaged: ", NULL },
  { "plain.tar", "application/x-tar", SK_YES, SK_NO, NULL, MEMO QUOTE },
  { "plain.tgz", "application/gzip", SK_YES, SK_NO, NULL, IN_TAR },
  { "plain.tar.bz2", "application/x-bzip2", SK_YES, SK_NO, NULL, IN_TAR },
  { "memo.txt.gz", "application/gzip", SK_YES, SK_NO, NULL, MEMO },
  { "memo.txt.xz", "application/x-xz", SK_YES, SK_NO, NULL, MEMO },
  { "memo.txt.lzma", "application/x-lzma", SK_YES, SK_NO, NULL, MEMO },
  { "memo.txt.zst", "application/zstd", SK_YES, SK_NO, NULL, MEMO },
  { "memo.txt.lz4", "application/x-lz4", SK_YES, SK_NO, NULL, MEMO },
  { "plain.cab", "application/vnd.ms-cab-compressed", SK_YES, SK_NO, NULL, MEMO QUOTE },
  { "libarchive-cab_filename_cp932.cab", "application/vnd.ms-cab-compressed", SK_YES, SK_NO, NULL,
    SMALL ("表だよ/漢字.txt", "kanji") SMALL ("表だよ/一覧表.txt", "Hello") },
  { "libarchive-lha_filename_cp932.lzh", "application/x-lzh-compressed", SK_YES, SK_NO, NULL,
    SMALL ("漢字.txt", "漢字かな") SMALL ("表.txt", "list") },
  { "libarchive-lha_lh7.lzh", "application/x-lzh-compressed", SK_YES, SK_NO, NULL, NULL },
  { "level-0.lzh", "application/x-lzh-compressed", SK_YES, SK_NO, NULL, IN_LZH },
  { "level-1.lzh", "application/x-lzh-compressed", SK_YES, SK_NO, NULL, IN_LZH },
  { "level-2.lzh", "application/x-lzh-compressed", SK_YES, SK_NO, NULL, IN_LZH },
  { "libarchive-rar_unicode.rar", "application/vnd.rar", SK_YES, SK_NO, NULL, NULL },
  { "libarchive-rar_encryption_data.rar", "application/vnd.rar", SK_NO, SK_YES, "encrypted",
    NAME ("foo.txt") NAME ("bar.txt") },
  { "libarchive-rar_encryption_header.rar", "application/vnd.rar", SK_NO, SK_YES, "encrypted", "" },
  { "libarchive-rar_encryption_partially.rar", "application/vnd.rar", SK_NO, SK_NO,
    "encrypted: foo.txt", NULL },
  { "libarchive-rar5_unicode.rar", "application/vnd.rar", SK_YES, SK_NO, NULL, NULL },
  { "libarchive-rar5_encrypted.rar", "application/vnd.rar", SK_NO, SK_NO, "encrypted: b.txt",
    NULL },
  { "libarchive-rar5_encrypted_filenames.rar", "application/vnd.rar", SK_NO, SK_YES, "encrypted",
    "" },
  { "libarchive-rar5_solid_encrypted.rar", "application/vnd.rar", SK_NO, SK_YES, "encrypted",
    NULL },
  { "libarchive-rar5_multiarchive_solid.part01.rar", "application/vnd.rar", SK_NO, SK_NO,
    "damaged: one part of several", NULL },
};

static void
test_case (gconstpointer data)
{
  document_case_check (data, "archives");
}

/* Cut off anywhere, nobody can say whether all of it was encrypted. */
static void
test_cut_encrypted (void)
{
  static const char *const files[] = { "archives/zipcrypto.zip", "archives/aes.zip" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) whole = load_document (files[i]);

      for (gsize length = 30; length < g_bytes_get_size (whole); length += 20)
        {
          g_autoptr (GBytes) cut = g_bytes_new_from_bytes (whole, 0, length);
          g_autoptr (SkExtraction) got = extract_bytes (cut, files[i], &sk_extract_default_limits);

          g_test_message ("%s, %" G_GSIZE_FORMAT " bytes", files[i], length);
          g_assert_cmpint (got->encrypted, ==, SK_UNKNOWN);
          g_assert_cmpint (got->readable, ==, SK_NO);
        }
    }
}

/* --- archives made here ---------------------------------------------------------------------- */

typedef struct {
  struct archive *archive;
  guint8 *bytes;
  gsize used;
} Writer;

#define WRITER_BYTES (16 * 1024 * 1024)

static Writer *
begin_zip (void)
{
  Writer *writer = g_new0 (Writer, 1);

  writer->archive = archive_write_new ();
  writer->bytes = g_malloc (WRITER_BYTES);
  archive_write_set_format_zip (writer->archive);
  archive_write_set_bytes_in_last_block (writer->archive, 1);
  g_assert_cmpint (
      archive_write_open_memory (writer->archive, writer->bytes, WRITER_BYTES, &writer->used), ==,
      ARCHIVE_OK);
  return writer;
}

static void
add_member (Writer *writer, const char *name, const void *bytes, gsize length)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_size (entry, (gint64) length);
  g_assert_cmpint (archive_write_header (writer->archive, entry), ==, ARCHIVE_OK);
  if (length > 0)
    g_assert_cmpint (archive_write_data (writer->archive, bytes, length), ==, (gssize) length);
  archive_entry_free (entry);
}

static GBytes *
end_zip (Writer *writer)
{
  GBytes *bytes;

  g_assert_cmpint (archive_write_free (writer->archive), ==, ARCHIVE_OK);
  bytes = g_bytes_new_take (writer->bytes, writer->used);
  g_free (writer);
  return bytes;
}

static GBytes *
zip_of (const char *name, GBytes *inner)
{
  Writer *writer = begin_zip ();
  gsize length;
  const void *bytes = g_bytes_get_data (inner, &length);

  add_member (writer, name, bytes, length);
  return end_zip (writer);
}

static void
assert_limit (GBytes *bytes, const SkExtractLimits *limits, const char *reason)
{
  g_autoptr (SkExtraction) got = extract_bytes (bytes, "bomb.zip", limits);

  g_assert_cmpstr (got->reason, ==, reason);
  g_assert_cmpint (got->readable, ==, SK_NO);
  g_assert_cmpstr (got->type, ==, "application/zip");
}

/* Zeros pack to a thousandth. */
static void
test_ratio (void)
{
  g_autofree guint8 *zeros = g_malloc0 (8 * 1024 * 1024);
  g_autoptr (GBytes) inner = g_bytes_new_static (zeros, 8 * 1024 * 1024);
  g_autoptr (GBytes) bomb = zip_of ("zeros", inner);

  g_assert_cmpuint (g_bytes_get_size (bomb), <, 20000);
  assert_limit (bomb, &sk_extract_default_limits, "limit: it unpacks to too many times its size");
}

/* What packs by less than 200 counts against the whole. */
static void
test_total (void)
{
  SkExtractLimits limits = sk_extract_default_limits;
  g_autoptr (GString) text = g_string_new (NULL);
  Writer *writer = begin_zip ();
  g_autoptr (GBytes) bomb = NULL;

  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (text, "%u line\n", i * 7919);
  for (guint i = 0; i < 10; i++)
    add_member (writer, "lines.txt", text->str, text->len);
  bomb = end_zip (writer);
  limits.unpacked_bytes = 3 * text->len;
  assert_limit (bomb, &limits, "limit: it unpacks to too much");
}

static void
test_members (void)
{
  SkExtractLimits limits = sk_extract_default_limits;
  Writer *writer = begin_zip ();
  g_autoptr (GBytes) bomb = NULL;

  for (guint i = 0; i < 21; i++)
    add_member (writer, "a", "x", 1);
  bomb = end_zip (writer);
  limits.members = 20;
  assert_limit (bomb, &limits, "limit: more files in it than may be opened");
}

/* As deep as an archive that holds itself. */
static void
test_depth (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("innermost\n", 10);
  g_autoptr (SkExtraction) got = NULL;

  for (guint i = 0; i < 8; i++)
    {
      GBytes *outer = zip_of (i == 0 ? "a.txt" : "a.zip", bytes);

      g_bytes_unref (bytes);
      bytes = outer;
    }
  got = extract_bytes (bytes, "a.zip", &sk_extract_default_limits);
  g_assert_cmpint (got->readable, ==, SK_YES);
  g_assert_nonnull (strstr (got->text, "innermost"));
  for (guint i = 0; i < 2; i++)
    {
      GBytes *outer = zip_of ("a.zip", bytes);

      g_bytes_unref (bytes);
      bytes = outer;
    }
  assert_limit (bytes, &sk_extract_default_limits, "limit: too many files inside one another");
}

#define NAMED "[note name @a]a\n[text @a]behind a mode\n"

/* Of what UNIX says it is (the upper half of the attributes, APPNOTE.TXT 4.4.15): unzip -p and
 * Python's zipfile give the content of all of them. */
static void
test_modes (void)
{
  static const struct {
    mode_t mode;
    const char *text, *sections;
  } modes[] = { { AE_IFREG, "behind a mode", NAMED }, { AE_IFLNK, "behind a mode", NAMED },
                { AE_IFDIR, "behind a mode", NAMED }, { AE_IFCHR, "behind a mode", NAMED },
                { AE_IFIFO, "behind a mode", NAMED }, { AE_IFDIR, "", "" } };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      Writer *writer = begin_zip ();
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (SkExtraction) got = NULL;
      g_autofree char *printed = NULL;
      guint8 *at;

      add_member (writer, "a", modes[i].text, strlen (modes[i].text));
      bytes = end_zip (writer);
      at = memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "PK\1\2", 4);
      at[41] = (guint8) ((at[41] & 0x0f) | modes[i].mode >> 8);
      got = extract_bytes (bytes, "a.zip", &sk_extract_default_limits);
      printed = print_extraction (got);
      g_assert_cmpstr (printed, ==, modes[i].sections);
      g_assert_cmpint (got->readable, ==, SK_YES);
    }
}

/* All entries of the directory at the end point to the same member: it is read once. */
static void
test_overlap (void)
{
  g_autofree char *text = g_strnfill (1024 * 1024, 'x');
  Writer *writer = begin_zip ();
  g_autoptr (GBytes) bomb = NULL;
  g_autoptr (SkExtraction) got = NULL;
  guint8 *at;

  add_member (writer, "a", text, 1024 * 1024);
  for (guint i = 0; i < 30; i++)
    add_member (writer, "a", "x", 1);
  bomb = end_zip (writer);
  at = (guint8 *) g_bytes_get_data (bomb, NULL);
  for (gsize left = g_bytes_get_size (bomb); left > 46; left--, at++)
    if (memcmp (at, "PK\1\2", 4) == 0)
      memset (at + 42, 0, 4);
  got = extract_bytes (bomb, "bomb.zip", &sk_extract_default_limits);
  g_assert_cmpuint (got->length, <, 1024 * 1024 + 1000);
}

/* --- one file that is two -------------------------------------------------------------------- */

typedef struct {
  const char *name;
  const char *files[3]; /* of the documents, one behind the other; NULL: no more */
  const char *type, *reason, *found[2];
} Joined;

#define HIDES "damaged: there is more in it than its directory says"
#define YAYOI "ヤヨイ"

static const Joined joined[] = {
  { "a document in a tar archive", { "archives/stored.tar" }, "application/x-tar", NULL,
    { "四つの言葉", "03-0000-0001" } },
  { "an archive in what tar passes over", { "archives/passed-over.tar" }, "application/x-tar", NULL,
    { "四つの言葉", YAYOI } },
  { "a document in a 7z archive", { "archives/stored.7z" }, "application/x-7z-compressed", NULL,
    { "03-0000-0001" } },
  { "a document in an LZH archive", { "archives/stored.lzh" }, "application/x-lzh-compressed", NULL,
    { "四つの言葉", "03-0000-0001" } },
  { "a document in a tar archive, and an archive", { "archives/stored.tar", "archives/plain.zip" },
    "application/x-tar", NULL, { YAYOI, "03-0000-0001" } },
  { "a document in a 7z archive, and an archive", { "archives/stored.7z", "archives/plain.zip" },
    "application/x-7z-compressed", NULL, { YAYOI, "03-0000-0001" } },
  { "a document in an LZH archive, and an archive",
    { "archives/stored.lzh", "archives/plain.zip" }, "application/x-lzh-compressed", NULL,
    { YAYOI, "03-0000-0001" } },
  { "a RAR archive and another", { "archives/libarchive-rar_unicode.rar", "archives/plain.zip" },
    "application/vnd.rar", NULL, { YAYOI } },
  { "a newer RAR archive and another",
    { "archives/libarchive-rar5_unicode.rar", "archives/plain.zip" }, "application/vnd.rar", NULL,
    { YAYOI } },
  { "an old document and an archive", { "ole2/letter.doc", "archives/plain.zip" },
    "application/msword", NULL, { YAYOI, "03-0000-0001" } },
  { "a winmail.dat and an archive", { "tnef/winmail.dat", "archives/plain.zip" },
    "application/ms-tnef", NULL, { YAYOI } },
  { "a program that unpacks itself", { "kinds/program.exe", "archives/level-1.lzh" },
    "application/vnd.microsoft.portable-executable", NULL, { YAYOI } },
  { "a PDF and an archive", { "pdf/cairo.pdf", "archives/plain.zip" }, "application/pdf", NULL,
    { YAYOI } },
  { "a PDF with its document inside, and an archive", { "pdf/hybrid.pdf", "archives/plain.zip" },
    "application/pdf", NULL, { YAYOI, "株式会社サンプル商事" } },
  { "a text document and an archive", { "office/letter.docx", "archives/plain.zip" },
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", NULL,
    { YAYOI, "03-0000-0001" } },
  { "a sheet and an archive", { "office/ledger.ods", "archives/plain.zip" },
    "application/vnd.oasis.opendocument.spreadsheet", NULL, { YAYOI, "1980-03-04" } },
  { "RTF and an archive", { "ole2/plain.rtf", "archives/plain.zip" }, "application/rtf", NULL,
    { YAYOI } },
  { "text and an archive", { "text/prose.txt", "archives/plain.zip" }, "application/zip", NULL,
    { YAYOI } },
  { "a page and an archive", { "text/page.html", "archives/plain.zip" }, "text/html", NULL,
    { YAYOI } },
  { "a program and an archive", { "kinds/program.elf", "archives/plain.zip" }, NULL, NULL,
    { YAYOI } },
  { "a picture and an archive", { "kinds/picture.png", "archives/plain.zip" }, "image/png", NULL,
    { YAYOI } },
  { "two archives", { "archives/plain.zip", "archives/cp932.zip" }, "application/zip", NULL,
    { YAYOI, "memo" } },
  { "two archives and a text", { "archives/plain.zip", "archives/lzma.zip", "text/prose.txt" },
    "application/zip", NULL, { YAYOI } },
  { "an archive without its end, and a whole one",
    { "archives/cut.zip", "archives/plain.zip" }, "application/zip",
    "damaged: its directory is missing, or it is one part of several", { YAYOI } },
  { "an archive and one without its end", { "archives/plain.zip", "archives/cut.zip" },
    "application/zip", HIDES, { YAYOI } },
  { "a document and an archive without its end", { "office/letter.docx", "archives/cut.zip" },
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", HIDES,
    { "03-0000-0001" } },
};

static GBytes *
join (const char *const files[3])
{
  GByteArray *whole = g_byte_array_new ();

  for (guint i = 0; i < 3 && files[i] != NULL; i++)
    {
      g_autoptr (GBytes) bytes = load_document (files[i]);

      g_byte_array_append (whole, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
    }
  return g_byte_array_free_to_bytes (whole);
}

static void
test_joined (gconstpointer data)
{
  const Joined *test = data;
  g_autoptr (GBytes) bytes = join (test->files);
  g_autoptr (SkExtraction) got = extract_bytes (bytes, NULL, &sk_extract_default_limits);

  if (test->type != NULL)
    g_assert_cmpstr (got->type, ==, test->type);
  for (guint i = 0; i < 2 && test->found[i] != NULL; i++)
    g_assert_nonnull (strstr (got->text, test->found[i]));
  if (test->reason == NULL)
    g_assert_cmpstr (got->reason, ==, NULL);
  else
    g_assert_true (got->reason != NULL && g_str_has_prefix (got->reason, test->reason));
}

/* An archive of two members, whose directory has only one entry. */
static GBytes *
unname (gboolean first)
{
  g_autoptr (GBytes) plain = load_document ("archives/plain.zip");
  GByteArray *cut = g_byte_array_new ();
  gsize length = g_bytes_get_size (plain);
  const guint8 *at = g_bytes_get_data (plain, NULL), *end = at + length - 22;
  const guint8 *one = memmem (at, length, "PK\1\2", 4);
  const guint8 *two = memmem (one + 4, (gsize) (end - one) - 4, "PK\1\2", 4);
  const guint8 *gone = first ? one : two, *gone_end = first ? two : end;
  guint8 *record;

  g_byte_array_append (cut, at, (guint) (gone - at));
  g_byte_array_append (cut, gone_end, (guint) (at + length - gone_end));
  record = cut->data + cut->len - 22;
  record[8]--;
  record[10]--;
  record[12] = (guint8) (record[12] - (gone_end - gone));
  return g_byte_array_free_to_bytes (cut);
}

/* A member that the directory doesn't name; archives inside archives, as they are, have their own
 * directory. */
static void
test_unnamed_member (void)
{
  g_autoptr (GBytes) plain = load_document ("archives/plain.zip"), outer = zip_of ("a.zip", plain);
  g_autoptr (GBytes) without_first = unname (TRUE), without_last = unname (FALSE);
  g_autoptr (SkExtraction) of_outer = extract_bytes (outer, NULL, &sk_extract_default_limits);
  g_autoptr (SkExtraction) of_first
      = extract_bytes (without_first, NULL, &sk_extract_default_limits);
  g_autoptr (SkExtraction) of_last = extract_bytes (without_last, NULL, &sk_extract_default_limits);

  g_assert_cmpint (of_outer->readable, ==, SK_YES);
  g_assert_true (g_str_has_prefix (of_first->reason, "damaged: its directory is missing"));
  g_assert_nonnull (strstr (of_first->text, "memo.txt"));
  g_assert_cmpstr (of_last->reason, ==, HIDES);
}

/* Whatever is cut off or turned over: an answer, and UTF-8. */
static void
test_damage (void)
{
  static const char *const files[] = { "plain.zip",
                                       "plain.7z",
                                       "plain.tgz",
                                       "plain.tar",
                                       "libarchive-lha_lh7.lzh",
                                       "libarchive-rar5_unicode.rar",
                                       "libarchive-rar_unicode.rar",
                                       "partly.zip" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (guint i = 0; i < G_N_ELEMENTS (files) * 25; i++)
    {
      g_autofree char *path = g_build_filename ("archives", files[i % G_N_ELEMENTS (files)], NULL);
      g_autoptr (GBytes) whole = load_document (path), broken = NULL;
      g_autoptr (SkExtraction) got = NULL;
      gsize length;
      guint8 *copy = g_bytes_unref_to_data (g_steal_pointer (&whole), &length);

      for (guint k = 0; k < 3; k++)
        copy[g_rand_int_range (rand, 0, (gint32)length)]
            ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
      broken = g_bytes_new_take (copy, i % 2 ? length
                                             : (gsize)g_rand_int_range (rand, 0, (gint32)length));
      got = extract_bytes (broken, files[i % G_N_ELEMENTS (files)], &sk_extract_default_limits);
      g_assert_true (g_utf8_validate (got->text, (gssize) got->length, NULL));
      g_assert_true (got->readable == SK_YES || got->reason != NULL);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  document_cases_add ("/format/archive/", cases, G_N_ELEMENTS (cases), test_case);
  g_test_add_func ("/format/archive/cut-encrypted", test_cut_encrypted);
  for (guint i = 0; i < G_N_ELEMENTS (joined); i++)
    {
      g_autofree char *path = g_strconcat ("/format/archive/joined/", joined[i].name, NULL);

      g_test_add_data_func (path, &joined[i], test_joined);
    }
  g_test_add_func ("/format/archive/unnamed-member", test_unnamed_member);
  g_test_add_func ("/format/archive/ratio", test_ratio);
  g_test_add_func ("/format/archive/total", test_total);
  g_test_add_func ("/format/archive/members", test_members);
  g_test_add_func ("/format/archive/depth", test_depth);
  g_test_add_func ("/format/archive/modes", test_modes);
  g_test_add_func ("/format/archive/overlap", test_overlap);
  g_test_add_func ("/format/archive/damage", test_damage);
  return g_test_run ();
}
