// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-message.h"

#include "sk-error.h"
#include "sk-header.h"
#include "sk-line-scan.h"
#include "sk-mail-source.h"
#include "sk-parameter.h"

#include <openssl/evp.h>
#include <string.h>

/* Longer fields and lines are hashed as they are. */
#define FIELD_MAX (64 * 1024)
#define BOUNDARY_LINE_MAX 1024
#define BOUNDARIES_MAX 1000

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)

typedef struct {
  SkMailSource *source;
  EVP_MD_CTX *digest;
  gint64 offset;
  gboolean in_header, at_top;
  gboolean holds_message; /* the header says message/…: another header follows its empty line */
  GString *field;         /* the lines of the present field */
  gboolean whole;         /* of which nothing has been hashed yet */
  GHashTable *boundaries; /* names seen in Content-Type fields */
} Fingerprint;

static void
hash (Fingerprint *self, const char *bytes, gsize length)
{
  EVP_DigestUpdate (self->digest, bytes, length);
}

static gboolean
field_is (const GString *field, const char *name)
{
  gsize length = strlen (name);
  const char *p = field->str + length;

  if (field->len <= length || g_ascii_strncasecmp (field->str, name, length) != 0)
    return FALSE;
  while (*p == ' ' || *p == '\t')
    p++;
  return *p == ':';
}

static gboolean
names_boundary (const SkParameterScan *scan)
{
  return scan->name_length >= 8 && g_ascii_strncasecmp (scan->name, "boundary", 8) == 0
         && (scan->name_length == 8 || scan->name[8] == '*');
}

static void
note_boundary (Fingerprint *self, const char *value, gsize length)
{
  char *name = sk_header_parameter (value, length, "boundary");

  if (name != NULL && *name != '\0' && g_hash_table_size (self->boundaries) < BOUNDARIES_MAX)
    g_hash_table_add (self->boundaries, name);
  else
    g_free (name);
}

static void
hash_content_type (Fingerprint *self)
{
  const char *start = self->field->str, *done = start, *value = strchr (start, ':') + 1;
  gsize length = self->field->len - (gsize) (value - start);
  SkParameterScan scan;

  note_boundary (self, value, length);
  sk_parameter_scan_init (&scan, value, length);
  while (sk_parameter_scan_next (&scan))
    if (names_boundary (&scan))
      {
        hash (self, done, (gsize) (scan.value - done));
        done = scan.value + scan.value_length;
      }
  hash (self, done, self->field->len - (gsize) (done - start));
  while (g_ascii_isspace (*value))
    value++;
  self->holds_message = g_ascii_strncasecmp (value, "message/", 8) == 0;
}

static void
end_field (Fingerprint *self)
{
  if (self->field->len == 0)
    return;
  if (!self->whole)
    hash (self, self->field->str, self->field->len);
  else if (self->at_top && (field_is (self->field, "Message-ID") || field_is (self->field, "Date")))
    ; /* a client that submits again makes these anew */
  else if (field_is (self->field, "Content-Type"))
    hash_content_type (self);
  else
    hash (self, self->field->str, self->field->len);
  g_string_truncate (self->field, 0);
  self->whole = TRUE;
}

static void
add_to_field (Fingerprint *self, const char *bytes, gsize length)
{
  g_string_append_len (self->field, bytes, (gssize) length);
  if (self->field->len <= FIELD_MAX)
    return;
  hash (self, self->field->str, self->field->len);
  g_string_truncate (self->field, 0);
  self->whole = FALSE;
}

/* The start of the line at the present offset, as far as is needed to know a boundary. */
static const char *
peek_line (Fingerprint *self, gsize *length)
{
  const char *bytes = sk_mail_source_peek (self->source, self->offset, length);

  if (bytes == NULL || *length >= BOUNDARY_LINE_MAX
      || self->offset + (gint64) *length >= self->source->size)
    return bytes;
  self->source->window_length = 0;
  return sk_mail_source_peek (self->source, self->offset, length);
}

/* Whether "--NAME" with blanks behind it is known; the length of NAME, or 0. */
static gsize
known_boundary (Fingerprint *self, const char *line, gsize length, gboolean *closes)
{
  char name[BOUNDARY_LINE_MAX];
  const char *line_end = memchr (line, '\n', MIN (length, BOUNDARY_LINE_MAX));
  gsize end = line_end != NULL ? (gsize) (line_end - line) : length;

  if (end > BOUNDARY_LINE_MAX)
    return 0;
  while (end > 2 && (line[end - 1] == ' ' || line[end - 1] == '\t' || line[end - 1] == '\r'))
    end--;
  if (end <= 2)
    return 0;
  memcpy (name, line + 2, end - 2);
  name[end - 2] = '\0';
  *closes = FALSE;
  if (g_hash_table_contains (self->boundaries, name))
    return end - 2;
  *closes = end > 4 && name[end - 3] == '-' && name[end - 4] == '-';
  if (!*closes)
    return 0;
  name[end - 4] = '\0';
  return g_hash_table_contains (self->boundaries, name) ? end - 4 : 0;
}

/* At a line that begins with "--": TRUE when it was a boundary; the rest of its line is body. */
static gboolean
take_boundary (Fingerprint *self, const char *line, gsize length)
{
  gboolean closes;
  gsize name = known_boundary (self, line, length, &closes);
  const char *line_end;

  if (name == 0)
    return FALSE;
  end_field (self);
  line_end = memchr (line, '\n', length);
  length = line_end != NULL ? (gsize) (line_end - line) + 1 : length;
  hash (self, "--", 2);
  hash (self, line + 2 + name, length - 2 - name);
  self->offset += (gint64) length;
  self->in_header = !closes;
  self->at_top = self->holds_message = FALSE;
  return TRUE;
}

static gboolean
is_empty_line (const char *line, gsize length)
{
  return (length > 0 && line[0] == '\n') || (length > 1 && line[0] == '\r' && line[1] == '\n');
}

/* One line of a header; of a very long one, what is in the window. */
static void
take_header_line (Fingerprint *self, const char *line, gsize length)
{
  gboolean empty = is_empty_line (line, length);
  const char *line_end = memchr (line, '\n', length);

  length = line_end != NULL ? (gsize) (line_end - line) + 1 : length;
  if (*line != ' ' && *line != '\t')
    end_field (self);
  self->offset += (gint64) length;
  if (!empty)
    {
      add_to_field (self, line, length);
      return;
    }
  hash (self, line, length);
  self->in_header = self->holds_message;
  self->at_top = self->holds_message = FALSE;
}

/* Hashes up to the next line that begins with "-". */
static void
take_body (Fingerprint *self, const char *bytes, gsize length)
{
  gsize i = 0;

  while (i + 17 <= length && !sk_lanes_line_start (bytes + i, '-'))
    i += 16;
  while (i < length && !(bytes[i] == '\n' && (i + 1 == length || bytes[i + 1] == '-')))
    i++;
  i = MIN (i + 1, length);
  hash (self, bytes, i);
  self->offset += (gint64) i;
}

static void
take_all (Fingerprint *self)
{
  const char *bytes;
  gsize length;

  while ((bytes = peek_line (self, &length)) != NULL)
    {
      if (length > 2 && bytes[0] == '-' && bytes[1] == '-' && take_boundary (self, bytes, length))
        continue;
      if (self->in_header)
        take_header_line (self, bytes, length);
      else
        take_body (self, bytes, length);
    }
  end_field (self);
}

static char *
to_hex (EVP_MD_CTX *digest)
{
  guint8 bytes[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  GString *text = g_string_new (NULL);

  EVP_DigestFinal_ex (digest, bytes, &length);
  for (unsigned int i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

char *
sk_message_fingerprint (int fd, GError **error)
{
  g_auto (SkMailSource) source = { 0 };
  g_autoptr (EVP_MD_CTX) digest = EVP_MD_CTX_new ();
  Fingerprint self = { .source = &source,
                       .digest = digest,
                       .in_header = TRUE,
                       .at_top = TRUE,
                       .whole = TRUE };

  if (!sk_mail_source_init (&source, fd, error))
    return NULL;
  EVP_DigestInit_ex (digest, EVP_sha256 (), NULL);
  self.field = g_string_new (NULL);
  self.boundaries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  take_all (&self);
  g_hash_table_unref (self.boundaries);
  g_string_free (self.field, TRUE);
  if (source.saved_errno != 0)
    {
      sk_error_set_errno (error, source.saved_errno, "The mail file can't be read");
      return NULL;
    }
  return to_hex (digest);
}
