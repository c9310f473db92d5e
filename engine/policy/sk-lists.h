/* Named lists and groups: list files, inline lists, built-in lists, groups of addresses.
 *
 * What a list's rows mean depends on who uses it: as addresses and domains it becomes a set of the
 * index, as words a pattern, as companies an index of names. Each is made at its first use, so that
 * a list of words need not be one of addresses.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-csv.h"
#include "sk-loader.h"

#include <glib.h>

struct _SkList {
  char *name;
  gboolean group;
  char *file;        /* NULL unless its rows stand in a file */
  SkCsv *csv;        /* while the policy is read */
  GPtrArray *values; /* char*: rows of a list without a file */
  GPtrArray *nodes;  /* const SkNode*: where those stand; NULL for built-in lists. While the policy
                        is read */
  GPtrArray *members; /* SkAddress*: of a group */
  guint set;         /* G_MAXUINT: not used as one */
  guint pattern;
  SkCompanies *companies; /* ids are rows */
};

void sk_list_free (SkList *self);

/* Read `lists:` and `groups:`; `into` is not used. */
void sk_lists_read (SkLoader *loader, const SkNode *value, gpointer into);
void sk_groups_read (SkLoader *loader, const SkNode *value, gpointer into);
/* Own domains, and those that stand in lists of the policy, alone or in addresses. */
SkLookalikes *sk_lists_lookalikes (const SkPolicy *policy);
/* Frees what is only needed while a policy is read. */
void sk_lists_finish (SkPolicy *policy);

extern const SkFieldTable sk_list_table;

/* The list or group of that name, or NULL and a problem. */
SkList *sk_lists_find (SkLoader *loader, const SkNode *node);
/* The same without a problem. */
SkList *sk_lists_lookup (SkLoader *loader, const char *name);

guint sk_list_rows (const SkList *self);
/* Its number in the index of sets; rows that are neither address nor domain are problems. */
guint sk_list_set (SkList *self, SkLoader *loader);
/* Its first column as words. */
guint sk_list_pattern (SkList *self, SkLoader *loader);
/* Its other columns as names of the row's company; FALSE (and a problem at `node`) when it has
 * none. */
gboolean sk_list_use_companies (SkList *self, SkLoader *loader, const SkNode *node);

/* A new set of the index. */
guint sk_members_new (SkPolicy *policy);
typedef enum { SK_MEMBER_ADDRESS = 1, SK_MEMBER_DOMAIN = 2, SK_MEMBER_ANY = 3 } SkMemberKinds;
/* Adds "a@x.jp", "x.jp" or "=x.jp" to a set, in any spelling. NULL, or what is wrong with it
 * (g_free). */
char *sk_members_add (SkPolicy *policy, guint set, SkMemberKinds kinds, const char *text,
                      guint32 row);
/* The set that stands for "its department is …" and the like: the same for the same value. */
guint sk_policy_value_set (SkPolicy *policy, const char *what, const char *value);
/* The items of a node, each added; problems are told. */
void sk_members_read (SkLoader *loader, const SkNode *node, const char *what, SkMemberKinds kinds,
                      guint set);
