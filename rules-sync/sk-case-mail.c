// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-case-mail.h"

#include "sk-error.h"
#include "sk-file.h"
#include "sk-quantity.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BOUNDARY "=_sekisho_case"
#define ALTERNATIVE BOUNDARY "_alternative"

enum {
  LINE_BYTES = 57,  /* 76 characters of base64 */
  WORD_BYTES = 45,  /* of text in one encoded word (RFC 2047: 75 characters at most) */
  VALUE_BYTES = 20, /* of a file name in one continuation (RFC 2231) */
  MOST_BYTES = 100 << 20,
};

typedef struct {
  const SkCase *subject;
  FILE *file;
} Writer;

static const char *
text_of (const SkNode *node, const char *key)
{
  const SkNode *value = sk_node_get (node, key);

  return value == NULL ? NULL : value->text;
}

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text >= 0x80 || g_ascii_iscntrl (*text))
      return FALSE;
  return TRUE;
}

/* How many bytes of `text` to take, at most `most`, without cutting a character. */
static gsize
piece (const char *text, gsize most)
{
  gsize n = strlen (text);

  if (n <= most)
    return n;
  for (n = most; n > 1 && ((guchar) text[n] & 0xc0) == 0x80;)
    n--;
  return n;
}

static void
write_base64 (Writer *self, const guint8 *bytes, gsize length)
{
  for (gsize at = 0; at < length; at += LINE_BYTES)
    {
      g_autofree char *line = g_base64_encode (bytes + at, MIN (length - at, LINE_BYTES));

      fprintf (self->file, "%s\r\n", line);
    }
}

/* RFC 2047, each word whole characters. */
static void
write_text_header (Writer *self, const char *name, const char *text)
{
  fprintf (self->file, "%s:", name);
  if (is_ascii (text))
    fprintf (self->file, " %s", text);
  else
    for (gsize n; *text != '\0'; text += n)
      {
        g_autofree char *word = NULL;

        n = piece (text, WORD_BYTES);
        word = g_base64_encode ((const guchar *) text, n);
        fprintf (self->file, " =?UTF-8?B?%s?=%s", word, text[n] == '\0' ? "" : "\r\n");
      }
  fputs ("\r\n", self->file);
}

static void
write_addresses (Writer *self, const char *name, const SkNode *node)
{
  g_auto (GStrv) addresses = sk_case_texts (node);
  g_autofree char *joined = addresses == NULL ? NULL : g_strjoinv (",\r\n ", addresses);

  if (addresses != NULL && addresses[0] != NULL)
    fprintf (self->file, "%s: %s\r\n", name, joined);
}

static void
write_date (Writer *self, gint64 at)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  static const char *const days[] = { "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[]
      = { "", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  if (time == NULL)
    return;
  fprintf (self->file, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
           days[g_date_time_get_day_of_week (time)], g_date_time_get_day_of_month (time),
           months[g_date_time_get_month (time)], g_date_time_get_year (time),
           g_date_time_get_hour (time), g_date_time_get_minute (time),
           g_date_time_get_second (time));
}

static void
write_headers (Writer *self, gint64 at)
{
  const SkNode *mail = self->subject->mail, *headers = sk_node_get (mail, "headers");

  write_addresses (self, "From", sk_node_get (mail, "from"));
  write_addresses (self, "To", sk_node_get (mail, "to"));
  write_addresses (self, "Cc", sk_node_get (mail, "cc"));
  if (text_of (mail, "subject") != NULL)
    write_text_header (self, "Subject", text_of (mail, "subject"));
  write_date (self, at);
  fprintf (self->file, "Message-ID: <case-%u@example.com>\r\nMIME-Version: 1.0\r\n", mail->line);
  for (guint i = 0; headers != NULL && i < headers->keys->len; i++)
    write_text_header (self, ((const SkNode *) g_ptr_array_index (headers->keys, i))->text,
                       ((const SkNode *) g_ptr_array_index (headers->children, i))->text);
}

static void
write_text_part (Writer *self, const char *subtype, const char *text)
{
  fprintf (self->file,
           "Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
           subtype);
  write_base64 (self, (const guint8 *) text, strlen (text));
}

static void
write_body (Writer *self)
{
  const char *text = text_of (self->subject->mail, "body"),
             *html = text_of (self->subject->mail, "html");

  if (html == NULL || text == NULL)
    {
      write_text_part (self, html != NULL ? "html" : "plain",
                       html != NULL   ? html
                       : text != NULL ? text
                                      : "");
      return;
    }
  fprintf (self->file, "Content-Type: multipart/alternative; boundary=\"" ALTERNATIVE
                       "\"\r\n\r\n--" ALTERNATIVE "\r\n");
  write_text_part (self, "plain", text);
  fprintf (self->file, "--" ALTERNATIVE "\r\n");
  write_text_part (self, "html", html);
  fprintf (self->file, "--" ALTERNATIVE "--\r\n");
}

/* RFC 2231: percent-encoded UTF-8, in continuations. */
static void
write_file_name (Writer *self, const char *name)
{
  guint number = 0;

  for (gsize n; *name != '\0'; name += n, number++)
    {
      g_autofree char *part = NULL, *escaped = NULL;

      n = piece (name, VALUE_BYTES);
      part = g_strndup (name, n);
      escaped = g_uri_escape_string (part, NULL, FALSE);
      fprintf (self->file, ";\r\n filename*%u*=%s%s", number, number == 0 ? "UTF-8''" : "",
               escaped);
    }
}

static void
write_attachment_header (Writer *self, const SkNode *node)
{
  const char *name = text_of (node, "name"), *type = text_of (node, "type");

  if (type == NULL)
    type
        = text_of (node, "text") != NULL ? "text/plain; charset=utf-8" : "application/octet-stream";
  fprintf (
      self->file,
      "Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment",
      type);
  if (name != NULL)
    write_file_name (self, name);
  fputs ("\r\n\r\n", self->file);
}

static gboolean
read_size (const char *text, gint64 *size, GError **error)
{
  SkComparison comparison;

  if (!sk_comparison_parse_size (text, &comparison, error))
    return FALSE;
  *size = comparison.value;
  if (comparison.operator== SK_EQUAL && * size <= MOST_BYTES && g_ascii_isdigit (*text))
    return TRUE;
  g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
               "'%s': the size of an attachment is a number of bytes, kB or MB, at most %d MB",
               text, MOST_BYTES >> 20);
  return FALSE;
}

static gboolean
write_filling (Writer *self, const char *size_text, GError **error)
{
  guint8 line[LINE_BYTES];
  gint64 size;

  if (!read_size (size_text, &size, error))
    return FALSE;
  memset (line, 'x', sizeof line);
  for (; size > 0; size -= LINE_BYTES)
    write_base64 (self, line, (gsize) MIN (size, LINE_BYTES));
  return TRUE;
}

static gboolean
write_from_file (Writer *self, const char *name, GError **error)
{
  g_autofree char *path = sk_case_path (self->subject, name, error);
  gsize length = 0;
  g_autofree char *bytes = path == NULL ? NULL : sk_file_read (path, MOST_BYTES, &length, error);

  if (bytes == NULL)
    return FALSE;
  write_base64 (self, (const guint8 *) bytes, length);
  return TRUE;
}

static gboolean
write_attachment (Writer *self, const SkNode *node, GError **error)
{
  const char *file = text_of (node, "file"), *size = text_of (node, "size"),
             *text = text_of (node, "text");

  fprintf (self->file, "--" BOUNDARY "\r\n");
  write_attachment_header (self, node);
  if (file != NULL)
    return write_from_file (self, file, error);
  if (size != NULL)
    return write_filling (self, size, error);
  write_base64 (self, (const guint8 *) (text != NULL ? text : ""),
                text != NULL ? strlen (text) : 0);
  return TRUE;
}

static gboolean
write_attachments (Writer *self, const SkNode *attachments, GError **error)
{
  fprintf (self->file,
           "Content-Type: multipart/mixed; boundary=\"" BOUNDARY "\"\r\n\r\n--" BOUNDARY "\r\n");
  write_body (self);
  for (guint i = 0; i < attachments->children->len; i++)
    if (!write_attachment (self, g_ptr_array_index (attachments->children, i), error))
      return FALSE;
  fprintf (self->file, "--" BOUNDARY "--\r\n");
  return TRUE;
}

static gboolean
write_mail (Writer *self, gint64 at, GError **error)
{
  const SkNode *attachments = sk_node_get (self->subject->mail, "attachments");

  write_headers (self, at);
  if (attachments == NULL)
    write_body (self);
  else if (!write_attachments (self, attachments, error))
    return FALSE;
  if (fflush (self->file) == 0 && !ferror (self->file))
    return TRUE;
  return sk_error_set_errno (error, errno, "can't write the mail of a case to a temporary file");
}

char *
sk_case_mail_write (const SkCase *self, gint64 at, GError **error)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("sekisho-case-XXXXXX.eml", &path, error);
  Writer writer = { self, fd < 0 ? NULL : fdopen (fd, "w") };
  gboolean written;

  if (writer.file == NULL)
    {
      if (fd >= 0)
        {
          close (fd);
          unlink (path);
          sk_error_set_errno (error, errno, "%s", path);
        }
      return NULL;
    }
  written = write_mail (&writer, at, error);
  fclose (writer.file);
  if (written)
    return g_steal_pointer (&path);
  unlink (path);
  return NULL;
}
