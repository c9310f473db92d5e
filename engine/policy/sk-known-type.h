/* The media types by which inspection calls files: what `type:` can ask for. Private to this room.
 *
 * Made from libmagic's database; a newer one knows more, so an unknown type is worth a warning, not an error.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* `pattern` is lower case and may have asterisks: whether it can match any of them. */
gboolean sk_known_type_matches (const char *pattern);
/* What was meant: the usual other name, or the nearest. Static; NULL: nothing is near. */
const char *sk_known_type_near (const char *type);
