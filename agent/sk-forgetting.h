/* Forgets mails that are done: message file and rows, [store] keep-days after they ended.
 *
 * At the start, then once a day (boot time), a few at a time: new mail is written in between. A mail that
 * is not done is never among them. Sending history and events stay. What can't be removed is tried again
 * the next day.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/sk-settings.h"
#include "agent/store/sk-store.h"
#include "sk-clock.h"

typedef struct _SkForgetting SkForgetting;

/* All borrowed; `settings` are looked at anew each time. Begins from the main loop. */
SkForgetting *sk_forgetting_new (SkStore *store, SkClock *clock, const SkSettings *settings);
/* Now, instead of tomorrow: the days have changed. */
void sk_forgetting_begin (SkForgetting *self);
void sk_forgetting_free (SkForgetting *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkForgetting, sk_forgetting_free)
