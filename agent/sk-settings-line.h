/* Where in the text of a settings file something stands, since GKeyFile doesn't say. Lines count from
 * 1; 0: it is not there. Of a key that stands twice the last counts, as it does for GKeyFile.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* The line of a key, or of a group's first heading when `name` is NULL. */
guint sk_settings_line_of (const char *text, const char *group, const char *name);
/* The first line that is no group, key, comment, or that stands before any group. */
guint sk_settings_line_broken (const char *text);
/* The line in which `at` stands. */
guint sk_settings_line_at (const char *text, const char *at);
