/* Whether an attachment's content is of another kind than its name's extension says.
 *
 * The list of formats (sk-format-list.inc) has the kinds of content that programs write under each
 * extension. The policy's `disguised` reads the answer. Nothing is owned, nothing fails; safe to
 * call from any thread.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-inspection.h"

/* `name` as the mail has it, or NULL; `type` by content (SkExtraction.type), or NULL. Names without
 * an extension, or with one that is not in the table, say nothing: NO. UNKNOWN: the type is. */
SkTruth sk_masquerade_check (const char *name, const char *type);
