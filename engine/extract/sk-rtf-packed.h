/* RTF as mail programs of the Outlook family pack it (MS-OXRTFCP). */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* At most `limit` + 1 bytes of RTF, owned by the caller; NULL when it is no such thing or
 * damaged. */
GByteArray *sk_rtf_unpack (const guint8 *packed, gsize length, guint64 limit);
