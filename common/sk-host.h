/* Which host this machine itself is: the one rule for the settings, the relay and the network's state.
 *
 * By what is written alone: a look-up could answer anything.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* `host`: "localhost" in any case, or a loopback address (127.0.0.0/8, ::1), with or without [brackets].
 * NULL is not. */
gboolean sk_host_is_loopback (const char *host);
