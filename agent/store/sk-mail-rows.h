/* A whole mail to and from the relational tables (mails, deliveries, recipients, gates).
 *
 * The SQL is made from the records' tables. Writing happens within the caller's transaction.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/store/sk-database.h"
#include "agent/store/sk-mail.h"

/* Replaces everything known about that mail. */
gboolean sk_mail_rows_write (SkDatabase *database, const SkMail *mail, GError **error);

/* `filter`: what follows "FROM mails", a literal; its one parameter is `text`, or `number` when
 * that is NULL. The mails (SkMail*) are of one moment. */
GPtrArray *sk_mail_rows_load (SkDatabase *database, const char *filter, const char *text,
                              gint64 number, GError **error);
