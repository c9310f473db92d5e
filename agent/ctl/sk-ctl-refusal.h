/* Why a command on a mail was refused, in the language of the session, and what can be done instead. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/ctl/sk-ctl-call.h"

#include <jansson.h>

/* The agent's "COMMAND: REASON" with the reason translated where it is known; g_free. */
char *sk_ctl_reason (const char *message);
/* What the mail waits for, and the calls that are possible now; NULL when none is; g_free. */
char *sk_ctl_possible (const json_t *mail);
/* As sk_ctl_fail(), for a command on the mail self->words[0]. */
int sk_ctl_fail_command (const SkCtl *self, GError *error);
