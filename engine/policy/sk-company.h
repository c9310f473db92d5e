/* Company names in texts, for `mismatch`: which listed companies does a text name?
 *
 * Company forms (株式会社, (株), ㈱, 有限会社, Co., Ltd., Inc., …) don't matter on either side. A
 * name inside a longer listed name doesn't count (日本電気 in 日本電気硝子 when that is listed
 * too), nor one that is continued by a digit, Latin letter or katakana of its own kind (第27商会 in
 * 第271商会).
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef struct _SkCompanies SkCompanies;
typedef struct _SkCompaniesBuilder SkCompaniesBuilder;

SkCompaniesBuilder *sk_companies_builder_new (void);
/* A name of company `id`. FALSE when nothing is left of it without its company form. */
gboolean sk_companies_builder_add (SkCompaniesBuilder *self, const char *name, guint32 id);
SkCompanies *sk_companies_builder_finish (SkCompaniesBuilder *self);
void sk_companies_free (SkCompanies *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkCompanies, sk_companies_free)

/* Adds the id of each company that the text names (valid UTF-8, not folded yet) to `found`, a
 * GHashTable used as a set of GUINT_TO_POINTER (id). The text is gone through in pieces: the memory
 * this takes does not grow with it. */
void sk_companies_find (const SkCompanies *self, const char *text, gsize length, GHashTable *found);
