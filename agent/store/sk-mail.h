/* A kept mail: what the store saves, the desk moves, and the windows show.
 *
 * Plain data with names for its states. The desk is the only one that changes it, on the main
 * thread; the store takes snapshots.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/sk-reply.h"

#include <glib.h>
#include <jansson.h>

typedef enum {
  SK_MAIL_RECEIVING,
  SK_MAIL_INSPECTING,
  SK_MAIL_CONFIRMING,
  SK_MAIL_ACCEPTED,
  SK_MAIL_DONE,
} SkMailState;

typedef enum {
  SK_DELIVERY_WAITING,
  SK_DELIVERY_READY,
  SK_DELIVERY_SENDING,
  SK_DELIVERY_SENT,
  SK_DELIVERY_MAY_HAVE_BEEN_SENT,
  SK_DELIVERY_FAILED,
  SK_DELIVERY_RETURNED,
  SK_DELIVERY_CANCELLED,
  SK_DELIVERY_REFUSED,
} SkDeliveryState;

/* A duration that passes in boot time within one boot and by the wall clock across boots. */
typedef struct {
  gint64 seconds;   /* -1: no end */
  gint64 passed;    /* microseconds that had passed at the mark */
  gint64 mark_wall; /* microseconds since 1970 */
  gint64 mark_boot; /* microseconds since boot */
  char *boot_id;    /* of the mark */
} SkDeadline;

typedef enum { SK_GATE_HOLD, SK_GATE_APPROVAL } SkGateKind;

typedef struct {
  SkGateKind kind;
  gboolean open;
  char *opened_by;      /* "time", an address; NULL while closed */
  gint64 opened_at;     /* wall, 0 while closed */
  SkDeadline deadline;  /* a hold: when it ends by itself; an approval or a hold without a time: when it expires */
  /* holds */
  gboolean timed;       /* FALSE: waits for its release, the deadline then is its expiry */
  char *afterwards;     /* "send", "wait", "return" */
  char *release;        /* "sender", "manager", "nobody" */
  char *reason;         /* why the checkpoint itself holds, English; NULL for a policy's hold */
  /* approvals */
  char **by;
  guint count;
  json_t *votes;        /* array of {"by", "at", "approve", "comment"} */
} SkGate;

typedef struct {
  char *address;
  char *notify, *orcpt; /* DSN, or NULL */
  SkReply *reply;       /* the provider's own words; NULL when there are none */
  gboolean accepted;    /* the provider took this recipient: never given to it again */
} SkDeliveryRecipient;

typedef struct {
  guint number; /* from 1 */
  SkDeliveryState state;
  GPtrArray *recipients; /* SkDeliveryRecipient* */
  GPtrArray *gates;      /* SkGate* */
  char **rules;
  json_t *changes;       /* what must be changed before it leaves: the verdict's delivery; NULL for nothing */
  char *token;           /* X-Sekisho-Delivery, or NULL */
  gboolean dot_sent;     /* our final dot has gone out in the running attempt */
  guint tries;           /* attempts that ended in "later" */
  gint64 online_us;      /* microseconds spent waiting for the next try while online; ends at 24 h */
  SkDeadline next_try;   /* seconds 0 when it may start at once */
  SkReply *reply;        /* the provider's last words */
  char *problem;         /* what failed when there are no words, or why it was returned */
} SkDelivery;

typedef struct {
  char *id;
  guint revision;        /* goes up with every saved change */
  SkMailState state;
  char *subject;
  char *from;            /* header From's first address, or the envelope's sender */
  char *person;          /* whose agent this is */
  char *mail_from;       /* envelope sender */
  gint64 submitted;      /* wall, microseconds */
  gint64 size;
  gboolean body_8bit, smtputf8;
  char *ret, *envid;
  gboolean silent;       /* its refused deliveries look sent to its sender, everywhere */
  char *policy_sha256;
  json_t *verdict;       /* the published form, or NULL */
  GPtrArray *deliveries; /* SkDelivery* */
} SkMail;

SkMail *sk_mail_new (const char *id);
/* Was it refused without a word? Its sender sees it as sent, and can do nothing with it. */
gboolean sk_mail_disguises (const SkMail *self, const SkDelivery *delivery);
/* All of them. */
gboolean sk_mail_is_disguised (const SkMail *self);
/* The closed gate by which the checkpoint itself asks the sender something, or NULL: until it is answered the others
 * have not begun. */
SkGate *sk_delivery_question (const SkDelivery *self);
SkMail *sk_mail_copy (const SkMail *self);
void sk_mail_free (SkMail *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkMail, sk_mail_free)

SkDelivery *sk_delivery_new (guint number);
void sk_delivery_free (SkDelivery *self);
SkDeliveryRecipient *sk_delivery_recipient_new (const char *address);
void sk_delivery_recipient_free (SkDeliveryRecipient *self);
SkGate *sk_gate_new (SkGateKind kind);
void sk_gate_free (SkGate *self);

const char *sk_mail_state_name (SkMailState state);         /* "accepted" */
const char *sk_delivery_state_name (SkDeliveryState state); /* "may-have-been-sent" */
gboolean sk_mail_state_from_name (const char *name, SkMailState *state);
gboolean sk_delivery_state_from_name (const char *name, SkDeliveryState *state);
/* sent, returned, cancelled, refused: nothing can happen to it any more. (failed can be retried.) */
gboolean sk_delivery_state_is_final (SkDeliveryState state);
SkDelivery *sk_mail_delivery (const SkMail *self, guint number); /* borrowed, or NULL */
