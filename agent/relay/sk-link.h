/* One of the account's connections through its life: password, opening, mails, RSET, idle, gone.
 *
 * The relay owns it. While it opens it belongs to a job, whose pointer goes to `opened` or
 * `failed`; at rest it tells the relay (`user_data`) when it is idle, and when it is gone (then the
 * relay frees it).
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/relay/sk-transaction.h"

typedef struct _SkLink SkLink;

typedef struct {
  void (*opened) (SkLink *self, gpointer job);
  void (*failed) (SkLink *self, const SkConnectionFailure *failure, gpointer job);
  void (*idle) (SkLink *self, gpointer user_data);
  void (*gone) (SkLink *self, gpointer user_data);
} SkLinkEvents;

SkLink *sk_link_new (SkCurlLoop *loop, SkClock *clock, const SkUpstream *upstream,
                     const SkRelayDeadlines *deadlines, const SkLinkEvents *events,
                     gpointer user_data);
/* Says QUIT when it is idle. */
void sk_link_free (SkLink *self);

/* Never ends within this call. */
void sk_link_open (SkLink *self, gpointer job);
SkConnection *sk_link_connection (SkLink *self);
/* The same, for a mail: the link is not idle any more. */
SkConnection *sk_link_use (SkLink *self);
/* The mail is over. Calls `idle` at once (SK_REST_KEEP), or `idle` or `gone` later (SK_REST_RESET).
 */
void sk_link_rest (SkLink *self, SkTransactionRest rest);
