// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-action.h"

#include <string.h>

/* --- reject --------------------------------------------------------------------------------- */

void
sk_refusal_clear (SkRefusal *self)
{
  sk_localized_clear (&self->message);
  g_clear_pointer (&self->forward, g_free);
}

static void
refusal_free (gpointer data)
{
  sk_refusal_clear (data);
  g_free (data);
}

const SkRefusal *
sk_action_refusal (const SkAction *self)
{
  return self->data;
}

static void
reject_message (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_localized (loader, value, &((SkRefusal *) into)->message);
}

static void
reject_notify (SkLoader *loader, const SkNode *value, gpointer into)
{
  gboolean notify;

  if (sk_loader_truth (loader, value, &notify))
    ((SkRefusal *) into)->notify = notify;
}

/* The mail goes to somebody of the house, who may read it. */
static void
reject_forward (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_autoptr (SkAddress) address = sk_loader_address (loader, value);
  SkRefusal *refusal = into;

  if (address == NULL)
    return;
  if (sk_policy_scope (loader->policy, address->domain) != SK_SCOPE_INTERNAL)
    sk_loader_error (loader, value, "'%s' is not internal: a refused mail must not leave",
                     address->text);
  g_free (refusal->forward);
  refusal->forward = g_strdup (address->text);
}

static void
reject_scope (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "message", "recipients", NULL };
  int word = sk_loader_word (loader, value, "scope", words);

  if (word >= 0)
    ((SkRefusal *) into)->recipients = word;
}

static const SkField reject_fields[] = {
  { "message", reject_message },
  { "notify", reject_notify },
  { "forward", reject_forward },
  { "scope", reject_scope },
  { NULL },
};
const SkFieldTable sk_reject_table = { "reject", reject_fields };

static void
take_defaults (SkRefusal *self, const SkRefusal *defaults)
{
  if (self->message.ja == NULL && self->message.en == NULL)
    {
      self->message.ja = g_strdup (defaults->message.ja);
      self->message.en = g_strdup (defaults->message.en);
    }
  if (self->forward == NULL)
    self->forward = g_strdup (defaults->forward);
  if (self->notify < 0)
    self->notify = defaults->notify;
  if (self->recipients < 0)
    self->recipients = defaults->recipients;
}

void
sk_refusal_read (SkLoader *loader, const SkNode *value, SkRefusal *refusal)
{
  gboolean yes = TRUE;

  refusal->notify = refusal->recipients = -1;
  if (value->kind == SK_NODE_MAPPING)
    sk_loader_read_mapping (loader, value, &sk_reject_table, refusal);
  else if (sk_loader_truth (loader, value, &yes) && !yes)
    sk_loader_error (loader, value, "'no' does nothing here: leave the key out");
  take_defaults (refusal, &loader->policy->refusal);
}

static void
refuse (const SkAction *self, SkDecision *decision, const SkRuleHit *hit)
{
  const SkRefusal *refusal = self->data;

  if (decision->first_reject == NULL)
    {
      decision->first_reject = self;
      decision->first_reject_hit = hit;
    }
  if (refusal->recipients == 1)
    for (guint i = 0; i < hit->recipients->len; i++)
      decision->refused[g_array_index (hit->recipients, guint, i)] = TRUE;
  else
    decision->refuses_all = TRUE;
  if (refusal->notify != 0)
    decision->loud = TRUE;
  if (refusal->forward != NULL)
    sk_strings_add (decision->verdict->forwards, refusal->forward);
}

const SkActionKind sk_reject_kind = { .key = "reject", .free = refusal_free, .refuse = refuse };

void
sk_action_reject (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkRefusal *refusal = g_new0 (SkRefusal, 1);

  sk_refusal_read (loader, value, refusal);
  if (refusal->notify == 0 && refusal->forward == NULL)
    sk_loader_error (loader, value,
                     "'notify: no' needs 'forward': somebody must learn of a silent refusal");
  sk_action_add (into, &sk_reject_kind, refusal);
}

/* --- hold ----------------------------------------------------------------------------------- */

typedef struct {
  gboolean has_time, has_afterwards;
  SkWait time;
  SkAfterwards afterwards;
  SkRelease release;
} Hold;

gint64
sk_wait_seconds (const SkWait *self, const SkEvaluation *evaluation)
{
  if (!self->business)
    return self->seconds;
  return sk_hours_real_seconds (&evaluation->policy->hours, evaluation->submission->at,
                                self->seconds);
}

void
sk_delivery_add_hold (SkVerdictDelivery *self, gint64 seconds, SkAfterwards afterwards,
                      SkRelease release, const char *reason)
{
  if (!self->has_hold)
    self->hold_seconds = 0;
  self->has_hold = TRUE;
  if (seconds < 0 || self->hold_seconds < 0)
    self->hold_seconds = -1;
  else
    self->hold_seconds = MAX (self->hold_seconds, seconds);
  self->afterwards = MAX (self->afterwards, afterwards);
  self->release = MAX (self->release, release);
  if (reason != NULL && self->hold_reason == NULL)
    self->hold_reason = g_strdup (reason);
}

static void
combine_hold (const SkAction *self, SkDecision *decision, SkVerdictDelivery *delivery)
{
  const Hold *hold = self->data;
  gint64 seconds = hold->has_time ? sk_wait_seconds (&hold->time, decision->evaluation) : -1;

  sk_delivery_add_hold (delivery, seconds, hold->afterwards, hold->release, NULL);
}

static const SkActionKind hold_kind = { .key = "hold", .combine = combine_hold };

static void
hold_for (SkLoader *loader, const SkNode *value, gpointer into)
{
  Hold *hold = into;

  hold->has_time
      = sk_loader_duration (loader, value, &hold->time.seconds, &hold->time.business);
}

static void
hold_afterwards (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "send", "wait", "return", NULL };
  int word = sk_loader_word (loader, value, "word", words);

  if (word < 0)
    return;
  ((Hold *) into)->afterwards = (SkAfterwards) word;
  ((Hold *) into)->has_afterwards = TRUE;
}

static void
hold_release (SkLoader *loader, const SkNode *value, gpointer into)
{
  static const char *const words[] = { "sender", "manager", "nobody", NULL };
  int word = sk_loader_word (loader, value, "word", words);

  if (word >= 0)
    ((Hold *) into)->release = (SkRelease) word;
}

static const SkField hold_fields[] = {
  { "for", hold_for },
  { "afterwards", hold_afterwards },
  { "release", hold_release },
  { NULL },
};
const SkFieldTable sk_hold_table = { "hold", hold_fields };

static void
check_hold (SkLoader *loader, const SkNode *value, Hold *hold)
{
  if (hold->has_time)
    return;
  if (hold->release == SK_RELEASE_NOBODY)
    sk_loader_error (loader, value,
                     "a hold without a time that nobody may release would never end: add 'for'");
  if (hold->has_afterwards && hold->afterwards == SK_AFTERWARDS_SEND)
    sk_loader_error (loader, value, "'afterwards: send' needs a time: add 'for'");
  if (!hold->has_afterwards)
    hold->afterwards = SK_AFTERWARDS_WAIT;
}

static gboolean
is_truth (const SkNode *value)
{
  static const char *const words[] = { "yes", "true", "no", "false", NULL };

  return value->kind == SK_NODE_SCALAR && g_strv_contains (words, value->text);
}

/* "key: true" for an action without options. */
static void
read_true (SkLoader *loader, const SkNode *value)
{
  gboolean yes;

  if (sk_loader_truth (loader, value, &yes) && !yes)
    sk_loader_error (loader, value, "'no' does nothing here: leave the key out");
}

void
sk_action_hold (SkLoader *loader, const SkNode *value, gpointer into)
{
  Hold *hold = g_new0 (Hold, 1);
  guint errors = loader->problems->errors;

  if (value->kind == SK_NODE_MAPPING)
    sk_loader_read_mapping (loader, value, &sk_hold_table, hold);
  else if (is_truth (value))
    read_true (loader, value);
  else
    hold_for (loader, value, hold);
  if (loader->problems->errors == errors)
    check_hold (loader, value, hold);
  sk_action_add (into, &hold_kind, hold);
}

/* --- confirm, warn -------------------------------------------------------------------------- */

typedef struct {
  gboolean recipients, attachments, body, reason;
  gint64 countdown;
} Confirm;

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return (x > y) - (x < y);
}

/* In order, each once. */
static void
add_unique (GArray *into, const GArray *numbers)
{
  guint kept = 0;

  g_array_append_vals (into, numbers->data, numbers->len);
  g_array_sort (into, compare_numbers);
  for (guint i = 0; i < into->len; i++)
    if (i == 0 || g_array_index (into, guint, i) != g_array_index (into, guint, kept - 1))
      g_array_index (into, guint, kept++) = g_array_index (into, guint, i);
  g_array_set_size (into, kept);
}

static void
add_remaining (SkDecision *decision, GArray *into, const SkRuleHit *hit)
{
  g_autoptr (GArray) rest = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < hit->recipients->len; i++)
    {
      guint recipient = g_array_index (hit->recipients, guint, i);

      if (!decision->refused[recipient])
        g_array_append_val (rest, recipient);
    }
  add_unique (into, rest);
}

static void
gather_confirm (const SkAction *self, SkDecision *decision, const SkRuleHit *hit)
{
  const Confirm *confirm = self->data;
  SkConfirmation *into = &decision->verdict->confirm;

  if (!sk_hit_has_rest (decision, hit))
    return;
  into->asked = TRUE;
  if (confirm->recipients)
    add_remaining (decision, into->recipients, hit);
  if (confirm->attachments)
    add_unique (into->attachments, hit->attachments);
  into->body |= confirm->body;
  into->reason |= confirm->reason;
  into->countdown = MAX (into->countdown, (guint) confirm->countdown);
}

static const SkActionKind confirm_kind = { .key = "confirm", .gather = gather_confirm };

static void
read_each (SkLoader *loader, const SkNode *value, gboolean *each)
{
  static const char *const words[] = { "each", "no", NULL };
  int word = sk_loader_word (loader, value, "word", words);

  *each = word == 0;
}

static void
confirm_recipients (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_each (loader, value, &((Confirm *) into)->recipients);
}

static void
confirm_attachments (SkLoader *loader, const SkNode *value, gpointer into)
{
  read_each (loader, value, &((Confirm *) into)->attachments);
}

static void
confirm_body (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_truth (loader, value, &((Confirm *) into)->body);
}

static void
confirm_reason (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_truth (loader, value, &((Confirm *) into)->reason);
}

static void
confirm_countdown (SkLoader *loader, const SkNode *value, gpointer into)
{
  gint64 seconds;

  if (!sk_loader_duration (loader, value, &seconds, NULL))
    return;
  if (seconds > 300)
    sk_loader_error (loader, value, "a countdown of more than 300s would not be waited for");
  else
    ((Confirm *) into)->countdown = seconds;
}

static const SkField confirm_fields[] = {
  { "recipients", confirm_recipients },
  { "attachments", confirm_attachments },
  { "body", confirm_body },
  { "reason", confirm_reason },
  { "countdown", confirm_countdown },
  { NULL },
};
const SkFieldTable sk_confirm_table = { "confirm", confirm_fields };

void
sk_action_confirm (SkLoader *loader, const SkNode *value, gpointer into)
{
  Confirm *confirm = g_new0 (Confirm, 1);

  if (value->kind == SK_NODE_MAPPING)
    sk_loader_read_mapping (loader, value, &sk_confirm_table, confirm);
  else
    read_true (loader, value);
  sk_action_add (into, &confirm_kind, confirm);
}

static void
localized_free (gpointer data)
{
  sk_localized_clear (data);
  g_free (data);
}

static void
gather_warning (const SkAction *self, SkDecision *decision, const SkRuleHit *hit)
{
  const SkLocalized *text = self->data;
  SkConfirmation *into = &decision->verdict->confirm;

  if (!sk_hit_has_rest (decision, hit))
    return;
  into->asked = TRUE;
  sk_strings_add (into->warnings, text->en != NULL ? text->en : text->ja);
  sk_strings_add (into->warnings_ja, text->ja != NULL ? text->ja : text->en);
}

static const SkActionKind warn_kind
    = { .key = "warn", .free = localized_free, .gather = gather_warning };

void
sk_action_warn (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkLocalized *text = g_new0 (SkLocalized, 1);

  sk_loader_localized (loader, value, text);
  sk_action_add (into, &warn_kind, text);
}
