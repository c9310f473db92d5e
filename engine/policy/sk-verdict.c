// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-verdict.h"

#include <string.h>

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static void
approval_free (gpointer data)
{
  SkApproval *self = data;

  g_strfreev (self->by);
  g_strfreev (self->otherwise);
  g_free (self->rule);
  g_free (self);
}

static void
protection_free (gpointer data)
{
  SkProtection *self = data;

  g_free (self->as);
  wipe (self->password);
  json_decref (self->details);
  g_free (self);
}

static void
addition_free (gpointer data)
{
  SkAddition *self = data;

  g_free (self->field);
  g_free (self->address);
  g_free (self);
}

static void
insertion_free (gpointer data)
{
  SkInsertion *self = data;

  g_free (self->template_name);
  g_free (self->at);
  g_free (self);
}

SkVerdictDelivery *
sk_verdict_delivery_new (void)
{
  SkVerdictDelivery *self = g_new0 (SkVerdictDelivery, 1);

  self->recipients = g_array_new (FALSE, FALSE, sizeof (guint));
  self->approvals = g_ptr_array_new_with_free_func (approval_free);
  self->protections = g_ptr_array_new_with_free_func (protection_free);
  self->additions = g_ptr_array_new_with_free_func (addition_free);
  self->insertions = g_ptr_array_new_with_free_func (insertion_free);
  self->headers = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
sk_verdict_delivery_free (SkVerdictDelivery *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->recipients);
  g_ptr_array_unref (self->approvals);
  g_ptr_array_unref (self->protections);
  g_ptr_array_unref (self->additions);
  g_ptr_array_unref (self->insertions);
  g_ptr_array_unref (self->headers);
  g_free (self->hold_reason);
  g_free (self->stamp_footer);
  g_strfreev (self->rules);
  g_free (self);
}

void
sk_rule_hit_free (SkRuleHit *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->title_ja);
  g_free (self->title_en);
  g_array_unref (self->recipients);
  g_array_unref (self->attachments);
  g_free (self->because.code);
  json_decref (self->because.args);
  g_free (self->because.text);
  g_free (self);
}

SkVerdict *
sk_verdict_new (void)
{
  SkVerdict *self = g_new0 (SkVerdict, 1);

  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_rule_hit_free);
  self->recipients = g_array_new (FALSE, TRUE, sizeof (SkRecipientVerdict));
  self->confirm.recipients = g_array_new (FALSE, FALSE, sizeof (guint));
  self->confirm.attachments = g_array_new (FALSE, FALSE, sizeof (guint));
  self->confirm.warnings = g_ptr_array_new_with_free_func (g_free);
  self->confirm.warnings_ja = g_ptr_array_new_with_free_func (g_free);
  self->deliveries = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_verdict_delivery_free);
  self->forwards = g_ptr_array_new_with_free_func (g_free);
  self->copies = g_ptr_array_new_with_free_func (g_free);
  self->refused_recipients = g_ptr_array_new_with_free_func (g_free);
  self->bcc = g_ptr_array_new_with_free_func (g_free);
  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) json_decref);
  return self;
}

void
sk_verdict_free (SkVerdict *self)
{
  if (self == NULL)
    return;
  g_free (self->policy_sha256);
  g_free (self->reply.enhanced);
  g_free (self->reply.text);
  g_free (self->reply.text_ja);
  g_free (self->reply.rule);
  g_ptr_array_unref (self->rules);
  g_array_unref (self->recipients);
  g_array_unref (self->confirm.recipients);
  g_array_unref (self->confirm.attachments);
  g_ptr_array_unref (self->confirm.warnings);
  g_ptr_array_unref (self->confirm.warnings_ja);
  g_ptr_array_unref (self->deliveries);
  g_ptr_array_unref (self->forwards);
  g_ptr_array_unref (self->copies);
  g_ptr_array_unref (self->refused_recipients);
  g_ptr_array_unref (self->bcc);
  g_ptr_array_unref (self->findings);
  g_free (self);
}

const char *
sk_outcome_name (SkOutcome outcome)
{
  static const char *const names[] = { "send", "confirm", "hold", "approve", "reject" };

  return names[outcome];
}

const char *
sk_afterwards_name (SkAfterwards afterwards)
{
  static const char *const names[] = { "send", "wait", "return" };

  return names[afterwards];
}

const char *
sk_release_name (SkRelease release)
{
  static const char *const names[] = { "sender", "manager", "nobody" };

  return names[release];
}
