/* Whose name stands on a mail: the From that recipients will see.
 *
 * Read from the bytes that leave, not from the parsed message: programs differ about odd headers, and whoever shows the
 * mail may see a From where our parser sees none. So every line before the first empty one that could be taken
 * for a From counts, and each must be readable as addresses, all of which are allowed.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* Is this address (as written) one of the user's? */
typedef gboolean (*SkIdentityFunc) (const char *address, gpointer user_data);

typedef enum {
  SK_IDENTITY_OWN,
  SK_IDENTITY_FOREIGN,    /* a From that isn't allowed */
  SK_IDENTITY_UNREADABLE, /* a From that can't be read for sure, or is larger than 64 KiB */
  SK_IDENTITY_NONE,       /* no From, and an empty MAIL FROM that could stand in for it */
} SkIdentity;

/* `fd`: the message (borrowed, read with pread, in constant memory however long the header is). `*which` (g_free): the From's address or value, UTF-8, for people; NULL
 * when there is none to show. */
SkIdentity sk_identity_check (int fd, const char *mail_from, SkIdentityFunc is_own, gpointer user_data,
                              char **which);
