// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-masquerade.h"

static const struct {
  const char *name, *type;
  SkTruth disguised;
} cases[] = {
  { "見積.pdf", "application/pdf", SK_NO },
  { "見積.pdf", "application/zip", SK_YES },
  { "見積.ＰＤＦ", "text/plain", SK_YES },
  { "写真.jpg", "image/png", SK_NO },
  { "写真.jpg", "application/vnd.microsoft.portable-executable", SK_YES },
  { "写真.jpg", "application/octet-stream", SK_YES },
  { "写真.heic", "video/mp4", SK_YES },
  { "名簿.csv", "text/csv", SK_NO },
  { "名簿.csv", "text/plain", SK_NO },
  { "名簿.csv", "application/zip", SK_YES },
  { "メモ.txt", "text/html", SK_NO },
  { "メモ.txt", "application/json", SK_NO },
  { "メモ.txt", "application/x-dosexec", SK_YES },
  { "メモ.txt", "application/vnd.rar", SK_YES },
  { "メモ.txt", "message/rfc822", SK_NO },
  { "文書.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", SK_NO },
  { "文書.docx", "application/zip", SK_NO },
  { "文書.docx", "application/x-ole-storage", SK_NO },
  { "文書.docx", "application/pdf", SK_YES },
  { "文書.docx", "application/encrypted", SK_NO },
  { "表.xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12", SK_NO },
  { "文書.doc", "application/msword", SK_NO },
  { "文書.doc", "application/rtf", SK_NO },
  { "文書.doc", "text/html", SK_NO },
  { "文書.doc", "application/x-executable", SK_YES },
  { "表.xls", "text/html", SK_NO },
  { "表.xls", "text/csv", SK_NO },
  { "表.xls", "image/png", SK_YES },
  { "図.svg", "image/svg+xml", SK_NO },
  { "図.svg", "text/xml", SK_NO },
  { "a.tar.gz", "application/gzip", SK_NO },
  { "a.tar.gz", "application/x-executable", SK_YES },
  { "a.lzh", "application/x-lzh-compressed", SK_NO },
  { "a.exe", "application/x-dosexec", SK_NO },
  { "a.pdf.exe", "application/x-dosexec", SK_NO },
  { "a.exe.pdf", "application/x-dosexec", SK_YES },
  { "a.exe.pdf. ", "application/x-dosexec", SK_YES },
  { "smime.p7m", "application/pkcs7-mime", SK_NO },
  { "empty.pdf", "application/x-empty", SK_NO },
  { "winmail.dat", "application/ms-tnef", SK_NO },
  { "設計.dwg", "application/octet-stream", SK_NO },
  { "名前だけ", "application/x-dosexec", SK_NO },
  { NULL, "application/x-dosexec", SK_NO },
  { "見積.pdf", NULL, SK_UNKNOWN },
  { "名前だけ", NULL, SK_NO },
  { "a. pdf", "text/plain", SK_NO },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s: %s", cases[i].name, cases[i].type);
      g_assert_cmpint (sk_masquerade_check (cases[i].name, cases[i].type), ==, cases[i].disguised);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/masquerade/cases", test_cases);
  return g_test_run ();
}
