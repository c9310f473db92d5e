// SPDX-License-Identifier: GPL-3.0-or-later
/* What of HTML is text. Comments end as the HTML standard's tokenizer ends them (13.2.5.43 and after); of attributes,
 * those count that a mail program or browser puts before the reader's eyes. */
#include "sk-html-text.h"

#include <glib.h>
#include <string.h>
#include <time.h>

typedef struct {
  const char *html, *text;
} Row;

static const Row comments[] = {
  { "a<!-- no -->b", "ab" },
  { "<!-- x --!>SECRET<!-- y -->", "SECRET" },
  { "<!----!>SECRET<!-- y -->", "SECRET" },
  { "<!-- x -- !>no-->SECRET", "SECRET" },
  { "<!-->SECRET<!-- y -->", "SECRET" },
  { "<!--->SECRET<!-- y -->", "SECRET" },
  { "<!---->SECRET<!-- y -->", "SECRET" },
  { "<!------>SECRET<!-- y -->", "SECRET" },
  { "<!-- x ---!>SECRET<!-- y -->", "SECRET" },
  /* in the beginning "--!>" shares no dash with "<!--" */
  { "<!--!>no-->SECRET", "SECRET" },
  { "<!---!>no-->SECRET", "SECRET" },
  { "<!-- <!-- --!>SECRET-->", "SECRET-->" },
  /* a browser shows none of it; it is better seen than not */
  { "<!-- open >SECRET", "SECRET" },
  { "<!-- open --!", "" },
};

static const Row readings[] = {
  { "<ruby>見<rt>み</rt></ruby><ruby>積<rt>つもり</rt></ruby>書", "見積書\nみ つもり" },
  { "<ruby>見<rp>(</rp><rt>み</rt><rp>)</rp>積</ruby>書", "見積書\n( み )" },
  { "<p>a <ruby>b<rt>x</ruby> c<p>d", "a b c\nd\nx" },
  { "<ruby>b<rt>SEC<b>RE</b>T", "b\nSECRET" },
  { "<rt>x<p>y", "y\nx" },
};

static const Row attributes[] = {
  { "<img alt=\"SECRET\">", "SECRET" },
  { "<IMG SRC=x ALT='a &amp; b'/>", "a & b" },
  { "<image alt=SECRET>", "SECRET" },
  { "SEC<img alt=RE>T", "SECRET" },
  { "<img alt=\"No.2\">4111 1111 1111 1111", "No.2 4111 1111 1111 1111" },
  { "4111<img alt=2>", "4111 2" },
  { "4111<b><img alt=VISA></b>", "4111 VISA" },
  { "<img alt=VISA><b>&#52;111</b>", "VISA 4111" },
  { "<img alt=1><img alt=2>", "1 2" },
  { "<img alt=２>４１１１", "２ ４１１１" },
  { "第<img alt=2>回", "第2回" },
  { "4<img alt=\"\">1", "41" },
  { "4<img alt=->1", "4-1" },
  { "<pre><img alt=1>\n2</pre>", "1\n2" },
  { "a <img alt=\" b \"> c", "a b c" },
  { "<img alt=\"\">x", "x" },
  { "<img alt>x", "x" },
  { "<img alt=first alt=second>", "first" },
  { "<img alt=\"a<b>c\">d", "a<b>cd" },
  { "<img alt=\"open>x", "\"open" "x" },
  { "<img alt=\"&#31192;&#x5bc6;\">", "秘密" },
  { "<area alt=SECRET>", "SECRET" },
  { "a<input value=SECRET>b", "a SECRET b" },
  { "<input type=button value='Send it'>", "Send it" },
  { "<input value=token type=HIDDEN>x", "x" },
  { "<input type=text value=SECRET type=hidden>", "SECRET" },
  { "<input type=hidden value=token type=text>x", "x" },
  { "<input type=image alt=go>", "go" },
  { "<input placeholder='your name' value=x>", "x your name" },
  { "<textarea placeholder=write>x</textarea>", "write x" },
  { "<select><option value=1 label=one><option>two</select>", "one\ntwo" },
  { "<p title=no alt=no value=no>x", "x" },
  { "<a href=no alt=no>x</a>", "x" },
  { "</img alt=no>x", "x" },
};

/* What word processors write into cells does not end the row. */
static const Row tables[] = {
  { "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td" },
  { "<table><tr><td><p>a</p></td><td><p>b</p></td></tr><tr><td><p>c</p></td>\n<td><p>d</p></td></tr></table>",
    "a\tb\nc\td" },
  { "<table><tr>\n<td>\n<p class=MsoNormal>a<o:p></o:p></p>\n</td>\n<td><div>b</div></td></table>e", "a\tb\ne" },
  { "<table><tr><td><p>a<td><p>b<tr><td><p>c<td><p>d</table>", "a\tb\nc\td" },
  { "<table><tr><th><div><div>a</div></div></th><td></td><td><p>b</p></td></tr></table>", "a\tb" },
  { "x<table><tr><td><p>a</p><p>b</p></td><td>c<br>d</td><td>e</td></tr></table>y", "x\na b\tc d\te\ny" },
  { "<table><tr><td>a</td><td><p>b</p><p>c</p>", "a\tb c" },
  /* a cell alone is a part of the page */
  { "<table><tr><td><p>a</p><p>b</p></td></tr></table>", "a\nb" },
  { "<table><tr><td></td><td>a<br>b</td></tr></table>", "a\nb" },
  { "<table><tr><td>z</td><td>a<br>b<br>c<br>d<br>e<br>f</td></tr></table>", "z\ta b c d e f" },
  { "<table><tr><td>z<br>y</td><td>a<br>b<br>c<br>d<br>e<br>f<br>g</td></tr></table>", "z y\ta\nb\nc\nd\ne\nf\ng" },
  { "<table><tr><td>z</td><td><p>x</p><p>y</p><table><tr><td><p>a<td><p>b<tr><td>c<td>d</table></td></tr></table>",
    "z\tx\ny\na\tb\nc\td" },
  { "<table><tr><td>a<td>b</table><p>c<p>d", "a\tb\nc\nd" },
  { "</table><td>a<p>b</td>", "a\nb" },
};

static const Row apart[] = {
  { "a<svg><text>b</text><text>c<tspan>d</tspan></text></svg>e", "a b cd e" },
  { "a<noscript>b</noscript>c<template>d</template>e<object>f</object>g", "a b c d e f g" },
  { "a<noscript></noscript>b<template> <p></p></template>c", "abc" },
  { "a<template></template> <template></template>b", "a b" },
};

static void
check (const Row *rows, gsize count)
{
  for (gsize i = 0; i < count; i++)
    {
      g_autofree char *html = g_strdup (rows[i].html);
      gsize length = sk_html_to_text (html, strlen (html), NULL);

      if (strcmp (html, rows[i].text) != 0)
        g_test_message ("%s", rows[i].html);
      g_assert_cmpstr (html, ==, rows[i].text);
      g_assert_cmpuint (length, ==, strlen (html));
    }
}

static void
test_comments (void)
{
  check (comments, G_N_ELEMENTS (comments));
}

static void
test_readings (void)
{
  check (readings, G_N_ELEMENTS (readings));
}

static void
test_attributes (void)
{
  check (attributes, G_N_ELEMENTS (attributes));
}

static void
test_tables (void)
{
  check (tables, G_N_ELEMENTS (tables));
}

static void
test_apart (void)
{
  check (apart, G_N_ELEMENTS (apart));
}

/* Deeper than is kept: no row is, and nothing is lost. */
static void
test_deep_tables (void)
{
  GString *html = g_string_new (NULL);

  for (guint i = 0; i < 40; i++)
    g_string_append (html, "<table><tr><td>");
  g_string_append (html, "<p>a</p><p>b</p>");
  for (guint i = 0; i < 40; i++)
    g_string_append (html, "</td></tr></table>");
  g_string_append (html, "<table><tr><td><p>c<td><p>d</table>");
  sk_html_to_text (html->str, html->len, NULL);
  g_assert_cmpstr (html->str, ==, "a\nb\nc\td");
  g_string_free (html, TRUE);
}

/* An image whose text is taken is still one that the body shows. */
static void
test_images_are_noted (void)
{
  g_autoptr (GHashTable) shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *html = g_strdup ("<img alt='the logo' src=\"cid:logo@example\">");

  sk_html_to_text (html, strlen (html), shown);
  g_assert_cmpstr (html, ==, "the logo");
  g_assert_true (g_hash_table_contains (shown, "logo@example"));
}

/* Much of what begins and doesn't end takes no longer than any other text (the sanitizer looks at all that is left
 * before each search in it, hence the five seconds). */
static void
test_no_quadratic_time (void)
{
  static const char *const pieces[]
      = { "<!--", "<!---", "<!-- --", "<img alt=\"", "<img alt='x", "<!-- --!", "-", "<input value=",
          "--><table><tr><td>a<br>b<td>c", "--><tr><td>a<br>b" };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      GString *html = g_string_new ("<!--");
      clock_t start = clock ();

      while (html->len < 1 << 19)
        g_string_append (html, pieces[i]);
      sk_html_to_text (html->str, html->len, NULL);
      g_string_free (html, TRUE);
      g_assert_cmpint ((clock () - start) / CLOCKS_PER_SEC, <, 5);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/html-text/comments", test_comments);
  g_test_add_func ("/html-text/readings", test_readings);
  g_test_add_func ("/html-text/attributes", test_attributes);
  g_test_add_func ("/html-text/tables", test_tables);
  g_test_add_func ("/html-text/apart", test_apart);
  g_test_add_func ("/html-text/deep-tables", test_deep_tables);
  g_test_add_func ("/html-text/images-are-noted", test_images_are_noted);
  g_test_add_func ("/html-text/no-quadratic-time", test_no_quadratic_time);
  return g_test_run ();
}
