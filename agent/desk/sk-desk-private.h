/* What the desk's files share. A submission (its client waits) and a kept mail (we have said 250) are
 * two structs with two lifetimes.
 *
 *   sk-desk.c      the object, resume, the one alarm
 *   sk-submit.c    a submission: identity, a client's second try, judging, the choice of the way out
 *   sk-abandoned.c one whose client left while it was judged
 *   sk-straight.c  the way straight through
 *   sk-keep.c      a verdict becomes a kept mail
 *   sk-queue.c     a kept mail: gates, attempts, retries
 *   sk-turn.c      when it has its turn
 *   sk-late.c      a kept mail that had not been judged
 *   sk-command.c   what people do with it
 *   sk-show.c      what they are shown
 *   sk-disguise.c  what they are shown of a silent refusal
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/desk/sk-deadline.h"
#include "agent/desk/sk-desk.h"
#include "agent/desk/sk-identity.h"
#include "agent/desk/sk-judge.h"
#include "agent/rewrite/sk-splice.h"
#include "sk-autoptr.h"
#include "sk-quantity.h"

typedef struct {
  guint64 mails;
  gint64 receive_us, parse_us, inspect_us, evaluate_us, relay_us;
} SkStages;

/* What was last done to a kept mail, so that the same command again is done, and another is told who was first. */
typedef struct {
  char *name;
  guint revision; /* that it was given for */
  char *by;
  gint64 at;
} SkLastCommand;

typedef struct {
  SkMail *mail;
  SkLastCommand last;
  guint commands;   /* not durable yet */
  gboolean judging;
  guint judged_with; /* SkDesk.policies when it was last tried to judge it late */
  GSequenceIter *wake; /* its place among the desk's wakes; NULL: it waits for no time */
  gint64 wake_at;    /* boot, microseconds */
  gboolean in_line;  /* ready, and waits for room */
  json_t *unsaved;   /* the last save failed: the events that went with it; NULL: all is saved */
} SkKept;

/* A client's mail until the client has shown that it has our answer. Reference counted (g_rc_box): the
 * transaction holds one, and every step that is under way. */
typedef struct _SkSubmitted SkSubmitted;
struct _SkSubmitted {
  SkDesk *desk;
  SkSmtpTransaction *transaction;
  SkEnvelope *envelope;
  SkJudgement *judgement; /* until it is answered */
  SkMail *mail;           /* once it is clear that it is sent or kept */
  SkSplice *splice;
  SkRelayMail handed;     /* what the relay reads until its answer */
  GPtrArray *followers;   /* SkSubmitted*: the same mail again, waiting for our answer */
  SkSubmitted *first;     /* whose follower it is, until it is answered; borrowed */
  SkReply *reply;         /* once it is answered */
  SkAlarm *patience;
  SkAlarm *forgetting;    /* judged, and waits for its client to come again */
  GCancellable *cancellable; /* of the judging */
  guint judged_with;      /* SkDesk.policies when its judging began */
  guint64 left;           /* SkDesk.leavings when its client left it unjudged */
  char *key;              /* fingerprint of mail, envelope and policy; NULL until needed */
  gboolean judging;       /* in a worker thread, perhaps longer than its client waits */
  gboolean gave_up;       /* its client went away without the answer */
  gboolean attempt_recorded; /* the store has a row of it, until it is told and recorded */
  gboolean told;          /* the client has the answer, or will never get it */
  gboolean recording;     /* what was sent is not durable yet */
  char *untold_id;        /* whose row in the store says that this client may not know; NULL: no row */
  gboolean claims_untold; /* and it stands among the desk's undecided ones */
};

struct _SkDesk {
  GObject parent_instance;
  const SkSettings *settings;
  SkStore *store;
  SkRelay *relay;
  SkClock *clock;
  SkPolicy *policy;
  SkBoxPool *pool;         /* NULL: no policy asked what is in attachments, or it can't be had */
  char *pool_problem;      /* why */
  char *detector_problem;  /* NULL: all that the policy asks can be used */
  char *policy_problem;
  SkMessageLimits message_limits;
  GHashTable *kept;      /* id (owned by the mail) → SkKept*: all mails that are not done */
  GHashTable *abandoned; /* key → SkSubmitted*: its client gave up, and no answer is known yet */
  guint64 leavings;
  GHashTable *undecided; /* ids of untold rows whose client is still there: it has not given up */
  gboolean online;
  gboolean stopping;     /* no attempt begins any more, and no dot goes out */
  guint16 port;
  guint policies;        /* how many have been in force */
  guint judging;         /* late judgements under way */
  guint attempts;        /* of kept mails, under way */
  GQueue line;           /* char* id: ready mails that wait for room */
  GSequence *wakes;      /* SkKept*, by wake_at */
  SkAlarm *alarm;        /* for the first of them */
  gint64 alarm_at;
  SkStages stages;
};

/* --- sk-desk.c ---------------------------------------------------------------------------------- */
const char *sk_desk_person (const SkDesk *self);
gboolean sk_desk_is_own_address (const SkDesk *self, const char *address);
void sk_desk_emit_changed (SkDesk *self, const SkMail *mail);
void sk_desk_emit_attention (SkDesk *self, const char *id, const char *kind);
GPtrArray *sk_desk_all_kept (SkDesk *self); /* SkKept*, borrowed */
SkKept *sk_desk_take_up (SkDesk *self, SkMail *mail); /* takes the mail */
/* Two lines in the user's language: English first, then Japanese when the user reads it. */
SkReply *sk_desk_reply (const SkDesk *self, guint code, const char *enhanced, const char *english,
                        const char *japanese);

/* --- sk-submit.c -------------------------------------------------------------------------------- */
/* The answer to a mail that the policy, or the lack of a desktop to ask on, refuses; NULL: it isn't refused. */
SkReply *sk_desk_refusal (const SkDesk *self, const SkVerdict *verdict);
SkIdentity sk_desk_identify (const SkDesk *self, int fd, const char *mail_from, char **which);
SkSubmitted *sk_submitted_ref (SkSubmitted *self);
void sk_submitted_unref (SkSubmitted *self);
/* Answers the client, and those who sent the same again. Drops what is no longer needed. */
void sk_submitted_finish (SkSubmitted *self, const SkReply *reply);
/* The client of this mail may not know what became of it: a row in the store says so until it does. `reply`: its
 * answer, NULL for a kept mail. */
void sk_submitted_note_untold (SkSubmitted *self, const SkReply *reply);
void sk_submitted_forget_untold (SkSubmitted *self);
/* The event of a mail that was refused, by the policy or the provider, while its client waited. */
void sk_submitted_record_refused (SkSubmitted *self, const SkReply *reply);
/* What a second submission of the same mail has in common with the first; NULL when the file can't be read. */
char *sk_submission_key (int fd, const char *mail_from, const char *const *addresses,
                         const char *policy_sha256);
/* "judged", and "held" or "refused" for the deliveries that are. The caller owns it. */
json_t *sk_mail_first_events (SkDesk *desk, const SkMail *mail);
/* Who must answer a question, or should know that somebody was left out. */
void sk_desk_call_sender (SkDesk *desk, const SkMail *mail);
/* "Accepted by the checkpoint as ID", and who of its recipients won't get it. */
SkReply *sk_kept_reply (const SkDesk *desk, const SkMail *mail);

/* Of a mail and its envelope, under the policy in force; borrowed, NULL when the file can't be read. */
const char *sk_submitted_key (SkSubmitted *self);
void sk_submitted_begin_patience (SkSubmitted *self); /* at its end the mail is kept unjudged */
void sk_submitted_go_on (SkSubmitted *self);          /* it is judged, and somebody waits */

/* --- sk-abandoned.c ----------------------------------------------------------------------------- */
/* Nobody has been told anything of such a mail: it is neither kept nor sent, and not listed. Two judgings run on at
 * most, and four verdicts wait for five minutes; what nobody comes back for is forgotten. */
gboolean sk_submitted_is_awaited (const SkSubmitted *self);
/* Its last client has left: while it is judged, that goes on within limits. */
void sk_submitted_note_left (SkSubmitted *self);
/* It is judged, and nobody waits for that. */
void sk_submitted_wait_for_client (SkSubmitted *self);
/* TRUE: it is one of those again, and gets the answer of that. */
gboolean sk_submitted_join (SkSubmitted *self);
void sk_submitted_stop_judging (SkSubmitted *self);
void sk_submitted_hide (SkSubmitted *self); /* from those who come again */

/* --- sk-straight.c ------------------------------------------------------------------------------ */
void sk_submitted_go_straight (SkSubmitted *self);
/* The attempt that was recorded before the dot is over: its outcome is known, or the mail is kept. */
void sk_submitted_end_attempt (SkSubmitted *self);
/* Row, events and history of a mail whose only delivery went straight through. `recorded` (may be NULL) is called
 * within about a second. */
void sk_desk_record_sent (SkDesk *self, const SkMail *mail, SkStoreFunc recorded, gpointer user_data);

/* --- sk-keep.c ---------------------------------------------------------------------------------- */
/* The mail's fields from envelope and judgement, without deliveries. */
SkMail *sk_mail_of_submission (SkDesk *self, const SkEnvelope *envelope,
                               const SkJudgement *judgement);
/* Fills the mail's deliveries, verdict and state from the judgement. The mail must have none yet. */
void sk_mail_apply_verdict (SkDesk *self, SkMail *mail, const SkJudgement *judgement,
                            const GPtrArray *recipients);
/* One delivery to everybody, no gates. */
SkDelivery *sk_mail_add_plain_delivery (SkMail *mail, const GPtrArray *recipients);
SkGate *sk_desk_hold_delivery (SkDelivery *delivery, SkClock *clock, gint64 seconds,
                              const char *afterwards, const char *release, const char *reason);
/* TRUE when the verdict lets the mail go straight through. */
gboolean sk_verdict_is_straight (const SkVerdict *verdict);
/* Keeps self->mail and its file, answers 250 when it is durable, then lets it go on. */
void sk_submitted_keep (SkSubmitted *self);

/* --- sk-queue.c --------------------------------------------------------------------------------- */
void sk_kept_advance (SkDesk *desk, SkKept *kept); /* opens gates, starts attempts, sets the alarm */
/* Back to its sender, who is told why (English, marked with N_). */
void sk_kept_return (SkDesk *desk, SkKept *kept, SkDelivery *delivery, const char *why);
void sk_kept_save (SkDesk *desk, SkKept *kept, const char *event, guint delivery);
void sk_kept_save_judged (SkDesk *desk, SkKept *kept);
void sk_kept_save_again (SkDesk *desk, SkKept *kept); /* what could not be saved */
void sk_kept_settle (SkDesk *desk, SkKept *kept);  /* the deadlines' marks to now */
void sk_kept_ask_when_late (SkDesk *desk, SkKept *kept);
/* The provider has the content: for whom it took it, and what is to happen to the others (the delivery's state). */
void sk_delivery_note_sent (SkDesk *desk, SkDelivery *delivery);
void sk_desk_count_sent (SkDesk *desk, const GPtrArray *recipients); /* SkDeliveryRecipient*: into the history */

/* --- sk-turn.c ---------------------------------------------------------------------------------- */
/* sk_kept_advance() no later than after so long; a time that never comes is ignored. */
void sk_kept_wake_after (SkDesk *self, SkKept *kept, gint64 microseconds);
void sk_kept_dont_wake (SkKept *kept);
/* TRUE: an attempt may begin, and sk_desk_give_room() is called at its end. FALSE: it has its turn when there is room. */
gboolean sk_kept_take_room (SkDesk *self, SkKept *kept);
void sk_desk_give_room (SkDesk *self);

/* --- sk-late.c ---------------------------------------------------------------------------------- */
/* Judges the mails that were kept unjudged, a few at a time. Called whenever there may be one. */
void sk_desk_judge_late (SkDesk *self);
/* The judging that a mail was kept without has ended; `judgement` may be NULL. */
void sk_desk_judged_meanwhile (SkDesk *self, const char *id, const SkJudgement *judgement);

/* --- sk-disguise.c ------------------------------------------------------------------------------ */
/* The verdict of a mail with silent refusals as its sender may see it: as if they had been sent. New reference. */
json_t *sk_mail_disguised_verdict (const SkMail *mail);

/* Adds them to the rows of the history as they are shown; what a policy asks of the history doesn't know them. */
void sk_desk_disguise_history (SkDesk *self, json_t *rows);

/* --- sk-show.c ---------------------------------------------------------------------------------- */
json_t *sk_mail_event (SkDesk *desk, const SkMail *mail, const char *kind, guint delivery);
