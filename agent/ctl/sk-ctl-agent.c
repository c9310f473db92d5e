// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/bus/sk-bus-socket.h"
#include "agent/ctl/sk-ctl-call.h"
#include "agent/ctl/sk-ctl-print.h"
#include "agent/ctl/sk-ctl-text.h"
#include "agent/sk-settings.h"
#include "sk-autoptr.h"
#include "sk-names.h"
#include "sk-terminal-text.h"

#include <stdio.h>

/* A policy of many files, or years of sent mail, takes its time. */
#define PATIENCE_MS (10 * 60 * 1000)

static const char *const status_names[] = {
  [SK_CTL_NOT_ALLOWED] = "not-allowed",
  [SK_CTL_WRONG_CALL] = "wrong-call",
  [SK_CTL_NO_AGENT] = "no-agent",
};

/* --- saying no ----------------------------------------------------------------------------------
 */

static int
refuse (const SkCtl *self, int status, const char *code, const char *message, const char *remedy)
{
  g_autofree char *whole
      = remedy != NULL ? g_strdup_printf ("%s (%s)", message, remedy) : g_strdup (message);
  g_autofree char *clean = sk_terminal_lines (whole);

  fprintf (stderr, "sekishoctl: %s\n", clean);
  if (self->flags & SK_CTL_JSON)
    {
      g_autofree char *valid = g_utf8_make_valid (message, -1);
      g_autoptr (json_t) json = json_pack ("{s:s, s:s}", "error", code, "message", valid);

      if (remedy != NULL)
        json_object_set_new (json, "remedy", json_string (remedy));
      sk_ctl_print_json (json);
    }
  return status;
}

int
sk_ctl_refuse (const SkCtl *self, int status, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return refuse (self, status, status_names[status], message, NULL);
}

int
sk_ctl_refuse_with (const SkCtl *self, int status, const char *message, const char *remedy)
{
  return refuse (self, status, status_names[status], message, remedy);
}

static const struct {
  const char *name;
  int status;
  const char *code;
} remote_errors[] = {
  { "org.sekisho.Error.NotAllowed", SK_CTL_NOT_ALLOWED, "not-allowed" },
  { "org.sekisho.Error.NotFound", SK_CTL_WRONG_CALL, "not-found" },
  { "org.sekisho.Error.Invalid", SK_CTL_WRONG_CALL, "invalid" },
  { "org.sekisho.Error.Failed", SK_CTL_NOT_ALLOWED, "failed" },
};

static int
fail_old_agent (const SkCtl *self)
{
  return sk_ctl_refuse (
      self, SK_CTL_NOT_ALLOWED,
      _ ("the running agent is of another version and can't do this; start it anew"));
}

static int
fail_unknown (const SkCtl *self)
{
  g_autofree char *message = g_strdup_printf (_ ("there is no mail %s"), self->words[0]);

  return refuse (self, SK_CTL_WRONG_CALL, "not-found", message,
                 _ ("sekishoctl list --all shows them"));
}

int
sk_ctl_fail (const SkCtl *self, GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);
  g_autofree char *remedy = NULL;

  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS))
    return fail_old_agent (self);
  if (g_strcmp0 (name, "org.sekisho.Error.NotFound") == 0 && self->words[0] != NULL)
    return fail_unknown (self);
  g_dbus_error_strip_remote_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (remote_errors); i++)
    if (g_strcmp0 (name, remote_errors[i].name) == 0)
      return refuse (self, remote_errors[i].status, remote_errors[i].code, error->message, NULL);
  remedy = sk_ctl_start_remedy (self);
  return sk_ctl_refuse (self, SK_CTL_NO_AGENT, _ ("no agent answers: %s (start it: %s)"),
                        error->message, remedy);
}

/* --- the way to the agent -----------------------------------------------------------------------
 */

char *
sk_ctl_start_remedy (const SkCtl *self)
{
  g_autofree char *config = self->config != NULL ? g_shell_quote (self->config) : NULL;

  if ((self->flags & SK_CTL_SOCKET) == 0)
    return g_strdup ("systemctl --user start sekisho-agent");
  return g_strdup_printf ("sekisho-agent%s%s --socket", config != NULL ? " --config " : "",
                          config != NULL ? config : "");
}

static char *
socket_address (const SkCtl *self, GError **error)
{
  g_autofree char *directory
      = sk_settings_store_directory (self->config, SK_SYSTEM_SETTINGS, error);
  g_autofree char *path = NULL;
  g_autofree char *escaped = NULL;

  if (directory == NULL)
    return NULL;
  path = sk_bus_socket_path (directory, error);
  if (path == NULL)
    return NULL;
  escaped = g_dbus_address_escape_value (path);
  return g_strdup_printf ("unix:path=%s", escaped);
}

static SkAgent1 *
reach_by_socket (const char *address, GError **error)
{
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, error);

  if (connection == NULL)
    return NULL;
  return sk_agent1_proxy_new_sync (connection, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, NULL,
                                   SK_OBJECT_PATH, NULL, error);
}

int
sk_ctl_connect (SkCtl *self, char **why)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;

  if (self->flags & SK_CTL_SOCKET)
    {
      address = socket_address (self, &error);
      if (address == NULL)
        {
          *why = g_strdup (error->message);
          return SK_CTL_WRONG_CALL;
        }
      self->agent = reach_by_socket (address, &error);
    }
  else
    self->agent = sk_agent1_proxy_new_for_bus_sync (G_BUS_TYPE_SESSION,
                                                    G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
                                                    SK_BUS_NAME, SK_OBJECT_PATH, NULL, &error);
  if (self->agent == NULL)
    {
      *why = g_strdup (error->message);
      return SK_CTL_NO_AGENT;
    }
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (self->agent), PATIENCE_MS);
  return SK_CTL_DONE;
}
