/* The families of conditions: each reads its key of a block and adds its tests to the block.
 *
 * Adding a condition is one row in the table of its family (or in the block's, in sk-block.c) and
 * its functions.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sk-loader.h"
#include "sk-submission.h"
#include "sk-test.h"

/* A block of conditions ("if", one of "unless", a member of "any"); NULL after problems. */
SkTest *sk_block_read (SkLoader *loader, const SkNode *node, const char *name);
/* A list of blocks of which any holds, or one block. */
SkTest *sk_block_read_any (SkLoader *loader, const SkNode *node, const char *name);

void sk_condition_from (SkLoader *loader, const SkNode *value, gpointer into);
void sk_condition_to (SkLoader *loader, const SkNode *value, gpointer into);
void sk_condition_mismatch (SkLoader *loader, const SkNode *value, gpointer into);
void sk_condition_recipients (SkLoader *loader, const SkNode *value, gpointer into);
void sk_condition_attachment (SkLoader *loader, const SkNode *value, gpointer into);
void sk_condition_attachments (SkLoader *loader, const SkNode *value, gpointer into);
void sk_condition_content (SkLoader *loader, const SkNode *value, gpointer into);
void sk_condition_time (SkLoader *loader, const SkNode *value, gpointer into);
void sk_condition_message (SkLoader *loader, const SkNode *value, gpointer into);

extern const SkFieldTable sk_block_table, sk_from_table, sk_to_table, sk_mismatch_table,
    sk_recipients_table, sk_attachment_table, sk_extension_table, sk_attachments_table,
    sk_content_table, sk_word_list_table, sk_time_table, sk_message_table;

/* "a or b or 3 more", of the items of a list (SkNode*). */
char *sk_condition_names (GPtrArray *items);

/* Adds a leaf to a block and collects what it needs. `kept`: its answer is the same for all pairs
 * and costs something. */
SkTest *sk_condition_add (SkLoader *loader, gpointer into, const SkTestKind *kind,
                          SkSubjects subjects, gpointer data, SkNeeds needs, gboolean kept);

/* `to`'s own block, for `recipients: {where: …}`; and `attachment`'s for `attachments`. NULL after
 * problems. */
SkTest *sk_condition_read_to (SkLoader *loader, const SkNode *node);
SkTest *sk_condition_read_attachment (SkLoader *loader, const SkNode *node);

/* `find`, `words` and `regex`, in the blocks of `content` and `attachment`: begin before the
 * block's keys are read, end after them, since `count` and `in` may stand behind what they speak
 * of. */
SkSearchTerms sk_search_begin (SkLoader *loader, gboolean in_attachment);
void sk_search_end (SkLoader *loader, const SkNode *node, SkTest *block, SkSearchTerms before);
void sk_search_read_find (SkLoader *loader, const SkNode *value, gpointer into);
/* The names of these detectors (bits); g_strfreev. */
char **sk_search_detector_names (guint detectors);
void sk_search_read_words (SkLoader *loader, const SkNode *value, gpointer into);
void sk_search_read_regex (SkLoader *loader, const SkNode *value, gpointer into);
void sk_search_read_count (SkLoader *loader, const SkNode *value, gpointer into);

/* A pattern of words, read from a list or from {list: NAME}; G_MAXUINT after problems. `wording`
 * (g_free): the first of them, for explanations. */
guint sk_words_read (SkLoader *loader, const SkNode *node, char **wording);
