/* The values of agent.conf: text to addresses, paths, URLs and limits.
 *
 * For sk-settings.c alone. Errors are SK_ERROR_INVALID and end with a remedy in brackets; they
 * don't name the file and the key, the caller does.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/sk-settings.h"

/* Cuts a comment (" # …") and the blanks around, in place. */
void sk_settings_cut_comment (char *value);
void sk_settings_replace_text (char **member, const char *text);
/* "a, b or c"; g_free. */
char *sk_settings_choice (char **words);
/* What to write instead of an unknown name: "did you mean …?" or all that there are; g_free. */
char *sk_settings_known_remedy (const char *name, char **known);
/* "~/…" is in the home directory, a relative path beside the settings file `beside`; g_free. */
char *sk_settings_path (const char *beside, const char *value);
/* `problem` is then what is wrong with it, English, static. */
gboolean sk_settings_address_is_valid (const char *address, const char **problem);
/* "smtp://host:port" or "smtps://host:port", with the port written out (587, 465); g_free. */
char *sk_settings_upstream_url (const char *value, GError **error);
gboolean sk_settings_url_is_loopback (const char *url);

void sk_limits_set_defaults (SkLimits *limits);
/* `name` is one of agent.conf's [limits]. Sizes take KiB, MiB, GiB, kB, MB, GB; times s, min, h. */
gboolean sk_limits_set (SkLimits *limits, const char *name, const char *value, GError **error);
