// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-address.h"
#include "sk-lookalike.h"

#include <string.h>

static const char *const known[]
    = { "customer.example", "sample-trading.co.jp", "mail.northwind.example", "widget.co.jp", "abcd.co.jp", "xyz.com", "modern.example",
        "vision.example", "見本商会.jp", "hosting.example", "a.shop.example", "ab.jp", "jp", "co.jp", "localhost", "[192.0.2.1]", NULL };

static SkLookalikes *
index_of (const char *const *domains)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);

  for (; *domains != NULL; domains++)
    g_ptr_array_add (keys, sk_domain_key (*domains));
  return sk_lookalikes_new (keys);
}

/* By hand, from the rules in the header. */
static void
test_examples (void)
{
  static const struct {
    const char *domain, *like; /* NULL: like none */
  } cases[] = {
    /* themselves, and what belongs to them */
    { "customer.example", NULL },
    { "CUSTOMER.example", NULL },
    { "mail.customer.example", NULL },
    { "northwind.example", NULL },
    { "other.northwind.example", NULL },
    { "b.shop.example", NULL },
    { "unrelated.example", NULL },
    { "jp", NULL },
    { "localhosts", NULL },
    { "[192.0.2.2]", NULL },
    /* edits */
    { "custmer.example", "customer.example" },
    { "custoomer.example", "customer.example" },
    { "customar.example", "customer.example" },
    { "cusotmer.example", "customer.example" },
    { "wdge.co.jp", NULL },
    { "widge.co.jp", "widget.co.jp" },
    { "mail.custmer.example", "customer.example" },
    { "custmr.example", "customer.example" }, /* two of a name of 8 */
    { "custmers.example", "customer.example" },
    { "cstomerr.example", "customer.example" },
    { "kustomur.example", "customer.example" },
    { "kustomuz.example", NULL },
    { "sampletrading.co.jp", "sample-trading.co.jp" },
    { "sample-trading-co.jp", "sample-trading.co.jp" },
    { "sample-tradingco.jp", "sample-trading.co.jp" },
    { "widgets.co.jp", "widget.co.jp" },
    { "wigdet.co.jp", "widget.co.jp" },
    { "widgetss.co.jp", NULL },
    { "widgat.co.jp", "widget.co.jp" },
    /* short names */
    { "abcb.co.jp", "abcd.co.jp" },  /* another character */
    { "xbcd.co.jp", "abcd.co.jp" },
    { "abdc.co.jp", "abcd.co.jp" },  /* two swapped */
    { "bacd.co.jp", "abcd.co.jp" },
    { "abcde.co.jp", "abcd.co.jp" }, /* one more */
    { "aabcd.co.jp", "abcd.co.jp" },
    { "abccd.co.jp", "abcd.co.jp" },
    { "abc.co.jp", NULL },           /* one less */
    { "bcd.co.jp", NULL },
    { "abcdef.co.jp", NULL },
    { "abxy.co.jp", NULL },
    { "badc.co.jp", NULL },
    { "acbd.co.jp", "abcd.co.jp" },
    { "abcb.com", NULL },            /* an edit, and another top-level domain */
    { "mail.abcb.co.jp", "abcd.co.jp" },
    { "xyzz.com", "xyz.com" },
    { "xayz.com", "xyz.com" },
    { "yxz.com", "xyz.com" },
    { "xzy.com", "xyz.com" },
    { "xyy.com", NULL },             /* another of three */
    { "xy.com", NULL },
    { "zyx.com", NULL },
    { "ac.jp", NULL },
    { "abb.jp", NULL },
    /* other top-level domains */
    { "customer.co.jp", "customer.example" },
    { "abcd.com", "abcd.co.jp" },
    { "abcd.or.jp", "abcd.co.jp" },
    { "abcd.tokyo.jp", "abcd.co.jp" },
    { "xyz.co.jp", "xyz.com" },
    { "xyz.co", "xyz.com" },
    { "ab.com", NULL },
    { "customer.com.example", NULL },
    /* to the eye */
    { "cust0mer.example", "customer.example" },
    { "modem.example", "modern.example" },
    { "modem.com", "modern.example" },
    { "v1si0n.example", "vision.example" },
    { "vlsion.example", "vision.example" },
    { "vvidget.co.jp", "widget.co.jp" },
    { "clwidget.co.jp", NULL },
    { "аbсd.co.jp", "abcd.co.jp" },       /* Cyrillic а and с */
    { "хуz.com", "xyz.com" },             /* Cyrillic х and у */
    { "сustоmеr.example", "customer.example" }, /* с, о and е: three edits, were they edits */
    { "cüstömér.example", "customer.example" },
    { "customer.рф", "customer.example" },
    { "見本商會.jp", NULL },
    { "見本商会.com", "xn--6oq43mzsrun6a.jp" },
    { "日本商会.jp", NULL },
  };
  g_autoptr (SkLookalikes) lookalikes = index_of (known);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *key = sk_domain_key (cases[i].domain);

      g_test_message ("%s", cases[i].domain);
      g_assert_nonnull (key);
      g_assert_cmpstr (sk_lookalikes_find (lookalikes, key), ==, cases[i].like);
    }
}

static void
test_knows (void)
{
  g_autoptr (SkLookalikes) lookalikes = index_of (known), none = index_of ((const char *const[]){ NULL });

  g_assert_true (sk_lookalikes_knows (lookalikes, "customer.example"));
  g_assert_true (sk_lookalikes_knows (lookalikes, "a.b.customer.example"));
  g_assert_true (sk_lookalikes_knows (lookalikes, "northwind.example"));
  g_assert_false (sk_lookalikes_knows (lookalikes, "example"));
  g_assert_false (sk_lookalikes_knows (lookalikes, "co.jp"));
  g_assert_false (sk_lookalikes_knows (lookalikes, "xcustomer.example"));
  g_assert_false (sk_lookalikes_knows (none, "customer.example"));
  g_assert_null (sk_lookalikes_find (none, "customer.example"));
}

/* Free mail has names that are one edit from those of companies. */
static void
test_common (void)
{
  g_autoptr (SkLookalikes) lookalikes = index_of ((const char *const[]){ "kima.com", "liva.jp", NULL });

  g_assert_cmpstr (sk_lookalikes_find (lookalikes, "kimb.com"), ==, "kima.com");
  g_assert_null (sk_lookalikes_find (lookalikes, "kimo.com"));
  g_assert_cmpstr (sk_lookalikes_find (lookalikes, "livx.jp"), ==, "liva.jp");
  g_assert_null (sk_lookalikes_find (lookalikes, "live.jp"));
}

/* The textbook's recursion, without what makes it quick. */
static guint
plain_distance (const char *a, gsize n, const char *b, gsize m, guint budget)
{
  guint best;

  if (n == 0 || m == 0)
    return (guint) (n + m);
  if (a[n - 1] == b[m - 1])
    return plain_distance (a, n - 1, b, m - 1, budget);
  if (budget == 0)
    return 1;
  best = MIN (plain_distance (a, n - 1, b, m, budget - 1), plain_distance (a, n, b, m - 1, budget - 1));
  best = MIN (best, plain_distance (a, n - 1, b, m - 1, budget - 1));
  if (n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1])
    best = MIN (best, plain_distance (a, n - 2, b, m - 2, budget - 1));
  return best + 1;
}

/* All one-character edits of short names against the rule, by the textbook's distance. */
static void
test_short_edits (void)
{
  static const char *const names[] = { "abab", "aab", "bab", "baaa" };
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint round = 0; round < 4000; round++)
    {
      const char *name = names[round % G_N_ELEMENTS (names)];
      g_autofree char *a = g_strconcat (name, ".example", NULL);
      g_autoptr (SkLookalikes) lookalikes = index_of ((const char *const[]){ a, NULL });
      g_autoptr (GString) b = g_string_new (NULL);
      gsize n = strlen (name);
      guint edits;
      gboolean expected;

      for (int length = g_rand_int_range (random, 2, 7); length > 0; length--)
        g_string_append_c (b, "abc"[g_rand_int_range (random, 0, 3)]);
      edits = plain_distance (name, n, b->str, b->len, 2);
      expected = edits == 1 && (b->len == n + 1 || (b->len == n && (n == 4 || strchr (b->str, 'c') == NULL)));
      if (expected && b->len == n && n == 3)
        { /* swapped: the same characters */
          guint sum = 0, other = 0;

          for (gsize i = 0; i < n; i++)
            {
              sum += name[i] == 'a';
              other += b->str[i] == 'a';
            }
          expected = sum == other;
        }
      g_string_append (b, ".example");
      if (edits > 0)
        g_assert_cmpint (sk_lookalikes_find (lookalikes, b->str) != NULL, ==, expected);
    }
}

static char *
random_name (GRand *random)
{
  GString *name = g_string_new (NULL);
  int n = g_rand_int_range (random, 5, 12);

  for (int i = 0; i < n; i++)
    g_string_append_c (name, "abe"[g_rand_int_range (random, 0, 3)]);
  g_string_append (name, ".example");
  return g_string_free (name, FALSE);
}

/* The index against comparing with every domain. A swap and one edit more may be missed: that is three edits of
 * another kind. */
static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);
  guint found = 0;

  for (int round = 0; round < 3000; round++)
    {
      g_autofree char *a = random_name (random), *b = random_name (random);
      g_autoptr (SkLookalikes) lookalikes = index_of ((const char *const[]){ a, NULL });
      gsize known_length = strcspn (a, ".");
      guint allowed = known_length <= 4 ? 0 : known_length <= 7 ? 1 : 2;
      guint edits = plain_distance (a, strlen (a), b, strlen (b), 2);
      gboolean near = sk_lookalikes_find (lookalikes, b) != NULL;

      if (strcmp (a, b) == 0)
        continue;
      found += near;
      if (near)
        g_assert_cmpuint (edits, <=, allowed);
      else if (edits == 1)
        g_assert_cmpuint (allowed, ==, 0);
    }
  g_assert_cmpuint (found, >, 10);
}

/* All edits of some names, made rather than measured. */
static void
test_made_edits (void)
{
  static const char name[] = "northwind.example";
  g_autoptr (SkLookalikes) lookalikes = index_of (known);

  for (guint i = 0; i < 9; i++)
    for (guint j = 0; j < 9; j++)
      {
        g_autoptr (GString) text = g_string_new (name);

        text->str[i] = 'q';
        text->str[j] = 'q';
        g_assert_cmpstr (sk_lookalikes_find (lookalikes, text->str), ==, name);
        g_string_assign (text, name);
        g_string_insert_c (text, (gssize) i, 'q');
        g_string_insert_c (text, (gssize) j, 'z');
        g_assert_cmpstr (sk_lookalikes_find (lookalikes, text->str), ==, name);
        g_string_assign (text, name);
        g_string_erase (text, (gssize) i, 1);
        g_string_insert_c (text, (gssize) MIN (j, 8), 'z');
        g_assert_cmpstr (sk_lookalikes_find (lookalikes, text->str), ==, name);
      }
}

/* Many that are much alike: how long it takes is told, not judged. */
static void
test_many (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);
  g_autoptr (GPtrArray) domains = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SkLookalikes) lookalikes = NULL;
  static const char *const words[] = { "tokyo", "nihon", "sample", "trading", "shoji", "denki", "kogyo", "system", "soft", "west" };
  gint64 begun;

  for (guint i = 0; i < 100000; i++)
    g_ptr_array_add (domains, g_strdup_printf ("%s-%s%c%c%c.co.jp", words[g_rand_int_range (random, 0, 10)], words[i % 10],
                                               g_rand_int_range (random, 'a', 'z'), g_rand_int_range (random, 'a', 'z'),
                                               g_rand_int_range (random, 'a', 'z')));
  begun = g_get_monotonic_time ();
  lookalikes = sk_lookalikes_new (domains);
  g_test_message ("built in %.0f ms", (double) (g_get_monotonic_time () - begun) / 1000);
  for (guint i = 0; i < 4; i++)
    {
      static const char *const others[] = { "unrelated-company.co.jp", "tokyo-shojizzzz.co.jp", "nihon-systems-99x.co.jp", "other.example" };

      begun = g_get_monotonic_time ();
      for (guint j = 0; j < 1000; j++)
        sk_lookalikes_find (lookalikes, others[i]);
      g_test_message ("%s: %.1f us", others[i], (double) (g_get_monotonic_time () - begun) / 1000);
    }
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GString) text = g_string_new (domains->pdata[i * 97]);

      text->str[i % 10] = 'q';
      g_assert_nonnull (sk_lookalikes_find (lookalikes, text->str));
      g_assert_true (sk_lookalikes_knows (lookalikes, domains->pdata[i * 97]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lookalike/common", test_common);
  g_test_add_func ("/lookalike/short-edits", test_short_edits);
  g_test_add_func ("/lookalike/examples", test_examples);
  g_test_add_func ("/lookalike/knows", test_knows);
  g_test_add_func ("/lookalike/random", test_random);
  g_test_add_func ("/lookalike/made-edits", test_made_edits);
  g_test_add_func ("/lookalike/many", test_many);
  return g_test_run ();
}
