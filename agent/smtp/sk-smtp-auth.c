// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-auth.h"

#include <string.h>

struct _SkSmtpAuth {
  gboolean login; /* LOGIN: user and password one after the other; otherwise PLAIN */
  char *user, *password;
};

SkSmtpAuth *
sk_smtp_auth_new (const char *mechanism)
{
  gboolean login = g_ascii_strcasecmp (mechanism, "LOGIN") == 0;
  SkSmtpAuth *self;

  if (!login && g_ascii_strcasecmp (mechanism, "PLAIN") != 0)
    return NULL;
  self = g_new0 (SkSmtpAuth, 1);
  self->login = login;
  return self;
}

static void
wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

void
sk_smtp_auth_free (SkSmtpAuth *self)
{
  if (self == NULL)
    return;
  wipe (self->user);
  wipe (self->password);
  g_free (self);
}

static gboolean
is_base64 (const char *line)
{
  gsize length = strlen (line);
  gsize plain = strspn (
      line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

  if (length % 4 != 0 || length - plain > 2)
    return FALSE;
  return strspn (line + plain, "=") == length - plain;
}

/* The decoded bytes, with a NUL behind them; NULL if it is not base64. "=" is an empty answer (RFC 4954 4). */
static char *
decode (const char *line, gsize *length)
{
  *length = 0;
  if (strcmp (line, "=") == 0 || *line == '\0')
    return g_strdup ("");
  if (!is_base64 (line))
    return NULL;
  return (char *) g_base64_decode (line, length);
}

/* "authzid NUL authcid NUL password"; to act as somebody else is not offered. */
static SkSmtpAuthStep
take_plain (SkSmtpAuth *self, const char *bytes, gsize length)
{
  const char *first = memchr (bytes, '\0', length);
  const char *second;

  if (first == NULL)
    return SK_SMTP_AUTH_BROKEN;
  second = memchr (first + 1, '\0', length - (gsize) (first + 1 - bytes));
  if (second == NULL || strlen (second + 1) != length - (gsize) (second + 1 - bytes))
    return SK_SMTP_AUTH_BROKEN;
  if (*bytes != '\0' && strcmp (bytes, first + 1) != 0)
    return SK_SMTP_AUTH_BROKEN;
  self->user = g_strdup (first + 1);
  self->password = g_strdup (second + 1);
  return SK_SMTP_AUTH_HAS;
}

static SkSmtpAuthStep
take_login (SkSmtpAuth *self, const char *bytes, gsize length)
{
  if (strlen (bytes) != length)
    return SK_SMTP_AUTH_BROKEN;
  if (self->user == NULL)
    {
      self->user = g_strdup (bytes);
      return SK_SMTP_AUTH_ASKS;
    }
  self->password = g_strdup (bytes);
  return SK_SMTP_AUTH_HAS;
}

SkSmtpAuthStep
sk_smtp_auth_take (SkSmtpAuth *self, const char *line)
{
  SkSmtpAuthStep step;
  gsize length;
  char *bytes;

  if (line == NULL)
    return SK_SMTP_AUTH_ASKS;
  if (strcmp (line, "*") == 0)
    return SK_SMTP_AUTH_CANCELLED;
  bytes = decode (line, &length);
  if (bytes == NULL)
    return SK_SMTP_AUTH_BROKEN;
  step = self->login ? take_login (self, bytes, length) : take_plain (self, bytes, length);
  explicit_bzero (bytes, length);
  g_free (bytes);
  return step;
}

/* Thunderbird takes only these two words from LOGIN: "Username:" and "Password:". */
const char *
sk_smtp_auth_challenge (const SkSmtpAuth *self)
{
  if (!self->login)
    return "";
  return self->user == NULL ? "VXNlcm5hbWU6" : "UGFzc3dvcmQ6";
}

const char *
sk_smtp_auth_user (const SkSmtpAuth *self)
{
  return self->user;
}

const char *
sk_smtp_auth_password (const SkSmtpAuth *self)
{
  return self->password;
}
