// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what the engine sees of a mail as JSON, for comparison with what another program sees; with
// --time N, how long the reading takes instead.
#include "sk-charset.h"
#include "sk-error.h"
#include "sk-message.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static json_t *
dump_addresses (const GPtrArray *addresses)
{
  json_t *list = json_array ();

  for (guint i = 0; i < addresses->len; i++)
    {
      const SkAddress *address = addresses->pdata[i];

      json_array_append_new (list, json_pack ("{s:s, s:s?}", "address", address->text, "name",
                                              address->name));
    }
  return list;
}

static json_t *
dump_texts (const SkMessage *message)
{
  json_t *list = json_array ();

  for (guint i = 0; i < message->texts->len; i++)
    {
      const SkText *text = message->texts->pdata[i];

      json_array_append_new (
          list, json_pack ("{s:s, s:o, s:b, s:I}", "kind",
                           text->kind == SK_TEXT_HTML ? "html" : "plain", "text",
                           json_stringn (text->text, text->length), "alternative",
                           text->alternative, "replaced", (json_int_t) text->replaced));
    }
  return list;
}

static char *
checksum (int fd, const SkAttachment *attachment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = sk_message_read_attachment (fd, attachment, 1 << 30, &error);

  return bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes)
                       : g_strdup (error->message);
}

static json_t *
dump_attachments (int fd, const SkMessage *message)
{
  static const char *const kinds[] = { "leaf", "message", "partial", "external", "tnef" };
  json_t *list = json_array ();

  for (guint i = 0; i < message->attachments->len; i++)
    {
      const SkAttachment *a = message->attachments->pdata[i];
      g_autofree char *sum = checksum (fd, a);

      json_array_append_new (
          list, json_pack ("{s:i, s:s?, s:s, s:I, s:s, s:s, s:s?, s:s, s:I, s:I}", "index",
                           (int) a->index, "name", a->name, "type", a->type, "size",
                           (json_int_t) a->size, "kind", kinds[a->kind], "encoding", a->encoding,
                           "uninspected", a->uninspected, "sha256", sum, "offset",
                           (json_int_t) a->offset, "length", (json_int_t) a->length));
    }
  return list;
}

static json_t *
dump_headers (const SkMessage *message)
{
  json_t *list = json_array ();

  for (guint i = 0; i < message->headers->len; i++)
    {
      const SkHeaderField *field = message->headers->pdata[i];

      json_array_append_new (list, json_pack ("[s, s]", field->name,
                                              field->value));
    }
  return list;
}

static json_t *
dump (int fd, const SkMessage *message)
{
  json_t *object = json_pack (
      "{s:s, s:s?, s:s?, s:b, s:b, s:s?, s:I}", "subject", message->subject, "message_id",
      message->message_id, "mailer", message->mailer, "signed", message->is_signed, "encrypted",
      message->is_encrypted, "uninspected", message->uninspected, "size", (json_int_t) message->size);

  json_object_set_new (object, "from", dump_addresses (message->from));
  json_object_set_new (object, "sender", dump_addresses (message->sender));
  json_object_set_new (object, "to", dump_addresses (message->to));
  json_object_set_new (object, "cc", dump_addresses (message->cc));
  json_object_set_new (object, "bcc", dump_addresses (message->bcc));
  json_object_set_new (object, "texts", dump_texts (message));
  json_object_set_new (object, "attachments", dump_attachments (fd, message));
  json_object_set_new (object, "headers", dump_headers (message));
  return object;
}

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1e6 + (double) time.tv_nsec / 1e3;
}

static double
time_once (int fd, const char *what)
{
  double before = now ();

  if (strcmp (what, "fingerprint") == 0)
    g_free (sk_message_fingerprint (fd, NULL));
  else
    sk_message_free (sk_message_open_fd (fd, &sk_message_default_limits,
                                         strcmp (what, "texts") == 0 ? SK_MESSAGE_WANT_ALL
                                                                     : SK_MESSAGE_WANT_SIZES,
                                         NULL));
  return now () - before;
}

static void
print_times (int fd, const char *path, int rounds)
{
  static const char *const things[] = { "sizes", "texts", "fingerprint" };

  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    {
      double best = 1e12;

      for (int round = 0; round < rounds; round++)
        best = MIN (best, time_once (fd, things[i]));
      printf ("%s: %s %.1f us\n", path, things[i], best);
    }
}

static int
print_file (int fd, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SkMessage) message
      = sk_message_open_fd (fd, &sk_message_default_limits, SK_MESSAGE_WANT_ALL, &error);
  json_t *object;

  if (message == NULL)
    {
      fprintf (stderr, "%s: %s\n", path, error->message);
      return 1;
    }
  object = dump (fd, message);
  json_dumpf (object, stdout, JSON_COMPACT | JSON_SORT_KEYS);
  putchar ('\n');
  json_decref (object);
  return 0;
}

int
main (int argc, char **argv)
{
  int rounds = argc > 2 && strcmp (argv[1], "--time") == 0 ? atoi (argv[2]) : 0, status = 0;

  for (int i = rounds > 0 ? 3 : 1; i < argc; i++)
    {
      int fd = open (argv[i], O_RDONLY | O_CLOEXEC);

      if (fd < 0)
        {
          perror (argv[i]);
          return 2;
        }
      if (rounds > 0)
        print_times (fd, argv[i], rounds);
      else
        status |= print_file (fd, argv[i]);
      close (fd);
    }
  return status;
}
