/* What libmagic takes a content for. For the formats at the end of the table.
 *
 * The database is loaded at the first call; in the sandbox, call once before its files are out of
 * reach. Never fails: what is not known is "application/octet-stream".
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

/* A MIME type, static. */
const char *sk_magic_type (const SkContent *content);
