/* Why a rule applied and why something could not be inspected, in the language of the session. The agent gives a code with
 * arguments, and an English text; what has no Japanese is shown as that.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <jansson.h>

/* Of {"code", "args", "text"}; g_free. */
char *sk_ctl_because (const json_t *because);
/* Of the agent's English reason; g_free. */
char *sk_ctl_obstacle (const char *reason);
