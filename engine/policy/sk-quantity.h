/* The small notations of the policy language: comparisons, sizes, durations, times of day. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef enum { SK_LESS, SK_LESS_EQUAL, SK_EQUAL, SK_NOT_EQUAL, SK_GREATER_EQUAL, SK_GREATER } SkOperator;

typedef struct {
  SkOperator operator;
  gint64 value;
} SkComparison;

gboolean sk_comparison_holds (const SkComparison *self, gint64 value);
char *sk_comparison_to_string (const SkComparison *self); /* ">= 5" */

/* ">= 5", "< 10", "== 0", "!= 3"; a bare number is "==". Errors: SK_ERROR_INVALID with the remedy. */
gboolean sk_comparison_parse_count (const char *text, SkComparison *result, GError **error);
/* The same with sizes: "2MB", "1.5 MB", "20480", kB, MB, GB (powers of 1024), B. */
gboolean sk_comparison_parse_size (const char *text, SkComparison *result, GError **error);

/* "90s", "3m", "60m", "24h", "7d"; "8bh" is business hours: *business becomes TRUE (may be NULL where none are
 * allowed, then it is an error). Seconds, at least 1 s and at most 366 d. */
gboolean sk_duration_parse (const char *text, gint64 *seconds, gboolean *business, GError **error);

/* "09:00-18:00", "19:00-09:30" (crosses midnight), minutes since midnight; "24:00" as an end is fine. */
typedef struct {
  int start, end;
} SkTimeSpan;

gboolean sk_time_span_parse (const char *text, SkTimeSpan *result, GError **error);

/* RFC 3339 or ISO 8601 with or without seconds and offset ("2026-11-24T10:00+09:00"); without an offset in
 * `timezone`. Microseconds since 1970. */
gboolean sk_time_parse (const char *text, GTimeZone *timezone, gint64 *result, GError **error);
char *sk_time_format (gint64 microseconds); /* RFC 3339 in UTC with seconds: "2026-11-24T01:00:00Z" */
