// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "tests/unit/detector-case.h"

static void
test_finds (void)
{
  static const DetectorCase cases[] = {
    { "taro@example.co.jp", "taro@example.co.jp" },
    { "メールはTaro.Yamada@Example.COMまで", "Taro.Yamada@Example.COM=taro.yamada@example.com" },
    { "<taro+news@example.com>,\"hanako@example.jp\";o'neil@example.com",
      "taro+news@example.com|hanako@example.jp|neil@example.com" },
    { "mailto:taro@example.com?subject=x", "taro@example.com" },
    { "taro@example.com.", "taro@example.com" },
    { "taro@example.com。次の文", "taro@example.com" },
    { "a_b-c.d%e@sub.example.com", "a_b-c.d%e@sub.example.com" },
    { "taro@xn--r8jz45g.xn--zckzah", "taro@xn--r8jz45g.xn--zckzah" },
    { "名前,メール\n山田,taro@example.jp\n鈴木,\"hanako@example.jp\"\n", "taro@example.jp|hanako@example.jp" },
    { "(taro@example.com)", "taro@example.com" },
    { "to=taro@example.com&cc=x", "taro@example.com" },
    { "09012345678@example.ne.jp", "09012345678@example.ne.jp" },
    { "taro@example.com:", "taro@example.com" },
    { "See https://example.com/ or mail taro@example.com", "taro@example.com" },
    { "taro@example.com_old", "taro@example.com" },
    /* of mobile phones, from before RFC 5321 was kept there */
    { "taro..y@example.com", "taro..y@example.com" },
    { "taro.@example.com", "taro.@example.com" },
    { "続く...taro@example.com", "taro@example.com" },
  };

  detector_cases_check ("email-address", cases, G_N_ELEMENTS (cases));
}

static void
test_no_finds (void)
{
  static const DetectorCase cases[] = {
    { "@example.com", "" },       { "taro@", "" },                     { "taro@localhost", "" },
    { "taro@@example.com", "" },  { "taro@example..com", "" },         { "root@house.local", "" },
    { "logo@3x.avif", "" },       { "icon@2x.png", "" },               { "lodash@4.17.21", "" },
    { "taro@192.168.0.1", "" },   { "ftp://u:pass@ftp.example.com/", "" },
    { "git@example.com:team/project", "" },
    { "Message-ID: <20240101.1234@mail.example.com>", "" },
    { "taro@-example.com", "" },  { "taro@example-.com", "" },         { "価格@100円", "" },
    { "taro@example.c", "" },     { "@user さん", "" },                { "a@b@c.example", "" },
    { "cid:ii_abc@mail.example.com", "" },
    { "In-Reply-To: <abc.1@mail.example.com>", "" },
  };

  detector_cases_check ("email-address", cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/email-address/finds", test_finds);
  g_test_add_func ("/email-address/no-finds", test_no_finds);
  return g_test_run ();
}
