/* Whether the provider can be reached, as far as the machine's routes tell.
 *
 * A default route is enough. Without one the provider may still stand in the same network: its name is looked up and
 * its addresses are held against the routes, whenever they change, and again after a while when the name could not be
 * looked up. Nothing is sent to the provider. A provider on this machine is always within reach.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-clock.h"

typedef struct _SkNetwork SkNetwork;
typedef void (*SkNetworkFunc) (gboolean online, gpointer user_data);

/* `url`: smtp://host:port. Calls `changed` within this call with what is known at once, then from the main loop when
 * that changes. */
SkNetwork *sk_network_new (const char *url, SkClock *clock, SkNetworkFunc changed,
                           gpointer user_data);
void sk_network_free (SkNetwork *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkNetwork, sk_network_free)
