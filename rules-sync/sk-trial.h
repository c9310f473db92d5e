/* One mail judged without being sent: what the agent does with a submission, with stand-ins for
 * what it would look up.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-box.h"
#include "sk-stand-in.h"

#include <jansson.h>

/* Everything is borrowed. */
typedef struct {
  const char *from; /* person and envelope sender; NULL: the message's From */
  const char *const *to, *const *cc,
                             *const *bcc; /* the envelope; all NULL: the message's headers */
  gint64 at;                              /* microseconds since 1970 */
  const SkHistory *history;               /* NULL: everybody is new */
  const SkTlsAnswers *tls;                /* NULL: no answer for anybody */
  SkBoxPool *pool;                        /* NULL: no attachment can be read */
} SkTrial;

/* The verdict as JSON (json_decref), and its outcome. */
json_t *sk_trial_judge (const SkTrial *self, const SkPolicy *policy, const char *mail,
                        SkOutcome *outcome, GError **error);
/* "2026-11-24T10:00", without an offset in the policy's timezone. */
gboolean sk_trial_parse_time (const SkPolicy *policy, const char *text, gint64 *at, GError **error);
