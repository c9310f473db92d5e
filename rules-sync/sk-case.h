/* A policy's own test: a mail, and what must become of it.
 *
 * A file of cases holds several documents, separated by ---. What it names (an .eml, a CSV, an
 * attachment's content) lies in the policy's folder, beside it or below; a name that leads out of
 * the folder is an error, since cases are also run where policies of other people arrive.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-problem.h"
#include "sk-yaml.h"

#include <glib.h>

typedef struct {
  char *file;            /* "cases/count.yaml" */
  char *folder;          /* where what it names lies */
  SkNode *root;          /* owns all of the following */
  const char *name;      /* NULL: none */
  const char *mail_file; /* an .eml, or NULL; then `mail` holds the fields */
  const SkNode *mail;
  const char *at; /* NULL: the usual time */
  const SkNode *tls, *history;
  const char *personal;
  char **only; /* NULL: all rules */
  const SkNode *expect;
} SkCase;

void sk_case_free (SkCase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkCase, sk_case_free)

/* Adds the cases of the file `name` ("cases/count.yaml") of a policy's folder; what is wrong goes
 * to `problems`. */
void sk_cases_read (const char *folder, const char *name, GPtrArray *cases, SkProblems *problems);
/* The path of a file that a case names. NULL and an error when the name leads out of the folder. */
char *sk_case_path (const SkCase *self, const char *name, GError **error);
/* The texts of a list, or of one value that stands for a list of one; NULL when the key is missing.
 * g_strfreev. */
char **sk_case_texts (const SkNode *node);
