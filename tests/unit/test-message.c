// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-message.h"

#include "sk-error.h"

#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char *
fixture (const char *name, const char *ending)
{
  return g_strdup_printf ("%s/mail/%s%s", g_getenv ("SK_FIXTURES"), name, ending);
}

static void
check_string (const json_t *truth, const char *key, const char *found)
{
  const json_t *value = json_object_get (truth, key);

  if (value != NULL)
    g_assert_cmpstr (found, ==, json_string_value (value));
}

static void
check_integer (const json_t *truth, const char *key, gint64 found)
{
  const json_t *value = json_object_get (truth, key);

  if (value != NULL)
    g_assert_cmpint (found, ==, json_integer_value (value));
}

static void
check_flag (const json_t *truth, const char *key, gboolean found)
{
  const json_t *value = json_object_get (truth, key);

  if (value != NULL)
    g_assert_cmpint (found != FALSE, ==, json_is_true (value));
}

/* A reason is compared by a piece of it; null means that there is none. */
static void
check_reason (const json_t *truth, const char *found)
{
  const json_t *value = json_object_get (truth, "uninspected");

  if (json_is_null (value))
    g_assert_cmpstr (found, ==, NULL);
  else if (value != NULL)
    {
      g_assert_nonnull (found);
      if (strstr (found, json_string_value (value)) == NULL)
        g_error ("'%s' does not speak of '%s'", found, json_string_value (value));
    }
}

static void
check_addresses (const json_t *truth, const char *key, const GPtrArray *found)
{
  const json_t *list = json_object_get (truth, key);

  if (list == NULL)
    return;
  g_assert_cmpuint (found->len, ==, json_array_size (list));
  for (guint i = 0; i < found->len; i++)
    {
      const SkAddress *address = found->pdata[i];

      check_string (json_array_get (list, i), "address", address->text);
      check_string (json_array_get (list, i), "name", address->name);
    }
}

static void
check_texts (const json_t *truth, const GPtrArray *texts)
{
  const json_t *list = json_object_get (truth, "texts");

  if (list == NULL)
    return;
  g_assert_cmpuint (texts->len, ==, json_array_size (list));
  for (guint i = 0; i < texts->len; i++)
    {
      const json_t *expected = json_array_get (list, i);
      const SkText *text = texts->pdata[i];

      check_string (expected, "kind", text->kind == SK_TEXT_HTML ? "html" : "plain");
      check_string (expected, "text", text->text);
      check_flag (expected, "alternative", text->alternative);
      check_integer (expected, "replaced", (gint64) text->replaced);
      g_assert_cmpuint (text->length, ==, strlen (text->text));
    }
}

static void
check_content (const json_t *expected, int fd, const SkAttachment *attachment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *sum = NULL;

  if (attachment->size < 0)
    return;
  bytes = sk_message_read_attachment (fd, attachment, (gsize) attachment->size, &error);
  g_assert_no_error (error);
  g_assert_cmpint ((gint64) g_bytes_get_size (bytes), ==, attachment->size);
  sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  check_string (expected, "sha256", sum);
  if (attachment->size == 0)
    return;
  g_assert_null (
      sk_message_read_attachment (fd, attachment, (gsize) attachment->size - 1, &error));
  g_assert_true (sk_error_is_limit (error));
}

static void
check_attachments (const json_t *truth, int fd, const GPtrArray *attachments)
{
  static const char *const kinds[] = { "leaf", "message", "partial", "external", "tnef" };
  const json_t *list = json_object_get (truth, "attachments");

  if (list == NULL)
    return;
  g_assert_cmpuint (attachments->len, ==, json_array_size (list));
  for (guint i = 0; i < attachments->len; i++)
    {
      const json_t *expected = json_array_get (list, i);
      const SkAttachment *attachment = attachments->pdata[i];

      g_assert_cmpuint (attachment->index, ==, i + 1);
      check_string (expected, "name", attachment->name);
      check_string (expected, "type", attachment->type);
      check_string (expected, "encoding", attachment->encoding);
      check_string (expected, "kind", kinds[attachment->kind]);
      check_integer (expected, "size", attachment->size);
      check_reason (expected, attachment->uninspected);
      check_flag (expected, "contradictory", attachment->contradictory);
      check_content (expected, fd, attachment);
    }
}

static void
check_message (const json_t *truth, int fd, const SkMessage *message)
{
  check_string (truth, "subject", message->subject);
  check_addresses (truth, "from", message->from);
  check_addresses (truth, "sender", message->sender);
  check_addresses (truth, "to", message->to);
  check_addresses (truth, "cc", message->cc);
  check_addresses (truth, "bcc", message->bcc);
  check_flag (truth, "signed", message->is_signed);
  check_flag (truth, "encrypted", message->is_encrypted);
  check_reason (truth, message->uninspected);
  check_texts (truth, message->texts);
  check_attachments (truth, fd, message->attachments);
}

static void
assert_shown (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)));
}

/* Whatever a mail says, this can be written into a line. */
static void
check_shown (const SkMessage *message)
{
  for (guint i = 0; i < message->headers->len; i++)
    {
      const SkHeaderField *field = message->headers->pdata[i];

      assert_shown (field->name);
      assert_shown (field->value);
    }
  for (guint i = 0; i < message->attachments->len; i++)
    {
      const SkAttachment *attachment = message->attachments->pdata[i];

      assert_shown (attachment->type);
      assert_shown (attachment->encoding);
      assert_shown (attachment->uninspected != NULL ? attachment->uninspected : "");
    }
}

static void
test_fixture (gconstpointer data)
{
  const char *name = data;
  g_autofree char *path = fixture (name, ".eml"), *truth_path = fixture (name, ".json");
  g_autoptr (GError) error = NULL;
  json_error_t json_error;
  json_t *truth = json_load_file (truth_path, 0, &json_error);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  g_autoptr (SkMessage) message
      = sk_message_open_fd (fd, &sk_message_default_limits, SK_MESSAGE_WANT_ALL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (truth);
  g_assert_cmpuint (json_object_size (truth), >, 0);
  check_message (truth, fd, message);
  check_shown (message);
  json_decref (truth);
  close (fd);
}

/* From memory the same is read as from a file. */
static void
test_memory (gconstpointer data)
{
  g_autofree char *path = fixture (data, ".eml"), *truth_path = fixture (data, ".json"), *bytes = NULL;
  json_t *truth = json_load_file (truth_path, 0, NULL);
  g_autoptr (SkMessage) message = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  message = sk_message_open_bytes ((const guint8 *) bytes, length, &sk_message_default_limits,
                                   SK_MESSAGE_WANT_ALL);
  check_message (truth, fd, message);
  for (guint i = 0; i < message->attachments->len; i++)
    {
      const SkAttachment *attachment = message->attachments->pdata[i];
      g_autoptr (GByteArray) decoded = sk_message_decode_attachment (
          (const guint8 *) bytes, length, attachment, (gsize) attachment->size);

      g_assert_cmpint ((gint64) decoded->len, ==, attachment->size);
      g_assert_true (attachment->size == 0
                     || sk_message_decode_attachment ((const guint8 *) bytes, length, attachment,
                                                      (gsize) attachment->size - 1) == NULL);
    }
  json_decref (truth);
  close (fd);
}

/* A file that is written for one test and gone after it. */
static int
open_bytes (const char *bytes, gsize length)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("sk-message-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  unlink (path);
  g_assert_cmpint (write (fd, bytes, length), ==, (ssize_t) length);
  return fd;
}

static SkMessage *
read_text_mail (const GString *mail, const SkMessageLimits *limits, SkMessageWant want)
{
  g_autoptr (GError) error = NULL;
  int fd = open_bytes (mail->str, mail->len);
  SkMessage *message = sk_message_open_fd (fd, limits, want, &error);

  g_assert_no_error (error);
  close (fd);
  return message;
}

static void
assert_reason (const SkMessage *message, const char *piece)
{
  g_assert_nonnull (message->uninspected);
  if (strstr (message->uninspected, piece) == NULL)
    g_error ("'%s' does not speak of '%s'", message->uninspected, piece);
}

#define HEAD "From: a@example.co.jp\r\nTo: b@example.com\r\n"

static void
test_limits (void)
{
  SkMessageLimits limits = { .header_bytes = 100, .parts = 3, .depth = 2, .addresses = 2,
                             .text_bytes = 10 };
  g_autoptr (GString) long_header = g_string_new (HEAD "Subject: ");
  g_autoptr (GString) addresses = g_string_new ("To: a@x.jp, b@x.jp\r\nCc: c@x.jp\r\n\r\nx");
  g_autoptr (GString) text = g_string_new (HEAD "\r\n12345678901");
  g_autoptr (GString) fits = g_string_new (HEAD "\r\n1234567890");
  g_autoptr (SkMessage) a = NULL, b = NULL, c = NULL, d = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append_c (long_header, 'x');
  g_string_append (long_header, "\r\n\r\ntext");
  a = read_text_mail (long_header, &limits, SK_MESSAGE_WANT_ALL);
  assert_reason (a, "header is larger than 100 bytes");
  g_assert_cmpuint (a->to->len, ==, 1);
  b = read_text_mail (addresses, &limits, SK_MESSAGE_WANT_ALL);
  assert_reason (b, "more than 2 addresses");
  g_assert_cmpuint (b->to->len + b->cc->len, ==, 2);
  c = read_text_mail (text, &limits, SK_MESSAGE_WANT_ALL);
  assert_reason (c, "more than 10 bytes of text");
  g_assert_cmpstr (((SkText *) c->texts->pdata[0])->text, ==, "1234567890");
  d = read_text_mail (fits, &limits, SK_MESSAGE_WANT_ALL);
  g_assert_cmpstr (d->uninspected, ==, NULL);
}

static void
test_nothing_wanted (void)
{
  g_autoptr (GString) mail = g_string_new (
      HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
           "Content-Type: application/pdf; name=a.pdf\r\n\r\nx\r\n--b--\r\n");
  g_autoptr (SkMessage) message = read_text_mail (mail, &sk_message_default_limits, 0);

  g_assert_cmpuint (message->texts->len, ==, 0);
  g_assert_cmpuint (message->attachments->len, ==, 1);
  g_assert_cmpint (((SkAttachment *) message->attachments->pdata[0])->size, ==, -1);
  g_assert_cmpstr (((SkAttachment *) message->attachments->pdata[0])->name, ==, "a.pdf");
}

static void
test_no_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sk_message_open ("/nonexistent/mail.eml", &sk_message_default_limits, 0, &error));
  g_assert_true (sk_error_is_not_found (error));
}

/* Mails that are made to be expensive. Each must be told as not inspected, within a time that a slow
 * machine with sanitizers keeps (0.6 s at most on an idle one, 3 s were seen on a busy one), and that a parser without
 * limits would exceed many times. */
#define HOSTILE_SECONDS 10.0

static GString *
many_parts (void)
{
  GString *mail = g_string_new (HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n");

  for (guint i = 0; i < 200000; i++)
    g_string_append (mail, "--b\r\n\r\nx\r\n");
  return mail;
}

static GString *
many_empty_multiparts (void)
{
  GString *mail = g_string_new (HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n");

  for (guint i = 0; i < 200000; i++)
    g_string_append (mail, "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n");
  return mail;
}

static GString *
nested_messages (void)
{
  GString *mail = g_string_new (HEAD);

  for (guint i = 0; i < 100000; i++)
    g_string_append (mail, "Content-Type: message/rfc822\r\n\r\n");
  g_string_append (mail, "Subject: inside\r\n\r\nsecret");
  return mail;
}

static GString *
nested_multiparts (void)
{
  GString *mail = g_string_new (HEAD);

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (mail, "Content-Type: multipart/mixed; boundary=b%u\r\n\r\n--b%u\r\n", i,
                            i);
  return mail;
}

static GString *
long_header (void)
{
  GString *mail = g_string_new (HEAD);

  for (guint i = 0; i < 1000000; i++)
    g_string_append (mail, "X-A: bcd\r\n");
  g_string_append (mail, "\r\ntext");
  return mail;
}

static GString *
many_fields (void)
{
  GString *mail = g_string_new (HEAD);

  for (guint i = 0; i < 250000; i++)
    g_string_append (mail, "a:\r\n");
  g_string_append (mail, "\r\ntext");
  return mail;
}

static GString *
long_part_header (void)
{
  GString *mail
      = g_string_new (HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX-A: ");

  for (guint i = 0; i < 3000000; i++)
    g_string_append_c (mail, 'x');
  g_string_append (mail, "\r\nContent-Type: text/plain\r\n\r\nsecret\r\n--b--\r\n");
  return mail;
}

static GString *
many_addresses (void)
{
  GString *mail = g_string_new ("From: a@example.co.jp\r\nTo: ");

  for (guint i = 0; i < 90000; i++)
    g_string_append (mail, i % 100 == 0 ? "a@b.jp,\r\n " : "a@b.jp,");
  g_string_append (mail, "\r\n\r\ntext");
  return mail;
}

static const struct {
  const char *name;
  GString *(*make) (void);
  const char *reason;
} hostile[] = {
  { "many-parts", many_parts, "more than 1000 parts" },
  { "many-empty-multiparts", many_empty_multiparts, "more than 1000 parts" },
  { "nested-messages", nested_messages, "" },
  { "nested-multiparts", nested_multiparts, "" },
  { "long-header", long_header, "header is larger than 1048576 bytes" },
  { "many-fields", many_fields, "more than 20000 header fields" },
  { "long-part-header", long_part_header, "larger than 1048576 bytes" },
  { "many-addresses", many_addresses, "more than 10000 addresses" },
};

static void
test_hostile (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  GString *mail = hostile[index].make ();
  clock_t before = clock ();
  g_autoptr (SkMessage) message
      = read_text_mail (mail, &sk_message_default_limits, SK_MESSAGE_WANT_ALL);

  g_assert_cmpfloat ((double) (clock () - before) / CLOCKS_PER_SEC, <, HOSTILE_SECONDS);
  assert_reason (message, hostile[index].reason);
  g_string_free (mail, TRUE);
}

/* A text full of lines that look like boundaries and fields is no hostile mail. */
static void
test_text_like_mail (void)
{
  g_autoptr (GString) mail = g_string_new (HEAD "\r\n");
  g_autoptr (SkMessage) message = NULL;
  gsize before = mail->len;

  for (guint i = 0; i < 20000; i++)
    g_string_append (mail, "--- a/file\r\nContent-Type: text/plain\r\n");
  message = read_text_mail (mail, &sk_message_default_limits, SK_MESSAGE_WANT_ALL);
  g_assert_cmpstr (message->uninspected, ==, NULL);
  g_assert_cmpuint (message->texts->len, ==, 1);
  g_assert_cmpuint (((SkText *) message->texts->pdata[0])->length, ==, mail->len - before);
}

static char *
fingerprint (const char *mail)
{
  int fd = open_bytes (mail, strlen (mail));
  g_autoptr (GError) error = NULL;
  char *sum = sk_message_fingerprint (fd, &error);

  g_assert_no_error (error);
  close (fd);
  return sum;
}

#define MIXED(id, date, boundary, text)                                                          \
  "Message-ID: <" id "@x>\r\nDate: " date "\r\nFrom: a@example.co.jp\r\n"                        \
  "Content-Type: multipart/mixed;\r\n boundary=\"" boundary "\"\r\n\r\npreamble\r\n"             \
  "--" boundary "\r\nContent-Type: text/plain\r\n\r\n" text "\r\n--" boundary "--\r\n"

static const struct {
  const char *a, *b;
  gboolean same;
} fingerprints[] = {
  { MIXED ("1", "now", "b1", "x"), MIXED ("1", "now", "b1", "x"), TRUE },
  { MIXED ("1", "now", "b1", "x"), MIXED ("2", "later\r\n on", "another", "x"), TRUE },
  { MIXED ("1", "now", "b1", "x"), MIXED ("1", "now", "b1", "y"), FALSE },
  { MIXED ("1", "now", "b1", "x\r\n--b2"), MIXED ("1", "now", "b1", "x\r\n--b3"), FALSE },
  { MIXED ("1", "now", "b1", "Date: x"), MIXED ("1", "now", "b1", "Date: y"), FALSE },
  { "From: a\r\nDate: 1\r\n\r\nx", "From: b\r\nDate: 1\r\n\r\nx", FALSE },
  { "From: a\r\nDated: 1\r\n\r\nx", "From: a\r\nDated: 2\r\n\r\nx", FALSE },
  { "DATE : 1\nmessage-id:2\n\nx", "DATE : 3\nmessage-id:\n 4\n\nx", TRUE },
  { "A: b\r\n\r\n\r\nDate: 1\r\n", "A: b\r\n\r\n\r\nDate: 2\r\n", FALSE },
};

static void
test_fingerprint (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (fingerprints); i++)
    {
      g_autofree char *a = fingerprint (fingerprints[i].a), *b = fingerprint (fingerprints[i].b);

      g_test_message ("pair %u", i);
      g_assert_cmpuint (strlen (a), ==, 64);
      g_assert_cmpint (strcmp (a, b) == 0, ==, fingerprints[i].same);
    }
}

/* What is left out is nothing but what is said: the rest is the plain SHA-256 of the bytes. */
static void
test_fingerprint_is_sha256 (void)
{
  g_autoptr (GString) mail = g_string_new ("From: a@example.co.jp\r\n\r\n");
  g_autofree char *sum = NULL, *expected = NULL;

  for (guint i = 0; i < 60000; i++)
    g_string_append (mail, i % 7 == 0 ? "-- line\r\n" : i % 5 == 0 ? "\n-\r\n" : "a line\r\n");
  sum = fingerprint (mail->str);
  expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, mail->str, (gssize) mail->len);
  g_assert_cmpstr (sum, ==, expected);
}

static const struct {
  const char *name, *extensions;
} extension_cases[] = {
  { "a.txt", "txt" },
  { "a.tar.gz", "gz tar.gz" },
  { "Ａ.ＴＡＲ.GZ. ", "gz tar.gz" },
  { "none", "" },
  { "dot.", "" },
  { "a.exe . .", "exe" },
  { ".zip", "zip" },
  { "見積書.XLSX", "xlsx" },
  { "dir.d/file", "" },
  { "dir\\a.doc", "doc" },
  { "a.e\xe2\x80\x8b" "xe", "exe" },
  { "a\xe2\x80\xae" "fdp.exe", "exe" },
  { "", "" },
};

static void
test_extensions (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (extension_cases); i++)
    {
      g_auto (GStrv) found = sk_attachment_extensions (extension_cases[i].name);
      g_autofree char *joined = g_strjoinv (" ", found);

      g_assert_cmpstr (joined, ==, extension_cases[i].extensions);
    }
}

static gpointer
read_often (gpointer data)
{
  for (guint i = 0; i < 50; i++)
    test_fixture (data);
  return NULL;
}

static void
test_threads (void)
{
  static const char *const names[] = { "body-jis", "name-rfc2231-sjis", "message", "addresses" };
  GThread *threads[G_N_ELEMENTS (names)];

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    threads[i] = g_thread_new (names[i], read_often, (gpointer) names[i]);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_thread_join (threads[i]);
}

static void
add_fixtures (void)
{
  g_autofree char *directory = fixture ("", "");
  g_autoptr (GDir) files = g_dir_open (directory, 0, NULL);
  const char *file;

  g_assert_nonnull (files);
  while ((file = g_dir_read_name (files)) != NULL)
    if (g_str_has_suffix (file, ".json"))
      {
        char *name = g_strndup (file, strlen (file) - strlen (".json"));
        g_autofree char *path = g_strconcat ("/message/mail/", name, NULL);
        g_autofree char *memory_path = g_strconcat ("/message/memory/", name, NULL);

        g_test_add_data_func_full (path, name, test_fixture, g_free);
        g_test_add_data_func_full (memory_path, g_strdup (name), test_memory, g_free);
      }
}

/* --- the header alone -------------------------------------------------------------------------- */

static int
file_of (const char *text, gsize length)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("sk-message-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  unlink (path);
  g_assert_cmpint (write (fd, text, length), ==, (gssize) length);
  return fd;
}

/* The empty line stands across pieces, too; what comes behind it is no header; an end may be missing. */
static void
test_header_alone (void)
{
  static const char *const ends[] = { "\r\n\r\nSubject: body\r\nTo: c@example.com\r\n", "\n\nSubject: body\nTo: c@example.com\n",
                                      "\r\n", "" };

  for (guint filling = 8100; filling < 8200; filling++)
    for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
      {
        g_autofree char *filler = g_strnfill (filling, 'x');
        g_autofree char *mail = g_strconcat ("X-Filler: ", filler, "\r\nFrom: a@example.com\r\nTo: b@example.com\r\nSubject: head", ends[i], NULL);
        int fd = file_of (mail, strlen (mail));
        g_autoptr (GError) error = NULL;
        g_autoptr (SkMessage) message = sk_message_open_header_fd (fd, &sk_message_default_limits, &error);

        close (fd);
        g_assert_no_error (error);
        g_assert_cmpstr (message->subject, ==, "head");
        g_assert_cmpuint (message->from->len, ==, 1);
        g_assert_cmpuint (message->to->len, ==, 1);
        g_assert_cmpuint (message->attachments->len, ==, 0);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_fixtures ();
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strconcat ("/message/hostile/", hostile[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_hostile);
    }
  g_test_add_func ("/message/limits", test_limits);
  g_test_add_func ("/message/nothing-wanted", test_nothing_wanted);
  g_test_add_func ("/message/no-file", test_no_file);
  g_test_add_func ("/message/text-like-mail", test_text_like_mail);
  g_test_add_func ("/message/fingerprint", test_fingerprint);
  g_test_add_func ("/message/fingerprint-is-sha256", test_fingerprint_is_sha256);
  g_test_add_func ("/message/extensions", test_extensions);
  g_test_add_func ("/message/header-alone", test_header_alone);
  g_test_add_func ("/message/threads", test_threads);
  return g_test_run ();
}
