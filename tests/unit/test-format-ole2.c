/* Legacy Office documents that other programs made (tests/fixtures/documents/ole2) say what their
 * sources say, which were written by hand; what is encrypted, damaged or hostile is told.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/extraction-print.h"

#include "sk-biff.h"
#include "sk-doc-table.h"
#include "sk-ole2.h"
#include "sk-xls-number.h"

#include <locale.h>
#include <string.h>

#define WORD "application/msword"
#define EXCEL "application/vnd.ms-excel"
#define POWERPOINT "application/vnd.ms-powerpoint"
#define OUTLOOK "application/vnd.ms-outlook"
#define OPEN_WORKBOOK "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#define LETTER_TEXT \
  "[text]御見積書\n電話 03-0000-0001 までご連絡ください。\n口座番号 2222333 です\n前   後\tタブ\n改行のあと\n" \
  "見える隠し文字フヅキ文字\n連絡先と田中様\n注釈付き\n箱の外\n氏名\t電話\t備考\n山田 一郎\t090-0000-0001\t一行目 二行目\n" \
  "佐藤 二郎\t090-0000-0002\t\n以上\n"
#define LETTER \
  LETTER_TEXT "[note footnotes]\t脚注の本文 サツキ\n\n[note header]ヘッダー文言 極秘\n\nフッター文言 1\n\n\n\n\n\n\n" \
  "[note comments]コメント本文 ハヅキ\n\n[note endnotes]\t文末脚注 ミナヅキ\n\n[note shapes]枠の中 ナガツキ\n\n\n" \
  "[note header]\n[note fields] HYPERLINK \"mailto:hanako@partner.example\"\n" \
  " EQ \\* jc3 \\* \"Font:DejaVu Sans\" \\* hps12 \\o\\al(\\s\\up 10(たなか),田中)\n PAGE \n[note deleted]1111\n" \
  "[note properties]見積依頼の件\n主題キサラギ\n関所 花子\n社外秘\n関所 次郎\n0\n案件K-2041\n"

#define LEDGER_1(number) \
  "[note sheets]顧客\n隠しシート\n[sheet 顧客 1]氏名\t生年月日\t電話\t金額\n山田 一郎\t1980-03-04\t" number "\t1234567\n\n\n\n" \
  "佐藤 二郎\t\t4111111111111111\t2469134\t一行目 二行目\n繰返\t繰返\t繰返\n一覧\n"
#define LEDGER_HEADERS(sheet) "[note header " sheet "]表の見出し 極秘\n[note footer " sheet "]表の脚 ムツキ\n"
#define LEDGER_COMMENTS "[note comments 1]セルの注釈 キサラギ\n"
#define LEDGER_LINKS "[note links 1]https://partner.example/list\n"
#define LEDGER_2 "[sheet 隠しシート 2]隠し内容 ヤヨイ\n" LEDGER_HEADERS ("2")
#define LEDGER_BODY LEDGER_1 ("09000000001") LEDGER_COMMENTS LEDGER_HEADERS ("1") LEDGER_LINKS LEDGER_2
#define LEDGER LEDGER_BODY "[note properties]顧客台帳\n関所 花子\n0\n"
#define GNUMERIC_PROPERTIES \
  "[note properties]LibreOffice/7.4.7.2$Linux_X86_64 LibreOffice_project/40$Build-2\n顧客台帳\n関所 花子\n"
/* Excel's newer format keeps 15 digits; the rest as its own tests have it. */
#define OPEN_LEDGER \
  "[sheet 顧客 1]氏名\t生年月日\t電話\t金額\n山田 一郎\t1980-03-04\t09000000001\t1234567\n\n\n\n" \
  "佐藤 二郎\t\t4111111111111110\t2469134\t一行目 二行目\n繰返\t繰返\t繰返\n一覧\n" LEDGER_HEADERS ("1") \
  "[note comments 1]関所 次郎\nセルの注釈 キサラギ\n" LEDGER_2 \
  "[note sheets]顧客\n隠しシート\n[note links]https://partner.example/list\n[note properties]関所 花子\n顧客台帳\n"

#define DATES(sheet) \
  "[note sheets]日付\n[sheet 日付" sheet "]1980-03-04\t1980-03-04\t1980-03-04\t1980-03-04\t12345.5\t12345.5\t12345.5\n" \
  "2024-12-31 23:59:30\t08:05:00\tTRUE\n[note formulas 1]ab\n"
#define TALK \
  "[slide 1]一枚目の題 ムツキ\n図形の文字 キサラギ\n項目\n値\n電話\n03-0000-0003\n[slide 2]二枚目 続き\n" \
  "[note notes 1]発表者の覚え ヤヨイ\n[note master 1]Click to edit the title text format\n" \
  "Click to edit the outline text format\nSecond Outline Level\nThird Outline Level\nFourth Outline Level\n" \
  "Fifth Outline Level\nSixth Outline Level\nSeventh Outline Level\n*\n*\n*\n" \
  "[note properties]https://partner.example/talk\nhttps://partner.example/talk\n[note properties]説明資料\n0\n"
#define RECORDS "[sheet 1]氏名\t電話番号\n関所 一郎\t03-0000-0001\n\t4111111111111111\n"
#define RECORDS_5 RECORDS RECORDS RECORDS RECORDS RECORDS
#define RECORDS_20 RECORDS_5 RECORDS_5 RECORDS_5 RECORDS_5
#define MAIL \
  "[note header]Subject: 御見積 一郎 髙①\nFrom: 関所 花子\nFrom: hanako@sender.example\nTo: 関所 次郎\n関所 次郎\n" \
  "jiro@partner.example\n[text]本文です ﾊﾝｶｸ\n電話 03-0000-0001\n[note name @添付 一.txt]添付 一.txt\n" \
  "[text @添付 一.txt]添付の中身 キサラギ\n"
#define NESTED \
  "[note header]Subject: 外の件名\n[text]外の本文 ﾊﾝｶｸ\n[note header]Subject: 中の件名\n[text]中の本文\nヤヨイ\n" \
  "[note name @中.txt]中.txt\n[text @中.txt]inner attachment\n" DATES (" 1")
#define OBJECTS \
  LETTER "[note name @memo.txt]memo.txt\n[text @memo.txt]inside 4111\n" DATES (" 1") \
  "[note name @object]object\n[text @object]plain contents ミナヅキ\n"

typedef struct {
  const char *file, *type;
  SkTruth encrypted;
  const char *sections;
} Case;

static const Case cases[] = {
  { "letter.doc", WORD, SK_NO, LETTER },
  { "objects.doc", WORD, SK_NO, OBJECTS },
  { "ledger.xls", EXCEL, SK_NO, LEDGER },
  { "ledger-5.xls", EXCEL, SK_NO,
    LEDGER_1 ("09000000001") LEDGER_COMMENTS LEDGER_HEADERS ("1") LEDGER_2 GNUMERIC_PROPERTIES },
  { "ledger-both.xls", EXCEL, SK_NO, LEDGER_BODY GNUMERIC_PROPERTIES },
  { "ledger-secret.xls", EXCEL, SK_YES, "" },
  { "ledger-own-password.xls", EXCEL, SK_NO, LEDGER },
  { "formulas.xls", EXCEL, SK_NO,
    "[note sheets]式\n[sheet 式 1]1\tok\t見える\t5\t16\tshown\n[note footer 1]Page \n"
    "[note formulas 1]03-0000-0001 ok\n山田 見える\n二\n5555555555554444\n"
    "[note properties]0\n" },
  { "sheet.xls", EXCEL, SK_NO, RECORDS },
  { "sheet-own-password-40.xls", EXCEL, SK_NO, RECORDS_20 },
  { "sheet-own-password-128.xls", EXCEL, SK_NO, RECORDS_20 },
  { "dates.xls", EXCEL, SK_NO, DATES (" 1") },
  { "dates-1904.xls", EXCEL, SK_NO, DATES (" 1") },
  { "ledger-secret.xlsx", "application/encrypted", SK_YES, "" },
  { "ledger-own-password.xlsx", OPEN_WORKBOOK, SK_NO, OPEN_LEDGER },
  { "ledger-own-password-standard.xlsx", OPEN_WORKBOOK, SK_NO, OPEN_LEDGER },
  { "talk.ppt", POWERPOINT, SK_NO, TALK },
  { "mail.msg", OUTLOOK, SK_NO, MAIL },
  { "nested.msg", OUTLOOK, SK_NO, NESTED },
  { "unknown.bin", "application/x-ole-storage", SK_NO, "[text]不明な形式の文字列サツキ\n" },
};

static GBytes *
load (const char *file)
{
  g_autofree char *path = g_build_filename ("ole2", file, NULL);

  return load_document (path);
}

static void
test_document (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GBytes) bytes = load (c->file);
  g_autoptr (SkExtraction) extraction = extract_bytes (bytes, c->file, &sk_extract_default_limits);
  g_autofree char *sections = print_extraction (extraction);

  g_assert_cmpstr (extraction->type, ==, c->type);
  g_assert_cmpint (extraction->encrypted, ==, c->encrypted);
  g_assert_cmpint (extraction->readable, ==, c->encrypted == SK_YES ? SK_NO : SK_YES);
  g_assert_cmpstr (extraction->reason, ==, c->encrypted == SK_YES ? "encrypted" : NULL);
  g_assert_cmpstr (sections, ==, c->sections);
}

/* 700 names over several records of shared strings, in each width, with formats in between: as
 * make-ole2 makes them. */
static void
test_shared_strings (void)
{
  static const char *const names[]
      = { "一郎%04d 髙橋①㈱", "ﾊﾝｶｸ ﾅﾏｴ %04d 様", "plain name %04d ascii only", "café crème %04d" };
  g_autoptr (GBytes) bytes = load ("names.xls");
  g_autoptr (SkExtraction) extraction = extract_bytes (bytes, NULL, &sk_extract_default_limits);
  g_auto (GStrv) rows = NULL;

  g_assert_true (g_str_has_prefix (extraction->text, "名簿一覧\n")); /* the sheet's name */
  rows = g_strsplit (strchr (extraction->text, '\n') + 1, "\n", -1);
  g_assert_cmpint (extraction->readable, ==, SK_YES);
  g_assert_cmpuint (g_strv_length (rows), ==, 701);
  for (int row = 0; row < 700; row++)
    {
      g_autoptr (GString) expected = g_string_new (NULL);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      g_string_printf (expected, names[row % 4], row);
#pragma GCC diagnostic pop
      if (row % 3 == 0)
        g_string_append_printf (expected, "\t装飾文字 %04d", row);
      g_assert_cmpstr (rows[row], ==, expected->str);
    }
}

/* --- what is encrypted, damaged or hostile --------------------------------------------------- */

static SkExtraction *
extract_changed (const char *file, gsize at, guint8 byte)
{
  g_autoptr (GBytes) bytes = load (file);
  gsize length = g_bytes_get_size (bytes);
  guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  g_autoptr (GBytes) changed = g_bytes_new_take (copy, length);

  copy[at] = byte;
  return extract_bytes (changed, NULL, &sk_extract_default_limits);
}

static gsize
place_of (const char *file, const void *wanted, gsize length)
{
  g_autoptr (GBytes) bytes = load (file);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size), *found = memmem (data, size, wanted, length);

  g_assert_nonnull (found);
  return (gsize) (found - data);
}

/* [MS-DOC] 2.5.1: bit 8 of the flags at 10. */
static void
test_encrypted_word (void)
{
  gsize start = place_of ("letter.doc", "\xec\xa5", 2);
  g_autoptr (SkExtraction) extraction = extract_changed ("letter.doc", start + 11, 0x13);

  g_assert_cmpint (extraction->encrypted, ==, SK_YES);
  g_assert_cmpint (extraction->readable, ==, SK_NO);
  g_assert_cmpuint (extraction->length, ==, 0);
}

/* [MS-PPT] 2.3.2: the token of the user's stream. */
static void
test_encrypted_powerpoint (void)
{
  gsize token = place_of ("talk.ppt", "\x5f\xc0\x91\xe3", 4);
  g_autoptr (GBytes) bytes = load ("talk.ppt");
  gsize length = g_bytes_get_size (bytes);
  guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  g_autoptr (GBytes) changed = g_bytes_new_take (copy, length);
  g_autoptr (SkExtraction) extraction = NULL;

  memcpy (copy + token, "\xdf\xc4\xd1\xf3", 4);
  extraction = extract_bytes (changed, NULL, &sk_extract_default_limits);
  g_assert_cmpint (extraction->encrypted, ==, SK_YES);
}

/* Without the place of the last edit all text is read, slide or not. */
static void
test_powerpoint_without_edit (void)
{
  gsize token = place_of ("talk.ppt", "\x5f\xc0\x91\xe3", 4);
  g_autoptr (SkExtraction) extraction = extract_changed ("talk.ppt", token + 6, 0x7f);

  g_assert_nonnull (strstr (extraction->text, "二枚目 続き"));
  g_assert_nonnull (strstr (extraction->text, "発表者の覚え ヤヨイ"));
}

/* Cut anywhere, it is read as far as it goes, and never as if it were whole with less in it. */
static void
test_cut (gconstpointer data)
{
  g_autoptr (GBytes) whole = load (data);
  g_autoptr (SkExtraction) expected = extract_bytes (whole, NULL, &sk_extract_default_limits);

  for (gsize length = 0; length < g_bytes_get_size (whole); length += 509)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (whole, NULL), MAX (length, 1));
      SkContent content = { copy, length, NULL };
      g_autoptr (SkExtraction) extraction = sk_extract (&content, &sk_extract_default_limits);

      if (length >= 512 && extraction->readable == SK_YES)
        g_assert_cmpstr (extraction->text, ==, expected->text);
    }
}

/* All but what stands in properties, which say nothing of the rest. */
static char *
print_content (const SkExtraction *extraction)
{
  GString *into = g_string_new (NULL);

  for (guint i = 0; i < extraction->sections->len; i++)
    {
      const SkSection *section = extraction->sections->pdata[i];

      if (g_strcmp0 (section->label, "properties") != 0)
        print_section (into, section, extraction->text);
    }
  return g_string_free (into, FALSE);
}

static gboolean
is_told (const guint8 *bytes, gsize length, const char *expected)
{
  SkContent content = { bytes, length, NULL };
  g_autoptr (SkExtraction) extraction = sk_extract (&content, &sk_extract_default_limits);
  g_autofree char *sections = print_content (extraction);

  return extraction->readable == SK_NO || g_str_equal (sections, expected);
}

/* Cut, or with a block of zeros in it, it is never as if it were whole with less in it. The first block tells what
 * it is. */
static void
test_hole (gconstpointer data)
{
  enum { BLOCK = 512 };
  static const guint parts[] = { 90, 60, 30 };
  g_autoptr (GBytes) whole = load (data);
  gsize length = g_bytes_get_size (whole);
  g_autoptr (SkExtraction) extraction = extract_bytes (whole, NULL, &sk_extract_default_limits);
  g_autofree char *expected = print_content (extraction);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (whole, NULL), length);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!is_told (copy, length * parts[i] / 100, expected))
      {
        g_test_message ("%s, %u %% of it", (const char *) data, parts[i]);
        g_test_fail ();
      }
  for (gsize at = BLOCK; at < length; at += BLOCK)
    {
      gsize size = MIN (BLOCK, length - at);

      memset (copy + at, 0, size);
      if (!is_told (copy, length, expected))
        {
        g_test_message ("%s, zeros at %zu", (const char *) data, at);
        g_test_fail ();
      }
      memcpy (copy + at, (const guint8 *) g_bytes_get_data (whole, NULL) + at, size);
    }
}

static SkExtraction *
extract_with (const char *file, gsize at, const void *bytes, gsize length)
{
  g_autoptr (GBytes) whole = load (file);
  gsize size = g_bytes_get_size (whole);
  guint8 *copy = g_memdup2 (g_bytes_get_data (whole, NULL), size);
  g_autoptr (GBytes) changed = g_bytes_new_take (copy, size);

  memcpy (copy + at, bytes, length);
  return extract_bytes (changed, NULL, &sk_extract_default_limits);
}

/* Outlook shows the HTML, whatever the plain text says. */
static void
test_other_html (void)
{
  static const char html[] = "<p>本文です</p>", other[] = "<p>別の本文</p>";
  g_autoptr (SkExtraction) extraction
      = extract_with ("mail.msg", place_of ("mail.msg", html, sizeof html), other, sizeof other);

  g_assert_cmpint (extraction->readable, ==, SK_YES);
  g_assert_nonnull (strstr (extraction->text, "本文です ﾊﾝｶｸ\n電話 03-0000-0001\n別の本文\n"));
}

/* The HTML's entry ([MS-CFB] 2.6.1) and its sector, which has 64 bytes, are made one of RTF
 * ([MS-OXRTFCP] 2.1.3.1.1: not compressed). */
static void
check_rtf (const char *rtf, gboolean is_written)
{
  static const char html[] = "<p>本文です</p>", name[] = "1\0000\0001\0003\0000\0001\0000\0002";
  gsize length = strlen (rtf), entry = place_of ("mail.msg", name, sizeof name);
  gsize content = place_of ("mail.msg", html, sizeof html);
  g_autoptr (GBytes) whole = load ("mail.msg");
  gsize size = g_bytes_get_size (whole);
  guint8 *copy = g_memdup2 (g_bytes_get_data (whole, NULL), size);
  g_autoptr (GBytes) changed = g_bytes_new_take (copy, size);
  g_autoptr (SkExtraction) extraction = NULL;

  memcpy (copy + entry, "1\0000\0000\0009\0", 8);
  copy[entry / 128 * 128 + 120] = (guint8) (16 + length);
  memset (copy + content, 0, 64);
  copy[content] = (guint8) (12 + length);
  copy[content + 4] = (guint8) length;
  memcpy (copy + content + 8, "MELA", 4);
  memcpy (copy + content + 16, rtf, length);
  extraction = extract_bytes (changed, NULL, &sk_extract_default_limits);
  g_assert_cmpint (extraction->readable, ==, SK_YES);
  g_assert_nonnull (strstr (extraction->text, "03-0000-0001"));
  g_assert_cmpint (strstr (extraction->text, "0001\nother 4111\n") != NULL, ==, is_written);
}

static void
test_other_rtf (void)
{
  check_rtf ("{\\rtf1 other 4111}", TRUE);
  check_rtf ("{\\rtf1 03-0000\\par -0001}", FALSE);
}

/* What begins as a workbook and goes on as text is text. */
static void
test_false_beginning (void)
{
  static const char csv[] = "\x09\x08\x08\x00\x00\x06\x10\x00\x00\x00\x00\x00" "name,number\nichiro,4111111111111111\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (csv, sizeof csv - 1);
  g_autoptr (SkExtraction) extraction = extract_bytes (bytes, NULL, &sk_extract_default_limits);

  g_assert_cmpstr (extraction->type, !=, EXCEL);
  g_assert_nonnull (strstr (extraction->text, "ichiro,4111111111111111"));
}

/* What makes a workbook incomplete, one each: a string that the table does not have, no end, a sheet that is not
 * there, text behind the end; and one that has none of it. */
static void
test_incomplete_workbooks (void)
{
#define BEGIN(kind) "\x09\x08\x08\x00\x00\x06" kind "\x00\x00\x00\x00\x00"
#define LABEL "\x04\x02\x0a\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00" "b"
#define SHARED "\xfd\x00\x0a\x00\x00\x00\x00\x00\x00\x00\x07\x00\x00\x00"
#define SHEET "\x85\x00\x09\x00\x70\x00\x00\x00\x00\x00\x01\x00" "a"
#define CLOSE "\x0a\x00\x00\x00"
#define WORKBOOK(bytes) { bytes, sizeof bytes - 1 }
  static const struct {
    const char *bytes;
    gsize length;
  } books[] = {
    WORKBOOK (BEGIN ("\x10") LABEL CLOSE),
    WORKBOOK (BEGIN ("\x10") LABEL SHARED CLOSE),
    WORKBOOK (BEGIN ("\x10") LABEL),
    WORKBOOK (BEGIN ("\x05") SHEET CLOSE BEGIN ("\x10") LABEL CLOSE),
    WORKBOOK (BEGIN ("\x10") LABEL CLOSE "name,number\n"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (books); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (books[i].bytes, books[i].length);
      g_autoptr (SkExtraction) extraction = extract_bytes (bytes, NULL, &sk_extract_default_limits);

      g_assert_cmpstr (extraction->type, ==, EXCEL);
      g_assert_cmpstr (extraction->text, ==, i == 3 ? "a\nb\n" : "b\n");
      g_assert_cmpint (extraction->readable, ==, i == 0 ? SK_YES : SK_NO);
    }
}

/* A chain of sectors that comes back to itself ends. */
static void
test_loops (void)
{
  g_autoptr (GBytes) bytes = load ("letter.doc");
  gsize length = g_bytes_get_size (bytes), fat;
  guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  g_autoptr (GBytes) changed = g_bytes_new_take (copy, length);
  g_autoptr (SkExtraction) extraction = NULL;

  fat = 512 + (gsize) copy[76] * 512;
  for (guint i = 0; i < 128; i++)
    copy[fat + i * 4] = (guint8) (i / 2);
  extraction = extract_bytes (changed, NULL, &sk_extract_default_limits);
  g_assert_cmpint (extraction->readable, ==, SK_NO);
}

/* --- parts ----------------------------------------------------------------------------------- */

/* [MS-XLS] 2.5.293: a string that begins in bytes and goes on in UTF-16, and the other way round. */
static void
test_continued (void)
{
  static const guint8 stream[] = { 0xfc, 0, 5, 0, 4, 0, 0, 'a', 'b', 0x3c, 0, 5, 0, 1, 0x00, 0x4e, 0xc8, 0x53,
                                   0x3c, 0, 0, 0, 0xfc, 0, 5, 0, 2, 0, 1, 0x00, 0x4e, 0x3c, 0, 2, 0, 0, 'z' };
  SkBiff biff = { .stream = { stream, sizeof stream }, .version = 8 };
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_true (sk_biff_next (&biff));
  sk_biff_append_string (&biff, sk_biff_u16 (&biff), text);
  g_assert_cmpstr (text->str, ==, "ab一又");
  g_assert_true (sk_biff_at_end (&biff));
  g_assert_true (sk_biff_next (&biff));
  g_assert_cmpuint (biff.type, ==, SK_BIFF_CONTINUE); /* an empty one, which nobody needed */
  g_assert_true (sk_biff_next (&biff));
  g_string_truncate (text, 0);
  sk_biff_append_string (&biff, sk_biff_u16 (&biff), text);
  g_assert_cmpstr (text->str, ==, "一z");
  g_assert_false (sk_biff_next (&biff));
}

/* Sheets that are not where the workbook says, behind one that has no end, are read all the same. */
static void
test_misplaced_sheets (void)
{
  static const guint8 stream[] = { 0x09, 8, 8, 0, 0, 6, 5, 0, 0, 0, 0, 0, 0x85, 0, 9, 0, 1, 0, 0, 0, 0, 0, 1, 0, 'a',
                                   0x09, 8, 8, 0, 0, 6, 0x10, 0, 0, 0, 0, 0, 0x04, 2, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 'b',
                                   0x09, 8, 8, 0, 0, 6, 0x10, 0, 0, 0, 0, 0, 0x04, 2, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 'c' };
  g_autoptr (GBytes) bytes = g_bytes_new_static (stream, sizeof stream);
  g_autoptr (SkExtraction) extraction = extract_bytes (bytes, NULL, &sk_extract_default_limits);

  g_assert_cmpstr (extraction->type, ==, EXCEL);
  g_assert_cmpstr (extraction->text, ==, "a\nb\nc\n");
}

/* Word 6 says 101, and where its text lies: [MS-DOC]'s forerunner, "Microsoft Word 6.0 Binary File Format". */
static void
test_word_6 (void)
{
  guint8 document[0x400] = { 0xec, 0xa5, 101, 0 };
  g_auto (SkDocTable) table = { .is_damaged = TRUE };

  document[0x19] = 3; /* fcMin, fcMac, ccpText */
  document[0x1c] = 5;
  document[0x1d] = 3;
  document[0x34] = 5;
  sk_doc_table_init (&table, (SkBytes){ document, sizeof document }, (SkBytes){ NULL, 0 });
  g_assert_true (table.is_old);
  g_assert_false (table.is_damaged);
  g_assert_cmpuint (table.pieces->len, ==, 1);
  g_assert_cmpuint (g_array_index (table.pieces, SkDocPiece, 0).offset, ==, 0x300);
  g_assert_cmpuint (g_array_index (table.pieces, SkDocPiece, 0).count, ==, 5);
}

static void
test_numbers (void)
{
  /* [MS-XLS] 2.5.217 and its examples */
  g_assert_cmpfloat (sk_xls_rk (0x3ff00000), ==, 1.0);
  g_assert_cmpfloat (sk_xls_rk (0x3ff00001), ==, 0.01);
  g_assert_cmpfloat (sk_xls_rk (1234567 << 2 | 2), ==, 1234567.0);
  g_assert_cmpfloat (sk_xls_rk (1234567 << 2 | 3), ==, 12345.67);
  g_assert_cmpfloat (sk_xls_rk ((guint32) -5 << 2 | 2), ==, -5.0);
}

int
main (int argc, char **argv)
{
  static const char *const cut[] = { "letter.doc", "ledger.xls", "mail.msg", "ledger-own-password.xlsx" };

  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ole2/document/", cases[i].file, NULL);

      g_test_add_data_func (path, &cases[i], test_document);
    }
  for (guint i = 0; i < G_N_ELEMENTS (cut); i++)
    {
      g_autofree char *path = g_strconcat ("/ole2/cut/", cut[i], NULL);

      g_test_add_data_func (path, cut[i], test_cut);
    }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ole2/hole/", cases[i].file, NULL);

      if (!g_str_equal (cases[i].file, "unknown.bin")) /* nobody knows what it should have */
        g_test_add_data_func (path, cases[i].file, test_hole);
    }
  g_test_add_data_func ("/ole2/hole/names.xls", "names.xls", test_hole);
  g_test_add_func ("/ole2/other-html", test_other_html);
  g_test_add_func ("/ole2/other-rtf", test_other_rtf);
  g_test_add_func ("/ole2/false-beginning", test_false_beginning);
  g_test_add_func ("/ole2/incomplete-workbooks", test_incomplete_workbooks);
  g_test_add_func ("/ole2/shared-strings", test_shared_strings);
  g_test_add_func ("/ole2/encrypted-word", test_encrypted_word);
  g_test_add_func ("/ole2/encrypted-powerpoint", test_encrypted_powerpoint);
  g_test_add_func ("/ole2/powerpoint-without-edit", test_powerpoint_without_edit);
  g_test_add_func ("/ole2/loops", test_loops);
  g_test_add_func ("/ole2/continued", test_continued);
  g_test_add_func ("/ole2/misplaced-sheets", test_misplaced_sheets);
  g_test_add_func ("/ole2/word-6", test_word_6);
  g_test_add_func ("/ole2/numbers", test_numbers);
  return g_test_run ();
}
