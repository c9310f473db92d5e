/* YAML as the policy language uses it: mappings, lists and scalars with their places, nothing else.
 *
 * Anchors, aliases, tags and duplicate keys are problems. The tree is the caller's and borrows
 * nothing from the text. A text that is no YAML gives its problem and no tree for the document in
 * which it lies.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-problem.h"

#include <glib.h>

typedef enum { SK_NODE_SCALAR, SK_NODE_LIST, SK_NODE_MAPPING } SkNodeKind;

typedef struct {
  SkNodeKind kind;
  guint line, column;   /* from 1 */
  gboolean plain;       /* a scalar without quotes */
  char *text;           /* of a scalar */
  GPtrArray *keys;      /* SkNode*, scalars; of a mapping */
  GPtrArray *children;  /* SkNode*; a mapping's values stand as its keys do */
} SkNode;

void sk_node_free (SkNode *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkNode, sk_node_free)

/* The documents of a text (separated by "---"), SkNode*; an empty text has none. `file` is for the
 * problems. */
GPtrArray *sk_yaml_parse (const char *text, gsize length, const char *file, SkProblems *problems);

/* The value of a mapping's key, or NULL; also NULL when `self` is no mapping. */
const SkNode *sk_node_get (const SkNode *self, const char *key);
/* TRUE for a scalar without text: "key:" with nothing behind it. */
gboolean sk_node_is_empty (const SkNode *self);
