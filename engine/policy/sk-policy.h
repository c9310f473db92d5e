/* A policy: loaded from its folder with every error in one run, compiled once, then evaluated as
 * often as there is mail. The language is the one that the examples and the handbook describe.
 *
 * A loaded policy is immutable and may be used from several threads at once. Evaluating parses
 * nothing, allocates nothing per rule, and asks only the rules that the recipients, words and
 * headers of this mail can make apply.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-submission.h"
#include "sk-verdict.h"

#include <glib.h>

typedef struct _SkPolicy SkPolicy;

/* An error or warning in a policy folder: "policy.yaml:12:7: unknown key 'atachment' (did you mean
 * 'attachment'?)". Line and column count from 1; 0 when there is none to name. */
typedef struct {
  char *file; /* relative to the folder */
  guint line, column;
  gboolean warning;
  char *message;
} SkProblem;

void sk_problem_free (SkProblem *self);
char *sk_problem_to_string (const SkProblem *self);

/* Loads a folder. Every problem is added to `problems` (SkProblem*, owned by the array; may be NULL).
 * Returns NULL when one of them is an error; `error` then holds the first with their number.
 * `personal`: the user's own personal.yaml, or NULL. */
SkPolicy *sk_policy_load (const char *folder, const char *personal, GPtrArray *problems,
                          GError **error);
SkPolicy *sk_policy_ref (SkPolicy *self);
void sk_policy_unref (SkPolicy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkPolicy, sk_policy_unref)

guint64 sk_policy_revision (const SkPolicy *self); /* 0 for a folder */
const char *sk_policy_sha256 (const SkPolicy *self); /* over the names and contents of its files, hex */
guint sk_policy_rule_count (const SkPolicy *self);
const char *sk_policy_organization (const SkPolicy *self);
const char *sk_policy_timezone (const SkPolicy *self);

/* TRUE when `address` (comparing form) is one of the addresses of the person who has `person` among
 * theirs, in people.csv. FALSE when the person is not there. */
gboolean sk_policy_same_person (const SkPolicy *self, const char *person, const char *address);

/* Which slow facts this policy may ask of a mail, so that the caller gathers no others. */
typedef enum {
  SK_NEED_TEXTS = 1 << 0,        /* body texts */
  SK_NEED_SIZES = 1 << 1,        /* decoded attachment sizes */
  SK_NEED_HISTORY = 1 << 2,      /* whether this person has sent to each recipient */
  SK_NEED_TLS = 1 << 3,          /* whether each recipient's domain takes TLS */
  SK_NEED_INSPECTION = 1 << 4,   /* what is in the attachments */
} SkNeeds;

SkNeeds sk_policy_needs (const SkPolicy *self);

/* Pure and quick. The result is the caller's; it borrows nothing from the submission. */
SkVerdict *sk_policy_evaluate (const SkPolicy *self, const SkSubmission *submission);
