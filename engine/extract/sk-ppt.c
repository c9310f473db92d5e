// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-ppt.h"

#include "sk-inflate.h"
#include "sk-ole-package.h"
#include "sk-ole2-kind.h"
#include "sk-utf16.h"

#include <string.h>

enum {
  HEADER = 8,
  DEPTH = 64, /* records inside one another */
  EDITS = 10000,
  ZIP = 0x04034b50,
  ENCRYPTED_TOKEN = (int) 0xf3d1c4df,
};

typedef enum {
  DOCUMENT = 0x03e8,
  SLIDE = 0x03ee,
  NOTES = 0x03f0,
  NOTES_ATOM = 0x03f1,
  SLIDE_PERSIST = 0x03f3,
  COLLECTION_STRING = 0x0fba,
  TEXT_CHARACTERS = 0x0fa0,
  TEXT_BYTES = 0x0fa8,
  SLIDE_LIST = 0x0ff0,
  USER_EDIT = 0x0ff5,
  OLE_OBJECT = 0x1011,
  FONTS = 0x07d5,
  PROGRAM_TAG = 0x138a,
  PROGRAM_DATA = 0x138b,
  PERSIST_DIRECTORY = 0x1772,
} RecordType;

typedef struct {
  guint type, instance;
  gboolean is_container;
  SkBytes content;
  gsize next; /* where the next record begins */
  gboolean is_damaged; /* cut, or of no type */
} Record;

typedef struct {
  SkBytes stream;
  SkSink *sink;
  GHashTable *places;  /* persist id: offset */
  GHashTable *numbers; /* slide id: which one it is */
  GString *text;
  gsize visited; /* bytes of records; each edit's slides once */
  gboolean full, is_damaged;
} Ppt;

static gboolean
read_record (SkBytes stream, gsize at, Record *record)
{
  guint version = sk_bytes_u16 (stream, at);

  if (stream.length < HEADER || at > stream.length - HEADER)
    return FALSE;
  record->type = sk_bytes_u16 (stream, at + 2);
  record->instance = version >> 4;
  record->is_container = (version & 15) == 15;
  record->content = sk_bytes_part (stream, at + HEADER, sk_bytes_u32 (stream, at + 4));
  record->next = at + HEADER + record->content.length;
  record->is_damaged
      = record->type == 0 || record->content.length < sk_bytes_u32 (stream, at + 4);
  return TRUE;
}

/* The next of those that lie side by side; they leave no rest. */
static gboolean
next_record (Ppt *self, SkBytes records, gsize at, Record *record)
{
  if (self->full)
    return FALSE;
  if (!read_record (records, at, record))
    {
      self->is_damaged |= at != records.length;
      return FALSE;
    }
  self->is_damaged |= record->is_damaged;
  return TRUE;
}

/* --- text ------------------------------------------------------------------------------------ */

/* Two zeros side by side, which no text has. */
static gboolean
has_hole (const Record *record)
{
  gsize width = record->type == TEXT_BYTES ? 1 : 2;

  for (gsize at = 0; at + width * 2 <= record->content.length; at += width)
    if (sk_bytes_u16 (record->content, at) == 0
        && (width == 1 || sk_bytes_u16 (record->content, at + width) == 0))
      return TRUE;
  return FALSE;
}

/* 13 ends a paragraph, 11 a line. Bytes are the lower halves of UTF-16. */
static void
append_text (Ppt *self, const Record *record)
{
  gsize start = self->text->len;

  self->is_damaged |= has_hole (record);
  if (record->type == TEXT_BYTES)
    for (gsize i = 0; i < record->content.length; i++)
      g_string_append_unichar (self->text, record->content.at[i]);
  else
    sk_utf16_append (self->text, record->content);
  for (gsize i = start; i < self->text->len; i++)
    if (self->text->str[i] == '\r' || self->text->str[i] == '\v')
      self->text->str[i] = '\n';
  g_string_append_c (self->text, '\n');
  if (!sk_sink_text (self->sink, self->text->str, (gssize) self->text->len))
    self->full = TRUE;
  g_string_truncate (self->text, 0);
}

static void
give_object (Ppt *self, SkBytes object)
{
  if (!sk_ole_package_give (object, NULL, self->sink))
    self->full = TRUE;
}

/* PowerPoint ends some without the mark of the end: their length tells. */
static void
give_packed_object (Ppt *self, SkBytes packed, guint32 length)
{
  gboolean is_whole = FALSE;
  g_autoptr (GByteArray) object
      = sk_inflate (packed.at, packed.length, G_ZLIB_COMPRESSOR_FORMAT_ZLIB,
                    sk_sink_may_unpack (self->sink, packed.length), &is_whole);

  if (!sk_sink_unpack (self->sink, packed.length, object->len))
    return;
  if (!is_whole && object->len != length)
    sk_sink_doubt (self->sink, "damaged: an embedded object");
  give_object (self, (SkBytes){ object->data, object->len });
}

/* [MS-PPT] 2.10.34: a compound file, as it is or deflated behind its length. */
static void
read_object (Ppt *self, const Record *record)
{
  if (record->instance == 1)
    give_packed_object (self, sk_bytes_from (record->content, 4),
                        sk_bytes_u32 (record->content, 0));
  else
    give_object (self, record->content);
}

static void
read_leaf (Ppt *self, const Record *record)
{
  switch (record->type)
    {
    case TEXT_CHARACTERS:
    case TEXT_BYTES:
    case COLLECTION_STRING:
      append_text (self, record);
      break;
    case OLE_OBJECT:
      read_object (self, record);
      break;
    default:
      break;
    }
}

static void read_records (Ppt *self, SkBytes records, guint depth);

/* [MS-PPT] 2.23.1: "___PPT" and a version. */
static gboolean
has_own_name (SkBytes records)
{
  Record name;

  return read_record (records, 0, &name) && name.type == COLLECTION_STRING
         && name.content.length >= 12 && memcmp (name.content.at, "_\0_\0_\0P\0P\0T", 12) == 0;
}

/* Comments stand in data of PowerPoint's later versions, which do not say that they are a
 * container. */
static void
read_program_tag (Ppt *self, SkBytes records, guint depth)
{
  Record record;
  gboolean was_damaged, is_own = has_own_name (records);

  for (gsize at = 0; next_record (self, records, at, &record); at = record.next)
    if (record.type == PROGRAM_DATA)
      {
        was_damaged = self->is_damaged;
        read_records (self, record.content, depth + 1);
        if (!is_own) /* what another program has kept need not be records */
          self->is_damaged = was_damaged;
      }
}

static void
read_records (Ppt *self, SkBytes records, guint depth)
{
  Record record;

  if (depth >= DEPTH)
    self->is_damaged = TRUE;
  if (depth >= DEPTH || sk_bytes_u32 (records, 0) == ZIP) /* a theme, of PowerPoint 2007 */
    return;
  for (gsize at = 0; next_record (self, records, at, &record); at = record.next)
    if (!record.is_container)
      read_leaf (self, &record);
    else if (record.type == PROGRAM_TAG)
      read_program_tag (self, record.content, depth + 1);
    else if (record.type != FONTS)
      read_records (self, record.content, depth + 1);
}

/* --- what the last edit names ---------------------------------------------------------------- */

/* [MS-PPT] 2.3.4: runs of places, of ids that follow one another. What a later edit said stays. */
static void
read_places (Ppt *self, SkBytes directory)
{
  gsize at = 0;

  while (at + 8 <= directory.length)
    {
      guint32 run = sk_bytes_u32 (directory, at), id = run & 0xfffff;

      at += 4;
      for (guint32 i = 0; i < run >> 20 && at + 4 <= directory.length; i++, at += 4)
        if (!g_hash_table_contains (self->places, GUINT_TO_POINTER (id + i)))
          g_hash_table_insert (self->places, GUINT_TO_POINTER (id + i),
                               GUINT_TO_POINTER (sk_bytes_u32 (directory, at)));
    }
}

/* Edits are a chain backwards, each before the one that names it. Returns the id of the document;
 * 0: none. */
static guint32
read_edits (Ppt *self, gsize at)
{
  guint32 document = 0;
  gsize before = self->stream.length;
  Record edit, directory;

  for (guint i = 0; i < EDITS && at < before && read_record (self->stream, at, &edit)
                    && edit.type == USER_EDIT; i++)
    {
      if (read_record (self->stream, sk_bytes_u32 (edit.content, 12), &directory)
          && directory.type == PERSIST_DIRECTORY)
        read_places (self, directory.content);
      else
        self->is_damaged = TRUE;
      if (document == 0)
        document = sk_bytes_u32 (edit.content, 16);
      before = at;
      at = sk_bytes_u32 (edit.content, 8);
      if (at == 0)
        return document;
    }
  self->is_damaged = TRUE;
  return document;
}

static gboolean
find_record (Ppt *self, guint32 id, guint type, Record *record)
{
  gpointer place;

  return g_hash_table_lookup_extended (self->places, GUINT_TO_POINTER (id), NULL, &place)
         && read_record (self->stream, GPOINTER_TO_UINT (place), record)
         && (record->type == type || type == 0);
}

/* Records that lie over one another must not be read again and again. */
static gboolean
may_visit (Ppt *self, const Record *record)
{
  self->visited += record->content.length;
  return self->visited <= self->stream.length * 2;
}

static void
read_named (Ppt *self, guint32 id, guint type)
{
  Record record;

  if (find_record (self, id, type, &record) && may_visit (self, &record))
    read_records (self, record.content, 0);
  else
    self->is_damaged |= id != 0;
  g_hash_table_remove (self->places, GUINT_TO_POINTER (id)); /* each is read once */
}

enum { SLIDES_LIST, MASTERS_LIST, NOTES_LIST };

/* [MS-PPT] 2.5.8: notes say which slide they belong to. */
static guint
number_of (Ppt *self, guint kind, const Record *persist, guint before)
{
  guint32 id = sk_bytes_u32 (persist->content, 0);
  Record notes, atom;

  if (kind == NOTES_LIST)
    return find_record (self, id, NOTES, &notes) && read_record (notes.content, 0, &atom)
                   && atom.type == NOTES_ATOM
               ? GPOINTER_TO_UINT (g_hash_table_lookup (
                     self->numbers, GUINT_TO_POINTER (sk_bytes_u32 (atom.content, 0))))
               : 0;
  if (kind == SLIDES_LIST)
    g_hash_table_insert (self->numbers, GUINT_TO_POINTER (sk_bytes_u32 (persist->content, 12)),
                         GUINT_TO_POINTER (before + 1));
  return before + 1;
}

/* [MS-PPT] 2.4.14.3: each slide is named, and what stands in its outline follows. */
static void
read_slides (Ppt *self, SkBytes list, guint kind)
{
  static const struct {
    SkSectionKind section;
    const char *label;
    guint type;
  } kinds[] = {
    { SK_SECTION_SLIDE, NULL, SLIDE },
    { SK_SECTION_NOTE, "master", 0 },
    { SK_SECTION_NOTE, "notes", NOTES },
  };
  guint number = 0;
  guint32 id = 0;
  Record record;

  for (gsize at = 0; next_record (self, list, at, &record); at = record.next)
    if (record.type == SLIDE_PERSIST)
      {
        read_named (self, id, kinds[kind].type);
        id = sk_bytes_u32 (record.content, 0);
        number = number_of (self, kind, &record, number);
        if (!sk_sink_section (self->sink, kinds[kind].section, kinds[kind].label, number))
          self->full = TRUE;
      }
    else
      read_leaf (self, &record);
  read_named (self, id, kinds[kind].type);
}

/* In the order of the sections: slides, notes, what masters and the document itself say. */
static void
read_presentation (Ppt *self, SkBytes document)
{
  static const guint8 order[] = { SLIDES_LIST, NOTES_LIST, MASTERS_LIST };
  Record record;

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    for (gsize at = 0; next_record (self, document, at, &record); at = record.next)
      if (record.type == SLIDE_LIST && record.instance == order[i])
        read_slides (self, record.content, order[i]);
  if (!self->full)
    self->full = !sk_sink_section (self->sink, SK_SECTION_NOTE, "properties", 0);
  for (gsize at = 0; next_record (self, document, at, &record); at = record.next)
    if (record.is_container && record.type != SLIDE_LIST)
      read_records (self, record.content, 1);
}

/* Objects stand beside the document, each with a place of its own. */
static void
read_objects (Ppt *self)
{
  g_autoptr (GList) places = g_hash_table_get_values (self->places);
  Record record;

  for (GList *place = places; place != NULL && !self->full; place = place->next)
    if (read_record (self->stream, GPOINTER_TO_UINT (place->data), &record)
        && record.type == OLE_OBJECT && may_visit (self, &record))
      read_object (self, &record);
}

static void
read_stream (Ppt *self, SkBytes user)
{
  guint32 id = read_edits (self, sk_bytes_u32 (user, HEADER + 8));
  Record document;

  if (id != 0 && find_record (self, id, DOCUMENT, &document) && may_visit (self, &document))
    {
      read_presentation (self, document.content);
      read_objects (self);
    }
  else
    {
      self->is_damaged = TRUE;
      if (sk_sink_section (self->sink, SK_SECTION_TEXT, NULL, 0))
        read_records (self, self->stream, 0);
    }
}

/* Some programs mark it in the user's stream, all with the session's record. */
static gboolean
is_encrypted (SkBytes stream, SkBytes user)
{
  Record edit;

  if (sk_bytes_u32 (user, HEADER + 4) == (guint32) ENCRYPTED_TOKEN)
    return TRUE;
  return read_record (stream, sk_bytes_u32 (user, HEADER + 8), &edit) && edit.type == USER_EDIT
         && edit.content.length >= 32 && sk_bytes_u32 (edit.content, 28) != 0;
}

SkReading
sk_ppt_read (SkBytes document, SkBytes user, SkSink *sink)
{
  Ppt self = { .stream = document, .sink = sink };

  if (is_encrypted (document, user))
    return SK_READING_ENCRYPTED;
  self.places = g_hash_table_new (NULL, NULL);
  self.numbers = g_hash_table_new (NULL, NULL);
  self.text = g_string_new (NULL);
  read_stream (&self, user);
  if (self.is_damaged && !self.full)
    sk_sink_doubt (sink, "damaged: a part of the presentation is missing");
  g_hash_table_unref (self.places);
  g_hash_table_unref (self.numbers);
  g_string_free (self.text, TRUE);
  return SK_READING_DONE;
}

static SkReading
read_storage (SkOle2 *ole2, guint storage, SkSink *sink)
{
  g_autoptr (GBytes) document = sk_ole2_stream (ole2, storage, "PowerPoint Document");
  g_autoptr (GBytes) user = sk_ole2_stream (ole2, storage, "Current User");

  if (document == NULL)
    return SK_READING_DONE;
  return sk_ppt_read (sk_bytes_of (document),
                      user != NULL ? sk_bytes_of (user) : (SkBytes){ NULL, 0 }, sink);
}

const SkOle2Kind sk_ole2_ppt
    = { "PowerPoint Document", "application/vnd.ms-powerpoint", NULL, read_storage };
