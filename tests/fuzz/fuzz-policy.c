/* A policy file of any bytes: it is loaded, or refused with problems that say where; a policy that was loaded
 * judges a mail, twice alike, and what it says is JSON. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/policy-case.h"

#include <stdint.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static char *folder;

static void
remove_folder (void)
{
  case_remove (folder);
}

/* The same files beside the policy that its stored inputs name. */
static void
make_folder (void)
{
  static const CaseFile files[] = {
    { "people.csv", CASE_PEOPLE },
    { "lists/partners.csv", "domain,name\ncustomer.example,取引商事\n" },
    { "lists/destinations.csv", "key,as,password,tell,hint\ncustomer.example,zip,secret,nobody,\n" },
    { "lists/words.csv", "word\nsecret\n" },
    { "templates/note.txt", "{sender}\n" },
    { NULL },
  };

  folder = case_folder (files);
  atexit (remove_folder);
}

static char *
judge (const SkPolicy *policy)
{
  CaseMail mail = { .to = "a@customer.example boss@example.co.jp", .cc = "b@other.example",
                    .subject = "見積書", .body = "取引商事 御中 secret 1234", .html = "取引商事",
                    .attachments = { { "a.tar.gz", 3000000 }, { "取引商事.pdf", -1 } } };
  json_t *verdict = case_evaluate (policy, &mail);
  char *text = json_dumps (verdict, JSON_SORT_KEYS);

  g_assert_nonnull (text);
  json_decref (verdict);
  return text;
}

static void
check_problems (GPtrArray *problems, gboolean loaded)
{
  guint errors = 0;

  for (guint i = 0; i < problems->len; i++)
    {
      const SkProblem *problem = problems->pdata[i];

      g_assert_true (problem->file != NULL && problem->message != NULL && *problem->message != '\0');
      g_assert_true (problem->column == 0 || problem->line != 0);
      errors += !problem->warning;
    }
  g_assert_true (loaded == (errors == 0));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_problem_free);
  g_autofree char *path = NULL;
  g_autoptr (SkPolicy) policy = NULL;
  FILE *file;

  if (folder == NULL)
    make_folder ();
  path = g_build_filename (folder, "policy.yaml", NULL);
  file = fopen (path, "wb");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, size, file), ==, size);
  g_assert_cmpint (fclose (file), ==, 0);
  policy = sk_policy_load (folder, NULL, problems, NULL);
  check_problems (problems, policy != NULL);
  if (policy != NULL)
    {
      char *first = judge (policy), *second = judge (policy);

      g_assert_cmpstr (first, ==, second);
      free (first);
      free (second);
    }
  return 0;
}
