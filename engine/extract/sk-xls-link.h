/* Where a hyperlink of a cell leads: [MS-OSHARED] 2.3.7.1, as in the HLINK record of Excel. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

/* Appends address, file name, place, each in a line, as far as there are any. `link` begins with
 * the stream version. */
void sk_xls_append_link (GString *into, SkBytes link);
