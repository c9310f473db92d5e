// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/rewrite/sk-splice.h"

#include "sk-error.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES 16384 /* nearly every header fits */
#define MOST_RUNS 4096

static void
add_literal (SkSplice *self, const char *text)
{
  SkSegment segment = { .literal = text, .length = (gint64) strlen (text) };

  g_array_append_val (self->segments, segment);
  self->size += segment.length;
}

static void
add_run (SkSplice *self, gint64 from, gint64 to)
{
  SkSegment segment = { .offset = from, .length = to - from };

  if (to <= from)
    return;
  g_array_append_val (self->segments, segment);
  self->size += segment.length;
}

/* --- one line, byte by byte ------------------------------------------------------------------- */

/* A line may be as long as the mail: nothing of it is kept but how far it is a name of ours. */
typedef enum {
  AT_START,
  AFTER_CR,  /* the line's first byte was CR */
  IN_NAME,   /* so far it is the beginning of a name in `hidden` */
  IN_BLANKS, /* RFC 5322 4.5.3 lets old mail have blanks before the colon */
  KNOWN,
} Place;

static const char *const hidden[] = { "bcc", "resent-bcc" };

typedef struct {
  SkSplice *splice;
  Place place;
  const char *name;  /* IN_NAME, IN_BLANKS */
  gsize matched;     /* octets of it */
  gint64 line, at;   /* where the line begins, and the next byte */
  gint64 kept;       /* where the run that stays begins, unless `dropping` */
  gboolean dropping; /* the last field must not leave */
  gboolean ended;    /* the header */
} Cut;

/* The line is a field's first. */
static void
decide (Cut *self, gboolean drop)
{
  if (drop && !self->dropping)
    add_run (self->splice, self->kept, self->line);
  else if (!drop && self->dropping)
    self->kept = self->line;
  self->dropping = drop;
  self->place = KNOWN;
}

static void
begin_name (Cut *self, char c)
{
  self->name = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (hidden); i++)
    if (hidden[i][0] == g_ascii_tolower (c))
      self->name = hidden[i];
  self->matched = 1;
  self->place = IN_NAME;
  if (self->name == NULL)
    decide (self, FALSE);
}

static void
start_line (Cut *self, char c)
{
  if (c == '\n')
    self->ended = TRUE;
  else if (c == '\r')
    self->place = AFTER_CR;
  else if (c == ' ' || c == '\t')
    self->place = KNOWN; /* goes on with the field before */
  else
    begin_name (self, c);
}

static void
go_on_with_name (Cut *self, char c)
{
  char expected = self->name[self->matched];

  if (self->place == IN_NAME && expected != '\0' && g_ascii_tolower (c) == expected)
    self->matched++;
  else if (expected == '\0' && (c == ' ' || c == '\t'))
    self->place = IN_BLANKS;
  else
    decide (self, expected == '\0' && c == ':');
}

static void
take_byte (Cut *self, char c)
{
  if (self->place == AT_START)
    start_line (self, c);
  else if (self->place == AFTER_CR && c == '\n')
    self->ended = TRUE;
  else if (self->place == AFTER_CR)
    decide (self, FALSE);
  else if (self->place != KNOWN)
    go_on_with_name (self, c);
  if (self->ended)
    return;
  self->at++;
  if (c == '\n')
    {
      self->place = AT_START;
      self->line = self->at;
    }
}

/* What is known of a line needs no look at each of its bytes. */
static void
take_piece (Cut *self, const char *piece, gsize length)
{
  for (const char *at = piece, *end = piece + length; at < end && !self->ended; at++)
    {
      const char *newline
          = self->place == KNOWN ? memchr (at, '\n', (gsize) (end - at)) : at;

      newline = newline != NULL ? newline : end - 1;
      self->at += newline - at;
      at = newline;
      take_byte (self, *at);
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static gboolean
too_many_runs (const SkSplice *self, GError **error)
{
  if (self->segments->len <= MOST_RUNS)
    return FALSE;
  g_set_error (error, SK_ERROR, SK_ERROR_NOT_ALLOWED,
               "the header has more than %d Bcc fields with others between them (send it with one)",
               MOST_RUNS);
  return TRUE;
}

/* Until the header's end has been seen, or all. */
static gboolean
read_header (Cut *self, int fd, GError **error)
{
  char piece[PIECE_BYTES];
  gint64 offset = 0;

  while (!self->ended && !too_many_runs (self->splice, error))
    {
      gssize n = pread (fd, piece, sizeof piece, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return sk_error_set_errno (error, errno, "message file");
      if (n == 0)
        return TRUE;
      take_piece (self, piece, (gsize) n);
      offset += n;
    }
  return self->ended && !too_many_runs (self->splice, error);
}

static gboolean
cut_header (SkSplice *self, int fd, gint64 size, GError **error)
{
  Cut cut = { .splice = self };

  if (!read_header (&cut, fd, error))
    return FALSE;
  if (!cut.ended && cut.place != KNOWN && cut.place != AT_START)
    decide (&cut, FALSE);
  add_run (self, cut.dropping ? cut.ended ? cut.line : size : cut.kept, size);
  return TRUE;
}

SkSplice *
sk_splice_new (int fd, const char *added, GError **error)
{
  g_autoptr (SkSplice) self = g_new0 (SkSplice, 1);
  struct stat status;

  self->segments = g_array_new (FALSE, FALSE, sizeof (SkSegment));
  if (added != NULL)
    add_literal (self, self->added = g_strdup (added));
  if (fstat (fd, &status) < 0)
    {
      sk_error_set_errno (error, errno, "message file");
      return NULL;
    }
  return cut_header (self, fd, status.st_size, error) ? g_steal_pointer (&self) : NULL;
}

void
sk_splice_free (SkSplice *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->segments);
  g_free (self->added);
  g_free (self);
}
