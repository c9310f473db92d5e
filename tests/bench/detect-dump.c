/* What the detectors find in files, for tests/bench/detectors: detect-dump CHARSET FILE…
 *
 * Each file is decoded as CHARSET, folded and given to all detectors. One JSON object a line on standard
 * output: first {"detectors": […]}, then for each file {"file", "length", "replaced"} (bytes and
 * undecodable characters of its text in UTF-8), followed by its finds {"detector", "start", "length",
 * "value"}, whose places are bytes of the text before folding. Ends with status 1 when a file can't be read.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "sk-charset.h"
#include "sk-detector.h"
#include "sk-folded.h"

/* Takes `object`. */
static void
print_line (json_t *object)
{
  g_autofree char *line = json_dumps (object, JSON_COMPACT);

  g_assert (line != NULL);
  puts (line);
  json_decref (object);
}

static void
print_detectors (void)
{
  json_t *names = json_array ();

  for (const SkDetector *const *detector = sk_detectors; *detector != NULL; detector++)
    json_array_append_new (names, json_string ((*detector)->name));
  print_line (json_pack ("{so}", "detectors", names));
}

static void
print_find (const SkDetector *detector, gsize start, gsize length, const char *value,
            gpointer user_data)
{
  const SkFolded *text = user_data;
  gsize source_start, source_length;

  sk_folded_source (text, start, length, &source_start, &source_length);
  print_line (json_pack ("{sssIsIss?}", "detector", detector->name, "start",
                         (json_int_t) source_start, "length", (json_int_t) source_length, "value",
                         value));
}

static gboolean
dump_file (const char *path, const char *charset)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (SkDecoded) decoded = { 0 };
  g_autoptr (SkFolded) text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &bytes, &length, &error))
    {
      g_printerr ("detect-dump: %s\n", error->message);
      return FALSE;
    }
  sk_charset_decode (bytes, length, charset, &decoded);
  print_line (json_pack ("{sssIsI}", "file", path, "length", (json_int_t) decoded.length,
                         "replaced", (json_int_t) decoded.replaced));
  text = sk_folded_new (decoded.text, decoded.length);
  sk_detectors_run (sk_detectors, text, print_find, text);
  return TRUE;
}

int
main (int argc, char **argv)
{
  if (argc < 3)
    {
      g_printerr ("Usage: detect-dump CHARSET FILE…\n");
      return EXIT_FAILURE;
    }
  print_detectors ();
  for (int i = 2; i < argc; i++)
    if (!dump_file (argv[i], argv[1]))
      return EXIT_FAILURE;
  return EXIT_SUCCESS;
}
