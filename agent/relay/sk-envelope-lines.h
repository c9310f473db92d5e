/* The commands of a mail's envelope, and whether they may be written at all.
 *
 * The listener has checked addresses and parameters; here they are checked again, because a line
 * end in one would let it speak to the provider in our name.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/relay/sk-relay.h"

/* NULL when all is well; else the reply that the mail's sender is to see, and the index of the
 * recipient it is about (or -1). */
SkReply *sk_envelope_lines_check (const SkRelayMail *mail, const SkRelayCapabilities *capabilities,
                                  int *recipient);

void sk_envelope_lines_append_mail (GString *lines, const SkRelayMail *mail,
                                    const SkRelayCapabilities *capabilities);
void sk_envelope_lines_append_rcpt (GString *lines, const SkEnvelopeRecipient *recipient,
                                    const SkRelayCapabilities *capabilities);
