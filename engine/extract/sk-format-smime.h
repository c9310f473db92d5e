/* For formats that carry S/MIME messages. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

/* Whether it is an S/MIME message that nobody can read without a key. */
gboolean sk_smime_is_encrypted (const SkContent *content);
