/* What the first bytes of a content say, as far as this room must know. Only for this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

#define SK_CONTENT_KIND_BYTES 64

gboolean sk_content_is_image (const guint8 *bytes, gsize length);
gboolean sk_content_is_tnef (const guint8 *bytes, gsize length);
