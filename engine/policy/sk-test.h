/* A condition, compiled: a tree of tests that answer yes, no or unknown about a mail, a recipient
 * and an attachment.
 *
 * Leaves are made by the families of conditions (sk-condition-*.c); blocks, `any`, `all` and `not`
 * join them. A test is immutable and belongs to its parent.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-compiled.h"
#include "sk-quantity.h"

#include <glib.h>
#include <jansson.h>

typedef struct _SkLoader SkLoader;
typedef struct _SkEvaluation SkEvaluation;
typedef struct _SkParty SkParty;
typedef struct _SkFile SkFile;

/* What a test is asked about. Without a file there is no attachment: an attachment test then
 * answers no. */
typedef struct {
  const SkParty *party;
  const SkFile *file;
} SkPair;

/* A number that lies between two bounds; most is G_MAXINT64 when there is none. */
typedef struct {
  gint64 least, most;
} SkRange;

/* What a test's answer depends on; nothing: the whole mail. */
typedef enum {
  SK_ON_RECIPIENT = 1 << 0,
  SK_ON_ATTACHMENT = 1 << 1,
} SkSubjects;

/* What can make a test hold, and so a rule apply: any of these sets (of sk-sets.h) or patterns of
 * words. */
typedef struct {
  GArray *sets;     /* guint */
  GArray *patterns; /* guint */
  gboolean unseen;  /* an attachment whose text could not be had may hide one of the patterns */
  guint commonness; /* of the mails that give the signal: the rarer the better */
} SkSignals;

enum { SK_SIGNAL_MEMBER = 1, SK_SIGNAL_WORD, SK_SIGNAL_EXTENSION, SK_SIGNAL_STAFF, SK_SIGNAL_FILE };

/* Gathers why a rule applied. */
typedef struct {
  const char *code; /* of the most telling test */
  int rank;
  json_t *args;
  GString *text;
  GString *unknown;
  guint negations;
} SkReason;

typedef struct {
  const char *code; /* stable, "attachments.count" */
  int rank;         /* how telling it is, beside others that held as well */
  const char *unknown; /* what is unknown when it is: "whether the domain takes TLS" */
  /* The same for this mail; NULL, or what it returns is: `unknown` says all. */
  const char *(*doubt) (const SkTest *self, const SkEvaluation *evaluation, const SkPair *pair);
  SkTruth (*test) (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair);
  /* Adds to the reason with sk_reason_add(); NULL: its code says all. */
  void (*explain) (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair,
                   SkReason *reason);
  void (*free) (gpointer data); /* NULL: g_free */
  /* Which scopes (bits of SkScope) a recipient can have for whom it holds; NULL: any. */
  guint (*scopes) (const SkTest *self, const SkPolicy *policy);
  /* Adds the signals of which one is there whenever it holds or is unknown (but for a message that
   * is incomplete); FALSE, or NULL: it can hold without any. */
  gboolean (*signals) (const SkTest *self, SkSignals *signals);
} SkTestKind;

struct _SkTest {
  const SkTestKind *kind;
  SkSubjects subjects;
  GPtrArray *children; /* SkTest*; of blocks */
  gpointer data;
  guint slot; /* from 1: its answer is kept during an evaluation; 0: it is not */
};

/* The kinds that join others. */
extern const SkTestKind sk_test_all_kind, sk_test_any_kind, sk_test_not_kind;

SkTest *sk_test_new (const SkTestKind *kind, SkSubjects subjects, gpointer data);
SkTest *sk_test_new_block (const SkTestKind *kind);
/* Takes the child. */
void sk_test_add (SkTest *self, SkTest *child);
void sk_test_free (SkTest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkTest, sk_test_free)

SkTruth sk_test_evaluate (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair);
void sk_test_explain (const SkTest *self, SkEvaluation *evaluation, const SkPair *pair,
                      SkReason *reason);
guint sk_test_scopes (const SkTest *self, const SkPolicy *policy);
void sk_signals_init (SkSignals *self);
void sk_signals_clear (SkSignals *self);
void sk_signals_add_sets (SkSignals *self, const GArray *sets, guint commonness);
void sk_signals_add_pattern (SkSignals *self, guint pattern);
/* FALSE: it can hold without any of the signals. */
gboolean sk_test_signals (const SkTest *self, SkSignals *signals);

/* `args` is taken (may be NULL). */
void sk_reason_add (SkReason *self, const SkTest *test, json_t *args, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

SkTruth sk_truth_not (SkTruth truth);
/* Of a number that lies between two bounds (most: G_MAXINT64 when there is none). */
SkTruth sk_comparison_truth (const SkComparison *self, gint64 least, gint64 most);

static inline SkTruth
sk_truth_of (gboolean value)
{
  return value ? SK_YES : SK_NO;
}

