// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-host.h"

static void
test_loopback (void)
{
  static const struct {
    const char *host;
    gboolean loopback;
  } cases[] = {
    { "localhost", TRUE },
    { "LocalHost", TRUE },
    { "127.0.0.1", TRUE },
    { "127.255.255.254", TRUE },
    { "::1", TRUE },
    { "[::1]", TRUE },
    { "0:0:0:0:0:0:0:1", TRUE },
    { "[127.0.0.1]", TRUE },
    { "127.evil.example", FALSE },
    { "127.0.0.1.evil.example", FALSE },
    { "localhost.evil.example", FALSE },
    { "128.0.0.1", FALSE },
    { "10.0.0.1", FALSE },
    { "0.0.0.0", FALSE },
    { "::2", FALSE },
    { "[::1", FALSE },
    { "[]", FALSE },
    { "[localhost]", FALSE },
    { "", FALSE },
    { NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].host != NULL ? cases[i].host : "NULL");
      g_assert_cmpint (sk_host_is_loopback (cases[i].host), ==, cases[i].loopback);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/host/loopback", test_loopback);
  return g_test_run ();
}
