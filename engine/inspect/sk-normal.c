// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-normal.h"

#include "sk-kanji.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

/* Text may be cut before every character that begins a new normalisation unit, and most units are a
 * single character. So each character's own normal form is looked up in pages that are filled at
 * first use, and only units of several characters (a kana with a separate sound mark, Hangul jamo)
 * are given to ICU. Kanji join with nothing: their variants are part of the pages. */

enum {
  PAGE_SIZE = 256,
  PAGES = 0x110000 / PAGE_SIZE,
  GROUP_SIZE = 64, /* characters of three bytes of which the first two are the same */
  GROUPS = 0x10000 / GROUP_SIZE,
  LONGEST_UNIT
  = 64, /* characters given to ICU at once; more combining marks than that are nobody's text */
  PIECE = 64 * 1024,
};

/* Flags of a character. */
enum {
  PASSES = 1, /* its own normal form, and of no role that must be looked at */
  BEGINS = 2, /* a unit may begin here */
  SINGLE = 4, /* its normal form is one character of the BMP, perhaps itself */
};

typedef struct {
  guint8 flags[PAGE_SIZE];
  guint8 roles[PAGE_SIZE];
  guint16 single[PAGE_SIZE];
} Page;

typedef struct {
  const UNormalizer2 *normalizer;
  gboolean folds_ascii;
  gboolean watches;               /* stops at dashes, vowel marks, selectors and what shows nothing */
  gunichar (*replace) (gunichar); /* of each character of the normal form */
  Page *pages[PAGES];             /* each set once, atomically */
  /* Of each group a bit for those that pass, and begin a unit; none before its page is filled. */
  guint64 passing[GROUPS];
} Form;

static const struct {
  guint16 first, last;
  guint8 role;
} roles[] = {
  { '0', '9', SK_ROLE_DIGIT },
  { 'A', 'Z', SK_ROLE_LETTER },
  { 'a', 'z', SK_ROLE_LETTER },
  { ' ', ' ', SK_ROLE_BLANK },
  { '\t', '\t', SK_ROLE_BLANK },
  { '(', ')', SK_ROLE_BRACKET },
  { '[', '[', SK_ROLE_BRACKET },
  { ']', ']', SK_ROLE_BRACKET },
  { '-', '-', SK_ROLE_DASH },
  { 0x2010, 0x2015, SK_ROLE_DASH }, /* ‐ ‑ ‒ – — ― */
  { 0x2212, 0x2212, SK_ROLE_DASH }, /* − */
  { 0x2500, 0x2501, SK_ROLE_DASH }, /* ─ ━ */
  { 0x30fc, 0x30fc, SK_ROLE_VOWEL },
  { 0x30c3, 0x30c3, SK_ROLE_CLOSED }, /* ッ */
  { 0x30f3, 0x30f3, SK_ROLE_CLOSED }, /* ン */
  { 0x30a1, 0x30fa, SK_ROLE_KATAKANA },
  { 0x31f0, 0x31ff, SK_ROLE_KATAKANA },
  { 0x3041, 0x3096, SK_ROLE_HIRAGANA },
  { 0x3099, 0x309a, SK_ROLE_MARK },
  { 0xfe00, 0xfe0f, SK_ROLE_SELECTOR },
};

static SkRole
role_of (UChar32 normal)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (normal >= roles[i].first && normal <= roles[i].last)
      return roles[i].role;
  if (normal >= 0xe0100 && normal <= 0xe01ef)
    return SK_ROLE_SELECTOR;
  return u_hasBinaryProperty (normal, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ? SK_ROLE_IGNORED : SK_ROLE_NONE;
}

static gunichar
replace_nothing (gunichar c)
{
  return c;
}

static gunichar
replace_for_words (gunichar c)
{
  return c > '-' && role_of ((UChar32) c) == SK_ROLE_DASH ? '-' : sk_kanji_loose (c);
}

static Form forms[] = {
  [SK_NORMAL_NFKC] = { .replace = replace_nothing },
  [SK_NORMAL_WORDS] = { .folds_ascii = TRUE, .replace = replace_for_words },
  [SK_NORMAL_READING] = { .watches = TRUE, .replace = sk_kanji_common },
};

static const UNormalizer2 *
load_normalizer (gboolean fold)
{
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *normalizer
      = fold ? unorm2_getNFKCCasefoldInstance (&status) : unorm2_getNFKCInstance (&status);

  if (U_FAILURE (status))
    g_error ("ICU has no normalisation data: %s", u_errorName (status));
  return normalizer;
}

static inline Form *
get_form (SkNormalForm form)
{
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
        forms[i].normalizer = load_normalizer (forms[i].folds_ascii);
      g_once_init_leave (&ready, 1);
    }
  return &forms[form];
}

/* The normal form of a single character, where that is one character; else -1. */
static UChar32
normal_of (const Form *form, UChar32 c)
{
  UChar source[2], result[64];
  int32_t length = 0, n, at = 0;
  UErrorCode status = U_ZERO_ERROR;
  UChar32 normal = c;

  if (U_IS_SURROGATE (c))
    return c;
  if (!unorm2_isInert (form->normalizer, c))
    {
      U16_APPEND_UNSAFE (source, length, c);
      n = unorm2_normalize (form->normalizer, source, length, result, G_N_ELEMENTS (result),
                            &status);
      if (U_FAILURE (status) || n == 0)
        return -1;
      U16_NEXT (result, at, n, normal);
      if (at < n)
        return -1;
    }
  return (UChar32) form->replace ((gunichar) normal);
}

static gboolean
is_watched (const Form *form, UChar32 c, SkRole role)
{
  return form->watches && c >= 0x80
         && (role == SK_ROLE_DASH || role == SK_ROLE_VOWEL || role == SK_ROLE_SELECTOR
             || role == SK_ROLE_IGNORED);
}

static void
describe (const Form *form, Page *page, guint index, UChar32 c)
{
  UChar32 normal = normal_of (form, c);

  page->roles[index] = normal >= 0 ? (guint8) role_of (normal) : SK_ROLE_NONE;
  if (unorm2_hasBoundaryBefore (form->normalizer, c))
    page->flags[index] |= BEGINS;
  if (normal == c && !is_watched (form, c, page->roles[index]))
    page->flags[index] |= PASSES;
  if (normal < 0 || normal > 0xffff)
    return;
  page->flags[index] |= SINGLE;
  page->single[index] = (guint16) normal;
}

static void
note_passing (Form *form, const Page *page, guint number)
{
  const guint8 *flags = page->flags;

  for (guint group = 0; group < PAGE_SIZE / GROUP_SIZE; group++, flags += GROUP_SIZE)
    {
      guint64 passing = 0;

      for (guint i = 0; i < GROUP_SIZE; i++)
        if ((flags[i] & PASSES) != 0 && (flags[i] & BEGINS) != 0)
          passing |= G_GUINT64_CONSTANT (1) << i;
      __atomic_store_n (&form->passing[number * (PAGE_SIZE / GROUP_SIZE) + group], passing,
                        __ATOMIC_RELAXED);
    }
}

static const Page *
fill_page (Form *form, guint number)
{
  Page *page = g_new0 (Page, 1);

  for (guint i = 0; i < PAGE_SIZE; i++)
    describe (form, page, i, (UChar32) (number * PAGE_SIZE + i));
  if (number < GROUPS * GROUP_SIZE / PAGE_SIZE)
    note_passing (form, page, number);
  if (!g_atomic_pointer_compare_and_exchange (&form->pages[number], NULL, page))
    g_free (page); /* another thread was first */
  return g_atomic_pointer_get (&form->pages[number]);
}

static inline const Page *
page_of (Form *form, guint32 c)
{
  const Page *page = g_atomic_pointer_get (&form->pages[c / PAGE_SIZE]);

  return G_LIKELY (page != NULL) ? page : fill_page (form, c / PAGE_SIZE);
}

static inline guint32
three_bytes (const guint8 *at)
{
  return (at[0] & 0x0fu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
}

/* The text is valid UTF-8; a cut-off end is still never read beyond. */
static inline guint32
read_character (const guint8 *at, const guint8 *end, guint *length)
{
  guint8 lead = at[0];
  guint wanted = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

  if (lead < 0x80 || (gsize) (end - at) < wanted)
    {
      *length = 1;
      return lead < 0x80 ? lead : 0xfffd;
    }
  *length = wanted;
  if (wanted == 3)
    return three_bytes (at);
  if (wanted == 2)
    return (lead & 0x1fu) << 6 | (at[1] & 0x3fu);
  return MIN ((lead & 7u) << 18 | (at[1] & 0x3fu) << 12 | (at[2] & 0x3fu) << 6 | (at[3] & 0x3fu),
              0x10ffff);
}

static inline guint8
flags_of (Form *form, guint32 c)
{
  return page_of (form, c)->flags[c % PAGE_SIZE];
}

/* TRUE when a unit that ends at `at` is complete there. */
static inline gboolean
unit_ends (Form *form, const guint8 *at, const guint8 *end)
{
  guint length;

  return at == end || *at < 0x80 || (flags_of (form, read_character (at, end, &length)) & BEGINS) != 0;
}

/* Bit 7 of each of the 8 bytes from `at` on (the first one lowest) that is not ASCII that stays as it is; above the
 * first such byte they mean nothing. */
static inline guint64
changing_of_eight (const guint8 *at, gboolean folds)
{
  guint64 bytes, capitals;

  memcpy (&bytes, at, sizeof bytes);
  bytes = GUINT64_FROM_LE (bytes);
  /* 'A' <= byte <= 'Z' */
  capitals = (bytes + G_GUINT64_CONSTANT (0x3f3f3f3f3f3f3f3f))
             & ~(bytes + G_GUINT64_CONSTANT (0x2525252525252525));
  return (bytes | (folds ? capitals : 0)) & G_GUINT64_CONSTANT (0x8080808080808080);
}

static inline gboolean
thirty_two_stay (const guint8 *at, gboolean folds)
{
  return (changing_of_eight (at, folds) | changing_of_eight (at + 8, folds)
          | changing_of_eight (at + 16, folds) | changing_of_eight (at + 24, folds))
         == 0;
}

/* What follows goes on to `stop`, where it may end between any two units; up to `end` it may look. */
static inline const guint8 *
pass_ascii (const Form *form, const guint8 *at, const guint8 *stop)
{
  gboolean folds = form->folds_ascii;

  while (stop - at >= 8)
    {
      guint64 changing = changing_of_eight (at, folds);

      if (changing != 0)
        return at + __builtin_ctzll (changing) / 8;
      at += 8;
      while (stop - at >= 32 && thirty_two_stay (at, folds))
        at += 32;
    }
  while (at < stop && *at < 0x80 && !(folds && *at >= 'A' && *at <= 'Z'))
    at++;
  return at;
}

/* The same of characters of three bytes, as Japanese text has them. `last` becomes the last one of them. */
static inline const guint8 *
pass_three_bytes (const Form *form, const guint8 *at, const guint8 *stop, const guint8 **last)
{
  for (; stop - at >= 3 && (*at & 0xf0) == 0xe0; at += 3)
    {
      guint group = (at[0] & 0x0fu) << 6 | (at[1] & 0x3fu);

      if ((__atomic_load_n (&form->passing[group], __ATOMIC_RELAXED) >> (at[2] & 0x3f) & 1) == 0)
        break;
      *last = at;
    }
  return at;
}

/* A vowel mark behind kana, whose neighbours change nothing about it. */
static inline gboolean
is_plain_vowel (Form *form, guint32 c, const guint8 *before, const guint8 *at)
{
  guint8 role;

  if (c != 0x30fc || !form->watches || at - before != 3)
    return FALSE;
  c = three_bytes (before);
  role = page_of (form, c)->roles[c % PAGE_SIZE];
  return role == SK_ROLE_KATAKANA || role == SK_ROLE_HIRAGANA || role == SK_ROLE_CLOSED
         || role == SK_ROLE_VOWEL;
}

/* Behind the longest start of the text that is normal already. A character that turns out to have a
 * mark behind it is left to the mark's unit: passing goes back before it, to `last`. */
static const guint8 *
pass_normal (Form *form, const guint8 *at, const guint8 *stop, const guint8 *end)
{
  const guint8 *last = at;

  while (at < stop)
    {
      guint length;
      guint32 c;
      guint8 flags;

      if (*at < 0x80)
        {
          const guint8 *passed;

          if (form->watches && *at == '-')
            return at;
          passed = pass_ascii (form, at, stop);
          if (passed == at)
            return at;
          at = passed;
          last = at - 1;
          continue;
        }
      at = pass_three_bytes (form, at, stop, &last);
      if (at == stop || *at < 0x80)
        continue;
      c = read_character (at, end, &length);
      flags = flags_of (form, c);
      if ((flags & BEGINS) == 0)
        return last;
      if (((flags & PASSES) == 0 && !is_plain_vowel (form, c, last, at)) || length == 1)
        return at;
      last = at;
      at += length;
    }
  return unit_ends (form, at, end) ? at : last;
}

/* The unit that begins at `at`, through ICU. Returns where it ends. */
static const guint8 *
append_unit (Form *form, const guint8 *at, const guint8 *end, GString *into)
{
  UChar source[2 * LONGEST_UNIT], *result;
  int32_t source_length = 0, result_length;
  UErrorCode status = U_ZERO_ERROR;
  guint length, characters = 0;
  gsize room = 20 * G_N_ELEMENTS (source); /* one character becomes 18 at most */

  do
    {
      guint32 c = read_character (at, end, &length);

      U16_APPEND_UNSAFE (source, source_length, (UChar32) c);
      at += length;
  } while (++characters < LONGEST_UNIT && !unit_ends (form, at, end));
  result = g_newa (UChar, room);
  result_length
      = unorm2_normalize (form->normalizer, source, source_length, result, (int32_t) room, &status);
  for (int32_t i = 0; U_SUCCESS (status) && i < result_length;)
    {
      UChar32 c;

      U16_NEXT (result, i, result_length, c);
      g_string_append_unichar (into, form->replace ((gunichar) c));
    }
  return at;
}

static const guint8 *
append_ascii (Form *form, const guint8 *at, const guint8 *stop, const guint8 *end, GString *into)
{
  const guint8 *start = at;
  gsize old = into->len;
  char *out;

  while (at < stop && *at < 0x80)
    at++;
  if (!unit_ends (form, at, end))
    at--;
  g_string_set_size (into, old + (gsize) (at - start));
  out = into->str + old;
  for (gsize i = 0; i < (gsize) (at - start); i++)
    {
      guint8 c = start[i];

      out[i] = (char) (c + ((guint8) (c - 'A') < 26) * 32);
    }
  return at;
}

/* One unit or a run of ASCII, whatever its normal form. */
static const guint8 *
append_normal (Form *form, const guint8 *at, const guint8 *stop, const guint8 *end, GString *into)
{
  guint length;
  guint32 c = read_character (at, end, &length);
  const Page *page = page_of (form, c);

  if (c < 0x80 && form->folds_ascii)
    {
      const guint8 *passed = append_ascii (form, at, stop, end, into);

      if (passed > at)
        return passed;
    }
  if ((page->flags[c % PAGE_SIZE] & SINGLE) != 0 && unit_ends (form, at + length, end))
    {
      g_string_append_unichar (into, page->single[c % PAGE_SIZE]);
      return at + length;
    }
  return append_unit (form, at, end, into);
}

/* Appends the normal form of the text up to `stop`, or somewhat further, where its unit ends there.
 * Returns where the next one begins. */
static const guint8 *
append_text (Form *form, const guint8 *at, const guint8 *stop, const guint8 *end, GString *into)
{
  for (;;)
    {
      const guint8 *passed = pass_normal (form, at, stop, end);

      g_string_append_len (into, (const char *) at, passed - at);
      if (passed >= stop)
        return passed;
      at = append_normal (form, passed, stop, end, into);
    }
}

char *
sk_normal_changed (SkNormalForm which, const char *text, gsize length, gsize most,
                   gsize *result_length)
{
  Form *form = get_form (which);
  const guint8 *start = (const guint8 *) text, *end = start + length;
  const guint8 *at = pass_normal (form, start, end, end);
  GString *result;

  *result_length = length;
  if (at == end)
    return NULL;
  result = g_string_sized_new (length + length / 8 + 16);
  g_string_append_len (result, text, at - start);
  while (at < end && result->len <= most)
    at = append_text (form, at, at + MIN (end - at, PIECE), end, result);
  *result_length = result->len;
  if (result->len <= most)
    return g_string_free (result, FALSE);
  *result_length = G_MAXSIZE;
  g_string_free (result, TRUE);
  return NULL;
}

char *
sk_normal_new (SkNormalForm form, const char *text, gsize length, gsize *result_length)
{
  char *result = sk_normal_changed (form, text, length, G_MAXSIZE - 1, result_length);

  if (result != NULL)
    return result;
  result = g_malloc (length + 1);
  memcpy (result, text, length);
  result[length] = '\0';
  return result;
}

const char *
sk_normal_piece (SkNormalForm form, const char *text, const char *end, GString *into)
{
  const guint8 *at = (const guint8 *) text;

  return (const char *) append_text (get_form (form), at, at + MIN (end - text, PIECE),
                                     (const guint8 *) end, into);
}

SkRole
sk_normal_role (const char *at, const char *end, guint *length, gunichar *normal)
{
  Form *form = get_form (SK_NORMAL_READING);
  guint32 c = read_character ((const guint8 *) at, (const guint8 *) end, length);
  const Page *page = page_of (form, c);
  gboolean alone = unit_ends (form, (const guint8 *) at + *length, (const guint8 *) end);

  *normal = (page->flags[c % PAGE_SIZE] & SINGLE) != 0 ? page->single[c % PAGE_SIZE] : 0;
  return alone || page->roles[c % PAGE_SIZE] == SK_ROLE_KATAKANA ? page->roles[c % PAGE_SIZE]
                                                                  : SK_ROLE_NONE;
}

const char *
sk_normal_pass (const char *at, const char *end)
{
  return (const char *) pass_normal (get_form (SK_NORMAL_READING), (const guint8 *) at,
                                     (const guint8 *) end, (const guint8 *) end);
}

const char *
sk_normal_unit (const char *at, const char *end, GString *into)
{
  return (const char *) append_normal (get_form (SK_NORMAL_READING), (const guint8 *) at,
                                       (const guint8 *) end, (const guint8 *) end, into);
}
