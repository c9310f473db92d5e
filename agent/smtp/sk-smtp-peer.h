/* Whose socket is at the other end of a connection over the loopback.
 *
 * The kernel says it: by sock_diag (one question, one answer), else by /proc/net/tcp and tcp6. A socket
 * that is closed already has no owner any more, and then nothing is said.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>
#include <sys/socket.h>
#include <sys/types.h>

typedef struct _SkSmtpPeers SkSmtpPeers;

SkSmtpPeers *sk_smtp_peers_new (void);
void sk_smtp_peers_free (SkSmtpPeers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkSmtpPeers, sk_smtp_peers_free)

/* The uid of who holds the socket `client`, which is connected to ours, `server`. FALSE: it can't be
 * known. The other two are its two ways, each alone. */
gboolean sk_smtp_peers_find (SkSmtpPeers *self, const struct sockaddr_storage *client,
                             const struct sockaddr_storage *server, uid_t *uid);
gboolean sk_smtp_peers_ask_kernel (SkSmtpPeers *self, const struct sockaddr_storage *client,
                                   const struct sockaddr_storage *server, uid_t *uid);
gboolean sk_smtp_peers_read_proc (const struct sockaddr_storage *client,
                                  const struct sockaddr_storage *server, uid_t *uid);
