// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl-print.h"

#include "agent/ctl/sk-ctl-because.h"
#include "agent/ctl/sk-ctl-findings.h"
#include "agent/ctl/sk-ctl-text.h"
#include "sk-terminal-text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECIPIENTS_SHOWN 2
#define RECIPIENTS_WIDTH 44

void
sk_ctl_print_json (const json_t *json)
{
  char *text = json_dumps (json, JSON_INDENT (2) | JSON_PRESERVE_ORDER);

  puts (text);
  free (text);
}

const char *
sk_ctl_text_of (const json_t *object, const char *key)
{
  const char *text = json_string_value (json_object_get (object, key));

  return text != NULL ? text : "";
}

#define text_of sk_ctl_text_of

static json_int_t
number_of (const json_t *object, const char *key)
{
  return json_integer_value (json_object_get (object, key));
}

static void
print_table (SkCtlTable *table)
{
  g_autofree char *text = sk_ctl_table_to_string (table);

  fputs (text, stdout);
}

static char *
local_time (const char *rfc3339)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_iso8601 (rfc3339, NULL);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup (rfc3339);
}

/* "a, b, c"; g_free. */
static char *
join (const json_t *strings)
{
  GString *text = g_string_new (NULL);
  json_t *string;
  gsize index;

  json_array_foreach (strings, index, string)
      g_string_append_printf (text, "%s%s", index > 0 ? ", " : "", json_string_value (string));
  return g_string_free (text, FALSE);
}

/* --- states -------------------------------------------------------------------------------------
 */

static const struct {
  const char *name, *text;
} states[] = {
  { "receiving", N_ ("being received") },
  { "inspecting", N_ ("being inspected") },
  { "confirming", N_ ("waits for your confirmation") },
  { "accepted", N_ ("accepted") },
  { "done", N_ ("done") },
  { "waiting", N_ ("waits") },
  { "ready", N_ ("about to be sent") },
  { "sending", N_ ("being sent") },
  { "sent", N_ ("sent") },
  { "may-have-been-sent", N_ ("may have been sent") },
  { "failed", N_ ("failed") },
  { "returned", N_ ("returned") },
  { "cancelled", N_ ("cancelled") },
  { "refused", N_ ("refused") },
};

static const char *
state_text (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].name, name))
      return _ (states[i].text);
  return name;
}

static char *
then_held_text (json_int_t seconds)
{
  int minutes = (int)((seconds + 59) / 60);

  if (minutes >= 120 && minutes % 60 == 0)
    return g_strdup_printf (_ ("then held for %d hours"), minutes / 60);
  return g_strdup_printf (_ ("then held for %d minutes"), minutes);
}

/* `brief`: without its reason. */
static char *
hold_text (const json_t *gate, gboolean brief)
{
  const char *release = text_of (gate, "release");
  g_autofree char *until = local_time (text_of (gate, "until"));

  if (!brief && *text_of (gate, "reason") != '\0')
    return g_strdup_printf (_ ("held: %s"), _ (text_of (gate, "reason")));
  if (*until != '\0')
    return g_strdup_printf (_ ("held until %s"), until);
  if (number_of (gate, "for") > 0)
    return then_held_text (number_of (gate, "for"));
  if (g_str_equal (release, "manager"))
    return g_strdup (_ ("held until the manager releases it"));
  return g_strdup (g_str_equal (release, "nobody") ? _ ("held") : _ ("held until it is released"));
}

static char *
approval_text (const json_t *gate)
{
  g_autofree char *by = join (json_object_get (gate, "by"));
  guint votes = 0;
  json_t *vote;
  gsize index;

  json_array_foreach (json_object_get (gate, "votes"), index, vote) votes
      += json_is_true (json_object_get (vote, "approve"));
  return g_strdup_printf (_ ("waits for approval (%u of %d) by %s"), votes,
                          (int)number_of (gate, "count"), by);
}

static void
add_text (GString *text, const char *separator, const char *one)
{
  if (strstr (text->str, one) == NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? separator : "", one);
}

/* All that must happen before it leaves; g_free. */
static char *
gates_text (const json_t *delivery, gboolean brief)
{
  GString *text = g_string_new (NULL);
  json_t *gate;
  gsize index;

  for (gsize later = 0; later < 2; later++) /* what has not begun comes last */
    json_array_foreach (json_object_get (delivery, "gates"), index, gate)
    {
      g_autofree char *one = g_str_equal (text_of (gate, "kind"), "approval")
                                 ? approval_text (gate)
                                 : hold_text (gate, brief);

      if (json_is_false (json_object_get (gate, "open"))
          && (number_of (gate, "for") > 0) == (gboolean)later)
        add_text (text, "; ", one);
    }
  return g_string_free (text, FALSE);
}

/* What it waits for, else its state; g_free. */
static char *
progress_text (const json_t *delivery, gboolean brief)
{
  g_autofree char *next = local_time (text_of (delivery, "next-try"));
  g_autofree char *gates = gates_text (delivery, brief);

  if (*gates != '\0' && g_str_equal (text_of (delivery, "state"), "waiting"))
    return g_steal_pointer (&gates);
  if (*next != '\0')
    return g_strdup_printf (_ ("next try %s"), next);
  return g_strdup (state_text (text_of (delivery, "state")));
}

/* Its progress, and who has it already; g_free. */
static char *
delivery_text (const json_t *delivery, gboolean brief)
{
  const json_t *accepted = json_object_get (delivery, "accepted");
  g_autofree char *progress = progress_text (delivery, brief);
  g_autofree char *taken = NULL, *to = join (accepted);

  if (json_array_size (accepted) == 0 || g_str_equal (text_of (delivery, "state"), "sent"))
    return g_steal_pointer (&progress);
  taken = g_strdup_printf (_ ("sent to %s"), to);
  return g_strdup_printf ("%s; %s", progress, taken);
}

char *
sk_ctl_mail_text (const json_t *mail)
{
  GString *text = g_string_new (NULL);
  json_t *delivery;
  gsize index;

  json_array_foreach (json_object_get (mail, "deliveries"), index, delivery)
  {
    g_autofree char *one = delivery_text (delivery, TRUE);

    add_text (text, ", ", one);
  }
  if (text->len == 0)
    g_string_append (text, state_text (text_of (mail, "state")));
  return g_string_free (text, FALSE);
}

/* --- list ---------------------------------------------------------------------------------------
 */

static char *
recipients_text (const json_t *delivery)
{
  const json_t *recipients = json_object_get (delivery, "recipients");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *shown = NULL;
  json_t *recipient;
  gsize index;

  json_array_foreach (recipients, index, recipient) if (index < RECIPIENTS_SHOWN)
      g_string_append_printf (text, "%s%s", index > 0 ? ", " : "", json_string_value (recipient));
  shown = sk_ctl_shorten (text->str, RECIPIENTS_WIDTH);
  if (json_array_size (recipients) <= RECIPIENTS_SHOWN)
    return g_steal_pointer (&shown);
  return g_strdup_printf ("%s +%zu", shown, json_array_size (recipients) - RECIPIENTS_SHOWN);
}

/* Of a mail that is being inspected nothing else is known yet; g_free. */
static char *
list_state (const json_t *mail, const json_t *delivery)
{
  if (g_str_equal (text_of (mail, "state"), "inspecting")
      && g_str_equal (text_of (delivery, "state"), "waiting"))
    return g_strdup (state_text ("inspecting"));
  return delivery_text (delivery, TRUE);
}

static void
add_mail (SkCtlTable *table, const json_t *mail)
{
  g_autofree char *submitted = local_time (text_of (mail, "submitted"));
  const json_t *deliveries = json_object_get (mail, "deliveries");
  json_t *delivery;
  gsize index;

  if (json_array_size (deliveries) == 0)
    sk_ctl_table_add (table, (const char *[]){ text_of (mail, "id"), submitted,
                                               state_text (text_of (mail, "state")), "",
                                               text_of (mail, "subject") });
  json_array_foreach (deliveries, index, delivery)
  {
    g_autofree char *state = list_state (mail, delivery);
    g_autofree char *to = recipients_text (delivery);
    const gboolean first = index == 0;

    sk_ctl_table_add (table,
                      (const char *[]){ first ? text_of (mail, "id") : "", first ? submitted : "",
                                        state, to, first ? text_of (mail, "subject") : "" });
  }
}

void
sk_ctl_print_list (const json_t *mails)
{
  g_autoptr (SkCtlTable) table = sk_ctl_table_new (5);
  json_t *mail;
  gsize index;

  if (json_array_size (mails) == 0)
    {
      puts (_ ("nothing waits"));
      return;
    }
  sk_ctl_table_add (
      table, (const char *[]){ _ ("ID"), _ ("SUBMITTED"), _ ("STATE"), _ ("TO"), _ ("SUBJECT") });
  json_array_foreach (mails, index, mail) add_mail (table, mail);
  print_table (table);
}

/* --- one mail -----------------------------------------------------------------------------------
 */

static void
print_head (const json_t *mail)
{
  g_autoptr (SkCtlTable) table = sk_ctl_table_new (2);
  g_autofree char *submitted = local_time (text_of (mail, "submitted"));
  g_autofree char *size = g_format_size ((guint64)number_of (mail, "size"));

  sk_ctl_table_add (table, (const char *[]){ _ ("ID"), text_of (mail, "id") });
  sk_ctl_table_add (table, (const char *[]){ _ ("Subject"), text_of (mail, "subject") });
  sk_ctl_table_add (table, (const char *[]){ _ ("From"), text_of (mail, "from") });
  sk_ctl_table_add (table, (const char *[]){ _ ("Submitted"), submitted });
  sk_ctl_table_add (table, (const char *[]){ _ ("Size"), size });
  sk_ctl_table_add (table, (const char *[]){ _ ("State"), state_text (text_of (mail, "state")) });
  print_table (table);
}

static void
print_indented (const char *text)
{
  g_autofree char *clean = sk_terminal_lines (text);
  g_auto (GStrv) lines = g_strsplit (clean, "\n", -1);

  for (int i = 0; lines[i] != NULL; i++)
    printf ("  %s\n", lines[i]);
}

static void
print_recipients (const json_t *delivery)
{
  g_autoptr (SkCtlTable) table = sk_ctl_table_new (3);
  const json_t *replies = json_object_get (delivery, "replies");
  json_t *recipient;
  gsize index;

  json_array_foreach (json_object_get (delivery, "recipients"), index, recipient) sk_ctl_table_add (
      table, (const char *[]){ " ", json_string_value (recipient),
                               text_of (replies, json_string_value (recipient)) });
  print_table (table);
}

static void
print_delivery (const json_t *delivery)
{
  g_autofree char *state = delivery_text (delivery, FALSE);
  g_autofree char *rules = join (json_object_get (delivery, "rules"));
  g_autofree char *head
      = g_strdup_printf (_ ("Delivery %d: %s"), (int)number_of (delivery, "id"), state);
  g_autofree char *clean = sk_terminal_text (head);

  printf ("\n%s\n", clean);
  print_recipients (delivery);
  if (*rules != '\0')
    {
      g_autofree char *line = g_strdup_printf (_ ("by the rules %s"), rules);

      print_indented (line);
    }
  if (*text_of (delivery, "reply") != '\0')
    print_indented (_ (text_of (delivery, "reply")));
}

/* The rule's title for people, and what was found; g_free. */
static char *
reason_text (const json_t *rule)
{
  const char *title = sk_ctl_text_in (json_object_get (rule, "title"));
  g_autofree char *because = sk_ctl_because (json_object_get (rule, "because"));

  if (title == NULL)
    return g_steal_pointer (&because);
  return *because != '\0' ? g_strdup_printf ("%s (%s)", title, because) : g_strdup (title);
}

static void
print_reasons (const json_t *mail)
{
  const json_t *rules = json_object_get (json_object_get (mail, "verdict"), "rules");
  g_autoptr (SkCtlTable) table = sk_ctl_table_new (3);
  json_t *rule;
  gsize index;

  if (json_array_size (rules) == 0)
    return;
  printf ("\n%s\n", _ ("Why:"));
  json_array_foreach (rules, index, rule)
  {
    g_autofree char *reason = reason_text (rule);

    sk_ctl_table_add (table, (const char *[]){ " ", text_of (rule, "id"), reason });
  }
  print_table (table);
}

void
sk_ctl_print_mail (const json_t *mail)
{
  json_t *delivery;
  gsize index;

  print_head (mail);
  json_array_foreach (json_object_get (mail, "deliveries"), index, delivery)
      print_delivery (delivery);
  print_reasons (mail);
  sk_ctl_print_findings (json_object_get (mail, "verdict"));
}

/* --- the rest -----------------------------------------------------------------------------------
 */

void
sk_ctl_print_history (const json_t *rows)
{
  g_autoptr (SkCtlTable) table = sk_ctl_table_new (3);
  json_t *row;
  gsize index;

  if (json_array_size (rows) == 0)
    {
      puts (_ ("no mail has been sent yet"));
      return;
    }
  sk_ctl_table_add (table, (const char *[]){ _ ("ADDRESS"), _ ("LAST"), _ ("COUNT") });
  json_array_foreach (rows, index, row)
  {
    g_autofree char *last = local_time (text_of (row, "last"));
    g_autofree char *count = g_strdup_printf ("%" JSON_INTEGER_FORMAT, number_of (row, "count"));

    sk_ctl_table_add (table, (const char *[]){ text_of (row, "address"), last, count });
  }
  print_table (table);
}

static char *
policy_text (const json_t *policy)
{
  if (!json_is_true (json_object_get (policy, "in-force")))
    return g_strdup (_ ("none is in force: all mail is held"));
  return g_strdup_printf (_ ("%s, rules: %d, sha256 %.16s"), text_of (policy, "organization"),
                          (int)number_of (policy, "rules"), text_of (policy, "sha256"));
}

static void
add_counts (SkCtlTable *table, const json_t *counts)
{
  const char *state;
  json_t *count;
  const char *label = _ ("Mail");

  if (json_object_size (counts) == 0)
    sk_ctl_table_add (table, (const char *[]){ label, _ ("nothing waits") });
  json_object_foreach ((json_t *)counts, state, count)
  {
    g_autofree char *text = g_strdup_printf ("%" JSON_INTEGER_FORMAT " %s",
                                             json_integer_value (count), state_text (state));

    sk_ctl_table_add (table, (const char *[]){ label, text });
    label = "";
  }
}

static void
print_problem (const char *title, const char *problem)
{
  if (*problem == '\0')
    return;
  printf ("\n%s\n", title);
  print_indented (problem);
}

static void
print_obstacle (const char *title, const char *reason)
{
  g_autofree char *text = *reason != '\0' ? sk_ctl_obstacle (reason) : g_strdup ("");

  print_problem (title, text);
}

void
sk_ctl_print_status (const json_t *status)
{
  const json_t *policy = json_object_get (status, "policy");
  const json_t *settings = json_object_get (status, "settings");
  g_autofree char *waiting = join (json_object_get (settings, "from-next-start"));
  const json_t *upstream = json_object_get (status, "upstream");
  g_autoptr (SkCtlTable) table = sk_ctl_table_new (2);
  g_autofree char *agent
      = g_strdup_printf (_ ("%s, for %s"), text_of (status, "version"), text_of (status, "person"));
  g_autofree char *rules = policy_text (policy);
  g_autofree char *provider = g_strdup_printf (
      "%s, %s", text_of (upstream, "url"),
      json_is_true (json_object_get (upstream, "online")) ? _ ("online") : _ ("offline"));

  sk_ctl_table_add (table, (const char *[]){ _ ("Agent"), agent });
  sk_ctl_table_add (table, (const char *[]){ _ ("Listens on"), text_of (status, "listen") });
  sk_ctl_table_add (table, (const char *[]){ _ ("Policy"), rules });
  sk_ctl_table_add (table, (const char *[]){ _ ("Provider"), provider });
  add_counts (table, json_object_get (status, "deliveries"));
  print_table (table);
  print_problem (_ ("The newest policy could not be taken:"), text_of (policy, "problem"));
  print_obstacle (_ ("What is in attachments can't be read:"),
                  text_of (json_object_get (status, "inspection"), "problem"));
  print_problem (_ ("These detectors can't be used:"),
                 text_of (json_object_get (status, "inspection"), "detectors"));
  print_problem (_ ("The newest settings could not be taken:"), text_of (settings, "problem"));
  print_problem (_ ("These settings count when the agent is restarted:"), waiting);
}
