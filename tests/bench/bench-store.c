// SPDX-License-Identifier: GPL-3.0-or-later
/* How many mails a second become durable, with one keeper and with sixteen; what an attempt costs;
 * how quickly history is imported. Writes below the directory given (default /var/tmp: a real
 * disk). Fails when sixteen keepers don't get more than one.
 *
 *   bench-store [DIRECTORY [ROUNDS]]
 */
#include "agent/store/sk-store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_BYTES 4096
#define KEEPS 600
#define ATTEMPTS 5000
#define HISTORY_KEYS 100000
#define WANTED_RATIO 1.3

typedef struct {
  SkStore *store;
  guint started, ended, total;
  char message[MESSAGE_BYTES];
} Run;

static char *
spool (Run *run, const char *id)
{
  char *path = g_build_filename (sk_store_spool_directory (run->store), id, NULL);
  FILE *file = fopen (path, "w");

  if (file == NULL || fwrite (run->message, sizeof run->message, 1, file) != 1
      || fclose (file) != 0)
    g_error ("%s: %s", path, g_strerror (errno));
  return path;
}

static SkMail *
make_mail (const char *id)
{
  SkMail *mail = sk_mail_new (id);
  SkDelivery *delivery = sk_delivery_new (1);

  mail->state = SK_MAIL_ACCEPTED;
  mail->subject = g_strdup ("measured");
  mail->from = g_strdup ("hana@example.co.jp");
  mail->mail_from = g_strdup ("hana@example.co.jp");
  mail->submitted = g_get_real_time ();
  mail->size = MESSAGE_BYTES;
  mail->verdict = json_loads ("{\"action\": \"send\", \"rules\": [\"a\", \"b\"], \"deliveries\":"
                              " [{\"recipients\": [\"to@example.com\"], \"gates\": []}]}",
                              0, NULL);
  g_ptr_array_add (delivery->recipients, sk_delivery_recipient_new ("to@example.com"));
  g_ptr_array_add (mail->deliveries, delivery);
  return mail;
}

static void kept_cb (const GError *error, gpointer user_data);

static void
keep_next (Run *run)
{
  g_autofree char *id = sk_uuid7_new (g_get_real_time ());
  g_autoptr (SkMail) mail = make_mail (id);
  g_autofree char *path = spool (run, id);

  run->started++;
  sk_store_keep (run->store, mail, path, NULL, kept_cb, run);
}

static void
kept_cb (const GError *error, gpointer user_data)
{
  Run *run = user_data;

  if (error != NULL)
    g_error ("%s", error->message);
  run->ended++;
  if (run->started < run->total)
    keep_next (run);
}

/* Durable mails a second with `keepers` of them under way at any moment. */
static double
measure_keeps (SkStore *store, guint keepers, guint total)
{
  Run run = { .store = store, .total = total };
  gint64 start = g_get_monotonic_time ();

  memset (run.message, 'x', sizeof run.message);
  for (guint i = 0; i < keepers; i++)
    keep_next (&run);
  while (run.ended < total)
    g_main_context_iteration (NULL, TRUE);
  return total * 1e6 / (double) (g_get_monotonic_time () - start);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static void
print_times (const char *what, GArray *times)
{
  gint64 sum = 0;

  g_array_sort (times, compare_times);
  for (guint i = 0; i < times->len; i++)
    sum += g_array_index (times, gint64, i);
  printf ("%s: mean %.1f us, median %.1f us, p99 %.1f us, most %.1f us\n", what,
          (double) sum / times->len / 1000,
          (double) g_array_index (times, gint64, times->len / 2) / 1000,
          (double) g_array_index (times, gint64, times->len * 99 / 100) / 1000,
          (double) g_array_index (times, gint64, times->len - 1) / 1000);
}

static gint64
nanoseconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
measure_attempts (SkStore *store)
{
  g_autoptr (GArray) begins = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < ATTEMPTS; i++)
    {
      g_autofree char *id = sk_uuid7_new (g_get_real_time ());
      g_autoptr (SkMail) mail = make_mail (id);
      gint64 start = nanoseconds (), begun, ended;
      gboolean good = sk_store_attempt_begin (store, mail, "/var/tmp/none", "fingerprint", NULL);

      begun = nanoseconds ();
      good = sk_store_attempt_end (store, id, NULL) && good;
      ended = nanoseconds ();
      g_assert (good);
      begun -= start;
      ended -= start + begun;
      g_array_append_val (begins, begun);
      g_array_append_val (ends, ended);
    }
  print_times ("attempt begin", begins);
  print_times ("attempt end", ends);
}

static void
count_cb (const GError *error, gpointer user_data)
{
  if (error != NULL)
    g_error ("%s", error->message);
  *(gboolean *) user_data = TRUE;
}

static void
measure_history (SkStore *store)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  gboolean done = FALSE;
  gint64 start;

  for (guint i = 0; i < HISTORY_KEYS; i++)
    g_ptr_array_add (
        keys, g_strdup_printf ("somebody-%u@example-%u.com", i * 7919 % HISTORY_KEYS, i % 997));
  g_ptr_array_add (keys, NULL);
  start = g_get_monotonic_time ();
  sk_store_history_add (store, "hana@example.co.jp", (const char *const *) keys->pdata, 1, count_cb,
                        &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  printf ("history: %d keys in %.2f s\n", HISTORY_KEYS,
          (double) (g_get_monotonic_time () - start) / 1e6);
}

static void
print_memory (const char *when)
{
  g_autofree char *status = NULL;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  for (char *line = strtok (status, "\n"); line != NULL; line = strtok (NULL, "\n"))
    if (g_str_has_prefix (line, "VmRSS") || g_str_has_prefix (line, "RssAnon"))
      printf ("%s: %s\n", when, line);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *directory
      = g_build_filename (argc > 1 ? argv[1] : "/var/tmp", "sekisho-bench-XXXXXX", NULL);
  int rounds = argc > 2 ? atoi (argv[2]) : 3;
  g_autoptr (SkClock) clock = sk_clock_new_system ();
  g_autoptr (GError) error = NULL;
  SkStore *store;
  double best = 0;

  if (g_mkdtemp (directory) == NULL)
    g_error ("%s: %s", directory, g_strerror (errno));
  store = sk_store_open (directory, clock, &error);
  if (store == NULL)
    g_error ("%s", error->message);
  print_memory ("opened");
  for (int i = 0; i < rounds; i++)
    {
      double one = measure_keeps (store, 1, KEEPS / 2);
      double sixteen = measure_keeps (store, 16, KEEPS * 2);

      printf ("keeps a second: 1 keeper %.0f, 16 keepers %.0f, ratio %.2f\n", one, sixteen,
              sixteen / one);
      best = MAX (best, sixteen / one);
    }
  measure_attempts (store);
  measure_history (store);
  print_memory ("used");
  sk_store_close (store);
  remove_tree (directory);
  return best > WANTED_RATIO ? 0 : 1;
}
