/* sekishoctl: one table of commands over the agent's D-Bus face.
 *
 * Exit status: 0 done, 1 not allowed now (says why), 2 wrong call, 3 no agent.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

int sk_ctl_run (int argc, char **argv);
