// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl-findings.h"

#include "agent/ctl/sk-ctl-because.h"
#include "agent/ctl/sk-ctl-print.h"
#include "agent/ctl/sk-ctl-table.h"
#include "agent/ctl/sk-ctl-text.h"
#include "engine/inspect/sk-detector-list.h"

#include <stdio.h>
#include <string.h>

static const json_t *
attachment_at (const json_t *verdict, json_int_t number)
{
  json_t *attachments = json_object_get (verdict, "attachments"), *attachment;
  gsize i;

  json_array_foreach (attachments, i, attachment)
    if (json_integer_value (json_object_get (attachment, "index")) == number)
      return attachment;
  return NULL;
}

static char *
name_of (const json_t *attachment, json_int_t number)
{
  const char *name = json_string_value (json_object_get (attachment, "name"));

  return name != NULL ? g_strdup (name)
                      : g_strdup_printf (_ ("attachment %d"), (int) number);
}

/* "body", "subject", "attachment:2" and "attachment-name:2". */
static char *
where_text (const json_t *verdict, const char *in)
{
  const char *colon = strchr (in, ':');
  json_int_t number = colon != NULL ? atoi (colon + 1) : 0;
  g_autofree char *name = NULL;

  if (colon == NULL)
    return g_strdup (strcmp (in, "subject") == 0 ? _ ("subject") : _ ("body"));
  name = name_of (attachment_at (verdict, number), number);
  return g_str_has_prefix (in, "attachment-name:") ? g_strdup_printf (_ ("the name of %s"), name)
                                                   : g_steal_pointer (&name);
}

static void
add_place (GString *text, const json_t *place)
{
  const char *member = json_string_value (json_object_get (place, "member"));
  const char *sheet = json_string_value (json_object_get (place, "sheet"));
  const char *cell = json_string_value (json_object_get (place, "cell"));
  const json_t *page = json_object_get (place, "page"), *slide = json_object_get (place, "slide");

  if (member != NULL)
    g_string_append_printf (text, ", %s", member);
  if (page != NULL)
    g_string_append_printf (text, _ (", page %d"), (int) json_integer_value (page));
  if (slide != NULL)
    g_string_append_printf (text, _ (", slide %d"), (int) json_integer_value (slide));
  if (sheet != NULL)
    g_string_append_printf (text, ", %s", sheet);
  if (cell != NULL)
    g_string_append_printf (text, " %s", cell);
  else
    g_string_append_printf (text, _ (", line %d"),
                            (int) json_integer_value (json_object_get (place, "line")));
}

/* As the policy language spells them. */
#define NAME(id, name, japanese) name,
static const char *const kinds[] = { SK_DETECTORS (NAME) N_ ("words"), N_ ("regex") };

const char *
sk_ctl_kind (const char *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i], kind) == 0)
      return _ (kinds[i]);
  return kind;
}

static void
add_hit (SkCtlTable *table, const json_t *verdict, const json_t *found)
{
  g_autofree char *where = where_text (verdict, sk_ctl_text_of (found, "in"));
  g_autoptr (GString) place = g_string_new (where);
  g_autofree char *words
      = g_strdup_printf ("…%s[%s]%s…", sk_ctl_text_of (found, "before"), sk_ctl_text_of (found, "hit"),
                         sk_ctl_text_of (found, "after"));

  add_place (place, json_object_get (found, "place"));
  sk_ctl_table_add (table, (const char *[]){ " ", sk_ctl_kind (sk_ctl_text_of (found, "kind")), place->str, words });
}

static void
print_titled (const char *title, const SkCtlTable *table)
{
  g_autofree char *text = sk_ctl_table_to_string (table);

  if (*text != '\0')
    printf ("\n%s\n%s", title, text);
}

static void
print_hits (const json_t *verdict)
{
  json_t *evidence = json_object_get (verdict, "evidence"), *found;
  g_autoptr (SkCtlTable) table = sk_ctl_table_new (4);
  gsize i;

  json_array_foreach (evidence, i, found)
    add_hit (table, verdict, found);
  print_titled (_ ("Found:"), table);
}

static void
add_unseen (SkCtlTable *table, const json_t *attachment)
{
  g_autofree char *name = name_of (attachment, json_integer_value (json_object_get (attachment, "index")));
  g_autofree char *reason = sk_ctl_obstacle (sk_ctl_text_of (attachment, "reason"));

  sk_ctl_table_add (table, (const char *[]){ " ", name, reason });
}

/* Only where something was asked of it: then `readable` is known. */
static void
print_unseen (const json_t *verdict)
{
  json_t *attachments = json_object_get (verdict, "attachments"), *attachment;
  g_autoptr (SkCtlTable) table = sk_ctl_table_new (3);
  gsize i;

  json_array_foreach (attachments, i, attachment)
    if (json_is_false (json_object_get (attachment, "readable")))
      add_unseen (table, attachment);
  print_titled (_ ("Could not be inspected:"), table);
}

void
sk_ctl_print_findings (const json_t *verdict)
{
  print_hits (verdict);
  print_unseen (verdict);
}
