/* `sekishoctl doctor`: what is wrong, and what to do about it. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/ctl/sk-ctl-call.h"

/* Connects by itself, since that may be what is wrong. SK_CTL_DONE when all is well,
 * SK_CTL_NO_AGENT without an agent, else SK_CTL_NOT_ALLOWED. */
int sk_ctl_doctor (SkCtl *self);
