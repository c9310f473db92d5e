// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-stand-in.h"

#include "sk-csv.h"
#include "sk-error.h"
#include "sk-file.h"

#include <string.h>

enum { MOST_BYTES = 1 << 28 };

struct _SkHistory {
  GHashTable *senders; /* char* recipient's key → GPtrArray of char* senders' keys */
};

struct _SkTlsAnswers {
  GHashTable *domains; /* char* → GINT_TO_POINTER (SkTruth) */
};

static SkCsv *
read_table (const char *path, const char *first, const char *second, int columns[2], GError **error)
{
  gsize length;
  g_autofree char *text = sk_file_read (path, MOST_BYTES, &length, error);
  g_autoptr (SkCsv) csv = text == NULL ? NULL : sk_csv_parse (text, length, path, error);

  if (csv == NULL)
    return NULL;
  columns[0] = sk_csv_find_column (csv, first);
  columns[1] = sk_csv_find_column (csv, second);
  if (columns[0] < 0 || columns[1] < 0)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                   "%s:1:1: the first line must name the columns: %s,%s", path, first, second);
      return NULL;
    }
  return g_steal_pointer (&csv);
}

/* Adds each row by `add`; an error gets the row's place. */
static gboolean
read_rows (const char *path, const char *first, const char *second, gpointer self,
           gboolean (*add) (gpointer self, const char *a, const char *b, GError **error),
           GError **error)
{
  int columns[2];
  g_autoptr (SkCsv) csv = read_table (path, first, second, columns, error);

  if (csv == NULL)
    return FALSE;
  for (guint row = 0; row < sk_csv_rows (csv); row++)
    if (!add (self, sk_csv_field (csv, row, (guint) columns[0]),
              sk_csv_field (csv, row, (guint) columns[1]), error))
      {
        g_prefix_error (error, "%s:%u: ", path, sk_csv_line (csv, row));
        return FALSE;
      }
  return TRUE;
}

SkHistory *
sk_history_new (void)
{
  SkHistory *self = g_new0 (SkHistory, 1);

  self->senders
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  return self;
}

void
sk_history_free (SkHistory *self)
{
  g_hash_table_unref (self->senders);
  g_free (self);
}

static SkAddress *
read_address (const char *text, GError **error)
{
  SkAddress *address = sk_address_new (text, NULL);

  if (address == NULL)
    g_set_error (error, SK_ERROR, SK_ERROR_INVALID,
                 "'%s' is no mail address; write it as name@example.com", text);
  return address;
}

gboolean
sk_history_add (SkHistory *self, const char *sender, const char *recipient, GError **error)
{
  g_autoptr (SkAddress) from = read_address (sender, error);
  g_autoptr (SkAddress) to = from == NULL ? NULL : read_address (recipient, error);
  GPtrArray *senders;

  if (to == NULL)
    return FALSE;
  senders = g_hash_table_lookup (self->senders, to->key);
  if (senders == NULL)
    {
      senders = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (self->senders, g_strdup (to->key), senders);
    }
  g_ptr_array_add (senders, g_strdup (from->key));
  return TRUE;
}

static gboolean
add_sent (gpointer self, const char *sender, const char *recipient, GError **error)
{
  return sk_history_add (self, sender, recipient, error);
}

gboolean
sk_history_read (SkHistory *self, const char *path, GError **error)
{
  return read_rows (path, "sender", "recipient", self, add_sent, error);
}

static gboolean
is_sender (const SkHistory *self, const SkPolicy *policy, const char *own, const char *recipient)
{
  const GPtrArray *senders = g_hash_table_lookup (self->senders, recipient);

  for (guint i = 0; senders != NULL && i < senders->len; i++)
    {
      const char *sender = g_ptr_array_index (senders, i);

      if (strcmp (sender, own) == 0 || sk_policy_same_person (policy, own, sender))
        return TRUE;
    }
  return FALSE;
}

gboolean
sk_history_knows (const SkHistory *self, const SkPolicy *policy, const char *person,
                  const SkAddress *recipient)
{
  g_autoptr (SkAddress) own = sk_address_new (person, NULL);
  g_auto (GStrv) addresses = sk_policy_addresses (policy, recipient->key);
  gboolean known = FALSE;

  for (char **address = addresses; own != NULL && !known && *address != NULL; address++)
    known = is_sender (self, policy, own->key, *address);
  return known;
}

GPtrArray *
sk_history_domains (const SkHistory *self, const SkPolicy *policy, const char *person)
{
  g_autoptr (SkAddress) own = sk_address_new (person, NULL);
  GPtrArray *domains = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer recipient;

  g_hash_table_iter_init (&iter, self->senders);
  while (own != NULL && g_hash_table_iter_next (&iter, &recipient, NULL))
    if (is_sender (self, policy, own->key, recipient))
      g_ptr_array_add (domains, strrchr (recipient, '@') + 1);
  return domains;
}

SkTlsAnswers *
sk_tls_answers_new (void)
{
  SkTlsAnswers *self = g_new0 (SkTlsAnswers, 1);

  self->domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
sk_tls_answers_free (SkTlsAnswers *self)
{
  g_hash_table_unref (self->domains);
  g_free (self);
}

static SkTruth
read_answer (const char *text)
{
  if (strcmp (text, "yes") == 0 || strcmp (text, "true") == 0)
    return SK_YES;
  return strcmp (text, "no") == 0 || strcmp (text, "false") == 0 ? SK_NO : SK_UNKNOWN;
}

gboolean
sk_tls_answers_add (SkTlsAnswers *self, const char *domain, const char *answer, GError **error)
{
  char *key = sk_domain_key (domain);
  SkTruth truth = read_answer (answer);

  if (key == NULL || truth == SK_UNKNOWN)
    {
      g_set_error (error, SK_ERROR, SK_ERROR_INVALID, "'%s,%s': write a domain, and yes or no",
                   domain, answer);
      g_free (key);
      return FALSE;
    }
  g_hash_table_insert (self->domains, key, GINT_TO_POINTER (truth + 1));
  return TRUE;
}

static gboolean
add_answer (gpointer self, const char *domain, const char *answer, GError **error)
{
  return sk_tls_answers_add (self, domain, answer, error);
}

gboolean
sk_tls_answers_read (SkTlsAnswers *self, const char *path, GError **error)
{
  return read_rows (path, "domain", "tls", self, add_answer, error);
}

SkTruth
sk_tls_answers_get (const SkTlsAnswers *self, const char *domain)
{
  gpointer found = g_hash_table_lookup (self->domains, domain);

  return found == NULL ? SK_UNKNOWN : (SkTruth) (GPOINTER_TO_INT (found) - 1);
}
