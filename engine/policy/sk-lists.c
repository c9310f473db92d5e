// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-lists.h"

#include "sk-address.h"
#include "sk-builtin-list.h"
#include "sk-evaluation.h"

#include <string.h>

void
sk_list_free (SkList *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->file);
  g_clear_pointer (&self->csv, sk_csv_free);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_clear_pointer (&self->nodes, g_ptr_array_unref);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_clear_pointer (&self->companies, sk_companies_free);
  g_free (self);
}

static SkList *
list_new (const char *name)
{
  SkList *self = g_new0 (SkList, 1);

  self->name = g_strdup (name);
  self->set = self->pattern = G_MAXUINT;
  self->values = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* --- sets ----------------------------------------------------------------------------------- */

guint
sk_members_new (SkPolicy *policy)
{
  guint none = 0;

  g_array_append_val (policy->set_scopes, none);
  return sk_sets_new_set (policy->sets);
}

static void
add_scopes (SkPolicy *policy, guint set, guint scopes)
{
  g_array_index (policy->set_scopes, guint, set) |= scopes;
}

static guint
scopes_of_domain (const SkPolicy *policy, const char *domain, gboolean exact)
{
  guint scopes = sk_policy_scope (policy, domain);
  gsize length = strlen (domain);

  if (exact)
    return scopes;
  for (guint i = 0; i < policy->own_domains->len; i++)
    {
      const char *own = policy->own_domains->pdata[i];
      gsize own_length = strlen (own);

      if (own_length > length && own[own_length - length - 1] == '.'
          && strcmp (own + own_length - length, domain) == 0)
        scopes |= sk_policy_scope (policy, own);
    }
  return scopes;
}

static guint
scopes_of_address (const SkPolicy *policy, const SkAddress *address, const SkPerson *person)
{
  guint scopes = sk_policy_scope (policy, address->domain);

  if (person == NULL)
    return scopes;
  scopes |= sk_policy_scope (policy, strrchr (person->key, '@') + 1);
  for (guint i = 0; i < person->aliases->len; i++)
    scopes |= sk_policy_scope (policy, strrchr (person->aliases->pdata[i], '@') + 1);
  return scopes;
}

/* What may stand in the name of a host. Other characters may be in a key, and in no recipient's domain: an
 * asterisk would be a rule that never holds. */
static gboolean
is_host_character (char c)
{
  return g_ascii_isalnum (c) || (c & 0x80) != 0 || c == '-' || c == '.' || c == '_';
}

static gboolean
is_possible (const char *key)
{
  if (*key == '[')
    return TRUE;
  while (is_host_character (*key))
    key++;
  return *key == '\0';
}

static char *
possible_domain_key (const char *text)
{
  g_autofree char *key = sk_domain_key (text);

  return key != NULL && is_possible (key) ? g_steal_pointer (&key) : NULL;
}

/* "*.y.jp", ".y.jp" and "https://y.jp/" name y.jp; "a.jp|b.jp" names two. */
static GPtrArray *
domains_in (const char *text)
{
  GPtrArray *domains = g_ptr_array_new_with_free_func (g_free);

  while (*text != '\0')
    {
      gsize length = 0;
      g_autofree char *word = NULL, *key = NULL;

      while (*text != '\0' && (*text == '.' || !is_host_character (*text)))
        text++;
      while (is_host_character (text[length]))
        length++;
      word = g_strndup (text, length);
      text += length;
      key = strchr (word, '.') != NULL ? possible_domain_key (word) : NULL;
      if (key != NULL)
        g_ptr_array_add (domains, g_steal_pointer (&word));
    }
  return domains;
}

static char *
no_domain (const char *text)
{
  g_autoptr (GPtrArray) named = domains_in (text);
  g_autofree char *names = NULL;

  if (named->len == 0)
    return g_strdup_printf ("'%s' is no domain: write x.jp (with its subdomains) or =x.jp", text);
  if (named->len == 1)
    return g_strdup_printf ("'%s' is no domain: '%s' means itself and its subdomains", text,
                            (char *) named->pdata[0]);
  g_ptr_array_add (named, NULL);
  names = g_strjoinv (", ", (char **) named->pdata);
  return g_strdup_printf ("'%s' is no domain: write several as a list, [%s]", text, names);
}

static char *
add_address (SkPolicy *policy, guint set, const char *text, guint32 row)
{
  g_autoptr (SkAddress) address = sk_address_new (text, NULL);
  const SkPerson *person;

  if (address == NULL || !is_possible (address->domain))
    return g_strdup_printf ("'%s' is no mail address", text);
  person = sk_people_find (policy->people, address->key);
  sk_sets_add_address (policy->sets, set, person != NULL ? person->key : address->key, row);
  add_scopes (policy, set, scopes_of_address (policy, address, person));
  return NULL;
}

static char *
add_domain (SkPolicy *policy, guint set, const char *text, guint32 row)
{
  gboolean exact = *text == '=';
  g_autofree char *key = possible_domain_key (exact ? text + 1 : text);

  if (key == NULL)
    return no_domain (text);
  sk_sets_add_domain (policy->sets, set, key, exact, row);
  add_scopes (policy, set, scopes_of_domain (policy, key, exact));
  return NULL;
}

char *
sk_members_add (SkPolicy *policy, guint set, SkMemberKinds kinds, const char *text, guint32 row)
{
  if (strchr (text, '@') != NULL)
    {
      if ((kinds & SK_MEMBER_ADDRESS) == 0)
        return g_strdup_printf ("'%s' is an address; a domain is needed here", text);
      return add_address (policy, set, text, row);
    }
  if ((kinds & SK_MEMBER_DOMAIN) == 0)
    return g_strdup_printf ("'%s' is no mail address", text);
  return add_domain (policy, set, text, row);
}

static gboolean
is_suffix (const char *text)
{
  g_autofree char *key = *text != '=' && strchr (text, '@') == NULL ? sk_domain_key (text) : NULL;

  return key != NULL && sk_domain_is_public_suffix (key);
}

#define SUFFIX_WARNING "'%s' is a public suffix: this means everybody's domains below it"

void
sk_members_read (SkLoader *loader, const SkNode *node, const char *what, SkMemberKinds kinds,
                 guint set)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, node, what);

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const SkNode *item = items->pdata[i];
      g_autofree char *problem = sk_members_add (loader->policy, set, kinds, item->text, i);

      if (problem != NULL)
        sk_loader_error (loader, item, "%s", problem);
      else if (is_suffix (item->text))
        sk_loader_warn (loader, item, SUFFIX_WARNING, item->text);
    }
}

/* No address and no domain begins with a slash. */
guint
sk_policy_value_set (SkPolicy *policy, const char *what, const char *value)
{
  g_autofree char *key = g_strconcat ("/", what, "/", value, NULL);
  guint set = sk_sets_find_value (policy->sets, key);

  if (set != G_MAXUINT)
    return set;
  set = sk_members_new (policy);
  sk_sets_add_address (policy->sets, set, key, 0);
  return set;
}

guint
sk_list_rows (const SkList *self)
{
  return self->csv != NULL ? sk_csv_rows (self->csv) : self->values->len;
}

static const char *
row_key (const SkList *self, guint row)
{
  return self->csv != NULL ? sk_csv_field (self->csv, row, 0) : self->values->pdata[row];
}

static void
complain_of_row (const SkList *self, SkLoader *loader, guint row, gboolean warning,
                 const char *format, ...) G_GNUC_PRINTF (5, 6);

static void
complain_of_row (const SkList *self, SkLoader *loader, guint row, gboolean warning,
                 const char *format, ...)
{
  const SkNode *node
      = self->nodes != NULL && row < self->nodes->len ? self->nodes->pdata[row] : NULL;
  guint line = self->csv != NULL ? sk_csv_line (self->csv, row) : node != NULL ? node->line : 0;
  va_list arguments;

  va_start (arguments, format);
  sk_problems_add_valist (loader->problems, warning, self->file != NULL ? self->file : loader->file,
                          line, node != NULL ? node->column : 0, format, arguments);
  va_end (arguments);
}

guint
sk_list_set (SkList *self, SkLoader *loader)
{
  if (self->set != G_MAXUINT)
    return self->set;
  self->set = sk_members_new (loader->policy);
  for (guint row = 0; row < sk_list_rows (self); row++)
    {
      const char *key = row_key (self, row);
      SkMemberKinds kinds = self->group ? SK_MEMBER_ADDRESS : SK_MEMBER_ANY;
      g_autofree char *problem = sk_members_add (loader->policy, self->set, kinds, key, row);

      if (problem != NULL)
        complain_of_row (self, loader, row, FALSE, "%s", problem);
      else if (is_suffix (key))
        complain_of_row (self, loader, row, TRUE, SUFFIX_WARNING, key);
    }
  return self->set;
}

guint
sk_list_pattern (SkList *self, SkLoader *loader)
{
  if (self->pattern != G_MAXUINT)
    return self->pattern;
  self->pattern = loader->policy->patterns++;
  for (guint row = 0; row < sk_list_rows (self); row++)
    if (!sk_words_builder_add (loader->words, row_key (self, row), self->pattern))
      complain_of_row (self, loader, row, FALSE, "an empty word");
  return self->pattern;
}

gboolean
sk_list_use_companies (SkList *self, SkLoader *loader, const SkNode *node)
{
  SkCompaniesBuilder *builder;

  if (self->companies != NULL)
    return TRUE;
  if (self->csv == NULL || sk_csv_columns (self->csv) < 2)
    {
      sk_loader_error (loader, node,
                       "the list '%s' has no columns with company names behind the first",
                       self->name);
      return FALSE;
    }
  builder = sk_companies_builder_new ();
  for (guint row = 0; row < sk_csv_rows (self->csv); row++)
    for (guint column = 1; column < sk_csv_columns (self->csv); column++)
      {
        const char *name = sk_csv_field (self->csv, row, column);

        if (*name != '\0' && !sk_companies_builder_add (builder, name, row))
          complain_of_row (self, loader, row, FALSE, "'%s' is no company name by itself", name);
      }
  self->companies = sk_companies_builder_finish (builder);
  return TRUE;
}

/* --- lookalikes ----------------------------------------------------------------------------- */

/* A word that reads like a domain does no harm. */
static void
add_row_domain (GPtrArray *domains, const char *text)
{
  const char *at = strrchr (text, '@');
  g_autofree char *key = NULL;

  if (at != NULL)
    text = at + 1;
  else if (*text == '=')
    text++;
  if (strchr (text, '.') != NULL && (key = possible_domain_key (text)) != NULL)
    g_ptr_array_add (domains, g_steal_pointer (&key));
}

static gboolean
is_built_in (const SkList *self)
{
  return self->csv == NULL && self->nodes == NULL;
}

SkLookalikes *
sk_lists_lookalikes (const SkPolicy *policy)
{
  g_autoptr (GPtrArray) domains = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < policy->own_domains->len; i++)
    g_ptr_array_add (domains, g_strdup (policy->own_domains->pdata[i]));
  for (guint i = 0; i < policy->lists->len; i++)
    {
      const SkList *list = policy->lists->pdata[i];

      for (guint row = 0; !is_built_in (list) && row < sk_list_rows (list); row++)
        add_row_domain (domains, row_key (list, row));
    }
  return sk_lookalikes_new (domains);
}

/* --- reading -------------------------------------------------------------------------------- */

static void
list_file (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkList *self = into;
  const char *name = sk_loader_text (loader, value);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (name == NULL || (text = sk_loader_read_file (loader, value, name, &length)) == NULL)
    return;
  g_free (self->file);
  self->file = g_strdup (name);
  self->csv = sk_csv_parse (text, length, name, &error);
  if (self->csv == NULL)
    sk_problems_add_error (loader->problems, name, error);
  else if (sk_csv_rows (self->csv) == 0)
    sk_problems_add (loader->problems, FALSE, name, 0, 0, "no rows: the list would never match");
}

/* NULL, or what is wrong with it. */
static char *
check_domain (const char *text)
{
  g_autofree char *key = possible_domain_key (*text == '=' ? text + 1 : text);

  return key != NULL ? NULL : no_domain (text);
}

/* A list of domains that no rule uses is checked too; of words, anything may be one. */
static void
add_values (SkLoader *loader, const SkNode *value, SkList *self, const char *what,
            SkMemberKinds kinds)
{
  g_autoptr (GPtrArray) items = sk_loader_items (loader, value, what);

  if (self->nodes == NULL)
    self->nodes = g_ptr_array_new ();
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const SkNode *item = items->pdata[i];
      gboolean address = strchr (item->text, '@') != NULL;

      g_autofree char *problem = address || kinds != SK_MEMBER_DOMAIN ? NULL : check_domain (item->text);

      if (kinds != SK_MEMBER_ANY && address != (kinds == SK_MEMBER_ADDRESS))
        sk_loader_error (loader, item, address ? "'%s' is an address; a domain is needed here"
                                               : "'%s' is no mail address", item->text);
      if (problem != NULL)
        {
          sk_loader_error (loader, item, "%s", problem);
          continue;
        }
      g_ptr_array_add (self->values, g_strdup (item->text));
      g_ptr_array_add (self->nodes, (gpointer) item);
    }
}

static void
list_domains (SkLoader *loader, const SkNode *value, gpointer into)
{
  add_values (loader, value, into, "domains", SK_MEMBER_DOMAIN);
}

static void
list_addresses (SkLoader *loader, const SkNode *value, gpointer into)
{
  add_values (loader, value, into, "addresses", SK_MEMBER_ADDRESS);
}

static void
list_words (SkLoader *loader, const SkNode *value, gpointer into)
{
  add_values (loader, value, into, "words", SK_MEMBER_ANY);
}

static void
list_builtin (SkLoader *loader, const SkNode *value, gpointer into)
{
  SkList *self = into;
  const char *const *names = sk_builtin_list_names ();
  int i = sk_loader_word (loader, value, "built-in list", names);

  if (i < 0)
    return;
  for (const char *const *domain = sk_builtin_list (names[i]); *domain != NULL; domain++)
    g_ptr_array_add (self->values, g_strdup (*domain));
}

static const SkField list_fields[] = {
  { "file", list_file },
  { "domains", list_domains },
  { "addresses", list_addresses },
  { "words", list_words },
  { "builtin", list_builtin },
  { NULL },
};
const SkFieldTable sk_list_table = { "list", list_fields };

/* The name is taken once for lists and groups together, since `in` may mean either. */
static gboolean
enter (SkLoader *loader, const SkNode *key, SkList *list)
{
  g_ptr_array_add (loader->policy->lists, list);
  if (g_hash_table_insert (loader->names, list->name, list))
    return TRUE;
  sk_loader_error (loader, key, "'%s' is the name of a list and of a group", key->text);
  return FALSE;
}

static gboolean
is_named_block (SkLoader *loader, const SkNode *value, const char *what)
{
  if (value->kind == SK_NODE_MAPPING && value->keys->len > 0)
    return TRUE;
  if (value->kind == SK_NODE_MAPPING || sk_node_is_empty (value))
    sk_loader_error (loader, value, "empty '%s'", what);
  else
    sk_loader_error (loader, value, "'%s' must be a block of names", what);
  return FALSE;
}

void
sk_lists_read (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (!is_named_block (loader, value, "lists"))
    return;
  for (guint i = 0; i < value->keys->len; i++)
    {
      const SkNode *key = value->keys->pdata[i], *node = value->children->pdata[i];
      SkList *list = list_new (key->text);

      enter (loader, key, list);
      if (sk_loader_read_mapping (loader, node, &sk_list_table, list) && list->csv != NULL
          && list->values->len > 0)
        sk_loader_error (loader, node, "a list is either a file or written out, not both");
    }
}

static void
read_group (SkLoader *loader, const SkNode *value, SkList *group)
{
  add_values (loader, value, group, group->name, SK_MEMBER_ADDRESS);
  group->members = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_address_free);
  for (guint i = 0; i < group->values->len; i++)
    {
      SkAddress *address = sk_address_new (group->values->pdata[i], NULL);

      if (address != NULL && !is_possible (address->domain))
        g_clear_pointer (&address, sk_address_free);
      if (address != NULL)
        g_ptr_array_add (group->members, address);
      else if (strchr (group->values->pdata[i], '@') != NULL)
        complain_of_row (group, loader, i, FALSE, "'%s' is no mail address",
                         (char *) group->values->pdata[i]);
    }
}

void
sk_groups_read (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (!is_named_block (loader, value, "groups"))
    return;
  for (guint i = 0; i < value->keys->len; i++)
    {
      const SkNode *key = value->keys->pdata[i];
      SkList *group = list_new (key->text);

      group->group = TRUE;
      enter (loader, key, group);
      read_group (loader, value->children->pdata[i], group);
    }
}

SkList *
sk_lists_lookup (SkLoader *loader, const char *name)
{
  SkList *list = g_hash_table_lookup (loader->names, name);

  if (list == NULL && loader->outer != NULL)
    list = g_hash_table_lookup (loader->outer, name);
  return list;
}

static void
add_names (GHashTable *names, GPtrArray *into)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (into, name);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

SkList *
sk_lists_find (SkLoader *loader, const SkNode *node)
{
  const char *name = sk_loader_text (loader, node);
  SkList *list = name != NULL ? sk_lists_lookup (loader, name) : NULL;
  g_autoptr (GPtrArray) names = NULL;

  if (list != NULL || name == NULL)
    return list;
  names = g_ptr_array_new ();
  add_names (loader->names, names);
  if (loader->outer != NULL)
    add_names (loader->outer, names);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  sk_loader_unknown (loader, node, "list or group", name, (const char *const *) names->pdata);
  return NULL;
}

void
sk_lists_finish (SkPolicy *policy)
{
  for (guint i = 0; i < policy->lists->len; i++)
    {
      SkList *list = policy->lists->pdata[i];

      g_clear_pointer (&list->csv, sk_csv_free);
      g_clear_pointer (&list->nodes, g_ptr_array_unref);
    }
}
