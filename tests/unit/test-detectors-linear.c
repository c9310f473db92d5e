/* The time of each detector grows with its text, not with the text's square: texts that have one thing in them again and again,
 * which rules that look back and ahead are tempted by. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-detector.h"

#include <string.h>
#include <time.h>

enum {
  SMALL = 64 * 1024,
  TIMES = 8,   /* so much larger is the other text */
  SLACK = 3,   /* and so many times longer than that may it take */
  ROUNDS = 3,
};

/* Below this it is fast enough, whatever the ratio. Of the processor's time, in microseconds. */
#define FAST 150000

static const char *const patterns[] = {
  "1", "1,", "1-", "1 ", "(1)", "03-", "4111111111111111", "4111-", ",", ", ", "-", "(", "@", "a@", "a@b.", "a.", "_", "\t", "\n",
  " ", "\n\n", "\"", "1\n", "1\t2\n", "a,b\n", "あ", "い。", "ア", "アー", "・", "ア・", "山", "山田", "田中 ", "田中 太郎", "田中太郎、",
  "様", "田中様", "氏名", "氏名:", "氏名,", "東京都", "東京都千代田区", "丸の内", "丁目", "1丁目", "番地", "大字", "の", "市", "〒", "〒1",
  "100-0001", "1月", "1980年", "昭和", "生年月日", "1980/1/2", "口座番号", "普通 ", "銀行", "支店", "個人番号", "法人番号", "電話", "TEL:",
  "+81", "株式会社", "(株)", "鬱", "𠮷", "🎉", "e\xcc\x81", "ﷺ",
};

typedef struct {
  const SkDetector *detector;
  const char *pattern;
} Case;

static void
found_cb (const SkDetector *detector, gsize start, gsize length, const char *value, gpointer user_data)
{
  ++*(guint *) user_data;
}

static gint64
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static GString *
repeat (const char *pattern, gsize length)
{
  GString *text = g_string_sized_new (length + 100);

  while (text->len < length)
    g_string_append (text, pattern);
  return text;
}

static gint64
measure (const SkDetector *detector, const GString *text)
{
  const SkDetector *detectors[] = { detector, NULL };
  const SkFolded folded = { text->str, text->len };
  guint count = 0;
  gint64 start = now ();

  sk_detectors_run (detectors, &folded, found_cb, &count);
  return now () - start;
}

static void
test_linear (gconstpointer data)
{
  const Case *test = data;
  GString *small = repeat (test->pattern, SMALL), *large = repeat (test->pattern, SMALL * TIMES);
  gint64 one = 0, other = 0;
  gboolean fine = FALSE;

  for (guint i = 0; i < ROUNDS && !fine; i++)
    {
      one = measure (test->detector, small);
      other = measure (test->detector, large);
      fine = other < FAST || other < one * TIMES * SLACK;
    }
  if (!fine)
    g_error ("%" G_GINT64_FORMAT " us for %u KiB, but %" G_GINT64_FORMAT " for %u", one, SMALL / 1024, other,
             SMALL * TIMES / 1024);
  g_string_free (small, TRUE);
  g_string_free (large, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize d = 0; sk_detectors[d] != NULL; d++)
    for (gsize p = 0; p < G_N_ELEMENTS (patterns); p++)
      {
        g_autofree char *name = g_strdup_printf ("/detectors-linear/%s/%zu", sk_detectors[d]->name, p);
        Case *test = g_new (Case, 1);

        *test = (Case){ sk_detectors[d], patterns[p] };
        g_test_add_data_func_full (name, test, test_linear, g_free);
      }
  return g_test_run ();
}
