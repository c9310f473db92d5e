// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-upstream.h"

#include "sk-error.h"
#include "sk-host.h"

#include <curl/curl.h>
#include <string.h>

/* An address literal is what RFC 5321 4.1.4 asks of a client without a name of its own on the
 * internet. Host names of workstations are often "localhost" or without a dot, which servers may
 * refuse, or not ASCII, which Gmail refuses; and a true address or name would stand in the Received
 * header of every mail. Providers know this literal from Thunderbird. (Escaped, as it stands in a
 * URL.) */
#define EHLO_NAME "%5B127.0.0.1%5D"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURLU, curl_url_cleanup)

void
sk_upstream_free (SkUpstream *self)
{
  if (self == NULL)
    return;
  g_free (self->url);
  g_free (self->host);
  g_free (self->port);
  g_free (self->ca_file);
  g_free (self->user);
  g_free (self->password_file);
  g_free (self);
}

static char *
url_part (CURLU *url, CURLUPart part)
{
  char *text = NULL, *copy;

  if (curl_url_get (url, part, &text, 0) != CURLUE_OK)
    return NULL;
  copy = g_strdup (text);
  curl_free (text);
  return copy;
}

static gboolean fail (GError **error, const char *key, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
fail (GError **error, const char *key, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "[upstream] %s: %s", key, message);
  return FALSE;
}

static gboolean
take_url (SkUpstream *self, const char *text, GError **error)
{
  g_autoptr (CURLU) url = curl_url ();
  g_autofree char *scheme = NULL, *user = NULL;

  if (text == NULL
      || curl_url_set (url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return fail (error, "url", "\"%s\" is no address (write smtp://HOST:PORT or smtps://HOST:PORT)",
                 text != NULL ? text : "");
  scheme = url_part (url, CURLUPART_SCHEME);
  user = url_part (url, CURLUPART_USER);
  self->host = url_part (url, CURLUPART_HOST);
  self->port = url_part (url, CURLUPART_PORT);
  self->implicit_tls = g_strcmp0 (scheme, "smtps") == 0;
  if (!self->implicit_tls && g_strcmp0 (scheme, "smtp") != 0)
    return fail (error, "url", "\"%s\" is not spoken (write smtp:// or smtps://)", scheme);
  if (user != NULL)
    return fail (error, "url", "no user or password here (write user=, and the password into password-file= or the keyring)");
  if (self->host == NULL || self->host[0] == '\0')
    return fail (error, "url", "\"%s\" names no host (write %s://HOST:PORT)", text, scheme);
  if (self->port == NULL)
    self->port = g_strdup (self->implicit_tls ? "465" : "587");
  self->loopback = sk_host_is_loopback (self->host);
  self->url = g_strdup_printf ("%s://%s:%s/%s", scheme, self->host, self->port, EHLO_NAME);
  return TRUE;
}

static gboolean
take_tls (SkUpstream *self, const SkSettings *settings, GError **error)
{
  self->tls = settings->upstream_tls;
  self->ca_file = g_strdup (settings->upstream_ca_file);
  if (self->tls == SK_UPSTREAM_TLS_NONE && !self->loopback)
    return fail (error, "tls",
                 "none is only for this machine itself, and %s is not known to be that "
                 "(write required, and ca-file= if its certificate is your own)",
                 self->host);
  if (self->tls == SK_UPSTREAM_TLS_NONE && self->implicit_tls)
    return fail (error, "tls", "none contradicts smtps:// (write smtp://, or required)");
  if (self->tls == SK_UPSTREAM_TLS_OPPORTUNISTIC && self->user != NULL && !self->loopback)
    self->tls = SK_UPSTREAM_TLS_REQUIRED; /* else whoever hides STARTTLS reads the password */
  if (self->ca_file != NULL && !g_file_test (self->ca_file, G_FILE_TEST_IS_REGULAR))
    return fail (error, "ca-file", "%s is not there", self->ca_file);
  return TRUE;
}

static gboolean
take_user (SkUpstream *self, const SkSettings *settings, GError **error)
{
  if (settings->upstream_auth == SK_AUTH_NONE)
    return TRUE;
  if (settings->upstream_user == NULL || settings->upstream_user[0] == '\0')
    return fail (error, "user", "missing (auth=password needs user=, mostly the mail address)");
  self->user = g_strdup (settings->upstream_user);
  self->password_file = g_strdup (settings->upstream_password_file);
  return TRUE;
}

SkUpstream *
sk_upstream_new (const SkSettings *settings, GError **error)
{
  g_autoptr (SkUpstream) self = g_new0 (SkUpstream, 1);

  if (!take_url (self, settings->upstream_url, error) || !take_user (self, settings, error)
      || !take_tls (self, settings, error))
    return NULL;
  return g_steal_pointer (&self);
}
