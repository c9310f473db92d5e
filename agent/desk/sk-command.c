// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-desk-private.h"

#include "sk-error.h"
#include "sk-text.h"

#include <string.h>

/* Does one delivery's part of a command. Returns NULL when it was done, else why not (static). `*already`: the delivery is where
 * the command leads. */
typedef const char *(*Act) (SkDesk *desk, SkDelivery *delivery, const json_t *arguments,
                            gboolean *already);

typedef struct {
  const char *name;
  Act act;
  const char *event;
} Command;

/* --- release ------------------------------------------------------------------------------------ */

static const char *
why_not_released (const SkGate *gate)
{
  if (gate->kind == SK_GATE_APPROVAL)
    return N_ ("it waits for an approval");
  if (gate->reason != NULL && g_strcmp0 (gate->release, "nobody") == 0)
    return N_ ("the checkpoint holds it, and nobody can release it; cancel it instead");
  if (g_strcmp0 (gate->release, "nobody") == 0)
    return N_ ("the policy lets nobody release it early");
  if (g_strcmp0 (gate->release, "manager") == 0)
    return N_ ("only the sender's manager may release it");
  return NULL;
}

static void
open_for_sender (SkDesk *desk, SkGate *gate)
{
  gate->open = TRUE;
  gate->opened_by = g_strdup (sk_desk_person (desk));
  gate->opened_at = sk_clock_wall (desk->clock);
}

/* The sender's answer to the checkpoint's own question comes first, and opens nothing else: the policy's holds and
 * approvals begin with it. */
static const char *
answer_question (SkDesk *desk, SkDelivery *delivery, SkGate *question)
{
  gboolean closed = FALSE;

  open_for_sender (desk, question);
  for (guint i = 0; i < delivery->gates->len; i++)
    {
      SkGate *gate = delivery->gates->pdata[i];

      closed |= !gate->open;
      if (!gate->open)
        sk_deadline_start (&gate->deadline, desk->clock, gate->deadline.seconds);
    }
  if (!closed)
    delivery->state = SK_DELIVERY_READY;
  return NULL;
}

/* Opens what the sender may open; what only others may open stays closed. NULL when something was opened. */
static const char *
open_what_sender_may (SkDesk *desk, SkDelivery *delivery)
{
  SkGate *question = sk_delivery_question (delivery);
  const char *why = NULL;
  gboolean opened = FALSE, closed = FALSE;

  if (question != NULL)
    return answer_question (desk, delivery, question);
  for (guint i = 0; i < delivery->gates->len; i++)
    {
      SkGate *gate = delivery->gates->pdata[i];
      const char *refusal = gate->open ? NULL : why_not_released (gate);

      if (refusal != NULL)
        {
          why = refusal;
          closed = TRUE;
        }
      else if (!gate->open)
        {
          open_for_sender (desk, gate);
          opened = TRUE;
        }
    }
  if (!closed)
    delivery->state = SK_DELIVERY_READY;
  return opened || !closed ? NULL : why;
}

static const char *
release (SkDesk *desk, SkDelivery *delivery, const json_t *arguments, gboolean *already)
{
  if (delivery->state != SK_DELIVERY_WAITING)
    {
      *already = delivery->gates->len > 0
                 && (delivery->state == SK_DELIVERY_READY || delivery->state == SK_DELIVERY_SENDING
                     || delivery->state == SK_DELIVERY_SENT);
      return N_ ("it is not held");
    }
  if (delivery->gates->len == 0)
    return delivery->problem != NULL ? delivery->problem : N_ ("it has not been inspected yet");
  return open_what_sender_may (desk, delivery);
}

/* --- cancel, retry, resolve --------------------------------------------------------------------- */

static const char *
cancel (SkDesk *desk, SkDelivery *delivery, const json_t *arguments, gboolean *already)
{
  *already = delivery->state == SK_DELIVERY_CANCELLED;
  if (delivery->state == SK_DELIVERY_SENDING)
    return N_ ("it is being sent at this moment");
  if (delivery->state != SK_DELIVERY_WAITING && delivery->state != SK_DELIVERY_READY
      && delivery->state != SK_DELIVERY_FAILED)
    return N_ ("it is too late for that");
  delivery->state = SK_DELIVERY_CANCELLED;
  return NULL;
}

static const char *
retry (SkDesk *desk, SkDelivery *delivery, const json_t *arguments, gboolean *already)
{
  *already = delivery->state == SK_DELIVERY_SENDING;
  if (delivery->state != SK_DELIVERY_FAILED
      && (delivery->state != SK_DELIVERY_READY || delivery->tries == 0))
    return N_ ("it has not failed and waits for no other try");
  delivery->state = SK_DELIVERY_READY;
  delivery->tries = 0;
  delivery->online_us = 0;
  sk_deadline_start (&delivery->next_try, desk->clock, 0);
  return NULL;
}

static const struct {
  const char *how;
  SkDeliveryState state;
} resolutions[] = {
  { "sent", SK_DELIVERY_SENT },
  { "again", SK_DELIVERY_READY },
  { "drop", SK_DELIVERY_CANCELLED },
};

static const char *
resolve (SkDesk *desk, SkDelivery *delivery, const json_t *arguments, gboolean *already)
{
  const char *how = json_string_value (json_object_get (arguments, "how"));

  for (gsize i = 0; i < G_N_ELEMENTS (resolutions); i++)
    {
      if (g_strcmp0 (how, resolutions[i].how) != 0)
        continue;
      *already = delivery->state == resolutions[i].state;
      if (delivery->state != SK_DELIVERY_MAY_HAVE_BEEN_SENT)
        return N_ ("what became of it is known");
      delivery->tries = resolutions[i].state == SK_DELIVERY_SENT; /* who was refused is not asked again */
      delivery->online_us = 0;
      sk_deadline_start (&delivery->next_try, desk->clock, 0);
      g_clear_pointer (&delivery->problem, g_free);
      if (resolutions[i].state == SK_DELIVERY_SENT)
        sk_delivery_note_sent (desk, delivery);
      else
        delivery->state = resolutions[i].state;
      return NULL;
    }
  return "say how: sent, again or drop";
}

static const Command commands[] = {
  { "release", release, "released" },
  { "cancel", cancel, "cancelled" },
  { "retry", retry, NULL },
  { "resolve", resolve, "resolved" },
};

static const Command *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  return NULL;
}

/* --- one command -------------------------------------------------------------------------------- */

/* "sent, cancelled": its sender sees a silently refused one as sent. */
static char *
what_it_is (const SkMail *done)
{
  GString *states = g_string_new (NULL);

  for (guint i = 0; done != NULL && i < done->deliveries->len; i++)
    {
      const SkDelivery *delivery = done->deliveries->pdata[i];

      g_string_append_printf (states, "%s%s", i > 0 ? ", " : "",
                              sk_delivery_state_name (sk_mail_disguises (done, delivery)
                                                          ? SK_DELIVERY_SENT
                                                          : delivery->state));
    }
  if (states->len == 0)
    g_string_append (states, sk_delivery_state_name (SK_DELIVERY_SENT));
  return g_string_free (states, FALSE);
}

static SkKept *
find_kept (SkDesk *self, const char *id, GError **error)
{
  SkKept *kept = g_hash_table_lookup (self->kept, id);
  g_autoptr (SkMail) done = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *states = NULL;

  if (kept != NULL && !sk_mail_is_disguised (kept->mail))
    return kept;
  done = sk_store_load (self->store, id, &problem);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (done != NULL || kept != NULL)
    {
      states = what_it_is (done);
      g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
                   "nothing can be done with mail %s: it is %s", id, states);
    }
  else
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_FOUND, "there is no mail %s", id);
  return NULL;
}

/* Done already, by the same command for the same revision? */
static gboolean
is_repeated (const SkKept *kept, guint revision, const char *command)
{
  return kept->last.name != NULL && g_str_equal (kept->last.name, command) && revision != 0
         && revision == kept->last.revision;
}

static gboolean
is_overtaken (const SkKept *kept, guint revision, GError **error)
{
  g_autofree char *when = NULL;

  if (revision == 0 || kept->last.name == NULL || revision > kept->last.revision)
    return FALSE;
  when = sk_time_format (kept->last.at);
  g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED, "%s was first: %s at %s; look at it again",
               kept->last.by, kept->last.name, when);
  return TRUE;
}

static gboolean
act_on_deliveries (SkDesk *self, SkKept *kept, const Command *command, const json_t *arguments,
                   GError **error)
{
  const char *why = NULL;
  gboolean done = FALSE, already_everywhere = TRUE;

  for (guint i = 0; i < kept->mail->deliveries->len; i++)
    {
      SkDelivery *delivery = kept->mail->deliveries->pdata[i];
      gboolean already = FALSE;
      const char *refusal = command->act (self, delivery, arguments, &already);

      if (refusal == NULL)
        done = TRUE;
      else if (!already)
        {
          already_everywhere = FALSE;
          if (why == NULL || delivery->state == SK_DELIVERY_WAITING)
            why = refusal;
        }
    }
  if (!done && !already_everywhere)
    g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED, "%s: %s", command->name, why);
  return done || already_everywhere;
}

static void
remember (SkDesk *self, SkKept *kept, const char *name, guint revision)
{
  g_free (kept->last.name);
  g_free (kept->last.by);
  kept->last.name = g_strdup (name);
  kept->last.by = g_strdup (sk_desk_person (self));
  kept->last.at = sk_clock_wall (self->clock);
  kept->last.revision = revision != 0 ? revision : kept->mail->revision;
}

typedef struct {
  SkDesk *desk;
  char *id;
  GTask *task;
  SkMail *before;            /* as it was, should the change not become durable */
  SkDeliveryState *changed;  /* of every delivery: the state that the command led to */
} Commanded;

static void
commanded_free (Commanded *self)
{
  g_object_unref (self->task);
  sk_mail_free (self->before);
  g_free (self->changed);
  g_free (self->id);
  g_free (self);
}

/* Deliveries that have gone on since, or were on their way, are left alone: what happened has happened. */
static void
take_back (Commanded *self, SkKept *kept)
{
  for (guint i = 0; i < kept->mail->deliveries->len; i++)
    {
      SkDelivery *now = kept->mail->deliveries->pdata[i];

      if (now->state != self->changed[i] || now->state == SK_DELIVERY_SENDING)
        continue;
      kept->mail->deliveries->pdata[i] = self->before->deliveries->pdata[i];
      self->before->deliveries->pdata[i] = now;
    }
  kept->mail->state = self->before->state;
  kept->judged_with = 0;
  g_clear_pointer (&kept->last.name, g_free);
  kept->mail->revision++;
  sk_desk_emit_changed (self->desk, kept->mail);
}

/* The change is durable: now the mail may go on, and whoever asked is told. */
static void
commanded_cb (const GError *error, gpointer user_data)
{
  Commanded *self = user_data;
  SkKept *kept = g_hash_table_lookup (self->desk->kept, self->id);

  if (kept != NULL)
    kept->commands--;
  if (error != NULL && kept != NULL)
    take_back (self, kept);
  if (error != NULL)
    g_task_return_error (self->task, g_error_copy (error));
  else
    g_task_return_boolean (self->task, TRUE);
  if (kept != NULL)
    sk_kept_advance (self->desk, kept);
  sk_desk_judge_late (self->desk);
  commanded_free (self);
}

static SkDeliveryState *
states_of (const SkMail *mail)
{
  SkDeliveryState *states = g_new (SkDeliveryState, mail->deliveries->len);

  for (guint i = 0; i < mail->deliveries->len; i++)
    states[i] = ((SkDelivery *) mail->deliveries->pdata[i])->state;
  return states;
}

static void
save_commanded (SkDesk *self, SkKept *kept, const Command *command, SkMail *before, GTask *task)
{
  Commanded *commanded = g_new0 (Commanded, 1);
  g_autoptr (json_t) events = json_array ();

  if (command->event != NULL)
    json_array_append_new (events, sk_mail_event (self, kept->mail, command->event, 0));
  commanded->desk = self;
  commanded->id = g_strdup (kept->mail->id);
  commanded->task = g_object_ref (task);
  commanded->before = before;
  commanded->changed = states_of (kept->mail);
  kept->commands++;
  kept->mail->revision++;
  sk_store_save (self->store, kept->mail, events, commanded_cb, commanded);
  sk_desk_emit_changed (self, kept->mail);
}

/* A mail that is done, and is where the command leads with all its deliveries. */
static gboolean
is_done_already (SkDesk *self, const char *id, const Command *command, const json_t *arguments)
{
  g_autoptr (SkMail) done = sk_store_load (self->store, id, NULL);

  if (done == NULL || done->silent || g_hash_table_contains (self->kept, id))
    return FALSE;
  for (guint i = 0; i < done->deliveries->len; i++)
    {
      gboolean already = FALSE;

      if (command->act (self, done->deliveries->pdata[i], arguments, &already) == NULL || !already)
        return FALSE;
    }
  return done->deliveries->len > 0;
}

static gboolean
run_command (SkDesk *self, const char *id, guint revision, const char *name,
             const json_t *arguments, GTask *task, GError **error)
{
  const Command *command = find_command (name);
  g_autoptr (SkMail) before = NULL;
  SkKept *kept;

  if (command == NULL)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "there is no command '%s'", name);
      return FALSE;
    }
  kept = find_kept (self, id, error);
  if (kept == NULL && is_done_already (self, id, command, arguments))
    {
      g_clear_error (error);
      g_task_return_boolean (task, TRUE);
      return TRUE;
    }
  if (kept == NULL)
    return FALSE;
  if (is_repeated (kept, revision, name))
    {
      g_task_return_boolean (task, TRUE);
      return TRUE;
    }
  before = sk_mail_copy (kept->mail);
  if (is_overtaken (kept, revision, error)
      || !act_on_deliveries (self, kept, command, arguments, error))
    return FALSE;
  /* What was cancelled before it was judged is not judged any more. */
  if (kept->mail->state == SK_MAIL_INSPECTING)
    kept->mail->state = SK_MAIL_ACCEPTED;
  remember (self, kept, name, revision);
  save_commanded (self, kept, command, g_steal_pointer (&before), task);
  return TRUE;
}

void
sk_desk_command (SkDesk *self, const char *id, guint revision, const char *command,
                 const json_t *arguments, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, sk_desk_command);
  if (!run_command (self, id, revision, command, arguments, task, &error))
    g_task_return_error (task, error);
}

gboolean
sk_desk_command_finish (SkDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
