/* What people wrote about a picture into it: EXIF (CIPA DC-008), IPTC (IIM 4), XMP (ISO 16684-1),
 * and the texts of JPEG and PNG themselves; in JPEG, PNG, TIFF and WebP.
 *
 * Only what says something: descriptions, comments, keywords, names, not what a camera measured.
 * Called by the format of pictures and by those who ask whether a picture says anything. Nothing
 * fails: what is damaged is left out.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

/* UTF-8, a line each; NULL: there is nothing. At most 1 MiB. The caller frees it. */
char *sk_picture_notes (const SkContent *content);
