/* Numbers of Excel cells as text: dates by the number format, all else in full. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-bytes.h"

/* A number of 32 bits ([MS-XLS] 2.5.217). */
double sk_xls_rk (guint32 rk);
/* Formats 0 to 58 that are dates or times in all, or in East Asian, versions of Excel. */
gboolean sk_xls_is_date_number (guint format);
/* "yyyy/mm/dd", "ggge年m月d日", "h:mm"; what stands in quotes, brackets or behind a backslash doesn't count. */
gboolean sk_xls_is_date_format (const char *format);
/* "1980-03-04", "1980-03-04 12:30:00", "12:30:00"; a number that is none: as sk_xls_append_number(). */
void sk_xls_append_date (GString *into, double serial, gboolean from_1904);
/* Whole numbers without an exponent, others in 15 digits. */
void sk_xls_append_number (GString *into, double number);
