/* JSON to a{sv} and back, for what crosses the bus as dictionaries.
 *
 * Objects become a{sv}, arrays of objects aa{sv}, of strings as, other arrays av (empty ones too); numbers x or d. null is left
 * out. What lies deeper than 16 levels becomes "…", since a D-Bus message has an end. Used by the agent and by sekishoctl, so that both say the same.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>
#include <jansson.h>

GVariant *sk_variant_of_object (const json_t *object); /* floating, a{sv} */
GVariant *sk_variant_of_array (const json_t *array);   /* floating, aa{sv} */
json_t *sk_json_of_variant (GVariant *variant);        /* any type; what JSON can't say is null */
