/* The XML of office documents, inside packages that are whole: the first octet says which part
 * of which kind of document the rest is. What is read is UTF-8, within its limits, and its
 * sections cover it. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-input.h"

#include "sk-extract.h"
#include "sk-number-pattern.h"

#include <locale.h>
#include <zip.h>

#define OPEN_XML "application/vnd.openxmlformats-officedocument."
#define TYPES(main, kind, other)                                                                   \
  "<Types><Default Extension='rels' "                                                              \
  "ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"                       \
  "<Override PartName='/m' ContentType='" OPEN_XML main ".main+xml'/>"                             \
  "<Override PartName='/o' ContentType='" OPEN_XML kind "." other "+xml'/></Types>"
#define RELATIONS "<R><Relationship Id='a' Target='/o'/></R>"
#define BOOK "<workbook xmlns:r='/relationships'><sheet name='s' r:id='a'/></workbook>"
#define OPEN_DOCUMENT "application/vnd.oasis.opendocument."

#define BINARY(other)                                                                              \
  "<Types><Default Extension='rels' "                                                              \
  "ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"                       \
  "<Override PartName='/m' ContentType='application/vnd.ms-excel.sheet.binary.macroEnabled.main'/>" \
  "<Override PartName='/o' ContentType='application/vnd.ms-excel." other "'/></Types>"
/* BrtBundleSh: a sheet "s" of the relation "a". */
#define BINARY_BOOK "\x9c\1\x14\0\0\0\0\0\0\0\0\1\0\0\0a\0\1\0\0\0s\0"

typedef struct {
  const char *name, *text; /* NULL: the input */
  gsize length;            /* 0: up to its NUL */
} Part;

static const Part packages[][4] = {
  { { "[Content_Types].xml", TYPES ("wordprocessingml.document", "wordprocessingml", "comments") },
    { "m", NULL } },
  { { "[Content_Types].xml", TYPES ("wordprocessingml.document", "wordprocessingml", "header") },
    { "m", "<d/>" },
    { "o", NULL },
    { "_rels/m.rels", RELATIONS } },
  { { "[Content_Types].xml", TYPES ("spreadsheetml.sheet", "spreadsheetml", "worksheet") },
    { "m", BOOK },
    { "o", NULL },
    { "_rels/m.rels", RELATIONS } },
  { { "[Content_Types].xml", TYPES ("spreadsheetml.sheet", "spreadsheetml", "sharedStrings") },
    { "m", "<w/>" },
    { "o", NULL } },
  { { "[Content_Types].xml", TYPES ("spreadsheetml.sheet", "spreadsheetml", "styles") },
    { "m", "<w/>" },
    { "o", NULL } },
  { { "[Content_Types].xml", TYPES ("spreadsheetml.sheet", "spreadsheetml", "comments") },
    { "m", "<w/>" },
    { "o", NULL } },
  { { "[Content_Types].xml", TYPES ("presentationml.presentation", "presentationml", "slide") },
    { "m", "<p/>" },
    { "o", NULL } },
  { { "[Content_Types].xml", TYPES ("presentationml.presentation", "presentationml", "slide") },
    { "m", NULL },
    { "o", "<s/>" },
    { "_rels/m.rels", NULL } },
  { { "[Content_Types].xml", BINARY ("worksheet") },
    { "m", BINARY_BOOK, sizeof BINARY_BOOK - 1 },
    { "o", NULL },
    { "_rels/m.rels", RELATIONS } },
  { { "[Content_Types].xml", BINARY ("sharedStrings") }, { "m", NULL }, { "o", NULL } },
  { { "[Content_Types].xml", BINARY ("styles") }, { "m", NULL }, { "o", NULL } },
  { { "[Content_Types].xml", NULL }, { "m", "<d/>" } },
  { { "mimetype", OPEN_DOCUMENT "text" },
    { "content.xml", NULL },
    { "META-INF/manifest.xml", "<m/>" } },
  { { "mimetype", OPEN_DOCUMENT "spreadsheet" }, { "content.xml", NULL }, { "meta.xml", NULL } },
  { { "mimetype", OPEN_DOCUMENT "text" },
    { "content.xml", "<c/>" },
    { "META-INF/manifest.xml", NULL } },
};

static GBytes *
make_package (const Part *parts, const uint8_t *data, size_t size)
{
  zip_source_t *whole = zip_source_buffer_create (NULL, 0, 0, NULL);
  zip_t *zip = zip_open_from_source (whole, ZIP_TRUNCATE, NULL);
  zip_stat_t stat;
  guint8 *bytes;

  zip_source_keep (whole);
  for (guint i = 0; i < 4 && parts[i].name != NULL; i++)
    {
      const char *text = parts[i].text != NULL ? parts[i].text : (const char *) data;
      gsize length = parts[i].text == NULL ? size
                     : parts[i].length > 0 ? parts[i].length
                                           : strlen (text);
      zip_source_t *part = zip_source_buffer (zip, text, length, 0);
      zip_int64_t index = zip_file_add (zip, parts[i].name, part, ZIP_FL_ENC_UTF_8);

      zip_set_file_compression (zip, (zip_uint64_t) index, ZIP_CM_STORE, 0);
    }
  g_assert_cmpint (zip_close (zip), ==, 0);
  zip_source_stat (whole, &stat);
  bytes = g_malloc (stat.size);
  zip_source_open (whole);
  zip_source_read (whole, bytes, stat.size);
  zip_source_close (whole);
  zip_source_free (whole);
  return g_bytes_new_take (bytes, stat.size);
}

static void
check (const SkContent *content)
{
  g_autoptr (SkExtraction) got = sk_extract (content, &sk_extract_default_limits);
  gsize at = 0;

  g_assert_true (g_utf8_validate (got->text, (gssize) got->length, NULL));
  g_assert_cmpuint (got->length, <=, sk_extract_default_limits.text_bytes + 1);
  g_assert_true (got->readable == SK_YES || got->reason != NULL);
  for (guint i = 0; i < got->sections->len; i++)
    {
      const SkSection *section = got->sections->pdata[i];

      g_assert_cmpuint (section->start, ==, at);
      at += section->length;
    }
  g_assert_cmpuint (at, ==, got->length);
}

static void
check_pattern (const uint8_t *data, size_t size)
{
  g_autofree char *format = g_strndup ((const char *) data, MIN (size, 64));
  g_autoptr (GString) into = g_string_new (NULL);

  if (g_utf8_validate (format, -1, NULL))
    sk_number_pattern_append (into, format, 1234567);
  g_assert_true (g_utf8_validate (into->str, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  SkContent content = { .bytes = data, .length = size };
  g_autoptr (GBytes) package = NULL;

  if (size == 0)
    return 0;
  setlocale (LC_CTYPE, "C.UTF-8");
  check (&content); /* flat documents */
  check_pattern (data, size);
  package = make_package (packages[data[0] % G_N_ELEMENTS (packages)], data + 1, size - 1);
  content.bytes = g_bytes_get_data (package, &content.length);
  check (&content);
  return 0;
}
