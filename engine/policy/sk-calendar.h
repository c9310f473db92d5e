/* Japan's public holidays, computed by the law's rules, and an organisation's business hours. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-quantity.h"

#include <glib.h>

/* The Japanese name of the public holiday on that day (substitute holidays 振替休日 and 国民の休日 included), or NULL. By the
 * Act on National Holidays (昭和23年法律第178号) with its changes and the special laws of 2019 to 2021; from 1948-07-20 on; equinoxes by the
 * usual astronomical formula (1900 to 2099). */
const char *sk_japanese_holiday (int year, int month, int day);

typedef struct {
  GTimeZone *timezone;
  guint days;            /* bit 0 Monday … bit 6 Sunday */
  SkTimeSpan between;
  gboolean japanese_holidays;
  GArray *holidays;      /* guint32 GDate julian days; may be NULL */
} SkHours;

gboolean sk_hours_is_holiday (const SkHours *self, int year, int month, int day);
/* Is this moment inside business hours? */
gboolean sk_hours_contain (const SkHours *self, gint64 at_us);
/* The real seconds from `at_us` until `business_seconds` of business time have passed. -1 when there are no hours at all. */
gint64 sk_hours_real_seconds (const SkHours *self, gint64 at_us, gint64 business_seconds);
