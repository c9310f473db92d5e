/* The body's texts. Only for this room. */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-part.h"

typedef struct {
  GPtrArray *texts;   /* SkText*, empty unless they were asked for */
  GHashTable *shown;  /* content ids that HTML texts show; NULL when nobody asks */
  gboolean is_signed, is_encrypted; /* PGP armour at the start of a text */
  gsize left;         /* bytes that may be decoded still */
  gboolean cut;       /* the limit was met */
} SkBody;

void sk_body_init (SkBody *self, const SkMessageLimits *limits, gboolean want_shown);
void sk_body_clear (SkBody *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkBody, sk_body_clear)

/* Reads the body texts among the parts: all when `want_texts`, else as little as is needed. */
void sk_body_read (SkBody *self, const SkPartList *list, SkMailSource *source, gboolean want_texts);

void sk_text_free (gpointer text);
