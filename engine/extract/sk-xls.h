/* The text of Excel's binary workbooks ([MS-XLS]; BIFF5, 7 and 8), by their stream.
 *
 * Sheets in the order of the file, hidden ones too: cells in their rows, results of formulas, dates
 * as ISO dates; then comments, text boxes, headers and links of the sheet.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"
#include "sk-format.h"

SkReading sk_xls_read (SkBytes workbook, SkSink *sink);
