// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-folded.h"

#include "sk-normal.h"

#include <string.h>

/* The way back is kept in spans. In one, every `folded_unit` bytes of the folded text come from
 * `source_unit` bytes of the original: 1 and 1 where the text is as it was (or a character became
 * another of the same length), 1 and 3 in a run of full-width digits, 0 and 4 where a selector went. A
 * span goes on to the next one. */
typedef struct {
  guint64 folded : 44, folded_unit : 20;
  guint64 source : 44, source_unit : 20;
} Span;

#define PLACE_MASK ((G_GUINT64_CONSTANT (1) << 44) - 1)
#define UNIT_MASK ((1u << 20) - 1)

typedef struct {
  SkFolded folded;
  const char *source;
  gsize source_length;
  GString *copy; /* NULL as long as nothing changed */
  GArray *spans; /* Span; the first begins at 0 and 0 */
} Folded;

typedef struct {
  const char *start, *end;
  GString *copy;
  GArray *spans;
  GString *unit;
} Folding;

static void
add_span (Folding *self, gsize folded_unit, gsize source, gsize source_unit)
{
  const Span span = { self->copy->len & PLACE_MASK, folded_unit & UNIT_MASK, source & PLACE_MASK,
                      source_unit & UNIT_MASK };
  const Span *last = &g_array_index (self->spans, Span, self->spans->len - 1);
  gboolean same = last->folded_unit == folded_unit && last->source_unit == source_unit;

  if (same && folded_unit > 0
      && (source - last->source) * folded_unit == (span.folded - last->folded) * source_unit)
    return;
  g_array_append_val (self->spans, span);
}

static void
begin_copy (Folding *self, const char *at)
{
  static const Span first = { 0, 1, 0, 1 };

  self->copy = g_string_sized_new ((gsize) (self->end - self->start) + 16);
  self->spans = g_array_new (FALSE, FALSE, sizeof (Span));
  g_array_append_val (self->spans, first);
  g_string_append_len (self->copy, self->start, at - self->start);
}

static void
keep (Folding *self, const char *at, gsize length)
{
  if (self->copy == NULL || length == 0)
    return;
  add_span (self, 1, (gsize) (at - self->start), 1);
  g_string_append_len (self->copy, at, (gssize) length);
}

static gboolean
is_one_character (const char *text, gsize length)
{
  return length > 0 && (gsize) g_utf8_skip[*(const guchar *) text] == length;
}

static void
replace (Folding *self, const char *at, gsize length, const char *by, gsize by_length)
{
  gboolean alike = length == by_length && is_one_character (at, length)
                   && is_one_character (by, by_length);

  if (length == by_length && memcmp (at, by, length) == 0)
    {
      keep (self, at, length);
      return;
    }
  if (self->copy == NULL)
    begin_copy (self, at);
  add_span (self, alike ? 1 : by_length, (gsize) (at - self->start), alike ? 1 : length);
  g_string_append_len (self->copy, by, (gssize) by_length);
}

static void
replace_by_character (Folding *self, const char *at, gsize length, gunichar by)
{
  char bytes[6];

  replace (self, at, length, bytes, (gsize) g_unichar_to_utf8 (by, bytes));
}

enum { BLANKS = 2 }; /* so many may stand between a digit and its dash */

static const char *
previous (const char *start, const char *at)
{
  do
    at--;
  while (at > start && (*at & 0xc0) == 0x80);
  return at;
}

static gboolean
shows_nothing (SkRole role)
{
  return role == SK_ROLE_BLANK || role == SK_ROLE_IGNORED;
}

static SkRole
role_before (const Folding *self, const char *at, guint blanks)
{
  SkRole role = SK_ROLE_BLANK;
  guint length;
  gunichar normal;

  for (guint i = 0; i <= blanks && shows_nothing (role) && at > self->start; i++)
    {
      at = previous (self->start, at);
      role = sk_normal_role (at, self->end, &length, &normal);
    }
  if (role == SK_ROLE_MARK && at > self->start) /* ｶ and its ﾞ */
    role = sk_normal_role (previous (self->start, at), self->end, &length, &normal);
  return role;
}

static SkRole
role_behind (const Folding *self, const char *at, guint blanks)
{
  SkRole role = SK_ROLE_BLANK;
  guint length;
  gunichar normal;

  for (guint i = 0; i <= blanks && shows_nothing (role) && at < self->end; i++, at += length)
    role = sk_normal_role (at, self->end, &length, &normal);
  return role;
}

/* Dashes and vowel marks one after the other. */
typedef struct {
  const char *end;
  guint count;
  gboolean has_vowel; /* a vowel mark is among them */
  gboolean is_wide;   /* the last one looks like a vowel mark: as wide as a kana */
  gboolean is_normal; /* each is its own normal form */
} Run;

static Run
read_run (const Folding *self, const char *at)
{
  Run run = { at, 0, FALSE, FALSE, TRUE };

  while (run.end < self->end)
    {
      guint length;
      gunichar normal;
      SkRole role = sk_normal_role (run.end, self->end, &length, &normal);

      if (role != SK_ROLE_DASH && role != SK_ROLE_VOWEL)
        break;
      run.has_vowel |= role == SK_ROLE_VOWEL;
      run.is_normal &= g_utf8_get_char (run.end) == normal;
      run.is_wide = normal >= 0x2014; /* — ― ─ ━, and −, which Japanese fonts draw so */
      run.end += length;
      run.count++;
    }
  return run;
}

static gboolean
separates (SkRole role)
{
  return role == SK_ROLE_DIGIT || role == SK_ROLE_LETTER || role == SK_ROLE_BRACKET;
}

/* A dash beside a digit belongs to a number, a date or an address. A vowel mark is one only where
 * there can't be a vowel: 3ー5, Aー12, (03)ー1234. */
static gboolean
is_among_digits (const Folding *self, const char *at, const Run *run)
{
  SkRole before = role_before (self, at, BLANKS), behind = role_behind (self, run->end, BLANKS);

  if (before != SK_ROLE_DIGIT && behind != SK_ROLE_DIGIT)
    return FALSE;
  return !run->has_vowel || (separates (before) && separates (behind));
}

/* A single dash behind katakana that can have a long vowel: サ-ビス, データベ―ス, メニュ―を; but not タイプ-東 nor
 * エンジン―A. Behind hiragana a dash is more often one. */
static gboolean
is_vowel_meant (const Folding *self, const char *at, const Run *run)
{
  SkRole behind = role_behind (self, run->end, 0);

  if (run->count != 1 || run->has_vowel || role_before (self, at, 0) != SK_ROLE_KATAKANA)
    return FALSE;
  if (behind == SK_ROLE_KATAKANA || behind == SK_ROLE_CLOSED)
    return TRUE;
  return run->is_wide && behind != SK_ROLE_DIGIT && behind != SK_ROLE_LETTER;
}

static gboolean
is_kana (SkRole role)
{
  return role == SK_ROLE_KATAKANA || role == SK_ROLE_HIRAGANA || role == SK_ROLE_CLOSED
         || role == SK_ROLE_VOWEL;
}

static const char *
fold_run (Folding *self, const char *at)
{
  Run run = read_run (self, at);
  gunichar by = is_among_digits (self, at, &run)   ? '-'
                : is_vowel_meant (self, at, &run) ? 0x30fc
                                                  : 0;

  if (by == 0 && run.is_normal) /* rules of many ━ */
    {
      keep (self, at, (gsize) (run.end - at));
      return run.end;
    }
  while (at < run.end)
    {
      guint length;
      gunichar normal;

      sk_normal_role (at, self->end, &length, &normal);
      replace_by_character (self, at, length, by != 0 ? by : normal);
      at += length;
    }
  return at;
}

/* Of a kanji it is no longer needed; of anything else (❤) it is kept. */
static const char *
fold_selector (Folding *self, const char *at, guint length)
{
  gunichar before
      = at > self->start ? g_utf8_get_char (previous (self->start, at)) : 0;

  if (g_unichar_get_script (before) == G_UNICODE_SCRIPT_HAN)
    replace (self, at, length, "", 0);
  else
    keep (self, at, length);
  return at + length;
}

static const char *
fold_unit (Folding *self, const char *at)
{
  const char *end;

  g_string_truncate (self->unit, 0);
  end = sk_normal_unit (at, self->end, self->unit);
  replace (self, at, (gsize) (end - at), self->unit->str, self->unit->len);
  return end;
}

/* What normalisation does not simply pass. */
static const char *
fold_next (Folding *self, const char *at)
{
  guint length;
  gunichar normal;

  switch (sk_normal_role (at, self->end, &length, &normal))
    {
    case SK_ROLE_VOWEL:
      if (!is_kana (role_before (self, at, 0)))
        return fold_run (self, at);
      replace_by_character (self, at, length, normal);
      return at + length;
    case SK_ROLE_DASH:
      return fold_run (self, at);
    case SK_ROLE_SELECTOR:
      return fold_selector (self, at, length);
    case SK_ROLE_IGNORED:
      replace (self, at, length, "", 0);
      return at + length;
    case SK_ROLE_NONE:
    case SK_ROLE_KATAKANA: /* perhaps with a mark */
      return fold_unit (self, at);
    default: /* full-width letters, digits, brackets */
      replace_by_character (self, at, length, normal);
      return at + length;
    }
}

/* FALSE: it is more than that. */
static gboolean
fold (Folding *self, gsize most)
{
  const char *at = self->start;

  while (at < self->end && (self->copy == NULL || self->copy->len <= most))
    {
      const char *passed = sk_normal_pass (at, self->end);

      keep (self, at, (gsize) (passed - at));
      at = passed < self->end ? fold_next (self, passed) : passed;
    }
  return (self->copy != NULL ? self->copy->len : (gsize) (at - self->start)) <= most;
}

SkFolded *
sk_folded_new (const char *text, gsize length)
{
  return sk_folded_new_within (text, length, G_MAXSIZE);
}

SkFolded *
sk_folded_new_within (const char *text, gsize length, gsize most)
{
  Folded *self = g_new0 (Folded, 1);
  Folding folding = { text, text + length, NULL, NULL, g_string_new (NULL) };
  gboolean fits = fold (&folding, most);

  g_string_free (folding.unit, TRUE);
  self->source = text;
  self->source_length = length;
  self->copy = folding.copy;
  self->spans = folding.spans;
  self->folded.text = self->copy != NULL ? self->copy->str : text;
  self->folded.length = self->copy != NULL ? self->copy->len : length;
  if (fits)
    return &self->folded;
  sk_folded_free (&self->folded);
  return NULL;
}

void
sk_folded_free (SkFolded *folded)
{
  Folded *self = (Folded *) folded;

  if (self == NULL)
    return;
  if (self->copy != NULL)
    {
      g_string_free (self->copy, TRUE);
      g_array_unref (self->spans);
    }
  g_free (self);
}

/* The last span that begins at `at` or before. */
static const Span *
span_of (const Folded *self, gsize at)
{
  guint low = 0, high = self->spans->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->spans, Span, middle).folded <= at)
        low = middle;
      else
        high = middle;
    }
  return &g_array_index (self->spans, Span, low);
}

/* Where the unit that holds folded byte `at` begins (`up` FALSE), or the one before `at` ends. */
static gsize
source_of (const Folded *self, gsize at, gboolean up)
{
  const Span *span;
  gsize units;

  if (self->spans == NULL)
    return at;
  span = span_of (self, at);
  if (span->folded_unit == 0)
    return span->source + span->source_unit;
  units = (at - span->folded + (up ? span->folded_unit - 1u : 0)) / span->folded_unit;
  return span->source + units * span->source_unit;
}

static gboolean
is_inside_character (const Folded *self, gsize at)
{
  return at < self->source_length && (self->source[at] & 0xc0) == 0x80;
}

void
sk_folded_source (const SkFolded *folded, gsize start, gsize length, gsize *source_start,
                  gsize *source_length)
{
  const Folded *self = (const Folded *) folded;
  gsize from = source_of (self, start, FALSE), end = source_of (self, start + length, TRUE);

  while (from > 0 && is_inside_character (self, from))
    from--;
  while (length > 0 && is_inside_character (self, end))
    end++;
  *source_start = from;
  *source_length = length > 0 ? end - from : 0;
}
