/* An extraction as the packets that answer a request (sk-extract-wire.h). Blocks until all is
 * sent. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-extract-wire.h"

/* What the reader would not take is mended: control characters in names become blanks, and beyond
 * SK_WIRE_NAMES of them the rest has none. FALSE: errno says why it could not be sent. */
gboolean sk_extract_writer_send (int fd, const SkExtraction *extraction);
