/* How long things may stay without a sign of life: one timeout, one alarm for all of them, and nothing
 * to be armed when one of them moves.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-clock.h"

typedef struct _SkSmtpPatience SkSmtpPatience;

/* Stands in what is waited for. */
typedef struct {
  GList link; /* data: the owner */
  SkSmtpPatience *patience;
  gint64 since;
} SkSmtpWait;

/* Called when `owner` was silent for too long; it has left the patience by then. */
typedef void (*SkSmtpPatienceFunc) (gpointer owner, gpointer user_data);

SkSmtpPatience *sk_smtp_patience_new (SkClock *clock, gint64 timeout, SkSmtpPatienceFunc callback,
                                      gpointer user_data);
void sk_smtp_patience_free (SkSmtpPatience *self);

/* It has shown a sign of life now; it moves here from any other patience. NULL: waited for no more. */
void sk_smtp_wait_in (SkSmtpWait *wait, SkSmtpPatience *self, gpointer owner);

/* From the longest silent one on; the link's data is the owner. */
GList *sk_smtp_patience_first (SkSmtpPatience *self);
