// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-policy-tool.h"
#include "sk-trial.h"

#include <stdio.h>

/* By SkOutcome. */
static const int exit_statuses[] = {
  [SK_OUTCOME_SEND] = 0,     [SK_OUTCOME_CONFIRM] = 0, [SK_OUTCOME_HOLD] = 10,
  [SK_OUTCOME_APPROVE] = 11, [SK_OUTCOME_REJECT] = 12,
};

typedef struct {
  char *from, *at, *history, *tls, *personal;
  char **to, **cc, **bcc;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->from);
  g_free (self->at);
  g_free (self->history);
  g_free (self->tls);
  g_free (self->personal);
  g_strfreev (self->to);
  g_strfreev (self->cc);
  g_strfreev (self->bcc);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
is_address (const char *text)
{
  g_autoptr (SkAddress) address = sk_address_new (text, NULL);

  return address != NULL;
}

static gboolean
parse_options (Options *self, int *argc, char ***argv, int *status)
{
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &self->from,
      "The person who sends, and the envelope's sender", "ADDRESS" },
    { "to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->to,
      "A recipient of the envelope; may be given many times", "ADDRESS" },
    { "cc", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->cc, "The same, in Cc", "ADDRESS" },
    { "bcc", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->bcc, "The same, in Bcc", "ADDRESS" },
    { "at", 0, 0, G_OPTION_ARG_STRING, &self->at,
      "Time of submission (now); without offset in the policy's timezone", "TIME" },
    { "history", 0, 0, G_OPTION_ARG_FILENAME, &self->history,
      "CSV of sender,recipient: what was sent before", "FILE" },
    { "tls", 0, 0, G_OPTION_ARG_FILENAME, &self->tls, "CSV of domain,tls: yes or no", "FILE" },
    { "personal", 0, 0, G_OPTION_ARG_FILENAME, &self->personal, "The person's own personal.yaml",
      "FILE" },
    G_OPTION_ENTRY_NULL,
  };

  if (!sk_command_parse (
          argc, argv, "DIR MAIL --from ADDRESS",
          "Says as JSON what the policy in DIR would do with the mail, without sending it.\n"
          "Without --to, --cc and --bcc the recipients come from the mail's headers.\n"
          "Exit status: 0 send or confirm, 10 hold, 11 approve, 12 reject, 2 unreadable.",
          entries, 2, 2, status))
    return FALSE;
  if (self->from == NULL)
    *status = sk_command_fail ("who sends it? Name the person with --from ADDRESS");
  else if (!is_address (self->from))
    *status = sk_command_fail ("--from: '%s' is no mail address; write it as name@example.com",
                               self->from);
  else
    return TRUE;
  return FALSE;
}

static gboolean
read_stand_ins (const Options *options, SkHistory *history, SkTlsAnswers *tls, SkTrial *trial,
                GError **error)
{
  if (options->history != NULL)
    {
      if (!sk_history_read (history, options->history, error))
        return FALSE;
      trial->history = history;
    }
  if (options->tls != NULL)
    {
      if (!sk_tls_answers_read (tls, options->tls, error))
        return FALSE;
      trial->tls = tls;
    }
  return TRUE;
}

static int
explain (const Options *options, const SkPolicy *policy, const char *mail, GError **error)
{
  g_autoptr (SkHistory) history = sk_history_new ();
  g_autoptr (SkTlsAnswers) tls = sk_tls_answers_new ();
  SkTrial trial
      = { options->from, (const char *const *) options->to, (const char *const *) options->cc,
          (const char *const *) options->bcc, g_get_real_time () };
  g_autoptr (SkBoxPool) pool = sk_command_open_boxes (policy);
  SkOutcome outcome;
  json_t *verdict;

  if (options->at != NULL && !sk_trial_parse_time (policy, options->at, &trial.at, error))
    return SK_EXIT_INVALID;
  if (!read_stand_ins (options, history, tls, &trial, error))
    return SK_EXIT_INVALID;
  trial.pool = pool;
  verdict = sk_trial_judge (&trial, policy, mail, &outcome, error);
  if (verdict == NULL)
    return SK_EXIT_INVALID;
  json_dumpf (verdict, stdout, JSON_INDENT (2));
  putchar ('\n');
  json_decref (verdict);
  return exit_statuses[outcome];
}

int
sk_command_explain (int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  g_autoptr (SkPolicy) policy = NULL;
  g_autoptr (GError) error = NULL;
  guint warnings;
  int status;

  if (!parse_options (&options, &argc, &argv, &status))
    return status;
  policy = sk_command_load (argv[1], options.personal, &warnings);
  if (policy == NULL)
    return SK_EXIT_INVALID;
  status = explain (&options, policy, argv[2], &error);
  if (error != NULL)
    sk_command_fail ("%s", error->message);
  return status;
}
