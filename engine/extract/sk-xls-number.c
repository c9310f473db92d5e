// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-xls-number.h"

#include <math.h>
#include <string.h>

enum {
  DAY = 86400,
  DAYS_1904 = 1462,  /* between the two ways to count */
  FALSE_LEAP_DAY = 60,
  LAST_DAY = 2958465, /* 9999-12-31 */
  DAY_0 = 693594,    /* 1899-12-30, as GDate counts */
};

double
sk_xls_rk (guint32 rk)
{
  union {
    guint64 bits;
    double number;
  } value = { .bits = (guint64) (rk & ~3u) << 32 };
  double number = rk & 2 ? (double) ((gint32) rk >> 2) : value.number;

  return rk & 1 ? number / 100 : number;
}

gboolean
sk_xls_is_date_number (guint format)
{
  return (format >= 14 && format <= 22) || (format >= 27 && format <= 36)
         || (format >= 45 && format <= 47) || (format >= 50 && format <= 58);
}

/* "[h]", "[mm]": time that is not cut at a day. */
static gboolean
is_elapsed_time (const char *bracket)
{
  const char *at = bracket + 1;

  return *at != '\0' && strchr ("hmsHMS", *at) != NULL && at[strspn (at, "hmsHMS")] == ']';
}

/* Behind what begins here and says nothing about dates: colours, conditions, words, "G/標準". */
static const char *
skip_literal (const char *at)
{
  const char *end = NULL;

  if (*at == '"')
    end = strchr (at + 1, '"');
  else if (*at == '[' && !is_elapsed_time (at))
    end = strchr (at, ']');
  else if (*at == 'G' && at[1] == '/')
    end = at + 1;
  else if ((*at == '\\' || *at == '_' || *at == '*') && at[1] != '\0')
    end = at + 1;
  return end != NULL ? end + 1 : at;
}

gboolean
sk_xls_is_date_format (const char *format)
{
  const char *at = format;

  while (*at != '\0')
    {
      const char *behind = skip_literal (at);

      if (behind != at)
        {
          at = behind;
          continue;
        }
      if (g_ascii_strncasecmp (at, "general", 7) == 0)
        return FALSE;
      if (strchr ("yYmMdDhHsSgGeE", *at) != NULL && !(g_ascii_tolower (*at) == 'e' && strchr ("+-", at[1])))
        return TRUE;
      at++;
    }
  return FALSE;
}

void
sk_xls_append_number (GString *into, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (number == floor (number) && fabs (number) < 1e17)
    g_ascii_formatd (text, sizeof text, "%.0f", number);
  else
    g_ascii_formatd (text, sizeof text, "%.15g", number);
  g_string_append (into, text);
}

static void
append_day (GString *into, guint day)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, DAY_0 + day + (day < FALSE_LEAP_DAY ? 1 : 0));
  g_string_append_printf (into, "%04u-%02u-%02u", g_date_get_year (&date), g_date_get_month (&date),
                          g_date_get_day (&date));
}

void
sk_xls_append_date (GString *into, double serial, gboolean from_1904)
{
  double days = serial + (from_1904 ? DAYS_1904 : 0), seconds;

  if (!(days >= 0 && days < LAST_DAY + 1))
    {
      sk_xls_append_number (into, serial);
      return;
    }
  seconds = round (days * DAY);
  if (seconds >= DAY)
    append_day (into, (guint) (seconds / DAY));
  if (fmod (seconds, DAY) > 0 || seconds < DAY)
    {
      guint time = (guint) fmod (seconds, DAY);

      g_string_append_printf (into, "%s%02u:%02u:%02u", seconds >= DAY ? " " : "", time / 3600,
                              time / 60 % 60, time % 60);
    }
}
