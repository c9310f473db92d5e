// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"
#include "sk-rtf.h"

#include <string.h>

/* Word opens it with blanks and line ends, or a mark of UTF-8, before the first brace. */
static SkBytes
from_brace (const SkContent *content)
{
  SkBytes bytes = { content->bytes, content->length };

  if (bytes.length >= 3 && memcmp (bytes.at, "\xef\xbb\xbf", 3) == 0)
    bytes = sk_bytes_from (bytes, 3);
  while (bytes.length > 0 && g_ascii_isspace ((char) bytes.at[0]))
    bytes = sk_bytes_from (bytes, 1);
  return bytes;
}

static const char *
recognise (const SkContent *content)
{
  SkBytes bytes = from_brace (content);

  return bytes.length >= 5 && memcmp (bytes.at, "{\\rt", 4) == 0 ? "application/rtf" : NULL;
}

static SkReading
read_rtf (const SkContent *content, const char *type, SkSink *sink)
{
  if (sk_sink_section (sink, SK_SECTION_TEXT, NULL, 0))
    sk_rtf_read (from_brace (content), sink);
  return SK_READING_DONE;
}

const SkFormat sk_format_rtf = { "rtf", recognise, read_rtf };
