/* Lists that come with the program: "free-mail" and "jp-mobile-carriers". */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/* Domains, NULL-terminated, lower case; NULL when there is no list of that name. */
const char *const *sk_builtin_list (const char *name);
/* The names there are, NULL-terminated. */
const char *const *sk_builtin_list_names (void);

/* TRUE when `domain` (comparing form) is a public suffix that no organisation owns: "jp", "co.jp", "com". A small
 * list of what people type by mistake, for a warning. */
int sk_domain_is_public_suffix (const char *domain);
