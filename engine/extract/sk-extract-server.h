/* sekisho-extract's life: greet, then answer one request after another until the caller closes the
 * socket.
 *
 * All of it runs inside the cage. Whatever goes wrong with a document ends in an answer or in the
 * end of the process, which the caller takes for one.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

/* `missing`: what the self-test missed, or NULL. FALSE: the greeting could not be sent. */
gboolean sk_extract_server_greet (int fd, const char *missing);

/* Returns when the caller has closed the socket (TRUE) or sent what is no request (FALSE). */
gboolean sk_extract_server_run (int fd);
