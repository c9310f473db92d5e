// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-case-run.h"
#include "sk-policy-tool.h"

#include <stdio.h>
#include <string.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* "cases/x.yaml", sorted. */
static GPtrArray *
list_files (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "cases", NULL);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    if (*name != '.' && (g_str_has_suffix (name, ".yaml") || g_str_has_suffix (name, ".yml")))
      g_ptr_array_add (files, g_build_filename ("cases", name, NULL));
  g_ptr_array_sort (files, compare_names);
  return files;
}

/* "count", "count.yaml", "cases/count.yaml", or a path through the folder. */
static gboolean
is_named (const char *file, const char *wanted)
{
  g_autofree char *base = g_path_get_basename (file);
  g_autofree char *stem = g_strndup (base, (gsize) (strrchr (base, '.') - base));
  g_autofree char *name = g_path_get_basename (wanted);

  return strcmp (name, base) == 0 || strcmp (name, stem) == 0;
}

/* Leaves only the files that were named. FALSE when a name fits none. */
static gboolean
choose_files (const char *folder, GPtrArray *files, char **names)
{
  g_autoptr (GPtrArray) all
      = g_ptr_array_copy (files, (GCopyFunc) (void (*) (void)) g_strdup, NULL);

  g_ptr_array_set_free_func (all, g_free);
  g_ptr_array_set_size (files, 0);
  for (; *names != NULL; names++)
    {
      guint chosen = files->len;

      for (guint i = 0; i < all->len; i++)
        if (is_named (g_ptr_array_index (all, i), *names))
          g_ptr_array_add (files, g_strdup (g_ptr_array_index (all, i)));
      if (files->len == chosen)
        {
          sk_command_fail ("%s: there is no file '%s' in cases/", folder, *names);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_cases (const char *folder, char **names, GPtrArray *cases)
{
  g_autoptr (GPtrArray) files = list_files (folder);
  g_auto (SkProblems) problems = { 0 };

  if (*names != NULL && !choose_files (folder, files, names))
    return FALSE;
  sk_problems_init (&problems);
  for (guint i = 0; i < files->len; i++)
    sk_cases_read (folder, g_ptr_array_index (files, i), cases, &problems);
  for (guint i = 0; i < problems.items->len; i++)
    {
      g_autofree char *text = sk_problem_to_string (g_ptr_array_index (problems.items, i));

      fprintf (stderr, "%s\n", text);
    }
  return problems.errors == 0;
}

static void
print_result (const SkCase *self, const GPtrArray *differences)
{
  printf ("%s  %s:%u%s%s\n", differences->len == 0 ? "ok    " : "FAILED", self->file,
          self->root->line, self->name != NULL ? "  " : "", self->name != NULL ? self->name : "");
  for (guint i = 0; i < differences->len; i++)
    printf ("    %s\n", (const char *) g_ptr_array_index (differences, i));
}

static int
run_cases (const SkPolicy *policy, const GPtrArray *cases)
{
  g_autoptr (SkBoxPool) pool = sk_command_open_boxes (policy);
  guint failed = 0, unreadable = 0;

  for (guint i = 0; i < cases->len; i++)
    {
      const SkCase *self = g_ptr_array_index (cases, i);
      g_autoptr (GPtrArray) differences = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GError) error = NULL;

      if (!sk_case_run (self, policy, pool, differences, &error))
        {
          g_ptr_array_add (differences, g_strdup (error->message));
          sk_command_fail ("%s", error->message);
          unreadable++;
        }
      print_result (self, differences);
      failed += differences->len > 0;
    }
  printf ("%u passed, %u failed\n", cases->len - failed, failed);
  if (unreadable > 0)
    return SK_EXIT_INVALID;
  return failed == 0 ? SK_EXIT_DONE : SK_EXIT_FAILED;
}

int
sk_command_test (int argc, char **argv)
{
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_case_free);
  g_autoptr (SkPolicy) policy = NULL;
  guint warnings;
  int status;

  if (!sk_command_parse (
          &argc, &argv, "DIR [CASES…]",
          "Runs the cases of the policy in DIR (DIR/cases/*.yaml), or only the files named, and "
          "shows\n"
          "where a verdict differs from what a case expects.\n"
          "Exit status: 0 all passed, 1 some failed, 2 the policy or a case can't be read (such a case counts as failed).",
          NULL, 1, G_MAXINT, &status))
    return status;
  policy = sk_command_load (argv[1], NULL, &warnings);
  if (policy == NULL || !read_cases (argv[1], argv + 2, cases))
    return SK_EXIT_INVALID;
  if (cases->len == 0)
    fprintf (stderr, "%s: there are no cases; write some in cases/*.yaml\n", argv[1]);
  return run_cases (policy, cases);
}
