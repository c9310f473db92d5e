/* A mail address, as people write it and as it compares.
 *
 * Addresses and domains compare without case and IDNA-normalised. Quoted local parts, and the ".."
 * and ".@" of old Japanese mobile addresses, are taken as they are. Lists of addresses (header
 * fields with groups, comments, encoded words) are read leniently: what is not an address is left
 * out and counted, never an error.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  char *text;         /* local@domain as written, UTF-8, without display name and angle brackets */
  char *key;          /* the same for comparing: lower case, domain in IDNA ASCII, no trailing dot */
  const char *domain; /* points into key, behind the last '@'; "" when there is none */
  char *name;         /* display name, decoded; of a list's: no control characters; NULL: none */
} SkAddress;

/* From "local@domain". NULL when there is no '@', either side is empty, or a control character,
 * an unquoted space or angle bracket is in it. Length limits are the caller's. */
SkAddress *sk_address_new (const char *text, const char *name);
SkAddress *sk_address_copy (const SkAddress *self);
void sk_address_free (SkAddress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkAddress, sk_address_free)

/* The comparing form of a domain: lower case, IDNA ASCII (UTS 46 by ICU), no trailing dot. NULL
 * when it can't be a domain. A leading '=' or '.' is not a part of a domain. */
char *sk_domain_key (const char *domain);

/* Adds the addresses of a header's raw value (RFC 5322 address-list, unfolded or not; RFC 2047
 * words decoded in names; group members counted as addresses) to `into` (SkAddress*).
 * Returns how many pieces could not be read as an address. `limit`: at most so many in `into`. */
guint sk_address_list_parse (const char *raw, gsize length, GPtrArray *into, guint limit);
