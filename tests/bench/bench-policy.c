// SPDX-License-Identifier: GPL-3.0-or-later
/* bench-policy FOLDER MAIL ROUNDS RECIPIENT…: what a verdict costs, as one JSON line.
 *
 * "verdict_us" is the median of sk_policy_evaluate() over an opened mail, "p99_us" its 99th percentile. Beside it, in turns,
 * the same recipients' domains and the same words are looked for as a program without an index does: strcmp over the rows of
 * lists/partners.csv, and one PCRE2 (JIT) pass a word of words.txt. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "sk-file.h"
#include "sk-policy.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  char **domains;
  GPtrArray *words; /* pcre2_code* */
  pcre2_match_data *match;
} Linear;

static gint64
nanoseconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static double
percentile (GArray *times, double share)
{
  g_array_sort (times, compare);
  return (double) g_array_index (times, gint64, (guint) ((double) (times->len - 1) * share)) / 1000.0;
}

static long
resident_kib (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  return strtol (strchr (text, ' ') + 1, NULL, 10) * (sysconf (_SC_PAGESIZE) / 1024);
}

static void
read_linear (Linear *self, const char *folder)
{
  g_autofree char *rows = g_build_filename (folder, "lists", "partners.csv", NULL);
  g_autofree char *words = g_build_filename (folder, "words.txt", NULL);
  g_autofree char *text = sk_file_read (rows, G_MAXINT, NULL, NULL);
  g_autofree char *word_text = sk_file_read (words, G_MAXINT, NULL, NULL);
  g_auto (GStrv) lines = g_strsplit (word_text, "\n", -1);

  self->domains = g_strsplit (text, "\n", -1);
  for (char **row = self->domains; *row != NULL; row++)
    (*row)[strcspn (*row, ",")] = '\0';
  self->words = g_ptr_array_new ();
  self->match = pcre2_match_data_create (1, NULL);
  for (char **word = lines; *word != NULL && **word != '\0'; word++)
    {
      int problem;
      PCRE2_SIZE at;
      pcre2_code *code = pcre2_compile ((PCRE2_SPTR) *word, PCRE2_ZERO_TERMINATED,
                                        PCRE2_LITERAL | PCRE2_CASELESS | PCRE2_UTF, &problem, &at, NULL);

      pcre2_jit_compile (code, PCRE2_JIT_COMPLETE);
      g_ptr_array_add (self->words, code);
    }
}

static guint
look_linearly (const Linear *self, const SkSubmission *submission)
{
  guint found = 0;

  for (guint i = 0; i < submission->recipients->len; i++)
    for (char **row = self->domains; *row != NULL; row++)
      found += strcmp (*row, ((SkRecipient *) submission->recipients->pdata[i])->address->domain) == 0;
  for (guint i = 0; i < submission->message->texts->len; i++)
    for (guint j = 0; j < self->words->len; j++)
      {
        const SkText *text = submission->message->texts->pdata[i];

        found += pcre2_match (self->words->pdata[j], (PCRE2_SPTR) text->text, text->length, 0,
                              PCRE2_NO_UTF_CHECK, self->match, NULL)
                 > 0;
      }
  return found;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  long before = resident_kib ();
  gint64 begun = nanoseconds (), load;
  g_autoptr (SkPolicy) policy = argc > 4 ? sk_policy_load (argv[1], NULL, NULL, &error) : NULL;
  g_autoptr (SkMessage) message = NULL;
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_recipient_free);
  g_autoptr (GArray) verdicts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) linear_times = g_array_new (FALSE, FALSE, sizeof (gint64));
  SkSubmission submission = { .person = "a@sender.test", .mail_from = "a@sender.test" };
  Linear linear = { 0 };
  guint found = 0;
  long memory;

  if (policy == NULL)
    {
      fprintf (stderr, "bench-policy: %s\n", error != NULL ? error->message : "FOLDER MAIL ROUNDS RECIPIENT…");
      return 2;
    }
  load = nanoseconds () - begun;
  memory = resident_kib () - before;
  message = sk_message_open (argv[2], &sk_message_default_limits, SK_MESSAGE_WANT_ALL, &error);
  for (int i = 4; i < argc; i++)
    g_ptr_array_add (recipients, sk_recipient_new (argv[i]));
  submission.message = message;
  submission.recipients = recipients;
  submission.at = g_get_real_time ();
  sk_recipients_set_fields (recipients, message);
  read_linear (&linear, argv[1]);
  for (int round = atoi (argv[3]); round > 0; round--)
    {
      gint64 start = nanoseconds (), middle, end;
      SkVerdict *verdict = sk_policy_evaluate (policy, &submission);

      sk_verdict_free (verdict);
      middle = nanoseconds ();
      g_array_append_vals (verdicts, (gint64[]){ middle - start }, 1);
      if (round % 20 != 0)
        continue;
      middle = nanoseconds ();
      found += look_linearly (&linear, &submission);
      end = nanoseconds ();
      g_array_append_vals (linear_times, (gint64[]){ end - middle }, 1);
    }
  printf ("{\"verdict_us\": %.2f, \"p99_us\": %.2f, \"linear_us\": %.2f, \"load_s\": %.3f, \"memory_mib\": %.1f, "
          "\"found\": %u}\n",
          percentile (verdicts, 0.5), percentile (verdicts, 0.99), percentile (linear_times, 0.5),
          (double) load / 1e9, (double) memory / 1024, found);
  return 0;
}
