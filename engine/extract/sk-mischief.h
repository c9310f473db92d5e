/* What a subverted process would do, for tests of those who must bear it.
 *
 * A document that begins with "SEKISHO-MISCHIEF: " and a name from the table of sk-mischief.c does
 * it. In builds without -Dtesting=true nothing of it is left.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

#ifdef SK_TESTING
void sk_mischief (const SkContent *content, int fd);
#else
#define sk_mischief(content, fd) ((void) 0)
#endif
