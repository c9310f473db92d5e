/* Builds the mail of a case from its fields, as a MIME file, so that the engine reads it as it
 * reads any other. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-case.h"

/* Writes the mail to a temporary file and returns its path: the caller removes it. Bcc stays out of
 * the header, as real clients have it. `at` becomes its Date. */
char *sk_case_mail_write (const SkCase *self, gint64 at, GError **error);
