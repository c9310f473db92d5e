// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/rewrite/sk-splice.h"

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/splice/cases", test_cases);
  g_test_add_func ("/splice/long-headers", test_long_headers);
  return g_test_run ();
}
