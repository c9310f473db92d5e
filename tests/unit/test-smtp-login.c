// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/smtp/sk-smtp-auth.h"
#include "agent/smtp/sk-smtp-password.h"
#include "sk-error.h"

#include <glib/gstdio.h>

static void
test_exchange (void)
{
  static const struct {
    const char *mechanism, *lines[3]; /* in base64, made by `base64` */
    SkSmtpAuthStep last;
    const char *user, *password;
  } cases[] = {
    { "PLAIN", { "AHUAcA==" }, SK_SMTP_AUTH_HAS, "u", "p" },
    { "plain", { "dQB1AHA=" }, SK_SMTP_AUTH_HAS, "u", "p" },
    { "PLAIN", { "AHUA" }, SK_SMTP_AUTH_HAS, "u", "" },
    { "PLAIN", { "eAB1AHA=" }, SK_SMTP_AUTH_BROKEN },
    { "PLAIN", { "AHUAcAB4" }, SK_SMTP_AUTH_BROKEN },
    { "PLAIN", { "AHU=" }, SK_SMTP_AUTH_BROKEN },
    { "PLAIN", { "=" }, SK_SMTP_AUTH_BROKEN },
    { "PLAIN", { "AHUAcA" }, SK_SMTP_AUTH_BROKEN },
    { "PLAIN", { "AH=AcA==" }, SK_SMTP_AUTH_BROKEN },
    { "PLAIN", { "*" }, SK_SMTP_AUTH_CANCELLED },
    { "LOGIN", { "dQ==", "cA==" }, SK_SMTP_AUTH_HAS, "u", "p" },
    { "LOGIN", { "dQ==" }, SK_SMTP_AUTH_ASKS, "u" },
    { "LOGIN", { "AHU=" }, SK_SMTP_AUTH_BROKEN },
    { "LOGIN", { "dQ==", "*" }, SK_SMTP_AUTH_CANCELLED, "u" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SkSmtpAuth) auth = sk_smtp_auth_new (cases[i].mechanism);
      SkSmtpAuthStep step = sk_smtp_auth_take (auth, NULL);

      g_assert_cmpint (step, ==, SK_SMTP_AUTH_ASKS);
      for (gsize j = 0; cases[i].lines[j] != NULL; j++)
        step = sk_smtp_auth_take (auth, cases[i].lines[j]);
      g_assert_cmpint (step, ==, cases[i].last);
      g_assert_cmpstr (sk_smtp_auth_user (auth), ==, cases[i].user);
      g_assert_cmpstr (sk_smtp_auth_password (auth), ==, cases[i].password);
    }
  g_assert_null (sk_smtp_auth_new ("CRAM-MD5"));
}

static void
test_passwords (void)
{
  static const struct {
    const char *user, *password;
    gboolean right;
  } cases[] = {
    { "hana", "himitsu", TRUE },   { "taro", "a:b c", TRUE },  { "kei", "crlf", TRUE },
    { "hana", "himits", FALSE },   { "hana", "himitsux", FALSE }, { "Hana", "himitsu", FALSE },
    { "hana", "", FALSE },         { "empty", "", FALSE },     { "", "x", FALSE },
    { "taro", "a", FALSE },        { "hanahim", "itsu", FALSE }, { "kei", "crlf\r", FALSE },
  };
  g_autofree char *directory = g_dir_make_tmp ("sekisho-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (directory, "passwords", NULL);
  g_autoptr (SkClock) clock = sk_clock_new_manual (0);
  g_autoptr (SkSmtpPasswords) passwords = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (
      file, "hana:himitsu\ntaro:a:b c\nempty:\n:x\nno colon\nkei:crlf\r\nlast:one", -1, NULL));
  passwords = sk_smtp_passwords_new (file, clock, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (sk_smtp_passwords_check (passwords, cases[i].user, cases[i].password), ==,
                     cases[i].right);
  g_assert_true (sk_smtp_passwords_check (passwords, "last", "one"));
  /* a changed file counts at once */
  g_assert_true (g_file_set_contents (file, "last:two\n", -1, NULL));
  g_assert_false (sk_smtp_passwords_check (passwords, "last", "one"));
  g_assert_true (sk_smtp_passwords_check (passwords, "last", "two"));
  g_unlink (file);
  g_rmdir (directory);
}

static void
test_no_file (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_manual (0);
  g_autoptr (GError) none = NULL, missing = NULL;

  g_assert_null (sk_smtp_passwords_new (NULL, clock, &none));
  g_assert_true (sk_error_is_invalid (none));
  g_assert_null (sk_smtp_passwords_new ("/nowhere/at/all", clock, &missing));
  g_assert_true (sk_error_is_not_found (missing));
}

/* What is in the file and no line is told by its number, never by what it says. */
static void
test_lines (void)
{
  g_autofree char *directory = g_dir_make_tmp ("sekisho-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (directory, "passwords", NULL);
  g_autoptr (SkClock) clock = sk_clock_new_manual (0);
  g_autoptr (SkSmtpPasswords) passwords = NULL;
  g_autoptr (GError) empty = NULL, useless = NULL, fine = NULL;

  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_assert_null (sk_smtp_passwords_new (file, clock, &empty));
  g_assert_true (sk_error_is_invalid (empty));
  g_assert_nonnull (strstr (empty->message, "[listen] password-file: "));
  g_assert_nonnull (strstr (empty->message, "(write NAME:PASSWORD"));
  g_assert_true (g_file_set_contents (file, ":x\nhana:\n", -1, NULL));
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*passwords:1: *");
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*passwords:2: *");
  g_assert_null (sk_smtp_passwords_new (file, clock, &useless));
  g_test_assert_expected_messages ();
  g_assert_true (sk_error_is_invalid (useless));
  g_assert_true (g_file_set_contents (file, "# one\n\r\nhana:himitsu\r\nsecret\n", -1, NULL));
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*listen* password-file: *passwords:4: this is no user:password line*");
  passwords = sk_smtp_passwords_new (file, clock, &fine);
  g_assert_no_error (fine);
  g_test_assert_expected_messages ();
  g_unlink (file);
  g_rmdir (directory);
}

/* Five within a minute, a user of the machine each for themselves. */
static void
test_lock (void)
{
  g_autofree char *directory = g_dir_make_tmp ("sekisho-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (directory, "passwords", NULL);
  g_autoptr (SkClock) clock = sk_clock_new_manual (0);
  g_autoptr (SkSmtpPasswords) passwords = NULL;

  g_assert_true (g_file_set_contents (file, "hana:himitsu\n", -1, NULL));
  passwords = sk_smtp_passwords_new (file, clock, NULL);
  for (int i = 0; i < 5; i++)
    {
      g_assert_false (sk_smtp_passwords_is_locked (passwords, 1000));
      sk_smtp_passwords_count_wrong (passwords, 1000);
      sk_clock_advance (clock, 10 * G_USEC_PER_SEC);
    }
  g_assert_true (sk_smtp_passwords_is_locked (passwords, 1000));
  g_assert_false (sk_smtp_passwords_is_locked (passwords, 1001));
  sk_clock_advance (clock, 9 * G_USEC_PER_SEC);
  g_assert_true (sk_smtp_passwords_is_locked (passwords, 1000));
  sk_clock_advance (clock, 1 * G_USEC_PER_SEC);
  g_assert_false (sk_smtp_passwords_is_locked (passwords, 1000));
  sk_smtp_passwords_count_wrong (passwords, 1000);
  sk_clock_advance (clock, 1 * G_USEC_PER_SEC);
  g_assert_true (sk_smtp_passwords_is_locked (passwords, 1000));
  g_unlink (file);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-login/exchange", test_exchange);
  g_test_add_func ("/smtp-login/passwords", test_passwords);
  g_test_add_func ("/smtp-login/no-file", test_no_file);
  g_test_add_func ("/smtp-login/lines", test_lines);
  g_test_add_func ("/smtp-login/lock", test_lock);
  return g_test_run ();
}
