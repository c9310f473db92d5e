/* One mail's way through: submission → facts → verdict → straight through, or kept until its gates
 * open, then the provider. The only module that changes an SkMail.
 *
 * A mail whose client left before it was judged (and so before its 250) stays nobody's: it does not leave and is not
 * shown. Its judging runs on, since clients try again: the same mail then waits for what is left of it, or has the
 * verdict at once. Two such judgings run at most (the oldest is ended), four verdicts wait, each for five minutes.
 *
 * A GObject for its signals: "changed" (id, revision) after every saved change, "attention" (id, kind)
 * when somebody is waited for ("confirmation", "approval", "failure", "uncertain"). The faces (bus, sekishoctl) show what is
 * asked here and pass on commands; they decide nothing.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/relay/sk-relay.h"
#include "agent/sk-settings.h"
#include "agent/smtp/sk-smtp-listener.h"
#include "agent/store/sk-mail.h"
#include "agent/store/sk-store.h"
#include "sk-box.h"
#include "sk-clock.h"
#include "sk-policy.h"

#include <gio/gio.h>
#include <jansson.h>

#define SK_TYPE_DESK (sk_desk_get_type ())
G_DECLARE_FINAL_TYPE (SkDesk, sk_desk, SK, DESK, GObject)

/* All borrowed; they outlive the desk. */
SkDesk *sk_desk_new (const SkSettings *settings, SkStore *store, SkRelay *relay, SkClock *clock);

/* The policy in force from now on; NULL: there is none, everything is held. `problem` (or NULL) says why a newer one was
 * not taken, for status. */
void sk_desk_set_policy (SkDesk *self, SkPolicy *policy, const char *problem);
/* Who reads attachments, when policies ask for it; NULL: nobody can, `problem` says why. */
void sk_desk_set_inspection (SkDesk *self, SkBoxPool *pool, const char *problem);
/* Which detectors that the policy asks can't be used, and why, a line each; NULL: none. */
void sk_desk_set_detector_problem (SkDesk *self, const char *problem);
/* Takes up what the store holds: resumes waiting mail, turns attempts that a crash left into
 * "may have been sent". */
gboolean sk_desk_resume (SkDesk *self, GError **error);
/* The handler's functions for the listener; user_data is the desk. */
extern const SkSmtpHandler sk_desk_smtp_handler;
/* Where the listener stands, for status. */
void sk_desk_set_port (SkDesk *self, guint16 port);
/* The network came or went. */
void sk_desk_set_online (SkDesk *self, gboolean online);

/* For the end: from now on nothing new leaves (what would have gone straight through is kept), and what has not got its
 * dot yet stays. sk_desk_cut_off() then ends what the provider doesn't answer: it may have been sent. */
void sk_desk_stop (SkDesk *self);
void sk_desk_cut_off (SkDesk *self);

/* How many submissions were judged since the start. */
guint64 sk_desk_judged (const SkDesk *self);

/* What `sekishoctl list --json` shows: an array. `all`: done ones too. The caller owns it. */
json_t *sk_desk_list (SkDesk *self, gboolean all, GError **error);
/* The id that begins so (g_free). SK_ERROR_NOT_FOUND; SK_ERROR_INVALID when it fits several. */
char *sk_desk_find (SkDesk *self, const char *beginning, GError **error);
/* One mail in full: the list's fields, the verdict, recipients with replies. SK_ERROR_NOT_FOUND. */
json_t *sk_desk_show (SkDesk *self, const char *id, GError **error);
/* {"version", "policy": {…}, "upstream": {…}, "listen", "waiting", …} */
json_t *sk_desk_status (SkDesk *self);

/* A command on a mail: "release", "cancel", "retry", "resolve" (arguments {"how": "sent" | "again" | "drop"}).
 * `revision` 0: whatever it is now. Idempotent by (id, revision): the same command on a mail where it has happened
 * already is done. SK_ERROR_NOT_ALLOWED says why, and who was first. The callback comes when it is durable. */
void sk_desk_command (SkDesk *self, const char *id, guint revision, const char *command,
                      const json_t *arguments, GAsyncReadyCallback callback, gpointer user_data);
gboolean sk_desk_command_finish (SkDesk *self, GAsyncResult *result, GError **error);

/* A read-only descriptor of the kept message, for `save`. -1 on error. */
int sk_desk_open_message (SkDesk *self, const char *id, GError **error);

/* Sending history, newest first: [{"person", "address", "last" (RFC 3339, or null), "count"}]. */
json_t *sk_desk_history (SkDesk *self, GError **error);
/* `text` is CSV (header row with address or recipient, and optionally at) or mbox (Sent), read before this returns.
 * A mistake in it is SK_ERROR_INVALID, "history:LINE: …", and nothing is taken. The callback comes when all is
 * durable; finish gives the number of addresses taken, -1 on error. */
void sk_desk_history_import (SkDesk *self, const char *text, gsize length, GAsyncReadyCallback callback,
                             gpointer user_data);
gint64 sk_desk_history_import_finish (SkDesk *self, GAsyncResult *result, GError **error);
