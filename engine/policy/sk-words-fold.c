// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-words.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

/* Text may be cut before every character that begins a new normalisation unit, and most units are a
 * single character. So each character's own normal form is looked up in pages that are filled at
 * first use, and only units of several characters (a kana with a separate sound mark, Hangul jamo)
 * are given to ICU. */

enum {
  PAGE_SIZE = 256,
  PAGES = 0x110000 / PAGE_SIZE,
  LONGEST_UNIT
  = 64, /* characters given to ICU at once; more combining marks than that are nobody's text */
  PIECE = 64 * 1024,
};

typedef enum {
  SAME,   /* its own normal form */
  SINGLE, /* another character of the BMP */
  OTHER,  /* none, several, or one beyond the BMP: asked of ICU each time */
} Kind;

typedef struct {
  guint8 kind[PAGE_SIZE];
  guint8 begins[PAGE_SIZE]; /* a unit may begin here */
  guint16 single[PAGE_SIZE];
} Page;

typedef struct {
  const UNormalizer2 *normalizer;
  gboolean folds_ascii;
  Page *pages[PAGES]; /* each set once, atomically */
} Form;

static Form folding = { .folds_ascii = TRUE }, composing;

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

static Form *
get_form (gboolean fold)
{
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      folding.normalizer = load_normalizer (TRUE);
      composing.normalizer = load_normalizer (FALSE);
      g_once_init_leave (&ready, 1);
    }
  return fold ? &folding : &composing;
}

static void
describe (const Form *form, Page *page, guint index, UChar32 c)
{
  UChar source[2], result[64];
  int32_t length = 0, n;
  UErrorCode status = U_ZERO_ERROR;

  page->begins[index] = (guint8) unorm2_hasBoundaryBefore (form->normalizer, c);
  page->kind[index] = SAME;
  if (unorm2_isInert (form->normalizer, c) || U_IS_SURROGATE (c))
    return;
  U16_APPEND_UNSAFE (source, length, c);
  n = unorm2_normalize (form->normalizer, source, length, result, G_N_ELEMENTS (result), &status);
  if (U_SUCCESS (status) && n == length && memcmp (source, result, (gsize) n * sizeof *source) == 0)
    return;
  page->kind[index] = U_SUCCESS (status) && n == 1 ? SINGLE : OTHER;
  page->single[index] = result[0];
}

static const Page *
fill_page (Form *form, guint number)
{
  Page *page = g_new0 (Page, 1);

  for (guint i = 0; i < PAGE_SIZE; i++)
    describe (form, page, i, (UChar32) (number * PAGE_SIZE + i));
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
    return (lead & 0x0fu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
  if (wanted == 2)
    return (lead & 0x1fu) << 6 | (at[1] & 0x3fu);
  return MIN ((lead & 7u) << 18 | (at[1] & 0x3fu) << 12 | (at[2] & 0x3fu) << 6 | (at[3] & 0x3fu),
              0x10ffff);
}

/* TRUE when a unit that ends at `at` is complete there. */
static inline gboolean
unit_ends (Form *form, const guint8 *at, const guint8 *end)
{
  guint length;
  guint32 c;

  if (at == end || *at < 0x80)
    return TRUE;
  c = read_character (at, end, &length);
  return page_of (form, c)->begins[c % PAGE_SIZE];
}

/* Are the 8 bytes from `at` on ASCII that stays as it is? */
static inline gboolean
eight_stay (const guint8 *at, gboolean folds)
{
  guint64 bytes, capitals;

  memcpy (&bytes, at, sizeof bytes);
  if ((bytes & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
    return FALSE;
  if (!folds)
    return TRUE;
  /* Bit 7 of a byte is set where 'A' <= byte <= 'Z'. */
  capitals = (bytes + G_GUINT64_CONSTANT (0x3f3f3f3f3f3f3f3f))
             & ~(bytes + G_GUINT64_CONSTANT (0x2525252525252525));
  return (capitals & G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
}

/* What follows goes on to `stop`, where it may end between any two units; up to `end` it may look.
 *
 * A combining mark may follow an ASCII letter: its last character then belongs to the mark's unit.
 */
static const guint8 *
pass_ascii (Form *form, const guint8 *at, const guint8 *stop, const guint8 *end)
{
  const guint8 *start = at;
  gboolean folds = form->folds_ascii;

  while (stop - at >= 32 && eight_stay (at, folds) && eight_stay (at + 8, folds)
         && eight_stay (at + 16, folds) && eight_stay (at + 24, folds))
    at += 32;
  while (at < stop && *at < 0x80 && !(folds && *at >= 'A' && *at <= 'Z'))
    at++;
  if (at > start && !unit_ends (form, at, end))
    at--;
  return at;
}

/* Behind the longest start of the text that is normal already. */
static const guint8 *
pass_normal (Form *form, const guint8 *at, const guint8 *stop, const guint8 *end)
{
  while (at < stop)
    {
      guint length;
      guint32 c;
      const guint8 *passed;

      if (*at < 0x80)
        {
          passed = pass_ascii (form, at, stop, end);
          if (passed == at)
            return at;
          at = passed;
          continue;
        }
      c = read_character (at, end, &length);
      if (length == 1 || page_of (form, c)->kind[c % PAGE_SIZE] != SAME
          || !unit_ends (form, at + length, end))
        return at;
      at += length;
    }
  return at;
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
      g_string_append_unichar (into, (gunichar) c);
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
  if (page->kind[c % PAGE_SIZE] == SINGLE && unit_ends (form, at + length, end))
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

/* NULL when the text is normal already, and when its normal form is longer than `most`: then
 * *result_length is G_MAXSIZE. */
static char *
normalize (gboolean fold, const char *text, gsize length, gsize most, gsize *result_length)
{
  Form *form = get_form (fold);
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

const char *
sk_words_fold_piece (const char *text, const char *end, GString *into)
{
  const guint8 *at = (const guint8 *) text;

  return (const char *) append_text (get_form (TRUE), at, at + MIN (end - text, PIECE),
                                     (const guint8 *) end, into);
}

static char *
copy (const char *text, gsize length, gsize *result_length)
{
  char *result = g_malloc (length + 1);

  memcpy (result, text, length);
  result[length] = '\0';
  *result_length = length;
  return result;
}

char *
sk_words_fold_changed (const char *text, gsize length, gsize *folded_length)
{
  return normalize (TRUE, text, length, G_MAXSIZE - 1, folded_length);
}

char *
sk_words_fold (const char *text, gsize length, gsize *folded_length)
{
  gsize unused;
  gsize *result_length = folded_length != NULL ? folded_length : &unused;
  char *result = normalize (TRUE, text, length, G_MAXSIZE - 1, result_length);

  return result != NULL ? result : copy (text, length, result_length);
}

char *
sk_words_nfkc_changed (const char *text, gsize length, gsize most, gsize *normal_length)
{
  return normalize (FALSE, text, length, most, normal_length);
}

char *
sk_words_nfkc (const char *text, gsize length, gsize *normal_length)
{
  gsize unused;
  gsize *result_length = normal_length != NULL ? normal_length : &unused;
  char *result = normalize (FALSE, text, length, G_MAXSIZE - 1, result_length);

  return result != NULL ? result : copy (text, length, result_length);
}
