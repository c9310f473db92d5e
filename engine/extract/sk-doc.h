/* The text of Word's binary documents ([MS-DOC]; Word 6 and 95 as far as they are alike), by their
 * streams. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"
#include "sk-format.h"

/* `table`: that one of the two table streams which the document names (sk_doc_table_name); none:
 * zero length. */
SkReading sk_doc_read (SkBytes document, SkBytes table, SkSink *sink);
const char *sk_doc_table_name (SkBytes document);
