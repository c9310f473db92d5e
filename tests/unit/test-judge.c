// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-judge.h"

#include "sk-error.h"

#include <string.h>
#include <unistd.h>

/* A mail on disk that is gone with its descriptor. */
static int
open_mail (void)
{
  static const char mail[] = "From: hana@example.co.jp\r\n\r\nx";
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("sk-judge-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  unlink (path);
  g_assert_cmpint (write (fd, mail, strlen (mail)), ==, (gssize) strlen (mail));
  return fd;
}

static SkJudgement *
judge (const char *recipient, GError **error)
{
  const char *const addresses[] = { "taro@example.com", recipient, NULL };
  SkJudgeRequest request = { .fd = open_mail (), .size = 30, .mail_from = "hana@example.co.jp",
                             .person = "hana@example.co.jp", .addresses = addresses,
                             .limits = &sk_message_default_limits };
  SkJudgement *judgement = sk_judge_now (&request, error);

  close (request.fd);
  return judgement;
}

/* What can't be read as an address is judged as no other one: nothing is judged. */
static void
test_unreadable_recipient (void)
{
  static const char *const unreadable[] = { "a\u2028b@gmail.com", "a\x01@gmail.com", "nobody", "" };

  for (guint i = 0; i < G_N_ELEMENTS (unreadable); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (judge (unreadable[i], &error));
      g_assert_true (sk_error_is_invalid (error));
    }
}

static void
test_recipients (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkJudgement) judgement = judge ("\"a b\"@gmail.com", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (judgement->recipients->len, ==, 2);
  g_assert_cmpstr (((SkRecipient *) judgement->recipients->pdata[1])->address->text, ==,
                   "\"a b\"@gmail.com");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/judge/unreadable-recipient", test_unreadable_recipient);
  g_test_add_func ("/judge/recipients", test_recipients);
  return g_test_run ();
}
