/* Workbooks under Office's own password: [MS-XLS] 2.2.10, [MS-OFFCRYPTO] 2.3.5 and 2.3.6 (RC4). */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

/* `file_pass`: the content of the FILEPASS record. The workbook as it is without encryption; NULL:
 * it has another password, or another encryption. */
GBytes *sk_xls_decrypt (SkBytes workbook, SkBytes file_pass);
