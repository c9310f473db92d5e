/* Domains that look like known ones: a slip of the finger, or a trap.
 *
 * What counts is the part that somebody registered (example.co.jp of mail.example.co.jp). It looks like a
 * known one when it is
 *  - one edit away (a character more, less or another, or two swapped), or two when the known name has 8 characters
 *    or more;
 *  - of short known names, which lie close to one another, one edit in the name alone, under the same top-level
 *    domain, after which few have a name of their own: of 4 characters, one more, another, or two swapped; of 3, one
 *    more or two swapped; of 1 and 2, none. Domains of the built-in lists (free mail, mobile carriers) look like none so;
 *  - the same to the eye: 0 and o, 1, l and i, rn and m, vv and w, cl and d, letters with and without marks, and
 *    what Unicode's confusables (UTS 39) make alike in other scripts, of names from 3 characters;
 *  - the same name, from 3 characters, under another top-level domain (co.jp is one).
 * A known domain, its subdomains and its neighbours in the same registered domain look like none.
 * Immutable; answers take microseconds for 100,000 domains.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkLookalikes SkLookalikes;

/* `domains`: char*, in comparing form (sk_domain_key()), in any number of times; what no one can register is left
 * out. Borrowed for the call. */
SkLookalikes *sk_lookalikes_new (const GPtrArray *domains);
void sk_lookalikes_free (SkLookalikes *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkLookalikes, sk_lookalikes_free)

/* Is it one of them, or of the same registered domain? `domain` in comparing form, here and below. */
gboolean sk_lookalikes_knows (const SkLookalikes *self, const char *domain);
/* The known registered domain that it looks like; NULL: none, or it is known itself. Borrowed. */
const char *sk_lookalikes_find (const SkLookalikes *self, const char *domain);
