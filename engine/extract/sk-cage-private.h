/* The walls of the cage that have a file of their own; for sk-cage.c alone. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-cage.h"

/* Landlock. Needs no_new_privs. */
gboolean sk_cage_close_files (GError **error);

/* seccomp. Files may still be opened for reading: Landlock says which. */
gboolean sk_cage_close_calls (int fd, GError **error);
