// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract-server.h"

#include "sk-extract-writer.h"
#include "sk-extract.h"
#include "sk-mischief.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

gboolean
sk_extract_server_greet (int fd, const char *missing)
{
  g_autoptr (GByteArray) packet = sk_wire_packet_new (SK_WIRE_HELLO);

  sk_wire_put_number (packet, SK_WIRE_VERSION);
  sk_wire_put_string (packet, missing);
  return sk_wire_send (fd, packet, -1);
}

/* An answer without the document: it could not be had at all. */
static SkExtraction *
unreadable (const char *reason)
{
  SkExtraction *extraction = g_new0 (SkExtraction, 1);

  extraction->type = g_strdup ("application/octet-stream");
  extraction->readable = SK_NO;
  extraction->encrypted = SK_UNKNOWN;
  extraction->reason = g_strdup (reason);
  extraction->text = g_strdup ("");
  extraction->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_section_free);
  return extraction;
}

static SkExtraction *
extract_mapped (guint8 *bytes, gsize length, const SkExtractRequest *request)
{
  SkContent content = { bytes, length, request->name };

  sk_mischief (&content, SK_WIRE_FD);
  errno = 0; /* what stands there when the process crashes tells whether memory was short */
  return sk_extract (&content, &request->limits);
}

/* An empty file can't be mapped. */
static SkExtraction *
extract (int document, const SkExtractRequest *request)
{
  struct stat status;
  SkExtraction *extraction;
  guint8 *bytes;

  if (fstat (document, &status) < 0 || !S_ISREG (status.st_mode))
    return unreadable ("it is no file");
  if (status.st_size == 0)
    return extract_mapped ((guint8 *) "", 0, request);
  bytes = mmap (NULL, (gsize) status.st_size, PROT_READ, MAP_PRIVATE, document, 0);
  if (bytes == MAP_FAILED)
    return unreadable ("limit: it is larger than the memory that it may take");
  extraction = extract_mapped (bytes, (gsize) status.st_size, request);
  munmap (bytes, (gsize) status.st_size);
  return extraction;
}

static gboolean
answer (int fd, const guint8 *packet, gsize length, int document)
{
  g_auto (SkExtractRequest) request = { NULL };
  g_autoptr (SkExtraction) extraction = NULL;

  if (!sk_extract_request_unpack (&request, packet, length) || document < 0)
    return FALSE;
  extraction = extract (document, &request);
  return sk_extract_writer_send (fd, extraction);
}

gboolean
sk_extract_server_run (int fd)
{
  g_autofree guint8 *packet = g_malloc (SK_WIRE_PACKET);
  gboolean goes_on = TRUE;
  gssize length;
  int document;

  while (goes_on && (length = sk_wire_receive (fd, packet, &document, 0)) != 0)
    {
      goes_on = length > 0 && answer (fd, packet, (gsize) length, document);
      if (document >= 0)
        close (document);
    }
  return goes_on;
}
