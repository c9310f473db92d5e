// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/sk-memory.h"

#include <glib.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/* Code of a file, mapped privately: never written, so that nothing is lost with it. Read-only data is left
 * alone, since what the loader has relocated in it can't be read back from the file. */
static gboolean
is_code_of_file (const char *permissions, unsigned long inode)
{
  return strcmp (permissions, "r-xp") == 0 && inode != 0;
}

static void
drop_code_pages (FILE *maps)
{
  char line[4096], permissions[8];
  unsigned long start, end, inode;

  while (fgets (line, sizeof line, maps) != NULL)
    if (sscanf (line, "%lx-%lx %7s %*x %*s %lu", &start, &end, permissions, &inode) == 4
        && is_code_of_file (permissions, inode))
      madvise ((void *) start, end - start, MADV_DONTNEED);
}

void
sk_memory_give_back (void)
{
  FILE *maps = fopen ("/proc/self/maps", "re");

  malloc_trim (0);
  if (maps == NULL)
    return;
  drop_code_pages (maps);
  fclose (maps);
}
