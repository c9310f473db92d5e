/* What sekishoctl says, in the language of the session.
 *
 * English stands in the code; sk-ctl-text.c has one row with the Japanese for each, and for the agent's
 * reasons why a command can't be done now. What else the agent says is passed on as it is.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-text.h"

#include <glib.h>
#include <jansson.h>

/* Static; `english` itself when there is no other. */
const char *sk_ctl_text (const char *english) G_GNUC_FORMAT (1);
/* Whether that language is Japanese. */
gboolean sk_ctl_is_japanese (void);
/* What a policy says in one or two languages, {"ja", "en"}: borrowed; NULL when it says nothing. */
const char *sk_ctl_text_in (const json_t *languages);
#define _(english) sk_ctl_text (english)
