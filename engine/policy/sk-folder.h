/* What a policy's folder holds, as one number. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-problem.h"

#include <glib.h>

/* SHA-256 over the names and contents of a folder's files (hidden ones and editors' copies left
 * out), hex. What can't be read becomes a problem. */
char *sk_folder_sha256 (const char *folder, SkProblems *problems);
