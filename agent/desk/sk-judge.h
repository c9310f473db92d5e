/* Judging one mail: open the message, gather the facts that the policy asks for, evaluate.
 *
 * Small mails are judged at once, large ones (and all, when the policy may take long: regular expressions, what is
 * in attachments, names) in a worker thread, whose callback comes from the main loop. The message file stays the caller's.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/store/sk-store.h"
#include "sk-clock.h"
#include "sk-inspect.h"
#include "sk-policy.h"

#include <gio/gio.h>

typedef struct {
  SkMessage *message;    /* NULL when the file couldn't be read */
  GPtrArray *recipients; /* SkRecipient*, parallel to the addresses that were given */
  GPtrArray *others;     /* SkRecipient*: of the headers alone; NULL where nobody asks */
  SkSubmission submission;
  SkVerdict *verdict;    /* NULL without a policy, or when the file couldn't be read */
  gint64 parse_us, inspect_us, evaluate_us;
  SkInspection *inspection; /* NULL: nothing of it was asked; its texts are gone after evaluating */
  json_t *evidence;         /* where its findings stand; NULL: there are none */
  SkPolicy *policy;
  SkBoxPool *pool;
  char *person, *mail_from;
  SkMessageLimits limits;
  SkStore *store; /* borrowed */
  GCancellable *cancellable;
  int fd;
  gboolean unreadable; /* a recipient's address can't be read as one: nothing can be judged */
} SkJudgement;

void sk_judgement_free (SkJudgement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkJudgement, sk_judgement_free)

typedef struct {
  int fd; /* borrowed until the callback */
  gint64 size;
  const char *mail_from;
  const char *person;
  const char *const *addresses; /* the envelope's recipients */
  gint64 at;
  const SkMessageLimits *limits;
  SkPolicy *policy; /* may be NULL: then only the message is read */
  SkStore *store;   /* for the sending history; borrowed until the callback */
  SkBoxPool *pool;  /* NULL: no attachment can be read */
  GCancellable *cancellable; /* NULL: it is not ended early */
} SkJudgeRequest;

/* Is it so small, and the policy so quick, that handing it to a thread would cost more than judging
 * it? */
gboolean sk_judge_is_quick (const SkJudgeRequest *request);
/* On the calling thread. NULL with an error: the message file or a recipient's address couldn't be read. NULL without
 * one: it has attachments that must be opened, so sk_judge() must do it. */
SkJudgement *sk_judge_now (const SkJudgeRequest *request, GError **error);
/* In a worker thread. The callback comes when that has ended, cancelled or not. */
void sk_judge (const SkJudgeRequest *request, GAsyncReadyCallback callback, gpointer user_data);
/* NULL only with an error: the message file or a recipient's address couldn't be read, or G_IO_ERROR_CANCELLED. */
SkJudgement *sk_judge_finish (GAsyncResult *result, GError **error);
