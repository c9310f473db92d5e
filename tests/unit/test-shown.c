/* What a reader of a document sees, or is told by it, beside its running text (tests/fixtures/documents/shown/make-shown
 * says which program made what) is found, and what can't be read is told. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract.h"

#include <locale.h>
#include <string.h>

#define MOST 8

/* `texts`: stand in what is read, each in one section. */
typedef struct {
  const char *file;
  const char *reason; /* NULL: it is readable */
  const char *texts[MOST];
} Case;

#define FORM "個人番号\t123456789018\n郵便番号\t100-0001\n", "口座\t1234567\n"

#define DRAWING "見本商事 御中\n電話 03-0000-0000\nCard 4111111111111111\n"

#define MEMO "氏名,カード番号\n見本 太郎,4111111111111111\n見本 花子,5555555555554444\n"

#define PHOTO \
  "Description of a picture\n", "備考の見本\n", "利用者の注記\n", "題の見本 & more\n", "4111111111111111\n", "見出し\n"

static const Case cases[] = {
  /* each digit in a cell of its own; the row itself stays */
  { "form.ods", NULL, { "個人番号\t1\t2\t3\t4\t5\t6\t7\t8\t9\t0\t1\t8\n", FORM, "電話\t090 1234 5678\n" } },
  { "form.xlsx", NULL, { "個人番号\t1\t2\t3\t4\t5\t6\t7\t8\t9\t0\t1\t8\n", FORM, "電話\t090 1234 5678\n" } },
  { "form.xls", NULL, { "個人番号\t1\t2\t3\t4\t5\t6\t7\t8\t9\t0\t1\t8\n", FORM, "電話\t090 1234 5678\n" } },
  { "form.docx", NULL, { "個人番号\t1\t2\t3\t4\t5\t6\t7\t8\t9\t0\t1\t8\t", FORM, "電話\t090 1234 5678\n" } },
  { "form.odt", NULL, { "個人番号\t1\t2\t3\t4\t5\t6\t7\t8\t9\t0\t1\t8\t", FORM, "電話\t090 1234 5678\n" } },
  { "form.rtf", NULL, { "個人番号\t1\t2\t3\t4\t5\t6\t7\t8\t9\t0\t1\t8\t", FORM, "電話\t090 1234 5678\n" } },
  { "form.html", NULL, { "個人番号\t1\t2\t3\t4\t5\t6\t7\t8\t9\t0\t1\t8\n", FORM, "電話\t09012345678\n" } },

  { "touching.pdf", NULL,
    { "4111111111111111\t03-0000-0000\nMihon\t03-0000-0001\nShiken\t03-0000-0002\n5555555555554444\t0312345678\n",
      "411111111111111103-0000-0000\n" } },
  { "linked.pdf", NULL,
    { "https://example.com/list?card=4111111111111111\n", "A remark in the margin\n", "Tooltip of a field\n",
      "Value of a field\n", "Tooltip of a box\n" } },
  { "layers.pdf", NULL,
    { "Always there\nOn the layer that is on\n", "On a hidden layer\n", "On the other hidden layer\n" } },
  { "xfa-one.pdf", NULL, { "Please wait...\n", "Caption 見本\n", "見本 花子\n4111111111111111\n5555\n4444\n" } },
  { "xfa-pieces.pdf", NULL, { "Please wait...\n", "Caption 見本\n", "見本 花子\n4111111111111111\n5555\n4444\n" } },
  { "xfa-owner-password.pdf", "the fields of its form (XFA) can't be read", { "Please wait...\n" } },
  { "glyphs-letters.pdf", NULL, { "ABCD\n" } },
  { "glyphs-numbers.pdf", "the characters of a font are not known", { NULL } },
  { "scan.pdf", NULL, { "Cover sheet\n" } },
  { "pictures.pdf", NULL, { "Line over a picture\n" } },
  { "zip-then.pdf", NULL, { "text of a member\n", "Text of the page\n" } },
  { "zip-head.pdf", "damaged: its directory is missing, or it is one part of several", { NULL } },
  { "pdf-member.zip", NULL, { "Text of the page\n" } },
  { "comment.zip", NULL, { "text of a member\n", "控えの見本\n" } },

  { "drawing.emf", NULL, { DRAWING } },
  { "drawing.wmf", NULL, { DRAWING } },
  { "drawing.svg", NULL, { "見本商事 御中", "電話 03-0000-0000\n", "Card 4111111111111111" } },
  { "drawing-letter.docx", NULL, { "手紙\n", DRAWING } },
  { "drawing-letter.odt", NULL, { "手紙\n", DRAWING } },
  { "drawing-letter.doc", NULL, { "手紙", DRAWING } },
  { "drawing-letter.rtf", NULL, { "手紙", DRAWING } },
  { "drawing-talk.ppt", NULL, { DRAWING } },
  { "records.emf", NULL,
    { "Program\n題の見本\n", "見本花子\n123456789018\t別の升\n", "SMALL 4111111111111111\n小さい字\n", "プラスの文字\n" } },
  { "records.wmf", NULL, { "見本太郎\n4111111111111111\n区画の中\n" } },
  { "cut.wmf", "damaged: a picture ends too early", { "見本太郎\n4111111111111111\n" } },
  { "glyphs.emf", "text in a picture is drawn by glyphs whose characters are not known", { NULL } },

  { "uu.txt", NULL, { "見本の件", "名簿.csv\n", MEMO, "控え.csv\n" } },
  { "cut-uu.txt", "damaged: a file in a text ends too early", { "名簿.csv\n", "氏名,カード番号\n見本 太郎" } },
  { "base64.txt", NULL, { "名簿.csv\n", MEMO } },
  { "yenc.txt", NULL, { "list.csv\n", MEMO MEMO } },
  { "uu.eml", NULL, { "名簿.csv\n", MEMO } },

  { "formulas-5.xls", NULL, { "式\n", "03-0000-0001", "山田 見える\n", "5555555555554444\n", "shown\n" } },
  { "formulas.xlsb", NULL, { "shown\tshown\t5\n", "4111111111111111\n見本太郎\n件数\n", "式\n" } },
  { "wide.bin", NULL, { "顧客名簿の見本です 0123\n", "株式会社見本商事契約書類一式\n", "little の見本\n" } },
  { "controls.txt", NULL, { "SEC\x01RET\n", "SECRET\n", "4111111111111111\n", "と\x1f見本\n" } },

  { "photo.jpg", NULL, { PHOTO, "Caption of a picture\n", "Comment of a file\n" } },
  { "photo.tiff", NULL, { PHOTO } },
  { "photo.png", NULL, { PHOTO, "Text of a chunk\n" } },
  { "photo.webp", NULL, { "Description of a picture\n", "備考の見本\n", "利用者の注記\n" } },
  { "chunks.png", NULL, { "plain comment\n", "包まれた題\n" } },
  { "photo-letter.docx", NULL, { "手紙\n", PHOTO } },
};

static gboolean
is_in_section (const SkExtraction *extraction, const char *text)
{
  for (guint i = 0; i < extraction->sections->len; i++)
    {
      const SkSection *section = extraction->sections->pdata[i];

      if (memmem (extraction->text + section->start, section->length, text, strlen (text)) != NULL)
        return TRUE;
    }
  return FALSE;
}

static SkExtraction *
read_file (const char *file)
{
  g_autofree char *path = g_build_filename (g_getenv ("SK_FIXTURES"), "documents", "shown", file, NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  SkContent content = { .name = file };

  g_file_get_contents (path, &bytes, &content.length, &error);
  g_assert_no_error (error);
  content.bytes = (const guint8 *) bytes;
  return sk_extract (&content, &sk_extract_default_limits);
}

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  g_autoptr (SkExtraction) extraction = read_file (expected->file);

  g_test_message ("%s: %s", extraction->type, extraction->text);
  for (guint i = 0; i < MOST && expected->texts[i] != NULL; i++)
    if (!is_in_section (extraction, expected->texts[i]))
      g_error ("%s is not in %s", expected->texts[i], extraction->text);
  g_assert_cmpstr (extraction->reason, ==, expected->reason);
  g_assert_cmpint (extraction->readable, ==, expected->reason == NULL ? SK_YES : SK_NO);
}

/* The number that is put together is told where its first digit stands. */
static void
test_place (void)
{
  g_autoptr (SkExtraction) extraction = read_file ("form.xlsx");
  const SkSection *section = extraction->sections->pdata[1];

  g_assert_cmpint (section->kind, ==, SK_SECTION_SHEET);
  g_assert_cmpstr (section->label, ==, "届");
  g_assert_cmpuint (section->row, ==, 2);
  g_assert_cmpuint (section->column, ==, 1);
}

/* No more than a few digits, or cells with more in them, are a number of nobody. */
static void
test_few_digits (void)
{
  static const char table[] = "a\t1\t2\t3\t4\t5\t6\nb\t12\t3\t4\t5\t6\t7\t8\t9\nc\t1\t2\t3\t-\t-\t4\t5\t6\t7\n"
                              "d\t1\t2\t3\t\t\t\t\t4\t5\t6\t7\n";
  SkContent content = { .bytes = (const guint8 *) table, .length = sizeof table - 1 };
  g_autoptr (SkExtraction) extraction = sk_extract (&content, &sk_extract_default_limits);

  g_assert_cmpstr (extraction->text, ==,
                   "a\t1\t2\t3\t4\t5\t6\nb\t12\t3\t4\t5\t6\t7\t8\t9\nc\t1\t2\t3\t-\t-\t4\t5\t6\t7\n"
                   "d\t1\t2\t3\t\t\t\t\t4\t5\t6\t7\n12\t3456789\n");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/shown/", cases[i].file, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/shown/place", test_place);
  g_test_add_func ("/shown/few-digits", test_few_digits);
  return g_test_run ();
}
