/* The agent put together: settings, clock, store, provider, policy, desk, listener and faces.
 *
 * Lives on the default main context. Everything that fails at start is an error with its remedy.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkAgent SkAgent;

/* `settings_file` NULL: the user's own. `private_socket`: no session bus, a socket in the store directory instead. */
SkAgent *sk_agent_new (const char *settings_file, gboolean private_socket, GError **error);
guint16 sk_agent_port (const SkAgent *self);
/* Reads the policy anew (and says so in status when it can't be used: the last good one stays). */
gboolean sk_agent_reload (SkAgent *self, GError **error);
/* Takes what may change of the settings while the agent runs, and says in the log and in status what counts
 * from the next start only, or why they can't be used: then those in force stay. The policy is not read. */
void sk_agent_reload_settings (SkAgent *self);
void sk_agent_free (SkAgent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkAgent, sk_agent_free)
