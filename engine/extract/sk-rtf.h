/* The text of RTF, in one pass.
 *
 * Running text, table rows as lines with tabs, hidden text too; then headers, footnotes, comments,
 * boxes, instructions of fields and properties, each kind in a section of its own; embedded objects
 * become members. What is damaged is read as far as it goes.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"
#include "sk-sink.h"

/* Also of what mails keep; the running text goes into the section that is open. */
void sk_rtf_read (SkBytes rtf, SkSink *sink);
