// SPDX-License-Identifier: GPL-3.0-or-later
// Excel's old workbooks without a container: old programs, and simple ones of today, write the
// records as they are.
#include "sk-format.h"

#include "sk-biff.h"
#include "sk-xls.h"

/* Text behind what looks like a beginning makes no records, at once or soon. A file that is cut has
 * some before it ends. */
static gboolean
has_records (SkBytes bytes)
{
  enum { ENOUGH = 4 };
  SkBiff biff = { .stream = bytes };
  guint count = 0;

  sk_biff_next (&biff);
  while (count < ENOUGH && sk_biff_next (&biff) && !biff.is_damaged && sk_biff_is_sane (&biff))
    {
      if (biff.type == SK_BIFF_END)
        return TRUE;
      count++;
    }
  return count > 0 && (count == ENOUGH || biff.next + 4 > bytes.length);
}

static const char *
recognise (const SkContent *content)
{
  SkBytes bytes = { content->bytes, content->length };
  guint type = sk_bytes_u16 (bytes, 0), length = sk_bytes_u16 (bytes, 2),
        kind = sk_bytes_u16 (bytes, 6);

  return (type == 0x209 || type == 0x409 || type == 0x809) && length >= 6 && length <= 16
                 && (kind == SK_BIFF_GLOBALS || kind == 0x10) && has_records (bytes)
             ? "application/vnd.ms-excel"
             : NULL;
}

static SkReading
read_bare (const SkContent *content, const char *type, SkSink *sink)
{
  return sk_xls_read ((SkBytes){ content->bytes, content->length }, sink);
}

const SkFormat sk_format_xls = { "xls", recognise, read_bare };
