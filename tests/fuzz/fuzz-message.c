/* A mail of any bytes, under the usual limits and under narrow ones: what is said of it can be shown,
 * its attachments lie in it and are as large as is said, and asking for less gives less of the same. */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz-input.h"

#include "sk-error.h"
#include "sk-message.h"

#include <sys/mman.h>
#include <unistd.h>

static const SkMessageLimits narrow = {
  .header_bytes = 512, .parts = 4, .depth = 2, .addresses = 3, .text_bytes = 100,
};

static void
write_all (int fd, const void *data, gsize size)
{
  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
}

static int
mail_file (const char *start, const void *data, gsize size)
{
  int fd = memfd_create ("mail", MFD_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  write_all (fd, start, strlen (start));
  write_all (fd, data, size);
  return fd;
}

static gboolean
is_clean_or_null (const char *text)
{
  return text == NULL || fuzz_is_clean (text);
}

static void
check_addresses (const GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const SkAddress *address = addresses->pdata[i];

      g_assert_true (fuzz_is_clean (address->text) && fuzz_is_clean (address->key));
      g_assert_true (is_clean_or_null (address->name));
    }
}

static guint
check_all_addresses (const SkMessage *message)
{
  const GPtrArray *const arrays[]
      = { message->from, message->sender, message->to, message->cc, message->bcc };
  guint count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    {
      check_addresses (arrays[i]);
      count += arrays[i]->len;
    }
  return count;
}

static void
check_headers (const SkMessage *message)
{
  for (guint i = 0; i < message->headers->len; i++)
    {
      const SkHeaderField *field = message->headers->pdata[i];

      g_assert_true (fuzz_is_clean (field->name) && fuzz_is_clean (field->value));
    }
  g_assert_true (fuzz_is_clean (message->subject));
  g_assert_true (is_clean_or_null (message->message_id) && is_clean_or_null (message->mailer));
  g_assert_true (is_clean_or_null (message->uninspected));
}

static void
check_texts (const SkMessage *message, const SkMessageLimits *limits)
{
  gsize total = 0;

  for (guint i = 0; i < message->texts->len; i++)
    {
      const SkText *text = message->texts->pdata[i];

      g_assert_true (text->text[text->length] == '\0');
      g_assert_true (g_utf8_validate_len (text->text, text->length, NULL));
      total += text->length;
    }
  g_assert_cmpuint (total, <=, limits->text_bytes * 6 + 64 * message->texts->len);
}

static void
check_extensions (const char *name)
{
  g_auto (GStrv) extensions = sk_attachment_extensions (name);
  guint count = g_strv_length (extensions);

  g_assert_cmpuint (count, <=, 2);
  for (guint i = 0; i < count; i++)
    {
      gsize length = strlen (extensions[i]);

      g_assert_true (length > 0 && fuzz_is_clean (extensions[i]));
      g_assert_true (extensions[i][length - 1] != '.' && extensions[i][length - 1] != ' ');
    }
  if (count == 2)
    g_assert_true (g_str_has_suffix (extensions[1], extensions[0]));
}

/* `limit` octets suffice, one less does not. */
static void
check_content (int fd, const SkAttachment *attachment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes
      = sk_message_read_attachment (fd, attachment, (gsize) attachment->size, &error);
  g_autoptr (GBytes) less = NULL;

  g_assert_no_error (error);
  g_assert_cmpint ((gint64) g_bytes_get_size (bytes), ==, attachment->size);
  if (attachment->size == 0)
    return;
  less = sk_message_read_attachment (fd, attachment, (gsize) attachment->size - 1, &error);
  g_assert_error (error, SK_ERROR, SK_ERROR_LIMIT);
  g_assert_null (less);
}

static void
check_attachment (int fd, const SkMessage *message, const SkAttachment *attachment)
{
  g_assert_true (attachment->offset >= 0 && attachment->length >= 0);
  g_assert_cmpint (attachment->offset, <=, message->size);
  g_assert_cmpint (attachment->length, <=, message->size - attachment->offset);
  g_assert_true (attachment->name == NULL
                 || (*attachment->name != '\0' && fuzz_is_clean (attachment->name)));
  g_assert_true (fuzz_is_clean (attachment->type) && fuzz_is_clean (attachment->encoding));
  g_assert_true (is_clean_or_null (attachment->uninspected));
  g_assert_cmpint (attachment->size, >=, 0);
  check_content (fd, attachment);
  if (attachment->name != NULL)
    check_extensions (attachment->name);
}

static void
check_less (int fd, const SkMessage *message, const SkMessageLimits *limits)
{
  g_autoptr (SkMessage) less = sk_message_open_fd (fd, limits, 0, NULL);

  g_assert_nonnull (less);
  g_assert_cmpuint (less->texts->len, ==, 0);
  g_assert_cmpuint (less->headers->len, ==, message->headers->len);
  /* Where the texts were not read to their end, which pictures they show isn't known alike. */
  if (message->uninspected != NULL && strstr (message->uninspected, "bytes of text") != NULL)
    return;
  g_assert_cmpuint (less->attachments->len, ==, message->attachments->len);
  for (guint i = 0; i < less->attachments->len; i++)
    {
      const SkAttachment *a = less->attachments->pdata[i], *b = message->attachments->pdata[i];

      g_assert_true (a->size == -1 && a->offset == b->offset && a->length == b->length);
      g_assert_cmpuint (a->index, ==, i + 1);
      g_assert_cmpuint (b->index, ==, i + 1);
      g_assert_cmpstr (a->name, ==, b->name);
    }
}

static void
check_message (int fd, gsize size, const SkMessageLimits *limits)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkMessage) message = sk_message_open_fd (fd, limits, SK_MESSAGE_WANT_ALL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (message->size, ==, (gint64) size);
  check_headers (message);
  g_assert_cmpuint (check_all_addresses (message), <=, limits->addresses);
  check_texts (message, limits);
  g_assert_cmpuint (message->attachments->len, <=, limits->parts);
  for (guint i = 0; i < message->attachments->len; i++)
    check_attachment (fd, message, message->attachments->pdata[i]);
  check_less (fd, message, limits);
}

static char *
fingerprint (const char *start, const void *data, gsize size)
{
  int fd = mail_file (start, data, size);
  g_autoptr (GError) error = NULL;
  char *hex = sk_message_fingerprint (fd, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (hex), ==, 64);
  close (fd);
  return hex;
}

/* Submitted again, a mail has another Message-ID; another subject makes it another mail. */
static void
check_fingerprint (const void *data, gsize size)
{
  g_autofree char *one = fingerprint ("Message-ID: <1@x>\r\n", data, size);
  g_autofree char *two = fingerprint ("Message-ID: <22@x>\r\n", data, size);
  g_autofree char *other = fingerprint ("Subject: x\r\nMessage-ID: <1@x>\r\n", data, size);

  g_assert_cmpstr (one, ==, two);
  g_assert_cmpstr (one, !=, other);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  int fd = mail_file ("", data, size);

  check_message (fd, size, &sk_message_default_limits);
  check_message (fd, size, &narrow);
  close (fd);
  check_fingerprint (data, size);
  return 0;
}
