// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-case-run.h"

#include "sk-case-mail.h"
#include "sk-expectation.h"
#include "sk-trial.h"

#include <unistd.h>

#define USUAL_TIME "2026-11-24T10:00" /* a Tuesday, no holiday anywhere that matters */

static SkPolicy *
load_own (const SkCase *self, GError **error)
{
  g_autofree char *personal
      = self->personal == NULL ? NULL : sk_case_path (self, self->personal, error);

  if (self->personal != NULL && personal == NULL)
    return NULL;
  return sk_policy_load_only (self->folder, personal, (const char *const *) self->only, NULL,
                              error);
}

static gboolean
read_history (const SkCase *self, const char *person, SkHistory *history, GError **error)
{
  g_auto (GStrv) recipients = NULL;

  if (self->history->kind == SK_NODE_SCALAR)
    {
      g_autofree char *path = sk_case_path (self, self->history->text, error);

      return path != NULL && sk_history_read (history, path, error);
    }
  recipients = sk_case_texts (self->history);
  for (char **recipient = recipients; *recipient != NULL; recipient++)
    if (!sk_history_add (history, person, *recipient, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_tls (const SkCase *self, SkTlsAnswers *tls, GError **error)
{
  if (self->tls->kind == SK_NODE_SCALAR)
    {
      g_autofree char *path = sk_case_path (self, self->tls->text, error);

      return path != NULL && sk_tls_answers_read (tls, path, error);
    }
  for (guint i = 0; i < self->tls->keys->len; i++)
    if (!sk_tls_answers_add (tls, ((const SkNode *) g_ptr_array_index (self->tls->keys, i))->text,
                             ((const SkNode *) g_ptr_array_index (self->tls->children, i))->text,
                             error))
      return FALSE;
  return TRUE;
}

/* The sender of an .eml is known only once it is read; a list of earlier recipients then belongs to
 * that person. */
static char *
find_person (const SkCase *self, const char *mail, GError **error)
{
  const SkNode *from = sk_node_get (self->mail, "from");
  g_autoptr (SkMessage) message = NULL;

  if (from != NULL)
    return g_strdup (from->text);
  message = sk_message_open (mail, &sk_message_default_limits, 0, error);
  if (message == NULL)
    return NULL;
  return g_strdup (message->from->len == 0
                       ? ""
                       : ((const SkAddress *) g_ptr_array_index (message->from, 0))->text);
}

static json_t *
judge_with (const SkCase *self, const SkPolicy *policy, SkTrial *trial, const char *mail,
            GError **error)
{
  g_autoptr (SkHistory) history = sk_history_new ();
  g_autoptr (SkTlsAnswers) tls = sk_tls_answers_new ();
  g_autofree char *person = find_person (self, mail, error);
  SkOutcome outcome;

  if (person == NULL || (self->history != NULL && !read_history (self, person, history, error))
      || (self->tls != NULL && !read_tls (self, tls, error)))
    return NULL;
  trial->from = *person == '\0' ? NULL : person;
  trial->history = self->history != NULL ? history : NULL;
  trial->tls = self->tls != NULL ? tls : NULL;
  return sk_trial_judge (trial, policy, mail, &outcome, error);
}

static json_t *
judge_fields (const SkCase *self, const SkPolicy *policy, SkTrial *trial, GError **error)
{
  g_auto (GStrv) to = sk_case_texts (sk_node_get (self->mail, "to"));
  g_auto (GStrv) cc = sk_case_texts (sk_node_get (self->mail, "cc"));
  g_auto (GStrv) bcc = sk_case_texts (sk_node_get (self->mail, "bcc"));
  g_autofree char *path = sk_case_mail_write (self, trial->at, error);
  json_t *verdict;

  if (path == NULL)
    return NULL;
  trial->to = (const char *const *) to;
  trial->cc = (const char *const *) cc;
  trial->bcc = (const char *const *) bcc;
  verdict = judge_with (self, policy, trial, path, error);
  unlink (path);
  return verdict;
}

static json_t *
judge (const SkCase *self, const SkPolicy *policy, SkBoxPool *pool, GError **error)
{
  SkTrial trial = { .pool = pool };
  g_autofree char *path = NULL;

  if (!sk_trial_parse_time (policy, self->at != NULL ? self->at : USUAL_TIME, &trial.at, error))
    return NULL;
  if (self->mail_file == NULL)
    return judge_fields (self, policy, &trial, error);
  path = sk_case_path (self, self->mail_file, error);
  return path == NULL ? NULL : judge_with (self, policy, &trial, path, error);
}

gboolean
sk_case_run (const SkCase *self, const SkPolicy *policy, SkBoxPool *pool, GPtrArray *differences,
             GError **error)
{
  gboolean needs_own = self->personal != NULL || self->only != NULL;
  g_autoptr (SkPolicy) own = needs_own ? load_own (self, error) : NULL;
  json_t *verdict = NULL;

  if (!needs_own || own != NULL)
    verdict = judge (self, own != NULL ? own : policy, pool, error);
  if (verdict == NULL)
    {
      g_prefix_error (error, "%s:%u: ", self->file, self->root->line);
      return FALSE;
    }
  sk_expectation_compare (self->expect, verdict, differences);
  json_decref (verdict);
  return TRUE;
}
