/* What was found out about the content of a mail: facts about each attachment, and findings.
 *
 * Plain results, made by sk-inspect.c from what sekisho-extract and the detectors say, and read by the
 * policy. What could not be had is told as such (SK_UNKNOWN, a NULL text with its reason), never
 * left out.
 */
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

typedef enum { SK_NO = 0, SK_UNKNOWN = 1, SK_YES = 2 } SkTruth;

/* What kind of place in a document a stretch of text comes from. */
typedef enum {
  SK_SECTION_TEXT,  /* running text; a place in it is told by its line */
  SK_SECTION_PAGE,  /* number: the page */
  SK_SECTION_SHEET, /* label: the sheet's name; lines are rows, tabs part cells */
  SK_SECTION_SLIDE, /* number: the slide */
  SK_SECTION_NOTE,  /* beside the text: label says "header", "footer", "comment", "note", "properties", … */
} SkSectionKind;

/* A stretch of an attachment's text. Sections follow one another and cover the text. */
typedef struct {
  SkSectionKind kind;
  char *label;       /* or NULL */
  guint number;      /* from 1; 0 when there is none */
  guint row, column; /* of a sheet's first cell here, from 1; else 0 */
  char *member;      /* the file inside the attachment, "a.zip/見積.docx" without the attachment's own
                        name; NULL: the attachment itself */
  gsize start, length; /* bytes of the text */
} SkSection;

/* What was found out about the content of an attachment. */
typedef struct {
  guint index;    /* SkAttachment.index */
  SkTruth readable, encrypted, disguised;
  char *type;     /* by content, "application/pdf"; NULL: unknown */
  char *text;     /* UTF-8; NULL: could not be had. "" for what has none (images, programs) */
  gsize length;
  char *reason;   /* why it is not readable, in English: "damaged", "encrypted", the limit's name; NULL */
  GPtrArray *sections; /* SkSection*, in the order of the text; NULL: one, running text */
} SkAttachmentFacts;

/* Where in a mail something stands. */
typedef enum {
  SK_PLACE_SUBJECT = 1 << 0,
  SK_PLACE_BODY = 1 << 1,
  SK_PLACE_ATTACHMENTS = 1 << 2,
  SK_PLACE_ATTACHMENT_NAMES = 1 << 3,
  SK_PLACE_ALL = 15,
} SkPlaces;

/* What a detector found in one place. Of findings with a value, equal values count once; a finding
 * without one counts as `count`. */
typedef struct {
  char *kind;        /* "credit-card" */
  SkPlaces place;    /* one of them */
  guint attachment;  /* SkAttachment.index, for the last two places; else 0 */
  char *value;       /* normalised, or NULL */
  guint count;
  guint text;          /* for SK_PLACE_BODY: number of the SkText; else 0 */
  gsize start, length; /* bytes of the text as it was before folding */
} SkFinding;

/* What inspection gathered. An attachment without facts is unknown; a detector that is not among
 * `detectors` was not run. */
typedef struct {
  GPtrArray *attachments;  /* SkAttachmentFacts* */
  GPtrArray *findings;     /* SkFinding* */
  char **detectors;        /* names of those that were run over all that could be read */
} SkInspection;

void sk_section_free (SkSection *self);
void sk_attachment_facts_free (SkAttachmentFacts *self);
void sk_finding_free (SkFinding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkSection, sk_section_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkAttachmentFacts, sk_attachment_facts_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkFinding, sk_finding_free)

SkInspection *sk_inspection_new (void); /* nothing inspected, no detector run */
void sk_inspection_free (SkInspection *self);
/* When they were searched: what is left are facts and findings. */
void sk_inspection_forget_texts (SkInspection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SkInspection, sk_inspection_free)
