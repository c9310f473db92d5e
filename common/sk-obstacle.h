/* Why something could not be inspected, as people are told.
 *
 * Reasons are English, made by whoever met the obstacle (the message's structure, sekisho-extract, the sandbox); what
 * kind of obstacle it is shows in how they begin: "encrypted", "damaged: …", "limit: …". Here alone they are sorted.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Static, never NULL; `reason` may be NULL: nobody knows. */
const char *sk_obstacle_in_japanese (const char *reason);
/* The same, with the English reason behind it where that says more. g_free. */
char *sk_obstacle_told_in_japanese (const char *reason);
