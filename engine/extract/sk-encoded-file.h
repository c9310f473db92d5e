/* Files that stand in a text, encoded as text: uuencode, with base64 too (POSIX, uuencode), and
 * yEnc.
 *
 * Called by the formats that are text, or may be; each file is read as a member. One that ends too
 * early is read as far as it goes, and told.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-sink.h"

/* `text`: in any charset in which ASCII is ASCII. FALSE: a limit was met. */
gboolean sk_encoded_files_read (const char *text, gsize length, SkSink *sink);
