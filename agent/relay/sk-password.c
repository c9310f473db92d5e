// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-password.h"

#include "sk-error.h"
#include "sk-file.h"

#include <libsecret/secret.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_OCTETS (64 * 1024)

/* The name isn't compared, so that entries made with secret-tool are found too. */
static const SecretSchema schema = {
  "org.sekisho.Account",
  SECRET_SCHEMA_DONT_MATCH_NAME,
  {
      { "application", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "host", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "user", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

void
sk_password_free (char *password)
{
  if (password == NULL)
    return;
  explicit_bzero (password, strlen (password));
  g_free (password);
}

/* Said once a run: the file is read for each connection. */
static void
warn_if_others_can_read (const char *path)
{
  static gboolean warned;
  struct stat status;

  if (warned || stat (path, &status) != 0 || (status.st_mode & 077) == 0)
    return;
  warned = TRUE;
  g_message ("[upstream] password-file: others than you can read %s (run: chmod 600 %s)", path,
             path);
}

char *
sk_password_read_file (const char *path, GError **error)
{
  gsize length;
  char *text = sk_file_read (path, FILE_OCTETS, &length, error), *line;

  if (text == NULL)
    {
      g_prefix_error (error, "[upstream] password-file: ");
      return NULL;
    }
  warn_if_others_can_read (path);
  line = g_strndup (text, strcspn (text, "\r\n"));
  explicit_bzero (text, length);
  g_free (text);
  if (line[0] != '\0')
    return line;
  g_free (line);
  g_set_error (error, SK_ERROR, SK_ERROR_NOT_FOUND,
               "[upstream] password-file: the first line of %s is empty (write the password there)",
               path);
  return NULL;
}

static GError *
not_stored (const SkUpstream *upstream)
{
  return g_error_new (
      SK_ERROR, SK_ERROR_NOT_FOUND,
      "the keyring has no password for %s at %s (store it: secret-tool store --label=Sekisho "
      "application sekisho host %s user %s; or name a file in [upstream] password-file)",
      upstream->user, upstream->host, upstream->host, upstream->user);
}

/* A plain look-up can't tell a locked keyring from one without the entry; the items found can. */
static char *
password_of_items (const SkUpstream *upstream, GList *items, GError **error)
{
  g_autoptr (GError) locked = NULL;

  for (GList *at = items; at != NULL; at = at->next)
    {
      g_autoptr (SecretValue) value = secret_item_get_secret (at->data);
      const char *text = value != NULL ? secret_value_get_text (value) : NULL;

      if (text != NULL)
        return g_strdup (text);
      if (secret_item_get_locked (at->data) && locked == NULL)
        locked
            = g_error_new (SK_ERROR, SK_ERROR_NOT_ALLOWED,
                           "the keyring that holds the password for %s is locked (unlock it; mail "
                           "goes on by itself then)",
                           upstream->user);
    }
  g_propagate_error (error, locked != NULL ? g_steal_pointer (&locked) : not_stored (upstream));
  return NULL;
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GList *items = secret_service_search_finish (NULL, result, &error);
  char *password;

  if (error != NULL)
    {
      g_task_return_new_error (
          task, SK_ERROR, SK_ERROR_UNAVAILABLE,
          "the keyring can't be asked for the password: %s (start one, or name a file "
          "in [upstream] password-file)",
          error->message);
      return;
    }
  password = password_of_items (g_task_get_task_data (task), items, &error);
  g_list_free_full (items, g_object_unref);
  if (password != NULL)
    g_task_return_pointer (task, password, (GDestroyNotify)sk_password_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
sk_password_look_up (const SkUpstream *upstream, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (GHashTable) attributes = secret_attributes_build (
      &schema, "application", "sekisho", "host", upstream->host, "user", upstream->user, NULL);

  g_task_set_task_data (task, (gpointer)upstream, NULL);
  secret_service_search (NULL, &schema, attributes, SECRET_SEARCH_ALL | SECRET_SEARCH_LOAD_SECRETS,
                         NULL, searched_cb, g_steal_pointer (&task));
}

char *
sk_password_look_up_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
