/* Which bytes of a content belong to the ZIP archive at its end (APPNOTE.TXT 4.3).
 *
 * A ZIP archive is found from its end: whatever stands before it, it opens, so that one file may
 * be two. And readers go by the directory, others by the headers of the members: what only one of
 * them sees is hidden from the other. For sk-sink.c, which asks for each content it is given.
 * Nothing is trusted; what is damaged is "none" here, since its reader tells.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

/* Where the archive begins that has something else in front of it; 0: there is none, or nothing
 * is in front of it. */
gsize sk_zip_extent_start (const SkContent *content);

/* Are there headers of members that its directory doesn't name? Those inside members (archives
 * that are stored) don't count. */
gboolean sk_zip_extent_hides (const SkContent *content);

/* Where its end record ends, of an archive that begins with the content: what follows is its
 * comment, or something else; 0: there is no archive, or nothing follows. */
gsize sk_zip_extent_end (const SkContent *content);
