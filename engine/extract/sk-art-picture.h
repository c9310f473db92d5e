/* Metafiles in the pictures of Word's and PowerPoint's binary files ([MS-ODRAW] 2.2.24, 2.2.25).
 *
 * For the reader of OLE2 files, which gives the streams that hold pictures. They are found by their
 * heads, wherever they stand; pictures of other kinds have no text.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"
#include "sk-sink.h"

/* Each is a member without a name. FALSE: a limit was met. */
gboolean sk_art_pictures_read (SkBytes stream, SkSink *sink);
