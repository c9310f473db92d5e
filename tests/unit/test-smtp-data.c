// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/smtp/sk-smtp-data.h"

#include <string.h>

/* --- a second, slow reading of RFC 5321 4.1.1.4 and 4.5.2, by looking back at the whole text --- */

/* Behind the final CRLF.CRLF (the CRLF of DATA itself counts as before the text), or 0: it is not there. */
static gsize
find_end (const char *text, gsize length)
{
  g_autofree char *whole = g_malloc (length + 2);

  memcpy (whole, "\r\n", 2);
  memcpy (whole + 2, text, length);
  for (gsize i = 0; i + 5 <= length + 2; i++)
    if (memcmp (whole + i, "\r\n.\r\n", 5) == 0)
      return i + 5 - 2;
  return 0;
}

static gboolean
is_bad (const char *text, gsize end)
{
  for (gsize i = 0; i < end; i++)
    {
      gboolean before = i > 0 && text[i - 1] == '\r', behind = i + 1 < end && text[i + 1] == '\n';

      if (text[i] == '\0' || (text[i] == '\n' && !before) || (text[i] == '\r' && !behind))
        return TRUE;
    }
  return FALSE;
}

static GString *
unstuff (const char *text, gsize end)
{
  GString *message = g_string_new (NULL);

  for (gsize i = 0; i < end - 3; i++)
    if (text[i] != '.' || (i > 0 && text[i - 1] != '\n'))
      g_string_append_c (message, text[i]);
  return message;
}

/* --- feeding in pieces --- */

typedef struct {
  GString *message;
  gboolean bad;
  gsize end; /* 0: it did not come */
} Outcome;

static void
feed_piece (SkSmtpData *data, Outcome *outcome, const char *text, gsize length)
{
  g_autofree char *piece = g_memdup2 (text, length);
  gsize kept, taken = sk_smtp_data_feed (data, piece, length, &kept);

  g_assert_cmpuint (kept, <=, taken);
  g_assert_true (data->ended || taken == length);
  g_string_append_len (outcome->message, piece, (gssize) kept);
  outcome->end += taken;
}

/* `cut` 0: octet by octet. */
static Outcome
feed (const char *text, gsize length, gsize cut)
{
  Outcome outcome = { .message = g_string_new (NULL) };
  SkSmtpData data;

  sk_smtp_data_begin (&data);
  for (gsize at = 0; at < length && !data.ended;)
    {
      gsize n = cut == 0 ? 1 : at < cut ? cut : length - at;

      feed_piece (&data, &outcome, text + at, MIN (n, length - at));
      at += n;
    }
  outcome.bad = data.bad;
  if (!data.ended)
    outcome.end = 0;
  return outcome;
}

static void
compare (const char *text, gsize length, gsize cut)
{
  Outcome outcome = feed (text, length, cut);
  gsize end = find_end (text, length);

  g_assert_cmpuint (outcome.end, ==, end);
  if (end > 0)
    g_assert_cmpint (outcome.bad, ==, is_bad (text, end));
  if (end > 0 && !outcome.bad)
    {
      GString *message = unstuff (text, end);

      g_assert_true (g_string_equal (outcome.message, message));
      g_string_free (message, TRUE);
    }
  g_string_free (outcome.message, TRUE);
}

static void
test_known (void)
{
  static const struct {
    const char *text, *message; /* NULL: bad */
    gsize rest;                 /* octets behind the end */
  } cases[] = {
    { ".\r\n", "", 0 },
    { "a\r\n.\r\n", "a\r\n", 0 },
    { "a\r\n.\r\nQUIT\r\n", "a\r\n", 6 },
    { "..\r\n.\r\n", ".\r\n", 0 },
    { ".a\r\n...\r\n.\r\n.\r\n", "a\r\n..\r\n", 3 },
    { "\r\n\r\n.\r\n", "\r\n\r\n", 0 },
    { "a.\r\n.\r\n", "a.\r\n", 0 },
    { "a\n.\n\r\n.\r\n", NULL, 0 },
    { "a\r.\r\r\n.\r\n", NULL, 0 },
    { "a\r\n.\n\r\n.\r\n", NULL, 0 },
    { "a\r\n.\r\r\n.\r\n", NULL, 0 },
    { "a\r\r\n.\r\n", NULL, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize cut = 0; cut < strlen (cases[i].text); cut++)
      {
        Outcome outcome = feed (cases[i].text, strlen (cases[i].text), cut);

        g_assert_cmpuint (outcome.end, ==, strlen (cases[i].text) - cases[i].rest);
        g_assert_cmpint (outcome.bad, ==, cases[i].message == NULL);
        if (cases[i].message != NULL)
          g_assert_cmpstr (outcome.message->str, ==, cases[i].message);
        g_string_free (outcome.message, TRUE);
      }
}

/* Every text of six octets out of these, with an end behind it. */
static void
test_all_short (void)
{
  static const char octets[] = { '\r', '\n', '.', 'a', '\0' };

  for (guint n = 0; n < 5 * 5 * 5 * 5 * 5 * 5; n++)
    {
      char text[6 + 5] = "......\r\n.\r\n";

      for (guint i = 0, rest = n; i < 6; i++, rest /= 5)
        text[i] = octets[rest % 5];
      for (gsize cut = 0; cut < 7; cut++)
        compare (text, sizeof text, cut);
    }
}

static void
test_random (void)
{
  static const char *const pieces[] = { "\r\n", "\r\n.", "\r\n..", "abc", ".", "x", "\r", "\n" };

  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      /* most of them without the two that spoil a text */
      int choice = round % 4 == 0 ? 8 : 6;

      for (int i = g_test_rand_int_range (0, 40); i > 0; i--)
        g_string_append (text, pieces[g_test_rand_int_range (0, choice)]);
      g_string_append (text, "\r\n.\r\nNOOP\r\n");
      for (gsize cut = 0; cut < text->len; cut++)
        compare (text->str, text->len, cut);
    }
}

/* Only told, but for what no machine is too slow for: sanitizers and neighbours make it vary. */
static void
test_speed (void)
{
  const gsize size = 64 << 20;
  g_autofree char *text = g_malloc (size);
  SkSmtpData data;
  gint64 began, took;

  memset (text, 'x', size);
  for (gsize i = 76; i + 2 <= size; i += 78)
    memcpy (text + i, "\r\n", 2);
  sk_smtp_data_begin (&data);
  began = g_get_monotonic_time ();
  for (gsize at = 0; at < size; at += 262144)
    {
      gsize kept;

      g_assert_cmpuint (sk_smtp_data_feed (&data, text + at, 262144, &kept), ==, 262144);
      g_assert_cmpuint (kept, ==, 262144);
    }
  took = MAX (g_get_monotonic_time () - began, 1);
  g_assert_false (data.bad);
  g_test_message ("%.2f GB/s", (double) size / (double) took / 1000);
  g_assert_cmpint ((gint64) size / took, >, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-data/known", test_known);
  g_test_add_func ("/smtp-data/all-short", test_all_short);
  g_test_add_func ("/smtp-data/random", test_random);
  g_test_add_func ("/smtp-data/speed", test_speed);
  return g_test_run ();
}
