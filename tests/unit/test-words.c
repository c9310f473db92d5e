// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-kanji.h"
#include "sk-words.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* ICU over the whole text at once. */
static char *
icu_normalize (const char *text, gsize length, gboolean fold, gsize *result_length)
{
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *normalizer
      = fold ? unorm2_getNFKCCasefoldInstance (&status) : unorm2_getNFKCInstance (&status);
  int32_t room = (int32_t) length * 20 + 16, n, bytes;
  g_autofree UChar *source = g_new (UChar, room);
  g_autofree UChar *result = g_new (UChar, room);
  char *utf8 = g_malloc ((gsize) room * 3);

  u_strFromUTF8 (source, room, &n, text, (int32_t) length, &status);
  n = unorm2_normalize (normalizer, source, n, result, room, &status);
  u_strToUTF8 (utf8, room * 3, &bytes, result, n, &status);
  g_assert_true (U_SUCCESS (status));
  *result_length = (gsize) bytes;
  return utf8;
}

/* What words fold beyond Unicode: variant kanji (whose table test-folded.c judges), and dashes. */
static char *
fold_further (const char *text, gsize length, gsize *result_length)
{
  GString *result = g_string_new (NULL);

  for (const char *at = text; at < text + length; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500 || c == 0x2501)
        c = '-';
      g_string_append_unichar (result, sk_kanji_loose (c));
    }
  *result_length = result->len;
  return g_string_free (result, FALSE);
}

static void
check_normal_forms (const char *text, gsize length)
{
  for (int fold = 0; fold < 2; fold++)
    {
      gsize icu_length, expected_length, actual_length;
      g_autofree char *icu = icu_normalize (text, length, fold, &icu_length);
      g_autofree char *further = fold ? fold_further (icu, icu_length, &expected_length) : NULL;
      const char *expected = fold ? further : icu;
      g_autofree char *actual = fold ? sk_words_fold (text, length, &actual_length)
                                     : sk_words_nfkc (text, length, &actual_length);

      if (!fold)
        expected_length = icu_length;
      g_assert_cmpmem (actual, (int) actual_length, expected, (int) expected_length);
      g_assert_cmpint (actual[actual_length], ==, '\0');
    }
}

static void
test_fold_examples (void)
{
  static const struct {
    const char *text, *folded;
  } cases[] = { /* Unicode's NFKC and case folding, and variant kanji, by hand */
    { "ＡＢＣ", "abc" },        { "Straße", "strasse" },   { "ｶﾞｷﾞ", "ガギ" },     { "㈱山田", "(株)山田" },
    { "か\xe3\x82\x99", "が" }, { "①２", "12" },          { "社\xe2\x80\x8b外秘", "社外秘" }, { "A\xcc\x81", "á" },
    { "㍿", "株式会社" },       { "", "" },               { "\xe3\x80\x80x", " x" }, { "ﷺ", "صلى الله عليه وسلم" },
    { "髙橋﨑", "高橋崎" },      { "渡邉と齋藤", "渡辺と斉藤" },  { "斎藤", "斉藤" },          { "𠮷野", "吉野" },
    { "AB‐1−2", "ab-1-2" },    { "サービス", "サービス" },    { "福", "福" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length;
      g_autofree char *folded = sk_words_fold (cases[i].text, strlen (cases[i].text), &length);

      g_assert_cmpstr (folded, ==, cases[i].folded);
      g_assert_cmpuint (length, ==, strlen (folded));
    }
}

static void
test_fold_says_unchanged (void)
{
  static const char *const same[] = { "", "plain ascii 123, nothing to do here at all, really", "株式会社の見積書", "a関b" };
  gsize length = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    g_assert_null (sk_words_fold_changed (same[i], strlen (same[i]), &length));
  for (guint at = 0; at < 80; at++)
    {
      char text[81];
      g_autofree char *changed = NULL;

      memset (text, 'x', 80);
      text[at] = 'Q';
      text[80] = '\0';
      changed = sk_words_fold_changed (text, 80, &length);
      g_assert_nonnull (changed);
      g_assert_cmpuint (length, ==, 80);
      g_assert_cmpint (changed[at], ==, 'q');
    }
}

/* Every character alone, and before and behind marks that compose with it. */
static void
test_fold_all_characters (void)
{
  for (gunichar c = 1; c < 0x30000; c++)
    {
      char text[64];
      gsize n;

      if (c >= 0xd800 && c < 0xe000)
        continue;
      n = (gsize) g_unichar_to_utf8 (c, text);
      check_normal_forms (text, n);
      n += (gsize) g_unichar_to_utf8 (0x3099, text + n);
      text[n++] = 'A';
      n += (gsize) g_unichar_to_utf8 (0x301, text + n);
      n += (gsize) g_unichar_to_utf8 (c, text + n);
      check_normal_forms (text, n);
    }
}

static gunichar
random_character (GRand *random)
{
  static const gunichar starts[] = { 0x20, 0x41, 0x300, 0x3040, 0x3099, 0x4e00, 0xff10, 0xff66, 0x1100, 0xac00, 0x1e00, 0xfe00, 0x2000, 0x1f600, 0x5d0 };
  gunichar c = starts[g_rand_int_range (random, 0, G_N_ELEMENTS (starts))] + (gunichar) g_rand_int_range (random, 0, 60);

  return c;
}

static void
test_fold_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);

  for (int round = 0; round < 20000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      int n = g_rand_int_range (random, 0, 60);

      for (int i = 0; i < n; i++)
        if (g_rand_int_range (random, 0, 3) == 0)
          g_string_append (text, "plain and SOME letters, 32 of them");
        else
          g_string_append_unichar (text, random_character (random));
      check_normal_forms (text->str, text->len);
    }
}

typedef struct {
  GString *seen;
  guint stop_after;
} Collect;

static gboolean
collect_cb (guint32 id, gsize start, gsize length, gpointer user_data)
{
  Collect *self = user_data;

  g_string_append_printf (self->seen, "%u@%zu+%zu ", id, start, length);
  return self->stop_after == 0 || --self->stop_after > 0;
}

static void
test_scan_examples (void)
{
  static const char *const words[] = { "見積書", "ABC", "abcd", "bc", "秘", "社外秘", "株式会社山田商会", "株式会社山田", " padded ", "見積書", "高橋", "渡邉", "AB‐1" };
  static const struct {
    const char *text, *expected;
  } cases[] = {
    { "", "" },
    { "nothing", "" },
    { "御見積書です", "0@3+9 9@3+9 " },
    { "xABCD", "1@1+3 2@1+4 3@2+2 " },
    { "ａｂ", "" },
    { "ａｂｃ", "1@0+3 3@1+2 " },
    { "社外秘", "5@0+9 4@6+3 " },
    { "(株)山田", "" },
    { "㍿山田商会", "7@0+18 6@0+24 " },
    { "株式会社山", "" },
    { "unpadded", "8@2+6 " },
    { "髙橋様", "10@0+6 " },
    { "高橋様", "10@0+6 " },
    { "渡辺、渡邊、渡邉", "11@0+6 11@9+6 11@18+6 " },
    { "型番AB−1", "12@6+4 " },
  };
  SkWordsBuilder *builder = sk_words_builder_new ();
  g_autoptr (SkWords) index = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_true (sk_words_builder_add (builder, words[i], i));
  g_assert_false (sk_words_builder_add (builder, " \xe3\x80\x80 ", 99));
  g_assert_false (sk_words_builder_add (builder, "", 99));
  index = sk_words_builder_finish (builder);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length;
      g_autofree char *folded = sk_words_fold (cases[i].text, strlen (cases[i].text), &length);
      Collect collect = { g_string_new (NULL), 0 };

      sk_words_scan (index, folded, length, collect_cb, &collect);
      g_assert_cmpstr (collect.seen->str, ==, cases[i].expected);
      g_string_free (collect.seen, TRUE);
    }
}

static void
test_scan_stops (void)
{
  SkWordsBuilder *builder = sk_words_builder_new ();
  g_autoptr (SkWords) index = NULL;
  Collect collect = { g_string_new (NULL), 2 };

  sk_words_builder_add (builder, "a", 1);
  index = sk_words_builder_finish (builder);
  sk_words_scan (index, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 33, collect_cb, &collect);
  g_assert_cmpstr (collect.seen->str, ==, "1@0+1 1@1+1 ");
  g_string_free (collect.seen, TRUE);
}

static void
test_no_words (void)
{
  g_autoptr (SkWords) index = sk_words_builder_finish (sk_words_builder_new ());
  const char *text = "株式会社 and a longer text behind it";
  Collect collect = { g_string_new (NULL), 0 };

  sk_words_scan (index, text, strlen (text), collect_cb, &collect);
  g_assert_cmpstr (collect.seen->str, ==, "");
  g_string_free (collect.seen, TRUE);
}

/* Few letters, so that words lie in one another and share long beginnings. */
static char *
random_word (GRand *random, const char *const *alphabet, guint letters, int longest)
{
  GString *word = g_string_new (NULL);
  int n = g_rand_int_range (random, 1, longest + 1);

  if (g_rand_int_range (random, 0, 4) == 0)
    for (int i = 0; i < 4; i++)
      g_string_append (word, alphabet[0]);
  for (int i = 0; i < n; i++)
    g_string_append (word, alphabet[g_rand_int_range (random, 0, (gint32) letters)]);
  return g_string_free (word, FALSE);
}

static gboolean
tally_cb (guint32 id, gsize start, gsize length, gpointer user_data)
{
  GHashTable *seen = user_data;
  guint64 *key = g_new (guint64, 1);

  *key = (guint64) id << 40 | (guint64) length << 24 | start;
  g_assert_true (g_hash_table_add (seen, key)); /* never told twice */
  return TRUE;
}

static void
compare_with_search (GRand *random, guint words, guint letters, int longest)
{
  static const char *const alphabet[] = { "関", "a", "所", "b", "が", "é" };
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SkWords) index = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  SkWordsBuilder *builder = sk_words_builder_new ();
  guint expected = 0;

  for (guint i = 0; i < words; i++)
    {
      g_ptr_array_add (list, random_word (random, alphabet, letters, longest));
      sk_words_builder_add (builder, g_ptr_array_index (list, i), i);
    }
  index = sk_words_builder_finish (builder);
  while (text->len < 1000)
    {
      g_autofree char *piece = random_word (random, alphabet, letters, longest);

      g_string_append (text, piece);
    }
  sk_words_scan (index, text->str, text->len, tally_cb, seen);
  for (guint i = 0; i < words; i++)
    for (const char *at = text->str; (at = strstr (at, g_ptr_array_index (list, i))) != NULL; at++)
      {
        guint64 key = (guint64) i << 40 | (guint64) strlen (g_ptr_array_index (list, i)) << 24 | (guint64) (at - text->str);

        expected++;
        g_assert_true (g_hash_table_contains (seen, &key));
      }
  g_assert_cmpuint (g_hash_table_size (seen), ==, expected);
}

static void
test_scan_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);

  for (int round = 0; round < 300; round++)
    compare_with_search (random, (guint) g_rand_int_range (random, 1, 200), (guint) g_rand_int_range (random, 1, 7),
                         g_rand_int_range (random, 1, 14));
}

enum { EDGE = 64 * 1024 }; /* of the first piece */

/* All hits of the whole text, folded at once, and of the same in pieces. FALSE when there are none. */
static gboolean
compare_pieces_with_whole (const SkWords *index, const GString *text)
{
  gsize length;
  g_autofree char *folded = sk_words_fold (text->str, text->len, &length);
  Collect whole = { g_string_new (NULL), 0 }, pieces = { g_string_new (NULL), 0 };
  gboolean any;

  sk_words_scan (index, folded, length, collect_cb, &whole);
  sk_words_scan_text (index, text->str, text->len, collect_cb, &pieces);
  g_assert_cmpstr (pieces.seen->str, ==, whole.seen->str);
  any = whole.seen->len > 0;
  g_string_free (whole.seen, TRUE);
  g_string_free (pieces.seen, TRUE);
  return any;
}

static void
fill_up (GString *text, const char *filler, gsize length)
{
  while (text->len + strlen (filler) <= length)
    g_string_append (text, filler);
  while (text->len < length)
    g_string_append_c (text, '.');
}

static SkWords *
index_of (const char *const *words)
{
  SkWordsBuilder *builder = sk_words_builder_new ();

  for (guint i = 0; words[i] != NULL; i++)
    g_assert_true (sk_words_builder_add (builder, words[i], i));
  return sk_words_builder_finish (builder);
}

static void
check_at_every_offset (const SkWords *index, const char *placed, const char *filler)
{
  g_autoptr (GString) before = g_string_new (NULL), behind = g_string_new (NULL), text = g_string_new (NULL);
  gsize length = strlen (placed);

  fill_up (before, filler, EDGE - length - 8);
  fill_up (behind, filler, 200);
  for (; before->len < EDGE + 8; g_string_append_c (before, '.'))
    {
      g_string_printf (text, "%s%s%s%s", before->str, placed, behind->str, placed);
      g_assert_true (compare_pieces_with_whole (index, text));
    }
}

static void
test_words_of_a_long_text (void)
{
  static const char *const words[]
      = { "abc", "bc", "ガギグ", "が", "file", "株式会社山田", "á", "見積\n書", "한글", "صلى الله", "高崎", "the longest word of all", NULL };
  static const char *const placed[]
      = { "ＡＢＣ", "THE longest word of all", "ｶﾞｷﾞｸﾞ", "か\xe3\x82\x99", "ﬁle", "㍿山田", "A\xcc\x81", "見積\n書",
          "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab글", "ﷺ", "髙﨑", "株\xe2\x80\x8b式会社山田", "A\xe2\x80\x8b\xe2\x80\x8b\xe2\x80\x8bＢ\xe2\x80\x8b\xe2\x80\x8bＣ" };
  static const char *const filler[] = { "x", "関", "Ｑ", "か\xe3\x82\x9a" };
  g_autoptr (SkWords) index = index_of (words);

  for (gsize i = 0; i < G_N_ELEMENTS (placed); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (filler); j++)
      check_at_every_offset (index, placed[i], filler[j]);
}

/* A word may be longer than a piece, and a character's marks may go on beyond one. */
static void
test_long_words_of_a_long_text (void)
{
  g_autoptr (GString) word = g_string_new ("start"), text = g_string_new (NULL);
  g_autoptr (SkWords) index = NULL;

  fill_up (word, "関所", 150000);
  index = index_of ((const char *const[]){ word->str, "関所関", "所.", NULL });
  fill_up (text, "関", 50000);
  g_string_append (text, word->str);
  g_string_append (text, word->str);
  compare_pieces_with_whole (index, text);
  g_string_assign (text, "a");
  fill_up (text, "\xcc\x81", 3 * EDGE);
  g_string_append (text, "関所関");
  compare_pieces_with_whole (index, text);
}

static void
test_random_long_texts (void)
{
  static const char *const words[] = { "aa", "aba", "abab", "か", "がか", "ｶﾞ", "b", "aab", "fi", "ﬀ", NULL };
  static const char *const letters[] = { "a", "b", "Ａ", "か", "\xe3\x82\x99", "ｶ", "ﾞ", "ﬁ", "ﬀ", "Q", "株", "\n" };
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);
  g_autoptr (SkWords) index = index_of (words);

  for (int round = 0; round < 20; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      gsize length = (gsize) g_rand_int_range (random, EDGE, 4 * EDGE);

      while (text->len < length)
        g_string_append (text, letters[g_rand_int_range (random, 0, G_N_ELEMENTS (letters))]);
      compare_pieces_with_whole (index, text);
    }
}

static void
test_long_text_stops (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (SkWords) index = index_of ((const char *const[]){ "a", NULL });
  Collect collect = { g_string_new (NULL), 2 };

  fill_up (text, "x", EDGE + 10);
  g_string_append (text, "aaa");
  fill_up (text, "a", 4 * EDGE);
  sk_words_scan_text (index, text->str, text->len, collect_cb, &collect);
  g_assert_cmpstr (collect.seen->str, ==, "0@65546+1 0@65547+1 ");
  g_string_free (collect.seen, TRUE);
}

static void
test_nfkc_bound (void)
{
  gsize length = 0;
  g_autofree char *changed = sk_words_nfkc_changed ("①②", 6, 2, &length);

  g_assert_cmpstr (changed, ==, "12");
  g_assert_cmpuint (length, ==, 2);
  g_assert_null (sk_words_nfkc_changed ("①②", 6, 1, &length));
  g_assert_cmpuint (length, ==, G_MAXSIZE);
  g_assert_null (sk_words_nfkc_changed ("plain", 5, 1, &length));
  g_assert_cmpuint (length, ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/fold/examples", test_fold_examples);
  g_test_add_func ("/words/fold/unchanged", test_fold_says_unchanged);
  g_test_add_func ("/words/fold/all-characters", test_fold_all_characters);
  g_test_add_func ("/words/fold/random", test_fold_random);
  g_test_add_func ("/words/scan/examples", test_scan_examples);
  g_test_add_func ("/words/scan/stops", test_scan_stops);
  g_test_add_func ("/words/scan/no-words", test_no_words);
  g_test_add_func ("/words/scan/random", test_scan_random);
  g_test_add_func ("/words/words-of-a-long-text", test_words_of_a_long_text);
  g_test_add_func ("/words/long-words-of-a-long-text", test_long_words_of_a_long_text);
  g_test_add_func ("/words/random-long-texts", test_random_long_texts);
  g_test_add_func ("/words/long-text-stops", test_long_text_stops);
  g_test_add_func ("/words/nfkc-bound", test_nfkc_bound);
  return g_test_run ();
}
