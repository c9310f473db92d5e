// SPDX-License-Identifier: GPL-3.0-or-later
/* bench-detect FILE [ROUNDS [all]]: what each detector costs on a text (UTF-8), and all of them
 * together (or that alone), in MB/s and hits, as one JSON line. The best of the rounds counts, in
 * time of the processor. */
#include "sk-detector.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 5

static void
count (const SkDetector *detector, gsize start, gsize length, const char *value, gpointer user_data)
{
  ++*(guint *) user_data;
}

/* Of the processor, so that what else the machine does matters less; in microseconds. */
static gint64
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* The best time of all rounds, in microseconds. */
static gint64
measure (const SkDetector *const *detectors, const SkFolded *text, guint rounds, guint *hits)
{
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < rounds; i++)
    {
      gint64 start = now ();

      *hits = 0;
      sk_detectors_run (detectors, text, count, hits);
      best = MIN (best, now () - start);
    }
  return MAX (best, 1);
}

static void
print (const char *name, const SkDetector *const *detectors, const SkFolded *text, guint rounds)
{
  guint hits;
  gint64 time = measure (detectors, text, rounds, &hits);

  printf ("\"%s\": {\"mb_s\": %.0f, \"hits\": %u}", name, (double) text->length / (double) time,
          hits);
}

int
main (int argc, char **argv)
{
  g_autofree char *text = NULL;
  SkFolded folded = { 0 };
  guint rounds = argc > 2 ? (guint) atoi (argv[2]) : ROUNDS;

  if (argc < 2 || !g_file_get_contents (argv[1], &text, &folded.length, NULL)
      || !g_utf8_validate_len (text, folded.length, NULL))
    {
      fprintf (stderr, "bench-detect: %s can't be read as UTF-8\n", argc > 1 ? argv[1] : "FILE");
      return 2;
    }
  folded.text = text;
  printf ("{");
  for (guint i = 0; argc < 4 && sk_detectors[i] != NULL; i++)
    {
      print (sk_detectors[i]->name, (const SkDetector *[]){ sk_detectors[i], NULL }, &folded,
             rounds);
      printf (", ");
    }
  print ("all", sk_detectors, &folded, rounds);
  printf ("}\n");
  return 0;
}
