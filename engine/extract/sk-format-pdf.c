/* PDF, over poppler: the text of its pages, what stands on them beside it (notes, fields of forms),
 * its bookmarks, properties and embedded files.
 *
 * Poppler tells what it can't read in its log only; where that costs text (a character map or
 * filter that it lacks, broken compression), the document is in doubt.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-format.h"
#include "sk-pdf-rows.h"

#include <poppler.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerPage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerAttachment, g_object_unref)

enum {
  HEADER_WITHIN = 1024, /* "%PDF-" stands there (ISO 32000-1, annex H.3.4.1) */
  MISSING_PAGES = 100, /* so many pages that are not there, and the count is a lie */
  EDGE = 1000000,
  UNKNOWN_CHARACTERS = 4, /* so many on a page, and one in so many of its characters: */
  UNKNOWN_SHARE = 5,
  BOOKMARKS = 20000,
  BOOKMARK_DEPTH = 64,
};

/* A file that begins with anything else than text is of another kind, though it may hold a PDF. */
static const char *
recognise (const SkContent *content)
{
  const guint8 *bytes = content->bytes, *at;

  if (content->length < 5 || memcmp (bytes, "PK", 2) == 0)
    return NULL;
  at = memmem (bytes, MIN (content->length, HEADER_WITHIN), "%PDF-", 5);
  return at != NULL && memchr (bytes, '\0', (gsize) (at - bytes)) == NULL ? "application/pdf"
                                                                          : NULL;
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
    more = read_field (((PopplerFormFieldMapping *) item->data)->field, sink);
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
  if (unknown >= UNKNOWN_CHARACTERS && unknown * UNKNOWN_SHARE >= all)
    sk_sink_doubt (sink, "the characters of a font are not known");
}

/* poppler_page_get_text() drops a word of which a part lies beyond the page's edge, and with it
 * others of a vertical line; a selection that is larger than any page does not. */
static gboolean
write_page_text (PopplerPage *page, SkSink *sink)
{
  PopplerRectangle all = { -EDGE, -EDGE, EDGE, EDGE };
  g_autofree char *text = poppler_page_get_selected_text (page, POPPLER_SELECTION_GLYPH, &all);
  g_autofree PopplerRectangle *boxes = NULL;
  g_autofree char *rows = NULL;
  guint count = 0;

  if (text == NULL)
    return TRUE;
  judge_characters (text, sink);
  poppler_page_get_text_layout_for_area (page, &all, &boxes, &count);
  rows = sk_pdf_text_in_rows (text, boxes, count);
  return write_line (sink, rows);
}

static gboolean
read_page (PopplerPage *page, SkSink *sink, guint number)
{
  return sk_sink_section (sink, SK_SECTION_PAGE, NULL, number)
         && write_page_text (page, sink) && read_fields (page, sink, number)
         && read_annotations (page, sink, number);
}

static void
read_pages (PopplerDocument *document, SkSink *sink)
{
  int count = poppler_document_get_n_pages (document), missing = 0;
  gboolean more = TRUE;

  if (count <= 0)
    sk_sink_doubt (sink, "damaged: it has no pages");
  for (int i = 0; i < count && more && missing < MISSING_PAGES; i++)
    {
      g_autoptr (PopplerPage) page = poppler_document_get_page (document, i);

      if (page != NULL)
        more = read_page (page, sink, (guint) i + 1);
      else if (missing++ == 0)
        sk_sink_doubt (sink, "damaged: a page is missing");
    }
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
  read_pages (document, sink);
  read_outline (document, sink);
  read_properties (document, sink);
  read_attachments (document, sink);
  return SK_READING_DONE;
}

static SkReading
read_pdf (const SkContent *content, const char *type, SkSink *sink)
{
  guint handler = g_log_set_handler ("Poppler", G_LOG_LEVEL_MASK, log_cb, sink);
  SkReading reading = read_document (content, sink);

  g_log_remove_handler ("Poppler", handler);
  return reading;
}

const SkFormat sk_format_pdf = { "pdf", recognise, read_pdf };
