// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-address.h"

#include <string.h>

/* Expected keys: UTS 46 as Python's idna package and encodings.idna give them. NULL: no address. */
static const struct {
  const char *text, *key, *domain;
} addresses[] = {
  { "hana@example.co.jp", "hana@example.co.jp", "example.co.jp" },
  { "Hana@Example.CO.JP", "hana@example.co.jp", "example.co.jp" },
  { "hana@example.co.jp.", "hana@example.co.jp", "example.co.jp" },
  { "hana@日本語.example", "hana@xn--wgv71a119e.example", "xn--wgv71a119e.example" },
  { "hana@XN--WGV71A119E.example", "hana@xn--wgv71a119e.example", "xn--wgv71a119e.example" },
  { "hana@ＥＸＡＭＰＬＥ。co。jp", "hana@example.co.jp", "example.co.jp" },
  { "hana@bücher.example", "hana@xn--bcher-kva.example", "xn--bcher-kva.example" },
  { "hana@straße.example", "hana@xn--strae-oqa.example", "xn--strae-oqa.example" },
  { "user..name@docomo.ne.jp", "user..name@docomo.ne.jp", "docomo.ne.jp" },
  { "user.@docomo.ne.jp", "user.@docomo.ne.jp", "docomo.ne.jp" },
  { ".user@docomo.ne.jp", ".user@docomo.ne.jp", "docomo.ne.jp" },
  { "\"user..name\"@docomo.ne.jp", "user..name@docomo.ne.jp", "docomo.ne.jp" },
  { "\"a b\"@example.com", "\"a b\"@example.com", "example.com" },
  { "\"a@b\"@example.com", "\"a@b\"@example.com", "example.com" },
  { "\"a\\\"<b\"@example.com", "\"a\\\"<b\"@example.com", "example.com" },
  { "\"\"@example.com", "\"\"@example.com", "example.com" },
  { "a+b=c/d@example.com", "a+b=c/d@example.com", "example.com" },
  { "a@[192.0.2.1]", "a@[192.0.2.1]", "[192.0.2.1]" },
  { "a@[IPv6:2001:DB8::1]", "a@[ipv6:2001:db8::1]", "[ipv6:2001:db8::1]" },
  { "a@my_host.example", "a@my_host.example", "my_host.example" },
  { "a@r3---sn.example", "a@r3---sn.example", "r3---sn.example" },
  { "はな@example.com", "はな@example.com", "example.com" },
  { "ＭＡＩＬ@localhost", "ｍａｉｌ@localhost", "localhost" },
  { "a@b@example.com", "a@b@example.com", "example.com" },
  { "hana", NULL, NULL },
  { "", NULL, NULL },
  { "@example.com", NULL, NULL },
  { "hana@", NULL, NULL },
  { "ha na@example.com", NULL, NULL },
  { "hana@exa mple.com", NULL, NULL },
  { "<hana@example.com>", NULL, NULL },
  { "hana@example.com\n", NULL, NULL },
  { "ha\tna@example.com", NULL, NULL },
  { "\"ha\nna\"@example.com", NULL, NULL },
  { "\"open@example.com", NULL, NULL },
  { "hana\x7f@example.com", NULL, NULL },
  { "\xff@example.com", NULL, NULL },
  { "ha\xc2\x85na@example.com", NULL, NULL },
  { "\"ha\xe2\x80\xa8na\"@example.com", NULL, NULL },
  { "a@evil.example＠partner.jp", "a@evil.example＠partner.jp", "evil.example＠partner.jp" },
};

static void
test_address (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (SkAddress) address = sk_address_new (addresses[i].text, NULL);

      g_test_message ("%s", addresses[i].text);
      if (addresses[i].key == NULL)
        {
          g_assert_null (address);
          continue;
        }
      g_assert_nonnull (address);
      g_assert_cmpstr (address->text, ==, addresses[i].text);
      g_assert_cmpstr (address->key, ==, addresses[i].key);
      g_assert_cmpstr (address->domain, ==, addresses[i].domain);
      g_assert_null (address->name);
    }
}

static void
test_copy (void)
{
  g_autoptr (SkAddress) address = sk_address_new ("Hana@Example.com", "花");
  g_autoptr (SkAddress) copy = sk_address_copy (address);

  g_assert_cmpstr (copy->text, ==, "Hana@Example.com");
  g_assert_cmpstr (copy->key, ==, "hana@example.com");
  g_assert_cmpstr (copy->name, ==, "花");
  g_assert_true (copy->domain > copy->key && copy->domain < copy->key + strlen (copy->key));
  g_assert_cmpstr (copy->domain, ==, "example.com");
}

static const struct {
  const char *domain, *key;
} domains[] = {
  { "Example.JP", "example.jp" },
  { "example.jp.", "example.jp" },
  { "日本語.JP", "xn--wgv71a119e.jp" },
  { "xn--wgv71a119e.jp", "xn--wgv71a119e.jp" },
  { "localhost", "localhost" },
  { "", NULL },
  { ".", NULL },
  { ".example.jp", NULL },
  { "=example.jp", NULL },
  { "a..b", NULL },
  { "a b", NULL },
  { "a@b", NULL },
  { "a,b", NULL },
  { "\xff.jp", NULL },
  { "xn--\xe3\x81\x82.jp", NULL },
  { "evil.example＠partner.jp", NULL },
  { "a\xc2\xa8" "b.jp", NULL },
  { "a＜b.jp", NULL },
  { "a234567890123456789012345678901234567890123456789012345678901234.jp", NULL },
  { "a23456789012345678901234567890123456789012345678901234567890123.jp",
    "a23456789012345678901234567890123456789012345678901234567890123.jp" },
};

static void
test_domain (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      g_autofree char *key = sk_domain_key (domains[i].domain);

      g_test_message ("%s", domains[i].domain);
      g_assert_cmpstr (key, ==, domains[i].key);
    }
}

/* "address|name" a line of what is read, then how many pieces could not be. */
static const struct {
  const char *raw, *read;
  guint unread;
} lists[] = {
  { "a@x.jp", "a@x.jp|", 0 },
  { " A <a@x.jp> , \"B, C\" <b@x.jp>", "a@x.jp|A\nb@x.jp|B, C", 0 },
  { "a@x.jp (comment, with (nested) comma), b@x.jp", "a@x.jp|comment, with (nested) comma\nb@x.jp|", 0 },
  { "Group: a@x.jp, B <b@x.jp>;, c@x.jp", "a@x.jp|\nb@x.jp|B\nc@x.jp|", 0 },
  { "empty:;", "", 0 },
  { "a@x.jp; b@x.jp", "a@x.jp|\nb@x.jp|", 0 },
  { ",, ,a@x.jp,", "a@x.jp|", 0 },
  { "nobody, a@x.jp, <>, <no>", "a@x.jp|", 3 },
  { "=?utf-8?B?6Iqx?= <a@x.jp>", "a@x.jp|花", 0 },
  { "=?utf-8?B?6Iqx?=\r\n =?utf-8?B?5a2Q?= <a@x.jp>", "a@x.jp|花子", 0 },
  { "\"=?utf-8?B?6Iqx?=\" <a@x.jp>", "a@x.jp|花", 0 },
  { "A\r\n <a@x.jp>,\r\n\tb@x.jp", "a@x.jp|A\nb@x.jp|", 0 },
  { "\"a \\\"q\\\" b\" <a@x.jp>", "a@x.jp|a \"q\" b", 0 },
  { "=?utf-8?Q?a=0D=0Ab=00=09=7F=C2=85c?= <a@x.jp>", "a@x.jp|a  b\xef\xbf\xbd   c", 0 },
  { "\"a=?utf-8?Q?=E2=80=A8?=b\" <a@x.jp>", "a@x.jp|a b", 0 },
  { "a@x.jp (=?utf-8?B?YQ0KYg==?=)", "a@x.jp|a  b", 0 },
  { "\"Hana\r\n Yamada\" a@x.jp", "a@x.jp|Hana Yamada", 0 },
  { "H\x01na a@x.jp", "a@x.jp|H na", 0 },
  { "\"a,b\"@x.jp, c@x.jp", "\"a,b\"@x.jp|\nc@x.jp|", 0 },
  { "<@r.jp:a@x.jp>", "a@x.jp|", 0 },
  { "a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]|", 0 },
  { "a@x.jp b@x.jp", "b@x.jp|a@x.jp", 0 },
  { "<a@x.jp> <b@x.jp>", "b@x.jp|", 0 },
  { "a (b", "", 1 },
  { "(c) a@x.jp", "a@x.jp|c", 0 },
  { "smile :-( <a@x.jp>, b@x.jp", "a@x.jp|-(\nb@x.jp|", 0 },
};

static char *
list_to_text (const GPtrArray *list)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      const SkAddress *address = list->pdata[i];

      g_string_append_printf (text, "%s%s|%s", i > 0 ? "\n" : "", address->text,
                              address->name != NULL ? address->name : "");
    }
  return g_string_free (text, FALSE);
}

static void
test_list (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (GPtrArray) into
          = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
      guint unread = sk_address_list_parse (lists[i].raw, strlen (lists[i].raw), into, 100);
      g_autofree char *text = list_to_text (into);

      g_test_message ("%s", lists[i].raw);
      g_assert_cmpstr (text, ==, lists[i].read);
      g_assert_cmpuint (unread, ==, lists[i].unread);
    }
}

static void
test_list_limit (void)
{
  g_autoptr (GPtrArray) into = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  const char *raw = "a@x.jp, b@x.jp, c@x.jp";

  sk_address_list_parse (raw, strlen (raw), into, 2);
  g_assert_cmpuint (into->len, ==, 2);
  sk_address_list_parse (raw, strlen (raw), into, 2);
  g_assert_cmpuint (into->len, ==, 2);
}

/* Megabytes of what opens and never closes are read once, not once a character. */
static void
test_list_linear (void)
{
  static const char *const repeated[] = { "(", "\"", "<", "a@b (", "x\"<", ":", "=?a?q?", "\033$B", "(\\" };

  for (guint i = 0; i < G_N_ELEMENTS (repeated); i++)
    {
      g_autoptr (GString) raw = g_string_new (NULL);
      g_autoptr (GPtrArray) into
          = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
      gint64 before = g_get_monotonic_time ();

      while (raw->len < 1024 * 1024)
        g_string_append (raw, repeated[i]);
      sk_address_list_parse (raw->str, raw->len, into, 100);
      g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/new", test_address);
  g_test_add_func ("/address/copy", test_copy);
  g_test_add_func ("/address/domain", test_domain);
  g_test_add_func ("/address/list", test_list);
  g_test_add_func ("/address/list-limit", test_list_limit);
  g_test_add_func ("/address/list-linear", test_list_linear);
  return g_test_run ();
}
