/* The text of PowerPoint's binary presentations ([MS-PPT]), by their streams.
 *
 * What the last edit names is read, slide by slide, with its outline text, its boxes and its notes;
 * where that is damaged, all text that there is, in the order of the file. Embedded objects become
 * members.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"
#include "sk-format.h"

/* `user`: the stream "Current User"; none: zero length. */
SkReading sk_ppt_read (SkBytes document, SkBytes user, SkSink *sink);
