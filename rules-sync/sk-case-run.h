/* Runs one case: builds or finds its mail, judges it by the policy, and compares. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-case.h"
#include "sk-box.h"
#include "sk-policy.h"

/* `policy` is the folder's, loaded once; a case with `personal` or `only` loads its own. Adds what
 * differs to `differences` (char*). `pool` reads the attachments; NULL: nobody can. FALSE when the case can't be run; the error then names the file
 * and line. */
gboolean sk_case_run (const SkCase *self, const SkPolicy *policy, SkBoxPool *pool,
                      GPtrArray *differences, GError **error);
