/* What to tell people when no connection could be had: the cause in plain words, and the remedy. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/relay/sk-connection.h"

/* `last_reply` is what the server said last, or NULL; `text` is libcurl's own, maybe empty. */
void sk_connection_problem_curl (const SkUpstream *upstream, CURLcode code, const char *text,
                                 const SkReply *last_reply, SkConnectionFailure *failure);
void sk_connection_problem_timeout (const SkUpstream *upstream, const SkReply *last_reply,
                                    SkConnectionFailure *failure);
