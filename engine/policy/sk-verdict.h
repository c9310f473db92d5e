/* What a policy says of a mail: the outcome, why, and the deliveries it is split into.
 *
 * Plain structs, owned by the verdict. sk_verdict_to_json() writes the published form.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-submission.h"

#include <glib.h>
#include <jansson.h>

/* In order of strictness. */
typedef enum {
  SK_OUTCOME_SEND,
  SK_OUTCOME_CONFIRM,
  SK_OUTCOME_HOLD,
  SK_OUTCOME_APPROVE,
  SK_OUTCOME_REJECT,
} SkOutcome;

typedef enum { SK_AFTERWARDS_SEND, SK_AFTERWARDS_WAIT, SK_AFTERWARDS_RETURN } SkAfterwards;
typedef enum { SK_RELEASE_SENDER, SK_RELEASE_MANAGER, SK_RELEASE_NOBODY } SkRelease;

typedef struct {
  char *code;   /* stable, "attachments.count" */
  json_t *args; /* object or NULL */
  char *text;   /* English */
} SkBecause;

typedef struct {
  char *id;
  gboolean monitor; /* recorded only */
  char *title_ja, *title_en; /* either may be NULL */
  GArray *recipients;  /* guint: indexes into SkSubmission.recipients */
  GArray *attachments; /* guint: SkAttachment.index */
  gboolean personal;   /* one of the user's own rules */
  gboolean unknown;    /* applied because something was unknown */
  SkBecause because;
} SkRuleHit;

typedef struct {
  char **by;     /* addresses that may approve; sorted */
  guint count;
  gint64 expires; /* seconds */
  gboolean deputy_on_expiry;
  char **otherwise;
  char *rule; /* the rule that asks */
} SkApproval;

typedef struct {
  guint attachment; /* SkAttachment.index */
  char *as;         /* "zip" or "link" */
  json_t *details;  /* as in the verdict: method, archive, tell, to, after, …; never a password */
  char *password;   /* a fixed one, else NULL; secret, not in the JSON */
  guint random_length; /* characters of a random one; 0: not random */
  gboolean code;    /* a one-time code to the recipient's mailbox */
} SkProtection;

typedef struct {
  char *field; /* "cc" or "bcc" */
  char *address;
} SkAddition;

typedef struct {
  char *template_name;
  char *at; /* "top", "bottom", "reply" */
  gboolean send_if_signed;
} SkInsertion;

typedef struct {
  guint id;           /* from 1 */
  GArray *recipients; /* guint: indexes into SkSubmission.recipients */
  SkOutcome outcome;  /* never reject */
  gboolean has_hold;
  gint64 hold_seconds;    /* -1: without a time */
  gint64 hold_expiry;     /* seconds after which a hold without a time goes back to the sender */
  SkAfterwards afterwards;
  SkRelease release;
  char *hold_reason;      /* set when the engine holds by itself (too few approvers), else NULL */
  GPtrArray *approvals;   /* SkApproval* */
  GPtrArray *protections; /* SkProtection* */
  GPtrArray *additions;   /* SkAddition* */
  GPtrArray *insertions;  /* SkInsertion* */
  GPtrArray *headers;     /* char*: "X-Name: value" */
  gboolean stamp;
  char *stamp_footer;     /* template or NULL */
  char **rules;           /* ids that shaped it */
} SkVerdictDelivery;

typedef struct {
  guint code;         /* 550; 250 for a silent refusal; 0: not the whole mail is refused, or nothing */
  char *enhanced;     /* "5.7.1" */
  char *text;         /* English line, ASCII, with the rule's id */
  char *text_ja;      /* the same for people, UTF-8 */
  char *rule;
} SkVerdictReply;

typedef struct {
  gboolean asked;
  GArray *recipients;  /* guint: indexes, to tick */
  GArray *attachments; /* guint: SkAttachment.index, to tick */
  gboolean body, reason;
  guint countdown; /* seconds */
  GPtrArray *warnings; /* char* */
  GPtrArray *warnings_ja; /* char*: the same, in Japanese where the policy has it */
} SkConfirmation;

typedef struct {
  SkOutcome outcome;
  guint delivery; /* id; 0 when refused */
  SkFields fields; /* the person's */
  const char *scope; /* "internal", "affiliate", "external" */
} SkRecipientVerdict;

typedef struct {
  guint64 policy_revision;
  char *policy_sha256;
  SkOutcome outcome;
  gboolean silent;          /* refused (all of it or some recipients), and the sender is not told */
  SkVerdictReply reply;     /* texts NULL unless somebody is refused */
  GPtrArray *rules;         /* SkRuleHit*, in the policy's order */
  GArray *recipients;       /* SkRecipientVerdict, in the order of the submission */
  SkConfirmation confirm;
  GPtrArray *deliveries;    /* SkVerdictDelivery*; empty when refused */
  GPtrArray *forwards;      /* char*: addresses that get a refused mail */
  GPtrArray *copies;        /* char*: addresses that get a blind copy of what left */
  GPtrArray *refused_recipients; /* char*: by reject scope recipients; the sender is told unless it
                                    is silent */
  GPtrArray *bcc;           /* char*: addresses that leave To and Cc in every delivery */
  GPtrArray *findings;      /* json_t*: {"kind", "in", "count"} */
} SkVerdict;

void sk_verdict_free (SkVerdict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkVerdict, sk_verdict_free)

/* Empty, with all its arrays. */
SkVerdict *sk_verdict_new (void);
SkVerdictDelivery *sk_verdict_delivery_new (void);
void sk_verdict_delivery_free (SkVerdictDelivery *self);
void sk_rule_hit_free (SkRuleHit *self);

const char *sk_outcome_name (SkOutcome outcome);
const char *sk_afterwards_name (SkAfterwards afterwards);
const char *sk_release_name (SkRelease release);

/* The published JSON. The caller owns the result (json_decref). */
json_t *sk_verdict_to_json (const SkVerdict *self, const SkSubmission *submission);
