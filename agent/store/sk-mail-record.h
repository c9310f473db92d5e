/* The tables that describe SkMail and its parts, and the JSON document that is made of a whole
 * mail.
 *
 * The document is for the attempt row only (one write before our final dot); kept mail lives in
 * relational tables. Nothing is lost on the way there and back.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/store/sk-mail.h"
#include "agent/store/sk-record.h"

extern const SkRecord sk_mail_record, sk_delivery_record, sk_delivery_recipient_record,
    sk_gate_record;

char *sk_mail_to_document (const SkMail *self); /* JSON; g_free */
/* SK_ERROR_INVALID when it is not such a document. */
SkMail *sk_mail_from_document (const char *text, GError **error);
