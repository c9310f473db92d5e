/* The sandbox, which the process closes around itself before it reads what anybody sent.
 *
 * Three walls: rlimits (memory, no files written, no processes), Landlock (nothing of the file
 * system but the data that the libraries read while they work) and seccomp (no network, no other
 * program, no other process, no file for writing, no code but what is loaded). What is asked for in
 * vain by honest libraries is refused; what only an attacker asks for ends the process. None of it
 * can be opened again, and all of it is needed: errors name what the kernel lacks.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Leaves nothing open but /dev/null as 0, 1 and 2, and `fd`. */
gboolean sk_cage_close_descriptors (int fd, GError **error);

/* Address space of this process, at most. Before any library is warmed up. */
gboolean sk_cage_limit_memory (guint64 bytes, GError **error);

/* Closes the cage. `fd`: the only socket that may be used. */
gboolean sk_cage_close (int fd, GError **error);
