/* The agent's face: org.sekisho.Agent1 on the session bus, or on a private socket in the store directory.
 *
 * A thin skin over the desk. Only the same user gets in. A session bus that isn't there is no failure: the agent
 * works without, and says so.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/desk/sk-desk.h"

#include <glib.h>

typedef struct _SkBus SkBus;

/* What a face may ask that the desk doesn't do. */
typedef struct {
  gboolean (*update) (gpointer user_data, GError **error); /* reads the policy anew */
  json_t *(*settings) (gpointer user_data); /* {"from-next-start": ["[group] key"], "problem"}; given away */
} SkBusOperations;

/* `socket_directory` NULL: the session bus. The desk outlives the bus; operations are copied. */
SkBus *sk_bus_new (SkDesk *desk, const SkBusOperations *operations, gpointer user_data,
                   const char *socket_directory, GError **error);
void sk_bus_free (SkBus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkBus, sk_bus_free)
