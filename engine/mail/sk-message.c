// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-message.h"

#include "sk-body.h"
#include "sk-content-kind.h"
#include "sk-error.h"
#include "sk-file.h"
#include "sk-header.h"
#include "sk-mail-structure.h"
#include "sk-part.h"

#include <string.h>
#include <unistd.h>

#define HEADER_PIECE_BYTES 8192

const SkMessageLimits sk_message_default_limits = {
  .header_bytes = 1024 * 1024,
  .parts = 1000,
  .depth = 32,
  .addresses = 10000,
  .text_bytes = 32 * 1024 * 1024,
};

/* All that is needed while one message is read. */
typedef struct {
  SkMessage *message;
  const SkMessageLimits *limits;
  SkMessageWant want;
  SkMailSource *source;
  guint addresses;
} Reader;

static void
header_field_free (gpointer data)
{
  SkHeaderField *self = data;

  g_free (self->name);
  g_free (self->value);
  g_free (self);
}

static void
attachment_free (gpointer data)
{
  SkAttachment *self = data;

  g_free (self->name);
  g_free (self->type);
  g_free (self->encoding);
  g_free (self->uninspected);
  g_free (self);
}

static GPtrArray *
address_array (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
}

static SkMessage *
message_new (void)
{
  SkMessage *self = g_new0 (SkMessage, 1);

  self->from = address_array ();
  self->sender = address_array ();
  self->to = address_array ();
  self->cc = address_array ();
  self->bcc = address_array ();
  self->headers = g_ptr_array_new_with_free_func (header_field_free);
  self->texts = g_ptr_array_new_with_free_func (sk_text_free);
  self->attachments = g_ptr_array_new_with_free_func (attachment_free);
  return self;
}

char *
sk_message_subjects (const SkMessage *self)
{
  GString *all = g_string_new (self->subject);
  guint found = 0;

  for (guint i = 0; i < self->headers->len; i++)
    {
      const SkHeaderField *field = self->headers->pdata[i];

      if (g_ascii_strcasecmp (field->name, "Subject") == 0 && found++ > 0)
        g_string_append_printf (all, "\n%s", field->value);
    }
  return g_string_free (all, FALSE);
}

void
sk_message_free (SkMessage *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->from);
  g_ptr_array_unref (self->sender);
  g_ptr_array_unref (self->to);
  g_ptr_array_unref (self->cc);
  g_ptr_array_unref (self->bcc);
  g_ptr_array_unref (self->headers);
  g_ptr_array_unref (self->texts);
  g_ptr_array_unref (self->attachments);
  g_free (self->subject);
  g_free (self->message_id);
  g_free (self->mailer);
  g_free (self->uninspected);
  g_free (self);
}

/* Several reasons may hold; all are told. */
static void
add_uninspected (SkMessage *self, const char *reason)
{
  char *before = self->uninspected;

  if (reason == NULL)
    return;
  self->uninspected = before == NULL ? g_strdup (reason) : g_strconcat (before, "; ", reason, NULL);
  g_free (before);
}

/* Which address array a field fills. */
static const struct {
  const char *name;
  glong place;
} address_fields[] = {
  { "From", G_STRUCT_OFFSET (SkMessage, from) },
  { "Resent-From", G_STRUCT_OFFSET (SkMessage, from) },
  { "Sender", G_STRUCT_OFFSET (SkMessage, sender) },
  { "Resent-Sender", G_STRUCT_OFFSET (SkMessage, sender) },
  { "To", G_STRUCT_OFFSET (SkMessage, to) },
  { "Resent-To", G_STRUCT_OFFSET (SkMessage, to) },
  { "Cc", G_STRUCT_OFFSET (SkMessage, cc) },
  { "Resent-Cc", G_STRUCT_OFFSET (SkMessage, cc) },
  { "Bcc", G_STRUCT_OFFSET (SkMessage, bcc) },
  { "Resent-Bcc", G_STRUCT_OFFSET (SkMessage, bcc) },
};

/* Texts of which the first field counts. */
static const struct {
  const char *name;
  glong place;
} text_fields[] = {
  { "Subject", G_STRUCT_OFFSET (SkMessage, subject) },
  { "Message-ID", G_STRUCT_OFFSET (SkMessage, message_id) },
  { "User-Agent", G_STRUCT_OFFSET (SkMessage, mailer) },
  { "X-Mailer", G_STRUCT_OFFSET (SkMessage, mailer) },
};

static void
read_addresses (Reader *self, GPtrArray *into, const char *raw)
{
  guint before = into->len;
  /* One more than allowed tells that there were more. */
  guint left = self->limits->addresses + 1 - MIN (self->addresses, self->limits->addresses);

  sk_address_list_parse (raw, strlen (raw), into, before + left);
  self->addresses += into->len - before;
  if (self->addresses > self->limits->addresses && into->len > before)
    {
      g_ptr_array_set_size (into, (int) into->len - 1);
      self->addresses = self->limits->addresses;
      if (self->message->uninspected == NULL
          || strstr (self->message->uninspected, "addresses") == NULL)
        {
          g_autofree char *reason
              = g_strdup_printf ("more than %u addresses", self->limits->addresses);

          add_uninspected (self->message, reason);
        }
    }
}

static void
read_field (Reader *self, GMimeHeader *header)
{
  SkHeaderField *field = g_new0 (SkHeaderField, 1);
  const char *raw = g_mime_header_get_raw_value (header), *name = g_mime_header_get_name (header);

  field->name = sk_header_plain_text (name, strlen (name));
  field->value = sk_header_decode_text (raw, strlen (raw));
  g_ptr_array_add (self->message->headers, field);
  for (guint i = 0; i < G_N_ELEMENTS (address_fields); i++)
    if (g_ascii_strcasecmp (field->name, address_fields[i].name) == 0)
      read_addresses (self, G_STRUCT_MEMBER (GPtrArray *, self->message, address_fields[i].place),
                      raw);
  for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
    {
      char **place = G_STRUCT_MEMBER_P (self->message, text_fields[i].place);

      if (*place == NULL && g_ascii_strcasecmp (field->name, text_fields[i].name) == 0)
        *place = g_strdup (field->value);
    }
}

static void
read_headers (Reader *self, GMimeObject *root)
{
  GMimeHeaderList *list = root != NULL ? g_mime_object_get_header_list (root) : NULL;
  int count = list != NULL ? g_mime_header_list_get_count (list) : 0;

  for (int i = 0; i < count; i++)
    read_field (self, g_mime_header_list_get_header_at (list, i));
  if (self->message->subject == NULL)
    self->message->subject = g_strdup ("");
}

static const char *const signature_types[] = {
  "application/pkcs7-signature",
  "application/x-pkcs7-signature",
  "application/pgp-signature",
};

static gboolean
is_detached_signature (const SkPart *part)
{
  if (part->contradictory)
    return FALSE;
  for (guint i = 0; part->is_signature && part->type != NULL && i < G_N_ELEMENTS (signature_types); i++)
    if (strcmp (part->type, signature_types[i]) == 0)
      return TRUE;
  return FALSE;
}

static gsize
read_start (Reader *self, const SkPart *part, guint8 *start)
{
  gboolean cut;
  g_autoptr (GByteArray) bytes
      = sk_part_decode (part, self->source, SK_CONTENT_KIND_BYTES, &cut);

  memcpy (start, bytes->data, bytes->len);
  return bytes->len;
}

/* A picture that the text shows is no attachment; what only calls itself a picture is one. */
static gboolean
is_shown_image (Reader *self, const SkPart *part, GHashTable *shown)
{
  guint8 start[SK_CONTENT_KIND_BYTES];
  gsize length;

  if (shown == NULL || part->content_id == NULL || part->contradictory
      || !g_hash_table_contains (shown, part->content_id))
    return FALSE;
  length = read_start (self, part, start);
  return sk_content_is_image (start, length);
}

static SkPartKind
kind_by_content (Reader *self, const SkPart *part)
{
  guint8 start[SK_CONTENT_KIND_BYTES];

  if (part->kind != SK_PART_LEAF || part->length == 0
      || (part->type != NULL && strcmp (part->type, "application/octet-stream") != 0))
    return part->kind;
  return sk_content_is_tnef (start, read_start (self, part, start)) ? SK_PART_TNEF : part->kind;
}

static char *
why_uninspected (const SkPart *part)
{
  if (part->kind == SK_PART_PARTIAL)
    return g_strdup ("a fragment of a message, the rest of which is elsewhere");
  if (part->kind == SK_PART_EXTERNAL)
    return g_strdup ("its content is not in the mail");
  if (part->transfer == SK_ENCODING_UNKNOWN)
    return g_strdup_printf ("unknown transfer encoding '%s'", part->encoding);
  if (part->contradictory)
    return g_strdup ("contradictory Content fields");
  return NULL;
}

static void
add_attachment (Reader *self, const SkPart *part)
{
  SkAttachment *attachment = g_new0 (SkAttachment, 1);

  attachment->index = self->message->attachments->len + 1;
  attachment->name = g_strdup (part->name);
  attachment->type = g_strdup (part->type != NULL ? part->type : "application/octet-stream");
  attachment->kind = kind_by_content (self, part);
  attachment->offset = part->offset;
  attachment->length = part->length;
  attachment->encoding = g_strdup (part->encoding);
  attachment->contradictory = part->contradictory;
  attachment->uninspected = why_uninspected (part);
  attachment->size = self->want & SK_MESSAGE_WANT_SIZES
                         ? (gint64) sk_part_decoded_size (part, self->source)
                         : -1;
  g_ptr_array_add (self->message->attachments, attachment);
}

static void
note_smime (SkMessage *self, const SkPart *part)
{
  if (part->type == NULL || part->kind != SK_PART_LEAF || strstr (part->type, "pkcs7-mime") == NULL)
    return;
  if (g_strcmp0 (part->smime_type, "signed-data") == 0)
    self->is_signed = TRUE;
  else if (g_strcmp0 (part->smime_type, "certs-only") != 0
           && g_strcmp0 (part->smime_type, "compressed-data") != 0)
    self->is_encrypted = TRUE;
}

static gboolean
wants_content_ids (const SkPartList *list)
{
  for (guint i = 0; i < list->parts->len; i++)
    {
      const SkPart *part = list->parts->pdata[i];

      if (part->content_id != NULL && !sk_part_is_body_text (part))
        return TRUE;
    }
  return FALSE;
}

static void
read_body (Reader *self, const SkPartList *list, SkBody *body)
{
  sk_body_init (body, self->limits, wants_content_ids (list));
  sk_body_read (body, list, self->source, (self->want & SK_MESSAGE_WANT_TEXTS) != 0);
  self->message->is_signed |= body->is_signed;
  self->message->is_encrypted |= body->is_encrypted;
  if (body->cut)
    {
      g_autofree char *reason = g_strdup_printf ("more than %" G_GSIZE_FORMAT " bytes of text",
                                                 self->limits->text_bytes);

      add_uninspected (self->message, reason);
    }
  g_ptr_array_unref (self->message->texts);
  self->message->texts = g_steal_pointer (&body->texts);
}

static void
read_parts (Reader *self, const SkPartList *list)
{
  g_auto (SkBody) body = { 0 };

  self->message->is_signed = list->is_signed;
  self->message->is_encrypted = list->is_encrypted;
  read_body (self, list, &body);
  for (guint i = 0; i < list->parts->len; i++)
    {
      const SkPart *part = list->parts->pdata[i];

      note_smime (self->message, part);
      if (sk_part_is_body_text (part))
        {
          if (part->contradictory || part->transfer == SK_ENCODING_UNKNOWN)
            {
              g_autofree char *reason = why_uninspected (part);

              add_uninspected (self->message, reason);
            }
        }
      else if (!is_detached_signature (part) && !is_shown_image (self, part, body.shown))
        add_attachment (self, part);
    }
}

static void
read_message (Reader *self)
{
  g_autoptr (SkMailStructure) structure = sk_mail_structure_read (self->source, self->limits);
  g_auto (SkPartList) list = { 0 };

  add_uninspected (self->message, sk_mail_structure_uninspected (structure));
  read_headers (self, sk_mail_structure_root (structure));
  sk_part_list_read (&list, self->source, structure, self->limits);
  if (sk_mail_structure_uninspected (structure) == NULL)
    add_uninspected (self->message, list.uninspected);
  read_parts (self, &list);
}

SkMessage *
sk_message_open_bytes (const guint8 *bytes, gsize length, const SkMessageLimits *limits,
                       SkMessageWant want)
{
  SkMessage *message = message_new ();
  g_auto (SkMailSource) source = { 0 };
  Reader reader = { .message = message, .limits = limits, .want = want, .source = &source };

  sk_mail_source_init_bytes (&source, bytes, length);
  message->size = source.size;
  read_message (&reader);
  return message;
}

SkMessage *
sk_message_open_fd (int fd, const SkMessageLimits *limits, SkMessageWant want, GError **error)
{
  g_autoptr (SkMessage) message = message_new ();
  g_auto (SkMailSource) source = { 0 };
  Reader reader = { .message = message, .limits = limits, .want = want, .source = &source };

  if (!sk_mail_source_init (&source, fd, error))
    return NULL;
  message->size = source.size;
  read_message (&reader);
  if (source.saved_errno != 0)
    {
      sk_error_set_errno (error, source.saved_errno, "The mail file can't be read");
      return NULL;
    }
  return g_steal_pointer (&message);
}

/* As much as holds the empty line that ends the header; of a header without an end, as much as it may have. */
static GByteArray *
read_header_bytes (SkMailSource *source, const SkMessageLimits *limits)
{
  GByteArray *bytes = g_byte_array_new ();
  char piece[HEADER_PIECE_BYTES];
  gsize length;

  while (bytes->len < limits->header_bytes
         && (length = sk_mail_source_read (source, bytes->len, piece, sizeof piece)) > 0)
    {
      guint seen = bytes->len > 3 ? bytes->len - 3 : 0;

      g_byte_array_append (bytes, (const guint8 *) piece, (guint) length);
      if (memmem (bytes->data + seen, bytes->len - seen, "\n\r\n", 3) != NULL
          || memmem (bytes->data + seen, bytes->len - seen, "\n\n", 2) != NULL)
        break;
    }
  return bytes;
}

SkMessage *
sk_message_open_header_fd (int fd, const SkMessageLimits *limits, GError **error)
{
  g_auto (SkMailSource) source = { 0 };
  g_autoptr (GByteArray) bytes = NULL;

  if (!sk_mail_source_init (&source, fd, error))
    return NULL;
  bytes = read_header_bytes (&source, limits);
  if (source.saved_errno == 0)
    return sk_message_open_bytes (bytes->data, bytes->len, limits, 0);
  sk_error_set_errno (error, source.saved_errno, "The mail file can't be read");
  return NULL;
}

SkMessage *
sk_message_open (const char *path, const SkMessageLimits *limits, SkMessageWant want, GError **error)
{
  int fd = sk_file_open (path, error);
  SkMessage *message;

  if (fd < 0)
    return NULL;
  message = sk_message_open_fd (fd, limits, want, error);
  close (fd);
  return message;
}
