// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract-writer.h"

#include <string.h>

enum {
  PIECE = 60 * 1024,   /* bytes of text in a packet */
  SECTION = 17 * 1024, /* bytes that a section may take: two strings and numbers */
};

static void
put_clean (GByteArray *packet, const char *string)
{
  g_autofree char *clean = string != NULL ? g_utf8_make_valid (string, -1) : NULL;

  for (char *at = clean; at != NULL && *at != '\0'; at++)
    if ((guchar) *at < 0x20 || *at == 0x7f)
      *at = ' ';
  sk_wire_put_string (packet, clean);
}

static gboolean
send_facts (int fd, const SkExtraction *extraction)
{
  g_autoptr (GByteArray) packet = sk_wire_packet_new (SK_WIRE_FACTS);

  put_clean (packet, extraction->type);
  sk_wire_put_number (packet, extraction->readable);
  sk_wire_put_number (packet, extraction->encrypted);
  put_clean (packet, extraction->reason);
  sk_wire_put_number (packet, extraction->length);
  sk_wire_put_number (packet, extraction->sections->len);
  return sk_wire_send (fd, packet, -1);
}

static gboolean
send_text (int fd, const SkExtraction *extraction)
{
  for (gsize sent = 0; sent < extraction->length; sent += PIECE)
    {
      g_autoptr (GByteArray) packet = sk_wire_packet_new (SK_WIRE_TEXT);

      g_byte_array_append (packet, (const guint8 *) extraction->text + sent,
                           (guint) MIN (PIECE, extraction->length - sent));
      if (!sk_wire_send (fd, packet, -1))
        return FALSE;
    }
  return TRUE;
}

static gboolean
may_name (const SkSection *section, gsize *names)
{
  gsize length = (section->label != NULL ? strlen (section->label) : 0)
                 + (section->member != NULL ? strlen (section->member) : 0);

  if (length > SK_WIRE_NAMES - *names)
    return FALSE;
  *names += length;
  return TRUE;
}

static void
put_section (GByteArray *packet, const SkSection *section, gsize *names)
{
  gboolean named = may_name (section, names);

  sk_wire_put_number (packet, section->kind);
  sk_wire_put_number (packet, section->number);
  sk_wire_put_number (packet, section->row);
  sk_wire_put_number (packet, section->column);
  sk_wire_put_number (packet, section->length);
  put_clean (packet, named ? section->label : NULL);
  put_clean (packet, named ? section->member : NULL);
}

static gboolean
send_sections (int fd, const GPtrArray *sections)
{
  gsize names = 0;

  for (guint i = 0; i < sections->len;)
    {
      g_autoptr (GByteArray) packet = sk_wire_packet_new (SK_WIRE_SECTIONS);

      while (i < sections->len && packet->len + SECTION < SK_WIRE_PACKET)
        put_section (packet, sections->pdata[i++], &names);
      if (!sk_wire_send (fd, packet, -1))
        return FALSE;
    }
  return TRUE;
}

static gboolean
send_end (int fd)
{
  g_autoptr (GByteArray) packet = sk_wire_packet_new (SK_WIRE_END);

  return sk_wire_send (fd, packet, -1);
}

gboolean
sk_extract_writer_send (int fd, const SkExtraction *extraction)
{
  return send_facts (fd, extraction) && send_text (fd, extraction)
         && send_sections (fd, extraction->sections) && send_end (fd);
}
