/* What a rule does: one kind an action, each with the functions that carry it into the verdict.
 *
 * Adding an action is one row in the table of `then` (sk-rule.c), a kind and its functions in the
 * file of its family: gates (reject, approve, hold, confirm, warn), changes (bcc, add, insert,
 * header, stamp, copy, allow), protect.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-evaluation.h"
#include "sk-loader.h"
#include "sk-verdict.h"

#include <glib.h>

/* A verdict in the making. */
typedef struct {
  SkEvaluation *evaluation;
  SkVerdict *verdict;
  gboolean *allowed;            /* [recipient]: later organisation rules aren't asked */
  gboolean *refused;            /* [recipient] */
  /* [recipient][file]: the first rule's that names one; NULL before any does. */
  const SkTreatment **treatments;
  gboolean *unseen; /* [recipient]: parts that could not be seen ought to be protected */
  GArray *applied;              /* SkApplied, in the order of the rules */
  GArray *header_parties;       /* guint: parties of the headers alone that leave them */
  const SkAction *first_reject;
  const SkRuleHit *first_reject_hit;
  gboolean refuses_all, loud;
} SkDecision;

typedef struct {
  guint recipient;
  const SkAction *action;
} SkApplied;

typedef struct {
  const char *key;
  void (*free) (gpointer data); /* NULL: g_free */
  /* Each may be NULL. For every recipient the rule applies to, as the rules are read: */
  void (*on_recipient) (const SkAction *self, SkDecision *decision, guint recipient);
  /* … and for every pair (not `certain`: the rule is unknown for it): */
  void (*on_pair) (const SkAction *self, SkDecision *decision, guint recipient,
                   const SkFile *file, gboolean certain);
  /* Once a rule that applied, when all rules were read: */
  void (*refuse) (const SkAction *self, SkDecision *decision, const SkRuleHit *hit);
  /* … and then, if the mail is not refused: */
  void (*gather) (const SkAction *self, SkDecision *decision, const SkRuleHit *hit);
  /* Adds itself to what happens to a group of recipients. */
  void (*combine) (const SkAction *self, SkDecision *decision, SkVerdictDelivery *delivery);
} SkActionKind;

struct _SkAction {
  const SkActionKind *kind;
  gpointer data;
  gboolean permits;   /* never by a rule that is unknown */
  const SkRule *rule;
};

void sk_action_free (SkAction *self);

/* Reads `then` into a rule's actions (`into`: SkRule*). */
void sk_actions_read (SkLoader *loader, const SkNode *value, gpointer into);
/* Adds an action to a rule (`into`). */
SkAction *sk_action_add (gpointer into, const SkActionKind *kind, gpointer data);

void sk_action_reject (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_approve (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_hold (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_confirm (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_warn (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_protect (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_bcc (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_add_recipients (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_insert (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_header (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_stamp (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_copy (SkLoader *loader, const SkNode *value, gpointer into);
void sk_action_allow (SkLoader *loader, const SkNode *value, gpointer into);

extern const SkFieldTable sk_then_table, sk_reject_table, sk_approve_table, sk_hold_table,
    sk_confirm_table, sk_protect_table, sk_password_table, sk_notice_table, sk_add_table,
    sk_insert_table, sk_stamp_table;
extern const SkActionKind sk_reject_kind, sk_bcc_kind;

/* What a reject says, merged over the policy's defaults. */
void sk_refusal_read (SkLoader *loader, const SkNode *value, SkRefusal *refusal);
void sk_refusal_clear (SkRefusal *self);
const SkRefusal *sk_action_refusal (const SkAction *self);

/* A hold that comes together with what the delivery has already. `seconds` -1: without a time. */
void sk_delivery_add_hold (SkVerdictDelivery *self, gint64 seconds, SkAfterwards afterwards,
                           SkRelease release, const char *reason);
/* The real seconds of a wait that begins at the submission. */
gint64 sk_wait_seconds (const SkWait *self, const SkEvaluation *evaluation);

/* How attachments are protected. */
struct _SkTreatment {
  char *as;           /* "zip", "link", "none"; "registered" only while it names a list */
  char *password;     /* a fixed one, or NULL */
  guint random;       /* length of a random one; 0: none */
  gboolean code;      /* a one-time code */
  json_t *details;    /* as the verdict shows them */
  gboolean per_recipient;
  char *identity;     /* equal for equal treatments */
};
void sk_treatment_free (SkTreatment *self);

/* TRUE when anybody of the hit is not refused. */
gboolean sk_hit_has_rest (const SkDecision *decision, const SkRuleHit *hit);
void sk_strings_add (GPtrArray *strings, const char *text); /* once each */

/* Recipients to deliveries. */
void sk_combine (SkDecision *decision);
/* The reply to a refused mail. */
void sk_refusal_reply (SkDecision *decision);
/* An address that the policy names, or NULL and a problem. */
SkAddress *sk_loader_address (SkLoader *loader, const SkNode *node);
/* The name of a template that is there, or NULL and a problem. */
char *sk_loader_template (SkLoader *loader, const SkNode *node);
