/* Where the provider is and how it wants to be spoken to: [upstream] of the settings, checked.
 *
 * Immutable. What can't be kept safe is refused here, with the remedy: a plain connection to
 * another machine, an address we can't speak to.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agent/sk-settings.h"

typedef struct {
  char *url;         /* for libcurl: scheme, host, port, EHLO name */
  char *host, *port; /* for people and for the Secret Service */
  gboolean implicit_tls;
  gboolean loopback; /* the host is this machine, by its name alone */
  SkUpstreamTls tls; /* raised to required where a password would travel in the clear */
  char *ca_file;
  char *user;          /* NULL: no signing in */
  char *password_file; /* NULL: the Secret Service */
} SkUpstream;

SkUpstream *sk_upstream_new (const SkSettings *settings, GError **error);
void sk_upstream_free (SkUpstream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkUpstream, sk_upstream_free)
