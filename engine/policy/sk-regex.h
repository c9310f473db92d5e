/* A regular expression with bounded effort: PCRE2 with JIT, over UTF-8 after NFKC. Immutable,
 * usable from several threads. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkRegex SkRegex;

/* NULL and SK_ERROR_INVALID with what is wrong and where. */
SkRegex *sk_regex_new (const char *expression, GError **error);
void sk_regex_free (SkRegex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkRegex, sk_regex_free)

/* How often it matches, one match after the other, up to 10,000. *complete becomes FALSE when a
 * limit ended the search before the end of the text. */
guint sk_regex_count (const SkRegex *self, const char *text, gsize length, gboolean *complete);
