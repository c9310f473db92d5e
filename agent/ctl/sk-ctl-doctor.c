// SPDX-License-Identifier: GPL-3.0-or-later
/* Each check adds lines: what was looked at, whether it is well, what was found, and the remedy. A
 * check that builds on one that failed is left out.
 */
#include "agent/ctl/sk-ctl-doctor.h"

#include "agent/bus/sk-json-variant.h"
#include "agent/ctl/sk-ctl-because.h"
#include "agent/ctl/sk-ctl-print.h"
#include "agent/ctl/sk-ctl-text.h"
#include "agent/sk-settings.h"
#include "sk-autoptr.h"
#include "sk-error.h"
#include "sk-names.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* Room for a few of the largest mails and the database beside them. */
#define RESERVE_BYTES (G_GUINT64_CONSTANT (64) * 1024 * 1024)

typedef struct {
  SkCtl *ctl;
  SkSettings *settings; /* NULL: not readable */
  json_t *status;       /* NULL: no agent */
  json_t *lines;
  gboolean well;
} Doctor;

static void
say (Doctor *self, const char *check, const char *remedy, const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message, -1);

  self->well &= remedy == NULL;
  json_array_append_new (self->lines,
                         json_pack ("{s:s, s:b, s:s, s:s?}", "check", check, "ok", remedy == NULL,
                                    "message", valid, "remedy", remedy));
}

/* --- settings -----------------------------------------------------------------------------------
 */

static void
check_settings (Doctor *self)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) problems = NULL;

  self->settings = sk_settings_load (self->ctl->config, SK_SYSTEM_SETTINGS, &error);
  if (self->settings != NULL)
    {
      say (self, N_ ("settings"), NULL, _ ("they can be read"));
      return;
    }
  if (!sk_error_is_invalid (error))
    {
      say (self, N_ ("settings"), _ ("see agent.conf(5)"), error->message);
      return;
    }
  problems = g_strsplit (error->message, "\n", -1);
  for (int i = 0; problems[i] != NULL; i++)
    say (self, N_ ("settings"), _ ("mend this line; see agent.conf(5)"), problems[i]);
}

static void
check_secret (Doctor *self, const char *path)
{
  struct stat status;

  if (path == NULL || stat (path, &status) < 0 || (status.st_mode & 077) == 0)
    return;
  g_autofree char *message = g_strdup_printf (_ ("%s: others may read this password"), path);
  g_autofree char *quoted = g_shell_quote (path);
  g_autofree char *remedy = g_strdup_printf ("chmod 600 %s", quoted);

  say (self, N_ ("secrets"), remedy, message);
}

static void
check_store (Doctor *self)
{
  const char *path = self->settings->store_directory;
  struct stat status;

  if (stat (path, &status) < 0 || (status.st_mode & 077) == 0)
    return;
  g_autofree char *message = g_strdup_printf (_ ("%s: others may look into it"), path);
  g_autofree char *quoted = g_shell_quote (path);
  g_autofree char *remedy = g_strdup_printf ("chmod 700 %s", quoted);

  say (self, N_ ("store"), remedy, message);
}

/* The directory or, while it isn't there yet, the one in which it will be made. */
static gboolean
look_at_file_system (const char *path, struct statvfs *status)
{
  g_autofree char *at = g_strdup (path);

  while (statvfs (at, status) < 0)
    {
      g_autofree char *parent = g_path_get_dirname (at);

      if (g_str_equal (parent, at))
        return FALSE;
      g_free (at);
      at = g_steal_pointer (&parent);
    }
  return TRUE;
}

static void
check_space (Doctor *self)
{
  const char *path = self->settings->store_directory;
  const guint64 needed = (guint64)self->settings->limits.message_bytes * 2 + RESERVE_BYTES;
  struct statvfs status;

  if (!look_at_file_system (path, &status))
    return;
  const guint64 available = (guint64)status.f_bavail * status.f_frsize;
  g_autofree char *size = g_format_size_full (available, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *least = g_format_size_full (needed, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *message
      = g_strdup_printf (_ ("%s are free where mail is kept (%s)"), size, path);
  g_autofree char *remedy = g_strdup_printf (_ ("make room: %s are needed for large mails"), least);

  say (self, N_ ("space"), available < needed ? remedy : NULL, message);
}

/* --- the agent ----------------------------------------------------------------------------------
 */

static void
check_agent (Doctor *self)
{
  g_autoptr (GVariant) status = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  g_autofree char *remedy = sk_ctl_start_remedy (self->ctl);
  const int reached = sk_ctl_connect (self->ctl, &why);

  if (reached == SK_CTL_WRONG_CALL && self->settings == NULL)
    return; /* the settings that would say where it is have been complained about */
  if (reached == SK_CTL_DONE
      && sk_agent1_call_status_sync (self->ctl->agent, &status, NULL, &error))
    {
      self->status = sk_json_of_variant (status);
      return;
    }
  if (why == NULL)
    g_dbus_error_strip_remote_error (error);
  say (self, N_ ("agent"), remedy, why != NULL ? why : error->message);
}

static void
check_reload (Doctor *self)
{
  const json_t *waiting
      = json_object_get (json_object_get (self->status, "settings"), "from-next-start");
  json_t *name;
  gsize index;

  json_array_foreach (waiting, index, name)
  {
    g_autofree char *message = g_strdup_printf (_ ("%s: changed since the agent was started"),
                                                json_string_value (name));

    say (self, N_ ("settings"), _ ("restart the agent: systemctl --user restart sekisho-agent"), message);
  }
}

static void
check_version (Doctor *self)
{
  const char *version = sk_ctl_text_of (self->status, "version");
  g_autofree char *message = g_strdup_printf (_ ("it runs, version %s, and listens on %s"), version,
                                              sk_ctl_text_of (self->status, "listen"));
  const gboolean same = g_str_equal (version, SK_VERSION);

  say (self, N_ ("agent"),
       same ? NULL : _ ("another version is installed: systemctl --user restart sekisho-agent"),
       message);
}

static void
check_policy (Doctor *self)
{
  const json_t *policy = json_object_get (self->status, "policy");
  const char *problem = sk_ctl_text_of (policy, "problem");

  if (*problem != '\0')
    say (self, N_ ("policy"), _ ("mend it, then: sekishoctl update"), problem);
  else if (!json_is_true (json_object_get (policy, "in-force")))
    say (self, N_ ("policy"), _ ("name its folder in agent.conf, [policy] folder"),
         _ ("none is in force: all mail is held"));
  else
    say (self, N_ ("policy"), NULL, sk_ctl_text_of (policy, "organization"));
}

static void
check_inspection (Doctor *self)
{
  const json_t *inspection = json_object_get (self->status, "inspection");
  const char *problem = sk_ctl_text_of (inspection, "problem");
  g_autofree char *told = sk_ctl_obstacle (problem);

  if (*problem != '\0')
    say (self, N_ ("attachments"), _ ("mend it, then restart the agent: systemctl --user restart sekisho-agent"),
         told);
  if (*sk_ctl_text_of (inspection, "detectors") != '\0')
    say (self, N_ ("detectors"), _ ("mend it, then restart the agent: systemctl --user restart sekisho-agent"),
         sk_ctl_text_of (inspection, "detectors"));
  if (*problem == '\0' && json_is_true (json_object_get (inspection, "ready")))
    say (self, N_ ("attachments"), NULL, _ ("are read in a sandbox"));
}

static void
check_provider (Doctor *self)
{
  const json_t *upstream = json_object_get (self->status, "upstream");
  const char *url = sk_ctl_text_of (upstream, "url");
  g_autofree char *unseen = g_strdup_printf (_ ("%s has never answered"), url);

  if (!json_is_true (json_object_get (upstream, "online")))
    say (self, N_ ("provider"), _ ("connect to the network; mail waits until then"),
         _ ("there is no network"));
  else if (!json_is_true (json_object_get (upstream, "seen")))
    say (self, N_ ("provider"), _ ("check [upstream] url, user and password-file, and the agent's log"),
         unseen);
  else
    say (self, N_ ("provider"), NULL, url);
}

static const struct {
  const char *state, *message, *remedy;
} troubles[] = {
  { "failed", N_ ("%d could not be sent"), N_ ("sekishoctl list, then retry ID or cancel ID") },
  { "may-have-been-sent", N_ ("of %d it is not known whether they were sent"),
    N_ ("look into the provider's sent mail, then sekishoctl resolve ID") },
};

static void
check_mail (Doctor *self)
{
  const json_t *counts = json_object_get (self->status, "deliveries");

  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      const int count = (int)json_integer_value (json_object_get (counts, troubles[i].state));

      if (count == 0)
        continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      g_autofree char *message = g_strdup_printf (_ (troubles[i].message), count);
#pragma GCC diagnostic pop

      say (self, N_ ("mail"), _ (troubles[i].remedy), message);
    }
}

/* --- the whole ----------------------------------------------------------------------------------
 */

static void
print_lines (const json_t *lines)
{
  g_autoptr (SkCtlTable) table = sk_ctl_table_new (3);
  g_autofree char *text = NULL;
  json_t *line;
  gsize index;

  json_array_foreach (lines, index, line)
  {
    const gboolean well = json_is_true (json_object_get (line, "ok"));
    g_auto (GStrv) parts = g_strsplit (sk_ctl_text_of (line, "message"), "\n", -1);

    for (int i = 0; parts[i] != NULL; i++)
      sk_ctl_table_add (table,
                        (const char *[]){ i > 0  ? ""
                                          : well ? _ ("ok")
                                                 : _ ("WRONG"),
                                          i > 0 ? "" : _ (sk_ctl_text_of (line, "check")), parts[i] });
    if (!well)
      {
        g_autofree char *remedy = g_strdup_printf ("-> %s", sk_ctl_text_of (line, "remedy"));

        sk_ctl_table_add (table, (const char *[]){ "", "", remedy });
      }
  }
  text = sk_ctl_table_to_string (table);
  fputs (text, stdout);
}

static void
examine (Doctor *self)
{
  check_settings (self);
  if (self->settings != NULL)
    {
      check_secret (self, self->settings->client_password_file);
      check_secret (self, self->settings->upstream_password_file);
      check_store (self);
      check_space (self);
    }
  check_agent (self);
  if (self->status == NULL)
    return;
  check_reload (self);
  check_version (self);
  check_policy (self);
  check_inspection (self);
  check_provider (self);
  check_mail (self);
}

int
sk_ctl_doctor (SkCtl *ctl)
{
  Doctor self = { .ctl = ctl, .lines = json_array (), .well = TRUE };
  int status;

  examine (&self);
  if (ctl->flags & SK_CTL_JSON)
    sk_ctl_print_json (self.lines);
  else
    print_lines (self.lines);
  status = self.status == NULL ? SK_CTL_NO_AGENT : self.well ? SK_CTL_DONE : SK_CTL_NOT_ALLOWED;
  json_decref (self.lines);
  json_decref (self.status);
  sk_settings_free (self.settings);
  return status;
}
