// SPDX-License-Identifier: GPL-3.0-or-later
/* bench-inspect text FILE ROUNDS: what each stage of inspecting a text (UTF-8) costs, and what does the least of the same work
 * beside it. bench-inspect box ROUNDS FILE…: documents through the sandbox, from the descriptor to their text.
 *
 * A JSON object a line: the name, the bytes that went in, and the seconds of each round. Time of the processor for stages, of the
 * clock for documents, whose work another process does. */
#include "sk-box.h"
#include "sk-charset.h"
#include "sk-detector.h"
#include "sk-transfer-encoding.h"

#include <fcntl.h>
#include <iconv.h>
#include <mecab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unistd.h>

typedef struct {
  char *text;
  gsize length;
  char *base64, *shift_jis; /* the same in other shapes */
  gsize base64_length, shift_jis_length;
  SkFolded *folded;
  const SkDetector **detectors; /* of the stage that is measured */
  guint hits;
} Bench;

/* In seconds. */
static double
processor_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

/* --- stages ----------------------------------------------------------------------------------- */

static void
copy_memory (Bench *self)
{
  char *copy = g_malloc (self->length);

  memcpy (copy, self->text, self->length);
  self->hits = (guchar) copy[self->length / 2];
  g_free (copy);
}

static void
decode_base64 (Bench *self)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  SkTransferDecoder decoder;

  sk_transfer_decoder_init (&decoder, SK_ENCODING_BASE64);
  sk_transfer_decoder_feed (&decoder, self->base64, self->base64_length, bytes);
  sk_transfer_decoder_finish (&decoder, bytes);
  sk_transfer_decoder_clear (&decoder);
  self->hits = bytes->len;
}

static void
decode_base64_glib (Bench *self)
{
  gsize length;
  guchar *bytes = g_base64_decode (self->base64, &length);

  g_free (bytes);
  self->hits = (guint) length;
}

static void
decode_charset (Bench *self)
{
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode (self->shift_jis, self->shift_jis_length, "Shift_JIS", &decoded);
  self->hits = (guint) decoded.length;
}

static void
guess_charset (Bench *self)
{
  g_auto (SkDecoded) decoded = { NULL };

  sk_charset_decode (self->shift_jis, self->shift_jis_length, NULL, &decoded);
  self->hits = (guint) decoded.length;
}

static void
decode_charset_iconv (Bench *self)
{
  gsize written = 0;
  char *text = g_convert (self->shift_jis, (gssize) self->shift_jis_length, "UTF-8", "CP932", NULL, &written,
                          NULL);

  g_free (text);
  self->hits = (guint) written;
}

static void
fold (Bench *self)
{
  SkFolded *folded = sk_folded_new (self->text, self->length);

  self->hits = (guint) folded->length;
  sk_folded_free (folded);
}

static UChar *
to_utf16 (const Bench *self, int32_t *units)
{
  UErrorCode status = U_ZERO_ERROR;
  UChar *wide = g_new (UChar, self->length + 1);

  u_strFromUTF8 (wide, (int32_t) self->length, units, self->text, (int32_t) self->length, &status);
  return wide;
}

/* To UTF-16, NFKC, and back, as ICU's usual interface has it. */
static void
normalise_icu (Bench *self)
{
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *nfkc = unorm2_getNFKCInstance (&status);
  int32_t units, normal_units, length = 0;
  g_autofree UChar *wide = to_utf16 (self, &units);
  g_autofree UChar *normal = g_new (UChar, self->length * 2);
  g_autofree char *text = g_malloc (self->length * 2);

  normal_units = unorm2_normalize (nfkc, wide, units, normal, (int32_t) (self->length * 2), &status);
  u_strToUTF8 (text, (int32_t) (self->length * 2), &length, normal, normal_units, &status);
  self->hits = U_SUCCESS (status) ? (guint) length : 0;
}

static void
count_cb (const SkDetector *detector, gsize start, gsize length, const char *value, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
detect (Bench *self)
{
  sk_detectors_run (self->detectors, self->folded, count_cb, &self->hits);
}

/* The words of each line, and nothing made of them. */
static void
split_words (Bench *self)
{
  static mecab_t *tagger;
  const char *end = self->folded->text + self->folded->length;

  if (tagger == NULL)
    tagger = mecab_new2 ("-l 1");
  for (const char *line = self->folded->text, *stop; line < end; line = stop + 1)
    {
      stop = memchr (line, '\n', (gsize) (end - line));
      stop = stop != NULL ? stop : end;
      for (const mecab_node_t *node = mecab_sparse_tonode2 (tagger, line, (gsize) (stop - line)); node != NULL;
           node = node->next)
        self->hits++;
    }
}

typedef struct {
  const char *name;
  void (*work) (Bench *self);
} Stage;

static const Stage stages[] = {
  { "memcpy", copy_memory },
  { "base64", decode_base64 },
  { "base64: GLib", decode_base64_glib },
  { "Shift_JIS, labelled", decode_charset },
  { "Shift_JIS, guessed", guess_charset },
  { "Shift_JIS: iconv", decode_charset_iconv },
  { "folding", fold },
  { "NFKC: ICU over UTF-16", normalise_icu },
};

static void
measure (Bench *bench, const char *name, void (*work) (Bench *self), guint rounds)
{
  printf ("{\"name\": \"%s\", \"bytes\": %zu, \"seconds\": [", name, bench->length);
  for (guint i = 0; i < rounds; i++)
    {
      double begun = processor_time ();

      bench->hits = 0;
      work (bench);
      printf ("%s%.6f", i > 0 ? ", " : "", processor_time () - begun);
    }
  printf ("], \"hits\": %u}\n", bench->hits);
  fflush (stdout);
}

/* --- a text ----------------------------------------------------------------------------------- */

static void
measure_detectors (Bench *bench, guint rounds)
{
  g_autoptr (GPtrArray) quick = g_ptr_array_new ();

  for (gsize i = 0; sk_detectors[i] != NULL; i++)
    if (!sk_detectors[i]->finder->is_slow)
      g_ptr_array_add (quick, (gpointer) sk_detectors[i]);
  g_ptr_array_add (quick, NULL);
  bench->detectors = (const SkDetector **) quick->pdata;
  measure (bench, "all that are quick", detect, rounds);
  for (gsize i = 0; sk_detectors[i] != NULL; i++)
    {
      const SkDetector *one[] = { sk_detectors[i], NULL };

      bench->detectors = one;
      measure (bench, sk_detectors[i]->name, detect, rounds);
    }
  measure (bench, "person-name: MeCab", split_words, rounds);
}

static int
measure_text (const char *path, guint rounds)
{
  Bench bench = { NULL };

  if (!g_file_get_contents (path, &bench.text, &bench.length, NULL)
      || !g_utf8_validate_len (bench.text, bench.length, NULL))
    {
      fprintf (stderr, "bench-inspect: %s can't be read as UTF-8\n", path);
      return 2;
    }
  bench.base64 = g_base64_encode ((const guchar *) bench.text, bench.length);
  bench.base64_length = strlen (bench.base64);
  bench.shift_jis = g_convert_with_fallback (bench.text, (gssize) bench.length, "CP932", "UTF-8", "?", NULL,
                                             &bench.shift_jis_length, NULL);
  bench.folded = sk_folded_new (bench.text, bench.length);
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    measure (&bench, stages[i].name, stages[i].work, rounds);
  measure_detectors (&bench, rounds);
  return 0;
}

/* --- documents -------------------------------------------------------------------------------- */

static void
measure_document (SkBox *box, const char *path, guint rounds)
{
  g_autofree char *name = g_path_get_basename (path);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  off_t bytes = lseek (fd, 0, SEEK_END);
  gsize text = 0;
  gboolean readable = TRUE;

  printf ("{\"name\": \"%s\", \"bytes\": %lld, \"seconds\": [", name, (long long) bytes);
  for (guint i = 0; i < rounds; i++)
    {
      gint64 begun = g_get_monotonic_time ();
      g_autoptr (SkExtraction) extraction = sk_box_read (box, fd, name, NULL);

      printf ("%s%.6f", i > 0 ? ", " : "", (double) (g_get_monotonic_time () - begun) / 1e6);
      text = extraction->length;
      readable = readable && extraction->readable == SK_YES;
    }
  printf ("], \"text\": %zu, \"readable\": %s}\n", text, readable ? "true" : "false");
  fflush (stdout);
  close (fd);
}

static int
measure_documents (char **paths, guint rounds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkBoxPool) pool = sk_box_pool_new (&sk_box_default_settings, &error);
  SkBox *box;

  if (pool == NULL)
    {
      fprintf (stderr, "bench-inspect: %s\n", error->message);
      return 2;
    }
  box = sk_box_pool_take (pool, NULL);
  for (; *paths != NULL; paths++)
    measure_document (box, *paths, rounds);
  sk_box_free (box);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "text") == 0)
    return measure_text (argv[2], (guint) atoi (argv[3]));
  if (argc > 3 && strcmp (argv[1], "box") == 0)
    return measure_documents (argv + 3, (guint) atoi (argv[2]));
  fputs ("bench-inspect text FILE ROUNDS | bench-inspect box ROUNDS FILE…\n", stderr);
  return 2;
}
