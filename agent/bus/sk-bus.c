// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/bus/sk-bus.h"

#include "agent/bus/sk-agent1.h"
#include "agent/bus/sk-bus-socket.h"
#include "agent/bus/sk-json-variant.h"
#include "sk-autoptr.h"
#include "sk-error.h"
#include "sk-names.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* It is held in memory while it is read. */
#define IMPORT_BYTES (G_GINT64_CONSTANT (1024) * 1024 * 1024)

struct _SkBus {
  SkDesk *desk;
  SkBusOperations operations;
  gpointer user_data;
  SkAgent1 *skeleton;
  guint name;
  GDBusServer *server;
  char *socket_path;
  GPtrArray *peers; /* GDBusConnection* of the private socket */
  gulong changed_handler, attention_handler;
};

/* --- errors -------------------------------------------------------------------------------------
 */

static const struct {
  SkErrorCode code;
  const char *name;
} error_names[] = {
  { SK_ERROR_INVALID, "org.sekisho.Error.Invalid" },
  { SK_ERROR_LIMIT, "org.sekisho.Error.Invalid" },
  { SK_ERROR_NOT_FOUND, "org.sekisho.Error.NotFound" },
  { SK_ERROR_NOT_ALLOWED, "org.sekisho.Error.NotAllowed" },
};

static gboolean
fail (GDBusMethodInvocation *invocation, const GError *error)
{
  const char *name = "org.sekisho.Error.Failed";

  for (gsize i = 0; i < G_N_ELEMENTS (error_names); i++)
    if (g_error_matches (error, SK_ERROR, (int)error_names[i].code))
      name = error_names[i].name;
  g_dbus_method_invocation_return_dbus_error (invocation, name, error->message);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* --- ids ----------------------------------------------------------------------------------------
 */

/* An unambiguous beginning of an id stands for it. */
static char *
resolve_id (SkBus *self, const char *given, GError **error)
{
  if (g_uuid_string_is_valid (given))
    return g_strdup (given);
  if (*given != '\0')
    return sk_desk_find (self->desk, given, error);
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "the id is empty (list shows them)");
  return NULL;
}

/* --- methods ------------------------------------------------------------------------------------
 */

/* What isn't understood is refused: a filter that is overlooked would show mails nobody asked for.
 */
static gboolean
read_filter (GVariant *filter, gboolean *all, GError **error)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;
  gboolean understood = TRUE;

  *all = FALSE;
  g_variant_iter_init (&iter, filter);
  while (understood && g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      understood = g_str_equal (key, "all") && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN);
      if (understood)
        *all = g_variant_get_boolean (value);
      else
        g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                     "the filter '%s' of type %s is not known (there is: 'all' of type b)", key,
                     g_variant_get_type_string (value));
      g_variant_unref (value);
    }
  return understood;
}

static gboolean
handle_list_mails (SkAgent1 *skeleton, GDBusMethodInvocation *invocation, GVariant *filter,
                   gpointer user_data)
{
  SkBus *self = user_data;
  gboolean all = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) mails = NULL;

  if (read_filter (filter, &all, &error))
    mails = sk_desk_list (self->desk, all, &error);
  if (mails == NULL)
    return fail (invocation, error);
  sk_agent1_complete_list_mails (skeleton, invocation, sk_variant_of_array (mails));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_get_mail (SkAgent1 *skeleton, GDBusMethodInvocation *invocation, const char *given,
                 gpointer user_data)
{
  SkBus *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = resolve_id (self, given, &error);
  g_autoptr (json_t) mail = id != NULL ? sk_desk_show (self->desk, id, &error) : NULL;

  if (mail == NULL)
    return fail (invocation, error);
  sk_agent1_complete_get_mail (skeleton, invocation, sk_variant_of_object (mail));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_open_message (SkAgent1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *none,
                     const char *given, gpointer user_data)
{
  SkBus *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) list = NULL;
  g_autofree char *id = resolve_id (self, given, &error);
  int fd = id != NULL ? sk_desk_open_message (self->desk, id, &error) : -1;

  if (fd < 0)
    return fail (invocation, error);
  list = g_unix_fd_list_new_from_array (&fd, 1);
  sk_agent1_complete_open_message (skeleton, invocation, list, g_variant_new_handle (0));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
commanded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;

  if (sk_desk_command_finish (SK_DESK (source), result, &error))
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    fail (invocation, error);
}

static gboolean
handle_command (SkAgent1 *skeleton, GDBusMethodInvocation *invocation, const char *given,
                guint revision, const char *command, GVariant *arguments, gpointer user_data)
{
  SkBus *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) json = sk_json_of_variant (arguments);
  g_autofree char *id = resolve_id (self, given, &error);

  if (id == NULL)
    return fail (invocation, error);
  sk_desk_command (self->desk, id, revision, command, json, commanded_cb, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static GVariant *
status_variant (SkBus *self)
{
  g_autoptr (json_t) status = sk_desk_status (self->desk);

  json_object_set_new (status, "settings", self->operations.settings (self->user_data));
  return sk_variant_of_object (status);
}

static gboolean
handle_status (SkAgent1 *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  sk_agent1_complete_status (skeleton, invocation, status_variant (user_data));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_update (SkAgent1 *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  SkBus *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!self->operations.update (self->user_data, &error))
    return fail (invocation, error);
  sk_agent1_complete_update (skeleton, invocation, status_variant (self));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_history (SkAgent1 *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  SkBus *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) rows = sk_desk_history (self->desk, &error);

  if (rows == NULL)
    return fail (invocation, error);
  sk_agent1_complete_history (skeleton, invocation, sk_variant_of_array (rows));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Whoever handed it over may still write to it or cut it: it is read, not mapped. */
static gboolean
read_descriptor (int fd, char *text, gsize length, gsize *done, GError **error)
{
  gssize n = 1;

  for (*done = 0; *done < length && n != 0; *done += (gsize)MAX (n, 0))
    {
      n = pread (fd, text + *done, length - *done, (off_t)*done);
      if (n < 0 && errno != EINTR)
        return sk_error_set_errno (error, errno, "the history file");
    }
  return TRUE;
}

/* The whole file; NULL on error. */
static char *
read_history (int fd, gsize *length, GError **error)
{
  g_autofree char *text = NULL;
  struct stat status;

  if (fstat (fd, &status) < 0 || !S_ISREG (status.st_mode) || status.st_size == 0
      || status.st_size > IMPORT_BYTES)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "history can be imported from a plain file that is not empty, of at most 1 GiB "
                   "(split a larger one)");
      return NULL;
    }
  text = g_try_malloc ((gsize)status.st_size);
  if (text == NULL)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_LIMIT,
                   "there is not enough memory for this file (split it)");
      return NULL;
    }
  return read_descriptor (fd, text, (gsize)status.st_size, length, error) ? g_steal_pointer (&text)
                                                                          : NULL;
}

static void
imported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  const gint64 count = sk_desk_history_import_finish (SK_DESK (source), result, &error);

  if (count >= 0)
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(x)", count));
  else
    fail (invocation, error);
}

static gboolean
handle_import_history (SkAgent1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *list,
                       GVariant *file, gpointer user_data)
{
  SkBus *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;
  int fd = list != NULL ? g_unix_fd_list_get (list, g_variant_get_handle (file), &error) : -1;

  if (fd >= 0)
    {
      text = read_history (fd, &length, &error);
      close (fd);
    }
  else if (error == NULL)
    g_set_error (&error, SK_ERROR, SK_ERROR_INVALID, "no file was handed over");
  if (text == NULL)
    return fail (invocation, error);
  sk_desk_history_import (self->desk, text, length, imported_cb, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static const struct {
  const char *signal;
  GCallback handler;
} handlers[] = {
  { "handle-list-mails", G_CALLBACK (handle_list_mails) },
  { "handle-get-mail", G_CALLBACK (handle_get_mail) },
  { "handle-open-message", G_CALLBACK (handle_open_message) },
  { "handle-command", G_CALLBACK (handle_command) },
  { "handle-status", G_CALLBACK (handle_status) },
  { "handle-update", G_CALLBACK (handle_update) },
  { "handle-history", G_CALLBACK (handle_history) },
  { "handle-import-history", G_CALLBACK (handle_import_history) },
};

/* --- signals ------------------------------------------------------------------------------------
 */

static void
changed_cb (SkDesk *desk, const char *id, guint revision, gpointer user_data)
{
  sk_agent1_emit_changed (((SkBus *)user_data)->skeleton, id, revision);
}

static void
attention_cb (SkDesk *desk, const char *id, const char *kind, gpointer user_data)
{
  sk_agent1_emit_attention (((SkBus *)user_data)->skeleton, id, kind);
}

/* --- the session bus ----------------------------------------------------------------------------
 */

static void
bus_acquired_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  SkBus *self = user_data;
  g_autoptr (GError) error = NULL;

  /* Mail goes on without a bus; GLib's shared connection would end the process with it. */
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                         SK_OBJECT_PATH, &error))
    g_warning ("%s", error->message);
}

static void
name_lost_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  if (connection == NULL || g_dbus_connection_is_closed (connection))
    g_message ("there is no session bus: windows and sekishoctl can't reach this agent (--socket "
               "gives it a socket of its own)");
  else
    g_warning ("another agent has the name %s on this bus", name);
}

/* --- the private socket -------------------------------------------------------------------------
 */

static gboolean
authorize_cb (GDBusAuthObserver *observer, GIOStream *stream, GCredentials *credentials,
              gpointer user_data)
{
  return credentials != NULL && g_credentials_get_unix_user (credentials, NULL) == getuid ();
}

static gboolean
mechanism_cb (GDBusAuthObserver *observer, const char *mechanism, gpointer user_data)
{
  return g_str_equal (mechanism, "EXTERNAL");
}

static void
peer_closed_cb (GDBusConnection *connection, gboolean vanished, GError *error, gpointer user_data)
{
  SkBus *self = user_data;

  g_dbus_interface_skeleton_unexport_from_connection (G_DBUS_INTERFACE_SKELETON (self->skeleton),
                                                      connection);
  g_ptr_array_remove (self->peers, connection);
}

static gboolean
new_connection_cb (GDBusServer *server, GDBusConnection *connection, gpointer user_data)
{
  SkBus *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                         SK_OBJECT_PATH, &error))
    {
      g_warning ("%s", error->message);
      return FALSE;
    }
  g_ptr_array_add (self->peers, g_object_ref (connection));
  g_signal_connect (connection, "closed", G_CALLBACK (peer_closed_cb), self);
  return TRUE;
}

/* The store's lock has seen to it that no other agent lives on this directory: a socket there is a
 * dead one's. */
static gboolean
listen_on_socket (SkBus *self, const char *directory, GError **error)
{
  g_autoptr (GDBusAuthObserver) observer = g_dbus_auth_observer_new ();
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autofree char *escaped = NULL;
  g_autofree char *address = NULL;
  mode_t before;

  self->socket_path = sk_bus_socket_path (directory, error);
  if (self->socket_path == NULL)
    return FALSE;
  unlink (self->socket_path);
  escaped = g_dbus_address_escape_value (self->socket_path);
  address = g_strdup_printf ("unix:path=%s", escaped);
  g_signal_connect (observer, "authorize-authenticated-peer", G_CALLBACK (authorize_cb), NULL);
  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (mechanism_cb), NULL);
  before = umask (0177); /* not even for a moment is it anybody's */
  self->server
      = g_dbus_server_new_sync (address, G_DBUS_SERVER_FLAGS_NONE, guid, observer, NULL, error);
  umask (before);
  if (self->server == NULL)
    return FALSE;
  if (chmod (self->socket_path, 0600) < 0)
    return sk_error_set_errno (error, errno, "%s", self->socket_path);
  g_signal_connect (self->server, "new-connection", G_CALLBACK (new_connection_cb), self);
  g_dbus_server_start (self->server);
  return TRUE;
}

/* --- lifetime -----------------------------------------------------------------------------------
 */

SkBus *
sk_bus_new (SkDesk *desk, const SkBusOperations *operations, gpointer user_data,
            const char *socket_directory, GError **error)
{
  g_autoptr (SkBus) self = g_new0 (SkBus, 1);

  self->desk = desk;
  self->operations = *operations;
  self->user_data = user_data;
  self->peers = g_ptr_array_new_with_free_func (g_object_unref);
  self->skeleton = sk_agent1_skeleton_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect (self->skeleton, handlers[i].signal, handlers[i].handler, self);
  self->changed_handler = g_signal_connect (desk, "changed", G_CALLBACK (changed_cb), self);
  self->attention_handler = g_signal_connect (desk, "attention", G_CALLBACK (attention_cb), self);
  if (socket_directory == NULL)
    self->name = g_bus_own_name (G_BUS_TYPE_SESSION, SK_BUS_NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                                 bus_acquired_cb, NULL, name_lost_cb, self, NULL);
  else if (!listen_on_socket (self, socket_directory, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* From wherever it is still exported. */
static void
unexport (SkAgent1 *skeleton)
{
  GDBusInterfaceSkeleton *interface = G_DBUS_INTERFACE_SKELETON (skeleton);
  GList *connections = g_dbus_interface_skeleton_get_connections (interface);

  for (GList *at = connections; at != NULL; at = at->next)
    g_dbus_interface_skeleton_unexport_from_connection (interface, at->data);
  g_list_free_full (connections, g_object_unref);
}

void
sk_bus_free (SkBus *self)
{
  if (self == NULL)
    return;
  g_signal_handler_disconnect (self->desk, self->changed_handler);
  g_signal_handler_disconnect (self->desk, self->attention_handler);
  g_clear_handle_id (&self->name, g_bus_unown_name);
  for (guint i = 0; i < self->peers->len; i++)
    g_signal_handlers_disconnect_by_data (self->peers->pdata[i], self);
  if (self->server != NULL)
    g_dbus_server_stop (self->server);
  g_clear_object (&self->server);
  if (self->socket_path != NULL)
    unlink (self->socket_path);
  unexport (self->skeleton);
  g_ptr_array_unref (self->peers);
  g_object_unref (self->skeleton);
  g_free (self->socket_path);
  g_free (self);
}
