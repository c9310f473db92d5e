// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract.h"

#include <string.h>

/* Made with arj: `arj a memo.arj memo.txt`. */
static void
test_arj (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("SK_FIXTURES"), "documents", "memo.arj", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (SkExtraction) extraction = NULL;
  SkContent content = { .name = "memo.arj" };

  g_assert_true (g_file_get_contents (path, &bytes, &content.length, NULL));
  content.bytes = (const guint8 *) bytes;
  extraction = sk_extract (&content, &sk_extract_default_limits);
  g_assert_cmpstr (extraction->type, ==, "application/x-arj");
  g_assert_cmpint (extraction->readable, ==, SK_NO);
  g_assert_cmpint (extraction->encrypted, ==, SK_UNKNOWN);
  g_assert_cmpstr (extraction->reason, ==, "this kind of archive can't be opened");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format-closed/arj", test_arj);
  return g_test_run ();
}
