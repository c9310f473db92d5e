// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-address.h"

#include "sk-charset.h"
#include "sk-header.h"
#include "sk-parameter.h"

#include <string.h>

/* Splits a list into pieces (one mailbox each) by commas, semicolons and the colons of groups, where
 * they stand outside of quotes, comments and angle brackets. */
typedef struct {
  const char *end;
  gboolean pairs; /* raw Shift_JIS */
  gboolean quotes_unending, comments_unending;
  GPtrArray *into;
  guint limit, unread;
} List;

/* Behind a quoted string or comment, or else behind the one character. */
static const char *
step (List *self, const char *p)
{
  const char *after = NULL;

  if (*p == '"' && !self->quotes_unending)
    {
      after = sk_quoted_end (p, self->end, self->pairs);
      self->quotes_unending = after == NULL;
    }
  else if (*p == '(' && !self->comments_unending)
    {
      after = sk_comment_end (p, self->end, self->pairs);
      self->comments_unending = after == NULL;
    }
  return after != NULL ? after : sk_raw_step (p, self->end, self->pairs);
}

/* One mailbox: the raw bytes of its parts. */
typedef struct {
  GString *phrase;  /* outside of brackets and comments, quotes kept */
  GString *angle;   /* between < and >; NULL when there are none */
  GString *comment; /* the last one */
} Piece;

static void
piece_clear (Piece *self)
{
  g_string_free (self->phrase, TRUE);
  if (self->angle != NULL)
    g_string_free (self->angle, TRUE);
  if (self->comment != NULL)
    g_string_free (self->comment, TRUE);
}

static const char *
take_angle (List *self, const char *p, const char *end, Piece *piece)
{
  if (piece->angle == NULL)
    piece->angle = g_string_new (NULL);
  g_string_truncate (piece->angle, 0);
  for (p++; p < end && *p != '>';)
    {
      const char *next = MIN (step (self, p), end);

      if (*p != '(' || next == p + 1)
        g_string_append_len (piece->angle, p, next - p);
      p = next;
    }
  return p < end ? p + 1 : p;
}

static void
read_piece (List *self, const char *p, const char *end, Piece *piece)
{
  piece->phrase = g_string_new (NULL);
  piece->angle = piece->comment = NULL;
  while (p < end)
    {
      const char *next = MIN (step (self, p), end);

      if (*p == '<')
        next = take_angle (self, p, end, piece);
      else if (*p == '(' && next > p + 1)
        {
          if (piece->comment == NULL)
            piece->comment = g_string_new (NULL);
          g_string_truncate (piece->comment, 0);
          g_string_append_len (piece->comment, p + 1, next - p - 2);
        }
      else
        g_string_append_len (piece->phrase, p, next - p);
      p = next;
    }
}

/* A display name: quotes and their escapes gone, words decoded. */
static char *
decode_name (const GString *raw, gboolean pairs)
{
  g_autoptr (GString) bare = g_string_new (NULL);
  const char *p = raw->str, *end = p + raw->len, *next;
  char *name;

  for (; p < end; p = next)
    {
      next = sk_raw_step (p, end, pairs);
      if (*p == '"' && next == p + 1)
        continue;
      if (*p == '\\' && next < end)
        next = sk_raw_step (p = next, end, pairs);
      g_string_append_len (bare, p, next - p);
    }
  name = sk_header_decode_text (bare->str, bare->len);
  g_strstrip (name);
  if (*name == '\0')
    g_clear_pointer (&name, g_free);
  return name;
}

static gboolean
is_joint (char before, char after)
{
  return before == '@' || before == '.' || after == '@' || after == '.';
}

/* Blanks around '@' and '.' and at the ends don't belong to an address; others are one blank. */
static char *
squeeze (char *raw)
{
  GString *text = g_string_new (NULL);
  gboolean quoted = FALSE;

  g_strstrip (raw);
  for (const char *p = raw; *p != '\0'; p++)
    {
      if (quoted && *p == '\\' && p[1] != '\0')
        g_string_append_c (text, *p++);
      else
        quoted ^= *p == '"';
      if (quoted || !g_ascii_isspace (*p))
        {
          g_string_append_c (text, *p);
          continue;
        }
      while (g_ascii_isspace (p[1]))
        p++;
      if (!is_joint (text->str[text->len - 1], p[1]))
        g_string_append_c (text, ' ');
    }
  return g_string_free (text, FALSE);
}

/* <@relay,@relay:mailbox> is a route of long ago. */
static const char *
skip_route (const char *text)
{
  const char *colon = *text == '@' ? strchr (text, ':') : NULL;

  return colon != NULL ? colon + 1 : text;
}

static char *
to_utf8 (const char *bytes, gsize length)
{
  g_auto (SkDecoded) decoded = { 0 };

  sk_charset_decode (bytes, length, NULL, &decoded);
  return g_steal_pointer (&decoded.text);
}

/* Without brackets, "Hana hana@example.co.jp" means what it looks like. */
static SkAddress *
address_of_words (const char *text, const char *comment_name)
{
  const char *blank = strrchr (text, ' ');
  g_autoptr (GString) words = NULL;
  g_autofree char *name = NULL;

  if (blank == NULL || strchr (blank, '@') == NULL)
    return NULL;
  if (comment_name != NULL)
    return sk_address_new (blank + 1, comment_name);
  words = g_string_new_len (text, blank - text);
  name = decode_name (words, FALSE);
  return sk_address_new (blank + 1, name);
}

static SkAddress *
piece_to_address (const Piece *piece, gboolean pairs)
{
  const GString *raw = piece->angle != NULL ? piece->angle : piece->phrase;
  g_autofree char *utf8 = to_utf8 (raw->str, raw->len);
  g_autofree char *text = squeeze (utf8);
  g_autofree char *name = NULL;
  SkAddress *address;

  if (piece->angle != NULL)
    name = decode_name (piece->phrase, pairs);
  if (name == NULL && piece->comment != NULL)
    name = decode_name (piece->comment, pairs);
  address = sk_address_new (skip_route (text), name);
  return address != NULL || piece->angle != NULL ? address : address_of_words (text, name);
}

static void split (List *self, const char *raw, gsize length);

/* Some programs put a whole mailbox into one encoded word. */
static gboolean
take_encoded_mailbox (List *self, const Piece *piece)
{
  g_autofree char *decoded = NULL;
  List inner = *self;

  if (piece->angle != NULL || strstr (piece->phrase->str, "=?") == NULL)
    return FALSE;
  decoded = sk_header_decode_text (piece->phrase->str, piece->phrase->len);
  if (strchr (decoded, '@') == NULL || strstr (decoded, "=?") != NULL)
    return FALSE;
  inner.pairs = inner.quotes_unending = inner.comments_unending = FALSE;
  split (&inner, decoded, strlen (decoded));
  self->unread = inner.unread;
  return TRUE;
}

static gboolean
is_empty (const Piece *piece)
{
  for (gsize i = 0; i < piece->phrase->len; i++)
    if (!g_ascii_isspace (piece->phrase->str[i]))
      return FALSE;
  return piece->angle == NULL;
}

static void
take_piece (List *self, const char *start, const char *end)
{
  Piece piece;

  read_piece (self, start, end, &piece);
  if (!is_empty (&piece) && self->into->len < self->limit)
    {
      SkAddress *address = piece_to_address (&piece, self->pairs);

      if (address != NULL)
        g_ptr_array_add (self->into, address);
      else if (!take_encoded_mailbox (self, &piece))
        self->unread++;
    }
  piece_clear (&piece);
}

/* A colon ends the name of a group, unless it stands in an address (a literal, a route). */
static gboolean
is_group_colon (const char *start, const char *colon)
{
  return memchr (start, '@', (gsize) (colon - start)) == NULL;
}

static void
split (List *self, const char *raw, gsize length)
{
  const char *p = raw, *start = raw;
  gboolean in_angle = FALSE;

  self->end = raw + length;
  while (p < self->end && self->into->len < self->limit)
    {
      const char *next = step (self, p);

      if (next == p + 1 && *p == '<')
        in_angle = TRUE;
      else if (next == p + 1 && *p == '>')
        in_angle = FALSE;
      else if (!in_angle && (*p == ',' || *p == ';'))
        {
          take_piece (self, start, p);
          start = next;
        }
      else if (!in_angle && *p == ':' && is_group_colon (start, p))
        start = next;
      p = next;
    }
  take_piece (self, start, self->end);
}

guint
sk_address_list_parse (const char *raw, gsize length, GPtrArray *into, guint limit)
{
  List list = { .pairs = sk_raw_has_pairs (raw, length), .into = into, .limit = limit };

  split (&list, raw, length);
  return list.unread;
}
