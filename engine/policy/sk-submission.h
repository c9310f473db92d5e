/* What is judged: a message, its envelope, who sends it, when, and the facts that were gathered.
 *
 * The caller owns everything and keeps it alive while it is evaluated. A fact that could not be had
 * is SK_UNKNOWN; the policy then decides as if a restricting rule matched.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-address.h"
#include "sk-inspection.h"
#include "sk-message.h"

#include <glib.h>

/* Where a recipient stands: an address in To and Cc has both; in neither it is Bcc. */
typedef enum {
  SK_FIELD_TO = 1 << 0,
  SK_FIELD_CC = 1 << 1,
  SK_FIELD_BCC = 1 << 2,
} SkFields;

typedef struct {
  SkAddress *address;
  SkFields fields;
  SkTruth known; /* YES: something this person sent there (by any address of it) has left already */
  SkTruth tls;   /* YES: the domain's mail server takes TLS with a usable certificate */
} SkRecipient;

typedef struct {
  const SkMessage *message;
  const char *person;      /* address of the user whose agent this is; compares as an address */
  const char *mail_from;   /* envelope sender; "" for the empty one */
  GPtrArray *recipients; /* SkRecipient*, the envelope's, each address once, in the order of RCPT */
  GPtrArray *others; /* SkRecipient*: what is known of those who only stand in To or Cc; or NULL */
  /* char*, comparing form: domains that this person has sent to (asked for by SK_NEED_LOOKALIKE; needless
   * where all recipients are known); NULL: none known. */
  GPtrArray *known_domains;
  gboolean domains_unread; /* they could not be had: there may be more */
  gint64 at;               /* time of submission, microseconds since 1970 */
  gint64 unheard; /* seconds since the server was last heard of; 0 where there is none to hear */
  const SkInspection *inspection; /* NULL: nothing was inspected */
} SkSubmission;

/* "subject", "body", "attachment:1" or "attachment-name:1". g_free. */
char *sk_finding_place (const SkFinding *self);

SkRecipient *sk_recipient_new (const char *address); /* NULL when it is no address; facts unknown */
void sk_recipient_free (SkRecipient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkRecipient, sk_recipient_free)

/* Sets `fields` of each recipient from the message's headers: To and Cc as they say, an address in
 * neither is Bcc. Recipients whose fields are set already (not 0) and who are in no header keep
 * them. */
void sk_recipients_set_fields (GPtrArray *recipients, const SkMessage *message);

/* Those of To and Cc who are not among `recipients`, each address once, facts unknown; they free with
 * the array. */
GPtrArray *sk_recipients_of_headers (const GPtrArray *recipients, const SkMessage *message);
