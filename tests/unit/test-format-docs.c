/* Documents that other programs made (tests/fixtures/documents/make-documents says which) are read as those
 * programs meant them; what is damaged or hostile is told. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract.h"
#include "sk-masquerade.h"
#include "sk-rtf-packed.h"
#include "sk-self-test-pdf.h"

#include <locale.h>
#include <string.h>

#define TABLE \
  "氏名,電話,住所\n見本 太郎,090-0000-0000,東京都千代田区霞が関1-2-3\n見本 花子,090-0000-0001,大阪府大阪市北区\n"
#define PROPERTIES "[note properties]Sample title\nSample author\nsample keywords\nGPL Ghostscript 10.00.0\n"
#define OUTLINE "[note outline]First chapter\nIts section\n"
#define MARKED_PAGE "[page 1]Text on the page\n[note comment 1]A comment in the margin\nReviewer\n" OUTLINE PROPERTIES
#define SENDER "From: 見本 太郎 <taro@example.com>\nTo: 試験 花子 <hanako@example.org>\n"
#define NESTED_MAIL \
  "[note header]" SENDER "Subject: 外側の件名\n[text]外側の本文\n[text]外側の本文\n" \
  "[note name @名簿.csv]名簿.csv\n[text @名簿.csv]" TABLE "[note header]" SENDER \
  "Subject: 内側の件名\n[text]内側の本文\n"
#define MESSAGE(n) \
  "[note name @message-" n ".eml]message-" n ".eml\n[note header @message-" n ".eml]" SENDER "Subject: 件名" n \
  "\n[text @message-" n ".eml]本文" n "\n\n"

/* Each section as "[kind label number @member]text". NULL: no matter. */
typedef struct {
  const char *file, *type;
  SkTruth readable, encrypted;
  const char *reason, *sections;
} Case;

static const Case cases[] = {
  { "pdf/reportlab.pdf", "application/pdf", SK_YES, SK_NO, NULL,
    "[page 1]顧客名簿（社外秘）\n電話 090-0000-0000\n[note field 1]Second\nValue in a field\n[page 2]二頁目\n"
    "[note outline]第一章\n[note properties]見本の題\n見本 太郎\nunspecified\n"
    "ReportLab PDF Library - www.reportlab.com\nReportLab PDF Library - www.reportlab.com\n" },
  { "pdf/cairo.pdf", "application/pdf", SK_YES, SK_NO, NULL,
    "[page 1]関所を通るメール\n第二行\n[note properties]cairo 1.16.0 (https://cairographics.org)\n" },
  { "pdf/libreoffice.pdf", "application/pdf", SK_YES, SK_NO, NULL,
    "[page 1]見積書\n株式会社サンプル商事 御中\n[note properties]Writer\nLibreOffice 7.4\n" },
  { "pdf/hybrid.pdf", "application/pdf", SK_YES, SK_NO, NULL,
    "[page 1]見積書\n株式会社サンプル商事 御中\n[note properties]Writer\nLibreOffice 7.4\n"
    "[text]見積書\n株式会社サンプル商事 御中\n" },
  { "pdf/ghostscript.pdf", "application/pdf", SK_YES, SK_NO, NULL, MARKED_PAGE },
  { "pdf/owner-password.pdf", "application/pdf", SK_YES, SK_NO, NULL, MARKED_PAGE },
  { "pdf/attached.pdf", "application/pdf", SK_YES, SK_NO, NULL,
    MARKED_PAGE "[note name @名簿.csv]名簿.csv\n[text @名簿.csv]" TABLE },
  { "pdf/user-password.pdf", "application/pdf", SK_NO, SK_YES, "encrypted", "" },
  { "pdf/table.pdf", "application/pdf", SK_YES, SK_NO, NULL,
    "[page 1]Mihon\t03-0000-0000\t4111111111111111\nMihon\t03-0000-0001\t4111111111111111\n"
    "Mihon\t03-0000-0002\t4111111111111111\nMihon\t03-0000-0003\t4111111111111111\n"
    "Mihon\t03-0000-0004\t4111111111111111\n" },
  { "pdf/narrow-table.pdf", "application/pdf", SK_YES, SK_NO, NULL,
    "[page 1]氏名\t電話番号\tカード番号\n見本 太郎\t03-0000-\t4111 1111 1111\n0000\t1111\n"
    "見本 花子\t090-\t5555 5555 5555\n0000-\t4444\n0001\n[note properties]Writer\nLibreOffice 7.4\n" },
  { "pdf/covered-cells.pdf", "application/pdf", SK_YES, SK_NO, NULL,
    "[page 1]S\n氏名\t電話番号\t生年月日\n見本\t03-0000-000\t1980年1月1日\n試験\t03-0000-000\t1980年2月2日\nPage 1\n"
    "[note outline]S\n[note properties]Calc\nLibreOffice 7.4\n" },
  { "pdf/boxes.pdf", "application/pdf", SK_YES, SK_NO, NULL, "[page 1]4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n" },
  { "pdf/columns.pdf", "application/pdf", SK_YES, SK_NO, NULL,
    "[page 1]The first column of this page tells of\nwhat was agreed on in the spring, and\n"
    "goes on for as long as it must, until\nit ends here.\nThe second column is another matter: it\n"
    "stands beside the first, and each of its\nlines has nothing to do with the line\non its left.\n" },
  { "pdf/glyph-numbers.pdf", "application/pdf", SK_NO, SK_NO, "the characters of a font are not known", NULL },
  { "pdf/cut.pdf", "application/pdf", SK_NO, SK_UNKNOWN, "damaged: it can't be opened", "" },

  { "text/table-cp932.csv", "text/csv", SK_YES, SK_NO, NULL, "[text]" TABLE },
  { "text/table-euc_jp.csv", "text/csv", SK_YES, SK_NO, NULL, "[text]" TABLE },
  { "text/table-iso2022_jp.csv", "text/csv", SK_YES, SK_NO, NULL, "[text]" TABLE },
  { "text/table-utf-8.csv", "text/csv", SK_YES, SK_NO, NULL, "[text]" TABLE },
  { "text/table-utf-8-sig.csv", "text/csv", SK_YES, SK_NO, NULL, "[text]" TABLE },
  { "text/table-utf-16.csv", "text/csv", SK_YES, SK_NO, NULL, "[text]" TABLE },
  { "text/table-utf-16-le.csv", "text/csv", SK_YES, SK_NO, NULL, "[text]" TABLE },
  { "text/table-utf-16-be.csv", "text/csv", SK_YES, SK_NO, NULL, "[text]" TABLE },
  { "text/table-utf-32.csv", "text/csv", SK_YES, SK_NO, NULL, "[text]" TABLE },
  { "text/kanji-utf-16-le.txt", "text/plain", SK_YES, SK_NO, NULL, "[text]株式会社見本商事　契約書類一式\n" },
  { "text/kana-cp932.txt", "text/plain", SK_YES, SK_NO, NULL,
    "[text]迎岾 箪頂\n[text second reading]ｷﾞﾖｳ ﾃｽﾄｺ\n" },
  { "text/names-euc_jp.txt", "text/plain", SK_YES, SK_NO, NULL,
    "[text]見本花子\n[text second reading]ｸｫﾋﾜｲﾖｻﾒ\n" },
  { "text/prose.txt", "text/plain", SK_YES, SK_NO, NULL, "[text]お世話になっております。\n見本の件です。\n" },
  { "text/list.tsv", "text/tab-separated-values", SK_YES, SK_NO, NULL,
    "[text]品名\t数量\t単価\n見本\t1\t100\n試料\t2\t200\n" },
  { "text/data.json", "application/json", SK_YES, SK_NO, NULL,
    "[text]{\"name\": \"見本 太郎\", \"more\": [\"𠮷野\"]}\n" },
  { "text/data.xml", "text/xml", SK_YES, SK_NO, NULL,
    "[text]<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>\n<r><n>見本太郎</n></r>\n" },
  { "text/picture.svg", "image/svg+xml", SK_YES, SK_NO, NULL,
    "[text]<svg xmlns=\"http://www.w3.org/2000/svg\"><text>見本図</text></svg>\n" },
  { "text/page.html", "text/html", SK_YES, SK_NO, NULL, "[note title]見本&題\n[text]請求書\n二行目\n" },
  { "text/card.vcf", "text/vcard", SK_YES, SK_NO, NULL,
    "[text]BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:見本;太郎\n"
    "TEL:090-0000-0000\nNOTE:one\ntwo, three\nEND:VCARD\n" },
  { "text/event.ics", "text/calendar", SK_YES, SK_NO, NULL,
    "[text]BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:見本商事と打合せ\nEND:VEVENT\nEND:VCALENDAR\n" },
  { "text/script.sh", "text/x-shellscript", SK_YES, SK_NO, NULL, "[text]#!/bin/sh\necho 見本\n" },

  { "mail/nested.eml", "message/rfc822", SK_YES, SK_NO, NULL, NESTED_MAIL },
  { "mail/two.mbox", "application/mbox", SK_YES, SK_NO, NULL, MESSAGE ("1") MESSAGE ("2") },

  { "sealed/signed.p7m", "application/pkcs7-mime", SK_YES, SK_NO, NULL, "[text]署名された本文\n" },
  { "sealed/signed.pem", "application/pkcs7-mime", SK_YES, SK_NO, NULL, "[text]署名された本文\n" },
  { "sealed/signed-stream.p7m", "application/pkcs7-mime", SK_YES, SK_NO, NULL, "[text]署名された本文\n" },
  { "sealed/compressed.p7m", "application/pkcs7-mime", SK_YES, SK_NO, NULL, "[text]縮めた本文\n" },
  { "sealed/pgp-mime.eml", "message/rfc822", SK_NO, SK_YES, "encrypted", NULL },
  { "sealed/pgp-inline.eml", "message/rfc822", SK_NO, SK_YES, "encrypted", NULL },
  { "sealed/detached.p7s", "application/pkcs7-mime", SK_YES, SK_NO, NULL, "" },
  { "sealed/encrypted.p7m", "application/pkcs7-mime", SK_NO, SK_YES, "encrypted", "" },
  { "sealed/signed.eml", "message/rfc822", SK_YES, SK_NO, NULL,
    "[note header]To: b@example.com\nFrom: a@example.com\nSubject: signed\n"
    "[note name @smime.p7m]smime.p7m\n[text @smime.p7m]署名された本文\n" },
  { "sealed/encrypted.eml", "message/rfc822", SK_NO, SK_YES, "encrypted",
    "[note header]To: b@example.com\nFrom: a@example.com\nSubject: encrypted\n"
    "[note name @smime.p7m]smime.p7m\n" },
  { "sealed/encrypted.asc", "application/pgp-encrypted", SK_NO, SK_YES, "encrypted", "" },
  { "sealed/encrypted.gpg", "application/pgp-encrypted", SK_NO, SK_YES, "encrypted", "" },
  { "sealed/password.gpg", "application/pgp-encrypted", SK_NO, SK_YES, "encrypted", "" },
  { "sealed/signed.asc", "application/pgp-encrypted", SK_YES, SK_NO, NULL,
    "[note name @letter.txt]letter.txt\n[text @letter.txt]署名された手紙\n" },
  { "sealed/signed.gpg", "application/pgp-encrypted", SK_YES, SK_NO, NULL,
    "[note name @letter.txt]letter.txt\n[text @letter.txt]署名された手紙\n" },
  { "sealed/clear-signed.asc", "text/plain", SK_YES, SK_NO, NULL, NULL },
  { "sealed/public-key.asc", "text/plain", SK_YES, SK_NO, NULL, NULL },

  { "tnef/checksum.dat", "application/ms-tnef", SK_NO, SK_NO,
    "damaged: a checksum of a winmail.dat is wrong", NULL },
  { "tnef/cut.dat", "application/ms-tnef", SK_NO, SK_NO, "damaged: a winmail.dat ends too early", NULL },

  { "kinds/picture.png", "image/png", SK_YES, SK_NO, NULL, "" },
  { "kinds/picture.jpg", "image/jpeg", SK_YES, SK_NO, NULL, "" },
  { "kinds/picture.gif", "image/gif", SK_YES, SK_NO, NULL, "" },
  { "kinds/picture.bmp", "image/bmp", SK_YES, SK_NO, NULL, "" },
  { "kinds/picture.tiff", "image/tiff", SK_YES, SK_NO, NULL, "" },
  { "kinds/picture.webp", "image/webp", SK_YES, SK_NO, NULL, "" },
  { "kinds/sound.wav", "audio/x-wav", SK_YES, SK_NO, NULL, "" },
  { "kinds/program.elf", "application/x-executable", SK_YES, SK_NO, NULL, "" },
  { "kinds/program.exe", "application/vnd.microsoft.portable-executable", SK_YES, SK_NO, NULL, "" },
  { "kinds/empty", "application/x-empty", SK_YES, SK_NO, NULL, "" },
  { "kinds/unknown.bin", "application/octet-stream", SK_YES, SK_NO, NULL,
    "[text]株式会社見本です\n機密情報テスト\n顧客名簿 0123\nhello world\n" },
};

/* --- describing what was read ---------------------------------------------------------------------------- */

static void
append_text (GString *into, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] != '\r')
      g_string_append_c (into, text[i]);
}

static char *
describe (const SkExtraction *extraction)
{
  static const char *const kinds[] = { "text", "page", "sheet", "slide", "note" };
  GString *text = g_string_new (NULL);
  gsize at = 0;

  for (guint i = 0; i < extraction->sections->len; i++)
    {
      const SkSection *section = extraction->sections->pdata[i];

      g_assert_cmpuint (section->start, ==, at);
      g_string_append_printf (text, "[%s", kinds[section->kind]);
      if (section->label != NULL)
        g_string_append_printf (text, " %s", section->label);
      if (section->number > 0)
        g_string_append_printf (text, " %u", section->number);
      if (section->member != NULL)
        g_string_append_printf (text, " @%s", section->member);
      g_string_append_c (text, ']');
      append_text (text, extraction->text + section->start, section->length);
      at += section->length;
    }
  g_assert_cmpuint (at, ==, extraction->length);
  return g_string_free (text, FALSE);
}

static SkExtraction *
extract (const void *bytes, gsize length)
{
  SkContent content = { .bytes = bytes, .length = length };

  return sk_extract (&content, &sk_extract_default_limits);
}

static void
load (const char *file, char **bytes, gsize *length)
{
  g_autofree char *path = g_build_filename (g_getenv ("SK_FIXTURES"), "documents", file, NULL);
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, bytes, length, &error);
  g_assert_no_error (error);
}

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  g_autofree char *bytes = NULL, *sections = NULL;
  g_autoptr (SkExtraction) extraction = NULL;
  gsize length;

  load (expected->file, &bytes, &length);
  extraction = extract (bytes, length);
  sections = describe (extraction);
  g_assert_cmpstr (extraction->type, ==, expected->type);
  if (expected->sections != NULL)
    g_assert_cmpstr (sections, ==, expected->sections);
  g_assert_cmpstr (extraction->reason, ==, expected->reason);
  g_assert_cmpint (extraction->readable, ==, expected->readable);
  g_assert_cmpint (extraction->encrypted, ==, expected->encrypted);
}

/* --- what has no file --------------------------------------------------------------------------------------- */

static void
test_self_test (void)
{
  g_autoptr (SkExtraction) extraction = extract (sk_self_test_pdf, sizeof sk_self_test_pdf - 1);

  g_assert_cmpstr (extraction->text, ==, SK_SELF_TEST_PDF_TEXT "\n");
  g_assert_cmpint (extraction->readable, ==, SK_YES);
}

static char *
replaced (const char *what, const char *with)
{
  g_auto (GStrv) parts = g_strsplit (sk_self_test_pdf, what, -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  return g_strjoinv (with, parts);
}

/* Text that poppler loses without an error. */
static void
test_lost_text (void)
{
  static const struct {
    const char *what, *with, *reason;
  } changes[] = {
    { "90ms-RKSJ-H", "91ms-RKSJ-H", "the characters of a font are not known" },
    { "/Count 1", "/Count 9", NULL },
    { "/Kids [3 0 R] /Count 1", "/Kids [3 0 R 9 0 R] /Count 2", NULL },
    { "/Length 37", "/Length 37 /Filter /Nonsense", "a part of it is packed in an unknown way" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *pdf = replaced (changes[i].what, changes[i].with);
      g_autoptr (SkExtraction) extraction = extract (pdf, strlen (pdf));

      g_test_message ("%s: %s, %s", changes[i].with, extraction->reason, extraction->text);
      g_assert_cmpint (extraction->readable, ==, SK_NO);
      if (changes[i].reason != NULL)
        g_assert_cmpstr (extraction->reason, ==, changes[i].reason);
    }
}

/* A line of which a part lies beyond the page's edge; vertical, too. */
static void
test_edge (void)
{
  static const char *const encodings[] = { "90ms-RKSJ-H", "90ms-RKSJ-V" };

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      g_autofree char *moved = replaced ("20 40 Td", "20 95 Td");
      g_auto (GStrv) parts = g_strsplit (moved, "90ms-RKSJ-H", -1);
      g_autofree char *pdf = g_strjoinv (encodings[i], parts);
      g_autoptr (SkExtraction) extraction = extract (pdf, strlen (pdf));

      g_assert_cmpstr (extraction->text, ==, SK_SELF_TEST_PDF_TEXT "\n");
    }
}

/* What stands before a PDF: so much of the fill, then the head. Poppler's tools read each. */
static void
test_behind (void)
{
  static const struct {
    const char *head;
    gsize head_length, fill;
    char with;
    const char *type, *text;
  } cases_behind[] = {
    { "", 0, 900, '\0', "application/pdf", SK_SELF_TEST_PDF_TEXT "\n" },
    { "", 0, 5000, '\n', "application/pdf", SK_SELF_TEST_PDF_TEXT "\n" },
    { "MZ", 2, 100, '\0', "application/pdf", NULL },
    { "\0\5a.pdf", 7, 121, '\0', "application/pdf", NULL },
    { "secret", 6, 4, ' ', "application/pdf", "secret    \n" SK_SELF_TEST_PDF_TEXT "\n" },
    { "", 0, 1500, 'x', "application/pdf", NULL },
    { "\xff\xd8\xff\xe0\0\20JFIF\0\1\1", 13, 200, '\0', "image/jpeg", NULL },
    { "", 0, 65536, '\0', "application/octet-stream", NULL },
    { "PK\3\4", 4, 200, '\0', "application/zip", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases_behind); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (SkExtraction) extraction = NULL;

      g_byte_array_append (bytes, (const guint8 *) cases_behind[i].head,
                           (guint) cases_behind[i].head_length);
      g_byte_array_set_size (bytes, bytes->len + (guint) cases_behind[i].fill);
      memset (bytes->data + cases_behind[i].head_length, cases_behind[i].with, cases_behind[i].fill);
      g_byte_array_append (bytes, (const guint8 *) sk_self_test_pdf, sizeof sk_self_test_pdf - 1);
      extraction = extract (bytes->data, bytes->len);
      g_test_message ("%u: %s, %s", i, extraction->type, extraction->text);
      g_assert_cmpstr (extraction->type, ==, cases_behind[i].type);
      if (cases_behind[i].text != NULL)
        g_assert_cmpstr (extraction->text, ==, cases_behind[i].text);
      else if (cases_behind[i].fill < 65536)
        g_assert_nonnull (strstr (extraction->text, SK_SELF_TEST_PDF_TEXT));
    }
}

/* Glyphs of which nothing tells the characters. */
static void
test_unknown_glyphs (void)
{
  g_autofree char *bytes = NULL;
  g_autoptr (SkExtraction) extraction = NULL;
  gsize length;

  load ("pdf/no-unicode.pdf", &bytes, &length);
  extraction = extract (bytes, length);
  g_assert_cmpint (extraction->readable, ==, SK_NO);
  g_assert_cmpstr (extraction->reason, ==, "the characters of a font are not known");
}

static const struct {
  const char *bytes;
  gsize length;
  const char *type, *sections;
} snippets[] = {
  { "a\0b", 3, "application/octet-stream", "" },
  { "some text\x01 and more", 19, "text/plain", "[text]some text\x01 and more\n" },
  { "s\x01m\x01 text and more", 19, "application/octet-stream", "[text] text and more\n" },
  { "abcdefghi\0bcdefghi\0", 20, "text/plain", "[text]abcdefghi bcdefghi\n" },
  { "a,b,1\nc,d,2\n\x1a", 13, "text/csv", "[text]a,b,1\nc,d,2\n" },
  { "a,b,1\nc,d,2\n\x1a\0\0\0", 16, "text/csv", "[text]a,b,1\nc,d,2\n" },
  { "\f\x8c\xa9\x96\x7b\x82\xcc\x8c\x8f\n\f\0", 12, "text/plain", "[text]\f見本の件\n\f\n" },
  { "\x8c\xa9\x96\x7b\x82\xcc\x8c\x8f\0 \x8c\xa9\x96\x7b", 14, "text/plain", "[text]見本の件  見本\n" },
  { "\xff\xfe" "a\0,\0b\0\n\0\x1a\0\0\0\0", 15, "text/plain", "[text]a,b\n" },
  { "a\0,\0b\0,\0c\0\n\0\0\0\0", 15, "text/plain", "[text]a,b,c\n" },
  { "\x8c\xc2\x90\x6c\x8f\xee\x95\xf1\x88\xea\x97\x97\1\2\3 and more", 24, NULL, "[text]個人情報一覧\n and more\n" },
  { "\0\0\0\0\x1a\0", 6, "application/octet-stream", "" },
  { "\0\x82\xa0\x82\0\x82\xa0\x82\0\x82\xa0\x82", 12, "application/octet-stream", NULL },
  { "\x1b[1mbold\x1b[0m", 12, "text/plain", NULL },
  { "one, two\nthree\n", 15, "text/plain", "[text]one, two\nthree\n" },
  { "a,b\nc,d\n", 8, "text/plain", NULL },
  { "a,\"b,c\"\nd,e\nf,g\n", 16, "text/csv", NULL },
  { "{\\u6771 is no JSON", 18, "text/plain", "[text]{東 is no JSON\n" },
  { "[\"\\ud842\\udfb7\\ud842\\u003c\"]", 28, "application/json", "[text][\"𠮷\\ud842\\u003c\"]\n" },
  { "{\"a\":\"b\\nc\\/d\\\\u6771\"}", 22, "application/json", "[text]{\"a\":\"b\nc/d\\u6771\"}\n" },
  { " \n<HTML>a<br>b", 14, "text/html", "[text]a\nb\n" },
  { "<!-- c --> <p>a", 15, "text/html", "[text]a\n" },
  { "<program> is no tag", 19, "text/plain", NULL },
  { "\xff\xfe<\0p\0>\0B0", 10, "text/html", "[text]あ\n" },
  { "<?xml version='1.0'?><html>a</html>", 35, "application/xhtml+xml", "[text]a\n" },
  { "%PDF-1.4 no more", 16, "application/pdf", "" },
  { "PK\3\4 %PDF-1.4", 13, NULL, NULL },
  { "a\0%PDF-1.4 startxref", 20, "text/plain", NULL },
  { "a\0%PDF-", 7, "application/octet-stream", NULL },
  { "Subject: a\nNot a header\nFrom: b\n\n", 33, "text/plain", NULL },
  { "Subject: a\nDate: b\n\nc\n", 22, "message/rfc822", "[note header]Subject: a\nDate: b\n[text]c\n" },
  { "BEGIN:VCARD\nFN:a\nPHOTO;BASE64:AAAA\n", 35, "text/vcard", NULL },
  { "\x78\x9f\x3e\x22\1\0", 6, "application/ms-tnef", "" },
  { "-----BEGIN PGP MESSAGE-----\n", 28, "application/pgp-encrypted", "" },
  { "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", 13, "application/pkcs7-mime", "" },
  { "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 13, "application/pkcs7-mime", "" },
};

static void
test_snippets (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (snippets); i++)
    {
      g_autoptr (SkExtraction) extraction = extract (snippets[i].bytes, snippets[i].length);
      g_autofree char *sections = describe (extraction);

      g_test_message ("%u: %s", i, extraction->type);
      if (snippets[i].type != NULL)
        g_assert_cmpstr (extraction->type, ==, snippets[i].type);
      if (snippets[i].sections != NULL)
        g_assert_cmpstr (sections, ==, snippets[i].sections);
    }
}

/* --- what hosts and DOS leave in texts ---------------------------------------------------------------------- */

static const struct {
  const char *front;
  const char *back;
  gsize length; /* of what is behind */
} leftovers[] = {
  { "", "\x1a", 1 },
  { "", "\0", 1 },
  { "", "\x1a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 17 },
  { "\f", "\f", 1 },
  { "\f", "\f\x1a", 2 },
};

/* `inside` stands for the comma of one of the lines. */
static GByteArray *
table_in (const char *charset, guint leftover, char inside)
{
  GString *text = g_string_new (leftovers[leftover].front);
  g_autofree char *encoded = NULL;
  GByteArray *bytes = g_byte_array_new ();
  gsize length, at;

  for (guint i = 0; i < 300; i++)
    g_string_append_printf (text, "見本 太郎,090-0000-%04u,東京都千代田区霞が関%u-2-3\r\n", i, i);
  encoded = g_convert (text->str, (gssize) text->len, charset, "UTF-8", NULL, &length, NULL);
  at = (gsize) ((char *) memchr (encoded + length / 2, ',', length / 2) - encoded);
  encoded[at] = inside;
  g_byte_array_append (bytes, (const guint8 *) encoded, (guint) length);
  g_byte_array_append (bytes, (const guint8 *) leftovers[leftover].back, (guint) leftovers[leftover].length);
  g_string_free (text, TRUE);
  return bytes;
}

static guint
count_in (const char *text, const char *what)
{
  guint count = 0;

  for (const char *p = text; (p = strstr (p, what)) != NULL; p += strlen (what))
    count++;
  return count;
}

/* A program's address list stays a list that is read in full, and is what its name says. */
static void
test_leftovers (void)
{
  static const char *const charsets[] = { "CP932", "EUC-JP", "UTF-8" };
  static const char insides[] = { ',', '\0', '\x01' };

  for (guint i = 0; i < G_N_ELEMENTS (charsets) * G_N_ELEMENTS (insides) * G_N_ELEMENTS (leftovers); i++)
    {
      const char *charset = charsets[i % 3];
      g_autoptr (GByteArray) bytes = table_in (charset, i / 9, insides[i / 3 % 3]);
      g_autoptr (SkExtraction) extraction = extract (bytes->data, bytes->len);

      g_test_message ("%s %u: %s", charset, i, extraction->type);
      g_assert_true (g_str_has_prefix (extraction->type, "text/"));
      g_assert_cmpint (sk_masquerade_check ("list.csv", extraction->type), ==, SK_NO);
      g_assert_cmpint (sk_masquerade_check ("list.txt", extraction->type), ==, SK_NO);
      g_assert_cmpint (extraction->readable, ==, SK_YES);
      g_assert_cmpuint (count_in (extraction->text, "東京都千代田区霞が関"), ==, 300);
      g_assert_cmpuint (count_in (extraction->text, "見本 太郎"), ==, 300);
    }
}

/* Lines of a program's data file, in which there is as much that is no text. */
static void
test_lines_in_data (void)
{
  static const char *const charsets[] = { "CP932", "EUC-JP", "UTF-8", "UTF-16LE" };

  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (SkExtraction) extraction = NULL;

      for (guint n = 0; n < 300; n++)
        {
          g_autofree char *line = g_strdup_printf ("ﾐﾎﾝｼｮｳｼﾞ,見本 太郎,090-0000-%04u,東京都千代田区霞が関%u-2-3", n, n);
          gsize length;
          g_autofree char *encoded = g_convert (line, -1, charsets[i], "UTF-8", NULL, &length, NULL);

          g_byte_array_append (bytes, (const guint8 *) "\1\2\3\0\5\6\7\x08\x0e\x0f\1\2\3\0\5\6\7\x08\x0e\x0f", 20);
          g_byte_array_append (bytes, (const guint8 *) encoded, (guint) length);
        }
      extraction = extract (bytes->data, bytes->len);
      g_test_message ("%s: %s", charsets[i], extraction->type);
      g_assert_cmpstr (extraction->type, ==, "application/octet-stream");
      g_assert_cmpuint (count_in (extraction->text, "ﾐﾎﾝｼｮｳｼﾞ,見本 太郎,090-0000-"), ==, 300);
      g_assert_cmpuint (count_in (extraction->text, "東京都千代田区霞が関"), ==, 300);
      g_assert_cmpuint (count_in (extraction->text, "\n"), ==, 300);
    }
}

/* Kana alone: what they would be in EUC-JP does not take any from them. */
static void
test_kana_in_data (void)
{
  static const char *const kana[] = { "ﾐﾎﾝｼｮｳｼﾞ", "ﾔﾏﾀﾞﾀﾛｳ,12345", "12345,ﾀﾅｶﾊﾅｺ", "1,ﾄｳｷｮｳﾄﾁﾖﾀﾞｸ,2" };

  for (guint i = 0; i < G_N_ELEMENTS (kana); i++)
    {
      g_autofree char *encoded = g_convert (kana[i], -1, "CP932", "UTF-8", NULL, NULL, NULL);
      g_autofree char *data = g_strconcat ("\1\2\3\4", encoded, "\1\2\3\4", NULL);
      g_autoptr (SkExtraction) extraction = extract (data, strlen (data));

      g_test_message ("%s: %s", kana[i], extraction->text);
      g_assert_nonnull (strstr (extraction->text, kana[i]));
    }
}

/* Kana of half width in CP932, and kanji in EUC-JP, are each other. */
static void
test_two_readings_in_data (void)
{
  static const char data[] = "\1\2\3\4\xb7\xde\xc3\xbd\xc4\xba\xb7\xde\xc3\xbd\xc4\xba\1\2\3\4";
  g_autoptr (SkExtraction) extraction = extract (data, sizeof data - 1);

  g_test_message ("%s: %s", extraction->type, extraction->text);
  g_assert_nonnull (strstr (extraction->text, "ｷﾞﾃｽﾄｺｷﾞﾃｽﾄｺ"));
  g_assert_nonnull (strstr (extraction->text, "迎箪頂迎箪頂"));
}

/* A picture of one grey is letters but for its head. */
static void
test_grey_picture (void)
{
  g_autofree guint8 *bytes = g_malloc (54 + 60000);
  static const guint8 head[] = "BM\x96\xea\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xc8\0\0\0\x64\0\0\0\1\0\x18\0"
                               "\0\0\0\0\x60\xea\0\0\x13\x0b\0\0\x13\x0b\0\0\0\0\0\0\0\0\0\0";
  g_autoptr (SkExtraction) extraction = NULL;

  memset (bytes, '@', 54 + 60000);
  memcpy (bytes, head, 54);
  extraction = extract (bytes, 54 + 60000);
  g_assert_cmpstr (extraction->type, ==, "image/bmp");
}

/* RFC 4880: a one-pass signature (5.4), a letter (5.9), and behind it what can't be read. */
#define ONE_PASS "\x90\x0d\3\0\x08\1" "keynumbr" "\1"
#define LETTER "\xcb\x0c" "b\0" "\0\0\0\0" "letter"
#define PACKED_OTHERWISE "a part of the PGP message is packed in a way that can't be read"
#define ENDS_EARLY "damaged: a part of the PGP message ends too early"

static const struct {
  const char *more;
  gsize length;
  const char *reason;
} pgp_rests[] = {
  { "", 0, NULL },
  { LETTER, 14, NULL },
  { "\xc8\x01\x00", 3, NULL },
  { "\xc8\x05\x03" "BZh9", 7, PACKED_OTHERWISE },
  { "\xc8\x01\x09", 3, PACKED_OTHERWISE },
  { "\xc8\0", 2, PACKED_OTHERWISE },
  { "\xc8\x0a\0\xc8\x07\0\xc8\x04\0\xc8\x01\0", 12, NULL },
  { "\xc8\x0d\0\xc8\x0a\0\xc8\x07\0\xc8\x04\0\xc8\x01\0", 15,
    "the PGP message has too many packets, or too deep ones" },
  { "\xc8\x03\x02\x78\x9c", 5, ENDS_EARLY },
  { "\xcb\x20" "b", 3, ENDS_EARLY },
  { "\xcb\x01" "b", 3, ENDS_EARLY },
};

static void
test_pgp_rests (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pgp_rests); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (SkExtraction) extraction = NULL;

      g_byte_array_append (bytes, (const guint8 *) ONE_PASS LETTER, 29);
      g_byte_array_append (bytes, (const guint8 *) pgp_rests[i].more, (guint) pgp_rests[i].length);
      extraction = extract (bytes->data, bytes->len);
      g_test_message ("%u: %s", i, extraction->reason);
      g_assert_cmpstr (extraction->type, ==, "application/pgp-encrypted");
      g_assert_nonnull (strstr (extraction->text, "letter"));
      g_assert_cmpstr (extraction->reason, ==, pgp_rests[i].reason);
      g_assert_cmpint (extraction->readable, ==, pgp_rests[i].reason == NULL ? SK_YES : SK_NO);
    }
}

/* gpg --compress-algo bzip2 --store. */
static void
test_pgp_bzip2 (void)
{
  static const char start[] = "\xa3\3" "BZh91AY&SY";
  g_autoptr (SkExtraction) extraction = extract (start, sizeof start - 1);

  g_assert_cmpstr (extraction->type, ==, "application/pgp-encrypted");
  g_assert_cmpstr (extraction->reason, ==, PACKED_OTHERWISE);
}

/* A page's name makes a text a page, as for those who open it; without one, a tag near its beginning does, and then it
 * is read as it stands, too. */
static void
test_pages (void)
{
  static const struct {
    const char *name, *bytes, *type, *sections;
  } pages[] = {
    { "a.html", "&#52;111 &#x898b;&#x7a4d;", "text/html",
      "[text]4111 見積\n[text second reading]&#52;111 &#x898b;&#x7a4d;\n" },
    { "A.HTM", "body{}\n<p>41<b>11</b></p>", "text/html", "[text]body{}\n4111\n" },
    { "a.xht", "請<b>求</b>書<br>", "text/html", "[text]請求書\n" },
    { "a.html", "\xef\xbb\xbf\n\n<!-- x -->請<b>求</b>書<br>", "text/html", "[text]請求書\n" },
    /* not all who get it open it as a page */
    { "a.html", "a,b\nc,d\ne,f\n", "text/html",
      "[text]a,b c,d e,f\n[text second reading]a,b\nc,d\ne,f\n" },
    { "a.xhtml", "<?xml version='1.0'?><!DOCTYPE html><HTML>a</HTML>", "application/xhtml+xml", "[text]a\n" },
    { "a.html", "{\\rtf1 a}", "application/rtf", NULL },
    { "a.html", "a\1\2b", "application/octet-stream", NULL },
    { NULL, "\xef\xbb\xbf\n<p>請<b>求</b>書", "text/html", "[text]請求書\n" },
    { NULL, "こんにちは<br>請<b>求</b>書", "text/html",
      "[text]こんにちは\n請求書\n[text second reading]こんにちは<br>請<b>求</b>書\n" },
    { "a.txt", "see <style>x</style>", "text/html", "[text]see\n[text second reading]see <style>x</style>\n" },
    { "a.txt", "a <b> c, vector<program>", "text/plain", "[text]a <b> c, vector<program>\n" },
    { "a.txt", "&#52;111", "text/plain", "[text]&#52;111\n" },
    { "a.csv", "a,<br>\nc,d\ne,f\n", "text/csv", NULL },
    { NULL, "{\"a\": \"<p>b</p>\"}", "application/json", NULL },
    { NULL, "<?xml version='1.0'?><r><p>a</p></r>", "text/xml", NULL },
    { NULL, "BEGIN:VCARD\nNOTE:<br>\n", "text/vcard", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      SkContent content
          = { .bytes = (const guint8 *) pages[i].bytes, .length = strlen (pages[i].bytes), .name = pages[i].name };
      g_autoptr (SkExtraction) extraction = sk_extract (&content, &sk_extract_default_limits);
      g_autofree char *sections = describe (extraction);

      g_test_message ("%u: %s", i, pages[i].bytes);
      g_assert_cmpstr (extraction->type, ==, pages[i].type);
      if (pages[i].sections != NULL)
        g_assert_cmpstr (sections, ==, pages[i].sections);
    }
}

/* Before a page, there may be much that nobody sees. */
static void
test_late_page (void)
{
  static const char *const wrapped[][2] = { { "", "" }, { "<!--", "-->" }, { "<!-- a --> <!--", "-->\n" } };

  for (guint i = 0; i < G_N_ELEMENTS (wrapped); i++)
    {
      g_autofree char *blanks = g_strnfill (60 * 1024, '\n');
      g_autofree char *page = g_strconcat (wrapped[i][0], blanks, wrapped[i][1], "<p>請<b>求</b>書", NULL);
      g_autoptr (SkExtraction) extraction = extract (page, strlen (page));
      g_autofree char *sections = describe (extraction);

      g_assert_cmpstr (extraction->type, ==, "text/html");
      g_assert_cmpstr (sections, ==, "[text]請求書\n");
    }
}

/* The example of MS-OXRTFCP, 3.1, is in it; with it, names in CP932 and in UTF-16, and a mail in the mail. */
static void
test_tnef (void)
{
  g_autofree char *bytes = NULL;
  g_autoptr (SkExtraction) extraction = NULL;
  gsize length;
  static const char *const texts[] = {
    "見本の件名\n", "見本の本文\n", "hello world", ("名簿.csv\n" TABLE), "長い名前の控え.txt\n控え\n", "内側の件名\n内側の本文\n",
  };

  load ("tnef/winmail.dat", &bytes, &length);
  extraction = extract (bytes, length);
  g_assert_cmpstr (extraction->type, ==, "application/ms-tnef");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strstr (extraction->text, texts[i]) == NULL)
      g_error ("%s is not in %s", texts[i], extraction->text);
}

/* Line ends that a mail program left behind the file hide nothing; anything else may. */
static void
test_tnef_with_rest (void)
{
  static const struct {
    const char *rest;
    SkTruth readable;
  } rests[] = { { "", SK_YES }, { "\r\n", SK_YES }, { "\n\n", SK_YES }, { "\r\nx", SK_NO }, { " ", SK_NO } };
  g_autofree char *bytes = NULL;
  gsize length;

  load ("tnef/winmail.dat", &bytes, &length);
  for (guint i = 0; i < G_N_ELEMENTS (rests); i++)
    {
      g_autoptr (GByteArray) whole = g_byte_array_new ();
      g_autoptr (SkExtraction) extraction = NULL;

      g_byte_array_append (whole, (const guint8 *) bytes, (guint) length);
      g_byte_array_append (whole, (const guint8 *) rests[i].rest, (guint) strlen (rests[i].rest));
      extraction = extract (whole->data, whole->len);
      g_assert_cmpint (extraction->readable, ==, rests[i].readable);
    }
}

/* MS-OXRTFCP, 3.1.1 and 3.1.2 (a reference that goes on over what it writes). */
static void
test_packed_rtf (void)
{
  static const guint8 simple[] = "\x2d\0\0\0\x2b\0\0\0\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\0\x0a\0\x72\x63\x70\x67\x31\x32\x35"
                                 "\x42\x32\x0a\xf3\x20\x68\x65\x6c\x09\0\x20\x62\x77\x05\xb0\x6c\x64\x7d\x0a\x80\x0f\xa0";
  static const guint8 crossing[] = "\x1a\0\0\0\x1c\0\0\0\x4c\x5a\x46\x75\xe2\xd4\x4b\x51\x41\0\x04\x20\x57\x58\x59\x5a\x0d"
                                   "\x6e\x7d\x01\x0e\xb0";
  g_autoptr (GByteArray) a = sk_rtf_unpack (simple, sizeof simple - 1, 1000);
  g_autoptr (GByteArray) b = sk_rtf_unpack (crossing, sizeof crossing - 1, 1000);
  g_autoptr (GByteArray) cut = sk_rtf_unpack (simple, sizeof simple - 1, 10);

  g_assert_cmpmem (a->data, a->len, "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n", 43);
  g_assert_cmpmem (b->data, b->len, "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}", 28);
  g_assert_cmpuint (cut->len, ==, 11);
  g_assert_null (sk_rtf_unpack (simple, 15, 1000));
}

/* Any of its bytes may be wrong, and it may end anywhere. */
static void
test_broken (void)
{
  static const char *const files[] = { "tnef/winmail.dat", "sealed/signed.p7m", "sealed/signed.gpg", "text/card.vcf" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *bytes = NULL;
      gsize length;

      load (files[i], &bytes, &length);
      for (gsize at = 0; at < length; at += 1 + at / 64)
        {
          g_autofree char *copy = g_memdup2 (bytes, length);
          g_autoptr (SkExtraction) wrong = NULL, cut = NULL;

          copy[at] = (char) ~copy[at];
          wrong = extract (copy, length);
          cut = extract (bytes, at);
          g_assert_nonnull (wrong->text);
          g_assert_nonnull (cut->text);
        }
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/format-docs/", cases[i].file, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/format-docs/self-test", test_self_test);
  g_test_add_func ("/format-docs/lost-text", test_lost_text);
  g_test_add_func ("/format-docs/edge", test_edge);
  g_test_add_func ("/format-docs/behind", test_behind);
  g_test_add_func ("/format-docs/unknown-glyphs", test_unknown_glyphs);
  g_test_add_func ("/format-docs/snippets", test_snippets);
  g_test_add_func ("/format-docs/leftovers", test_leftovers);
  g_test_add_func ("/format-docs/lines-in-data", test_lines_in_data);
  g_test_add_func ("/format-docs/kana-in-data", test_kana_in_data);
  g_test_add_func ("/format-docs/two-readings-in-data", test_two_readings_in_data);
  g_test_add_func ("/format-docs/grey-picture", test_grey_picture);
  g_test_add_func ("/format-docs/pgp-rests", test_pgp_rests);
  g_test_add_func ("/format-docs/pgp-bzip2", test_pgp_bzip2);
  g_test_add_func ("/format-docs/pages", test_pages);
  g_test_add_func ("/format-docs/late-page", test_late_page);
  g_test_add_func ("/format-docs/tnef", test_tnef);
  g_test_add_func ("/format-docs/tnef-with-rest", test_tnef_with_rest);
  g_test_add_func ("/format-docs/packed-rtf", test_packed_rtf);
  g_test_add_func ("/format-docs/broken", test_broken);
  return g_test_run ();
}
