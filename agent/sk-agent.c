// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-agent.h"

#include "agent/bus/sk-bus.h"
#include "agent/desk/sk-desk.h"
#include "agent/sk-forgetting.h"
#include "agent/sk-memory.h"
#include "agent/sk-network.h"
#include "agent/sk-policy-watch.h"
#include "sk-detector.h"
#include "sk-error.h"
#include "sk-file.h"
#include "sk-names.h"

#include <stdio.h>
#include <string.h>

#define GRACE_MILLISECONDS 2000
#define SETTLE_TURNS 1000
#define FIRST_QUIET_SECONDS 1
#define QUIET_SECONDS 120
#define NOTE_CAPABILITIES "upstream-capabilities"

struct _SkAgent {
  char *settings_file;
  SkSettings *settings;
  GPtrArray *replaced;     /* SkSettings*: what was in force before, for who still reads it */
  char *settings_problem;  /* why the newest were not taken, or NULL */
  GStrv settings_waiting;  /* what counts from the next start, or NULL */
  SkClock *clock;
  SkStore *store;
  SkRelay *relay;
  SkDesk *desk;
  SkSmtpListener *listener;
  SkBus *bus;
  SkPolicy *policy;
  gboolean reads_attachments;
  GCancellable *proving;   /* that they can be read */
  SkPolicyWatch *watch;
  SkForgetting *forgetting;
  SkNetwork *network;
  guint quiet_timer;
  guint64 mails_seen;       /* by the last look for quiet */
  guint64 mails_given_back; /* when memory was last given back */
};

/* --- policy ------------------------------------------------------------------------------------- */

static char *
first_problems (GPtrArray *problems, const GError *error)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      const SkProblem *problem = problems->pdata[i];
      g_autofree char *line = sk_problem_to_string (problem);

      if (!problem->warning)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
    }
  if (text->len == 0)
    g_string_append (text, error->message);
  return g_string_free (text, FALSE);
}

/* What rules ask of a detector that lacks something is unknown. */
static void
warn_of_detectors (SkAgent *self)
{
  g_autoptr (GString) problems = g_string_new (NULL);

  for (const char *const *name = sk_policy_detectors (self->policy); *name != NULL; name++)
    {
      const SkDetector *detector = sk_detector_find (*name);
      g_autoptr (GError) error = NULL;

      if (sk_detector_is_ready (detector, &error))
        continue;
      g_warning ("the detector %s can't be used; what rules ask of it is unknown: %s", *name,
                 error->message);
      g_string_append_printf (problems, "%s%s: %s", problems->len > 0 ? "\n" : "", *name, error->message);
    }
  sk_desk_set_detector_problem (self->desk, problems->len > 0 ? problems->str : NULL);
}

/* The agent may be gone when it was cancelled. */
static void
proved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean proved = sk_box_pool_begin_finish (result, &error);
  SkAgent *self = user_data;

  if (proved || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_warning ("what is in attachments can't be read; rules that ask for it count as unknown: %s",
             error->message);
  self->reads_attachments = FALSE;
  sk_desk_set_inspection (self->desk, NULL, error->message);
}

/* Started with the first policy that asks what is in attachments, and kept. Mail waits for it in its worker thread. */
static void
open_inspection (SkAgent *self)
{
  const SkLimits *limits = &self->settings->limits;
  SkBoxSettings settings = {
    .limits = { limits->archive_depth, limits->archive_members, limits->unpacked_bytes,
                limits->unpack_ratio, limits->attachment_text_bytes,
                sk_box_default_settings.limits.sections },
    .memory_bytes = limits->inspect_bytes,
    .seconds = limits->inspect_seconds,
  };
  g_autoptr (SkBoxPool) pool = NULL;

  if (self->reads_attachments || !sk_policy_asks_inspection (self->policy))
    return;
  self->reads_attachments = TRUE;
  pool = sk_box_pool_begin (&settings, self->proving, proved_cb, self);
  sk_desk_set_inspection (self->desk, pool, NULL);
}

gboolean
sk_agent_reload (SkAgent *self, GError **error)
{
  const char *folder = self->settings->policy_folder, *personal = self->settings->personal_file;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_problem_free);
  g_autoptr (GError) problem = NULL;
  gboolean has_personal = g_file_test (personal, G_FILE_TEST_EXISTS);
  g_autoptr (SkPolicy) policy
      = sk_policy_load (folder, has_personal ? personal : NULL, problems, &problem);
  g_autofree char *text = NULL;

  if (policy != NULL)
    {
      g_message ("policy %s is in force: %u rules, sha256 %s", folder, sk_policy_rule_count (policy),
                 sk_policy_sha256 (policy));
      g_clear_pointer (&self->policy, sk_policy_unref);
      self->policy = g_steal_pointer (&policy);
      open_inspection (self);
      warn_of_detectors (self);
      sk_desk_set_policy (self->desk, self->policy, NULL);
      return TRUE;
    }
  text = first_problems (problems, problem);
  g_warning ("policy %s is not taken; %s:\n%s", folder,
             self->policy != NULL ? "the last good one stays in force" : "all mail is held", text);
  sk_desk_set_policy (self->desk, self->policy, text);
  g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED, "%s", text);
  return FALSE;
}

static void
folder_changed_cb (gpointer user_data)
{
  sk_agent_reload (user_data, NULL);
}

static void
watch_policy (SkAgent *self)
{
  g_clear_pointer (&self->watch, sk_policy_watch_free);
  self->watch = sk_policy_watch_new (self->settings->policy_folder, self->settings->personal_file,
                                     folder_changed_cb, self);
}

/* --- settings ----------------------------------------------------------------------------------- */

static void
say_what_changed (GStrv taken, GStrv waiting)
{
  g_autofree char *now = g_strjoinv (", ", taken);
  g_autofree char *later = g_strjoinv (", ", waiting);

  if (*now != '\0')
    g_message ("changed settings are in force: %s", now);
  if (*later != '\0')
    g_warning ("changed settings count from the next start: %s (restart the agent: systemctl --user "
               "restart sekisho-agent)",
               later);
  if (*now == '\0' && *later == '\0')
    g_message ("the settings are the same as before");
}

void
sk_agent_reload_settings (SkAgent *self)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) taken = NULL;
  SkSettings *fresh = sk_settings_load (self->settings_file, SK_SYSTEM_SETTINGS, &error);

  g_clear_pointer (&self->settings_problem, g_free);
  if (fresh == NULL)
    {
      self->settings_problem = g_strdup (error->message);
      g_warning ("the settings in force stay, since the new ones can't be used:\n%s",
                 error->message);
      return;
    }
  g_clear_pointer (&self->settings_waiting, g_strfreev);
  sk_settings_adopt (self->settings, fresh, &taken, &self->settings_waiting);
  g_ptr_array_add (self->replaced, fresh);
  say_what_changed (taken, self->settings_waiting);
  if (g_strv_contains ((const char *const *) taken, "[policy] folder"))
    watch_policy (self);
  if (g_strv_contains ((const char *const *) taken, "[store] keep-days"))
    sk_forgetting_begin (self->forgetting);
}

static json_t *
describe_settings (gpointer user_data)
{
  SkAgent *self = user_data;
  json_t *json = json_object (), *waiting = json_array ();

  for (char **name = self->settings_waiting; name != NULL && *name != NULL; name++)
    json_array_append_new (waiting, json_string (*name));
  json_object_set_new (json, "from-next-start", waiting);
  if (self->settings_problem != NULL)
    json_object_set_new (json, "problem", json_string (self->settings_problem));
  return json;
}

/* --- the provider ------------------------------------------------------------------------------- */

static void
mirror_provider (SkAgent *self)
{
  const SkRelayCapabilities *seen = sk_relay_capabilities (self->relay);
  SkSmtpMirror mirror = { .size = seen->size, .smtputf8 = seen->smtputf8, .dsn = seen->dsn };

  sk_smtp_listener_set_mirror (self->listener, &mirror);
}

static void
remember_provider (SkAgent *self)
{
  const SkRelayCapabilities *seen = sk_relay_capabilities (self->relay);
  g_autofree char *note = g_strdup_printf (
      "%s %" G_GINT64_FORMAT " %d %d %d %d %d %d", self->settings->upstream_url, seen->size,
      seen->size_offered, seen->pipelining, seen->eightbitmime, seen->smtputf8, seen->dsn,
      seen->enhanced);
  g_autoptr (GError) error = NULL;

  if (!sk_store_note_set (self->store, NOTE_CAPABILITIES, note, &error))
    g_warning ("%s", error->message);
}

/* What an earlier run saw of the same provider is offered until it is seen anew. */
static void
recall_provider (SkAgent *self)
{
  g_autofree char *note = sk_store_note_get (self->store, NOTE_CAPABILITIES);
  SkRelayCapabilities seen = { .known = TRUE };
  const char *url = self->settings->upstream_url;

  if (note == NULL || !g_str_has_prefix (note, url) || note[strlen (url)] != ' '
      || sscanf (note + strlen (url), "%" G_GINT64_FORMAT " %d %d %d %d %d %d", &seen.size,
                 &seen.size_offered, &seen.pipelining, &seen.eightbitmime, &seen.smtputf8, &seen.dsn,
                 &seen.enhanced)
             != 7)
    return;
  sk_relay_set_capabilities (self->relay, &seen);
}

static void
seen_cb (gpointer user_data)
{
  SkAgent *self = user_data;

  remember_provider (self);
  mirror_provider (self);
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SkAgent *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sk_relay_probe_finish (self->relay, result, &error))
    g_message ("the provider %s does not answer yet: %s", self->settings->upstream_url,
               error->message);
}

static void
reach_changed_cb (gboolean online, gpointer user_data)
{
  SkAgent *self = user_data;

  sk_desk_set_online (self->desk, online);
}

/* --- memory ------------------------------------------------------------------------------------- */

/* Once after a burst of mails (or the start), not again while nothing comes. */
static gboolean
quiet_cb (gpointer user_data)
{
  SkAgent *self = user_data;
  guint64 mails = sk_desk_judged (self->desk);

  if (self->mails_given_back != mails && self->mails_seen == mails
      && sk_relay_running (self->relay) == 0)
    {
      sk_memory_give_back ();
      self->mails_given_back = mails;
    }
  self->mails_seen = mails;
  return G_SOURCE_CONTINUE;
}

static gboolean
first_quiet_cb (gpointer user_data)
{
  SkAgent *self = user_data;

  sk_memory_give_back ();
  self->quiet_timer = g_timeout_add_seconds (QUIET_SECONDS, quiet_cb, self);
  return G_SOURCE_REMOVE;
}

/* --- putting together --------------------------------------------------------------------------- */

static gboolean
update_cb (gpointer user_data, GError **error)
{
  return sk_agent_reload (user_data, error);
}

static gboolean
open_rooms (SkAgent *self, GError **error)
{
  self->clock = sk_clock_new_system ();
  self->store = sk_store_open (self->settings->store_directory, self->clock, error);
  if (self->store == NULL)
    return FALSE;
  self->relay = sk_relay_new (self->settings, self->clock, error);
  if (self->relay == NULL)
    return FALSE;
  recall_provider (self);
  self->desk = sk_desk_new (self->settings, self->store, self->relay, self->clock);
  return TRUE;
}

static gboolean
open_listener (SkAgent *self, GError **error)
{
  g_autofree char *tls = g_build_filename (self->settings->store_directory, "tls", NULL);

  self->listener = sk_smtp_listener_new (self->settings, sk_store_spool_directory (self->store), tls,
                                         self->clock, &sk_desk_smtp_handler, self->desk, error);
  if (self->listener == NULL)
    return FALSE;
  mirror_provider (self);
  return TRUE;
}

SkAgent *
sk_agent_new (const char *settings_file, gboolean private_socket, GError **error)
{
  g_autoptr (SkAgent) self = g_new0 (SkAgent, 1);
  const SkBusOperations operations = { .update = update_cb, .settings = describe_settings };

  self->replaced = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_settings_free);
  self->proving = g_cancellable_new ();
  self->settings_file = g_strdup (settings_file);
  self->settings = sk_settings_load (settings_file, SK_SYSTEM_SETTINGS, error);
  if (self->settings == NULL || !open_rooms (self, error))
    return NULL;
  sk_agent_reload (self, NULL);
  self->network
      = sk_network_new (self->settings->upstream_url, self->clock, reach_changed_cb, self);
  if (!sk_desk_resume (self->desk, error) || !open_listener (self, error))
    return NULL;
  sk_desk_set_port (self->desk, sk_smtp_listener_port (self->listener));
  self->bus = sk_bus_new (self->desk, &operations, self,
                          private_socket ? self->settings->store_directory : NULL, error);
  if (self->bus == NULL)
    return NULL;
  sk_relay_set_seen_func (self->relay, seen_cb, self);
  watch_policy (self);
  self->forgetting = sk_forgetting_new (self->store, self->clock, self->settings);
  sk_relay_probe (self->relay, probed_cb, self);
  self->quiet_timer = g_timeout_add_seconds (FIRST_QUIET_SECONDS, first_quiet_cb, self);
  return g_steal_pointer (&self);
}

guint16
sk_agent_port (const SkAgent *self)
{
  return sk_smtp_listener_port (self->listener);
}

static gboolean
grace_over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until the provider has answered all, at most for so long. */
static void
wait_for_provider (SkAgent *self, guint milliseconds)
{
  gboolean over = FALSE;
  guint grace = g_timeout_add (milliseconds, grace_over_cb, &over);

  while (!over && sk_relay_running (self->relay) > 0)
    g_main_context_iteration (NULL, TRUE);
  if (!over)
    g_source_remove (grace);
}

/* What is being written is written, and whoever waits for it is told. */
static void
settle (SkAgent *self)
{
  for (guint turns = 0; turns < SETTLE_TURNS; turns++)
    {
      sk_store_flush (self->store);
      if (!g_main_context_iteration (NULL, FALSE) && !sk_store_is_busy (self->store))
        break;
    }
}

/* A provider that is about to answer is heard; else the mail is one that may have been sent. No rooms are taken away
 * under somebody who is still in them. */
static void
come_to_rest (SkAgent *self)
{
  sk_desk_stop (self->desk);
  settle (self);
  wait_for_provider (self, GRACE_MILLISECONDS);
  sk_desk_cut_off (self->desk);
  wait_for_provider (self, GRACE_MILLISECONDS);
  settle (self);
}

void
sk_agent_free (SkAgent *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->proving);
  if (self->relay != NULL)
    sk_relay_set_seen_func (self->relay, NULL, NULL);
  if (self->listener != NULL)
    sk_smtp_listener_close (self->listener);
  if (self->desk != NULL)
    come_to_rest (self);
  if (self->quiet_timer != 0)
    g_source_remove (self->quiet_timer);
  g_clear_pointer (&self->network, sk_network_free);
  g_clear_pointer (&self->watch, sk_policy_watch_free);
  g_clear_pointer (&self->forgetting, sk_forgetting_free);
  g_clear_pointer (&self->bus, sk_bus_free);
  g_clear_pointer (&self->listener, sk_smtp_listener_free);
  if (self->store != NULL)
    sk_store_flush (self->store);
  g_clear_object (&self->desk);
  g_clear_pointer (&self->relay, sk_relay_free);
  g_clear_pointer (&self->store, sk_store_close);
  g_clear_pointer (&self->policy, sk_policy_unref);
  g_clear_pointer (&self->clock, sk_clock_unref);
  g_clear_object (&self->proving);
  sk_settings_free (self->settings);
  g_ptr_array_unref (self->replaced);
  g_strfreev (self->settings_waiting);
  g_free (self->settings_problem);
  g_free (self->settings_file);
  g_free (self);
}
