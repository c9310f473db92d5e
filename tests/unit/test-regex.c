// SPDX-License-Identifier: GPL-3.0-or-later
#define PCRE2_CODE_UNIT_WIDTH 8
#include "policy-case.h"
#include "sk-regex.h"

#include <pcre2.h>

#define OUT "client@customer.example"

/* 124 KB of words of 19 letters: each of them costs (x+x+)+y some hundred thousand steps. */
static char *
text_of_x (void)
{
  GString *text = g_string_new (NULL);

  while (text->len < 124 * 1024)
    g_string_append (text, "xxxxxxxxxxxxxxxxxxx ");
  return g_string_free (text, FALSE);
}

static SkRegex *
compile (const char *expression)
{
  g_autoptr (GError) error = NULL;
  SkRegex *regex = sk_regex_new (expression, &error);

  g_assert_no_error (error);
  return regex;
}

/* Counts by hand. */
static void
test_enough_ends_it (void)
{
  static const struct { const char *expression, *text; guint enough, count; } rows[] = {
    { "a", "a-a-a-a-a", G_MAXUINT, 5 },
    { "a", "a-a-a-a-a", 2, 2 },
    { "a", "a-a-a-a-a", 5, 5 },
    { "a", "a-a-a-a-a", 6, 5 },
    { "a", "a-a-a-a-a", 0, 0 },
    { "x*", "aé", G_MAXUINT, 3 },
    { "x*", "aé", 2, 2 },
    { "第[0-9]+号", "第1号 第22号", G_MAXUINT, 2 },
    { "(.)\\1", "aabbc", G_MAXUINT, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (SkRegex) regex = compile (rows[i].expression);
      gint64 effort = 100000;
      gboolean complete;

      g_assert_cmpuint (sk_regex_count (regex, rows[i].text, strlen (rows[i].text), rows[i].enough,
                                        &effort, &complete), ==, rows[i].count);
      g_assert_true (complete);
      g_assert_cmpint (effort, >, 0);
      g_assert_cmpint (effort, <=, 100000);
    }
}

static void
test_ten_thousand (void)
{
  g_autofree char *text = g_strnfill (20000, 'a');
  g_autoptr (SkRegex) regex = compile ("a");
  gint64 effort = SK_REGEX_EFFORT;
  gboolean complete;

  g_assert_cmpuint (sk_regex_count (regex, text, 20000, 10000, &effort, &complete), ==, 10000);
  g_assert_true (complete);
  g_assert_cmpuint (sk_regex_count (regex, text, 20000, 10001, &effort, &complete), ==, 10000);
  g_assert_false (complete);
}

typedef struct {
  GString *found;
  guint most;
} Each;

static gboolean
each_cb (gsize start, gsize length, gpointer user_data)
{
  Each *self = user_data;

  g_string_append_printf (self->found, "%zu+%zu ", start, length);
  return --self->most > 0;
}

/* Bytes, in their order. */
static void
test_each (void)
{
  static const struct {
    const char *expression, *text, *found;
    guint most;
  } rows[] = {
    { "a+", "xaa a", "1+2 4+1 ", 9 },  { "a+", "xaa a", "1+2 ", 1 }, { "計画", "暁計画と計画", "3+6 12+6 ", 9 },
    { "b", "xaa a", "", 9 },           { "", "ab", "0+0 1+0 2+0 ", 9 },   { "a\\Kb", "ab", "1+1 ", 9 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (SkRegex) regex = compile (rows[i].expression);
      g_autoptr (GString) found = g_string_new (NULL);
      Each each = { found, rows[i].most };
      gint64 effort = SK_REGEX_EFFORT;

      g_test_message ("%s", rows[i].expression);
      sk_regex_each (regex, rows[i].text, strlen (rows[i].text), &effort, each_cb, &each);
      g_assert_cmpstr (found->str, ==, rows[i].found);
      effort = 0;
      sk_regex_each (regex, rows[i].text, strlen (rows[i].text), &effort, each_cb, &each);
      g_assert_cmpstr (found->str, ==, rows[i].found);
    }
}

/* One effort for all: what the first spends, the next lack; the first match costs little of it. */
static void
test_effort_is_shared (void)
{
  g_autofree char *text = text_of_x ();
  g_autoptr (SkRegex) regex = compile ("(x+x+)+y|x+"), other = compile ("x");
  gint64 effort = SK_REGEX_EFFORT;
  gboolean complete;

  g_assert_cmpuint (sk_regex_count (regex, text, strlen (text), 1, &effort, &complete), ==, 1);
  g_assert_true (complete);
  g_assert_cmpint (effort, >, SK_REGEX_EFFORT - 5000000);
  g_assert_cmpuint (sk_regex_count (regex, text, strlen (text), G_MAXUINT, &effort, &complete), <,
                    6349);
  g_assert_false (complete);
  g_assert_cmpint (effort, <=, 0);
  g_assert_cmpuint (sk_regex_count (other, text, strlen (text), 1, &effort, &complete), ==, 0);
  g_assert_false (complete);
}

/* Few steps that each walk over the whole text are as dear as many. */
static void
test_long_ways_count (void)
{
  g_autofree char *text = g_strnfill (1 << 20, 'a');
  g_autoptr (SkRegex) looking = compile ("(?:a(?=[^b]*+b)|a)+"), comparing = compile ("(a+)c\\1z");
  g_autofree char *twice = g_strconcat (text, "c", text, "c", text, NULL);
  gint64 effort = SK_REGEX_EFFORT;
  gboolean complete;

  sk_regex_count (looking, text, 1 << 20, 1, &effort, &complete);
  g_assert_false (complete);
  g_assert_cmpint (effort, <=, 0);
  effort = SK_REGEX_EFFORT;
  sk_regex_count (comparing, twice, strlen (twice), 1, &effort, &complete);
  g_assert_false (complete);
}

/* PCRE2 over the text as a whole, with neither JIT nor limits. */
static guint
count_plainly (const char *expression, const char *text, gsize length)
{
  int problem;
  PCRE2_SIZE place, at = 0;
  pcre2_code *code = pcre2_compile ((PCRE2_SPTR) expression, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_UCP, &problem, &place, NULL);
  pcre2_match_data *data = pcre2_match_data_create_from_pattern (code, NULL);
  const PCRE2_SIZE *bounds = pcre2_get_ovector_pointer (data);
  guint n = 0;

  while (at <= length && pcre2_match (code, (PCRE2_SPTR) text, length, at, PCRE2_NO_UTF_CHECK, data, NULL) >= 0)
    {
      n++;
      if (bounds[1] > bounds[0])
        at = bounds[1];
      else
        at = bounds[1] < length ? (PCRE2_SIZE) (g_utf8_next_char (text + bounds[1]) - text) : length + 1;
    }
  pcre2_match_data_free (data);
  pcre2_code_free (code);
  return n;
}

static GString *
random_text (GRand *random, gsize length)
{
  static const char *const pieces[] = { "a", "b", "12", "3", " ", "\n", "\r\n", "見積", "foo", "ー", "社外", "秘", "x-y", "。" };
  GString *text = g_string_new (NULL);

  while (text->len < length)
    {
      const char *piece = pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))];
      int times = g_rand_int_range (random, 0, 40) == 0 ? g_rand_int_range (random, 1, 700) : 1;

      while (times-- > 0)
        g_string_append (text, piece);
    }
  return text;
}

/* A text is searched in parts, one way or the other: what is found is the same. */
static void
test_parts_are_the_whole (void)
{
  static const char *const expressions[]
      = { "\\d+x", "foo$", "(?m)foo$", "foo\\Z", "foo\\s*\\z", "^a", "(?m)^a", "\\Ga|\\Gb", "a(?!b)", "(?<=社外)秘", "(?<!社外)秘", "社外.*秘",
          "(?s)社外.*秘", "(?s).*秘", ".*秘", "[^\\n]{300,}", "\\bfoo\\b", "\\B3", "(a|b)+c?", "(\\w+)\\s\\1", "x*", "a\\Kb", "(?=見積)",
          "\\R\\R", "\\X秘", "(?i)FOO", "a++b", "(?>a+)1", "(*SKIP)a|b", "a(*COMMIT)b", "(?:見積|社外秘|foo){2,}", "\\s+$", "[ab]{520,}",
          "(?m)^.*?3.*$", "ー(?=[^\\n]*秘)", "\\d{1,3}(?:12)*a", "" };
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);

  for (guint round = 0; round < 12; round++)
    {
      g_autoptr (GString) text = random_text (random, (gsize) g_rand_int_range (random, 1, 60000));

      for (guint i = 0; i < G_N_ELEMENTS (expressions); i++)
        {
          g_autoptr (SkRegex) regex = compile (expressions[i]);
          gint64 effort = G_MAXINT64 / 2;
          guint expected = count_plainly (expressions[i], text->str, text->len);
          gboolean complete;
          guint found = sk_regex_count (regex, text->str, text->len, G_MAXUINT, &effort, &complete);

          g_test_message ("%s in %zu", expressions[i], text->len);
          g_assert_cmpuint (found, ==, MIN (expected, 10000));
          g_assert_true (complete || expected > 10000);
        }
    }
}

/* Where a part of a text ends, the text does not: there is no $ before a newline. */
static void
test_no_end_within (void)
{
  g_autoptr (SkRegex) regex = compile ("f[^x]{500,1500}?foo$");
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 effort = G_MAXINT64 / 2;
  gboolean complete;

  while (text->len < 60000)
    g_string_append (text, "foo\n");
  g_string_append (text, "bar\n");
  g_assert_cmpuint (sk_regex_count (regex, text->str, text->len, 1, &effort, &complete), ==, 0);
  g_string_append (text, "foo\n");
  g_assert_cmpuint (sk_regex_count (regex, text->str, text->len, 1, &effort, &complete), ==, 1);
  g_assert_true (complete);
}

/* Whatever the expression and the text, it ends: quadratic ones too, and those whose dear parts recur. */
static void
test_worst_cases (void)
{
  enum { MEGABYTES = 8 };
  static const char *const expressions[]
      = { "\\d+x", "(a|b)*c", ".*foo", "(?s).*foo", "[^x]*xyz", "\\w+@\\w+", "(\\d+)-(\\d+)-(\\d+)", "\\d+\\d{10}y", "(?:\\d+){3}y",
          "(?=\\d*)(?=\\d*)(?=\\d*)(?=\\d*)(?=\\d*)(?=\\d*)1y", "(\\d+)\\1z", "(x+x+)+y" };
  static const char *const pieces[] = { "1234567890", "ab", "lorem ipsum dolor x ", NULL };
  g_autoptr (GString) uneven = g_string_new (NULL);

  for (guint i = 0; i < 300; i++)
    g_string_append (uneven, "ay");
  for (guint i = 0; i < 18 * 401; i++)
    g_string_append_c (uneven, i % 401 < 400 ? '1' : 'y');
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (guint j = 0; j < G_N_ELEMENTS (expressions); j++)
      {
        const char *piece = pieces[i] != NULL ? pieces[i] : uneven->str;
        g_autoptr (SkRegex) regex = compile (expressions[j]);
        g_autoptr (GString) text = g_string_sized_new (MEGABYTES << 20);
        gint64 effort = SK_REGEX_EFFORT, begun;
        double seconds;
        gboolean complete;

        while (text->len < MEGABYTES << 20)
          g_string_append (text, piece);
        begun = g_get_monotonic_time ();
        sk_regex_count (regex, text->str, text->len, G_MAXUINT, &effort, &complete);
        seconds = (double) (g_get_monotonic_time () - begun) / 1e6;
        g_test_message ("%s in %.10s…: %.0f ms, %s", expressions[j], piece, seconds * 1000, complete ? "to the end" : "cut");
        g_assert_cmpfloat (seconds, <, 30); /* a few at most, on a machine that does nothing else */
      }
}

/* Each rule alone would be fine for some words; together they spend what there is. */
#define NASTY(id) "  - id: " id "\n    if: {content: {regex: \"(x+x+)+y|x+" id "\", in: body}}\n    then: {stamp: true}\n"

static void
test_effort_of_a_verdict (void)
{
  g_autofree char *text = text_of_x ();
  g_autoptr (SkPolicy) policy = case_load (
      "rules:\n" NASTY ("a") NASTY ("b") NASTY ("c") NASTY ("d")
      "  - id: last\n    if: {content: {regex: nowhere, in: body}}\n    then: {hold: true}\n", NULL, NULL);
  CaseMail mail = { .to = OUT, .body = text };
  gint64 start = g_get_monotonic_time ();
  json_t *verdict = case_evaluate (policy, &mail);

  g_test_message ("%.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_true (sk_policy_may_take_long (policy));
  case_assert ("effort", verdict,
               "{'outcome': 'hold', 'rules': [{'id': 'last', 'unknown': true, 'because': {'code': 'content.regex',"
               " 'args': {'unknown': 'all text of the mail: searching it by regular expressions took too many steps'}}}]}");
  json_decref (verdict);
}

#define COUNT(id, count) "  - id: " id "\n    if: {content: {regex: \"(x+x+)+y|x+\", in: body, count: \"" count "\"}}\n    then: {stamp: true}\n"

static void
test_decided_early (void)
{
  g_autofree char *text = text_of_x ();
  g_autoptr (SkPolicy) policy
      = case_load ("rules:\n" COUNT ("one", ">= 1") COUNT ("two", "> 1") COUNT ("not-three", "!= 3")
                   COUNT ("three", "== 3") COUNT ("few", "< 4") COUNT ("some", "<= 4"),
                   NULL, NULL);
  CaseMail mail = { .to = OUT, .body = text };
  json_t *verdict = case_evaluate (policy, &mail), *rules = json_object_get (verdict, "rules");

  case_assert ("decided", verdict,
               "{'rules': [{'id': 'one', 'unknown': 'absent'}, {'id': 'two', 'unknown': 'absent'},"
               " {'id': 'not-three', 'unknown': 'absent'}]}");
  g_assert_cmpuint (json_array_size (rules), ==, 3);
  json_decref (verdict);
}

/* However many recipients a rule is asked about, an attachment is searched once. */
static void
test_attachment_once (void)
{
  GString *to = g_string_new (NULL);
  g_autofree char *text = g_strnfill (1 << 20, 'a');
  g_autoptr (SkPolicy) policy = case_load (
      "rules:\n  - id: r\n    if: {to: external, attachment: {regex: \"[a-z]b\"}}\n    then: {hold: true}\n", NULL, NULL);
  CaseMail mail = { .findings = "address body 0 x 1", .attachments = { { "a.txt", .text = text, .readable = SK_YES } } };
  json_t *verdict;

  for (guint i = 0; i < 200; i++)
    g_string_append_printf (to, "a%u@customer.example ", i);
  mail.to = to->str;
  verdict = case_evaluate (policy, &mail);
  case_assert ("once", verdict, "{'rules': [], 'outcome': 'send'}");
  json_decref (verdict);
  g_string_free (to, TRUE);
}

static void
test_quick_without (void)
{
  g_autoptr (SkPolicy) policy
      = case_load ("rules:\n  - {id: r, if: {content: {words: x}}, then: {hold: true}}\n", NULL, NULL);

  g_assert_false (sk_policy_may_take_long (policy));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/regex/enough-ends-it", test_enough_ends_it);
  g_test_add_func ("/regex/ten-thousand", test_ten_thousand);
  g_test_add_func ("/regex/each", test_each);
  g_test_add_func ("/regex/effort-is-shared", test_effort_is_shared);
  g_test_add_func ("/regex/long-ways-count", test_long_ways_count);
  g_test_add_func ("/regex/parts-are-the-whole", test_parts_are_the_whole);
  g_test_add_func ("/regex/no-end-within", test_no_end_within);
  g_test_add_func ("/regex/worst-cases", test_worst_cases);
  g_test_add_func ("/regex/effort-of-a-verdict", test_effort_of_a_verdict);
  g_test_add_func ("/regex/decided-early", test_decided_early);
  g_test_add_func ("/regex/attachment-once", test_attachment_once);
  g_test_add_func ("/regex/quick-without", test_quick_without);
  return g_test_run ();
}
