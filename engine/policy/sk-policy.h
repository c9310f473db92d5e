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

/* Loads a folder. Every problem is added to `problems` (SkProblem*, owned by the array; may be
 * NULL). Returns NULL when one of them is an error; `error` then holds the first with their number.
 * `personal`: the user's own personal.yaml, or NULL. */
SkPolicy *sk_policy_load (const char *folder, const char *personal, GPtrArray *problems,
                          GError **error);
/* The same, with only those of the organisation's rules in force whose ids are in `only` (NULL-terminated; NULL: all), as if
 * the others said `enabled: no`. An id that no rule has is an error. */
SkPolicy *sk_policy_load_only (const char *folder, const char *personal, const char *const *only,
                               GPtrArray *problems, GError **error);
SkPolicy *sk_policy_ref (SkPolicy *self);
void sk_policy_unref (SkPolicy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkPolicy, sk_policy_unref)

guint64 sk_policy_revision (const SkPolicy *self); /* 0 for a folder */
/* For a bundle that was just loaded, before anybody else has it. */
void sk_policy_set_revision (SkPolicy *self, guint64 revision);
const char *
sk_policy_sha256 (const SkPolicy *self); /* over the names and contents of its files, hex */
guint sk_policy_rule_count (const SkPolicy *self);
const char *sk_policy_organization (const SkPolicy *self);
const char *sk_policy_timezone (const SkPolicy *self);

/* TRUE when `address` (comparing form) is one of the addresses of the person who has `person` among
 * theirs, in people.csv. FALSE when the person is not there. */
gboolean sk_policy_same_person (const SkPolicy *self, const char *person, const char *address);

/* All addresses (comparing form) of the person who has `address` (comparing form) among theirs, the
 * main one first; of somebody who is not in people.csv, that address. NULL-terminated; g_strfreev. */
char **sk_policy_addresses (const SkPolicy *self, const char *address);

/* Which slow facts this policy may ask of a mail, so that the caller gathers no others. */
typedef enum {
  SK_NEED_TEXTS = 1 << 0,        /* body texts */
  SK_NEED_SIZES = 1 << 1,        /* decoded attachment sizes */
  SK_NEED_HISTORY = 1 << 2,      /* whether this person has sent to each recipient */
  SK_NEED_TLS = 1 << 3,          /* whether each recipient's domain takes TLS */
  SK_NEED_INSPECTION = 1 << 4,   /* what is in the attachments */
  SK_NEED_LOOKALIKE = 1 << 5,    /* which domains this person has sent to */
} SkNeeds;

SkNeeds sk_policy_needs (const SkPolicy *self);
/* What only rules with `mode: monitor` ask beyond that: worth having, but nobody is kept waiting
 * for it. */
SkNeeds sk_policy_monitor_needs (const SkPolicy *self);
/* Whether any rule, monitoring ones too, asks what is in attachments. */
gboolean sk_policy_asks_inspection (const SkPolicy *self);
/* The detectors that its rules ask, NULL-terminated. They are to be run over subject, body and names, and
 * with SK_NEED_INSPECTION over the attachments too. */
const char *const *sk_policy_detectors (const SkPolicy *self);

/* Of people.csv, by any address of the person (in any spelling); NULL where there is none.
 * Borrowed. */
const char *sk_policy_person_name (const SkPolicy *self, const char *address);
const char *sk_policy_manager (const SkPolicy *self, const char *address);
const char *sk_policy_deputy (const SkPolicy *self, const char *address);
/* A template's text in this language ("ja", "en"), else in whichever there is; NULL: there is none
 * of that name. */
const char *sk_policy_template (const SkPolicy *self, const char *name, const char *language);
/* For how many seconds the server may be unheard of; then *then is "continue", "confirm-external"
 * or "hold-external". 0: nothing said. */
gint64 sk_policy_offline (const SkPolicy *self, const char **then);
/* Comments that approvers can choose from, in "ja" or "en". Borrowed. */
const char *const *sk_policy_phrases (const SkPolicy *self, const char *language, guint *count);

/* The language's keys, block by block: {"rule": ["id", …], …}; for editors and tests. g_free. */
char *sk_language_to_json (void);

/* FALSE: sk_policy_evaluate() takes well below a millisecond for a small mail. TRUE: the policy has
 * regular expressions (what they cost is bounded, but a mail made for it takes about a second), or looks for
 * names. What is in attachments takes long too, where there are any: sk_policy_asks_inspection(). */
gboolean sk_policy_may_take_long (const SkPolicy *self);

/* Pure. The result is the caller's; it borrows nothing from the submission. */
SkVerdict *sk_policy_evaluate (const SkPolicy *self, const SkSubmission *submission);

/* Where what was found stands: [{"kind", "in", "rules": [ids that asked for it and applied], "place": {"member", "page" |
 * "sheet" and "cell" | "slide" | "note", "line"}, "before", "hit", "after"}], a hundred at most, of each kind the first
 * twenty; while the
 * inspection has its texts. NULL: nothing was found. For dialogs and approvers, never for events. */
json_t *sk_policy_evidence_json (const SkPolicy *self, const SkVerdict *verdict,
                                 const SkSubmission *submission);
