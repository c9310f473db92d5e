/* The passwords of clients=password: a file of "user:password" lines, read at each question, and how
 * many wrong ones each user of the machine has tried of late.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-clock.h"

#include <sys/types.h>

typedef struct _SkSmtpPasswords SkSmtpPasswords;

/* Fails when the file can't be read or has no line of this form. */
SkSmtpPasswords *sk_smtp_passwords_new (const char *file, SkClock *clock, GError **error);
void sk_smtp_passwords_free (SkSmtpPasswords *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkSmtpPasswords, sk_smtp_passwords_free)

/* Takes the same time whether and where a password differs. */
gboolean sk_smtp_passwords_check (SkSmtpPasswords *self, const char *user, const char *password);

/* Five wrong ones within a minute lock the door for who is at `uid` until that minute has passed. */
gboolean sk_smtp_passwords_is_locked (SkSmtpPasswords *self, uid_t uid);
void sk_smtp_passwords_count_wrong (SkSmtpPasswords *self, uid_t uid);
