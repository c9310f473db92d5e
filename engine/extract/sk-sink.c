/* A sink keeps one level for each document that is being read: the outermost, and the members inside one
 * another. What a level says when it ends (encrypted, read, in doubt) is counted by the level around it.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-sink-private.h"

#include "sk-charset.h"
#include "sk-digit-cells.h"
#include "sk-plain-text.h"
#include "sk-split-word.h"
#include "sk-zip-extent.h"

#include <string.h>

enum {
  GAP = 64,                       /* rows or cells that are written as line ends and tabs */
  RATIO_FREE = 1024 * 1024,       /* so much may come of anything, however small */
  NAME_BYTES = 1024,              /* of a member's name */
  PATH_BYTES = 4096,
  BEHIND = 8,                     /* archives one behind the other */
};

typedef struct {
  guint members, encrypted, read; /* read: of them, those of which nothing is in doubt */
  char *encrypted_name;           /* of the first */
  gsize path_length;              /* of the path around it */
  gboolean doubtful;
  gboolean is_damaged;            /* doubtful by itself, not by a member or by what is encrypted */
} Level;

/* A ZIP archive that lies within what a file says is its own: a document in a tar archive, or a theme in one of Word's,
 * which its reader gives as a member or passes over; or one that is hidden there, where programs that look from the end
 * find it. */
typedef struct _Lodger {
  struct _Lodger *outer;        /* of the file around this one */
  const guint8 *bytes;         /* NULL: there is none */
  gsize least, most;           /* bytes, without and with its comment */
  gboolean is_given;
} Lodger;

struct _SkSink {
  SkExtractLimits limits;
  GString *text;
  GPtrArray *sections; /* SkSection*, the last one is open */
  GArray *levels;
  GString *path;
  guint members;
  guint64 unpacked;
  guint row, column; /* of the cell that is being written; row 0: none yet */
  char *reason;
  gboolean is_encrypted;
  gboolean found_own; /* text of a document, and not the name of a member */
  gboolean full; /* no more text or sections */
  gboolean is_joining; /* what it writes was there before, and is put together now */
  guint n_joined;      /* sections that were looked at for that */
  Lodger *lodger;      /* of the file that is being read */
  gboolean is_lodger;  /* what is damaged may be no file at all */
};

static void
level_clear (gpointer data)
{
  g_free (((Level *) data)->encrypted_name);
}

static Level *
top (SkSink *self)
{
  return &g_array_index (self->levels, Level, self->levels->len - 1);
}

static void
push_level (SkSink *self)
{
  Level level = { .path_length = self->path->len };

  g_array_append_val (self->levels, level);
}

SkSink *
sk_sink_new (const SkExtractLimits *limits)
{
  SkSink *self = g_new0 (SkSink, 1);

  self->limits = *limits;
  self->text = g_string_new (NULL);
  self->path = g_string_new (NULL);
  self->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_section_free);
  self->levels = g_array_new (FALSE, FALSE, sizeof (Level));
  g_array_set_clear_func (self->levels, level_clear);
  push_level (self);
  return self;
}

void
sk_sink_free (SkSink *self)
{
  if (self == NULL)
    return;
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_string_free (self->path, TRUE);
  g_clear_pointer (&self->sections, g_ptr_array_unref);
  g_array_unref (self->levels);
  g_free (self->reason);
  g_free (self);
}

static void
doubt (SkSink *self, const char *reason)
{
  top (self)->doubtful = TRUE;
  if (self->reason == NULL)
    self->reason = g_strdup (reason);
}

void
sk_sink_doubt (SkSink *self, const char *reason)
{
  if (self->is_lodger && g_str_has_prefix (reason, "damaged"))
    return;
  top (self)->is_damaged = TRUE;
  doubt (self, reason);
}

static gboolean
stop (SkSink *self, const char *reason)
{
  self->full = TRUE;
  sk_sink_doubt (self, reason);
  return FALSE;
}

/* --- text ------------------------------------------------------------------------------------ */

static SkSection *
open_section (SkSink *self)
{
  return self->sections->len > 0 ? self->sections->pdata[self->sections->len - 1] : NULL;
}

static gboolean
append (SkSink *self, const char *text, gsize length)
{
  gsize left = self->limits.text_bytes - MIN (self->text->len, self->limits.text_bytes);

  if (self->full)
    return FALSE;
  if (length > left)
    {
      while (left > 0 && (text[left] & 0xc0) == 0x80)
        left--;
      g_string_append_len (self->text, text, (gssize) left);
      return stop (self, "limit: more text than may be searched");
    }
  g_string_append_len (self->text, text, (gssize) length);
  return TRUE;
}

static gboolean
is_at_line_start (const SkSink *self)
{
  return self->text->len == 0 || self->text->str[self->text->len - 1] == '\n';
}

static void
end_section (SkSink *self)
{
  SkSection *section = open_section (self);

  if (section == NULL)
    return;
  if (self->text->len > section->start && !is_at_line_start (self))
    append (self, "\n", 1);
  section->length = self->text->len - section->start;
  if (section->length == 0)
    g_ptr_array_set_size (self->sections, (int) self->sections->len - 1);
}

static void join_words (SkSink *self, const SkSection *section);
static void join_cells (SkSink *self, const SkSection *section);

static void
close_section (SkSink *self)
{
  const SkSection *section;

  end_section (self);
  section = open_section (self);
  if (self->is_joining || self->full || section == NULL || self->sections->len <= self->n_joined)
    return;
  self->is_joining = TRUE;
  join_cells (self, section);
  join_words (self, section);
  self->n_joined = self->sections->len;
  self->is_joining = FALSE;
}

static gboolean
begin_section (SkSink *self, SkSectionKind kind, const char *label, guint number)
{
  SkSection *section;

  close_section (self);
  if (self->sections->len >= self->limits.sections)
    return stop (self, "limit: more sections than may be searched");
  section = g_new0 (SkSection, 1);
  section->kind = kind;
  section->label = label != NULL ? g_utf8_make_valid (label, (gssize) strnlen (label, NAME_BYTES)) : NULL;
  section->number = number;
  section->member = self->path->len > 0 ? g_strndup (self->path->str, self->path->len) : NULL;
  section->start = self->text->len;
  g_ptr_array_add (self->sections, section);
  self->row = self->column = 0;
  return !self->full;
}

gboolean
sk_sink_section (SkSink *self, SkSectionKind kind, const char *label, guint number)
{
  return begin_section (self, kind, label, number);
}

static gboolean
needs_section (SkSink *self)
{
  return open_section (self) == NULL && !begin_section (self, SK_SECTION_TEXT, NULL, 0);
}

/* Rows and cells are told by line ends and tabs; there are no others in a sheet. */
static gboolean
append_cell_text (SkSink *self, const char *text, gsize length)
{
  g_autofree char *copy = g_strndup (text, length);

  for (gsize i = 0; i < length; i++)
    if (copy[i] == '\t' || copy[i] == '\n' || copy[i] == '\r')
      copy[i] = ' ';
  return append (self, copy, length);
}

static gboolean
write_text (SkSink *self, const char *text, gsize length)
{
  g_autofree char *valid = NULL;

  if (!g_utf8_validate_len (text, length, NULL))
    {
      valid = g_utf8_make_valid (text, (gssize) length);
      text = valid;
      length = strlen (valid);
    }
  return self->row > 0 ? append_cell_text (self, text, length) : append (self, text, length);
}

gboolean
sk_sink_text (SkSink *self, const char *text, gssize given)
{
  gsize length = given < 0 ? strlen (text) : (gsize) given;

  if (needs_section (self))
    return FALSE;
  self->found_own |= length > 0;
  return write_text (self, text, length);
}

gboolean
sk_sink_line (SkSink *self)
{
  if (needs_section (self))
    return FALSE;
  return is_at_line_start (self) || append (self, "\n", 1);
}

gboolean
sk_sink_encoded (SkSink *self, const guint8 *bytes, gsize length, const char *charset)
{
  g_auto (SkDecoded) decoded = { NULL }, second = { NULL };

  sk_charset_decode ((const char *) bytes, length, charset, &decoded);
  if (!sk_sink_text (self, decoded.text, (gssize) decoded.length))
    return FALSE;
  if (charset != NULL
      || !sk_charset_second_reading ((const char *) bytes, length, &decoded, &second))
    return TRUE;
  return sk_sink_section (self, SK_SECTION_TEXT, "second reading", 0)
         && sk_sink_text (self, second.text, (gssize) second.length);
}

/* --- sheets ---------------------------------------------------------------------------------- */

static gboolean
append_times (SkSink *self, char c, guint times)
{
  char gap[GAP];

  memset (gap, c, sizeof gap);
  return append (self, gap, times);
}

static gboolean
is_near (const SkSink *self, guint row, guint column)
{
  if (row == self->row)
    return column > self->column && column - self->column <= GAP;
  return row > self->row && row - self->row <= GAP && column <= GAP;
}

gboolean
sk_sink_cell (SkSink *self, guint row, guint column)
{
  SkSection *section = open_section (self);

  g_return_val_if_fail (section != NULL && row > 0 && column > 0, FALSE);
  if (self->row > 0 && !is_near (self, row, column))
    {
      g_autofree char *label = g_strdup (section->label);

      if (!begin_section (self, section->kind, label, section->number))
        return FALSE;
      section = open_section (self);
    }
  if (self->row == 0)
    {
      section->row = row;
      section->column = column;
    }
  else if (row == self->row ? !append_times (self, '\t', column - self->column)
                            : !append_times (self, '\n', row - self->row)
                                  || !append_times (self, '\t', column - 1))
    return FALSE;
  self->row = row;
  self->column = column;
  return TRUE;
}

static gboolean
write_string (SkSink *self, const char *text)
{
  return append (self, text, strlen (text));
}

/* In a line of its own. */
static gboolean
write_number (SkSink *self, const SkDigitCells *cells)
{
  if (cells->label != NULL && !(write_string (self, cells->label) && append (self, "\t", 1)))
    return FALSE;
  return write_string (self, cells->number) && append (self, "\n", 1);
}

/* Where its first digit stands: so its place is told right. */
static gboolean
write_number_at (SkSink *self, const SkDigitCells *cells, guint row, guint column)
{
  row += cells->row;
  if (cells->label != NULL
      && !(sk_sink_cell (self, row, column + cells->label_column)
           && write_string (self, cells->label)))
    return FALSE;
  return sk_sink_cell (self, row, column + cells->column) && write_string (self, cells->number);
}

/* What no eye sees in a word doesn't part it. */
static void
join_words (SkSink *self, const SkSection *section)
{
  g_autofree char *words = sk_split_words (self->text->str + section->start, section->length);

  if (words != NULL && begin_section (self, SK_SECTION_NOTE, "second reading", 0))
    append (self, words, strlen (words));
  if (words != NULL)
    end_section (self);
}

/* What forms have in a cell each is told once more as one number, in a section behind. */
static void
join_cells (SkSink *self, const SkSection *section)
{
  g_autoptr (GPtrArray) found
      = sk_digit_cells_find (self->text->str + section->start, section->length);
  guint row = section->row, column = section->column;
  g_autofree char *label = g_strdup (section->label != NULL ? section->label : "cells");
  gboolean more = found != NULL && begin_section (self, section->kind, label, section->number);

  for (guint i = 0; more && i < found->len; i++)
    more = row > 0 ? write_number_at (self, found->pdata[i], row, column)
                   : write_number (self, found->pdata[i]);
  if (found != NULL)
    end_section (self);
}

/* --- members --------------------------------------------------------------------------------- */

/* Names come from archives: nothing in them may part them otherwise. */
static void
append_path (SkSink *self, const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, (gssize) strnlen (name, NAME_BYTES));

  for (char *c = valid; *c != '\0'; c++)
    if ((guchar) *c < 0x20)
      *c = ' ';
  if (self->path->len > 0)
    g_string_append_c (self->path, '/');
  if (self->path->len < PATH_BYTES)
    g_string_append (self->path, valid);
}

/* The name is text as well: a rule about words in an attachment is about it too. It doesn't tell
 * that anything was read. */
static void
begin_member (SkSink *self, const char *name)
{
  close_section (self);
  push_level (self);
  if (name != NULL)
    append_path (self, name);
  if (name != NULL && begin_section (self, SK_SECTION_NOTE, "name", 0))
    write_text (self, name, strlen (name));
  begin_section (self, SK_SECTION_TEXT, NULL, 0);
}

static void
end_member (SkSink *self)
{
  gsize length = top (self)->path_length;

  close_section (self);
  g_array_set_size (self->levels, self->levels->len - 1);
  g_string_truncate (self->path, length);
  begin_section (self, SK_SECTION_TEXT, NULL, 0);
}

static gboolean
count_member (SkSink *self)
{
  top (self)->members++;
  if (++self->members > self->limits.members)
    return stop (self, "limit: more files in it than may be opened");
  return TRUE;
}

static void
note_encrypted (Level *level, const char *name)
{
  level->encrypted++;
  if (level->encrypted_name == NULL)
    level->encrypted_name = g_strdup (name != NULL ? name : "");
}

/* An archive is encrypted when all its members are; anything else that has encrypted members can't be
 * read whole. */
static gboolean
settle (SkSink *self, const SkFormat *format, SkReading reading)
{
  Level *level = top (self);
  g_autofree char *reason = NULL;

  if (reading == SK_READING_ENCRYPTED)
    return TRUE;
  if (level->encrypted == 0)
    return FALSE;
  if (format->is_archive && level->encrypted == level->members && !level->doubtful)
    return TRUE;
  reason = g_strdup_printf ("encrypted: %s", level->encrypted_name);
  doubt (self, reason);
  return FALSE;
}

/* 0: it doesn't say. */
static gsize
extent_of (const SkFormat *format, const SkContent *content)
{
  return format->extent != NULL ? format->extent (content) : 0;
}

/* One file may be two, or more: in front what its first bytes say, and ZIP archives behind it. Fills
 * in where each ends, from the last one. Programs that unpack themselves are one, and what lies in
 * a file that says how far it reaches is its own: a document in a tar archive, a theme in one of
 * Word's. */
static guint
split (SkSink *self, SkContent *front, gsize ends[BEHIND])
{
  const SkFormat *format;
  const char *type;
  guint count = 0;
  gsize start = sk_zip_extent_start (front), least;

  if (start == 0 || (format = sk_format_of (front, &type)) == &sk_format_self_extracting)
    return 0;
  least = MAX (1, extent_of (format, front));
  for (; start >= least && count < BEHIND; start = sk_zip_extent_start (front))
    {
      ends[count++] = front->length;
      front->length = start;
    }
  if (start >= least)
    sk_sink_doubt (self, "limit: too many archives one behind the other");
  return count;
}

static void
read_behind (SkSink *self, const SkContent *content, gsize start, const gsize *ends, guint count)
{
  gboolean more = TRUE;

  for (; count > 0 && more; count--)
    {
      SkContent behind = { content->bytes + start, ends[count - 1] - start, NULL };

      more = sk_sink_member (self, &behind);
      start = ends[count - 1];
    }
}

static gboolean
is_blank (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != '\0' && !g_ascii_isspace (bytes[i]))
      return FALSE;
  return TRUE;
}

/* Behind the end of a ZIP archive stands its comment, which is text, or another file. */
static void
read_tail (SkSink *self, const SkContent *front)
{
  gsize end = sk_zip_extent_end (front);
  SkContent tail = { .bytes = front->bytes + end, .length = front->length - end };

  if (end == 0 || is_blank (tail.bytes, tail.length))
    return;
  if (memmem (tail.bytes, tail.length, "%PDF-", 5) != NULL || !sk_content_is_text (&tail))
    sk_sink_member (self, &tail);
  else if (sk_sink_section (self, SK_SECTION_NOTE, "comment", 0))
    sk_sink_encoded (self, tail.bytes, tail.length, NULL);
}

static void
find_lodger (Lodger *self, const SkFormat *format, const SkContent *front)
{
  gsize start = format->extent != NULL ? sk_zip_extent_start (front) : 0;
  SkContent archive = { front->bytes + start, front->length - start, NULL };
  gsize end, comment;

  if (start == 0)
    return;
  end = sk_zip_extent_end (&archive);
  if (end == 0)
    end = archive.length;
  comment = (gsize) archive.bytes[end - 2] | (gsize) archive.bytes[end - 1] << 8;
  self->bytes = archive.bytes;
  self->least = end;
  self->most = MIN (end + comment, archive.length);
}

static void
note_given (Lodger *lodger, const SkContent *content)
{
  for (; lodger != NULL; lodger = lodger->outer)
    if (lodger->bytes != NULL
        && (content->length == lodger->least || content->length == lodger->most)
        && memcmp (content->bytes, lodger->bytes, lodger->least) == 0)
      lodger->is_given = TRUE;
}

static void
read_lodger (SkSink *self, const Lodger *lodger)
{
  const SkContent archive = { lodger->bytes, lodger->most, NULL };
  gboolean was_lodger = self->is_lodger;

  if (lodger->bytes == NULL || lodger->is_given)
    return;
  self->is_lodger = TRUE;
  sk_sink_member (self, &archive);
  self->is_lodger = was_lodger;
}

static gboolean
is_any (const char *type)
{
  return strcmp (type, "application/octet-stream") == 0 || strcmp (type, "text/plain") == 0;
}

/* No bytes are bytes too: formats count on from where they begin. */
static gboolean
read_level (SkSink *self, const SkContent *given, const char **type)
{
  const SkContent content = { given->bytes != NULL ? given->bytes : (const guint8 *) "", given->length, given->name };
  SkContent front = content;
  gsize ends[BEHIND];
  guint behind = split (self, &front, ends);
  const SkFormat *format = sk_format_of (&front, type);
  Lodger lodger = { .outer = self->lodger };
  SkReading reading;

  if (format == NULL)
    {
      sk_sink_doubt (self, "no known kind of file");
      return FALSE;
    }
  if (format != &sk_format_self_extracting && sk_zip_extent_hides (&front)
      && extent_of (format, &front) == 0)
    sk_sink_doubt (self, "damaged: there is more in it than its directory says");
  find_lodger (&lodger, format, &front);
  self->lodger = &lodger;
  reading = format->read (&front, *type, self);
  self->lodger = lodger.outer;
  read_lodger (self, &lodger);
  read_tail (self, &front);
  read_behind (self, &content, front.length, ends, behind);
  if (behind > 0 && is_any (*type))
    sk_format_of (&content, type); /* what the whole is taken for */
  return settle (self, format, reading);
}

gboolean
sk_sink_member (SkSink *self, const SkContent *content)
{
  const char *type;
  gboolean encrypted, doubtful;

  if (!count_member (self))
    return FALSE;
  if (self->levels->len > self->limits.depth)
    {
      sk_sink_doubt (self, "limit: too many files inside one another");
      return TRUE;
    }
  note_given (self->lodger, content);
  begin_member (self, content->name);
  encrypted = read_level (self, content, &type);
  doubtful = top (self)->doubtful;
  end_member (self);
  if (encrypted)
    note_encrypted (top (self), content->name);
  else if (doubtful)
    top (self)->doubtful = TRUE;
  else
    top (self)->read++;
  return !self->full;
}

gboolean
sk_sink_encrypted_member (SkSink *self, const char *name)
{
  if (!count_member (self))
    return FALSE;
  begin_member (self, name);
  end_member (self);
  note_encrypted (top (self), name);
  return !self->full;
}

guint64
sk_sink_may_unpack (const SkSink *self, guint64 packed)
{
  guint64 left = self->limits.unpacked_bytes - MIN (self->unpacked, self->limits.unpacked_bytes);

  if (packed == 0 || packed > left / self->limits.ratio)
    return left;
  return MIN (left, MAX (packed * self->limits.ratio, RATIO_FREE));
}

gboolean
sk_sink_unpack (SkSink *self, guint64 packed, guint64 unpacked)
{
  gboolean fits = unpacked <= sk_sink_may_unpack (self, packed);
  gboolean total = unpacked > self->limits.unpacked_bytes - MIN (self->unpacked, self->limits.unpacked_bytes);

  self->unpacked += MIN (unpacked, self->limits.unpacked_bytes);
  if (!fits)
    sk_sink_doubt (self, total ? "limit: it unpacks to too much"
                               : "limit: it unpacks to too many times its size");
  return fits;
}

/* --- the whole ------------------------------------------------------------------------------- */

void
sk_sink_read (SkSink *self, const SkContent *content, const char **type)
{
  self->is_encrypted = read_level (self, content, type);
}

/* Unknown: nothing could be read, and not only because some of it is encrypted. */
static SkTruth
encryption (const SkSink *self)
{
  const Level *level = &g_array_index (self->levels, Level, 0);

  if (self->is_encrypted)
    return SK_YES;
  if (level->read > 0 || self->found_own)
    return SK_NO;
  return level->is_damaged || (level->doubtful && level->encrypted == 0) ? SK_UNKNOWN : SK_NO;
}

void
sk_sink_finish (SkSink *self, SkExtraction *extraction)
{
  close_section (self);
  extraction->encrypted = encryption (self);
  extraction->readable = !self->is_encrypted && self->reason == NULL ? SK_YES : SK_NO;
  extraction->reason
      = self->reason != NULL ? g_steal_pointer (&self->reason)
        : self->is_encrypted ? g_strdup ("encrypted") : NULL;
  extraction->length = self->text->len;
  extraction->text = g_string_free (g_steal_pointer (&self->text), FALSE);
  extraction->sections = g_steal_pointer (&self->sections);
}
