// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/relay/sk-refusal.h"

#include <string.h>

#define SIGN_IN                                                                                    \
  "the provider wants a new sign-in: check user and password of the account in the settings"
#define DAILY                                                                                      \
  "the account's sending limit is reached; sending goes on by itself when the provider lifts it, " \
  "within a day"
#define BLOCKED "the provider has blocked this account from sending: tell your administrator"

/* A row matches when all it names match; `words` is looked for in the text without regard to case.
 */
static const struct {
  guint code;            /* 0: any 5xx */
  const char *enhanced;  /* NULL: any */
  const char *words;     /* NULL: any */
  gboolean of_recipient; /* also when a single recipient was refused */
  const char *remedy;
} rows[] = {
  { 550, "5.4.5", NULL, TRUE, DAILY },
  { 0, NULL, "SubmissionQuotaExceeded", TRUE, DAILY },
  { 0, NULL, "relay limit", TRUE, DAILY },
  { 0, NULL, "sending limit exceeded", TRUE, DAILY },
  { 0, NULL, "sending quota exceeded", TRUE, DAILY },
  /* of a recipient it is their mailbox, and permanent */
  { 0, "5.2.2", NULL, FALSE, "the sender's own mailbox is full: make room in it" },
  { 552, "5.5.3", NULL, TRUE,
    NULL }, /* too many recipients; old servers say so (RFC 5321 4.5.3.1.10) */
  { 530, NULL, NULL, TRUE, SIGN_IN },
  { 534, NULL, NULL, TRUE, SIGN_IN },
  { 535, NULL, NULL, TRUE, SIGN_IN },
  { 538, NULL, NULL, TRUE, SIGN_IN },
  { 0, "5.7.57", NULL, TRUE, SIGN_IN },
  { 0, "5.7.139", NULL, TRUE,
    "the provider has SMTP AUTH switched off for this mailbox: tell your administrator" },
  { 550, "5.1.8", NULL, TRUE, BLOCKED },
  { 0, "5.7.705", NULL, TRUE, BLOCKED },
  { 0, "5.7.750", NULL, TRUE, BLOCKED },
};

/* Texts are short (8 KiB at most), and refusals rare. */
static gboolean
has_words (const char *text, const char *words)
{
  g_autofree char *one_line = g_strdelimit (g_strdup (text), "\n", ' ');

  return strcasestr (one_line, words) != NULL;
}

gboolean
sk_refusal_is_temporary (const SkReply *reply, SkRefusalPlace place, const char **remedy)
{
  const char *unused;

  if (remedy == NULL)
    remedy = &unused;
  *remedy = NULL;
  if (sk_reply_is_temporary (reply))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (sk_reply_is_permanent (reply) && (rows[i].code == 0 || rows[i].code == reply->code)
        && (rows[i].enhanced == NULL || g_strcmp0 (rows[i].enhanced, reply->enhanced) == 0)
        && (rows[i].words == NULL || has_words (reply->text, rows[i].words))
        && (place == SK_REFUSAL_OF_MAIL || rows[i].of_recipient))
      {
        *remedy = rows[i].remedy;
        return TRUE;
      }
  return FALSE;
}
