/* A mail as a document: its header, its texts, and its attachments as members. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"

#include "sk-encoded-file.h"
#include "sk-format-smime.h"
#include "sk-message.h"

#include <string.h>

enum { HEADER_WITHIN = 4096 };

/* --- recognising ------------------------------------------------------------------------------ */

static const char *const usual_fields[] = {
  "From",        "To",           "Cc",         "Subject",      "Date",           "Received",
  "Return-Path", "Delivered-To", "Message-ID", "MIME-Version", "Content-Type",   "Sender",
  "Reply-To",    "X-Unsent",     "X-Mailer",   "User-Agent",   "DKIM-Signature",
};

static gboolean
is_usual (const char *name, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (usual_fields); i++)
    if (strlen (usual_fields[i]) == length
        && g_ascii_strncasecmp (name, usual_fields[i], length) == 0)
      return TRUE;
  return FALSE;
}

/* Length of a field name before its colon (RFC 5322, 3.6.8), 0 when there is none. */
static gsize
name_length (const char *line, const char *end)
{
  const char *p = line;

  while (p < end && *p > ' ' && *p < 0x7f && *p != ':')
    p++;
  return p < end && *p == ':' ? (gsize) (p - line) : 0;
}

/* Two fields that mails have, in a header without a line that is none. What is cut at the end
 * doesn't count. */
static gboolean
is_header (const char *p, const char *end)
{
  guint usual = 0;
  const char *line_end;

  for (; (line_end = memchr (p, '\n', (gsize) (end - p))) != NULL; p = line_end + 1)
    {
      gsize length = name_length (p, line_end);

      if (p == line_end || *p == '\r')
        break;
      if (length == 0 && *p != ' ' && *p != '\t')
        return FALSE;
      usual += length > 0 && is_usual (p, length);
    }
  return usual >= 2;
}

static const char *
recognise (const SkContent *content)
{
  const char *bytes = (const char *) content->bytes;
  gsize length = MIN (content->length, HEADER_WITHIN);

  if (length == 0 || name_length (bytes, bytes + length) == 0
      || memchr (bytes, '\0', length) != NULL)
    return NULL;
  return is_header (bytes, bytes + length) ? "message/rfc822" : NULL;
}

/* --- reading ---------------------------------------------------------------------------------- */

static const char *const read_fields[] = {
  "Subject",  "From",        "Sender",    "To",           "Cc",
  "Bcc",      "Reply-To",    "Date",      "Organization", "Comments",
  "Keywords", "Resent-From", "Resent-To", "Resent-Cc",    "Resent-Bcc",
};

static gboolean
is_read (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (read_fields); i++)
    if (g_ascii_strcasecmp (name, read_fields[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
write_header (const SkMessage *message, SkSink *sink)
{
  gboolean more = sk_sink_section (sink, SK_SECTION_NOTE, "header", 0);

  for (guint i = 0; i < message->headers->len && more; i++)
    {
      const SkHeaderField *field = message->headers->pdata[i];

      if (is_read (field->name))
        more = sk_sink_text (sink, field->name, -1) && sk_sink_text (sink, ": ", 2)
               && sk_sink_text (sink, field->value, -1) && sk_sink_line (sink);
    }
  return more;
}

static gboolean
write_texts (const SkMessage *message, SkSink *sink)
{
  gboolean more = TRUE;

  for (guint i = 0; i < message->texts->len && more; i++)
    {
      const SkText *text = message->texts->pdata[i];

      more = sk_sink_section (sink, SK_SECTION_TEXT, NULL, 0)
             && sk_sink_text (sink, text->text, (gssize) text->length)
             && sk_encoded_files_read (text->text, text->length, sink);
    }
  return more;
}

typedef struct {
  const SkMessage *message;
  const SkContent *content;
  SkSink *sink;
  gboolean is_encrypted;
} Reader;

/* That a mail is encrypted is told by its structure; of an S/MIME message, that is but a guess. */
static void
judge_smime (Reader *self, const SkAttachment *attachment, const SkContent *member)
{
  if (self->is_encrypted && strstr (attachment->type, "pkcs7-mime") != NULL)
    self->is_encrypted = sk_smime_is_encrypted (member);
}

static gboolean
write_attachment (Reader *self, const SkAttachment *attachment)
{
  const SkContent *mail = self->content;
  guint64 limit = sk_sink_may_unpack (self->sink, mail->length);
  g_autoptr (GByteArray) bytes
      = sk_message_decode_attachment (mail->bytes, mail->length, attachment, (gsize) limit);
  SkContent member = { .name = attachment->name };

  if (attachment->uninspected != NULL)
    sk_sink_doubt (self->sink, attachment->uninspected);
  if (!sk_sink_unpack (self->sink, mail->length, bytes != NULL ? bytes->len : limit + 1))
    return FALSE;
  member.bytes = bytes->data;
  member.length = bytes->len;
  judge_smime (self, attachment, &member);
  return sk_sink_member (self->sink, &member);
}

static void
read_message (Reader *self)
{
  const SkMessage *message = self->message;
  gboolean more = write_header (message, self->sink) && write_texts (message, self->sink);

  if (message->uninspected != NULL)
    sk_sink_doubt (self->sink, message->uninspected);
  for (guint i = 0; i < message->attachments->len && more; i++)
    more = write_attachment (self, message->attachments->pdata[i]);
}

static SkReading
read_eml (const SkContent *content, const char *type, SkSink *sink)
{
  g_autoptr (SkMessage) message
      = sk_message_open_bytes (content->bytes, content->length, &sk_message_default_limits,
                               SK_MESSAGE_WANT_TEXTS);
  Reader reader = { message, content, sink, message->is_encrypted };

  read_message (&reader);
  return reader.is_encrypted ? SK_READING_ENCRYPTED : SK_READING_DONE;
}

const SkFormat sk_format_eml = { "eml", recognise, read_eml };
