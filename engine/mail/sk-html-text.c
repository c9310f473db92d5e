// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-html-text.h"

#include "sk-html-entity.h"

#include <stdlib.h>
#include <string.h>

#define TAG_NAME_MAX 12
#define CONTENT_ID_MAX 1024

enum {
  TABLES_MAX = 32,     /* in each other */
  CELL_BREAKS_MAX = 5, /* a cell of more lines is a part of a page's layout, no value of a list */
};

typedef enum {
  TAG_INLINE,
  TAG_BLOCK,
  TAG_TABLE,
  TAG_ROW,
  TAG_CELL,
  TAG_PRE,
  TAG_APART,   /* a picture's writing, or what is shown instead of something: not of its line */
  TAG_RUBY,    /* the word that has a reading above it */
  TAG_READING, /* that reading: the word goes on behind it */
  TAG_SKIPPED, /* its content is no text */
} TagKind;

/* Attributes whose values are shown: instead of an image, in a field, as a choice. */
typedef enum {
  SHOWN_ALT,
  SHOWN_VALUE,
  SHOWN_PLACEHOLDER,
  SHOWN_LABEL,
  SHOWN_COUNT,
} ShownKind;

static const char *const shown_names[SHOWN_COUNT] = { "alt", "value", "placeholder", "label" };

#define SHOWS(kind) (1U << SHOWN_##kind)

typedef struct {
  char name[TAG_NAME_MAX + 1];
  TagKind kind;
  guint shows;
} Tag;

/* Sorted by name; all others are inline. */
static const Tag tags[] = {
  { "address", TAG_BLOCK }, { "area", TAG_INLINE, SHOWS (ALT) }, { "article", TAG_BLOCK },
  { "aside", TAG_BLOCK }, { "audio", TAG_APART }, { "blockquote", TAG_BLOCK },
  { "body", TAG_BLOCK }, { "br", TAG_BLOCK }, { "canvas", TAG_APART }, { "caption", TAG_ROW },
  { "center", TAG_BLOCK }, { "dd", TAG_BLOCK }, { "details", TAG_BLOCK }, { "dir", TAG_BLOCK },
  { "div", TAG_BLOCK }, { "dl", TAG_BLOCK }, { "dt", TAG_BLOCK }, { "fieldset", TAG_BLOCK },
  { "figcaption", TAG_BLOCK }, { "figure", TAG_BLOCK }, { "footer", TAG_BLOCK },
  { "form", TAG_BLOCK }, { "h1", TAG_BLOCK }, { "h2", TAG_BLOCK }, { "h3", TAG_BLOCK },
  { "h4", TAG_BLOCK }, { "h5", TAG_BLOCK }, { "h6", TAG_BLOCK }, { "head", TAG_BLOCK },
  { "header", TAG_BLOCK }, { "hr", TAG_BLOCK }, { "html", TAG_BLOCK }, { "iframe", TAG_APART },
  { "image", TAG_INLINE, SHOWS (ALT) }, { "img", TAG_INLINE, SHOWS (ALT) },
  { "input", TAG_INLINE, SHOWS (ALT) | SHOWS (VALUE) | SHOWS (PLACEHOLDER) },
  { "legend", TAG_BLOCK }, { "li", TAG_BLOCK }, { "listing", TAG_PRE }, { "main", TAG_BLOCK },
  { "menu", TAG_BLOCK }, { "nav", TAG_BLOCK }, { "noembed", TAG_APART }, { "noframes", TAG_APART },
  { "noscript", TAG_APART }, { "object", TAG_APART }, { "ol", TAG_BLOCK },
  { "optgroup", TAG_BLOCK, SHOWS (LABEL) }, { "option", TAG_BLOCK, SHOWS (LABEL) },
  { "p", TAG_BLOCK }, { "pre", TAG_PRE }, { "rb", TAG_RUBY },
  { "rp", TAG_READING }, { "rt", TAG_READING }, { "ruby", TAG_RUBY }, { "script", TAG_SKIPPED }, { "section", TAG_BLOCK },
  { "style", TAG_SKIPPED }, { "summary", TAG_BLOCK }, { "svg", TAG_APART }, { "table", TAG_TABLE },
  { "tbody", TAG_ROW }, { "td", TAG_CELL }, { "template", TAG_APART }, { "text", TAG_APART },
  { "textarea", TAG_PRE, SHOWS (PLACEHOLDER) }, { "tfoot", TAG_ROW }, { "th", TAG_CELL },
  { "thead", TAG_ROW }, { "title", TAG_SKIPPED }, { "tr", TAG_ROW }, { "ul", TAG_BLOCK },
  { "video", TAG_APART }, { "xmp", TAG_PRE },
};

/* The greater wins. A break is a line's end inside a cell. */
typedef enum { GAP_NONE, GAP_BLANK, GAP_BREAK, GAP_CELL, GAP_LINE } Gap;

/* A table's row. A row of two cells and more is one line, which is known when it ends: where its
 * cells were broken is kept until then. */
typedef struct {
  guint breaks, cell_breaks; /* from where in the list those of the row, of the cell stand */
  guint cells;               /* that have text */
  gsize cell_start;
  gboolean in_cell, is_layout; /* of the cell: its lines stay */
} Row;

/* The text is written over the HTML: it is never longer than what was read for it. */
typedef struct {
  const char *end;
  char *start, *out;
  GHashTable *shown;
  Gap gap;       /* what is owed before the next visible character */
  gboolean edge; /* an image's text begins or ends here */
  GArray *breaks; /* gsize: where in the text */
  Row rows[TABLES_MAX]; /* of the tables that are open */
  guint tables;         /* may be more than that */
  char *apart_start;    /* where the text stood when something began that stands apart, or NULL */
  Gap apart_gap;        /* what was owed there */
  GString *readings;    /* written behind all other text */
  gboolean in_reading;
  Gap reading_gap;      /* what was owed before it */
  guint pre;     /* how deep in <pre> */
  gboolean no_comment_end;
  gboolean quotes_unending[2]; /* of " and ' */
} Html;

static int
compare_tag (const void *key, const void *element)
{
  return strcmp (key, ((const Tag *) element)->name);
}

static const Tag *
find_tag (const char *name, gsize length)
{
  char key[TAG_NAME_MAX + 1];

  if (length == 0 || length > TAG_NAME_MAX)
    return NULL;
  for (gsize i = 0; i < length; i++)
    key[i] = g_ascii_tolower (name[i]);
  key[length] = '\0';
  return bsearch (key, tags, G_N_ELEMENTS (tags), sizeof tags[0], compare_tag);
}

static void
owe (Html *self, Gap gap)
{
  self->gap = MAX (self->gap, gap);
}

/* --- tables ----------------------------------------------------------------------------------- */

/* The row that a tag stands in, or NULL. */
static Row *
row_of (Html *self)
{
  return self->tables > 0 && self->tables <= TABLES_MAX ? &self->rows[self->tables - 1] : NULL;
}

static void
leave_layout (Html *self, Row *row)
{
  row->is_layout = TRUE;
  g_array_set_size (self->breaks, row->cell_breaks);
}

static void
note_break (Html *self)
{
  Row *row = row_of (self);
  gsize at = (gsize) (self->out - self->start);

  if (row == NULL || row->is_layout)
    return;
  if (self->breaks->len - row->cell_breaks == CELL_BREAKS_MAX)
    leave_layout (self, row);
  else
    g_array_append_val (self->breaks, at);
}

static void
end_cell (Html *self, Row *row)
{
  if (row->in_cell && (gsize) (self->out - self->start) > row->cell_start)
    row->cells++;
  row->in_cell = row->is_layout = FALSE;
}

static void
end_row (Html *self, Row *row)
{
  end_cell (self, row);
  for (guint i = row->breaks; row->cells > 1 && i < self->breaks->len; i++)
    self->start[g_array_index (self->breaks, gsize, i)] = ' ';
  g_array_set_size (self->breaks, row->breaks);
  row->cells = 0;
}

static void
begin_cell (Html *self, Row *row)
{
  end_cell (self, row);
  row->cell_breaks = self->breaks->len;
  row->cell_start = (gsize) (self->out - self->start);
  row->in_cell = TRUE;
}

/* A cell that has tables in it is one of the page's layout. */
static void
begin_table (Html *self)
{
  Row *row = row_of (self);

  if (row != NULL && row->in_cell)
    leave_layout (self, row);
  self->tables++;
  row = row_of (self);
  if (row != NULL)
    *row = (Row) { .breaks = self->breaks->len };
}

static void
end_table (Html *self)
{
  Row *row = row_of (self);

  if (row != NULL)
    end_row (self, row);
  if (self->tables > 0)
    self->tables--;
}

static void
end_tables (Html *self)
{
  while (self->tables > 0)
    end_table (self);
}

/* --- text ------------------------------------------------------------------------------------- */

static void
settle_gap (Html *self)
{
  static const char gaps[] = { '\0', ' ', '\n', '\t', '\n' };

  if (self->gap == GAP_BREAK && self->out > self->start)
    note_break (self);
  if (self->gap != GAP_NONE && self->out > self->start)
    *self->out++ = gaps[self->gap];
  self->gap = GAP_NONE;
}

static gunichar
first_character (const char *text, gsize length)
{
  gunichar c = length > 0 ? g_utf8_get_char_validated (text, (gssize) length) : 0;

  return c < 0x110000 ? c : 0;
}

/* Digits that touch others, or letters, are another number, or none; a word may go on. */
static gboolean
makes_other_number (gunichar a, gunichar b)
{
  gboolean digits[2] = { g_unichar_isdigit (a), g_unichar_isdigit (b) };

  return (digits[0] && digits[1])
         || (digits[0] && g_unichar_get_script (b) == G_UNICODE_SCRIPT_LATIN)
         || (digits[1] && g_unichar_get_script (a) == G_UNICODE_SCRIPT_LATIN);
}

/* An image's text stands for itself beside a number. */
static void
settle_edge (Html *self, const char *text, gsize length)
{
  const char *last = self->edge ? g_utf8_find_prev_char (self->start, self->out) : NULL;

  self->edge = FALSE;
  if (last != NULL
      && makes_other_number (first_character (last, (gsize) (self->out - last)),
                             first_character (text, length)))
    owe (self, GAP_BLANK);
}

static void
put_text (Html *self, const char *text, gsize length)
{
  if (self->in_reading)
    {
      g_string_append_len (self->readings, text, (gssize) length);
      return;
    }
  settle_edge (self, text, length);
  settle_gap (self);
  memmove (self->out, text, length);
  self->out += length;
}

static const char *
take_blanks (Html *self, const char *p)
{
  for (; p < self->end && g_ascii_isspace (*p); p++)
    if (self->pre == 0)
      owe (self, GAP_BLANK);
    else if (*p != '\r')
      put_text (self, p, 1);
  return p;
}

static const char *
take_entity (Html *self, const char *p)
{
  gunichar character;
  char utf8[6];
  const char *after = sk_html_entity_parse (p, self->end, &character);

  if (after == NULL)
    {
      put_text (self, p, 1);
      return p + 1;
    }
  if (character < 0x80 && g_ascii_isspace ((char) character))
    owe (self, GAP_BLANK);
  else
    put_text (self, utf8, (gsize) g_unichar_to_utf8 (character, utf8));
  return after;
}

static const char *
take_run (Html *self, const char *p)
{
  const char *start = p++;

  while (p < self->end && *p != '<' && *p != '&' && !g_ascii_isspace (*p))
    p++;
  put_text (self, start, (gsize) (p - start));
  return p;
}

static gboolean
ends_content_id (char c)
{
  return (guchar) c <= ' ' || c == '"' || c == '\'' || c == '>' || c == ')' || c == '<' || c == '&'
         || c == ';';
}

static char *
read_content_id (const char *p, const char *end)
{
  const char *stop = p;
  g_autofree char *raw = NULL;
  char *decoded;

  while (stop < end && stop - p < CONTENT_ID_MAX && !ends_content_id (*stop))
    stop++;
  raw = g_strndup (p, (gsize) (stop - p));
  decoded = g_uri_unescape_string (raw, NULL);
  return decoded != NULL ? decoded : g_steal_pointer (&raw);
}

/* All "cid:" in a piece of HTML: an attribute's value, or a style sheet. */
static void
collect_content_ids (Html *self, const char *p, const char *end)
{
  const char *start = p;

  if (self->shown == NULL)
    return;
  while (p < end && (p = memchr (p, ':', (gsize) (end - p))) != NULL)
    {
      p++;
      if (p - start >= 4 && g_ascii_strncasecmp (p - 4, "cid:", 4) == 0)
        g_hash_table_add (self->shown, read_content_id (p, end));
    }
}

/* Behind the closing quote, or NULL; a quote that never closes is not looked for twice. */
static const char *
quote_end (Html *self, const char *p)
{
  gboolean *unending = &self->quotes_unending[*p == '\''];
  const char *close = *unending ? NULL : memchr (p + 1, *p, (gsize) (self->end - p) - 1);

  if (close == NULL)
    *unending = TRUE;
  return close != NULL ? close + 1 : NULL;
}

static const char *
value_end (Html *self, const char *p)
{
  const char *after = NULL;

  if (p < self->end && (*p == '"' || *p == '\''))
    after = quote_end (self, p);
  if (after != NULL)
    return after;
  while (p < self->end && *p != '>' && !g_ascii_isspace (*p))
    p++;
  return p;
}

static const char *
skip_spaces (Html *self, const char *p)
{
  while (p < self->end && g_ascii_isspace (*p))
    p++;
  return p;
}

/* What a tag's attributes show: the first of each name, as browsers take it. */
typedef struct {
  const char *values[SHOWN_COUNT], *ends[SHOWN_COUNT]; /* with their quotes */
  gboolean has_type, hidden;
} Shown;

static gboolean
is_word (const char *text, gsize length, const char *word)
{
  return length == strlen (word) && g_ascii_strncasecmp (text, word, length) == 0;
}

static void
strip_quotes (const char **value, const char **end)
{
  if (*end - *value < 2 || (**value != '"' && **value != '\'') || (*end)[-1] != **value)
    return;
  (*value)++;
  (*end)--;
}

static void
note_shown (Shown *self, const char *name, gsize length, const char *value, const char *end)
{
  strip_quotes (&value, &end);
  if (!self->has_type && is_word (name, length, "type"))
    {
      self->has_type = TRUE;
      self->hidden = is_word (value, (gsize) (end - value), "hidden");
    }
  for (guint i = 0; i < SHOWN_COUNT; i++)
    if (self->values[i] == NULL && is_word (name, length, shown_names[i]))
      {
        self->values[i] = value;
        self->ends[i] = end;
      }
}

static void
put_value (Html *self, const char *p, const char *end)
{
  const char *whole = self->end;

  self->end = end;
  while (p < end)
    if (*p == '&')
      p = take_entity (self, p);
    else if (g_ascii_isspace (*p))
      p = take_blanks (self, p);
    else
      p = take_run (self, p);
  self->end = whole;
}

static void
put_alt (Html *self, const char *p, const char *end)
{
  const char *before = self->out;
  gboolean edge = self->edge;

  self->edge = TRUE;
  put_value (self, p, end);
  self->edge = edge || self->out != before;
}

/* An image's text stands in the line as the image would; the others have a box of their own. */
static void
put_shown (Html *self, const Tag *tag, const Shown *shown)
{
  for (guint i = 0; i < SHOWN_COUNT && !shown->hidden; i++)
    {
      if ((tag->shows & (1U << i)) == 0 || shown->values[i] == NULL)
        continue;
      if (i == SHOWN_ALT)
        {
          put_alt (self, shown->values[i], shown->ends[i]);
          continue;
        }
      owe (self, GAP_BLANK);
      put_value (self, shown->values[i], shown->ends[i]);
      owe (self, GAP_BLANK);
    }
}

/* One attribute of a tag. A link does not show what it points to. */
static const char *
take_attribute (Html *self, const char *p, Shown *shown)
{
  const char *name = p, *value;
  gsize length;

  while (p < self->end && *p != '=' && *p != '>' && *p != '/' && !g_ascii_isspace (*p))
    p++;
  length = (gsize) (p - name);
  p = skip_spaces (self, p);
  if (p >= self->end || *p != '=')
    return p;
  value = skip_spaces (self, p + 1);
  p = value_end (self, value);
  if (!is_word (name, length, "href"))
    collect_content_ids (self, value, p);
  if (shown != NULL)
    note_shown (shown, name, length, value, p);
  return p;
}

/* Behind the '>' of the tag whose name ends at `p`. `shown` may be NULL. */
static const char *
take_attributes (Html *self, const char *p, Shown *shown)
{
  while (p < self->end && *p != '>')
    {
      if (*p == '/' || *p == '=' || g_ascii_isspace (*p))
        p++;
      else
        p = take_attribute (self, p, shown);
    }
  return p < self->end ? p + 1 : p;
}

/* From behind <script …> to its closing tag, or to the end, as browsers do. */
static const char *
skip_content (Html *self, const char *p, const char *name, gsize length)
{
  const char *start = p;

  while (p < self->end && (p = memchr (p, '<', (gsize) (self->end - p))) != NULL)
    {
      if ((gsize) (self->end - p) >= length + 2 && p[1] == '/'
          && g_ascii_strncasecmp (p + 2, name, length) == 0)
        {
          collect_content_ids (self, start, p);
          return take_attributes (self, p + 2 + length, NULL);
        }
      p++;
    }
  collect_content_ids (self, start, self->end);
  return self->end;
}

static void
enter_block (Html *self)
{
  Row *row = row_of (self);

  owe (self, row != NULL && row->in_cell ? GAP_BREAK : GAP_LINE);
}

static void
enter_table (Html *self, gboolean closing)
{
  owe (self, GAP_LINE);
  if (closing)
    end_table (self);
  else
    begin_table (self);
}

static void
enter_row (Html *self)
{
  Row *row = row_of (self);

  owe (self, GAP_LINE);
  if (row != NULL)
    end_row (self, row);
}

static void
enter_cell (Html *self, gboolean closing)
{
  Row *row = row_of (self);

  owe (self, closing ? GAP_BLANK : GAP_CELL);
  if (row == NULL)
    return;
  if (closing)
    end_cell (self, row);
  else
    begin_cell (self, row);
}

static void
enter_pre (Html *self, gboolean closing)
{
  enter_block (self);
  if (!closing)
    self->pre++;
  else if (self->pre > 0)
    self->pre--;
}

/* With nothing in it, it does not part what stands around it. */
static void
enter_apart (Html *self, gboolean closing)
{
  if (!closing)
    {
      self->apart_start = self->out;
      self->apart_gap = self->gap;
      owe (self, GAP_BLANK);
      return;
    }
  if (self->apart_start == self->out)
    self->gap = self->apart_gap;
  else
    owe (self, GAP_BLANK);
  self->apart_start = NULL;
}

/* What follows is a reading, or is none any more; </rt> may be missing (HTML, 4.5.12). */
static void
enter_reading (Html *self, gboolean is_reading)
{
  if (is_reading)
    g_string_append_c (self->readings, ' ');
  if (is_reading && !self->in_reading)
    self->reading_gap = self->gap;
  else if (!is_reading && self->in_reading)
    self->gap = self->reading_gap;
  self->in_reading = is_reading;
}

static void
put_readings (Html *self)
{
  enter_reading (self, FALSE);
  if (self->readings->len == 0)
    return;
  owe (self, GAP_LINE);
  put_text (self, self->readings->str + 1, self->readings->len - 1);
}

static void
enter_tag (Html *self, const Tag *tag, gboolean closing)
{
  if (self->in_reading && tag->kind != TAG_INLINE && tag->kind != TAG_READING)
    enter_reading (self, FALSE);
  switch (tag->kind)
    {
    case TAG_BLOCK:
      enter_block (self);
      break;
    case TAG_TABLE:
      enter_table (self, closing);
      break;
    case TAG_ROW:
      enter_row (self);
      break;
    case TAG_CELL:
      enter_cell (self, closing);
      break;
    case TAG_PRE:
      enter_pre (self, closing);
      break;
    case TAG_APART:
      enter_apart (self, closing);
      break;
    case TAG_READING:
      enter_reading (self, !closing);
      break;
    case TAG_INLINE:
    case TAG_RUBY:
    case TAG_SKIPPED:
    default:
      break;
    }
}

/* Behind the comment that begins at `p`: "-->" ends it, which may share its dashes with the
 * beginning, and so does "--!>". */
static const char *
comment_end (const Html *self, const char *p)
{
  for (const char *close = p + 4;
       (close = memchr (close, '>', (gsize) (self->end - close))) != NULL; close++)
    if (memcmp (close - 2, "--", 2) == 0
        || (close - p >= 7 && memcmp (close - 3, "--!", 3) == 0))
      return close + 1;
  return NULL;
}

static const char *
take_comment (Html *self, const char *p)
{
  const char *close = self->no_comment_end ? NULL : comment_end (self, p);

  if (close != NULL)
    return close;
  self->no_comment_end = TRUE;
  close = memchr (p, '>', (gsize) (self->end - p));
  return close != NULL ? close + 1 : self->end;
}

static const char *
take_tag (Html *self, const char *p)
{
  gboolean closing = p[1] == '/';
  const char *name = p + 1 + closing;
  const Tag *tag;
  Shown shown = { 0 };

  p = name;
  while (p < self->end && (g_ascii_isalnum (*p) || *p == ':' || *p == '-'))
    p++;
  tag = find_tag (name, (gsize) (p - name));
  if (tag != NULL && tag->kind == TAG_SKIPPED && !closing)
    return skip_content (self, take_attributes (self, p, NULL), name, (gsize) (p - name));
  if (tag != NULL)
    enter_tag (self, tag, closing);
  if (tag == NULL || tag->shows == 0 || closing)
    return take_attributes (self, p, NULL);
  p = take_attributes (self, p, &shown);
  put_shown (self, tag, &shown);
  return p;
}

static const char *
take_markup (Html *self, const char *p)
{
  gsize left = (gsize) (self->end - p);

  if (left >= 4 && memcmp (p, "<!--", 4) == 0)
    return take_comment (self, p);
  if (left >= 2 && (p[1] == '!' || p[1] == '?'))
    {
      const char *close = memchr (p, '>', left);

      return close != NULL ? close + 1 : self->end;
    }
  if (left >= 2 && (g_ascii_isalpha (p[1]) || (p[1] == '/' && left >= 3 && g_ascii_isalpha (p[2]))))
    return take_tag (self, p);
  return take_run (self, p);
}

gsize
sk_html_to_text (char *html, gsize length, GHashTable *shown)
{
  g_autoptr (GArray) breaks = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GString) readings = g_string_new (NULL);
  Html self = { .end = html + length, .start = html, .out = html, .shown = shown,
                .breaks = breaks, .readings = readings };
  const char *p = html;

  while (p < self.end)
    {
      if (*p == '<')
        p = take_markup (&self, p);
      else if (*p == '&')
        p = take_entity (&self, p);
      else if (g_ascii_isspace (*p))
        p = take_blanks (&self, p);
      else
        p = take_run (&self, p);
    }
  end_tables (&self);
  put_readings (&self);
  *self.out = '\0';
  return (gsize) (self.out - self.start);
}
