// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-magic.h"

#include <magic.h>

enum { LOOKED_AT = 1024 * 1024 };

/* Text and archives are ours to look into; libmagic looks at first bytes only. */
static magic_t
load (void)
{
  magic_t cookie
      = magic_open (MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR
                    | MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_ENCODING | MAGIC_NO_CHECK_CDF
                    | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_TEXT);

  if (cookie != NULL && magic_load (cookie, NULL) != 0)
    {
      magic_close (cookie);
      return NULL;
    }
  return cookie;
}

const char *
sk_magic_type (const SkContent *content)
{
  static gsize once = 0;
  static magic_t cookie;
  const char *type;

  if (g_once_init_enter (&once))
    {
      cookie = load ();
      g_once_init_leave (&once, 1);
    }
  type = cookie != NULL ? magic_buffer (cookie, content->bytes, MIN (content->length, LOOKED_AT))
                        : NULL;
  return type != NULL ? g_intern_string (type) : "application/octet-stream";
}
