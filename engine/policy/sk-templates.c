// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-templates.h"

#include "sk-file.h"
#include "sk-suggest.h"

#include <string.h>

#define TEMPLATE_LIMIT ((gsize) 1 << 20)

struct _SkTemplates {
  GHashTable *texts; /* "name.ja", "name.en", "name." → text */
  GHashTable *names; /* a set */
};

static const char *const placeholders[]
    = { "sender", "sender-name", "recipients", "subject", "files", "links", "expires", "password",
        "hint", "rule", "title", "reason", "checked-by", "checked-at", "organization", "date",
        NULL };

void
sk_templates_free (SkTemplates *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->texts);
  g_hash_table_unref (self->names);
  g_free (self);
}

typedef struct {
  const char *file;
  SkProblems *problems;
} Check;

static void
check_placeholder (const Check *check, const char *text, gsize length, guint line, guint column)
{
  g_autofree char *name = g_strndup (text, length);
  const char *suggestion;

  if (g_strv_contains (placeholders, name))
    return;
  suggestion = sk_suggest (name, placeholders);
  if (suggestion != NULL)
    sk_problems_add (check->problems, FALSE, check->file, line, column,
                     "unknown placeholder '{%s}' (did you mean '{%s}'?)", name, suggestion);
  else
    sk_problems_add (check->problems, FALSE, check->file, line, column,
                     "unknown placeholder '{%s}'", name);
}

/* A word in braces is a placeholder; braces around anything else are text. */
static void
check_line (const Check *check, const char *line, guint number)
{
  for (const char *open = strchr (line, '{'); open != NULL; open = strchr (open + 1, '{'))
    {
      gsize length = strspn (open + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789_-");

      if (length > 0 && open[1 + length] == '}')
        check_placeholder (check, open + 1, length, number,
                           (guint) g_utf8_strlen (line, open - line) + 1);
    }
}

static gboolean
check_text (const Check *check, const char *text, gsize length)
{
  g_auto (GStrv) lines = NULL;

  if (!sk_problems_check_encoding (check->problems, check->file, text, length))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    check_line (check, lines[i], i + 1);
  return TRUE;
}

/* "notice.ja.txt" is the name "notice" in "ja"; what is no template gives NULL. */
static char *
split_name (const char *file, const char **language)
{
  static const char *const endings[] = { ".ja.txt", ".en.txt", ".txt" };
  static const char *const languages[] = { "ja", "en", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (file, endings[i]) && strlen (file) > strlen (endings[i]))
      {
        *language = languages[i];
        return g_strndup (file, strlen (file) - strlen (endings[i]));
      }
  return NULL;
}

static void
load_template (SkTemplates *self, const char *folder, const char *file, SkProblems *problems)
{
  g_autofree char *shown = g_build_filename ("templates", file, NULL);
  g_autofree char *path = g_build_filename (folder, shown, NULL);
  const char *language;
  g_autofree char *name = split_name (file, &language);
  g_autoptr (GError) error = NULL;
  Check check = { shown, problems };
  char *text;
  gsize length;

  if (name == NULL || *file == '.')
    return;
  text = sk_file_read (path, TEMPLATE_LIMIT, &length, &error);
  /* One that can't be read stays as an empty one: what is wrong with it is said once. */
  if (text == NULL)
    {
      sk_problems_add (problems, FALSE, shown, 0, 0, "%s", error->message);
      text = g_strdup ("");
    }
  else if (!check_text (&check, text, length))
    *text = '\0';
  if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    memmove (text, text + 3, length - 2);
  g_hash_table_insert (self->texts, g_strconcat (name, ".", language, NULL), text);
  g_hash_table_add (self->names, g_steal_pointer (&name));
}

SkTemplates *
sk_templates_load (const char *folder, SkProblems *problems)
{
  SkTemplates *self = g_new0 (SkTemplates, 1);
  g_autofree char *path = g_build_filename (folder, "templates", NULL);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *file;

  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  while (directory != NULL && (file = g_dir_read_name (directory)) != NULL)
    load_template (self, folder, file, problems);
  return self;
}

const char *
sk_templates_find (const SkTemplates *self, const char *name, const char *language)
{
  const char *const order[] = { language != NULL ? language : "", "", "en", "ja" };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autofree char *key = g_strconcat (name, ".", order[i], NULL);
      const char *text = g_hash_table_lookup (self->texts, key);

      if (text != NULL)
        return text;
    }
  return NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

const char **
sk_templates_names (const SkTemplates *self)
{
  guint n;
  const char **names = (const char **) g_hash_table_get_keys_as_array (self->names, &n);

  qsort (names, n, sizeof *names, compare_names);
  return names;
}
