/* A document, or a member of one, in memory. Borrowed by whoever reads it. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct {
  const guint8 *bytes;
  gsize length;
  const char *name; /* file name, UTF-8, as far as it is known; NULL */
} SkContent;
