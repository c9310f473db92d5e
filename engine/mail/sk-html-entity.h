/* HTML character references. Only for this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Reads the reference that begins with the '&' at `p`; returns where it ends, NULL when it is none.
 * A number that is no character gives U+FFFD. */
const char *sk_html_entity_parse (const char *p, const char *end, gunichar *character);
