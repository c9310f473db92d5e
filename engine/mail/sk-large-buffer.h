/* Large buffers that are filled once: touching fresh memory page by page costs more than what is
 * done with it, so the kernel is asked for large pages. Only for this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>
#include <sys/mman.h>

#define SK_LARGE_BUFFER_BYTES (1024 * 1024)

/* A hint; `buffer` may be of any size and needn't be aligned. */
static inline void
sk_large_buffer_advise (gpointer buffer, gsize size)
{
  guintptr page = 4096, start = ((guintptr) buffer + page - 1) & ~(page - 1);
  guintptr end = ((guintptr) buffer + size) & ~(page - 1);

  if (size >= SK_LARGE_BUFFER_BYTES && end > start)
    madvise ((gpointer) start, end - start, MADV_HUGEPAGE);
}
