// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-error.h"

#include <errno.h>

G_DEFINE_QUARK (sk-error-quark, sk_error)

gboolean
sk_error_is_invalid (const GError *error)
{
  return g_error_matches (error, SK_ERROR, SK_ERROR_INVALID);
}

gboolean
sk_error_is_not_found (const GError *error)
{
  return g_error_matches (error, SK_ERROR, SK_ERROR_NOT_FOUND);
}

gboolean
sk_error_is_not_allowed (const GError *error)
{
  return g_error_matches (error, SK_ERROR, SK_ERROR_NOT_ALLOWED);
}

gboolean
sk_error_is_limit (const GError *error)
{
  return g_error_matches (error, SK_ERROR, SK_ERROR_LIMIT);
}

gboolean
sk_error_is_full (const GError *error)
{
  return g_error_matches (error, SK_ERROR, SK_ERROR_FULL);
}

gboolean
sk_error_is_unavailable (const GError *error)
{
  return g_error_matches (error, SK_ERROR, SK_ERROR_UNAVAILABLE);
}

static SkErrorCode
code_of_errno (int saved_errno)
{
  switch (saved_errno)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return SK_ERROR_FULL;
    case ENOENT:
      return SK_ERROR_NOT_FOUND;
    default:
      return SK_ERROR_IO;
    }
}

gboolean
sk_error_set_errno (GError **error, int saved_errno, const char *format, ...)
{
  va_list arguments;
  g_autofree char *what = NULL;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SK_ERROR, code_of_errno (saved_errno), "%s: %s", what,
               g_strerror (saved_errno));
  return FALSE;
}
