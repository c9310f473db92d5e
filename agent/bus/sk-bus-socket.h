/* Where the private socket of an agent lies; for the agent and its clients. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* DIRECTORY/agent.sock. NULL with SK_ERROR_INVALID when the path is too long for a socket. */
char *sk_bus_socket_path (const char *directory, GError **error);
