/* TNEF (MS-OXTNEF), the winmail.dat of Outlook: the mail's text and properties, and its attachments
 * as members.
 *
 * Names are in the sender's code page, or, as MAPI properties, in UTF-16. Lengths and checksums are
 * checked; where one is wrong, what stands before it is read all the same, and the document is in
 * doubt.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-charset.h"
#include "sk-mapi.h"
#include "sk-rtf-packed.h"

#include <string.h>

enum {
  HEADER = 6,
  ATTRIBUTE = 9, /* level, name and type, length; two more octets of checksum follow the data */
  CHECKSUM = 2,
  LEVELS = 2, /* of the message, and of attachments */
  GUID_OCTETS = 16,
};

/* MS-OXTNEF, 2.1.3.3. */
enum {
  ATT_SUBJECT = 0x00018004,
  ATT_BODY = 0x0002800c,
  ATT_ATTACH_DATA = 0x0006800f,
  ATT_ATTACH_TITLE = 0x00018010,
  ATT_ATTACH_REND_DATA = 0x00069002,
  ATT_MAPI_PROPS = 0x00069003,
  ATT_RECIPIENTS = 0x00069004,
  ATT_ATTACHMENT = 0x00069005,
  ATT_CODE_PAGE = 0x00069007,
};

/* MS-OXPROPS. */
enum {
  PR_BODY = 0x1000,
  PR_RTF_COMPRESSED = 0x1009,
  PR_HTML = 0x1013,
  PR_DISPLAY_NAME = 0x3001,
  PR_ATTACH_DATA = 0x3701,
  PR_ATTACH_FILENAME = 0x3704,
  PR_ATTACH_LONG_FILENAME = 0x3707,
};

typedef struct {
  SkSink *sink;
  const SkContent *content;
  char *charset; /* label of the code page; NULL: guessed */
  gboolean more;
  /* The attachment that is being read. */
  gboolean in_attachment;
  char *name, *long_name;
  const guint8 *data;
  gsize length;
} Reader;

static guint32
number_at (const guint8 *p, guint octets)
{
  guint32 number = 0;

  for (guint i = 0; i < octets; i++)
    number |= (guint32) p[i] << (8 * i);
  return number;
}

/* --- texts ------------------------------------------------------------------------------------ */

static gsize
without_nuls (const guint8 *bytes, gsize length, gsize unit)
{
  while (length >= unit && bytes[length - 1] == 0 && bytes[length - unit] == 0)
    length -= unit;
  return length;
}

static char *
decode (Reader *self, const guint8 *bytes, gsize length, gboolean is_unicode)
{
  g_auto (SkDecoded) decoded = { NULL };

  length = without_nuls (bytes, length, is_unicode ? 2 : 1);
  sk_charset_decode ((const char *) bytes, length, is_unicode ? "utf-16le" : self->charset,
                     &decoded);
  return g_steal_pointer (&decoded.text);
}

static void
write_line (Reader *self, const char *text)
{
  self->more
      = self->more
        && (*text == '\0' || (sk_sink_text (self->sink, text, -1) && sk_sink_line (self->sink)));
}

static void
write_section (Reader *self, SkSectionKind kind, const char *label, const char *text)
{
  self->more = self->more && sk_sink_section (self->sink, kind, label, 0);
  write_line (self, text);
}

static gboolean
is_string (const SkMapiProperty *property)
{
  return property->type == SK_MAPI_STRING8 || property->type == SK_MAPI_UNICODE;
}

static char *
decode_property (Reader *self, const SkMapiProperty *property)
{
  return decode (self, property->value, property->length, property->type == SK_MAPI_UNICODE);
}

/* --- what it holds ---------------------------------------------------------------------------- */

static void
write_member (Reader *self, const guint8 *bytes, gsize length, const char *name)
{
  SkContent member = { bytes, length, name };

  self->more = self->more && sk_sink_member (self->sink, &member);
}

static void
write_rtf (Reader *self, const SkMapiProperty *property)
{
  guint64 limit = sk_sink_may_unpack (self->sink, property->length);
  g_autoptr (GByteArray) rtf = sk_rtf_unpack (property->value, property->length, limit);

  if (rtf == NULL)
    sk_sink_doubt (self->sink, "damaged: the text of a winmail.dat can't be unpacked");
  else if (sk_sink_unpack (self->sink, property->length, rtf->len))
    write_member (self, rtf->data, rtf->len, NULL);
}

static void
finish_attachment (Reader *self)
{
  if (self->in_attachment && self->data != NULL)
    write_member (self, self->data, self->length,
                  self->long_name != NULL ? self->long_name : self->name);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->long_name, g_free);
  self->data = NULL;
  self->in_attachment = FALSE;
}

/* An embedded object begins with the GUID of its interface; a message in it is TNEF again. */
static void
take_data_object (Reader *self, const SkMapiProperty *property)
{
  gsize skipped = property->type == SK_MAPI_OBJECT ? MIN (property->length, GUID_OCTETS) : 0;

  self->data = property->value + skipped;
  self->length = property->length - skipped;
}

static gboolean
attachment_property_cb (const SkMapiProperty *property, gpointer user_data)
{
  Reader *self = user_data;

  if (property->id == PR_ATTACH_DATA && property->value != NULL)
    take_data_object (self, property);
  else if (is_string (property) && property->id == PR_ATTACH_LONG_FILENAME
           && self->long_name == NULL)
    self->long_name = decode_property (self, property);
  else if (is_string (property) && self->name == NULL
           && (property->id == PR_ATTACH_FILENAME || property->id == PR_DISPLAY_NAME))
    self->name = decode_property (self, property);
  return TRUE;
}

static gboolean
string_cb (const SkMapiProperty *property, gpointer user_data)
{
  Reader *self = user_data;
  g_autofree char *text = NULL;

  if (!is_string (property) || property->id == PR_BODY)
    return TRUE;
  text = decode_property (self, property);
  write_line (self, text);
  return self->more;
}

static gboolean
body_cb (const SkMapiProperty *property, gpointer user_data)
{
  Reader *self = user_data;
  g_autofree char *text = NULL;

  if (property->id == PR_BODY && is_string (property))
    {
      text = decode_property (self, property);
      write_section (self, SK_SECTION_TEXT, NULL, text);
    }
  else if (property->id == PR_HTML && property->value != NULL)
    write_member (self, property->value, property->length, NULL);
  else if (property->id == PR_RTF_COMPRESSED && property->value != NULL)
    write_rtf (self, property);
  return self->more;
}

/* --- attributes ------------------------------------------------------------------------------- */

static gsize
walk (Reader *self, const guint8 *data, gsize length, SkMapiFunc callback)
{
  gsize walked = sk_mapi_walk (data, length, callback, self);

  if (walked == 0)
    sk_sink_doubt (self->sink, "damaged: the properties of a winmail.dat can't be read");
  return walked;
}

static void
take_code_page (Reader *self, const guint8 *data, gsize length)
{
  guint32 page = length >= 4 ? number_at (data, 4) : 0;

  g_clear_pointer (&self->charset, g_free);
  if (page == 65001)
    self->charset = g_strdup ("utf-8");
  else if (page != 0)
    self->charset = g_strdup_printf (page >= 1250 && page <= 1258 ? "windows-%u" : "cp%u", page);
}

static void
take_text (Reader *self, const guint8 *data, gsize length)
{
  g_autofree char *text = decode (self, data, length, FALSE);

  write_section (self, SK_SECTION_TEXT, NULL, text);
}

static void
take_subject (Reader *self, const guint8 *data, gsize length)
{
  g_autofree char *text = decode (self, data, length, FALSE);

  write_section (self, SK_SECTION_NOTE, "header", text);
}

static void
take_properties (Reader *self, const guint8 *data, gsize length)
{
  self->more = self->more && sk_sink_section (self->sink, SK_SECTION_NOTE, "properties", 0);
  if (walk (self, data, length, string_cb) > 0)
    sk_mapi_walk (data, length, body_cb, self);
}

/* Rows of properties, one a recipient. */
static void
take_recipients (Reader *self, const guint8 *data, gsize length)
{
  guint32 rows = length >= 4 ? number_at (data, 4) : 0;
  gsize at = 4, walked;

  self->more = self->more && sk_sink_section (self->sink, SK_SECTION_NOTE, "recipients", 0);
  for (; rows > 0 && at < length && self->more; rows--, at += walked)
    if ((walked = walk (self, data + at, length - at, string_cb)) == 0)
      break;
}

static void
begin_attachment (Reader *self, const guint8 *data, gsize length)
{
  finish_attachment (self);
  self->in_attachment = TRUE;
}

static void
take_title (Reader *self, const guint8 *data, gsize length)
{
  g_free (self->name);
  self->name = decode (self, data, length, FALSE);
}

static void
take_data (Reader *self, const guint8 *data, gsize length)
{
  self->data = data;
  self->length = length;
}

static void
take_attachment (Reader *self, const guint8 *data, gsize length)
{
  walk (self, data, length, attachment_property_cb);
}

static const struct {
  guint32 id;
  void (*take) (Reader *self, const guint8 *data, gsize length);
} attributes[] = {
  { ATT_CODE_PAGE, take_code_page },
  { ATT_SUBJECT, take_subject },
  { ATT_BODY, take_text },
  { ATT_MAPI_PROPS, take_properties },
  { ATT_RECIPIENTS, take_recipients },
  { ATT_ATTACH_REND_DATA, begin_attachment },
  { ATT_ATTACH_TITLE, take_title },
  { ATT_ATTACH_DATA, take_data },
  { ATT_ATTACHMENT, take_attachment },
};

static gboolean
checks_out (const guint8 *data, gsize length)
{
  guint16 sum = 0;

  for (gsize i = 0; i < length; i++)
    sum = (guint16) (sum + data[i]);
  return sum == number_at (data + length, CHECKSUM);
}

static void
take_attribute (Reader *self, guint32 id, const guint8 *data, gsize length)
{
  if (!checks_out (data, length))
    sk_sink_doubt (self->sink, "damaged: a checksum of a winmail.dat is wrong");
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    if (attributes[i].id == id)
      attributes[i].take (self, data, length);
}

/* Mail programs leave some behind a file. */
static gboolean
are_line_ends (const guint8 *at, gsize length)
{
  while (length > 0 && (at[length - 1] == '\r' || at[length - 1] == '\n'))
    length--;
  return length == 0;
}

static void
read_attributes (Reader *self)
{
  const guint8 *at = self->content->bytes + HEADER;
  gsize left = self->content->length - HEADER;

  while (self->more && left >= ATTRIBUTE + CHECKSUM)
    {
      gsize length = number_at (at + 5, 4);

      if (length > left - ATTRIBUTE - CHECKSUM)
        break;
      take_attribute (self, number_at (at + 1, 4), at + ATTRIBUTE, length);
      at += ATTRIBUTE + length + CHECKSUM;
      left -= ATTRIBUTE + length + CHECKSUM;
    }
  if (self->more && !are_line_ends (at, left))
    sk_sink_doubt (self->sink, "damaged: a winmail.dat ends too early");
  finish_attachment (self);
}

static const char *
recognise (const SkContent *content)
{
  return content->length >= HEADER && number_at (content->bytes, 4) == 0x223e9f78
             ? "application/ms-tnef"
             : NULL;
}

static SkReading
read_tnef (const SkContent *content, const char *type, SkSink *sink)
{
  Reader reader = { .sink = sink, .content = content, .more = TRUE };

  read_attributes (&reader);
  g_free (reader.charset);
  return SK_READING_DONE;
}

static gsize
extent (const SkContent *content)
{
  gsize at = MIN (HEADER, content->length), length;

  while (content->length - at >= ATTRIBUTE + CHECKSUM && content->bytes[at] <= LEVELS
         && (length = number_at (content->bytes + at + 5, 4))
                <= content->length - at - ATTRIBUTE - CHECKSUM)
    at += ATTRIBUTE + length + CHECKSUM;
  return at;
}

const SkFormat sk_format_tnef = { "tnef", recognise, read_tnef, .extent = extent };
