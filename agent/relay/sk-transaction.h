/* One mail over one open connection: MAIL, RCPT, DATA, the content, the dot, and what came of it.
 *
 * It borrows the connection (whose events it takes while it runs), the mail and the result it fills
 * in. `finished` is called once, from the main loop and as the last thing; it may free the
 * transaction. After that sk_transaction_rest() says what the connection is good for.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/relay/sk-connection.h"

typedef struct _SkTransaction SkTransaction;

typedef enum {
  SK_REST_KEEP,  /* ready for the next mail */
  SK_REST_RESET, /* after RSET */
  SK_REST_CLOSE,
} SkTransactionRest;

typedef struct {
  void (*before_dot) (gpointer user_data); /* then proceed or abandon, now or later */
  void (*finished) (gpointer user_data);
} SkTransactionEvents;

SkTransaction *sk_transaction_new (SkConnection *connection, const SkRelayMail *mail,
                                   const SkRelayDeadlines *deadlines, SkRelayResult *result,
                                   const SkTransactionEvents *events, gpointer user_data);
void sk_transaction_free (SkTransaction *self);

/* Both may finish it at once. */
void sk_transaction_start (SkTransaction *self);
/* The answer to before_dot: may the dot go? */
void sk_transaction_answer (SkTransaction *self, gboolean go);
/* Before the dot: finishes DEFERRED with `problem` (at once, or when before_dot has been answered).
 * Afterwards: does nothing. */
void sk_transaction_abandon (SkTransaction *self, const char *problem);

/* The same, and afterwards: finishes UNKNOWN at once. */
void sk_transaction_cut_off (SkTransaction *self, const char *problem);

SkTransactionRest sk_transaction_rest (const SkTransaction *self);
/* The server had gone, or said 421, before it answered anything of ours: on a kept connection no
 * news. */
gboolean sk_transaction_was_stale (const SkTransaction *self);
