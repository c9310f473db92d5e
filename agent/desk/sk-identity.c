// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-identity.h"

#include "sk-address.h"
#include "sk-header.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES 8192
#define FROM_BYTES (64 * 1024)
#define MOST_ADDRESSES 100

/* --- the lines before the first empty one ------------------------------------------------------- */

typedef struct {
  int fd;
  gint64 offset; /* of what is read next */
  char piece[PIECE_BYTES];
  gsize length, at;
  GString *line; /* the current one, as much of it as a From may have */
  gboolean failed;
} Lines;

static gboolean
read_piece (Lines *self)
{
  ssize_t n;

  do
    n = pread (self->fd, self->piece, sizeof self->piece, self->offset);
  while (n < 0 && errno == EINTR);
  self->failed = n < 0;
  self->length = (gsize) MAX (n, 0);
  self->offset += (gint64) self->length;
  self->at = 0;
  return n > 0;
}

/* FALSE at the empty line, at the end of the file, or when it can't be read. */
static gboolean
next_line (Lines *self)
{
  const char *newline = NULL;

  g_string_truncate (self->line, 0);
  while (newline == NULL && (self->at < self->length || read_piece (self)))
    {
      const char *start = self->piece + self->at;
      gsize length = self->length - self->at;

      newline = memchr (start, '\n', length);
      if (newline != NULL)
        length = (gsize) (newline - start) + 1;
      g_string_append_len (self->line, start,
                           (gssize) MIN (length, FROM_BYTES + 1 - self->line->len));
      self->at += length;
    }
  return !self->failed && self->line->len > 0 && self->line->str[0] != '\r';
}

/* Blanks before the name or the colon are no hindrance: some programs overlook them. */
static const char *
value_of_from (const char *line)
{
  line += strspn (line, " \t");
  if (g_ascii_strncasecmp (line, "from", 4) != 0)
    return NULL;
  line += 4 + strspn (line + 4, " \t");
  return *line == ':' ? line + 1 : NULL;
}

/* --- one From ----------------------------------------------------------------------------------- */

typedef struct {
  SkIdentityFunc is_own;
  gpointer user_data;
  GString *from; /* the value of the From that is being read, or NULL */
  gboolean found;
  char **which;
} Check;

static SkIdentity
check_from (Check *self)
{
  g_autoptr (GPtrArray) addresses
      = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  guint unread
      = sk_address_list_parse (self->from->str, self->from->len, addresses, MOST_ADDRESSES);

  for (guint i = 0; i < addresses->len; i++)
    {
      const SkAddress *address = addresses->pdata[i];

      if (self->is_own (address->text, self->user_data))
        continue;
      *self->which = g_strdup (address->text);
      return SK_IDENTITY_FOREIGN;
    }
  if (unread == 0 && addresses->len > 0 && addresses->len < MOST_ADDRESSES
      && self->from->len <= FROM_BYTES)
    return SK_IDENTITY_OWN;
  *self->which = sk_header_decode_text (self->from->str, MIN (self->from->len, 200));
  return SK_IDENTITY_UNREADABLE;
}

/* The From that was being read is whole now, if there was one. */
static SkIdentity
end_field (Check *self)
{
  SkIdentity identity = self->from != NULL ? check_from (self) : SK_IDENTITY_OWN;

  self->found |= self->from != NULL;
  if (self->from != NULL)
    g_string_free (g_steal_pointer (&self->from), TRUE);
  return identity;
}

/* A line that begins with a blank continues the field before it, if there is one. */
static SkIdentity
take_line (Check *self, const GString *line, gboolean first)
{
  gboolean continues = !first && (line->str[0] == ' ' || line->str[0] == '\t');
  SkIdentity identity = continues ? SK_IDENTITY_OWN : end_field (self);
  const char *value = continues ? line->str : value_of_from (line->str);

  if (continues && self->from == NULL)
    return identity;
  if (value != NULL && self->from == NULL)
    self->from = g_string_new (NULL);
  if (value != NULL && self->from->len <= FROM_BYTES)
    g_string_append (self->from, value);
  return identity;
}

SkIdentity
sk_identity_check (int fd, const char *mail_from, SkIdentityFunc is_own, gpointer user_data,
                   char **which)
{
  Lines lines = { .fd = fd, .line = g_string_new (NULL) };
  Check check = { .is_own = is_own, .user_data = user_data, .which = which };
  SkIdentity identity = SK_IDENTITY_OWN;

  *which = NULL;
  for (gboolean first = TRUE; identity == SK_IDENTITY_OWN && next_line (&lines); first = FALSE)
    identity = take_line (&check, lines.line, first);
  if (identity == SK_IDENTITY_OWN)
    identity = end_field (&check);
  if (check.from != NULL)
    g_string_free (check.from, TRUE);
  g_string_free (lines.line, TRUE);
  if (identity != SK_IDENTITY_OWN)
    return identity;
  if (lines.failed)
    return SK_IDENTITY_UNREADABLE;
  return check.found || *mail_from != '\0' ? SK_IDENTITY_OWN : SK_IDENTITY_NONE;
}
