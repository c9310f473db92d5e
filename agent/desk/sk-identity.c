// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/desk/sk-identity.h"

#include "sk-address.h"
#include "sk-header.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES 8192
#define HEADER_BYTES (1024 * 1024)
#define MOST_ADDRESSES 100

/* --- the bytes before the first empty line ------------------------------------------------------ */

static gboolean
has_end (const GByteArray *bytes, gsize from)
{
  static const char end[] = "\r\n\r\n";
  gsize start = from >= sizeof end ? from - sizeof end : 0;

  return (bytes->len >= 2 && memcmp (bytes->data, "\r\n", 2) == 0)
         || memmem (bytes->data + start, bytes->len - start, end, sizeof end - 1) != NULL;
}

/* NULL when it has no end within the limit, or can't be read. */
static GByteArray *
read_header (int fd)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  while (bytes->len < HEADER_BYTES)
    {
      guint have = bytes->len;
      ssize_t n;

      g_byte_array_set_size (bytes, have + PIECE_BYTES);
      do
        n = pread (fd, bytes->data + have, PIECE_BYTES, have);
      while (n < 0 && errno == EINTR);
      g_byte_array_set_size (bytes, have + (guint) MAX (n, 0));
      if (n < 0)
        return NULL;
      if (n == 0 || has_end (bytes, have))
        return g_steal_pointer (&bytes);
    }
  return NULL;
}

/* --- its lines ---------------------------------------------------------------------------------- */

typedef struct {
  const char *next, *end;
} Lines;

/* A line with those that continue it. FALSE at the empty line, or at the end. */
static gboolean
next_field (Lines *self, const char **start, gsize *length)
{
  const char *at = self->next;

  if (at >= self->end || *at == '\r')
    return FALSE;
  do
    {
      const char *newline = memchr (at, '\n', (gsize) (self->end - at));

      at = newline != NULL ? newline + 1 : self->end;
    }
  while (at < self->end && (*at == ' ' || *at == '\t'));
  *start = self->next;
  *length = (gsize) (at - self->next);
  self->next = at;
  return TRUE;
}

/* Blanks before the name or the colon are no hindrance: some programs overlook them. */
static const char *
value_of_from (const char *field, gsize length)
{
  static const char name[] = "from";
  const char *end = field + length;

  while (field < end && (*field == ' ' || *field == '\t'))
    field++;
  if ((gsize) (end - field) < sizeof name
      || g_ascii_strncasecmp (field, name, sizeof name - 1) != 0)
    return NULL;
  for (field += sizeof name - 1; field < end && (*field == ' ' || *field == '\t');)
    field++;
  return field < end && *field == ':' ? field + 1 : NULL;
}

/* --- one From ----------------------------------------------------------------------------------- */

static SkIdentity
check_from (const char *value, gsize length, SkIdentityFunc is_own, gpointer user_data, char **which)
{
  g_autoptr (GPtrArray) addresses
      = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  guint unread = sk_address_list_parse (value, length, addresses, MOST_ADDRESSES);

  for (guint i = 0; i < addresses->len; i++)
    {
      const SkAddress *address = addresses->pdata[i];

      if (is_own (address->text, user_data))
        continue;
      *which = g_strdup (address->text);
      return SK_IDENTITY_FOREIGN;
    }
  if (unread == 0 && addresses->len > 0 && addresses->len < MOST_ADDRESSES)
    return SK_IDENTITY_OWN;
  *which = sk_header_decode_text (value, length);
  return SK_IDENTITY_UNREADABLE;
}

static SkIdentity
check_field (const char *field, gsize length, gboolean *found, SkIdentityFunc is_own,
             gpointer user_data, char **which)
{
  const char *value = value_of_from (field, length);

  if (value == NULL)
    return SK_IDENTITY_OWN;
  *found = TRUE;
  return check_from (value, length - (gsize) (value - field), is_own, user_data, which);
}

SkIdentity
sk_identity_check (int fd, const char *mail_from, SkIdentityFunc is_own, gpointer user_data,
                   char **which)
{
  g_autoptr (GByteArray) header = read_header (fd);
  gboolean found = FALSE;
  const char *field;
  gsize length;
  Lines lines;

  *which = NULL;
  if (header == NULL)
    return SK_IDENTITY_UNREADABLE;
  lines = (Lines) { (const char *) header->data, (const char *) header->data + header->len };
  while (next_field (&lines, &field, &length))
    {
      SkIdentity identity = check_field (field, length, &found, is_own, user_data, which);

      if (identity != SK_IDENTITY_OWN)
        return identity;
    }
  return found || *mail_from != '\0' ? SK_IDENTITY_OWN : SK_IDENTITY_NONE;
}
