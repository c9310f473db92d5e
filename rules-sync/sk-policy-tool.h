/* The program sekisho-policy, as a function: one table of sub-commands, each in a file of its own.
 *
 * A command gets the arguments behind its name and returns the exit status. Results go to standard
 * output, messages to standard error. Exit status 2 always means that something could not be read
 * or was called wrongly; the message names the file, the line and the remedy.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-box.h"
#include "sk-policy.h"

#include <glib.h>

enum { SK_EXIT_DONE = 0, SK_EXIT_FAILED = 1, SK_EXIT_INVALID = 2 };

int sk_policy_tool_run (int argc, char **argv);

/* `argv[0]` is the command's name. */
int sk_command_check (int argc, char **argv);
int sk_command_explain (int argc, char **argv);
int sk_command_inspect (int argc, char **argv);
int sk_command_test (int argc, char **argv);

/* What the commands share. */

/* Reads the options; `usage` is what stands behind the command ("DIR MAIL"). At least `least` and
 * at most `most` arguments must be left. FALSE when the command ends here: *status is then its exit
 * status. */
gboolean sk_command_parse (int *argc, char ***argv, const char *usage, const char *summary,
                           const GOptionEntry *entries, int least, int most, int *status);
/* Loads a folder and prints its problems. NULL when it can't be used. */
SkPolicy *sk_command_load (const char *folder, const char *personal, guint *warnings);
/* Who reads attachments, if the policy asks for it (NULL: always); NULL when it doesn't, or when they can't be read, which is said. */
SkBoxPool *sk_command_open_boxes (const SkPolicy *policy);
/* "sekisho-policy: MESSAGE" to standard error. Returns SK_EXIT_INVALID. */
int sk_command_fail (const char *format, ...) G_GNUC_PRINTF (1, 2);
