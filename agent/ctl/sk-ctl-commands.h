/* The commands that ask the agent something; each returns the exit status. Called by sk-ctl.c's
 * table with a connection. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/ctl/sk-ctl-call.h"

int sk_ctl_status (SkCtl *self);
int sk_ctl_list (SkCtl *self);
int sk_ctl_show (SkCtl *self);
int sk_ctl_release (SkCtl *self);
int sk_ctl_cancel (SkCtl *self);
int sk_ctl_retry (SkCtl *self);
int sk_ctl_resolve (SkCtl *self);
int sk_ctl_save_mail (SkCtl *self);
int sk_ctl_history (SkCtl *self);
int sk_ctl_import_history (SkCtl *self);
int sk_ctl_update (SkCtl *self);
