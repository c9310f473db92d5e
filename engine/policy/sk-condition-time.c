// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-conditions.h"

#include "sk-evaluation.h"

#define HOLIDAY (1U << 7)

/* A whole `time` block, since its keys speak of one day. */
typedef struct {
  gboolean has_span, has_holidays, outside_hours;
  SkTimeSpan span;
  guint days;        /* bit 0 Monday … bit 6 Sunday, HOLIDAY; 0: not said */
  SkHours calendar;  /* the holidays that `holidays` names */
} TimeTest;

static const char *const day_words[]
    = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday", NULL };

static void
time_test_free (gpointer data)
{
  TimeTest *self = data;

  g_clear_pointer (&self->calendar.holidays, g_array_unref);
  g_free (self);
}

/* A time before the end of a span over midnight belongs to the day before. */
static gboolean
in_span (const SkTimeSpan *span, int minute, gint64 *day)
{
  if (span->start <= span->end)
    return minute >= span->start && minute < span->end;
  if (minute >= span->start)
    return TRUE;
  --*day;
  return minute < span->end;
}

static gboolean
is_holiday (const TimeTest *self, const SkPolicy *policy, gint64 day)
{
  static const SkHours japan = { .japanese_holidays = TRUE };
  const SkHours *calendar = &japan;
  GDate date;

  if (self->has_holidays)
    calendar = &self->calendar;
  else if (policy->hours.japanese_holidays || policy->hours.holidays != NULL)
    calendar = &policy->hours;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) day);
  return sk_hours_is_holiday (calendar, g_date_get_year (&date), (int) g_date_get_month (&date),
                              g_date_get_day (&date));
}

/* Day 1 of the Julian count, 0001-01-01, was a Monday. */
static gboolean
on_days (const TimeTest *self, const SkPolicy *policy, gint64 day)
{
  if ((self->days >> ((day - 1) % 7) & 1) != 0)
    return TRUE;
  return (self->days & HOLIDAY) != 0 && is_holiday (self, policy, day);
}

static SkTruth
test_time (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair)
{
  const TimeTest *self = test->data;
  const SkPolicy *policy = evaluation->policy;
  gint64 day = evaluation->day;

  if (self->has_span && !in_span (&self->span, evaluation->minute, &day))
    return SK_NO;
  if (self->days != 0 && !on_days (self, policy, day))
    return SK_NO;
  if (self->has_holidays && (self->days & HOLIDAY) == 0 && !is_holiday (self, policy, day))
    return SK_NO;
  if (self->outside_hours && sk_hours_contain (&policy->hours, evaluation->submission->at))
    return SK_NO;
  return SK_YES;
}

static void
explain_time (const SkTest *test, SkEvaluation *evaluation, const SkPair *pair, SkReason *reason)
{
  g_autofree char *time = g_strdup_printf ("%02d:%02d", evaluation->minute / 60,
                                           evaluation->minute % 60);

  sk_reason_add (reason, test, json_pack ("{s:s}", "time", time), "submitted at %s", time);
}

static const SkTestKind time_kind = { .code = "time", .rank = 35, .test = test_time,
                                      .explain = explain_time, .free = time_test_free };

static void
read_between (SkLoader *loader, const SkNode *value, gpointer into)
{
  TimeTest *self = into;
  const char *text = sk_loader_text (loader, value);
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return;
  self->has_span = sk_time_span_parse (text, &self->span, &error);
  if (!self->has_span)
    sk_loader_error (loader, value, "%s", error->message);
}

static void
read_days (SkLoader *loader, const SkNode *value, gpointer into)
{
  TimeTest *self = into;
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, "days");

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      int word = sk_loader_word (loader, items->pdata[i], "day", day_words);

      if (word >= 0)
        self->days |= 1U << word;
    }
}

static void
read_holidays (SkLoader *loader, const SkNode *value, gpointer into)
{
  TimeTest *self = into;

  self->has_holidays = sk_loader_holidays (loader, value, &self->calendar);
}

static void
read_outside (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "hours", NULL };
  TimeTest *self = into;

  self->outside_hours = sk_loader_word (loader, value, "word", words) == 0
                        && sk_loader_has_hours (loader, value);
}

static const SkField time_fields[] = {
  { "between", read_between },
  { "days", read_days },
  { "holidays", read_holidays },
  { "outside", read_outside },
  { NULL },
};
const SkFieldTable sk_time_table = { "time", time_fields };

void
sk_condition_time (SkLoader *loader, const SkNode *value, gpointer into)
{
  TimeTest *self = g_new0 (TimeTest, 1);

  sk_loader_read_mapping (loader, value, &sk_time_table, self);
  sk_condition_add (loader, into, &time_kind, 0, self, 0, TRUE);
}
