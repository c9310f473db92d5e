// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-trial.h"

#include "sk-error.h"
#include "sk-file.h"
#include "sk-inspect.h"
#include "sk-quantity.h"

#include <string.h>
#include <unistd.h>

gboolean
sk_trial_parse_time (const SkPolicy *policy, const char *text, gint64 *at, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (sk_policy_timezone (policy));

  if (zone == NULL)
    zone = g_time_zone_new_utc ();
  return sk_time_parse (text, zone, at, error);
}

/* An address that is there already only gets the field too. */
static void
add_recipient (GPtrArray *recipients, SkRecipient *recipient, SkFields field)
{
  for (guint i = 0; i < recipients->len; i++)
    {
      SkRecipient *other = g_ptr_array_index (recipients, i);

      if (strcmp (other->address->key, recipient->address->key) == 0)
        {
          other->fields |= field;
          sk_recipient_free (recipient);
          return;
        }
    }
  recipient->fields = field;
  g_ptr_array_add (recipients, recipient);
}

static gboolean
add_envelope (GPtrArray *recipients, const char *const *addresses, SkFields field, GError **error)
{
  for (; addresses != NULL && *addresses != NULL; addresses++)
    {
      SkRecipient *recipient = sk_recipient_new (*addresses);

      if (recipient == NULL)
        {
          g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                       "'%s' is no mail address; write it as name@example.com, one an option",
                       *addresses);
          return FALSE;
        }
      add_recipient (recipients, recipient, field);
    }
  return TRUE;
}

static void
add_header (GPtrArray *recipients, const GPtrArray *addresses, SkFields field)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const SkAddress *address = g_ptr_array_index (addresses, i);
      SkRecipient *recipient = sk_recipient_new (address->text);

      if (recipient != NULL)
        add_recipient (recipients, recipient, field);
    }
}

static GPtrArray *
collect_recipients (const SkTrial *self, const SkMessage *message, GError **error)
{
  g_autoptr (GPtrArray) recipients
      = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_recipient_free);

  if (self->to == NULL && self->cc == NULL && self->bcc == NULL)
    {
      add_header (recipients, message->to, SK_FIELD_TO);
      add_header (recipients, message->cc, SK_FIELD_CC);
      add_header (recipients, message->bcc, SK_FIELD_BCC);
    }
  else if (!add_envelope (recipients, self->to, SK_FIELD_TO, error)
           || !add_envelope (recipients, self->cc, SK_FIELD_CC, error)
           || !add_envelope (recipients, self->bcc, SK_FIELD_BCC, error))
    return NULL;
  if (recipients->len == 0 && message->uninspected != NULL)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_LIMIT,
                   "the mail could not be read whole (%s), and no recipient is in what could; name"
                   " them with --to, --cc or --bcc", message->uninspected);
      return NULL;
    }
  if (recipients->len == 0)
    {
      g_set_error (
          error, SK_ERROR, SK_ERROR_INVALID,
          "the mail has no recipients; name them in its header, or with --to, --cc or --bcc");
      return NULL;
    }
  sk_recipients_set_fields (recipients, message);
  return g_steal_pointer (&recipients);
}

static void
look_up (const SkTrial *self, const SkPolicy *policy, const char *person, GPtrArray *recipients)
{
  for (guint i = 0; i < recipients->len; i++)
    {
      SkRecipient *recipient = g_ptr_array_index (recipients, i);

      recipient->known
          = self->history != NULL
                    && sk_history_knows (self->history, policy, person, recipient->address)
                ? SK_YES
                : SK_NO;
      recipient->tls = self->tls == NULL
                           ? SK_UNKNOWN
                           : sk_tls_answers_get (self->tls, recipient->address->domain);
    }
}

static const char *
find_person (const SkTrial *self, const SkMessage *message, GError **error)
{
  if (self->from != NULL)
    return self->from;
  if (message->from->len > 0)
    return ((const SkAddress *) g_ptr_array_index (message->from, 0))->text;
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
               "the mail has no From; name the sender with --from");
  return NULL;
}

static SkInspection *
inspect (const SkTrial *self, const SkPolicy *policy, int fd, const SkMessage *message)
{
  const SkInspectRequest request = {
    .detectors = sk_policy_detectors (policy),
    .documents = sk_policy_asks_inspection (policy),
    .pool = self->pool,
    .seconds = SK_INSPECT_SECONDS,
  };

  return sk_inspect (fd, message, &request);
}

/* The verdict, and where its findings stand. */
static json_t *
to_json (const SkVerdict *verdict, const SkPolicy *policy, const SkSubmission *submission)
{
  json_t *json = sk_verdict_to_json (verdict, submission);
  json_t *evidence = sk_policy_evidence_json (policy, verdict, submission);

  if (evidence != NULL)
    json_object_set_new (json, "evidence", evidence);
  return json;
}

static json_t *
judge (const SkTrial *self, const SkPolicy *policy, int fd, SkOutcome *outcome, GError **error)
{
  g_autoptr (SkMessage) message
      = sk_message_open_fd (fd, &sk_message_default_limits, SK_MESSAGE_WANT_ALL, error);
  g_autoptr (GPtrArray) recipients = NULL, others = NULL, domains = NULL;
  g_autoptr (SkInspection) inspection = NULL;
  g_autoptr (SkVerdict) verdict = NULL;
  SkSubmission submission = { message };

  if (message == NULL || (submission.person = find_person (self, message, error)) == NULL
      || (recipients = collect_recipients (self, message, error)) == NULL)
    return NULL;
  others = sk_recipients_of_headers (recipients, message);
  look_up (self, policy, submission.person, recipients);
  look_up (self, policy, submission.person, others);
  inspection = inspect (self, policy, fd, message);
  if (self->history != NULL)
    domains = sk_history_domains (self->history, policy, submission.person);
  submission.known_domains = domains;
  submission.mail_from = submission.person;
  submission.recipients = recipients;
  submission.others = others;
  submission.at = self->at;
  submission.inspection = inspection;
  verdict = sk_policy_evaluate (policy, &submission);
  *outcome = verdict->outcome;
  return to_json (verdict, policy, &submission);
}

json_t *
sk_trial_judge (const SkTrial *self, const SkPolicy *policy, const char *mail, SkOutcome *outcome,
                GError **error)
{
  int fd = sk_file_open (mail, error);
  json_t *verdict;

  if (fd < 0)
    return NULL;
  verdict = judge (self, policy, fd, outcome, error);
  close (fd);
  return verdict;
}
