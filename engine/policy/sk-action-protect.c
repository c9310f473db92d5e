// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-action.h"

#include "sk-lists.h"

#include <string.h>

typedef enum {
  PASSWORD_DEFAULT,
  PASSWORD_RANDOM,
  PASSWORD_FIXED,
  PASSWORD_LIST,
  PASSWORD_CODE
} PasswordKind;

/* One telling of a password or hint. */
typedef struct {
  int tell, to; /* -1: not said */
  gint64 after; /* -1: not said */
} Notice;

/* What a `protect` block says, and then a row of a list over it. */
typedef struct {
  int as, method, archive, per; /* -1: not said */
  gint64 expires, downloads;
  PasswordKind password;
  gint64 random;
  char *fixed, *hint, *template_name;
  Notice notice;
  GArray *notices; /* Notice */
  SkList *list;          /* of `as: registered` */
  SkList *password_list; /* of `password: {from: …}` */
} Terms;

typedef struct {
  const SkTreatment *treatment; /* NULL when the list tells */
  GPtrArray *rows;              /* SkTreatment* by row */
  guint set;
} Protect;

enum { ZIP, LINK, REGISTERED, NONE };
static const char *const as_words[] = { "zip", "link", "registered", "none", NULL };
static const char *const row_words[] = { "zip", "link", "none", NULL };
static const char *const method_words[] = { "aes256", "zipcrypto", NULL };
static const char *const archive_words[] = { "one", "each", NULL };
static const char *const per_words[] = { "delivery", "recipient", NULL };
enum { TELL_PASSWORD, TELL_HINT, TELL_NOBODY };
static const char *const tell_words[] = { "password", "hint", "nobody", NULL };
static const char *const to_words[] = { "recipients", "sender", NULL };

#define DEFAULT_RANDOM 12
#define LEAST_RANDOM 10

static void
protect_free (gpointer data)
{
  Protect *self = data;

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self);
}

void
sk_treatment_free (SkTreatment *self)
{
  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->as);
  g_free (self->identity);
  json_decref (self->details);
  g_free (self);
}

/* --- carrying it out ------------------------------------------------------------------------ */

static const SkTreatment *
treatment_for (const Protect *self, const SkEvaluation *evaluation, guint recipient)
{
  const SkParty *party = &evaluation->parties[recipient];

  if (self->rows == NULL)
    return self->treatment;
  g_array_set_size (evaluation->rows, 0);
  sk_sets_find_rows (evaluation->policy->sets, self->set, party->canonical, party->address->domain,
                     evaluation->rows);
  /* The index gives the newest row first; the first in the file counts. */
  return evaluation->rows->len == 0
             ? NULL
             : self->rows->pdata[g_array_index (evaluation->rows, guint32,
                                                evaluation->rows->len - 1)];
}

static void
protect_pair (const SkAction *self, SkDecision *decision, guint recipient, const SkFile *file,
              gboolean certain)
{
  const SkEvaluation *evaluation = decision->evaluation;
  gsize place = (gsize) recipient * evaluation->file_count + file->position;
  const SkTreatment *treatment;

  if (decision->treatments != NULL && decision->treatments[place] != NULL)
    return;
  treatment = treatment_for (self->data, evaluation, recipient);
  if (treatment == NULL || (!certain && strcmp (treatment->as, "none") == 0))
    return;
  /* What could not be seen can't be protected: the mail is held. */
  if (file->attachment == NULL && strcmp (treatment->as, "none") != 0)
    decision->unseen[recipient] = TRUE;
  if (decision->treatments == NULL)
    decision->treatments = g_new0 (const SkTreatment *,
                                   (gsize) evaluation->recipient_count * evaluation->file_count);
  decision->treatments[place] = treatment;
}

static const SkActionKind protect_kind
    = { .key = "protect", .free = protect_free, .on_pair = protect_pair };

/* --- treatments ----------------------------------------------------------------------------- */

static json_t *
notice_details (const Notice *notice)
{
  int tell = notice->tell < 0 ? TELL_PASSWORD : notice->tell;
  json_t *details = json_pack ("{s:s}", "tell", tell_words[tell]);

  if (tell != TELL_NOBODY)
    {
      json_object_set_new (details, "to", json_string (to_words[notice->to < 0 ? 1 : notice->to]));
      json_object_set_new (details, "after", json_integer (MAX (notice->after, 0)));
    }
  return details;
}

static PasswordKind
password_of (const Terms *terms, int as)
{
  if (terms->password != PASSWORD_DEFAULT)
    return terms->password;
  return as == LINK ? PASSWORD_CODE : PASSWORD_RANDOM;
}

static void
add_notices (const Terms *terms, json_t *details)
{
  json_t *notices;

  if (terms->notices->len == 0)
    {
      json_t *notice = notice_details (&terms->notice);

      json_object_update (details, notice);
      json_decref (notice);
      return;
    }
  notices = json_array ();
  for (guint i = 0; i < terms->notices->len; i++)
    json_array_append_new (notices, notice_details (&g_array_index (terms->notices, Notice, i)));
  json_object_set_new (details, "notices", notices);
}

static json_t *
details_of (const Terms *terms, int as)
{
  static const char *const kinds[] = { NULL, "random", "fixed", "list", "code" };
  json_t *details = json_object ();
  PasswordKind password = password_of (terms, as);

  if (as == NONE)
    return details;
  if (as == ZIP)
    {
      json_object_set_new (details, "method", json_string (method_words[MAX (terms->method, 0)]));
      json_object_set_new (details, "archive",
                           json_string (archive_words[MAX (terms->archive, 0)]));
    }
  else
    {
      json_object_set_new (details, "expires", json_integer (terms->expires));
      json_object_set_new (details, "downloads", json_integer (terms->downloads));
      json_object_set_new (details, "per", json_string (per_words[MAX (terms->per, 0)]));
    }
  json_object_set_new (details, "password", json_string (kinds[password]));
  if (password != PASSWORD_CODE)
    add_notices (terms, details);
  if (terms->hint != NULL)
    json_object_set_new (details, "hint", json_string (terms->hint));
  if (terms->template_name != NULL)
    json_object_set_new (details, "template", json_string (terms->template_name));
  return details;
}

/* Equal treatments are one, so that recipients with equal ones share a delivery. */
static const SkTreatment *
intern (SkPolicy *policy, const Terms *terms, int as)
{
  SkTreatment *self = g_new0 (SkTreatment, 1), *known;
  PasswordKind password = password_of (terms, as);
  char *details;

  self->as = g_strdup (as_words[as]);
  self->details = details_of (terms, as);
  if (as != NONE)
    {
      self->code = password == PASSWORD_CODE;
      self->random = password == PASSWORD_RANDOM ? (guint) terms->random : 0;
      if (password == PASSWORD_FIXED || password == PASSWORD_LIST)
        self->password = g_strdup (terms->fixed);
      self->per_recipient = as == LINK && terms->per == 1;
    }
  details = json_dumps (self->details, JSON_SORT_KEYS | JSON_COMPACT);
  self->identity = g_strdup_printf ("%s %u %s %s", self->as, self->random, details,
                                    self->password != NULL ? self->password : "");
  free (details);
  known = g_hash_table_lookup (policy->treatments, self->identity);
  if (known != NULL)
    {
      sk_treatment_free (self);
      return known;
    }
  g_hash_table_insert (policy->treatments, self->identity, self);
  return self;
}

/* --- reading -------------------------------------------------------------------------------- */

static void
read_as (SkLoader *loader, const SkNode *value, gpointer into)
{
  ((Terms *) into)->as = sk_loader_word (loader, value, "treatment", as_words);
}

static void
read_method (SkLoader *loader, const SkNode *value, gpointer into)
{
  ((Terms *) into)->method = sk_loader_word (loader, value, "method", method_words);
}

static void
read_archive (SkLoader *loader, const SkNode *value, gpointer into)
{
  ((Terms *) into)->archive = sk_loader_word (loader, value, "word", archive_words);
}

static void
read_per (SkLoader *loader, const SkNode *value, gpointer into)
{
  ((Terms *) into)->per = sk_loader_word (loader, value, "word", per_words);
}

static void
read_expires (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_duration (loader, value, &((Terms *) into)->expires, NULL);
}

static void
read_downloads (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_integer (loader, value, 1, 100000, &((Terms *) into)->downloads);
}

static void
read_list (SkLoader *loader, const SkNode *value, gpointer into)
{
  ((Terms *) into)->list = sk_lists_find (loader, value);
}

static void
read_tell (SkLoader *loader, const SkNode *value, gpointer into)
{
  ((Terms *) into)->notice.tell = sk_loader_word (loader, value, "word", tell_words);
}

static void
read_to (SkLoader *loader, const SkNode *value, gpointer into)
{
  ((Terms *) into)->notice.to = sk_loader_word (loader, value, "word", to_words);
}

static void
read_after (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_duration (loader, value, &((Terms *) into)->notice.after, NULL);
}

static void
read_hint (SkLoader *loader, const SkNode *value, gpointer into)
{
  const char *text = sk_loader_text (loader, value);

  g_free (((Terms *) into)->hint);
  ((Terms *) into)->hint = g_strdup (text);
}

static void
read_template (SkLoader *loader, const SkNode *value, gpointer into)
{
  g_free (((Terms *) into)->template_name);
  ((Terms *) into)->template_name = sk_loader_template (loader, value);
}

static void
notice_tell (SkLoader *loader, const SkNode *value, gpointer into)
{
  ((Notice *) into)->tell = sk_loader_word (loader, value, "word", tell_words);
}

static void
notice_to (SkLoader *loader, const SkNode *value, gpointer into)
{
  ((Notice *) into)->to = sk_loader_word (loader, value, "word", to_words);
}

static void
notice_after (SkLoader *loader, const SkNode *value, gpointer into)
{
  sk_loader_duration (loader, value, &((Notice *) into)->after, NULL);
}

static const SkField notice_fields[] = {
  { "tell", notice_tell },
  { "to", notice_to },
  { "after", notice_after },
  { NULL },
};
const SkFieldTable sk_notice_table = { "notice", notice_fields };

static void
read_notices (SkLoader *loader, const SkNode *value, gpointer into)
{
  if (value->kind != SK_NODE_LIST || value->children->len == 0)
    {
      sk_loader_error (loader, value, "'notices' must be a list of {tell, to, after}");
      return;
    }
  for (guint i = 0; i < value->children->len; i++)
    {
      Notice notice = { -1, -1, -1 };

      sk_loader_read_mapping (loader, value->children->pdata[i], &sk_notice_table, &notice);
      g_array_append_val (((Terms *) into)->notices, notice);
    }
}

static void
password_random (SkLoader *loader, const SkNode *value, gpointer into)
{
  Terms *terms = into;

  if (sk_loader_integer (loader, value, 1, 64, &terms->random) && terms->random < LEAST_RANDOM)
    sk_loader_error (loader, value, "a random password has at least %d characters", LEAST_RANDOM);
  terms->password = PASSWORD_RANDOM;
}

/* What YAML 1.1 readers and spreadsheets take for a number loses its leading zeros there. */
static gboolean
looks_numeric (const char *text)
{
  return g_ascii_isdigit (*text) && text[strspn (text, "0123456789._xXoOeE+-")] == '\0';
}

static void
password_fixed (SkLoader *loader, const SkNode *value, gpointer into)
{
  Terms *terms = into;
  const char *text = sk_loader_text (loader, value);

  g_free (terms->fixed);
  terms->fixed = g_strdup (text);
  terms->password = PASSWORD_FIXED;
  if (text != NULL && value->plain && looks_numeric (text))
    sk_loader_warn (loader, value, "the password looks like a number: write it in quotes");
}

/* "list" is the list of `as: registered` itself. */
static void
password_from (SkLoader *loader, const SkNode *value, gpointer into)
{
  Terms *terms = into;
  const char *text = sk_loader_text (loader, value);

  terms->password = PASSWORD_LIST;
  if (text != NULL && (strcmp (text, "list") != 0 || sk_lists_lookup (loader, text) != NULL))
    terms->password_list = sk_lists_find (loader, value);
}

#define SHARED_FIELDS                                                                              \
  { "tell", read_tell }, { "hint", read_hint }, { "to", read_to }, { "after", read_after },        \
      { "template", read_template }, { "notices", read_notices }

static const SkField password_fields[] = {
  { "random", password_random },
  { "fixed", password_fixed },
  { "from", password_from },
  SHARED_FIELDS,
  { NULL },
};
const SkFieldTable sk_password_table = { "password", password_fields };

static void
read_password (SkLoader *loader, const SkNode *value, gpointer into)
{
  Terms *terms = into;
  static const char *const words[] = { "code", NULL };

  if (value->kind == SK_NODE_MAPPING || sk_node_is_empty (value))
    sk_loader_read_mapping (loader, value, &sk_password_table, terms);
  else if (value->kind == SK_NODE_SCALAR && strcmp (value->text, "code") != 0)
    sk_loader_error (loader, value,
                     "'%s' is no kind of password: write {fixed: …}, {random: 12}, {from: LIST} or "
                     "code", value->text);
  else if (sk_loader_word (loader, value, "password", words) == 0)
    terms->password = PASSWORD_CODE;
}

static const SkField protect_fields[] = {
  { "as", read_as },
  { "method", read_method },
  { "archive", read_archive },
  { "expires", read_expires },
  { "downloads", read_downloads },
  { "per", read_per },
  { "list", read_list },
  { "password", read_password },
  SHARED_FIELDS,
  { NULL },
};
const SkFieldTable sk_protect_table = { "protect", protect_fields };

/* --- checks --------------------------------------------------------------------------------- */

static gboolean
tells (const Terms *terms, int tell)
{
  if (terms->notices->len == 0)
    return (terms->notice.tell < 0 ? TELL_PASSWORD : terms->notice.tell) == tell;
  for (guint i = 0; i < terms->notices->len; i++)
    {
      int told = g_array_index (terms->notices, Notice, i).tell;

      if ((told < 0 ? TELL_PASSWORD : told) == tell)
        return TRUE;
    }
  return FALSE;
}

/* NULL, or what is wrong with the password and its telling; *warning says how much. */
static const char *
check_password (const Terms *terms, int as, gboolean *warning)
{
  PasswordKind password = password_of (terms, as);

  *warning = FALSE;
  if (as == NONE || password == PASSWORD_LIST)
    return NULL;
  if (password == PASSWORD_CODE && as == ZIP)
    return "a ZIP has no one-time code: 'password: code' is for links";
  if (password == PASSWORD_CODE)
    return NULL;
  if (tells (terms, TELL_HINT) && terms->hint == NULL)
    return "'tell: hint' needs 'hint'";
  *warning = TRUE;
  if (password == PASSWORD_RANDOM && !tells (terms, TELL_PASSWORD))
    return tells (terms, TELL_HINT)
               ? "only a hint is told of a random password: nobody can know it"
               : "nobody is told the random password: nobody can open what it protects";
  return NULL;
}

/* Keys that say nothing about this treatment were meant for another one. */
static void
check_keys (SkLoader *loader, const SkNode *node, int as)
{
  static const struct {
    const char *key;
    guint fits; /* bits of the treatments */
  } rules[] = {
    { "method", 1 << ZIP | 1 << REGISTERED },      { "archive", 1 << ZIP | 1 << REGISTERED },
    { "expires", 1 << LINK | 1 << REGISTERED },    { "downloads", 1 << LINK | 1 << REGISTERED },
    { "per", 1 << LINK | 1 << REGISTERED },        { "list", 1 << REGISTERED },
    { "password", 1 << ZIP | 1 << LINK | 1 << REGISTERED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if ((rules[i].fits >> as & 1) == 0 && sk_node_get (node, rules[i].key) != NULL)
      sk_loader_error (loader, sk_node_get (node, rules[i].key), "'%s' says nothing about 'as: %s'",
                       rules[i].key, as_words[as]);
}

/* --- rows of a list ------------------------------------------------------------------------- */

enum { COLUMN_AS, COLUMN_PASSWORD, COLUMN_TELL, COLUMN_HINT, COLUMNS };
static const char *const row_columns[COLUMNS] = { "as", "password", "tell", "hint" };

typedef struct {
  SkLoader *loader;
  const SkList *list;
  int columns[COLUMNS];
} Rows;

static const char *
row_field (const Rows *rows, guint row, int column)
{
  return rows->columns[column] < 0
             ? "" : sk_csv_field (rows->list->csv, row, (guint) rows->columns[column]);
}

static int
row_word (const Rows *rows, guint row, int column, const char *const *words)
{
  const char *text = row_field (rows, row, column);

  for (int i = 0; words[i] != NULL; i++)
    if (g_ascii_strcasecmp (words[i], text) == 0)
      return i;
  return -1;
}

static void
complain_of_row (const Rows *rows, guint row, gboolean warning, const char *message)
{
  sk_problems_add (rows->loader->problems, warning, rows->list->file,
                   sk_csv_line (rows->list->csv, row), 0, "%s", message);
}

/* The row's columns over what the rule says; the texts stay the row's. */
static void
apply_row (const Rows *rows, guint row, Terms *terms, gboolean registered)
{
  const char *password = row_field (rows, row, COLUMN_PASSWORD);
  int tell = row_word (rows, row, COLUMN_TELL, tell_words);

  if (registered && (*password == '\0' || strcmp (password, "random") == 0))
    terms->password = PASSWORD_RANDOM;
  else if (registered && strcmp (password, "code") == 0)
    terms->password = PASSWORD_CODE;
  else
    {
      terms->password = registered ? PASSWORD_FIXED : PASSWORD_LIST;
      terms->fixed = (char *) password;
      if (*password == '\0')
        complain_of_row (rows, row, FALSE, "the password is missing");
    }
  if (*row_field (rows, row, COLUMN_HINT) != '\0')
    terms->hint = (char *) row_field (rows, row, COLUMN_HINT);
  if (tell >= 0)
    {
      terms->notice.tell = tell;
      terms->notices = g_array_new (FALSE, FALSE, sizeof (Notice));
    }
  else if (*row_field (rows, row, COLUMN_TELL) != '\0')
    complain_of_row (rows, row, FALSE, "'tell' is one of password, hint, nobody");
}

static const SkTreatment *
read_row (const Rows *rows, guint row, const Terms *base)
{
  static const int as_of_word[] = { ZIP, LINK, NONE };
  Terms terms = *base;
  gboolean registered = base->as == REGISTERED, warning;
  int word = registered ? row_word (rows, row, COLUMN_AS, row_words) : -1;
  const SkTreatment *treatment;
  const char *problem;

  if (registered && word < 0)
    {
      complain_of_row (rows, row, FALSE, "'as' is one of zip, link, none");
      return NULL;
    }
  apply_row (rows, row, &terms, registered);
  terms.as = registered ? as_of_word[word] : base->as;
  problem = check_password (&terms, terms.as, &warning);
  if (problem != NULL)
    complain_of_row (rows, row, warning, problem);
  treatment = intern (rows->loader->policy, &terms, terms.as);
  if (terms.notices != base->notices)
    g_array_unref (terms.notices);
  return treatment;
}

static void
read_rows (SkLoader *loader, const SkNode *node, const Terms *terms, SkList *list, Protect *protect)
{
  Rows rows = { .loader = loader, .list = list };
  gboolean registered = terms->as == REGISTERED;
  int needed = registered ? COLUMN_AS : COLUMN_PASSWORD;

  if (list->csv == NULL)
    {
      sk_loader_error (loader, node,
                       "the list '%s' is no file with columns (key,%spassword,tell,hint)",
                       list->name, registered ? "as," : "");
      return;
    }
  for (int i = 0; i < COLUMNS; i++)
    rows.columns[i] = sk_csv_find_column (list->csv, row_columns[i]);
  if (rows.columns[needed] < 0)
    {
      sk_problems_add (loader->problems, FALSE, list->file, 1, 0, "the column '%s' is missing",
                       row_columns[needed]);
      return;
    }
  protect->set = sk_list_set (list, loader);
  protect->rows = g_ptr_array_new ();
  for (guint row = 0; row < sk_csv_rows (list->csv); row++)
    g_ptr_array_add (protect->rows, (gpointer) read_row (&rows, row, terms));
}

static void
settle (SkLoader *loader, const SkNode *node, const Terms *terms, Protect *protect)
{
  gboolean warning;
  const char *problem = check_password (terms, terms->as, &warning);

  if (terms->as == REGISTERED && terms->list == NULL)
    {
      if (sk_node_get (node, "list") == NULL)
        sk_loader_error (loader, node, "'as: registered' needs a 'list'");
      return;
    }
  if (terms->as == REGISTERED)
    read_rows (loader, node, terms, terms->list, protect);
  else if (terms->password == PASSWORD_LIST && terms->password_list != NULL)
    read_rows (loader, node, terms, terms->password_list, protect);
  else if (terms->password == PASSWORD_LIST)
    sk_loader_error (loader, node, "'password: {from: …}' needs the name of a list");
  else
    {
      if (problem != NULL && warning)
        sk_loader_warn (loader, node, "%s", problem);
      else if (problem != NULL)
        sk_loader_error (loader, node, "%s", problem);
      protect->treatment = intern (loader->policy, terms, terms->as);
    }
}

void
sk_action_protect (SkLoader *loader, const SkNode *value, gpointer into)
{
  Terms terms = { .as = -1, .method = -1, .archive = -1, .per = -1, .expires = 7 * 86400,
                  .downloads = 10, .random = DEFAULT_RANDOM, .notice = { -1, -1, -1 } };
  Protect *protect = g_new0 (Protect, 1);
  guint errors = loader->problems->errors;

  terms.notices = g_array_new (FALSE, FALSE, sizeof (Notice));
  if (sk_loader_read_mapping (loader, value, &sk_protect_table, &terms)
      && sk_node_get (value, "as") == NULL)
    sk_loader_error (loader, value, "'protect' needs 'as': zip, link, registered or none");
  if (terms.as >= 0)
    check_keys (loader, value, terms.as);
  if (terms.as >= 0 && loader->problems->errors == errors)
    settle (loader, value, &terms, protect);
  sk_action_add (into, &protect_kind, protect)->permits = terms.as == NONE;
  g_array_unref (terms.notices);
  g_free (terms.fixed);
  g_free (terms.hint);
  g_free (terms.template_name);
}
