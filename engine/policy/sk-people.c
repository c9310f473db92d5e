// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-people.h"

#include "sk-address.h"
#include "sk-csv.h"
#include "sk-words.h"

#include <string.h>

struct _SkPeople {
  GPtrArray *people; /* SkPerson* */
  GHashTable *by_key; /* address or alias → SkPerson; keys are the person's */
  guint *sorted;
};

enum { ADDRESS, NAME, DEPARTMENT, EMPLOYMENT, MANAGER, DEPUTY, ALIASES, COLUMNS };

static const char *const column_names[COLUMNS]
    = { "address", "name", "department", "employment", "manager", "deputy", "aliases" };

typedef struct {
  SkPeople *people;
  const SkCsv *csv;
  int columns[COLUMNS];
  const char *file;
  SkProblems *problems;
} Reader;

static void
person_free (SkPerson *self)
{
  g_free (self->address);
  g_free (self->key);
  g_free (self->name);
  g_free (self->department);
  g_free (self->employment);
  g_clear_pointer (&self->aliases, g_ptr_array_unref);
  g_free (self);
}

SkPeople *
sk_people_new (void)
{
  SkPeople *self = g_new0 (SkPeople, 1);

  self->people = g_ptr_array_new_with_free_func ((GDestroyNotify) person_free);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
sk_people_free (SkPeople *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_key);
  g_ptr_array_unref (self->people);
  g_free (self->sorted);
  g_free (self);
}

const SkPerson *
sk_people_find (const SkPeople *self, const char *key)
{
  return g_hash_table_lookup (self->by_key, key);
}

const char *
sk_people_canonical (const SkPeople *self, const char *key)
{
  const SkPerson *person = sk_people_find (self, key);

  return person != NULL ? person->key : key;
}

guint
sk_people_count (const SkPeople *self)
{
  return self->people->len;
}

const SkPerson *
sk_people_at (const SkPeople *self, guint i)
{
  return self->people->pdata[i];
}

const guint *
sk_people_sorted (const SkPeople *self)
{
  return self->sorted;
}

static const char *
field (const Reader *reader, guint row, int column)
{
  int index = reader->columns[column];

  return index < 0 ? "" : sk_csv_field (reader->csv, row, (guint) index);
}

static void
complain (const Reader *reader, guint line, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
complain (const Reader *reader, guint line, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  sk_problems_add_valist (reader->problems, FALSE, reader->file, line, 0, format, arguments);
  va_end (arguments);
}

static char *
folded (const char *text)
{
  return sk_words_fold (text, strlen (text), NULL);
}

/* Enters one of a person's addresses, unless somebody else has it. */
static gboolean
claim (const Reader *reader, SkPerson *person, char *key)
{
  const SkPerson *owner = sk_people_find (reader->people, key);

  if (owner != NULL && owner != person)
    {
      complain (reader, person->line, "the address %s belongs to %s already (line %u)", key,
                owner->address, owner->line);
      return FALSE;
    }
  g_hash_table_insert (reader->people->by_key, key, person);
  return TRUE;
}

static void
read_person (const Reader *reader, guint row)
{
  const char *text = field (reader, row, ADDRESS);
  g_autoptr (SkAddress) address = sk_address_new (text, NULL);
  guint line = sk_csv_line (reader->csv, row);
  SkPerson *person;

  if (address == NULL)
    {
      if (*text == '\0')
        complain (reader, line, "the address is missing");
      else
        complain (reader, line, "'%s' is no mail address", text);
      return;
    }
  person = g_new0 (SkPerson, 1);
  person->line = line;
  person->address = g_strdup (address->text);
  person->key = g_strdup (address->key);
  person->name = g_strdup (field (reader, row, NAME));
  person->department = folded (field (reader, row, DEPARTMENT));
  person->employment = folded (field (reader, row, EMPLOYMENT));
  person->aliases = g_ptr_array_new_with_free_func (g_free);
  if (claim (reader, person, person->key))
    g_ptr_array_add (reader->people->people, person);
  else
    person_free (person);
}

static void
read_aliases (const Reader *reader, SkPerson *person, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n;,", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autoptr (SkAddress) address = **word != '\0' ? sk_address_new (*word, NULL) : NULL;
      char *key;

      if (**word == '\0')
        continue;
      if (address == NULL)
        {
          complain (reader, person->line, "the alias '%s' is no mail address", *word);
          continue;
        }
      key = g_strdup (address->key);
      if (strcmp (key, person->key) == 0 || !claim (reader, person, key))
        g_free (key);
      else
        g_ptr_array_add (person->aliases, key);
    }
}

static const SkPerson *
read_reference (const Reader *reader, const SkPerson *person, const char *what, const char *text)
{
  g_autoptr (SkAddress) address = *text != '\0' ? sk_address_new (text, NULL) : NULL;
  const SkPerson *found = address != NULL ? sk_people_find (reader->people, address->key) : NULL;

  if (found == NULL && *text != '\0')
    complain (reader, person->line, "the %s '%s' has no row in this file", what, text);
  return found;
}

static gboolean
find_columns (Reader *reader)
{
  for (int i = 0; i < COLUMNS; i++)
    reader->columns[i] = sk_csv_find_column (reader->csv, column_names[i]);
  if (reader->columns[ADDRESS] >= 0)
    return TRUE;
  complain (reader, 1, "the column 'address' is missing: the first line names the columns "
                       "(address,name,department,employment,manager,deputy,aliases)");
  return FALSE;
}

/* Rows whose address is wrong left no person; the others stand in their order, found again by their
 * line. */
static void
read_relations (const Reader *reader)
{
  guint next = 0;

  for (guint row = 0; row < sk_csv_rows (reader->csv) && next < reader->people->people->len; row++)
    {
      SkPerson *person = reader->people->people->pdata[next];

      if (person->line != sk_csv_line (reader->csv, row))
        continue;
      next++;
      read_aliases (reader, person, field (reader, row, ALIASES));
    }
  next = 0;
  for (guint row = 0; row < sk_csv_rows (reader->csv) && next < reader->people->people->len; row++)
    {
      SkPerson *person = reader->people->people->pdata[next];

      if (person->line != sk_csv_line (reader->csv, row))
        continue;
      next++;
      person->manager = read_reference (reader, person, "manager", field (reader, row, MANAGER));
      person->deputy = read_reference (reader, person, "deputy", field (reader, row, DEPUTY));
    }
}

static int
compare_people (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const SkPeople *self = user_data;

  return strcmp (sk_people_at (self, *(const guint *) a)->key,
                 sk_people_at (self, *(const guint *) b)->key);
}

static void
sort_people (SkPeople *self)
{
  self->sorted = g_new (guint, self->people->len + 1);
  for (guint i = 0; i < self->people->len; i++)
    self->sorted[i] = i;
  if (self->people->len > 0)
    g_qsort_with_data (self->sorted, (int) self->people->len, sizeof (guint), compare_people, self);
}

SkPeople *
sk_people_parse (const char *text, gsize length, const char *file, SkProblems *problems)
{
  SkPeople *self = sk_people_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SkCsv) csv = sk_csv_parse (text, length, file, &error);
  Reader reader = { .people = self, .csv = csv, .file = file, .problems = problems };

  if (csv == NULL)
    {
      sk_problems_add_error (problems, file, error);
      return self;
    }
  if (!find_columns (&reader))
    return self;
  if (sk_csv_rows (csv) == 0)
    complain (&reader, 0, "no rows: name at least one person");
  for (guint row = 0; row < sk_csv_rows (csv); row++)
    read_person (&reader, row);
  read_relations (&reader);
  sort_people (self);
  return self;
}
