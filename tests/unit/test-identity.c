/* Froms as clients and others write them; what a recipient may be shown decides. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-identity.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static gboolean
is_hana (const char *address, gpointer user_data)
{
  return g_ascii_strcasecmp (address, "hana@example.co.jp") == 0;
}

static SkIdentity
identify (const char *header, const char *mail_from, char **which)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("identity-XXXXXX", &path, NULL);
  SkIdentity identity;

  g_assert_cmpint (fd, >=, 0);
  g_unlink (path);
  g_assert_cmpint (write (fd, header, strlen (header)), ==, (ssize_t) strlen (header));
  identity = sk_identity_check (fd, mail_from, is_hana, NULL, which);
  close (fd);
  return identity;
}

static const struct {
  const char *header;
  SkIdentity identity;
} cases[] = {
  { "From: hana@example.co.jp\r\n\r\n", SK_IDENTITY_OWN },
  { "Subject: x\r\nfrom: =?utf-8?b?6Iqx?= <HANA@example.co.jp>\r\n\r\n", SK_IDENTITY_OWN },
  { "From: \"hana@example.co.jp\"\r\n <hana@example.co.jp>\r\n\r\n", SK_IDENTITY_OWN },
  { "From: hana@example.co.jp (Hana, sales)\r\n\r\n", SK_IDENTITY_OWN },
  { "Subject: x\r\n\r\nFrom: boss@example.co.jp\r\n", SK_IDENTITY_OWN },
  { "From: hana@example.co.jp\r\nX-From: boss@example.co.jp\r\n\r\n", SK_IDENTITY_OWN },
  { "From: boss@example.co.jp\r\n\r\n", SK_IDENTITY_FOREIGN },
  { "From : boss@example.co.jp\r\n\r\n", SK_IDENTITY_FOREIGN },
  { "From\t:\r\n boss@example.co.jp\r\n\r\n", SK_IDENTITY_FOREIGN },
  { "From: hana@example.co.jp\r\nFrom: boss@example.co.jp\r\n\r\n", SK_IDENTITY_FOREIGN },
  { "From: hana@example.co.jp, boss@example.co.jp\r\n\r\n", SK_IDENTITY_FOREIGN },
  { "From: hana@example.co.jp <boss@example.co.jp>\r\n\r\n", SK_IDENTITY_FOREIGN },
  { "no field\r\nFrom: boss@example.co.jp\r\n\r\n", SK_IDENTITY_FOREIGN },
  { "\tx\r\nFrom: boss@example.co.jp\r\n\r\n", SK_IDENTITY_FOREIGN },
  { " From: boss@example.co.jp\r\n\r\n", SK_IDENTITY_FOREIGN },
  { "From: <>boss@example.co.jp\r\n\r\n", SK_IDENTITY_UNREADABLE },
  { "From: Hana\r\n\r\n", SK_IDENTITY_UNREADABLE },
  { "From:\r\n\r\n", SK_IDENTITY_UNREADABLE },
  { "From: \"boss\" boss@example.co.jp, hana@example.co.jp\r\n\r\n", SK_IDENTITY_FOREIGN },
};

static void
test_one (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *which = NULL;
  SkIdentity identity = identify (cases[i].header, "hana@example.co.jp", &which);

  g_assert_cmpint (identity, ==, cases[i].identity);
  if (identity == SK_IDENTITY_FOREIGN)
    g_assert_cmpstr (which, ==, "boss@example.co.jp");
}

static void
test_without_from (void)
{
  g_autofree char *which = NULL;

  g_assert_cmpint (identify ("Subject: x\r\n\r\n", "hana@example.co.jp", &which), ==,
                   SK_IDENTITY_OWN);
  g_assert_cmpint (identify ("Subject: x\r\n\r\n", "", &which), ==, SK_IDENTITY_NONE);
  g_assert_cmpint (identify ("From: hana@example.co.jp\r\n\r\n", "", &which), ==, SK_IDENTITY_OWN);
  g_assert_cmpint (identify ("", "", &which), ==, SK_IDENTITY_NONE);
}

/* A From behind much else is found, one of any size is not believed. */
static void
test_long_header (void)
{
  g_autoptr (GString) header = g_string_new (NULL);
  g_autofree char *which = NULL;

  while (header->len < 3000000)
    g_string_append (header, "X-Filler: 0123456789012345678901234567890123456789012345678901234567\r\n");
  g_string_append (header, "From: boss@example.co.jp\r\n\r\n");
  g_assert_cmpint (identify (header->str, "hana@example.co.jp", &which), ==, SK_IDENTITY_FOREIGN);
  g_assert_cmpstr (which, ==, "boss@example.co.jp");
  g_clear_pointer (&which, g_free);
  g_string_assign (header, "From: hana@example.co.jp\r\n");
  while (header->len < 70000)
    g_string_append (header, " \t \t \t \t \t \t \t \t\r\n");
  g_string_append (header, " , boss@example.co.jp\r\n\r\n");
  g_assert_cmpint (identify (header->str, "hana@example.co.jp", &which), ==, SK_IDENTITY_UNREADABLE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/identity/from-%u", i);

      g_test_add_data_func (name, GUINT_TO_POINTER (i), test_one);
    }
  g_test_add_func ("/identity/without-from", test_without_from);
  g_test_add_func ("/identity/long-header", test_long_header);
  return g_test_run ();
}
