/* Documents that Microsoft's own programs wrote (tests/fixtures/documents/microsoft) are read whole,
 * and say what other programs say is in them. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/document-case.h"

#include <locale.h>
#include <string.h>

#define OPEN_XML "application/vnd.openxmlformats-officedocument."

static const DocumentCase cases[] = {
  { "SampleDoc.doc", "application/msword", SK_YES, SK_NO, NULL, NULL },
  { "61116.xls", "application/vnd.ms-excel", SK_YES, SK_NO, NULL, NULL },
  { "59302.ppt", "application/vnd.ms-powerpoint", SK_YES, SK_NO, NULL, NULL },
  { "61470.docx", OPEN_XML "wordprocessingml.document", SK_YES, SK_NO, NULL, NULL },
  { "SimpleStrict.xlsx", OPEN_XML "spreadsheetml.sheet", SK_YES, SK_NO, NULL, NULL },
  { "with_japanese.pptx", OPEN_XML "presentationml.presentation", SK_YES, SK_NO, NULL, NULL },
  { "simple_test_msg.msg", "application/vnd.ms-outlook", SK_YES, SK_NO, NULL, NULL },
  { "winmail.dat", "application/ms-tnef", SK_YES, SK_NO, NULL, NULL },
};

static gboolean
is_apart (gunichar c)
{
  return !g_unichar_isalnum (c);
}

/* Each run of letters and digits. Tables and lines are laid out in other ways. */
static char **
words_of (const char *text)
{
  GPtrArray *words = g_ptr_array_new ();
  const char *start = text, *at = text;

  for (; *start != '\0'; start = *at != '\0' ? g_utf8_next_char (at) : at)
    {
      for (at = start; *at != '\0' && !is_apart (g_utf8_get_char (at)); at = g_utf8_next_char (at))
        ;
      if (at > start)
        g_ptr_array_add (words, g_strndup (start, (gsize) (at - start)));
    }
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (words, FALSE);
}

static void
test_case (gconstpointer data)
{
  const DocumentCase *test = data;
  g_autofree char *path = g_build_filename ("microsoft", test->file, NULL);
  g_autofree char *told = g_strdup_printf ("microsoft/expected/%s.txt", test->file);
  g_autoptr (GBytes) bytes = load_document (path), expected = load_document (told);
  g_autofree char *text
      = g_strndup (g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
  g_autoptr (SkExtraction) got = extract_bytes (bytes, test->file, &sk_extract_default_limits);
  g_auto (GStrv) words = words_of (text);

  document_case_check (test, "microsoft");
  g_assert_nonnull (words[0]);
  for (char **word = words; *word != NULL; word++)
    if (strstr (got->text, *word) == NULL)
      g_error ("'%s' is not in %s", *word, got->text);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  document_cases_add ("/format/microsoft/", cases, G_N_ELEMENTS (cases), test_case);
  return g_test_run ();
}
