/* What inspection found in a mail, for `sekishoctl show`: each hit with its place and the words around it, and which
 * attachments nobody could look into.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <jansson.h>

/* Prints nothing when there is nothing to say. */
void sk_ctl_print_findings (const json_t *verdict);
/* What a detector or another search finds, in the language of the session: static, or `kind` itself. */
const char *sk_ctl_kind (const char *kind);
