/* PDF, over poppler: the text of its pages, what stands on them beside it (notes, fields of forms),
 * its bookmarks, properties and embedded files.
 *
 * Poppler tells what it can't read in its log only; where that costs text (a character map or
 * filter that it lacks, broken compression), the document is in doubt.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"
#include "sk-magic.h"
#include "sk-pdf-objects.h"
#include "sk-pdf-rows.h"
#include "sk-zip-extent.h"

#include <poppler.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerPage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerAttachment, g_object_unref)

enum {
  HEADER_WITHIN = 1024, /* "%PDF-" stands there (ISO 32000-1, annex H.3.4.1) */
  END_WITHIN = 1024, /* "startxref", the same: H.3.4.4 */
  NUMBER_DIGITS = 24, /* and line ends before it */
  BEHIND_WITHIN = 65536, /* or there, for programs that go by the end of the file */
  MISSING_PAGES = 100,   /* so many pages that are not there, and the count is a lie */
  EDGE = 1000000,
  UNKNOWN_CHARACTERS = 4, /* so many on a page, and one in so many of its characters: */
  UNKNOWN_SHARE = 5,
  UNKNOWN_FEW = 2,   /* or these, and half of its characters */
  BOOKMARKS = 20000,
  BOOKMARK_DEPTH = 64,
  HIDDEN_LAYERS = 1000,
  LAYER_READINGS = 8, /* of those of which only one shows at a time */
  LAYER_DEPTH = 32,
};

/* NULL: none. */
static const guint8 *
find_header (const SkContent *content)
{
  return memmem (content->bytes, MIN (content->length, HEADER_WITHIN), "%PDF-", 5);
}

/* What stands before it is text; else, another kind may have a better claim. */
static const char *
recognise (const SkContent *content)
{
  const guint8 *bytes = content->bytes, *at;

  if (content->length < 5 || memcmp (bytes, "PK", 2) == 0)
    return NULL;
  at = find_header (content);
  return at != NULL && memchr (bytes, '\0', (gsize) (at - bytes)) == NULL ? "application/pdf"
                                                                          : NULL;
}

/* The place of the table of its objects (ISO 32000-1, 7.5.5), which the source of a program that
 * writes PDF does not have; in what is no text, an object is enough. */
static gboolean
has_objects (const SkContent *content, const guint8 *at)
{
  const guint8 *end = content->bytes + content->length, *place = at;

  if (memchr (content->bytes, '\0', content->length) != NULL
      && memmem (at, (gsize) (end - at), "endobj", 6) != NULL)
    return TRUE;
  while ((place = memmem (place, (gsize) (end - place), "startxref", 9)) != NULL)
    {
      const guint8 *number = place += 9;

      while (number < end && g_ascii_isspace (*number))
        number++;
      if (number > place && number < end && g_ascii_isdigit (*number))
        return TRUE;
    }
  return FALSE;
}

/* The first header with a version; what only speaks of PDF has no objects. */
static const guint8 *
find_header_behind (const SkContent *content)
{
  const guint8 *end = content->bytes + content->length;
  const guint8 *within = content->bytes + MIN (content->length, BEHIND_WITHIN);
  const guint8 *at = memmem (content->bytes, (gsize) (within - content->bytes), "%PDF-", 5);

  while (at != NULL
         && !(end - at > 8 && g_ascii_isdigit (at[5]) && at[6] == '.' && g_ascii_isdigit (at[7])))
    at = memmem (at + 5, (gsize) (within - at) - 5, "%PDF-", 5);
  return at != NULL && has_objects (content, at) ? at : NULL;
}

/* Microsoft's PE Format: the place of its signature is at 0x3c. "MZ" alone is no program. */
static gboolean
is_program (const SkContent *content)
{
  guint32 at;

  if (content->length < 0x40)
    return FALSE;
  memcpy (&at, content->bytes + 0x3c, sizeof at);
  at = GUINT32_FROM_LE (at);
  return at < content->length && content->length - at >= 4
         && memcmp (content->bytes + at, "PE\0\0", 4) == 0;
}

/* A picture or a program stays one, though a PDF is in it. */
static const char *
recognise_behind (const SkContent *content)
{
  static const char *const kept[] = { "image/", "audio/", "video/", "application/x-" };
  const char *type;

  if (content->length < 5 || find_header_behind (content) == NULL)
    return NULL;
  type = sk_magic_type (content);
  if (strcmp (type, "application/x-dosexec") == 0 && !is_program (content))
    return "application/pdf";
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    if (g_str_has_prefix (type, kept[i]))
      return type;
  return "application/pdf";
}

/* --- what poppler complains of ---------------------------------------------------------------- */

static const struct {
  const char *message, *reason;
} losses[] = {
  { "Missing language pack", "the characters of a font are not known" },
  { "Unknown CMap", "the characters of a font are not known" },
  { "No font in", "the characters of a font are not known" },
  { "Unknown character collection", "the characters of a font are not known" },
  { "in flate stream", "damaged: a part of it can't be unpacked" },
  { "Bad LZW stream", "damaged: a part of it can't be unpacked" },
  { "Invalid object stream", "damaged: a part of it can't be unpacked" },
  { "Unknown filter", "a part of it is packed in an unknown way" },
  { "Bad filter name", "a part of it is packed in an unknown way" },
};

static void
log_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (losses); i++)
    if (strstr (message, losses[i].message) != NULL)
      sk_sink_doubt (user_data, losses[i].reason);
}

/* --- properties and bookmarks ----------------------------------------------------------------- */

static char *(*const properties[]) (PopplerDocument *) = {
  poppler_document_get_title,   poppler_document_get_author,  poppler_document_get_subject,
  poppler_document_get_keywords, poppler_document_get_creator, poppler_document_get_producer,
};

static gboolean
write_line (SkSink *sink, const char *text)
{
  return text == NULL || *text == '\0' || (sk_sink_text (sink, text, -1) && sk_sink_line (sink));
}

static void
read_properties (PopplerDocument *document, SkSink *sink)
{
  if (!sk_sink_section (sink, SK_SECTION_NOTE, "properties", 0))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autofree char *text = properties[i](document);

      if (!write_line (sink, text))
        return;
    }
}

/* `iter` is freed. FALSE: no more. */
static gboolean
read_bookmarks (PopplerIndexIter *iter, SkSink *sink, guint depth, guint *left)
{
  gboolean more = TRUE;

  do
    {
      PopplerAction *action = poppler_index_iter_get_action (iter);
      PopplerIndexIter *child;

      if (action != NULL)
        {
          more = write_line (sink, action->any.title);
          poppler_action_free (action);
        }
      if (*left == 0 || depth == BOOKMARK_DEPTH)
        {
          sk_sink_doubt (sink, "limit: too many bookmarks");
          more = FALSE;
          break;
        }
      --*left;
      child = poppler_index_iter_get_child (iter);
      more = more && (child == NULL || read_bookmarks (child, sink, depth + 1, left));
    }
  while (more && poppler_index_iter_next (iter));
  poppler_index_iter_free (iter);
  return more;
}

static void
read_outline (PopplerDocument *document, SkSink *sink)
{
  PopplerIndexIter *iter = poppler_index_iter_new (document);
  guint left = BOOKMARKS;

  if (iter != NULL && sk_sink_section (sink, SK_SECTION_NOTE, "outline", 0))
    read_bookmarks (iter, sink, 0, &left);
  else if (iter != NULL)
    poppler_index_iter_free (iter);
}

/* --- embedded files --------------------------------------------------------------------------- */

typedef struct {
  GByteArray *bytes;
  guint64 limit;
} Collector;

static gboolean
collect_cb (const char *bytes, gsize length, gpointer user_data, GError **error)
{
  Collector *self = user_data;

  g_byte_array_append (self->bytes, (const guint8 *) bytes, (guint) length);
  if (self->bytes->len <= self->limit)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "limit");
  return FALSE;
}

static gboolean
read_attachment (PopplerAttachment *attachment, SkSink *sink)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  Collector collector = { bytes, MIN (sk_sink_may_unpack (sink, 0), G_MAXINT32) };
  SkContent content = { .name = poppler_attachment_get_name (attachment) };

  if (!poppler_attachment_save_to_callback (attachment, collect_cb, &collector, &error)
      && bytes->len <= collector.limit)
    sk_sink_doubt (sink, "damaged: an embedded file can't be read");
  if (!sk_sink_unpack (sink, 0, bytes->len))
    return FALSE;
  content.bytes = bytes->data;
  content.length = bytes->len;
  return sk_sink_member (sink, &content);
}

static gboolean
read_attachments (PopplerDocument *document, SkSink *sink)
{
  GList *list = poppler_document_get_attachments (document);
  gboolean more = TRUE;

  for (GList *item = list; item != NULL && more; item = item->next)
    more = read_attachment (item->data, sink);
  g_list_free_full (list, g_object_unref);
  return more;
}

/* --- pages ------------------------------------------------------------------------------------ */

static gboolean
write_and_free (SkSink *sink, char *text)
{
  gboolean more = write_line (sink, text);

  g_free (text);
  return more;
}

static gboolean
read_annotation (PopplerAnnot *annotation, SkSink *sink)
{
  gboolean more = write_and_free (sink, poppler_annot_get_contents (annotation));

  if (more && POPPLER_IS_ANNOT_MARKUP (annotation))
    more = write_and_free (sink, poppler_annot_markup_get_label (POPPLER_ANNOT_MARKUP (annotation)))
           && write_and_free (sink,
                              poppler_annot_markup_get_subject (POPPLER_ANNOT_MARKUP (annotation)));
  return more;
}

static gboolean
read_attached (PopplerAnnot *annotation, SkSink *sink)
{
  g_autoptr (PopplerAttachment) attachment = NULL;

  if (!POPPLER_IS_ANNOT_FILE_ATTACHMENT (annotation))
    return TRUE;
  attachment
      = poppler_annot_file_attachment_get_attachment (POPPLER_ANNOT_FILE_ATTACHMENT (annotation));
  return attachment == NULL || read_attachment (attachment, sink);
}

static gboolean
read_annotations (PopplerPage *page, SkSink *sink, guint number)
{
  GList *list = poppler_page_get_annot_mapping (page);
  gboolean more = list == NULL || sk_sink_section (sink, SK_SECTION_NOTE, "comment", number);

  for (GList *item = list; item != NULL && more; item = item->next)
    more = read_annotation (((PopplerAnnotMapping *) item->data)->annot, sink);
  for (GList *item = list; item != NULL && more; item = item->next)
    more = read_attached (((PopplerAnnotMapping *) item->data)->annot, sink);
  poppler_page_free_annot_mapping (list);
  return more;
}

/* What a link opens: that is not what stands on the page. */
static const char *
target_of (const PopplerAction *action)
{
  switch (action->type)
    {
    case POPPLER_ACTION_URI:
      return action->uri.uri;
    case POPPLER_ACTION_LAUNCH:
      return action->launch.file_name;
    case POPPLER_ACTION_GOTO_REMOTE:
      return action->goto_remote.file_name;
    default:
      return NULL;
    }
}

static gboolean
read_links (PopplerPage *page, SkSink *sink, guint number)
{
  GList *list = poppler_page_get_link_mapping (page);
  gboolean more = list == NULL || sk_sink_section (sink, SK_SECTION_NOTE, "link", number);

  for (GList *item = list; item != NULL && more; item = item->next)
    {
      const PopplerAction *action = ((PopplerLinkMapping *) item->data)->action;

      more = action == NULL || write_line (sink, target_of (action));
    }
  poppler_page_free_link_mapping (list);
  return more;
}

static gboolean
read_choice (PopplerFormField *field, SkSink *sink)
{
  int count = poppler_form_field_choice_get_n_items (field);
  gboolean more = write_and_free (sink, poppler_form_field_choice_get_text (field));

  for (int i = 0; i < count && more; i++)
    if (poppler_form_field_choice_is_item_selected (field, i))
      more = write_and_free (sink, poppler_form_field_choice_get_item (field, i));
  return more;
}

static gboolean
read_field (PopplerFormField *field, SkSink *sink)
{
  switch (poppler_form_field_get_field_type (field))
    {
    case POPPLER_FORM_FIELD_TEXT:
      return write_and_free (sink, poppler_form_field_text_get_text (field));
    case POPPLER_FORM_FIELD_CHOICE:
      return read_choice (field, sink);
    case POPPLER_FORM_FIELD_BUTTON:
    case POPPLER_FORM_FIELD_SIGNATURE:
    case POPPLER_FORM_FIELD_UNKNOWN:
    default:
      return TRUE;
    }
}

static gboolean
read_fields (PopplerPage *page, SkSink *sink, guint number)
{
  GList *list = poppler_page_get_form_field_mapping (page);
  gboolean more = list == NULL || sk_sink_section (sink, SK_SECTION_NOTE, "field", number);

  for (GList *item = list; item != NULL && more; item = item->next)
    {
      PopplerFormField *field = ((PopplerFormFieldMapping *) item->data)->field;

      more = read_field (field, sink)
             && write_and_free (sink, poppler_form_field_get_alternate_ui_name (field));
    }
  poppler_page_free_form_field_mapping (list);
  return more;
}

/* What a font without a map to Unicode becomes: control characters and private ones. */
static gboolean
is_unknown (gunichar c)
{
  return (c < 0x20 && !g_ascii_isspace ((char) c)) || (c >= 0x7f && c < 0xa0)
         || (c >= 0xe000 && c < 0xf900) || c == 0xfffd;
}

/* A bullet or two are in many a page. */
static void
judge_characters (const char *text, SkSink *sink)
{
  gsize all = 0, unknown = 0;

  for (; text != NULL && *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      all += !g_unichar_isspace (c);
      unknown += is_unknown (c);
    }
  if ((unknown >= UNKNOWN_CHARACTERS && unknown * UNKNOWN_SHARE >= all)
      || (unknown >= UNKNOWN_FEW && unknown * 2 >= all))
    sk_sink_doubt (sink, "the characters of a font are not known");
}

/* poppler_page_get_text() drops a word of which a part lies beyond the page's edge, and with it
 * others of a vertical line; a selection that is larger than any page does not. NULL: none. */
static char *
page_text (PopplerPage *page, char **uncut, SkSink *sink)
{
  PopplerRectangle all = { -EDGE, -EDGE, EDGE, EDGE };
  g_autofree char *text = poppler_page_get_selected_text (page, POPPLER_SELECTION_GLYPH, &all);
  g_autofree PopplerRectangle *boxes = NULL;
  guint count = 0;

  if (text == NULL)
    return NULL;
  judge_characters (text, sink);
  poppler_page_get_text_layout_for_area (page, &all, &boxes, &count);
  return sk_pdf_text_in_rows (text, boxes, count, uncut);
}

/* --- layers ----------------------------------------------------------------------------------- */

/* What is on layers that are off is read, too, once more with each of them: only lines that were
 * not there before are written. */
typedef struct {
  SkSink *sink;
  PopplerDocument *document;
  GPtrArray *hidden; /* PopplerLayer* */
  GPtrArray *lines;  /* a set for each page; NULL: there are no such layers */
} Reader;

static void
find_hidden (GPtrArray *hidden, PopplerLayersIter *iter, guint depth)
{
  do
    {
      PopplerLayer *layer = poppler_layers_iter_get_layer (iter);
      PopplerLayersIter *child = depth < LAYER_DEPTH ? poppler_layers_iter_get_child (iter) : NULL;

      if (layer != NULL && !poppler_layer_is_visible (layer))
        g_ptr_array_add (hidden, g_object_ref (layer));
      g_clear_object (&layer);
      if (child != NULL)
        {
          find_hidden (hidden, child, depth + 1);
          poppler_layers_iter_free (child);
        }
  } while (hidden->len < HIDDEN_LAYERS && poppler_layers_iter_next (iter));
}

static GPtrArray *
hidden_layers (PopplerDocument *document)
{
  GPtrArray *hidden = g_ptr_array_new_with_free_func (g_object_unref);
  PopplerLayersIter *iter = poppler_layers_iter_new (document);

  if (iter != NULL)
    {
      find_hidden (hidden, iter, 0);
      poppler_layers_iter_free (iter);
    }
  return hidden;
}

/* Those that can be shown together no longer count; of the others each hides the one before. */
static void
show_hidden (GPtrArray *hidden)
{
  for (guint i = 0; i < hidden->len; i++)
    poppler_layer_show (hidden->pdata[i]);
  for (guint i = hidden->len; i > 0; i--)
    if (poppler_layer_is_visible (hidden->pdata[i - 1]))
      g_ptr_array_remove_index (hidden, i - 1);
}

static gboolean
write_new_lines (Reader *self, const char *text, guint number)
{
  GHashTable *known = self->lines->pdata[number - 1];
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean more = TRUE;

  for (guint i = 0; lines[i] != NULL && more; i++)
    if (g_hash_table_add (known, g_strdup (lines[i])))
      more = write_line (self->sink, lines[i]);
  return more;
}

/* What is there without them, is written as it is. */
static void
note_lines (Reader *self, const char *text, guint number)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_hash_table_add (self->lines->pdata[number - 1], g_strdup (lines[i]));
}

static GHashTable *
string_set (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* --- pages, one by one ------------------------------------------------------------------------ */

static gboolean
write_page_text (Reader *self, PopplerPage *page, guint number)
{
  g_autofree char *uncut = NULL, *rows = page_text (page, &uncut, self->sink);

  if (rows == NULL)
    return TRUE;
  if (self->lines != NULL)
    note_lines (self, rows, number);
  return write_line (self->sink, rows)
         && (uncut == NULL
             || (sk_sink_section (self->sink, SK_SECTION_PAGE, "second reading", number)
                 && write_line (self->sink, uncut)));
}

static gboolean
read_page (Reader *self, PopplerPage *page, guint number)
{
  SkSink *sink = self->sink;

  while (self->lines != NULL && self->lines->len < number)
    g_ptr_array_add (self->lines, string_set ());
  return sk_sink_section (sink, SK_SECTION_PAGE, NULL, number)
         && write_page_text (self, page, number) && read_fields (page, sink, number)
         && read_links (page, sink, number) && read_annotations (page, sink, number);
}

static gboolean
read_hidden_page (Reader *self, PopplerPage *page, guint number)
{
  g_autofree char *uncut = NULL, *rows = NULL;

  if (number > self->lines->len)
    return TRUE;
  rows = page_text (page, &uncut, self->sink);
  return rows == NULL
         || (sk_sink_section (self->sink, SK_SECTION_PAGE, "hidden", number)
             && write_new_lines (self, rows, number));
}

static gboolean
read_pages (Reader *self, gboolean (*read) (Reader *, PopplerPage *, guint))
{
  int count = poppler_document_get_n_pages (self->document), missing = 0;
  gboolean more = TRUE;

  if (count <= 0)
    sk_sink_doubt (self->sink, "damaged: it has no pages");
  for (int i = 0; i < count && more && missing < MISSING_PAGES; i++)
    {
      g_autoptr (PopplerPage) page = poppler_document_get_page (self->document, i);

      if (page != NULL)
        more = read (self, page, (guint) i + 1);
      else if (missing++ == 0)
        sk_sink_doubt (self->sink, "damaged: a page is missing");
    }
  return more;
}

static void
read_all_pages (PopplerDocument *document, SkSink *sink)
{
  g_autoptr (GPtrArray) hidden = hidden_layers (document);
  g_autoptr (GPtrArray) lines
      = hidden->len > 0 ? g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref)
                        : NULL;
  Reader self = { sink, document, hidden, lines };
  gboolean more = read_pages (&self, read_page);

  for (guint i = 0; i < LAYER_READINGS && more && hidden->len > 0; i++)
    {
      show_hidden (hidden);
      more = read_pages (&self, read_hidden_page);
    }
  if (more && hidden->len > 0)
    sk_sink_doubt (sink, "limit: too many layers that are hidden");
}

/* --- the document ----------------------------------------------------------------------------- */

static SkReading
read_document (const SkContent *content, SkSink *sink)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (content->bytes, content->length);
  g_autoptr (GError) error = NULL;
  g_autoptr (PopplerDocument) document = poppler_document_new_from_bytes (bytes, NULL, &error);

  if (document == NULL && g_error_matches (error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
    return SK_READING_ENCRYPTED;
  if (document == NULL)
    {
      sk_sink_doubt (sink, "damaged: it can't be opened");
      return SK_READING_DONE;
    }
  read_all_pages (document, sink);
  read_outline (document, sink);
  read_properties (document, sink);
  sk_pdf_objects_read (content, sink);
  read_attachments (document, sink);
  return SK_READING_DONE;
}

static gboolean
is_blank (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != '\0' && !g_ascii_isspace (bytes[i]))
      return FALSE;
  return TRUE;
}

/* What stands before the header is read as a file of its own. */
static SkReading
read_from (const guint8 *at, const SkContent *content, SkSink *sink)
{
  const gsize before = (gsize) (at - content->bytes);
  const SkContent front = { .bytes = content->bytes, .length = before };
  const SkContent pdf = { .bytes = at, .length = content->length - before };
  SkReading reading;
  guint handler;

  if (!is_blank (front.bytes, front.length) && !sk_sink_member (sink, &front))
    return SK_READING_DONE;
  handler = g_log_set_handler ("Poppler", G_LOG_LEVEL_MASK, log_cb, sink);
  reading = read_document (&pdf, sink);
  g_log_remove_handler ("Poppler", handler);
  return reading;
}

/* LibreOffice keeps the document itself in the PDF file, if asked to, where only it looks for
 * it. Behind it the PDF file goes on. */
static void
read_inside (const SkContent *content, SkSink *sink)
{
  gsize start = sk_zip_extent_start (content);
  SkContent inside = { content->bytes + start, content->length - start, NULL };
  gsize end = sk_zip_extent_end (&inside);

  if (end > 0)
    inside.length = end;
  if (start > 0)
    sk_sink_member (sink, &inside);
}

static SkReading
read_pdf (const SkContent *content, const char *type, SkSink *sink)
{
  const guint8 *at = find_header (content);
  SkReading reading = read_from (at != NULL ? at : content->bytes, content, sink);

  read_inside (content, sink);
  return reading;
}

/* What the last "startxref" says; 0: there is none. */
static guint64
told_cross_references (const SkContent *content)
{
  static const char mark[] = "startxref";
  const gsize length = strlen (mark), within = MIN (content->length, END_WITHIN);
  const guint8 *end = content->bytes + content->length;

  for (const guint8 *at = end - MIN (within, length); at > end - within; at--)
    if (memcmp (at, mark, length) == 0)
      {
        gsize left = (gsize) (end - at) - length;
        g_autofree char *number = g_strndup ((const char *) at + length, MIN (left, NUMBER_DIGITS));

        return g_ascii_strtoull (number, NULL, 10);
      }
  return 0;
}

/* To the cross-references that the end of the file tells of (ISO 32000-1, 7.5.5): files may be
 * embedded before them. */
static gsize
extent (const SkContent *content)
{
  const guint8 *header = find_header (content);
  guint64 at = told_cross_references (content);
  gsize before = header != NULL ? (gsize) (header - content->bytes) : 0;

  if (at == 0 || at >= content->length || content->length - at < before + strlen ("xref"))
    return 0;
  at += before;
  return memcmp (content->bytes + at, "xref", 4) == 0 || g_ascii_isdigit (content->bytes[at])
             ? (gsize) at
             : 0;
}

static SkReading
read_behind (const SkContent *content, const char *type, SkSink *sink)
{
  const guint8 *at = find_header_behind (content);

  return at != NULL ? read_from (at, content, sink) : SK_READING_DONE;
}

const SkFormat sk_format_pdf = { "pdf", recognise, read_pdf, .extent = extent };
const SkFormat sk_format_pdf_behind = { "pdf-behind", recognise_behind, read_behind };
