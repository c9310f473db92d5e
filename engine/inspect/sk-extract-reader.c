// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-extract-reader.h"

#include <string.h>

/* "application/…": RFC 6838, section 4.2, allows 127 characters on either side. */
enum { TYPE_BYTES = 255 };

typedef enum { AT_FACTS, AT_TEXT, AT_SECTIONS, AT_END } Stage;

struct _SkExtractReader {
  SkExtractLimits limits;
  SkExtraction *extraction;
  Stage stage;
  gsize received; /* bytes of text */
  gsize covered;  /* by sections */
  guint sections; /* that were announced */
  gsize names;    /* bytes of labels and members so far */
  const char *lie;
};

SkExtractReader *
sk_extract_reader_new (const SkExtractLimits *limits)
{
  SkExtractReader *self = g_new0 (SkExtractReader, 1);

  self->limits = *limits;
  self->extraction = g_new0 (SkExtraction, 1);
  self->extraction->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_section_free);
  return self;
}

void
sk_extract_reader_free (SkExtractReader *self)
{
  if (self == NULL)
    return;
  sk_extraction_free (self->extraction);
  g_free (self);
}

static gboolean
lie (SkExtractReader *self, const char *what)
{
  self->lie = what;
  return FALSE;
}

/* --- facts ----------------------------------------------------------------------------------- */

static gboolean
is_media_type (const char *type)
{
  const char *slash = strchr (type, '/');

  if (slash == NULL || slash == type || slash[1] == '\0' || strlen (type) > TYPE_BYTES)
    return FALSE;
  for (const char *at = type; *at != '\0'; at++)
    if (at != slash && !g_ascii_isalnum (*at) && strchr ("!#$&-^_.+", *at) == NULL)
      return FALSE;
  return TRUE;
}

/* What can be read whole has no reason why not, and what is encrypted can't be read. */
static gboolean
agree (const SkExtraction *extraction)
{
  if (extraction->readable == SK_UNKNOWN)
    return FALSE;
  if ((extraction->readable == SK_YES) != (extraction->reason == NULL))
    return FALSE;
  return extraction->readable == SK_NO || extraction->encrypted != SK_YES;
}

static gboolean
take_facts (SkExtractReader *self, SkWireCursor *cursor)
{
  SkExtraction *extraction = self->extraction;

  extraction->type = sk_wire_get_string (cursor, TRUE);
  extraction->readable = (SkTruth) sk_wire_get_number (cursor, SK_YES);
  extraction->encrypted = (SkTruth) sk_wire_get_number (cursor, SK_YES);
  extraction->reason = sk_wire_get_string (cursor, FALSE);
  extraction->length = (gsize) sk_wire_get_number (cursor, self->limits.text_bytes);
  self->sections = (guint) sk_wire_get_number (cursor, self->limits.sections);
  if (cursor->bad)
    return lie (self, "facts that are none");
  if (!is_media_type (extraction->type) || !agree (extraction))
    return lie (self, "facts that can't be");
  extraction->text = g_malloc (extraction->length + 1);
  extraction->text[extraction->length] = '\0';
  self->stage = extraction->length > 0 ? AT_TEXT : AT_SECTIONS;
  return TRUE;
}

/* --- text ------------------------------------------------------------------------------------ */

static gboolean
take_text (SkExtractReader *self, SkWireCursor *cursor)
{
  SkExtraction *extraction = self->extraction;

  if (cursor->left == 0 || cursor->left > extraction->length - self->received)
    return lie (self, "another length of text than it announced");
  memcpy (extraction->text + self->received, cursor->at, cursor->left);
  self->received += cursor->left;
  cursor->left = 0;
  if (self->received < extraction->length)
    return TRUE;
  if (!g_utf8_validate_len (extraction->text, extraction->length, NULL))
    return lie (self, "text that is no UTF-8");
  self->stage = AT_SECTIONS;
  return TRUE;
}

/* --- sections -------------------------------------------------------------------------------- */

static gsize
length_of (const char *string)
{
  return string != NULL ? strlen (string) : 0;
}

static SkSection *
get_section (SkWireCursor *cursor, gsize start, gsize left)
{
  g_autoptr (SkSection) section = g_new0 (SkSection, 1);

  section->kind = (SkSectionKind) sk_wire_get_number (cursor, SK_SECTION_NOTE);
  section->number = (guint) sk_wire_get_number (cursor, G_MAXUINT);
  section->row = (guint) sk_wire_get_number (cursor, G_MAXUINT);
  section->column = (guint) sk_wire_get_number (cursor, G_MAXUINT);
  section->start = start;
  section->length = (gsize) sk_wire_get_number (cursor, left);
  section->label = sk_wire_get_string (cursor, FALSE);
  section->member = sk_wire_get_string (cursor, FALSE);
  return cursor->bad ? NULL : g_steal_pointer (&section);
}

static gboolean
has_place (const SkSection *section)
{
  if (section->kind == SK_SECTION_SHEET)
    return (section->row == 0) == (section->column == 0);
  return section->row == 0 && section->column == 0;
}

static gboolean
take_section (SkExtractReader *self, SkWireCursor *cursor)
{
  SkExtraction *extraction = self->extraction;
  SkSection *section = get_section (cursor, self->covered, extraction->length - self->covered);

  if (section == NULL)
    return lie (self, "sections that are none");
  g_ptr_array_add (extraction->sections, section);
  self->covered += section->length;
  self->names += length_of (section->label) + length_of (section->member);
  if (extraction->sections->len > self->sections || self->names > SK_WIRE_NAMES)
    return lie (self, "more sections than it may");
  if (section->length == 0 || !has_place (section)
      || ((guchar) extraction->text[section->start] & 0xc0) == 0x80)
    return lie (self, "sections that can't be");
  return TRUE;
}

static gboolean
take_sections (SkExtractReader *self, SkWireCursor *cursor)
{
  do
    if (!take_section (self, cursor))
      return FALSE;
  while (cursor->left > 0);
  return TRUE;
}

static gboolean
take_end (SkExtractReader *self, SkWireCursor *cursor)
{
  if (self->covered != self->extraction->length
      || self->extraction->sections->len != self->sections)
    return lie (self, "sections that don't cover the text");
  self->stage = AT_END;
  return TRUE;
}

/* --- the whole ------------------------------------------------------------------------------- */

static const struct {
  guint8 kind;
  Stage stage;
  gboolean (*take) (SkExtractReader *self, SkWireCursor *cursor);
} records[] = {
  { SK_WIRE_FACTS, AT_FACTS, take_facts },
  { SK_WIRE_TEXT, AT_TEXT, take_text },
  { SK_WIRE_SECTIONS, AT_SECTIONS, take_sections },
  { SK_WIRE_END, AT_SECTIONS, take_end },
};

static gboolean
take_record (SkExtractReader *self, guint8 kind, SkWireCursor *cursor)
{
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    if (records[i].kind == kind && records[i].stage == self->stage)
      return records[i].take (self, cursor);
  return lie (self, "what nobody asked for");
}

SkAnswerState
sk_extract_reader_take (SkExtractReader *self, const guint8 *packet, gsize length)
{
  SkWireCursor cursor = { packet, length, FALSE };

  g_return_val_if_fail (self->extraction != NULL && self->lie == NULL, SK_ANSWER_LIE);
  if (take_record (self, sk_wire_get_kind (&cursor), &cursor) && cursor.left > 0)
    lie (self, "more than a record");
  if (self->lie != NULL)
    return SK_ANSWER_LIE;
  return self->stage == AT_END ? SK_ANSWER_COMPLETE : SK_ANSWER_GOES_ON;
}

const char *
sk_extract_reader_lie (const SkExtractReader *self)
{
  return self->lie;
}

SkExtraction *
sk_extract_reader_steal (SkExtractReader *self)
{
  g_return_val_if_fail (self->stage == AT_END, NULL);
  return g_steal_pointer (&self->extraction);
}
