/* Reading rules, and finding those that a mail can make apply. Private to this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-evaluation.h"
#include "sk-loader.h"

#include <glib.h>

void sk_rule_free (SkRule *self);
/* Reads `rules:` into the policy; `into` is not used. */
void sk_rules_read (SkLoader *loader, const SkNode *value, gpointer into);
/* Adds a rule of the program's own, as the language would write it; in force only while the server
 * is unheard of. */
void sk_rules_add_offline (SkLoader *loader, const char *text);
/* TRUE when any of its tests is of this kind. */
gboolean sk_rule_asks (const SkRule *self, const SkTestKind *kind);

extern const SkFieldTable sk_rule_table, sk_active_table;

/* Made once all rules were read. */
SkTriggers *sk_triggers_new (const SkPolicy *policy);
void sk_triggers_free (SkTriggers *self);
/* One bit a rule: the others can't apply to this mail. g_free. */
guint64 *sk_triggers_find (const SkTriggers *self, const SkEvaluation *evaluation);
