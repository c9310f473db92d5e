/* people.csv: who works here, who is whose manager and deputy, which addresses are one person. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-problem.h"

#include <glib.h>

typedef struct _SkPerson SkPerson;
struct _SkPerson {
  char *address;             /* as written */
  char *key;                 /* comparing form */
  char *name;
  char *department;          /* folded for comparing; "" when there is none */
  char *employment;
  const SkPerson *manager;   /* NULL: none */
  const SkPerson *deputy;
  GPtrArray *aliases;        /* char*, comparing form */
  guint line;                /* in the file */
};

typedef struct _SkPeople SkPeople;

/* No people. */
SkPeople *sk_people_new (void);
/* Reads people.csv; what is wrong in it becomes problems. Never NULL. */
SkPeople *sk_people_parse (const char *text, gsize length, const char *file, SkProblems *problems);
void sk_people_free (SkPeople *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkPeople, sk_people_free)

/* The person whose address or alias `key` (comparing form) is, or NULL. */
const SkPerson *sk_people_find (const SkPeople *self, const char *key);
/* By which address a key compares: its person's, or itself. */
const char *sk_people_canonical (const SkPeople *self, const char *key);
guint sk_people_count (const SkPeople *self);
const SkPerson *sk_people_at (const SkPeople *self, guint i); /* in the order of the file */
/* Indexes in sk_people_at(), in the order of the addresses. */
const guint *sk_people_sorted (const SkPeople *self);
