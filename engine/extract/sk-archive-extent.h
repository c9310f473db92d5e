/* How far an archive reaches by what it says of itself. Not more than there is. Only for
 * sk-archive-kind.c.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-content.h"

gboolean sk_archive_is_tar (const SkContent *content);

gsize sk_archive_extent_tar (const SkContent *content);
gsize sk_archive_extent_7z (const SkContent *content);
gsize sk_archive_extent_lha (const SkContent *content);
gsize sk_archive_extent_rar (const SkContent *content); /* up to version 4 */
