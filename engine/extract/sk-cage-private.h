/* The walls of the cage that have a file of their own; for sk-cage.c alone. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-cage.h"

typedef enum { SK_CAGE_FAILED, SK_CAGE_WITHOUT, SK_CAGE_CLOSED } SkCageWall;

/* Landlock. WITHOUT: this kernel has none. Needs no_new_privs. */
SkCageWall sk_cage_close_files (GError **error);

/* seccomp. `may_open`: files may be opened for reading, since Landlock says which. */
gboolean sk_cage_close_calls (int fd, gboolean may_open, GError **error);
