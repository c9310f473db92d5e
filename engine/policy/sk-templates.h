/* The policy's texts: templates/NAME.txt, NAME.ja.txt, NAME.en.txt, each checked for unknown
 * placeholders. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-compiled.h"
#include "sk-problem.h"

#include <glib.h>

/* Reads all of a folder's templates; a folder without any has none. Never NULL. */
SkTemplates *sk_templates_load (const char *folder, SkProblems *problems);
void sk_templates_free (SkTemplates *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkTemplates, sk_templates_free)

/* In this language ("ja", "en"), else the one without a language, else whichever there is; NULL: no
 * such template. */
const char *sk_templates_find (const SkTemplates *self, const char *name, const char *language);
/* NULL-terminated, sorted; g_free the array alone. */
const char **sk_templates_names (const SkTemplates *self);
