/* What poppler doesn't tell of a PDF, found in its objects: the XML of its forms (XFA), and fonts
 * that are drawings (Type 3) whose characters nobody knows.
 *
 * The file is read from its first byte to its last, without its table of objects: what an earlier
 * version of it holds is found, too. Objects that are packed in streams are unpacked, within the
 * sink's limits. With a password, also one that only the owner has, nothing in streams can be read.
 * Called by the reader of PDF; what is missing is told to the sink.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-sink.h"

void sk_pdf_objects_read (const SkContent *content, SkSink *sink);
