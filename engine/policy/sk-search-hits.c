// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-search-hits.h"

#include "sk-normal.h"
#include "sk-evaluation.h"
#include "sk-readings.h"
#include "sk-search.h"

#include <string.h>

/* --- from the text that is compared back to the text itself ------------------------------------- */

/* Walks over a text in pieces; places are asked for in their order. */
typedef struct {
  SkNormalForm form;
  const char *text, *end;
  const char *at, *next; /* the piece */
  gsize passed;          /* bytes of what was compared, before the piece */
  GString *piece;        /* what it became */
} Way;

static void
way_begin (Way *self, SkNormalForm form, const char *text, gsize length)
{
  *self = (Way) { .form = form, .text = text, .end = text + length, .at = text, .next = text };
  self->piece = g_string_new (NULL);
}

static void
go_to_piece (Way *self, gsize target)
{
  while (self->next < self->end && target >= self->passed + self->piece->len)
    {
      self->passed += self->piece->len;
      self->at = self->next;
      g_string_truncate (self->piece, 0);
      self->next = sk_normal_piece (self->form, self->at, self->end, self->piece);
    }
}

static gsize
length_when_normal (const Way *self, const char *from, const char *to)
{
  gsize length;

  g_free (sk_normal_changed (self->form, from, (gsize) (to - from), G_MAXSIZE - 1, &length));
  return length;
}

/* The last place whose text before it is no longer than what is before the target: by halves. */
static gsize
source_of (Way *self, gsize target)
{
  const char *low, *high;

  go_to_piece (self, target);
  low = self->at;
  high = self->next;
  while (low < high)
    {
      const char *middle = low + (high - low + 1) / 2;

      while (middle < high && (*middle & 0xc0) == 0x80)
        middle++;
      if (self->passed + length_when_normal (self, self->at, middle) <= target)
        low = middle;
      else
        {
          high = middle - 1;
          while (high > low && (*high & 0xc0) == 0x80)
            high--;
        }
    }
  return (gsize) (low - self->text);
}

/* --- one text ----------------------------------------------------------------------------------- */

typedef struct {
  const SkPolicy *policy;
  const SkSubmission *submission;
  const SkRuleHit *hit;
  const SkSearch *search;
  GPtrArray *findings;
  guint most, left;
  gint64 *effort;
} Hunt;

typedef struct {
  Hunt *hunt;
  SkFinding where; /* `start`: that of the stretch */
  Way way;
  gsize last_end;
} Quarry;

static gboolean
add_hit (Quarry *self, gsize start, gsize length)
{
  SkFinding *finding = g_new0 (SkFinding, 1);
  Way behind;

  *finding = self->where;
  finding->kind = g_strdup (self->where.kind);
  finding->count = 1;
  finding->start += source_of (&self->way, start);
  behind = self->way;
  behind.piece = g_string_new (self->way.piece->str);
  finding->length = self->where.start + source_of (&behind, start + length) - finding->start;
  g_string_free (behind.piece, TRUE);
  g_ptr_array_add (self->hunt->findings, finding);
  return --self->hunt->left > 0;
}

/* Of words that overlap one is counted, and shown. */
static gboolean
word_cb (guint32 id, gsize start, gsize length, gpointer user_data)
{
  Quarry *self = user_data;

  if (id != self->hunt->search->pattern || start < self->last_end)
    return TRUE;
  self->last_end = start + length;
  return add_hit (self, start, length);
}

static gboolean
match_cb (gsize start, gsize length, gpointer user_data)
{
  return add_hit (user_data, start, length);
}

static void
hunt_matches (Quarry *self, const char *text, gsize length)
{
  gsize normal_length;
  g_autofree char *normal
      = sk_words_nfkc_changed (text, length, SK_NORMAL_BYTES, &normal_length);

  if (normal_length != G_MAXSIZE)
    sk_regex_each (self->hunt->search->regex, normal != NULL ? normal : text, normal_length,
                   self->hunt->effort, match_cb, self);
}

static void
hunt_text (Hunt *hunt, SkFinding where, const char *text, gsize length)
{
  gboolean words = hunt->search->regex == NULL;
  Quarry self = { .hunt = hunt, .where = where };

  if (text == NULL || length == 0 || hunt->left == 0)
    return;
  self.where.kind = (char *) (words ? "words" : "regex");
  way_begin (&self.way, words ? SK_NORMAL_WORDS : SK_NORMAL_NFKC, text, length);
  if (words)
    sk_words_scan_text (hunt->policy->words, text, length, word_cb, &self);
  else
    hunt_matches (&self, text, length);
  g_string_free (self.way.piece, TRUE);
}

/* --- all texts ---------------------------------------------------------------------------------- */

static void
hunt_subject (Hunt *self)
{
  g_autofree char *subjects = sk_message_subjects (self->submission->message);

  hunt_text (self, (SkFinding) { .place = SK_PLACE_SUBJECT }, subjects, strlen (subjects));
}

/* What a text says is not shown once more from its HTML. */
static void
hunt_bodies (Hunt *self)
{
  const GPtrArray *texts = self->submission->message->texts;
  gboolean in_first = FALSE;

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < texts->len; i++)
      {
        const SkText *text = texts->pdata[i];
        gboolean second = text->alternative != 0 && text->branch > 0;
        guint before = self->findings->len;

        if (second != (pass == 1) || (second && in_first))
          continue;
        hunt_text (self, (SkFinding) { .place = SK_PLACE_BODY, .text = i }, text->text, text->length);
        in_first |= text->alternative != 0 && self->findings->len > before;
      }
}

static void
hunt_names (Hunt *self)
{
  const GPtrArray *attachments = self->submission->message->attachments;

  for (guint i = 0; i < attachments->len; i++)
    {
      const SkAttachment *attachment = attachments->pdata[i];

      hunt_text (self,
                 (SkFinding) { .place = SK_PLACE_ATTACHMENT_NAMES, .attachment = attachment->index },
                 attachment->name, attachment->name != NULL ? strlen (attachment->name) : 0);
    }
}

static gboolean
is_selected (const SkRuleHit *hit, guint index)
{
  for (guint i = 0; i < hit->attachments->len; i++)
    if (g_array_index (hit->attachments, guint, i) == index)
      return TRUE;
  return FALSE;
}

/* What a first reading says is not shown once more from the second. */
static void
hunt_attachment (Hunt *self, const SkAttachmentFacts *facts)
{
  g_autoptr (GArray) stretches = facts->text != NULL ? sk_readings_of_attachment (facts) : NULL;
  guint found_in = 0; /* place */

  for (guint i = 0; stretches != NULL && i < stretches->len; i++)
    {
      const SkStretch *stretch = &g_array_index (stretches, SkStretch, i);
      guint before = self->findings->len;

      if (stretch->reading.place != 0 && stretch->reading.place == found_in)
        continue;
      hunt_text (self,
                 (SkFinding) { .place = SK_PLACE_ATTACHMENTS,
                               .attachment = facts->index,
                               .start = stretch->start },
                 facts->text + stretch->start, stretch->length);
      if (self->findings->len > before)
        found_in = stretch->reading.place;
    }
}

static void
hunt_attachments (Hunt *self)
{
  const SkInspection *inspection = self->submission->inspection;

  for (guint i = 0; inspection != NULL && i < inspection->attachments->len; i++)
    {
      const SkAttachmentFacts *facts = inspection->attachments->pdata[i];

      if (!self->search->terms.in_attachment || is_selected (self->hit, facts->index))
        hunt_attachment (self, facts);
    }
}

static const struct {
  SkPlaces place;
  void (*hunt) (Hunt *self);
} places[] = {
  { SK_PLACE_SUBJECT, hunt_subject },
  { SK_PLACE_BODY, hunt_bodies },
  { SK_PLACE_ATTACHMENT_NAMES, hunt_names },
  { SK_PLACE_ATTACHMENTS, hunt_attachments },
};

static void
hunt_search (Hunt *self, const SkSearch *search)
{
  self->search = search;
  self->left = self->most;
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if ((search->terms.places & places[i].place) != 0)
      places[i].hunt (self);
}

static void
hunt_test (Hunt *self, const SkTest *test)
{
  const SkSearch *search = sk_search_of_test (test);

  if (search != NULL && search->detectors == NULL)
    hunt_search (self, search);
  for (guint i = 0; test->kind != &sk_test_not_kind && test->children != NULL && i < test->children->len; i++)
    hunt_test (self, test->children->pdata[i]);
}

GPtrArray *
sk_search_hits (const SkPolicy *policy, const SkRule *rule, const SkRuleHit *hit,
                const SkSubmission *submission, guint most, gint64 *effort)
{
  Hunt self = { policy, submission, hit, NULL, NULL, most, most, effort };

  self.findings = g_ptr_array_new_with_free_func ((GDestroyNotify) sk_finding_free);
  if (rule->condition != NULL)
    hunt_test (&self, rule->condition);
  return self.findings;
}
