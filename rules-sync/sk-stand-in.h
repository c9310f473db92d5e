/* Stand-ins for what an agent would look up: whom a person has sent to, and which domains' mail
 * servers take TLS.
 *
 * They come from CSV files ("sender,recipient"; "domain,tls" with yes or no) or, in cases, from a
 * list and a map. Without a history nothing is known; without an answer on TLS it is unknown.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-policy.h"

#include <glib.h>

typedef struct _SkHistory SkHistory;
typedef struct _SkTlsAnswers SkTlsAnswers;

SkHistory *sk_history_new (void);
void sk_history_free (SkHistory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkHistory, sk_history_free)
/* SK_ERROR_INVALID when one of them is no address. */
gboolean sk_history_add (SkHistory *self, const char *sender, const char *recipient,
                         GError **error);
gboolean sk_history_read (SkHistory *self, const char *path, GError **error);
/* Has `person`, by any of their addresses, sent to `recipient`, by any of theirs? */
gboolean sk_history_knows (const SkHistory *self, const SkPolicy *policy, const char *person,
                           const SkAddress *recipient);

/* The domains, in comparing form, that `person` has sent to by any of their addresses; borrowed from the history. */
GPtrArray *sk_history_domains (const SkHistory *self, const SkPolicy *policy, const char *person);

SkTlsAnswers *sk_tls_answers_new (void);
void sk_tls_answers_free (SkTlsAnswers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkTlsAnswers, sk_tls_answers_free)
/* `answer`: yes or no (true, false). SK_ERROR_INVALID otherwise, or when `domain` is none. */
gboolean sk_tls_answers_add (SkTlsAnswers *self, const char *domain, const char *answer,
                             GError **error);
gboolean sk_tls_answers_read (SkTlsAnswers *self, const char *path, GError **error);
SkTruth sk_tls_answers_get (const SkTlsAnswers *self, const char *domain);
