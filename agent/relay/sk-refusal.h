/* What a provider's refusal means for the mail.
 *
 * Providers use permanent codes for what passes by itself or once somebody acts: a day's limit, a
 * full mailbox of the sender, a lapsed sign-in, a blocked account. Such a mail must be kept, not
 * returned. One table knows them, by enhanced code and text.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/sk-reply.h"

typedef enum {
  SK_REFUSAL_OF_MAIL,      /* MAIL, DATA or the final dot was refused */
  SK_REFUSAL_OF_RECIPIENT, /* RCPT was */
} SkRefusalPlace;

/* TRUE when trying later makes sense: a 4xx, or a 5xx of the table. `*remedy` (may be NULL) becomes
 * what to tell people, or NULL when the reply says it all. */
gboolean sk_refusal_is_temporary (const SkReply *reply, SkRefusalPlace place, const char **remedy);
