/* A regular expression with bounded effort: PCRE2 with JIT, over UTF-8 after NFKC. Immutable,
 * usable from several threads.
 *
 * Effort is counted in steps (items of the expression that are tried, and every 16 bytes they walk
 * over), the same on every machine; a step takes some 10 ns, or less: of a long text only samples are
 * counted, and the rest charged by them.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkRegex SkRegex;

/* NULL and SK_ERROR_INVALID with what is wrong and where. */
SkRegex *sk_regex_new (const char *expression, GError **error);
void sk_regex_free (SkRegex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkRegex, sk_regex_free)

/* What all expressions of a verdict may spend, over all its texts. */
#define SK_REGEX_EFFORT G_GINT64_CONSTANT (64000000)

/* How often it matches, one match after the other, until `enough` are found; at most 10,000. What it
 * costs is taken off *effort. *complete becomes FALSE when a limit ended the search before the end
 * of the text or `enough`. */
guint sk_regex_count (const SkRegex *self, const char *text, gsize length, guint enough,
                      gint64 *effort, gboolean *complete);

/* The same matches one by one, in bytes of the text, until the function returns FALSE or the effort is spent. */
typedef gboolean (*SkRegexFunc) (gsize start, gsize length, gpointer user_data);
void sk_regex_each (const SkRegex *self, const char *text, gsize length, gint64 *effort,
                    SkRegexFunc callback, gpointer user_data);
