/* What sekishoctl shows to people, and its JSON. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/ctl/sk-ctl-table.h"

#include <jansson.h>

void sk_ctl_print_json (const json_t *json);
void sk_ctl_print_status (const json_t *status);
void sk_ctl_print_list (const json_t *mails);
void sk_ctl_print_mail (const json_t *mail);
void sk_ctl_print_history (const json_t *rows);

/* What the deliveries of a mail wait for, or their states; each once; g_free. */
char *sk_ctl_mail_text (const json_t *mail);
/* The text under `key`, or "". Borrowed. */
const char *sk_ctl_text_of (const json_t *object, const char *key);
