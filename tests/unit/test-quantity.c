// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-error.h"
#include "sk-quantity.h"
#include "sk-suggest.h"

#include <string.h>

static void
test_counts (void)
{
  static const struct {
    const char *text, *canonical;
    gboolean below, at, above; /* at value - 1, value, value + 1 */
  } cases[] = {
    { ">= 5", ">= 5", FALSE, TRUE, TRUE }, { "> 5", "> 5", FALSE, FALSE, TRUE },
    { "<=5", "<= 5", TRUE, TRUE, FALSE },  { "<  5", "< 5", TRUE, FALSE, FALSE },
    { "== 5", "== 5", FALSE, TRUE, FALSE }, { "!= 5", "!= 5", TRUE, FALSE, TRUE },
    { " 5 ", "== 5", FALSE, TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SkComparison comparison;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      g_assert_true (sk_comparison_parse_count (cases[i].text, &comparison, &error));
      g_assert_no_error (error);
      text = sk_comparison_to_string (&comparison);
      g_assert_cmpstr (text, ==, cases[i].canonical);
      g_assert_cmpint (sk_comparison_holds (&comparison, 4), ==, cases[i].below);
      g_assert_cmpint (sk_comparison_holds (&comparison, 5), ==, cases[i].at);
      g_assert_cmpint (sk_comparison_holds (&comparison, 6), ==, cases[i].above);
    }
}

static void
test_bad_counts (void)
{
  static const char *const cases[] = { "",      ">=",   "five", "-1", ">= -1", "5.5", "5 6", "=> 5", "= 5",
                                       ">= 5MB", "≥ 5", "99999999999999999999" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SkComparison comparison;
      g_autoptr (GError) error = NULL;

      g_assert_false (sk_comparison_parse_count (cases[i], &comparison, &error));
      g_assert_true (sk_error_is_invalid (error));
      g_assert_nonnull (strstr (error->message, "\">= 5\""));
    }
}

static void
test_sizes (void)
{
  static const struct {
    const char *text;
    SkOperator operator;
    gint64 value;
  } cases[] = {
    { ">= 2MB", SK_GREATER_EQUAL, 2097152 }, { "< 1.5 MB", SK_LESS, 1572864 },
    { "20480", SK_EQUAL, 20480 },            { "<= 500 kB", SK_LESS_EQUAL, 512000 },
    { "> 1GB", SK_GREATER, 1073741824 },     { "== 7 B", SK_EQUAL, 7 },
    { "0", SK_EQUAL, 0 },                    { "!= 0.5kb", SK_NOT_EQUAL, 512 },
    { ">= 10mb", SK_GREATER_EQUAL, 10485760 },
  };
  static const char *const bad[] = { "",     "MB",   "2M",    "2 XB",  "1.5", "1.5 B", ".5MB", "2MB!",
                                     "1.MB", "-2MB", "2 MB 3", "9999999999999GB" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SkComparison comparison;
      g_autoptr (GError) error = NULL;

      g_assert_true (sk_comparison_parse_size (cases[i].text, &comparison, &error));
      g_assert_cmpint (comparison.operator, ==, cases[i].operator);
      g_assert_cmpint (comparison.value, ==, cases[i].value);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      SkComparison comparison;
      g_autoptr (GError) error = NULL;

      g_assert_false (sk_comparison_parse_size (bad[i], &comparison, &error));
      g_assert_true (sk_error_is_invalid (error));
    }
}

static void
test_durations (void)
{
  static const struct {
    const char *text;
    gint64 seconds;
    gboolean business;
  } cases[] = {
    { "90s", 90, FALSE },    { "3m", 180, FALSE },       { "60m", 3600, FALSE }, { "24h", 86400, FALSE },
    { "7d", 604800, FALSE }, { "366d", 31622400, FALSE }, { "8bh", 28800, TRUE }, { "1 s", 1, FALSE },
  };
  static const char *const bad[] = { "", "60", "0s", "367d", "1h30m", "5 min", "-3m", "1.5h", "h", "31622401s" };
  gint64 seconds;
  gboolean business;
  g_autoptr (GError) no_business = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (sk_duration_parse (cases[i].text, &seconds, &business, NULL));
      g_assert_cmpint (seconds, ==, cases[i].seconds);
      g_assert_cmpint (business, ==, cases[i].business);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (sk_duration_parse (bad[i], &seconds, &business, &error));
      g_assert_true (sk_error_is_invalid (error));
    }
  g_assert_true (sk_duration_parse ("2h", &seconds, NULL, NULL));
  g_assert_false (sk_duration_parse ("2bh", &seconds, NULL, &no_business));
  g_assert_nonnull (strstr (no_business->message, "business hours"));
}

static void
test_time_spans (void)
{
  static const struct {
    const char *text;
    int start, end;
  } cases[] = {
    { "09:00-18:00", 540, 1080 }, { "19:00-09:30", 1140, 570 },
    { "0:00-24:00", 0, 1440 },    { " 9:05 - 9:06 ", 545, 546 },
  };
  static const char *const bad[] = { "",            "09:00",       "9-18",        "09:00-24:01", "24:00-01:00", "09:60-10:00",
                                     "09:00-09:00", "09:0-10:00",  "25:00-01:00", "09:00-10:00x", "-09:00-10:00" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SkTimeSpan span;

      g_assert_true (sk_time_span_parse (cases[i].text, &span, NULL));
      g_assert_cmpint (span.start, ==, cases[i].start);
      g_assert_cmpint (span.end, ==, cases[i].end);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      SkTimeSpan span;
      g_autoptr (GError) error = NULL;

      g_assert_false (sk_time_span_parse (bad[i], &span, &error));
      g_assert_true (sk_error_is_invalid (error));
    }
}

static void
test_times (void)
{
  g_autoptr (GTimeZone) tokyo = g_time_zone_new_identifier ("Asia/Tokyo");
  static const struct {
    const char *text, *utc;
  } cases[] = { /* date -u -d … */
    { "2026-11-24T10:00+09:00", "2026-11-24T01:00:00Z" }, { "2026-11-24T10:00", "2026-11-24T01:00:00Z" },
    { "2026-11-24T10:00:30Z", "2026-11-24T10:00:30Z" },   { "2026-11-24 10:00:30-0330", "2026-11-24T13:30:30Z" },
    { "2026-03-01T00:00:00.999+09", "2026-02-28T15:00:00Z" }, { "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z" },
  };
  static const char *const bad[] = { "", "2026-11-24", "2026-02-30T10:00", "2026-11-24T24:00", "2026-11-24T10",
                                     "26-11-24T10:00", "2026-11-24T10:00+9", "2026-11-24T10:00 JST", "2026-13-01T00:00",
                                     "2026-11-24T10:60", "2026-11-24T10:00+25:00", "yesterday" };
  gint64 at;

  g_assert_nonnull (tokyo);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = NULL;

      g_assert_true (sk_time_parse (cases[i].text, tokyo, &at, NULL));
      text = sk_time_format (at);
      g_assert_cmpstr (text, ==, cases[i].utc);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (sk_time_parse (bad[i], tokyo, &at, &error));
      g_assert_true (sk_error_is_invalid (error));
    }
  g_assert_true (sk_time_parse ("2026-11-24T10:00:00.250Z", tokyo, &at, NULL));
  g_assert_cmpint (at, ==, G_GINT64_CONSTANT (1795514400250000)); /* date -u -d 2026-11-24T10:00:00 +%s */
}

static void
test_suggestions (void)
{
  static const char *const keys[] = { "attachment", "attachments", "to", "from", "time", "recipients", "content", NULL };
  static const struct {
    const char *word, *nearest;
  } cases[] = {
    { "atachment", "attachment" }, { "attachmnets", "attachments" }, { "form", "from" }, { "recipents", "recipients" },
    { "Content", "content" },      { "tp", "to" },                   { "zzzzzz", NULL }, { "", NULL },
    { "ot", "to" },                { "x", NULL },                    { "宛先", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (sk_suggest (cases[i].word, keys), ==, cases[i].nearest);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quantity/counts", test_counts);
  g_test_add_func ("/quantity/bad-counts", test_bad_counts);
  g_test_add_func ("/quantity/sizes", test_sizes);
  g_test_add_func ("/quantity/durations", test_durations);
  g_test_add_func ("/quantity/time-spans", test_time_spans);
  g_test_add_func ("/quantity/times", test_times);
  g_test_add_func ("/suggest", test_suggestions);
  return g_test_run ();
}
