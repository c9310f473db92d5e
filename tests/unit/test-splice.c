// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/rewrite/sk-splice.h"
#include "sk-error.h"

#include <string.h>
#include <unistd.h>

static int
file_of (const char *text, gsize length)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("sk-splice-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  unlink (path);
  g_assert_cmpint (write (fd, text, length), ==, (gssize) length);
  return fd;
}

/* What leaves, put together from the segments as the relay does. */
static GString *
leaving (const char *text, gsize length, const char *added)
{
  int fd = file_of (text, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (SkSplice) splice = sk_splice_new (fd, added, &error);
  GString *all = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < splice->segments->len; i++)
    {
      const SkSegment *segment = &g_array_index (splice->segments, SkSegment, i);
      g_autofree char *bytes = g_malloc ((gsize) segment->length);

      if (segment->literal != NULL)
        g_string_append_len (all, segment->literal, segment->length);
      else
        {
          g_assert_cmpint (pread (fd, bytes, (gsize) segment->length, segment->offset), ==,
                           segment->length);
          g_string_append_len (all, bytes, segment->length);
        }
    }
  g_assert_cmpint ((gint64) all->len, ==, splice->size);
  close (fd);
  return all;
}

static void
test_cases (void)
{
  static const struct {
    const char *message, *added, *leaves;
  } cases[] = {
    { "", NULL, "" },
    { "A: 1\r\n\r\nbody\r\n", NULL, "A: 1\r\n\r\nbody\r\n" },
    { "A: 1\r\nBcc: x@y\r\nB: 2\r\n\r\nBcc: in the body\r\n", NULL,
      "A: 1\r\nB: 2\r\n\r\nBcc: in the body\r\n" },
    { "Bcc: x@y,\r\n z@y\r\n\tw@y\r\nA: 1\r\n\r\n", NULL, "A: 1\r\n\r\n" },
    { "A: 1\r\nBCC : x@y\r\nResent-Bcc: q@y\r\n\r\nb", NULL, "A: 1\r\n\r\nb" },
    { "A: 1\r\nBcc: x@y\r\n", NULL, "A: 1\r\n" },
    { "Bccx: 1\r\nX-Bcc: 2\r\n\r\n", NULL, "Bccx: 1\r\nX-Bcc: 2\r\n\r\n" },
    { "\r\nBcc: body only\r\n", NULL, "\r\nBcc: body only\r\n" },
    { "A: 1\r\nBcc: x@y\r\n\r\nb\r\n", "X-M: t\r\n", "X-M: t\r\nA: 1\r\n\r\nb\r\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) all = leaving (cases[i].message, strlen (cases[i].message), cases[i].added);

      g_assert_cmpstr (all->str, ==, cases[i].leaves);
    }
}

/* A header that does not fit into the first read, with a Bcc at every place around its end. */
static void
test_long_headers (void)
{
  for (gsize filler = 16000; filler < 16500; filler += 7)
    {
      g_autoptr (GString) message = g_string_new ("Subject: ");
      g_autoptr (GString) expected = NULL;
      g_autoptr (GString) all = NULL;

      for (gsize i = 0; i < filler; i++)
        g_string_append_c (message, i % 70 == 69 ? ' ' : 'x');
      g_string_append (message, "\r\n");
      expected = g_string_new (message->str);
      g_string_append (message, "Bcc: hidden@example.com,\r\n other@example.com\r\nTo: b@example.com\r\n\r\nbody\r\n");
      g_string_append (expected, "To: b@example.com\r\n\r\nbody\r\n");
      all = leaving (message->str, message->len, NULL);
      g_assert_cmpstr (all->str, ==, expected->str);
    }
}

/* PCRE's opinion: the header without its Bcc fields, and the body. */
static char *
without_bcc (const char *message)
{
  static GRegex *end, *field;
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *header = NULL, *kept = NULL;
  int at = (int) strlen (message);

  if (end == NULL)
    {
      end = g_regex_new ("(?:\\A|(?<=\n))\r?\n", G_REGEX_RAW, 0, NULL);
      field = g_regex_new ("(?:\\A|(?<=\n))(?:resent-)?bcc[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*(?:\n|\\z)",
                           G_REGEX_RAW | G_REGEX_CASELESS, 0, NULL);
    }
  if (g_regex_match (end, message, 0, &match))
    g_match_info_fetch_pos (match, 0, &at, NULL);
  header = g_strndup (message, (gsize) at);
  kept = g_regex_replace_literal (field, header, -1, 0, "", 0, NULL);
  return g_strconcat (kept, message + at, NULL);
}

static void
test_random_headers (void)
{
  static const char *const tokens[]
      = { "bcc", "Bcc",  "resent-", "Resent-Bcc:", "b", "bcc:", ":", " ",    "\t",
          "x",   "\r\n", "\r\n",    "\r\n",        "\n", "\r",   "A:", "\r\n ", "bcc :" };
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);

  for (int i = 0; i < 20000; i++)
    {
      g_autoptr (GString) message = g_string_new (i % 4 == 0 ? "bcc:" : NULL);
      g_autoptr (GString) all = NULL;
      g_autofree char *expected = NULL;

      for (int j = g_rand_int_range (random, 1, 25); j > 0; j--)
        g_string_append (message, tokens[g_rand_int_range (random, 0, G_N_ELEMENTS (tokens))]);
      expected = without_bcc (message->str);
      all = leaving (message->str, message->len, NULL);
      if (!g_str_equal (all->str, expected))
        {
          g_autofree char *shown = g_strescape (message->str, NULL);

          g_test_message ("%s", shown);
        }
      g_assert_cmpstr (all->str, ==, expected);
    }
}

/* --- memory ---------------------------------------------------------------------------------- */

#define LARGE (64 * 1024 * 1024)

/* The most this process has had since the last call, in KiB. */
static gint64
peak (void)
{
  g_autofree char *status = NULL;
  gint64 kib;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  kib = g_ascii_strtoll (strstr (status, "VmHWM:") + 6, NULL, 10);
  g_assert_cmpint (kib, >, 0);
  return kib;
}

static void
assert_flat (int fd, gboolean taken)
{
  gint64 before = peak ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SkSplice) splice = sk_splice_new (fd, NULL, &error);
  gint64 grown = peak () - before;

  g_test_message ("%" G_GINT64_FORMAT " KiB more", grown);
  g_assert_cmpint (grown, <, 2048);
  if (taken)
    g_assert_no_error (error);
  else
    g_assert_true (sk_error_is_not_allowed (error));
  g_assert_cmpint (splice != NULL, ==, taken);
  close (fd);
}

/* A mail that is one line, or nothing but short lines, or nothing but fields to cut out. */
static void
test_memory (void)
{
  static const struct {
    const char *lines;
    gboolean taken;
  } cases[] = { { "Subject:", TRUE }, { "A: b\r\n", TRUE }, { "Bcc: b\r\n", TRUE },
                { "Bcc", TRUE },      { "Bcc :\nA:\n", FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) block = g_string_new (NULL);
      int fd;

      while (block->len < 65536)
        g_string_append (block, cases[i].lines);
      fd = file_of (block->str, block->len);
      for (gsize size = block->len; size < LARGE; size += block->len)
        g_assert_cmpint (write (fd, block->str, block->len), ==, (gssize) block->len);
      assert_flat (fd, cases[i].taken);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/splice/memory", test_memory);
  g_test_add_func ("/splice/random-headers", test_random_headers);
  g_test_add_func ("/splice/cases", test_cases);
  g_test_add_func ("/splice/long-headers", test_long_headers);
  return g_test_run ();
}
