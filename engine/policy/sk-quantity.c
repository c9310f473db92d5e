// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-quantity.h"

#include "sk-error.h"

#include <string.h>

static const struct {
  const char *text;
  SkOperator operator;
} operators[] = {
  { "<=", SK_LESS_EQUAL }, { "<", SK_LESS },           { "==", SK_EQUAL },
  { "!=", SK_NOT_EQUAL },  { ">=", SK_GREATER_EQUAL }, { ">", SK_GREATER },
};

static const struct {
  const char *text;
  gint64 bytes;
} size_units[] = { { "B", 1 }, { "kB", 1 << 10 }, { "MB", 1 << 20 }, { "GB", 1 << 30 } };

static const struct {
  const char *text;
  gint64 seconds;
  gboolean business;
} duration_units[] = {
  { "s", 1, FALSE },     { "m", 60, FALSE },   { "h", 3600, FALSE },
  { "d", 86400, FALSE }, { "bh", 3600, TRUE },
};

static const gint64 LONGEST_DURATION = 366 * 86400;

gboolean
sk_comparison_holds (const SkComparison *self, gint64 value)
{
  switch (self->operator)
    {
    case SK_LESS:
      return value < self->value;
    case SK_LESS_EQUAL:
      return value <= self->value;
    case SK_EQUAL:
      return value == self->value;
    case SK_NOT_EQUAL:
      return value != self->value;
    case SK_GREATER_EQUAL:
      return value >= self->value;
    case SK_GREATER:
    default:
      return value > self->value;
    }
}

char *
sk_comparison_to_string (const SkComparison *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operators); i++)
    if (operators[i].operator== self->operator)
      return g_strdup_printf ("%s %" G_GINT64_FORMAT, operators[i].text, self->value);
  return g_strdup_printf ("%" G_GINT64_FORMAT, self->value);
}

static const char *
skip_blanks (const char *text)
{
  while (*text == ' ' || *text == '\t')
    text++;
  return text;
}

/* Digits only, no sign. -1 when there are none, or too many. */
static gint64
read_digits (const char **text)
{
  const char *p = *text;
  gint64 value = 0;

  if (!g_ascii_isdigit (*p))
    return -1;
  for (; g_ascii_isdigit (*p); p++)
    {
      if (value > (G_MAXINT64 - 9) / 10)
        return -1;
      value = value * 10 + (*p - '0');
    }
  *text = p;
  return value;
}

static const char *
read_operator (const char *text, SkOperator *operator)
{
  text = skip_blanks (text);
  for (gsize i = 0; i < G_N_ELEMENTS (operators); i++)
    if (g_str_has_prefix (text, operators[i].text))
      {
        *operator= operators[i].operator;
        return skip_blanks (text + strlen (operators[i].text));
      }
  *operator= SK_EQUAL;
  return text;
}

static gboolean
invalid (GError **error, const char *text, const char *remedy)
{
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "'%s': %s", text, remedy);
  return FALSE;
}

gboolean
sk_comparison_parse_count (const char *text, SkComparison *result, GError **error)
{
  const char *p = read_operator (text, &result->operator);

  result->value = read_digits (&p);
  if (result->value < 0 || *skip_blanks (p) != '\0')
    return invalid (
        error, text,
        "not a count; write a whole number, or a comparison as \">= 5\", \"< 10\" or \"== 0\"");
  return TRUE;
}

/* The digits behind the point, as billionths. */
static gboolean
read_fraction (const char **text, gint64 *billionths)
{
  gint64 weight = 100000000;

  *billionths = 0;
  if (**text != '.')
    return TRUE;
  if (!g_ascii_isdigit (*++*text))
    return FALSE;
  for (; g_ascii_isdigit (**text); ++*text, weight /= 10)
    *billionths += (**text - '0') * weight;
  return TRUE;
}

static gint64
read_size_unit (const char **text)
{
  *text = skip_blanks (*text);
  if (**text == '\0')
    return 1;
  for (gsize i = 0; i < G_N_ELEMENTS (size_units); i++)
    if (g_ascii_strncasecmp (*text, size_units[i].text, strlen (size_units[i].text)) == 0)
      {
        *text += strlen (size_units[i].text);
        return size_units[i].bytes;
      }
  return 0;
}

gboolean
sk_comparison_parse_size (const char *text, SkComparison *result, GError **error)
{
  const char *p = read_operator (text, &result->operator);
  gint64 whole = read_digits (&p), billionths = 0, unit = 0;

  if (whole >= 0 && read_fraction (&p, &billionths))
    unit = read_size_unit (&p);
  if (unit == 0 || *skip_blanks (p) != '\0')
    return invalid (
        error, text,
        "not a size; write it as \">= 2MB\", \"< 500 kB\" or \"20480\" (units: B, kB, MB, GB)");
  if (unit == 1 && billionths != 0)
    return invalid (error, text,
                    "a part of a byte; write a whole number of bytes, or a unit (kB, MB, GB)");
  if (whole > G_MAXINT64 / unit - 1)
    return invalid (error, text, "too large for a size");
  result->value = whole * unit + billionths * unit / 1000000000;
  return TRUE;
}

static const char *
duration_remedy (gboolean business_allowed)
{
  return business_allowed
             ? "not a duration; write it as 90s, 3m, 24h, 7d, or 8bh for business hours"
             : "not a duration; write it as 90s, 3m, 24h or 7d";
}

gboolean
sk_duration_parse (const char *text, gint64 *seconds, gboolean *business, GError **error)
{
  const char *p = skip_blanks (text);
  gint64 number = read_digits (&p);
  g_autofree char *unit = g_strstrip (g_strdup (p));

  for (gsize i = 0; number >= 0 && i < G_N_ELEMENTS (duration_units); i++)
    {
      if (strcmp (unit, duration_units[i].text) != 0)
        continue;
      if (duration_units[i].business && business == NULL)
        return invalid (error, text,
                        "business hours can't be used here; write it as 90s, 3m, 24h or 7d");
      if (number < 1 || number > LONGEST_DURATION / duration_units[i].seconds)
        return invalid (error, text, "a duration is at least 1s and at most 366d");
      *seconds = number * duration_units[i].seconds;
      if (business != NULL)
        *business = duration_units[i].business;
      return TRUE;
    }
  return invalid (error, text, duration_remedy (business != NULL));
}

/* "9:00", "09:00"; minutes since midnight, -1 when it is none. "24:00" is one. */
static int
read_time_of_day (const char **text)
{
  const char *start = *text;
  gint64 hour = read_digits (text), minute;
  const char *colon = *text;

  if (hour < 0 || colon - start > 2 || *colon != ':')
    return -1;
  ++*text;
  minute = read_digits (text);
  if (*text - colon != 3 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60)
    return -1;
  return (int) (hour * 60 + minute);
}

gboolean
sk_time_span_parse (const char *text, SkTimeSpan *result, GError **error)
{
  const char *p = skip_blanks (text);

  result->start = read_time_of_day (&p);
  p = skip_blanks (p);
  result->end = -1;
  if (result->start >= 0 && result->start < 24 * 60 && *p == '-')
    {
      p = skip_blanks (p + 1);
      result->end = read_time_of_day (&p);
    }
  if (result->end < 0 || *skip_blanks (p) != '\0')
    return invalid (error, text, "not a span of the day; write it as \"09:00-18:00\"");
  if (result->start == result->end)
    return invalid (error, text,
                    "begins and ends at the same minute; the whole day is \"00:00-24:00\"");
  return TRUE;
}

/* `digits` digits exactly; -1 otherwise. */
static int
read_fixed (const char **text, guint digits)
{
  int value = 0;

  for (guint i = 0; i < digits; i++, ++*text)
    {
      if (!g_ascii_isdigit (**text))
        return -1;
      value = value * 10 + (**text - '0');
    }
  return value;
}

static gboolean
pass (const char **text, const char *any_of)
{
  if (**text == '\0' || strchr (any_of, **text) == NULL)
    return FALSE;
  ++*text;
  return TRUE;
}

typedef struct {
  int year, month, day, hour, minute, second;
  gint64 microseconds;
} Moment;

static gboolean
read_moment (const char **text, Moment *moment)
{
  gint64 billionths = 0;

  *moment = (Moment){ 0 };
  if ((moment->year = read_fixed (text, 4)) < 1 || !pass (text, "-")
      || (moment->month = read_fixed (text, 2)) < 0 || !pass (text, "-")
      || (moment->day = read_fixed (text, 2)) < 0 || !pass (text, "Tt ")
      || (moment->hour = read_fixed (text, 2)) < 0 || !pass (text, ":")
      || (moment->minute = read_fixed (text, 2)) < 0)
    return FALSE;
  if (pass (text, ":")
      && ((moment->second = read_fixed (text, 2)) < 0 || !read_fraction (text, &billionths)))
    return FALSE;
  moment->microseconds = billionths / 1000;
  return moment->hour < 24 && moment->minute < 60 && moment->second < 60 && moment->month >= 1
         && moment->month <= 12 && moment->day >= 1
         && g_date_valid_dmy ((GDateDay) moment->day, (GDateMonth) moment->month,
                              (GDateYear) moment->year);
}

/* "Z", "+09:00", "+0900", "+09", or nothing: then `zone`. NULL when it is something else. */
static GTimeZone *
read_offset (const char *text, GTimeZone *zone)
{
  int sign = *text == '-' ? -1 : 1, hours, minutes = 0;

  if (*text == '\0')
    return g_time_zone_ref (zone);
  if ((*text == 'Z' || *text == 'z') && text[1] == '\0')
    return g_time_zone_new_utc ();
  if (!pass (&text, "+-") || (hours = read_fixed (&text, 2)) < 0 || hours > 23)
    return NULL;
  if (*text != '\0')
    {
      pass (&text, ":");
      minutes = read_fixed (&text, 2);
    }
  if (minutes < 0 || minutes > 59 || *text != '\0')
    return NULL;
  return g_time_zone_new_offset (sign * (hours * 3600 + minutes * 60));
}

gboolean
sk_time_parse (const char *text, GTimeZone *zone, gint64 *result, GError **error)
{
  const char *p = text;
  Moment moment;
  g_autoptr (GTimeZone) own = NULL;
  g_autoptr (GDateTime) time = NULL;

  if (read_moment (&p, &moment))
    own = read_offset (p, zone);
  if (own != NULL)
    time = g_date_time_new (own, moment.year, moment.month, moment.day, moment.hour, moment.minute,
                            moment.second);
  if (time == NULL)
    return invalid (error, text,
                    "not a time; write it as 2026-11-24T10:00 or 2026-11-24T10:00:00+09:00");
  *result = g_date_time_to_unix (time) * G_USEC_PER_SEC + moment.microseconds;
  return TRUE;
}

char *
sk_time_format (gint64 microseconds)
{
  gint64 seconds = microseconds / G_USEC_PER_SEC - (microseconds % G_USEC_PER_SEC < 0);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  return time == NULL ? g_strdup ("") : g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}
