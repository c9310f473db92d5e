// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-verdict.h"

#include <string.h>

/* Text out of a mail may hold what JSON can't: invalid UTF-8 becomes U+FFFD. */
static json_t *
text_json (const char *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    return json_null ();
  if (g_utf8_validate (text, -1, NULL))
    return json_string (text);
  valid = g_utf8_make_valid (text, -1);
  return json_string (valid);
}

static json_t *
strings_json (GPtrArray *strings)
{
  json_t *array = json_array ();

  for (guint i = 0; i < strings->len; i++)
    json_array_append_new (array, text_json (strings->pdata[i]));
  return array;
}

static json_t *
strv_json (char **strings)
{
  json_t *array = json_array ();

  for (char **text = strings; text != NULL && *text != NULL; text++)
    json_array_append_new (array, text_json (*text));
  return array;
}

static json_t *
numbers_json (const GArray *numbers)
{
  json_t *array = json_array ();

  for (guint i = 0; i < numbers->len; i++)
    json_array_append_new (array, json_integer (g_array_index (numbers, guint, i)));
  return array;
}

static const SkRecipient *
recipient_at (const SkSubmission *submission, guint i)
{
  return submission->recipients->pdata[i];
}

static json_t *
addresses_json (const GArray *recipients, const SkSubmission *submission)
{
  json_t *array = json_array ();

  for (guint i = 0; i < recipients->len; i++)
    {
      guint number = g_array_index (recipients, guint, i);

      json_array_append_new (array, text_json (recipient_at (submission, number)->address->text));
    }
  return array;
}

static json_t *
rule_json (const SkRuleHit *hit, const SkSubmission *submission)
{
  json_t *because = json_pack ("{s:s,s:o}", "code", hit->because.code, "text",
                               text_json (hit->because.text));
  json_t *rule = json_pack ("{s:o,s:s,s:o,s:o,s:o}", "id", text_json (hit->id), "mode",
                            hit->monitor ? "monitor" : "enforce", "recipients",
                            addresses_json (hit->recipients, submission), "attachments",
                            numbers_json (hit->attachments), "because", because);

  if (hit->because.args != NULL)
    json_object_set (because, "args", hit->because.args);
  if (hit->unknown)
    json_object_set_new (rule, "unknown", json_true ());
  if (hit->personal)
    json_object_set_new (rule, "personal", json_true ());
  if (hit->title_ja != NULL || hit->title_en != NULL)
    json_object_set_new (rule, "title",
                         json_pack ("{s:o*,s:o*}", "ja",
                                    hit->title_ja != NULL ? text_json (hit->title_ja) : NULL, "en",
                                    hit->title_en != NULL ? text_json (hit->title_en) : NULL));
  return rule;
}

static json_t *
rules_json (const SkVerdict *self, const SkSubmission *submission)
{
  json_t *array = json_array ();

  for (guint i = 0; i < self->rules->len; i++)
    json_array_append_new (array, rule_json (self->rules->pdata[i], submission));
  return array;
}

static const char *
field_name (SkFields fields)
{
  return (fields & SK_FIELD_TO) != 0 ? "to" : (fields & SK_FIELD_CC) != 0 ? "cc" : "bcc";
}

static json_t *
recipients_json (const SkVerdict *self, const SkSubmission *submission)
{
  json_t *array = json_array ();

  for (guint i = 0; i < self->recipients->len; i++)
    {
      const SkRecipientVerdict *verdict = &g_array_index (self->recipients, SkRecipientVerdict, i);
      json_t *recipient
          = json_pack ("{s:o,s:s,s:s,s:s}", "address",
                       text_json (recipient_at (submission, i)->address->text), "field",
                       field_name (verdict->fields), "scope", verdict->scope, "outcome",
                       sk_outcome_name (verdict->outcome));

      if (verdict->delivery != 0)
        json_object_set_new (recipient, "delivery", json_integer (verdict->delivery));
      json_array_append_new (array, recipient);
    }
  return array;
}

static const SkAttachmentFacts *
facts_of (const SkSubmission *submission, guint index)
{
  GPtrArray *all = submission->inspection != NULL ? submission->inspection->attachments : NULL;

  for (guint i = 0; all != NULL && i < all->len; i++)
    if (((const SkAttachmentFacts *) all->pdata[i])->index == index)
      return all->pdata[i];
  return NULL;
}

static void
set_truth (json_t *object, const char *key, SkTruth truth)
{
  if (truth != SK_UNKNOWN)
    json_object_set_new (object, key, json_boolean (truth == SK_YES));
}

static json_t *
attachment_json (const SkAttachment *attachment, const SkSubmission *submission)
{
  const SkAttachmentFacts *facts = facts_of (submission, attachment->index);
  const char *type = facts != NULL && facts->type != NULL ? facts->type : attachment->type;
  json_t *object = json_pack ("{s:i,s:o,s:o}", "index", (int) attachment->index, "name",
                              text_json (attachment->name), "type", text_json (type));

  if (attachment->size >= 0)
    json_object_set_new (object, "size", json_integer (attachment->size));
  if (facts != NULL)
    {
      set_truth (object, "encrypted", facts->encrypted);
      set_truth (object, "readable", facts->readable);
      set_truth (object, "disguised", facts->disguised);
      if (facts->reason != NULL)
        json_object_set_new (object, "reason", text_json (facts->reason));
    }
  if (attachment->uninspected != NULL)
    json_object_set_new (object, "uninspected", text_json (attachment->uninspected));
  return object;
}

static json_t *
attachments_json (const SkSubmission *submission)
{
  json_t *array = json_array ();

  for (guint i = 0; i < submission->message->attachments->len; i++)
    json_array_append_new (
        array, attachment_json (submission->message->attachments->pdata[i], submission));
  return array;
}

static json_t *
confirm_json (const SkConfirmation *self, const SkSubmission *submission)
{
  return json_pack ("{s:o,s:o,s:b,s:b,s:i,s:o,s:o}", "recipients",
                    addresses_json (self->recipients, submission), "attachments",
                    numbers_json (self->attachments), "body", self->body, "reason", self->reason,
                    "countdown", (int) self->countdown, "warnings", strings_json (self->warnings),
                    "warnings-ja", strings_json (self->warnings_ja));
}

static json_t *
hold_json (const SkVerdictDelivery *self)
{
  json_t *hold = json_pack (
      "{s:o,s:s,s:s}", "seconds",
      self->hold_seconds < 0 ? json_null () : json_integer (self->hold_seconds), "afterwards",
      sk_afterwards_name (self->afterwards), "release", sk_release_name (self->release));

  if (self->hold_seconds < 0)
    json_object_set_new (hold, "expires", json_integer (self->hold_expiry));
  if (self->hold_reason != NULL)
    json_object_set_new (hold, "reason", text_json (self->hold_reason));
  return hold;
}

static json_t *
approvals_json (GPtrArray *approvals)
{
  json_t *array = json_array ();

  for (guint i = 0; i < approvals->len; i++)
    {
      const SkApproval *approval = approvals->pdata[i];

      json_array_append_new (
          array,
          json_pack ("{s:o,s:i,s:I,s:s,s:s}", "by", strv_json (approval->by), "count",
                     (int)approval->count, "expires", (json_int_t)approval->expires, "on-expiry",
                     approval->deputy_on_expiry ? "deputy" : "return", "rule", approval->rule));
    }
  return array;
}

static json_t *
protections_json (GPtrArray *protections)
{
  json_t *array = json_array ();

  for (guint i = 0; i < protections->len; i++)
    {
      const SkProtection *protection = protections->pdata[i];
      json_t *object = json_pack ("{s:i,s:s}", "attachment", (int) protection->attachment, "as",
                                  protection->as);

      json_object_update (object, protection->details);
      json_array_append_new (array, object);
    }
  return array;
}

static json_t *
additions_json (GPtrArray *additions)
{
  json_t *array = json_array ();

  for (guint i = 0; i < additions->len; i++)
    {
      const SkAddition *addition = additions->pdata[i];

      json_array_append_new (array, json_pack ("{s:s,s:o}", "field", addition->field, "address",
                                               text_json (addition->address)));
    }
  return array;
}

static json_t *
insertions_json (GPtrArray *insertions)
{
  json_t *array = json_array ();

  for (guint i = 0; i < insertions->len; i++)
    {
      const SkInsertion *insertion = insertions->pdata[i];

      json_array_append_new (array, json_pack ("{s:s,s:s,s:s}", "template",
                                               insertion->template_name, "at", insertion->at,
                                               "if-signed",
                                               insertion->send_if_signed ? "send" : "hold"));
    }
  return array;
}

static json_t *
headers_json (GPtrArray *headers)
{
  json_t *object = json_object ();

  for (guint i = 0; i < headers->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (headers->pdata[i], ": ", 2);

      json_object_set_new (object, parts[0], text_json (parts[1]));
    }
  return object;
}

static json_t *
delivery_json (const SkVerdictDelivery *self, const SkVerdict *verdict,
               const SkSubmission *submission)
{
  json_t *object = json_pack ("{s:i,s:o,s:s}", "id", (int) self->id, "recipients",
                              addresses_json (self->recipients, submission), "outcome",
                              sk_outcome_name (self->outcome));

  if (self->has_hold)
    json_object_set_new (object, "hold", hold_json (self));
  if (self->approvals->len > 0)
    json_object_set_new (object, "approve", approvals_json (self->approvals));
  json_object_set_new (object, "bcc", strings_json (verdict->bcc));
  json_object_set_new (object, "add", additions_json (self->additions));
  json_object_set_new (object, "insert", insertions_json (self->insertions));
  json_object_set_new (object, "headers", headers_json (self->headers));
  json_object_set_new (object, "stamp", json_boolean (self->stamp));
  if (self->stamp_footer != NULL)
    json_object_set_new (object, "footer", text_json (self->stamp_footer));
  json_object_set_new (object, "protect", protections_json (self->protections));
  json_object_set_new (object, "rules", strv_json (self->rules));
  return object;
}

static json_t *
deliveries_json (const SkVerdict *self, const SkSubmission *submission)
{
  json_t *array = json_array ();

  for (guint i = 0; i < self->deliveries->len; i++)
    json_array_append_new (array, delivery_json (self->deliveries->pdata[i], self, submission));
  return array;
}

static json_t *
reply_json (const SkVerdictReply *self)
{
  return json_pack ("{s:i,s:s,s:o,s:o,s:o}", "code", (int) self->code, "enhanced", self->enhanced,
                    "text", text_json (self->text), "text-ja", text_json (self->text_ja), "rule",
                    text_json (self->rule));
}

static void
set_strings (json_t *object, const char *key, GPtrArray *strings)
{
  if (strings->len > 0)
    json_object_set_new (object, key, strings_json (strings));
}

json_t *
sk_verdict_to_json (const SkVerdict *self, const SkSubmission *submission)
{
  json_t *verdict = json_pack ("{s:{s:I,s:s},s:s}", "policy", "revision",
                               (json_int_t) self->policy_revision, "sha256", self->policy_sha256,
                               "outcome", sk_outcome_name (self->outcome));

  if (self->reply.code != 0)
    json_object_set_new (verdict, "reply", reply_json (&self->reply));
  json_object_set_new (verdict, "rules", rules_json (self, submission));
  json_object_set_new (verdict, "recipients", recipients_json (self, submission));
  json_object_set_new (verdict, "attachments", attachments_json (submission));
  if (submission->message->uninspected != NULL)
    json_object_set_new (verdict, "uninspected", text_json (submission->message->uninspected));
  if (self->findings->len > 0)
    {
      json_t *findings = json_array ();

      for (guint i = 0; i < self->findings->len; i++)
        json_array_append (findings, self->findings->pdata[i]);
      json_object_set_new (verdict, "findings", findings);
    }
  if (self->confirm.asked)
    json_object_set_new (verdict, "confirm", confirm_json (&self->confirm, submission));
  json_object_set_new (verdict, "deliveries", deliveries_json (self, submission));
  set_strings (verdict, "forward", self->forwards);
  set_strings (verdict, "copy", self->copies);
  set_strings (verdict, "refused", self->refused_recipients);
  return verdict;
}
