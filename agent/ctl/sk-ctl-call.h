/* One call of sekishoctl: what was asked, and the agent that answers.
 *
 * Made by sk-ctl.c from the command line, handed to the command's function, which returns the exit
 * status.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/bus/sk-agent1.h"

#include <glib.h>

enum { SK_CTL_DONE = 0, SK_CTL_NOT_ALLOWED = 1, SK_CTL_WRONG_CALL = 2, SK_CTL_NO_AGENT = 3 };

typedef enum {
  SK_CTL_JSON = 1 << 0,
  SK_CTL_SOCKET = 1 << 1,
  SK_CTL_CONFIG = 1 << 2,
  SK_CTL_ALL = 1 << 3,
  SK_CTL_SENT = 1 << 4,
  SK_CTL_AGAIN = 1 << 5,
  SK_CTL_DROP = 1 << 6,
  SK_CTL_FORCE = 1 << 7,
  SK_CTL_HELP = 1 << 8,
  SK_CTL_VERSION = 1 << 9,
} SkCtlFlags;

typedef struct {
  SkCtlFlags flags;
  const char *config; /* --config, or NULL */
  char **words;       /* what follows the name of the command */
  SkAgent1 *agent;    /* NULL while there is no connection */
} SkCtl;

/* Connects to the agent: SK_CTL_DONE, or the exit status, and *why (g_free) says why. */
int sk_ctl_connect (SkCtl *self, char **why);
/* How to start the agent that this call looks for; g_free. */
char *sk_ctl_start_remedy (const SkCtl *self);

/* Says that it could not be done, on standard error and with --json on standard output. Returns
 * `status`. */
int sk_ctl_refuse (const SkCtl *self, int status, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* The same with what to do instead ("remedy" in JSON, in brackets for people), or NULL. */
int sk_ctl_refuse_with (const SkCtl *self, int status, const char *message, const char *remedy);
/* The agent's or the bus's error, as exit status. */
int sk_ctl_fail (const SkCtl *self, GError *error);
