// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-calendar.h"

enum { EVERY_YEAR_SINCE = 9999, SUNDAY = G_DATE_SUNDAY };

/* A day of the law: fixed (week 0), or the week-th Monday of the month. */
typedef struct {
  const char *name;
  int first_year, last_year;
  int month, day, week;
} Holiday;

/* Act on National Holidays, article 2 as it stood in each year, and the special laws: 1959 no. 16,
 * 1989 no. 4, 1990 no. 24, 1993 no. 32, 2018 no. 99 (accession), 2018 no. 55 and 2020 no. 68
 * (Olympic years). */
static const Holiday holidays[] = {
  { "元日", 1949, EVERY_YEAR_SINCE, 1, 1, 0 },
  { "成人の日", 1949, 1999, 1, 15, 0 },
  { "成人の日", 2000, EVERY_YEAR_SINCE, 1, 0, 2 },
  { "建国記念の日", 1967, EVERY_YEAR_SINCE, 2, 11, 0 },
  { "天皇誕生日", 2020, EVERY_YEAR_SINCE, 2, 23, 0 },
  { "天皇誕生日", 1949, 1988, 4, 29, 0 },
  { "みどりの日", 1989, 2006, 4, 29, 0 },
  { "昭和の日", 2007, EVERY_YEAR_SINCE, 4, 29, 0 },
  { "憲法記念日", 1949, EVERY_YEAR_SINCE, 5, 3, 0 },
  { "みどりの日", 2007, EVERY_YEAR_SINCE, 5, 4, 0 },
  { "こどもの日", 1949, EVERY_YEAR_SINCE, 5, 5, 0 },
  { "海の日", 1996, 2002, 7, 20, 0 },
  { "海の日", 2003, 2019, 7, 0, 3 },
  { "海の日", 2020, 2020, 7, 23, 0 },
  { "海の日", 2021, 2021, 7, 22, 0 },
  { "海の日", 2022, EVERY_YEAR_SINCE, 7, 0, 3 },
  { "スポーツの日", 2020, 2020, 7, 24, 0 },
  { "スポーツの日", 2021, 2021, 7, 23, 0 },
  { "山の日", 2016, 2019, 8, 11, 0 },
  { "山の日", 2020, 2020, 8, 10, 0 },
  { "山の日", 2021, 2021, 8, 8, 0 },
  { "山の日", 2022, EVERY_YEAR_SINCE, 8, 11, 0 },
  { "敬老の日", 1966, 2002, 9, 15, 0 },
  { "敬老の日", 2003, EVERY_YEAR_SINCE, 9, 0, 3 },
  { "体育の日", 1966, 1999, 10, 10, 0 },
  { "体育の日", 2000, 2019, 10, 0, 2 },
  { "スポーツの日", 2022, EVERY_YEAR_SINCE, 10, 0, 2 },
  { "文化の日", 1948, EVERY_YEAR_SINCE, 11, 3, 0 },
  { "勤労感謝の日", 1948, EVERY_YEAR_SINCE, 11, 23, 0 },
  { "天皇誕生日", 1989, 2018, 12, 23, 0 },
  { "皇太子明仁親王の結婚の儀", 1959, 1959, 4, 10, 0 },
  { "昭和天皇の大喪の礼", 1989, 1989, 2, 24, 0 },
  { "即位礼正殿の儀", 1990, 1990, 11, 12, 0 },
  { "皇太子徳仁親王の結婚の儀", 1993, 1993, 6, 9, 0 },
  { "天皇の即位の日", 2019, 2019, 5, 1, 0 },
  { "即位礼正殿の儀", 2019, 2019, 10, 22, 0 },
};

static guint32
julian_of (int year, int month, int day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return g_date_get_julian (&date);
}

/* Julian day 1 was a Monday. */
static GDateWeekday
weekday_of (guint32 julian)
{
  return (GDateWeekday) ((julian - 1) % 7 + 1);
}

static gboolean
falls_on (const Holiday *self, int year, int month, int day)
{
  if (month != self->month || year < self->first_year || year > self->last_year)
    return FALSE;
  if (self->week == 0)
    return day == self->day;
  return (day - 1) / 7 + 1 == self->week
         && weekday_of (julian_of (year, month, day)) == G_DATE_MONDAY;
}

/* The astronomical approximation in common use, from the mean solar year; good for 1900 to 2099. */
static int
equinox_day (int year, double until_1979, double since_1980)
{
  int leap = (year < 1980 ? year - 1983 : year - 1980) / 4;

  return (int) ((year < 1980 ? until_1979 : since_1980) + 0.242194 * (year - 1980) - leap);
}

/* 国民の祝日: what the law names, without substitutes. */
static const char *
national_holiday (guint32 julian)
{
  GDate date;
  int year, month, day;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, julian);
  year = g_date_get_year (&date);
  month = g_date_get_month (&date);
  day = g_date_get_day (&date);
  for (gsize i = 0; i < G_N_ELEMENTS (holidays); i++)
    if (falls_on (&holidays[i], year, month, day))
      return holidays[i].name;
  if (month == 3 && year >= 1949 && day == equinox_day (year, 20.8357, 20.8431))
    return "春分の日";
  if (month == 9 && year >= 1948 && day == equinox_day (year, 23.2588, 23.2488))
    return "秋分の日";
  return NULL;
}

/* Article 3 (2): since 1973-04-12 the Monday after a holiday on a Sunday; since 2007 the next day
 * that is no holiday itself. */
static gboolean
is_substitute (guint32 julian)
{
  guint32 first = julian_of (1973, 4, 12);
  gboolean one_day_only = julian < julian_of (2007, 1, 1);

  for (guint32 before = julian - 1; before >= first && national_holiday (before) != NULL; before--)
    {
      if (weekday_of (before) == (GDateWeekday) SUNDAY)
        return TRUE;
      if (one_day_only)
        return FALSE;
    }
  return FALSE;
}

/* Article 3 (3): since 1985-12-27 a day between two holidays; until 2006 not on a Sunday. */
static gboolean
is_between_holidays (guint32 julian)
{
  if (julian < julian_of (1985, 12, 27) || weekday_of (julian) == (GDateWeekday) SUNDAY)
    return FALSE;
  return national_holiday (julian - 1) != NULL && national_holiday (julian + 1) != NULL;
}

const char *
sk_japanese_holiday (int year, int month, int day)
{
  const char *name;
  guint32 julian;

  if (year < 1948 || year > 9998 || month < 1 || month > 12 || day < 1
      || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return NULL;
  julian = julian_of (year, month, day);
  name = national_holiday (julian);
  if (name != NULL)
    return name;
  if (is_substitute (julian))
    return "振替休日";
  return is_between_holidays (julian) ? "国民の休日" : NULL;
}

gboolean
sk_hours_is_holiday (const SkHours *self, int year, int month, int day)
{
  guint32 julian;

  if (self->japanese_holidays && sk_japanese_holiday (year, month, day) != NULL)
    return TRUE;
  if (self->holidays == NULL)
    return FALSE;
  julian = julian_of (year, month, day);
  for (guint i = 0; i < self->holidays->len; i++)
    if (g_array_index (self->holidays, guint32, i) == julian)
      return TRUE;
  return FALSE;
}

static gboolean
is_business_day (const SkHours *self, guint32 julian)
{
  GDate date;

  if ((self->days & 1u << (weekday_of (julian) - 1)) == 0)
    return FALSE;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, julian);
  return !sk_hours_is_holiday (self, g_date_get_year (&date), g_date_get_month (&date),
                               g_date_get_day (&date));
}

static guint32
local_day (const SkHours *self, gint64 at_us, int *minute)
{
  gint64 seconds = at_us / G_USEC_PER_SEC - (at_us % G_USEC_PER_SEC < 0);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);
  g_autoptr (GDateTime) local = utc == NULL ? NULL : g_date_time_to_timezone (utc, self->timezone);

  if (local == NULL)
    return 0;
  *minute = g_date_time_get_hour (local) * 60 + g_date_time_get_minute (local);
  return julian_of (g_date_time_get_year (local), g_date_time_get_month (local),
                    g_date_time_get_day_of_month (local));
}

gboolean
sk_hours_contain (const SkHours *self, gint64 at_us)
{
  int minute = 0;
  guint32 julian = local_day (self, at_us, &minute);

  if (julian < 2)
    return FALSE;
  if (self->between.start < self->between.end)
    return minute >= self->between.start && minute < self->between.end
           && is_business_day (self, julian);
  /* Over midnight: the span belongs to the day it began. */
  return (minute >= self->between.start && is_business_day (self, julian))
         || (minute < self->between.end && is_business_day (self, julian - 1));
}

/* When the local clock shows `minute` of the day (1440 and more: of the next). Microseconds. */
static gint64
instant_of (const SkHours *self, guint32 julian, int minute)
{
  GDate date;
  g_autoptr (GDateTime) time = NULL;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, julian + (guint32) minute / 1440);
  minute %= 1440;
  time = g_date_time_new (self->timezone, g_date_get_year (&date), g_date_get_month (&date),
                          g_date_get_day (&date), minute / 60, minute % 60, 0);
  return time == NULL ? G_MAXINT64 : g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

gint64
sk_hours_real_seconds (const SkHours *self, gint64 at_us, gint64 business_seconds)
{
  int minute = 0;
  guint32 today = local_day (self, at_us, &minute);
  gint64 left = business_seconds * G_USEC_PER_SEC;
  int end = self->between.end + (self->between.start < self->between.end ? 0 : 1440);
  const guint32 longest = 200 * 366;

  if (left <= 0)
    return 0;
  if (today < 2)
    return -1;
  for (guint32 day = today - 1; day < today + longest; day++)
    {
      gint64 from, until;

      if (!is_business_day (self, day))
        continue;
      from = MAX (instant_of (self, day, self->between.start), at_us);
      until = instant_of (self, day, end);
      if (until <= from)
        continue;
      if (until - from >= left)
        return (from + left - at_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
      left -= until - from;
    }
  return -1;
}
