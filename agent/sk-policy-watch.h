/* Notices that something in a policy folder, at any depth, or of the user's own rules has changed, and waits until the
 * writing is over. Of the folder beside the user's own rules only what they name counts. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkPolicyWatch SkPolicyWatch;
typedef void (*SkPolicyWatchFunc) (gpointer user_data);

/* Both paths absolute; neither need be there yet. A folder that can't be watched is a warning: SIGHUP and `sekishoctl
 * update` still read it anew. */
SkPolicyWatch *sk_policy_watch_new (const char *folder, const char *personal,
                                    SkPolicyWatchFunc callback, gpointer user_data);
void sk_policy_watch_free (SkPolicyWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkPolicyWatch, sk_policy_watch_free)
