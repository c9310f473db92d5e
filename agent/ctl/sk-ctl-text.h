/* What sekishoctl says, in the language of the session.
 *
 * English stands in the code; sk-ctl-text.c has one row with the Japanese for each. What the agent
 * itself says (reasons, replies of the provider) is passed on as it is.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Static; `english` itself when there is no other. */
const char *sk_ctl_text (const char *english) G_GNUC_FORMAT (1);
#define _(english) sk_ctl_text (english)
/* Marks a text that is looked up later. */
#define N_(english) english
