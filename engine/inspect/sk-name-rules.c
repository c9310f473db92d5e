// SPDX-License-Identifier: GPL-3.0-or-later
#include "sk-name-rules.h"

#include "sk-name-piece.h"
#include "sk-person-word.h"

#include <string.h>

/* A name that was made out; ends are offsets. */
typedef struct {
  gsize start, end, after; /* after: behind the honorific */
} Found;

static gboolean
is_boundary (const SkNamePiece *piece, gsize offset)
{
  return piece->text + offset >= piece->end || piece->words[offset] > 0
         || piece->text[offset] == ' ';
}

static gboolean
is_wordlike (gunichar c)
{
  return sk_is_kanji (c) || sk_is_katakana (c);
}

static gboolean
has_name_at (const SkNamePiece *piece, gsize start, gsize length, SkMorphemeKind kind)
{
  const SkMorpheme *name = NULL;

  while ((name = sk_name_piece_next (piece, start, name)) != NULL)
    if (name->length == length && name->kind == kind)
      return TRUE;
  return FALSE;
}

/* Whether a name may end here: no kanji or katakana goes on, unless a title. */
static gboolean
may_end (const SkNamePiece *piece, gsize end)
{
  const char *p = piece->text + end;

  if (!is_wordlike (sk_name_piece_character (piece, end)))
    return TRUE;
  return sk_person_word_is_role (p, piece->end) || sk_person_word_honorific (p, piece->end, FALSE) > 0;
}

/* Whether a name may begin at `start`: nothing before it that it is a part of. */
static gboolean
may_begin (const SkNamePiece *piece, gsize start)
{
  const SkMorpheme *before = NULL;

  if (sk_person_word_is_company_form_before (piece->text, piece->text + start))
    return FALSE;
  if (!is_wordlike (sk_name_piece_character_before (piece, start)))
    return TRUE;
  for (gsize i = start; i > 0 && before == NULL; i--)
    before = sk_name_piece_word (piece, i - 1);
  return before != NULL && before->start + before->length == start
         && before->kind != SK_MORPHEME_PREFIX && before->kind != SK_MORPHEME_SURNAME
         && !before->is_unknown;
}

/* Whether the word that ends at `start` goes on into it; a title doesn't: 担当者山田太郎. */
static gboolean
is_glued (const SkNamePiece *piece, gsize start)
{
  static const char titles[] = "者員人主長部課係室役当任官師士社様";
  gunichar before = sk_name_piece_character_before (piece, start);
  char bytes[7] = { 0 };

  g_unichar_to_utf8 (before, bytes);
  return is_wordlike (before) && strstr (titles, bytes) == NULL;
}

static gboolean
may_end_given (const SkNamePiece *piece, gsize start, gsize end)
{
  gunichar c = sk_name_piece_character (piece, start);

  if (sk_is_hiragana (c) || sk_is_katakana (c))
    return sk_person_word_may_follow_kana (piece->text + end, piece->end, sk_is_hiragana (c));
  return may_end (piece, end);
}

static gsize
given_of_dictionary (const SkNamePiece *piece, gsize start)
{
  const SkMorpheme *name = NULL;
  gsize longest = 0;

  while ((name = sk_name_piece_next (piece, start, name)) != NULL)
    if (name->kind == SK_MORPHEME_GIVEN && name->length > longest
        && may_end_given (piece, start, start + name->length))
      longest = name->length;
  return longest;
}

/* A given name at `start`: as MeCab reads it, of the dictionary, of kanji that names are made of, or in kana. */
static gsize
given_at (const SkNamePiece *piece, gsize start)
{
  const char *p = piece->text + start;
  gunichar c = sk_name_piece_character (piece, start);
  gsize length;

  if (c == 0)
    return 0;
  length = given_of_dictionary (piece, start);
  if (sk_is_hiragana (c) || sk_is_katakana (c))
    return MAX (length > 3 ? length : 0, sk_person_word_given_kana (p, piece->end));
  if (length > 0)
    return length;
  length = sk_person_word_given_kanji (p, piece->end);
  if (length > 0 && may_end (piece, start + length))
    return length;
  length = (gsize) (g_utf8_next_char (p) - p);
  return sk_person_word_is_given_kanji_alone (c) && may_end (piece, start + length) ? length : 0;
}

/* What MeCab takes the surname [start, end) for: what it reads there if that is exactly these characters. */
static SkMorphemeKind
kind_of_surname (const SkNamePiece *piece, gsize start, gsize end)
{
  const SkMorpheme *word = sk_name_piece_word (piece, start);

  if (sk_person_word_rare_surname (piece->text + start, piece->end) == end - start)
    return SK_MORPHEME_SURNAME;
  return word != NULL && word->length == end - start ? word->kind : SK_MORPHEME_OTHER;
}

static gboolean
is_single (const SkNamePiece *piece, gsize start, gsize end)
{
  return g_utf8_next_char (piece->text + start) == piece->text + end;
}

/* Surname and given name as MeCab itself reads them. */
static gsize
given_on_path (const SkNamePiece *piece, gsize start)
{
  const SkMorpheme *given = sk_name_piece_word (piece, start);
  gsize end = start;

  while (given != NULL && given->kind == SK_MORPHEME_GIVEN)
    {
      end = given->start + given->length; /* 遼|太郎 */
      given = piece->text + end < piece->end ? sk_name_piece_word (piece, end) : NULL;
    }
  return end - start;
}

/* A blank between surname and given name; 0 none, and more than one is a border of columns. */
static gsize
blanks_at (const SkNamePiece *piece, gsize offset)
{
  gsize n = 0;

  while (piece->text + offset + n < piece->end && piece->text[offset + n] == ' ')
    n++;
  return n;
}

static gboolean
settle (const SkNamePiece *piece, gsize start, gsize end, Found *found)
{
  const char *p = piece->text + end;
  gsize blanks = blanks_at (piece, end);

  if (sk_person_word_business (p, piece->end) > 0 && !sk_person_word_is_role (p, piece->end))
    return FALSE;
  found->start = start;
  found->end = end;
  found->after = end + sk_person_word_honorific (p, piece->end, FALSE);
  if (blanks == 1)
    found->after = MAX (found->after,
                        end + 1 + sk_person_word_honorific (p + 1, piece->end, TRUE) - 1);
  return TRUE;
}

/* 山田 太郎: with a blank, a surname of the dictionary is enough; the way MeCab reads it doesn't count. */
static gboolean
match_spaced (const SkNamePiece *piece, gsize start, gsize surname_end, Found *found)
{
  gsize given = surname_end + 1, length = given_at (piece, given);
  gboolean is_surname = kind_of_surname (piece, start, surname_end) == SK_MORPHEME_SURNAME;

  if (length == 0 || (is_wordlike (sk_name_piece_character_before (piece, start)) && !is_surname)
      || !may_begin (piece, start))
    return FALSE;
  if (is_single (piece, start, surname_end) && is_single (piece, given, given + length)
      && !is_surname)
    return FALSE;
  return settle (piece, start, given + length, found);
}

/* 福島舞課長: what MeCab takes for a place or a common word is a surname when a title ends the name. */
static gboolean
is_titled (const SkNamePiece *piece, gsize end)
{
  const char *p = piece->text + end;

  return sk_person_word_is_role (p, piece->end) || sk_person_word_honorific (p, piece->end, FALSE) > 0
         || (p < piece->end && *p == ' ' && sk_person_word_honorific (p + 1, piece->end, TRUE) > 0);
}

/* 長崎平和 is no name */
static gboolean
is_common_word (const SkNamePiece *piece, gsize start, gsize length)
{
  const SkMorpheme *word = sk_name_piece_word (piece, start);

  return word != NULL && word->length >= length && word->kind != SK_MORPHEME_GIVEN;
}

/* 大山登山: kanji of names, and yet a word, unless the dictionary or a title says that it is a name. */
static gboolean
is_made_of_words (const SkNamePiece *piece, gsize start, gsize end)
{
  if (!sk_is_kanji (sk_name_piece_character (piece, start)) || is_titled (piece, end)
      || has_name_at (piece, start, end - start, SK_MORPHEME_GIVEN))
    return FALSE;
  for (gsize i = start; i < end; i++)
    {
      const SkMorpheme *word = sk_name_piece_word (piece, i);

      if (word != NULL && word->kind == SK_MORPHEME_NOUN && word->length >= 6 && !word->is_unknown)
        return TRUE;
    }
  return FALSE;
}

static gboolean
match_joined_otherwise (const SkNamePiece *piece, gsize start, gsize surname_end, SkMorphemeKind kind,
                        Found *found)
{
  gsize length = given_at (piece, surname_end), end = surname_end + length;

  if (length == 0 || is_glued (piece, start))
    return FALSE;
  if (!is_titled (piece, end) && (kind != SK_MORPHEME_PLACE || length < 6 || is_common_word (piece, surname_end, length)))
    return FALSE;
  return settle (piece, start, end, found);
}

/* 山田太郎 */
static gboolean
match_joined (const SkNamePiece *piece, gsize start, gsize surname_end, Found *found)
{
  SkMorphemeKind kind = kind_of_surname (piece, start, surname_end);
  gsize on_path = given_on_path (piece, surname_end), length;

  if (!may_begin (piece, start)
      || sk_person_word_business (piece->text + surname_end, piece->end) > 3)
    return FALSE;
  if (kind == SK_MORPHEME_PLACE || kind == SK_MORPHEME_NOUN || kind == SK_MORPHEME_PROPER)
    return match_joined_otherwise (piece, start, surname_end, kind, found);
  if (kind != SK_MORPHEME_SURNAME
      || (sk_is_katakana (sk_name_piece_character_before (piece, surname_end))
          && sk_is_katakana (sk_name_piece_character (piece, surname_end))))
    return FALSE;
  if (sk_is_katakana (sk_name_piece_character (piece, surname_end))
      && sk_is_katakana (sk_name_piece_character (piece, surname_end + on_path)))
    on_path = 0; /* 西ミサイル */
  length = MAX (on_path, given_at (piece, surname_end)); /* 陽葵 may be two words on the path */
  if (on_path == 0 && is_made_of_words (piece, surname_end, surname_end + length))
    return FALSE;
  return length > 0 && settle (piece, start, surname_end + length, found);
}

/* Before 様 some common words are surnames, too: 南様. */
static gboolean
may_be_honoured (const SkNamePiece *piece, gsize start, SkMorphemeKind kind)
{
  static const char relatives[] = "神奥王皆母父兄姉叔伯祖婆爺嬢娘客仏";
  gunichar c = sk_name_piece_character (piece, start);
  gunichar before = sk_name_piece_character_before (piece, start);
  char bytes[7] = { 0 };

  if (kind == SK_MORPHEME_SURNAME)
    return TRUE;
  if (is_glued (piece, start) || before == 0x304A || before == 0x3054) /* お ご */
    return FALSE;
  g_unichar_to_utf8 (c, bytes);
  return kind == SK_MORPHEME_PLACE || kind == SK_MORPHEME_PERSON || kind == SK_MORPHEME_PROPER
         || (kind == SK_MORPHEME_NOUN && strstr (relatives, bytes) == NULL);
}

/* 八百屋さん: a shop, unless the dictionary has it as a surname (土屋さん). */
static gboolean
is_shop (const SkNamePiece *piece, gsize surname_end, SkMorphemeKind kind)
{
  return kind != SK_MORPHEME_SURNAME && sk_name_piece_character_before (piece, surname_end) == 0x5C4B; /* 屋 */
}

/* 山田様 */
static gboolean
match_honorific (const SkNamePiece *piece, gsize start, gsize surname_end, Found *found)
{
  SkMorphemeKind kind = kind_of_surname (piece, start, surname_end);
  gsize blanks = blanks_at (piece, surname_end), honorific;

  if (blanks > 1 || !may_begin (piece, start) || !may_be_honoured (piece, start, kind)
      || is_shop (piece, surname_end, kind))
    return FALSE;
  honorific = sk_person_word_honorific (piece->text + surname_end + blanks, piece->end, blanks > 0);
  if (honorific == 0)
    return FALSE;
  *found = (Found){ start, surname_end, surname_end + blanks + honorific };
  return TRUE;
}

static gboolean
match_surname (const SkNamePiece *piece, gsize start, gsize length, Found *found)
{
  gsize end = start + length, blanks = blanks_at (piece, end);

  if (blanks == 0 && match_joined (piece, start, end, found))
    return TRUE;
  if (blanks == 1 && match_spaced (piece, start, end, found))
    return TRUE;
  return match_honorific (piece, start, end, found);
}

/* Ask only where a run begins: asked at every character, a long run would cost its square. */
static gsize
run_length (const SkNamePiece *piece, gsize start, gboolean (*is_kind) (gunichar))
{
  const char *p = piece->text + start;

  while (p < piece->end && is_kind (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return (gsize) (p - piece->text) - start;
}

/* ジョン・スミス: of two words that a dot joins, one is a name and the other no word that is known. */
static gboolean
is_foreign_pair (const SkNamePiece *piece, gsize first, gsize first_length, gsize second,
                 gsize second_length)
{
  gboolean given = has_name_at (piece, first, first_length, SK_MORPHEME_GIVEN);
  gboolean surname = has_name_at (piece, second, second_length, SK_MORPHEME_SURNAME);
  const SkMorpheme *one = sk_name_piece_word (piece, first);
  const SkMorpheme *other = sk_name_piece_word (piece, second);

  if (first_length < 6 || second_length < 6 || one == NULL || other == NULL)
    return FALSE;
  if (given && surname)
    return TRUE;
  if (one->kind == SK_MORPHEME_PLACE || other->kind == SK_MORPHEME_PLACE)
    return FALSE;
  return (given && other->is_unknown) || (surname && one->is_unknown);
}

static gboolean
match_katakana (const SkNamePiece *piece, gsize start, Found *found)
{
  gsize first, second, joint, length;
  const char *p;

  if (is_wordlike (sk_name_piece_character_before (piece, start)))
    return FALSE;
  first = run_length (piece, start, sk_is_katakana);
  p = piece->text + start + first;
  if (first == 0 || p >= piece->end)
    return FALSE;
  joint = *p == ' ' ? 1 : g_utf8_get_char (p) == 0x30FB ? 3 : 0;
  second = start + first + joint;
  length = joint > 0 ? run_length (piece, second, sk_is_katakana) : 0;
  if (length == 0 || !may_end (piece, second + length)
      || (joint == 3 && sk_name_piece_character_before (piece, start) == 0x30FB))
    return FALSE;
  if (joint == 3 && !is_foreign_pair (piece, start, first, second, length))
    return FALSE;
  if (joint == 1
      && !(sk_person_word_is_surname_reading (piece->text + start, first)
           && sk_person_word_is_given_reading (piece->text + second, length))
      && !(has_name_at (piece, start, first, SK_MORPHEME_GIVEN)
           && has_name_at (piece, second, length, SK_MORPHEME_SURNAME)))
    return FALSE;
  return settle (piece, start, second + length, found);
}

#define MOST_KATAKANA 4 /* words of a name */

/* Words of companies and things are common ones: ホテル・パリ様. */
static gboolean
is_common_katakana (const SkNamePiece *piece, gsize start, gsize length)
{
  const SkMorpheme *word = sk_name_piece_word (piece, start);

  return length < 6
         || (word != NULL && word->kind == SK_MORPHEME_NOUN && !word->is_unknown
             && !has_name_at (piece, start, length, SK_MORPHEME_SURNAME)
             && !has_name_at (piece, start, length, SK_MORPHEME_GIVEN));
}

/* デイビッド・リー様, ウジイエ ソウマさん: katakana words that a dot or blank joins, with 様 and the like behind. */
static gboolean
match_honoured_katakana (const SkNamePiece *piece, gsize start, Found *found)
{
  gsize at = start, end = start;
  guint n_words = 0;

  if (is_wordlike (sk_name_piece_character_before (piece, start)))
    return FALSE;
  for (gboolean goes_on = TRUE; goes_on && n_words <= MOST_KATAKANA; n_words++)
    {
      gsize length = run_length (piece, at, sk_is_katakana);

      if (length == 0 || is_common_katakana (piece, at, length))
        return FALSE;
      end = at + length;
      goes_on = sk_name_piece_character (piece, end) == 0x30FB
                || (blanks_at (piece, end) == 1 && sk_is_katakana (sk_name_piece_character (piece, end + 1)));
      at = end + (goes_on && piece->text[end] == ' ' ? 1 : 3);
    }
  return n_words >= 2 && n_words <= MOST_KATAKANA
         && !sk_person_word_is_no_person (piece->text + start, piece->text + end)
         && settle (piece, start, end, found) && found->after > found->end;
}

/* たなか たろう */
static gboolean
match_hiragana (const SkNamePiece *piece, gsize start, Found *found)
{
  gsize first, second, length;

  if (sk_is_hiragana (sk_name_piece_character_before (piece, start)))
    return FALSE;
  first = run_length (piece, start, sk_is_hiragana);
  second = start + first + 1;
  if (first == 0 || blanks_at (piece, start + first) != 1
      || !sk_person_word_is_surname_reading (piece->text + start, first))
    return FALSE;
  length = sk_person_word_given_kana (piece->text + second, piece->end);
  return length > 0 && settle (piece, start, second + length, found);
}

/* 小鳥遊様: a few kanji that MeCab can't read as words, before 様. */
static gboolean
match_unknown (const SkNamePiece *piece, gsize start, Found *found)
{
  gsize length, end;
  gboolean is_unknown = FALSE;
  glong n;

  if (is_wordlike (sk_name_piece_character_before (piece, start)))
    return FALSE;
  length = run_length (piece, start, sk_is_kanji);
  if (length < 9)
    return FALSE;
  end = start + length - 3;
  n = g_utf8_strlen (piece->text + start, (gssize) (end - start));
  if (memcmp (piece->text + end, "様", 3) != 0 || n > 3
      || sk_person_word_is_no_person (piece->text + start, piece->text + end))
    return FALSE;
  for (gsize i = start; i < end; i++)
    {
      const SkMorpheme *word = sk_name_piece_word (piece, i);

      is_unknown |= word != NULL && word->is_unknown;
    }
  *found = (Found){ start, end, end + 3 };
  return is_unknown && is_boundary (piece, end);
}

/* 小鳥遊 蓮様, 見本 太郎様: a few kanji that are no surname of the dictionary, a given name, and 様. */
static gboolean
match_unknown_full (const SkNamePiece *piece, gsize start, Found *found)
{
  gsize length, given, n;

  if (is_wordlike (sk_name_piece_character_before (piece, start)))
    return FALSE;
  length = run_length (piece, start, sk_is_kanji);
  given = start + length + 1;
  if (length < 6 || length > 9 || blanks_at (piece, start + length) != 1 || (n = given_at (piece, given)) == 0
      || sk_person_word_is_no_person (piece->text + start, piece->text + start + length))
    return FALSE;
  return settle (piece, start, given + n, found) && found->after > found->end;
}

/* The longest surname first: 長谷川 before 長谷. */
static gboolean
match_at (const SkNamePiece *piece, gsize start, Found *found)
{
  const SkMorpheme *candidates[8], *name = NULL;
  guint n = 0;
  gsize rare;

  while ((name = sk_name_piece_next (piece, start, name)) != NULL && n < G_N_ELEMENTS (candidates))
    {
      if (name->kind != SK_MORPHEME_SURNAME)
        continue;
      guint at = n++;
      for (; at > 0 && candidates[at - 1]->length < name->length; at--)
        candidates[at] = candidates[at - 1];
      candidates[at] = name;
    }
  if ((rare = sk_person_word_rare_surname (piece->text + start, piece->end)) > 0
      && match_surname (piece, start, rare, found))
    return TRUE;
  for (guint i = 0; i < n; i++)
    if (match_surname (piece, start, candidates[i]->length, found))
      return TRUE;
  return match_katakana (piece, start, found) || match_honoured_katakana (piece, start, found)
         || match_hiragana (piece, start, found)
         || match_unknown (piece, start, found) || match_unknown_full (piece, start, found);
}

void
sk_name_find_in_prose (SkMorphemeReader *reader, const char *text, gsize length,
                       SkNameFunc callback, gpointer user_data)
{
  SkNamePiece piece;
  gsize at = 0;
  Found found;

  if (!sk_name_piece_read (&piece, reader, text, length))
    return;
  while (at < length)
    if (match_at (&piece, at, &found))
      {
        g_autofree char *value = sk_name_value (text + found.start, found.end - found.start);

        callback (found.start, found.end - found.start, value, user_data);
        at = MAX (found.after, found.end);
      }
    else
      at = (gsize) (g_utf8_next_char (text + at) - text);
}
