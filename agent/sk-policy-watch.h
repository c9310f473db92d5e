/* Notices that something in a policy folder has changed, and waits until the writing is over. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkPolicyWatch SkPolicyWatch;
typedef void (*SkPolicyWatchFunc) (gpointer user_data);

/* A folder that can't be watched is a warning: SIGHUP and `sekishoctl update` still read it anew. */
SkPolicyWatch *sk_policy_watch_new (const char *folder, SkPolicyWatchFunc callback,
                                    gpointer user_data);
void sk_policy_watch_free (SkPolicyWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkPolicyWatch, sk_policy_watch_free)
