// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-sink-private.h"

#include <string.h>

static const SkExtractLimits small = {
  .depth = 3, .members = 5, .unpacked_bytes = 4 * 1024 * 1024, .ratio = 10, .text_bytes = 64, .sections = 8,
};

static SkExtraction *
finish (SkSink *sink)
{
  SkExtraction *extraction = g_new0 (SkExtraction, 1);

  sk_sink_section (sink, SK_SECTION_TEXT, NULL, 0); /* an empty section at the end is none */
  sk_sink_finish (sink, extraction);
  return extraction;
}

static const SkSection *
section_at (const SkExtraction *extraction, guint n)
{
  g_assert_cmpuint (n, <, extraction->sections->len);
  return extraction->sections->pdata[n];
}

/* Sections follow one another and cover the text. */
static void
check_cover (const SkExtraction *extraction)
{
  gsize at = 0;

  for (guint i = 0; i < extraction->sections->len; i++)
    {
      const SkSection *section = section_at (extraction, i);

      g_assert_cmpuint (section->start, ==, at);
      g_assert_cmpuint (section->length, >, 0);
      at += section->length;
    }
  g_assert_cmpuint (at, ==, extraction->length);
}

static void
test_cells (void)
{
  static const struct {
    guint row, column;
    const char *text;
  } cells[] = { { 2, 2, "氏名" }, { 2, 4, "電話" }, { 4, 1, "a\tb\nc" }, { 4, 2, "x" }, { 5000, 3, "far" }, { 5001, 1, "n" } };
  g_autoptr (SkSink) sink = sk_sink_new (&small);
  g_autoptr (SkExtraction) extraction = NULL;

  sk_sink_section (sink, SK_SECTION_SHEET, "会員", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_assert_true (sk_sink_cell (sink, cells[i].row, cells[i].column));
      g_assert_true (sk_sink_text (sink, cells[i].text, -1));
    }
  extraction = finish (sink);
  g_assert_cmpstr (extraction->text, ==, "氏名\t\t電話\n\na b c\tx\nfar\nn\n");
  g_assert_cmpuint (extraction->sections->len, ==, 2);
  g_assert_cmpuint (section_at (extraction, 0)->row, ==, 2);
  g_assert_cmpuint (section_at (extraction, 0)->column, ==, 2);
  g_assert_cmpuint (section_at (extraction, 1)->row, ==, 5000);
  g_assert_cmpuint (section_at (extraction, 1)->column, ==, 3);
  g_assert_cmpstr (section_at (extraction, 1)->label, ==, "会員");
  check_cover (extraction);
  g_assert_cmpint (extraction->readable, ==, SK_YES);
}

static void
test_text_limit (void)
{
  g_autoptr (SkSink) sink = sk_sink_new (&small);
  g_autoptr (SkExtraction) extraction = NULL;
  GString *text = g_string_new (NULL);

  for (int i = 0; i < 22; i++)
    g_string_append (text, "あ");
  g_assert_false (sk_sink_text (sink, text->str, (gssize) text->len)); /* 66 bytes into 64 */
  g_assert_false (sk_sink_text (sink, "b", 1));
  extraction = finish (sink);
  g_assert_cmpuint (extraction->length, ==, 63); /* whole characters */
  g_assert_true (g_utf8_validate (extraction->text, -1, NULL));
  g_assert_cmpint (extraction->readable, ==, SK_NO);
  g_assert_nonnull (strstr (extraction->reason, "limit"));
  check_cover (extraction);
  g_string_free (text, TRUE);
}

static void
test_what_is_no_text (void)
{
  g_autoptr (SkSink) sink = sk_sink_new (&small);
  g_autoptr (SkExtraction) extraction = NULL;

  g_assert_true (sk_sink_text (sink, "a\xff" "b\0c", 5));
  extraction = finish (sink);
  g_assert_cmpstr (extraction->text, ==, "a\xef\xbf\xbd" "b\xef\xbf\xbd" "c\n");
}

static void
test_section_limit (void)
{
  g_autoptr (SkSink) sink = sk_sink_new (&small);
  g_autoptr (SkExtraction) extraction = NULL;
  guint pages = 0;

  while (pages < 100 && sk_sink_section (sink, SK_SECTION_PAGE, NULL, pages + 1) && sk_sink_text (sink, "p", 1))
    pages++;
  g_assert_cmpuint (pages, ==, small.sections);
  extraction = finish (sink);
  g_assert_cmpuint (extraction->sections->len, <=, small.sections);
  g_assert_cmpint (extraction->readable, ==, SK_NO);
  check_cover (extraction);
}

static void
test_unpacking (void)
{
  g_autoptr (SkSink) sink = sk_sink_new (&small);
  g_autoptr (SkExtraction) extraction = NULL;

  g_assert_true (sk_sink_unpack (sink, 10, 1000000));       /* small things may grow */
  g_assert_true (sk_sink_unpack (sink, 200000, 1900000));   /* nine times */
  g_assert_false (sk_sink_unpack (sink, 1000, 1100000));    /* above a mebibyte, 1,100 times */
  g_assert_cmpuint (sk_sink_may_unpack (sink, 0), ==, 4 * 1024 * 1024 - 4000000);
  extraction = finish (sink);
  g_assert_nonnull (strstr (extraction->reason, "times its size"));
}

static void
test_unpacking_in_all (void)
{
  g_autoptr (SkSink) sink = sk_sink_new (&small);
  g_autoptr (SkExtraction) extraction = NULL;

  for (int i = 0; i < 4; i++)
    g_assert_true (sk_sink_unpack (sink, 1000000, 1000000));
  g_assert_false (sk_sink_unpack (sink, 1000000, 1000000));
  extraction = finish (sink);
  g_assert_nonnull (strstr (extraction->reason, "too much"));
}

static void
test_too_many_members (void)
{
  g_autoptr (SkSink) sink = sk_sink_new (&small);
  g_autoptr (SkExtraction) extraction = NULL;
  guint members = 0;

  while (members < 100 && sk_sink_encrypted_member (sink, NULL))
    members++;
  g_assert_cmpuint (members, ==, small.members);
  extraction = finish (sink);
  g_assert_cmpint (extraction->readable, ==, SK_NO);
}

static void
test_member_names (void)
{
  g_autoptr (SkSink) sink = sk_sink_new (&small);
  g_autoptr (SkExtraction) extraction = NULL;

  sk_sink_encrypted_member (sink, "見積\n書.xlsx");
  extraction = finish (sink);
  g_assert_cmpstr (section_at (extraction, 0)->label, ==, "name");
  g_assert_cmpstr (section_at (extraction, 0)->member, ==, "見積 書.xlsx");
  g_assert_nonnull (strstr (extraction->text, "見積"));
  check_cover (extraction);
}

typedef struct {
  const char *what;
  const char *doubt, *text; /* NULL: none */
  guint encrypted, empty;   /* members */
  SkTruth expected;
} Doubted;

/* What is damaged and of which nothing was read may well be encrypted. */
static const Doubted doubted[] = {
  { "damaged", "damaged: x", NULL, 0, 0, SK_UNKNOWN },
  { "damaged, with members that are encrypted", "damaged: x", NULL, 2, 0, SK_UNKNOWN },
  { "a limit, with members that are encrypted", "limit: x", NULL, 1, 0, SK_UNKNOWN },
  { "damaged, with a member that was read", "damaged: x", NULL, 1, 1, SK_NO },
  { "damaged, with text", "damaged: x", "text", 1, 0, SK_NO },
  { "whole", NULL, NULL, 0, 1, SK_NO },
  { "whole, with a member that is encrypted and one that was read", NULL, NULL, 1, 1, SK_NO },
};

static void
test_doubted (gconstpointer data)
{
  const Doubted *test = data;
  const SkContent empty = { .bytes = (const guint8 *) "", .length = 0, .name = "empty" };
  g_autoptr (SkSink) sink = sk_sink_new (&small);
  g_autoptr (SkExtraction) extraction = NULL;

  if (test->doubt != NULL)
    sk_sink_doubt (sink, test->doubt);
  for (guint i = 0; i < test->encrypted; i++)
    g_assert_true (sk_sink_encrypted_member (sink, "name"));
  for (guint i = 0; i < test->empty; i++)
    g_assert_true (sk_sink_member (sink, &empty));
  if (test->text != NULL)
    sk_sink_text (sink, test->text, -1);
  extraction = finish (sink);
  g_assert_cmpint (extraction->encrypted, ==, test->expected);
}

/* Empty sections behind a long one, and lines without tabs before one that has some: each byte is looked at a few times,
 * and not once for each. Ten thousand times as much work takes minutes. */
static void
test_time (void)
{
  static const SkExtractLimits large = { .text_bytes = 64 * 1024 * 1024, .sections = 16384 };
  g_autoptr (SkSink) sink = sk_sink_new (&large);
  g_autoptr (SkExtraction) extraction = NULL;
  g_autoptr (GTimer) timer = g_timer_new ();

  for (guint i = 0; i < 200000; i++)
    sk_sink_text (sink, "2026-11-24 10:00:00 ok\n", -1);
  sk_sink_text (sink, "a\tb\tc\td\te\tf\tg\th\n", -1);
  for (guint i = 0; i < 10000; i++)
    sk_sink_section (sink, SK_SECTION_SHEET, NULL, i);
  extraction = finish (sink);
  g_assert_cmpuint (extraction->sections->len, ==, 1);
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sink/cells", test_cells);
  g_test_add_func ("/sink/text-limit", test_text_limit);
  g_test_add_func ("/sink/what-is-no-text", test_what_is_no_text);
  g_test_add_func ("/sink/section-limit", test_section_limit);
  g_test_add_func ("/sink/unpacking", test_unpacking);
  g_test_add_func ("/sink/unpacking-in-all", test_unpacking_in_all);
  g_test_add_func ("/sink/too-many-members", test_too_many_members);
  g_test_add_func ("/sink/member-names", test_member_names);
  g_test_add_func ("/sink/time", test_time);
  for (guint i = 0; i < G_N_ELEMENTS (doubted); i++)
    {
      g_autofree char *path = g_strconcat ("/sink/encrypted/", doubted[i].what, NULL);

      g_test_add_data_func (path, &doubted[i], test_doubted);
    }
  return g_test_run ();
}
