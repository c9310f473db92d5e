/* Unpacking what deflate packed, with a limit. For the formats that pack their contents themselves.
 *
 * The caller owns the result, asks the sink for the limit before and tells it what came.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gio/gio.h>

/* At most `limit` + 1 bytes, so that more than may be shows. `whole`: the packed data had its
 * end. */
GByteArray *sk_inflate (const guint8 *packed, gsize length, GZlibCompressorFormat format,
                        guint64 limit, gboolean *whole);
