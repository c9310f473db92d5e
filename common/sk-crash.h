/* Points at which a test can end the program as a crash would: at once, by SIGKILL.
 *
 * SEKISHO_CRASH_AT names one: "keep-after-rename", or "keep-after-rename:3" for the third time that
 * this process comes by. Any thread may call it. In builds without -Dtesting=true nothing of it is
 * left.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

#ifdef SK_TESTING
void sk_crash_point (const char *name);
#else
#define sk_crash_point(name) ((void) 0)
#endif
