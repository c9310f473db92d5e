// SPDX-License-Identifier: GPL-3.0-or-later
/* Submissions whose client went away before it was answered, while the mail was being judged. Nothing was
 * acknowledged and nothing has been sent, so nothing may leave either until somebody asks for it again. The judging runs on:
 * a client that has less patience than it takes comes again, waits for what is left of it, and would never get to the end
 * if each of its tries began anew. */
#include "agent/desk/sk-desk-private.h"

/* Judgings that run on for nobody, so few that those who wait find a process that reads for them (SK_BOXES_MOST). Of more, the
 * one that was left first is ended, with its process. */
#define RUNNING_MOST 2
/* Verdicts (each with its mail in the spool) that wait for their client to come again, and for how long. */
#define READY_MOST 4
#define READY_SECONDS (5 * 60)

gboolean
sk_submitted_is_awaited (const SkSubmitted *self)
{
  gboolean awaited = !self->gave_up;

  for (guint i = 0; i < self->followers->len && !awaited; i++)
    awaited = !((const SkSubmitted *) self->followers->pdata[i])->gave_up;
  return awaited;
}

static gboolean
is_to_be_found (const SkSubmitted *self)
{
  return self->key != NULL && g_hash_table_lookup (self->desk->abandoned, self->key) == self;
}

void
sk_submitted_hide (SkSubmitted *self)
{
  if (is_to_be_found (self))
    g_hash_table_remove (self->desk->abandoned, self->key);
}

void
sk_submitted_stop_judging (SkSubmitted *self)
{
  sk_submitted_hide (self);
  g_cancellable_cancel (self->cancellable);
}

/* --- not too many ------------------------------------------------------------------------------- */

typedef gboolean (*IsOne) (const SkSubmitted *submitted);

static gboolean
runs_for_nobody (const SkSubmitted *self)
{
  return self->judging && !sk_submitted_is_awaited (self);
}

static gboolean
is_ready (const SkSubmitted *self)
{
  return self->forgetting != NULL;
}

/* The one that was left first, when there are more than `most`; else NULL. */
static SkSubmitted *
first_of_too_many (const SkDesk *desk, IsOne is_one, guint most)
{
  SkSubmitted *submitted, *first = NULL;
  GHashTableIter iter;
  guint count = 0;

  g_hash_table_iter_init (&iter, desk->abandoned);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &submitted))
    if (is_one (submitted))
      {
        count++;
        if (first == NULL || submitted->left < first->left)
          first = submitted;
      }
  return count > most ? first : NULL;
}

/* --- from leaving to coming again --------------------------------------------------------------- */

void
sk_submitted_note_left (SkSubmitted *self)
{
  SkSubmitted *excess;

  if (!self->judging || self->reply != NULL || self->mail != NULL || sk_submitted_is_awaited (self))
    return;
  self->left = ++self->desk->leavings;
  if (!is_to_be_found (self))
    sk_submitted_stop_judging (self);
  excess = first_of_too_many (self->desk, runs_for_nobody, RUNNING_MOST);
  if (excess != NULL)
    sk_submitted_stop_judging (excess);
}

static void
forget (SkSubmitted *self)
{
  g_autoptr (SkReply) reply = sk_reply_new (451, "4.4.2", "Nobody waited for the answer");

  g_clear_pointer (&self->forgetting, sk_alarm_free);
  g_message ("mail=%s is forgotten: its client left before it was answered, and did not come again",
             self->envelope->id);
  sk_submitted_finish (self, reply);
}

static void
forget_cb (gpointer user_data)
{
  forget (user_data);
}

void
sk_submitted_wait_for_client (SkSubmitted *self)
{
  SkDesk *desk = self->desk;
  SkSubmitted *excess;

  self->forgetting
      = sk_clock_alarm (desk->clock, sk_clock_boot (desk->clock) + READY_SECONDS * G_USEC_PER_SEC,
                        forget_cb, self);
  excess = first_of_too_many (desk, is_ready, READY_MOST);
  if (excess != NULL)
    forget (excess);
}

/* A policy that came meanwhile judges anew. */
static gboolean
is_out_of_date (const SkSubmitted *self)
{
  return self->mail == NULL && self->judged_with != self->desk->policies;
}

static void
give_up (SkSubmitted *self)
{
  if (is_ready (self))
    forget (self);
  else if (runs_for_nobody (self))
    sk_submitted_stop_judging (self);
}

static SkSubmitted *
first_try_of (SkSubmitted *self)
{
  SkSubmitted *first;

  if (g_hash_table_size (self->desk->abandoned) == 0 || sk_submitted_key (self) == NULL)
    return NULL;
  first = g_hash_table_lookup (self->desk->abandoned, self->key);
  if (first == self || first == NULL)
    return NULL;
  if (!is_out_of_date (first))
    return first;
  give_up (first);
  return NULL;
}

/* The mail is the first try's, and goes out under the first try's clock: it was submitted, and its rules were asked about
 * the hour, when that one came. A hold is counted from when the mail is kept. */
gboolean
sk_submitted_join (SkSubmitted *self)
{
  SkSubmitted *first = first_try_of (self);

  if (first == NULL)
    return FALSE;
  g_message ("mail=%s is mail=%s again, whose client left", self->envelope->id, first->envelope->id);
  self->first = first;
  g_ptr_array_add (first->followers, sk_submitted_ref (self));
  g_clear_pointer (&self->patience, sk_alarm_free);
  if (self->judging)
    sk_submitted_stop_judging (self);
  if (is_ready (first))
    {
      g_clear_pointer (&first->forgetting, sk_alarm_free);
      sk_submitted_go_on (first);
    }
  else if (first->judging && first->patience == NULL && first->mail == NULL)
    sk_submitted_begin_patience (first);
  return TRUE;
}
