// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/smtp/sk-smtp-certificate.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define DAY (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

typedef struct {
  char *directory;
  SkClock *clock;
} Fixture;

static const char *const names[] = { "ca.pem", "ca.key", "server.pem", "server.key" };

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("sekisho-XXXXXX", NULL);
  fixture->clock = sk_clock_new_manual (g_get_real_time ());
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->directory);
  sk_clock_unref (fixture->clock);
}

static gint64
load (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  gint64 renew_at = 0;
  SSL_CTX *context
      = sk_smtp_certificate_load (fixture->directory, fixture->clock, &renew_at, &error);

  g_assert_no_error (error);
  g_assert_nonnull (context);
  SSL_CTX_free (context);
  return renew_at;
}

static char *
contents (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static char *
openssl (Fixture *fixture, const char *arguments)
{
  g_autofree char *command = g_strdup_printf ("openssl %s", arguments);
  const char *const argv[] = { "sh", "-c", command, NULL };
  char *output = NULL;
  int status;

  g_assert_true (g_spawn_sync (fixture->directory, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                               NULL, &output, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  return output;
}

/* What openssl says of them. */
static void
test_form (Fixture *fixture, gconstpointer data)
{
  static const char *const leaf_has[]
      = { "CA:FALSE", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1", "DNS:localhost",
          "prime256v1", "TLS Web Server Authentication", "Digital Signature" };
  static const char *const ca_has[]
      = { "CA:TRUE, pathlen:0", "Certificate Sign", "Permitted:", "IP:127.0.0.1/255.255.255.255" };
  g_autofree char *leaf = NULL, *ca = NULL, *verified = NULL;

  load (fixture);
  leaf = openssl (fixture, "x509 -in server.pem -noout -text");
  ca = openssl (fixture, "x509 -in ca.pem -noout -text");
  for (gsize i = 0; i < G_N_ELEMENTS (leaf_has); i++)
    g_assert_nonnull (strstr (leaf, leaf_has[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (ca_has); i++)
    g_assert_nonnull (strstr (ca, ca_has[i]));
  verified = openssl (fixture, "verify -x509_strict -CAfile ca.pem -purpose sslserver "
                               "-verify_ip 127.0.0.1 server.pem && openssl verify -x509_strict "
                               "-CAfile ca.pem -verify_ip ::1 server.pem && openssl verify "
                               "-x509_strict -CAfile ca.pem -verify_hostname localhost server.pem");
  g_assert_cmpstr (verified, ==, "server.pem: OK\nserver.pem: OK\nserver.pem: OK\n");
}

static void
test_life (Fixture *fixture, gconstpointer data)
{
  g_autofree char *output = NULL;

  load (fixture);
  /* it ends within 398 days of its beginning, a day ago, and not within 390 days of now */
  output = openssl (fixture, "x509 -in server.pem -noout -checkend $((390*86400)) && "
                             "! openssl x509 -in server.pem -noout -checkend $((397*86400))");
  g_assert_nonnull (strstr (output, "will not expire"));
}

static void
test_modes (Fixture *fixture, gconstpointer data)
{
  load (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);
      struct stat file;

      g_assert_cmpint (stat (path, &file), ==, 0);
      g_assert_cmpint (file.st_mode & 0777, ==, 0600);
    }
}

static void
test_renewal (Fixture *fixture, gconstpointer data)
{
  gint64 renew_at = load (fixture), again;
  g_autofree char *leaf = contents (fixture, "server.pem"), *ca = contents (fixture, "ca.pem");
  g_autofree char *same = NULL, *fresh = NULL, *same_ca = NULL, *fresh_ca = NULL;

  g_assert_cmpint (load (fixture), ==, renew_at);
  same = contents (fixture, "server.pem");
  g_assert_cmpstr (same, ==, leaf);
  sk_clock_advance (fixture->clock, renew_at - sk_clock_wall (fixture->clock) + DAY);
  again = load (fixture);
  fresh = contents (fixture, "server.pem");
  same_ca = contents (fixture, "ca.pem");
  g_assert_cmpstr (fresh, !=, leaf);
  g_assert_cmpstr (same_ca, ==, ca);
  g_assert_cmpint (again, >, renew_at + 300 * DAY);
  /* ten years on, the CA as well */
  sk_clock_advance (fixture->clock, 3640 * DAY);
  load (fixture);
  fresh_ca = contents (fixture, "ca.pem");
  g_assert_cmpstr (fresh_ca, !=, ca);
}

/* A file that is torn, gone, or another's is made anew. */
static void
test_damage (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);
      g_autofree char *before = NULL, *after = NULL, *verified = NULL;

      load (fixture);
      before = contents (fixture, names[i]);
      g_assert_true (g_file_set_contents (path, before, (gssize) strlen (before) / 2, NULL));
      load (fixture);
      after = contents (fixture, names[i]);
      g_assert_cmpuint (strlen (after), >, strlen (before) / 2 + 10);
      verified = openssl (fixture, "verify -CAfile ca.pem server.pem");
      g_assert_cmpstr (verified, ==, "server.pem: OK\n");
    }
}

static void
test_no_directory (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 renew_at;

  g_assert_null (
      sk_smtp_certificate_load ("/proc/nowhere", fixture->clock, &renew_at, &error));
  g_assert_nonnull (strstr (error->message, "/proc/nowhere"));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = { { "/smtp-certificate/form", test_form },
                { "/smtp-certificate/life", test_life },
                { "/smtp-certificate/modes", test_modes },
                { "/smtp-certificate/renewal", test_renewal },
                { "/smtp-certificate/damage", test_damage },
                { "/smtp-certificate/no-directory", test_no_directory } };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
