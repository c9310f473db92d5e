// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/ctl/sk-ctl-refusal.h"

#include "agent/bus/sk-json-variant.h"
#include "agent/ctl/sk-ctl-print.h"
#include "agent/ctl/sk-ctl-text.h"
#include "sk-autoptr.h"

#include <string.h>

char *
sk_ctl_reason (const char *message)
{
  const char *colon = strstr (message, ": ");

  if (colon == NULL)
    return g_strdup (message);
  return g_strdup_printf ("%.*s: %s", (int)(colon - message), message, _ (colon + 2));
}

/* --- what is possible ---------------------------------------------------------------------------
 */

/* A closed hold that the sender may open; what else is closed stays so. */
static gboolean
may_be_released (const json_t *delivery)
{
  json_t *gate;
  gsize index;

  json_array_foreach (json_object_get (delivery, "gates"), index, gate)
  {
    if (!json_is_true (json_object_get (gate, "open"))
        && g_str_equal (sk_ctl_text_of (gate, "kind"), "hold")
        && g_str_equal (sk_ctl_text_of (gate, "release"), "sender"))
      return TRUE;
  }
  return FALSE;
}

static gboolean
waits_for_next_try (const json_t *delivery)
{
  return *sk_ctl_text_of (delivery, "next-try") != '\0';
}

static const struct {
  const char *state, *call;
  gboolean (*condition) (const json_t *delivery);
} possibilities[] = {
  { "waiting", "release %s", may_be_released },
  { "ready", "retry %s", waits_for_next_try },
  { "failed", "retry %s", NULL },
  { "waiting", "cancel %s", NULL },
  { "ready", "cancel %s", NULL },
  { "failed", "cancel %s", NULL },
  { "may-have-been-sent", "resolve %s --sent|--again|--drop", NULL },
};

static gboolean
is_possible (const json_t *mail, gsize row)
{
  json_t *delivery;
  gsize index;

  json_array_foreach (json_object_get (mail, "deliveries"), index, delivery)
  {
    if (g_str_equal (sk_ctl_text_of (delivery, "state"), possibilities[row].state)
        && (possibilities[row].condition == NULL || possibilities[row].condition (delivery)))
      return TRUE;
  }
  return FALSE;
}

static char *
list_calls (const json_t *mail)
{
  GString *calls = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (possibilities); i++)
    {
      g_auto (GStrv) parts = g_strsplit (possibilities[i].call, "%s", 2);
      g_autofree char *call
          = g_strconcat ("sekishoctl ", parts[0], sk_ctl_text_of (mail, "id"), parts[1], NULL);

      if (is_possible (mail, i) && strstr (calls->str, call) == NULL)
        g_string_append_printf (calls, "%s%s", calls->len > 0 ? ", " : "", call);
    }
  return g_string_free (calls, FALSE);
}

char *
sk_ctl_possible (const json_t *mail)
{
  g_autofree char *state = sk_ctl_mail_text (mail);
  g_autofree char *calls = list_calls (mail);

  return *calls != '\0' ? g_strdup_printf (_ ("now: %s; possible: %s"), state, calls) : NULL;
}

/* --- the refusal --------------------------------------------------------------------------------
 */

static int
say_it_is_over (const SkCtl *self, const json_t *mail)
{
  g_autofree char *state = sk_ctl_mail_text (mail);

  return sk_ctl_refuse (self, SK_CTL_NOT_ALLOWED,
                        _ ("nothing can be done any more with mail %s: %s"), self->words[0], state);
}

int
sk_ctl_fail_command (const SkCtl *self, GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (json_t) mail = NULL;
  g_autofree char *possible = NULL;
  g_autofree char *reason = NULL;

  if (g_strcmp0 (name, "org.sekisho.Error.NotAllowed") != 0
      || !sk_agent1_call_get_mail_sync (self->agent, self->words[0], &variant, NULL, NULL))
    return sk_ctl_fail (self, error);
  mail = sk_json_of_variant (variant);
  possible = sk_ctl_possible (mail);
  if (possible == NULL)
    return say_it_is_over (self, mail);
  g_dbus_error_strip_remote_error (error);
  reason = sk_ctl_reason (error->message);
  return sk_ctl_refuse_with (self, SK_CTL_NOT_ALLOWED, reason, possible);
}
