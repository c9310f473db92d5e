/* A policy as it is in memory: compiled once, read by every evaluation. Private to this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-calendar.h"
#include "sk-company.h"
#include "sk-lookalike.h"
#include "sk-people.h"
#include "sk-policy.h"
#include "sk-sets.h"
#include "sk-words.h"

#include <glib.h>

typedef struct _SkTest SkTest;
typedef struct _SkAction SkAction;
typedef struct _SkList SkList;
typedef struct _SkTreatment SkTreatment;
typedef struct _SkTemplates SkTemplates;
typedef struct _SkTriggers SkTriggers;

typedef struct {
  char *ja, *en; /* either may be NULL */
} SkLocalized;

static inline void
sk_localized_clear (SkLocalized *self)
{
  g_clear_pointer (&self->ja, g_free);
  g_clear_pointer (&self->en, g_free);
}

/* A duration; of business time where that is said. */
typedef struct {
  gint64 seconds;
  gboolean business;
} SkWait;

typedef struct {
  char *id;
  SkLocalized title;
  SkTest *condition;   /* NULL: always */
  SkTest *exception;   /* NULL: none */
  GPtrArray *actions;  /* SkAction* */
  gboolean personal;
  gboolean monitor, disabled;
  gboolean offline;              /* only while the server was not heard of for `offline_after` */
  gboolean skip_unknown;         /* on-error: skip */
  guint detectors;               /* bits: whose finds it asks about */
  guint32 active_from, active_until; /* julian days, both included; 0: no bound */
  guint line;
} SkRule;

/* What a reject says that doesn't say otherwise; texts and address are NULL where not said. */
typedef struct {
  SkLocalized message;
  int notify;      /* -1: not said */
  int recipients;  /* scope: recipients; -1: not said */
  char *forward;
} SkRefusal;

struct _SkPolicy {
  gatomicrefcount references;
  guint64 revision;
  char *sha256;
  char *organization;
  char *timezone_name;
  GTimeZone *timezone;
  SkHours hours;
  gboolean has_hours;
  SkPeople *people;
  SkSets *sets;
  GArray *set_scopes;    /* [set]: guint, SkScope bits of its members */
  GPtrArray *own_domains; /* char*, comparing form */
  guint internal_set, affiliate_set;
  /* Signals that are no addresses: a mail with attachments; a sender who is not in people.csv. */
  guint files_set, stranger_set;
  gboolean asks_extensions, asks_lookalike;
  SkLookalikes *lookalikes; /* of own and listed domains; NULL: no rule asks */
  GPtrArray *lists;      /* SkList* */
  GHashTable *treatments; /* identity → SkTreatment*, each different */
  SkTemplates *templates;
  SkWords *words;        /* all words of all conditions; the id is a pattern's number */
  guint patterns;
  guint word_places;     /* SkPlaces that some pattern is looked for in */
  guint regexes;
  guint slots;           /* tests whose answer is kept during an evaluation */
  guint actions;
  GPtrArray *rules;      /* SkRule* */
  GPtrArray *resting;    /* SkRule*: those that are not enabled */
  SkTriggers *triggers;
  SkNeeds needs, monitor_needs;
  guint asked_detectors; /* bits, while it is loaded */
  char **detectors;      /* their names */
  SkRefusal refusal;
  SkWait hold_expiry;
  gint64 offline_after;  /* seconds; 0: nothing said */
  char *offline_then;
  GPtrArray *phrases_ja, *phrases_en; /* char* */
};
