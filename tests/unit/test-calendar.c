// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-builtin-list.h"
#include "sk-calendar.h"

#include <string.h>

/* Taken from the calendars as they were proclaimed, not computed. A year's list is complete. */
static const struct {
  int year;
  const char *days;
} years[] = {
  { 1947, "" },
  { 1948, "09-23 11-03 11-23" },
  { 1959, "01-01 01-15 03-21 04-10 04-29 05-03 05-05 09-24 11-03 11-23" },
  { 1966, "01-01 01-15 03-21 04-29 05-03 05-05 09-15 09-23 10-10 11-03 11-23" },
  { 1973, "01-01 01-15 02-11 03-21 04-29 04-30 05-03 05-05 09-15 09-23 09-24 10-10 11-03 11-23" },
  { 1985, "01-01 01-15 02-11 03-21 04-29 05-03 05-05 05-06 09-15 09-16 09-23 10-10 11-03 11-04 11-23" },
  { 1986, "01-01 01-15 02-11 03-21 04-29 05-03 05-05 09-15 09-23 10-10 11-03 11-23 11-24" },
  { 1989, "01-01 01-02 01-15 01-16 02-11 02-24 03-21 04-29 05-03 05-04 05-05 09-15 09-23 10-10 11-03 11-23 12-23" },
  { 1990, "01-01 01-15 02-11 02-12 03-21 04-29 04-30 05-03 05-04 05-05 09-15 09-23 09-24 10-10 11-03 11-12 11-23 12-23 12-24" },
  { 1993, "01-01 01-15 02-11 03-20 04-29 05-03 05-04 05-05 06-09 09-15 09-23 10-10 10-11 11-03 11-23 12-23" },
  { 1996, "01-01 01-15 02-11 02-12 03-20 04-29 05-03 05-04 05-05 05-06 07-20 09-15 09-16 09-23 10-10 11-03 11-04 11-23 12-23" },
  { 2000, "01-01 01-10 02-11 03-20 04-29 05-03 05-04 05-05 07-20 09-15 09-23 10-09 11-03 11-23 12-23" },
  { 2003, "01-01 01-13 02-11 03-21 04-29 05-03 05-05 07-21 09-15 09-23 10-13 11-03 11-23 11-24 12-23" },
  { 2006, "01-01 01-02 01-09 02-11 03-21 04-29 05-03 05-04 05-05 07-17 09-18 09-23 10-09 11-03 11-23 12-23" },
  { 2007, "01-01 01-08 02-11 02-12 03-21 04-29 04-30 05-03 05-04 05-05 07-16 09-17 09-23 09-24 10-08 11-03 11-23 12-23 12-24" },
  { 2008, "01-01 01-14 02-11 03-20 04-29 05-03 05-04 05-05 05-06 07-21 09-15 09-23 10-13 11-03 11-23 11-24 12-23" },
  { 2009, "01-01 01-12 02-11 03-20 04-29 05-03 05-04 05-05 05-06 07-20 09-21 09-22 09-23 10-12 11-03 11-23 12-23" },
  { 2015, "01-01 01-12 02-11 03-21 04-29 05-03 05-04 05-05 05-06 07-20 09-21 09-22 09-23 10-12 11-03 11-23 12-23" },
  { 2016, "01-01 01-11 02-11 03-20 03-21 04-29 05-03 05-04 05-05 07-18 08-11 09-19 09-22 10-10 11-03 11-23 12-23" },
  { 2019, "01-01 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-23 10-14 10-22 11-03 11-04 11-23" },
  { 2020, "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-23 07-24 08-10 09-21 09-22 11-03 11-23" },
  { 2021, "01-01 01-11 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-22 07-23 08-08 08-09 09-20 09-23 11-03 11-23" },
  { 2022, "01-01 01-10 02-11 02-23 03-21 04-29 05-03 05-04 05-05 07-18 08-11 09-19 09-23 10-10 11-03 11-23" },
  { 2023, "01-01 01-02 01-09 02-11 02-23 03-21 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-23 10-09 11-03 11-23" },
  { 2024, "01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 11-03 11-04 11-23" },
  { 2025, "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 11-24" },
  { 2026, "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23" },
  { 2027, "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23" },
  { 2032, "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-21 09-22 10-11 11-03 11-23" },
};

static void
test_years (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (years); i++)
    {
      g_autoptr (GString) days = g_string_new (NULL);

      for (int month = 1; month <= 12; month++)
        for (int day = 1; day <= g_date_get_days_in_month ((GDateMonth) month, (GDateYear) years[i].year); day++)
          if (sk_japanese_holiday (years[i].year, month, day) != NULL)
            g_string_append_printf (days, "%s%02d-%02d", days->len > 0 ? " " : "", month, day);
      g_test_message ("%d", years[i].year);
      g_assert_cmpstr (days->str, ==, years[i].days);
    }
}

/* The last digits of the days, 1980 to 2099, from the instants of the equinoxes after Meeus,
 * Astronomical Algorithms (2nd edition), chapter 27, in Japan's time; the nearest one comes within
 * 3 minutes of midnight (2074). */
static void
test_equinoxes (void)
{
  static const char march[] =
                            "0111011101110011001100110011001100110011"
                            "0011000100010001000100010001000100010000"
                            "0000000000000000000000000000000090009000";
  static const char september[] =
                            "3333333333333333333333333333333323332333"
                            "2333233323332333233323332233223322332233"
                            "2233223322332233222322232223222322232223";

  for (int year = 1980; year < 2100; year++)
    for (int day = 18; day <= 25; day++)
      {
        const char *spring = sk_japanese_holiday (year, 3, day), *autumn = sk_japanese_holiday (year, 9, day);

        g_test_message ("%d, %d", year, day);
        g_assert_cmpint (g_strcmp0 (spring, "春分の日") == 0, ==, day % 10 == march[year - 1980] - '0');
        g_assert_cmpint (g_strcmp0 (autumn, "秋分の日") == 0, ==, day % 10 == september[year - 1980] - '0');
      }
}

static void
test_names (void)
{
  static const struct {
    int year, month, day;
    const char *name;
  } cases[] = {
    { 2026, 1, 1, "元日" },        { 2026, 9, 22, "国民の休日" }, { 2026, 5, 6, "振替休日" },
    { 2026, 5, 4, "みどりの日" },  { 2006, 4, 29, "みどりの日" }, { 2007, 4, 29, "昭和の日" },
    { 1988, 4, 29, "天皇誕生日" }, { 2018, 12, 23, "天皇誕生日" }, { 2020, 2, 23, "天皇誕生日" },
    { 2019, 10, 14, "体育の日" },  { 2020, 7, 24, "スポーツの日" }, { 2021, 7, 22, "海の日" },
    { 1992, 5, 4, "振替休日" },    { 1988, 5, 4, "国民の休日" },  { 2019, 4, 30, "国民の休日" },
    { 1997, 5, 4, NULL },          { 2026, 2, 30, NULL },         { 2026, 13, 1, NULL },
    { 2026, 3, 20, "春分の日" },   { 2026, 9, 23, "秋分の日" },   { 2026, 11, 24, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (sk_japanese_holiday (cases[i].year, cases[i].month, cases[i].day), ==, cases[i].name);
}

static gint64
moment (const char *text)
{
  g_autoptr (GTimeZone) tokyo = g_time_zone_new_identifier ("Asia/Tokyo");
  gint64 at;

  g_assert_true (sk_time_parse (text, tokyo, &at, NULL));
  return at;
}

static SkHours
office_hours (const char *between)
{
  SkHours hours = { g_time_zone_new_identifier ("Asia/Tokyo"), 0x1f, { 0 }, TRUE, NULL };

  g_assert_true (sk_time_span_parse (between, &hours.between, NULL));
  return hours;
}

static void
test_hours (void)
{
  SkHours hours = office_hours ("09:00-18:00"), nights = office_hours ("22:00-06:00");
  static const struct {
    const char *at;
    gboolean day, night;
  } cases[] = {
    { "2026-11-24T08:59:59", FALSE, FALSE }, { "2026-11-24T09:00:00", TRUE, FALSE },
    { "2026-11-24T17:59:59", TRUE, FALSE },  { "2026-11-24T18:00:00", FALSE, FALSE },
    { "2026-11-23T12:00:00", FALSE, FALSE }, /* Monday, 勤労感謝の日 */
    { "2026-11-28T12:00:00", FALSE, FALSE }, /* Saturday */
    { "2026-11-24T22:00:00", FALSE, TRUE },  { "2026-11-25T05:59:59", FALSE, TRUE },
    { "2026-11-25T06:00:00", FALSE, FALSE },
    { "2026-11-24T05:00:00", FALSE, FALSE }, /* the night of the holiday */
    { "2026-11-28T05:00:00", FALSE, TRUE },  /* the night of Friday */
    { "2026-11-28T22:30:00", FALSE, FALSE },
    { "2026-11-24T00:30:00+00:00", TRUE, FALSE }, /* 09:30 in Tokyo */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].at);
      g_assert_cmpint (sk_hours_contain (&hours, moment (cases[i].at)), ==, cases[i].day);
      g_assert_cmpint (sk_hours_contain (&nights, moment (cases[i].at)), ==, cases[i].night);
    }
  g_time_zone_unref (hours.timezone);
  g_time_zone_unref (nights.timezone);
}

static void
test_business_seconds (void)
{
  SkHours hours = office_hours ("09:00-18:00"), nights = office_hours ("22:00-06:00");
  static const struct {
    const char *at, *until;
    gint64 business;
    gboolean night;
  } cases[] = {
    { "2026-11-24T10:00", "2026-11-24T18:00", 8 * 3600, FALSE },
    { "2026-11-24T11:00", "2026-11-25T10:00", 8 * 3600, FALSE },
    { "2026-11-24T20:00", "2026-11-25T09:30", 1800, FALSE },
    { "2026-11-20T17:30", "2026-11-24T09:30", 3600, FALSE }, /* Friday, week-end, holiday */
    { "2026-05-01T17:00", "2026-05-07T10:00", 7200, FALSE }, /* 5/2 Sat to 5/6 振替休日 */
    { "2026-11-25T01:00", "2026-11-25T06:00", 5 * 3600, TRUE },
    { "2026-11-25T01:00", "2026-11-25T23:00", 6 * 3600, TRUE },
    { "2026-11-24T10:00", "2026-11-24T10:00", 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 expected = (moment (cases[i].until) - moment (cases[i].at)) / G_USEC_PER_SEC;

      g_test_message ("%s", cases[i].at);
      g_assert_cmpint (sk_hours_real_seconds (cases[i].night ? &nights : &hours, moment (cases[i].at), cases[i].business),
                       ==, expected);
    }
  hours.days = 0;
  g_assert_cmpint (sk_hours_real_seconds (&hours, moment ("2026-11-24T10:00"), 1), ==, -1);
  g_time_zone_unref (hours.timezone);
  g_time_zone_unref (nights.timezone);
}

/* On the night of 2026-03-08 New York's clocks go from 02:00 to 03:00. */
static void
test_summer_time (void)
{
  SkHours hours = { g_time_zone_new_identifier ("America/New_York"), 0x7f, { 60, 240 }, FALSE, NULL };

  g_assert_cmpint (sk_hours_real_seconds (&hours, moment ("2026-03-08T01:00:00-05:00"), 2 * 3600), ==, 2 * 3600);
  g_assert_cmpint (sk_hours_real_seconds (&hours, moment ("2026-03-08T01:00:00-05:00"), 2 * 3600 + 1), ==, 24 * 3600 - 3600 + 1);
  g_time_zone_unref (hours.timezone);
}

static void
test_own_holidays (void)
{
  SkHours hours = office_hours ("09:00-18:00");
  GDate date;
  guint32 julian;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 24, G_DATE_NOVEMBER, 2026);
  julian = g_date_get_julian (&date);
  hours.japanese_holidays = FALSE;
  hours.holidays = g_array_new (FALSE, FALSE, sizeof julian);
  g_array_append_val (hours.holidays, julian);
  g_assert_true (sk_hours_is_holiday (&hours, 2026, 11, 24));
  g_assert_false (sk_hours_is_holiday (&hours, 2026, 11, 23));
  g_assert_false (sk_hours_contain (&hours, moment ("2026-11-24T12:00")));
  g_assert_true (sk_hours_contain (&hours, moment ("2026-11-23T12:00")));
  g_array_unref (hours.holidays);
  g_time_zone_unref (hours.timezone);
}

static gboolean
is_listed (const char *list, const char *domain)
{
  return g_strv_contains (sk_builtin_list (list), domain);
}

static void
test_builtin_lists (void)
{
  static const char *const free_mail[] = { "yahoo.co.jp", "ymail.ne.jp", "gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.jp",
                                           "outlook.jp", "live.jp", "msn.com", "icloud.com", "me.com", "mac.com", "aol.com", "proton.me",
                                           "protonmail.com", "gmx.com", "mail.com", "zoho.com", "yandex.com", "mail.ru", "qq.com", "163.com",
                                           "126.com", "naver.com", "hanmail.net" };
  static const char *const carriers[] = { "docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp",
                                          "d.vodafone.ne.jp", "q.vodafone.ne.jp", "jp-t.ne.jp", "disney.ne.jp", "ymobile.ne.jp",
                                          "ymobile1.ne.jp", "willcom.com", "pdx.ne.jp", "emnet.ne.jp", "uqmobile.jp", "rakumail.jp", "mineo.jp" };

  for (gsize i = 0; i < G_N_ELEMENTS (free_mail); i++)
    g_assert_true (is_listed ("free-mail", free_mail[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (carriers); i++)
    g_assert_true (is_listed ("jp-mobile-carriers", carriers[i]));
  g_assert_false (is_listed ("free-mail", "docomo.ne.jp"));
  g_assert_false (is_listed ("jp-mobile-carriers", "gmail.com"));
  g_assert_null (sk_builtin_list ("carriers"));
}

/* Every listed domain is in its comparing form, listed once, and none is a public suffix. */
static void
test_builtin_lists_are_clean (void)
{
  for (const char *const *name = sk_builtin_list_names (); *name != NULL; name++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

      for (const char *const *domain = sk_builtin_list (*name); *domain != NULL; domain++)
        {
          g_test_message ("%s", *domain);
          g_assert_true (g_hash_table_add (seen, (gpointer) *domain));
          g_assert_cmpuint (strspn (*domain, "abcdefghijklmnopqrstuvwxyz0123456789.-"), ==, strlen (*domain));
          g_assert_false (sk_domain_is_public_suffix (*domain));
        }
      g_assert_cmpuint (g_hash_table_size (seen), >, 40);
    }
}

static void
test_public_suffixes (void)
{
  static const char *const suffixes[] = { "jp", "com", "co.jp", "ne.jp", "lg.jp", "tokyo.jp", "co.uk", "com.cn" };
  static const char *const owned[] = { "example.jp", "example.co.jp", "co.com", "ne.example", "example.tokyo.jp", "uk.com" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    g_assert_true (sk_domain_is_public_suffix (suffixes[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (owned); i++)
    g_assert_false (sk_domain_is_public_suffix (owned[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calendar/years", test_years);
  g_test_add_func ("/calendar/equinoxes", test_equinoxes);
  g_test_add_func ("/calendar/names", test_names);
  g_test_add_func ("/calendar/hours", test_hours);
  g_test_add_func ("/calendar/business-seconds", test_business_seconds);
  g_test_add_func ("/calendar/summer-time", test_summer_time);
  g_test_add_func ("/calendar/own-holidays", test_own_holidays);
  g_test_add_func ("/builtin-list/members", test_builtin_lists);
  g_test_add_func ("/builtin-list/clean", test_builtin_lists_are_clean);
  g_test_add_func ("/builtin-list/public-suffixes", test_public_suffixes);
  return g_test_run ();
}
