// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-smtp-password.h"

#include "sk-error.h"
#include "sk-file.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#define FILE_BYTES 65536
#define WRONG_ALLOWED 5
#define WRONG_WINDOW (60 * G_USEC_PER_SEC)

/* When the last wrong ones were, oldest first. */
typedef struct {
  gint64 at[WRONG_ALLOWED];
} Wrongs;

struct _SkSmtpPasswords {
  char *file;
  SkClock *clock;
  GHashTable *wrongs; /* uid → Wrongs */
  guint8 key[32];     /* of the digests that are compared */
};

static char *
read_file (const char *file, GError **error)
{
  char *text = sk_file_read (file, FILE_BYTES, NULL, error);

  if (text == NULL)
    g_prefix_error (error, "[listen] password-file: ");
  return text;
}

static void
wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

/* NULL when the line has no user, or no password. */
static const char *
find_colon (const char *line, gsize length)
{
  const char *colon = memchr (line, ':', length);

  return colon == line || (colon != NULL && colon + 1 == line + length) ? NULL : colon;
}

/* How many say a user and a password; the others are told, but for empty ones and comments. What stands in
 * them is not: it may be a password. */
static guint
count_lines (const char *text, const char *file)
{
  guint good = 0;

  for (guint number = 1; *text != '\0'; number++)
    {
      gsize whole = strcspn (text, "\n");
      gsize length = whole > 0 && text[whole - 1] == '\r' ? whole - 1 : whole;

      if (find_colon (text, length) != NULL)
        good++;
      else if (length > 0 && *text != '#')
        g_message ("[listen] password-file: %s:%u: this is no user:password line, so it counts for"
                   " nothing (write NAME:PASSWORD, or take it out)", file, number);
      text += whole + (text[whole] == '\n');
    }
  return good;
}

SkSmtpPasswords *
sk_smtp_passwords_new (const char *file, SkClock *clock, GError **error)
{
  SkSmtpPasswords *self;
  guint lines;
  char *text;

  if (file == NULL)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "clients=password needs password-file (a file of user:password lines)");
      return NULL;
    }
  text = read_file (file, error);
  if (text == NULL)
    return NULL;
  lines = count_lines (text, file);
  wipe (text);
  if (lines == 0)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "[listen] password-file: %s: no user:password line is in it (write NAME:PASSWORD,"
                   " a line for each program that signs in)", file);
      return NULL;
    }
  self = g_new0 (SkSmtpPasswords, 1);
  self->file = g_strdup (file);
  self->clock = sk_clock_ref (clock);
  self->wrongs = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (RAND_bytes (self->key, sizeof self->key) != 1)
    g_error ("the random generator does not answer");
  return self;
}

void
sk_smtp_passwords_free (SkSmtpPasswords *self)
{
  if (self == NULL)
    return;
  g_free (self->file);
  sk_clock_unref (self->clock);
  g_hash_table_unref (self->wrongs);
  explicit_bzero (self->key, sizeof self->key);
  g_free (self);
}

static void
digest (SkSmtpPasswords *self, const char *user, gsize user_length, const char *password,
        gsize length, guint8 out[32])
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, self->key, sizeof self->key);
  gsize out_length = 32;

  g_hmac_update (hmac, (const guchar *) user, (gssize) user_length);
  g_hmac_update (hmac, (const guchar *) "", 1);
  g_hmac_update (hmac, (const guchar *) password, (gssize) length);
  g_hmac_get_digest (hmac, out, &out_length);
}

static gboolean
line_matches (SkSmtpPasswords *self, const char *line, gsize length, const guint8 said[32])
{
  const char *colon = find_colon (line, length);
  guint8 written[32];

  if (colon == NULL)
    return FALSE;
  digest (self, line, (gsize) (colon - line), colon + 1, length - (gsize) (colon + 1 - line),
          written);
  return CRYPTO_memcmp (written, said, sizeof written) == 0;
}

gboolean
sk_smtp_passwords_check (SkSmtpPasswords *self, const char *user, const char *password)
{
  g_autoptr (GError) error = NULL;
  char *text = read_file (self->file, &error);
  gboolean right = FALSE;
  guint8 said[32];

  if (text == NULL)
    {
      g_warning ("%s", error->message);
      return FALSE;
    }
  digest (self, user, strlen (user), password, strlen (password), said);
  for (const char *line = text; *line != '\0';)
    {
      gsize whole = strcspn (line, "\n");
      gsize length = whole > 0 && line[whole - 1] == '\r' ? whole - 1 : whole;

      right |= line_matches (self, line, length, said);
      line += whole + (line[whole] == '\n');
    }
  wipe (text);
  return right;
}

gboolean
sk_smtp_passwords_is_locked (SkSmtpPasswords *self, uid_t uid)
{
  Wrongs *wrongs = g_hash_table_lookup (self->wrongs, GUINT_TO_POINTER (uid));

  return wrongs != NULL && wrongs->at[0] != 0
         && sk_clock_boot (self->clock) - wrongs->at[0] < WRONG_WINDOW;
}

void
sk_smtp_passwords_count_wrong (SkSmtpPasswords *self, uid_t uid)
{
  Wrongs *wrongs = g_hash_table_lookup (self->wrongs, GUINT_TO_POINTER (uid));

  if (wrongs == NULL)
    {
      wrongs = g_new0 (Wrongs, 1);
      g_hash_table_insert (self->wrongs, GUINT_TO_POINTER (uid), wrongs);
    }
  memmove (wrongs->at, wrongs->at + 1, sizeof wrongs->at - sizeof wrongs->at[0]);
  wrongs->at[WRONG_ALLOWED - 1] = sk_clock_boot (self->clock);
}
