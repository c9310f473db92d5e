/* The relay alone, for tests/integration/test_relay.py and for measuring.
 *
 * Reads one JSON object from standard input and prints one:
 *
 *   {"settings": {"url", "tls", "ca_file", "user", "password_file", "connections"},
 *    "deadlines": {"connect", "reply", "final", "idle"},        milliseconds
 *    "mails": [{"file", "segments": [[offset, length] | "literal", …], "from", "to": ["…" |
 * {"address", "notify", "orcpt"}], "body_8bit", "smtputf8", "ret", "envid", "all_or_nothing",
 *               "before_dot": "now" | "later" | "abandon" | "abandon-later" | "none",
 *               "wait": milliseconds until "later", "cancel": milliseconds, "cancel_at": "start" |
 * "dot", "pause": milliseconds before it starts, "repeat": times}], "parallel": all at once,
 * "probe": first, "linger": milliseconds at the end}
 *
 *   {"results": [{…}], "capabilities": {…}, "cpu_us", "wall_us": a mail's mean, "rss_kib"} or
 * {"error"}
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-relay.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  SkRelay *relay;
  GMainLoop *loop;
  json_t *mails, *results;
  guint running;
  gsize next;      /* in mails */
  int repeat_left; /* of the current one */
  gboolean parallel;
} Runner;

typedef struct {
  Runner *runner;
  json_t *spec, *result;
  SkRelayMail mail;
  GArray *segments;
  GPtrArray *recipients;
  GCancellable *cancellable;
  SkRelayJob *job;
  guint before_dot_calls;
} Attempt;

static void run_next (Runner *self);

static const char *
text_of (const json_t *object, const char *key, const char *otherwise)
{
  const char *text = json_string_value (json_object_get (object, key));

  return text != NULL ? text : otherwise;
}

static gint64
number_of (const json_t *object, const char *key, gint64 otherwise)
{
  const json_t *value = json_object_get (object, key);

  return json_is_number (value) ? (gint64)json_number_value (value) : otherwise;
}

/* --- a result as JSON --- */

static json_t *
json_of_reply (const SkReply *reply)
{
  if (reply == NULL)
    return json_null ();
  return json_pack ("{s:i, s:s?, s:s}", "code", (int)reply->code, "enhanced", reply->enhanced,
                    "text", reply->text);
}

static json_t *
json_of_result (const SkRelayResult *result)
{
  static const char *const outcomes[] = { "accepted", "rejected", "deferred", "unknown" };
  static const char *const phases[] = { "connecting", "envelope", "content", "dot" };
  json_t *recipients = json_array ();

  for (guint i = 0; i < result->recipient_replies->len; i++)
    json_array_append_new (recipients,
                           json_of_reply (g_ptr_array_index (result->recipient_replies, i)));
  return json_pack (
      "{s:s, s:s, s:b, s:o, s:o, s:s?, s:I, s:I, s:I, s:I}", "outcome", outcomes[result->outcome],
      "phase", phases[result->phase], "unreachable", result->unreachable, "reply",
      json_of_reply (result->reply), "recipients", recipients, "problem", result->problem,
      "connect_us", (json_int_t)result->connect_us, "envelope_us", (json_int_t)result->envelope_us,
      "content_us", (json_int_t)result->content_us, "answer_us", (json_int_t)result->answer_us);
}

/* --- one mail --- */

static void
take_segments (Attempt *self, const json_t *segments, gint64 size)
{
  gsize i;
  json_t *value;

  self->segments = g_array_new (FALSE, FALSE, sizeof (SkSegment));
  if (segments == NULL)
    g_array_append_vals (self->segments, &(SkSegment){ .length = size }, 1);
  json_array_foreach (segments, i, value)
  {
    SkSegment segment = { 0 };

    if (json_is_string (value))
      {
        segment.literal = json_string_value (value);
        segment.length = (gint64)json_string_length (value);
      }
    else
      {
        segment.offset = json_integer_value (json_array_get (value, 0));
        segment.length = json_integer_value (json_array_get (value, 1));
      }
    g_array_append_val (self->segments, segment);
  }
  self->mail.segments = (const SkSegment *)(gpointer)self->segments->data;
  self->mail.segment_count = self->segments->len;
  for (guint s = 0; s < self->segments->len; s++)
    self->mail.size += self->mail.segments[s].length;
}

static void
take_recipients (Attempt *self, const json_t *to)
{
  gsize i;
  json_t *value;

  self->recipients = g_ptr_array_new_with_free_func ((GDestroyNotify)sk_envelope_recipient_free);
  json_array_foreach (to, i, value) g_ptr_array_add (
      self->recipients, json_is_string (value)
                            ? sk_envelope_recipient_new (json_string_value (value), NULL, NULL)
                            : sk_envelope_recipient_new (text_of (value, "address", ""),
                                                         text_of (value, "notify", NULL),
                                                         text_of (value, "orcpt", NULL)));
  self->mail.recipients = self->recipients;
}

static Attempt *
attempt_new (Runner *runner, json_t *spec)
{
  Attempt *self = g_new0 (Attempt, 1);
  struct stat status = { 0 };

  self->runner = runner;
  self->spec = spec;
  self->mail.id = "test";
  self->mail.fd = open (text_of (spec, "file", "/dev/null"), O_RDONLY | O_CLOEXEC);
  fstat (self->mail.fd, &status);
  take_segments (self, json_object_get (spec, "segments"), status.st_size);
  take_recipients (self, json_object_get (spec, "to"));
  self->mail.mail_from = text_of (spec, "from", "");
  self->mail.body_8bit = json_is_true (json_object_get (spec, "body_8bit"));
  self->mail.smtputf8 = json_is_true (json_object_get (spec, "smtputf8"));
  self->mail.all_or_nothing = json_is_true (json_object_get (spec, "all_or_nothing"));
  self->mail.ret = text_of (spec, "ret", NULL);
  self->mail.envid = text_of (spec, "envid", NULL);
  self->cancellable = g_cancellable_new ();
  return self;
}

static void
attempt_free (Attempt *self)
{
  close (self->mail.fd);
  g_array_unref (self->segments);
  g_ptr_array_unref (self->recipients);
  g_object_unref (self->cancellable);
  g_free (self);
}

static gboolean
later_cb (gpointer user_data)
{
  Attempt *self = user_data;

  if (g_str_equal (text_of (self->spec, "before_dot", ""), "later"))
    sk_relay_job_proceed (self->job);
  else
    sk_relay_job_abandon (self->job);
  return G_SOURCE_REMOVE;
}

static void
before_dot_cb (SkRelayJob *job, gpointer user_data)
{
  Attempt *self = user_data;
  const char *what = text_of (self->spec, "before_dot", "now");

  self->before_dot_calls++;
  self->job = job;
  if (g_str_equal (text_of (self->spec, "cancel_at", ""), "dot"))
    g_cancellable_cancel (self->cancellable);
  if (g_str_equal (what, "now"))
    sk_relay_job_proceed (job);
  else if (g_str_equal (what, "abandon"))
    sk_relay_job_abandon (job);
  else
    g_timeout_add ((guint)number_of (self->spec, "wait", 50), later_cb, self);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Attempt *self = user_data;
  Runner *runner = self->runner;
  g_autoptr (SkRelayResult) sent = sk_relay_send_finish (runner->relay, result);
  json_t *json = json_of_result (sent);

  g_assert (source == NULL);
  json_object_set_new (json, "before_dot_calls", json_integer ((json_int_t)self->before_dot_calls));
  json_array_append_new (runner->results, json);
  attempt_free (self);
  runner->running--;
  if (runner->next == json_array_size (runner->mails) && runner->repeat_left == 0)
    {
      if (runner->running == 0)
        g_main_loop_quit (runner->loop);
    }
  else if (!runner->parallel)
    run_next (runner);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
start_cb (gpointer user_data)
{
  Attempt *self = user_data;
  gint64 cancel = number_of (self->spec, "cancel", -1);
  gboolean none = g_str_equal (text_of (self->spec, "before_dot", ""), "none");

  if (g_str_equal (text_of (self->spec, "cancel_at", ""), "start"))
    g_cancellable_cancel (self->cancellable);
  if (cancel >= 0)
    g_timeout_add_full (G_PRIORITY_DEFAULT, (guint)cancel, cancel_cb,
                        g_object_ref (self->cancellable), g_object_unref);
  sk_relay_send (self->runner->relay, &self->mail, self->cancellable, none ? NULL : before_dot_cb,
                 self, sent_cb, self);
  return G_SOURCE_REMOVE;
}

/* --- all of them --- */

static void
run_next (Runner *self)
{
  json_t *spec;
  gint64 pause;

  if (self->repeat_left == 0)
    self->repeat_left = (int)number_of (json_array_get (self->mails, self->next++), "repeat", 1);
  self->repeat_left--;
  spec = json_array_get (self->mails, self->next - 1);
  pause = number_of (spec, "pause", 0);
  self->running++;
  if (pause > 0)
    g_timeout_add ((guint)pause, start_cb, attempt_new (self, spec));
  else
    start_cb (attempt_new (self, spec));
}

static void
run_all (Runner *self)
{
  gsize count = json_array_size (self->mails);

  if (count == 0)
    return;
  do
    run_next (self);
  while (self->parallel && (self->next < count || self->repeat_left > 0));
  g_main_loop_run (self->loop);
}

static gint64
cpu_us (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec
         + usage.ru_stime.tv_usec;
}

static gint64
resident_kib (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  fields = g_strsplit (text, " ", 3);
  return g_ascii_strtoll (fields[1], NULL, 10) * (sysconf (_SC_PAGESIZE) / 1024);
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Runner *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sk_relay_probe_finish (self->relay, result, &error))
    json_array_append_new (self->results, json_pack ("{s:s}", "probe_error", error->message));
  g_main_loop_quit (self->loop);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static json_t *
run (SkRelay *relay, const json_t *input)
{
  Runner self = { .relay = relay, .loop = g_main_loop_new (NULL, FALSE) };
  const SkRelayCapabilities *seen;
  gint64 cpu, wall, linger = number_of (input, "linger", 0);
  json_t *output;

  self.mails = json_object_get (input, "mails");
  self.results = json_array ();
  self.parallel = json_is_true (json_object_get (input, "parallel"));
  if (json_is_true (json_object_get (input, "probe")))
    {
      sk_relay_probe (relay, probed_cb, &self);
      g_main_loop_run (self.loop);
    }
  cpu = cpu_us ();
  wall = g_get_monotonic_time ();
  run_all (&self);
  cpu = cpu_us () - cpu;
  wall = g_get_monotonic_time () - wall;
  if (linger > 0)
    {
      g_timeout_add ((guint)linger, quit_cb, self.loop);
      g_main_loop_run (self.loop);
    }
  seen = sk_relay_capabilities (relay);
  output = json_pack ("{s:{s:b, s:I, s:b, s:b, s:b, s:b, s:b, s:b}, s:f, s:f, s:I}", "capabilities",
                      "known", seen->known, "size", (json_int_t)seen->size, "size_offered",
                      seen->size_offered, "pipelining", seen->pipelining, "8bitmime",
                      seen->eightbitmime, "smtputf8", seen->smtputf8, "dsn", seen->dsn, "enhanced",
                      seen->enhanced, "cpu_us",
                      (double)cpu / (double)MAX (json_array_size (self.results), 1), "wall_us",
                      (double)wall / (double)MAX (json_array_size (self.results), 1), "rss_kib",
                      (json_int_t)resident_kib ());
  json_object_set_new (output, "results", self.results);
  g_main_loop_unref (self.loop);
  return output;
}

static void
take_settings (SkSettings *settings, const json_t *input)
{
  static const char *const levels[] = {
    [SK_UPSTREAM_TLS_REQUIRED] = "required",
    [SK_UPSTREAM_TLS_OPPORTUNISTIC] = "opportunistic",
    [SK_UPSTREAM_TLS_NONE] = "none",
  };

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if (g_str_equal (text_of (input, "tls", "none"), levels[i]))
      settings->upstream_tls = i;
  settings->upstream_url = (char *)text_of (input, "url", NULL);
  settings->upstream_ca_file = (char *)text_of (input, "ca_file", NULL);
  settings->upstream_user = (char *)text_of (input, "user", NULL);
  settings->upstream_auth = settings->upstream_user != NULL ? SK_AUTH_PASSWORD : SK_AUTH_NONE;
  settings->upstream_password_file = (char *)text_of (input, "password_file", NULL);
  settings->limits.upstream_connections = (guint)number_of (input, "connections", 16);
}

static void
take_deadlines (SkRelay *relay, const json_t *input)
{
  SkRelayDeadlines deadlines = {
    .connect = number_of (input, "connect", 30000) * 1000,
    .reply = number_of (input, "reply", 300000) * 1000,
    .final = number_of (input, "final", 600000) * 1000,
    .idle = number_of (input, "idle", 5000) * 1000,
  };

  sk_relay_set_deadlines (relay, &deadlines);
}

int
main (void)
{
  g_autoptr (SkClock) clock = sk_clock_new_system ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SkRelay) relay = NULL;
  json_error_t wrong;
  json_t *input = json_loadf (stdin, 0, &wrong), *output;
  SkSettings settings = { 0 };

  if (input == NULL)
    g_error ("line %d: %s", wrong.line, wrong.text);
  take_settings (&settings, json_object_get (input, "settings"));
  relay = sk_relay_new (&settings, clock, &error);
  if (relay != NULL)
    {
      take_deadlines (relay, json_object_get (input, "deadlines"));
      output = run (relay, input);
    }
  else
    output = json_pack ("{s:s}", "error", error->message);
  json_dumpf (output, stdout, JSON_COMPACT);
  putchar ('\n');
  json_decref (output);
  json_decref (input);
  return 0;
}
