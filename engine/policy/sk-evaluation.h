/* One evaluation: what is known of the mail, prepared once for all rules. Private to this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-compiled.h"
#include "sk-submission.h"
#include "sk-test.h"

#include <glib.h>

typedef enum {
  SK_SCOPE_INTERNAL = 1 << 0,
  SK_SCOPE_AFFILIATE = 1 << 1,
  SK_SCOPE_OUTSIDE = 1 << 2, /* external and no affiliate */
} SkScope;

/* Somebody to whom the mail goes, or who stands in its To or Cc without being delivered to here. */
struct _SkParty {
  guint index;           /* of the submission's recipient; beyond them: of the headers alone */
  const SkAddress *address;
  const char *canonical; /* by which the address compares: its person's */
  const SkPerson *person;
  SkFields fields;       /* the person's */
  SkScope scope;
  SkTruth known, tls, lookalike;
  const char *alike;     /* the domain that its domain looks like; NULL: none */
  guint human;           /* the same number for the same person */
  guint domain;          /* the same number for the same domain */
  guint64 *sets;
};

/* An attachment, or (without one) what a limit kept from being seen. */
struct _SkFile {
  guint position; /* in SkEvaluation.files */
  const SkAttachment *attachment; /* NULL: may or may not be there, all is unknown */
  const SkAttachmentFacts *facts; /* NULL: not inspected */
  char **extensions; /* NULL until asked for */
};

/* How often a pattern of words stands in the places of a mail. Of several readings of a text, the one with most counts. */
typedef struct {
  guint32 subject, body, names, attachments;
  guint32 reading, most; /* while the readings of one text are scanned: of this one, of those before it */
} SkOccurrences;

typedef struct {
  gsize end;
  guint32 text;
} SkLastHit;

/* How often a regex matches, as far as its comparison asks. */
typedef struct {
  SkRange range;
  gboolean counted;
  gboolean cut; /* a limit on the effort ended it */
} SkMatches;

struct _SkEvaluation {
  const SkPolicy *policy;
  const SkSubmission *submission;
  const SkMessage *message;
  gboolean incomplete; /* a limit kept parts of the message from being seen */
  gboolean contradictory; /* of some attachment even the name is not known */

  SkParty *parties; /* the submission's recipients, then those of the headers alone */
  guint recipient_count, party_count;
  SkFile *files;
  guint file_count; /* with the one that could not be seen */

  SkAddress *sender_address;
  const SkPerson *sender; /* NULL: not in people.csv */
  const char *sender_canonical;
  guint64 *person_sets;   /* of the person */
  guint64 *sender_sets;   /* of MAIL FROM, From and Sender */
  guint64 *seen_sets;     /* of all parties and senders together */

  gint64 day;             /* julian day in the organisation's time zone */
  int minute;             /* since midnight */

  SkOccurrences *occurrences; /* one a pattern */
  SkLastHit *last_hits;
  guint32 scanned_texts;
  guint64 *name_patterns;     /* [file][pattern]: bits */
  guint32 *file_occurrences;  /* [file][pattern]; NULL while no attachment's text was had */
  guint64 *seen_patterns;
  gboolean unseen_text;       /* an attachment's text could not be had */

  char *subjects;             /* of all Subject fields; NULL until asked for */
  GPtrArray *normal_texts;    /* what a regex has asked for */
  gsize normal_bytes;         /* of them, copied */
  SkMatches *matches;         /* [file, or behind them the mail][regex]; NULL until one is asked */
  gint64 regex_effort;        /* steps that are left to all of them */
  guint8 *answers;            /* [slot]: SkTruth + 1; 0: not asked yet */
  GHashTable *companies;      /* SkList* → SkNamed*, of mismatch */
  SkLookalikes *sent_to;      /* domains of the history; NULL until one is needed */
  GArray *rows;               /* guint32; for whoever looks up rows, while they do */
};

void sk_evaluation_init (SkEvaluation *self, const SkPolicy *policy,
                         const SkSubmission *submission);
void sk_evaluation_clear (SkEvaluation *self);


/* Looks for all words in one pass; part of the preparation. */
void sk_evaluation_scan (SkEvaluation *self);
void sk_evaluation_clear_texts (SkEvaluation *self);

/* A regex sees a text as a whole, so what differs from the text itself is copied, up to this much
 * for all texts of a mail at one time. Of a text that alone would be longer, nothing is seen: it
 * counts as one that could not be had. */
#define SK_NORMAL_BYTES (64 * 1024 * 1024)

/* Texts after NFKC, each made when it is first asked for and good until the next call; NULL: could
 * not be had. */
const char *sk_evaluation_normal_subject (SkEvaluation *self, gsize *length);
const char *sk_evaluation_normal_body (SkEvaluation *self, guint n, gsize *length);
const char *sk_evaluation_normal_name (SkEvaluation *self, guint file, gsize *length);
const char *sk_evaluation_normal_attachment (SkEvaluation *self, guint file, gsize *length);

/* The last endings of the file's name, lower case; an attached message without a name is an eml. */
char **sk_file_extensions (SkEvaluation *self, const SkFile *file);
/* All of its text was had; else there may be more than what the facts hold. */
gboolean sk_file_is_readable (const SkFile *file);
/* "a.pdf", or "(no name)". */
const char *sk_file_name (const SkFile *file);

const char *sk_scope_name (SkScope scope);
SkScope sk_policy_scope (const SkPolicy *policy, const char *domain);
