/* Prints what is read of documents as JSON, one object a line, for tests and for those who write formats:
 *   dump-extraction FILE…
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract.h"

#include <jansson.h>
#include <locale.h>
#include <stdio.h>

static const char *const truths[] = { "no", "unknown", "yes" };
static const char *const kinds[] = { "text", "page", "sheet", "slide", "note" };

static json_t *
json_of_section (const SkSection *section, const char *text)
{
  return json_pack ("{s:s,s:s*,s:i,s:i,s:i,s:s*,s:s%}", "kind", kinds[section->kind], "label", section->label,
                    "number", (int) section->number, "row", (int) section->row, "column", (int) section->column,
                    "member", section->member, "text", text + section->start, section->length);
}

static void
print_extraction (const char *path, const SkExtraction *extraction)
{
  json_t *sections = json_array ();
  json_t *object;

  for (guint i = 0; i < extraction->sections->len; i++)
    json_array_append_new (sections, json_of_section (extraction->sections->pdata[i], extraction->text));
  object = json_pack ("{s:s,s:s,s:s,s:s,s:s*,s:o}", "file", path, "type", extraction->type, "readable",
                      truths[extraction->readable], "encrypted", truths[extraction->encrypted], "reason",
                      extraction->reason, "sections", sections);
  json_dumpf (object, stdout, 0);
  putchar ('\n');
  json_decref (object);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  for (int i = 1; i < argc; i++)
    {
      g_autofree char *bytes = NULL, *name = g_path_get_basename (argv[i]);
      g_autoptr (SkExtraction) extraction = NULL;
      g_autoptr (GError) error = NULL;
      SkContent content = { .name = name };

      if (!g_file_get_contents (argv[i], &bytes, &content.length, &error))
        {
          fprintf (stderr, "%s\n", error->message);
          return 2;
        }
      content.bytes = (const guint8 *) bytes;
      extraction = sk_extract (&content, &sk_extract_default_limits);
      print_extraction (argv[i], extraction);
    }
  return 0;
}
