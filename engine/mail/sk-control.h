/* What must not stand in a name, an address or any value that people are shown. Only for this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Control characters, those of Latin-1's upper half among them, and Unicode's own line ends. */
static inline gboolean
sk_is_control (gunichar c)
{
  return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}
