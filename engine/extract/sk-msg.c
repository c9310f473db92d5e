/* Mails as Outlook saves them: [MS-OXMSG]. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-charset.h"
#include "sk-code-page.h"
#include "sk-extract.h"
#include "sk-html-text.h"
#include "sk-ole-package.h"
#include "sk-ole2-kind.h"
#include "sk-rtf-packed.h"
#include "sk-rtf.h"
#include "sk-utf16.h"

#include <string.h>

enum {
  DEPTH = 8, /* mails in mails */
  SUBJECT = 0x0037,
  HEADERS = 0x007d,
  SENDER_NAME = 0x0c1a,
  SENDER_ADDRESS = 0x0c1f,
  TO = 0x0e04,
  CC = 0x0e03,
  BCC = 0x0e02,
  BODY = 0x1000,
  RTF_BODY = 0x1009,
  HTML_BODY = 0x1013,
  NAME = 0x3001,
  ADDRESS = 0x3003,
  DATA = 0x3701,
  SHORT_FILE_NAME = 0x3704,
  FILE_NAME = 0x3707,
  MAIL_ADDRESS = 0x39fe,
  SENDER_MAIL_ADDRESS = 0x5d01,
  CODE_PAGE = 0x3ffd,
  HTML_CODE_PAGE = 0x3fde,
  TYPE_BYTES = 0x0102,
  TYPE_OBJECT = 0x000d,
  TYPE_STRING = 0x001e,
  TYPE_WIDE_STRING = 0x001f,
  TYPE_NUMBER = 0x0003,
};

typedef struct {
  SkOle2 *ole2;
  SkSink *sink;
  guint depth;
  const char *charset;      /* of texts in bytes; NULL: guessed */
  const char *html_charset;
} Mail;

/* --- properties ------------------------------------------------------------------------------ */

static GBytes *
property (Mail *self, guint storage, guint id, guint type)
{
  g_autofree char *name = g_strdup_printf ("__substg1.0_%04X%04X", id, type);

  return sk_ole2_stream (self->ole2, storage, name);
}

/* Some programs count the NUL behind a text. */
static SkBytes
without_end (GBytes *bytes, gsize width)
{
  SkBytes text = sk_bytes_of (bytes);

  while (text.length >= width && text.at[text.length - 1] == 0 && text.at[text.length - width] == 0)
    text.length -= width;
  return text;
}

/* A text may end with a NUL; more, side by side, are a hole in the file. */
static void
check_text (Mail *self, SkBytes text, gsize width)
{
  gsize zeros = 0, allowed = 2;

  for (gsize at = 0; at + width <= text.length && zeros <= allowed; at += width)
    zeros = text.at[at] == 0 && text.at[at + width - 1] == 0 ? zeros + 1 : 0;
  if (zeros > allowed)
    sk_sink_doubt (self->sink, "damaged: a part of the mail is missing");
}

/* What names no code page and is none of those that can be guessed is Western. */
static char *
decode_text (SkBytes text, const char *charset)
{
  g_auto (SkDecoded) decoded = { NULL };

  if (text.length == 0)
    return NULL;
  sk_charset_decode ((const char *) text.at, text.length, charset, &decoded);
  if (decoded.replaced > 0 && charset == NULL)
    {
      sk_decoded_clear (&decoded);
      sk_charset_decode ((const char *) text.at, text.length, "windows-1252", &decoded);
    }
  return g_steal_pointer (&decoded.text);
}

/* NULL: there is none. */
static char *
text_property (Mail *self, guint storage, guint id)
{
  g_autoptr (GBytes) wide = property (self, storage, id, TYPE_WIDE_STRING);
  g_autoptr (GBytes) bytes = NULL;
  GString *text;

  if (wide != NULL)
    {
      check_text (self, sk_bytes_of (wide), 2);
      text = g_string_new (NULL);
      sk_utf16_append (text, without_end (wide, 2));
      return g_string_free (text, FALSE);
    }
  bytes = property (self, storage, id, TYPE_STRING);
  if (bytes != NULL)
    check_text (self, sk_bytes_of (bytes), 1);
  return bytes != NULL ? decode_text (without_end (bytes, 1), self->charset) : NULL;
}

/* Numbers stand in a list behind a header, which is longest in the outermost mail. */
static const char *
charset_property (Mail *self, guint storage, guint id)
{
  g_autoptr (GBytes) stream = sk_ole2_stream (self->ole2, storage, "__properties_version1.0");
  SkBytes list;

  if (stream == NULL)
    return NULL;
  list = sk_bytes_of (stream);
  for (gsize at = storage == 0 ? 32 : 24; at + 16 <= list.length; at += 16)
    if (sk_bytes_u32 (list, at) == (id << 16 | TYPE_NUMBER))
      return sk_code_page_charset (sk_bytes_u32 (list, at + 8));
  return NULL;
}

/* --- who, and to whom ------------------------------------------------------------------------ */

/* Lines end with CR and LF. */
static void
write_lines (Mail *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_autofree char *joined = g_strjoinv ("\n", lines);

  sk_sink_text (self->sink, joined, -1);
}

static void
write_line (Mail *self, guint storage, const char *label, guint id)
{
  g_autofree char *text = text_property (self, storage, id);

  if (text == NULL || *text == '\0')
    return;
  sk_sink_text (self->sink, label, -1);
  write_lines (self, text);
  sk_sink_line (self->sink);
}

static void
write_recipient (Mail *self, guint storage)
{
  write_line (self, storage, "", NAME);
  write_line (self, storage, "", ADDRESS);
  write_line (self, storage, "", MAIL_ADDRESS);
}

typedef void (*StorageFunc) (Mail *self, guint storage);

static void
for_each_storage (Mail *self, guint storage, const char *prefix, StorageFunc function)
{
  guint entry = sk_ole2_entry (self->ole2, storage)->first;

  for (; entry != SK_OLE2_NONE; entry = sk_ole2_entry (self->ole2, entry)->next)
    if (sk_ole2_entry (self->ole2, entry)->is_storage
        && g_str_has_prefix (sk_ole2_entry (self->ole2, entry)->name, prefix))
      function (self, entry);
}

static void
write_head (Mail *self, guint storage)
{
  sk_sink_section (self->sink, SK_SECTION_NOTE, "header", 0);
  write_line (self, storage, "Subject: ", SUBJECT);
  write_line (self, storage, "From: ", SENDER_NAME);
  write_line (self, storage, "From: ", SENDER_ADDRESS);
  write_line (self, storage, "From: ", SENDER_MAIL_ADDRESS);
  write_line (self, storage, "To: ", TO);
  write_line (self, storage, "Cc: ", CC);
  write_line (self, storage, "Bcc: ", BCC);
  for_each_storage (self, storage, "__recip_version1.0_", write_recipient);
  write_line (self, storage, "", HEADERS);
}

/* --- body ------------------------------------------------------------------------------------ */

/* Without what may differ between two ways to write one text. NULL stays NULL. */
static char *
without_space (const char *text)
{
  GString *into = text != NULL ? g_string_new (NULL) : NULL;

  for (; text != NULL && *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)) && !g_unichar_iszerowidth (g_utf8_get_char (text)))
      g_string_append_len (into, text, g_utf8_next_char (text) - text);
  return into != NULL ? g_string_free (into, FALSE) : NULL;
}

static gboolean
says (const char *text, const char *other)
{
  g_autofree char *one = without_space (text), *two = without_space (other);

  return one != NULL && strstr (one, two) != NULL;
}

/* What its body alone says. What is in it is looked at when it is written. */
static char *
rtf_text (const GByteArray *rtf)
{
  SkExtractLimits limits = sk_extract_default_limits;
  SkContent content = { rtf->data, rtf->len, NULL };
  g_autoptr (SkExtraction) extraction = NULL;
  GString *text = g_string_new (NULL);

  limits.depth = 0;
  extraction = sk_extract (&content, &limits);
  for (guint i = 0; i < extraction->sections->len; i++)
    {
      const SkSection *section = extraction->sections->pdata[i];

      if (section->kind == SK_SECTION_TEXT)
        g_string_append_len (text, extraction->text + section->start, (gssize) section->length);
    }
  return g_string_free (text, FALSE);
}

static void
write_rtf (Mail *self, SkBytes packed, const char *text, const char *html)
{
  g_autoptr (GByteArray) rtf
      = sk_rtf_unpack (packed.at, packed.length, sk_sink_may_unpack (self->sink, packed.length));
  g_autofree char *own = NULL;

  if (rtf == NULL)
    sk_sink_doubt (self->sink, "damaged: the text of a mail can't be unpacked");
  if (rtf == NULL || !sk_sink_unpack (self->sink, packed.length, rtf->len))
    return;
  own = rtf_text (rtf);
  if (!says (text, own) && !says (html, own)
      && sk_sink_section (self->sink, SK_SECTION_TEXT, NULL, 0))
    sk_rtf_read ((SkBytes){ rtf->data, rtf->len }, self->sink);
}

/* NULL: there is none. */
static char *
html_text (Mail *self, guint storage)
{
  g_autoptr (GBytes) bytes = property (self, storage, HTML_BODY, TYPE_BYTES);
  char *html;

  if (bytes == NULL)
    html = text_property (self, storage, HTML_BODY);
  else
    {
      check_text (self, sk_bytes_of (bytes), 1);
      html = decode_text (without_end (bytes, 1), self->html_charset);
    }
  if (html != NULL)
    sk_html_to_text (html, strlen (html), NULL);
  return html;
}

/* Outlook keeps a body in up to three ways, and shows one that it chooses. They should say the
 * same; what one says that none before it does is written as well. */
static void
write_body (Mail *self, guint storage)
{
  g_autofree char *text = text_property (self, storage, BODY);
  g_autofree char *html = html_text (self, storage);
  g_autoptr (GBytes) rtf = property (self, storage, RTF_BODY, TYPE_BYTES);

  sk_sink_section (self->sink, SK_SECTION_TEXT, NULL, 0);
  if (text != NULL)
    write_lines (self, text);
  if (html != NULL && !says (text, html) && sk_sink_section (self->sink, SK_SECTION_TEXT, NULL, 0))
    sk_sink_text (self->sink, html, -1);
  if (rtf != NULL && g_bytes_get_size (rtf) > 0)
    write_rtf (self, sk_bytes_of (rtf), text, html);
}

/* --- attachments ----------------------------------------------------------------------------- */

static void write_mail (Mail *self, guint storage);

static char *
attachment_name (Mail *self, guint storage)
{
  static const guint names[] = { FILE_NAME, SHORT_FILE_NAME, NAME };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = text_property (self, storage, names[i]);

      if (name != NULL && *name != '\0')
        return g_steal_pointer (&name);
    }
  return NULL;
}

static void
write_object (Mail *self, guint object)
{
  if (sk_ole2_find (self->ole2, object, "__properties_version1.0") == SK_OLE2_NONE)
    sk_ole2_read_storage (self->ole2, object, self->sink);
  else if (self->depth >= DEPTH)
    sk_sink_doubt (self->sink, "limit: too many files inside one another");
  else
    {
      Mail inner = { self->ole2, self->sink, self->depth + 1 };

      write_mail (&inner, object);
    }
}

static void
write_attachment (Mail *self, guint storage)
{
  g_autofree char *name = attachment_name (self, storage);
  g_autofree char *object = g_strdup_printf ("__substg1.0_%04X%04X", DATA, TYPE_OBJECT);
  guint entry = sk_ole2_find (self->ole2, storage, object);
  g_autoptr (GBytes) data = property (self, storage, DATA, TYPE_BYTES);

  if (data != NULL)
    sk_ole_package_give (sk_bytes_of (data), name, self->sink);
  if (entry != SK_OLE2_NONE && sk_ole2_entry (self->ole2, entry)->is_storage)
    write_object (self, entry);
}

static void
write_mail (Mail *self, guint storage)
{
  self->charset = charset_property (self, storage, CODE_PAGE);
  self->html_charset = charset_property (self, storage, HTML_CODE_PAGE);
  write_head (self, storage);
  write_body (self, storage);
  for_each_storage (self, storage, "__attach_version1.0_", write_attachment);
}

static SkReading
read_mail (SkOle2 *ole2, guint storage, SkSink *sink)
{
  Mail self = { ole2, sink };

  write_mail (&self, storage);
  return SK_READING_DONE;
}

const SkOle2Kind sk_ole2_msg
    = { "__properties_version1.0", "application/vnd.ms-outlook", NULL, read_mail };
