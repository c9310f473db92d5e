/* Reading a policy: what the functions that read one key have in common.
 *
 * Every block of the language is a table of keys (SkFieldTable), each with the function that reads
 * its value. A function that finds something wrong says so with sk_loader_error() and goes on, so
 * that one run shows all. A condition or an action is one row in the table of its family;
 * sk_language_tables names all tables, for the editors' schema.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-compiled.h"
#include "sk-problem.h"
#include "sk-quantity.h"
#include "sk-yaml.h"

#include <glib.h>

typedef struct _SkLoader SkLoader;

/* What `count` and `in` of a block say of its `find`, `words` and `regex`. */
typedef struct {
  gboolean in_attachment;
  guint places; /* SkPlaces */
  gboolean has_count;
  SkComparison count;
} SkSearchTerms;

struct _SkLoader {
  SkPolicy *policy;
  SkProblems *problems;
  const char *folder; /* from which files are read */
  const char *file;   /* its name in problems */
  GHashTable *names;  /* of lists and groups: char* → SkList* (the policy's) */
  GHashTable *outer;  /* personal rules: the organisation's names; else NULL */
  gboolean personal, offline;
  SkWordsBuilder *words;
  GHashTable *rule_ids; /* a set, borrowed */
  const char *people_file;
  const char *const *only; /* ids of the rules in force; NULL: all */
  /* while one rule is read */
  gboolean envelope_only;  /* recipients are counted by the envelope alone */
  gboolean uses_manager_scope; /* a "scope: manager" was read */
  gboolean needs_managers;     /* the rule is of no use to people without a manager */
  SkSearchTerms terms;
  SkNeeds needs;           /* collected from its tests */
  guint detectors;         /* the same: bits of which are asked */
};

typedef void (*SkFieldFunc) (SkLoader *loader, const SkNode *value, gpointer into);

typedef struct {
  const char *key;
  SkFieldFunc read;
  gboolean personal; /* in a table of actions: may stand in personal rules */
} SkField;

typedef struct {
  const char *name; /* what the block is called in messages and in the schema */
  const SkField *fields; /* up to one without key */
} SkFieldTable;

/* All blocks of the language, up to NULL. */
extern const SkFieldTable *const sk_language_tables[];

void sk_loader_error (SkLoader *self, const SkNode *at, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void sk_loader_warn (SkLoader *self, const SkNode *at, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Reads each key of a mapping by its row. FALSE (and a problem) when it is none or is empty. */
gboolean sk_loader_read_mapping (SkLoader *self, const SkNode *node, const SkFieldTable *table,
                                 gpointer into);
/* Complains of the keys that are not in the table. */
void sk_loader_check_keys (SkLoader *self, const SkNode *node, const SkFieldTable *table);
/* An unknown word, with a suggestion out of `candidates` (NULL-terminated). */
void sk_loader_unknown (SkLoader *self, const SkNode *at, const char *what, const char *word,
                        const char *const *candidates);

/* The readers of single values complain and return NULL, FALSE or -1 when the value is none. */
const char *sk_loader_text (SkLoader *self, const SkNode *node); /* not empty */
gboolean sk_loader_truth (SkLoader *self, const SkNode *node, gboolean *result);
int sk_loader_word (SkLoader *self, const SkNode *node, const char *what,
                    const char *const *words);
gboolean sk_loader_count (SkLoader *self, const SkNode *node, SkComparison *result);
gboolean sk_loader_size (SkLoader *self, const SkNode *node, SkComparison *result);
gboolean sk_loader_integer (SkLoader *self, const SkNode *node, gint64 least, gint64 most,
                            gint64 *result);
/* `business` may be NULL where business hours make no sense. */
gboolean sk_loader_duration (SkLoader *self, const SkNode *node, gint64 *seconds,
                             gboolean *business);
gboolean sk_loader_date (SkLoader *self, const SkNode *node, guint32 *julian);
/* "jp", or dates: added to what `calendar` holds. */
gboolean sk_loader_holidays (SkLoader *self, const SkNode *node, SkHours *calendar);
/* A list may be written as one value: the nodes of its items (borrowed; free the array). NULL when
 * it is empty or no list of scalars. */
GPtrArray *sk_loader_items (SkLoader *self, const SkNode *node, const char *what);
/* One text, or {ja: …, en: …}. */
void sk_loader_localized (SkLoader *self, const SkNode *node, SkLocalized *result);
/* A duration of the organisation's business hours needs some. */
gboolean sk_loader_has_hours (SkLoader *self, const SkNode *at);

/* A file of the folder ("lists/partners.csv"); NULL and a problem when the name leads out of it or
 * it can't be read. */
char *sk_loader_read_file (SkLoader *self, const SkNode *at, const char *name, gsize *length);
