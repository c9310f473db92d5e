// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl-commands.h"

#include "agent/bus/sk-json-variant.h"
#include "agent/ctl/sk-ctl-print.h"
#include "agent/ctl/sk-ctl-refusal.h"
#include "agent/ctl/sk-ctl-save.h"
#include "agent/ctl/sk-ctl-text.h"
#include "sk-autoptr.h"
#include "sk-error.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* --- showing ------------------------------------------------------------------------------------
 */

/* On the bus what there isn't is left out; here it is null, so that every row has the same keys. */
static void
say_null (json_t *object, const char *const *names)
{
  for (; *names != NULL; names++)
    if (json_object_get (object, *names) == NULL)
      json_object_set_new (object, *names, json_null ());
}

static void
complete_gate (json_t *gate)
{
  if (g_str_equal (sk_ctl_text_of (gate, "kind"), "hold"))
    say_null (gate, (const char *const[]){ "until", "expires", "by", "at", "reason", NULL });
  else
    say_null (gate, (const char *const[]){ "expires", NULL });
}

static void
complete_mail (json_t *mail)
{
  json_t *delivery, *gate;
  gsize i, j;

  json_array_foreach (json_object_get (mail, "deliveries"), i, delivery)
  {
    say_null (delivery, (const char *const[]){ "reply", "next-try", NULL });
    json_array_foreach (json_object_get (delivery, "gates"), j, gate) complete_gate (gate);
  }
}

static int
show (const SkCtl *self, const json_t *json, void (*print) (const json_t *json))
{
  if (self->flags & SK_CTL_JSON)
    sk_ctl_print_json (json);
  else
    print (json);
  return SK_CTL_DONE;
}

int
sk_ctl_status (SkCtl *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) status = NULL;
  g_autoptr (json_t) json = NULL;

  if (!sk_agent1_call_status_sync (self->agent, &status, NULL, &error))
    return sk_ctl_fail (self, error);
  json = sk_json_of_variant (status);
  return show (self, json, sk_ctl_print_status);
}

int
sk_ctl_list (SkCtl *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) mails = NULL;
  g_autoptr (json_t) json = NULL;
  GVariantDict filter;
  json_t *mail;
  gsize index;

  g_variant_dict_init (&filter, NULL);
  g_variant_dict_insert (&filter, "all", "b", (self->flags & SK_CTL_ALL) != 0);
  if (!sk_agent1_call_list_mails_sync (self->agent, g_variant_dict_end (&filter), &mails, NULL,
                                       &error))
    return sk_ctl_fail (self, error);
  json = sk_json_of_variant (mails);
  json_array_foreach (json, index, mail) complete_mail (mail);
  return show (self, json, sk_ctl_print_list);
}

int
sk_ctl_show (SkCtl *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) mail = NULL;
  g_autoptr (json_t) json = NULL;

  if (!sk_agent1_call_get_mail_sync (self->agent, self->words[0], &mail, NULL, &error))
    return sk_ctl_fail (self, error);
  json = sk_json_of_variant (mail);
  complete_mail (json);
  return show (self, json, sk_ctl_print_mail);
}

int
sk_ctl_history (SkCtl *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (json_t) json = NULL;
  json_t *row;
  gsize index;

  if (!sk_agent1_call_history_sync (self->agent, &rows, NULL, &error))
    return sk_ctl_fail (self, error);
  json = sk_json_of_variant (rows);
  json_array_foreach (json, index, row) say_null (row, (const char *const[]){ "last", NULL });
  return show (self, json, sk_ctl_print_history);
}

int
sk_ctl_update (SkCtl *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) status = NULL;
  g_autoptr (json_t) json = NULL;

  if (!sk_agent1_call_update_sync (self->agent, &status, NULL, &error))
    return sk_ctl_fail (self, error);
  json = sk_json_of_variant (status);
  return show (self, json, sk_ctl_print_status);
}

/* --- commands on a mail -------------------------------------------------------------------------
 */

static int
give_command (SkCtl *self, const char *command, const char *how)
{
  g_autoptr (GError) error = NULL;
  GVariantDict details;

  g_variant_dict_init (&details, NULL);
  if (how != NULL)
    g_variant_dict_insert (&details, "how", "s", how);
  if (!sk_agent1_call_command_sync (self->agent, self->words[0], 0, command,
                                    g_variant_dict_end (&details), NULL, &error))
    return sk_ctl_fail_command (self, error);
  if (self->flags & SK_CTL_JSON)
    puts ("{\"done\": true}");
  else
    printf (_ ("%s: done for %s\n"), command, self->words[0]);
  return SK_CTL_DONE;
}

int
sk_ctl_release (SkCtl *self)
{
  return give_command (self, "release", NULL);
}

int
sk_ctl_cancel (SkCtl *self)
{
  return give_command (self, "cancel", NULL);
}

int
sk_ctl_retry (SkCtl *self)
{
  return give_command (self, "retry", NULL);
}

int
sk_ctl_resolve (SkCtl *self)
{
  const char *how = self->flags & SK_CTL_SENT    ? "sent"
                    : self->flags & SK_CTL_AGAIN ? "again"
                                                 : "drop";

  return give_command (self, "resolve", how);
}

/* --- files --------------------------------------------------------------------------------------
 */

static int
open_message (SkCtl *self, GError **error)
{
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GVariant) handle = NULL;

  if (!sk_agent1_call_open_message_sync (self->agent, self->words[0], NULL, &handle, &list, NULL,
                                         error))
    return -1;
  if (list != NULL)
    return g_unix_fd_list_get (list, g_variant_get_handle (handle), error);
  g_set_error (error, SK_ERROR, SK_ERROR_UNAVAILABLE, "the connection carries no files");
  return -1;
}

static int
fail_to_open (const SkCtl *self, GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);
  g_autofree char *message = NULL;

  if (g_strcmp0 (name, "org.sekisho.Error.NotAllowed") != 0)
    return sk_ctl_fail (self, error);
  message = g_strdup_printf (_ ("the text of mail %s is not kept: it went straight to the provider"),
                             self->words[0]);
  return sk_ctl_refuse_with (self, SK_CTL_NOT_ALLOWED, message,
                             _ ("look into the mail program's or the provider's sent mail"));
}

int
sk_ctl_save_mail (SkCtl *self)
{
  const char *path = self->words[1];
  const gboolean to_output = g_str_equal (path, "-");
  g_autoptr (GError) error = NULL;
  const int fd = open_message (self, &error);
  gboolean saved;

  if (fd < 0)
    return fail_to_open (self, error);
  saved = to_output ? sk_ctl_copy (fd, STDOUT_FILENO, path, &error)
                    : sk_ctl_save (fd, path, (self->flags & SK_CTL_FORCE) != 0, &error);
  close (fd);
  if (!saved)
    return sk_ctl_refuse (self, SK_CTL_NOT_ALLOWED, "%s", error->message);
  if (!to_output && self->flags & SK_CTL_JSON)
    puts ("{\"done\": true}");
  return SK_CTL_DONE;
}

/* The agent has only a descriptor, and calls the file "history"; the error's name stands before that. */
static void
name_file (GError *error, const char *path)
{
  static const char called[] = ": history:";
  g_autofree char *old = error->message;
  const char *found = strstr (old, called);

  if (found == NULL)
    error->message = g_steal_pointer (&old);
  else
    error->message = g_strdup_printf ("%.*s: %s:%s", (int)(found - old), old, path,
                                      found + strlen (called));
}

int
sk_ctl_import_history (SkCtl *self)
{
  const char *path = self->words[0];
  const int fd = open (path, O_RDONLY | O_CLOEXEC);
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) list = NULL;
  gint64 count;

  if (fd < 0)
    return sk_ctl_refuse (self, SK_CTL_WRONG_CALL,
                          _ ("%s: %s (name a file that you can read)"), path, g_strerror (errno));
  list = g_unix_fd_list_new_from_array (&fd, 1);
  if (!sk_agent1_call_import_history_sync (self->agent, g_variant_new_handle (0), list, &count,
                                           NULL, NULL, &error))
    {
      name_file (error, path);
      return sk_ctl_fail (self, error);
    }
  if (self->flags & SK_CTL_JSON)
    printf ("{\"count\": %" G_GINT64_FORMAT "}\n", count);
  else
    printf (_ ("%ld addresses taken from %s\n"), (long)count, path);
  return SK_CTL_DONE;
}
