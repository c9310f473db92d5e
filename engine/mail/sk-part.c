// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-part.h"

#include "sk-file.h"
#include "sk-header.h"
#include "sk-large-buffer.h"
#include "sk-mail-extent.h"
#include "sk-parameter.h"

#include <string.h>

/* Where the walk is. */
typedef struct {
  guint depth;
  gboolean is_signature; /* where a multipart/signed has its signature */
  gconstpointer alternative;
  guint branch;
  const SkBoundary *boundaries; /* of the multiparts around, the innermost first */
} Place;

typedef struct {
  SkPartList *list;
  SkMailSource *source;
  const SkMailStructure *structure;
  const SkMessageLimits *limits;
  guint count;
} Walk;

static void
part_free (gpointer data)
{
  SkPart *self = data;

  g_free (self->type);
  g_free (self->name);
  g_free (self->charset);
  g_free (self->encoding);
  g_free (self->content_id);
  g_free (self->smime_type);
  g_free (self);
}

static void
set_uninspected (Walk *self, char *reason)
{
  if (self->list->uninspected == NULL)
    self->list->uninspected = reason;
  else
    g_free (reason);
}

/* The fields of a part that say what it is. */
typedef enum { FIELD_TYPE, FIELD_DISPOSITION, FIELD_ENCODING, FIELD_ID, N_FIELDS } PartField;

static const char *const field_names[N_FIELDS] = {
  "Content-Type",
  "Content-Disposition",
  "Content-Transfer-Encoding",
  "Content-ID",
};

typedef struct {
  GMimeHeader *headers[N_FIELDS];
  const char *raw[N_FIELDS]; /* NULL when the field is missing */
  gboolean contradictory;
  gboolean unclear_frame; /* and one of them says that there are parts inside */
} PartFields;

static gboolean
is_frame (const char *raw)
{
  while (g_ascii_isspace (*raw))
    raw++;
  return g_ascii_strncasecmp (raw, "multipart/", strlen ("multipart/")) == 0
         || g_ascii_strncasecmp (raw, "message/", strlen ("message/")) == 0;
}

static void
note_contradiction (PartFields *self, PartField field, const char *raw)
{
  self->contradictory = TRUE;
  if (field == FIELD_TYPE)
    self->unclear_frame |= is_frame (raw) || is_frame (self->raw[field]);
}

static void
note_field (PartFields *self, PartField field, GMimeHeader *header)
{
  const char *raw = g_mime_header_get_raw_value (header);

  if (self->raw[field] == NULL)
    self->raw[field] = raw;
  if (strcmp (self->raw[field], raw) != 0
      || (field != FIELD_ID && sk_parameters_contradict (raw, strlen (raw))))
    note_contradiction (self, field, raw);
  self->headers[field] = header;
  self->raw[field] = raw;
}

/* Of a field that stands there twice the last counts, as it does for GMime; for other programs it is the
 * first, so what they show is not known. */
static void
read_fields (PartFields *self, GMimeObject *object)
{
  GMimeHeaderList *list = g_mime_object_get_header_list (object);
  int count = g_mime_header_list_get_count (list);

  memset (self, 0, sizeof *self);
  for (int i = 0; i < count; i++)
    {
      GMimeHeader *header = g_mime_header_list_get_header_at (list, i);
      const char *name = g_mime_header_get_name (header);

      if ((*name | 0x20) != 'c' || strlen (name) < 10)
        continue;
      for (guint field = 0; field < N_FIELDS; field++)
        if (g_ascii_strcasecmp (name, field_names[field]) == 0)
          note_field (self, field, header);
    }
}

/* The first word of a structured value, in lower case and without comments. */
static char *
first_word (const char *raw)
{
  g_autofree char *word = NULL;
  const char *end;

  while (g_ascii_isspace (*raw))
    raw++;
  for (end = raw; *end != '\0' && *end != ';' && *end != '(' && !g_ascii_isspace (*end);)
    end++;
  word = sk_header_plain_text (raw, (gsize) (end - raw));
  return g_ascii_strdown (word, -1);
}

static char *
parameter (const char *raw, const char *name)
{
  char *value = raw != NULL ? sk_header_parameter (raw, strlen (raw), name) : NULL;

  if (value != NULL && *value == '\0')
    g_clear_pointer (&value, g_free);
  return value;
}

static char *
read_content_id (const char *raw)
{
  const char *open = strchr (raw, '<'), *close = strchr (raw, '>');

  if (open != NULL && close != NULL && close > open)
    return g_strndup (open + 1, (gsize) (close - open) - 1);
  return g_strstrip (g_strdup (raw));
}

static char *
declared_type (GMimeObject *object, const PartFields *fields)
{
  GMimeContentType *type = g_mime_object_get_content_type (object);
  g_autofree char *raw = NULL, *text = NULL;

  if (fields->raw[FIELD_TYPE] == NULL || type == NULL)
    return NULL;
  raw = g_mime_content_type_get_mime_type (type);
  text = sk_header_plain_text (raw, strlen (raw));
  return g_ascii_strdown (text, -1);
}

static void
check_frame (Walk *self, const PartFields *fields)
{
  if (fields->unclear_frame)
    set_uninspected (self, g_strdup ("contradictory Content-Type fields: other programs may see"
                                     " other parts"));
}

/* Most text parts name nothing but their charset, and have no disposition. */
static void
read_parameters (SkPart *self, const PartFields *fields)
{
  const char *type = fields->raw[FIELD_TYPE], *disposition = fields->raw[FIELD_DISPOSITION];

  self->name = parameter (disposition, "filename");
  if (self->name == NULL)
    self->name = parameter (type, "name");
  self->charset = parameter (type, "charset");
  if (self->type != NULL && strstr (self->type, "pkcs7-mime") != NULL)
    {
      g_autofree char *smime = parameter (type, "smime-type");

      self->smime_type = smime != NULL ? g_ascii_strdown (smime, -1) : NULL;
    }
}

static SkPart *
part_new (Walk *walk, GMimeObject *object, const Place *place, SkPartKind kind)
{
  SkPart *self = g_new0 (SkPart, 1);
  PartFields fields;
  g_autofree char *disposition = NULL;

  read_fields (&fields, object);
  check_frame (walk, &fields);
  self->kind = kind;
  self->type = declared_type (object, &fields);
  read_parameters (self, &fields);
  self->encoding
      = fields.raw[FIELD_ENCODING] != NULL ? first_word (fields.raw[FIELD_ENCODING]) : g_strdup ("");
  self->transfer = sk_transfer_encoding_find (self->encoding);
  if (fields.raw[FIELD_DISPOSITION] != NULL)
    disposition = first_word (fields.raw[FIELD_DISPOSITION]);
  self->is_attached = g_strcmp0 (disposition, "attachment") == 0;
  if (fields.raw[FIELD_ID] != NULL)
    self->content_id = read_content_id (fields.raw[FIELD_ID]);
  self->contradictory = fields.contradictory;
  self->is_signature = place->is_signature;
  self->alternative = place->alternative;
  self->branch = place->branch;
  return self;
}

static const struct {
  const char *type;
  SkPartKind kind;
} kinds[] = {
  { "message/rfc822", SK_PART_MESSAGE },
  { "message/rfc2822", SK_PART_MESSAGE },
  { "message/global", SK_PART_MESSAGE },
  { "message/news", SK_PART_MESSAGE },
  { "message/partial", SK_PART_PARTIAL },
  { "message/external-body", SK_PART_EXTERNAL },
  { "application/ms-tnef", SK_PART_TNEF },
  { "application/vnd.ms-tnef", SK_PART_TNEF },
};

static SkPartKind
kind_of_leaf (const SkPart *part)
{
  for (guint i = 0; part->type != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (part->type, kinds[i].type) == 0)
      return kinds[i].kind;
  if (part->name != NULL && g_ascii_strcasecmp (part->name, "winmail.dat") == 0)
    return SK_PART_TNEF;
  return SK_PART_LEAF;
}

static void
add_leaf (Walk *self, GMimeObject *object, const Place *place)
{
  SkPart *part = part_new (self, object, place, SK_PART_LEAF);

  part->kind = kind_of_leaf (part);
  if (GMIME_IS_PART (object))
    sk_mail_structure_content (self->structure, GMIME_PART (object), &part->offset, &part->length);
  g_ptr_array_add (self->list->parts, part);
}

static void walk (Walk *self, GMimeObject *object, const Place *place, gboolean collect);

static void
note_multipart (Walk *self, GMimeObject *object, GMimeContentType *type)
{
  PartFields fields;

  read_fields (&fields, object);
  check_frame (self, &fields);
  self->list->is_signed |= g_mime_content_type_is_type (type, "multipart", "signed");
  self->list->is_encrypted |= g_mime_content_type_is_type (type, "multipart", "encrypted");
}

static void
walk_multipart (Walk *self, GMimeMultipart *multipart, const Place *place, gboolean collect)
{
  GMimeContentType *type = g_mime_object_get_content_type (GMIME_OBJECT (multipart));
  /* Not g_mime_multipart_get_boundary(): where there is none it makes one and writes the field anew, which
   * never ends when a parameter's name is long. */
  const char *boundary = g_mime_content_type_get_parameter (type, "boundary");
  SkBoundary own = { place->boundaries, boundary, boundary != NULL ? strlen (boundary) : 0 };
  Place inside = { .depth = place->depth + 1,
                   .alternative = place->alternative,
                   .branch = place->branch,
                   .boundaries = boundary != NULL ? &own : place->boundaries };
  int count = g_mime_multipart_get_count (multipart);
  gboolean is_signed = g_mime_content_type_is_type (type, "multipart", "signed");

  if (g_mime_content_type_is_type (type, "multipart", "alternative"))
    inside.alternative = multipart;
  if (collect)
    note_multipart (self, GMIME_OBJECT (multipart), type);
  if (count == 0)
    set_uninspected (self, g_strdup ("a multipart without parts"));
  for (int i = 0; i < count && self->count <= self->limits->parts; i++)
    {
      inside.is_signature = is_signed && i > 0 && i == count - 1;
      if (inside.alternative == (gconstpointer) multipart)
        inside.branch = (guint) i;
      walk (self, g_mime_multipart_get_part (multipart, i), &inside, collect);
    }
}

/* The content of an attached message begins where its first field does, and ends before the next
 * boundary of the multiparts around it. */
static void
locate_message (Walk *self, SkPart *part, GMimeObject *object, GMimeMessage *message,
                const Place *place)
{
  GMimeHeaderList *own = g_mime_object_get_header_list (object);
  GMimeObject *inner = message != NULL ? g_mime_message_get_mime_part (message) : NULL;
  gint64 start = sk_mail_first_field (self->structure, GMIME_OBJECT (message), inner);

  if (start < 0)
    start = sk_mail_header_end (self->source, self->structure, own);
  if (start < 0)
    return;
  part->offset = start;
  part->length = sk_mail_extent_end (self->source, start, place->boundaries) - start;
}

static void
walk_message (Walk *self, GMimeMessagePart *object, const Place *place, gboolean collect)
{
  GMimeMessage *message = g_mime_message_part_get_message (object);
  GMimeObject *inner = message != NULL ? g_mime_message_get_mime_part (message) : NULL;
  Place inside = { .depth = place->depth + 1 };

  if (collect)
    {
      SkPart *part = part_new (self, GMIME_OBJECT (object), place, SK_PART_MESSAGE);

      locate_message (self, part, GMIME_OBJECT (object), message, place);
      g_ptr_array_add (self->list->parts, part);
    }
  if (inner != NULL)
    walk (self, inner, &inside, FALSE);
}

static void
walk (Walk *self, GMimeObject *object, const Place *place, gboolean collect)
{
  if (++self->count > self->limits->parts)
    set_uninspected (self, g_strdup_printf ("more than %u parts", self->limits->parts));
  else if (GMIME_IS_MULTIPART (object) || GMIME_IS_MESSAGE_PART (object))
    {
      if (place->depth >= self->limits->depth)
        set_uninspected (self, g_strdup_printf ("nested deeper than %u levels", self->limits->depth));
      else if (GMIME_IS_MULTIPART (object))
        walk_multipart (self, GMIME_MULTIPART (object), place, collect);
      else
        walk_message (self, GMIME_MESSAGE_PART (object), place, collect);
    }
  else if (collect)
    add_leaf (self, object, place);
}

void
sk_part_list_read (SkPartList *self, SkMailSource *source, const SkMailStructure *structure,
                   const SkMessageLimits *limits)
{
  Walk walker = { .list = self, .source = source, .structure = structure, .limits = limits };
  Place top = { 0 };
  GMimeObject *root = sk_mail_structure_root (structure);

  memset (self, 0, sizeof *self);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  if (root != NULL)
    walk (&walker, root, &top, TRUE);
}

void
sk_part_list_clear (SkPartList *self)
{
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->uninspected, g_free);
}

/* Clients show an unnamed text as the body; in a multipart/alternative that goes for all kinds of text,
 * such as an invitation. */
gboolean
sk_part_is_body_text (const SkPart *self)
{
  if (self->kind != SK_PART_LEAF || self->name != NULL || self->is_attached)
    return FALSE;
  if (self->type == NULL || strcmp (self->type, "text/plain") == 0
      || strcmp (self->type, "text/html") == 0)
    return TRUE;
  return self->alternative != NULL && g_str_has_prefix (self->type, "text/");
}

gboolean
sk_part_is_html (const SkPart *self)
{
  return self->type != NULL && strstr (self->type, "html") != NULL;
}

static void
feed (const SkPart *self, SkMailSource *source, SkTransferDecoder *decoder, GByteArray *into,
      gsize limit)
{
  gint64 offset = self->offset, end = self->offset + self->length;
  gsize available;
  const char *bytes;

  while (offset < end && (into == NULL || into->len <= limit)
         && (bytes = sk_mail_source_peek (source, offset, &available)) != NULL)
    {
      gsize take = (gsize) MIN ((gint64) available, end - offset);

      if (into != NULL && self->transfer == SK_ENCODING_IDENTITY)
        take = MIN (take, limit - into->len + 1);
      sk_transfer_decoder_feed (decoder, bytes, take, into);
      offset += (gint64) take;
    }
  sk_transfer_decoder_finish (decoder, into);
}

GByteArray *
sk_part_decode (const SkPart *self, SkMailSource *source, gsize limit, gboolean *cut)
{
  SkTransferDecoder decoder;
  gsize guess = MIN ((gsize) MAX (self->length, 0), limit) + 8;
  GByteArray *bytes = g_byte_array_sized_new ((guint) MIN (guess, G_MAXINT));

  sk_large_buffer_advise (bytes->data, guess);
  sk_transfer_decoder_init (&decoder, self->transfer);
  feed (self, source, &decoder, bytes, limit);
  sk_transfer_decoder_clear (&decoder);
  *cut = bytes->len > limit;
  if (*cut)
    g_byte_array_set_size (bytes, (guint) limit);
  return bytes;
}

static gboolean
drain (GByteArray *bytes, int into)
{
  gboolean written = sk_file_write_all (into, (const char *) bytes->data, bytes->len);

  g_byte_array_set_size (bytes, 0);
  return written;
}

gboolean
sk_part_copy (const SkPart *self, SkMailSource *source, int into)
{
  SkTransferDecoder decoder;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gint64 offset = self->offset, end = self->offset + self->length;
  gboolean written = TRUE;
  gsize available;
  const char *block;

  sk_transfer_decoder_init (&decoder, self->transfer);
  while (written && offset < end && (block = sk_mail_source_peek (source, offset, &available)) != NULL)
    {
      gsize take = (gsize) MIN ((gint64) available, end - offset);

      sk_transfer_decoder_feed (&decoder, block, take, bytes);
      offset += (gint64) take;
      written = drain (bytes, into);
    }
  sk_transfer_decoder_finish (&decoder, bytes);
  written = written && drain (bytes, into);
  sk_transfer_decoder_clear (&decoder);
  return written;
}

guint64
sk_part_decoded_size (const SkPart *self, SkMailSource *source)
{
  SkTransferDecoder decoder;

  if (self->transfer == SK_ENCODING_IDENTITY || self->transfer == SK_ENCODING_UNKNOWN)
    return (guint64) MAX (self->length, 0);
  sk_transfer_decoder_init (&decoder, self->transfer);
  feed (self, source, &decoder, NULL, 0);
  sk_transfer_decoder_clear (&decoder);
  return decoder.size;
}
